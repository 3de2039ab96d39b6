/* enumerator/item_attributes.h: a snapshot of the attributes of a group's items, and the
 * IEnumOPCItemAttributes over it.
 *
 * The real enumerator is emptied on a worker as soon as it is made, so nothing of the link stays in
 * the client's hands.
 *
 * Units: none.
 * Ownership: the snapshot is reference counted and shared by clones of an enumerator. Its elements
 *   are COM allocator's, as the server gave them.
 * Threads: filled by one thread, then read by any.
 * Errors: HRESULTs of the server, E_OUTOFMEMORY.
 * Source: reference 3.11, 6.
 */
#ifndef RM_ITEM_ATTRIBUTES_H
#define RM_ITEM_ATTRIBUTES_H

#include <stdbool.h>
#include <opc/opcda.h>

struct rm_item;
struct rm_link;

struct rm_item_attributes
{
    LONG refs;
    DWORD count;
    OPCITEMATTRIBUTES *elements;
    bool has_object; /* the server gave an enumerator, be it an empty one */
};

/* On a worker: asks the real group for all attributes. S_FALSE, with nothing in the snapshot, when
 * the server said so. *attributes_out is NULL on failure. */
HRESULT rm_item_attributes_fetch(const struct rm_link *link, IOPCItemMgt *real,
                                 struct rm_item_attributes **attributes_out);

void rm_item_attributes_add_ref(struct rm_item_attributes *attributes);
void rm_item_attributes_release(struct rm_item_attributes *attributes); /* NULL is fine */

/* Frees all but the first `count` elements. */
void rm_item_attributes_cut(struct rm_item_attributes *attributes, DWORD count);

/* Adds an item of the shadow as it was when a machine had it last: EU info is not known. Session
 * locked. false: no memory. */
bool rm_item_attributes_append(struct rm_item_attributes *attributes, const struct rm_item *item);

/* Adds a reference to the snapshot. */
HRESULT rm_enum_item_attributes_new(struct rm_item_attributes *attributes, ULONG position,
                                    IEnumOPCItemAttributes **enumerator_out);

#endif
