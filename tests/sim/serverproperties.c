#include "clock.h"
#include "gate.h"
#include "server.h"
#include "text.h"

#include <opc/opcconst.h>
#include <opc/opcerror.h>

#include <string.h>

#define PROPERTY_KIND OPC_PROPERTY_VENDOR_FIRST

struct property
{
    DWORD id;
    VARTYPE type; /* VT_EMPTY: that of the item */
    const wchar_t *description;
};

static const struct property properties[] = {
    {OPC_PROPERTY_DATATYPE,      VT_I2,    L"Item Canonical Data Type"},
    {OPC_PROPERTY_VALUE,         VT_EMPTY, L"Item Value"              },
    {OPC_PROPERTY_QUALITY,       VT_I2,    L"Item Quality"            },
    {OPC_PROPERTY_TIMESTAMP,     VT_DATE,  L"Item Timestamp"          },
    {OPC_PROPERTY_ACCESS_RIGHTS, VT_I4,    L"Item Access Rights"      },
    {OPC_PROPERTY_SCAN_RATE,     VT_R4,    L"Server Scan Rate"        },
    {OPC_PROPERTY_EU_UNITS,      VT_BSTR,  L"EU Units"                },
    {OPC_PROPERTY_DESCRIPTION,   VT_BSTR,  L"Item Description"        },
    {OPC_PROPERTY_HIGH_EU,       VT_R8,    L"High EU"                 },
    {OPC_PROPERTY_LOW_EU,        VT_R8,    L"Low EU"                  },
    {OPC_PROPERTY_HIGH_IR,       VT_R8,    L"High Instrument Range"   },
    {OPC_PROPERTY_LOW_IR,        VT_R8,    L"Low Instrument Range"    },
    {OPC_PROPERTY_CLOSE_LABEL,   VT_BSTR,  L"Contact Close Label"     },
    {OPC_PROPERTY_OPEN_LABEL,    VT_BSTR,  L"Contact Open Label"      },
    {PROPERTY_KIND,              VT_BSTR,  L"Simulated Signal"        },
};

#define PROPERTY_COUNT (sizeof(properties) / sizeof(properties[0]))

static struct sim_server *impl_from_IOPCItemProperties(IOPCItemProperties *iface)
{
    return CONTAINING_RECORD(iface, struct sim_server, IOPCItemProperties_iface);
}

static HRESULT STDMETHODCALLTYPE server_properties_QueryInterface(IOPCItemProperties *iface,
                                                                  REFIID iid, void **object)
{
    return sim_server_query(impl_from_IOPCItemProperties(iface), iid, object);
}

static ULONG STDMETHODCALLTYPE server_properties_AddRef(IOPCItemProperties *iface)
{
    return sim_server_add_ref(impl_from_IOPCItemProperties(iface));
}

static ULONG STDMETHODCALLTYPE server_properties_Release(IOPCItemProperties *iface)
{
    return sim_server_release(impl_from_IOPCItemProperties(iface));
}

static bool has_property(const struct sim_item *item, DWORD id)
{
    switch (id)
    {
    case OPC_PROPERTY_EU_UNITS: return item->units[0] != L'\0';
    case OPC_PROPERTY_HIGH_EU:
    case OPC_PROPERTY_LOW_EU:
    case OPC_PROPERTY_HIGH_IR:
    case OPC_PROPERTY_LOW_IR: return item->eu == SIM_EU_ANALOG;
    case OPC_PROPERTY_CLOSE_LABEL:
    case OPC_PROPERTY_OPEN_LABEL: return item->type == VT_BOOL;
    default: break;
    }
    size_t i = 0;
    while (i < PROPERTY_COUNT && properties[i].id != id)
    {
        i++;
    }
    return i < PROPERTY_COUNT;
}

static HRESULT find_item(const wchar_t *id, const struct sim_item **item)
{
    *item = NULL;
    if (id == NULL || id[0] == L'\0')
    {
        return OPC_E_INVALIDITEMID;
    }
    const struct sim_node *node = sim_device_find(id);
    if (node == NULL || node->item == NULL)
    {
        return OPC_E_UNKNOWNITEMID;
    }
    *item = node->item;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE
server_properties_QueryAvailableProperties(IOPCItemProperties *iface, LPWSTR id, DWORD *count,
                                           DWORD **ids, LPWSTR **descriptions, VARTYPE **types)
{
    (void)iface;
    const struct sim_item *item = NULL;
    if (count == NULL || ids == NULL || descriptions == NULL || types == NULL)
    {
        return E_POINTER;
    }
    *count = 0;
    *ids = NULL;
    *descriptions = NULL;
    *types = NULL;
    SIM_ENTER(IOPCItemProperties_QueryAvailableProperties);
    HRESULT result = find_item(id, &item);
    if (FAILED(result))
    {
        return result;
    }
    DWORD *id_list = CoTaskMemAlloc(PROPERTY_COUNT * sizeof(*id_list));
    LPWSTR *text_list = CoTaskMemAlloc(PROPERTY_COUNT * sizeof(*text_list));
    VARTYPE *type_list = CoTaskMemAlloc(PROPERTY_COUNT * sizeof(*type_list));
    if (id_list == NULL || text_list == NULL || type_list == NULL)
    {
        CoTaskMemFree(id_list);
        CoTaskMemFree(text_list);
        CoTaskMemFree(type_list);
        return E_OUTOFMEMORY;
    }
    for (size_t i = 0; i < PROPERTY_COUNT; i++)
    {
        if (has_property(item, properties[i].id))
        {
            id_list[*count] = properties[i].id;
            text_list[*count] = sim_text_task_copy(properties[i].description);
            type_list[*count] = properties[i].type != VT_EMPTY ? properties[i].type : item->type;
            ++*count;
        }
    }
    *ids = id_list;
    *descriptions = text_list;
    *types = type_list;
    return S_OK;
}

static void set_text(VARIANT *value, const wchar_t *text)
{
    V_VT(value) = VT_BSTR;
    V_BSTR(value) = SysAllocString(text);
}

static void set_r8(VARIANT *value, double number)
{
    V_VT(value) = VT_R8;
    V_R8(value) = number;
}

static void set_date(VARIANT *value, const FILETIME *stamp)
{
    SYSTEMTIME time;
    V_VT(value) = VT_DATE;
    FileTimeToSystemTime(stamp, &time);
    SystemTimeToVariantTime(&time, &V_DATE(value));
}

/* Properties 2 to 4: like a read from the device. */
static HRESULT get_live(const struct sim_item *item, DWORD id, VARIANT *value)
{
    if ((item->rights & OPC_READABLE) == 0)
    {
        return OPC_E_BADRIGHTS;
    }
    struct sim_vqt vqt;
    int64_t now_ms = sim_clock_now();
    sim_device_sample(item, sim_device_version(item, now_ms), now_ms, &vqt);
    if (id == OPC_PROPERTY_VALUE)
    {
        *value = vqt.value;
        return S_OK;
    }
    VariantClear(&vqt.value);
    if (id == OPC_PROPERTY_QUALITY)
    {
        V_VT(value) = VT_I2;
        V_I2(value) = (SHORT)vqt.quality;
        return S_OK;
    }
    set_date(value, &vqt.stamp);
    return S_OK;
}

static const wchar_t *kind_text(enum sim_item_kind kind)
{
    switch (kind)
    {
    case SIM_ITEM_CONSTANT: return L"constant";
    case SIM_ITEM_MEMORY: return L"memory";
    case SIM_ITEM_COUNTER: return L"counter";
    case SIM_ITEM_SINE: return L"sine";
    case SIM_ITEM_SQUARE: return L"square";
    case SIM_ITEM_WALK: return L"random walk";
    case SIM_ITEM_STATES: return L"states";
    case SIM_ITEM_TOGGLING: return L"toggling quality";
    }
    return L"";
}

static HRESULT get_property(const struct sim_item *item, DWORD id, VARIANT *value)
{
    if (!has_property(item, id))
    {
        return OPC_E_INVALID_PID;
    }
    switch (id)
    {
    case OPC_PROPERTY_DATATYPE:
        V_VT(value) = VT_I2;
        V_I2(value) = (SHORT)item->type;
        break;
    case OPC_PROPERTY_VALUE:
    case OPC_PROPERTY_QUALITY:
    case OPC_PROPERTY_TIMESTAMP: return get_live(item, id, value);
    case OPC_PROPERTY_ACCESS_RIGHTS:
        V_VT(value) = VT_I4;
        V_I4(value) = (LONG)item->rights;
        break;
    case OPC_PROPERTY_SCAN_RATE:
        V_VT(value) = VT_R4;
        V_R4(value) = (FLOAT)item->step_ms;
        break;
    case OPC_PROPERTY_EU_UNITS: set_text(value, item->units); break;
    case OPC_PROPERTY_DESCRIPTION: set_text(value, item->description); break;
    case OPC_PROPERTY_HIGH_EU:
    case OPC_PROPERTY_HIGH_IR: set_r8(value, item->high); break;
    case OPC_PROPERTY_LOW_EU:
    case OPC_PROPERTY_LOW_IR: set_r8(value, item->low); break;
    case OPC_PROPERTY_CLOSE_LABEL: set_text(value, L"On"); break;
    case OPC_PROPERTY_OPEN_LABEL: set_text(value, L"Off"); break;
    case PROPERTY_KIND: set_text(value, kind_text(item->kind)); break;
    default: break;
    }
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE server_properties_GetItemProperties(IOPCItemProperties *iface,
                                                                     LPWSTR id, DWORD count,
                                                                     DWORD *ids, VARIANT **values,
                                                                     HRESULT **errors)
{
    (void)iface;
    const struct sim_item *item = NULL;
    if (values == NULL || errors == NULL)
    {
        return E_POINTER;
    }
    *values = NULL;
    *errors = NULL;
    SIM_ENTER(IOPCItemProperties_GetItemProperties);
    if (count == 0 || ids == NULL)
    {
        return E_INVALIDARG;
    }
    HRESULT result = find_item(id, &item);
    if (FAILED(result))
    {
        return result;
    }
    VARIANT *value = CoTaskMemAlloc(count * sizeof(*value));
    HRESULT *error = CoTaskMemAlloc(count * sizeof(*error));
    if (value == NULL || error == NULL)
    {
        CoTaskMemFree(value);
        CoTaskMemFree(error);
        return E_OUTOFMEMORY;
    }
    for (DWORD i = 0; i < count; i++)
    {
        VariantInit(&value[i]);
        error[i] = get_property(item, ids[i], &value[i]);
        result = error[i] == S_OK ? result : S_FALSE;
    }
    *values = value;
    *errors = error;
    return result;
}

/* The limits of a range have items of their own. */
static HRESULT lookup(const struct sim_item *item, DWORD id, LPWSTR *found)
{
    *found = NULL;
    if (id <= OPC_PROPERTY_SCAN_RATE || !has_property(item, id))
    {
        return OPC_E_INVALID_PID;
    }
    const struct sim_node *node = NULL;
    if (id == OPC_PROPERTY_HIGH_EU || id == OPC_PROPERTY_LOW_EU)
    {
        const wchar_t *name = id == OPC_PROPERTY_HIGH_EU ? L"HighEU" : L"LowEU";
        node = sim_device_find_child(item->node, name);
    }
    if (node == NULL)
    {
        return E_FAIL;
    }
    *found = sim_text_task_copy(node->id);
    return *found != NULL ? S_OK : E_OUTOFMEMORY;
}

static HRESULT STDMETHODCALLTYPE server_properties_LookupItemIDs(IOPCItemProperties *iface,
                                                                 LPWSTR id, DWORD count, DWORD *ids,
                                                                 LPWSTR **found, HRESULT **errors)
{
    (void)iface;
    const struct sim_item *item = NULL;
    if (found == NULL || errors == NULL)
    {
        return E_POINTER;
    }
    *found = NULL;
    *errors = NULL;
    SIM_ENTER(IOPCItemProperties_LookupItemIDs);
    if (count == 0 || ids == NULL)
    {
        return E_INVALIDARG;
    }
    HRESULT result = find_item(id, &item);
    if (FAILED(result))
    {
        return result;
    }
    LPWSTR *list = CoTaskMemAlloc(count * sizeof(*list));
    HRESULT *error = CoTaskMemAlloc(count * sizeof(*error));
    if (list == NULL || error == NULL)
    {
        CoTaskMemFree(list);
        CoTaskMemFree(error);
        return E_OUTOFMEMORY;
    }
    for (DWORD i = 0; i < count; i++)
    {
        error[i] = lookup(item, ids[i], &list[i]);
        result = error[i] == S_OK ? result : S_FALSE;
    }
    *found = list;
    *errors = error;
    return result;
}

const IOPCItemPropertiesVtbl sim_server_properties_vtable = {
    server_properties_QueryInterface,    server_properties_AddRef,
    server_properties_Release,           server_properties_QueryAvailableProperties,
    server_properties_GetItemProperties, server_properties_LookupItemIDs,
};
