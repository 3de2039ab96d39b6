/* rm/service_pipe.h: the client's end of the service's pipe, for sessions, rmctl and the
 * configuration program alike.
 *
 * Nothing here waits longer than it is told to: a service that is stuck is one that isn't there.
 * After a failure other than RM_E_NOT_FOUND the pipe is of no more use, close it.
 *
 * Units: milliseconds.
 * Ownership: rm_service_pipe_close frees what open made; messages are the caller's.
 * Threads: one thread at a time per pipe.
 * Errors: RM_E_NOT_FOUND: open: no service; receive: nothing in time, or `wake` is set. RM_E_IO:
 *   the pipe is broken, or was not served in time. RM_E_INVALID: what came is no message, or the
 *   pipe is not the service's. RM_E_VERSION. RM_E_NO_MEMORY.
 * Source: design.md 5 (Pipe), rm/wire.h.
 */
#ifndef RM_SERVICE_PIPE_H
#define RM_SERVICE_PIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

#include <rm/status.h>
#include <rm/wire.h>

#define RM_SERVICE_PIPE_NAME_SIZE 64 /* \\.\pipe\RedundancyMaster.INSTANCE, and the zero */

struct rm_service_pipe;

/* Of an instance, "" for the installed product. Its letters have been checked. */
void rm_service_pipe_name(const wchar_t *instance, wchar_t name[RM_SERVICE_PIPE_NAME_SIZE]);

/* Opens the pipe, looks who owns it, and says HELLO; *welcome is what the service answered.
 * *process_id and start of this process are filled in here. */
enum rm_status rm_service_pipe_open(const wchar_t *instance, const char *version,
                                    uint32_t timeout_ms, struct rm_service_pipe **pipe_out,
                                    struct rm_wire_welcome *welcome);
void rm_service_pipe_close(struct rm_service_pipe *pipe); /* NULL is allowed */

enum rm_status rm_service_pipe_send(struct rm_service_pipe *pipe,
                                    const struct rm_wire_message *message, uint32_t timeout_ms);

/* The next message. `wake` is an event of the system, or NULL. */
enum rm_status rm_service_pipe_receive(struct rm_service_pipe *pipe,
                                       struct rm_wire_message *message, uint32_t timeout_ms,
                                       void *wake);

/* What the service says by itself while an answer is waited for goes to `said`; NULL: it is
 * dropped.
 */
void rm_service_pipe_hear(struct rm_service_pipe *pipe,
                          void (*said)(void *context, const struct rm_wire_message *message),
                          void *context);

/* Sends a request and hands each frame of its answer in front of DONE to `row`, which may be NULL.
 * Where the service says ERROR the result is its status, and *error holds what it says. */
enum rm_status rm_service_pipe_ask(struct rm_service_pipe *pipe, struct rm_wire_message *request,
                                   uint32_t timeout_ms,
                                   void (*row)(void *context, const struct rm_wire_message *answer),
                                   void *context, struct rm_wire_error *error);

#endif
