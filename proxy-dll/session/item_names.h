/* session/item_names.h: the items of a call, as an event names them.
 *
 * Units: characters.  Ownership: none.  Threads: session locked.
 * Errors: none; what doesn't fit is said as a number ("and 97 more").
 * Source: C-20.
 */
#ifndef RM_ITEM_NAMES_H
#define RM_ITEM_NAMES_H

#include <opc/opcda.h>

#define RM_ITEM_NAMES_ROOM 200

struct rm_group;

/* handles are ours. text always ends with zero. */
void rm_item_names(struct rm_group *group, DWORD count, const OPCHANDLE *handles, WCHAR *text,
                   size_t room);

/* The same for calls that name their items by item ID. No lock needed. */
void rm_item_names_of_ids(DWORD count, const LPCWSTR *ids, WCHAR *text, size_t room);

#endif
