/* runtime/sessions.h: the sessions that are registered with the service, each with the peer that is
 * its process.
 *
 * Units: FILETIMEs as numbers.
 * Ownership: the list owns its rows; peers are the pipe server's.
 * Threads: the service's one.
 * Errors: RM_E_TOO_LARGE, RM_E_NO_MEMORY: it is not registered.
 * Source: design.md 5; RM-191.
 */
#ifndef RM_RUNTIME_SESSIONS_H
#define RM_RUNTIME_SESSIONS_H

#include <pipe/pipe_server.h>

#define RM_SESSIONS_MAX 4096u

struct rm_registered
{
    struct rm_registered *next;
    struct rm_pipe_peer *peer;
    struct rm_wire_session session;
    uint64_t begun;

    /* where it is, for the shared decisions (runtime/decisions.h) */
    bool is_located; /* it has said so */
    bool is_following, is_set_free, is_trusted;
    unsigned machine, moved; /* as in rm/agreement.h */
    uint32_t moves;
};

struct rm_registered_list
{
    struct rm_registered *first; /* in the sequence of their coming */
    size_t count;
};

/* A session that is there already is not entered twice. */
enum rm_status rm_registered_enter(struct rm_registered_list *list, struct rm_pipe_peer *peer,
                                   const struct rm_wire_session *session, uint64_t now);
struct rm_registered *rm_registered_find(const struct rm_registered_list *list,
                                         const struct rm_pipe_peer *peer, uint32_t session);
void rm_registered_leave(struct rm_registered_list *list, const struct rm_pipe_peer *peer,
                         uint32_t session);

/* All of that peer's; NULL: of all peers. */
void rm_registered_leave_all(struct rm_registered_list *list, const struct rm_pipe_peer *peer);

#endif
