#include "group/async_call.h"
#include "group/group_async.h"
#include "link/link.h"
#include "module/memory.h"

static HRESULT run_read(struct rm_call *call, struct rm_link *link)
{
    struct rm_async_call *read = RM_FORWARD_OF(call, struct rm_async_call);
    struct rm_handle_set *set = &read->items.set;
    void *temporary;
    DWORD *max_ages = rm_handle_set_gather(set, read->max_ages, sizeof(*max_ages), &temporary);
    HRESULT hr = max_ages ? S_OK : E_OUTOFMEMORY;

    (void)link;
    if (max_ages && !rm_handle_set_is_all_early(set))
        hr = IOPCAsyncIO3_ReadMaxAge((IOPCAsyncIO3 *)read->items.forward.real, set->sent_count,
                                     set->real, max_ages, read->order.id, &read->real_cancel_id,
                                     &read->items.errors);
    rm_free(temporary);
    rm_forward_drop(&read->items.forward);
    return rm_handle_set_expand(set, hr, NULL, 0, &read->items.errors);
}

static const struct rm_call_class read_class = {
    .name = "IOPCAsyncIO3::ReadMaxAge",
    .kind = RM_CALL_IDEMPOTENT,
    .prepare = rm_async_call_prepare,
    .run = run_read,
    .record = rm_async_call_record,
    .lost = rm_async_call_lost,
    .destroy = rm_async_call_destroy,
};

static HRESULT run_write(struct rm_call *call, struct rm_link *link)
{
    struct rm_async_call *write = RM_FORWARD_OF(call, struct rm_async_call);
    struct rm_handle_set *set = &write->items.set;
    void *temporary;
    OPCITEMVQT *values = rm_handle_set_gather(set, write->vqts, sizeof(*values), &temporary);
    HRESULT hr = values ? S_OK : E_OUTOFMEMORY;

    (void)link;
    if (values && !rm_handle_set_is_all_early(set))
        hr = IOPCAsyncIO3_WriteVQT((IOPCAsyncIO3 *)write->items.forward.real, set->sent_count,
                                   set->real, values, write->order.id, &write->real_cancel_id,
                                   &write->items.errors);
    rm_free(temporary);
    rm_forward_drop(&write->items.forward);
    return rm_handle_set_expand(set, hr, NULL, 0, &write->items.errors);
}

static const struct rm_call_class write_class = {
    .name = "IOPCAsyncIO3::WriteVQT",
    .kind = RM_CALL_WRITE,
    .prepare = rm_async_call_prepare,
    .run = run_write,
    .record = rm_async_call_record,
    .lost = rm_async_call_lost,
    .name_items = rm_item_call_name_items,
    .destroy = rm_async_call_destroy,
};

static HRESULT run_refresh(struct rm_call *call, struct rm_link *link)
{
    struct rm_async_call *refresh = RM_FORWARD_OF(call, struct rm_async_call);
    HRESULT hr = IOPCAsyncIO3_RefreshMaxAge((IOPCAsyncIO3 *)refresh->items.forward.real,
                                            refresh->order.max_age_ms, refresh->order.id,
                                            &refresh->real_cancel_id);

    (void)link;
    rm_forward_drop(&refresh->items.forward);
    return hr;
}

static const struct rm_call_class refresh_class = {
    .name = "IOPCAsyncIO3::RefreshMaxAge",
    .kind = RM_CALL_IDEMPOTENT,
    .prepare = rm_async_call_prepare,
    .run = run_refresh,
    .record = rm_async_call_record,
    .lost = rm_async_call_lost,
    .destroy = rm_async_call_destroy,
};

HRESULT rm_group_start_read_max_age(struct rm_group *group, DWORD count, const OPCHANDLE *handles,
                                    const DWORD *max_ages, DWORD id, DWORD *cancel_id,
                                    HRESULT **errors)
{
    HRESULT hr;

    do
    {
        struct rm_async_call *read = rm_async_call_new(group, &read_class, RM_GROUP_ASYNC_IO3,
                                                       RM_TRANSACTION_READ, id, count, handles);

        if (read)
            read->max_ages =
                rm_forward_array(&read->items.forward, max_ages, count, sizeof(*max_ages));
        hr = read ? rm_async_call_execute(read, cancel_id, errors) : E_OUTOFMEMORY;
    } while (hr == RM_CALL_REPEAT);
    return hr;
}

HRESULT rm_group_start_write_vqt(struct rm_group *group, DWORD count, const OPCHANDLE *handles,
                                 const OPCITEMVQT *values, DWORD id, DWORD *cancel_id,
                                 HRESULT **errors)
{
    HRESULT hr;

    do
    {
        struct rm_async_call *write = rm_async_call_new(group, &write_class, RM_GROUP_ASYNC_IO3,
                                                        RM_TRANSACTION_WRITE, id, count, handles);

        if (write)
            write->vqts = rm_forward_vqts(&write->items.forward, values, count);
        hr = write ? rm_async_call_execute(write, cancel_id, errors) : E_OUTOFMEMORY;
    } while (hr == RM_CALL_REPEAT);
    return hr;
}

HRESULT rm_group_start_refresh_max_age(struct rm_group *group, DWORD max_age_ms, DWORD id,
                                       DWORD *cancel_id)
{
    HRESULT hr;

    do
    {
        struct rm_async_call *refresh = rm_async_call_new(group, &refresh_class, RM_GROUP_ASYNC_IO3,
                                                          RM_TRANSACTION_REFRESH, id, 0, NULL);

        if (refresh)
        {
            refresh->order.has_max_age = true;
            refresh->order.max_age_ms = max_age_ms;
        }
        hr = refresh ? rm_async_call_execute(refresh, cancel_id, NULL) : E_OUTOFMEMORY;
    } while (hr == RM_CALL_REPEAT);
    return hr;
}
