#include "link/link_sync.h"

#include "module/memory.h"
#include "session/session.h"

/* Items whose active flag, client handle or type on the machine differs from the shadow's. */
struct item_changes
{
    DWORD count;
    OPCHANDLE *real;
    OPCHANDLE *clients;
    VARTYPE *types;
};

enum change_kind
{
    CHANGE_TO_ACTIVE,
    CHANGE_TO_INACTIVE,
    CHANGE_CLIENT,
    CHANGE_TYPE,
    CHANGE_KIND_COUNT
};

static bool differs(const struct rm_item *item, const struct rm_link_item *link_item,
                    enum change_kind kind)
{
    switch (kind)
    {
    case CHANGE_TO_ACTIVE: return item->is_active && !link_item->is_active;
    case CHANGE_TO_INACTIVE: return !item->is_active && link_item->is_active;
    case CHANGE_CLIENT: return item->client != link_item->client;
    case CHANGE_TYPE: return item->requested_type != link_item->requested_type;
    case CHANGE_KIND_COUNT: break;
    }
    return false;
}

/* What is asked for counts as applied: a machine that refuses it isn't asked again and again. */
static void apply(const struct rm_item *item, struct rm_link_item *link_item, enum change_kind kind)
{
    switch (kind)
    {
    case CHANGE_TO_ACTIVE:
    case CHANGE_TO_INACTIVE: link_item->is_active = (BYTE)(item->is_active != 0); break;
    case CHANGE_CLIENT: link_item->client = item->client; break;
    case CHANGE_TYPE: link_item->requested_type = item->requested_type; break;
    case CHANGE_KIND_COUNT: break;
    }
}

static void free_changes(struct item_changes *changes)
{
    rm_free(changes->real);
    rm_free(changes->clients);
    rm_free(changes->types);
}

/* Locked. false: no memory. */
static bool collect(struct rm_link_group *link_group, struct rm_group *group, enum change_kind kind,
                    struct item_changes *changes)
{
    DWORD slot;

    for (slot = 0; slot < link_group->item_slots && slot < group->item_slots; slot++)
    {
        struct rm_item *item = &group->items[slot];
        struct rm_link_item *link_item = &link_group->items[slot];

        if (!item->is_used || link_item->state != RM_LINK_ITEM_ADDED ||
            link_item->handle != item->handle || !differs(item, link_item, kind))
            continue;
        if (!changes->real)
        {
            changes->real = rm_alloc_zero(group->item_count, sizeof(*changes->real));
            changes->clients = rm_alloc_zero(group->item_count, sizeof(*changes->clients));
            changes->types = rm_alloc_zero(group->item_count, sizeof(*changes->types));
        }
        if (!changes->real || !changes->clients || !changes->types)
            return false;
        changes->real[changes->count] = link_group->added[slot].real;
        changes->clients[changes->count] = item->client;
        changes->types[changes->count] = item->requested_type;
        changes->count++;
        apply(item, link_item, kind);
    }
    return true;
}

static HRESULT send(IOPCItemMgt *items, enum change_kind kind, struct item_changes *changes)
{
    HRESULT *errors = NULL;
    HRESULT hr = E_UNEXPECTED;

    switch (kind)
    {
    case CHANGE_TO_ACTIVE:
    case CHANGE_TO_INACTIVE:
        hr = IOPCItemMgt_SetActiveState(items, changes->count, changes->real,
                                        kind == CHANGE_TO_ACTIVE, &errors);
        break;
    case CHANGE_CLIENT:
        hr = IOPCItemMgt_SetClientHandles(items, changes->count, changes->real, changes->clients,
                                          &errors);
        break;
    case CHANGE_TYPE:
        hr =
            IOPCItemMgt_SetDatatypes(items, changes->count, changes->real, changes->types, &errors);
        break;
    case CHANGE_KIND_COUNT: break;
    }
    CoTaskMemFree(errors);
    return hr;
}

static bool sync_change(struct rm_link *link, struct rm_group *group, enum change_kind kind)
{
    struct rm_session *session = link->session;
    struct item_changes changes = {0};
    struct rm_link_group *link_group;
    IOPCItemMgt *items = NULL;
    bool is_alive = true;

    rm_session_lock(session);
    link_group = link->is_dead ? NULL : rm_link_group_of(link, group);
    if (link_group)
    {
        if (!collect(link_group, group, kind, &changes))
            rm_sync_short_of_memory(link);
        if (changes.count)
            items = rm_link_take_group(link, group, RM_GROUP_ITEM_MGT);
    }
    rm_session_unlock(session);
    if (items)
    {
        is_alive = rm_sync_is_alive(link, send(items, kind, &changes));
        IOPCItemMgt_Release(items);
    }
    free_changes(&changes);
    return is_alive && !link->is_dead;
}

bool rm_sync_items_changed(struct rm_link *link, struct rm_group *group)
{
    int kind;

    for (kind = 0; kind < CHANGE_KIND_COUNT; kind++)
    {
        if (!sync_change(link, group, (enum change_kind)kind))
            return false;
    }
    return true;
}
