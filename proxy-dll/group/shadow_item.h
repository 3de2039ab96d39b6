/* group/shadow_item.h: enters an item that the server has accepted into the shadow and the link.
 *
 * Units: none.
 * Ownership: copies what struct rm_new_item borrows.
 * Threads: session locked.
 * Errors: NULL: no memory; the item is then on the link's list of what is to be removed there.
 * Source: design.md 3.3.
 */
#ifndef RM_SHADOW_ITEM_H
#define RM_SHADOW_ITEM_H

#include "link/link.h"

struct rm_new_item
{
    const WCHAR *item_id, *access_path; /* NULL counts as "" */
    const BYTE *blob;                   /* NULL: none */
    DWORD blob_size;
    BOOL is_active;
    OPCHANDLE client;
    VARTYPE requested_type, canonical_type;
    DWORD access_rights;
};

/* link_group NULL: the link has let go of the group by now. */
struct rm_item *rm_shadow_item_add(struct rm_group *group, struct rm_link_group *link_group,
                                   const struct rm_new_item *new_item, OPCHANDLE real);

#endif
