/* minute.c: the part of a report that tells of the last minute, row by row. */
#include "internal.h"

#include <string.h>

static bool is_recent(const struct rm_blackbox_report *report, uint64_t at_ms)
{
    return at_ms + RM_BLACKBOX_WINDOW_MS >= report->box->now_ms;
}

static void fact_members(const struct rm_blackbox_record *record, struct rm_json *json)
{
    switch (record->fact)
    {
    case RM_FAILOVER_PING_ANSWERED: rm_json_bool(json, "running", record->value != 0); break;
    case RM_FAILOVER_CONNECT_FAILED:
        rm_json_bool(json, "refusedByServer", record->value != 0);
        break;
    case RM_FAILOVER_CALLBACKS: rm_json_bool(json, "silent", record->value != 0); break;
    case RM_FAILOVER_ITEMS: rm_json_number(json, "percent", record->value); break;
    case RM_FAILOVER_VERDICT:
        rm_json_text(json, "verdict", rm_verdict_name((enum rm_verdict)record->value));
        break;
    case RM_FAILOVER_OBSERVABLE: rm_json_bool(json, "observable", record->value == 0); break;
    case RM_FAILOVER_OPERATOR_MODE:
        rm_json_text(json, "mode", rm_operator_mode_name((enum rm_operator_mode)record->value));
        break;
    case RM_FAILOVER_SWITCH: rm_json_bool(json, "forced", record->value != 0); break;
    case RM_FAILOVER_SUSPECT:
        rm_json_text(json, "because", rm_suspicion_text((enum rm_suspicion)record->value));
        break;
    case RM_FAILOVER_START:
    case RM_FAILOVER_STOP:
    case RM_FAILOVER_TICK:
    case RM_FAILOVER_CONNECTED:
    case RM_FAILOVER_LINK_LOST:
    case RM_FAILOVER_SHUTDOWN:
    case RM_FAILOVER_READY:
    case RM_FAILOVER_BUSY:
    case RM_FAILOVER_AUTOMATIC:
    case RM_FAILOVER_PREFER:
    case RM_FAILOVER_ACKNOWLEDGE:
    case RM_FAILOVER_LINKED:
    case RM_FAILOVER_SETTINGS:
    case RM_FAILOVER_MACHINES:
    case RM_FAILOVER_EVENT_COUNT: break;
    }
}

static void event_members(const struct rm_blackbox_report *report,
                          const struct rm_blackbox_record *record, struct rm_json *json)
{
    enum rm_event_id id = (enum rm_event_id)record->value;
    char text[RM_EVENT_TEXT_SIZE];
    struct rm_event event = {
        .id = id,
        .server = report->config->progid,
        .machine = record->machine ? report->failover->machines[record->machine - 1].rank : 0,
        .host = record->machine ? report->config->machines[record->machine - 1].host : "",
        .code = record->code,
        .detail = record->detail,
    };

    rm_event_format(&event, text, sizeof text);
    rm_json_text(json, "severity", rm_severity_name(rm_event_severity(id)));
    rm_json_text(json, "text", text);
    if (record->detail[0] && !strstr(text, record->detail))
    {
        rm_json_text(json, "detail", record->detail);
    }
}

static void kind_members(const struct rm_blackbox_report *report,
                         const struct rm_blackbox_record *record, struct rm_json *json)
{
    switch (record->kind)
    {
    case RM_BLACKBOX_FACT: fact_members(record, json); break;
    case RM_BLACKBOX_PING_MISSED:
        rm_json_number(json, "inARow", record->value);
        rm_json_number(json, "outForMs", record->shift_ms);
        break;
    case RM_BLACKBOX_LINK_ENDED: break;
    case RM_BLACKBOX_PHASE:
        rm_json_text(json, "phase", rm_phase_name((enum rm_failover_phase)record->value));
        break;
    case RM_BLACKBOX_PROMOTED: rm_json_number(json, "generation", record->value); break;
    case RM_BLACKBOX_ALL_LOST: break;
    case RM_BLACKBOX_REFUSED:
        rm_json_text(json, "reason", rm_refusal_text((enum rm_refusal)record->value));
        break;
    case RM_BLACKBOX_WRITES_HELD:
        rm_json_text(json, "writes", record->value ? "held" : "released");
        break;
    case RM_BLACKBOX_EVENT: event_members(report, record, json); break;
    case RM_BLACKBOX_CLOCK: rm_json_number(json, "byMs", record->shift_ms); break;
    case RM_BLACKBOX_KIND_COUNT: break;
    }
}

static void record_row(const struct rm_blackbox_report *report,
                       const struct rm_blackbox_record *record, struct rm_json *json)
{
    rm_blackbox_begin_row(json);
    rm_blackbox_time_member(report, json, "time", record->at_ms);
    rm_json_text(json, "what",
                 record->kind == RM_BLACKBOX_FACT ? rm_blackbox_fact_name(record->fact)
                                                  : rm_blackbox_kind_name(record->kind));
    if (record->machine)
    {
        rm_json_number(json, "machine", rm_blackbox_shown(report, record->machine));
    }
    if (record->cause != RM_CAUSE_NONE)
    {
        rm_json_text(json, "cause", rm_cause_name(record->cause));
    }
    kind_members(report, record, json);
    if (record->code && record->kind != RM_BLACKBOX_EVENT)
    {
        rm_blackbox_code_members(json, "code", record->code);
    }
    if (record->link)
    {
        rm_json_number(json, "link", record->link);
    }
    if (record->count > 1)
    {
        rm_json_number(json, "times", record->count);
        rm_blackbox_time_member(report, json, "until", record->until_ms);
    }
    rm_blackbox_end_row(json);
}

static void timeline_array(const struct rm_blackbox_report *report, struct rm_json *json)
{
    const struct rm_blackbox *box = report->box;
    uint32_t kept =
        box->record_count < RM_BLACKBOX_RECORDS ? box->record_count : RM_BLACKBOX_RECORDS;

    rm_json_begin_array(json, "timeline");
    for (uint32_t n = box->record_count - kept + 1; n <= box->record_count; n++)
    {
        const struct rm_blackbox_record *record = rm_blackbox_record_at(box, n);

        if (record && is_recent(report, record->until_ms))
        {
            record_row(report, record, json);
        }
    }
    rm_json_end_array(json);
}

static void calls_array(const struct rm_blackbox_report *report, struct rm_json *json)
{
    const struct rm_blackbox *box = report->box;

    rm_json_begin_array(json, "failedCalls");
    for (uint32_t i = 0; i < RM_BLACKBOX_CALLS; i++)
    {
        const struct rm_blackbox_call *call =
            &box->calls[(box->call_count + i) % RM_BLACKBOX_CALLS];

        if (!call->count || !is_recent(report, call->until_ms))
        {
            continue;
        }
        rm_blackbox_begin_row(json);
        rm_blackbox_time_member(report, json, "time", call->at_ms);
        rm_json_text(json, "call", call->name);
        rm_json_number(json, "machine", rm_blackbox_shown(report, call->machine));
        rm_json_text(json, "outcome", rm_blackbox_outcome_name(call->outcome));
        if (call->outcome != RM_BLACKBOX_UNANSWERED)
        {
            rm_blackbox_code_members(json, "code", call->code);
        }
        rm_json_number(json, "times", call->count);
        rm_json_number(json, "slowestMs", call->slowest_ms);
        rm_blackbox_end_row(json);
    }
    rm_json_end_array(json);
}

static void second_row(const struct rm_blackbox_report *report,
                       const struct rm_blackbox_second *second, struct rm_json *json)
{
    rm_blackbox_begin_row(json);
    rm_blackbox_time_member(report, json, "time", second->from_ms);
    rm_json_number(json, "ms", (int64_t)(second->to_ms - second->from_ms));
    rm_json_number(json, "calls", second->calls);
    rm_json_number(json, "callsFailed", second->calls_failed);
    rm_json_number(json, "callsOut", second->calls_out);
    rm_json_number(json, "slowestCallMs", second->slowest_call_ms);
    if (second->slowest_call)
    {
        rm_json_text(json, "slowestCall", second->slowest_call);
    }
    rm_json_begin_array(json, "machines");
    for (unsigned i = 0; i < report->box->machine_count; i++)
    {
        const struct rm_blackbox_traffic *traffic = &second->machines[i];

        rm_json_begin_object(json, NULL);
        rm_json_number(json, "number", rm_blackbox_shown(report, i + 1));
        rm_json_number(json, "callbacks", traffic->callbacks);
        rm_json_number(json, "updates", traffic->updates);
        rm_json_number(json, "pingsSent", traffic->pings_sent);
        rm_json_number(json, "pingsAnswered", traffic->pings_answered);
        rm_json_number(json, "slowestPingMs", traffic->slowest_ping_ms);
        rm_json_bool(json, "longCall", traffic->was_busy);
        rm_json_end_object(json);
    }
    rm_json_end_array(json);
    rm_blackbox_end_row(json);
}

static void seconds_array(const struct rm_blackbox_report *report, struct rm_json *json)
{
    const struct rm_blackbox *box = report->box;

    rm_json_begin_array(json, "seconds");
    for (uint32_t i = 0; i < RM_BLACKBOX_SECONDS; i++)
    {
        const struct rm_blackbox_second *second =
            &box->seconds[(box->second_count + i) % RM_BLACKBOX_SECONDS];

        if (second->to_ms && is_recent(report, second->to_ms))
        {
            second_row(report, second, json);
        }
    }
    rm_json_end_array(json);
}

void rm_blackbox_write_minute(const struct rm_blackbox_report *report, struct rm_json *json)
{
    timeline_array(report, json);
    calls_array(report, json);
    seconds_array(report, json);
}
