/* link/link_blankets.h: what a client has said by IClientSecurity, said to the proxies of one link.
 *
 * Units: none.
 * Ownership: targets hold references to proxies and blankets; rm_blanket_targets_apply gives them
 *   back, and so does rm_blanket_targets_drop, on a worker, for one may be the last.
 * Threads: take: session locked; apply and drop: a worker.
 * Errors: HRESULTs of CoSetProxyBlanket.
 * Source: design.md 7.
 */
#ifndef RM_LINK_BLANKETS_H
#define RM_LINK_BLANKETS_H

#include "link/link.h"
#include "session/blanket.h"

/* Behind enum rm_group_interface: the connection point of a group's data. */
#define RM_GROUP_BLANKET_POINT RM_GROUP_INTERFACE_COUNT

struct rm_blanket_targets
{
    IUnknown *proxies[RM_BLANKETS_MAX];           /* NULL: the machine hasn't got it */
    struct rm_blanket *blankets[RM_BLANKETS_MAX]; /* NULL: nothing to be said */
};

/* The proxies of the server, or of a group, whose bits are set. Locked. */
void rm_blanket_targets_take(struct rm_blanket_targets *targets, struct rm_link *link,
                             const struct rm_group *group, unsigned mask);

/* S_OK, or the first refusal. */
HRESULT rm_blanket_targets_apply(struct rm_blanket_targets *targets, const struct rm_link *link);
void rm_blanket_targets_drop(struct rm_blanket_targets *targets);

/* A connection point that is new on a link: what the client has said for it, else packet integrity.
 * On a worker, not locked. */
void rm_link_secure_point(struct rm_link *link, struct rm_group *group, IUnknown *point);

#endif
