/* pipe/pipe_internal.h: what pipe_server.c, which has the peers, and pipe_peer.c, pipe_input.c and
 * pipe_output.c, which are one of them, share.
 *
 * Units: milliseconds.  Ownership: see pipe_server.h.  Threads: the server's one.
 * Errors: none.
 */
#ifndef RM_PIPE_INTERNAL_H
#define RM_PIPE_INTERNAL_H

#include <rm/service_pipe.h>

#include "pipe/pipe_server.h"

#define RM_PIPE_READ_BYTES 4096u

enum rm_pipe_operation
{
    RM_PIPE_CONNECT,
    RM_PIPE_READ,
    RM_PIPE_WRITE,
    RM_PIPE_OPERATION_COUNT
};

/* Bytes to be written; while they are, others wait in a second one. */
struct rm_pipe_bytes
{
    uint8_t *bytes; /* array of room */
    size_t size, room;
};

struct rm_pipe_peer
{
    struct rm_pipe_server *server;
    struct rm_pipe_peer *next; /* of all, those that are waited for included */
    HANDLE pipe;
    OVERLAPPED operations[RM_PIPE_OPERATION_COUNT];
    bool is_out[RM_PIPE_OPERATION_COUNT]; /* its completion is still to come */
    bool is_connected;
    bool is_cut; /* its completions are still to come */
    const char *cut_reason;
    bool has_greeted;
    struct rm_wire_hello hello;
    ULONGLONG silent_since_ms; /* connected without HELLO, or a frame began; 0 = neither */
    ULONGLONG allowance_ms;    /* when the allowance was counted last */
    DWORD used;                /* of the messages that it may send at once */
    struct rm_frame_reader frames;
    struct rm_pipe_bytes writing, waiting;
    uint8_t bytes[RM_PIPE_READ_BYTES];
};

struct rm_pipe_server
{
    HANDLE port; /* of completions */
    struct rm_pipe_handler handler;
    wchar_t name[RM_SERVICE_PIPE_NAME_SIZE];
    PSECURITY_DESCRIPTOR descriptor;
    struct rm_pipe_peer *peers;
    unsigned peer_count;      /* connected ones */
    unsigned listening_count; /* instances that wait for somebody */
    ULONGLONG looked_ms;      /* when silent peers were looked for last */
    bool is_closing;
};

/* A new instance of the pipe that waits for a client. */
DWORD rm_pipe_peer_listen(struct rm_pipe_server *server, DWORD flags);

/* An operation has ended. The peer is freed with its last one once it is cut. */
void rm_pipe_peer_completed(struct rm_pipe_peer *peer, enum rm_pipe_operation operation,
                            DWORD error, DWORD size);

/* What was read of it: so many of its bytes. */
void rm_pipe_peer_take(struct rm_pipe_peer *peer, DWORD size);

/* What waits for it, if nothing is being written. */
void rm_pipe_peer_write(struct rm_pipe_peer *peer);

/* Cuts it off if it has been silent for too long. */
void rm_pipe_peer_look(struct rm_pipe_peer *peer, ULONGLONG now_ms);

/* Whether it may be one more, now that it is known whose it is. */
bool rm_pipe_server_has_room(const struct rm_pipe_server *server, const struct rm_pipe_peer *peer);

#endif
