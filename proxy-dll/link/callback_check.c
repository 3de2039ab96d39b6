#include "link/callback_check.h"

#include <olectl.h>

#include "call/call.h"
#include "call/hresult_class.h"
#include "call/worker.h"
#include "delivery/data_sink.h"
#include "link/link_sync.h"
#include "module/memory.h"
#include "module/module.h"
#include "session/journal.h"
#include "session/session.h"

#define LET_GO_MS 5000 /* a machine that takes so long over one call of ours has other troubles */

struct rm_liveness_terms rm_callback_check_terms(const struct rm_session *session)
{
    struct rm_liveness_terms terms = {.check_ms = session->config->callback_check_ms,
                                      .timeout_ms = session->config->ping_timeout_ms,
                                      .busy_grace_ms = session->config->busy_grace_ms};

    return terms;
}

/* The group of a slot that both the shadow and the link have, or NULL. Locked. */
static struct rm_group *group_at(const struct rm_link *link, DWORD slot)
{
    const struct rm_session *session = link->session;
    struct rm_group *group = slot < session->group_slots ? session->groups[slot] : NULL;

    return group && slot < link->group_slots && link->groups[slot].group == group ? group : NULL;
}

static bool should_deliver(const struct rm_group *group, const struct rm_link_group *link_group)
{
    return link_group->is_active && link_group->is_enabled && link_group->sink && group->sink &&
           !group->is_removed && !link_group->is_gone;
}

static bool is_asked(const struct rm_liveness *watch)
{
    return watch->phase == RM_LIVENESS_ASKING || watch->phase == RM_LIVENESS_ASKED ||
           watch->phase == RM_LIVENESS_TRYING;
}

/* Locked. A long call of any session of the computer; others are looked at only when they matter.
 */
static bool is_busy(const struct rm_link *link, const struct rm_liveness *watch, ULONGLONG now_ms)
{
    return link->long_calls ||
           (is_asked(watch) && now_ms >= watch->due_ms &&
            rm_journal_is_busy_elsewhere(link->session->journal, link->machine));
}

/* Locked. */
static struct rm_liveness_view see(const struct rm_link *link, const struct rm_group *group,
                                   const struct rm_link_group *link_group, bool is_client_slow,
                                   ULONGLONG now_ms)
{
    const struct rm_session *session = link->session;
    bool is_deliverer =
        session->delivering_link == link->number || session->yielding_link == link->number;
    DWORD kept_ms = link_group->revised_keep_alive_ms;
    struct rm_liveness_view view = {
        .should_deliver = should_deliver(group, link_group),
        .has_delivered = link_group->has_delivered,
        .is_busy = is_busy(link, &link_group->watch, now_ms),
        .is_held_up = is_deliverer && (is_client_slow || group->delivery.owner),
        .rate_ms = group->revised_rate_ms,
        .client_keep_alive_ms = group->keep_alive_ms ? kept_ms : 0,
        .own_keep_alive_ms = group->keep_alive_ms ? 0 : kept_ms,
        .through_ms = now_ms,
    };

    if (link_group->sink && rm_data_sink_thread(link_group->sink))
        view.through_ms = link_group->through_ms;
    return view;
}

/* A call through the client's apartment, behind all callbacks that wait there. */
struct through_job
{
    struct rm_job job;
    struct rm_link *link;      /* holds it */
    struct rm_data_sink *sink; /* holds it */
    ULONGLONG sent_ms;
};

static bool is_of_thread(const struct rm_link_group *link_group, DWORD thread)
{
    return link_group->group && link_group->sink && rm_data_sink_thread(link_group->sink) == thread;
}

static void run_through(struct rm_job *job)
{
    struct through_job *through = (struct through_job *)job;
    struct rm_link *link = through->link;
    DWORD thread = rm_data_sink_thread(through->sink), slot;

    rm_data_sink_call_through(through->sink); /* a sink that was cut off meanwhile is no matter */
    rm_session_lock(link->session);
    for (slot = 0; slot < link->group_slots; slot++)
    {
        if (!is_of_thread(&link->groups[slot], thread))
            continue;
        link->groups[slot].through_ms = through->sent_ms;
        link->groups[slot].is_trying = false;
    }
    rm_session_unlock(link->session);
    rm_data_sink_release(through->sink);
    rm_link_release(link);
    rm_free(through);
}

/* One for each apartment. Locked. */
static void try_through(struct rm_link *link, struct rm_link_group *link_group, ULONGLONG now_ms)
{
    DWORD thread = rm_data_sink_thread(link_group->sink), slot;
    struct through_job *through;

    for (slot = 0; slot < link->group_slots; slot++)
    {
        if (is_of_thread(&link->groups[slot], thread) && link->groups[slot].is_trying)
            return;
    }
    through = rm_alloc_zero(1, sizeof(*through));
    if (!through)
        return;
    through->job.run = run_through;
    through->link = link;
    through->sink = link_group->sink;
    through->sent_ms = now_ms;
    rm_link_add_ref(link);
    rm_data_sink_add_ref(through->sink);
    link_group->is_trying = true;
    if (rm_worker_submit(&through->job))
        return;
    link_group->is_trying = false;
    rm_data_sink_release(through->sink); /* not the last: the link's group holds one */
    InterlockedDecrement(&link->refs);   /* nor this: the session's table does */
    rm_free(through);
}

void rm_callback_check_look(struct rm_link *link, bool is_client_slow, ULONGLONG now_ms,
                            struct rm_callback_findings *found)
{
    struct rm_liveness_terms terms = rm_callback_check_terms(link->session);
    DWORD slot, groups = 0;

    for (slot = 0; slot < link->group_slots; slot++)
    {
        struct rm_link_group *link_group = &link->groups[slot];
        struct rm_group *group = group_at(link, slot);
        struct rm_liveness_view view;
        uint64_t due_ms;

        if (!group)
            continue;
        groups++;
        view = see(link, group, link_group, is_client_slow, now_ms);
        if (rm_liveness_look(&link_group->watch, &terms, &view, now_ms) == RM_LIVENESS_SILENT)
            found->is_silent_again = true;
        link_group->has_delivered = false;
        if (link_group->watch.phase == RM_LIVENESS_TRYING && rm_data_sink_thread(link_group->sink))
            try_through(link, link_group, now_ms);
        found->is_silent = found->is_silent || link_group->watch.is_silent;
        found->has_work =
            found->has_work || rm_liveness_is_wanted(&link_group->watch) ||
            (view.should_deliver && rm_sync_is_keep_alive_due(link, group, link_group));
        due_ms = rm_liveness_due(&link_group->watch);
        if (due_ms < found->next_ms)
            found->next_ms = due_ms;
    }
    found->has_groups = found->has_groups || groups;
    link->check_turns = rm_liveness_turns(&terms, groups, RM_CALLBACK_LOOK_MS);
}

void rm_callback_check_demand(struct rm_link *link)
{
    DWORD slot;

    for (slot = 0; slot < link->group_slots; slot++)
    {
        rm_liveness_demand(&link->groups[slot].watch);
        link->groups[slot].has_delivered = false;
    }
}

void rm_callback_check_forget(struct rm_link *link)
{
    DWORD slot;

    for (slot = 0; slot < link->group_slots; slot++)
        link->groups[slot].watch.is_silent = false;
    link->is_silence_told = false;
}

/* Whether a refresh would have an answer, and the client would not be shown what it has already.
 * Locked. */
static bool is_worth_asking(struct rm_group *group, const struct rm_link_group *link_group)
{
    bool is_any_fine = link_group->watch.is_first || link_group->revised_keep_alive_ms;
    bool is_any_active = false;
    DWORD slot;

    for (slot = 0; slot < group->item_slots && slot < link_group->item_slots; slot++)
    {
        const struct rm_item *item = &group->items[slot];
        const struct rm_link_item *link_item = &link_group->items[slot];

        if (!item->is_used || link_item->handle != item->handle ||
            link_item->state != RM_LINK_ITEM_ADDED || !link_item->is_active)
            continue;
        is_any_active = true;
        if (is_any_fine)
            return true;
        if (item->last.is_unknown || rm_group_item_by_client(group, item->client) != item ||
            rm_group_next_by_client(group, item))
            return false;
    }
    return is_any_active;
}

/* What the worker is to do next. */
struct errand
{
    struct rm_group *group;          /* holds it */
    const struct rm_data_sink *sink; /* that the answer is to come to; only to be compared */
    IOPCAsyncIO2 *async;             /* a reference; NULL: the keep-alive time is to be set */
};

/* Locked. false: not with this group. */
static bool find_errand(struct rm_link *link, DWORD slot, struct errand *errand)
{
    struct rm_liveness_terms terms = rm_callback_check_terms(link->session);
    struct rm_link_group *link_group = &link->groups[slot];
    struct rm_group *group = group_at(link, slot);
    struct rm_liveness_view view;

    errand->async = NULL;
    if (!group || !should_deliver(group, link_group))
        return false;
    if (rm_liveness_is_wanted(&link_group->watch) && link->check_turns)
    {
        link->check_turns--;
        if (is_worth_asking(group, link_group))
            errand->async = rm_link_take_group(link, group, RM_GROUP_ASYNC_IO2);
        if (errand->async)
            rm_liveness_ask(&link_group->watch, &terms, rm_module_now_ms());
        else
        {
            view = see(link, group, link_group, false, rm_module_now_ms());
            rm_liveness_answer(&link_group->watch, &terms, &view, RM_LIVENESS_REFUSED,
                               rm_module_now_ms());
        }
    }
    if (!errand->async && !rm_sync_is_keep_alive_due(link, group, link_group))
        return false;
    errand->group = group;
    errand->sink = link_group->sink;
    rm_group_hold(group);
    return true;
}

static void end_work(struct rm_link *link)
{
    rm_session_lock(link->session);
    link->is_checking = false;
    rm_session_unlock(link->session);
}

/* Once round all groups. false: nothing is left to do, and the worker ends. */
static bool take_errand(struct rm_link *link, struct errand *errand)
{
    bool is_found = false;
    DWORD tried;

    rm_session_lock(link->session);
    for (tried = 0; !link->is_dead && !is_found && tried < link->group_slots; tried++)
    {
        link->check_slot = (link->check_slot + 1) % link->group_slots;
        is_found = find_errand(link, link->check_slot, errand);
    }
    link->is_checking = is_found;
    link->checked = is_found ? errand->group : NULL;
    rm_session_unlock(link->session);
    return is_found;
}

/* Locked. What the call's result means for the subscription. */
static enum rm_liveness_answer answer_of(HRESULT hr, const struct rm_link_group *link_group,
                                         const struct errand *errand)
{
    if (SUCCEEDED(hr))
        return RM_LIVENESS_SENT;
    /* The client has advised anew: the sink that it knew of is not the one that is meant. */
    if (hr == CONNECT_E_NOCONNECTION && link_group->sink == errand->sink)
        return RM_LIVENESS_UNKNOWN;
    /* A refresh of ours from before is still out there, if there is none of the client's. */
    if (hr == CONNECT_E_ADVISELIMIT && rm_list_is_empty(&errand->group->transactions))
        return RM_LIVENESS_SENT;
    return RM_LIVENESS_REFUSED;
}

/* false: the link is lost, which is reported. */
static bool ask(struct rm_link *link, const struct errand *errand)
{
    struct rm_session *session = link->session;
    struct rm_liveness_terms terms = rm_callback_check_terms(session);
    struct rm_link_group *link_group;
    bool is_gone = false;
    DWORD cancel_id;
    HRESULT hr;

    hr = IOPCAsyncIO2_Refresh2(errand->async, OPC_DS_CACHE, RM_OWN_REFRESH, &cancel_id);
    IOPCAsyncIO2_Release(errand->async);
    if (rm_hresult_is_object_gone(hr))
        is_gone = rm_hresult_classify(rm_link_ask_status(link)) == RM_HRESULT_ANSWER;
    rm_session_lock(session);
    link_group = link->is_dead ? NULL : rm_link_group_of(link, errand->group);
    if (link_group)
    {
        struct rm_liveness_view view =
            see(link, errand->group, link_group, false, rm_module_now_ms());

        rm_liveness_answer(&link_group->watch, &terms, &view, answer_of(hr, link_group, errand),
                           rm_module_now_ms());
    }
    if (link_group && is_gone)
        rm_link_renew_group(link, errand->group); /* the group is gone, the server is well */
    rm_session_unlock(session);
    return is_gone || rm_sync_is_alive(link, hr);
}

/* The group's interface has been released. */
static void end_errand(struct rm_link *link, const struct errand *errand)
{
    rm_session_lock(link->session);
    link->checked = NULL;
    if (errand->group->is_removed)
        rm_session_wake_waiters(link->session);
    rm_session_unlock(link->session);
    rm_group_unhold(errand->group);
}

void rm_callback_check_let_go(struct rm_link *link, const struct rm_group *group)
{
    rm_session_lock(link->session);
    while (link->checked == group && !link->is_dead &&
           rm_session_wait_change(link->session, LET_GO_MS))
        ;
    rm_session_unlock(link->session);
}

static HRESULT run_check(struct rm_call *call, struct rm_link *link)
{
    struct errand errand;
    bool is_alive = true;

    (void)call;
    while (is_alive && take_errand(link, &errand))
    {
        is_alive = errand.async ? ask(link, &errand) : rm_sync_group_keep_alive(link, errand.group);
        end_errand(link, &errand);
    }
    if (!is_alive)
        end_work(link);
    return is_alive ? S_OK : E_ABORT;
}

static const struct rm_call_class check_class = {
    .name = "check of callbacks",
    .kind = RM_CALL_IDEMPOTENT,
    .run = run_check,
};

void rm_callback_check_start(struct rm_link *link)
{
    struct rm_session *session = link->session;
    struct rm_call *call = NULL;
    bool is_checking;

    rm_session_lock(session);
    is_checking = link->is_checking;
    link->is_checking = true;
    rm_session_unlock(session);
    if (is_checking)
        return;
    call = rm_call_new(sizeof(*call), &check_class);
    if (call && rm_call_start(session, link, call))
        return;
    end_work(link);
}
