#include "gate.h"
#include "group3.h"
#include "taskarray.h"

#include <opc/opcerror.h>

static struct sim_group *impl_from_IOPCItemDeadbandMgt(IOPCItemDeadbandMgt *iface)
{
    return CONTAINING_RECORD(iface, struct sim_group, IOPCItemDeadbandMgt_iface);
}

static HRESULT STDMETHODCALLTYPE group_deadband_QueryInterface(IOPCItemDeadbandMgt *iface,
                                                               REFIID iid, void **object)
{
    return sim_group_query(impl_from_IOPCItemDeadbandMgt(iface), iid, object);
}

static ULONG STDMETHODCALLTYPE group_deadband_AddRef(IOPCItemDeadbandMgt *iface)
{
    return sim_group_add_ref(impl_from_IOPCItemDeadbandMgt(iface));
}

static ULONG STDMETHODCALLTYPE group_deadband_Release(IOPCItemDeadbandMgt *iface)
{
    return sim_group_release(impl_from_IOPCItemDeadbandMgt(iface));
}

static HRESULT set_deadband(struct sim_group *group, struct sim_group_item *item, DWORD i,
                            const void *context)
{
    (void)group;
    FLOAT deadband = ((const FLOAT *)context)[i];
    if (item->item->eu != SIM_EU_ANALOG)
    {
        return OPC_E_DEADBANDNOTSUPPORTED;
    }
    if (!(deadband >= 0 && deadband <= 100))
    {
        return E_INVALIDARG;
    }
    item->has_deadband = true;
    item->deadband = deadband;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE group_deadband_SetItemDeadband(IOPCItemDeadbandMgt *iface,
                                                                DWORD count, OPCHANDLE *handles,
                                                                FLOAT *deadbands, HRESULT **errors)
{
    struct sim_group *group = impl_from_IOPCItemDeadbandMgt(iface);
    if (errors == NULL)
    {
        return E_POINTER;
    }
    *errors = NULL;
    SIM_ENTER_GROUP(group, IOPCItemDeadbandMgt_SetItemDeadband);
    if (count == 0 || handles == NULL || deadbands == NULL)
    {
        return E_INVALIDARG;
    }
    return sim_group_change_items(group, count, handles, errors, set_deadband, deadbands);
}

static HRESULT check_deadband(const struct sim_group_item *item)
{
    if (item->item->eu != SIM_EU_ANALOG)
    {
        return OPC_E_DEADBANDNOTSUPPORTED;
    }
    return item->has_deadband ? S_OK : OPC_E_DEADBANDNOTSET;
}

static HRESULT get_deadband(struct sim_group *group, struct sim_group_item *item, DWORD i,
                            const void *context)
{
    (void)group;
    FLOAT *const *deadbands = context;
    HRESULT result = check_deadband(item);
    if (result == S_OK)
    {
        (*deadbands)[i] = item->deadband;
    }
    return result;
}

static HRESULT STDMETHODCALLTYPE group_deadband_GetItemDeadband(IOPCItemDeadbandMgt *iface,
                                                                DWORD count, OPCHANDLE *handles,
                                                                FLOAT **deadbands, HRESULT **errors)
{
    struct sim_group *group = impl_from_IOPCItemDeadbandMgt(iface);
    if (deadbands == NULL || errors == NULL)
    {
        return E_POINTER;
    }
    *deadbands = NULL;
    *errors = NULL;
    SIM_ENTER_GROUP(group, IOPCItemDeadbandMgt_GetItemDeadband);
    if (count == 0 || handles == NULL)
    {
        return E_INVALIDARG;
    }
    FLOAT *list = sim_task_array(count, sizeof(*list));
    HRESULT result =
        list != NULL ? sim_group_change_items(group, count, handles, errors, get_deadband, &list)
                     : E_OUTOFMEMORY;
    if (FAILED(result))
    {
        CoTaskMemFree(list);
        list = NULL;
    }
    *deadbands = list;
    return result;
}

static HRESULT clear_deadband(struct sim_group *group, struct sim_group_item *item, DWORD i,
                              const void *context)
{
    (void)group;
    (void)i;
    (void)context;
    HRESULT result = check_deadband(item);
    item->has_deadband = false;
    return result;
}

static HRESULT STDMETHODCALLTYPE group_deadband_ClearItemDeadband(IOPCItemDeadbandMgt *iface,
                                                                  DWORD count, OPCHANDLE *handles,
                                                                  HRESULT **errors)
{
    struct sim_group *group = impl_from_IOPCItemDeadbandMgt(iface);
    if (errors == NULL)
    {
        return E_POINTER;
    }
    *errors = NULL;
    SIM_ENTER_GROUP(group, IOPCItemDeadbandMgt_ClearItemDeadband);
    if (count == 0 || handles == NULL)
    {
        return E_INVALIDARG;
    }
    return sim_group_change_items(group, count, handles, errors, clear_deadband, NULL);
}

const IOPCItemDeadbandMgtVtbl sim_group_deadband_vtable = {
    group_deadband_QueryInterface,  group_deadband_AddRef,
    group_deadband_Release,         group_deadband_SetItemDeadband,
    group_deadband_GetItemDeadband, group_deadband_ClearItemDeadband,
};
