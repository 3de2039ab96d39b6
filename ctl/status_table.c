#include <stdio.h>
#include <string.h>

#include <rm/event.h>
#include <rm/failover.h>

#include "output.h"
#include "status_report.h"
#include "status_switch.h"
#include "status_table.h"

#define SESSIONS_SHOWN 12
#define EVENTS_SHOWN   6
#define CELL_SIZE      (TABLE_WIDTH * 4 + 1)
#define TICKS_PER_S    10000000u
#define TIME_OF_DAY    11 /* where it begins in a text of output_time */

struct filler
{
    struct table *table;
    const struct status_moment *now, *before;
    const struct status_service *service;
};

static void add_headline(const struct filler *filler, const struct status_server *server)
{
    if (server->count == 0)
    {
        table_add(filler->table, server->hook.state == RM_HOOK_DAMAGED ? TABLE_BAD : TABLE_TITLE,
                  "%s: no client has it open; enabled: %s", server->progid,
                  rm_hook_state_name(server->hook.state));
        return;
    }
    const struct rm_status_slot *first = server->sessions;
    unsigned machines, up;
    status_count_machines(server, &machines, &up);
    char verdict[64];
    if (status_sessions_differ(server))
    {
        snprintf(verdict, sizeof verdict, "SESSIONS DIFFER");
    }
    else if (first->active == 0)
    {
        snprintf(verdict, sizeof verdict, "NO MACHINE IS ACTIVE (%s)",
                 rm_phase_name((enum rm_failover_phase)first->phase));
    }
    else
    {
        snprintf(verdict, sizeof verdict, "machine %u is ACTIVE", (unsigned)first->active);
    }
    bool is_damaged = server->hook.state == RM_HOOK_DAMAGED;
    bool is_bad = is_damaged || first->active == 0 || status_sessions_differ(server);
    table_add(filler->table, is_bad ? TABLE_BAD : TABLE_TITLE, "%s: %s; %s, %u of %u machines up%s",
              server->progid, verdict, rm_mode_name((enum rm_mode)first->mode), up, machines,
              is_damaged ? "; HOOK DAMAGED" : "");
}

/* "13 s", "5 min", "3 h", "2 days" */
static void describe_age(uint64_t since, char *text, size_t size)
{
    uint64_t now = rm_status_now();
    uint64_t seconds = now > since ? (now - since) / TICKS_PER_S : 0;
    if (seconds < 120)
    {
        snprintf(text, size, "%u s", (unsigned)seconds);
    }
    else if (seconds < 2 * 3600)
    {
        snprintf(text, size, "%u min", (unsigned)(seconds / 60));
    }
    else if (seconds < 2 * 86400)
    {
        snprintf(text, size, "%u h", (unsigned)(seconds / 3600));
    }
    else
    {
        snprintf(text, size, "%u days", (unsigned)(seconds / 86400));
    }
}

static void add_last_switch(const struct filler *filler, const struct status_server *server)
{
    struct status_switch last;
    char time[OUTPUT_TIME_SIZE], age[32], by[STATUS_BY_SIZE];
    if (!status_last_switch(server, &last))
    {
        return;
    }
    output_time(last.at, false, time);
    time[TIME_OF_DAY + 8] = '\0'; /* without the milliseconds */
    describe_age(last.at, age, sizeof age);
    if (last.cause == RM_CAUSE_START)
    {
        table_add(filler->table, TABLE_PLAIN, "  no switch since the start, %s, %s ago", time, age);
        return;
    }
    status_switch_by(&last, by);
    table_add(filler->table, TABLE_PLAIN, "  last switch %s, %s ago, to machine %u: %s (%s)%s",
              time, age, last.machine, rm_cause_name(last.cause), last.process, by);
}

/* What waits for an operator (CX-07). */
static void add_held_writes(const struct filler *filler, const struct status_server *server)
{
    unsigned held = 0;
    for (size_t i = 0; i < server->count; i++)
    {
        held += server->sessions[i].are_writes_held != 0 ? 1 : 0;
    }
    if (held > 0)
    {
        table_add(filler->table, TABLE_BAD, "  WRITES FAIL in %u of %u sessions: rmctl acknowledge",
                  held, (unsigned)server->count);
    }
}

static const struct rm_status_slot *find_before(const struct status_moment *before,
                                                const struct rm_status_slot *slot)
{
    for (size_t i = 0; i < before->list.count; i++)
    {
        const struct rm_status_slot *at = &before->list.slots[i];
        if (at->process_id == slot->process_id && at->session == slot->session &&
            at->started_at == slot->started_at)
        {
            return at;
        }
    }
    return NULL;
}

static void add_session(const struct filler *filler, const struct rm_status_slot *slot)
{
    const struct rm_status_slot *before = find_before(filler->before, slot);
    uint64_t passed_ms = filler->now->now_ms - filler->before->now_ms;
    char name[CELL_SIZE], where[32], rate[48] = "", stuck[48] = "";
    snprintf(name, sizeof name, "%s (%u) no. %llu", slot->process_name, (unsigned)slot->process_id,
             (unsigned long long)slot->session);
    char cell[CELL_SIZE];
    table_cell(cell, name, 30);
    snprintf(where, sizeof where, "machine %u", (unsigned)slot->active);
    if (before != NULL && passed_ms > 0 && slot->updates_forwarded >= before->updates_forwarded)
    {
        snprintf(rate, sizeof rate, ", %llu/s",
                 (unsigned long long)((slot->updates_forwarded - before->updates_forwarded) *
                                      1000u / passed_ms));
    }
    if (slot->workers_abandoned > 0)
    {
        snprintf(stuck, sizeof stuck, ", %u calls stuck", (unsigned)slot->workers_abandoned);
    }
    table_add(filler->table, TABLE_PLAIN, "  session     %s  %-10s  %u items, %llu values%s%s",
              cell, slot->active != 0 ? where : rm_phase_name((enum rm_failover_phase)slot->phase),
              (unsigned)slot->item_count, (unsigned long long)slot->updates_forwarded, rate, stuck);
}

static void add_server(const struct status_server *server, void *context)
{
    const struct filler *filler = context;
    table_add(filler->table, TABLE_PLAIN, "%s", "");
    add_headline(filler, server);
    status_table_add_machines(filler->table, server);
    status_table_add_monitor(filler->table, server);
    add_last_switch(filler, server);
    add_held_writes(filler, server);
    for (size_t i = 0; i < server->count && i < SESSIONS_SHOWN; i++)
    {
        add_session(filler, &server->sessions[i]);
    }
    if (server->count > SESSIONS_SHOWN)
    {
        table_add(filler->table, TABLE_PLAIN, "  and %u sessions more",
                  (unsigned)(server->count - SESSIONS_SHOWN));
    }
}

static void add_events(const struct filler *filler)
{
    struct status_line lines[EVENTS_SHOWN];
    const struct status_list *list = &filler->now->list;
    size_t count = status_last_events(list->slots, list->count, lines, EVENTS_SHOWN);
    if (count > 0)
    {
        table_add(filler->table, TABLE_PLAIN, "%s", "");
        table_add(filler->table, TABLE_TITLE, "last events");
    }
    for (size_t i = 0; i < count; i++)
    {
        const struct rm_status_event *event = lines[i].event;
        char time[OUTPUT_TIME_SIZE];
        output_time(event->time, false, time);
        table_add(filler->table, event->severity == RM_SEVERITY_ERROR ? TABLE_BAD : TABLE_PLAIN,
                  "  %s  %s", strlen(time) > TIME_OF_DAY ? time + TIME_OF_DAY : time, event->text);
    }
}

void status_table_fill(struct table *table, const struct status_moment *now,
                       const struct status_moment *before, const struct status_service *service)
{
    struct filler filler = {table, now, before, service};
    char time[OUTPUT_TIME_SIZE];
    output_time(rm_status_now(), false, time);
    table_clear(table);
    table_add(table, service->has_answered ? TABLE_TITLE : TABLE_BAD,
              "RedundancyMaster, %.19s, %u session%s; the service %s", time,
              (unsigned)now->list.count, now->list.count == 1 ? "" : "s",
              service->has_answered ? "runs" : "does not answer: no monitor items");
    size_t lines = table->count;
    status_for_each(&now->list, service, NULL, add_server, &filler);
    if (table->count == lines)
    {
        table_add(table, TABLE_PLAIN, "%s", "");
        table_add(table, TABLE_PLAIN,
                  "No redundant server is enabled on this computer, and no"
                  " client has one open.");
    }
    add_events(&filler);
}
