/* IOPCBrowse. A continuation point is the place among all elements that pass the filters, and a
 * fingerprint of the arguments, which have to be the same again. */
#include "gate.h"
#include "itemid.h"
#include "like.h"
#include "property.h"
#include "server3.h"
#include "taskarray.h"
#include "text.h"

#include <opc/opcconst.h>
#include <opc/opcerror.h>

#include <stdio.h>
#include <stdlib.h>

#define ELEMENTS_MAX 1000 /* in one answer, whatever the client says */

/* What a client has asked for. */
struct request
{
    const struct sim_node *parent;
    OPCBROWSEFILTER filter;
    const wchar_t *name_filter;
    const wchar_t *vendor_filter; /* a kind of signal, for items; empty: any */
    bool with_properties;
    bool with_values;
    DWORD property_count; /* 0: all */
    const DWORD *properties;
};

static struct sim_server *impl_from_IOPCBrowse(IOPCBrowse *iface)
{
    return CONTAINING_RECORD(iface, struct sim_server, IOPCBrowse_iface);
}

static HRESULT STDMETHODCALLTYPE server_browse3_QueryInterface(IOPCBrowse *iface, REFIID iid,
                                                               void **object)
{
    return sim_server_query(impl_from_IOPCBrowse(iface), iid, object);
}

static ULONG STDMETHODCALLTYPE server_browse3_AddRef(IOPCBrowse *iface)
{
    return sim_server_add_ref(impl_from_IOPCBrowse(iface));
}

static ULONG STDMETHODCALLTYPE server_browse3_Release(IOPCBrowse *iface)
{
    return sim_server_release(impl_from_IOPCBrowse(iface));
}

static HRESULT STDMETHODCALLTYPE server_browse3_GetProperties(IOPCBrowse *iface, DWORD count,
                                                              LPWSTR *ids, BOOL with_values,
                                                              DWORD property_count,
                                                              DWORD *properties,
                                                              OPCITEMPROPERTIES **result)
{
    (void)iface;
    if (result == NULL)
    {
        return E_POINTER;
    }
    *result = NULL;
    SIM_ENTER(IOPCBrowse_GetProperties);
    if (count == 0 || ids == NULL || (property_count > 0 && properties == NULL))
    {
        return E_INVALIDARG;
    }
    OPCITEMPROPERTIES *list = sim_task_array(count, sizeof(*list));
    HRESULT overall = list != NULL ? S_OK : E_OUTOFMEMORY;
    for (DWORD i = 0; i < count && list != NULL; i++)
    {
        const struct sim_item *item = NULL;
        list[i].hrErrorID = sim_item_id_find(ids[i], &item);
        if (item != NULL)
        {
            sim_property_fill(item, with_values != FALSE, property_count, properties, &list[i]);
        }
        overall = list[i].hrErrorID == S_OK ? overall : S_FALSE;
    }
    *result = list;
    return overall;
}

static bool is_vendor_filter(const wchar_t *filter)
{
    bool is_known = filter[0] == L'\0';
    for (int kind = SIM_ITEM_CONSTANT; kind <= SIM_ITEM_TOGGLING && !is_known; kind++)
    {
        is_known = wcscmp(filter, sim_property_kind((enum sim_item_kind)kind)) == 0;
    }
    return is_known;
}

static bool is_wanted(const struct request *request, const struct sim_node *node)
{
    bool is_item = node->item != NULL;
    bool is_kind = request->vendor_filter[0] == L'\0' || !is_item ||
                   wcscmp(request->vendor_filter, sim_property_kind(node->item->kind)) == 0;
    bool is_sort =
        request->filter == OPC_BROWSE_FILTER_ALL ||
        (request->filter == OPC_BROWSE_FILTER_BRANCHES ? node->first_child != NULL : is_item);
    return is_kind && is_sort && sim_like_matches(request->name_filter, node->name);
}

/* The next one from `node` on that passes the filters. */
static const struct sim_node *next_wanted(const struct request *request,
                                          const struct sim_node *node)
{
    while (node != NULL && !is_wanted(request, node))
    {
        node = node->next;
    }
    return node;
}

static uint32_t fingerprint(const struct request *request)
{
    const wchar_t *texts[] = {request->parent->id, request->name_filter, request->vendor_filter};
    uint32_t hash = 2166136261u ^ (uint32_t)request->filter;
    for (int i = 0; i < 3; i++)
    {
        for (const wchar_t *c = texts[i]; *c != L'\0'; c++)
        {
            hash = (hash ^ (uint32_t)*c) * 16777619u;
        }
        hash = (hash ^ 0x10000u) * 16777619u;
    }
    return hash;
}

static LPWSTR make_continuation(const struct request *request, DWORD place)
{
    wchar_t text[40];
    _snwprintf(text, 40, L"%08lX-%lu", (unsigned long)fingerprint(request), place);
    return sim_text_task_copy(text);
}

/* Where the browsing goes on; NULL: that is no continuation point of this request. */
static const struct sim_node *find_place(const struct request *request, const wchar_t *continuation,
                                         DWORD *place)
{
    const struct sim_node *node = next_wanted(request, request->parent->first_child);
    wchar_t *end = NULL;
    *place = 0;
    if (wcstoul(continuation, &end, 16) != fingerprint(request) || *end != L'-')
    {
        return NULL;
    }
    DWORD target = wcstoul(end + 1, &end, 10);
    if (*end != L'\0' || target == 0)
    {
        return NULL;
    }
    for (; node != NULL && *place < target; ++*place)
    {
        node = next_wanted(request, node->next);
    }
    return node;
}

static HRESULT fill(const struct request *request, const struct sim_node *node,
                    OPCBROWSEELEMENT *element)
{
    const struct sim_item *item = node->item;
    element->szName = sim_text_task_copy(node->name);
    element->szItemID = sim_text_task_copy(node->id);
    element->dwFlagValue = (node->first_child != NULL ? OPC_BROWSE_HASCHILDREN : 0) |
                           (item != NULL ? OPC_BROWSE_ISITEM : 0);
    if (element->szName == NULL || element->szItemID == NULL)
    {
        return E_OUTOFMEMORY;
    }
    return item != NULL && request->with_properties
               ? sim_property_fill(item, request->with_values, request->property_count,
                                   request->properties, &element->ItemProperties)
               : S_OK;
}

static void free_elements(OPCBROWSEELEMENT *elements, DWORD count)
{
    for (DWORD i = 0; i < count; i++)
    {
        CoTaskMemFree(elements[i].szName);
        CoTaskMemFree(elements[i].szItemID);
        sim_property_free(&elements[i].ItemProperties);
    }
    CoTaskMemFree(elements);
}

/* At most `capacity` elements from `*node` on, which is the first one that is left then. */
static HRESULT collect(const struct request *request, const struct sim_node **node, DWORD capacity,
                       DWORD *count, OPCBROWSEELEMENT **elements)
{
    HRESULT overall = S_OK;
    DWORD wanted = 0;
    for (const struct sim_node *n = *node; n != NULL && wanted < capacity; wanted++)
    {
        n = next_wanted(request, n->next);
    }
    OPCBROWSEELEMENT *list = wanted > 0 ? sim_task_array(wanted, sizeof(*list)) : NULL;
    if (wanted > 0 && list == NULL)
    {
        return E_OUTOFMEMORY;
    }
    DWORD used = 0;
    for (; used < wanted && SUCCEEDED(overall); used++)
    {
        HRESULT result = fill(request, *node, &list[used]);
        overall = result == S_OK ? overall : result;
        *node = next_wanted(request, (*node)->next);
    }
    if (FAILED(overall))
    {
        free_elements(list, used);
        return overall;
    }
    *count = used;
    *elements = list;
    return overall;
}

static HRESULT browse(const struct request *request, DWORD max, LPWSTR *continuation, DWORD *count,
                      OPCBROWSEELEMENT **elements)
{
    DWORD place = 0;
    const struct sim_node *node = next_wanted(request, request->parent->first_child);
    if (*continuation != NULL && **continuation != L'\0')
    {
        node = find_place(request, *continuation, &place);
        if (node == NULL)
        {
            return OPC_E_INVALIDCONTINUATIONPOINT;
        }
    }
    DWORD capacity = max == 0 || max > ELEMENTS_MAX ? ELEMENTS_MAX : max;
    HRESULT result = collect(request, &node, capacity, count, elements);
    if (SUCCEEDED(result))
    {
        CoTaskMemFree(*continuation);
        *continuation =
            node != NULL ? make_continuation(request, place + *count) : sim_text_task_copy(L"");
    }
    return result;
}

static HRESULT find_parent(const wchar_t *id, const struct sim_node **parent)
{
    *parent = id[0] == L'\0' ? sim_device_root() : sim_device_find(id);
    if (*parent != NULL)
    {
        return S_OK;
    }
    return sim_item_id_is_valid(id) ? OPC_E_UNKNOWNITEMID : OPC_E_INVALIDITEMID;
}

static HRESULT STDMETHODCALLTYPE
server_browse3_Browse(IOPCBrowse *iface, LPWSTR id, LPWSTR *continuation, DWORD max,
                      OPCBROWSEFILTER filter, LPWSTR name_filter, LPWSTR vendor_filter,
                      BOOL with_all_properties, BOOL with_values, DWORD property_count,
                      DWORD *properties, BOOL *is_more, DWORD *count, OPCBROWSEELEMENT **elements)
{
    (void)iface;
    if (continuation == NULL || is_more == NULL || count == NULL || elements == NULL)
    {
        return E_POINTER;
    }
    *is_more = FALSE; /* what doesn't fit has a continuation point */
    *count = 0;
    *elements = NULL;
    SIM_ENTER(IOPCBrowse_Browse);
    bool has_list = !with_all_properties && property_count > 0;
    if (id == NULL || name_filter == NULL || vendor_filter == NULL ||
        filter < OPC_BROWSE_FILTER_ALL || filter > OPC_BROWSE_FILTER_ITEMS ||
        (has_list && properties == NULL))
    {
        return E_INVALIDARG;
    }
    struct request request = {.filter = filter,
                              .name_filter = name_filter,
                              .vendor_filter = vendor_filter,
                              .with_properties = with_all_properties || has_list,
                              .with_values = with_values != FALSE,
                              .property_count = has_list ? property_count : 0,
                              .properties = properties};
    HRESULT result = find_parent(id, &request.parent);
    if (FAILED(result))
    {
        return result;
    }
    if (!sim_like_is_valid(name_filter) || !is_vendor_filter(vendor_filter))
    {
        return OPC_E_INVALIDFILTER;
    }
    return browse(&request, max, continuation, count, elements);
}

const IOPCBrowseVtbl sim_server_browse3_vtable = {
    server_browse3_QueryInterface, server_browse3_AddRef, server_browse3_Release,
    server_browse3_GetProperties,  server_browse3_Browse,
};
