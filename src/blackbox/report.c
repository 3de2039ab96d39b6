/* report.c: the JSON of a report. Rows of a list stand on one line each. */
#include "internal.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void time_member(const struct rm_blackbox_report *report, struct rm_json *json,
                        const char *name, uint64_t at_ms)
{
    char time[RM_BLACKBOX_TIME_SIZE];

    rm_blackbox_time_text(rm_blackbox_filetime(report->box, at_ms), time);
    rm_json_text(json, name, time);
}

static void code_members(struct rm_json *json, const char *name, uint32_t code)
{
    const char *words = rm_blackbox_code_words(code);
    char text[16];

    snprintf(text, sizeof text, "0x%08" PRIX32, code);
    rm_json_text(json, name, text);
    if (*words)
    {
        rm_json_text(json, "meaning", words);
    }
}

static void begin_row(struct rm_json *json)
{
    rm_json_begin_object(json, NULL);
    json->is_compact = true;
}

static void end_row(struct rm_json *json)
{
    rm_json_end_object(json);
    json->is_compact = false;
}

static bool is_recent(const struct rm_blackbox_report *report, uint64_t at_ms)
{
    return at_ms + RM_BLACKBOX_WINDOW_MS >= report->box->now_ms;
}

/* ---- what happened -----------------------------------------------------------------------------
 */

static const struct rm_blackbox_promotion *promotion_at(const struct rm_blackbox *box,
                                                        uint32_t number)
{
    return &box->promotions[(number - 1) % RM_BLACKBOX_PROMOTIONS];
}

/* The first promotion that this report tells of. */
static uint32_t first_promotion(const struct rm_blackbox *box)
{
    uint32_t kept = box->promotion_count < RM_BLACKBOX_PROMOTIONS
                        ? 0
                        : box->promotion_count - RM_BLACKBOX_PROMOTIONS;

    return (box->promotions_reported > kept ? box->promotions_reported : kept) + 1;
}

static void summary_array(const struct rm_blackbox_report *report, struct rm_json *json)
{
    char text[RM_BLACKBOX_TEXT_SIZE];

    rm_json_begin_array(json, "summary");
    for (uint32_t n = first_promotion(report->box); n <= report->box->promotion_count; n++)
    {
        rm_blackbox_sentence(report, promotion_at(report->box, n), text);
        rm_json_text(json, NULL, text);
    }
    rm_json_end_array(json);
}

static void promotion_row(const struct rm_blackbox_report *report, struct rm_json *json,
                          const struct rm_blackbox_promotion *promotion)
{
    begin_row(json);
    time_member(report, json, "time", promotion->at_ms);
    rm_json_number(json, "from", promotion->from);
    rm_json_number(json, "to", promotion->to);
    rm_json_text(json, "cause",
                 promotion->to ? rm_cause_name(promotion->cause) : "all machines lost");
    rm_json_number(json, "generation", promotion->generation);
    if (promotion->lost_at_ms)
    {
        time_member(report, json, "lostAt", promotion->lost_at_ms);
        rm_json_text(json, "lostCause", rm_cause_name(promotion->lost_cause));
        code_members(json, "code", promotion->lost_code);
    }
    if (promotion->answered_ms)
    {
        time_member(report, json, "lastPingAnswered", promotion->answered_ms);
    }
    if (promotion->data_ms)
    {
        rm_json_number(json, "firstDataAfterMs", (int64_t)(promotion->data_ms - promotion->at_ms));
    }
    end_row(json);
}

static void promotions_array(const struct rm_blackbox_report *report, struct rm_json *json)
{
    rm_json_begin_array(json, "promotions");
    for (uint32_t n = first_promotion(report->box); n <= report->box->promotion_count; n++)
    {
        promotion_row(report, json, promotion_at(report->box, n));
    }
    rm_json_end_array(json);
}

/* ---- who, and how it is now --------------------------------------------------------------------
 */

static void settings_object(const struct rm_server_config *config, struct rm_json *json)
{
    rm_json_begin_object(json, "settings");
    for (size_t i = 0; i < rm_setting_count; i++)
    {
        char value[32];

        rm_setting_format(&rm_setting_table[i], config, value, sizeof value);
        rm_json_text(json, rm_setting_table[i].name, value);
    }
    rm_json_end_object(json);
}

static void machine_row(const struct rm_blackbox_report *report, struct rm_json *json,
                        unsigned number)
{
    const struct rm_failover_machine *machine = &report->failover->machines[number - 1];

    begin_row(json);
    rm_json_number(json, "number", number);
    rm_json_text(json, "host", report->config->machines[number - 1].host);
    rm_json_text(json, "progid", rm_server_machine_progid(report->config, number));
    rm_json_bool(json, "active", report->failover->active == number);
    rm_json_text(json, "connection", rm_connection_name(machine->connection));
    rm_json_number(json, "health", machine->health);
    rm_json_bool(json, "ready", machine->is_ready);
    rm_json_bool(json, "running", machine->is_running);
    rm_json_text(json, "mode", rm_operator_mode_name(machine->mode));
    rm_json_text(json, "verdict", rm_verdict_name(machine->verdict));
    rm_json_bool(json, "damped", machine->is_damped);
    rm_json_text(json, "lastCause", rm_cause_name(machine->last_cause));
    if (machine->last_cause != RM_CAUSE_NONE)
    {
        code_members(json, "lastCode", machine->last_code);
    }
    end_row(json);
}

/* ---- the last minute ---------------------------------------------------------------------------
 */

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
    case RM_FAILOVER_START:
    case RM_FAILOVER_STOP:
    case RM_FAILOVER_TICK:
    case RM_FAILOVER_CONNECTED:
    case RM_FAILOVER_LINK_LOST:
    case RM_FAILOVER_SHUTDOWN:
    case RM_FAILOVER_READY:
    case RM_FAILOVER_BUSY:
    case RM_FAILOVER_SUSPECT:
    case RM_FAILOVER_AUTOMATIC:
    case RM_FAILOVER_PREFER:
    case RM_FAILOVER_ACKNOWLEDGE:
    case RM_FAILOVER_LINKED:
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
        .machine = record->machine,
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
    begin_row(json);
    time_member(report, json, "time", record->at_ms);
    rm_json_text(json, "what",
                 record->kind == RM_BLACKBOX_FACT ? rm_blackbox_fact_name(record->fact)
                                                  : rm_blackbox_kind_name(record->kind));
    if (record->machine)
    {
        rm_json_number(json, "machine", record->machine);
    }
    if (record->cause != RM_CAUSE_NONE)
    {
        rm_json_text(json, "cause", rm_cause_name(record->cause));
    }
    kind_members(report, record, json);
    if (record->code && record->kind != RM_BLACKBOX_EVENT)
    {
        code_members(json, "code", record->code);
    }
    if (record->link)
    {
        rm_json_number(json, "link", record->link);
    }
    if (record->count > 1)
    {
        rm_json_number(json, "times", record->count);
        time_member(report, json, "until", record->until_ms);
    }
    end_row(json);
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
        begin_row(json);
        time_member(report, json, "time", call->at_ms);
        rm_json_text(json, "call", call->name);
        rm_json_number(json, "machine", call->machine);
        rm_json_text(json, "outcome", rm_blackbox_outcome_name(call->outcome));
        if (call->outcome != RM_BLACKBOX_UNANSWERED)
        {
            code_members(json, "code", call->code);
        }
        rm_json_number(json, "times", call->count);
        rm_json_number(json, "slowestMs", call->slowest_ms);
        end_row(json);
    }
    rm_json_end_array(json);
}

static void second_row(const struct rm_blackbox_report *report,
                       const struct rm_blackbox_second *second, struct rm_json *json)
{
    begin_row(json);
    time_member(report, json, "time", second->from_ms);
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
        rm_json_number(json, "number", i + 1);
        rm_json_number(json, "callbacks", traffic->callbacks);
        rm_json_number(json, "updates", traffic->updates);
        rm_json_number(json, "pingsSent", traffic->pings_sent);
        rm_json_number(json, "pingsAnswered", traffic->pings_answered);
        rm_json_number(json, "slowestPingMs", traffic->slowest_ping_ms);
        rm_json_bool(json, "longCall", traffic->was_busy);
        rm_json_end_object(json);
    }
    rm_json_end_array(json);
    end_row(json);
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

void rm_blackbox_write(const struct rm_blackbox_report *report, struct rm_json *json)
{
    const struct rm_blackbox *box = report->box;
    char time[RM_BLACKBOX_TIME_SIZE];

    rm_json_begin_object(json, NULL);
    summary_array(report, json);
    rm_json_text(json, "format", RM_BLACKBOX_FORMAT);
    rm_json_text(json, "version", report->version);
    rm_blackbox_time_text(report->time_100ns, time);
    rm_json_text(json, "time", time);
    rm_json_text(json, "server", report->config->progid);
    rm_json_text(json, "process", report->process);
    rm_json_number(json, "processId", report->process_id);
    rm_json_number(json, "session", report->session);
    rm_json_number(json, "report", report->number);
    promotions_array(report, json);
    rm_json_begin_array(json, "machines");
    for (unsigned number = 1; number <= box->machine_count; number++)
    {
        machine_row(report, json, number);
    }
    rm_json_end_array(json);
    settings_object(report->config, json);
    timeline_array(report, json);
    calls_array(report, json);
    seconds_array(report, json);
    rm_json_begin_object(json, "droppedForWantOfRoom");
    rm_json_number(json, "timeline", box->records_dropped);
    rm_json_number(json, "failedCalls", box->calls_dropped);
    rm_json_end_object(json);
    rm_json_end_object(json);
}

/* At most `most` characters of it. */
static void append_plain(char *name, const char *text, size_t most)
{
    size_t used = strlen(name);

    for (size_t i = 0; text[i] && i < most && used + 1 < RM_BLACKBOX_NAME_SIZE; i++)
    {
        bool is_plain = isalnum((unsigned char)text[i]) || strchr("._-", text[i]);

        name[used++] = (unsigned char)text[i] < 0x80 && is_plain ? text[i] : '_';
    }
    name[used] = '\0';
}

void rm_blackbox_file_name(const struct rm_blackbox_report *report,
                           char name[RM_BLACKBOX_NAME_SIZE])
{
    char time[RM_BLACKBOX_TIME_SIZE], tail[64];

    rm_blackbox_time_text(report->time_100ns, time);
    snprintf(name, RM_BLACKBOX_NAME_SIZE, "%.4s%.2s%.2sT%.2s%.2s%.2sZ-", time, time + 5, time + 8,
             time + 11, time + 14, time + 17);
    append_plain(name, report->config->progid, 80);
    append_plain(name, "-", 1);
    append_plain(name, report->process, 40);
    snprintf(tail, sizeof tail, "-%" PRIu32 "-%" PRIu32 "-%" PRIu32 ".json", report->process_id,
             report->session, report->number);
    append_plain(name, tail, sizeof tail);
}
