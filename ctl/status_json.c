/* The state of one redundant server, for scripts. */
#include <stdio.h>

#include <rm/event.h>
#include <rm/failover.h>
#include <rm/quirk.h>

#include "output.h"
#include "status_readiness.h"
#include "status_report.h"
#include "status_switch.h"

static void time_member(struct rm_json *json, const char *name, uint64_t time)
{
    char text[OUTPUT_TIME_SIZE];
    output_time(time, true, text);
    rm_json_text(json, name, text);
}

static void machine_object(struct rm_json *json, const struct rm_status_slot *slot, unsigned number)
{
    const struct rm_status_machine *machine = &slot->machines[number - 1];
    int64_t skew_us;
    char code[16];
    snprintf(code, sizeof code, "0x%08X", (unsigned)machine->last_code);
    rm_json_begin_object(json, NULL);
    rm_json_number(json, "number", number);
    rm_json_text(json, "host", machine->host);
    rm_json_text(json, "progid", machine->progid);
    rm_json_text(json, "connection", rm_connection_name((enum rm_connection)machine->connection));
    rm_json_number(json, "health", machine->health);
    rm_json_bool(json, "ready", machine->is_ready != 0);
    rm_json_bool(json, "running", machine->is_running != 0);
    rm_json_number(json, "latencyUs", machine->latency_us);
    rm_json_number(json, "skewUs", machine->skew_us);
    rm_json_text(json, "lastCode", code);
    rm_json_text(json, "lastCause", rm_cause_name((enum rm_cause)machine->last_cause));
    rm_json_text(json, "mode", rm_operator_mode_name((enum rm_operator_mode)machine->mode));
    rm_json_bool(json, "damped", machine->is_damped != 0);
    rm_json_text(json, "objection",
                 machine->objection != RM_REFUSAL_NONE
                     ? rm_refusal_text((enum rm_refusal)machine->objection)
                     : "");
    rm_json_number(json, "readyPercent", machine->ready_percent);
    rm_json_number(json, "items", machine->items);
    rm_json_number(json, "refusedItems", machine->refused_items);
    rm_json_number(json, "differingItems", machine->differing_items);
    rm_json_number(json, "badItems", machine->bad_items);
    rm_json_number(json, "bufferUpdates", (int64_t)machine->buffer_updates);
    rm_json_number(json, "bufferBytes", machine->buffer_bytes);
    rm_json_number(json, "bufferBytesMax", machine->buffer_bytes_max);
    rm_json_number(json, "bufferDropped", (int64_t)machine->buffer_dropped);
    rm_json_bool(json, "forgetsItems", (machine->quirks & RM_QUIRK_FORGETS_ITEMS) != 0);
    rm_json_bool(json, "staysActive", (machine->quirks & RM_QUIRK_STAYS_ACTIVE) != 0);
    rm_json_bool(json, "keepAlive", (machine->quirks & RM_QUIRK_NO_KEEP_ALIVE) == 0);
    rm_json_number(json, "addLimit", machine->add_limit);
    rm_json_number(json, "addUs", machine->add_us);
    if (status_skew_to_active(slot, number, &skew_us))
    {
        rm_json_number(json, "skewToActiveUs", skew_us);
    }
    rm_json_end_object(json);
}

static void events_array(struct rm_json *json, const struct rm_status_slot *slot)
{
    struct status_line lines[RM_STATUS_EVENTS];
    size_t count = status_last_events(slot, 1, lines, RM_STATUS_EVENTS);
    rm_json_begin_array(json, "events");
    for (size_t i = 0; i < count; i++)
    {
        const struct rm_status_event *event = lines[i].event;
        rm_json_begin_object(json, NULL);
        rm_json_number(json, "number", (int64_t)event->number);
        time_member(json, "time", event->time);
        rm_json_text(json, "severity", rm_severity_name((enum rm_severity)event->severity));
        rm_json_text(json, "text", event->text);
        rm_json_end_object(json);
    }
    rm_json_end_array(json);
}

static void session_object(struct rm_json *json, const struct rm_status_slot *slot)
{
    rm_json_begin_object(json, NULL);
    rm_json_text(json, "process", slot->process_name);
    rm_json_number(json, "processId", slot->process_id);
    rm_json_number(json, "session", (int64_t)slot->session);
    time_member(json, "startedAt", slot->started_at);
    rm_json_text(json, "mode", rm_mode_name((enum rm_mode)slot->mode));
    rm_json_text(json, "phase", rm_phase_name((enum rm_failover_phase)slot->phase));
    rm_json_number(json, "active", slot->active);
    rm_json_number(json, "generation", slot->generation);
    time_member(json, "promotedAt", slot->promoted_at);
    rm_json_text(json, "lastCause", rm_cause_name((enum rm_cause)slot->last_cause));
    rm_json_number(json, "preferred", slot->preferred);
    rm_json_number(json, "chosen", slot->chosen);
    rm_json_bool(json, "writesHeld", slot->are_writes_held != 0);
    rm_json_bool(json, "following", slot->is_following != 0);
    rm_json_number(json, "orderNumber", slot->order_number);
    rm_json_number(json, "groups", slot->group_count);
    rm_json_number(json, "items", slot->item_count);
    rm_json_number(json, "callsOut", slot->calls_out);
    rm_json_number(json, "workersAbandoned", slot->workers_abandoned);
    rm_json_number(json, "updatesForwarded", (int64_t)slot->updates_forwarded);
    rm_json_number(json, "updatesSuppressed", (int64_t)slot->updates_suppressed);
    rm_json_begin_array(json, "machines");
    for (unsigned i = 0; i < slot->machine_count; i++)
    {
        machine_object(json, slot, i + 1);
    }
    rm_json_end_array(json);
    events_array(json, slot);
    rm_json_end_object(json);
}

static void monitor_array(struct rm_json *json, const struct status_server *server)
{
    rm_json_begin_array(json, "monitor");
    for (unsigned machine = 1; machine <= RM_MACHINES_MAX; machine++)
    {
        const struct rm_wire_machine_row *row =
            status_service_machine(server->service, server->progid, machine);
        char code[16];
        if (row == NULL)
        {
            continue;
        }
        snprintf(code, sizeof code, "0x%08X", (unsigned)row->code);
        rm_json_begin_object(json, NULL);
        rm_json_number(json, "machine", machine);
        rm_json_text(json, "connection", status_own_name(row->own));
        rm_json_text(json, "code", code);
        rm_json_text(json, "verdict", rm_verdict_name((enum rm_verdict)row->verdict.verdict));
        rm_json_number(json, "score", row->verdict.score);
        rm_json_bool(json, "observable", row->verdict.is_observable != 0);
        rm_json_number(json, "itemsInError", row->items_in_error);
        rm_json_text(json, "inError", row->items);
        rm_json_number(json, "callsStuck", row->calls_stuck);
        rm_json_end_object(json);
    }
    rm_json_end_array(json);
}

static void last_switch_object(struct rm_json *json, const struct status_server *server)
{
    struct status_switch last;
    if (!status_last_switch(server, &last) || last.cause == RM_CAUSE_START)
    {
        return;
    }
    bool is_commanded = last.cause == RM_CAUSE_OPERATOR || last.cause == RM_CAUSE_MAINTENANCE;
    rm_json_begin_object(json, "lastSwitch");
    time_member(json, "time", last.at);
    rm_json_number(json, "machine", last.machine);
    rm_json_text(json, "cause", rm_cause_name(last.cause));
    rm_json_bool(json, "automatic", !is_commanded);
    rm_json_text(json, "by", last.by);
    rm_json_text(json, "process", last.process);
    rm_json_number(json, "processId", last.process_id);
    rm_json_end_object(json);
}

/* Of a service that answers. */
static void service_members(struct rm_json *json, const struct status_server *server)
{
    const struct rm_wire_server_row *row = server->row;
    if (server->service == NULL || !server->service->has_answered)
    {
        return;
    }
    rm_json_bool(json, "configured", row != NULL && row->is_configured != 0);
    rm_json_bool(json, "watchAlways", row != NULL && row->is_watch_always != 0);
    rm_json_number(json, "monitorItems", row != NULL ? row->monitor_items : 0);
    rm_json_number(json, "registeredSessions", row != NULL ? row->sessions : 0);
    monitor_array(json, server);
}

void status_print_json(struct rm_json *json, const struct status_server *server)
{
    rm_json_begin_object(json, NULL);
    rm_json_text(json, "progid", server->progid);
    rm_json_text(json, "clsid", server->hook.clsid);
    rm_json_text(json, "enabled", rm_hook_state_name(server->hook.state));
    service_members(json, server);
    last_switch_object(json, server);
    rm_json_begin_array(json, "sessions");
    for (size_t i = 0; i < server->count; i++)
    {
        session_object(json, &server->sessions[i]);
    }
    rm_json_end_array(json);
    rm_json_end_object(json);
}
