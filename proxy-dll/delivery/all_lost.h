/* delivery/all_lost.h: what the client's subscriptions are told when no machine answers (F-10).
 *
 * Units: none.  Ownership: none.  Threads: the driver's; the client is called on a worker.
 * Errors: none.  Source: F-10.
 */
#ifndef RM_ALL_LOST_H
#define RM_ALL_LOST_H

struct rm_group;
struct rm_link;
struct rm_session;

/* One callback with quality bad, communication failure, for every active item of each active group
 * whose client has advised. Not locked. */
void rm_deliver_all_lost(struct rm_session *session);

/* The same for those items of a group that the active machine has refused: their last value must
 * not look good for ever (C-07). On a thread that may call the client, not locked. */
void rm_deliver_refused(struct rm_group *group, struct rm_link *link);

#endif
