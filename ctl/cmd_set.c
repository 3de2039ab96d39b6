/* rmctl set */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"

static const struct ctl_option set_options[] = {
    {"--add-machine",    "HOST[/PROGID]", "adds a machine behind the others"                 },
    {"--remove-machine", "N",             "removes machine N; those behind it move up by one"},
    {"--order",          "N,N,...",
     "all machines by their numbers in a new order; the first becomes the primary"           },
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

/* All numbers are those of the list as it was; so removing goes from the last to the first. */
static enum ctl_exit remove_machines(struct ctl *ctl, struct rm_server_config *server)
{
    bool is_removed[RM_MACHINES_MAX + 1] = {false};
    for (size_t i = 0; i < ctl->given_count; i++)
    {
        unsigned number;
        if (strcmp(ctl->given[i].name, "--remove-machine") == 0)
        {
            enum ctl_exit status = ctl_number(ctl, "--remove-machine", ctl->given[i].value, 1,
                                              (unsigned)server->machine_count, &number);
            if (status != CTL_FINE)
            {
                return status;
            }
            is_removed[number] = true;
        }
    }
    for (unsigned number = RM_MACHINES_MAX; number >= 1; number--)
    {
        if (is_removed[number])
        {
            rm_server_remove_machine(server, number);
        }
    }
    return CTL_FINE;
}

/* "3,1,2": each number from 1 to `count` once. */
static bool parse_order(const char *text, size_t count, size_t order[RM_MACHINES_MAX])
{
    bool is_used[RM_MACHINES_MAX + 1] = {false};
    for (size_t place = 0; place < count; place++)
    {
        char *end;
        unsigned long number = *text >= '0' && *text <= '9' ? strtoul(text, &end, 10) : 0;
        if (number < 1 || number > count || is_used[number] ||
            *end != (place + 1 < count ? ',' : '\0'))
        {
            return false;
        }
        is_used[number] = true;
        order[place] = number - 1;
        text = end + 1;
    }
    return true;
}

static enum ctl_exit order_machines(struct ctl *ctl, struct rm_server_config *server)
{
    const char *text = ctl_value(ctl, "--order");
    size_t order[RM_MACHINES_MAX];
    struct rm_machine_config machines[RM_MACHINES_MAX];
    if (text == NULL)
    {
        return CTL_FINE;
    }
    if (ctl_has(ctl, "--add-machine") || ctl_has(ctl, "--remove-machine"))
    {
        return ctl_misuse(ctl, "Give --order in a call of its own: adding and removing machines"
                               " changes their numbers.");
    }
    if (!parse_order(text, server->machine_count, order))
    {
        return ctl_misuse(ctl,
                          "'--order' must have each number from 1 to %u once, with commas in"
                          " between, not '%s'.",
                          (unsigned)server->machine_count, text);
    }
    for (size_t place = 0; place < server->machine_count; place++)
    {
        machines[place] = server->machines[order[place]];
    }
    memcpy(server->machines, machines, server->machine_count * sizeof *machines);
    return CTL_FINE;
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
        status = order_machines(ctl, server);
    }
    if (status == CTL_FINE)
    {
        status = remove_machines(ctl, server);
    }
    for (size_t i = 0; i < ctl->given_count && status == CTL_FINE; i++)
    {
        if (strcmp(ctl->given[i].name, "--add-machine") == 0)
        {
            status = ctl_add_machine(ctl, server, ctl->given[i].value);
        }
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
                               " --remove-machine or --order.");
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
                 "                 [--order N,N,...]",
    .summary = "changes a redundant server's settings or machines",
    .details =
        "All changes of one call are made together or not at all. Machine numbers are those\n"
        "of 'rmctl show' before the call; machines are removed first, then added. There are\n"
        "2 to 15 of them. Running clients have new settings within a second; another list of\n"
        "machines is for clients that are started later.",
    .options = set_options,
    .option_count = sizeof set_options / sizeof *set_options,
    .plain_min = 1,
    .plain_max = CTL_PLAIN_MAX,
    .is_change = true,
    .run = run_set,
};
