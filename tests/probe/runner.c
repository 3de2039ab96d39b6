#include "runner.h"

#include <objbase.h>

#include "probe.h"

static DWORD ms_until(uint64_t due_us, uint64_t now_us)
{
    uint64_t ms = due_us > now_us ? rm_report_ms(due_us - now_us) : 0;

    return ms < INFINITE - 1 ? (DWORD)ms : INFINITE - 1;
}

static void run_due(struct rm_job *job, uint64_t now_us)
{
    if (now_us < job->due_us)
        return;
    job->run(job->context);
    job->due_us += job->period_ms * 1000;
    now_us = rm_probe_now_us();
    if (job->due_us < now_us)
        job->due_us = now_us;
}

static void dispatch_messages(void)
{
    MSG message;

    while (PeekMessageW(&message, NULL, 0, 0, PM_REMOVE))
    {
        TranslateMessage(&message);
        DispatchMessageW(&message);
    }
}

bool rm_runner_wait(enum rm_apartment apartment, HANDLE event, DWORD timeout_ms)
{
    uint64_t end_us = rm_probe_now_us() + (uint64_t)timeout_ms * 1000;

    if (apartment == RM_APARTMENT_MTA)
        return WaitForSingleObject(event, timeout_ms) == WAIT_OBJECT_0;
    for (;;)
    {
        DWORD left_ms = timeout_ms == INFINITE ? INFINITE : ms_until(end_us, rm_probe_now_us());
        switch (MsgWaitForMultipleObjectsEx(1, &event, left_ms, QS_ALLINPUT, MWMO_INPUTAVAILABLE))
        {
        case WAIT_OBJECT_0: return true;
        case WAIT_OBJECT_0 + 1:
            dispatch_messages();
            /* However many callbacks come, a job that is due gets its turn. */
            if (left_ms == 0)
                return false;
            break;
        default: return false;
        }
    }
}

static void run_in_one_thread(struct rm_job *jobs, size_t count, HANDLE stop)
{
    for (;;)
    {
        uint64_t now_us = rm_probe_now_us();
        DWORD wait_ms = INFINITE;
        for (size_t i = 0; i < count; i++)
        {
            DWORD ms = ms_until(jobs[i].due_us, now_us);
            wait_ms = ms < wait_ms ? ms : wait_ms;
        }
        if (rm_runner_wait(RM_APARTMENT_STA, stop, wait_ms))
            return;
        for (size_t i = 0; i < count; i++)
            run_due(&jobs[i], rm_probe_now_us());
    }
}

static DWORD WINAPI job_thread(void *parameter)
{
    struct rm_job *job = parameter;

    if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
        return 1;
    while (WaitForSingleObject(job->stop, ms_until(job->due_us, rm_probe_now_us())) == WAIT_TIMEOUT)
        run_due(job, rm_probe_now_us());
    CoUninitialize();
    return 0;
}

static bool run_in_threads(struct rm_job *jobs, size_t count, HANDLE stop)
{
    HANDLE threads[RM_RUNNER_JOBS];
    size_t started = 0;

    while (started < count)
    {
        threads[started] = CreateThread(NULL, 0, job_thread, &jobs[started], 0, NULL);
        if (!threads[started])
            break;
        started++;
    }
    bool is_ok = started == count;
    if (is_ok)
        WaitForSingleObject(stop, INFINITE);
    else
        SetEvent(stop);
    for (size_t i = 0; i < started; i++)
    {
        WaitForSingleObject(threads[i], INFINITE);
        CloseHandle(threads[i]);
    }
    return is_ok;
}

bool rm_runner_run(enum rm_apartment apartment, struct rm_job *jobs, size_t count, HANDLE stop)
{
    uint64_t now_us = rm_probe_now_us();

    for (size_t i = 0; i < count; i++)
    {
        jobs[i].stop = stop;
        jobs[i].due_us = now_us + jobs[i].period_ms * 1000;
    }
    if (apartment == RM_APARTMENT_MTA)
        return run_in_threads(jobs, count, stop);
    run_in_one_thread(jobs, count, stop);
    return true;
}
