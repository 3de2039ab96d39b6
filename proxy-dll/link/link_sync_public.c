/* Attaching to a server's public group. Its items are what they are on that machine: they are found
 * by their names, and only what belongs to the client (activity, type, client handle) is made equal
 * to the shadow. */
#include "link/link_sync.h"

#include <wchar.h>
#include <opc/opcerror.h>

#include "enumerator/item_attributes.h"
#include "group/group_birth.h"
#include "module/memory.h"
#include "session/session.h"

/* Real items that the client's group on the former machine had not. */
struct surplus
{
    DWORD count;
    OPCHANDLE *real;
};

static bool is_same_item(const struct rm_item *item, const OPCITEMATTRIBUTES *element)
{
    return element->szItemID && wcscmp(item->item_id, element->szItemID) == 0 &&
           wcscmp(rm_item_access_path(item), element->szAccessPath ? element->szAccessPath : L"") ==
               0;
}

/* From `start` on, for they mostly come in the same order; none twice. `count`: there is none. */
static DWORD find_element(const struct rm_item_attributes *attributes, const BYTE *is_taken,
                          DWORD start, const struct rm_item *item)
{
    for (DWORD i = 0; i < attributes->count; i++)
    {
        DWORD place = (start + i) % attributes->count;

        if (!is_taken[place] && is_same_item(item, &attributes->elements[place]))
            return place;
    }
    return attributes->count;
}

/* Locked. */
static void match_items(struct rm_link *link, struct rm_link_group *link_group,
                        struct rm_group *group, const struct rm_item_attributes *attributes,
                        BYTE *is_taken)
{
    DWORD place = 0;

    for (DWORD slot = 0; slot < group->item_slots; slot++)
    {
        const struct rm_item *item = &group->items[slot];
        struct rm_link_item *link_item = &link_group->items[slot];

        rm_link_item_forget(link_group, slot);
        if (!item->is_used)
            continue;
        place = find_element(attributes, is_taken, place, item);
        link_item->asks = link->asks;
        if (place < attributes->count)
        {
            const OPCITEMATTRIBUTES *element = &attributes->elements[place];

            is_taken[place++] = 1;
            rm_link_item_added(link_group, group, item, element->hServer);
            link_item->is_active = element->bActive != FALSE;
            link_item->requested_type = element->vtRequestedDataType;
            link_item->client = element->hClient;
            link_item->canonical_type = element->vtCanonicalDataType;
            link_item->access_rights = (BYTE)element->dwAccessRights;
            continue;
        }
        rm_link_item_refused(link_group, group, item, OPC_E_UNKNOWNITEMID);
        rm_readiness_tell_refused(link, OPC_E_UNKNOWNITEMID, item->item_id);
    }
}

static void collect_surplus(const struct rm_item_attributes *attributes, const BYTE *is_taken,
                            struct surplus *surplus)
{
    surplus->real = rm_alloc_zero(attributes->count, sizeof(*surplus->real));
    for (DWORD i = 0; surplus->real && i < attributes->count; i++)
    {
        if (!is_taken[i])
            surplus->real[surplus->count++] = attributes->elements[i].hServer;
    }
}

/* Locked: what the machine has now. */
static HRESULT record(struct rm_link *link, struct rm_group *group, struct rm_group_birth *birth,
                      struct surplus *surplus)
{
    struct rm_link_group *link_group;
    BYTE *is_taken = rm_alloc_zero(birth->attributes ? birth->attributes->count : 0, 1);
    HRESULT hr = E_OUTOFMEMORY;

    if (link->is_dead)
        hr = S_OK;
    else if (is_taken && rm_link_adopt_group(link, group, birth->real, birth->interfaces))
    {
        link_group = rm_link_group_of(link, group);
        link_group->rate_ms = birth->rate_ms;
        link_group->is_active = birth->is_active;
        link_group->time_bias = birth->time_bias;
        link_group->deadband = birth->deadband;
        link_group->lcid = birth->lcid;
        link_group->client_handle = birth->client;
        rm_free(link_group->name);
        link_group->name = rm_wcsdup(group->name);
        if (birth->attributes && rm_link_group_reserve(link_group, group))
        {
            match_items(link, link_group, group, birth->attributes, is_taken);
            collect_surplus(birth->attributes, is_taken, surplus);
        }
        hr = S_OK;
    }
    rm_free(is_taken);
    return hr;
}

/* The client doesn't know them, nor the client handles that their data would come with. */
static HRESULT silence(struct rm_link *link, struct rm_group *group, const struct surplus *surplus)
{
    IOPCItemMgt *items = NULL;
    HRESULT *errors = NULL;
    HRESULT hr;

    if (!surplus->count)
        return S_OK;
    rm_session_lock(link->session);
    items = rm_link_take_group(link, group, RM_GROUP_ITEM_MGT);
    rm_session_unlock(link->session);
    if (!items)
        return S_OK;
    hr = IOPCItemMgt_SetActiveState(items, surplus->count, surplus->real, FALSE, &errors);
    CoTaskMemFree(errors);
    IOPCItemMgt_Release(items);
    return hr;
}

static HRESULT attach(struct rm_link *link, struct rm_group *group, IOPCServerPublicGroups *server,
                      const WCHAR *name)
{
    struct rm_group_birth birth = {.name = NULL};
    struct surplus surplus = {0};
    IUnknown *real = NULL;
    HRESULT hr =
        IOPCServerPublicGroups_GetPublicGroupByName(server, name, &IID_IOPCGroupStateMgt, &real);

    if (SUCCEEDED(hr) && !real)
        hr = E_FAIL;
    if (SUCCEEDED(hr))
        hr = rm_group_birth_learn(&birth, link, real);
    if (real)
        IUnknown_Release(real);
    if (SUCCEEDED(hr))
    {
        rm_session_lock(link->session);
        hr = record(link, group, &birth, &surplus);
        rm_session_unlock(link->session);
    }
    if (SUCCEEDED(hr))
        hr = silence(link, group, &surplus);
    rm_free(surplus.real);
    rm_group_birth_clear(&birth);
    return hr;
}

bool rm_sync_group_attached(struct rm_link *link, struct rm_group *group)
{
    struct rm_session *session = link->session;
    IOPCServerPublicGroups *server = NULL;
    WCHAR *name = NULL;
    DWORD asks;
    HRESULT hr;

    rm_session_lock(session);
    asks = link->asks;
    if (!link->is_dead && rm_sync_is_group_wanted(link, rm_link_group_of(link, group)))
        name = rm_wcsdup(group->name);
    if (name)
        server = rm_link_take(link, RM_SERVER_PUBLIC_GROUPS);
    rm_session_unlock(session);
    if (!name)
        return !link->is_dead;
    hr = server ? attach(link, group, server, name) : E_NOINTERFACE;
    if (server)
        IOPCServerPublicGroups_Release(server);
    rm_free(name);
    if (!rm_sync_is_alive(link, hr))
        return false;
    if (FAILED(hr))
        rm_sync_record_refusal(link, group, asks, hr);
    return true;
}
