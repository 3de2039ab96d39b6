/* ctl/service_call.h: asking the service of this computer.
 *
 * Units: none.
 * Ownership: rm_service_pipe_close frees the pipe.
 * Threads: one.
 * Errors: printed, with what to do; the result is the exit status.
 */
#ifndef RM_CTL_SERVICE_CALL_H
#define RM_CTL_SERVICE_CALL_H

#include <rm/service_pipe.h>

#include "ctl.h"

/* Options of every command that asks the service. */
#define SERVICE_CALL_OPTION                                                                        \
    {                                                                                              \
        "--instance", "NAME", "of the service with that name"                                      \
    }

enum ctl_exit service_call_open(struct ctl *ctl, struct rm_service_pipe **pipe);

/* As rm_service_pipe_ask. */
enum ctl_exit service_call_ask(struct ctl *ctl, struct rm_service_pipe *pipe,
                               struct rm_wire_message *request,
                               void (*row)(void *context, const struct rm_wire_message *answer),
                               void *context);

#endif
