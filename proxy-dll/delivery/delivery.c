#include "delivery/delivery.h"

#include "delivery/callback.h"
#include "delivery/client_sink.h"
#include "delivery/filter.h"
#include "delivery/group_job.h"
#include "delivery/standby.h"
#include "delivery/transaction.h"
#include "link/link.h"
#include "session/recorder.h"
#include "session/session.h"

void rm_delivery_init(struct rm_delivery *delivery)
{
    rm_list_init(&delivery->queue);
    rm_list_init(&delivery->held);
}

void rm_delivery_clear(struct rm_delivery *delivery)
{
    while (!rm_list_is_empty(&delivery->queue))
    {
        struct rm_callback *callback =
            RM_LIST_ENTRY(delivery->queue.next, struct rm_callback, node);

        rm_list_remove(&callback->node);
        rm_callback_free(callback);
    }
    while (!rm_list_is_empty(&delivery->held))
    {
        struct rm_held *held = RM_LIST_ENTRY(delivery->held.next, struct rm_held, node);

        rm_list_remove(&held->node);
        rm_held_free(held);
    }
    delivery->queued = 0;
}

void rm_delivery_tell_waiters(struct rm_group *group)
{
    if (group->delivery.waiting)
        rm_session_wake_waiters(group->session);
}

/* Locked; unlocks while the client is called. */
static HRESULT call_client(struct rm_group *group, const struct rm_callback *callback)
{
    struct rm_session *session = group->session;
    struct rm_client_sink *sink = group->sink;
    IOPCDataCallback *client;
    HRESULT hr = E_FAIL;

    if (!sink || group->is_removed)
        return S_OK; /* gone meanwhile: the server need not know */
    rm_client_sink_add_ref(sink);
    session->client_calls++;
    session->clients_inside++;
    rm_session_unlock(session);
    client = rm_client_sink_take(sink);
    if (client)
    {
        hr = rm_callback_call(callback, client);
        IOPCDataCallback_Release(client);
    }
    rm_client_sink_release(sink);
    rm_session_lock(session);
    session->clients_inside--;
    if (FAILED(hr) && callback->kind == RM_CALLBACK_DATA_CHANGE)
        rm_filter_undo(group, callback);
    return hr;
}

/* Locked; unlocks meanwhile. The calling thread owns the delivery. */
static void drain(struct rm_group *group)
{
    struct rm_delivery *delivery = &group->delivery;

    while (!rm_list_is_empty(&delivery->queue))
    {
        struct rm_callback *callback =
            RM_LIST_ENTRY(delivery->queue.next, struct rm_callback, node);

        rm_list_remove(&callback->node);
        delivery->queued--;
        rm_delivery_tell_waiters(group);
        call_client(group, callback);
        rm_callback_free(callback);
    }
    delivery->owner = 0;
}

/* Locked; unlocks while waiting. Only this server's thread waits, as it would for the client
 * itself; where that thread is the client's own apartment it pumps, for the owner of the delivery
 * may be calling into it. */
static void wait_for_room(struct rm_group *group)
{
    struct rm_delivery *delivery = &group->delivery;

    delivery->waiting++;
    while (delivery->queued > RM_DELIVERY_QUEUE_MAX && group->sink && !group->is_removed &&
           rm_session_wait_change(group->session, INFINITE))
        ;
    delivery->waiting--;
}

/* Locked; unlocks meanwhile. The callback has its place in the queue before its thread waits: what
 * the next machine sends after a switch was compared with it, and comes behind it. */
static HRESULT enqueue(struct rm_group *group, const struct rm_callback *callback)
{
    struct rm_delivery *delivery = &group->delivery;
    struct rm_callback *copy = rm_callback_copy(callback);

    if (!copy)
    {
        if (callback->kind == RM_CALLBACK_DATA_CHANGE)
            rm_filter_undo(group, callback);
        return E_OUTOFMEMORY;
    }
    rm_list_append(&delivery->queue, &copy->node);
    delivery->queued++;
    if (delivery->owner != GetCurrentThreadId()) /* nobody else takes from the queue */
        wait_for_room(group);
    return S_OK;
}

/* Locked; unlocks meanwhile. Passes the callback on, or queues a copy of it. */
static HRESULT pass_on(struct rm_group *group, const struct rm_callback *callback)
{
    struct rm_delivery *delivery = &group->delivery;
    DWORD thread = GetCurrentThreadId();
    HRESULT hr;

    if (delivery->owner == thread && rm_list_is_empty(&delivery->queue))
        return call_client(group, callback);
    if (delivery->owner)
        return enqueue(group, callback);
    delivery->owner = thread;
    /* What a machine that has taken over owes the client comes first. */
    hr = rm_list_is_empty(&delivery->queue) ? call_client(group, callback)
                                            : enqueue(group, callback);
    drain(group);
    return hr;
}

static void run_drain(struct rm_group *group, void *context)
{
    (void)context;
    rm_session_lock(group->session);
    if (!group->delivery.owner)
    {
        group->delivery.owner = GetCurrentThreadId();
        drain(group);
    }
    rm_session_unlock(group->session);
}

void rm_delivery_queue(struct rm_group *group, struct rm_callback *callback)
{
    rm_list_append(&group->delivery.queue, &callback->node);
    if (group->delivery.queued++ == 0 && !group->delivery.owner)
        rm_group_job_submit(group, run_drain, NULL); /* else the next data change drains */
}

/* The link whose data the group's client wants, or NULL. Locked. */
static struct rm_link *find_link(struct rm_group *group, DWORD number)
{
    unsigned i;

    if (group->is_removed || !group->sink || !number)
        return NULL;
    for (i = 0; i < RM_MACHINE_NUMBERS; i++)
    {
        struct rm_link *link = group->session->links[i];

        if (link && link->number == number)
            return link;
    }
    return NULL;
}

static bool may_deliver(const struct rm_session *session, DWORD number)
{
    return session->delivering_link == number || session->yielding_link == number;
}

/* The subscription is alive (link/callback_check.h). */
static void note_delivered(struct rm_link *link, struct rm_group *group)
{
    struct rm_link_group *link_group = rm_link_group_of(link, group);

    if (link_group)
        link_group->has_delivered = true;
}

/* A keep-alive that only we have asked for. */
static bool is_own_keep_alive(struct rm_link *link, struct rm_group *group,
                              const struct rm_callback *data)
{
    const struct rm_link_group *link_group;

    if (data->count || data->transaction || group->keep_alive_ms)
        return false;
    link_group = rm_link_group_of(link, group);
    return link_group && link_group->keep_alive_ms;
}

/* Locked; unlocks while the client is called. */
static HRESULT deliver_change(struct rm_group *group, struct rm_link *link,
                              const struct rm_callback *data)
{
    struct rm_session *session = group->session;
    struct rm_callback change = *data;
    DWORD number = link->number;
    struct rm_filtered filtered;
    bool is_own_refresh = false;
    HRESULT hr = S_OK;

    if (!may_deliver(session, number))
    {
        if (session->config->mode == RM_MODE_HOT)
            rm_standby_data(group, link, data, data->transaction == RM_OWN_REFRESH);
        return S_OK;
    }
    if (change.transaction &&
        !rm_transaction_complete(group, number, RM_TRANSACTION_REFRESH, &change))
    {
        is_own_refresh = change.transaction == RM_OWN_REFRESH;
        /* For the client ours is data like any other; and so is that of a machine that yields or
         * is being lost, for the refresh is asked for again on the new one. */
        if (is_own_refresh || number == session->yielding_link || link->has_lost_call)
            change.transaction = 0;
    }
    if (is_own_refresh && !change.count)
        return S_OK;
    rm_filter_data_change(group, link, &change, is_own_refresh, &filtered);
    if (!filtered.is_nothing)
        hr = pass_on(group, &filtered.callback);
    rm_filtered_clear(&filtered);
    return hr;
}

HRESULT rm_delivery_data_change(struct rm_group *group, DWORD link, const struct rm_callback *data)
{
    struct rm_link *from;
    HRESULT hr = S_OK;

    rm_session_lock(group->session);
    rm_recorder_data(group->session->recorder, link, data->count);
    from = find_link(group, link);
    if (from)
    {
        note_delivered(from, group);
        if (!is_own_keep_alive(from, group, data))
            hr = deliver_change(group, from, data);
    }
    rm_session_unlock(group->session);
    return hr;
}

void rm_delivery_held(struct rm_group *group, const struct rm_held *held)
{
    struct rm_link *link;
    struct rm_item *item;

    rm_session_lock(group->session);
    link = find_link(group, held->link);
    item = rm_group_find_item(group, held->item);
    /* Data that this link has sent since has made it void. */
    if (item && link && group->session->delivering_link == held->link &&
        item->last.link != held->link)
    {
        item->last.is_valid = false; /* nothing may hold it back a second time */
        deliver_change(group, link, held->update);
    }
    rm_session_unlock(group->session);
}

static bool is_awaited(struct rm_group *group, DWORD link, const struct rm_callback *completion)
{
    if (completion->kind == RM_CALLBACK_CANCEL_COMPLETE)
        return rm_transaction_complete_cancel(group, link, completion->transaction);
    return rm_transaction_complete(
        group, link,
        completion->kind == RM_CALLBACK_READ_COMPLETE ? RM_TRANSACTION_READ : RM_TRANSACTION_WRITE,
        completion);
}

HRESULT rm_delivery_completion(struct rm_group *group, DWORD link,
                               const struct rm_callback *completion)
{
    struct rm_session *session = group->session;
    struct rm_link *from;
    HRESULT hr = S_OK;

    rm_session_lock(session);
    from = find_link(group, link);
    if (from)
        note_delivered(from, group);
    /* One that nobody waits for is passed on as the real server sent it, unless it comes from a
     * machine whose transactions have been settled already, or whose calls are made again. */
    if (is_awaited(group, link, completion) ||
        (session->delivering_link == link && from && !from->has_lost_call))
        hr = call_client(group, completion);
    rm_session_unlock(session);
    return hr;
}

void rm_delivery_own(struct rm_group *group, const struct rm_callback *callback)
{
    pass_on(group, callback);
}
