#include "group/item_call.h"

#include <opc/opcerror.h>

#include "link/forgotten.h"
#include "module/memory.h"
#include "session/item_names.h"

void *rm_item_call_new(size_t size, const struct rm_call_class *call_class, struct rm_group *group,
                       int which, DWORD count, const OPCHANDLE *handles)
{
    struct rm_item_call *items = rm_forward_new(size, call_class, group->session, group, which);

    if (items && FAILED(rm_handle_set_init(&items->set, count, handles)))
    {
        rm_call_release(&items->forward.call);
        return NULL;
    }
    return items;
}

HRESULT rm_item_call_prepare(struct rm_call *call, struct rm_link *link)
{
    struct rm_item_call *items = RM_FORWARD_OF(call, struct rm_item_call);

    rm_handle_set_resolve(&items->set, items->forward.group, link);
    return rm_forward_prepare(call, link);
}

HRESULT rm_item_call_prepare_change(struct rm_call *call, struct rm_link *link)
{
    struct rm_item_call *items = RM_FORWARD_OF(call, struct rm_item_call);

    rm_handle_set_resolve(&items->set, items->forward.group, link);
    rm_handle_set_accept_known(&items->set, items->forward.group);
    return rm_forward_prepare(call, link);
}

void rm_item_call_destroy(struct rm_call *call)
{
    struct rm_item_call *items = RM_FORWARD_OF(call, struct rm_item_call);

    CoTaskMemFree(items->errors);
    rm_handle_set_clear(&items->set);
    rm_forward_destroy(call);
}

void rm_item_call_name_items(const struct rm_call *call, WCHAR *text, size_t room)
{
    const struct rm_item_call *items = (const struct rm_item_call *)call;

    rm_item_names(items->forward.group, items->set.count, items->set.ours, text, room);
}

/* true: items of the call were forgotten, and are being added again. */
static bool is_forgotten(const struct rm_item_call *items)
{
    const struct rm_handle_set *set = &items->set;
    struct rm_added_item *lost = NULL;
    bool is_so;
    DWORD count = 0;

    for (DWORD i = 0; items->errors && i < set->sent_count; i++)
    {
        if (items->errors[set->positions[i]] != OPC_E_INVALIDHANDLE)
            continue;
        if (!lost)
            lost = rm_alloc_zero(set->sent_count, sizeof(*lost));
        if (!lost)
            return false;
        lost[count++] = (struct rm_added_item){set->ours[set->positions[i]], set->real[i]};
    }
    is_so =
        count && rm_forgotten_items(items->forward.call.link, items->forward.group, lost, count);
    rm_free(lost);
    return is_so;
}

HRESULT rm_item_call_execute(struct rm_item_call *items, HRESULT **errors)
{
    HRESULT hr = rm_forward_execute(&items->forward);

    if (hr == S_FALSE && is_forgotten(items) && items->may_repeat)
        return RM_CALL_REPEAT;
    if (rm_forward_has_results(&items->forward, hr))
    {
        *errors = items->errors;
        items->errors = NULL;
    }
    return hr;
}
