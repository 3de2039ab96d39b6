#include <opc/opcerror.h>

#include "group/group_object.h"
#include "group/item_setting.h"
#include "link/link.h"

static struct rm_group *impl_from_IOPCItemDeadbandMgt(IOPCItemDeadbandMgt *iface)
{
    return CONTAINING_RECORD(iface, struct rm_group, IOPCItemDeadbandMgt_iface);
}

static HRESULT STDMETHODCALLTYPE group_deadband_QueryInterface(IOPCItemDeadbandMgt *iface,
                                                               REFIID iid, void **out)
{
    return rm_group_object_query(impl_from_IOPCItemDeadbandMgt(iface), iid, out);
}

static ULONG STDMETHODCALLTYPE group_deadband_AddRef(IOPCItemDeadbandMgt *iface)
{
    return rm_group_object_add_ref(impl_from_IOPCItemDeadbandMgt(iface));
}

static ULONG STDMETHODCALLTYPE group_deadband_Release(IOPCItemDeadbandMgt *iface)
{
    return rm_group_object_release(impl_from_IOPCItemDeadbandMgt(iface));
}

static HRESULT send_set(void *real, DWORD count, OPCHANDLE *handles, void *inputs, void **results,
                        HRESULT **errors)
{
    (void)results;
    return IOPCItemDeadbandMgt_SetItemDeadband((IOPCItemDeadbandMgt *)real, count, handles, inputs,
                                               errors);
}

static void apply_set(struct rm_item_settings *settings, struct rm_item *item, const void *input,
                      const void *result, HRESULT error)
{
    (void)item, (void)result;
    if (FAILED(error))
        return;
    settings->has_deadband = true;
    settings->deadband = *(const FLOAT *)input;
}

static const struct rm_item_setting set_setting = {
    .call_class = RM_ITEM_SETTING_CHANGE("IOPCItemDeadbandMgt::SetItemDeadband"),
    .which = RM_GROUP_DEADBAND_MGT,
    .input_size = sizeof(FLOAT),
    .send = send_set,
    .apply = apply_set,
};

static HRESULT STDMETHODCALLTYPE group_deadband_SetItemDeadband(IOPCItemDeadbandMgt *iface,
                                                                DWORD count, OPCHANDLE *handles,
                                                                FLOAT *deadbands, HRESULT **errors)
{
    return rm_item_setting_call(impl_from_IOPCItemDeadbandMgt(iface), &set_setting, count, handles,
                                deadbands, NULL, errors);
}

static HRESULT send_get(void *real, DWORD count, OPCHANDLE *handles, void *inputs, void **results,
                        HRESULT **errors)
{
    FLOAT *deadbands = NULL;
    HRESULT hr = IOPCItemDeadbandMgt_GetItemDeadband((IOPCItemDeadbandMgt *)real, count, handles,
                                                     &deadbands, errors);

    (void)inputs;
    *results = deadbands;
    return hr;
}

static const struct rm_item_setting get_setting = {
    .call_class = RM_ITEM_SETTING_QUERY("IOPCItemDeadbandMgt::GetItemDeadband"),
    .which = RM_GROUP_DEADBAND_MGT,
    .result_size = sizeof(FLOAT),
    .send = send_get,
};

static HRESULT STDMETHODCALLTYPE group_deadband_GetItemDeadband(IOPCItemDeadbandMgt *iface,
                                                                DWORD count, OPCHANDLE *handles,
                                                                FLOAT **deadbands, HRESULT **errors)
{
    void *results = NULL;
    HRESULT hr = rm_item_setting_call(impl_from_IOPCItemDeadbandMgt(iface), &get_setting, count,
                                      handles, NULL, deadbands ? &results : NULL, errors);

    if (deadbands)
        *deadbands = results;
    return hr;
}

static HRESULT send_clear(void *real, DWORD count, OPCHANDLE *handles, void *inputs, void **results,
                          HRESULT **errors)
{
    (void)inputs, (void)results;
    return IOPCItemDeadbandMgt_ClearItemDeadband((IOPCItemDeadbandMgt *)real, count, handles,
                                                 errors);
}

/* A machine that has none says so; after that the client counts on there being none anywhere. */
static void apply_clear(struct rm_item_settings *settings, struct rm_item *item, const void *input,
                        const void *result, HRESULT error)
{
    (void)item, (void)input, (void)result;
    if (SUCCEEDED(error) || error == OPC_E_DEADBANDNOTSET)
        settings->has_deadband = false;
}

static const struct rm_item_setting clear_setting = {
    .call_class = RM_ITEM_SETTING_CHANGE("IOPCItemDeadbandMgt::ClearItemDeadband"),
    .which = RM_GROUP_DEADBAND_MGT,
    .send = send_clear,
    .apply = apply_clear,
};

static HRESULT STDMETHODCALLTYPE group_deadband_ClearItemDeadband(IOPCItemDeadbandMgt *iface,
                                                                  DWORD count, OPCHANDLE *handles,
                                                                  HRESULT **errors)
{
    return rm_item_setting_call(impl_from_IOPCItemDeadbandMgt(iface), &clear_setting, count,
                                handles, NULL, NULL, errors);
}

const IOPCItemDeadbandMgtVtbl rm_group_deadband_vtbl = {
    group_deadband_QueryInterface,  group_deadband_AddRef,
    group_deadband_Release,         group_deadband_SetItemDeadband,
    group_deadband_GetItemDeadband, group_deadband_ClearItemDeadband,
};
