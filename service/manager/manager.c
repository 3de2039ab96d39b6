/* What the orders to the service manager have in common: opening the service, and what to say. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <hooks/system_text.h>
#include <hooks/wide.h>

#include "manager_internal.h"

#define TEXT_OF_CODE_SIZE 256

/* What may go wrong in ways that an administrator can put right. */
static const struct
{
    DWORD code;
    const char *text;
} reasons[] = {
    {ERROR_ACCESS_DENIED,
     "access is denied. Open a command prompt with 'Run as administrator' and repeat the command."},
    {ERROR_SERVICE_MARKED_FOR_DELETE,
     "it has been removed, and some program still has it open. Close the window 'Services', then "
     "repeat the command."                                                                        },
    {ERROR_SERVICE_DISABLED,
     "it is disabled. Say when it is to start: rmctl service install --start auto"                },
    {ERROR_SERVICE_LOGON_FAILED,
     "its account can't log on. Give the password again with 'rmctl service install --account', "
     "and give the account the right 'Log on as a service' (secpol.msc, User Rights Assignment)." },
    {ERROR_INVALID_SERVICE_ACCOUNT,
     "there is no such account, or its password is wrong. Give it as DOMAIN\\USER, or .\\USER for "
     "one of this computer."                                                                      },
    {ERROR_FILE_NOT_FOUND,
     "its program is not there. 'rmctl service status' says where it should be; 'rmctl service "
     "install' from the present folder corrects that."                                            },
    {ERROR_PATH_NOT_FOUND,
     "the folder of its program is not there. 'rmctl service status' says where it should be; "
     "'rmctl service install' from the present folder corrects that."                             },
    {ERROR_SERVICE_REQUEST_TIMEOUT,
     "its process did not report to the service manager. See what it says in a terminal: rmservice "
     "--console"                                                                                  },
    {ERROR_PROCESS_ABORTED,
     "its process ended unexpectedly. See what it says in a terminal: rmservice --console"        },
    {ERROR_SERVICE_ALREADY_RUNNING,
     "another process of this instance runs already, in a terminal perhaps. End that, then repeat "
     "the command."                                                                               },
    {ERROR_DUPLICATE_SERVICE_NAME,
     "another service is shown under the same name. Remove that one, or give this one a name of "
     "its own with --instance."                                                                   },
};

bool service_fail_text(struct rm_manager *manager, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(manager->error, sizeof manager->error, format, arguments);
    va_end(arguments);
    return false;
}

bool service_fail(struct rm_manager *manager, const char *deed, DWORD code)
{
    char name[RM_INSTANCE_NAME_SIZE];
    char text[TEXT_OF_CODE_SIZE];
    wchar_t wide[TEXT_OF_CODE_SIZE / 3];
    service_name_text(manager, name);
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
    {
        if (reasons[i].code == code)
        {
            return service_fail_text(manager, "The service '%s' was not %s: %s", name, deed,
                                     reasons[i].text);
        }
    }
    rm_system_text(code, wide, TEXT_OF_CODE_SIZE / 3);
    rm_utf8_from_wide(wide[0] != L'\0' ? wide : L"no text for it", text, sizeof text);
    return service_fail_text(manager, "The service '%s' was not %s: Windows error %lu (%s).", name,
                             deed, code, text);
}

void service_tell(const struct rm_manager *manager, const char *format, ...)
{
    char text[RM_MANAGER_TEXT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    manager->tell(manager->context, text);
}

void service_name_text(const struct rm_manager *manager, char name[RM_INSTANCE_NAME_SIZE])
{
    wchar_t wide[RM_INSTANCE_NAME_SIZE];
    rm_instance_service_name(manager->instance, wide);
    rm_utf8_from_wide(wide, name, RM_INSTANCE_NAME_SIZE);
}

/* The name could be another product's. */
static bool check_is_ours(struct rm_manager *manager, SC_HANDLE service, const char *deed)
{
    struct rm_manager_info info = {.is_installed = true};
    char name[RM_INSTANCE_NAME_SIZE];
    char image[RM_IMAGE_PATH_SIZE * 3];
    if (!service_read(manager, service, &info))
    {
        return false;
    }
    if (info.is_ours)
    {
        return true;
    }
    service_name_text(manager, name);
    rm_utf8_from_wide(info.image_path, image, sizeof image);
    return service_fail_text(manager,
                             "The service '%s' was not %s: it belongs to another program (%.512s). "
                             "Give ours a name of its own with --instance.",
                             name, deed, image);
}

bool service_open(struct rm_manager *manager, DWORD manager_access, DWORD access, const char *deed,
                  struct service_handles *handles)
{
    wchar_t name[RM_INSTANCE_NAME_SIZE];
    rm_instance_service_name(manager->instance, name);
    handles->service = NULL;
    handles->manager = OpenSCManagerW(NULL, NULL, manager_access | SC_MANAGER_CONNECT);
    if (handles->manager == NULL)
    {
        return service_fail(manager, deed, GetLastError());
    }
    handles->service =
        OpenServiceW(handles->manager, name, access | SERVICE_QUERY_CONFIG | SERVICE_QUERY_STATUS);
    DWORD error = handles->service != NULL ? ERROR_SUCCESS : GetLastError();
    bool is_open = error == ERROR_SUCCESS ? check_is_ours(manager, handles->service, deed)
                   : error == ERROR_SERVICE_DOES_NOT_EXIST ? true
                                                           : service_fail(manager, deed, error);
    if (!is_open)
    {
        service_close(handles);
    }
    return is_open;
}

void service_close(struct service_handles *handles)
{
    if (handles->service != NULL)
    {
        CloseServiceHandle(handles->service);
    }
    if (handles->manager != NULL)
    {
        CloseServiceHandle(handles->manager);
    }
    handles->service = NULL;
    handles->manager = NULL;
}
