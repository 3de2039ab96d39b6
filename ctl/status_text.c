/* The state of one redundant server, for people. */
#include <stdio.h>
#include <string.h>

#include <rm/event.h>
#include <rm/failover.h>

#include "output.h"
#include "status_quirks.h"
#include "status_readiness.h"
#include "status_report.h"
#include "status_switch.h"

#define EVENTS_SHOWN 10
#define READY_SIZE   192

/* What is most wanted at night comes first: which machine is active, or that none is. */
static void print_headline(const struct status_server *server)
{
    const struct rm_status_slot *first = server->sessions;
    output_print("%s: ", server->progid);
    if (server->count == 0)
    {
        output_print("no client has it open\n");
        return;
    }
    size_t without = status_sessions_on(server, 0);
    if (without == server->count)
    {
        output_print("NO MACHINE IS ACTIVE (%s)\n",
                     rm_phase_name((enum rm_failover_phase)first->phase));
        return;
    }
    if (!status_sessions_differ(server))
    {
        char words[32];
        const struct rm_status_machine *machine = &first->machines[first->active - 1];
        bool is_removed = machine->objection == RM_REFUSAL_REMOVED;
        rm_event_machine_words(is_removed ? 0 : first->active, words, sizeof words);
        output_print("active is machine %u, the %s '%s' %s\n", first->active, words, machine->host,
                     machine->progid);
        return;
    }
    output_print("SESSIONS DIFFER:");
    for (unsigned machine = 1; machine <= RM_MACHINES_MAX; machine++)
    {
        size_t count = status_sessions_on(server, machine);
        if (count > 0)
        {
            output_print(" %u on machine %u;", (unsigned)count, machine);
        }
    }
    output_print(" %u without an active machine\n", (unsigned)without);
}

/* A machine that isn't ready yet has mostly not been measured either. */
static void print_readiness(const struct rm_status_machine *least, bool is_ready)
{
    char words[READY_SIZE];
    status_readiness_words(least, words, sizeof words);
    output_print("%s%s%s", is_ready ? ", ready" : ", not ready",
                 is_ready || status_is_imperfect(least) ? " " : "",
                 is_ready || status_is_imperfect(least) ? words : "");
}

/* Sessions see machines over links of their own; what all of them see is said once. */
static void print_machine_states(const struct status_server *server, unsigned machine)
{
    bool is_first = true;
    for (int state = 0; state < RM_CONNECTION_COUNT; state++)
    {
        size_t count = 0;
        size_t ready = 0;
        const struct rm_status_machine *example = NULL;
        for (size_t i = 0; i < server->count; i++)
        {
            const struct rm_status_machine *at = &server->sessions[i].machines[machine - 1];
            if (server->sessions[i].machine_count >= machine && at->connection == (uint32_t)state)
            {
                count++;
                ready += at->is_ready != 0 ? 1 : 0;
                example = at;
            }
        }
        if (example == NULL)
        {
            continue;
        }
        output_print("%s%s", is_first ? "" : "; ", rm_connection_name((enum rm_connection)state));
        if (count < server->count)
        {
            output_print(" for %u of %u sessions", (unsigned)count, (unsigned)server->count);
        }
        if (state == RM_CONNECTION_UP)
        {
            print_readiness(status_least_ready(server, machine), ready == count);
            output_print("%s", example->is_running != 0 ? "" : ", server not in state RUNNING");
        }
        else if (example->last_cause != RM_CAUSE_NONE)
        {
            output_print(" (%s", rm_cause_name((enum rm_cause)example->last_cause));
            if (example->last_code != 0)
            {
                output_print(", 0x%08X", (unsigned)example->last_code);
            }
            output_print(")");
        }
        is_first = false;
    }
}

static void print_buffer(const struct status_server *server, unsigned machine)
{
    struct status_buffer buffer;
    char words[READY_SIZE];
    if (status_buffer_of(server, machine, &buffer))
    {
        status_buffer_words(&buffer, words, sizeof words);
        output_print("; %s", words);
    }
}

static void print_machine(const struct status_server *server, unsigned machine)
{
    const struct rm_status_machine *shown = NULL;
    uint32_t latency_us = 0;
    char quirks[STATUS_QUIRKS_SIZE];
    for (size_t i = 0; i < server->count; i++)
    {
        const struct rm_status_machine *at = &server->sessions[i].machines[machine - 1];
        if (server->sessions[i].machine_count >= machine)
        {
            shown = shown == NULL || at->connection == RM_CONNECTION_UP ? at : shown;
            bool is_slowest = at->connection == RM_CONNECTION_UP && at->latency_us > latency_us;
            latency_us = is_slowest ? at->latency_us : latency_us;
        }
    }
    if (shown == NULL)
    {
        return;
    }
    size_t active = status_sessions_on(server, machine);
    output_print("  machine %-2u   %s  %s  %s: ", machine, shown->host, shown->progid,
                 active > 0 ? "ACTIVE" : "standby");
    print_machine_states(server, machine);
    if (shown->connection == RM_CONNECTION_UP)
    {
        output_print("; latency %.1f ms, clock %+.1f ms", latency_us / 1000.0,
                     (double)shown->skew_us / 1000.0);
    }
    int64_t skew_us;
    if (status_skew_of(server, machine, &skew_us))
    {
        output_print(" (%+.1f ms to the active machine)", (double)skew_us / 1000.0);
    }
    if (shown->mode != RM_OPERATOR_NORMAL)
    {
        output_print(", %s", shown->mode == RM_OPERATOR_FORCED ? "FORCED" : "IN MAINTENANCE");
    }
    if (shown->objection == RM_REFUSAL_REMOVED)
    {
        output_print(", REMOVED from the list: it is left as soon as another machine is fit");
    }
    if (shown->is_damped != 0)
    {
        output_print(", not returned to: it has failed and come back too often");
    }
    print_buffer(server, machine);
    output_print("\n");
    if (status_quirk_words(server, machine, quirks, sizeof quirks))
    {
        output_print("               its server %s\n", quirks);
    }
}

/* The service's own look at a machine; clients or not. */
static void print_monitor(const struct status_server *server, unsigned machine)
{
    const struct rm_wire_machine_row *row =
        status_service_machine(server->service, server->progid, machine);
    char words[STATUS_MONITOR_SIZE];
    if (row != NULL && server->row != NULL)
    {
        status_monitor_words(row, server->row, words);
        output_print("  monitor %-2u   %s\n", machine, words);
    }
}

static void print_last_switch(const struct status_server *server)
{
    struct status_switch last;
    char time[OUTPUT_TIME_SIZE], by[STATUS_BY_SIZE];
    if (status_last_switch(server, &last))
    {
        output_time(last.at, false, time);
        status_switch_by(&last, by);
        output_print("  last switch  %s to machine %u: %s (%s)%s\n", time, last.machine,
                     rm_cause_name(last.cause), last.process, by);
    }
}

/* What makes a server that no client has open more than a line in the settings. */
static void print_in_settings(const struct rm_wire_server_row *row)
{
    if (row != NULL && row->is_watch_always)
    {
        output_print(
            "  settings     its monitor items are tested without clients, too (watchAlways)\n");
    }
    else if (row != NULL && row->monitor_items > 0)
    {
        output_print("  settings     its monitor items are tested while a client has it open\n");
    }
}

static void print_session(const struct rm_status_slot *slot)
{
    char since[OUTPUT_TIME_SIZE];
    output_time(slot->started_at, false, since);
    output_print("  session      %s (%u) no. %llu since %s: %s", slot->process_name,
                 (unsigned)slot->process_id, (unsigned long long)slot->session, since,
                 rm_phase_name((enum rm_failover_phase)slot->phase));
    if (slot->active != 0)
    {
        output_print(" on machine %u", slot->active);
    }
    output_print(", %u group%s, %u item%s, %llu updates", slot->group_count,
                 slot->group_count == 1 ? "" : "s", slot->item_count,
                 slot->item_count == 1 ? "" : "s", (unsigned long long)slot->updates_forwarded);
    if (slot->chosen != 0)
    {
        output_print(", kept there by an operator's switch");
    }
    if (slot->is_following != 0)
    {
        output_print(", where the others are");
    }
    if (slot->are_writes_held != 0)
    {
        output_print(", WRITES FAIL until 'rmctl acknowledge %s'", slot->server);
    }
    if (slot->calls_out > 0)
    {
        output_print(", %u calls out", slot->calls_out);
    }
    if (slot->workers_abandoned > 0)
    {
        output_print(", %u calls never came back", slot->workers_abandoned);
    }
    output_print("\n");
}

void status_print_event(const struct rm_status_slot *slot, const struct rm_status_event *event,
                        bool is_json)
{
    char time[OUTPUT_TIME_SIZE];
    const char *severity = rm_severity_name((enum rm_severity)event->severity);
    output_time(event->time, is_json, time);
    if (!is_json)
    {
        output_print("%s  %-13s  %s  %s (%u)  %s\n", time, severity, slot->server,
                     slot->process_name, (unsigned)slot->process_id, event->text);
        return;
    }
    struct rm_json json = {.put = ctl_put_json, .is_compact = true};
    rm_json_begin_object(&json, NULL);
    rm_json_text(&json, "time", time);
    rm_json_text(&json, "severity", severity);
    rm_json_text(&json, "server", slot->server);
    rm_json_text(&json, "process", slot->process_name);
    rm_json_number(&json, "processId", slot->process_id);
    rm_json_number(&json, "session", (int64_t)slot->session);
    rm_json_number(&json, "number", (int64_t)event->number);
    rm_json_text(&json, "text", event->text);
    rm_json_end_object(&json);
}

void status_print_text(const struct status_server *server)
{
    print_headline(server);
    output_print("  enabled      %s%s%s%s\n", rm_hook_state_name(server->hook.state),
                 server->hook.is_served_64 ? ", 64-bit clients" : "",
                 server->hook.is_served_32 ? ", 32-bit clients" : "",
                 server->hook.state == RM_HOOK_DAMAGED ? ": repair it with 'rmctl enable'" : "");
    if (server->count > 0)
    {
        output_print("  mode         %s\n", rm_mode_name((enum rm_mode)server->sessions[0].mode));
    }
    else
    {
        print_in_settings(server->row);
    }
    print_last_switch(server);
    for (unsigned machine = 1; machine <= RM_MACHINES_MAX; machine++)
    {
        print_machine(server, machine);
        print_monitor(server, machine);
    }
    for (size_t i = 0; i < server->count; i++)
    {
        print_session(&server->sessions[i]);
    }
    struct status_line lines[EVENTS_SHOWN];
    size_t count = status_last_events(server->sessions, server->count, lines, EVENTS_SHOWN);
    for (size_t i = 0; i < count; i++)
    {
        char time[OUTPUT_TIME_SIZE];
        output_time(lines[i].event->time, false, time);
        output_print("  event        %s  %-13s  %s (%u)  %s\n", time,
                     rm_severity_name((enum rm_severity)lines[i].event->severity),
                     lines[i].slot->process_name, (unsigned)lines[i].slot->process_id,
                     lines[i].event->text);
    }
}
