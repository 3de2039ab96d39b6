/* Taking the service out of this computer. */
#include <manager/event_source.h>

#include "manager_internal.h"

#define VANISH_LIMIT_MS 5000
#define POLL_MS         100

/* A service that was deleted is there until the last program has closed it. */
static bool has_vanished(SC_HANDLE manager, const wchar_t *name)
{
    for (unsigned waited_ms = 0; waited_ms < VANISH_LIMIT_MS; waited_ms += POLL_MS)
    {
        SC_HANDLE service = OpenServiceW(manager, name, SERVICE_QUERY_STATUS);
        if (service == NULL)
        {
            return GetLastError() == ERROR_SERVICE_DOES_NOT_EXIST;
        }
        CloseServiceHandle(service);
        Sleep(POLL_MS);
    }
    return false;
}

static bool delete_service(struct rm_manager *manager, struct service_handles *handles)
{
    wchar_t wide[RM_INSTANCE_NAME_SIZE];
    bool was_running = false;
    if (!service_stop(manager, handles->service, &was_running))
    {
        return false;
    }
    if (!DeleteService(handles->service) && GetLastError() != ERROR_SERVICE_MARKED_FOR_DELETE)
    {
        return service_fail(manager, "removed", GetLastError());
    }
    CloseServiceHandle(handles->service);
    handles->service = NULL;
    rm_instance_service_name(manager->instance, wide);
    if (!has_vanished(handles->manager, wide))
    {
        return service_fail(manager, "removed wholly", ERROR_SERVICE_MARKED_FOR_DELETE);
    }
    return true;
}

bool rm_manager_remove(struct rm_manager *manager)
{
    struct service_handles handles;
    wchar_t wide[RM_INSTANCE_NAME_SIZE];
    char name[RM_INSTANCE_NAME_SIZE];
    bool had_source = false;
    service_name_text(manager, name);
    rm_instance_service_name(manager->instance, wide);
    if (!service_open(manager, 0, SERVICE_STOP | DELETE, "removed", &handles))
    {
        return false;
    }
    bool was_there = handles.service != NULL;
    bool is_done = !was_there || delete_service(manager, &handles);
    service_close(&handles);
    DWORD error = is_done ? rm_event_source_remove(wide, &had_source) : ERROR_SUCCESS;
    if (error != ERROR_SUCCESS)
    {
        is_done = service_fail(manager, "taken out of Windows' event log", error);
    }
    if (is_done && (was_there || had_source))
    {
        service_tell(manager, "Removed the service '%s'. Settings and logs are kept.", name);
    }
    else if (is_done)
    {
        service_tell(manager, SERVICE_NOT_INSTALLED " Nothing was changed.", name);
    }
    return is_done;
}
