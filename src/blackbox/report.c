/* report.c: the JSON of a report. Rows of a list stand on one line each. */
#include "internal.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <rm/code_words.h>

void rm_blackbox_time_member(const struct rm_blackbox_report *report, struct rm_json *json,
                             const char *name, uint64_t at_ms)
{
    char time[RM_BLACKBOX_TIME_SIZE];

    rm_blackbox_time_text(rm_blackbox_filetime(report->box, at_ms), time);
    rm_json_text(json, name, time);
}

void rm_blackbox_code_members(struct rm_json *json, const char *name, uint32_t code)
{
    const char *words = rm_code_words(code);
    char text[16];

    snprintf(text, sizeof text, "0x%08" PRIX32, code);
    rm_json_text(json, name, text);
    if (*words)
    {
        rm_json_text(json, "meaning", words);
    }
}

void rm_blackbox_begin_row(struct rm_json *json)
{
    rm_json_begin_object(json, NULL);
    json->is_compact = true;
}

void rm_blackbox_end_row(struct rm_json *json)
{
    rm_json_end_object(json);
    json->is_compact = false;
}

/* ---- what happened ------------------------------------------------------------------------- */

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
    rm_blackbox_begin_row(json);
    rm_blackbox_time_member(report, json, "time", promotion->at_ms);
    rm_json_number(json, "from", rm_blackbox_shown(report, promotion->from));
    rm_json_number(json, "to", rm_blackbox_shown(report, promotion->to));
    rm_json_text(json, "cause",
                 promotion->to ? rm_cause_name(promotion->cause) : "all machines lost");
    rm_json_number(json, "generation", promotion->generation);
    if (promotion->lost_at_ms)
    {
        rm_blackbox_time_member(report, json, "lostAt", promotion->lost_at_ms);
        rm_json_text(json, "lostCause", rm_cause_name(promotion->lost_cause));
        rm_blackbox_code_members(json, "code", promotion->lost_code);
    }
    if (promotion->answered_ms)
    {
        rm_blackbox_time_member(report, json, "lastPingAnswered", promotion->answered_ms);
    }
    if (promotion->data_ms)
    {
        rm_json_number(json, "firstDataAfterMs", (int64_t)(promotion->data_ms - promotion->at_ms));
    }
    rm_blackbox_end_row(json);
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

unsigned rm_blackbox_shown(const struct rm_blackbox_report *report, unsigned number)
{
    const struct rm_failover_machine *machines = report->failover->machines;
    unsigned shown = 0;

    if (number == 0 || machines[number - 1].rank != 0)
    {
        return number ? machines[number - 1].rank : 0;
    }
    for (unsigned other = 1; other <= report->box->machine_count; other++)
    {
        shown += machines[other - 1].rank != 0 || other <= number;
    }
    return shown;
}

/* ---- who, and how it is now ---------------------------------------------------------------- */

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

    rm_blackbox_begin_row(json);
    rm_json_number(json, "number", rm_blackbox_shown(report, number));
    rm_json_text(json, "host", report->config->machines[number - 1].host);
    rm_json_text(json, "progid", rm_server_machine_progid(report->config, number));
    rm_json_bool(json, "removed", machine->rank == 0);
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
        rm_blackbox_code_members(json, "lastCode", machine->last_code);
    }
    rm_blackbox_end_row(json);
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
    rm_blackbox_write_minute(report, json);
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

    for (size_t i = 0; i < most && text[i] && used + 1 < RM_BLACKBOX_NAME_SIZE; i++)
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
