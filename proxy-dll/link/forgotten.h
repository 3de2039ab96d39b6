/* link/forgotten.h: machines that do not know items any more which they have added.
 *
 * Some servers keep the handles of items only until the group is activated, or their device driver
 * starts anew; then OPC_E_INVALIDHANDLE is all that they say, and mostly nothing at all, for data
 * that do not come are no error. A client that was moved to such a machine could not know. So a few
 * items of each group are read from the cache after we have activated it, and any call's answer is
 * looked at; what was forgotten is added again, which clients' calls wait for, and is an event.
 * They wait for the reading, too: a RemoveGroup beside it would be told that the group is in use.
 *
 * Units: milliseconds.
 * Ownership: none.
 * Threads: any, session not locked.
 * Errors: no memory: nothing is done about it this time.
 * Source: features D2-16; reference 3.12 (OPC_E_INVALIDHANDLE).
 */
#ifndef RM_FORGOTTEN_H
#define RM_FORGOTTEN_H

#include <stdbool.h>

#include "link/link.h"

/* The machine has answered OPC_E_INVALIDHANDLE for these. true: they are being added again. false:
 * they are gone from the shadow as well, or the client is about to remove items, or they were added
 * again moments ago, and that did not help. */
bool rm_forgotten_items(struct rm_link *link, struct rm_group *group,
                        const struct rm_added_item *items, DWORD count);

/* Looks whether a group's items are still known where it was activated since. A worker. false: the
 * link is lost, which has been reported. */
bool rm_forgotten_check(struct rm_link *link, struct rm_group *group);

#endif
