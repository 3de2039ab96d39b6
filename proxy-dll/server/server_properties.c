#include "link/link.h"
#include "server/forward.h"
#include "server/server_object.h"

static struct rm_server_object *impl_from_IOPCItemProperties(IOPCItemProperties *iface)
{
    return CONTAINING_RECORD(iface, struct rm_server_object, IOPCItemProperties_iface);
}

/* All three methods fit into one struct. */
struct properties_call
{
    struct rm_forward forward;
    WCHAR *item_id;
    DWORD count; /* input of the last two methods, result of the first */
    DWORD *ids;
    DWORD *found_ids;
    WCHAR **strings; /* descriptions, item IDs */
    VARTYPE *types;
    VARIANT *values;
    HRESULT *errors;
};

static void destroy_properties(struct rm_call *call)
{
    struct properties_call *properties = RM_FORWARD_OF(call, struct properties_call);

    CoTaskMemFree(properties->found_ids);
    rm_free_strings(properties->strings, properties->count);
    CoTaskMemFree(properties->types);
    rm_free_variants(properties->values, properties->count);
    CoTaskMemFree(properties->errors);
    rm_forward_destroy(call);
}

static struct properties_call *
new_call(IOPCItemProperties *iface, const struct rm_call_class *call_class, const WCHAR *item_id)
{
    struct properties_call *properties = rm_forward_new(
        sizeof(*properties), call_class, impl_from_IOPCItemProperties(iface)->session, NULL,
        RM_SERVER_ITEM_PROPERTIES);

    if (properties)
        properties->item_id = rm_forward_text(&properties->forward, item_id);
    return properties;
}

static HRESULT STDMETHODCALLTYPE server_properties_QueryInterface(IOPCItemProperties *iface,
                                                                  REFIID iid, void **out)
{
    return rm_server_object_query(impl_from_IOPCItemProperties(iface), iid, out);
}

static ULONG STDMETHODCALLTYPE server_properties_AddRef(IOPCItemProperties *iface)
{
    return rm_server_object_add_ref(impl_from_IOPCItemProperties(iface));
}

static ULONG STDMETHODCALLTYPE server_properties_Release(IOPCItemProperties *iface)
{
    return rm_server_object_release(impl_from_IOPCItemProperties(iface));
}

static HRESULT run_query(struct rm_call *call, struct rm_link *link)
{
    struct properties_call *query = RM_FORWARD_OF(call, struct properties_call);
    HRESULT hr = IOPCItemProperties_QueryAvailableProperties(
        (IOPCItemProperties *)query->forward.real, query->item_id, &query->count, &query->found_ids,
        &query->strings, &query->types);

    (void)link;
    rm_forward_drop(&query->forward);
    return hr;
}

static const struct rm_call_class query_class = {
    .name = "IOPCItemProperties::QueryAvailableProperties",
    .kind = RM_CALL_IDEMPOTENT,
    .is_long = true,
    .prepare = rm_forward_prepare,
    .run = run_query,
    .destroy = destroy_properties,
};

static HRESULT query_once(IOPCItemProperties *iface, const WCHAR *item_id, DWORD *count,
                          DWORD **ids, WCHAR ***descriptions, VARTYPE **types)
{
    struct properties_call *query = new_call(iface, &query_class, item_id);
    HRESULT hr;

    if (!query)
        return E_OUTOFMEMORY;
    hr = rm_forward_execute(&query->forward);
    if (rm_forward_has_results(&query->forward, hr))
    {
        *count = query->count;
        *ids = query->found_ids;
        *descriptions = query->strings;
        *types = query->types;
        query->found_ids = NULL;
        query->strings = NULL;
        query->types = NULL;
    }
    rm_call_release(&query->forward.call);
    return hr;
}

static HRESULT STDMETHODCALLTYPE
server_properties_QueryAvailableProperties(IOPCItemProperties *iface, LPWSTR item_id, DWORD *count,
                                           DWORD **ids, LPWSTR **descriptions, VARTYPE **types)
{
    HRESULT hr;

    if (count)
        *count = 0;
    if (ids)
        *ids = NULL;
    if (descriptions)
        *descriptions = NULL;
    if (types)
        *types = NULL;
    if (!item_id || !count || !ids || !descriptions || !types)
        return RM_HRESULT_NULL_REF;
    do
        hr = query_once(iface, item_id, count, ids, descriptions, types);
    while (hr == RM_CALL_REPEAT);
    return hr;
}

static HRESULT run_get(struct rm_call *call, struct rm_link *link)
{
    struct properties_call *get = RM_FORWARD_OF(call, struct properties_call);
    HRESULT hr =
        IOPCItemProperties_GetItemProperties((IOPCItemProperties *)get->forward.real, get->item_id,
                                             get->count, get->ids, &get->values, &get->errors);

    (void)link;
    rm_forward_bring(&get->forward, get->values, get->count, sizeof(*get->values));
    rm_forward_drop(&get->forward);
    return hr;
}

static const struct rm_call_class get_class = {
    .name = "IOPCItemProperties::GetItemProperties",
    .kind = RM_CALL_IDEMPOTENT,
    .is_long = true,
    .prepare = rm_forward_prepare,
    .run = run_get,
    .destroy = destroy_properties,
};

static HRESULT get_once(IOPCItemProperties *iface, const WCHAR *item_id, DWORD count,
                        const DWORD *ids, VARIANT **values, HRESULT **errors)
{
    struct properties_call *get = new_call(iface, &get_class, item_id);
    HRESULT hr;

    if (!get)
        return E_OUTOFMEMORY;
    get->count = count;
    get->ids = rm_forward_array(&get->forward, ids, count, sizeof(*ids));
    hr = rm_forward_execute(&get->forward);
    if (rm_forward_has_results(&get->forward, hr))
    {
        *values = get->values;
        *errors = get->errors;
        get->values = NULL;
        get->errors = NULL;
    }
    rm_call_release(&get->forward.call);
    return hr;
}

static HRESULT STDMETHODCALLTYPE server_properties_GetItemProperties(IOPCItemProperties *iface,
                                                                     LPWSTR item_id, DWORD count,
                                                                     DWORD *ids, VARIANT **values,
                                                                     HRESULT **errors)
{
    HRESULT hr;

    if (values)
        *values = NULL;
    if (errors)
        *errors = NULL;
    if (!item_id || !ids || !values || !errors)
        return RM_HRESULT_NULL_REF;
    do
        hr = get_once(iface, item_id, count, ids, values, errors);
    while (hr == RM_CALL_REPEAT);
    return hr;
}

static HRESULT run_lookup(struct rm_call *call, struct rm_link *link)
{
    struct properties_call *lookup = RM_FORWARD_OF(call, struct properties_call);
    HRESULT hr = IOPCItemProperties_LookupItemIDs((IOPCItemProperties *)lookup->forward.real,
                                                  lookup->item_id, lookup->count, lookup->ids,
                                                  &lookup->strings, &lookup->errors);

    (void)link;
    rm_forward_drop(&lookup->forward);
    return hr;
}

static const struct rm_call_class lookup_class = {
    .name = "IOPCItemProperties::LookupItemIDs",
    .kind = RM_CALL_IDEMPOTENT,
    .is_long = true,
    .prepare = rm_forward_prepare,
    .run = run_lookup,
    .destroy = destroy_properties,
};

static HRESULT lookup_once(IOPCItemProperties *iface, const WCHAR *item_id, DWORD count,
                           const DWORD *ids, WCHAR ***item_ids, HRESULT **errors)
{
    struct properties_call *lookup = new_call(iface, &lookup_class, item_id);
    HRESULT hr;

    if (!lookup)
        return E_OUTOFMEMORY;
    lookup->count = count;
    lookup->ids = rm_forward_array(&lookup->forward, ids, count, sizeof(*ids));
    hr = rm_forward_execute(&lookup->forward);
    if (rm_forward_has_results(&lookup->forward, hr))
    {
        *item_ids = lookup->strings;
        *errors = lookup->errors;
        lookup->strings = NULL;
        lookup->errors = NULL;
    }
    rm_call_release(&lookup->forward.call);
    return hr;
}

static HRESULT STDMETHODCALLTYPE server_properties_LookupItemIDs(IOPCItemProperties *iface,
                                                                 LPWSTR item_id, DWORD count,
                                                                 DWORD *ids, LPWSTR **item_ids,
                                                                 HRESULT **errors)
{
    HRESULT hr;

    if (item_ids)
        *item_ids = NULL;
    if (errors)
        *errors = NULL;
    if (!item_id || !ids || !item_ids || !errors)
        return RM_HRESULT_NULL_REF;
    do
        hr = lookup_once(iface, item_id, count, ids, item_ids, errors);
    while (hr == RM_CALL_REPEAT);
    return hr;
}

const IOPCItemPropertiesVtbl rm_server_properties_vtbl = {
    server_properties_QueryInterface,    server_properties_AddRef,
    server_properties_Release,           server_properties_QueryAvailableProperties,
    server_properties_GetItemProperties, server_properties_LookupItemIDs,
};
