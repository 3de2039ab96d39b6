/* server/browse_walk.h: brings a real server's browse position to where the client stands.
 *
 * A position is the way that led to it: an optional jump (OPC_BROWSE_TO), then steps down. A step
 * up takes the last step down back; behind a jump there is none, so it is recorded as a step, a
 * NULL name.
 *
 * Units: none.
 * Ownership: a walk owns copies of the names.
 * Threads: plan and the session's position with the session locked; run on a worker.
 * Errors: E_OUTOFMEMORY; what the server says when it hasn't got a branch on the way.
 * Source: design.md 3.2, 3.3; reference 3.3, 7.11.
 */
#ifndef RM_BROWSE_WALK_H
#define RM_BROWSE_WALK_H

#include <stdbool.h>
#include <opc/opcda.h>

#include "session/list.h"

struct rm_browse_position;
struct rm_link;
struct rm_session;

struct rm_browse_walk
{
    WCHAR **names;
    DWORD depth;
    DWORD revision; /* of the position that it leads to */
    bool is_path;
    bool is_needed;
    bool is_done;
};

/* While one thread has the server walk, no other may use the position: it would find itself on the
 * way, or lead the first one astray. Calls of the same thread (a client that pumps) don't wait for
 * each other. */
struct rm_browse_turn
{
    struct rm_list_node node; /* in link->browsers */
    DWORD thread;
    bool is_walk;
};

/* S_OK; or RM_CALL_REPEAT, when another thread's turn or the link is over. In prepare, before the
 * interface is taken: that must not be given back on the client's thread. Locked; unlocks
 * meanwhile. */
HRESULT rm_browse_turn_take(struct rm_browse_turn *turn, struct rm_link *link, bool is_walk);

/* In record and lost; nothing where none was taken. Locked. */
void rm_browse_turn_end(struct rm_browse_turn *turn, struct rm_session *session);

/* Copies the session's position; is_needed says whether the link stands elsewhere. Locked. */
HRESULT rm_browse_walk_plan(struct rm_browse_walk *walk, const struct rm_session *session,
                            const struct rm_link *link);

/* Walks there from the root. On a worker. */
HRESULT rm_browse_walk_run(struct rm_browse_walk *walk, IOPCBrowseServerAddressSpace *real);

/* Where a walk was needed and done, the link stands at its end. Locked. */
void rm_browse_walk_record(const struct rm_browse_walk *walk, struct rm_link *link);

void rm_browse_walk_clear(struct rm_browse_walk *walk);

/* The client has moved, and link with it. Locked. */
void rm_browse_position_move(struct rm_session *session, struct rm_link *link,
                             OPCBROWSEDIRECTION direction, const WCHAR *name);

#endif
