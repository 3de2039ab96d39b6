#include "session/recorder_internal.h"

#include <stdlib.h>

#include <rm/blackbox_folder.h>
#include <rm/blackbox_report.h>
#include <rm/status_section_map.h>

#include "call/worker.h"
#include "module/installation.h"
#include "module/filetime.h"
#include "module/memory.h"
#include "module/module.h"
#include "session/session.h"

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

LONGLONG rm_recorder_now_100ns(void)
{
    FILETIME now;

    GetSystemTimeAsFileTime(&now);
    return rm_filetime_number(&now);
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
    DWORD error = rm_blackbox_folder_path(rm_installation_name(), path);

    if (error)
        return error;
    rm_status_process_name(process, sizeof(process));
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
    session->awaited--;
    rm_session_wake_waiters(session);
    rm_session_unlock(session);
    rm_session_unhold(session);
}

void rm_recorder_start_report(struct rm_recorder *recorder, const struct rm_failover *failover)
{
    struct rm_session *session = recorder->session;
    struct report_job *job = rm_alloc_zero(1, sizeof(*job));

    if (!job)
        return;
    job->job.run = run_report;
    job->session = session;
    job->failover = *failover;
    job->time_100ns = rm_recorder_now_100ns();
    job->number = recorder->reports + 1;
    AcquireSRWLockExclusive(&recorder->lock);
    job->box = recorder->box;
    ReleaseSRWLockExclusive(&recorder->lock);
    rm_session_hold(session);
    rm_session_lock(session);
    session->awaited++; /* the last Release waits for it, as for other clean-up */
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
    session->awaited--;
    rm_session_unlock(session);
    rm_session_unhold(session);
    rm_free(job);
}
