/* service_pipe_internal.h: whom the client's end talks to, and what that says by itself.
 *
 * Units: none.  Ownership: none.  Threads: any; of a pipe as rm/service_pipe.h says.
 * Errors: false when it can't be found out either.
 */
#ifndef RM_SERVICE_PIPE_INTERNAL_H
#define RM_SERVICE_PIPE_INTERNAL_H

#include <stdbool.h>

#include <rm/service_pipe.h>

/* Whether the pipe of that name has been made by SYSTEM, administrators, the user whose process
 * this is, or the process that the service manager knows as the service, which may have an account
 * of its own: anybody else would get to know what clients do, and could lead them. */
bool rm_service_pipe_is_trusted(void *pipe, const wchar_t *name);

/* Hands it to whom rm_service_pipe_hear has named. */
void rm_service_pipe_pass_on(struct rm_service_pipe *pipe, const struct rm_wire_message *message);

#endif
