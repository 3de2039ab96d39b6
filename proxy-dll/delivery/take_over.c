#include "delivery/standby.h"

#include <oleauto.h>

#include "delivery/callback.h"
#include "delivery/delivery.h"
#include "delivery/filter.h"
#include "delivery/last_forwarded.h"
#include "link/link.h"
#include "module/module.h"
#include "session/session.h"

static DWORD count_owed(const struct rm_link_group *link_group)
{
    DWORD count = 0, slot;

    for (slot = 0; slot < link_group->item_slots; slot++)
        count += link_group->rings[slot].first != NULL;
    return count;
}

/* The oldest update of an item becomes element i. */
static void move_first(struct rm_group *group, struct rm_link *link, struct rm_item *item,
                       struct rm_standby_ring *ring, struct rm_callback *data, DWORD i)
{
    struct rm_standby_terms terms = rm_standby_bare_terms(link);
    struct rm_forwarding forwarding;
    struct rm_update update;

    if (!rm_standby_first(ring, &terms, &update))
        return;
    forwarding = rm_forwarding_of(link, update.arrived_ms);
    data->clients[i] = item->client;
    data->qualities[i] = update.quality;
    data->times[i].dwLowDateTime = (DWORD)update.time_100ns;
    data->times[i].dwHighDateTime = (DWORD)((ULONGLONG)update.time_100ns >> 32);
    data->errors[i] = update.error;
    if (rm_value_keep(&data->values[i], update.value))
    {
        rm_last_forwarded_set(&item->last, &forwarding, data, i);
        rm_standby_item_forwarded(group, item);
        rm_filter_drop_held(group, item->handle);
        data->count++;
    }
    else
        link->buffer.overflowed++;
    rm_standby_drop_first(ring, &terms);
}

/* One update of each item that has some. NULL: there are none left, or no memory. */
static struct rm_callback *take_round(struct rm_group *group, struct rm_link *link,
                                      struct rm_link_group *link_group)
{
    DWORD owed = count_owed(link_group), slot;
    struct rm_callback *data = owed ? rm_callback_new(RM_CALLBACK_DATA_CHANGE, owed) : NULL;

    if (!data)
        return NULL;
    data->group = group->client_handle;
    data->count = 0;
    for (slot = 0; slot < link_group->item_slots; slot++)
    {
        struct rm_item *item = slot < group->item_slots ? &group->items[slot] : NULL;

        if (link_group->rings[slot].first && item && item->is_used && item->is_active &&
            rm_link_item_of(link_group, group, item))
            move_first(group, link, item, &link_group->rings[slot], data, data->count);
        else
            rm_standby_forget_item(link, link_group, slot); /* the client wants no more of it */
    }
    rm_callback_set_masters(data);
    return data;
}

static void take_over_group(struct rm_group *group, struct rm_link *link,
                            struct rm_link_group *link_group)
{
    struct rm_callback *data;
    DWORD slot;

    while (group->is_active && group->is_enabled && group->sink &&
           (data = take_round(group, link, link_group)) != NULL)
    {
        group->session->updates_forwarded += data->count;
        if (data->count)
            rm_delivery_queue(group, data);
        else
            rm_callback_free(data);
    }
    if (group->is_active && group->is_enabled && group->sink)
        link->buffer.overflowed += count_owed(link_group); /* no memory */
    for (slot = 0; slot < link_group->item_slots; slot++)
        rm_standby_forget_item(link, link_group, slot); /* what the rings have learnt stays */
}

void rm_standby_take_over(struct rm_session *session, struct rm_link *link)
{
    DWORD slot;

    for (slot = 0; slot < session->group_slots; slot++)
    {
        struct rm_group *group = session->groups[slot];
        struct rm_link_group *link_group = group ? rm_link_group_of(link, group) : NULL;

        if (link_group && link_group->rings && !group->is_removed)
            take_over_group(group, link, link_group);
    }
    session->match_due_ms = session->suspected_ms = 0;
}
