/* rmctl set */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "set_machines.h"

static const struct ctl_option set_options[] = {
    {"--add-machine",     "HOST[/PROGID]",   "adds a machine behind the others"                 },
    {"--remove-machine",  "N",               "removes machine N; those behind it move up by one"},
    {"--replace-machine", "N=HOST[/PROGID]", "puts another machine in the place of machine N"   },
    {"--order",           "N,N,...",
     "all machines by their numbers in a new order; the first becomes the primary"              },
    {"--windows-service", "N=NAME",
     "the Windows service that our service starts on machine N before it is connected, by "
     "the name that 'sc query' shows; 'N=' for none"                                            },
};

static enum ctl_exit set_one(struct ctl *ctl, struct rm_server_config *server, const char *text)
{
    char name[64];
    const char *equals = strchr(text, '=');
    size_t length = equals != NULL ? (size_t)(equals - text) : 0;
    if (equals == NULL || length == 0 || length >= sizeof name)
    {
        return ctl_misuse(ctl, "'%s' is not of the form SETTING=VALUE.", text);
    }
    memcpy(name, text, length);
    name[length] = '\0';
    const struct rm_setting *setting = rm_setting_find(name);
    struct rm_config_error error = {RM_OK, 0, ""};
    if (setting == NULL)
    {
        return ctl_misuse(ctl, "There is no setting '%s'.", name);
    }
    return rm_setting_parse(setting, server, equals + 1, &error) == RM_OK
               ? CTL_FINE
               : ctl_misuse(ctl, "%s", error.message);
}

static enum ctl_exit change_server(struct ctl *ctl, struct rm_server_config *server)
{
    struct rm_config_error error = {RM_OK, 0, ""};
    enum ctl_exit status = CTL_FINE;
    for (size_t i = 1; i < ctl->plain_count && status == CTL_FINE; i++)
    {
        status = set_one(ctl, server, ctl->plain[i]);
    }
    if (status == CTL_FINE)
    {
        status = set_machines(ctl, server);
    }
    if (status == CTL_FINE && rm_server_check(server, &error) != RM_OK)
    {
        status = ctl_refused(ctl, &error);
    }
    return status;
}

static enum ctl_exit run_set(struct ctl *ctl)
{
    const char *progid = ctl->plain[0];
    struct rm_config config;
    struct rm_server_config *server = NULL;
    if (ctl->plain_count == 1 && ctl->given_count == 0)
    {
        return ctl_misuse(ctl, "There is nothing to set: give SETTING=VALUE, --add-machine,"
                               " --remove-machine, --replace-machine, --order or"
                               " --windows-service.");
    }
    enum ctl_exit status = ctl_load(ctl, &config);
    if (status == CTL_FINE)
    {
        server = ctl_find(ctl, &config, progid);
        status = server != NULL ? change_server(ctl, server) : CTL_FAILED;
    }
    if (status == CTL_FINE)
    {
        status = ctl_save(ctl, &config);
    }
    if (status == CTL_FINE)
    {
        ctl_note(ctl, "Changed '%s' in '%s'.", progid, ctl->config_path);
        ctl_warn_same_host(ctl, server);
        bool was_enabled;
        status = ctl_apply(ctl, server, &was_enabled);
        if (status == CTL_FINE && !was_enabled)
        {
            ctl_note(ctl, "It is not enabled on this computer, so no client is affected.");
        }
    }
    rm_config_clear(&config);
    return status;
}

const struct ctl_command ctl_command_set = {
    .name = "set",
    .arguments = "PROGID [SETTING=VALUE ...] [--add-machine HOST[/PROGID]] [--remove-machine N]\n"
                 "                 [--replace-machine N=HOST[/PROGID]] [--order N,N,...]\n"
                 "                 [--windows-service N=NAME]",
    .summary = "changes a redundant server's settings or machines",
    .details =
        "All changes of one call are made together or not at all. Machine numbers are those\n"
        "of 'rmctl show' before the call; machines are replaced first, then removed, then added.\n"
        "There are 2 to 15 of them. Running clients have all of it within a second. Where the\n"
        "active machine is removed, they go to another one that is fit; while there is none, they\n"
        "stay: 'rmctl status' says so, and it must not be switched off before.",
    .options = set_options,
    .option_count = sizeof set_options / sizeof *set_options,
    .plain_min = 1,
    .plain_max = CTL_PLAIN_MAX,
    .is_change = true,
    .run = run_set,
};
