#include <opc/opcerror.h>

#include "group/group_object.h"
#include "group/item_setting.h"
#include "link/link.h"

static struct rm_group *impl_from_IOPCItemSamplingMgt(IOPCItemSamplingMgt *iface)
{
    return CONTAINING_RECORD(iface, struct rm_group, IOPCItemSamplingMgt_iface);
}

static HRESULT STDMETHODCALLTYPE group_sampling_QueryInterface(IOPCItemSamplingMgt *iface,
                                                               REFIID iid, void **out)
{
    return rm_group_object_query(impl_from_IOPCItemSamplingMgt(iface), iid, out);
}

static ULONG STDMETHODCALLTYPE group_sampling_AddRef(IOPCItemSamplingMgt *iface)
{
    return rm_group_object_add_ref(impl_from_IOPCItemSamplingMgt(iface));
}

static ULONG STDMETHODCALLTYPE group_sampling_Release(IOPCItemSamplingMgt *iface)
{
    return rm_group_object_release(impl_from_IOPCItemSamplingMgt(iface));
}

static HRESULT send_set_rate(void *real, DWORD count, OPCHANDLE *handles, void *inputs,
                             void **results, HRESULT **errors)
{
    DWORD *revised = NULL;
    HRESULT hr = IOPCItemSamplingMgt_SetItemSamplingRate((IOPCItemSamplingMgt *)real, count,
                                                         handles, inputs, &revised, errors);

    *results = revised;
    return hr;
}

static void apply_rate(struct rm_item_settings *settings, struct rm_item *item, const void *input,
                       const void *result, HRESULT error)
{
    if (FAILED(error))
        return;
    settings->has_rate = true;
    settings->rate_ms = *(const DWORD *)input;
    if (item)
        item->revised_sampling_ms = *(const DWORD *)result;
}

static const struct rm_item_setting set_rate_setting = {
    .call_class = RM_ITEM_SETTING_CHANGE("IOPCItemSamplingMgt::SetItemSamplingRate"),
    .which = RM_GROUP_SAMPLING_MGT,
    .input_size = sizeof(DWORD),
    .result_size = sizeof(DWORD),
    .send = send_set_rate,
    .apply = apply_rate,
};

static HRESULT STDMETHODCALLTYPE group_sampling_SetItemSamplingRate(IOPCItemSamplingMgt *iface,
                                                                    DWORD count, OPCHANDLE *handles,
                                                                    DWORD *rates_ms,
                                                                    DWORD **revised_ms,
                                                                    HRESULT **errors)
{
    void *results = NULL;
    HRESULT hr =
        rm_item_setting_call(impl_from_IOPCItemSamplingMgt(iface), &set_rate_setting, count,
                             handles, rates_ms, revised_ms ? &results : NULL, errors);

    if (revised_ms)
        *revised_ms = results;
    return hr;
}

static HRESULT send_get_rate(void *real, DWORD count, OPCHANDLE *handles, void *inputs,
                             void **results, HRESULT **errors)
{
    DWORD *rates_ms = NULL;
    HRESULT hr = IOPCItemSamplingMgt_GetItemSamplingRate((IOPCItemSamplingMgt *)real, count,
                                                         handles, &rates_ms, errors);

    (void)inputs;
    *results = rates_ms;
    return hr;
}

static const struct rm_item_setting get_rate_setting = {
    .call_class = RM_ITEM_SETTING_QUERY("IOPCItemSamplingMgt::GetItemSamplingRate"),
    .which = RM_GROUP_SAMPLING_MGT,
    .result_size = sizeof(DWORD),
    .send = send_get_rate,
};

static HRESULT STDMETHODCALLTYPE group_sampling_GetItemSamplingRate(IOPCItemSamplingMgt *iface,
                                                                    DWORD count, OPCHANDLE *handles,
                                                                    DWORD **rates_ms,
                                                                    HRESULT **errors)
{
    void *results = NULL;
    HRESULT hr = rm_item_setting_call(impl_from_IOPCItemSamplingMgt(iface), &get_rate_setting,
                                      count, handles, NULL, rates_ms ? &results : NULL, errors);

    if (rates_ms)
        *rates_ms = results;
    return hr;
}

static HRESULT send_clear_rate(void *real, DWORD count, OPCHANDLE *handles, void *inputs,
                               void **results, HRESULT **errors)
{
    (void)inputs, (void)results;
    return IOPCItemSamplingMgt_ClearItemSamplingRate((IOPCItemSamplingMgt *)real, count, handles,
                                                     errors);
}

/* A machine that has none may say so; after that the client counts on there being none anywhere. */
static void apply_clear_rate(struct rm_item_settings *settings, struct rm_item *item,
                             const void *input, const void *result, HRESULT error)
{
    (void)item, (void)input, (void)result;
    if (SUCCEEDED(error) || error == OPC_E_RATENOTSET)
        settings->has_rate = false;
}

static const struct rm_item_setting clear_rate_setting = {
    .call_class = RM_ITEM_SETTING_CHANGE("IOPCItemSamplingMgt::ClearItemSamplingRate"),
    .which = RM_GROUP_SAMPLING_MGT,
    .send = send_clear_rate,
    .apply = apply_clear_rate,
};

static HRESULT STDMETHODCALLTYPE group_sampling_ClearItemSamplingRate(IOPCItemSamplingMgt *iface,
                                                                      DWORD count,
                                                                      OPCHANDLE *handles,
                                                                      HRESULT **errors)
{
    return rm_item_setting_call(impl_from_IOPCItemSamplingMgt(iface), &clear_rate_setting, count,
                                handles, NULL, NULL, errors);
}

static HRESULT send_set_buffer(void *real, DWORD count, OPCHANDLE *handles, void *inputs,
                               void **results, HRESULT **errors)
{
    (void)results;
    return IOPCItemSamplingMgt_SetItemBufferEnable((IOPCItemSamplingMgt *)real, count, handles,
                                                   inputs, errors);
}

static void apply_buffer(struct rm_item_settings *settings, struct rm_item *item, const void *input,
                         const void *result, HRESULT error)
{
    (void)item, (void)result;
    if (SUCCEEDED(error))
        settings->is_buffered = *(const BOOL *)input;
}

static const struct rm_item_setting set_buffer_setting = {
    .call_class = RM_ITEM_SETTING_CHANGE("IOPCItemSamplingMgt::SetItemBufferEnable"),
    .which = RM_GROUP_SAMPLING_MGT,
    .input_size = sizeof(BOOL),
    .send = send_set_buffer,
    .apply = apply_buffer,
};

static HRESULT STDMETHODCALLTYPE group_sampling_SetItemBufferEnable(IOPCItemSamplingMgt *iface,
                                                                    DWORD count, OPCHANDLE *handles,
                                                                    BOOL *are_buffered,
                                                                    HRESULT **errors)
{
    return rm_item_setting_call(impl_from_IOPCItemSamplingMgt(iface), &set_buffer_setting, count,
                                handles, are_buffered, NULL, errors);
}

static HRESULT send_get_buffer(void *real, DWORD count, OPCHANDLE *handles, void *inputs,
                               void **results, HRESULT **errors)
{
    BOOL *are_buffered = NULL;
    HRESULT hr = IOPCItemSamplingMgt_GetItemBufferEnable((IOPCItemSamplingMgt *)real, count,
                                                         handles, &are_buffered, errors);

    (void)inputs;
    *results = are_buffered;
    return hr;
}

static const struct rm_item_setting get_buffer_setting = {
    .call_class = RM_ITEM_SETTING_QUERY("IOPCItemSamplingMgt::GetItemBufferEnable"),
    .which = RM_GROUP_SAMPLING_MGT,
    .result_size = sizeof(BOOL),
    .send = send_get_buffer,
};

static HRESULT STDMETHODCALLTYPE group_sampling_GetItemBufferEnable(IOPCItemSamplingMgt *iface,
                                                                    DWORD count, OPCHANDLE *handles,
                                                                    BOOL **are_buffered,
                                                                    HRESULT **errors)
{
    void *results = NULL;
    HRESULT hr = rm_item_setting_call(impl_from_IOPCItemSamplingMgt(iface), &get_buffer_setting,
                                      count, handles, NULL, are_buffered ? &results : NULL, errors);

    if (are_buffered)
        *are_buffered = results;
    return hr;
}

const IOPCItemSamplingMgtVtbl rm_group_sampling_vtbl = {
    group_sampling_QueryInterface,
    group_sampling_AddRef,
    group_sampling_Release,
    group_sampling_SetItemSamplingRate,
    group_sampling_GetItemSamplingRate,
    group_sampling_ClearItemSamplingRate,
    group_sampling_SetItemBufferEnable,
    group_sampling_GetItemBufferEnable,
};
