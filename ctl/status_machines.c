/* The machines of one redundant server, a line each. */
#include <stdio.h>

#include <rm/failover.h>

#include "status_readiness.h"
#include "status_report.h"
#include "status_table.h"

#define NAMES_WIDTH 31 /* of host and ProgID together, so that a line has TABLE_WIDTH */
#define HOST_WIDTH  16
#define CELL_SIZE   (TABLE_WIDTH * 4 + 1)

/* How wide the columns of one redundant server's machines are. */
struct columns
{
    unsigned host, progid, role;
};

/* What all sessions together say of one machine. */
struct machine_sum
{
    const struct rm_status_machine *example; /* an UP one if there is one; NULL: nobody has it */
    size_t sessions, up, ready, running, active, maintained, forced;
    uint32_t latency_us; /* the slowest */
};

static void sum_machine(const struct status_server *server, unsigned machine,
                        struct machine_sum *sum)
{
    *sum = (struct machine_sum){.active = status_sessions_on(server, machine)};
    for (size_t i = 0; i < server->count; i++)
    {
        const struct rm_status_machine *at = &server->sessions[i].machines[machine - 1];
        if (server->sessions[i].machine_count < machine)
        {
            continue;
        }
        sum->maintained += at->mode == RM_OPERATOR_MAINTENANCE ? 1 : 0;
        sum->forced += at->mode == RM_OPERATOR_FORCED ? 1 : 0;
        bool is_up = at->connection == RM_CONNECTION_UP;
        sum->sessions++;
        sum->example = sum->example == NULL || (is_up && sum->up == 0) ? at : sum->example;
        if (is_up)
        {
            sum->up++;
            sum->ready += at->is_ready != 0 ? 1 : 0;
            sum->running += at->is_running != 0 ? 1 : 0;
            sum->latency_us = at->latency_us > sum->latency_us ? at->latency_us : sum->latency_us;
        }
    }
}

/* "up", "up, not ready", "up for 1 of 2", "down: transport lost, 0x800706BA" */
static void describe_state(const struct machine_sum *sum, char *text, size_t size)
{
    const struct rm_status_machine *example = sum->example;
    size_t used = 0;
    if (sum->up == 0)
    {
        used += (size_t)snprintf(text, size, "%s",
                                 rm_connection_name((enum rm_connection)example->connection));
        if (example->last_cause != RM_CAUSE_NONE)
        {
            used += (size_t)snprintf(text + used, size - used, ": %s",
                                     rm_cause_name((enum rm_cause)example->last_cause));
        }
        if (example->last_code != 0)
        {
            snprintf(text + used, size - used, ", 0x%08X", (unsigned)example->last_code);
        }
        return;
    }
    used += (size_t)snprintf(text, size, "up");
    if (sum->up < sum->sessions)
    {
        used += (size_t)snprintf(text + used, size - used, " for %u of %u", (unsigned)sum->up,
                                 (unsigned)sum->sessions);
    }
    if (sum->maintained > 0)
    {
        snprintf(text + used, size - used, ", maintenance");
    }
    else if (sum->running < sum->up)
    {
        snprintf(text + used, size - used, ", not RUNNING");
    }
    else if (sum->ready < sum->up)
    {
        snprintf(text + used, size - used, ", not ready");
    }
}

static void describe_role(const struct status_server *server, const struct machine_sum *sum,
                          char *text, size_t size)
{
    if (sum->active == 0)
    {
        snprintf(text, size, "standby");
    }
    else if (sum->active == server->count)
    {
        snprintf(text, size, "%s", sum->forced > 0 ? "FORCED" : "ACTIVE");
    }
    else
    {
        snprintf(text, size, "ACTIVE %u/%u", (unsigned)sum->active, (unsigned)server->count);
    }
}

static unsigned count_machines(const struct status_server *server)
{
    unsigned count = 0;
    for (size_t i = 0; i < server->count; i++)
    {
        uint32_t here = server->sessions[i].machine_count;
        count = here > count ? here : count;
    }
    return count;
}

static unsigned larger(unsigned a, unsigned b)
{
    return a > b ? a : b;
}

static struct columns find_columns(const struct status_server *server)
{
    struct columns columns = {1, 1, 7};
    for (unsigned machine = 1; machine <= count_machines(server); machine++)
    {
        struct machine_sum sum;
        char role[CELL_SIZE];
        sum_machine(server, machine, &sum);
        describe_role(server, &sum, role, sizeof role);
        columns.host = larger(columns.host, table_columns(sum.example->host));
        columns.progid = larger(columns.progid, table_columns(sum.example->progid));
        columns.role = larger(columns.role, table_columns(role));
    }
    unsigned names = NAMES_WIDTH - (columns.role - 7);
    if (columns.host + columns.progid > names && columns.host > HOST_WIDTH)
    {
        columns.host = HOST_WIDTH;
    }
    if (columns.host + columns.progid > names)
    {
        columns.progid = names - columns.host;
    }
    return columns;
}

static void add_readiness(struct table *table, const struct status_server *server, unsigned machine)
{
    const struct rm_status_machine *least = status_least_ready(server, machine);
    char words[CELL_SIZE];
    if (least == NULL || !status_is_imperfect(least))
    {
        return;
    }
    status_readiness_words(least, words, sizeof words);
    table_add(table, TABLE_BAD, "              ready %s: rmctl compare", words);
}

/* A standby's, in hot mode. */
static void add_buffer(struct table *table, const struct status_server *server, unsigned machine)
{
    struct status_buffer buffer;
    char words[CELL_SIZE], clock[48] = "";
    int64_t skew_us;
    if (!status_buffer_of(server, machine, &buffer))
    {
        return;
    }
    if (status_skew_of(server, machine, &skew_us))
    {
        snprintf(clock, sizeof clock, "; clock %+.1f ms to the active", (double)skew_us / 1000.0);
    }
    status_buffer_words(&buffer, words, sizeof words);
    table_add(table, buffer.dropped > 0 ? TABLE_BAD : TABLE_PLAIN, "              %s%s", words,
              clock);
}

static void add_machine(struct table *table, const struct status_server *server, unsigned machine,
                        const struct columns *columns)
{
    static const char *const ranks[] = {"primary", "secondary"};
    char host[CELL_SIZE], progid[CELL_SIZE], role[CELL_SIZE], state[CELL_SIZE], line[CELL_SIZE];
    struct machine_sum sum;
    sum_machine(server, machine, &sum);
    table_cell(host, sum.example->host, columns->host);
    table_cell(progid, sum.example->progid, columns->progid);
    describe_role(server, &sum, line, sizeof line);
    table_cell(role, line, columns->role);
    describe_state(&sum, state, sizeof state);
    int used = snprintf(line, sizeof line, "  machine %-2u  %-9s  %s  %s  %s  ", machine,
                        machine <= 2 ? ranks[machine - 1] : "", host, progid, role);
    if (sum.up == 0)
    {
        table_add(table, TABLE_BAD, "%s%s", line, state);
        return;
    }
    bool is_well = sum.ready == sum.sessions && sum.running == sum.sessions && sum.maintained == 0;
    enum table_tone tone = !is_well ? TABLE_BAD : sum.active > 0 ? TABLE_GOOD : TABLE_PLAIN;
    table_add(table, tone, "%.*s%-14s %7.1f ms", used, line, state, sum.latency_us / 1000.0);
    add_readiness(table, server, machine);
    add_buffer(table, server, machine);
}

/* What speaks for a machine needs no line. */
static void add_monitor(struct table *table, const struct status_server *server, unsigned machine)
{
    const struct rm_wire_machine_row *row =
        status_service_machine(server->service, server->progid, machine);
    char words[STATUS_MONITOR_SIZE];
    if (row == NULL || server->row == NULL ||
        (row->own != RM_WIRE_OWN_FAILED && row->verdict.verdict != RM_VERDICT_BAD &&
         row->items_in_error == 0 && row->calls_stuck == 0))
    {
        return;
    }
    status_monitor_words(row, server->row, words);
    table_add(table, row->verdict.verdict == RM_VERDICT_BAD ? TABLE_BAD : TABLE_PLAIN,
              "  monitor %-2u  %s", machine, words);
}

void status_table_add_monitor(struct table *table, const struct status_server *server)
{
    for (unsigned machine = 1; machine <= RM_MACHINES_MAX; machine++)
    {
        add_monitor(table, server, machine);
    }
}

void status_table_add_machines(struct table *table, const struct status_server *server)
{
    struct columns columns = find_columns(server);
    for (unsigned machine = 1; machine <= count_machines(server); machine++)
    {
        add_machine(table, server, machine, &columns);
    }
}

void status_count_machines(const struct status_server *server, unsigned *machines, unsigned *up)
{
    *machines = count_machines(server);
    *up = 0;
    for (unsigned machine = 1; machine <= *machines; machine++)
    {
        struct machine_sum sum;
        sum_machine(server, machine, &sum);
        *up += sum.up > 0 ? 1 : 0;
    }
}
