#include "clock.h"
#include "device.h"

#include <opc/opcconst.h>

static HRESULT WINAPI object_QueryInterface(IDispatch *iface, REFIID iid, void **out)
{
    bool is_known = IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_IDispatch);
    *out = is_known ? iface : NULL;
    return is_known ? S_OK : E_NOINTERFACE;
}

/* It is there for as long as the process is. */
static ULONG WINAPI object_AddRef(IDispatch *iface)
{
    (void)iface;
    return 2;
}

static ULONG WINAPI object_Release(IDispatch *iface)
{
    (void)iface;
    return 1;
}

static HRESULT WINAPI object_GetTypeInfoCount(IDispatch *iface, UINT *count)
{
    (void)iface;
    *count = SIM_OBJECT_ANSWER;
    return S_OK;
}

static HRESULT WINAPI object_GetTypeInfo(IDispatch *iface, UINT index, LCID locale, ITypeInfo **out)
{
    (void)iface, (void)index, (void)locale;
    *out = NULL;
    return DISP_E_BADINDEX;
}

static HRESULT WINAPI object_GetIDsOfNames(IDispatch *iface, REFIID iid, LPOLESTR *names,
                                           UINT count, LCID locale, DISPID *ids)
{
    (void)iface, (void)iid, (void)names, (void)locale;
    for (UINT i = 0; i < count; i++)
    {
        ids[i] = DISPID_UNKNOWN;
    }
    return DISP_E_UNKNOWNNAME;
}

static HRESULT WINAPI object_Invoke(IDispatch *iface, DISPID id, REFIID iid, LCID locale,
                                    WORD flags, DISPPARAMS *parameters, VARIANT *result,
                                    EXCEPINFO *exception, UINT *argument)
{
    (void)iface, (void)id, (void)iid, (void)locale, (void)flags;
    (void)parameters, (void)result, (void)exception, (void)argument;
    return DISP_E_MEMBERNOTFOUND;
}

static const IDispatchVtbl object_vtbl = {
    object_QueryInterface, object_AddRef,        object_Release, object_GetTypeInfoCount,
    object_GetTypeInfo,    object_GetIDsOfNames, object_Invoke,
};

static IDispatch object = {&object_vtbl};

static bool add(const wchar_t *id, VARTYPE type, VARIANT value)
{
    struct sim_item item = {.kind = SIM_ITEM_CONSTANT,
                            .type = type,
                            .quality = OPC_QUALITY_GOOD,
                            .rights = OPC_READABLE,
                            .units = L"",
                            .description = L"Is an object of the server",
                            .value = value,
                            .written_ms = sim_clock_now()};
    return sim_device_add_item(id, item) != NULL;
}

/* { 7, the object, { the object } } */
static bool add_nested(VARIANT value)
{
    SAFEARRAY *outer = SafeArrayCreateVector(VT_VARIANT, 0, 3);
    SAFEARRAY *inner = SafeArrayCreateVector(VT_DISPATCH, 0, 1);
    if (outer == NULL || inner == NULL)
    {
        return false;
    }
    VARIANT *elements = outer->pvData;
    *(IDispatch **)inner->pvData = &object;
    V_VT(&elements[0]) = VT_I4;
    V_I4(&elements[0]) = 7;
    elements[1] = value;
    V_VT(&elements[2]) = VT_ARRAY | VT_DISPATCH;
    V_ARRAY(&elements[2]) = inner;
    V_VT(&value) = VT_ARRAY | VT_VARIANT;
    V_ARRAY(&value) = outer;
    return add(L"Objects.Nested", V_VT(&value), value);
}

bool sim_plant_build_objects(void)
{
    VARIANT value;
    V_VT(&value) = VT_DISPATCH;
    V_DISPATCH(&value) = &object;
    if (!add(L"Objects.Dispatch", VT_DISPATCH, value) || !add_nested(value))
    {
        return false;
    }
    V_VT(&value) = VT_UNKNOWN;
    V_UNKNOWN(&value) = (IUnknown *)&object;
    return add(L"Objects.Unknown", VT_UNKNOWN, value);
}
