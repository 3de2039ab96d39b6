#include "runtime/switches.h"

#include <windows.h>
#include <stdlib.h>
#include <string.h>

#include <hooks/orders_store.h>
#include <rm/failover.h>
#include <rm/text.h>

#define SERVERS_MAX RM_SERVERS_MAX /* who may write the section may write any ProgID */

/* NULL: no memory, or too many. */
static struct rm_switch *find_or_add(struct rm_switches *switches, const char *server)
{
    struct rm_switch **place = &switches->first;
    unsigned count = 0;

    while (*place && _stricmp((*place)->row.server, server) != 0)
    {
        place = &(*place)->next;
        count++;
    }
    if (!*place && count < SERVERS_MAX)
    {
        *place = calloc(1, sizeof **place);
        if (*place)
            rm_text_fit((*place)->row.server, sizeof(*place)->row.server, server);
    }
    return *place;
}

static void name_operator(struct rm_wire_server_row *row)
{
    struct rm_orders orders;
    const char *by;

    if (!rm_orders_load_of(row->server, &orders))
        return;
    by = rm_orders_by_whom(&orders, (enum rm_cause)row->cause, row->switched_at);
    if (by)
        rm_text_fit(row->by, sizeof row->by, by);
}

void rm_switches_take(struct rm_switches *switches, const struct rm_status_slot *slot)
{
    struct rm_switch *entry;

    if (!slot->process_id || !slot->active || slot->last_cause == RM_CAUSE_START ||
        slot->last_cause == RM_CAUSE_NONE)
        return;
    entry = find_or_add(switches, slot->server);
    if (!entry || slot->promoted_at <= entry->row.switched_at)
        return;
    entry->row.switched_at = slot->promoted_at;
    entry->row.switched_to = slot->active;
    entry->row.cause = slot->last_cause;
    entry->row.process_id = slot->process_id;
    rm_text_fit(entry->row.program, sizeof entry->row.program, slot->process_name);
    entry->row.by[0] = '\0';
    name_operator(&entry->row);
}

const struct rm_switch *rm_switches_find(const struct rm_switches *switches, const char *server)
{
    const struct rm_switch *entry = switches->first;

    while (entry && _stricmp(entry->row.server, server) != 0)
        entry = entry->next;
    return entry;
}

void rm_switches_clear(struct rm_switches *switches)
{
    while (switches->first)
    {
        struct rm_switch *entry = switches->first;

        switches->first = entry->next;
        free(entry);
    }
}
