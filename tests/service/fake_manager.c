#include "fake_manager.h"

#include <string.h>

#define HANDLE_OF(number) ((SC_HANDLE)(ULONG_PTR)(number))
#define PROCESS_ID        77

struct fake_manager fake;

void fake_reset(void)
{
    memset(&fake, 0, sizeof fake);
    fake.state = SERVICE_STOPPED;
    fake.started_state = SERVICE_RUNNING;
    fake.stopped_state = SERVICE_STOPPED;
}

static BOOL answer(DWORD error)
{
    SetLastError(error);
    return error == ERROR_SUCCESS;
}

static void put(wchar_t *to, const wchar_t *text)
{
    if (text != NULL)
    {
        wcscpy(to, text);
    }
}

void fake_wait_real(DWORD ms)
{
    WaitForSingleObject(GetCurrentThread(), ms);
}

/* The clock moves while somebody sleeps. */
void WINAPI Sleep(DWORD ms)
{
    fake.now_ms += ms;
}

ULONGLONG WINAPI GetTickCount64(void)
{
    return fake.now_ms;
}

HANDLE WINAPI OpenProcess(DWORD access, BOOL is_inherited, DWORD id)
{
    (void)access;
    (void)is_inherited;
    (void)id;
    SetLastError(ERROR_ACCESS_DENIED);
    return NULL;
}

SC_HANDLE WINAPI OpenSCManagerW(LPCWSTR machine, LPCWSTR database, DWORD access)
{
    (void)database;
    if (fake.gate != NULL)
    {
        InterlockedIncrement(&fake.waiting);
        WaitForSingleObject(fake.gate, INFINITE);
    }
    fake.machine[0] = L'\0';
    put(fake.machine, machine);
    /* Everybody may look. */
    DWORD error = access == SC_MANAGER_CONNECT ? ERROR_SUCCESS : fake.open_manager;
    return answer(error) ? HANDLE_OF(1) : NULL;
}

SC_HANDLE WINAPI OpenServiceW(SC_HANDLE manager, LPCWSTR name, DWORD access)
{
    (void)manager;
    (void)name;
    (void)access;
    return answer(fake.exists ? ERROR_SUCCESS : ERROR_SERVICE_DOES_NOT_EXIST) ? HANDLE_OF(2) : NULL;
}

BOOL WINAPI CloseServiceHandle(SC_HANDLE handle)
{
    (void)handle;
    return TRUE;
}

SC_HANDLE WINAPI CreateServiceW(SC_HANDLE manager, LPCWSTR name, LPCWSTR shown, DWORD access,
                                DWORD type, DWORD start, DWORD control, LPCWSTR image,
                                LPCWSTR group, LPDWORD tag, LPCWSTR dependencies, LPCWSTR account,
                                LPCWSTR password)
{
    (void)manager;
    (void)name;
    (void)shown;
    (void)access;
    (void)type;
    (void)control;
    (void)group;
    (void)tag;
    (void)dependencies;
    if (!answer(fake.create))
    {
        return NULL;
    }
    fake.exists = true;
    fake.start_type = start;
    put(fake.image_path, image);
    put(fake.account, account != NULL ? account : L"LocalSystem");
    put(fake.password, password);
    return HANDLE_OF(2);
}

BOOL WINAPI ChangeServiceConfigW(SC_HANDLE service, DWORD type, DWORD start, DWORD control,
                                 LPCWSTR image, LPCWSTR group, LPDWORD tag, LPCWSTR dependencies,
                                 LPCWSTR account, LPCWSTR password, LPCWSTR shown)
{
    (void)service;
    (void)type;
    (void)control;
    (void)group;
    (void)tag;
    (void)dependencies;
    (void)shown;
    if (fake.change == ERROR_SUCCESS)
    {
        fake.start_type = start != SERVICE_NO_CHANGE ? start : fake.start_type;
        put(fake.image_path, image);
        put(fake.account, account);
        put(fake.password, password);
    }
    return answer(fake.change);
}

BOOL WINAPI ChangeServiceConfig2W(SC_HANDLE service, DWORD level, LPVOID info)
{
    const SERVICE_FAILURE_ACTIONSW *actions = info;
    (void)service;
    if (fake.change2 != ERROR_SUCCESS)
    {
        return answer(fake.change2);
    }
    switch (level)
    {
    case SERVICE_CONFIG_DESCRIPTION:
        put(fake.description, ((const SERVICE_DESCRIPTIONW *)info)->lpDescription);
        return TRUE;
    case SERVICE_CONFIG_FAILURE_ACTIONS:
        fake.reset_s = actions->dwResetPeriod;
        fake.action_count = actions->cActions;
        memcpy(fake.actions, actions->lpsaActions, actions->cActions * sizeof *fake.actions);
        return TRUE;
    case SERVICE_CONFIG_FAILURE_ACTIONS_FLAG:
        fake.is_on_error =
            ((const SERVICE_FAILURE_ACTIONS_FLAG *)info)->fFailureActionsOnNonCrashFailures;
        return TRUE;
    case SERVICE_CONFIG_DELAYED_AUTO_START_INFO:
        fake.is_delayed = ((const SERVICE_DELAYED_AUTO_START_INFO *)info)->fDelayedAutostart;
        return TRUE;
    default: return answer(ERROR_INVALID_LEVEL);
    }
}

BOOL WINAPI QueryServiceStatusEx(SC_HANDLE service, SC_STATUS_TYPE level, LPBYTE buffer, DWORD size,
                                 LPDWORD needed)
{
    if (fake.later_state != 0 && fake.now_ms >= fake.later_ms)
    {
        fake.state = fake.later_state;
        fake.later_state = 0;
    }
    SERVICE_STATUS_PROCESS status = {.dwCurrentState = fake.state};
    (void)service;
    (void)level;
    (void)size;
    *needed = sizeof status;
    status.dwProcessId = fake.state != SERVICE_STOPPED ? PROCESS_ID : 0;
    status.dwWin32ExitCode = fake.exit_code;
    memcpy(buffer, &status, sizeof status);
    return TRUE;
}

BOOL WINAPI QueryServiceConfigW(SC_HANDLE service, LPQUERY_SERVICE_CONFIGW config, DWORD size,
                                LPDWORD needed)
{
    (void)service;
    (void)size;
    memset(config, 0, sizeof *config);
    *needed = sizeof *config;
    config->dwStartType = fake.start_type;
    config->lpBinaryPathName = fake.image_path;
    config->lpServiceStartName = fake.account;
    return TRUE;
}

BOOL WINAPI QueryServiceConfig2W(SC_HANDLE service, DWORD level, LPBYTE buffer, DWORD size,
                                 LPDWORD needed)
{
    SERVICE_FAILURE_ACTIONSW actions = {fake.reset_s, NULL, NULL, fake.action_count, fake.actions};
    (void)service;
    (void)size;
    *needed = 0;
    switch (level)
    {
    case SERVICE_CONFIG_FAILURE_ACTIONS: memcpy(buffer, &actions, sizeof actions); return TRUE;
    case SERVICE_CONFIG_FAILURE_ACTIONS_FLAG:
        memcpy(buffer, &fake.is_on_error, sizeof fake.is_on_error);
        return TRUE;
    case SERVICE_CONFIG_DELAYED_AUTO_START_INFO:
        memcpy(buffer, &fake.is_delayed, sizeof fake.is_delayed);
        return TRUE;
    default: return answer(ERROR_INVALID_LEVEL);
    }
}

BOOL WINAPI StartServiceW(SC_HANDLE service, DWORD count, LPCWSTR *words)
{
    (void)service;
    (void)count;
    (void)words;
    if (fake.start == ERROR_SUCCESS)
    {
        fake.state = fake.started_state;
    }
    return answer(fake.start);
}

BOOL WINAPI ControlService(SC_HANDLE service, DWORD control, LPSERVICE_STATUS status)
{
    (void)service;
    (void)control;
    (void)status;
    if (fake.control == ERROR_SUCCESS)
    {
        fake.state = fake.stopped_state;
    }
    return answer(fake.control);
}

BOOL WINAPI DeleteService(SC_HANDLE service)
{
    (void)service;
    fake.exists = false;
    return TRUE;
}
