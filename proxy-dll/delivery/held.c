#include "delivery/delivery.h"

#include "call/worker.h"
#include "delivery/callback.h"
#include "delivery/filter.h"
#include "link/link.h"
#include "module/memory.h"
#include "session/session.h"

struct held_job
{
    struct rm_job job;
    struct rm_group *group; /* holds it */
    struct rm_held *held;
};

static void run_held(struct rm_job *job)
{
    struct held_job *held_job = (struct held_job *)job;
    struct rm_group *group = held_job->group;
    struct rm_held *held = held_job->held;

    /* Goes the same way as data that comes now: nothing is known of the item that could hold it
     * back a second time. */
    rm_delivery_data_change(group, held->link, held->update);
    rm_held_free(held);
    rm_group_unhold(group);
    rm_free(job);
}

static void deliver(struct rm_group *group, struct rm_held *held)
{
    struct held_job *job = rm_alloc_zero(1, sizeof(*job));

    if (job)
    {
        job->job.run = run_held;
        job->group = group;
        job->held = held;
        rm_group_hold(group);
        if (rm_worker_submit(&job->job))
            return;
        rm_group_unhold(group);
        rm_free(job);
    }
    rm_held_free(held);
}

/* Locked. What the item has been sent since decides: data of this link has made it void. */
static bool is_still_owed(struct rm_group *group, const struct rm_held *held)
{
    struct rm_item *item = rm_group_find_item(group, held->item);

    if (!item || group->session->delivering_link != held->link || item->last.link == held->link)
        return false;
    item->last.is_valid = false;
    return true;
}

void rm_delivery_release_held(struct rm_session *session, ULONGLONG now_ms)
{
    DWORD slot;

    rm_session_lock(session);
    for (slot = 0; slot < session->group_slots; slot++)
    {
        struct rm_group *group = session->groups[slot];
        struct rm_held *held;

        if (!group || rm_list_is_empty(&group->delivery.held))
            continue;
        while ((held = rm_filter_take_due(group, now_ms)) != NULL)
        {
            if (is_still_owed(group, held))
                deliver(group, held);
            else
                rm_held_free(held);
        }
    }
    rm_session_unlock(session);
}
