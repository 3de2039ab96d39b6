#include <windows.h>

#include "serve.h"
#include "system_log.h"
#include "windows_service.h"

#define TICK_MS        1000
#define WAIT_HINT_MS   5000 /* five ticks: a busy computer is no reason to be given up */
#define START_LIMIT_MS 60000
#define STOP_LIMIT_MS  30000

/* PRESHUTDOWN comes before other services end, SHUTDOWN from systems that don't know that. */
#define ACCEPTED (SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN | SERVICE_ACCEPT_PRESHUTDOWN)

static struct
{
    const struct host_options *options;
    HANDLE stop;
    SERVICE_STATUS_HANDLE manager;
    SRWLOCK lock; /* protects the rest */
    SERVICE_STATUS status;
    DWORD ticks_left; /* of the pending state */
} host = {.lock = SRWLOCK_INIT};

static bool is_pending(DWORD state)
{
    return state == SERVICE_START_PENDING || state == SERVICE_STOP_PENDING;
}

/* With the lock held. */
static void enter(DWORD state, DWORD error)
{
    host.status.dwServiceType = SERVICE_WIN32_OWN_PROCESS;
    host.status.dwCurrentState = state;
    host.status.dwControlsAccepted = state == SERVICE_RUNNING ? ACCEPTED : 0;
    host.status.dwWin32ExitCode = error;
    host.status.dwCheckPoint = is_pending(state) ? 1 : 0;
    host.status.dwWaitHint = is_pending(state) ? WAIT_HINT_MS : 0;
    host.ticks_left = (state == SERVICE_START_PENDING ? START_LIMIT_MS : STOP_LIMIT_MS) / TICK_MS;
    SetServiceStatus(host.manager, &host.status);
}

/* From one state to the other, or not at all. */
static bool leave(DWORD from, DWORD to)
{
    AcquireSRWLockExclusive(&host.lock);
    bool is_there = host.status.dwCurrentState == from;
    if (is_there)
    {
        enter(to, NO_ERROR);
    }
    ReleaseSRWLockExclusive(&host.lock);
    return is_there;
}

static void CALLBACK tick(void *context, BOOLEAN is_timeout)
{
    (void)context;
    (void)is_timeout;
    AcquireSRWLockExclusive(&host.lock);
    if (is_pending(host.status.dwCurrentState) && host.ticks_left > 0)
    {
        host.ticks_left--;
        host.status.dwCheckPoint++;
        SetServiceStatus(host.manager, &host.status);
    }
    ReleaseSRWLockExclusive(&host.lock);
}

static DWORD WINAPI handle_control(DWORD control, DWORD event, void *data, void *context)
{
    (void)event;
    (void)data;
    (void)context;
    switch (control)
    {
    case SERVICE_CONTROL_STOP:
    case SERVICE_CONTROL_SHUTDOWN:
    case SERVICE_CONTROL_PRESHUTDOWN:
        leave(SERVICE_RUNNING, SERVICE_STOP_PENDING);
        SetEvent(host.stop);
        return NO_ERROR;
    case SERVICE_CONTROL_INTERROGATE: return NO_ERROR;
    default: return ERROR_CALL_NOT_IMPLEMENTED;
    }
}

/* Nothing happens here if it was told to stop before it was ready. */
static void report_ready(void *context)
{
    (void)context;
    leave(SERVICE_START_PENDING, SERVICE_RUNNING);
}

static DWORD run(void)
{
    HANDLE timer = NULL;
    host.stop = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (host.stop == NULL)
    {
        return GetLastError();
    }
    /* It ticks while the service is running too, idly: a timer that had to be made when it stops
     * could fail then. */
    if (!CreateTimerQueueTimer(&timer, NULL, tick, NULL, TICK_MS, TICK_MS, WT_EXECUTEDEFAULT))
    {
        return GetLastError();
    }
    DWORD error = host_serve(host.options, host.stop, report_ready, NULL);
    DeleteTimerQueueTimer(NULL, timer, INVALID_HANDLE_VALUE);
    return error;
}

static void WINAPI service_main(DWORD count, wchar_t **words)
{
    wchar_t name[RM_INSTANCE_NAME_SIZE], text[HOST_TEXT_SIZE];
    (void)count;
    (void)words; /* the service manager's; ours are in the image path */
    rm_instance_service_name(host.options->instance, name);
    host.manager = RegisterServiceCtrlHandlerExW(name, handle_control, NULL);
    if (host.manager == NULL)
    {
        return;
    }
    AcquireSRWLockExclusive(&host.lock);
    enter(SERVICE_START_PENDING, NO_ERROR);
    ReleaseSRWLockExclusive(&host.lock);
    DWORD error = run();
    if (error != ERROR_SUCCESS)
    {
        host_describe(host.options, error, text);
        system_log_write(host.options->instance, SYSTEM_LOG_ERROR, text);
    }
    AcquireSRWLockExclusive(&host.lock);
    enter(SERVICE_STOPPED, error);
    ReleaseSRWLockExclusive(&host.lock);
}

DWORD host_run_as_service(const struct host_options *options)
{
    wchar_t name[RM_INSTANCE_NAME_SIZE];
    host.options = options;
    rm_instance_service_name(options->instance, name);
    const SERVICE_TABLE_ENTRYW table[] = {
        {name, service_main},
        {NULL, NULL        }
    };
    return StartServiceCtrlDispatcherW(table) ? ERROR_SUCCESS : GetLastError();
}
