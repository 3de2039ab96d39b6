#include "session/shadow.h"

#include <string.h>
#include <wchar.h>

#include "delivery/client_sink.h"
#include "delivery/transaction.h"
#include "group/group_object.h"
#include "module/memory.h"
#include "points/connection_point.h"
#include "session/session.h"

#define FIRST_SLOTS          16
#define GENERATION_MAX       ((1u << (32 - RM_HANDLE_SLOT_BITS)) - 1)
#define GROUP_SLOT_BITS      16
#define GROUP_GENERATION_MAX 0xFFFFu
#define FIRST_GROUP_SLOTS    8

/* Of the group made last in this process: a handle given to the wrong session, or one whose group
 * is gone, is nobody's. */
static volatile LONG last_group_generation;

/* Handles are never 0: a generation starts at 1 and skips 0 when it comes round. */
static DWORD next_generation(DWORD generation, DWORD maximum)
{
    return generation >= maximum ? 1 : generation + 1;
}

static DWORD next_group_generation(void)
{
    DWORD generation;

    do
        generation = (DWORD)InterlockedIncrement(&last_group_generation) & GROUP_GENERATION_MAX;
    while (!generation);
    return generation;
}

static bool grow_groups(struct rm_session *session)
{
    DWORD slots = session->group_slots ? session->group_slots * 2 : FIRST_GROUP_SLOTS;
    struct rm_group **groups;

    if (session->group_slots >= RM_GROUP_SLOTS_MAX)
        return false;
    groups = rm_realloc(session->groups, slots, sizeof(struct rm_group *));
    if (!groups)
        return false;
    session->groups = groups;
    memset(groups + session->group_slots, 0,
           (slots - session->group_slots) * sizeof(struct rm_group *));
    session->group_slots = slots;
    return true;
}

static bool find_free_slot(struct rm_session *session, DWORD *slot)
{
    for (*slot = 0; *slot < session->group_slots; (*slot)++)
    {
        if (!session->groups[*slot])
            return true;
    }
    return grow_groups(session);
}

struct rm_group *rm_group_create(struct rm_session *session, const WCHAR *name)
{
    struct rm_group *group;
    DWORD slot;

    if (session->is_closed || !find_free_slot(session, &slot))
        return NULL;
    group = rm_alloc_zero(1, sizeof(*group));
    if (!group)
        return NULL;
    group->name = rm_wcsdup(name);
    if (!group->name || FAILED(rm_group_object_init(group)))
    {
        rm_free(group->name);
        rm_free(group);
        return NULL;
    }
    group->refs = 1;
    group->holds = 2; /* the client's references together, and the session's table */
    group->session = session;
    rm_session_hold(session);
    group->is_enabled = TRUE;
    rm_list_init(&group->transactions);
    rm_delivery_init(&group->delivery);
    group->slot = slot;
    group->handle = next_group_generation() << GROUP_SLOT_BITS | slot;
    session->groups[slot] = group;
    session->group_count++;
    return group;
}

struct rm_group *rm_session_find_group(struct rm_session *session, OPCHANDLE handle)
{
    DWORD slot = handle & 0xFFFF;
    struct rm_group *group = slot < session->group_slots ? session->groups[slot] : NULL;

    return group && group->handle == handle ? group : NULL;
}

bool rm_group_is_public(const struct rm_group *group)
{
    return group->is_attached || group->is_public;
}

static struct rm_group *find_group(struct rm_session *session, const WCHAR *name, bool is_public)
{
    DWORD slot;

    for (slot = 0; slot < session->group_slots; slot++)
    {
        struct rm_group *group = session->groups[slot];

        if (group && rm_group_is_public(group) == is_public && wcscmp(group->name, name) == 0)
            return group;
    }
    return NULL;
}

struct rm_group *rm_session_find_group_by_name(struct rm_session *session, const WCHAR *name)
{
    return find_group(session, name, false);
}

struct rm_group *rm_session_find_public_group(struct rm_session *session, const WCHAR *name)
{
    return find_group(session, name, true);
}

void rm_group_forget(struct rm_group *group)
{
    struct rm_session *session = group->session;

    if (session->groups[group->slot] != group)
        return;
    group->is_removed = true;
    session->groups[group->slot] = NULL;
    session->group_count--;
    rm_delivery_tell_waiters(group);
    InterlockedDecrement(&group->holds); /* the caller holds it, so this isn't the last */
}

void rm_group_let_go(struct rm_group *group)
{
    struct rm_session *session = group->session;

    rm_session_lock(session);
    /* Somebody may have asked for it by name meanwhile; or RemovePublicGroup was there before. */
    if (!group->refs && !group->is_removed)
    {
        rm_group_forget(group);
        rm_session_changed(session);
        rm_session_catch_up(session);
    }
    rm_session_unlock(session);
}

void rm_group_hold(struct rm_group *group)
{
    InterlockedIncrement(&group->holds);
}

static void free_item(struct rm_item *item)
{
    rm_free(item->item_id);
    rm_free(item->access_path);
    rm_free(item->blob);
    VariantClear(&item->last.value);
}

void rm_group_unhold(struct rm_group *group)
{
    struct rm_session *session = group->session;
    DWORD slot;

    if (InterlockedDecrement(&group->holds))
        return;
    for (slot = 0; slot < group->item_slots; slot++)
    {
        if (group->items[slot].is_used)
            free_item(&group->items[slot]);
    }
    rm_transaction_forget_all(group);
    rm_delivery_clear(&group->delivery);
    if (group->sink)
        rm_client_sink_release(group->sink);
    rm_connection_point_free(group->point);
    rm_client_security_clear(&group->security);
    rm_blankets_clear(&group->blankets);
    if (group->marshaler)
        IUnknown_Release(group->marshaler);
    rm_free(group->items);
    rm_free(group->handles);
    rm_free(group->buckets);
    rm_free(group->name);
    rm_free(group);
    rm_session_unhold(session);
}

static DWORD bucket_of(const struct rm_group *group, OPCHANDLE client)
{
    return client * 2654435761u >> 7 & (group->bucket_count - 1);
}

static struct rm_item *first_with(struct rm_group *group, DWORD slot_plus_one, OPCHANDLE client)
{
    while (slot_plus_one)
    {
        struct rm_item *item = &group->items[slot_plus_one - 1];

        if (item->client == client)
            return item;
        slot_plus_one = item->next_in_bucket;
    }
    return NULL;
}

static void enter_bucket(struct rm_group *group, struct rm_item *item)
{
    DWORD *bucket = &group->buckets[bucket_of(group, item->client)];

    if (!group->may_have_twins)
        group->may_have_twins = first_with(group, *bucket, item->client) != NULL;
    item->next_in_bucket = *bucket;
    *bucket = rm_item_slot(group, item) + 1;
}

static void leave_bucket(struct rm_group *group, struct rm_item *item)
{
    DWORD *link = &group->buckets[bucket_of(group, item->client)];

    while (*link && *link != rm_item_slot(group, item) + 1)
        link = &group->items[*link - 1].next_in_bucket;
    if (*link)
        *link = item->next_in_bucket;
}

/* Makes the array that long, and buckets to match. */
static bool grow_items(struct rm_group *group, DWORD slots)
{
    DWORD bucket_count = FIRST_SLOTS;
    struct rm_item *items;
    DWORD *buckets, *handles;
    DWORD slot;

    if (slots > RM_ITEM_SLOTS_MAX)
        return false;
    while (bucket_count < slots)
        bucket_count *= 2;
    buckets = rm_alloc_zero(bucket_count, sizeof(*buckets));
    if (!buckets)
        return false;
    handles = rm_realloc(group->handles, slots, sizeof(*handles));
    if (handles)
        group->handles = handles;
    items = handles ? rm_realloc(group->items, slots, sizeof(*items)) : NULL;
    if (!items)
    {
        rm_free(buckets);
        return false;
    }
    memset(handles + group->item_slots, 0, (slots - group->item_slots) * sizeof(*handles));
    memset(items + group->item_slots, 0, (slots - group->item_slots) * sizeof(*items));
    group->items = items;
    rm_free(group->buckets);
    group->buckets = buckets;
    group->bucket_count = bucket_count;
    for (slot = slots; slot-- > group->item_slots;)
    {
        items[slot].next_in_bucket = group->first_free;
        group->first_free = slot + 1;
    }
    for (slot = 0; slot < group->item_slots; slot++)
    {
        if (items[slot].is_used)
            enter_bucket(group, &items[slot]);
    }
    group->item_slots = slots;
    return true;
}

/* A group that grows gets no more than it needs, but never less than a quarter more than it has:
 * the items of a large group are copied a few times each, and few slots stay empty. */
bool rm_group_reserve_items(struct rm_group *group, DWORD more)
{
    DWORD free_slots = group->item_slots - group->item_count;
    DWORD slots = group->item_slots + group->item_slots / 4;

    if (more <= free_slots)
        return true;
    if (more > RM_ITEM_SLOTS_MAX - group->item_count)
        return false;
    if (slots > RM_ITEM_SLOTS_MAX)
        slots = RM_ITEM_SLOTS_MAX;
    if (slots < group->item_count + more)
        slots = group->item_count + more;
    return grow_items(group, slots < FIRST_SLOTS ? FIRST_SLOTS : slots);
}

struct rm_item *rm_group_add_item(struct rm_group *group, OPCHANDLE client)
{
    struct rm_item *item;
    DWORD slot, generation;

    if (!rm_group_reserve_items(group, 1))
        return NULL;
    slot = group->first_free - 1;
    item = &group->items[slot];
    group->first_free = item->next_in_bucket;
    /* A group's handles start elsewhere than the next group's: one given to the wrong group is
     * found out. */
    generation = item->handle ? item->handle >> RM_HANDLE_SLOT_BITS
                              : (group->handle >> GROUP_SLOT_BITS) * 7 + group->slot * 13;
    memset(item, 0, sizeof(*item));
    item->handle =
        next_generation(generation % GENERATION_MAX, GENERATION_MAX) << RM_HANDLE_SLOT_BITS | slot;
    item->is_used = true;
    group->handles[slot] = item->handle;
    item->serial = ++group->next_serial;
    item->client = client;
    enter_bucket(group, item);
    group->item_count++;
    return item;
}

struct rm_item *rm_group_find_item(struct rm_group *group, OPCHANDLE handle)
{
    DWORD slot = handle & (RM_ITEM_SLOTS_MAX - 1);

    if (!handle || slot >= group->item_slots || group->handles[slot] != handle)
        return NULL;
    return &group->items[slot];
}

DWORD rm_item_slot(const struct rm_group *group, const struct rm_item *item)
{
    return (DWORD)(item - group->items);
}

const WCHAR *rm_item_access_path(const struct rm_item *item)
{
    return item->access_path ? item->access_path : L"";
}

void rm_group_remove_item(struct rm_group *group, struct rm_item *item)
{
    DWORD handle = item->handle;

    leave_bucket(group, item);
    free_item(item);
    memset(item, 0, sizeof(*item));
    group->handles[rm_item_slot(group, item)] = 0;
    item->handle = handle; /* remembers the generation */
    item->next_in_bucket = group->first_free;
    group->first_free = rm_item_slot(group, item) + 1;
    group->item_count--;
}

void rm_group_expect_client_handle(struct rm_group *group, struct rm_item *item, OPCHANDLE client)
{
    item->other_client = client;
    item->has_other_client = true;
    group->has_other_clients = true;
}

void rm_group_set_client_handle(struct rm_group *group, struct rm_item *item, OPCHANDLE client)
{
    rm_group_expect_client_handle(group, item, item->client);
    leave_bucket(group, item);
    item->client = client;
    enter_bucket(group, item);
}

struct rm_item *rm_group_item_by_client(struct rm_group *group, OPCHANDLE client)
{
    if (!group->bucket_count)
        return NULL;
    return first_with(group, group->buckets[bucket_of(group, client)], client);
}

struct rm_item *rm_group_next_by_client(struct rm_group *group, const struct rm_item *item)
{
    return first_with(group, item->next_in_bucket, item->client);
}

struct rm_item *rm_group_item_in_turn(struct rm_group *group, OPCHANDLE client, DWORD *next)
{
    struct rm_item *item = *next < group->item_slots ? &group->items[*next] : NULL;

    if (!item || !item->is_used || item->client != client || group->may_have_twins)
        item = rm_group_item_by_client(group, client);
    if (item)
        *next = rm_item_slot(group, item) + 1;
    return item;
}

bool rm_group_has_twins(struct rm_group *group, const struct rm_item *item)
{
    return group->may_have_twins && rm_group_next_by_client(group, item) != NULL;
}

struct rm_item *rm_group_item_by_other_client(struct rm_group *group, OPCHANDLE client)
{
    for (DWORD slot = 0; group->has_other_clients && slot < group->item_slots; slot++)
    {
        struct rm_item *item = &group->items[slot];

        if (item->is_used && item->has_other_client && item->other_client == client)
            return item;
    }
    return NULL;
}
