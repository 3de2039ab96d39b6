/* driver_callbacks.c: silent callbacks as facts for the state machine (C-04, C-05). */
#include "session/driver_internal.h"

#include "link/callback_check.h"
#include "module/module.h"
#include "session/session.h"

#define LOOK_MIN_MS  20
#define IDLE_LOOK_MS 500 /* while there is nothing to look at */

/* Locked. What the link's groups mean for the link: each unanswered question counts, but those of
 * many groups at one time as one; and once all deliver again. false: nothing is to be told. */
static bool judge_link(struct rm_link *link, const struct rm_callback_findings *found,
                       ULONGLONG now_ms, bool *is_silent)
{
    bool is_news = false;

    *is_silent = found->is_silent;
    if (found->is_silent_again)
        is_news = !link->is_silence_told ||
                  now_ms - link->silence_told_ms >= link->session->config->ping_timeout_ms;
    else if (!found->is_silent)
        is_news = link->is_silence_told;
    if (is_news && found->is_silent)
        link->silence_told_ms = now_ms;
    if (is_news)
        link->is_silence_told = found->is_silent;
    return is_news;
}

static void watch_machine(struct rm_driver *driver, unsigned machine, bool is_client_slow,
                          ULONGLONG now_ms, struct rm_callback_findings *of_all)
{
    struct rm_session *session = driver->session;
    struct rm_failover_event event = {.kind = RM_FAILOVER_CALLBACKS, .machine = machine};
    struct rm_callback_findings found = {.next_ms = of_all->next_ms};
    bool is_news = false;
    struct rm_link *link;

    rm_session_lock(session);
    link = session->links[machine - 1];
    if (link && link->is_connected && !link->is_dead)
    {
        rm_callback_check_look(link, is_client_slow, now_ms, &found);
        is_news = judge_link(link, &found, now_ms, &event.is_silent);
        event.link = link->number;
        rm_link_add_ref(link);
    }
    else
        link = NULL;
    rm_session_unlock(session);
    if (!link)
        return;
    if (found.has_work)
        rm_callback_check_start(link);
    rm_link_release(link);
    of_all->next_ms = found.next_ms;
    of_all->has_groups = of_all->has_groups || found.has_groups;
    if (is_news)
        rm_driver_step(driver, &event);
}

/* The same callback as at the last look has not returned. */
static bool is_client_slow(struct rm_driver *driver)
{
    struct rm_session *session = driver->session;
    bool is_slow;

    rm_session_lock(session);
    is_slow = session->clients_inside && session->client_calls == driver->client_calls;
    driver->client_calls = session->client_calls;
    rm_session_unlock(session);
    return is_slow;
}

void rm_driver_watch_callbacks(struct rm_driver *driver)
{
    struct rm_callback_findings of_all = {.next_ms = RM_NEVER};
    ULONGLONG now_ms = rm_module_now_ms();
    unsigned machine;
    bool is_slow;

    if (!driver->session->config->callback_check_ms || now_ms < driver->callbacks_ms)
        return;
    is_slow = is_client_slow(driver);
    for (machine = 1; machine <= driver->failover.settings.machine_count; machine++)
        watch_machine(driver, machine, is_slow, now_ms, &of_all);
    driver->callbacks_ms = now_ms + (of_all.has_groups ? RM_CALLBACK_LOOK_MS : IDLE_LOOK_MS);
    if (driver->callbacks_ms > of_all.next_ms)
        driver->callbacks_ms = of_all.next_ms;
    if (driver->callbacks_ms < now_ms + LOOK_MIN_MS)
        driver->callbacks_ms = now_ms + LOOK_MIN_MS;
}
