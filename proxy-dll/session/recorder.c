#include "session/recorder_internal.h"

#include "call/call.h"
#include "call/hresult_class.h"
#include "module/memory.h"
#include "module/module.h"
#include "session/journal.h"
#include "session/session.h"

#define SAMPLE_MS 1000

struct rm_recorder *rm_recorder_new(struct rm_session *session)
{
    struct rm_recorder *recorder = rm_alloc_zero(1, sizeof(*recorder));

    if (!recorder)
        return NULL;
    recorder->session = session;
    InitializeSRWLock(&recorder->lock);
    rm_blackbox_init(&recorder->box, (unsigned)session->config->machine_count);
    rm_blackbox_clock(&recorder->box, rm_module_now_ms(), (uint64_t)rm_recorder_now_100ns());
    recorder->sample_ms = recorder->box.now_ms + SAMPLE_MS;
    return recorder;
}

void rm_recorder_free(struct rm_recorder *recorder)
{
    rm_free(recorder);
}

/* ---- what is recorded ---------------------------------------------------------------------- */

void rm_recorder_step(struct rm_recorder *recorder, const struct rm_failover *failover,
                      const struct rm_failover_event *event,
                      const struct rm_failover_actions *actions)
{
    if (!recorder)
        return;
    AcquireSRWLockExclusive(&recorder->lock);
    rm_blackbox_step(&recorder->box, failover, event, actions);
    ReleaseSRWLockExclusive(&recorder->lock);
}

void rm_recorder_event(struct rm_recorder *recorder, enum rm_event_id id, unsigned machine,
                       DWORD code, const char *detail)
{
    if (!recorder)
        return;
    AcquireSRWLockExclusive(&recorder->lock);
    rm_blackbox_event(&recorder->box, rm_module_now_ms(), id, machine, code, detail);
    ReleaseSRWLockExclusive(&recorder->lock);
}

static void count_call(struct rm_blackbox_second *counts, const struct rm_call *call, DWORD took_ms,
                       bool is_failed)
{
    counts->calls++;
    counts->calls_failed += is_failed;
    if (took_ms >= counts->slowest_call_ms)
    {
        counts->slowest_call_ms = took_ms;
        counts->slowest_call = call->call_class->name;
    }
}

/* Our own pings are counted apart; of them, and of what else nobody waits for, only a lost
 * connection is told. */
void rm_recorder_call(struct rm_recorder *recorder, const struct rm_call *call)
{
    bool is_unanswered = call->state == RM_CALL_LINK_DEAD;
    bool is_lost = !is_unanswered && rm_hresult_classify(call->result) != RM_HRESULT_ANSWER;
    bool is_failed = is_unanswered || is_lost || FAILED(call->result);
    struct rm_blackbox_call failed;
    ULONGLONG now_ms;

    if (!recorder || (call->is_detached && !is_lost))
        return;
    now_ms = rm_module_now_ms();
    if (!call->is_detached)
        count_call(&recorder->counts, call, (DWORD)(now_ms - call->started_ms), is_failed);
    if (!is_failed)
        return;
    failed = (struct rm_blackbox_call){
        .name = call->call_class->name,
        .machine = call->link->machine,
        .outcome = is_unanswered ? RM_BLACKBOX_UNANSWERED
                   : is_lost     ? RM_BLACKBOX_LOST
                                 : RM_BLACKBOX_FAILED,
        .code = is_unanswered ? 0 : (DWORD)call->result,
        .slowest_ms = (uint32_t)(now_ms - call->started_ms),
    };
    AcquireSRWLockExclusive(&recorder->lock);
    rm_blackbox_call_failed(&recorder->box, now_ms, &failed);
    ReleaseSRWLockExclusive(&recorder->lock);
}

void rm_recorder_data(struct rm_recorder *recorder, DWORD link, DWORD items)
{
    unsigned i;

    for (i = 0; recorder && i < recorder->session->config->machine_count; i++)
    {
        struct rm_machine_counts *machine = &recorder->machines[i];

        if (!recorder->session->links[i] || recorder->session->links[i]->number != link)
            continue;
        machine->callbacks++;
        machine->updates += items;
        if (machine->is_awaited && items)
        {
            machine->is_awaited = false;
            machine->data_ms = rm_module_now_ms();
        }
        return;
    }
}

void rm_recorder_await_data(struct rm_recorder *recorder, unsigned machine)
{
    if (!recorder)
        return;
    recorder->machines[machine - 1].is_awaited = true;
    recorder->machines[machine - 1].data_ms = 0;
}

/* ---- once a second ------------------------------------------------------------------------- */

static void sample(struct rm_recorder *recorder)
{
    struct rm_machine_counts machines[RM_MACHINE_NUMBERS];
    struct rm_blackbox_second counts;
    ULONGLONG now_ms;
    unsigned i;

    rm_session_lock(recorder->session);
    counts = recorder->counts;
    counts.calls_out = rm_journal_count_calls(recorder->session);
    ZeroMemory(&recorder->counts, sizeof(recorder->counts));
    for (i = 0; i < RM_MACHINE_NUMBERS; i++)
    {
        machines[i] = recorder->machines[i];
        recorder->machines[i] = (struct rm_machine_counts){.is_awaited = machines[i].is_awaited};
    }
    rm_session_unlock(recorder->session);

    AcquireSRWLockExclusive(&recorder->lock);
    now_ms = rm_module_now_ms();
    rm_blackbox_clock(&recorder->box, now_ms, (uint64_t)rm_recorder_now_100ns());
    for (i = 0; i < RM_MACHINE_NUMBERS; i++)
    {
        counts.machines[i].callbacks = machines[i].callbacks;
        counts.machines[i].updates = machines[i].updates;
        if (machines[i].data_ms)
            rm_blackbox_data(&recorder->box, i + 1, machines[i].data_ms);
    }
    rm_blackbox_second(&recorder->box, now_ms, &counts);
    ReleaseSRWLockExclusive(&recorder->lock);
    recorder->sample_ms = now_ms + SAMPLE_MS;
}

static bool is_due(struct rm_recorder *recorder, bool is_end)
{
    bool is_due_now;

    AcquireSRWLockExclusive(&recorder->lock);
    is_due_now = rm_blackbox_is_due(&recorder->box, rm_module_now_ms(), is_end);
    ReleaseSRWLockExclusive(&recorder->lock);
    return is_due_now;
}

void rm_recorder_round(struct rm_recorder *recorder, const struct rm_failover *failover)
{
    if (!recorder)
        return;
    if (rm_module_now_ms() >= recorder->sample_ms)
        sample(recorder);
    if (!recorder->is_writing && is_due(recorder, false))
        rm_recorder_start_report(recorder, failover);
}

void rm_recorder_end(struct rm_recorder *recorder, const struct rm_failover *failover)
{
    if (!recorder || !is_due(recorder, true))
        return;
    sample(recorder);
    rm_recorder_start_report(recorder, failover);
}
