/* rmctl list, rmctl show */
#include <stdio.h>
#include <string.h>

#include <rm/event.h>

#include "ctl.h"
#include "output.h"

static void machine_text(const struct rm_server_config *server, unsigned number, char *text,
                         size_t size)
{
    const struct rm_machine_config *machine = &server->machines[number - 1];
    const char *own = machine->progid[0] != '\0' ? machine->progid : machine->clsid;
    snprintf(text, size, "%s%s%s", machine->host, own[0] != '\0' ? "/" : "", own);
}

static void machines_json(struct rm_json *json, const struct rm_server_config *server)
{
    rm_json_begin_array(json, "machines");
    for (unsigned number = 1; number <= server->machine_count; number++)
    {
        rm_json_begin_object(json, NULL);
        rm_json_number(json, "number", number);
        rm_json_text(json, "host", server->machines[number - 1].host);
        rm_json_text(json, "progid", rm_server_machine_progid(server, number));
        rm_json_text(json, "clsid", server->machines[number - 1].clsid);
        rm_json_text(json, "windowsService", server->machines[number - 1].service);
        rm_json_end_object(json);
    }
    rm_json_end_array(json);
}

static void hook_json(struct rm_json *json, const struct rm_server_config *server)
{
    struct rm_hook_info info;
    rm_hooks_query(server->progid, &info);
    rm_json_text(json, "progid", server->progid);
    rm_json_text(json, "clsid", info.clsid);
    rm_json_text(json, "enabled", rm_hook_state_name(info.state));
    rm_json_bool(json, "serves64", info.is_served_64);
    rm_json_bool(json, "serves32", info.is_served_32);
    rm_json_bool(json, "outdated", info.state != RM_HOOK_OFF && rm_hooks_is_outdated(server));
}

/* What to do about an enabled server that isn't as it should be; "" if it is. */
static const char *advice(const struct rm_server_config *server, enum rm_hook_state state)
{
    if (state == RM_HOOK_DAMAGED)
    {
        return "another program has changed the hook in the registry, or enabling was interrupted:"
               " repair it with 'rmctl enable'";
    }
    if (state == RM_HOOK_ON && rm_hooks_is_outdated(server))
    {
        return "the file has been changed since: give the settings to the clients with 'rmctl"
               " enable'";
    }
    return "";
}

static void list_json(const struct ctl *ctl, const struct rm_config *config)
{
    struct rm_json json = {.put = ctl_put_json};
    struct rm_hook_info info;
    rm_json_begin_object(&json, NULL);
    rm_json_text(&json, "configuration", ctl->config_path);
    rm_json_begin_array(&json, "servers");
    for (size_t i = 0; i < config->server_count; i++)
    {
        rm_json_begin_object(&json, NULL);
        hook_json(&json, config->servers[i]);
        rm_json_text(&json, "mode", rm_mode_name(config->servers[i]->mode));
        machines_json(&json, config->servers[i]);
        rm_json_end_object(&json);
    }
    rm_json_end_array(&json);
    rm_json_begin_array(&json, "enabledWithoutSettings");
    for (unsigned index = 0; rm_hooks_enumerate(index, &info); index++)
    {
        if (rm_config_find(config, info.progid) == NULL)
        {
            rm_json_begin_object(&json, NULL);
            rm_json_text(&json, "progid", info.progid);
            rm_json_text(&json, "clsid", info.clsid);
            rm_json_end_object(&json);
        }
    }
    rm_json_end_array(&json);
    rm_json_end_object(&json);
}

static void list_text(const struct ctl *ctl, const struct rm_config *config)
{
    int width = 6;
    for (size_t i = 0; i < config->server_count; i++)
    {
        int length = (int)strlen(config->servers[i]->progid);
        width = length > width ? length : width;
    }
    if (config->server_count == 0)
    {
        output_print("There is no redundant server in '%s'.\n"
                     "Add one: rmctl add PROGID --machine HOST1 --machine HOST2\n",
                     ctl->config_path);
    }
    else
    {
        output_print("%-*s  %-7s  %-4s  %s\n", width, "PROGID", "ENABLED", "MODE", "MACHINES");
    }
    for (size_t i = 0; i < config->server_count; i++)
    {
        const struct rm_server_config *server = config->servers[i];
        struct rm_hook_info info;
        rm_hooks_query(server->progid, &info);
        output_print("%-*s  %-7s  %-4s ", width, server->progid, rm_hook_state_name(info.state),
                     rm_mode_name(server->mode));
        for (unsigned number = 1; number <= server->machine_count; number++)
        {
            char machine[1024];
            machine_text(server, number, machine, sizeof machine);
            output_print(" %u:%s", number, machine);
        }
        output_print("\n");
        const char *hint = advice(server, info.state);
        if (hint[0] != '\0')
        {
            output_print("%*s  ! %s %s\n", width, "", hint, server->progid);
        }
    }
    struct rm_hook_info info;
    for (unsigned index = 0; rm_hooks_enumerate(index, &info); index++)
    {
        if (rm_config_find(config, info.progid) == NULL)
        {
            output_print("! '%s' %s is enabled on this computer, but is not in this file. To switch"
                         " it off: rmctl disable %s\n",
                         info.progid, info.clsid, info.progid);
        }
    }
}

static enum ctl_exit run_list(struct ctl *ctl)
{
    struct rm_config config;
    enum ctl_exit status = ctl_load(ctl, &config);
    if (status == CTL_FINE && ctl->is_json)
    {
        list_json(ctl, &config);
    }
    else if (status == CTL_FINE)
    {
        list_text(ctl, &config);
    }
    rm_config_clear(&config);
    return status;
}

static void show_json(const struct rm_server_config *server)
{
    struct rm_json json = {.put = ctl_put_json};
    rm_json_begin_object(&json, NULL);
    hook_json(&json, server);
    machines_json(&json, server);
    rm_json_begin_object(&json, "settings");
    for (size_t i = 0; i < rm_setting_count; i++)
    {
        char value[32];
        const struct rm_setting *setting = &rm_setting_table[i];
        rm_setting_format(setting, server, value, sizeof value);
        if (setting->kind == RM_SETTING_NUMBER)
        {
            uint32_t number;
            memcpy(&number, (const char *)server + setting->offset, sizeof number);
            rm_json_number(&json, setting->name, number);
        }
        else
        {
            rm_json_text(&json, setting->name, value);
        }
    }
    rm_json_end_object(&json);
    rm_json_end_object(&json);
}

static void show_text(const struct rm_server_config *server)
{
    struct rm_hook_info info;
    rm_hooks_query(server->progid, &info);
    output_print("%s\n  enabled            %s%s%s%s\n", server->progid,
                 rm_hook_state_name(info.state), info.is_served_64 ? ", 64-bit clients" : "",
                 info.is_served_32 ? ", 32-bit clients" : "",
                 info.state == RM_HOOK_OFF ? ": switch it on with 'rmctl enable'" : "");
    const char *hint = advice(server, info.state);
    if (hint[0] != '\0')
    {
        output_print("  !                  %s %s\n", hint, server->progid);
    }
    output_print("  class id           %s\n",
                 info.clsid[0] != '\0' ? info.clsid : "not registered on this computer");
    for (unsigned number = 1; number <= server->machine_count; number++)
    {
        char words[32];
        const struct rm_machine_config *machine = &server->machines[number - 1];
        rm_event_machine_words(number, words, sizeof words);
        output_print("  machine %-2u         %s  %s%s%s  (%s)\n", number, machine->host,
                     rm_server_machine_progid(server, number), machine->clsid[0] != '\0' ? " " : "",
                     machine->clsid, words);
        if (machine->service[0] != '\0')
        {
            output_print("                     its Windows service '%s' is started first\n",
                         machine->service);
        }
    }
    for (size_t i = 0; i < rm_setting_count; i++)
    {
        const struct rm_setting *setting = &rm_setting_table[i];
        char value[32];
        uint32_t number;
        rm_setting_format(setting, server, value, sizeof value);
        memcpy(&number, (const char *)server + setting->offset, sizeof number);
        bool is_one = setting->kind == RM_SETTING_NUMBER && number == 1;
        output_print("  %-17s  %s%s%s%s\n", setting->name, value,
                     setting->unit[0] != '\0' ? " " : "",
                     is_one && strcmp(setting->unit, "pings") == 0 ? "ping" : setting->unit,
                     number == setting->preset ? "  (default)" : "");
    }
}

static enum ctl_exit run_show(struct ctl *ctl)
{
    struct rm_config config;
    enum ctl_exit status = ctl_load(ctl, &config);
    const struct rm_server_config *server =
        status == CTL_FINE ? ctl_find(ctl, &config, ctl->plain[0]) : NULL;
    if (server == NULL)
    {
        status = CTL_FAILED;
    }
    else if (ctl->is_json)
    {
        show_json(server);
    }
    else
    {
        show_text(server);
    }
    rm_config_clear(&config);
    return status;
}

const struct ctl_command ctl_command_list = {
    .name = "list",
    .arguments = "",
    .summary = "lists the redundant servers and whether they are enabled here",
    .details = "",
    .prints_json = true,
    .run = run_list,
};

const struct ctl_command ctl_command_show = {
    .name = "show",
    .arguments = "PROGID",
    .summary = "shows all settings of one redundant server",
    .details = "",
    .plain_min = 1,
    .plain_max = 1,
    .prints_json = true,
    .run = run_show,
};
