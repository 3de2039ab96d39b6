#include "start/windows_service.h"

#include <hooks/wide.h>
#include <link/activation.h>
#include <rm/config.h>

#define LOOK_MS 200u

struct opened
{
    SC_HANDLE manager, service;
};

static DWORD open_service(const char *host, const char *name, struct opened *opened)
{
    WCHAR wide_host[RM_HOST_MAX + 1], wide_name[RM_SERVICE_MAX + 1];
    bool is_here = rm_activation_is_local(host);

    if (!rm_wide_from_utf8(host, wide_host, RM_HOST_MAX + 1) ||
        !rm_wide_from_utf8(name, wide_name, RM_SERVICE_MAX + 1))
        return ERROR_INVALID_NAME;
    opened->manager = OpenSCManagerW(is_here ? NULL : wide_host, NULL, SC_MANAGER_CONNECT);
    if (!opened->manager)
        return GetLastError();
    opened->service =
        OpenServiceW(opened->manager, wide_name, SERVICE_QUERY_STATUS | SERVICE_START);
    return opened->service ? ERROR_SUCCESS : GetLastError();
}

static DWORD ask_state(SC_HANDLE service, SERVICE_STATUS_PROCESS *status)
{
    DWORD size;

    return QueryServiceStatusEx(service, SC_STATUS_PROCESS_INFO, (BYTE *)status, sizeof *status,
                                &size)
               ? ERROR_SUCCESS
               : GetLastError();
}

static bool is_changing(DWORD state)
{
    return state == SERVICE_START_PENDING || state == SERVICE_STOP_PENDING;
}

/* Until it is neither being started nor being stopped. */
static DWORD await_state(SC_HANDLE service, ULONGLONG until_ms, SERVICE_STATUS_PROCESS *status)
{
    DWORD error = ask_state(service, status);

    while (!error && is_changing(status->dwCurrentState))
    {
        if (GetTickCount64() >= until_ms)
            return ERROR_SERVICE_REQUEST_TIMEOUT;
        Sleep(LOOK_MS);
        error = ask_state(service, status);
    }
    return error;
}

/* What it says of its end, where that says anything. */
static DWORD end_of(const SERVICE_STATUS_PROCESS *status)
{
    return status->dwWin32ExitCode && status->dwWin32ExitCode != ERROR_SERVICE_NEVER_STARTED
               ? status->dwWin32ExitCode
               : ERROR_PROCESS_ABORTED;
}

static DWORD see_that_it_runs(SC_HANDLE service, ULONGLONG until_ms, bool *has_started)
{
    SERVICE_STATUS_PROCESS status;
    DWORD error = await_state(service, until_ms, &status);

    if (error || status.dwCurrentState != SERVICE_STOPPED)
        return error;
    *has_started = StartServiceW(service, 0, NULL);
    error = *has_started ? ERROR_SUCCESS : GetLastError();
    if (error && error != ERROR_SERVICE_ALREADY_RUNNING)
        return error;
    error = await_state(service, until_ms, &status);
    return !error && status.dwCurrentState == SERVICE_STOPPED ? end_of(&status) : error;
}

DWORD rm_windows_service_start(const char *host, const char *name, DWORD limit_ms,
                               bool *has_started)
{
    ULONGLONG until_ms = GetTickCount64() + limit_ms;
    struct opened opened = {NULL, NULL};
    DWORD error = open_service(host, name, &opened);

    *has_started = false;
    if (!error)
        error = see_that_it_runs(opened.service, until_ms, has_started);
    if (opened.service)
        CloseServiceHandle(opened.service);
    if (opened.manager)
        CloseServiceHandle(opened.manager);
    return error;
}
