#include "session/recorder.h"

#include <stdlib.h>

#include <rm/blackbox_folder.h>
#include <rm/blackbox_report.h>

#include "call/call.h"
#include "call/hresult_class.h"
#include "module/filetime.h"
#include "module/memory.h"
#include "module/module.h"
#include "session/session.h"

#define SAMPLE_MS 1000

struct machine_counts
{
    uint32_t callbacks, updates;
    bool is_awaited;   /* its first data since it was promoted */
    ULONGLONG data_ms; /* when that came; 0 = not, or told */
};

struct rm_recorder
{
    struct rm_session *session;

    /* protected by the session's lock */
    struct rm_blackbox_second counts; /* of calls, since the last sample */
    struct machine_counts machines[RM_MACHINES_MAX];

    SRWLOCK lock; /* protects the box; a leaf: nothing is called under it */
    struct rm_blackbox box;

    volatile LONG is_writing; /* a worker is at a report */
    volatile LONG is_told;    /* that a report could not be written */

    /* the driver's own */
    ULONGLONG sample_ms; /* when the next is due */
    uint32_t reports;
};

/* A report on its way to the disk. */
struct report_job
{
    struct rm_job job;
    struct rm_session *session; /* holds it */
    struct rm_blackbox box;
    struct rm_failover failover;
    LONGLONG time_100ns;
    uint32_t number;
};

static LONGLONG now_100ns(void)
{
    FILETIME now;

    GetSystemTimeAsFileTime(&now);
    return rm_filetime_number(&now);
}

struct rm_recorder *rm_recorder_new(struct rm_session *session)
{
    struct rm_recorder *recorder = rm_alloc_zero(1, sizeof(*recorder));

    if (!recorder)
        return NULL;
    recorder->session = session;
    InitializeSRWLock(&recorder->lock);
    rm_blackbox_init(&recorder->box, (unsigned)session->config->machine_count);
    rm_blackbox_clock(&recorder->box, rm_module_now_ms(), (uint64_t)now_100ns());
    recorder->sample_ms = recorder->box.now_ms + SAMPLE_MS;
    return recorder;
}

void rm_recorder_free(struct rm_recorder *recorder)
{
    rm_free(recorder);
}

/* ---- what is recorded --------------------------------------------------------------------------
 */

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

void rm_recorder_call(struct rm_recorder *recorder, const struct rm_call *call)
{
    bool is_unanswered = call->state == RM_CALL_LINK_DEAD;
    bool is_lost = !is_unanswered && rm_hresult_classify(call->result) != RM_HRESULT_ANSWER;
    ULONGLONG now_ms;
    struct rm_blackbox_call failed;

    if (!recorder)
        return;
    now_ms = rm_module_now_ms();
    failed = (struct rm_blackbox_call){
        .name = call->call_class->name,
        .machine = call->link->machine,
        .outcome = is_unanswered ? RM_BLACKBOX_UNANSWERED
                   : is_lost     ? RM_BLACKBOX_LOST
                                 : RM_BLACKBOX_FAILED,
        .code = is_unanswered ? 0 : (DWORD)call->result,
        .slowest_ms = (uint32_t)(now_ms - call->started_ms),
    };
    /* Our own pings are counted apart; that one was left because its link had ended is no news. */
    if (call->is_detached ? !is_lost : !is_unanswered && !is_lost && SUCCEEDED(call->result))
    {
        if (!call->is_detached)
            count_call(&recorder->counts, call, failed.slowest_ms, false);
        return;
    }
    if (!call->is_detached)
        count_call(&recorder->counts, call, failed.slowest_ms, true);
    AcquireSRWLockExclusive(&recorder->lock);
    rm_blackbox_call_failed(&recorder->box, now_ms, &failed);
    ReleaseSRWLockExclusive(&recorder->lock);
}

void rm_recorder_data(struct rm_recorder *recorder, DWORD link, DWORD items)
{
    unsigned i;

    for (i = 0; recorder && i < recorder->session->config->machine_count; i++)
    {
        struct machine_counts *machine = &recorder->machines[i];

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

/* ---- once a second -----------------------------------------------------------------------------
 */

static uint32_t count_out(const struct rm_session *session)
{
    const struct rm_list_node *node;
    uint32_t count = 0;
    unsigned i;

    for (i = 0; i < RM_MACHINES_MAX; i++)
    {
        const struct rm_link *link = session->links[i];

        for (node = link ? link->calls.next : NULL; link && node != &link->calls; node = node->next)
            count++;
    }
    return count;
}

static void sample(struct rm_recorder *recorder)
{
    struct machine_counts machines[RM_MACHINES_MAX];
    struct rm_blackbox_second counts;
    ULONGLONG now_ms;
    unsigned i;

    rm_session_lock(recorder->session);
    counts = recorder->counts;
    counts.calls_out = count_out(recorder->session);
    ZeroMemory(&recorder->counts, sizeof(recorder->counts));
    for (i = 0; i < RM_MACHINES_MAX; i++)
    {
        machines[i] = recorder->machines[i];
        recorder->machines[i] = (struct machine_counts){.is_awaited = machines[i].is_awaited};
    }
    rm_session_unlock(recorder->session);

    AcquireSRWLockExclusive(&recorder->lock);
    now_ms = rm_module_now_ms();
    rm_blackbox_clock(&recorder->box, now_ms, (uint64_t)now_100ns());
    for (i = 0; i < RM_MACHINES_MAX; i++)
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

/* ---- the report --------------------------------------------------------------------------------
 */

static void name_process(char *name, int room)
{
    WCHAR path[MAX_PATH] = L"";
    const WCHAR *slash;

    GetModuleFileNameW(NULL, path, MAX_PATH - 1);
    slash = wcsrchr(path, L'\\');
    if (!WideCharToMultiByte(CP_UTF8, 0, slash ? slash + 1 : path, -1, name, room, NULL, NULL))
        name[0] = 0;
}

static DWORD write_report(const struct report_job *job, WCHAR path[RM_BLACKBOX_PATH_SIZE])
{
    struct rm_json_buffer buffer = {NULL, 0, 0, false};
    struct rm_json json = {.put = rm_json_buffer_put, .to = &buffer};
    char process[MAX_PATH], name[RM_BLACKBOX_NAME_SIZE];
    struct rm_blackbox_report report = {
        .box = &job->box,
        .failover = &job->failover,
        .config = job->session->config,
        .process = process,
        .version = RM_VERSION,
        .process_id = GetCurrentProcessId(),
        .session = job->session->number,
        .number = job->number,
        .time_100ns = (uint64_t)job->time_100ns,
    };
    DWORD error = rm_blackbox_folder_path(path);

    if (error)
        return error;
    name_process(process, ARRAYSIZE(process));
    rm_blackbox_file_name(&report, name);
    rm_blackbox_write(&report, &json);
    if (buffer.is_short_of_memory)
        error = ERROR_NOT_ENOUGH_MEMORY;
    else
        error = rm_blackbox_folder_put(path, name, buffer.bytes, buffer.size);
    free(buffer.bytes);
    return error;
}

static void run_report(struct rm_job *job)
{
    struct report_job *report = (struct report_job *)job;
    struct rm_session *session = report->session;
    struct rm_recorder *recorder = session->recorder;
    WCHAR path[RM_BLACKBOX_PATH_SIZE];
    DWORD error = write_report(report, path);

    if (!error)
        InterlockedExchange(&recorder->is_told, 0);
    else if (!InterlockedExchange(&recorder->is_told, 1))
        rm_session_event(session, RM_EVENT_BLACKBOX_FAILED, 0, (DWORD)HRESULT_FROM_WIN32(error),
                         path);
    InterlockedExchange(&recorder->is_writing, 0);
    rm_free(report);
    rm_session_lock(session);
    session->disposals--;
    rm_session_wake_waiters(session);
    rm_session_unlock(session);
    rm_session_unhold(session);
}

/* Takes a copy and has it written; without memory or a thread it is tried again. */
static void start_report(struct rm_recorder *recorder, const struct rm_failover *failover)
{
    struct rm_session *session = recorder->session;
    struct report_job *job = rm_alloc_zero(1, sizeof(*job));

    if (!job)
        return;
    job->job.run = run_report;
    job->session = session;
    job->failover = *failover;
    job->time_100ns = now_100ns();
    job->number = recorder->reports + 1;
    AcquireSRWLockExclusive(&recorder->lock);
    job->box = recorder->box;
    ReleaseSRWLockExclusive(&recorder->lock);
    rm_session_hold(session);
    rm_session_lock(session);
    session->disposals++; /* the last Release waits for it, as for other clean-up */
    rm_session_unlock(session);
    InterlockedExchange(&recorder->is_writing, 1);
    if (rm_worker_submit(&job->job))
    {
        recorder->reports++;
        AcquireSRWLockExclusive(&recorder->lock);
        rm_blackbox_note_report(&recorder->box, rm_module_now_ms());
        ReleaseSRWLockExclusive(&recorder->lock);
        return;
    }
    InterlockedExchange(&recorder->is_writing, 0);
    rm_session_lock(session);
    session->disposals--;
    rm_session_unlock(session);
    rm_session_unhold(session);
    rm_free(job);
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
        start_report(recorder, failover);
}

void rm_recorder_end(struct rm_recorder *recorder, const struct rm_failover *failover)
{
    if (!recorder || !is_due(recorder, true))
        return;
    sample(recorder);
    start_report(recorder, failover);
}
