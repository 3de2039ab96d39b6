#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "config_internal.h"

struct rm_server_config *rm_server_config_new(const char *progid)
{
    struct rm_server_config *server = calloc(1, sizeof *server);
    if (server == NULL)
    {
        return NULL;
    }
    for (size_t i = 0; i < rm_setting_count; i++)
    {
        const struct rm_setting *setting = &rm_setting_table[i];
        memcpy((char *)server + setting->offset, &setting->preset, sizeof setting->preset);
    }
    rm_monitor_config_init(&server->monitor);
    server->progid = rm_text_copy(progid);
    server->clsid = rm_text_copy("");
    if (server->progid == NULL || server->clsid == NULL)
    {
        rm_server_config_free(server);
        return NULL;
    }
    return server;
}

static void clear_machine(struct rm_machine_config *machine)
{
    free(machine->host);
    free(machine->progid);
    free(machine->clsid);
    free(machine->service);
    rm_unknown_xml_clear(&machine->unknown);
    memset(machine, 0, sizeof *machine);
}

static bool fill_machine(struct rm_machine_config *machine, const char *host, const char *progid,
                         const char *clsid, const char *service)
{
    memset(machine, 0, sizeof *machine);
    machine->host = rm_text_copy(host);
    machine->progid = rm_text_copy(progid);
    machine->clsid = rm_text_copy(clsid);
    machine->service = rm_text_copy(service);
    if (machine->host == NULL || machine->progid == NULL || machine->clsid == NULL ||
        machine->service == NULL)
    {
        clear_machine(machine);
        return false;
    }
    return true;
}

void rm_server_config_free(struct rm_server_config *server)
{
    if (server == NULL)
    {
        return;
    }
    for (size_t i = 0; i < server->machine_count; i++)
    {
        clear_machine(&server->machines[i]);
    }
    for (size_t i = 0; i < RM_SETTINGS; i++)
    {
        rm_unknown_xml_clear(&server->setting_unknown[i]);
    }
    rm_monitor_config_clear(&server->monitor);
    rm_unknown_xml_clear(&server->machines_unknown);
    rm_unknown_xml_clear(&server->unknown);
    free(server->progid);
    free(server->clsid);
    free(server);
}

/* The copy may be incomplete when this fails: it is then to be freed. */
static bool copy_into(struct rm_server_config *copy, const struct rm_server_config *server)
{
    for (size_t i = 0; i < rm_setting_count; i++)
    {
        size_t offset = rm_setting_table[i].offset;
        memcpy((char *)copy + offset, (const char *)server + offset, sizeof(uint32_t));
    }
    for (size_t i = 0; i < server->machine_count; i++)
    {
        const struct rm_machine_config *machine = &server->machines[i];
        if (!fill_machine(&copy->machines[i], machine->host, machine->progid, machine->clsid,
                          machine->service))
        {
            return false;
        }
        copy->machine_count = i + 1;
        if (!rm_unknown_xml_copy(&copy->machines[i].unknown, &machine->unknown))
        {
            return false;
        }
    }
    for (size_t i = 0; i < RM_SETTINGS; i++)
    {
        if (!rm_unknown_xml_copy(&copy->setting_unknown[i], &server->setting_unknown[i]))
        {
            return false;
        }
    }
    return rm_monitor_config_copy(&copy->monitor, &server->monitor) &&
           rm_unknown_xml_copy(&copy->machines_unknown, &server->machines_unknown) &&
           rm_unknown_xml_copy(&copy->unknown, &server->unknown);
}

struct rm_server_config *rm_server_config_copy(const struct rm_server_config *server)
{
    struct rm_server_config *copy = rm_server_config_new(server->progid);
    if (copy == NULL)
    {
        return NULL;
    }
    free(copy->clsid);
    copy->clsid = rm_text_copy(server->clsid);
    if (copy->clsid == NULL || !copy_into(copy, server))
    {
        rm_server_config_free(copy);
        return NULL;
    }
    return copy;
}

/* The ProgID is checked only where the machine has its own. */
static enum rm_status check_names(const char *host, const char *progid, const char *clsid,
                                  struct rm_config_error *error)
{
    const char *fault = rm_host_fault(host);
    if (fault != NULL)
    {
        return rm_config_refuse(error, RM_E_INVALID, 0, "The host '%.100s' of a machine %s.", host,
                                fault);
    }
    fault = *progid != '\0' ? rm_progid_fault(progid) : NULL;
    if (fault != NULL)
    {
        return rm_config_refuse(error, RM_E_INVALID, 0,
                                "The ProgID '%.100s' of machine '%.100s' %s.", progid, host, fault);
    }
    fault = *clsid != '\0' ? rm_clsid_fault(clsid) : NULL;
    if (fault != NULL)
    {
        return rm_config_refuse(error, RM_E_INVALID, 0,
                                "The class id '%.100s' of machine '%.100s' %s.", clsid, host,
                                fault);
    }
    return RM_OK;
}

enum rm_status rm_server_add_machine(struct rm_server_config *server, const char *host,
                                     const char *progid, const char *clsid,
                                     struct rm_config_error *error)
{
    const char *own_progid = progid != NULL ? progid : "";
    const char *own_clsid = clsid != NULL ? clsid : "";
    enum rm_status status = check_names(host, own_progid, own_clsid, error);
    if (status != RM_OK)
    {
        return status;
    }
    if (server->machine_count >= RM_MACHINES_MAX)
    {
        return rm_config_refuse(error, RM_E_TOO_LARGE, 0,
                                "Redundant server '%.100s' has %u machines already, more are not "
                                "possible: remove one first.",
                                server->progid, RM_MACHINES_MAX);
    }
    if (!fill_machine(&server->machines[server->machine_count], host, own_progid, own_clsid, ""))
    {
        return rm_config_no_memory(error);
    }
    server->machine_count++;
    return RM_OK;
}

enum rm_status rm_server_set_service(struct rm_server_config *server, unsigned number,
                                     const char *service, struct rm_config_error *error)
{
    if (number < 1 || number > server->machine_count)
    {
        return rm_config_refuse(error, RM_E_NOT_FOUND, 0,
                                "Redundant server '%.100s' has no machine %u.", server->progid,
                                number);
    }
    struct rm_machine_config *machine = &server->machines[number - 1];
    const char *fault = rm_service_fault(service);
    if (fault != NULL)
    {
        return rm_config_refuse(error, RM_E_INVALID, 0,
                                "The Windows service '%.100s' of machine '%.100s' %s.", service,
                                machine->host, fault);
    }
    char *copy = rm_text_copy(service);
    if (copy == NULL)
    {
        return rm_config_no_memory(error);
    }
    free(machine->service);
    machine->service = copy;
    return RM_OK;
}

enum rm_status rm_server_remove_machine(struct rm_server_config *server, unsigned number)
{
    if (number < 1 || number > server->machine_count)
    {
        return RM_E_NOT_FOUND;
    }
    struct rm_machine_config *machine = &server->machines[number - 1];
    clear_machine(machine);
    server->machine_count--;
    memmove(machine, machine + 1, (server->machine_count - (number - 1)) * sizeof *machine);
    memset(&server->machines[server->machine_count], 0, sizeof *machine);
    return RM_OK;
}

const char *rm_server_machine_progid(const struct rm_server_config *server, unsigned number)
{
    assert(number >= 1 && number <= server->machine_count);
    const char *own = server->machines[number - 1].progid;
    return *own != '\0' ? own : server->progid;
}
