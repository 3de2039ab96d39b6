#include "session/driver_internal.h"

#include "call/address_wait.h"
#include "delivery/delivery.h"
#include "delivery/kept_interfaces.h"
#include "module/memory.h"
#include "module/module.h"
#include "session/journal.h"
#include "session/recorder.h"
#include "session/session.h"

#define PUBLISH_MS 500 /* the status section is not older than this */

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

void rm_driver_wake(struct rm_driver *driver)
{
    InterlockedExchange(&driver->has_events, 1);
    rm_address_wake(&driver->has_events);
}

void rm_driver_post_link(struct rm_driver *driver, enum rm_failover_event_kind kind,
                         unsigned machine, DWORD link, DWORD code)
{
    struct rm_failover_event event = {.kind = kind, .machine = machine, .link = link, .code = code};

    rm_driver_post(driver, &event);
}

static DWORD wait_ms(const struct rm_driver *driver)
{
    const struct rm_failover *failover = &driver->failover;
    ULONGLONG now_ms = rm_module_now_ms();
    ULONGLONG next_ms = now_ms + PUBLISH_MS;

    if (next_ms > now_ms + failover->settings.ping_timeout_ms)
        next_ms = now_ms + failover->settings.ping_timeout_ms;
    if (next_ms > failover->next_ms)
        next_ms = failover->next_ms;
    if (driver->callbacks_ms && next_ms > driver->callbacks_ms)
        next_ms = driver->callbacks_ms;
    rm_session_lock(driver->session);
    if (driver->session->match_due_ms && next_ms > driver->session->match_due_ms)
        next_ms = driver->session->match_due_ms;
    rm_session_unlock(driver->session);
    return next_ms > now_ms ? (DWORD)(next_ms - now_ms) : 0;
}

/* What the service and the partners say names a machine by rank. */
static void take_event(struct rm_driver *driver, struct rm_failover_event *event)
{
    bool is_verdict = event->kind == RM_FAILOVER_VERDICT;

    if (is_verdict && driver->verdicts_ms)
        return; /* it comes again */
    if (is_verdict || event->kind == RM_FAILOVER_LINKED)
        event->machine = rm_driver_machine_of_rank(driver, event->machine);
    rm_driver_step(driver, event);
}

static void drain_events(struct rm_driver *driver)
{
    struct queued_event *queued;

    while ((queued = pop_event(driver)) != NULL)
    {
        take_event(driver, &queued->event);
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
    rm_driver_begin(driver);
    rm_driver_step(driver, &start);
    rm_kept_interfaces_keep(); /* while the first server is being started */
    while (driver->failover.phase != RM_PHASE_STOPPED)
    {
        rm_address_wait(&driver->has_events, 0, wait_ms(driver));
        rm_driver_watch(driver);
        drain_events(driver);
        rm_driver_listen(driver);
        rm_driver_connect_waiting(driver);
        if (driver->failover.next_ms <= rm_module_now_ms())
            rm_driver_step(driver, &tick);
        rm_delivery_release_held(session, rm_module_now_ms());
        rm_recorder_round(session->recorder, &driver->failover);
        if (is_closed(session) && driver->failover.phase != RM_PHASE_STOPPED)
            rm_driver_step(driver, &stop);
        rm_driver_report(driver);
        rm_session_lock(session);
        if (session->active && !session->active->is_caught_up)
            rm_link_kick(session->active); /* in case no thread could be made at first */
        if (session->yields_until_ms && rm_module_now_ms() >= session->yields_until_ms)
            rm_session_end_yield(session);
        rm_journal_publish(session->journal, &driver->failover);
        rm_session_unlock(session);
    }
    rm_recorder_end(session->recorder, &driver->failover);
    rm_driver_end(driver);
    rm_driver_connect_waiting(driver);
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
