#include "clock.h"
#include "gate.h"
#include "group.h"
#include "group3.h"
#include "journal.h"

#include <opc/opcerror.h>

static struct sim_group *impl_from_IOPCSyncIO2(IOPCSyncIO2 *iface)
{
    return CONTAINING_RECORD(iface, struct sim_group, IOPCSyncIO2_iface);
}

static HRESULT STDMETHODCALLTYPE group_sync_QueryInterface(IOPCSyncIO2 *iface, REFIID iid,
                                                           void **object)
{
    return sim_group_query(impl_from_IOPCSyncIO2(iface), iid, object);
}

static ULONG STDMETHODCALLTYPE group_sync_AddRef(IOPCSyncIO2 *iface)
{
    return sim_group_add_ref(impl_from_IOPCSyncIO2(iface));
}

static ULONG STDMETHODCALLTYPE group_sync_Release(IOPCSyncIO2 *iface)
{
    return sim_group_release(impl_from_IOPCSyncIO2(iface));
}

static HRESULT read_item(struct sim_group *group, OPCDATASOURCE source, DWORD handle,
                         int64_t now_ms, OPCITEMSTATE *state)
{
    struct sim_group_item *item = sim_group_find_item(group, handle);
    if (item == NULL)
    {
        return OPC_E_INVALIDHANDLE;
    }
    struct sim_vqt vqt;
    HRESULT result = sim_group_read(group, item, source, now_ms, &vqt);
    state->hClient = item->client_handle;
    state->ftTimeStamp = vqt.stamp;
    state->wQuality = vqt.quality;
    state->vDataValue = vqt.value;
    return result;
}

static HRESULT STDMETHODCALLTYPE group_sync_Read(IOPCSyncIO2 *iface, OPCDATASOURCE source,
                                                 DWORD count, OPCHANDLE *handles,
                                                 OPCITEMSTATE **values, HRESULT **errors)
{
    struct sim_group *group = impl_from_IOPCSyncIO2(iface);
    if (values == NULL || errors == NULL)
    {
        return E_POINTER;
    }
    *values = NULL;
    *errors = NULL;
    SIM_ENTER_GROUP(group, IOPCSyncIO_Read);
    if (count == 0 || handles == NULL || (source != OPC_DS_CACHE && source != OPC_DS_DEVICE))
    {
        return E_INVALIDARG;
    }
    OPCITEMSTATE *state = CoTaskMemAlloc(count * sizeof(*state));
    HRESULT *error = CoTaskMemAlloc(count * sizeof(*error));
    if (state == NULL || error == NULL)
    {
        CoTaskMemFree(state);
        CoTaskMemFree(error);
        return E_OUTOFMEMORY;
    }
    HRESULT overall = S_OK;
    int64_t now_ms = sim_clock_now();
    AcquireSRWLockShared(&group->lock);
    for (DWORD i = 0; i < count; i++)
    {
        state[i] = (OPCITEMSTATE){.hClient = 0};
        error[i] = read_item(group, source, handles[i], now_ms, &state[i]);
        overall = error[i] == S_OK ? overall : S_FALSE;
    }
    ReleaseSRWLockShared(&group->lock);
    sim_server_note_update(group->server);
    *values = state;
    *errors = error;
    return overall;
}

static HRESULT write_item(struct sim_group *group, DWORD handle, const VARIANT *value)
{
    struct sim_group_item *item = sim_group_find_item(group, handle);
    if (item == NULL)
    {
        return OPC_E_INVALIDHANDLE;
    }
    HRESULT result = sim_device_write(item->item, value, group->locale);
    sim_journal_write(group->handle, 0, result, item->item->node->id, value);
    return result;
}

static HRESULT STDMETHODCALLTYPE group_sync_Write(IOPCSyncIO2 *iface, DWORD count,
                                                  OPCHANDLE *handles, VARIANT *values,
                                                  HRESULT **errors)
{
    struct sim_group *group = impl_from_IOPCSyncIO2(iface);
    if (errors == NULL)
    {
        return E_POINTER;
    }
    *errors = NULL;
    SIM_ENTER_GROUP(group, IOPCSyncIO_Write);
    if (count == 0 || handles == NULL || values == NULL)
    {
        return E_INVALIDARG;
    }
    HRESULT *error = CoTaskMemAlloc(count * sizeof(*error));
    if (error == NULL)
    {
        return E_OUTOFMEMORY;
    }
    HRESULT overall = S_OK;
    AcquireSRWLockShared(&group->lock);
    for (DWORD i = 0; i < count; i++)
    {
        error[i] = write_item(group, handles[i], &values[i]);
        overall = error[i] == S_OK ? overall : S_FALSE;
    }
    ReleaseSRWLockShared(&group->lock);
    *errors = error;
    return overall;
}

const IOPCSyncIO2Vtbl sim_group_sync_vtable = {
    group_sync_QueryInterface, group_sync_AddRef, group_sync_Release,
    group_sync_Read,           group_sync_Write,  sim_group_sync2_ReadMaxAge,
    sim_group_sync2_WriteVQT,
};
