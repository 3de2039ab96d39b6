#include "session/driver.h"

#include "call/address_wait.h"
#include "call/call.h"
#include "delivery/all_lost.h"
#include "delivery/delivery.h"
#include "module/memory.h"
#include "module/module.h"
#include "session/journal.h"
#include "session/session.h"

#define PUBLISH_MS 500  /* the status section is not older than this */
#define STAGGER_MS 2000 /* how long the first machine is given before the others are started */

struct queued_event
{
    struct queued_event *next;
    struct rm_failover_event event;
};

struct rm_driver
{
    struct rm_session *session;
    SRWLOCK queue_lock; /* protects the queue */
    struct queued_event *first, **last;
    volatile LONG has_events; /* what the thread waits on */

    /* the thread's own */
    ULONGLONG started_ms;
    struct rm_link *waiting[RM_MACHINES_MAX]; /* standbys that are to be connected soon */
    unsigned ended_machine; /* whose link ended last */
    LONG abandoned_seen, abandoned_told;
    struct rm_failover failover;
    struct rm_failover_actions actions;
};

struct rm_driver *rm_driver_new(struct rm_session *session)
{
    struct rm_driver *driver = rm_alloc_zero(1, sizeof(*driver));
    struct rm_failover_settings settings;

    if (!driver)
        return NULL;
    driver->session = session;
    InitializeSRWLock(&driver->queue_lock);
    driver->last = &driver->first;
    rm_failover_settings_from(&settings, session->config);
    rm_failover_init(&driver->failover, &settings);
    return driver;
}

static struct queued_event *pop_event(struct rm_driver *driver)
{
    struct queued_event *queued;

    AcquireSRWLockExclusive(&driver->queue_lock);
    queued = driver->first;
    if (queued)
        driver->first = queued->next;
    if (!driver->first)
    {
        driver->last = &driver->first;
        InterlockedExchange(&driver->has_events, 0);
    }
    ReleaseSRWLockExclusive(&driver->queue_lock);
    return queued;
}

void rm_driver_free(struct rm_driver *driver)
{
    struct queued_event *queued;

    if (!driver)
        return;
    while ((queued = pop_event(driver)) != NULL)
        rm_free(queued);
    rm_free(driver);
}

void rm_driver_post(struct rm_driver *driver, const struct rm_failover_event *event)
{
    struct queued_event *queued = rm_alloc_zero(1, sizeof(*queued));

    if (!queued)
        return; /* the next ping tells the same */
    queued->event = *event;
    AcquireSRWLockExclusive(&driver->queue_lock);
    *driver->last = queued;
    driver->last = &queued->next;
    InterlockedExchange(&driver->has_events, 1);
    ReleaseSRWLockExclusive(&driver->queue_lock);
    rm_address_wake(&driver->has_events);
}

void rm_driver_post_link(struct rm_driver *driver, enum rm_failover_event_kind kind,
                         unsigned machine, DWORD link, DWORD code)
{
    struct rm_failover_event event = {.kind = kind, .machine = machine, .link = link, .code = code};

    rm_driver_post(driver, &event);
}

/* Locked: from now on the client's calls go to this link and its data passes. Where the machine
 * before is well (a return), that one delivers each item until the new one does, so nothing is lost
 * in between. */
static void promote(struct rm_session *session, const struct rm_failover_action *action)
{
    struct rm_link *before = session->active;
    struct rm_link *link = session->links[action->machine - 1];
    unsigned i;

    session->active = link;
    session->active_machine = action->machine;
    session->is_searching = false;
    session->promotions++;
    link->is_caught_up = false;
    link->is_refresh_due = session->is_started;
    session->delivering_link = link->number;
    session->yielding_link = before ? before->number : 0;
    session->yields_until_ms = 0;
    if (!session->is_started)
    {
        session->is_started = true;
        for (i = 0; i < RM_SERVER_INTERFACE_COUNT; i++)
            session->offers[i] = link->interfaces[i] != NULL;
    }
    rm_link_kick(link);
}

/* Locked: a link is over. Its waiters are woken later, when it is known what is active now. */
static struct rm_link *end_link(struct rm_session *session, const struct rm_failover_action *action)
{
    struct rm_link *link = session->links[action->machine - 1];

    if (!link || link->number != action->link)
        return NULL;
    session->links[action->machine - 1] = NULL;
    InterlockedExchange(&link->is_dead, 1);
    if (link->is_connecting)
        rm_link_give_up_connecting(link);
    if (session->active == link)
    {
        session->active = NULL;
        session->active_machine = 0;
        session->delivering_link = 0;
    }
    session->disposals++;
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
        case RM_ACTION_PING:
        case RM_ACTION_EVENT:
        case RM_ACTION_COUNT: break;
        }
    }
    for (i = 0; i < actions->count; i++)
    {
        if (!ended[i])
            continue;
        rm_call_end_all(ended[i]);
        rm_session_catch_up(session); /* writes that it still owed are settled */
    }
    rm_session_wake_waiters(session);
}

/* Locked or not: a hint that is looked at again. The standbys' servers are not started beside the
 * first one, which a client is waiting for, unless that takes long or has failed. */
static bool must_wait(const struct rm_driver *driver, unsigned machine)
{
    const struct rm_session *session = driver->session;

    return machine != 1 && !session->is_started && !session->is_closed &&
           session->links[0] != NULL && rm_module_now_ms() - driver->started_ms < STAGGER_MS;
}

static void connect_waiting(struct rm_driver *driver)
{
    unsigned i;

    for (i = 1; i < RM_MACHINES_MAX; i++)
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

/* A server that is there gets a proper farewell; one that is gone or hung is let go of. */
static bool is_polite_end(enum rm_cause cause)
{
    return cause != RM_CAUSE_TRANSPORT && cause != RM_CAUSE_PING_TIMEOUT &&
           cause != RM_CAUSE_CONNECT_FAILED;
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
        driver->ended_machine = action->machine;
        if (ended)
            rm_link_dispose(ended, is_polite_end(action->cause));
        break;
    case RM_ACTION_ALL_LOST: rm_deliver_all_lost(session); break;
    case RM_ACTION_EVENT:
        rm_session_event(session, action->event, action->machine, action->code, NULL);
        break;
    case RM_ACTION_PROMOTE:
    case RM_ACTION_FAIL:
    case RM_ACTION_COUNT: break;
    }
}

static void step(struct rm_driver *driver, const struct rm_failover_event *event)
{
    struct rm_link *ended[RM_FAILOVER_ACTIONS_MAX] = {NULL};
    unsigned i;

    rm_failover_step(&driver->failover, event, rm_module_now_ms(), &driver->actions);
    if (driver->actions.count == 0)
        return;
    rm_session_lock(driver->session);
    apply_states(driver->session, &driver->actions, ended);
    rm_journal_publish(driver->session->journal, &driver->failover);
    rm_session_unlock(driver->session);
    for (i = 0; i < driver->actions.count; i++)
        start_work(driver, &driver->actions.items[i], ended[i]);
}

/* Facts that lie in the links rather than come as events: long calls that are out, and calls that
 * have been out for longer than a ping may take (design.md 3.4). */
static void observe_links(struct rm_driver *driver)
{
    struct rm_session *session = driver->session;
    const struct rm_failover_settings *settings = &driver->failover.settings;
    ULONGLONG now_ms = rm_module_now_ms();
    unsigned machine;

    for (machine = 1; machine <= settings->machine_count; machine++)
    {
        struct rm_failover_event event = {.machine = machine};
        bool is_late = false;
        struct rm_link *link;

        rm_session_lock(session);
        link = session->links[machine - 1];
        if (link)
        {
            event.link = link->number;
            event.is_busy = link->long_calls != 0;
            if (!rm_list_is_empty(&link->calls))
            {
                const struct rm_call *oldest =
                    RM_LIST_ENTRY(link->calls.next, struct rm_call, node);

                is_late = now_ms - oldest->started_ms >= settings->ping_timeout_ms;
            }
        }
        rm_session_unlock(session);
        if (!link)
            continue;
        if (event.is_busy != driver->failover.machines[machine - 1].is_busy)
        {
            event.kind = RM_FAILOVER_BUSY;
            step(driver, &event);
        }
        if (is_late)
        {
            event.kind = RM_FAILOVER_SUSPECT;
            step(driver, &event);
        }
    }
}

/* Workers that are still out after a look or two at a link that has ended: a hung server. */
static void tell_abandoned(struct rm_driver *driver)
{
    LONG count = rm_worker_abandoned_count();

    if (driver->ended_machine && count > driver->abandoned_told && count == driver->abandoned_seen)
    {
        driver->abandoned_told = count;
        rm_session_event(driver->session, RM_EVENT_WORKERS_ABANDONED, driver->ended_machine,
                         (DWORD)count, NULL);
    }
    if (count < driver->abandoned_told)
        driver->abandoned_told = count;
    driver->abandoned_seen = count;
}

static DWORD wait_ms(const struct rm_driver *driver)
{
    const struct rm_failover *failover = &driver->failover;
    ULONGLONG now_ms = rm_module_now_ms();
    DWORD most_ms = failover->settings.ping_timeout_ms;

    if (most_ms > PUBLISH_MS)
        most_ms = PUBLISH_MS;
    if (failover->next_ms == RM_NEVER || failover->next_ms >= now_ms + most_ms)
        return most_ms;
    return failover->next_ms > now_ms ? (DWORD)(failover->next_ms - now_ms) : 0;
}

static void drain_events(struct rm_driver *driver)
{
    struct queued_event *queued;

    while ((queued = pop_event(driver)) != NULL)
    {
        step(driver, &queued->event);
        rm_free(queued);
    }
}

static bool is_closed(struct rm_session *session)
{
    bool is_closed_now;

    rm_session_lock(session);
    is_closed_now = session->is_closed;
    rm_session_unlock(session);
    return is_closed_now;
}

static void driver_main(void *argument)
{
    static const struct rm_failover_event start = {.kind = RM_FAILOVER_START};
    static const struct rm_failover_event tick = {.kind = RM_FAILOVER_TICK};
    static const struct rm_failover_event stop = {.kind = RM_FAILOVER_STOP};
    struct rm_driver *driver = argument;
    struct rm_session *session = driver->session;

    driver->started_ms = rm_module_now_ms();
    step(driver, &start);
    while (driver->failover.phase != RM_PHASE_STOPPED)
    {
        rm_address_wait(&driver->has_events, 0, wait_ms(driver));
        observe_links(driver);
        tell_abandoned(driver);
        drain_events(driver);
        connect_waiting(driver);
        if (driver->failover.next_ms <= rm_module_now_ms())
            step(driver, &tick);
        rm_delivery_release_held(session, rm_module_now_ms());
        if (is_closed(session) && driver->failover.phase != RM_PHASE_STOPPED)
            step(driver, &stop);
        rm_session_lock(session);
        if (session->active && !session->active->is_caught_up)
            rm_link_kick(session->active); /* in case no thread could be made at first */
        if (session->yields_until_ms && rm_module_now_ms() >= session->yields_until_ms)
            rm_session_end_yield(session);
        rm_journal_publish(session->journal, &driver->failover);
        rm_session_unlock(session);
    }
    connect_waiting(driver);
    rm_session_lock(session);
    session->is_stopped = true;
    rm_session_wake_waiters(session);
    rm_session_unlock(session);
    rm_session_unhold(session);
}

bool rm_driver_start(struct rm_driver *driver)
{
    rm_session_hold(driver->session);
    if (rm_module_start_thread(driver_main, driver, RM_THREAD_STACK_BYTES))
        return true;
    rm_session_unhold(driver->session);
    return false;
}
