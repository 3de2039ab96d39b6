#include "clock.h"
#include "gate.h"
#include "group.h"
#include "module.h"
#include "transaction.h"
#include "updater.h"

#include <opc/opcconst.h>
#include <opc/opcerror.h>

static struct sim_group *impl_from_IOPCAsyncIO2(IOPCAsyncIO2 *iface)
{
    return CONTAINING_RECORD(iface, struct sim_group, IOPCAsyncIO2_iface);
}

static HRESULT STDMETHODCALLTYPE group_async2_QueryInterface(IOPCAsyncIO2 *iface, REFIID iid,
                                                             void **object)
{
    return sim_group_query(impl_from_IOPCAsyncIO2(iface), iid, object);
}

static ULONG STDMETHODCALLTYPE group_async2_AddRef(IOPCAsyncIO2 *iface)
{
    return sim_group_add_ref(impl_from_IOPCAsyncIO2(iface));
}

static ULONG STDMETHODCALLTYPE group_async2_Release(IOPCAsyncIO2 *iface)
{
    return sim_group_release(impl_from_IOPCAsyncIO2(iface));
}

/* What can be said before the device is asked. */
static HRESULT check_item(const struct sim_group_item *item, const VARIANT *value)
{
    if (item == NULL)
    {
        return OPC_E_INVALIDHANDLE;
    }
    if (value == NULL)
    {
        return (item->item->rights & OPC_READABLE) != 0 ? S_OK : OPC_E_BADRIGHTS;
    }
    if ((item->item->rights & OPC_WRITEABLE) == 0)
    {
        return OPC_E_BADRIGHTS;
    }
    return V_VT(value) != VT_EMPTY ? sim_value_check_type(item->item->type, V_VT(value))
                                   : OPC_E_BADTYPE;
}

/* Puts the items that pass the first check into the transaction. */
static HRESULT collect(struct sim_group *group, DWORD count, const OPCHANDLE *handles,
                       const VARIANT *values, struct sim_transaction *transaction, HRESULT *errors)
{
    HRESULT overall = S_OK;
    AcquireSRWLockShared(&group->lock);
    for (DWORD i = 0; i < count; i++)
    {
        const struct sim_group_item *item = sim_group_find_item(group, handles[i]);
        struct sim_transaction_item *target = &transaction->items[transaction->count];
        errors[i] = check_item(item, values != NULL ? &values[i] : NULL);
        if (SUCCEEDED(errors[i]) && values != NULL)
        {
            errors[i] = sim_value_copy(&target->value, &values[i]);
        }
        if (SUCCEEDED(errors[i]))
        {
            target->server_handle = handles[i];
            target->client_handle = item->client_handle;
            transaction->count++;
        }
        overall = errors[i] == S_OK ? overall : S_FALSE;
    }
    ReleaseSRWLockShared(&group->lock);
    return overall;
}

/* Read and Write; `values` NULL for a read. */
static HRESULT start(struct sim_group *group, DWORD count, const OPCHANDLE *handles,
                     const VARIANT *values, DWORD id, DWORD *cancel_id, HRESULT **errors)
{
    if (!sim_connection_is_advised(&group->connection))
    {
        return CONNECT_E_NOCONNECTION;
    }
    struct sim_transaction *transaction = sim_transaction_create(
        values != NULL ? SIM_TRANSACTION_WRITE : SIM_TRANSACTION_READ, id, count);
    HRESULT *error = CoTaskMemAlloc(count * sizeof(*error));
    if (transaction == NULL || error == NULL)
    {
        CoTaskMemFree(error);
        if (transaction != NULL)
        {
            sim_transaction_free(transaction);
        }
        return E_OUTOFMEMORY;
    }
    HRESULT overall = collect(group, count, handles, values, transaction, error);
    HRESULT queued = S_OK;
    if (transaction->count == 0)
    {
        sim_transaction_free(transaction); /* nothing left to do: no callback */
    }
    else
    {
        queued = sim_transaction_queue(group, transaction, cancel_id);
    }
    if (FAILED(queued))
    {
        CoTaskMemFree(error);
        return queued;
    }
    *errors = error;
    return overall;
}

static HRESULT STDMETHODCALLTYPE group_async2_Read(IOPCAsyncIO2 *iface, DWORD count,
                                                   OPCHANDLE *handles, DWORD id, DWORD *cancel_id,
                                                   HRESULT **errors)
{
    struct sim_group *group = impl_from_IOPCAsyncIO2(iface);
    if (cancel_id == NULL || errors == NULL)
    {
        return E_POINTER;
    }
    *cancel_id = 0;
    *errors = NULL;
    SIM_ENTER_GROUP(group, IOPCAsyncIO2_Read);
    if (count == 0 || handles == NULL)
    {
        return E_INVALIDARG;
    }
    return start(group, count, handles, NULL, id, cancel_id, errors);
}

static HRESULT STDMETHODCALLTYPE group_async2_Write(IOPCAsyncIO2 *iface, DWORD count,
                                                    OPCHANDLE *handles, VARIANT *values, DWORD id,
                                                    DWORD *cancel_id, HRESULT **errors)
{
    struct sim_group *group = impl_from_IOPCAsyncIO2(iface);
    if (cancel_id == NULL || errors == NULL)
    {
        return E_POINTER;
    }
    *cancel_id = 0;
    *errors = NULL;
    SIM_ENTER_GROUP(group, IOPCAsyncIO2_Write);
    if (count == 0 || handles == NULL || values == NULL)
    {
        return E_INVALIDARG;
    }
    return start(group, count, handles, values, id, cancel_id, errors);
}

static bool has_active_items(struct sim_group *group)
{
    bool is_found = false;
    AcquireSRWLockShared(&group->lock);
    for (DWORD i = 0; i < group->item_places && group->is_active && !is_found; i++)
    {
        is_found = group->items[i].item != NULL && group->items[i].is_active;
    }
    ReleaseSRWLockShared(&group->lock);
    return is_found;
}

static HRESULT STDMETHODCALLTYPE group_async2_Refresh2(IOPCAsyncIO2 *iface, OPCDATASOURCE source,
                                                       DWORD id, DWORD *cancel_id)
{
    struct sim_group *group = impl_from_IOPCAsyncIO2(iface);
    if (cancel_id == NULL)
    {
        return E_POINTER;
    }
    *cancel_id = 0;
    SIM_ENTER_GROUP(group, IOPCAsyncIO2_Refresh2);
    if (source != OPC_DS_CACHE && source != OPC_DS_DEVICE)
    {
        return E_INVALIDARG;
    }
    if (!sim_connection_is_advised(&group->connection))
    {
        return CONNECT_E_NOCONNECTION;
    }
    if (!has_active_items(group))
    {
        return E_FAIL;
    }
    struct sim_transaction *transaction = sim_transaction_create(SIM_TRANSACTION_REFRESH, id, 0);
    return transaction != NULL ? sim_transaction_queue(group, transaction, cancel_id)
                               : E_OUTOFMEMORY;
}

static HRESULT STDMETHODCALLTYPE group_async2_Cancel2(IOPCAsyncIO2 *iface, DWORD cancel_id)
{
    struct sim_group *group = impl_from_IOPCAsyncIO2(iface);
    SIM_ENTER_GROUP(group, IOPCAsyncIO2_Cancel2);
    return sim_transaction_cancel(group, cancel_id);
}

static HRESULT STDMETHODCALLTYPE group_async2_SetEnable(IOPCAsyncIO2 *iface, BOOL is_enabled)
{
    struct sim_group *group = impl_from_IOPCAsyncIO2(iface);
    SIM_ENTER_GROUP(group, IOPCAsyncIO2_SetEnable);
    if (!sim_connection_is_advised(&group->connection))
    {
        return CONNECT_E_NOCONNECTION;
    }
    sim_updater_enable(group, is_enabled != FALSE);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE group_async2_GetEnable(IOPCAsyncIO2 *iface, BOOL *is_enabled)
{
    struct sim_group *group = impl_from_IOPCAsyncIO2(iface);
    if (is_enabled == NULL)
    {
        return E_POINTER;
    }
    *is_enabled = FALSE;
    SIM_ENTER_GROUP(group, IOPCAsyncIO2_GetEnable);
    if (!sim_connection_is_advised(&group->connection))
    {
        return CONNECT_E_NOCONNECTION;
    }
    AcquireSRWLockShared(&group->lock);
    *is_enabled = group->is_enabled;
    ReleaseSRWLockShared(&group->lock);
    return S_OK;
}

const IOPCAsyncIO2Vtbl sim_group_async_vtable = {
    group_async2_QueryInterface, group_async2_AddRef,    group_async2_Release,
    group_async2_Read,           group_async2_Write,     group_async2_Refresh2,
    group_async2_Cancel2,        group_async2_SetEnable, group_async2_GetEnable,
};
