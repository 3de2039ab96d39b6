#include "clock.h"
#include "device.h"
#include "dispatch.h"

#include <opc/opcconst.h>

static struct sim_dispatch object = {.IDispatch_iface = {&sim_dispatch_vtbl},
                                     .type_info_count = SIM_OBJECT_ANSWER};

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
    *(IDispatch **)inner->pvData = &object.IDispatch_iface;
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
    V_DISPATCH(&value) = &object.IDispatch_iface;
    if (!add(L"Objects.Dispatch", VT_DISPATCH, value) || !add_nested(value))
    {
        return false;
    }
    V_VT(&value) = VT_UNKNOWN;
    V_UNKNOWN(&value) = (IUnknown *)&object.IDispatch_iface;
    return add(L"Objects.Unknown", VT_UNKNOWN, value);
}
