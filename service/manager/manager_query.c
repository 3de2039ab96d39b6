/* What the service manager says of our service. */
#include <stdlib.h>
#include <string.h>

#include <hooks/wide.h>
#include <manager/event_source.h>

#include "manager_internal.h"

#define ANSWER_BYTES_MAX 8192 /* what QueryServiceConfig needs at most */

const char *rm_manager_state_name(DWORD state)
{
    static const char *const names[] = {"unknown", "stopped",  "starting", "stopping",
                                        "running", "resuming", "pausing",  "paused"};
    return names[state < sizeof names / sizeof *names ? state : 0];
}

const char *rm_manager_start_name(enum rm_manager_start start)
{
    static const char *const names[RM_MANAGER_START_COUNT] = {"unknown", "auto", "delayed",
                                                              "manual", "disabled"};
    return names[start < RM_MANAGER_START_COUNT ? start : 0];
}

static bool read_delayed(SC_HANDLE service)
{
    SERVICE_DELAYED_AUTO_START_INFO delayed = {FALSE};
    DWORD needed;
    return QueryServiceConfig2W(service, SERVICE_CONFIG_DELAYED_AUTO_START_INFO, (BYTE *)&delayed,
                                sizeof delayed, &needed) &&
           delayed.fDelayedAutostart;
}

static enum rm_manager_start start_of(SC_HANDLE service, DWORD start_type)
{
    switch (start_type)
    {
    case SERVICE_AUTO_START:
        return read_delayed(service) ? RM_MANAGER_START_DELAYED : RM_MANAGER_START_AUTO;
    case SERVICE_DEMAND_START: return RM_MANAGER_START_MANUAL;
    case SERVICE_DISABLED: return RM_MANAGER_START_DISABLED;
    default: return RM_MANAGER_START_AS_IS;
    }
}

static void read_recovery(SC_HANDLE service, BYTE *answer, struct rm_manager_recovery *recovery)
{
    SERVICE_FAILURE_ACTIONS_FLAG flag = {FALSE};
    DWORD needed;
    memset(recovery, 0, sizeof *recovery);
    recovery->is_known = QueryServiceConfig2W(service, SERVICE_CONFIG_FAILURE_ACTIONS, answer,
                                              ANSWER_BYTES_MAX, &needed) != 0;
    if (!recovery->is_known)
    {
        return;
    }
    const SERVICE_FAILURE_ACTIONSW *actions = (const void *)answer;
    recovery->is_restart = actions->cActions == RM_MANAGER_RESTARTS;
    recovery->reset_after_s = actions->dwResetPeriod;
    for (DWORD i = 0; recovery->is_restart && i < RM_MANAGER_RESTARTS; i++)
    {
        recovery->is_restart = actions->lpsaActions[i].Type == SC_ACTION_RESTART;
        recovery->restart_after_ms[i] = actions->lpsaActions[i].Delay;
    }
    if (QueryServiceConfig2W(service, SERVICE_CONFIG_FAILURE_ACTIONS_FLAG, (BYTE *)&flag,
                             sizeof flag, &needed))
    {
        recovery->is_on_error = flag.fFailureActionsOnNonCrashFailures;
    }
}

static void copy_text(wchar_t *to, size_t capacity, const wchar_t *from)
{
    to[0] = L'\0';
    if (from != NULL && wcslen(from) < capacity)
    {
        wcscpy(to, from);
    }
}

bool service_read(struct rm_manager *manager, SC_HANDLE service, struct rm_manager_info *info)
{
    static const char deed[] = "looked at";
    BYTE *answer = calloc(1, ANSWER_BYTES_MAX);
    SERVICE_STATUS_PROCESS status;
    struct rm_image_path image;
    DWORD needed;
    if (answer == NULL)
    {
        return service_fail(manager, deed, ERROR_OUTOFMEMORY);
    }
    const QUERY_SERVICE_CONFIGW *config = (const void *)answer;
    if (!QueryServiceStatusEx(service, SC_STATUS_PROCESS_INFO, (BYTE *)&status, sizeof status,
                              &needed) ||
        !QueryServiceConfigW(service, (QUERY_SERVICE_CONFIGW *)(void *)answer, ANSWER_BYTES_MAX,
                             &needed))
    {
        DWORD error = GetLastError();
        free(answer);
        return service_fail(manager, deed, error);
    }
    info->state = status.dwCurrentState;
    info->process_id = status.dwProcessId;
    info->exit_code = status.dwWin32ExitCode;
    info->start = start_of(service, config->dwStartType);
    copy_text(info->account, sizeof info->account / sizeof *info->account,
              config->lpServiceStartName);
    copy_text(info->image_path, RM_IMAGE_PATH_SIZE, config->lpBinaryPathName);
    info->is_ours = rm_image_path_read(info->image_path, &image) && rm_image_path_is_ours(&image);
    read_recovery(service, answer, &info->recovery);
    free(answer);
    return true;
}

bool rm_manager_query(struct rm_manager *manager, struct rm_manager_info *info)
{
    static const char deed[] = "looked at";
    wchar_t name[RM_INSTANCE_NAME_SIZE];
    bool is_done = true;
    memset(info, 0, sizeof *info);
    rm_instance_service_name(manager->instance, name);
    info->has_event_source = rm_event_source_is_there(name);
    SC_HANDLE opened = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    if (opened == NULL)
    {
        return service_fail(manager, deed, GetLastError());
    }
    SC_HANDLE service = OpenServiceW(opened, name, SERVICE_QUERY_CONFIG | SERVICE_QUERY_STATUS);
    DWORD error = service != NULL ? ERROR_SUCCESS : GetLastError();
    if (service != NULL)
    {
        info->is_installed = true;
        is_done = service_read(manager, service, info);
        CloseServiceHandle(service);
    }
    else if (error != ERROR_SERVICE_DOES_NOT_EXIST)
    {
        is_done = service_fail(manager, deed, error);
    }
    CloseServiceHandle(opened);
    return is_done;
}
