#include "link/link_sync.h"

#include <stdlib.h>
#include <string.h>

#include "call/hresult_class.h"
#include "delivery/standby.h"
#include "module/memory.h"
#include "module/module.h"
#include "session/session.h"

/* Items that one call adds, with copies of all that it sends. */
struct item_batch
{
    DWORD count;
    DWORD asks;     /* the link's */
    DWORD *handles; /* ours */
    OPCITEMDEF *defs;
};

static void free_batch(struct item_batch *batch)
{
    DWORD i;

    for (i = 0; i < batch->count; i++)
    {
        rm_free(batch->defs[i].szItemID);
        rm_free(batch->defs[i].szAccessPath);
        rm_free(batch->defs[i].pBlob);
    }
    rm_free(batch->handles);
    rm_free(batch->defs);
}

static bool copy_item(struct item_batch *batch, const struct rm_item *item)
{
    OPCITEMDEF *def = &batch->defs[batch->count];

    def->szItemID = rm_wcsdup(item->item_id);
    def->szAccessPath = rm_wcsdup(rm_item_access_path(item));
    def->bActive = item->is_active;
    def->hClient = item->client;
    def->vtRequestedDataType = item->requested_type;
    if (item->blob_size)
    {
        def->pBlob = rm_memdup(item->blob, item->blob_size, 1);
        def->dwBlobSize = def->pBlob ? item->blob_size : 0;
    }
    batch->handles[batch->count++] = item->handle;
    return def->szItemID && def->szAccessPath;
}

static int compare_serials(const void *left, const void *right)
{
    const struct rm_item *a = *(const struct rm_item *const *)left;
    const struct rm_item *b = *(const struct rm_item *const *)right;

    return (a->serial > b->serial) - (a->serial < b->serial);
}

/* Whether the machine is to be asked for the item now: never asked, or refused before and due. */
static bool is_missing(const struct rm_link *link, struct rm_link_group *link_group,
                       const struct rm_group *group, const struct rm_item *item)
{
    const struct rm_link_item *link_item = rm_link_item_of(link_group, group, item);

    if (!link_item || link_item->state == RM_LINK_ITEM_NONE)
        return true;
    return link_item->state == RM_LINK_ITEM_REFUSED && link_item->asks != link->asks;
}

/* Locked. The items that are missing on the machine, in the order in which the client added them.
 */
static bool collect_missing(struct rm_link *link, struct rm_link_group *link_group,
                            struct rm_group *group, struct item_batch *batch)
{
    struct rm_item **missing = rm_alloc_zero(group->item_count, sizeof(struct rm_item *));
    DWORD count = 0, slot;
    bool is_fine = true;

    if (!missing)
        return false;
    batch->asks = link->asks;
    for (slot = 0; slot < group->item_slots; slot++)
    {
        struct rm_item *item = &group->items[slot];

        if (item->is_used && is_missing(link, link_group, group, item))
            missing[count++] = item;
    }
    if (count)
    {
        qsort(missing, count, sizeof(struct rm_item *), compare_serials);
        batch->handles = rm_alloc_zero(count, sizeof(*batch->handles));
        batch->defs = rm_alloc_zero(count, sizeof(*batch->defs));
        is_fine = batch->handles && batch->defs;
        for (slot = 0; is_fine && slot < count; slot++)
            is_fine = copy_item(batch, missing[slot]);
    }
    rm_free(missing);
    return is_fine;
}

/* Locked: what the machine said of one item. true: it has refused it, and that is news. */
static bool record_item(struct rm_link *link, struct rm_group *group,
                        const struct item_batch *batch, DWORD i, const OPCITEMRESULT *result,
                        HRESULT error)
{
    struct rm_link_group *link_group = rm_link_group_of(link, group);
    struct rm_item *item = rm_group_find_item(group, batch->handles[i]);
    struct rm_link_item *link_item;
    bool is_news;

    if (!link_group)
        return false;
    if (!item || !rm_link_group_reserve(link_group, group))
    {
        if (SUCCEEDED(error))
            rm_link_group_add_orphan(link_group, result->hServer);
        if (item)
            rm_sync_short_of_memory(link);
        return false;
    }
    link_item = &link_group->items[rm_item_slot(group, item)];
    memset(&link_item->settings, 0, sizeof(link_item->settings));
    is_news = link_item->handle != item->handle || link_item->state != RM_LINK_ITEM_REFUSED ||
              link_item->status != error;
    link_item->asks = batch->asks;
    if (FAILED(error))
    {
        rm_link_item_refused(link_group, group, item, error);
        rm_link_note_refusal(link);
        return is_news;
    }
    rm_link_item_added(link_group, group, item, result->hServer);
    link_item->is_active = (BYTE)(batch->defs[i].bActive != 0);
    link_item->requested_type = batch->defs[i].vtRequestedDataType;
    link_item->client = batch->defs[i].hClient;
    link_item->canonical_type = result->vtCanonicalDataType;
    link_item->access_rights = (BYTE)result->dwAccessRights;
    return false;
}

/* Those of one call, which began with item `first` of the batch. */
static void record_portion(struct rm_link *link, struct rm_group *group, struct item_batch *batch,
                           DWORD first, DWORD count, const OPCITEMRESULT *results,
                           const HRESULT *errors)
{
    DWORD i;

    for (i = 0; i < count; i++)
    {
        bool is_refused;

        rm_session_lock(link->session);
        is_refused =
            !link->is_dead && record_item(link, group, batch, first + i, &results[i], errors[i]);
        rm_session_unlock(link->session);
        if (is_refused)
            rm_readiness_tell_refused(link, errors[i], batch->defs[first + i].szItemID);
    }
}

static void free_results(OPCITEMRESULT *results, DWORD count)
{
    DWORD i;

    for (i = 0; results && i < count; i++)
        CoTaskMemFree(results[i].pBlob);
    CoTaskMemFree(results);
}

/* One call of AddItems. *count is how many items it had, 0: the machine refused it as a whole, and
 * takes fewer perhaps. S_OK, or why no more can be added now. */
static HRESULT add_portion(struct rm_link *link, struct rm_group *group, IOPCItemMgt *items,
                           struct item_batch *batch, DWORD first, DWORD *count)
{
    DWORD asked = rm_portion_next(&link->portion, batch->count - first, 0);
    OPCITEMRESULT *results = NULL;
    HRESULT *errors = NULL;
    ULONGLONG began_ms = rm_module_now_ms();
    HRESULT hr;

    *count = 0;
    rm_sync_long_call(link, 1);
    hr = IOPCItemMgt_AddItems(items, asked, &batch->defs[first], &results, &errors);
    rm_sync_long_call(link, -1);
    if (SUCCEEDED(hr) && results && errors)
    {
        *count = asked;
        rm_portion_took(&link->portion, asked, (DWORD)(rm_module_now_ms() - began_ms));
        record_portion(link, group, batch, first, asked, results, errors);
        hr = S_OK;
    }
    else if (SUCCEEDED(hr))
        hr = E_FAIL;
    else if (rm_hresult_classify(hr) == RM_HRESULT_ANSWER &&
             rm_portion_refused(&link->portion, asked))
        hr = S_OK;
    free_results(results, asked);
    CoTaskMemFree(errors);
    return hr;
}

/* false: the link is dead. */
static bool add_batch(struct rm_link *link, struct rm_group *group, IOPCItemMgt *items,
                      struct item_batch *batch)
{
    DWORD first = 0, count;
    HRESULT hr = S_OK;

    while (first < batch->count && hr == S_OK && !link->is_dead)
    {
        hr = add_portion(link, group, items, batch, first, &count);
        first += count;
    }
    if (!rm_sync_is_alive(link, hr))
        return false;
    if (hr != S_OK)
    {
        rm_sync_tell_refusal(link, group, hr);
        rm_session_lock(link->session);
        rm_link_note_refusal(link);
        rm_session_unlock(link->session);
    }
    return true;
}

bool rm_sync_items_added(struct rm_link *link, struct rm_group *group)
{
    struct rm_session *session = link->session;
    struct item_batch batch = {0};
    struct rm_link_group *link_group;
    IOPCItemMgt *items = NULL;
    bool is_alive = true;

    rm_session_lock(session);
    link_group = link->is_dead ? NULL : rm_link_group_of(link, group);
    if (link_group && link_group->interfaces[RM_GROUP_ITEM_MGT])
    {
        if (!collect_missing(link, link_group, group, &batch))
            rm_sync_short_of_memory(link);
        else if (batch.count)
            items = rm_link_take_group(link, group, RM_GROUP_ITEM_MGT);
    }
    rm_session_unlock(session);
    if (items)
    {
        is_alive = add_batch(link, group, items, &batch);
        IOPCItemMgt_Release(items);
    }
    free_batch(&batch);
    return is_alive && !link->is_dead;
}

/* Locked. Real handles of items that the shadow has no more become orphans. */
static void find_orphans(struct rm_link *link, struct rm_link_group *link_group,
                         struct rm_group *group)
{
    DWORD slot;

    for (slot = 0; slot < link_group->item_slots; slot++)
    {
        struct rm_link_item *link_item = &link_group->items[slot];

        if (link_item->state == RM_LINK_ITEM_NONE ||
            (slot < group->item_slots && group->items[slot].is_used &&
             group->items[slot].handle == link_item->handle))
            continue;
        if (link_item->state == RM_LINK_ITEM_ADDED)
            rm_link_group_add_orphan(link_group, link_group->added[slot].real);
        rm_standby_free_item(link, link_group, slot);
        rm_link_item_forget(link_group, slot);
    }
}

bool rm_sync_items_removed(struct rm_link *link, struct rm_group *group)
{
    struct rm_session *session = link->session;
    struct rm_link_group *link_group;
    OPCHANDLE *orphans = NULL;
    IOPCItemMgt *items = NULL;
    HRESULT *errors = NULL;
    DWORD count = 0;
    HRESULT hr;

    rm_session_lock(session);
    link_group = link->is_dead ? NULL : rm_link_group_of(link, group);
    if (link_group)
    {
        find_orphans(link, link_group, group);
        if (link_group->orphan_count)
            items = rm_link_take_group(link, group, RM_GROUP_ITEM_MGT);
    }
    if (items)
    {
        orphans = link_group->orphans;
        count = link_group->orphan_count;
        link_group->orphans = NULL;
        link_group->orphan_count = link_group->orphan_room = 0;
    }
    rm_session_unlock(session);
    if (!items)
        return !link->is_dead;
    hr = IOPCItemMgt_RemoveItems(items, count, orphans, &errors);
    IOPCItemMgt_Release(items);
    CoTaskMemFree(errors);
    rm_free(orphans);
    return rm_sync_is_alive(link, hr);
}
