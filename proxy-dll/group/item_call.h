/* group/item_call.h: a call on items of a group, which the client names by our handles.
 *
 * Units: none.
 * Ownership: as struct rm_forward; rm_item_call_destroy also frees the errors.
 * Threads: as struct rm_call.
 * Errors: as struct rm_forward; E_OUTOFMEMORY for absurd numbers of items.
 * Source: reference 3.10, 3.12, 3.15.
 */
#ifndef RM_ITEM_CALL_H
#define RM_ITEM_CALL_H

#include "group/handle_set.h"
#include "server/forward.h"

struct rm_item_call
{
    struct rm_forward forward;
    struct rm_handle_set set;
    HRESULT *errors; /* the server's, then spread out */
    bool may_repeat; /* it only reads: made again where the machine had forgotten items */
};

/* Zeroed, size bytes; NULL: no memory. */
void *rm_item_call_new(size_t size, const struct rm_call_class *call_class, struct rm_group *group,
                       int which, DWORD count, const OPCHANDLE *handles);

/* For struct rm_call_class. The second answers S_OK for items that only the shadow has. */
HRESULT rm_item_call_prepare(struct rm_call *call, struct rm_link *link);
HRESULT rm_item_call_prepare_change(struct rm_call *call, struct rm_link *link);
void rm_item_call_destroy(struct rm_call *call);
void rm_item_call_name_items(const struct rm_call *call, WCHAR *text, size_t room);

/* Executes, and moves the errors out on success. Items that the machine does not know any more are
 * added again (link/forgotten.h): RM_CALL_REPEAT then, where that may be done. */
HRESULT rm_item_call_execute(struct rm_item_call *items, HRESULT **errors);

#endif
