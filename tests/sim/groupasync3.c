#include "async.h"
#include "gate.h"
#include "group3.h"

static struct sim_group *impl_from_IOPCAsyncIO3(IOPCAsyncIO3 *iface)
{
    return CONTAINING_RECORD(iface, struct sim_group, IOPCAsyncIO3_iface);
}

HRESULT STDMETHODCALLTYPE sim_group_async3_ReadMaxAge(IOPCAsyncIO3 *iface, DWORD count,
                                                      OPCHANDLE *handles, DWORD *max_ages, DWORD id,
                                                      DWORD *cancel_id, HRESULT **errors)
{
    struct sim_group *group = impl_from_IOPCAsyncIO3(iface);
    if (cancel_id == NULL || errors == NULL)
    {
        return E_POINTER;
    }
    *cancel_id = 0;
    *errors = NULL;
    SIM_ENTER_GROUP(group, IOPCAsyncIO3_ReadMaxAge);
    if (count == 0 || handles == NULL || max_ages == NULL)
    {
        return E_INVALIDARG;
    }
    struct sim_async_request request = {
        .count = count, .handles = handles, .max_ages = max_ages, .id = id};
    return sim_async_start(group, &request, cancel_id, errors);
}

HRESULT STDMETHODCALLTYPE sim_group_async3_WriteVQT(IOPCAsyncIO3 *iface, DWORD count,
                                                    OPCHANDLE *handles, OPCITEMVQT *vqts, DWORD id,
                                                    DWORD *cancel_id, HRESULT **errors)
{
    struct sim_group *group = impl_from_IOPCAsyncIO3(iface);
    if (cancel_id == NULL || errors == NULL)
    {
        return E_POINTER;
    }
    *cancel_id = 0;
    *errors = NULL;
    SIM_ENTER_GROUP(group, IOPCAsyncIO3_WriteVQT);
    if (count == 0 || handles == NULL || vqts == NULL)
    {
        return E_INVALIDARG;
    }
    struct sim_async_request request = {.count = count, .handles = handles, .vqts = vqts, .id = id};
    return sim_async_start(group, &request, cancel_id, errors);
}

/* What a refresh sends is never ahead of the subscription and never older than what that has sent,
 * so the age that the client would still take makes no difference. */
HRESULT STDMETHODCALLTYPE sim_group_async3_RefreshMaxAge(IOPCAsyncIO3 *iface, DWORD max_age,
                                                         DWORD id, DWORD *cancel_id)
{
    struct sim_group *group = impl_from_IOPCAsyncIO3(iface);
    (void)max_age;
    if (cancel_id == NULL)
    {
        return E_POINTER;
    }
    *cancel_id = 0;
    SIM_ENTER_GROUP(group, IOPCAsyncIO3_RefreshMaxAge);
    return sim_async_refresh(group, false, id, cancel_id);
}
