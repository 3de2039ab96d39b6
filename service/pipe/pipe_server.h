/* pipe/pipe_server.h: the service's end of its pipe: who is connected, what they say, and that
 * none of them harms another.
 *
 * One thread does it all, in rm_pipe_server_wait: nothing that it calls may wait. Of each peer one
 * read is out, of at most 4 KB, and they are served as these complete: whoever sends more gets no
 * more turns. A peer is cut off, and nobody else notices, when it
 *
 *   sends what is no frame, no message, or an answer
 *   doesn't begin with HELLO within 5 s, or leaves a frame unfinished for 10 s
 *   doesn't read: more than 1 MB waits for it
 *   floods: more than 1,000 messages at once, or 500 in a second on and on
 *   is the 33rd of its process, or the 513th of all
 *
 * Units: milliseconds.
 * Ownership: the server owns its peers; a peer lives until `gone` has returned.
 * Threads: one; only rm_pipe_server_wake may be called by any.
 * Errors: Windows error codes, 0 if all is well.
 * Source: design.md 5 (Pipe), rm/wire.h.
 */
#ifndef RM_PIPE_SERVER_H
#define RM_PIPE_SERVER_H

#include <windows.h>
#include <stdbool.h>

#include <rm/wire.h>

struct rm_pipe_server;
struct rm_pipe_peer;

struct rm_pipe_handler
{
    void *context;
    /* A request of a peer that has said HELLO, which comes here as well, and has the right to it.
     */
    void (*received)(void *context, struct rm_pipe_peer *peer,
                     const struct rm_wire_message *request);
    /* A peer, which need not have said anything, was cut off for that reason, or has left: NULL. */
    void (*gone)(void *context, struct rm_pipe_peer *peer, const char *reason);
};

/* ERROR_SERVICE_ALREADY_RUNNING: another process serves this instance: who has made the first one
 * of the pipe has it to himself, for as long as he lives. `handler` is copied. */
DWORD rm_pipe_server_open(const wchar_t *instance, const struct rm_pipe_handler *handler,
                          struct rm_pipe_server **server_out);

/* Says STOPPING to all, and serves them on until they have left, for some time at most. Nobody else
 * is let in from then on. */
void rm_pipe_server_farewell(struct rm_pipe_server *server, DWORD timeout_ms);

/* Cuts all peers off. NULL is allowed. */
void rm_pipe_server_close(struct rm_pipe_server *server);

/* Serves the peers for so long, or until it was woken. */
void rm_pipe_server_wait(struct rm_pipe_server *server, DWORD timeout_ms);
void rm_pipe_server_wake(struct rm_pipe_server *server);

/* Says something to a peer, of the sequence that the message bears. */
void rm_pipe_peer_send(struct rm_pipe_peer *peer, const struct rm_wire_message *message);
void rm_pipe_peer_send_done(struct rm_pipe_peer *peer, uint32_t sequence);
__attribute__((format(printf, 4, 5))) void rm_pipe_peer_send_error(struct rm_pipe_peer *peer,
                                                                   uint32_t sequence,
                                                                   enum rm_status status,
                                                                   const char *format, ...);

/* Whatever is outstanding: it is over. `gone` comes later, with the reason, which lives as long as
 * the program. */
void rm_pipe_peer_cut(struct rm_pipe_peer *peer, const char *reason);

/* What it said in HELLO; all zero before. The process id is the one that the system knows. */
const struct rm_wire_hello *rm_pipe_peer_hello(const struct rm_pipe_peer *peer);

bool rm_pipe_peer_has_right(const struct rm_pipe_peer *peer, enum rm_wire_right right);

/* The user in whose name it is connected, "DOMAIN\name", UTF-8; "?" if that can't be found out. */
void rm_pipe_peer_user(const struct rm_pipe_peer *peer, char *name, size_t size);

#endif
