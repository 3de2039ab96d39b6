/* runtime/status_rows.h: the answer to LIST_STATUS: what the service knows of each redundant server
 * that is in its settings, has a session, or was switched.
 *
 * Units: none.  Ownership: everything is borrowed.  Threads: the service's one.  Errors: none.
 */
#ifndef RM_RUNTIME_STATUS_ROWS_H
#define RM_RUNTIME_STATUS_ROWS_H

#include "runtime/monitoring.h"
#include "runtime/switches.h"

struct rm_status_rows
{
    struct rm_monitoring *monitoring;
    const struct rm_registered_list *sessions;
    const struct rm_switches *switches;
};

void rm_status_rows_send(const struct rm_status_rows *rows, struct rm_pipe_peer *peer,
                         const struct rm_wire_message *request);

#endif
