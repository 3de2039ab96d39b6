#include <olectl.h>

#include "delivery/transaction.h"
#include "group/group_object.h"
#include "group/item_call.h"
#include "link/link.h"
#include "module/memory.h"
#include "session/session.h"

static struct rm_group *impl_from_IOPCAsyncIO2(IOPCAsyncIO2 *iface)
{
    return CONTAINING_RECORD(iface, struct rm_group, IOPCAsyncIO2_iface);
}

static HRESULT STDMETHODCALLTYPE group_async2_QueryInterface(IOPCAsyncIO2 *iface, REFIID iid,
                                                             void **out)
{
    return rm_group_object_query(impl_from_IOPCAsyncIO2(iface), iid, out);
}

static ULONG STDMETHODCALLTYPE group_async2_AddRef(IOPCAsyncIO2 *iface)
{
    return rm_group_object_add_ref(impl_from_IOPCAsyncIO2(iface));
}

static ULONG STDMETHODCALLTYPE group_async2_Release(IOPCAsyncIO2 *iface)
{
    return rm_group_object_release(impl_from_IOPCAsyncIO2(iface));
}

/* Read, Write and Refresh2 (which names no items): what is answered by a callback. */
struct async_call
{
    struct rm_item_call items;
    enum rm_transaction_kind kind;
    DWORD id;
    OPCDATASOURCE source;
    VARIANT *values;
    DWORD cancel_id; /* ours */
    DWORD real_cancel_id;
};

/* The transaction is entered before the call is sent: its callback may be quicker. */
static HRESULT prepare_async(struct rm_call *call, struct rm_link *link)
{
    struct async_call *async = RM_FORWARD_OF(call, struct async_call);
    struct rm_group *group = async->items.forward.group;
    struct rm_handle_set *set = &async->items.set;
    void *temporary;
    OPCHANDLE *sent;
    HRESULT hr;

    if (!group->sink)
        return CONNECT_E_NOCONNECTION;
    hr = rm_item_call_prepare(call, link);
    if (FAILED(hr))
        return hr;
    sent = rm_handle_set_gather(set, set->ours, sizeof(*sent), &temporary);
    if (sent)
        async->cancel_id = rm_transaction_begin(group, link, async->kind, async->id, async->source,
                                                set->sent_count, sent);
    rm_free(temporary);
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

static void record_async(struct rm_call *call, struct rm_link *link, HRESULT hr)
{
    struct async_call *async = RM_FORWARD_OF(call, struct async_call);
    bool is_accepted = SUCCEEDED(hr);

    (void)link;
    if (is_accepted && async->kind != RM_TRANSACTION_REFRESH)
        is_accepted = has_success(async->items.errors, async->items.set.count);
    rm_transaction_settle(async->items.forward.group, async->cancel_id, async->real_cancel_id,
                          is_accepted);
}

static void lose_async(struct rm_call *call, struct rm_link *link)
{
    struct async_call *async = RM_FORWARD_OF(call, struct async_call);

    (void)link;
    rm_transaction_settle(async->items.forward.group, async->cancel_id, 0, false);
}

static HRESULT run_read(struct rm_call *call, struct rm_link *link)
{
    struct async_call *read = RM_FORWARD_OF(call, struct async_call);
    struct rm_handle_set *set = &read->items.set;
    HRESULT hr = S_OK;

    (void)link;
    if (!rm_handle_set_is_all_early(set))
        hr = IOPCAsyncIO2_Read((IOPCAsyncIO2 *)read->items.forward.real, set->sent_count, set->real,
                               read->id, &read->real_cancel_id, &read->items.errors);
    rm_forward_drop(&read->items.forward);
    return rm_handle_set_expand(set, hr, NULL, 0, &read->items.errors);
}

static const struct rm_call_class read_class = {
    .name = "IOPCAsyncIO2::Read",
    .kind = RM_CALL_IDEMPOTENT,
    .prepare = prepare_async,
    .run = run_read,
    .record = record_async,
    .lost = lose_async,
    .destroy = rm_item_call_destroy,
};

static HRESULT run_write(struct rm_call *call, struct rm_link *link)
{
    struct async_call *write = RM_FORWARD_OF(call, struct async_call);
    struct rm_handle_set *set = &write->items.set;
    void *temporary;
    VARIANT *values = rm_handle_set_gather(set, write->values, sizeof(*values), &temporary);
    HRESULT hr = values ? S_OK : E_OUTOFMEMORY;

    (void)link;
    if (values && !rm_handle_set_is_all_early(set))
        hr = IOPCAsyncIO2_Write((IOPCAsyncIO2 *)write->items.forward.real, set->sent_count,
                                set->real, values, write->id, &write->real_cancel_id,
                                &write->items.errors);
    rm_free(temporary);
    rm_forward_drop(&write->items.forward);
    return rm_handle_set_expand(set, hr, NULL, 0, &write->items.errors);
}

static const struct rm_call_class write_class = {
    .name = "IOPCAsyncIO2::Write",
    .kind = RM_CALL_WRITE,
    .prepare = prepare_async,
    .run = run_write,
    .record = record_async,
    .lost = lose_async,
    .name_items = rm_item_call_name_items,
    .destroy = rm_item_call_destroy,
};

static HRESULT run_refresh(struct rm_call *call, struct rm_link *link)
{
    struct async_call *refresh = RM_FORWARD_OF(call, struct async_call);
    HRESULT hr = IOPCAsyncIO2_Refresh2((IOPCAsyncIO2 *)refresh->items.forward.real, refresh->source,
                                       refresh->id, &refresh->real_cancel_id);

    (void)link;
    rm_forward_drop(&refresh->items.forward);
    return hr;
}

static const struct rm_call_class refresh_class = {
    .name = "IOPCAsyncIO2::Refresh2",
    .kind = RM_CALL_IDEMPOTENT,
    .prepare = prepare_async,
    .run = run_refresh,
    .record = record_async,
    .lost = lose_async,
    .destroy = rm_item_call_destroy,
};

static struct async_call *new_async(IOPCAsyncIO2 *iface, const struct rm_call_class *call_class,
                                    enum rm_transaction_kind kind, DWORD count,
                                    const OPCHANDLE *handles, DWORD id)
{
    struct async_call *async =
        rm_item_call_new(sizeof(*async), call_class, impl_from_IOPCAsyncIO2(iface),
                         RM_GROUP_ASYNC_IO2, count, handles);

    if (async)
    {
        async->kind = kind;
        async->id = id;
    }
    return async;
}

static HRESULT execute_async(struct async_call *async, DWORD *cancel_id, HRESULT **errors)
{
    HRESULT hr = rm_item_call_execute(&async->items, errors);

    if (rm_forward_has_results(&async->items.forward, hr))
        *cancel_id = async->cancel_id;
    rm_call_release(&async->items.forward.call);
    return hr;
}

static HRESULT STDMETHODCALLTYPE group_async2_Read(IOPCAsyncIO2 *iface, DWORD count,
                                                   OPCHANDLE *handles, DWORD id, DWORD *cancel_id,
                                                   HRESULT **errors)
{
    HRESULT hr;

    if (cancel_id)
        *cancel_id = 0;
    if (errors)
        *errors = NULL;
    if (!handles || !cancel_id || !errors)
        return RM_HRESULT_NULL_REF;
    do
    {
        struct async_call *read =
            new_async(iface, &read_class, RM_TRANSACTION_READ, count, handles, id);

        hr = read ? execute_async(read, cancel_id, errors) : E_OUTOFMEMORY;
    } while (hr == RM_CALL_REPEAT);
    return hr;
}

static HRESULT STDMETHODCALLTYPE group_async2_Write(IOPCAsyncIO2 *iface, DWORD count,
                                                    OPCHANDLE *handles, VARIANT *values, DWORD id,
                                                    DWORD *cancel_id, HRESULT **errors)
{
    HRESULT hr;

    if (cancel_id)
        *cancel_id = 0;
    if (errors)
        *errors = NULL;
    if (!handles || !values || !cancel_id || !errors)
        return RM_HRESULT_NULL_REF;
    do
    {
        struct async_call *write =
            new_async(iface, &write_class, RM_TRANSACTION_WRITE, count, handles, id);

        if (write)
            write->values = rm_forward_variants(&write->items.forward, values, count);
        hr = write ? execute_async(write, cancel_id, errors) : E_OUTOFMEMORY;
    } while (hr == RM_CALL_REPEAT);
    return hr;
}

static HRESULT STDMETHODCALLTYPE group_async2_Refresh2(IOPCAsyncIO2 *iface, OPCDATASOURCE source,
                                                       DWORD id, DWORD *cancel_id)
{
    HRESULT *no_errors = NULL;
    HRESULT hr;

    if (!cancel_id)
        return RM_HRESULT_NULL_REF;
    *cancel_id = 0;
    do
    {
        struct async_call *refresh =
            new_async(iface, &refresh_class, RM_TRANSACTION_REFRESH, 0, NULL, id);

        if (refresh)
            refresh->source = source;
        hr = refresh ? execute_async(refresh, cancel_id, &no_errors) : E_OUTOFMEMORY;
    } while (hr == RM_CALL_REPEAT);
    return hr;
}

/* Cancel2, SetEnable, GetEnable. */
struct control_call
{
    struct rm_forward forward;
    DWORD cancel_id; /* ours */
    bool is_repeat;
    DWORD real_cancel_id;
    BOOL is_enabled;
};

static HRESULT prepare_cancel(struct rm_call *call, struct rm_link *link)
{
    struct control_call *cancel = RM_FORWARD_OF(call, struct control_call);
    struct rm_transaction *transaction =
        rm_transaction_find(cancel->forward.group, cancel->cancel_id);
    HRESULT hr;

    /* The link on which it was out is gone, and with it the transaction: cancelled. */
    if (cancel->is_repeat && (!transaction || transaction->link != link->number))
        return S_FALSE;
    if (!transaction || !transaction->is_sent || transaction->link != link->number)
        return E_FAIL;
    hr = rm_forward_prepare(call, link);
    if (FAILED(hr))
        return hr;
    cancel->real_cancel_id = transaction->real_cancel_id;
    transaction->is_cancelling = true; /* OnCancelComplete may be quicker than the return */
    return S_OK;
}

static HRESULT run_cancel(struct rm_call *call, struct rm_link *link)
{
    struct control_call *cancel = RM_FORWARD_OF(call, struct control_call);
    HRESULT hr = IOPCAsyncIO2_Cancel2((IOPCAsyncIO2 *)cancel->forward.real, cancel->real_cancel_id);

    (void)link;
    rm_forward_drop(&cancel->forward);
    return hr;
}

static void record_cancel(struct rm_call *call, struct rm_link *link, HRESULT hr)
{
    struct control_call *cancel = RM_FORWARD_OF(call, struct control_call);
    struct rm_transaction *transaction =
        rm_transaction_find(cancel->forward.group, cancel->cancel_id);

    (void)link;
    if (transaction && FAILED(hr))
        transaction->is_cancelling = false;
}

static const struct rm_call_class cancel_class = {
    .name = "IOPCAsyncIO2::Cancel2",
    .kind = RM_CALL_SHADOW,
    .prepare = prepare_cancel,
    .run = run_cancel,
    .record = record_cancel,
    .destroy = rm_forward_destroy,
};

static struct control_call *new_control(IOPCAsyncIO2 *iface, const struct rm_call_class *call_class)
{
    struct rm_group *group = impl_from_IOPCAsyncIO2(iface);

    return rm_forward_new(sizeof(struct control_call), call_class, group->session, group,
                          RM_GROUP_ASYNC_IO2);
}

static HRESULT cancel_once(IOPCAsyncIO2 *iface, DWORD cancel_id, bool is_repeat)
{
    struct control_call *cancel = new_control(iface, &cancel_class);
    HRESULT hr;

    if (!cancel)
        return E_OUTOFMEMORY;
    cancel->cancel_id = cancel_id;
    cancel->is_repeat = is_repeat;
    hr = rm_forward_execute(&cancel->forward);
    if (hr == S_FALSE && !rm_call_is_answered(&cancel->forward.call))
        hr = S_OK;
    rm_call_release(&cancel->forward.call);
    return hr;
}

static HRESULT STDMETHODCALLTYPE group_async2_Cancel2(IOPCAsyncIO2 *iface, DWORD cancel_id)
{
    HRESULT hr = cancel_once(iface, cancel_id, false);

    while (hr == RM_CALL_REPEAT)
        hr = cancel_once(iface, cancel_id, true);
    return hr;
}

static HRESULT prepare_enable(struct rm_call *call, struct rm_link *link)
{
    if (!RM_FORWARD_OF(call, struct rm_forward)->group->sink)
        return CONNECT_E_NOCONNECTION;
    return rm_forward_prepare(call, link);
}

static HRESULT run_set_enable(struct rm_call *call, struct rm_link *link)
{
    struct control_call *set = RM_FORWARD_OF(call, struct control_call);
    HRESULT hr = IOPCAsyncIO2_SetEnable((IOPCAsyncIO2 *)set->forward.real, set->is_enabled);

    (void)link;
    rm_forward_drop(&set->forward);
    return hr;
}

static void record_set_enable(struct rm_call *call, struct rm_link *link, HRESULT hr)
{
    struct control_call *set = RM_FORWARD_OF(call, struct control_call);
    struct rm_group *group = set->forward.group;
    struct rm_link_group *link_group = rm_link_group_of(link, group);

    if (FAILED(hr))
        return;
    group->is_enabled = set->is_enabled;
    if (link_group)
        link_group->is_enabled = set->is_enabled;
    rm_session_changed(group->session);
}

static const struct rm_call_class set_enable_class = {
    .name = "IOPCAsyncIO2::SetEnable",
    .kind = RM_CALL_SHADOW,
    .prepare = prepare_enable,
    .run = run_set_enable,
    .record = record_set_enable,
    .destroy = rm_forward_destroy,
};

static HRESULT STDMETHODCALLTYPE group_async2_SetEnable(IOPCAsyncIO2 *iface, BOOL is_enabled)
{
    HRESULT hr;

    do
    {
        struct control_call *set = new_control(iface, &set_enable_class);

        if (!set)
            return E_OUTOFMEMORY;
        set->is_enabled = is_enabled;
        hr = rm_forward_execute(&set->forward);
        rm_call_release(&set->forward.call);
    } while (hr == RM_CALL_REPEAT);
    return hr;
}

static HRESULT run_get_enable(struct rm_call *call, struct rm_link *link)
{
    struct control_call *get = RM_FORWARD_OF(call, struct control_call);
    HRESULT hr = IOPCAsyncIO2_GetEnable((IOPCAsyncIO2 *)get->forward.real, &get->is_enabled);

    (void)link;
    rm_forward_drop(&get->forward);
    return hr;
}

static const struct rm_call_class get_enable_class = {
    .name = "IOPCAsyncIO2::GetEnable",
    .kind = RM_CALL_IDEMPOTENT,
    .prepare = prepare_enable,
    .run = run_get_enable,
    .destroy = rm_forward_destroy,
};

static HRESULT STDMETHODCALLTYPE group_async2_GetEnable(IOPCAsyncIO2 *iface, BOOL *is_enabled)
{
    HRESULT hr;

    if (!is_enabled)
        return RM_HRESULT_NULL_REF;
    *is_enabled = FALSE;
    do
    {
        struct control_call *get = new_control(iface, &get_enable_class);

        if (!get)
            return E_OUTOFMEMORY;
        hr = rm_forward_execute(&get->forward);
        if (rm_forward_has_results(&get->forward, hr))
            *is_enabled = get->is_enabled;
        rm_call_release(&get->forward.call);
    } while (hr == RM_CALL_REPEAT);
    return hr;
}

const IOPCAsyncIO2Vtbl rm_group_async2_vtbl = {
    group_async2_QueryInterface, group_async2_AddRef,    group_async2_Release,
    group_async2_Read,           group_async2_Write,     group_async2_Refresh2,
    group_async2_Cancel2,        group_async2_SetEnable, group_async2_GetEnable,
};
