#include "call/call.h"

#include <objbase.h>

#include "call/event_pool.h"
#include "call/hresult_class.h"
#include "link/link.h"
#include "link/link_work.h"
#include "module/memory.h"
#include "module/module.h"
#include "session/chores.h"
#include "session/item_names.h"
#include "session/recorder.h"
#include "session/session.h"

static void run_job(struct rm_job *job);

struct rm_call *rm_call_new(size_t size_bytes, const struct rm_call_class *call_class)
{
    struct rm_call *call = rm_alloc_zero(1, size_bytes);

    if (!call)
        return NULL;
    call->job.run = run_job;
    call->call_class = call_class;
    call->refs = 1;
    call->result = E_UNEXPECTED;
    return call;
}

void rm_call_add_ref(struct rm_call *call)
{
    InterlockedIncrement(&call->refs);
}

static void free_call(struct rm_call *call)
{
    if (call->token)
        CloseHandle(call->token);
    if (call->event)
        rm_event_give(call->event);
    if (call->link)
        rm_link_release(call->link);
    rm_free(call);
}

/* What is left of a call on a link that was lost may be proxies, and to release one of a server
 * that hangs may take for ever. */
static void destroy_on_worker(struct rm_call *call)
{
    struct rm_session *session = call->link->session;
    struct rm_link_work work;

    if (call->call_class->destroy)
    {
        rm_session_lock(session);
        rm_link_work_begin(call->link, &work);
        rm_session_unlock(session);
        call->call_class->destroy(call);
        rm_session_lock(session);
        rm_link_work_end(&work);
        rm_session_unlock(session);
    }
    free_call(call);
}

static void run_destroy(struct rm_job *job)
{
    destroy_on_worker((struct rm_call *)job);
}

void rm_call_release(struct rm_call *call)
{
    if (InterlockedDecrement(&call->refs))
        return;
    /* Not on this thread, which may be the client's. */
    if (call->link && (call->link->is_dead || !rm_call_is_answered(call)))
    {
        call->job.run = run_destroy;
        rm_worker_submit(&call->job); /* without a thread it is rather leaked */
        return;
    }
    if (call->call_class && call->call_class->destroy)
        call->call_class->destroy(call);
    free_call(call);
}

bool rm_call_is_answered(const struct rm_call *call)
{
    return call->state == RM_CALL_ANSWERED &&
           rm_hresult_classify(call->result) == RM_HRESULT_ANSWER;
}

/* Session locked: the call is no longer out. */
static void leave_link(struct rm_call *call, struct rm_link *link)
{
    if (!call->node.next)
        return;
    rm_list_remove(&call->node);
    if (call->call_class->is_long)
        rm_link_long_call(link, -1);
}

static void run_job(struct rm_job *job)
{
    struct rm_call *call = (struct rm_call *)job;
    struct rm_link *link = call->link;
    struct rm_session *session = link->session;
    bool is_detached = call->is_detached;

    if (call->token && !SetThreadToken(NULL, call->token))
        call->result = E_ACCESSDENIED; /* never in a name that the client did not mean */
    else
    {
        if (call->arrive)
            call->arrive(call);
        call->result = call->call_class->run(call, link);
    }
    if (call->token)
        RevertToSelf();

    if (is_detached)
    {
        rm_session_lock(session);
        leave_link(call, link);
        rm_recorder_call(session->recorder, call);
        rm_session_unlock(session);
    }
    if (!rm_call_finish(call, RM_CALL_ANSWERED))
        rm_abandoned_leave(&call->abandoned);
    if (InterlockedDecrement(&call->refs) == 0)
        destroy_on_worker(call);
}

/* Session locked. The caller has seen that the link is alive. */
static void enter_link(struct rm_call *call, struct rm_link *link)
{
    rm_link_add_ref(link);
    call->link = link;
    call->started_ms = rm_module_now_ms();
    rm_list_append(&link->calls, &call->node);
    if (call->call_class->is_long)
        rm_link_long_call(link, 1);
}

/* The worker must act in the client's name where the client's thread does, and COM looks at that.
 */
static bool take_impersonation(struct rm_call *call)
{
    if (OpenThreadToken(GetCurrentThread(), TOKEN_QUERY | TOKEN_IMPERSONATE, TRUE, &call->token))
        return true;
    call->token = NULL;
    return GetLastError() == ERROR_NO_TOKEN;
}

/* How often in a row the calling thread's calls have lost their link. A call that takes down each
 * server that it comes to must not go round for ever: after one loss for each machine it fails. */
static DWORD losses_slot = TLS_OUT_OF_INDEXES;

static void put_losses(void *losses)
{
    if (losses_slot != TLS_OUT_OF_INDEXES)
        TlsSetValue(losses_slot, losses);
}

static void *take_losses(void)
{
    void *losses = losses_slot != TLS_OUT_OF_INDEXES ? TlsGetValue(losses_slot) : NULL;

    put_losses(NULL);
    return losses;
}

void rm_call_unload(void)
{
    if (losses_slot != TLS_OUT_OF_INDEXES)
        TlsFree(losses_slot);
}

static bool count_loss(struct rm_session *session)
{
    static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
    ULONG_PTR losses;
    BOOL is_pending;

    if (InitOnceBeginInitialize(&once, 0, &is_pending, NULL) && is_pending)
    {
        losses_slot = TlsAlloc();
        InitOnceComplete(&once, 0, NULL);
    }
    if (losses_slot == TLS_OUT_OF_INDEXES)
        return false;
    losses = (ULONG_PTR)TlsGetValue(losses_slot) + 1;
    TlsSetValue(losses_slot, (void *)(losses > rm_server_listed(session->config) ? 0 : losses));
    return losses <= rm_server_listed(session->config);
}

/* Where its outcome is unknown. */
static bool must_not_repeat(const struct rm_session *session, const struct rm_call *call)
{
    return call->call_class->kind == RM_CALL_WRITE &&
           session->config->unknown_write == RM_UNKNOWN_WRITE_FAIL;
}

/* What becomes of a call whose link was lost. On the client's thread. */
static HRESULT settle_lost(struct rm_session *session, struct rm_link *link, struct rm_call *call,
                           enum rm_hresult_class lost)
{
    WCHAR items[RM_ITEM_NAMES_ROOM] = L"";

    if (lost != RM_HRESULT_LOST_UNKNOWN || !must_not_repeat(session, call))
        return count_loss(session) ? RM_CALL_REPEAT : RM_HRESULT_CALL_FAILED;
    rm_session_lock(session);
    if (call->call_class->name_items)
        call->call_class->name_items(call, items, RM_ITEM_NAMES_ROOM);
    rm_session_unlock(session);
    rm_session_event(session, RM_EVENT_WRITE_UNKNOWN, link->machine, 0, items);
    return RM_HRESULT_CALL_FAILED;
}

static HRESULT run_on_link(struct rm_session *session, struct rm_link *link, struct rm_call *call,
                           bool must_be_active);

static HRESULT run_probe(struct rm_call *call, struct rm_link *link)
{
    (void)call;
    return rm_link_ask_status(link);
}

static const struct rm_call_class probe_class = {
    .name = "status after an object that is gone",
    .kind = RM_CALL_IDEMPOTENT,
    .run = run_probe,
};

static bool is_server_well(struct rm_session *session, struct rm_link *link)
{
    struct rm_call *probe = rm_call_new(sizeof(*probe), &probe_class);
    void *losses = take_losses(); /* an answer is no news about the call that asks */
    bool is_well;

    if (!probe)
        return false;
    run_on_link(session, link, probe, false);
    is_well = rm_call_is_answered(probe);
    rm_call_release(probe);
    put_losses(losses);
    return is_well;
}

/* The object is gone, the server is well: a group is made again. true: the link is not lost. */
static bool survive_object(struct rm_session *session, struct rm_link *link, struct rm_call *call,
                           bool is_of_link)
{
    if (!rm_hresult_is_object_gone(call->result) || call->call_class == &probe_class ||
        !(call->group || is_of_link) || !is_server_well(session, link))
        return false;
    rm_session_lock(session);
    link->has_lost_call = false;
    if (call->group)
        rm_link_renew_group(link, call->group);
    rm_session_unlock(session);
    return true;
}

/* Session locked. After a switch writes may have to wait for an operator, repeated ones as well. */
static HRESULT prepare(struct rm_session *session, struct rm_link *link, struct rm_call *call)
{
    if (session->are_writes_held && call->call_class->kind == RM_CALL_WRITE)
        return E_ACCESSDENIED;
    return call->call_class->prepare ? call->call_class->prepare(call, link) : S_OK;
}

static HRESULT run_on_link(struct rm_session *session, struct rm_link *link, struct rm_call *call,
                           bool must_be_active)
{
    enum rm_hresult_class answer;
    void *losses;
    HRESULT hr;

    if (!rm_call_prepare_wait(call))
        return E_OUTOFMEMORY;
    if ((link->is_cloaked || session->cloaked_blankets) && !take_impersonation(call))
        return E_ACCESSDENIED;

    rm_session_lock(session);
    if (link->is_dead || (must_be_active && (session->active != link || !link->is_caught_up)))
    {
        rm_session_unlock(session);
        return RM_CALL_REPEAT;
    }
    hr = prepare(session, link, call);
    if (hr != S_OK)
    {
        rm_session_unlock(session);
        return hr;
    }
    enter_link(call, link);
    rm_session_unlock(session);

    rm_call_add_ref(call);
    if (!rm_worker_submit(&call->job))
    {
        rm_session_lock(session);
        leave_link(call, link);
        rm_abandoned_leave(&call->abandoned); /* there is no worker that could come back */
        if (call->call_class->lost)
            call->call_class->lost(call, link);
        rm_session_unlock(session);
        rm_call_release(call);
        return E_OUTOFMEMORY;
    }
    losses = take_losses(); /* calls that are nested in this one count for themselves */
    if (rm_call_wait_for_answer(call) == RM_CALL_LINK_DEAD)
        answer = RM_HRESULT_LOST_UNKNOWN;
    else
        answer = rm_hresult_classify(call->result);
    put_losses(losses);

    rm_session_lock(session);
    leave_link(call, link);
    rm_recorder_call(session->recorder, call);
    if (answer == RM_HRESULT_ANSWER)
    {
        put_losses(NULL);
        hr = call->result;
        if (call->call_class->record)
        {
            call->call_class->record(call, link, hr);
            if (session->active != link)
                rm_session_catch_up(session);
        }
        rm_session_unlock(session);
        return hr;
    }
    hr = RM_CALL_REPEAT;
    link->has_lost_call = true;
    if (call->call_class->lost)
    {
        hr = call->call_class->lost(call, link);
        rm_session_catch_up(session);
    }
    rm_session_unlock(session);

    if (call->state == RM_CALL_ANSWERED && !survive_object(session, link, call, !must_be_active))
    {
        rm_session_report_lost(session, link, call->result);
        rm_session_wait_dead(session, link);
    }
    if (hr == RM_CALL_REPEAT)
        return settle_lost(session, link, call, answer);
    put_losses(NULL);
    return hr;
}

HRESULT rm_call_execute(struct rm_session *session, struct rm_call *call)
{
    struct rm_link *link;
    HRESULT hr;

    rm_session_run_chores(session);
    hr = rm_session_wait_active(session, &link);
    if (FAILED(hr))
    {
        put_losses(NULL);
        return hr;
    }
    hr = run_on_link(session, link, call, true);
    rm_link_release(link);
    return hr;
}

HRESULT rm_call_execute_on(struct rm_session *session, struct rm_link *link, struct rm_call *call)
{
    HRESULT hr = run_on_link(session, link, call, false);

    return hr == RM_CALL_REPEAT ? RM_HRESULT_CALL_FAILED : hr;
}

bool rm_call_start(struct rm_session *session, struct rm_link *link, struct rm_call *call)
{
    bool is_dead;

    call->is_detached = true;
    rm_session_lock(session);
    is_dead = link->is_dead != 0;
    if (!is_dead)
        enter_link(call, link);
    rm_session_unlock(session);
    if (!is_dead && rm_worker_submit(&call->job))
        return true;
    rm_session_lock(session);
    leave_link(call, link);
    rm_abandoned_leave(&call->abandoned);
    rm_session_unlock(session);
    rm_call_release(call);
    return false;
}

void rm_call_end_all(struct rm_link *link)
{
    while (!rm_list_is_empty(&link->calls))
    {
        struct rm_call *call = RM_LIST_ENTRY(link->calls.next, struct rm_call, node);
        enum rm_call_state state = RM_CALL_LINK_DEAD;

        leave_link(call, link);
        /* Entered first: the worker takes it back as soon as it finds that it has lost. */
        rm_link_abandon(link, &call->abandoned);
        if (must_not_repeat(link->session, call))
        {
            state = RM_CALL_LAST_MOMENT;
            link->has_last_moment = true;
        }
        if (!rm_call_finish(call, state))
            rm_abandoned_leave(&call->abandoned);
    }
}
