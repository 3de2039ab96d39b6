/* change.h: which changes of an item the client is told: the exceptions of a subscription.
 *
 * Ownership: sim_change_remember copies.  Threads: the group's lock is held.  Errors: none.
 * Source: opc-da-reference 7.4: values of analog items against the deadband, which is the item's
 * own if it has one; qualities and errors always.
 */
#ifndef SIM_CHANGE_H
#define SIM_CHANGE_H

#include "group.h"

/* True if it differs enough from what was remembered last, of item->version; a counter has another
 * value with each version. */
bool sim_change_is_due(const struct sim_group *group, const struct sim_group_item *item,
                       int64_t version, const struct sim_vqt *vqt, HRESULT error);

void sim_change_remember(struct sim_group_item *item, const struct sim_vqt *vqt, HRESULT error);

#endif
