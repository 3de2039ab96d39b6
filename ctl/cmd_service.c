/* rmctl service: the service of RedundancyMaster, as Windows' service manager has it. */
#include <windows.h>
#include <string.h>

#include <hooks/wide.h>
#include <manager/operators_group.h>

#include "ctl.h"
#include "output.h"
#include "service.h"

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

/* Its members are none of our business. */
static void remove_group(struct ctl *ctl)
{
    enum rm_operators_group done;
    DWORD error = rm_operators_group_remove(&done);
    if (error != ERROR_SUCCESS)
    {
        ctl_note(ctl, "The group 'RedundancyMaster Operators' is kept (Windows error %lu).", error);
    }
    else if (done == RM_OPERATORS_KEPT)
    {
        ctl_note(ctl, "The group 'RedundancyMaster Operators' has members, or a description of its "
                      "own, and is kept. If nobody needs it any more, delete it under 'Computer "
                      "Management'.");
    }
    else if (done == RM_OPERATORS_DONE)
    {
        ctl_note(ctl, "Removed the group 'RedundancyMaster Operators', which had no members.");
    }
}

static enum ctl_exit run_remove(struct ctl *ctl, struct rm_manager *manager)
{
    enum ctl_exit status = exit_of(ctl, manager, rm_manager_remove(manager));
    if (status == CTL_FINE)
    {
        remove_group(ctl);
    }
    return status;
}

static enum ctl_exit run_start(struct ctl *ctl, struct rm_manager *manager)
{
    return exit_of(ctl, manager, rm_manager_start(manager));
}

static enum ctl_exit run_stop(struct ctl *ctl, struct rm_manager *manager)
{
    return exit_of(ctl, manager, rm_manager_stop(manager));
}

static const struct
{
    const char *name;
    enum ctl_exit (*run)(struct ctl *ctl, struct rm_manager *manager);
} verbs[] = {
    {"install", service_install},
    {"remove",  run_remove     },
    {"start",   run_start      },
    {"stop",    run_stop       },
    {"status",  service_status },
};

static enum ctl_exit run_service(struct ctl *ctl)
{
    wchar_t instance[RM_INSTANCE_MAX + 1];
    const char *verb = ctl->plain_count > 0 ? ctl->plain[0] : "";
    enum ctl_exit status = service_take_instance(ctl, instance);
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
    if (status == CTL_FINE && verb[0] == '\0')
    {
        status = ctl_misuse(ctl, "Say what: install, remove, start, stop or status.");
    }
    else if (status == CTL_FINE)
    {
        status = ctl_misuse(ctl, "Give install, remove, start, stop or status, not '%s'.", verb);
    }
    return status;
}

const struct ctl_command ctl_command_service = {
    .name = "service",
    .arguments = "install | remove | start | stop | status",
    .summary = "the service on this computer: installs, starts, shows it (administrator)",
    .details =
        "install  makes a service of rmservice.exe beside rmctl.exe, with --config as its\n"
        "         settings; on an installed one it changes what is named, and nothing\n"
        "         else; and the local group 'RedundancyMaster Operators', for users who may\n"
        "         command without being administrators\n"
        "remove   stops it and takes out what install has written; settings and logs stay, and\n"
        "         that group, if it has members\n"
        "start    and stop: return when it is so, or say what hangs\n"
        "status   needs no administrator's rights\n\n"
        "An account's password is asked for, or comes by standard input; it is never part of\n"
        "the command line, where others could read it.",
    .options = service_options,
    .option_count = sizeof service_options / sizeof *service_options,
    .plain_max = 1,
    .run = run_service,
};
