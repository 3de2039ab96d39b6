/* rmctl add, rmctl remove */
#include <string.h>

#include "ctl.h"

static const struct ctl_option add_options[] = {
    {"--machine", "HOST[/PROGID]",
     "a machine; at least two, the first is the primary (also HOST/{CLSID})"},
};

/* Takes --machine and the settings from the command line. */
static enum ctl_exit fill_server(struct ctl *ctl, struct rm_server_config *server)
{
    struct rm_config_error error = {RM_OK, 0, ""};
    enum ctl_exit status = CTL_FINE;
    for (size_t i = 0; i < ctl->given_count && status == CTL_FINE; i++)
    {
        const struct ctl_given *given = &ctl->given[i];
        if (strcmp(given->name, "--machine") == 0)
        {
            status = ctl_add_machine(ctl, server, given->value);
        }
        else if (rm_setting_parse(rm_setting_find(given->name + 2), server, given->value, &error) !=
                 RM_OK)
        {
            status = ctl_misuse(ctl, "%s", error.message);
        }
    }
    if (status == CTL_FINE && server->machine_count < RM_MACHINES_MIN)
    {
        return ctl_misuse(ctl,
                          "A redundant server needs at least %d machines: give --machine for"
                          " each, the primary first.",
                          RM_MACHINES_MIN);
    }
    if (status == CTL_FINE && rm_server_check(server, &error) != RM_OK)
    {
        status = ctl_refused(ctl, &error);
    }
    return status;
}

static enum ctl_exit run_add(struct ctl *ctl)
{
    const char *progid = ctl->plain[0];
    struct rm_config config;
    struct rm_server_config *server;
    struct rm_config_error error = {RM_OK, 0, ""};
    enum ctl_exit status = ctl_load(ctl, &config);
    if (status == CTL_FINE && rm_config_add(&config, progid, &server, &error) != RM_OK)
    {
        status = ctl_refused(ctl, &error);
    }
    if (status == CTL_FINE)
    {
        status = fill_server(ctl, server);
    }
    if (status == CTL_FINE)
    {
        status = ctl_save(ctl, &config);
    }
    if (status == CTL_FINE)
    {
        ctl_note(ctl, "Added '%s' with %u machines to '%s'.", progid,
                 (unsigned)server->machine_count, ctl->config_path);
        ctl_warn_same_host(ctl, server);
        bool was_enabled;
        status = ctl_apply(ctl, server, &was_enabled);
        if (status == CTL_FINE && !was_enabled)
        {
            ctl_note(ctl, "Not enabled yet: run 'rmctl enable %s' as administrator.", progid);
        }
    }
    rm_config_clear(&config);
    return status;
}

static enum ctl_exit run_remove(struct ctl *ctl)
{
    const char *progid = ctl->plain[0];
    struct rm_config config;
    struct rm_config_error error = {RM_OK, 0, ""};
    bool was_enabled = false;
    enum ctl_exit status = ctl_load(ctl, &config);
    if (status == CTL_FINE && ctl_find(ctl, &config, progid) == NULL)
    {
        status = CTL_FAILED;
    }
    if (status == CTL_FINE)
    {
        struct rm_hooks hooks = ctl_hooks(ctl);
        if (rm_hooks_disable(&hooks, progid, &was_enabled, &error) != RM_OK)
        {
            status = ctl_fail(ctl,
                              "'%s' is enabled and could not be disabled, so it was not"
                              " removed. %s",
                              progid, error.message);
        }
    }
    if (status == CTL_FINE)
    {
        rm_config_remove(&config, progid);
        status = ctl_save(ctl, &config);
        if (status != CTL_FINE && was_enabled)
        {
            ctl_note(ctl, "'%s' has been disabled, but is still in the settings.", progid);
        }
    }
    if (status == CTL_FINE)
    {
        ctl_note(ctl, "%s '%s' from '%s'.", was_enabled ? "Disabled and removed" : "Removed",
                 progid, ctl->config_path);
        if (was_enabled)
        {
            ctl_note(ctl,
                     "Restart running clients of '%s': until then they keep the redundant"
                     " connection that they have.",
                     progid);
        }
    }
    rm_config_clear(&config);
    return status;
}

const struct ctl_command ctl_command_add = {
    .name = "add",
    .arguments = "PROGID --machine HOST[/PROGID] --machine HOST[/PROGID] [--SETTING VALUE ...]",
    .summary = "adds a redundant server to the settings",
    .details = "PROGID is what the OPC clients ask for. A machine is a host name, an address or\n"
               "'localhost'; where the server has another ProgID there, it follows behind a slash.",
    .options = add_options,
    .option_count = sizeof add_options / sizeof *add_options,
    .plain_min = 1,
    .plain_max = 1,
    .takes_settings = true,
    .is_change = true,
    .run = run_add,
};

const struct ctl_command ctl_command_remove = {
    .name = "remove",
    .arguments = "PROGID",
    .summary = "disables a redundant server and takes it out of the settings",
    .details = "",
    .plain_min = 1,
    .plain_max = 1,
    .is_change = true,
    .run = run_remove,
};
