#include "publicgroup.h"
#include "journal.h"
#include "text.h"

#include <opc/opcerror.h>

#include <stdlib.h>

struct public_item
{
    const struct sim_item *item;
    DWORD client_handle;
    VARTYPE requested;
    bool is_active;
    wchar_t *access_path; /* NULL: none */
};

/* Everything but the links stays as it was made. */
struct sim_public_group
{
    struct sim_public_group *next;
    LONG refs;
    volatile LONG is_removed;
    wchar_t *name;
    DWORD rate_ms;
    LONG time_bias;
    FLOAT deadband;
    LCID locale;
    DWORD client_handle;
    DWORD count;
    struct public_item *items;
};

/* Protects the list. */
static SRWLOCK lock = SRWLOCK_INIT;
static struct sim_public_group *list;

void sim_public_group_release(struct sim_public_group *public_group)
{
    if (InterlockedDecrement(&public_group->refs) > 0)
    {
        return;
    }
    for (DWORD i = 0; i < public_group->count; i++)
    {
        free(public_group->items[i].access_path);
    }
    free(public_group->items);
    free(public_group->name);
    free(public_group);
}

static struct sim_public_group *find(const wchar_t *name)
{
    struct sim_public_group *found = list;
    while (found != NULL && wcscmp(found->name, name) != 0)
    {
        found = found->next;
    }
    return found;
}

struct sim_public_group *sim_public_group_find(const wchar_t *name)
{
    AcquireSRWLockShared(&lock);
    struct sim_public_group *found = find(name);
    if (found != NULL)
    {
        InterlockedIncrement(&found->refs);
    }
    ReleaseSRWLockShared(&lock);
    return found;
}

bool sim_public_group_is_removed(const struct sim_public_group *public_group)
{
    return public_group->is_removed != 0;
}

void sim_public_group_remove(struct sim_public_group *public_group)
{
    AcquireSRWLockExclusive(&lock);
    struct sim_public_group **link = &list;
    while (*link != NULL && *link != public_group)
    {
        link = &(*link)->next;
    }
    bool is_found = *link != NULL;
    if (is_found)
    {
        *link = public_group->next;
        InterlockedExchange(&public_group->is_removed, 1);
    }
    ReleaseSRWLockExclusive(&lock);
    if (is_found)
    {
        sim_public_group_release(public_group);
    }
}

/* The group's lock is held. */
static bool copy_items(struct sim_public_group *copy, const struct sim_group *group)
{
    copy->items = calloc((size_t)group->item_count + 1, sizeof(*copy->items));
    for (DWORD i = 0; i < group->item_places && copy->items != NULL; i++)
    {
        const struct sim_group_item *source = &group->items[i];
        if (source->item != NULL)
        {
            copy->items[copy->count++] = (struct public_item){
                source->item, source->client_handle, source->requested, source->is_active,
                source->access_path != NULL ? sim_text_copy(source->access_path) : NULL};
        }
    }
    return copy->items != NULL;
}

static struct sim_public_group *create(struct sim_group *group)
{
    struct sim_public_group *created = calloc(1, sizeof(*created));
    if (created == NULL)
    {
        return NULL;
    }
    created->refs = 1;
    AcquireSRWLockShared(&group->server->lock);
    created->name = sim_text_copy(group->name);
    ReleaseSRWLockShared(&group->server->lock);
    AcquireSRWLockShared(&group->lock);
    created->rate_ms = group->rate_ms;
    created->time_bias = group->time_bias;
    created->deadband = group->deadband;
    created->locale = group->locale;
    created->client_handle = group->client_handle;
    bool is_copied = copy_items(created, group);
    ReleaseSRWLockShared(&group->lock);
    if (created->name == NULL || !is_copied)
    {
        sim_public_group_release(created);
        return NULL;
    }
    return created;
}

HRESULT sim_public_group_publish(struct sim_group *group)
{
    struct sim_public_group *created = create(group);
    HRESULT result = S_OK;
    if (created == NULL)
    {
        return E_OUTOFMEMORY;
    }
    AcquireSRWLockExclusive(&group->lock);
    AcquireSRWLockExclusive(&lock);
    if (group->public_group != NULL)
    {
        result = E_FAIL;
    }
    else if (find(created->name) != NULL)
    {
        result = OPC_E_DUPLICATENAME;
    }
    else
    {
        created->next = list;
        list = created;
        InterlockedIncrement(&created->refs);
        group->public_group = created;
    }
    ReleaseSRWLockExclusive(&lock);
    ReleaseSRWLockExclusive(&group->lock);
    if (FAILED(result))
    {
        sim_public_group_release(created);
    }
    return result;
}

static HRESULT add_item(struct sim_group *group, const struct public_item *source)
{
    struct sim_group_item *item = sim_group_new_item(group);
    if (item == NULL)
    {
        return E_OUTOFMEMORY;
    }
    item->item = source->item;
    item->client_handle = source->client_handle;
    item->requested = source->requested;
    item->is_active = source->is_active;
    item->is_pending = true;
    item->access_path = source->access_path != NULL ? sim_text_copy(source->access_path) : NULL;
    sim_journal_item(group->handle, item->server_handle, item->client_handle, item->item->node->id);
    return S_OK;
}

HRESULT sim_public_group_connect(struct sim_public_group *public_group, struct sim_group *group)
{
    HRESULT result = S_OK;
    AcquireSRWLockExclusive(&group->lock);
    group->rate_ms = public_group->rate_ms;
    group->time_bias = public_group->time_bias;
    group->deadband = public_group->deadband;
    group->locale = public_group->locale;
    group->client_handle = public_group->client_handle;
    for (DWORD i = 0; i < public_group->count && SUCCEEDED(result); i++)
    {
        result = add_item(group, &public_group->items[i]);
    }
    InterlockedIncrement(&public_group->refs);
    group->public_group = public_group;
    ReleaseSRWLockExclusive(&group->lock);
    return result;
}

void sim_public_group_leave(struct sim_group *group)
{
    if (!sim_group_is_in_use(group) && sim_server_take_group(group->server, group))
    {
        sim_group_remove(group);
        sim_group_unhold(group);
    }
}
