/* ctl/status_report.h: the forms in which rmctl shows the state of redundant servers.
 *
 * Units: none.  Ownership: everything is borrowed.  Threads: one.  Errors: none.
 */
#ifndef RM_CTL_STATUS_REPORT_H
#define RM_CTL_STATUS_REPORT_H

#include "ctl.h"
#include "status_source.h"

/* One redundant server: the sessions in it, next to each other in a list; maybe none. */
struct status_server
{
    const char *progid;
    struct rm_hook_info hook;
    const struct rm_status_slot *sessions;
    size_t count;
};

void status_print_text(const struct status_server *server);
void status_print_json(struct json *json, const struct status_server *server);

/* One event as a line of text or, with json, as an object on a line. */
void status_print_event(const struct rm_status_slot *slot, const struct rm_status_event *event,
                        bool is_json);

/* Lines for each change until Ctrl+C, `seconds` have passed (0: no end) or the output is closed. */
enum ctl_exit status_watch(struct ctl *ctl, unsigned seconds);

#endif
