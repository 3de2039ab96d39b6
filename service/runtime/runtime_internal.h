/* runtime/runtime_internal.h: the service while it runs, for the two files that carry it.
 *
 * Units: milliseconds.  Ownership: runtime.c's.  Threads: the service's one.  Errors: none.
 * Source: runtime/runtime.h.
 */
#ifndef RM_RUNTIME_INTERNAL_H
#define RM_RUNTIME_INTERNAL_H

#include "runtime/commands.h"
#include "runtime/decisions.h"
#include "runtime/event_logs.h"
#include "runtime/figures.h"
#include "runtime/monitoring.h"
#include "runtime/runtime.h"
#include "runtime/sessions.h"
#include "runtime/status_look.h"
#include "runtime/switches.h"

struct rm_runtime
{
    struct rm_runtime_terms terms;
    char *config, *folder;
    struct rm_pipe_server *pipe;
    struct rm_monitoring *monitoring;
    struct rm_decisions *decisions; /* NULL: it is being stopped, nobody is to follow */
    struct rm_figures *figures;
    struct rm_registered_list sessions;
    struct rm_event_logs logs;
    struct rm_commands commands;
    struct rm_switches switches;
    struct rm_status_look status;
    ULONGLONG flushed_ms;
    ULONGLONG looked_ms; /* at the sessions' status; 0 = not yet */
    ULONGLONG cuts_since_ms;
    unsigned cuts;
};

/* A request of a peer that has the right to it (struct rm_pipe_handler). */
void rm_runtime_received(void *context, struct rm_pipe_peer *peer,
                         const struct rm_wire_message *request);

#endif
