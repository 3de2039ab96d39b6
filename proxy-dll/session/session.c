#include "session/session.h"

#include <string.h>
#include <objbase.h>

#include "call/call.h"
#include "call/hresult_class.h"
#include "delivery/standby.h"
#include "module/memory.h"
#include "module/module.h"
#include "service_link/service_link.h"
#include "session/chores.h"
#include "session/driver.h"
#include "session/journal.h"
#include "session/leftovers.h"
#include "session/recorder.h"

#define YIELD_MIN_MS 200
#define YIELD_MAX_MS 10000

static volatile LONG last_number;

/* Settings that came later: threads may still read those from before, so none is freed. */
struct rm_newer_config
{
    struct rm_newer_config *next;
    struct rm_server_config config;
    struct rm_server_config *texts; /* the list of machines that it came from; NULL: none */
};

void rm_session_lock(struct rm_session *session)
{
    AcquireSRWLockExclusive(&session->lock);
}

void rm_session_unlock(struct rm_session *session)
{
    ReleaseSRWLockExclusive(&session->lock);
}

void rm_session_hold(struct rm_session *session)
{
    InterlockedIncrement(&session->holds);
}

static void free_browse_position(struct rm_browse_position *browse)
{
    DWORD i;

    for (i = 0; i < browse->depth; i++)
        rm_free(browse->names[i]);
    rm_free(browse->names);
}

void rm_session_unhold(struct rm_session *session)
{
    if (InterlockedDecrement(&session->holds))
        return;
    rm_leftovers_leave(session);
    rm_driver_free(session->driver);
    rm_journal_free(session->journal);
    rm_recorder_free(session->recorder);
    free_browse_position(&session->browse);
    rm_security_clear(&session->security);
    rm_blankets_clear(&session->blankets);
    rm_free(session->client_name);
    rm_free(session->groups);
    while (session->newer_configs)
    {
        struct rm_newer_config *newer = session->newer_configs;

        session->newer_configs = newer->next;
        rm_server_config_free(newer->texts);
        rm_free(newer);
    }
    rm_server_config_free(session->own_config);
    rm_free(session);
    rm_module_release_reference();
}

static struct rm_session *session_new(REFCLSID clsid, struct rm_server_config *config)
{
    struct rm_session *session = rm_alloc_zero(1, sizeof(*session));

    if (!session)
    {
        rm_server_config_free(config);
        return NULL;
    }
    rm_server_rank_machines(config);
    rm_module_add_reference();
    session->holds = 1;
    session->number = (DWORD)InterlockedIncrement(&last_number);
    session->config = session->own_config = config;
    session->clsid = *clsid;
    session->creating_thread = GetCurrentThreadId();
    InitializeSRWLock(&session->lock);
    rm_list_init(&session->waiters);
    session->blankets.cloaked = &session->cloaked_blankets;
    CoCreateGuid(&session->continuation_key);
    session->recorder = rm_recorder_new(session);
    session->driver = rm_driver_new(session);
    session->journal = rm_journal_new(session);
    rm_leftovers_enter(session);
    if (session->driver && session->journal)
        return session;
    rm_session_unhold(session);
    return NULL;
}

/* Settings that had been in force before are used again: going to and fro takes no memory. */
bool rm_session_set_config(struct rm_session *session, const struct rm_server_config *config,
                           struct rm_server_config **texts)
{
    struct rm_newer_config *newer = session->newer_configs;

    while (newer && memcmp(&newer->config, config, sizeof(*config)) != 0)
        newer = newer->next;
    if (!newer)
    {
        newer = rm_alloc_zero(1, sizeof(*newer));
        if (!newer)
            return false;
        memcpy(&newer->config, config, sizeof(*config));
        if (texts)
        {
            newer->texts = *texts;
            *texts = NULL;
        }
        newer->next = session->newer_configs;
        session->newer_configs = newer;
    }
    session->config = &newer->config;
    return true;
}

bool rm_session_wait_change(struct rm_session *session, DWORD timeout_ms)
{
    struct rm_call *waiter = rm_call_new(sizeof(*waiter), NULL);
    enum rm_call_state state;

    if (!waiter || !rm_call_prepare_wait(waiter))
    {
        if (waiter)
            rm_call_release(waiter);
        return false;
    }
    rm_list_append(&session->waiters, &waiter->node);
    rm_session_unlock(session);
    state = rm_call_wait(waiter, timeout_ms);
    rm_session_lock(session);
    rm_list_remove(&waiter->node);
    rm_call_release(waiter);
    return state != RM_CALL_PENDING;
}

void rm_session_wake_waiters(struct rm_session *session)
{
    while (!rm_list_is_empty(&session->waiters))
    {
        struct rm_call *waiter = RM_LIST_ENTRY(session->waiters.next, struct rm_call, node);

        rm_list_remove(&waiter->node);
        rm_call_finish(waiter, RM_CALL_ANSWERED);
    }
}

HRESULT rm_session_open(REFCLSID clsid, struct rm_server_config *config,
                        struct rm_session **session_out)
{
    struct rm_session *session = session_new(clsid, config);
    HRESULT hr;

    *session_out = NULL;
    if (!session)
        return E_OUTOFMEMORY;
    if (!rm_driver_start(session->driver))
    {
        rm_session_unhold(session);
        return E_OUTOFMEMORY;
    }
    rm_session_lock(session);
    while (!session->is_started && rm_session_wait_change(session, INFINITE))
        ;
    hr = session->is_started ? session->start_result : E_OUTOFMEMORY;
    rm_session_unlock(session);
    if (FAILED(hr))
    {
        rm_session_close(session);
        return hr;
    }
    *session_out = session;
    return S_OK;
}

/* The client may end its process right after its last Release: the servers should not have to
 * wait minutes for COM to notice. A server that doesn't answer gets no more than a ping would, and
 * nothing where that is known already (rm_link_awaited_give_up). */
static void wait_clean_up(struct rm_session *session)
{
    ULONGLONG until_ms = rm_module_now_ms() + session->config->ping_timeout_ms;

    rm_session_lock(session);
    while (!session->is_stopped || session->awaited)
    {
        ULONGLONG now_ms = rm_module_now_ms();

        if (now_ms >= until_ms || !rm_session_wait_change(session, (DWORD)(until_ms - now_ms)))
            break;
    }
    rm_session_unlock(session);
}

/* The server drops the groups of a client that has gone; so do we. */
static void forget_groups(struct rm_session *session)
{
    DWORD slot;

    for (slot = 0; slot < session->group_slots; slot++)
    {
        struct rm_group *group;

        rm_session_lock(session);
        group = session->groups[slot];
        if (group)
        {
            rm_group_hold(group);
            rm_group_forget(group);
        }
        rm_session_unlock(session);
        if (group)
            rm_group_unhold(group);
    }
}

void rm_session_shut_down(struct rm_session *session)
{
    struct rm_failover_event event = {.kind = RM_FAILOVER_STOP};
    bool is_news;

    rm_session_lock(session);
    is_news = !session->is_closed;
    session->is_closed = true;
    rm_session_unlock(session);
    if (!is_news)
        return;
    rm_driver_post(session->driver, &event);
    wait_clean_up(session);
    rm_session_run_chores(session);
    rm_session_drop_chores(session);
    forget_groups(session);
    rm_service_link_leave(session->number);
}

void rm_session_close(struct rm_session *session)
{
    rm_session_shut_down(session);
    rm_leftovers_unwatch();
    rm_session_unhold(session);
}

void rm_session_changed(struct rm_session *session)
{
    unsigned i;

    session->revision++;
    for (i = 0; i < RM_MACHINE_NUMBERS; i++)
    {
        struct rm_link *link = session->links[i];

        /* On the active link the client's own call has made the change already. */
        if (link && !(link == session->active && link->is_caught_up))
            rm_link_kick(link);
    }
}

void rm_session_catch_up(struct rm_session *session)
{
    if (!session->active)
        return;
    session->active->is_caught_up = false;
    rm_link_kick(session->active);
}

void rm_session_start_yield_end(struct rm_session *session)
{
    DWORD slowest_ms = YIELD_MIN_MS;
    DWORD slot;

    if (!session->yielding_link)
        return;
    for (slot = 0; slot < session->group_slots; slot++)
    {
        const struct rm_group *group = session->groups[slot];

        if (group && group->is_active && group->revised_rate_ms * 2 > slowest_ms)
            slowest_ms = group->revised_rate_ms * 2;
    }
    session->yields_until_ms =
        rm_module_now_ms() + (slowest_ms > YIELD_MAX_MS ? YIELD_MAX_MS : slowest_ms);
}

void rm_session_end_yield(struct rm_session *session)
{
    unsigned i;

    session->yields_until_ms = 0;
    for (i = 0; i < RM_MACHINE_NUMBERS; i++)
    {
        struct rm_link *link = session->links[i];

        if (!link || link->number != session->yielding_link)
            continue;
        if (session->config->mode != RM_MODE_HOT)
            rm_standby_forget(link);
        rm_link_kick(link);
    }
    session->yielding_link = 0;
}

HRESULT rm_session_wait_active(struct rm_session *session, struct rm_link **link_out)
{
    HRESULT hr = S_OK;

    *link_out = NULL;
    rm_session_lock(session);
    for (;;)
    {
        if (session->is_closed)
            hr = E_FAIL; /* as a server says whose object the client has released */
        else if (session->active && session->active->is_caught_up)
        {
            *link_out = session->active;
            rm_link_add_ref(*link_out);
        }
        else if (session->is_searching)
            hr = RM_HRESULT_UNAVAILABLE;
        else if (rm_session_wait_change(session, INFINITE))
            continue;
        else
            hr = E_OUTOFMEMORY;
        break;
    }
    rm_session_unlock(session);
    return hr;
}

void rm_session_wait_dead(struct rm_session *session, struct rm_link *link)
{
    rm_session_lock(session);
    while (!link->is_dead && rm_session_wait_change(session, INFINITE))
        ;
    rm_session_unlock(session);
}

void rm_session_report_lost(struct rm_session *session, struct rm_link *link, HRESULT hr)
{
    rm_driver_post_link(session->driver, RM_FAILOVER_LINK_LOST, link->machine, link->number,
                        (DWORD)hr);
}

void rm_session_event(struct rm_session *session, enum rm_event_id id, unsigned machine, DWORD code,
                      const WCHAR *detail)
{
    rm_journal_add(session->journal, id, machine, code, detail);
}
