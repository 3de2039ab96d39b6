#include "group/async_call.h"

#include <olectl.h>

#include "link/link.h"
#include "module/memory.h"
#include "session/session.h"

struct rm_async_call *rm_async_call_new(struct rm_group *group,
                                        const struct rm_call_class *call_class, int which,
                                        enum rm_transaction_kind kind, DWORD id, DWORD count,
                                        const OPCHANDLE *handles)
{
    struct rm_async_call *async =
        rm_item_call_new(sizeof(*async), call_class, group, which, count, handles);

    if (async)
    {
        async->order.kind = kind;
        async->order.id = id;
    }
    return async;
}

HRESULT rm_async_call_prepare(struct rm_call *call, struct rm_link *link)
{
    struct rm_async_call *async = RM_FORWARD_OF(call, struct rm_async_call);
    struct rm_group *group = async->items.forward.group;
    struct rm_handle_set *set = &async->items.set;
    struct rm_transaction_order order = async->order;
    void *sent_handles, *sent_ages = NULL;
    HRESULT hr;

    if (!group->is_removed && !group->sink)
        return CONNECT_E_NOCONNECTION;
    hr = rm_item_call_prepare(call, link);
    if (FAILED(hr))
        return hr;
    order.count = set->sent_count;
    order.handles = rm_handle_set_gather(set, set->ours, sizeof(*set->ours), &sent_handles);
    if (async->max_ages)
        order.max_ages =
            rm_handle_set_gather(set, async->max_ages, sizeof(*async->max_ages), &sent_ages);
    if (order.handles && (order.max_ages || !async->max_ages))
        async->cancel_id = rm_transaction_begin(group, link, &order);
    rm_free(sent_handles);
    rm_free(sent_ages);
    return async->cancel_id ? S_OK : E_OUTOFMEMORY;
}

static bool has_success(const HRESULT *errors, DWORD count)
{
    for (DWORD i = 0; i < count; i++)
    {
        if (SUCCEEDED(errors[i]))
            return true;
    }
    return false;
}

void rm_async_call_record(struct rm_call *call, struct rm_link *link, HRESULT hr)
{
    struct rm_async_call *async = RM_FORWARD_OF(call, struct rm_async_call);
    bool is_accepted = SUCCEEDED(hr);

    (void)link;
    if (is_accepted && async->order.kind != RM_TRANSACTION_REFRESH)
        is_accepted = has_success(async->items.errors, async->items.set.count);
    rm_transaction_settle(async->items.forward.group, async->cancel_id, async->real_cancel_id,
                          is_accepted);
    async->is_started = is_accepted || async->real_cancel_id;
}

/* Locked. What the call would have returned, as far as its callback told: an item that was not in
 * it had been rejected. */
static HRESULT early_answers(struct rm_async_call *async, const struct rm_transaction *transaction)
{
    const struct rm_handle_set *set = &async->items.set;
    HRESULT hr = S_OK;

    if (async->order.kind == RM_TRANSACTION_REFRESH)
        return S_OK;
    async->early = CoTaskMemAlloc(set->count * sizeof(*async->early));
    if (!async->early)
        return E_OUTOFMEMORY;
    memcpy(async->early, set->early, set->count * sizeof(*async->early));
    for (DWORD i = 0; i < transaction->count && i < set->sent_count; i++)
        async->early[set->positions[i]] = transaction->is_answered[i] ? S_OK : E_FAIL;
    for (DWORD i = 0; i < set->count; i++)
    {
        if (async->early[i] != S_OK)
            hr = S_FALSE;
    }
    return hr;
}

HRESULT rm_async_call_lost(struct rm_call *call, struct rm_link *link)
{
    struct rm_async_call *async = RM_FORWARD_OF(call, struct rm_async_call);
    struct rm_group *group = async->items.forward.group;
    const struct rm_transaction *transaction = rm_transaction_find(group, async->cancel_id);
    HRESULT hr = RM_CALL_REPEAT;

    (void)link;
    if (transaction && transaction->is_completed)
        hr = early_answers(async, transaction);
    rm_transaction_settle(group, async->cancel_id, 0, false);
    return hr;
}

void rm_async_call_destroy(struct rm_call *call)
{
    CoTaskMemFree(RM_FORWARD_OF(call, struct rm_async_call)->early);
    rm_item_call_destroy(call);
}

HRESULT rm_async_call_execute(struct rm_async_call *async, DWORD *cancel_id, HRESULT **errors)
{
    HRESULT *no_errors = NULL;
    HRESULT hr = rm_item_call_execute(&async->items, errors ? errors : &no_errors);

    if (rm_forward_has_results(&async->items.forward, hr))
        *cancel_id = async->is_started ? async->cancel_id : 0;
    else if (SUCCEEDED(hr) && hr != RM_CALL_REPEAT)
    {
        *cancel_id = async->cancel_id;
        if (errors)
            *errors = async->early;
        async->early = NULL;
    }
    rm_call_release(&async->items.forward.call);
    return hr;
}
