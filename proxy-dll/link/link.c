#include "link/link.h"

#include <rm/quirk.h>
#include <string.h>

#include "call/abandoned.h"
#include "delivery/standby.h"
#include "module/memory.h"
#include "module/module.h"
#include "session/journal.h"
#include "session/session.h"

/* A server that has just started may still be loading its items; after a minute the rest is for
 * those that somebody adds to its configuration. */
#define ASK_FIRST_MS 2000
#define ASK_LAST_MS  60000

struct rm_link *rm_link_new(struct rm_session *session, unsigned machine, DWORD number)
{
    struct rm_link *link = rm_alloc_zero(1, sizeof(*link));

    if (!link)
        return NULL;
    link->refs = 1;
    link->session = session;
    rm_session_hold(session);
    link->machine = machine;
    link->number = number;
    link->server = rm_abandoned_server(session->config->machines[machine - 1].host,
                                       rm_server_machine_progid(session->config, machine));
    rm_list_init(&link->calls);
    rm_list_init(&link->works);
    rm_list_init(&link->browsers);
    link->applied_locale = LOCALE_SYSTEM_DEFAULT;
    link->readiness.percent = 100;
    link->buffer.bytes_max = RM_STANDBY_BYTES_MAX;
    return link;
}

void rm_link_add_ref(struct rm_link *link)
{
    InterlockedIncrement(&link->refs);
}

/* What the link held on the server has gone with rm_link_dispose. */
void rm_link_release(struct rm_link *link)
{
    struct rm_session *session = link->session;

    if (InterlockedDecrement(&link->refs))
        return;
    rm_free(link->applied_client_name);
    rm_free(link->groups);
    rm_readiness_clear(&link->readiness);
    rm_free(link);
    rm_session_unhold(session);
}

void *rm_link_take(struct rm_link *link, enum rm_server_interface which)
{
    IUnknown *interface_pointer = link->interfaces[which];

    if (interface_pointer)
        IUnknown_AddRef(interface_pointer);
    return interface_pointer;
}

struct rm_link_group *rm_link_group_of(struct rm_link *link, const struct rm_group *group)
{
    struct rm_link_group *link_group;

    if (group->slot >= link->group_slots)
        return NULL;
    link_group = &link->groups[group->slot];
    return link_group->group == group ? link_group : NULL;
}

static enum rm_group_interface derived_from(enum rm_group_interface which)
{
    switch (which)
    {
    case RM_GROUP_STATE_MGT: return RM_GROUP_STATE_MGT2;
    case RM_GROUP_SYNC_IO: return RM_GROUP_SYNC_IO2;
    case RM_GROUP_ASYNC_IO2: return RM_GROUP_ASYNC_IO3;
    case RM_GROUP_ITEM_MGT:
    case RM_GROUP_CONNECTION_POINTS:
    case RM_GROUP_STATE_MGT2:
    case RM_GROUP_PUBLIC_STATE_MGT:
    case RM_GROUP_SYNC_IO2:
    case RM_GROUP_ASYNC_IO3:
    case RM_GROUP_DEADBAND_MGT:
    case RM_GROUP_SAMPLING_MGT:
    case RM_GROUP_INTERFACE_COUNT: break;
    }
    return which;
}

void *rm_link_take_group(struct rm_link *link, const struct rm_group *group,
                         enum rm_group_interface which)
{
    struct rm_link_group *link_group = rm_link_group_of(link, group);
    IUnknown *interface_pointer = link_group ? link_group->interfaces[which] : NULL;

    if (link_group && !interface_pointer)
        interface_pointer = link_group->interfaces[derived_from(which)];
    if (interface_pointer)
        IUnknown_AddRef(interface_pointer);
    return interface_pointer;
}

struct rm_link_group *rm_link_group_make(struct rm_link *link, struct rm_group *group)
{
    struct rm_link_group *link_group = rm_link_group_of(link, group);

    if (link_group)
        return link_group;
    if (group->slot >= link->group_slots)
    {
        DWORD slots = link->group_slots ? link->group_slots * 2 : 8;
        struct rm_link_group *groups;

        while (slots <= group->slot)
            slots *= 2;
        groups = rm_realloc(link->groups, slots, sizeof(*groups));
        if (!groups)
            return NULL;
        memset(groups + link->group_slots, 0, (slots - link->group_slots) * sizeof(*groups));
        link->groups = groups;
        link->group_slots = slots;
    }
    link_group = &link->groups[group->slot];
    if (link_group->group)
        return NULL; /* an older group of this slot still has to be removed there */
    rm_group_hold(group);
    link_group->group = group;
    return link_group;
}

struct rm_link_item *rm_link_item_of(struct rm_link_group *link_group, const struct rm_group *group,
                                     const struct rm_item *item)
{
    DWORD slot = rm_item_slot(group, item);

    if (slot >= link_group->item_slots || link_group->items[slot].handle != item->handle)
        return NULL;
    return &link_group->items[slot];
}

static struct rm_link_item *enter_item(struct rm_link_group *link_group, DWORD slot, DWORD handle,
                                       enum rm_link_item_state state)
{
    struct rm_link_item *link_item = &link_group->items[slot];

    link_item->handle = handle;
    link_item->state = (BYTE)state;
    link_group->added[slot].handle = state == RM_LINK_ITEM_ADDED ? handle : 0;
    return link_item;
}

void rm_link_item_added(struct rm_link_group *link_group, const struct rm_group *group,
                        const struct rm_item *item, OPCHANDLE real)
{
    DWORD slot = rm_item_slot(group, item);

    enter_item(link_group, slot, item->handle, RM_LINK_ITEM_ADDED)->status = S_OK;
    link_group->added[slot].real = real;
}

void rm_link_item_refused(struct rm_link_group *link_group, const struct rm_group *group,
                          const struct rm_item *item, HRESULT status)
{
    enter_item(link_group, rm_item_slot(group, item), item->handle, RM_LINK_ITEM_REFUSED)->status =
        status;
}

void rm_link_item_forget(struct rm_link_group *link_group, DWORD slot)
{
    memset(&link_group->items[slot], 0, sizeof(link_group->items[slot]));
    link_group->added[slot].handle = 0;
}

bool rm_link_group_reserve(struct rm_link_group *link_group, const struct rm_group *group)
{
    DWORD more = group->item_slots - link_group->item_slots;
    struct rm_added_item *added;
    struct rm_link_item *items;

    if (link_group->item_slots >= group->item_slots)
        return true;
    if (!rm_standby_reserve(link_group, group->item_slots))
        return false;
    added = rm_realloc(link_group->added, group->item_slots, sizeof(*added));
    if (added)
        link_group->added = added;
    items = added ? rm_realloc(link_group->items, group->item_slots, sizeof(*items)) : NULL;
    if (!items)
        return false;
    memset(added + link_group->item_slots, 0, more * sizeof(*added));
    memset(items + link_group->item_slots, 0, more * sizeof(*items));
    link_group->items = items;
    link_group->item_slots = group->item_slots;
    return true;
}

bool rm_link_adopt_group(struct rm_link *link, struct rm_group *group, OPCHANDLE real,
                         IUnknown *interfaces[RM_GROUP_INTERFACE_COUNT])
{
    struct rm_link_group *link_group;
    int i;

    if (link->is_dead)
        return true; /* what it held is being released: the new machine gets the group from the
                        shadow */
    link_group = rm_link_group_make(link, group);
    if (!link_group)
        return false;
    link_group->real = real;
    for (i = 0; i < RM_GROUP_INTERFACE_COUNT; i++)
    {
        link_group->interfaces[i] = interfaces[i];
        interfaces[i] = NULL;
    }
    if (!link_group->interfaces[RM_GROUP_STATE_MGT2])
        link->quirks |= RM_QUIRK_NO_KEEP_ALIVE;
    link_group->status = S_OK;
    link_group->is_enabled = TRUE;
    return true;
}

bool rm_link_group_is_public(const struct rm_link_group *taken)
{
    return taken->group->is_attached || taken->is_moved;
}

bool rm_link_group_detach(struct rm_link *link, const struct rm_group *group,
                          struct rm_link_group *taken)
{
    struct rm_link_group *link_group = rm_link_group_of(link, group);

    if (!link_group)
        return false;
    rm_standby_forget_group(link, link_group);
    *taken = *link_group;
    memset(link_group, 0, sizeof(*link_group));
    return true;
}

void rm_link_renew_group(struct rm_link *link, struct rm_group *group)
{
    struct rm_link_group *link_group = link->is_dead ? NULL : rm_link_group_of(link, group);
    DWORD slot;

    if (!link_group)
        return;
    link_group->is_gone = true;
    /* The first callback of the new one brings what the client has: compared, as after a switch. */
    for (slot = 0; slot < group->item_slots; slot++)
        group->items[slot].last.link = 0;
    link->is_caught_up = false;
    rm_link_kick(link);
}

void rm_link_note_refusal(struct rm_link *link)
{
    if (link->has_refused)
        return;
    link->has_refused = true;
    link->ask_period_ms = link->ask_period_ms ? link->ask_period_ms * 2 : ASK_FIRST_MS;
    if (link->ask_period_ms > ASK_LAST_MS)
        link->ask_period_ms = ASK_LAST_MS;
    link->ask_next_ms = rm_module_now_ms() + link->ask_period_ms;
}

void rm_link_ask_again(struct rm_link *link, bool is_at_once)
{
    if (!is_at_once && (!link->has_refused || rm_module_now_ms() < link->ask_next_ms))
        return;
    link->has_refused = false;
    link->asks++;
    rm_link_kick(link);
}

void rm_link_long_call(struct rm_link *link, int change)
{
    link->long_calls += (unsigned)change;
    rm_journal_long_call(link->session->journal, link->machine, change);
}

void rm_link_group_add_orphan(struct rm_link_group *link_group, OPCHANDLE real)
{
    if (link_group->orphan_count == link_group->orphan_room)
    {
        DWORD room = link_group->orphan_room ? link_group->orphan_room * 2 : 64;
        OPCHANDLE *orphans = rm_realloc(link_group->orphans, room, sizeof(*orphans));

        if (!orphans)
            return; /* the item stays on the server until its group goes */
        link_group->orphans = orphans;
        link_group->orphan_room = room;
    }
    link_group->orphans[link_group->orphan_count++] = real;
}

void rm_link_tell_missing(const struct rm_link *link, bool is_group, int which)
{
    static volatile LONG64 told[RM_SERVER_INTERFACE_COUNT + RM_GROUP_INTERFACE_COUNT];
    struct rm_session *session = link->session;
    LONG64 now = ((LONG64)session->number << 32) | link->number;
    int index = is_group ? RM_SERVER_INTERFACE_COUNT + which : which;
    const IID *iid = is_group ? rm_group_interface_iid((enum rm_group_interface)which)
                              : rm_server_interface_iid((enum rm_server_interface)which);
    WCHAR text[40];

    if (InterlockedExchange64(&told[index], now) == now)
        return;
    StringFromGUID2(iid, text, ARRAYSIZE(text));
    rm_session_event(session, RM_EVENT_INTERFACE_MISSING, link->machine, 0, text);
}
