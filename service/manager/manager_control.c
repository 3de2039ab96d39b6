/* Starting and stopping, with the waiting that belongs to it. */
#include <stdio.h>

#include "manager_internal.h"

#define WAIT_LIMIT_MS    60000
#define PROCESS_LIMIT_MS 10000
#define POLL_MS          100
#define TELL_INTERVAL_MS 2000

static bool read_status(SC_HANDLE service, SERVICE_STATUS_PROCESS *status)
{
    DWORD needed;
    return QueryServiceStatusEx(service, SC_STATUS_PROCESS_INFO, (BYTE *)status, sizeof *status,
                                &needed) != 0;
}

static void tell_waiting(const struct rm_manager *manager, const char *what, ULONGLONG waited_ms)
{
    char name[RM_INSTANCE_NAME_SIZE];
    char text[RM_INSTANCE_NAME_SIZE + 80];
    service_name_text(manager, name);
    snprintf(text, sizeof text, "... '%s' is %s, %u s", name, what, (unsigned)(waited_ms / 1000));
    manager->waiting(manager->context, text);
}

static bool has_settled(DWORD state)
{
    return state != SERVICE_START_PENDING && state != SERVICE_STOP_PENDING;
}

static bool has_stopped(DWORD state)
{
    return state == SERVICE_STOPPED;
}

/* Waits until the state is so, WAIT_LIMIT_MS at most: `status` says what became of it. */
static bool wait_until(struct rm_manager *manager, SC_HANDLE service, const char *deed,
                       bool (*is_so)(DWORD state), SERVICE_STATUS_PROCESS *status)
{
    ULONGLONG begun_ms = GetTickCount64(), told_ms = begun_ms;
    for (;;)
    {
        ULONGLONG now_ms = GetTickCount64();
        if (!read_status(service, status))
        {
            return service_fail(manager, deed, GetLastError());
        }
        if (is_so(status->dwCurrentState) || now_ms - begun_ms >= WAIT_LIMIT_MS)
        {
            return true;
        }
        if (now_ms - told_ms >= TELL_INTERVAL_MS)
        {
            told_ms = now_ms;
            tell_waiting(manager, rm_manager_state_name(status->dwCurrentState), now_ms - begun_ms);
        }
        Sleep(POLL_MS);
    }
}

static bool fail_hung(struct rm_manager *manager, const SERVICE_STATUS_PROCESS *status,
                      const char *deed)
{
    char name[RM_INSTANCE_NAME_SIZE];
    service_name_text(manager, name);
    return service_fail_text(
        manager,
        "The service '%s' was not %s within %u s: process %lu is still %s. End "
        "that process in the task manager, then repeat the command.",
        name, deed, WAIT_LIMIT_MS / 1000, status->dwProcessId,
        rm_manager_state_name(status->dwCurrentState));
}

static bool start_service(struct rm_manager *manager, SC_HANDLE service)
{
    static const char deed[] = "started";
    SERVICE_STATUS_PROCESS status;
    char name[RM_INSTANCE_NAME_SIZE];
    service_name_text(manager, name);
    /* One that is stopping can't be started before it has stopped. */
    if (!wait_until(manager, service, deed, has_settled, &status))
    {
        return false;
    }
    bool ran_before = status.dwCurrentState == SERVICE_RUNNING;
    if (!ran_before && status.dwCurrentState == SERVICE_STOPPED)
    {
        if (!StartServiceW(service, 0, NULL))
        {
            return service_fail(manager, deed, GetLastError());
        }
        if (!wait_until(manager, service, deed, has_settled, &status))
        {
            return false;
        }
    }
    if (status.dwCurrentState == SERVICE_STOPPED)
    {
        return service_fail(manager, deed, status.dwWin32ExitCode);
    }
    if (status.dwCurrentState != SERVICE_RUNNING)
    {
        return fail_hung(manager, &status, deed);
    }
    service_tell(manager,
                 ran_before ? "The service '%s' runs already, process %lu."
                            : "The service '%s' runs now, process %lu.",
                 name, status.dwProcessId);
    return true;
}

/* Wine 8's service manager goes on taking a process that was killed for a running service. */
static bool has_ended(HANDLE process, DWORD open_error)
{
    return process != NULL ? WaitForSingleObject(process, 0) == WAIT_OBJECT_0
                           : open_error == ERROR_INVALID_PARAMETER;
}

bool service_stop(struct rm_manager *manager, SC_HANDLE service, bool *was_running)
{
    static const char deed[] = "stopped";
    SERVICE_STATUS_PROCESS status;
    SERVICE_STATUS answer;
    *was_running = false;
    /* A service that is starting takes no order to stop. */
    if (!wait_until(manager, service, deed, has_settled, &status))
    {
        return false;
    }
    if (status.dwCurrentState == SERVICE_STOPPED)
    {
        return true;
    }
    *was_running = true;
    HANDLE process = OpenProcess(SYNCHRONIZE, FALSE, status.dwProcessId);
    DWORD open_error = process != NULL ? ERROR_SUCCESS : GetLastError();
    bool is_done = true;
    DWORD error =
        ControlService(service, SERVICE_CONTROL_STOP, &answer) ? ERROR_SUCCESS : GetLastError();
    if (error == ERROR_SUCCESS || error == ERROR_SERVICE_NOT_ACTIVE)
    {
        is_done = wait_until(manager, service, deed, has_stopped, &status) &&
                  (status.dwCurrentState == SERVICE_STOPPED || fail_hung(manager, &status, deed));
    }
    else if (!has_ended(process, open_error))
    {
        is_done = service_fail(manager, deed, error);
    }
    if (is_done && process != NULL)
    {
        /* It has reported its end; only without its process are its files free. */
        WaitForSingleObject(process, PROCESS_LIMIT_MS);
    }
    if (process != NULL)
    {
        CloseHandle(process);
    }
    return is_done;
}

/* Opens a service that must be there. */
static bool open_installed(struct rm_manager *manager, DWORD access, const char *deed,
                           struct service_handles *handles)
{
    char name[RM_INSTANCE_NAME_SIZE];
    if (!service_open(manager, 0, access, deed, handles))
    {
        return false;
    }
    if (handles->service != NULL)
    {
        return true;
    }
    service_close(handles);
    service_name_text(manager, name);
    return service_fail_text(manager, SERVICE_NOT_INSTALLED " 'rmctl service install' installs it.",
                             name);
}

bool rm_manager_start(struct rm_manager *manager)
{
    struct service_handles handles;
    if (!open_installed(manager, SERVICE_START, "started", &handles))
    {
        return false;
    }
    bool is_done = start_service(manager, handles.service);
    service_close(&handles);
    return is_done;
}

bool rm_manager_stop(struct rm_manager *manager)
{
    struct service_handles handles;
    char name[RM_INSTANCE_NAME_SIZE];
    bool was_running = false;
    if (!open_installed(manager, SERVICE_STOP, "stopped", &handles))
    {
        return false;
    }
    bool is_done = service_stop(manager, handles.service, &was_running);
    service_close(&handles);
    service_name_text(manager, name);
    if (is_done)
    {
        service_tell(manager,
                     was_running ? "The service '%s' has stopped."
                                 : "The service '%s' had stopped already.",
                     name);
    }
    return is_done;
}
