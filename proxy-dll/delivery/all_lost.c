#include "delivery/all_lost.h"

#include <opc/opcconst.h>

#include "call/worker.h"
#include "delivery/callback.h"
#include "delivery/delivery.h"
#include "module/memory.h"
#include "session/session.h"

struct lost_job
{
    struct rm_job job;
    struct rm_group *group; /* holds it */
};

/* Locked. Whether the machine has refused the item, or its whole group. */
static bool is_refused(struct rm_link *link, struct rm_group *group, const struct rm_item *item)
{
    struct rm_link_group *link_group = rm_link_group_of(link, group);
    const struct rm_link_item *link_item;

    if (!link_group || FAILED(link_group->status))
        return true;
    link_item = rm_link_item_of(link_group, group, item);
    return !link_item || link_item->state != RM_LINK_ITEM_ADDED;
}

/* Locked. What the client is told now is not what a machine has sent: whatever comes next from any
 * machine is news. */
static struct rm_callback *bad_quality(struct rm_group *group, struct rm_link *refused_by)
{
    struct rm_callback *callback = rm_callback_new(RM_CALLBACK_DATA_CHANGE, group->item_count);
    FILETIME now;
    DWORD slot, count = 0;

    if (!callback)
        return NULL;
    GetSystemTimeAsFileTime(&now);
    for (slot = 0; slot < group->item_slots; slot++)
    {
        struct rm_item *item = &group->items[slot];

        if (!item->is_used || !item->is_active ||
            (refused_by && (!item->last.is_valid || !is_refused(refused_by, group, item))))
            continue;
        callback->clients[count] = item->client;
        VariantCopy(&callback->values[count], &item->last.value);
        callback->qualities[count] = OPC_QUALITY_BAD | OPC_QUALITY_COMM_FAILURE;
        callback->times[count] = now;
        item->last.is_valid = false;
        count++;
    }
    callback->count = count;
    callback->group = group->client_handle;
    rm_callback_set_masters(callback);
    return callback;
}

static void run_lost(struct rm_job *job)
{
    struct rm_group *group = ((struct lost_job *)job)->group;
    struct rm_session *session = group->session;
    struct rm_callback *callback = NULL;

    rm_session_lock(session);
    /* A machine that was found meanwhile has the last word. */
    if (session->is_searching && group->sink && group->is_active && group->is_enabled)
        callback = bad_quality(group, NULL);
    if (callback && callback->count)
        rm_delivery_own(group, callback);
    rm_session_unlock(session);
    rm_callback_free(callback);
    rm_group_unhold(group);
    rm_free(job);
}

void rm_deliver_all_lost(struct rm_session *session)
{
    DWORD slot;

    rm_session_lock(session);
    for (slot = 0; slot < session->group_slots; slot++)
    {
        struct rm_group *group = session->groups[slot];
        struct lost_job *job = group ? rm_alloc_zero(1, sizeof(*job)) : NULL;

        if (!job)
            continue;
        job->job.run = run_lost;
        job->group = group;
        rm_group_hold(group);
        if (!rm_worker_submit_client(&job->job))
        {
            /* The group is in the table, so this isn't its last hold. */
            InterlockedDecrement(&group->holds);
            rm_free(job);
        }
    }
    rm_session_unlock(session);
}

void rm_deliver_refused(struct rm_group *group, struct rm_link *link)
{
    struct rm_session *session = group->session;
    struct rm_callback *callback = NULL;

    rm_session_lock(session);
    if (session->active == link && group->sink && group->is_active && group->is_enabled &&
        !group->is_removed)
        callback = bad_quality(group, link);
    if (callback && callback->count)
        rm_delivery_own(group, callback);
    rm_session_unlock(session);
    rm_callback_free(callback);
}
