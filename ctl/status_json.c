/* The state of one redundant server, for scripts. */
#include <stdio.h>

#include <rm/event.h>
#include <rm/failover.h>

#include "output.h"
#include "status_report.h"

static void time_member(struct json *json, const char *name, uint64_t time)
{
    char text[OUTPUT_TIME_SIZE];
    output_time(time, true, text);
    json_text(json, name, text);
}

static void machine_object(struct json *json, unsigned number,
                           const struct rm_status_machine *machine)
{
    char code[16];
    snprintf(code, sizeof code, "0x%08X", (unsigned)machine->last_code);
    json_begin_object(json, NULL);
    json_number(json, "number", number);
    json_text(json, "host", machine->host);
    json_text(json, "progid", machine->progid);
    json_text(json, "connection", rm_connection_name((enum rm_connection)machine->connection));
    json_number(json, "health", machine->health);
    json_bool(json, "ready", machine->is_ready != 0);
    json_bool(json, "running", machine->is_running != 0);
    json_number(json, "latencyUs", machine->latency_us);
    json_number(json, "skewUs", machine->skew_us);
    json_text(json, "lastCode", code);
    json_text(json, "lastCause", rm_cause_name((enum rm_cause)machine->last_cause));
    json_text(json, "mode", rm_operator_mode_name((enum rm_operator_mode)machine->mode));
    json_bool(json, "damped", machine->is_damped != 0);
    json_text(json, "objection",
              machine->objection != RM_REFUSAL_NONE
                  ? rm_refusal_text((enum rm_refusal)machine->objection)
                  : "");
    json_number(json, "refusedItems", (int64_t)machine->refused_items);
    json_end_object(json);
}

static void events_array(struct json *json, const struct rm_status_slot *slot)
{
    struct status_line lines[RM_STATUS_EVENTS];
    size_t count = status_last_events(slot, 1, lines, RM_STATUS_EVENTS);
    json_begin_array(json, "events");
    for (size_t i = 0; i < count; i++)
    {
        const struct rm_status_event *event = lines[i].event;
        json_begin_object(json, NULL);
        json_number(json, "number", (int64_t)event->number);
        time_member(json, "time", event->time);
        json_text(json, "severity", rm_severity_name((enum rm_severity)event->severity));
        json_text(json, "text", event->text);
        json_end_object(json);
    }
    json_end_array(json);
}

static void session_object(struct json *json, const struct rm_status_slot *slot)
{
    json_begin_object(json, NULL);
    json_text(json, "process", slot->process_name);
    json_number(json, "processId", slot->process_id);
    json_number(json, "session", (int64_t)slot->session);
    time_member(json, "startedAt", slot->started_at);
    json_text(json, "mode", rm_mode_name((enum rm_mode)slot->mode));
    json_text(json, "phase", rm_phase_name((enum rm_failover_phase)slot->phase));
    json_number(json, "active", slot->active);
    json_number(json, "generation", slot->generation);
    time_member(json, "promotedAt", slot->promoted_at);
    json_text(json, "lastCause", rm_cause_name((enum rm_cause)slot->last_cause));
    json_number(json, "preferred", slot->preferred);
    json_number(json, "chosen", slot->chosen);
    json_bool(json, "writesHeld", slot->are_writes_held != 0);
    json_bool(json, "following", slot->is_following != 0);
    json_number(json, "orderNumber", slot->order_number);
    json_number(json, "groups", slot->group_count);
    json_number(json, "items", slot->item_count);
    json_number(json, "callsOut", slot->calls_out);
    json_number(json, "workersAbandoned", slot->workers_abandoned);
    json_number(json, "updatesForwarded", (int64_t)slot->updates_forwarded);
    json_number(json, "updatesSuppressed", (int64_t)slot->updates_suppressed);
    json_begin_array(json, "machines");
    for (unsigned i = 0; i < slot->machine_count; i++)
    {
        machine_object(json, i + 1, &slot->machines[i]);
    }
    json_end_array(json);
    events_array(json, slot);
    json_end_object(json);
}

void status_print_json(struct json *json, const struct status_server *server)
{
    json_begin_object(json, NULL);
    json_text(json, "progid", server->progid);
    json_text(json, "clsid", server->hook.clsid);
    json_text(json, "enabled", rm_hook_state_name(server->hook.state));
    json_begin_array(json, "sessions");
    for (size_t i = 0; i < server->count; i++)
    {
        session_object(json, &server->sessions[i]);
    }
    json_end_array(json);
    json_end_object(json);
}
