/* delivery/last_forwarded.h: what the client has got last of an item, kept to compare with.
 *
 * Units: milliseconds of a clock that never steps back.
 * Ownership: the record owns a copy of the value.
 * Threads: session locked.
 * Errors: no memory: nothing is known about what the client has.
 * Source: design.md 3.5, 3.6; rm/handover.h, rm/standby_buffer.h.
 */
#ifndef RM_LAST_FORWARDED_H
#define RM_LAST_FORWARDED_H

#include <stdbool.h>
#include <rm/standby_buffer.h>

#include "delivery/callback.h"

struct rm_group;
struct rm_item;
struct rm_last_forwarded;
struct rm_link;

/* Interfaces belong to an apartment: such a value is only passed on, never kept. */
bool rm_value_may_be_kept(const VARIANT *value);

/* A copy into raw storage. false: no memory. */
bool rm_value_keep(VARIANT *to, const VARIANT *from);

/* What all elements of a data change have in common. */
struct rm_forwarding
{
    LONGLONG offset_100ns; /* the skew of the machine that it comes from */
    UINT error_100ns;
    bool is_skew_known;
    DWORD link, now_ms;
};

struct rm_forwarding rm_forwarding_of(const struct rm_link *link, DWORD now_ms);

/* Element i of data is going to be forwarded. */
void rm_last_forwarded_set(struct rm_last_forwarded *last, const struct rm_forwarding *forwarding,
                           const struct rm_callback *data, DWORD i);

/* The same for as many elements as there are from i on that follow each other in the group as they
 * do in data, and whose items had plain values from the same link before. That is most of them, and
 * what is done for each counts: a client's callbacks come that much later. *slot is the first
 * item's; answers the first element that is otherwise. */
DWORD rm_last_forwarded_run(struct rm_group *group, const struct rm_forwarding *forwarding,
                            const struct rm_callback *data, DWORD i, DWORD *slot);

/* The same as the core sees it; the value is borrowed. */
void rm_last_forwarded_view(const struct rm_last_forwarded *last, struct rm_forwarded *view);

/* How far apart the item's values are sampled. */
DWORD rm_item_period_ms(const struct rm_group *group, const struct rm_item *item);

#endif
