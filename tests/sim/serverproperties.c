#include "gate.h"
#include "property.h"
#include "server.h"
#include "text.h"

#include <opc/opcerror.h>

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
    DWORD *id_list = CoTaskMemAlloc(sim_property_count * sizeof(*id_list));
    LPWSTR *text_list = CoTaskMemAlloc(sim_property_count * sizeof(*text_list));
    VARTYPE *type_list = CoTaskMemAlloc(sim_property_count * sizeof(*type_list));
    if (id_list == NULL || text_list == NULL || type_list == NULL)
    {
        CoTaskMemFree(id_list);
        CoTaskMemFree(text_list);
        CoTaskMemFree(type_list);
        return E_OUTOFMEMORY;
    }
    for (size_t i = 0; i < sim_property_count; i++)
    {
        if (sim_property_exists(item, sim_properties[i].id))
        {
            id_list[*count] = sim_properties[i].id;
            text_list[*count] = sim_text_task_copy(sim_properties[i].description);
            type_list[*count] =
                sim_properties[i].type != VT_EMPTY ? sim_properties[i].type : item->type;
            ++*count;
        }
    }
    *ids = id_list;
    *descriptions = text_list;
    *types = type_list;
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
        error[i] = sim_property_get(item, ids[i], &value[i]);
        result = error[i] == S_OK ? result : S_FALSE;
    }
    *values = value;
    *errors = error;
    return result;
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
        error[i] = sim_property_find_item(item, ids[i], &list[i]);
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
