/* link/link_work.h: workers of a link that may be inside a call of its server.
 *
 * What a client waits for is a rm_call; all else that a worker does at a server (connecting,
 * making it equal to the shadow, letting go of it) is recorded here for as long as it lasts. When
 * the link dies nobody waits for these workers any more: they count as abandoned from then until
 * they are back (call/abandoned.h), whichever call of the server holds them.
 *
 * The client's last Release waits for some of it, so that a process that ends right after it leaves
 * nothing behind on its servers; not where the server is known not to answer.
 *
 * Units: none.
 * Ownership: the record is the worker's, usually on its stack; the worker holds the link.
 * Threads: session locked.
 * Errors: none.
 * Source: design.md 3.4; C-01.
 */
#ifndef RM_LINK_WORK_H
#define RM_LINK_WORK_H

#include "call/abandoned.h"
#include "session/list.h"

struct rm_link;

struct rm_link_work
{
    struct rm_list_node node; /* in link->works while it lives */
    struct rm_abandoned abandoned;
};

/* The calling worker goes to the link's server; where the link is dead it is abandoned at once. */
void rm_link_work_begin(struct rm_link *link, struct rm_link_work *work);

/* It is back. */
void rm_link_work_end(struct rm_link_work *work);

/* The link is dead from now on. */
void rm_link_work_abandon_all(struct rm_link *link);

/* The same for what is recorded elsewhere; ended by rm_abandoned_leave. Any lock. */
void rm_link_abandon(const struct rm_link *link, struct rm_abandoned *record);

/* Something that the session's last Release waits for is begun, and done. */
void rm_link_awaited_begin(struct rm_link *link);
void rm_link_awaited_end(struct rm_link *link);

/* The server is gone or doesn't answer: for nothing of that kind is waited any more, begun already
 * or not. */
void rm_link_awaited_give_up(struct rm_link *link);

#endif
