#include "link/link_sync.h"

#include <rm/quirk.h>

#include "call/hresult_class.h"
#include "call/worker.h"
#include "delivery/all_lost.h"
#include "delivery/transaction.h"
#include "link/forgotten.h"
#include "link/link_work.h"
#include "module/memory.h"
#include "session/driver.h"
#include "session/session.h"

#define MEMORY_RETRY_MS 100

struct sync_job
{
    struct rm_job job;
    struct rm_link *link;
};

bool rm_sync_is_alive(struct rm_link *link, HRESULT hr)
{
    if (rm_hresult_classify(hr) == RM_HRESULT_ANSWER)
        return !link->is_dead;
    rm_session_report_lost(link->session, link, hr);
    return false;
}

void rm_sync_tell_refusal(struct rm_link *link, struct rm_group *group, HRESULT hr)
{
    struct rm_link_group *link_group;
    WCHAR *name;
    bool is_news;

    if (rm_hresult_classify(hr) != RM_HRESULT_ANSWER)
        return;
    rm_session_lock(link->session);
    name = rm_wcsdup(group->name);
    link_group = link->is_dead ? NULL : rm_link_group_of(link, group);
    is_news = !link_group || link_group->told != hr;
    if (link_group)
        link_group->told = hr;
    rm_session_unlock(link->session);
    if (is_news)
        rm_session_event(link->session, RM_EVENT_GROUP_REFUSED, link->machine, (DWORD)hr, name);
    rm_free(name);
}

void rm_sync_long_call(struct rm_link *link, int change)
{
    rm_session_lock(link->session);
    rm_link_long_call(link, change);
    rm_session_unlock(link->session);
}

void rm_sync_short_of_memory(struct rm_link *link)
{
    link->is_sync_again = true;
    link->is_short_of_memory = true;
}

bool rm_sync_wants_active(const struct rm_link *link, const struct rm_group *group)
{
    const struct rm_session *session = link->session;

    return group->is_active && (session->active == link || session->yielding_link == link->number ||
                                session->config->mode == RM_MODE_HOT ||
                                session->config->standby_groups == RM_STANDBY_GROUPS_ACTIVE ||
                                link->quirks & RM_QUIRK_STAYS_ACTIVE);
}

void rm_sync_found_quirk(struct rm_link *link, unsigned quirk, enum rm_event_id event)
{
    bool is_news;

    rm_session_lock(link->session);
    is_news = !(link->quirks & quirk);
    link->quirks |= quirk;
    rm_session_unlock(link->session);
    if (is_news)
        rm_session_event(link->session, event, link->machine, 0, NULL);
}

/* A group of the link that the shadow hasn't got any more. A public one is only let go of. */
static bool remove_group(struct rm_link *link, struct rm_link_group *taken)
{
    IOPCServer *server;
    OPCHANDLE real = taken->real;
    bool was_there =
        taken->interfaces[RM_GROUP_STATE_MGT] != NULL && !rm_link_group_is_public(taken);
    HRESULT hr = S_OK;

    rm_link_group_dispose(taken, false);
    if (!was_there)
        return true;
    rm_session_lock(link->session);
    server = link->is_dead ? NULL : rm_link_take(link, RM_SERVER_OPCSERVER);
    rm_session_unlock(link->session);
    if (!server)
        return false;
    hr = IOPCServer_RemoveGroup(server, real, FALSE);
    IOPCServer_Release(server);
    return rm_sync_is_alive(link, hr);
}

/* The group of a slot as the shadow has it, held; NULL where there is none. What the link has in
 * that slot beside it goes to *gone. */
static struct rm_group *look_at_slot(struct rm_link *link, DWORD slot, struct rm_link_group *gone,
                                     bool *has_gone, bool *is_last)
{
    struct rm_session *session = link->session;
    struct rm_group *group = NULL;

    *has_gone = false;
    rm_session_lock(session);
    *is_last = slot >= session->group_slots && slot >= link->group_slots;
    if (slot < session->group_slots)
        group = session->groups[slot];
    if (group && group->is_removed)
    {
        /* Its RemoveGroup is out: what becomes of it is seen when that is back. */
        rm_session_unlock(session);
        return NULL;
    }
    if (slot < link->group_slots && link->groups[slot].group &&
        (link->groups[slot].group != group || link->groups[slot].is_gone))
        *has_gone = rm_link_group_detach(link, link->groups[slot].group, gone);
    if (group)
        rm_group_hold(group);
    rm_session_unlock(session);
    return group;
}

/* Those of a public group are what they are on each machine. */
static bool sync_items(struct rm_link *link, struct rm_group *group)
{
    return group->is_attached ||
           (rm_sync_items_removed(link, group) && rm_sync_items_added(link, group));
}

static bool sync_group(struct rm_link *link, struct rm_group *group)
{
    return rm_sync_group_exists(link, group) && rm_sync_group_blankets(link, group) &&
           sync_items(link, group) && rm_sync_items_changed(link, group) &&
           rm_sync_items_settings(link, group) && rm_sync_group_state(link, group) &&
           rm_sync_group_keep_alive(link, group) && rm_sync_group_public(link, group) &&
           rm_sync_group_sink(link, group) && rm_sync_group_active(link, group) &&
           rm_forgotten_check(link, group);
}

static bool for_each_group(struct rm_link *link, bool (*step)(struct rm_link *, struct rm_group *))
{
    bool is_alive = true, is_last = false;
    DWORD slot;

    for (slot = 0; is_alive && !is_last; slot++)
    {
        struct rm_link_group gone;
        bool has_gone;
        struct rm_group *group = look_at_slot(link, slot, &gone, &has_gone, &is_last);

        if (has_gone)
            is_alive = remove_group(link, &gone);
        if (group)
        {
            is_alive = is_alive && step(link, group);
            rm_group_unhold(group);
        }
    }
    return is_alive;
}

/* What is owed to the client now that it is the new machine's word that counts. */
static bool settle_accounts(struct rm_link *link, struct rm_group *group)
{
    rm_deliver_refused(group, link);
    rm_transaction_resume(group, link);
    return !link->is_dead;
}

static bool do_nothing(struct rm_link *link, struct rm_group *group)
{
    (void)group;
    return !link->is_dead;
}

static void run_resume(struct rm_job *job)
{
    struct rm_link *link = ((struct sync_job *)job)->link;

    for_each_group(link, settle_accounts);
    rm_link_release(link);
    rm_free(job);
}

/* What a transaction completes with is told to the client, so not on a worker's small stack. */
void rm_link_resume(struct rm_link *link)
{
    struct sync_job *job = rm_alloc_zero(1, sizeof(*job));

    if (!job)
        return;
    job->job.run = run_resume;
    job->link = link;
    rm_link_add_ref(link);
    if (rm_worker_submit_client(&job->job))
        return;
    rm_link_release(link);
    rm_free(job);
}

/* Locked: nothing was left to do. true: the link is the active one and has just caught up. */
static bool finish_round(struct rm_link *link)
{
    struct rm_session *session = link->session;

    link->is_syncing = false;
    if (session->active != link || link->is_caught_up)
        return false;
    link->is_caught_up = true;
    rm_readiness_due_for_all(session);
    rm_session_start_yield_end(session);
    rm_session_wake_waiters(session);
    return true;
}

static void sync(struct rm_link *link)
{
    struct rm_session *session = link->session;
    bool is_alive, is_done, is_refresh_due = false, has_caught_up = false, is_ready_news = false;
    bool is_short_of_memory = false;

    do
    {
        if (is_short_of_memory)
            Sleep(MEMORY_RETRY_MS);
        rm_session_lock(session);
        link->is_sync_again = false;
        link->is_short_of_memory = false;
        rm_session_unlock(session);
        /* What is gone goes first: its name may be wanted again. */
        is_alive = rm_sync_server(link) && for_each_group(link, do_nothing) &&
                   for_each_group(link, sync_group);
        if (is_alive && rm_readiness_is_wanted(link))
            rm_readiness_measure(link);
        rm_session_lock(session);
        is_alive = is_alive && !link->is_dead;
        is_done = !is_alive || !link->is_sync_again;
        is_short_of_memory = link->is_short_of_memory;
        if (!is_alive)
            link->is_syncing = false;
        else if (is_done)
        {
            has_caught_up = finish_round(link);
            is_refresh_due = has_caught_up && link->is_refresh_due;
            if (has_caught_up)
                link->is_refresh_due = false;
            is_ready_news = !link->is_ready_told;
            link->is_ready_told = true;
        }
        rm_session_unlock(session);
    } while (!is_done);

    if (is_ready_news)
        rm_driver_post_link(session->driver, RM_FAILOVER_READY, link->machine, link->number, 0);
    if (is_refresh_due)
        for_each_group(link, rm_sync_group_refresh);
    if (has_caught_up)
        rm_link_resume(link);
}

static void run_sync(struct rm_job *job)
{
    struct rm_link *link = ((struct sync_job *)job)->link;
    struct rm_link_work work;

    rm_session_lock(link->session);
    rm_link_work_begin(link, &work);
    rm_session_unlock(link->session);
    sync(link);
    rm_session_lock(link->session);
    rm_link_work_end(&work);
    rm_link_awaited_end(link);
    rm_session_unlock(link->session);
    rm_link_release(link);
    rm_free(job);
}

void rm_link_kick(struct rm_link *link)
{
    struct sync_job *job;

    if (link->is_dead || !link->is_connected)
        return;
    link->is_sync_again = true;
    if (link->is_syncing)
        return;
    job = rm_alloc_zero(1, sizeof(*job));
    if (!job)
        return; /* the next change tries again */
    job->job.run = run_sync;
    job->link = link;
    rm_link_add_ref(link);
    link->is_syncing = true;
    rm_link_awaited_begin(link);
    if (rm_worker_submit(&job->job))
        return;
    rm_link_awaited_end(link);
    link->is_syncing = false;
    InterlockedDecrement(&link->refs); /* not the last: the session's table holds one */
    rm_free(job);
}
