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

    rm_delivery_held(group, held);
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
        if (rm_worker_submit_client(&job->job))
            return;
        InterlockedDecrement(&group->holds); /* it is in the table: not the last */
        rm_free(job);
    }
    rm_held_free(held);
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
            deliver(group, held);
    }
    rm_session_unlock(session);
}
