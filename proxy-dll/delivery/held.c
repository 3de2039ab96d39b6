#include "delivery/delivery.h"

#include "delivery/filter.h"
#include "delivery/group_job.h"
#include "session/session.h"

static void run_held(struct rm_group *group, void *context)
{
    struct rm_held *held = context;

    rm_delivery_held(group, held);
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
        {
            if (!rm_group_job_submit(group, run_held, held))
                rm_held_free(held);
        }
    }
    rm_session_unlock(session);
}
