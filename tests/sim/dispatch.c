#include "dispatch.h"

static struct sim_dispatch *impl_from_IDispatch(IDispatch *iface)
{
    return CONTAINING_RECORD(iface, struct sim_dispatch, IDispatch_iface);
}

static HRESULT WINAPI dispatch_QueryInterface(IDispatch *iface, REFIID iid, void **out)
{
    BOOL is_known = IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_IDispatch);
    *out = is_known ? iface : NULL;
    return is_known ? S_OK : E_NOINTERFACE;
}

static ULONG WINAPI dispatch_AddRef(IDispatch *iface)
{
    (void)iface;
    return 2;
}

static ULONG WINAPI dispatch_Release(IDispatch *iface)
{
    (void)iface;
    return 1;
}

static HRESULT WINAPI dispatch_GetTypeInfoCount(IDispatch *iface, UINT *count)
{
    *count = impl_from_IDispatch(iface)->type_info_count;
    return S_OK;
}

static HRESULT WINAPI dispatch_GetTypeInfo(IDispatch *iface, UINT index, LCID locale,
                                           ITypeInfo **out)
{
    (void)iface, (void)index, (void)locale;
    *out = NULL;
    return DISP_E_BADINDEX;
}

static HRESULT WINAPI dispatch_GetIDsOfNames(IDispatch *iface, REFIID iid, LPOLESTR *names,
                                             UINT count, LCID locale, DISPID *ids)
{
    (void)iface, (void)iid, (void)names, (void)locale;
    for (UINT i = 0; i < count; i++)
    {
        ids[i] = DISPID_UNKNOWN;
    }
    return DISP_E_UNKNOWNNAME;
}

static HRESULT WINAPI dispatch_Invoke(IDispatch *iface, DISPID id, REFIID iid, LCID locale,
                                      WORD flags, DISPPARAMS *parameters, VARIANT *result,
                                      EXCEPINFO *exception, UINT *argument)
{
    (void)iface, (void)id, (void)iid, (void)locale, (void)flags;
    (void)parameters, (void)result, (void)exception, (void)argument;
    return DISP_E_MEMBERNOTFOUND;
}

const IDispatchVtbl sim_dispatch_vtbl = {
    dispatch_QueryInterface, dispatch_AddRef,        dispatch_Release, dispatch_GetTypeInfoCount,
    dispatch_GetTypeInfo,    dispatch_GetIDsOfNames, dispatch_Invoke,
};
