#include "clock.h"
#include "gate.h"
#include "group3.h"
#include "sampling.h"
#include "taskarray.h"

#include <opc/opcerror.h>

static struct sim_group *impl_from_IOPCItemSamplingMgt(IOPCItemSamplingMgt *iface)
{
    return CONTAINING_RECORD(iface, struct sim_group, IOPCItemSamplingMgt_iface);
}

static HRESULT STDMETHODCALLTYPE group_sampling_QueryInterface(IOPCItemSamplingMgt *iface,
                                                               REFIID iid, void **object)
{
    return sim_group_query(impl_from_IOPCItemSamplingMgt(iface), iid, object);
}

static ULONG STDMETHODCALLTYPE group_sampling_AddRef(IOPCItemSamplingMgt *iface)
{
    return sim_group_add_ref(impl_from_IOPCItemSamplingMgt(iface));
}

static ULONG STDMETHODCALLTYPE group_sampling_Release(IOPCItemSamplingMgt *iface)
{
    return sim_group_release(impl_from_IOPCItemSamplingMgt(iface));
}

/* Rates that a client asks for, and where the revised ones go. */
struct rates
{
    const DWORD *requested;
    DWORD *revised;
};

static HRESULT set_rate(struct sim_group *group, struct sim_group_item *item, DWORD i,
                        const void *context)
{
    const struct rates *rates = context;
    DWORD revised = sim_group_revise_rate(rates->requested[i]);
    if (item->sampling == NULL)
    {
        item->sampling = sim_sampling_create();
        group->sampled_count += item->sampling != NULL;
    }
    if (item->sampling == NULL)
    {
        return E_OUTOFMEMORY;
    }
    sim_sampling_set_rate(item->sampling, revised, sim_clock_now());
    rates->revised[i] = revised;
    return revised == rates->requested[i] ? S_OK : OPC_S_UNSUPPORTEDRATE;
}

/* Those of the methods that return one number per item; `context` is a struct rates. */
static HRESULT change_to_list(struct sim_group *group, DWORD count, const OPCHANDLE *handles,
                              const DWORD *requested, DWORD **list, HRESULT **errors,
                              sim_change_item change)
{
    struct rates rates = {requested, sim_task_array(count, sizeof(DWORD))};
    HRESULT result = rates.revised != NULL
                         ? sim_group_change_items(group, count, handles, errors, change, &rates)
                         : E_OUTOFMEMORY;
    if (FAILED(result))
    {
        CoTaskMemFree(rates.revised);
        rates.revised = NULL;
    }
    *list = rates.revised;
    return result;
}

static HRESULT STDMETHODCALLTYPE group_sampling_SetItemSamplingRate(IOPCItemSamplingMgt *iface,
                                                                    DWORD count, OPCHANDLE *handles,
                                                                    DWORD *requested,
                                                                    DWORD **revised,
                                                                    HRESULT **errors)
{
    struct sim_group *group = impl_from_IOPCItemSamplingMgt(iface);
    if (revised == NULL || errors == NULL)
    {
        return E_POINTER;
    }
    *revised = NULL;
    *errors = NULL;
    SIM_ENTER_GROUP(group, IOPCItemSamplingMgt_SetItemSamplingRate);
    if (count == 0 || handles == NULL || requested == NULL)
    {
        return E_INVALIDARG;
    }
    return change_to_list(group, count, handles, requested, revised, errors, set_rate);
}

static HRESULT get_rate(struct sim_group *group, struct sim_group_item *item, DWORD i,
                        const void *context)
{
    (void)group;
    const struct rates *rates = context;
    if (item->sampling == NULL)
    {
        return OPC_E_RATENOTSET;
    }
    rates->revised[i] = item->sampling->rate_ms;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE group_sampling_GetItemSamplingRate(IOPCItemSamplingMgt *iface,
                                                                    DWORD count, OPCHANDLE *handles,
                                                                    DWORD **rates, HRESULT **errors)
{
    struct sim_group *group = impl_from_IOPCItemSamplingMgt(iface);
    if (rates == NULL || errors == NULL)
    {
        return E_POINTER;
    }
    *rates = NULL;
    *errors = NULL;
    SIM_ENTER_GROUP(group, IOPCItemSamplingMgt_GetItemSamplingRate);
    if (count == 0 || handles == NULL)
    {
        return E_INVALIDARG;
    }
    return change_to_list(group, count, handles, NULL, rates, errors, get_rate);
}

/* Samples that wait are lost with the rate; the next update brings the item as it is then. */
static HRESULT clear_rate(struct sim_group *group, struct sim_group_item *item, DWORD i,
                          const void *context)
{
    (void)i;
    (void)context;
    if (item->sampling == NULL)
    {
        return OPC_E_RATENOTSET;
    }
    sim_sampling_free(item->sampling);
    item->sampling = NULL;
    item->is_pending = true;
    group->sampled_count--;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE group_sampling_ClearItemSamplingRate(IOPCItemSamplingMgt *iface,
                                                                      DWORD count,
                                                                      OPCHANDLE *handles,
                                                                      HRESULT **errors)
{
    struct sim_group *group = impl_from_IOPCItemSamplingMgt(iface);
    if (errors == NULL)
    {
        return E_POINTER;
    }
    *errors = NULL;
    SIM_ENTER_GROUP(group, IOPCItemSamplingMgt_ClearItemSamplingRate);
    if (count == 0 || handles == NULL)
    {
        return E_INVALIDARG;
    }
    return sim_group_change_items(group, count, handles, errors, clear_rate, NULL);
}

static HRESULT set_buffer(struct sim_group *group, struct sim_group_item *item, DWORD i,
                          const void *context)
{
    (void)group;
    item->is_buffered = ((const BOOL *)context)[i] != FALSE;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE group_sampling_SetItemBufferEnable(IOPCItemSamplingMgt *iface,
                                                                    DWORD count, OPCHANDLE *handles,
                                                                    BOOL *enabled, HRESULT **errors)
{
    struct sim_group *group = impl_from_IOPCItemSamplingMgt(iface);
    if (errors == NULL)
    {
        return E_POINTER;
    }
    *errors = NULL;
    SIM_ENTER_GROUP(group, IOPCItemSamplingMgt_SetItemBufferEnable);
    if (count == 0 || handles == NULL || enabled == NULL)
    {
        return E_INVALIDARG;
    }
    return sim_group_change_items(group, count, handles, errors, set_buffer, enabled);
}

static HRESULT get_buffer(struct sim_group *group, struct sim_group_item *item, DWORD i,
                          const void *context)
{
    (void)group;
    const struct rates *rates = context;
    rates->revised[i] = item->is_buffered;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE group_sampling_GetItemBufferEnable(IOPCItemSamplingMgt *iface,
                                                                    DWORD count, OPCHANDLE *handles,
                                                                    BOOL **enabled,
                                                                    HRESULT **errors)
{
    struct sim_group *group = impl_from_IOPCItemSamplingMgt(iface);
    DWORD *list = NULL;
    if (enabled == NULL || errors == NULL)
    {
        return E_POINTER;
    }
    *enabled = NULL;
    *errors = NULL;
    SIM_ENTER_GROUP(group, IOPCItemSamplingMgt_GetItemBufferEnable);
    if (count == 0 || handles == NULL)
    {
        return E_INVALIDARG;
    }
    HRESULT result = change_to_list(group, count, handles, NULL, &list, errors, get_buffer);
    *enabled = (BOOL *)(void *)list; /* both are 32 bits: 0 or 1 */
    return result;
}

const IOPCItemSamplingMgtVtbl sim_group_sampling_vtable = {
    group_sampling_QueryInterface,
    group_sampling_AddRef,
    group_sampling_Release,
    group_sampling_SetItemSamplingRate,
    group_sampling_GetItemSamplingRate,
    group_sampling_ClearItemSamplingRate,
    group_sampling_SetItemBufferEnable,
    group_sampling_GetItemBufferEnable,
};
