/* rmctl service install: the command line as a wish to the service manager. */
#include <windows.h>
#include <stdio.h>
#include <string.h>

#include <hooks/wide.h>
#include <manager/operators_group.h>

#include "password.h"
#include "service.h"

static enum ctl_exit take_start(struct ctl *ctl, enum rm_manager_start *start)
{
    const char *text = ctl_value(ctl, "--start");
    *start = RM_MANAGER_START_AS_IS;
    if (text == NULL)
    {
        return CTL_FINE;
    }
    for (*start = RM_MANAGER_START_AUTO; *start <= RM_MANAGER_START_MANUAL; ++*start)
    {
        if (strcmp(text, rm_manager_start_name(*start)) == 0)
        {
            return CTL_FINE;
        }
    }
    return ctl_misuse(ctl, "'--start' must be auto, delayed or manual, not '%s'.", text);
}

/* A path of the command line, absolute: the service has another current folder. */
static enum ctl_exit take_path(struct ctl *ctl, const char *option, const char *text,
                               wchar_t path[MAX_PATH])
{
    wchar_t wide[MAX_PATH];
    DWORD length = rm_wide_from_utf8(text, wide, MAX_PATH) && wide[0] != L'\0'
                       ? GetFullPathNameW(wide, MAX_PATH, path, NULL)
                       : 0;
    return length > 0 && length < MAX_PATH
               ? CTL_FINE
               : ctl_misuse(ctl, "Option '%s' needs a path of at most %d characters.", option,
                            MAX_PATH - 1);
}

static enum ctl_exit take_program(struct ctl *ctl, wchar_t path[MAX_PATH])
{
    char text[CTL_PATH_SIZE + 32];
    snprintf(text, sizeof text, "%s\\rmservice.exe", ctl->directory);
    if (!rm_wide_from_utf8(text, path, MAX_PATH) ||
        GetFileAttributesW(path) == INVALID_FILE_ATTRIBUTES)
    {
        return ctl_fail(ctl,
                        "There is no '%s'. The installation isn't complete: rmservice.exe belongs "
                        "beside rmctl.exe. Nothing was changed.",
                        text);
    }
    return CTL_FINE;
}

/* "name" is an account of this computer; the service manager wants to have that said. */
static enum ctl_exit take_account(struct ctl *ctl, wchar_t account[CTL_PATH_SIZE])
{
    static const char *const shorts[] = {"LocalService", "NetworkService"};
    const char *text = ctl_value(ctl, "--account");
    const char *prefix = "";
    char full[CTL_PATH_SIZE];
    if (strpbrk(text, "\\@") == NULL && _stricmp(text, "LocalSystem") != 0)
    {
        prefix = _stricmp(text, shorts[0]) == 0 || _stricmp(text, shorts[1]) == 0 ? "NT AUTHORITY\\"
                                                                                  : ".\\";
    }
    int length = snprintf(full, sizeof full, "%s%s", prefix, text);
    return text[0] != '\0' && length < (int)sizeof full &&
                   rm_wide_from_utf8(full, account, CTL_PATH_SIZE)
               ? CTL_FINE
               : ctl_misuse(ctl, "Option '--account' needs a user's name.");
}

static enum ctl_exit take_password(struct ctl *ctl, const wchar_t *account,
                                   wchar_t password[PASSWORD_SIZE])
{
    if (ctl_has(ctl, "--password-stdin"))
    {
        return password_read(ctl, password);
    }
    return rm_manager_has_no_password(account)
               ? CTL_FINE
               : password_ask(ctl, ctl_value(ctl, "--account"), password);
}

/* The service works without it. */
static void make_group(struct ctl *ctl)
{
    enum rm_operators_group done;
    DWORD error = rm_operators_group_make(&done);
    if (error != ERROR_SUCCESS)
    {
        ctl_note(ctl,
                 "The group 'RedundancyMaster Operators' could not be made (Windows error %lu): "
                 "only administrators can command.",
                 error);
    }
    else if (done == RM_OPERATORS_NO_SUCH)
    {
        ctl_note(ctl, "This system keeps no local groups: only administrators can command.");
    }
    else if (done == RM_OPERATORS_DONE)
    {
        ctl_note(ctl,
                 "Made the group 'RedundancyMaster Operators': its members can switch machines "
                 "without being administrators.");
    }
}

enum ctl_exit service_install(struct ctl *ctl, struct rm_manager *manager)
{
    wchar_t program[MAX_PATH], config[MAX_PATH], data[MAX_PATH], account[CTL_PATH_SIZE];
    wchar_t password[PASSWORD_SIZE] = L"";
    struct rm_manager_wish wish = {.program = program};
    enum ctl_exit status = take_start(ctl, &wish.start);
    if (status == CTL_FINE && ctl_has(ctl, "--data"))
    {
        wish.data_path = data;
        status = take_path(ctl, "--data", ctl_value(ctl, "--data"), data);
    }
    if (status == CTL_FINE && ctl->is_config_given)
    {
        wish.config_path = config;
        status = take_path(ctl, "--config", ctl->config_path, config);
    }
    if (status == CTL_FINE)
    {
        status = take_program(ctl, program);
    }
    if (status == CTL_FINE && ctl_has(ctl, "--account"))
    {
        wish.account = account;
        status = take_account(ctl, account);
    }
    else if (status == CTL_FINE && ctl_has(ctl, "--password-stdin"))
    {
        status = ctl_misuse(ctl, "'--password-stdin' goes with '--account'.");
    }
    if (status == CTL_FINE && wish.account != NULL)
    {
        status = take_password(ctl, account, password);
        wish.password = password[0] != L'\0' ? password : NULL;
    }
    if (status == CTL_FINE)
    {
        status =
            rm_manager_install(manager, &wish) ? CTL_FINE : ctl_fail(ctl, "%s", manager->error);
    }
    if (status == CTL_FINE)
    {
        make_group(ctl);
    }
    password_wipe(password);
    return status;
}
