#include "tour.h"

#include <stdlib.h>

#include "text.h"

#define FIRST_CLIENT_GROUP 50000 /* the client's other groups have smaller handles */
#define BATCH              20

/* NULL where there is no such interface; one that a server need not have is no failed call. */
static void *query(struct rm_probe *probe, void *object, REFIID iid)
{
    IUnknown *unknown = object;
    void *found = NULL;

    struct rm_call call = rm_probe_begin(probe, "IUnknown::QueryInterface");
    HRESULT hr = IUnknown_QueryInterface(unknown, iid, &found);
    rm_probe_end(probe, call, hr == E_NOINTERFACE ? S_OK : hr);
    return SUCCEEDED(hr) ? found : NULL;
}

static void release(struct rm_probe *probe, void *object)
{
    struct rm_call call = rm_probe_begin(probe, "IUnknown::Release");

    IUnknown_Release((IUnknown *)object);
    rm_probe_end(probe, call, S_OK);
}

static void change_state(struct rm_group *group)
{
    struct rm_probe *probe = group->probe;
    IOPCGroupStateMgt *state = query(probe, group->items, &IID_IOPCGroupStateMgt);
    DWORD rate_ms = (DWORD)probe->options->rate_ms, revised_ms = 0;

    if (!state)
        return;
    struct rm_call call = rm_probe_begin(probe, "IOPCGroupStateMgt::SetState");
    rm_probe_end(
        probe, call,
        IOPCGroupStateMgt_SetState(state, &rate_ms, &revised_ms, NULL, NULL, NULL, NULL, NULL));
    release(probe, state);
}

static void list_attributes(struct rm_group *group)
{
    struct rm_probe *probe = group->probe;
    IEnumOPCItemAttributes *list = NULL;
    OPCITEMATTRIBUTES *attributes = NULL;
    ULONG fetched = 0;

    struct rm_call call = rm_probe_begin(probe, "IOPCItemMgt::CreateEnumerator");
    HRESULT hr = rm_probe_end(probe, call,
                              IOPCItemMgt_CreateEnumerator(
                                  group->items, &IID_IEnumOPCItemAttributes, (IUnknown **)&list));
    if (FAILED(hr) || !list)
        return;
    call = rm_probe_begin(probe, "IEnumOPCItemAttributes::Next");
    rm_probe_end(probe, call, IEnumOPCItemAttributes_Next(list, BATCH, &attributes, &fetched));
    for (ULONG i = 0; i < fetched; i++)
    {
        CoTaskMemFree(attributes[i].szAccessPath);
        CoTaskMemFree(attributes[i].szItemID);
        CoTaskMemFree(attributes[i].pBlob);
        VariantClear(&attributes[i].vEUInfo);
    }
    CoTaskMemFree(attributes);
    release(probe, list);
}

static void list_groups(struct rm_server *server)
{
    struct rm_probe *probe = server->probe;
    IEnumString *list = NULL;
    LPOLESTR names[BATCH];
    ULONG fetched = 0;

    struct rm_call call = rm_probe_begin(probe, "IOPCServer::CreateGroupEnumerator");
    HRESULT hr =
        rm_probe_end(probe, call,
                     IOPCServer_CreateGroupEnumerator(server->server, OPC_ENUM_ALL,
                                                      &IID_IEnumString, (IUnknown **)&list));
    if (FAILED(hr) || !list)
        return;
    call = rm_probe_begin(probe, "IEnumString::Next");
    rm_probe_end(probe, call, IEnumString_Next(list, BATCH, names, &fetched));
    for (ULONG i = 0; i < fetched; i++)
        CoTaskMemFree(names[i]);
    release(probe, list);
}

static void read_properties(IOPCItemProperties *properties, struct rm_probe *probe, WCHAR *id)
{
    DWORD count = 0, *ids = NULL;
    LPWSTR *texts = NULL;
    VARTYPE *types = NULL;
    VARIANT *values = NULL;
    HRESULT *errors = NULL;

    struct rm_call call = rm_probe_begin(probe, "IOPCItemProperties::QueryAvailableProperties");
    HRESULT hr = rm_probe_end(
        probe, call,
        IOPCItemProperties_QueryAvailableProperties(properties, id, &count, &ids, &texts, &types));
    if (SUCCEEDED(hr) && count)
    {
        call = rm_probe_begin(probe, "IOPCItemProperties::GetItemProperties");
        rm_probe_end(
            probe, call,
            IOPCItemProperties_GetItemProperties(properties, id, count, ids, &values, &errors));
    }
    for (DWORD i = 0; texts && i < count; i++)
        CoTaskMemFree(texts[i]);
    for (DWORD i = 0; values && i < count; i++)
        VariantClear(&values[i]);
    CoTaskMemFree(ids);
    CoTaskMemFree(texts);
    CoTaskMemFree(types);
    CoTaskMemFree(values);
    CoTaskMemFree(errors);
}

static void look_at_item(struct rm_server *server)
{
    struct rm_probe *probe = server->probe;
    IOPCItemProperties *properties = query(probe, server->server, &IID_IOPCItemProperties);
    WCHAR *id = properties ? rm_text_to_wide(probe->item_ids[0]) : NULL;

    if (id)
        read_properties(properties, probe, id);
    free(id);
    if (properties)
        release(probe, properties);
}

static void browse(struct rm_server *server)
{
    static WCHAR root[] = L"";
    struct rm_probe *probe = server->probe;
    IOPCBrowse *space = query(probe, server->server, &IID_IOPCBrowse);
    LPWSTR continuation = NULL;
    OPCBROWSEELEMENT *elements = NULL;
    BOOL is_more = FALSE;
    DWORD count = 0, no_property = 0; /* the array is not optional, even where it has no elements */

    if (!space)
        return;
    struct rm_call call = rm_probe_begin(probe, "IOPCBrowse::Browse");
    rm_probe_end(probe, call,
                 IOPCBrowse_Browse(space, root, &continuation, BATCH, OPC_BROWSE_FILTER_ALL, root,
                                   root, FALSE, FALSE, 0, &no_property, &is_more, &count,
                                   &elements));
    for (DWORD i = 0; elements && i < count; i++)
    {
        CoTaskMemFree(elements[i].szName);
        CoTaskMemFree(elements[i].szItemID);
        CoTaskMemFree(elements[i].ItemProperties.pItemProperties);
    }
    CoTaskMemFree(elements);
    CoTaskMemFree(continuation);
    release(probe, space);
}

void rm_tour_make(struct rm_tour *tour, struct rm_server *server, size_t count)
{
    struct rm_group *group = &tour->group;

    memset(group, 0, sizeof(*group));
    group->probe = server->probe;
    group->client_handle = FIRST_CLIENT_GROUP + tour->rounds++;
    group->count = count;
    if (SUCCEEDED(rm_group_open(group, server->server, server->probe->item_ids)))
    {
        rm_group_advise(group);
        change_state(group);
        list_attributes(group);
        list_groups(server);
        rm_group_unadvise(group);
        rm_group_remove_items(group);
    }
    rm_group_close(group, server->server);
    look_at_item(server);
    browse(server);
}
