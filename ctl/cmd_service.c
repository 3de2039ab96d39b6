/* rmctl service: the service of RedundancyMaster, as Windows' service manager has it. */
#include <windows.h>
#include <stdio.h>
#include <string.h>

#include <hooks/wide.h>
#include <manager/manager.h>

#include "ctl.h"
#include "output.h"
#include "password.h"

#define TEXT_SIZE (RM_IMAGE_PATH_SIZE * 3)

static const struct ctl_option service_options[] = {
    {"--start",          "auto | delayed | manual", "install: with Windows, two minutes later, or by hand"    },
    {"--account",        "USER",                    "install: the account it runs under; default: LocalSystem"},
    {"--password-stdin", NULL,                      "install: the account's password comes by standard input" },
    {"--data",           "FOLDER",                  "install: where it keeps its logs"                        },
    {"--instance",       "NAME",                    "beside another one on this computer"                     },
};

static const char *const install_only[] = {"--start", "--account", "--password-stdin", "--data"};

static void tell(void *context, const char *text)
{
    ctl_note(context, "%s", text);
}

static void tell_waiting(void *context, const char *text)
{
    (void)context;
    output_error("%s", text);
}

static enum ctl_exit exit_of(struct ctl *ctl, const struct rm_manager *manager, bool is_done)
{
    return is_done ? CTL_FINE : ctl_fail(ctl, "%s", manager->error);
}

static enum ctl_exit run_remove(struct ctl *ctl, struct rm_manager *manager)
{
    return exit_of(ctl, manager, rm_manager_remove(manager));
}

static enum ctl_exit run_start(struct ctl *ctl, struct rm_manager *manager)
{
    return exit_of(ctl, manager, rm_manager_start(manager));
}

static enum ctl_exit run_stop(struct ctl *ctl, struct rm_manager *manager)
{
    return exit_of(ctl, manager, rm_manager_stop(manager));
}

/* ---- install -----------------------------------------------------------------------------------
 */

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

static enum ctl_exit run_install(struct ctl *ctl, struct rm_manager *manager)
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
        status = exit_of(ctl, manager, rm_manager_install(manager, &wish));
    }
    password_wipe(password);
    return status;
}

/* ---- status ------------------------------------------------------------------------------------
 */

static void put_recovery(struct rm_json *json, const struct rm_manager_recovery *recovery)
{
    rm_json_begin_object(json, "recovery");
    rm_json_begin_array(json, "restartAfterMs");
    for (unsigned i = 0; recovery->is_restart && i < RM_MANAGER_RESTARTS; i++)
    {
        rm_json_number(json, NULL, recovery->restart_after_ms[i]);
    }
    rm_json_end_array(json);
    rm_json_number(json, "resetAfterSeconds", recovery->reset_after_s);
    rm_json_bool(json, "onError", recovery->is_on_error);
    rm_json_end_object(json);
}

static void print_status_json(const char *name, const struct rm_manager_info *info)
{
    struct rm_json json = {.put = ctl_put_json};
    char text[TEXT_SIZE];
    rm_json_begin_object(&json, NULL);
    rm_json_bool(&json, "ok", true);
    rm_json_text(&json, "service", name);
    rm_json_bool(&json, "installed", info->is_installed);
    if (info->is_installed)
    {
        rm_json_text(&json, "state", rm_manager_state_name(info->state));
        rm_json_number(&json, "processId", info->process_id);
        rm_json_number(&json, "exitCode", info->exit_code);
        rm_json_text(&json, "start", rm_manager_start_name(info->start));
        rm_utf8_from_wide(info->account, text, sizeof text);
        rm_json_text(&json, "account", text);
        rm_utf8_from_wide(info->image_path, text, sizeof text);
        rm_json_text(&json, "imagePath", text);
        rm_json_bool(&json, "ours", info->is_ours);
    }
    if (info->recovery.is_known)
    {
        put_recovery(&json, &info->recovery);
    }
    rm_json_bool(&json, "eventSource", info->has_event_source);
    rm_json_end_object(&json);
}

static void print_recovery(const struct rm_manager_recovery *recovery)
{
    if (!recovery->is_restart)
    {
        output_print("  recovery  %s\n", recovery->is_known
                                             ? "not ours: 'rmctl service install' sets it"
                                             : "not told by this system");
        return;
    }
    output_print(
        "  recovery  starts again after %lu s, %lu s, then every %lu s%s; counts anew after "
        "%lu h\n",
        recovery->restart_after_ms[0] / 1000, recovery->restart_after_ms[1] / 1000,
        recovery->restart_after_ms[2] / 1000,
        recovery->is_on_error ? ", also after an error" : ", not after an error",
        recovery->reset_after_s / 3600);
}

static void print_status(const char *name, const struct rm_manager_info *info)
{
    char account[TEXT_SIZE], image[TEXT_SIZE];
    if (!info->is_installed)
    {
        output_print("%s: not installed. 'rmctl service install' installs it.\n", name);
        return;
    }
    rm_utf8_from_wide(info->account, account, sizeof account);
    rm_utf8_from_wide(info->image_path, image, sizeof image);
    output_print("%s: %s", name, rm_manager_state_name(info->state));
    if (info->process_id != 0)
    {
        output_print(", process %lu", info->process_id);
    }
    else if (info->exit_code != 0 && info->exit_code != ERROR_SERVICE_NEVER_STARTED)
    {
        output_print(", ended with Windows error %lu", info->exit_code);
    }
    output_print("\n  start     %s\n  account   %s\n  program   %s%s\n",
                 rm_manager_start_name(info->start), account, image,
                 info->is_ours ? "" : " (another product's: not ours to change)");
    print_recovery(&info->recovery);
    output_print("  event log %s\n", info->has_event_source ? "source registered"
                                                            : "no source: 'rmctl service install' "
                                                              "registers it");
}

static enum ctl_exit run_status(struct ctl *ctl, struct rm_manager *manager)
{
    struct rm_manager_info info;
    wchar_t wide[RM_INSTANCE_NAME_SIZE];
    char name[RM_INSTANCE_NAME_SIZE];
    if (!rm_manager_query(manager, &info))
    {
        return ctl_fail(ctl, "%s", manager->error);
    }
    rm_instance_service_name(manager->instance, wide);
    rm_utf8_from_wide(wide, name, sizeof name);
    if (ctl->is_json)
    {
        print_status_json(name, &info);
        ctl->has_printed_json = true;
    }
    else
    {
        print_status(name, &info);
    }
    return CTL_FINE;
}

/* ---- the command -------------------------------------------------------------------------------
 */

static const struct
{
    const char *name;
    enum ctl_exit (*run)(struct ctl *ctl, struct rm_manager *manager);
} verbs[] = {
    {"install", run_install},
    {"remove",  run_remove },
    {"start",   run_start  },
    {"stop",    run_stop   },
    {"status",  run_status },
};

static enum ctl_exit take_instance(struct ctl *ctl, wchar_t instance[RM_INSTANCE_MAX + 1])
{
    const char *text = ctl_value(ctl, "--instance");
    instance[0] = L'\0';
    if (text == NULL ||
        (rm_wide_from_utf8(text, instance, RM_INSTANCE_MAX + 1) && rm_instance_is_valid(instance)))
    {
        return CTL_FINE;
    }
    return ctl_misuse(ctl, "'%.64s' can't be the name of an instance: give " RM_INSTANCE_RULE ".",
                      text);
}

static enum ctl_exit run_service(struct ctl *ctl)
{
    wchar_t instance[RM_INSTANCE_MAX + 1];
    const char *verb = ctl->plain_count > 0 ? ctl->plain[0] : "";
    enum ctl_exit status = take_instance(ctl, instance);
    struct rm_manager manager = {
        .instance = instance, .tell = tell, .waiting = tell_waiting, .context = ctl};
    for (size_t i = 0; status == CTL_FINE && i < sizeof install_only / sizeof *install_only; i++)
    {
        if (strcmp(verb, "install") != 0 && ctl_has(ctl, install_only[i]))
        {
            status = ctl_misuse(ctl, "'%s' goes with 'install'.", install_only[i]);
        }
    }
    for (size_t i = 0; status == CTL_FINE && i < sizeof verbs / sizeof *verbs; i++)
    {
        if (strcmp(verb, verbs[i].name) == 0)
        {
            return verbs[i].run(ctl, &manager);
        }
    }
    return status == CTL_FINE
               ? ctl_misuse(ctl, "Give install, remove, start, stop or status, not '%s'.", verb)
               : status;
}

const struct ctl_command ctl_command_service = {
    .name = "service",
    .arguments = "install | remove | start | stop | status",
    .summary = "the service on this computer: installs, starts, shows it (administrator)",
    .details =
        "install  makes a service of rmservice.exe beside rmctl.exe, with --config as its\n"
        "         settings; on an installed one it changes what is named, and nothing else\n"
        "remove   stops it and takes out what install has written; settings and logs stay\n"
        "start    and stop: return when it is so, or say what hangs\n"
        "status   needs no administrator's rights\n\n"
        "An account's password is asked for, or comes by standard input; it is never part of\n"
        "the command line, where others could read it.",
    .options = service_options,
    .option_count = sizeof service_options / sizeof *service_options,
    .plain_max = 1,
    .prints_json = false,
    .run = run_service,
};
