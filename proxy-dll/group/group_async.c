#include "group/async_call.h"
#include "group/group_async.h"
#include "group/group_object.h"
#include "link/link.h"
#include "module/memory.h"

static struct rm_group *impl_from_IOPCAsyncIO3(IOPCAsyncIO3 *iface)
{
    return CONTAINING_RECORD(iface, struct rm_group, IOPCAsyncIO3_iface);
}

static HRESULT STDMETHODCALLTYPE group_async_QueryInterface(IOPCAsyncIO3 *iface, REFIID iid,
                                                            void **out)
{
    return rm_group_object_query(impl_from_IOPCAsyncIO3(iface), iid, out);
}

static ULONG STDMETHODCALLTYPE group_async_AddRef(IOPCAsyncIO3 *iface)
{
    return rm_group_object_add_ref(impl_from_IOPCAsyncIO3(iface));
}

static ULONG STDMETHODCALLTYPE group_async_Release(IOPCAsyncIO3 *iface)
{
    return rm_group_object_release(impl_from_IOPCAsyncIO3(iface));
}

static HRESULT run_read(struct rm_call *call, struct rm_link *link)
{
    struct rm_async_call *read = RM_FORWARD_OF(call, struct rm_async_call);
    struct rm_handle_set *set = &read->items.set;
    HRESULT hr = S_OK;

    (void)link;
    if (!rm_handle_set_is_all_early(set))
        hr = IOPCAsyncIO2_Read((IOPCAsyncIO2 *)read->items.forward.real, set->sent_count, set->real,
                               read->order.id, &read->real_cancel_id, &read->items.errors);
    rm_forward_drop(&read->items.forward);
    return rm_handle_set_expand(set, hr, NULL, 0, &read->items.errors);
}

static const struct rm_call_class read_class = {
    .name = "IOPCAsyncIO2::Read",
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
    VARIANT *values = rm_handle_set_gather(set, write->values, sizeof(*values), &temporary);
    HRESULT hr = values ? S_OK : E_OUTOFMEMORY;

    (void)link;
    if (values && !rm_handle_set_is_all_early(set))
        hr = IOPCAsyncIO2_Write((IOPCAsyncIO2 *)write->items.forward.real, set->sent_count,
                                set->real, values, write->order.id, &write->real_cancel_id,
                                &write->items.errors);
    rm_free(temporary);
    rm_forward_drop(&write->items.forward);
    return rm_handle_set_expand(set, hr, NULL, 0, &write->items.errors);
}

static const struct rm_call_class write_class = {
    .name = "IOPCAsyncIO2::Write",
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
    HRESULT hr =
        IOPCAsyncIO2_Refresh2((IOPCAsyncIO2 *)refresh->items.forward.real, refresh->order.source,
                              refresh->order.id, &refresh->real_cancel_id);

    (void)link;
    rm_forward_drop(&refresh->items.forward);
    return hr;
}

static const struct rm_call_class refresh_class = {
    .name = "IOPCAsyncIO2::Refresh2",
    .kind = RM_CALL_IDEMPOTENT,
    .prepare = rm_async_call_prepare,
    .run = run_refresh,
    .record = rm_async_call_record,
    .lost = rm_async_call_lost,
    .destroy = rm_async_call_destroy,
};

static HRESULT STDMETHODCALLTYPE group_async_Read(IOPCAsyncIO3 *iface, DWORD count,
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
        struct rm_async_call *read =
            rm_async_call_new(impl_from_IOPCAsyncIO3(iface), &read_class, RM_GROUP_ASYNC_IO2,
                              RM_TRANSACTION_READ, id, count, handles);

        hr = read ? rm_async_call_execute(read, cancel_id, errors) : E_OUTOFMEMORY;
    } while (hr == RM_CALL_REPEAT);
    return hr;
}

static HRESULT STDMETHODCALLTYPE group_async_Write(IOPCAsyncIO3 *iface, DWORD count,
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
        struct rm_async_call *write =
            rm_async_call_new(impl_from_IOPCAsyncIO3(iface), &write_class, RM_GROUP_ASYNC_IO2,
                              RM_TRANSACTION_WRITE, id, count, handles);

        if (write)
            write->values = rm_forward_variants(&write->items.forward, values, count);
        hr = write ? rm_async_call_execute(write, cancel_id, errors) : E_OUTOFMEMORY;
    } while (hr == RM_CALL_REPEAT);
    return hr;
}

static HRESULT STDMETHODCALLTYPE group_async_Refresh2(IOPCAsyncIO3 *iface, OPCDATASOURCE source,
                                                      DWORD id, DWORD *cancel_id)
{
    HRESULT hr;

    if (!cancel_id)
        return RM_HRESULT_NULL_REF;
    *cancel_id = 0;
    if (!rm_is_enum((int)source))
        return RM_HRESULT_ENUM_RANGE;
    do
    {
        struct rm_async_call *refresh =
            rm_async_call_new(impl_from_IOPCAsyncIO3(iface), &refresh_class, RM_GROUP_ASYNC_IO2,
                              RM_TRANSACTION_REFRESH, id, 0, NULL);

        if (refresh)
            refresh->order.source = source;
        hr = refresh ? rm_async_call_execute(refresh, cancel_id, NULL) : E_OUTOFMEMORY;
    } while (hr == RM_CALL_REPEAT);
    return hr;
}

static HRESULT STDMETHODCALLTYPE group_async_Cancel2(IOPCAsyncIO3 *iface, DWORD cancel_id)
{
    return rm_group_cancel(impl_from_IOPCAsyncIO3(iface), cancel_id);
}

static HRESULT STDMETHODCALLTYPE group_async_SetEnable(IOPCAsyncIO3 *iface, BOOL is_enabled)
{
    return rm_group_set_enable(impl_from_IOPCAsyncIO3(iface), is_enabled);
}

static HRESULT STDMETHODCALLTYPE group_async_GetEnable(IOPCAsyncIO3 *iface, BOOL *is_enabled)
{
    if (!is_enabled)
        return RM_HRESULT_NULL_REF;
    *is_enabled = FALSE;
    return rm_group_get_enable(impl_from_IOPCAsyncIO3(iface), is_enabled);
}

static HRESULT STDMETHODCALLTYPE group_async_ReadMaxAge(IOPCAsyncIO3 *iface, DWORD count,
                                                        OPCHANDLE *handles, DWORD *max_ages,
                                                        DWORD id, DWORD *cancel_id,
                                                        HRESULT **errors)
{
    if (cancel_id)
        *cancel_id = 0;
    if (errors)
        *errors = NULL;
    if (!handles || !max_ages || !cancel_id || !errors)
        return RM_HRESULT_NULL_REF;
    return rm_group_start_read_max_age(impl_from_IOPCAsyncIO3(iface), count, handles, max_ages, id,
                                       cancel_id, errors);
}

static HRESULT STDMETHODCALLTYPE group_async_WriteVQT(IOPCAsyncIO3 *iface, DWORD count,
                                                      OPCHANDLE *handles, OPCITEMVQT *values,
                                                      DWORD id, DWORD *cancel_id, HRESULT **errors)
{
    if (cancel_id)
        *cancel_id = 0;
    if (errors)
        *errors = NULL;
    if (!handles || !values || !cancel_id || !errors)
        return RM_HRESULT_NULL_REF;
    return rm_group_start_write_vqt(impl_from_IOPCAsyncIO3(iface), count, handles, values, id,
                                    cancel_id, errors);
}

static HRESULT STDMETHODCALLTYPE group_async_RefreshMaxAge(IOPCAsyncIO3 *iface, DWORD max_age_ms,
                                                           DWORD id, DWORD *cancel_id)
{
    if (!cancel_id)
        return RM_HRESULT_NULL_REF;
    *cancel_id = 0;
    return rm_group_start_refresh_max_age(impl_from_IOPCAsyncIO3(iface), max_age_ms, id, cancel_id);
}

/* Serves IOPCAsyncIO2 as well. */
const IOPCAsyncIO3Vtbl rm_group_async_vtbl = {
    group_async_QueryInterface, group_async_AddRef,    group_async_Release,
    group_async_Read,           group_async_Write,     group_async_Refresh2,
    group_async_Cancel2,        group_async_SetEnable, group_async_GetEnable,
    group_async_ReadMaxAge,     group_async_WriteVQT,  group_async_RefreshMaxAge,
};
