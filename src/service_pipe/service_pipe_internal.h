/* service_pipe_internal.h: whom the client's end talks to.
 *
 * Units: none.  Ownership: none.  Threads: any.
 * Errors: false when it can't be found out either.
 */
#ifndef RM_SERVICE_PIPE_INTERNAL_H
#define RM_SERVICE_PIPE_INTERNAL_H

#include <stdbool.h>

/* Whether the pipe's owner is SYSTEM, administrators, or the user whose process this is: anybody
 * else who made a pipe of that name would get to know what clients do, and could lead them. */
bool rm_service_pipe_is_trusted(void *pipe);

#endif
