#include "delivery/filter.h"

#include <rm/handover.h>

#include "delivery/last_forwarded.h"
#include "delivery/standby.h"
#include "link/link.h"
#include "module/memory.h"
#include "module/module.h"
#include "session/session.h"

#define HELD_MARGIN_MS 500 /* beyond two update periods */

void rm_held_free(struct rm_held *held)
{
    if (!held)
        return;
    rm_callback_free(held->update);
    rm_free(held);
}

void rm_filter_drop_held(struct rm_group *group, DWORD item)
{
    struct rm_list_node *node = group->delivery.held.next;

    while (node != &group->delivery.held)
    {
        struct rm_held *held = RM_LIST_ENTRY(node, struct rm_held, node);

        node = node->next;
        if (held->item != item)
            continue;
        rm_list_remove(&held->node);
        rm_held_free(held);
    }
}

static struct rm_held *find_held(const struct rm_group *group, DWORD item)
{
    struct rm_list_node *node;

    for (node = group->delivery.held.next; node != &group->delivery.held; node = node->next)
    {
        struct rm_held *held = RM_LIST_ENTRY(node, struct rm_held, node);

        if (held->item == item)
            return held;
    }
    return NULL;
}

/* A copy of what was held of this item so far, if anything, and element i of data behind it. */
static struct rm_callback *copy_behind(const struct rm_callback *before,
                                       const struct rm_callback *data, DWORD i)
{
    DWORD count = before ? before->count : 0, k;
    struct rm_callback *copy = rm_callback_new(data->kind, count + 1);

    if (!copy)
        return NULL;
    copy->group = data->group;
    for (k = 0; k <= count; k++)
    {
        const struct rm_callback *from = k < count ? before : data;
        DWORD index = k < count ? k : i;

        copy->clients[k] = from->clients[index];
        copy->qualities[k] = from->qualities[index];
        copy->times[k] = from->times[index];
        copy->errors[k] = from->errors[index];
        if (FAILED(VariantCopy(&copy->values[k], &from->values[index])))
        {
            rm_callback_free(copy);
            return NULL;
        }
    }
    rm_callback_set_masters(copy);
    return copy;
}

/* Takes the place of what was held of the item before, unless that came in the same data change:
 * then these are samples that the server has buffered, and stay together. */
static bool hold(struct rm_group *group, const struct rm_link *link, const struct rm_item *item,
                 const struct rm_callback *data, DWORD i)
{
    struct rm_held *before = find_held(group, item->handle);
    struct rm_held *held = rm_alloc_zero(1, sizeof(*held));
    ULONGLONG due_ms = rm_module_now_ms() + 2 * group->revised_rate_ms + HELD_MARGIN_MS;

    if (before && before->link == link->number)
        due_ms = before->due_ms; /* a machine whose clock is wrong must not be held for ever */
    if (before && before->round != group->delivery.round)
        before = NULL;
    if (held)
        held->update = copy_behind(before ? before->update : NULL, data, i);
    if (!held || !held->update)
    {
        rm_free(held);
        return false;
    }
    held->item = item->handle;
    held->link = link->number;
    held->round = group->delivery.round;
    held->due_ms = due_ms;
    rm_filter_drop_held(group, item->handle);
    rm_list_append(&group->delivery.held, &held->node);
    return true;
}

/* true: the client is to get it. */
static bool decide(struct rm_group *group, struct rm_link *link, struct rm_item *item,
                   const struct rm_forwarding *forwarding, const struct rm_callback *data, DWORD i,
                   bool is_own_refresh)
{
    const struct rm_session *session = group->session;
    enum rm_handover verdict;
    bool is_behind;

    if (link->number == session->yielding_link && item->last.is_valid &&
        item->last.link == session->delivering_link && data->transaction == 0)
    {
        /* The new machine delivers this item already. */
        if (!is_own_refresh || rm_standby_is_news_of(group, link, item, data, i))
            rm_standby_keep(group, link, item, data, i);
        return false;
    }
    /* A refresh brings all, with the time stamps of now: what hasn't changed is no news. */
    if (is_own_refresh && item->last.is_valid && item->last.link == link->number &&
        !rm_standby_is_news_of(group, link, item, data, i))
        return false;
    if (item->last.is_valid && (is_own_refresh || item->last.link != link->number) &&
        data->transaction == 0)
    {
        verdict = rm_standby_judge_item(group, link, item, data, i, &is_behind);
        if (verdict == RM_HANDOVER_HOLD && hold(group, link, item, data, i))
            return false;
        if (!rm_list_is_empty(&group->delivery.held))
            rm_filter_drop_held(group, item->handle);
        if (verdict == RM_HANDOVER_SUPPRESS)
        {
            if (!is_behind)
                item->last.link = link->number;
            return false;
        }
    }
    rm_last_forwarded_set(&item->last, forwarding, data, i);
    if (group->delivery.is_kept_elsewhere)
        rm_standby_item_forwarded(group, item);
    return true;
}

/* The callback without the elements that are marked. */
static void take_out(const struct rm_callback *data, const BYTE *is_out, DWORD out_count,
                     struct rm_filtered *filtered)
{
    DWORD count = data->count - out_count;
    struct rm_callback *rest = rm_callback_new(data->kind, count);
    DWORD i, to = 0;

    if (!rest)
        return;
    for (i = 0; i < data->count; i++)
    {
        if (is_out[i])
            continue;
        rest->clients[to] = data->clients[i];
        rest->values[to] = data->values[i]; /* borrowed */
        rest->qualities[to] = data->qualities[i];
        rest->times[to] = data->times[i];
        rest->errors[to] = data->errors[i];
        to++;
    }
    filtered->callback = *rest;
    filtered->callback.transaction = data->transaction;
    filtered->callback.group = data->group;
    rm_callback_set_masters(&filtered->callback);
    filtered->is_all = false;
    filtered->is_nothing = count == 0;
    rm_free(rest);
}

static struct rm_item *find_item(struct rm_group *group, OPCHANDLE client, DWORD *next)
{
    struct rm_item *item = rm_group_item_in_turn(group, client, next);

    return item ? item : rm_group_item_by_other_client(group, client);
}

/* An item whose AddItems has not returned, or one that another client has added to a public group;
 * else it is one that the client has removed, and the callback was on its way. What the client has
 * asked for is answered in any case. */
static bool may_be_unknown(const struct rm_group *group, const struct rm_callback *data)
{
    return group->adds_out > 0 || group->is_attached || data->transaction != 0;
}

/* Whether an item that had its last update from this link is simply given the next one. */
static bool is_simple(const struct rm_group *group, const struct rm_link *link, bool is_own_refresh)
{
    return !is_own_refresh && !group->may_have_twins && !group->delivery.is_kept_elsewhere &&
           link->number != group->session->yielding_link;
}

void rm_filter_data_change(struct rm_group *group, struct rm_link *link,
                           const struct rm_callback *data, bool is_own_refresh,
                           struct rm_filtered *filtered)
{
    struct rm_forwarding forwarding;
    BYTE *is_out = NULL;
    DWORD out_count = 0, next = 0, i;
    bool is_run;

    filtered->callback = *data;
    filtered->is_all = true;
    filtered->is_nothing = false;
    group->delivery.round++;
    group->delivery.now_ms = rm_module_now_ms();
    group->delivery.is_kept_elsewhere = rm_standby_keeps(group->session, link);
    forwarding = rm_forwarding_of(link, (DWORD)group->delivery.now_ms);
    is_run = is_simple(group, link, is_own_refresh);
    for (i = 0; i < data->count; i++)
    {
        struct rm_item *item;

        if (is_run)
            i = rm_last_forwarded_run(group, &forwarding, data, i, &next);
        if (i == data->count)
            break;
        item = find_item(group, data->clients[i], &next);
        /* Of several with one client handle there is nothing to compare with. */
        if (item ? rm_group_has_twins(group, item) ||
                       decide(group, link, item, &forwarding, data, i, is_own_refresh)
                 : may_be_unknown(group, data))
            continue;
        if (!is_out)
            is_out = rm_alloc_zero(data->count, 1);
        if (!is_out)
            continue;
        is_out[i] = 1;
        out_count++;
    }
    if (is_out)
        take_out(data, is_out, out_count, filtered);
    group->session->updates_suppressed += out_count;
    group->session->updates_forwarded += data->count - out_count;
    rm_free(is_out);
}

void rm_filtered_clear(struct rm_filtered *filtered)
{
    if (filtered->is_all)
        return;
    rm_free(filtered->callback.clients);
    rm_free(filtered->callback.values);
    rm_free(filtered->callback.qualities);
    rm_free(filtered->callback.times);
    rm_free(filtered->callback.errors);
}

void rm_filter_undo(struct rm_group *group, const struct rm_callback *callback)
{
    DWORD i;

    for (i = 0; i < callback->count; i++)
    {
        struct rm_item *item = rm_group_item_by_client(group, callback->clients[i]);

        for (; item; item = rm_group_next_by_client(group, item))
            item->last.is_valid = false;
    }
}

struct rm_held *rm_filter_take_due(struct rm_group *group, ULONGLONG now_ms)
{
    struct rm_list_node *node;

    for (node = group->delivery.held.next; node != &group->delivery.held; node = node->next)
    {
        struct rm_held *held = RM_LIST_ENTRY(node, struct rm_held, node);

        if (held->due_ms > now_ms)
            continue;
        rm_list_remove(&held->node);
        return held;
    }
    return NULL;
}
