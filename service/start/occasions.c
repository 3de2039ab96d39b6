#include "start/occasions.h"

#include <hooks/orders_store.h>

static bool is_in_maintenance(const struct rm_server_config *server, unsigned machine)
{
    struct rm_orders orders;

    return rm_orders_load_of(server->progid, &orders) && (orders.maintenance >> (machine - 1) & 1);
}

static void ask(struct rm_starter *starter, const struct rm_server_config *server, unsigned machine)
{
    if (machine >= 1 && machine <= server->machine_count &&
        *server->machines[machine - 1].service && !is_in_maintenance(server, machine))
        rm_starter_ask(starter, server->progid, machine);
}

bool rm_start_has_services(const struct rm_server_config *server)
{
    for (size_t i = 0; i < server->machine_count; i++)
    {
        if (*server->machines[i].service)
            return true;
    }
    return false;
}

void rm_start_on_wanted(struct rm_starter *starter, const struct rm_server_config *server,
                        unsigned active)
{
    unsigned preferred = server->preferred_machine ? server->preferred_machine : 1;

    if (server->mode == RM_MODE_COLD)
    {
        ask(starter, server, active ? active : preferred);
        return;
    }
    for (unsigned number = 1; number <= server->machine_count; number++)
        ask(starter, server, number);
}

void rm_start_on_event(struct rm_starter *starter, const struct rm_server_config *server,
                       enum rm_event_id event, unsigned machine)
{
    bool is_loss = event == RM_EVENT_STATUS_LOST || event == RM_EVENT_SHUTDOWN_RECEIVED;

    if (event == RM_EVENT_CONNECT_FAILED || event == RM_EVENT_STANDBY_REFUSED)
        ask(starter, server, machine);
    else if (is_loss && server->mode == RM_MODE_COLD)
        ask(starter, server, machine < server->machine_count ? machine + 1 : 1);
}
