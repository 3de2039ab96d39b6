#include <string.h>

#include <rm/monitor_config.h>

#include "config_internal.h"

bool rm_text_is_name(const char *text, size_t *count)
{
    *count = 0;
    while (*text != '\0')
    {
        size_t length = rm_text_character(text);
        if (length == 0)
        {
            return false;
        }
        text += length;
        (*count)++;
    }
    return true;
}

const char *rm_progid_fault(const char *progid)
{
    size_t count;
    if (*progid == '\0')
    {
        return "is empty: give the ProgID of an OPC server";
    }
    if (!rm_text_is_name(progid, &count))
    {
        return "holds a control character or is no valid UTF-8: type it again";
    }
    if (count > RM_PROGID_MAX)
    {
        return "is longer than 255 characters: shorten it";
    }
    if (strpbrk(progid, "<>&\\") != NULL)
    {
        return "must not contain < > & or \\: take these characters out";
    }
    if (progid[0] == ' ' || progid[strlen(progid) - 1] == ' ')
    {
        return "must not begin or end with a blank: take it away";
    }
    return NULL;
}

const char *rm_host_fault(const char *host)
{
    size_t count;
    if (*host == '\0')
    {
        return "is empty: give a host name, an address or localhost";
    }
    if (!rm_text_is_name(host, &count))
    {
        return "holds a control character or is no valid UTF-8: type it again";
    }
    if (count > RM_HOST_MAX)
    {
        return "is longer than 255 characters: shorten it";
    }
    if (strpbrk(host, " <>&\"'/\\") != NULL)
    {
        return "must be a plain name or address: no blanks, quotes, slashes, < > or &";
    }
    return NULL;
}

const char *rm_clsid_fault(const char *clsid)
{
    static const char pattern[] = "{hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh}";
    static const char fault[] =
        "must have the form {xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx} with hexadecimal digits";

    _Static_assert(sizeof pattern == RM_CLSID_TEXT_SIZE, "a class id as text");
    if (strlen(clsid) != sizeof pattern - 1)
    {
        return fault;
    }
    for (size_t i = 0; pattern[i] != '\0'; i++)
    {
        bool fits = pattern[i] == 'h' ? strchr("0123456789abcdefABCDEF", clsid[i]) != NULL
                                      : clsid[i] == pattern[i];
        if (!fits)
        {
            return fault;
        }
    }
    return NULL;
}

const char *rm_service_fault(const char *service)
{
    size_t count;
    if (!rm_text_is_name(service, &count))
    {
        return "holds a control character or is no valid UTF-8: type it again";
    }
    if (count > RM_SERVICE_MAX)
    {
        return "is longer than 256 characters: no Windows service has such a name";
    }
    if (strpbrk(service, "/\\") != NULL)
    {
        return "must be the service's own name, without slashes: 'sc query' shows it";
    }
    return NULL;
}

static enum rm_status check_settings(const struct rm_server_config *server,
                                     struct rm_config_error *error)
{
    for (size_t i = 0; i < rm_setting_count; i++)
    {
        const struct rm_setting *setting = &rm_setting_table[i];
        uint32_t value;
        memcpy(&value, (const char *)server + setting->offset, sizeof value);
        if (value < setting->minimum || value > setting->maximum)
        {
            return rm_config_refuse(error, RM_E_INVALID, 0,
                                    "Redundant server '%.100s': %s is %u, it must be from %u to "
                                    "%u.",
                                    server->progid, setting->name, (unsigned)value,
                                    (unsigned)setting->minimum, (unsigned)setting->maximum);
        }
    }
    return RM_OK;
}

static enum rm_status check_machine(const struct rm_server_config *server, unsigned number,
                                    struct rm_config_error *error)
{
    const struct rm_machine_config *machine = &server->machines[number - 1];
    const char *what = "host";
    const char *text = machine->host;
    const char *fault = rm_host_fault(text);
    if (fault == NULL && *machine->progid != '\0')
    {
        what = "ProgID";
        text = machine->progid;
        fault = rm_progid_fault(text);
    }
    if (fault == NULL && *machine->clsid != '\0')
    {
        what = "class id";
        text = machine->clsid;
        fault = rm_clsid_fault(text);
    }
    if (fault == NULL)
    {
        what = "Windows service";
        text = machine->service;
        fault = rm_service_fault(text);
    }
    if (fault != NULL)
    {
        return rm_config_refuse(error, RM_E_INVALID, 0,
                                "Redundant server '%.100s': the %s '%.100s' of machine %u %s.",
                                server->progid, what, text, number, fault);
    }
    for (unsigned other = 1; other < number; other++)
    {
        if (rm_text_same(server->machines[other - 1].host, machine->host) &&
            rm_text_same(rm_server_machine_progid(server, other),
                         rm_server_machine_progid(server, number)))
        {
            return rm_config_refuse(error, RM_E_INVALID, 0,
                                    "Redundant server '%.100s': machines %u and %u are the same, "
                                    "'%.100s' with ProgID '%.100s'. Give one of them another host "
                                    "or ProgID.",
                                    server->progid, other, number, machine->host,
                                    rm_server_machine_progid(server, number));
        }
    }
    return RM_OK;
}

enum rm_status rm_server_check(const struct rm_server_config *server, struct rm_config_error *error)
{
    const char *fault = rm_progid_fault(server->progid);
    if (fault != NULL)
    {
        return rm_config_refuse(error, RM_E_INVALID, 0,
                                "The ProgID '%.100s' of the redundant server %s.", server->progid,
                                fault);
    }
    fault = *server->clsid != '\0' ? rm_clsid_fault(server->clsid) : NULL;
    if (fault != NULL)
    {
        return rm_config_refuse(error, RM_E_INVALID, 0,
                                "Redundant server '%.100s': the class id '%.100s' %s.",
                                server->progid, server->clsid, fault);
    }
    if (server->machine_count < RM_MACHINES_MIN || server->machine_count > RM_MACHINES_MAX)
    {
        return rm_config_refuse(error, RM_E_INVALID, 0,
                                "Redundant server '%.100s' has %u machine%s, but needs %u to %u: "
                                "add or remove machines.",
                                server->progid, (unsigned)server->machine_count,
                                server->machine_count == 1 ? "" : "s", RM_MACHINES_MIN,
                                RM_MACHINES_MAX);
    }
    enum rm_status status = check_settings(server, error);
    if (status == RM_OK && server->preferred_machine > server->machine_count)
    {
        return rm_config_refuse(error, RM_E_INVALID, 0,
                                "Redundant server '%.100s': preferredMachine is %u, but there are "
                                "only %u machines: give one of their numbers, or 0 for none.",
                                server->progid, (unsigned)server->preferred_machine,
                                (unsigned)server->machine_count);
    }
    for (unsigned number = 1; status == RM_OK && number <= server->machine_count; number++)
    {
        status = check_machine(server, number, error);
    }
    return status == RM_OK ? rm_monitor_check(server, error) : status;
}

enum rm_status rm_config_check(const struct rm_config *config, struct rm_config_error *error)
{
    for (size_t i = 0; i < config->server_count; i++)
    {
        enum rm_status status = rm_server_check(config->servers[i], error);
        if (status != RM_OK)
        {
            return status;
        }
        for (size_t other = 0; other < i; other++)
        {
            if (rm_text_same(config->servers[other]->progid, config->servers[i]->progid))
            {
                return rm_config_refuse(error, RM_E_INVALID, 0,
                                        "There are two redundant servers '%s': remove one or give "
                                        "it an alias as its ProgID.",
                                        config->servers[i]->progid);
            }
        }
    }
    return config->server_count <= RM_SERVERS_MAX
               ? RM_OK
               : rm_config_refuse(error, RM_E_TOO_LARGE, 0,
                                  "There are %u redundant servers, but at most %u are possible.",
                                  (unsigned)config->server_count, RM_SERVERS_MAX);
}
