#include "async.h"
#include "clock.h"
#include "difficulty.h"
#include "gate.h"
#include "group.h"
#include "group3.h"
#include "module.h"
#include "transaction.h"
#include "updater.h"

#include <opc/opcconst.h>
#include <opc/opcerror.h>

static struct sim_group *impl_from_IOPCAsyncIO3(IOPCAsyncIO3 *iface)
{
    return CONTAINING_RECORD(iface, struct sim_group, IOPCAsyncIO3_iface);
}

static HRESULT STDMETHODCALLTYPE group_async2_QueryInterface(IOPCAsyncIO3 *iface, REFIID iid,
                                                             void **object)
{
    return sim_group_query(impl_from_IOPCAsyncIO3(iface), iid, object);
}

static ULONG STDMETHODCALLTYPE group_async2_AddRef(IOPCAsyncIO3 *iface)
{
    return sim_group_add_ref(impl_from_IOPCAsyncIO3(iface));
}

static ULONG STDMETHODCALLTYPE group_async2_Release(IOPCAsyncIO3 *iface)
{
    return sim_group_release(impl_from_IOPCAsyncIO3(iface));
}

/* What can be said before the device is asked. */
static HRESULT check_item(const struct sim_group_item *item,
                          const struct sim_async_request *request, DWORD i)
{
    if (item == NULL)
    {
        return OPC_E_INVALIDHANDLE;
    }
    const struct sim_item *target = item->item;
    if (request->values == NULL && request->vqts == NULL)
    {
        return (target->rights & OPC_READABLE) != 0 ? S_OK : OPC_E_BADRIGHTS;
    }
    if ((target->rights & OPC_WRITEABLE) == 0)
    {
        return OPC_E_BADRIGHTS;
    }
    if (request->vqts != NULL)
    {
        const OPCITEMVQT *vqt = &request->vqts[i];
        bool is_supported =
            target->takes_quality || !(vqt->bQualitySpecified || vqt->bTimeStampSpecified);
        return is_supported ? sim_value_check_type(target->type, V_VT(&vqt->vDataValue))
                            : OPC_E_NOTSUPPORTED;
    }
    VARTYPE type = V_VT(&request->values[i]);
    return type != VT_EMPTY ? sim_value_check_type(target->type, type) : OPC_E_BADTYPE;
}

static HRESULT copy_vqt(OPCITEMVQT *target, const struct sim_async_request *request, DWORD i)
{
    if (request->vqts != NULL)
    {
        *target = request->vqts[i];
        return sim_value_copy(&target->vDataValue, &request->vqts[i].vDataValue);
    }
    return request->values != NULL ? sim_value_copy(&target->vDataValue, &request->values[i])
                                   : S_OK;
}

/* Puts the items that pass the first check into the transaction. */
static HRESULT collect(struct sim_group *group, const struct sim_async_request *request,
                       struct sim_transaction *transaction, HRESULT *errors)
{
    HRESULT overall = S_OK;
    int64_t now_ms = sim_clock_now();
    AcquireSRWLockShared(&group->lock);
    for (DWORD i = 0; i < request->count; i++)
    {
        const struct sim_group_item *item = sim_group_find_item(group, request->handles[i]);
        struct sim_transaction_item *target = &transaction->items[transaction->count];
        errors[i] = check_item(item, request, i);
        if (SUCCEEDED(errors[i]))
        {
            errors[i] = copy_vqt(&target->vqt, request, i);
        }
        if (SUCCEEDED(errors[i]))
        {
            target->server_handle = request->handles[i];
            target->client_handle = item->client_handle;
            target->source = request->max_ages != NULL
                                 ? sim_group_source(group, item, request->max_ages[i], now_ms)
                                 : OPC_DS_DEVICE;
            transaction->count++;
        }
        overall = errors[i] == S_OK ? overall : S_FALSE;
    }
    ReleaseSRWLockShared(&group->lock);
    return overall;
}

HRESULT sim_async_start(struct sim_group *group, const struct sim_async_request *request,
                        DWORD *cancel_id, HRESULT **errors)
{
    if (!sim_connection_is_advised(&group->connection))
    {
        return CONNECT_E_NOCONNECTION;
    }
    bool is_read = request->values == NULL && request->vqts == NULL;
    struct sim_transaction *transaction = sim_transaction_create(
        is_read ? SIM_TRANSACTION_READ : SIM_TRANSACTION_WRITE, request->id, request->count);
    HRESULT *error = CoTaskMemAlloc(request->count * sizeof(*error));
    if (transaction == NULL || error == NULL)
    {
        CoTaskMemFree(error);
        if (transaction != NULL)
        {
            sim_transaction_free(transaction);
        }
        return E_OUTOFMEMORY;
    }
    HRESULT overall = collect(group, request, transaction, error);
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

static HRESULT STDMETHODCALLTYPE group_async2_Read(IOPCAsyncIO3 *iface, DWORD count,
                                                   OPCHANDLE *handles, DWORD id, DWORD *cancel_id,
                                                   HRESULT **errors)
{
    struct sim_group *group = impl_from_IOPCAsyncIO3(iface);
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
    struct sim_async_request request = {.count = count, .handles = handles, .id = id};
    return sim_async_start(group, &request, cancel_id, errors);
}

static HRESULT STDMETHODCALLTYPE group_async2_Write(IOPCAsyncIO3 *iface, DWORD count,
                                                    OPCHANDLE *handles, VARIANT *values, DWORD id,
                                                    DWORD *cancel_id, HRESULT **errors)
{
    struct sim_group *group = impl_from_IOPCAsyncIO3(iface);
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
    struct sim_async_request request = {
        .count = count, .handles = handles, .values = values, .id = id};
    return sim_async_start(group, &request, cancel_id, errors);
}

static bool has_active_items(struct sim_group *group, bool is_of_all)
{
    bool is_found = false;
    AcquireSRWLockShared(&group->lock);
    for (DWORD i = 0; i < group->item_places && group->is_active && !is_found; i++)
    {
        is_found = group->items[i].item != NULL && (is_of_all || group->items[i].is_active);
    }
    ReleaseSRWLockShared(&group->lock);
    return is_found;
}

HRESULT sim_async_refresh(struct sim_group *group, bool is_of_all, DWORD id, DWORD *cancel_id)
{
    *cancel_id = sim_difficulty_remains();
    if (!sim_connection_is_advised(&group->connection))
    {
        return CONNECT_E_NOCONNECTION;
    }
    if (!has_active_items(group, is_of_all))
    {
        return E_FAIL;
    }
    struct sim_transaction *transaction = sim_transaction_create(SIM_TRANSACTION_REFRESH, id, 0);
    if (transaction == NULL)
    {
        return E_OUTOFMEMORY;
    }
    transaction->is_of_all = is_of_all;
    return sim_transaction_queue(group, transaction, cancel_id);
}

static HRESULT STDMETHODCALLTYPE group_async2_Refresh2(IOPCAsyncIO3 *iface, OPCDATASOURCE source,
                                                       DWORD id, DWORD *cancel_id)
{
    struct sim_group *group = impl_from_IOPCAsyncIO3(iface);
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
    bool is_of_all = source == OPC_DS_DEVICE && sim_difficulty_is_other_dialect();
    return sim_async_refresh(group, is_of_all, id, cancel_id);
}

static HRESULT STDMETHODCALLTYPE group_async2_Cancel2(IOPCAsyncIO3 *iface, DWORD cancel_id)
{
    struct sim_group *group = impl_from_IOPCAsyncIO3(iface);
    SIM_ENTER_GROUP(group, IOPCAsyncIO2_Cancel2);
    return sim_transaction_cancel(group, cancel_id);
}

static HRESULT STDMETHODCALLTYPE group_async2_SetEnable(IOPCAsyncIO3 *iface, BOOL is_enabled)
{
    struct sim_group *group = impl_from_IOPCAsyncIO3(iface);
    SIM_ENTER_GROUP(group, IOPCAsyncIO2_SetEnable);
    if (!sim_connection_is_advised(&group->connection))
    {
        return CONNECT_E_NOCONNECTION;
    }
    sim_updater_enable(group, is_enabled != FALSE);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE group_async2_GetEnable(IOPCAsyncIO3 *iface, BOOL *is_enabled)
{
    struct sim_group *group = impl_from_IOPCAsyncIO3(iface);
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

const IOPCAsyncIO3Vtbl sim_group_async_vtable = {
    group_async2_QueryInterface, group_async2_AddRef,       group_async2_Release,
    group_async2_Read,           group_async2_Write,        group_async2_Refresh2,
    group_async2_Cancel2,        group_async2_SetEnable,    group_async2_GetEnable,
    sim_group_async3_ReadMaxAge, sim_group_async3_WriteVQT, sim_group_async3_RefreshMaxAge,
};
