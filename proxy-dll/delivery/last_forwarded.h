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

/* Element i of data, which has come from that link, is going to be forwarded. */
void rm_last_forwarded_set(struct rm_last_forwarded *last, const struct rm_link *link,
                           const struct rm_callback *data, DWORD i, DWORD now_ms);

/* The same as the core sees it; the value is borrowed. */
void rm_last_forwarded_view(const struct rm_last_forwarded *last, struct rm_forwarded *view);

/* How far apart the item's values are sampled. */
DWORD rm_item_period_ms(const struct rm_group *group, const struct rm_item *item);

#endif
