/* Installing the service, or bringing an installed one up to date. */
#include <stdio.h>
#include <string.h>

#include <hooks/wide.h>
#include <manager/event_source.h>

#include "manager_internal.h"

#define DEED "installed"

static wchar_t description[] = L"Shares settings, decisions and events of redundant OPC servers "
                               L"among the OPC clients of this computer.";

/* The system's own accounts. */
static bool is_own_account(const wchar_t *account)
{
    static const wchar_t *const names[] = {L"LocalSystem", L".\\LocalSystem",
                                           L"NT AUTHORITY\\SYSTEM", L"NT AUTHORITY\\LocalService",
                                           L"NT AUTHORITY\\NetworkService"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    {
        if (rm_wide_equal(account, names[i]))
        {
            return true;
        }
    }
    return false;
}

bool rm_manager_has_no_password(const wchar_t *account)
{
    static const wchar_t virtual_root[] = L"NT SERVICE\\";
    size_t length = wcslen(account), root_length = sizeof virtual_root / sizeof *virtual_root - 1;
    /* Managed service accounts end in a dollar sign. */
    return is_own_account(account) || (length > 0 && account[length - 1] == L'$') ||
           (length > root_length && _wcsnicmp(account, virtual_root, root_length) == 0);
}

/* NULL is what is stored already, and what virtual and managed accounts want; the system's own ones
 * want an empty one. */
static const wchar_t *password_of(const struct rm_manager_wish *wish)
{
    return wish->account != NULL && is_own_account(wish->account) ? L"" : wish->password;
}

static DWORD start_type_of(enum rm_manager_start start)
{
    return start == RM_MANAGER_START_MANUAL ? SERVICE_DEMAND_START : SERVICE_AUTO_START;
}

/* Wine 8 knows neither delayed starts nor recovery after an error: there the rest must do. */
static bool set_detail(struct rm_manager *manager, SC_HANDLE service, DWORD level, void *detail,
                       const char *what)
{
    if (ChangeServiceConfig2W(service, level, detail))
    {
        return true;
    }
    DWORD error = GetLastError();
    if (error != ERROR_INVALID_LEVEL)
    {
        return service_fail(manager, DEED, error);
    }
    service_tell(manager, "This system has no %s for services; it is left out.", what);
    return true;
}

/* Recovery, description and delayed start are no arguments of CreateService. */
static bool set_details(struct rm_manager *manager, SC_HANDLE service, enum rm_manager_start start,
                        enum rm_manager_start start_before)
{
    SC_ACTION actions[RM_MANAGER_RESTARTS];
    for (unsigned i = 0; i < RM_MANAGER_RESTARTS; i++)
    {
        actions[i] = (SC_ACTION){SC_ACTION_RESTART, service_recovery.restart_after_ms[i]};
    }
    SERVICE_FAILURE_ACTIONSW recovery = {service_recovery.reset_after_s, NULL, NULL,
                                         RM_MANAGER_RESTARTS, actions};
    SERVICE_FAILURE_ACTIONS_FLAG flag = {service_recovery.is_on_error};
    SERVICE_DESCRIPTIONW words = {description};
    SERVICE_DELAYED_AUTO_START_INFO delayed = {start == RM_MANAGER_START_DELAYED};
    bool is_other_delay =
        (start == RM_MANAGER_START_DELAYED) != (start_before == RM_MANAGER_START_DELAYED);
    return set_detail(manager, service, SERVICE_CONFIG_DESCRIPTION, &words, "description") &&
           set_detail(manager, service, SERVICE_CONFIG_FAILURE_ACTIONS, &recovery, "recovery") &&
           set_detail(manager, service, SERVICE_CONFIG_FAILURE_ACTIONS_FLAG, &flag,
                      "recovery after an error") &&
           (!is_other_delay || set_detail(manager, service, SERVICE_CONFIG_DELAYED_AUTO_START_INFO,
                                          &delayed, "delayed start"));
}

static bool add_source(struct rm_manager *manager, const wchar_t *program)
{
    wchar_t name[RM_INSTANCE_NAME_SIZE];
    rm_instance_service_name(manager->instance, name);
    DWORD error = rm_event_source_add(name, program);
    if (error == ERROR_ALREADY_EXISTS)
    {
        service_tell(manager, "Another program has a source of this name in Windows' event log; it "
                              "is left as it is, and shows our events without their text.");
        return true;
    }
    return error == ERROR_SUCCESS || service_fail(manager, DEED, error);
}

static bool create(struct rm_manager *manager, struct service_handles *handles,
                   const struct rm_manager_wish *wish, const wchar_t *line)
{
    wchar_t name[RM_INSTANCE_NAME_SIZE], shown[RM_INSTANCE_NAME_SIZE];
    char text[RM_INSTANCE_NAME_SIZE];
    enum rm_manager_start start =
        wish->start == RM_MANAGER_START_AS_IS ? RM_MANAGER_START_AUTO : wish->start;
    rm_instance_service_name(manager->instance, name);
    rm_instance_display_name(manager->instance, shown);
    handles->service =
        CreateServiceW(handles->manager, name, shown, SERVICE_ALL_ACCESS, SERVICE_WIN32_OWN_PROCESS,
                       start_type_of(start), SERVICE_ERROR_NORMAL, line, NULL, NULL, NULL,
                       wish->account, password_of(wish));
    if (handles->service == NULL)
    {
        return service_fail(manager, DEED, GetLastError());
    }
    if (!set_details(manager, handles->service, start, RM_MANAGER_START_AS_IS) ||
        !add_source(manager, wish->program))
    {
        /* All or nothing. */
        DeleteService(handles->service);
        return false;
    }
    service_name_text(manager, text);
    service_tell(manager, "Installed the service '%s'. 'rmctl service start' starts it%s.", text,
                 start == RM_MANAGER_START_MANUAL ? ""
                                                  : " now; Windows does from its next start on");
    return true;
}

static bool change(struct rm_manager *manager, const struct service_handles *handles,
                   const struct rm_manager_wish *wish, const struct rm_manager_info *before,
                   const wchar_t *line)
{
    struct rm_manager_info after;
    enum rm_manager_start start =
        wish->start == RM_MANAGER_START_AS_IS ? before->start : wish->start;
    /* One that an administrator has disabled stays so until a start is named. */
    DWORD start_type = start == RM_MANAGER_START_DISABLED || start == RM_MANAGER_START_AS_IS
                           ? SERVICE_NO_CHANGE
                           : start_type_of(start);
    wchar_t shown[RM_INSTANCE_NAME_SIZE];
    rm_instance_display_name(manager->instance, shown);
    if (!ChangeServiceConfigW(handles->service, SERVICE_WIN32_OWN_PROCESS, start_type,
                              SERVICE_ERROR_NORMAL, line, NULL, NULL, NULL, wish->account,
                              password_of(wish), shown))
    {
        return service_fail(manager, "changed", GetLastError());
    }
    if (!set_details(manager, handles->service, start, before->start) ||
        !add_source(manager, wish->program) || !rm_manager_query(manager, &after))
    {
        return false;
    }
    service_tell_changes(manager, before, &after, wish->password != NULL);
    return true;
}

/* The image path of the wish; what that leaves open is as in `before`. */
static bool write_line(struct rm_manager *manager, const struct rm_manager_wish *wish,
                       const struct rm_manager_info *before, wchar_t line[RM_IMAGE_PATH_SIZE])
{
    struct rm_image_path image;
    rm_image_path_read(before->image_path, &image);
    const wchar_t *config = wish->config_path != NULL ? wish->config_path : image.config_path;
    const wchar_t *data = wish->data_path != NULL ? wish->data_path : image.data_path;
    if (wcslen(wish->program) < MAX_PATH && wcslen(config) < MAX_PATH && wcslen(data) < MAX_PATH)
    {
        wcscpy(image.program, wish->program);
        wcscpy(image.instance, manager->instance);
        memmove(image.config_path, config, (wcslen(config) + 1) * sizeof *config);
        memmove(image.data_path, data, (wcslen(data) + 1) * sizeof *data);
        if (rm_image_path_write(&image, line))
        {
            return true;
        }
    }
    return service_fail_text(manager,
                             "A path is longer than %d characters, or has a quotation mark "
                             "in it. Nothing was changed.",
                             MAX_PATH - 1);
}

bool rm_manager_install(struct rm_manager *manager, const struct rm_manager_wish *wish)
{
    struct service_handles handles;
    struct rm_manager_info before;
    wchar_t line[RM_IMAGE_PATH_SIZE];
    if (!rm_manager_query(manager, &before) || !write_line(manager, wish, &before, line) ||
        !service_open(manager, SC_MANAGER_CREATE_SERVICE, SERVICE_ALL_ACCESS, DEED, &handles))
    {
        return false;
    }
    bool is_done = handles.service == NULL ? create(manager, &handles, wish, line)
                                           : change(manager, &handles, wish, &before, line);
    service_close(&handles);
    return is_done;
}
