/* Installing the service, or bringing an installed one up to date. */
#include <stdio.h>
#include <string.h>

#include <hooks/wide.h>
#include <manager/event_source.h>

#include "manager_internal.h"

#define DEED          "installed"
#define RESET_AFTER_S 86400

static wchar_t description[] = L"Shares settings, decisions and events of redundant OPC servers "
                               L"among the OPC clients of this computer.";

static const DWORD restarts_ms[RM_MANAGER_RESTARTS] = {1000, 5000, 30000};

bool rm_manager_has_no_password(const wchar_t *account)
{
    static const wchar_t *const own[] = {L"LocalSystem", L".\\LocalSystem", L"NT AUTHORITY\\SYSTEM",
                                         L"NT AUTHORITY\\LocalService",
                                         L"NT AUTHORITY\\NetworkService"};
    static const wchar_t virtual_root[] = L"NT SERVICE\\";
    size_t length = wcslen(account), root_length = sizeof virtual_root / sizeof *virtual_root - 1;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
    {
        if (rm_wide_equal(account, own[i]))
        {
            return true;
        }
    }
    /* Managed service accounts end in a dollar sign. */
    return (length > 0 && account[length - 1] == L'$') ||
           (length > root_length && _wcsnicmp(account, virtual_root, root_length) == 0);
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
        actions[i] = (SC_ACTION){SC_ACTION_RESTART, restarts_ms[i]};
    }
    SERVICE_FAILURE_ACTIONSW recovery = {RESET_AFTER_S, NULL, NULL, RM_MANAGER_RESTARTS, actions};
    SERVICE_FAILURE_ACTIONS_FLAG flag = {TRUE};
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
    bool was_changed;
    rm_instance_service_name(manager->instance, name);
    DWORD error = rm_event_source_add(name, program, &was_changed);
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
                       wish->account, wish->password);
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

static void tell_change(const struct rm_manager *manager, const char *what, const wchar_t *before,
                        const wchar_t *after)
{
    char old[RM_IMAGE_PATH_SIZE * 3], new[RM_IMAGE_PATH_SIZE * 3];
    rm_utf8_from_wide(before, old, sizeof old);
    rm_utf8_from_wide(after, new, sizeof new);
    if (!rm_wide_equal(before, after))
    {
        service_tell(manager, "Changed %s from %.512s to %.512s.", what, old, new);
    }
}

static bool is_recovery_ours(const struct rm_manager_recovery *recovery)
{
    return recovery->is_restart && recovery->is_on_error &&
           recovery->reset_after_s == RESET_AFTER_S &&
           memcmp(recovery->restart_after_ms, restarts_ms, sizeof restarts_ms) == 0;
}

/* Says what is otherwise than before, and what has to be done for it. */
static void tell_changes(struct rm_manager *manager, const struct rm_manager_info *before,
                         const struct rm_manager_info *after, bool has_password)
{
    char name[RM_INSTANCE_NAME_SIZE];
    bool is_other_start = before->start != after->start;
    bool is_other_account = !rm_wide_equal(before->account, after->account);
    bool is_other_image = !rm_wide_equal(before->image_path, after->image_path);
    bool is_other_recovery = after->recovery.is_known && !is_recovery_ours(&before->recovery);
    service_name_text(manager, name);
    if (is_other_start)
    {
        service_tell(manager, "Changed the start from %s to %s.",
                     rm_manager_start_name(before->start), rm_manager_start_name(after->start));
    }
    tell_change(manager, "the account", before->account, after->account);
    tell_change(manager, "the program", before->image_path, after->image_path);
    if (is_other_recovery)
    {
        service_tell(manager,
                     "Put the recovery settings back to restarts after 1 s, 5 s and 30 s.");
    }
    if (has_password)
    {
        service_tell(manager, "Stored the account's password.");
    }
    if (before->has_event_source != after->has_event_source)
    {
        service_tell(manager, "Registered the source of events in Windows' event log again.");
    }
    if (!is_other_start && !is_other_account && !is_other_image && !is_other_recovery &&
        !has_password && before->has_event_source == after->has_event_source)
    {
        service_tell(manager, "The service '%s' is installed like that already.", name);
    }
    else if ((is_other_image || is_other_account) && after->state != SERVICE_STOPPED)
    {
        service_tell(manager, "It runs, and goes on as it was started: 'rmctl service stop' and "
                              "'rmctl service start' bring the changes into use.");
    }
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
                              wish->password, shown))
    {
        return service_fail(manager, "changed", GetLastError());
    }
    if (!set_details(manager, handles->service, start, before->start) ||
        !add_source(manager, wish->program) || !rm_manager_query(manager, &after))
    {
        return false;
    }
    tell_changes(manager, before, &after, wish->password != NULL);
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
