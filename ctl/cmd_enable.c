/* rmctl enable, rmctl disable */
#include <string.h>

#include "ctl.h"

static const struct ctl_option all_options[] = {
    {"--all", NULL, "all redundant servers instead of one"},
};

static enum ctl_exit enable_one(struct ctl *ctl, const struct rm_server_config *server)
{
    struct rm_hooks hooks = ctl_hooks(ctl);
    struct rm_config_error error = {RM_OK, 0, ""};
    bool was_enabled;
    if (rm_hooks_enable(&hooks, server, &was_enabled, &error) != RM_OK)
    {
        return ctl_fail(ctl, "'%s' was not enabled. %s", server->progid, error.message);
    }
    struct rm_hook_info info;
    rm_hooks_query(server->progid, &info);
    const char *served = info.is_served_64 && info.is_served_32 ? "64-bit and 32-bit"
                         : info.is_served_64                    ? "64-bit"
                                                                : "32-bit";
    if (was_enabled)
    {
        ctl_note(ctl, "'%s' was enabled already, for %s clients; its settings are up to date now.",
                 server->progid, served);
        return CTL_FINE;
    }
    ctl_note(ctl, "Enabled '%s' for %s clients.", server->progid, served);
    ctl_note(ctl, "Restart running clients of '%s': redundancy begins with their next start.",
             server->progid);
    ctl_note(ctl, "Clients that ask COM for a local server only (CLSCTX_LOCAL_SERVER) go on"
                  " connecting to the server on this computer directly, without redundancy.");
    return CTL_FINE;
}

static enum ctl_exit disable_one(struct ctl *ctl, const char *name)
{
    struct rm_hooks hooks = ctl_hooks(ctl);
    struct rm_config_error error = {RM_OK, 0, ""};
    bool was_enabled;
    if (rm_hooks_disable(&hooks, name, &was_enabled, &error) != RM_OK)
    {
        return ctl_fail(ctl, "'%s' was not disabled. %s", name, error.message);
    }
    if (!was_enabled)
    {
        ctl_note(ctl, "'%s' is not enabled on this computer: nothing was changed.", name);
        return CTL_FINE;
    }
    ctl_note(ctl, "Disabled '%s': the registry is as it was before; the settings are kept.", name);
    ctl_note(ctl,
             "Restart running clients of '%s': until then they keep the redundant connection"
             " that they have.",
             name);
    return CTL_FINE;
}

static bool has_one_choice(struct ctl *ctl)
{
    return ctl_has(ctl, "--all") != (ctl->plain_count == 1);
}

static enum ctl_exit run_enable(struct ctl *ctl)
{
    struct rm_config config;
    if (!has_one_choice(ctl))
    {
        return ctl_misuse(ctl, "Give either a ProgID or --all.");
    }
    enum ctl_exit status = ctl_load(ctl, &config);
    if (status == CTL_FINE && ctl_has(ctl, "--all"))
    {
        for (size_t i = 0; i < config.server_count; i++)
        {
            enum ctl_exit one = enable_one(ctl, config.servers[i]);
            status = one != CTL_FINE ? one : status;
        }
        if (config.server_count == 0)
        {
            ctl_note(ctl, "There is no redundant server in '%s'.", ctl->config_path);
        }
    }
    else if (status == CTL_FINE)
    {
        const struct rm_server_config *server = ctl_find(ctl, &config, ctl->plain[0]);
        status = server != NULL ? enable_one(ctl, server) : CTL_FAILED;
    }
    rm_config_clear(&config);
    return status;
}

static enum ctl_exit run_disable(struct ctl *ctl)
{
    if (!has_one_choice(ctl))
    {
        return ctl_misuse(ctl, "Give either a ProgID or --all.");
    }
    if (!ctl_has(ctl, "--all"))
    {
        return disable_one(ctl, ctl->plain[0]);
    }
    enum ctl_exit status = CTL_FINE;
    struct rm_hook_info info;
    bool is_any = false;
    /* One that can't be disabled stays in the list and is passed by. */
    for (unsigned index = 0; rm_hooks_enumerate(index, &info);)
    {
        is_any = true;
        if (disable_one(ctl, info.clsid) != CTL_FINE)
        {
            status = CTL_FAILED;
            index++;
        }
    }
    if (!is_any)
    {
        ctl_note(ctl, "No redundant server is enabled on this computer.");
    }
    return status;
}

const struct ctl_command ctl_command_enable = {
    .name = "enable",
    .arguments = "PROGID | --all",
    .summary = "switches redundancy on for this computer's clients (administrator)",
    .details =
        "Writes our DLL beside the server's own entry in the registry, after recording what\n"
        "was there. On a server that is enabled already it repairs what another program has\n"
        "changed, and gives settings that were edited in the file to the clients.",
    .options = all_options,
    .option_count = sizeof all_options / sizeof *all_options,
    .plain_max = 1,
    .is_change = true,
    .run = run_enable,
};

const struct ctl_command ctl_command_disable = {
    .name = "disable",
    .arguments = "PROGID | --all",
    .summary = "switches redundancy off; the settings are kept (administrator)",
    .details =
        "Puts back exactly what was in the registry before. Works without the settings file.",
    .options = all_options,
    .option_count = sizeof all_options / sizeof *all_options,
    .plain_max = 1,
    .is_change = true,
    .run = run_disable,
};
