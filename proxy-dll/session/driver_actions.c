#include "session/driver_internal.h"

#include "call/call.h"
#include "delivery/all_lost.h"
#include "delivery/standby.h"
#include "delivery/transaction.h"
#include "link/callback_check.h"
#include "link/link_work.h"
#include "module/module.h"
#include "session/journal.h"
#include "session/recorder.h"
#include "session/session.h"

/* How long the first machine is given before the others are started; at most a quarter of what they
 * have for connecting. */
#define STAGGER_MS 2000

/* Locked: from now on the client's calls go to this link and its data passes. Where the machine
 * before is well (a return), that one delivers each item until the new one does, so nothing is lost
 * in between. */
static void promote(struct rm_session *session, const struct rm_failover_action *action)
{
    struct rm_link *before = session->active;
    struct rm_link *link = session->links[action->machine - 1];
    DWORD slot;
    unsigned i;

    session->active = link;
    session->active_machine = action->machine;
    session->is_searching = false;
    link->is_caught_up = false;
    link->is_refresh_due = session->is_started;
    for (slot = 0; slot < link->group_slots; slot++)
        link->groups[slot].is_fresh = false;
    rm_callback_check_demand(link);
    session->delivering_link = link->number;
    session->yielding_link = before ? before->number : 0;
    session->yields_until_ms = 0;
    rm_standby_take_over(session, link);
    rm_recorder_await_data(session->recorder, action->machine);
    if (!session->is_started)
    {
        session->is_started = true;
        for (i = 0; i < RM_SERVER_INTERFACE_COUNT; i++)
            session->offers[i] = link->interfaces[i] != NULL;
    }
    rm_link_ask_again(link,
                      true); /* for what it has refused, now that it matters; and catches up */
}

/* A server that is there gets a proper farewell; one that is gone or hung is let go of. */
static bool is_polite_end(enum rm_cause cause)
{
    return cause != RM_CAUSE_TRANSPORT && cause != RM_CAUSE_PING_TIMEOUT &&
           cause != RM_CAUSE_CONNECT_FAILED && cause != RM_CAUSE_REFUSED;
}

/* Locked. Its ping's time is up, though the link may have been excused (busyGrace). */
static bool is_overdue(const struct rm_link *link)
{
    return link->asked_ms &&
           rm_module_now_ms() - link->asked_ms >= link->session->config->ping_timeout_ms;
}

/* Locked: a link is over. Its waiters are woken later, when it is known what is active now. */
static struct rm_link *end_link(struct rm_session *session, const struct rm_failover_action *action)
{
    struct rm_link *link = session->links[action->machine - 1];

    if (!link || link->number != action->link)
        return NULL;
    session->links[action->machine - 1] = NULL;
    InterlockedExchange(&link->is_dead, 1);
    rm_link_work_abandon_all(link);
    if (session->active == link)
    {
        session->active = NULL;
        session->active_machine = 0;
        session->delivering_link = 0;
    }
    if (!is_polite_end(action->cause) || is_overdue(link))
        rm_link_awaited_give_up(link);
    rm_link_awaited_begin(link);
    return link;
}

/* Locked: what all waiters and callbacks have to see at once. */
static void apply_states(struct rm_session *session, const struct rm_failover_actions *actions,
                         struct rm_link *ended[RM_FAILOVER_ACTIONS_MAX])
{
    unsigned i;

    for (i = 0; i < actions->count; i++)
    {
        const struct rm_failover_action *action = &actions->items[i];

        switch (action->kind)
        {
        case RM_ACTION_CONNECT:
            session->links[action->machine - 1] =
                rm_link_new(session, action->machine, action->link);
            break;
        case RM_ACTION_DISCONNECT: ended[i] = end_link(session, action); break;
        case RM_ACTION_PROMOTE: promote(session, action); break;
        case RM_ACTION_ALL_LOST: session->is_searching = true; break;
        case RM_ACTION_FAIL:
            session->is_started = true;
            session->start_result = (HRESULT)action->code;
            break;
        case RM_ACTION_HOLD_WRITES: session->are_writes_held = true; break;
        case RM_ACTION_RELEASE_WRITES: session->are_writes_held = false; break;
        case RM_ACTION_PING:
        case RM_ACTION_EVENT:
        case RM_ACTION_REFUSE:
        case RM_ACTION_TELL_PARTNERS:
        case RM_ACTION_COUNT: break;
        }
    }
    for (i = 0; i < actions->count; i++)
    {
        if (!ended[i])
            continue;
        rm_call_end_all(ended[i]);
        /* Writes that a demoted machine still owed are settled now. */
        if (session->active && session->active->is_caught_up &&
            rm_transactions_owed(session, ended[i]->number))
            rm_link_resume(session->active);
    }
    rm_session_wake_waiters(session);
}

/* Locked or not: a hint that is looked at again. The standbys' servers are not started beside the
 * first one, which a client is waiting for, unless that takes long or has failed. */
static bool must_wait(const struct rm_driver *driver, unsigned machine)
{
    const struct rm_session *session = driver->session;
    unsigned first = rm_failover_first(&driver->failover);
    DWORD stagger_ms = session->config->connect_timeout_ms / 4;

    if (stagger_ms > STAGGER_MS)
        stagger_ms = STAGGER_MS;
    return first != 0 && machine != first && !session->is_started && !session->is_closed &&
           session->links[first - 1] != NULL &&
           rm_module_now_ms() - driver->started_ms < stagger_ms;
}

void rm_driver_connect_waiting(struct rm_driver *driver)
{
    unsigned i;

    for (i = 0; i < RM_MACHINE_NUMBERS; i++)
    {
        struct rm_link *link = driver->waiting[i];

        if (!link || must_wait(driver, i + 1))
            continue;
        driver->waiting[i] = NULL;
        if (!link->is_dead)
            rm_link_connect(link);
        rm_link_release(link);
    }
}

static struct rm_link *take_link(struct rm_session *session,
                                 const struct rm_failover_action *action)
{
    struct rm_link *link;

    rm_session_lock(session);
    link = session->links[action->machine - 1];
    if (link && link->number == action->link)
        rm_link_add_ref(link);
    else
        link = NULL;
    rm_session_unlock(session);
    return link;
}

static void start_work(struct rm_driver *driver, const struct rm_failover_action *action,
                       struct rm_link *ended)
{
    struct rm_session *session = driver->session;
    struct rm_link *link;

    switch (action->kind)
    {
    case RM_ACTION_CONNECT:
        link = take_link(session, action);
        if (link && must_wait(driver, action->machine))
            driver->waiting[action->machine - 1] = link;
        else if (link)
        {
            rm_link_connect(link);
            rm_link_release(link);
        }
        else /* no memory for the link */
            rm_driver_post_link(driver, RM_FAILOVER_CONNECT_FAILED, action->machine, action->link,
                                (DWORD)E_OUTOFMEMORY);
        break;
    case RM_ACTION_PING:
        link = take_link(session, action);
        if (link)
        {
            rm_link_ping(link);
            rm_link_release(link);
        }
        break;
    case RM_ACTION_DISCONNECT:
        if (ended)
            rm_link_dispose(ended, is_polite_end(action->cause));
        break;
    case RM_ACTION_ALL_LOST: rm_deliver_all_lost(session); break;
    case RM_ACTION_EVENT:
        rm_session_event(session, action->event, action->machine, action->code, NULL);
        break;
    case RM_ACTION_REFUSE: rm_driver_tell_refusal(driver, action); break;
    case RM_ACTION_TELL_PARTNERS:
        driver->moves++;
        rm_partners_tell(&driver->partner, rm_driver_rank_of(driver, action->machine));
        break;
    case RM_ACTION_PROMOTE:
    case RM_ACTION_FAIL:
    case RM_ACTION_HOLD_WRITES:
    case RM_ACTION_RELEASE_WRITES:
    case RM_ACTION_COUNT: break;
    }
}

void rm_driver_step(struct rm_driver *driver, const struct rm_failover_event *event)
{
    struct rm_link *ended[RM_FAILOVER_ACTIONS_MAX] = {NULL};
    unsigned i;

    rm_failover_step(&driver->failover, event, rm_module_now_ms(), &driver->actions);
    rm_recorder_step(driver->session->recorder, &driver->failover, event, &driver->actions);
    if (driver->actions.count == 0)
        return;
    rm_session_lock(driver->session);
    apply_states(driver->session, &driver->actions, ended);
    rm_journal_publish(driver->session->journal, &driver->failover);
    rm_session_unlock(driver->session);
    for (i = 0; i < driver->actions.count; i++)
        start_work(driver, &driver->actions.items[i], ended[i]);
}
