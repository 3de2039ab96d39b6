/* show.c: an event for people and programs: as JSON, and as a row of a list. */
#include <rm/event_record.h>

#include <inttypes.h>
#include <stdio.h>

#include <rm/utc.h>

void rm_event_record_json(const struct rm_event_record *record, struct rm_json *json)
{
    char time[RM_UTC_TEXT_SIZE], start[RM_UTC_TEXT_SIZE];

    rm_utc_format(record->time_100ns, time);
    rm_utc_format(record->source.process_start_100ns, start);
    rm_json_begin_object(json, NULL);
    rm_json_text(json, "time", time);
    rm_json_text(json, "severity", rm_severity_name(record->severity));
    rm_json_text(json, "event",
                 record->id != RM_EVENT_COUNT ? rm_event_name(record->id) : record->name);
    if (record->machine != 0)
    {
        rm_json_number(json, "machine", record->machine);
    }
    rm_json_text(json, "process", record->process);
    rm_json_number(json, "processId", record->source.process_id);
    rm_json_text(json, "processStart", start);
    rm_json_number(json, "session", record->source.session);
    if (record->number != 0)
    {
        rm_json_number(json, "number", record->number);
    }
    rm_json_text(json, "text", record->text);
    rm_json_end_object(json);
}

/* A tab or an end of line would make it another row, or another column. */
static void blank_controls(const char *text, char *plain)
{
    for (; *text != '\0'; text++, plain++)
    {
        unsigned char byte = (unsigned char)*text;

        *plain = (char)(byte < 0x20 || byte == 0x7f ? ' ' : byte);
    }
    *plain = '\0';
}

void rm_event_record_row(const struct rm_event_record *record, const char *date, const char *time,
                         char row[RM_EVENT_ROW_SIZE])
{
    char process[sizeof record->process], text[sizeof record->text];

    blank_controls(record->process, process);
    blank_controls(record->text, text);
    snprintf(row, RM_EVENT_ROW_SIZE, "%.60s\t%.60s\t%s (%" PRIu32 ")\t%s\t%s", date, time, process,
             record->source.process_id, text, rm_severity_name(record->severity));
}
