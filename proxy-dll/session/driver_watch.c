#include "session/driver_internal.h"

#include "call/abandoned.h"
#include "call/call.h"
#include "delivery/standby.h"
#include "module/module.h"
#include "session/journal.h"
#include "session/session.h"

/* Session locked: calls that may rightly take long, of any session of the computer, for a server of
 * one thread can't answer pings meanwhile. Others are looked at only when they matter. */
static bool is_busy(const struct rm_driver *driver, const struct rm_link *link, ULONGLONG now_ms)
{
    const struct rm_failover *failover = &driver->failover;
    const struct rm_failover_machine *machine = &failover->machines[link->machine - 1];

    if (link->long_calls)
        return true;
    return machine->ping_sent_ms != RM_NEVER &&
           now_ms - machine->ping_sent_ms >= failover->settings.ping_timeout_ms / 2 &&
           rm_journal_is_busy_elsewhere(driver->session->journal, link->machine);
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
            rm_link_ask_again(link, false);
            rm_readiness_watch(link, now_ms);
            event.is_busy = is_busy(driver, link, now_ms);
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
            rm_driver_step(driver, &event);
        }
        if (is_late)
        {
            event.kind = RM_FAILOVER_SUSPECT;
            event.suspicion = RM_SUSPICION_LATE_CALL;
            rm_driver_step(driver, &event);
        }
    }
}

/* Calls that don't come back from a link that has ended: a hung server. Told when there are more.
 */
static void tell_stuck(struct rm_driver *driver)
{
    const struct rm_session *session = driver->session;
    ULONGLONG now_ms = rm_module_now_ms();
    unsigned machine;

    for (machine = 1; machine <= driver->failover.settings.machine_count; machine++)
    {
        unsigned count = rm_abandoned_stuck(session->number, machine, now_ms);

        if (count > driver->stuck_told[machine - 1])
            rm_session_event(driver->session, RM_EVENT_WORKERS_ABANDONED, machine, count, NULL);
        driver->stuck_told[machine - 1] = count;
    }
}

/* An update that a standby has sent and the active machine has not: that may mean that the active
 * one delivers no more, which its next ping would tell only later (design.md 3.6). */
static void watch_matches(struct rm_driver *driver)
{
    struct rm_session *session = driver->session;
    struct rm_failover_event event = {.kind = RM_FAILOVER_SUSPECT,
                                      .suspicion = RM_SUSPICION_UNMATCHED};
    ULONGLONG now_ms = rm_module_now_ms();
    bool is_unmatched = false;

    rm_session_lock(session);
    if (session->match_due_ms && session->match_due_ms <= now_ms)
    {
        is_unmatched = rm_standby_is_unmatched(session, now_ms, &session->match_due_ms);
        if (is_unmatched)
            session->suspected_ms = now_ms;
    }
    if (session->active)
    {
        event.machine = session->active->machine;
        event.link = session->active->number;
    }
    rm_session_unlock(session);
    if (is_unmatched && event.machine)
        rm_driver_step(driver, &event);
}

void rm_driver_watch(struct rm_driver *driver)
{
    observe_links(driver);
    tell_stuck(driver);
    watch_matches(driver);
    rm_driver_watch_callbacks(driver);
    rm_standby_tell_overflow(driver->session);
}
