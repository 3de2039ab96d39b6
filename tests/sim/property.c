#include "property.h"
#include "clock.h"
#include "difficulty.h"
#include "module.h"
#include "taskarray.h"
#include "text.h"

#include <opc/opcconst.h>
#include <opc/opcerror.h>

#include <string.h>

#define PROPERTY_KIND OPC_PROPERTY_VENDOR_FIRST

const struct sim_property sim_properties[] = {
    {OPC_PROPERTY_DATATYPE,      VT_I2,              L"Item Canonical Data Type"},
    {OPC_PROPERTY_VALUE,         VT_EMPTY,           L"Item Value"              },
    {OPC_PROPERTY_QUALITY,       VT_I2,              L"Item Quality"            },
    {OPC_PROPERTY_TIMESTAMP,     VT_DATE,            L"Item Timestamp"          },
    {OPC_PROPERTY_ACCESS_RIGHTS, VT_I4,              L"Item Access Rights"      },
    {OPC_PROPERTY_SCAN_RATE,     VT_R4,              L"Server Scan Rate"        },
    {OPC_PROPERTY_EU_TYPE,       VT_I4,              L"Item EU Type"            },
    {OPC_PROPERTY_EU_INFO,       VT_ARRAY | VT_BSTR, L"Item EU Info"            },
    {OPC_PROPERTY_EU_UNITS,      VT_BSTR,            L"EU Units"                },
    {OPC_PROPERTY_DESCRIPTION,   VT_BSTR,            L"Item Description"        },
    {OPC_PROPERTY_HIGH_EU,       VT_R8,              L"High EU"                 },
    {OPC_PROPERTY_LOW_EU,        VT_R8,              L"Low EU"                  },
    {OPC_PROPERTY_HIGH_IR,       VT_R8,              L"High Instrument Range"   },
    {OPC_PROPERTY_LOW_IR,        VT_R8,              L"Low Instrument Range"    },
    {OPC_PROPERTY_CLOSE_LABEL,   VT_BSTR,            L"Contact Close Label"     },
    {OPC_PROPERTY_OPEN_LABEL,    VT_BSTR,            L"Contact Open Label"      },
    {PROPERTY_KIND,              VT_BSTR,            L"Simulated Signal"        },
};

const size_t sim_property_count = sizeof(sim_properties) / sizeof(sim_properties[0]);

static const struct sim_property *find(DWORD id)
{
    size_t i = 0;
    while (i < sim_property_count && sim_properties[i].id != id)
    {
        i++;
    }
    return i < sim_property_count ? &sim_properties[i] : NULL;
}

/* 7 and 8, which came with Data Access 3. */
static bool has_eu_properties(void)
{
    return (sim_module_options()->da != SIM_DA_2) != sim_difficulty_is_other_dialect();
}

bool sim_property_exists(const struct sim_item *item, DWORD id)
{
    switch (id)
    {
    case OPC_PROPERTY_EU_TYPE: return has_eu_properties();
    case OPC_PROPERTY_EU_INFO: return has_eu_properties() && item->eu == SIM_EU_ENUMERATED;
    case OPC_PROPERTY_EU_UNITS: return item->units[0] != L'\0';
    case OPC_PROPERTY_HIGH_EU:
    case OPC_PROPERTY_LOW_EU:
    case OPC_PROPERTY_HIGH_IR:
    case OPC_PROPERTY_LOW_IR: return item->eu == SIM_EU_ANALOG;
    case OPC_PROPERTY_CLOSE_LABEL:
    case OPC_PROPERTY_OPEN_LABEL: return item->type == VT_BOOL;
    default: break;
    }
    return find(id) != NULL;
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
    struct sim_vqt vqt;
    int64_t now_ms = sim_clock_now();
    HRESULT result = sim_device_read(item, sim_device_version(item, now_ms), now_ms, &vqt);
    if (FAILED(result))
    {
        return result;
    }
    if (id == OPC_PROPERTY_VALUE)
    {
        *value = vqt.value;
        return result;
    }
    VariantClear(&vqt.value);
    if (id == OPC_PROPERTY_QUALITY)
    {
        V_VT(value) = VT_I2;
        V_I2(value) = (SHORT)vqt.quality;
        return result;
    }
    set_date(value, &vqt.stamp);
    return result;
}

const wchar_t *sim_property_kind(enum sim_item_kind kind)
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

HRESULT sim_property_get(const struct sim_item *item, DWORD id, VARIANT *value)
{
    if (!sim_property_exists(item, id))
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
    case OPC_PROPERTY_EU_TYPE:
        V_VT(value) = VT_I4;
        V_I4(value) = (LONG)item->eu;
        break;
    case OPC_PROPERTY_EU_INFO: sim_device_eu_info(item, value); break;
    case OPC_PROPERTY_EU_UNITS: set_text(value, item->units); break;
    case OPC_PROPERTY_DESCRIPTION: set_text(value, item->description); break;
    case OPC_PROPERTY_HIGH_EU:
    case OPC_PROPERTY_HIGH_IR: set_r8(value, item->high); break;
    case OPC_PROPERTY_LOW_EU:
    case OPC_PROPERTY_LOW_IR: set_r8(value, item->low); break;
    case OPC_PROPERTY_CLOSE_LABEL: set_text(value, L"On"); break;
    case OPC_PROPERTY_OPEN_LABEL: set_text(value, L"Off"); break;
    case PROPERTY_KIND: set_text(value, sim_property_kind(item->kind)); break;
    default: break;
    }
    return S_OK;
}

/* The limits of a range have items of their own. */
HRESULT sim_property_find_item(const struct sim_item *item, DWORD id, LPWSTR *found)
{
    *found = NULL;
    if (id <= OPC_PROPERTY_EU_INFO || !sim_property_exists(item, id))
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

/* Fails without memory only; what the property itself can't give stands in it. */
static void fill(const struct sim_item *item, DWORD id, bool with_value, OPCITEMPROPERTY *property)
{
    const struct sim_property *known = find(id);
    LPWSTR own_item = NULL;
    VARIANT value;
    VariantInit(&value);
    property->dwPropertyID = id;
    property->hrErrorID = sim_property_exists(item, id) ? S_OK : OPC_E_INVALID_PID;
    if (property->hrErrorID == S_OK && with_value)
    {
        property->hrErrorID = sim_property_get(item, id, &value);
    }
    if (FAILED(property->hrErrorID) || known == NULL)
    {
        return;
    }
    property->vtDataType = known->type != VT_EMPTY ? known->type : item->type;
    property->szDescription = sim_text_task_copy(known->description);
    property->szItemID =
        SUCCEEDED(sim_property_find_item(item, id, &own_item)) ? own_item : sim_text_task_copy(L"");
    property->vValue = value;
}

HRESULT sim_property_fill(const struct sim_item *item, bool with_values, DWORD count,
                          const DWORD *ids, OPCITEMPROPERTIES *properties)
{
    DWORD capacity = count > 0 ? count : (DWORD)sim_property_count;
    OPCITEMPROPERTY *list = sim_task_array(capacity, sizeof(*list));
    if (list == NULL)
    {
        properties->hrErrorID = E_OUTOFMEMORY;
        return E_OUTOFMEMORY;
    }
    DWORD used = 0;
    HRESULT overall = S_OK;
    for (DWORD i = 0; i < capacity; i++)
    {
        DWORD id = count > 0 ? ids[i] : sim_properties[i].id;
        if (count > 0 || sim_property_exists(item, id))
        {
            fill(item, id, with_values, &list[used]);
            overall = list[used].hrErrorID == S_OK ? overall : S_FALSE;
            used++;
        }
    }
    properties->dwNumProperties = used;
    properties->pItemProperties = list;
    properties->hrErrorID = overall;
    return overall;
}

void sim_property_free(OPCITEMPROPERTIES *properties)
{
    for (DWORD i = 0; i < properties->dwNumProperties; i++)
    {
        OPCITEMPROPERTY *property = &properties->pItemProperties[i];
        CoTaskMemFree(property->szItemID);
        CoTaskMemFree(property->szDescription);
        VariantClear(&property->vValue);
    }
    CoTaskMemFree(properties->pItemProperties);
}
