/* ctl/status_report.h: the forms in which rmctl shows the state of redundant servers.
 *
 * Units: none.  Ownership: everything is borrowed.  Threads: one.  Errors: none.
 */
#ifndef RM_CTL_STATUS_REPORT_H
#define RM_CTL_STATUS_REPORT_H

#include "ctl.h"
#include "status_service.h"
#include "status_source.h"

/* One redundant server: the sessions in it, next to each other in a list; maybe none. */
struct status_server
{
    const char *progid;
    struct rm_hook_info hook;
    const struct rm_status_slot *sessions;
    size_t count;
    const struct status_service *service;
    const struct rm_wire_server_row *row; /* what it says of this server; NULL: nothing */
};

/* The session that was switched last, or else the one that was opened last; NULL if none has been
 * connected. */
const struct rm_status_slot *status_latest_switch(const struct status_server *server);

/* How many sessions have that machine as the active one; 0: how many have none. */
size_t status_sessions_on(const struct status_server *server, unsigned machine);

bool status_sessions_differ(const struct status_server *server);

/* Calls `visit` for each redundant server that a client has open, then for each that is enabled and
 * not open, and for each that only the service knows. `wanted` NULL: all of them; `service` NULL:
 * it wasn't asked. */
typedef void (*status_visit)(const struct status_server *server, void *context);
void status_for_each(const struct status_list *list, const struct status_service *service,
                     const char *wanted, status_visit visit, void *context);

void status_print_text(const struct status_server *server);
void status_print_json(struct rm_json *json, const struct status_server *server);

/* One event as a line of text or, with json, as an object on a line. */
void status_print_event(const struct rm_status_slot *slot, const struct rm_status_event *event,
                        bool is_json);

/* Both watch until Ctrl+C, `seconds` have passed (0: no end) or the output is closed: a line for
 * each change; or a table, in place on a console, else one after the other. */
enum ctl_exit status_watch(struct ctl *ctl, unsigned seconds);
enum ctl_exit status_live(struct ctl *ctl, unsigned seconds);

/* Clients run with another layout of the status section. */
enum ctl_exit status_other_version(struct ctl *ctl);

#endif
