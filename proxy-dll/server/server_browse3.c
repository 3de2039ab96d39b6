/* IOPCBrowse, of Data Access 3.0. */
#include <string.h>
#include <wchar.h>
#include <opc/opcerror.h>

#include "link/link.h"
#include "module/memory.h"
#include "server/continuation.h"
#include "server/forward.h"
#include "server/server_object.h"
#include "session/session.h"

static struct rm_server_object *impl_from_IOPCBrowse(IOPCBrowse *iface)
{
    return CONTAINING_RECORD(iface, struct rm_server_object, IOPCBrowse_iface);
}

static HRESULT STDMETHODCALLTYPE server_browse3_QueryInterface(IOPCBrowse *iface, REFIID iid,
                                                               void **out)
{
    return rm_server_object_query(impl_from_IOPCBrowse(iface), iid, out);
}

static ULONG STDMETHODCALLTYPE server_browse3_AddRef(IOPCBrowse *iface)
{
    return rm_server_object_add_ref(impl_from_IOPCBrowse(iface));
}

static ULONG STDMETHODCALLTYPE server_browse3_Release(IOPCBrowse *iface)
{
    return rm_server_object_release(impl_from_IOPCBrowse(iface));
}

static void clear_properties(OPCITEMPROPERTIES *properties)
{
    OPCITEMPROPERTY *array = properties->pItemProperties;

    for (DWORD i = 0; array && i < properties->dwNumProperties; i++)
    {
        CoTaskMemFree(array[i].szItemID);
        CoTaskMemFree(array[i].szDescription);
        VariantClear(&array[i].vValue);
    }
    CoTaskMemFree(array);
}

static void bring_properties(struct rm_forward *forward, OPCITEMPROPERTIES *properties)
{
    OPCITEMPROPERTY *array = properties->pItemProperties;

    if (array)
        rm_forward_bring(forward, &array[0].vValue, properties->dwNumProperties, sizeof(*array));
}

struct get_properties_call
{
    struct rm_forward forward;
    DWORD count;
    WCHAR **item_ids;
    BOOL has_values;
    DWORD id_count;
    DWORD *ids;
    OPCITEMPROPERTIES *properties;
};

static HRESULT run_get_properties(struct rm_call *call, struct rm_link *link)
{
    struct get_properties_call *get = RM_FORWARD_OF(call, struct get_properties_call);
    HRESULT hr =
        IOPCBrowse_GetProperties((IOPCBrowse *)get->forward.real, get->count, get->item_ids,
                                 get->has_values, get->id_count, get->ids, &get->properties);

    (void)link;
    for (DWORD i = 0; get->properties && i < get->count; i++)
        bring_properties(&get->forward, &get->properties[i]);
    rm_forward_drop(&get->forward);
    return hr;
}

static void destroy_get_properties(struct rm_call *call)
{
    struct get_properties_call *get = RM_FORWARD_OF(call, struct get_properties_call);

    for (DWORD i = 0; get->properties && i < get->count; i++)
        clear_properties(&get->properties[i]);
    CoTaskMemFree(get->properties);
    rm_forward_destroy(call);
}

static const struct rm_call_class get_properties_class = {
    .name = "IOPCBrowse::GetProperties",
    .kind = RM_CALL_IDEMPOTENT,
    .is_long = true,
    .prepare = rm_forward_prepare,
    .run = run_get_properties,
    .destroy = destroy_get_properties,
};

static HRESULT get_properties_once(IOPCBrowse *iface, DWORD count, LPWSTR *item_ids,
                                   BOOL has_values, DWORD id_count, const DWORD *ids,
                                   OPCITEMPROPERTIES **properties)
{
    struct get_properties_call *get =
        rm_forward_new(sizeof(*get), &get_properties_class, impl_from_IOPCBrowse(iface)->session,
                       NULL, RM_SERVER_BROWSE);
    HRESULT hr;

    if (!get)
        return E_OUTOFMEMORY;
    get->count = count;
    get->item_ids = rm_forward_texts(&get->forward, (const LPCWSTR *)item_ids, count);
    get->has_values = has_values;
    get->id_count = id_count;
    get->ids = rm_forward_array(&get->forward, ids, id_count, sizeof(*ids));
    hr = rm_forward_execute(&get->forward);
    if (rm_forward_has_results(&get->forward, hr))
    {
        *properties = get->properties;
        get->properties = NULL;
    }
    rm_call_release(&get->forward.call);
    return hr;
}

static HRESULT STDMETHODCALLTYPE server_browse3_GetProperties(IOPCBrowse *iface, DWORD count,
                                                              LPWSTR *item_ids, BOOL has_values,
                                                              DWORD id_count, DWORD *ids,
                                                              OPCITEMPROPERTIES **properties)
{
    HRESULT hr;

    if (properties)
        *properties = NULL;
    if (!item_ids || !ids || !properties)
        return RM_HRESULT_NULL_REF;
    do
        hr = get_properties_once(iface, count, item_ids, has_values, id_count, ids, properties);
    while (hr == RM_CALL_REPEAT);
    return hr;
}

/* What a client asks Browse for. */
struct browse_order
{
    WCHAR *item_id;
    WCHAR *point; /* the client's */
    DWORD elements_max;
    OPCBROWSEFILTER filter;
    WCHAR *name_filter, *vendor_filter;
    BOOL has_all_properties, has_values;
    DWORD id_count;
    DWORD *ids;
};

struct browse_call
{
    struct rm_forward forward;
    struct browse_order order; /* pointing into the call's own inputs */
    const WCHAR *real_point;   /* within the client's; NULL: the client has given NULL */
    WCHAR *returned_point;     /* COM allocator; NULL, or what the server has left there */
    bool is_point_new;         /* it isn't what went there */
    BOOL has_more;
    DWORD count;
    OPCBROWSEELEMENT *elements;
};

/* A point of another machine, or none at all, would mean something else here. */
static HRESULT prepare_browse(struct rm_call *call, struct rm_link *link)
{
    struct browse_call *browse = RM_FORWARD_OF(call, struct browse_call);
    const WCHAR *point = browse->order.point;

    browse->real_point = point && point[0] ? rm_continuation_unwrap(link, point) : point;
    if (point && !browse->real_point)
        return OPC_E_INVALIDCONTINUATIONPOINT;
    return rm_forward_prepare(call, link);
}

static HRESULT run_browse(struct rm_call *call, struct rm_link *link)
{
    struct browse_call *browse = RM_FORWARD_OF(call, struct browse_call);
    struct browse_order *order = &browse->order;
    HRESULT hr = E_OUTOFMEMORY;

    (void)link;
    /* It is the proxy's from now on. (Wine 8 forgets it, when another one or none comes back; who
     * freed it here would free it twice where a proxy does what it should.) */
    browse->returned_point = rm_com_wcsdup(browse->real_point);
    if (browse->returned_point || !browse->real_point)
    {
        const WCHAR *given = browse->real_point ? browse->real_point : L"";

        hr = IOPCBrowse_Browse((IOPCBrowse *)browse->forward.real, order->item_id,
                               &browse->returned_point, order->elements_max, order->filter,
                               order->name_filter, order->vendor_filter, order->has_all_properties,
                               order->has_values, order->id_count, order->ids, &browse->has_more,
                               &browse->count, &browse->elements);
        browse->is_point_new =
            (browse->returned_point == NULL) != (browse->real_point == NULL) ||
            (browse->returned_point && wcscmp(browse->returned_point, given) != 0);
    }
    for (DWORD i = 0; browse->elements && i < browse->count; i++)
        bring_properties(&browse->forward, &browse->elements[i].ItemProperties);
    rm_forward_drop(&browse->forward);
    return hr;
}

static void destroy_browse(struct rm_call *call)
{
    struct browse_call *browse = RM_FORWARD_OF(call, struct browse_call);

    for (DWORD i = 0; browse->elements && i < browse->count; i++)
    {
        OPCBROWSEELEMENT *element = &browse->elements[i];

        CoTaskMemFree(element->szName);
        CoTaskMemFree(element->szItemID);
        clear_properties(&element->ItemProperties);
    }
    CoTaskMemFree(browse->elements);
    CoTaskMemFree(browse->returned_point);
    rm_forward_destroy(call);
}

static const struct rm_call_class browse_class = {
    .name = "IOPCBrowse::Browse",
    .kind = RM_CALL_IDEMPOTENT,
    .is_long = true,
    .prepare = prepare_browse,
    .run = run_browse,
    .destroy = destroy_browse,
};

/* The client's block is the client's until here: as long as a call may be repeated, or may come
 * back without an answer, it stays what it is. */
static HRESULT replace_point(const struct browse_call *browse, WCHAR **point)
{
    const WCHAR *returned = browse->returned_point;
    WCHAR *new_point = NULL;

    if (!browse->is_point_new)
        return S_OK;
    if (returned)
        new_point = returned[0] ? rm_continuation_wrap(browse->forward.call.link, returned)
                                : rm_com_wcsdup(returned);
    if (returned && !new_point)
        return E_OUTOFMEMORY;
    CoTaskMemFree(*point);
    *point = new_point;
    return S_OK;
}

static HRESULT browse_once(IOPCBrowse *iface, const struct browse_order *order, WCHAR **point,
                           struct browse_call *results)
{
    struct browse_call *browse =
        rm_forward_new(sizeof(*browse), &browse_class, impl_from_IOPCBrowse(iface)->session, NULL,
                       RM_SERVER_BROWSE);
    struct browse_order *copy;
    HRESULT hr;

    if (!browse)
        return E_OUTOFMEMORY;
    copy = &browse->order;
    *copy = *order;
    copy->item_id = rm_forward_text(&browse->forward, order->item_id);
    copy->point = rm_forward_text(&browse->forward, *point);
    copy->name_filter = rm_forward_text(&browse->forward, order->name_filter);
    copy->vendor_filter = rm_forward_text(&browse->forward, order->vendor_filter);
    copy->ids =
        rm_forward_array(&browse->forward, order->ids, order->id_count, sizeof(*order->ids));
    hr = rm_forward_execute(&browse->forward);
    if (rm_call_is_answered(&browse->forward.call))
    {
        HRESULT replaced = replace_point(browse, point);

        if (SUCCEEDED(hr) && FAILED(replaced))
            hr = replaced;
    }
    if (rm_forward_has_results(&browse->forward, hr))
    {
        results->has_more = browse->has_more;
        results->count = browse->count;
        results->elements = browse->elements;
        browse->elements = NULL;
    }
    rm_call_release(&browse->forward.call);
    return hr;
}

static HRESULT STDMETHODCALLTYPE server_browse3_Browse(
    IOPCBrowse *iface, LPWSTR item_id, LPWSTR *point, DWORD elements_max, OPCBROWSEFILTER filter,
    LPWSTR name_filter, LPWSTR vendor_filter, BOOL has_all_properties, BOOL has_values,
    DWORD id_count, DWORD *ids, BOOL *has_more, DWORD *count, OPCBROWSEELEMENT **elements)
{
    const struct browse_order order = {
        .item_id = item_id,
        .elements_max = elements_max,
        .filter = filter,
        .name_filter = name_filter,
        .vendor_filter = vendor_filter,
        .has_all_properties = has_all_properties,
        .has_values = has_values,
        .id_count = id_count,
        .ids = ids,
    };
    struct browse_call results = {.count = 0};
    HRESULT hr;

    if (has_more)
        *has_more = FALSE;
    if (count)
        *count = 0;
    if (elements)
        *elements = NULL;
    if (!item_id || !point || !name_filter || !vendor_filter || !ids || !has_more || !count ||
        !elements)
        return RM_HRESULT_NULL_REF;
    if (!rm_is_enum((int)filter))
        return RM_HRESULT_ENUM_RANGE;
    do
        hr = browse_once(iface, &order, point, &results);
    while (hr == RM_CALL_REPEAT);
    *has_more = results.has_more;
    *count = results.count;
    *elements = results.elements;
    return hr;
}

const IOPCBrowseVtbl rm_server_browse3_vtbl = {
    server_browse3_QueryInterface, server_browse3_AddRef, server_browse3_Release,
    server_browse3_GetProperties,  server_browse3_Browse,
};
