/* rmctl events: what has happened to a redundant server, from the service's log. */
#include <windows.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <rm/event_log.h>
#include <rm/event_record.h>
#include <rm/status_section_map.h>
#include <rm/text.h>

#include <hooks/wide.h>

#include "ctl.h"
#include "output.h"
#include "service_call.h"
#include "since.h"
#include "stop.h"

#define LAST_PRESET 100
#define FOLLOW_MS   200

static const struct ctl_option event_options[] = {
    {"--last",     "N",    "only of the last N events (100; 0: all)"                       },
    {"--severity", "WORD", "only of this severity or worse: informational, warning, error" },
    {"--event",    "NAME", "only these, connectFailed for example"                         },
    {"--process",  "TEXT", "only of processes with this in their name"                     },
    {"--machine",  "N",    "only those about machine N"                                    },
    {"--since",    "TIME", "only those since: 30m, 2h, 7d ago; \"2026-11-21 03:00\""       },
    {"--follow",   NULL,   "goes on with each new event until Ctrl+C, or the service stops"},
    {"--save",     "FILE", "into a text file, columns separated by tabs"                   },
    {"--reset",    NULL,   "removes all events, in the file, too (administrator)"          },
    SERVICE_CALL_OPTION,
};

struct listing
{
    struct ctl *ctl;
    enum rm_severity least;
    const char *event, *process; /* NULL: any */
    unsigned machine;            /* 0: any */
    uint64_t since;              /* FILETIME, UTC */
    FILE *file;                  /* NULL: standard output */
    uint64_t place;              /* of the last event that came */
    unsigned came, shown;
    bool has_stopped; /* the service has said that it does */
};

static bool is_wanted(const struct listing *listing, const struct rm_event_record *record)
{
    return record->severity >= listing->least && record->time_100ns >= listing->since &&
           (listing->machine == 0 || listing->machine == record->machine) &&
           (listing->event == NULL || strcmp(record->name, listing->event) == 0) &&
           (listing->process == NULL || strstr(record->process, listing->process) != NULL);
}

static void to_record(const struct rm_wire_event_row *row, struct rm_event_record *record)
{
    memset(record, 0, sizeof *record);
    record->time_100ns = row->event.time;
    record->severity = row->event.severity < RM_SEVERITY_COUNT
                           ? (enum rm_severity)row->event.severity
                           : RM_SEVERITY_ERROR;
    record->id = rm_event_find(row->event.name);
    rm_text_fit(record->name, sizeof record->name, row->event.name);
    record->machine = row->event.machine;
    rm_text_fit(record->process, sizeof record->process, row->program);
    record->source.process_id = row->process_id;
    record->source.process_start_100ns = row->process_started;
    record->source.session = row->event.session;
    record->number = row->event.number;
    rm_text_fit(record->text, sizeof record->text, row->event.text);
}

/* "2026-11-21 03:11:22.123" of the user's time zone, in two. */
static void split_time(uint64_t time, char buffer[OUTPUT_TIME_SIZE], const char **date,
                       const char **clock)
{
    output_time(time, false, buffer);
    char *space = strchr(buffer, ' ');
    *date = buffer;
    *clock = "";
    if (space != NULL)
    {
        *space = '\0';
        *clock = space + 1;
    }
}

static void print_json_line(const struct rm_event_record *record)
{
    struct rm_json json = {.put = ctl_put_json, .is_compact = true};
    rm_event_record_json(record, &json);
    output_print("\n");
}

static void show(struct listing *listing, const struct rm_event_record *record)
{
    char time[OUTPUT_TIME_SIZE], row[RM_EVENT_ROW_SIZE], process[RM_EVENT_PROCESS_SIZE + 16];
    const char *date, *clock;
    listing->shown++;
    split_time(record->time_100ns, time, &date, &clock);
    if (listing->file != NULL)
    {
        rm_event_record_row(record, date, clock, row);
        fprintf(listing->file, "%s\r\n", row);
    }
    else if (listing->ctl->is_json)
    {
        print_json_line(record);
    }
    else
    {
        snprintf(process, sizeof process, "%s (%u)", record->process, record->source.process_id);
        output_print("%s %s  %-13s  %-24s  %s\n", date, clock, rm_severity_name(record->severity),
                     process, record->text);
    }
}

static void take_row(void *context, const struct rm_wire_message *answer)
{
    struct listing *listing = context;
    struct rm_event_record record;
    if (answer->type != RM_WIRE_EVENT_ROW)
    {
        return;
    }
    listing->came++;
    listing->place = answer->body.event_row.place;
    to_record(&answer->body.event_row, &record);
    if (is_wanted(listing, &record))
    {
        show(listing, &record);
    }
}

/* Whatever there is behind the last place that was seen. */
static enum ctl_exit list_more(struct ctl *ctl, struct rm_service_pipe *pipe,
                               struct listing *listing, unsigned last)
{
    struct rm_wire_message request = {.type = RM_WIRE_LIST_EVENTS};
    enum ctl_exit status = CTL_FINE;
    rm_text_fit(request.body.list.server, sizeof request.body.list.server, ctl->plain[0]);
    request.body.list.last = last;
    request.body.list.maximum = RM_WIRE_EVENTS_MAX;
    do
    {
        listing->came = 0;
        request.body.list.after = listing->place;
        status = service_call_ask(ctl, pipe, &request, take_row, listing);
    } while (status == CTL_FINE && listing->came == RM_WIRE_EVENTS_MAX && !output_is_broken());
    return status;
}

static void hear(void *context, const struct rm_wire_message *message)
{
    struct listing *listing = context;
    listing->has_stopped = listing->has_stopped || message->type == RM_WIRE_STOPPING;
}

/* RM-250: nobody else can tell that. */
static void show_left(struct listing *listing)
{
    const struct rm_event event = {
        .id = RM_EVENT_SERVICE_LEFT, .server = "", .host = "", .detail = ""};
    struct rm_event_record record = {.time_100ns = rm_status_now(),
                                     .severity = rm_event_severity(event.id),
                                     .id = event.id,
                                     .source.process_id = GetCurrentProcessId(),
                                     .source.process_start_100ns = rm_status_process_started()};
    rm_text_fit(record.name, sizeof record.name, rm_event_name(event.id));
    rm_status_process_name(record.process, sizeof record.process);
    rm_event_format(&event, record.text, sizeof record.text);
    show(listing, &record);
}

/* Ends by itself when the service does: well if it has said so. */
static enum ctl_exit follow(struct ctl *ctl, struct rm_service_pipe *pipe, struct listing *listing)
{
    HANDLE stop = stop_event();
    enum ctl_exit status = CTL_FINE;
    rm_service_pipe_hear(pipe, hear, listing);
    while (status == CTL_FINE && !listing->has_stopped && !output_is_broken() &&
           WaitForSingleObject(stop, FOLLOW_MS) == WAIT_TIMEOUT)
    {
        status = list_more(ctl, pipe, listing, 0);
    }
    if (status != CTL_FINE || listing->has_stopped)
    {
        show_left(listing);
    }
    return status;
}

static enum ctl_exit reset(struct ctl *ctl, struct rm_service_pipe *pipe)
{
    struct rm_wire_message request = {.type = RM_WIRE_RESET_EVENTS};
    rm_text_fit(request.body.list.server, sizeof request.body.list.server, ctl->plain[0]);
    enum ctl_exit status = service_call_ask(ctl, pipe, &request, NULL, NULL);
    if (status == CTL_FINE)
    {
        ctl_note(ctl, "All events of '%s' are removed.", ctl->plain[0]);
        if (ctl->is_json)
        {
            ctl_print_result(ctl, status);
        }
    }
    return status;
}

/* Who names a time wants all events since. */
static enum ctl_exit take_numbers(struct ctl *ctl, struct listing *listing, unsigned *last)
{
    const char *count = ctl_value(ctl, "--last");
    const char *machine = ctl_value(ctl, "--machine");
    const char *since = ctl_value(ctl, "--since");
    enum ctl_exit status = CTL_FINE;
    *last = since != NULL ? 0 : LAST_PRESET;
    if (since != NULL && !since_parse(since, rm_status_now(), &listing->since))
    {
        return ctl_misuse(ctl,
                          "'%s' is no time: give 30m, 2h or 7d, \"2026-11-21 03:00\" in local "
                          "time, or a time of --json.",
                          since);
    }
    if (machine != NULL)
    {
        status = ctl_number(ctl, "--machine", machine, 1, RM_MACHINES_MAX, &listing->machine);
    }
    if (status == CTL_FINE && count != NULL)
    {
        status = ctl_number(ctl, "--last", count, 0, RM_EVENT_LOG_LIMIT_MAX, last);
    }
    return status;
}

static enum ctl_exit take_options(struct ctl *ctl, struct listing *listing, unsigned *last)
{
    const char *severity = ctl_value(ctl, "--severity");
    *listing = (struct listing){
        .ctl = ctl, .event = ctl_value(ctl, "--event"), .process = ctl_value(ctl, "--process")};
    if (ctl_has(ctl, "--reset") && ctl->given_count > (ctl_has(ctl, "--instance") ? 2 : 1))
    {
        return ctl_misuse(ctl, "--reset removes all events: give no other options with it.");
    }
    if (ctl_has(ctl, "--save") && (ctl_has(ctl, "--follow") || ctl->is_json))
    {
        return ctl_misuse(ctl, "--save goes neither with --follow nor with --json.");
    }
    while (severity != NULL && listing->least < RM_SEVERITY_COUNT &&
           _stricmp(severity, rm_severity_name(listing->least)) != 0)
    {
        listing->least++;
    }
    if (listing->least == RM_SEVERITY_COUNT)
    {
        return ctl_misuse(ctl, "'%s' is no severity: give informational, warning or error.",
                          severity);
    }
    if (listing->event != NULL && rm_event_find(listing->event) == RM_EVENT_COUNT)
    {
        return ctl_misuse(ctl, "There is no event '%s'. 'rmctl events --json' shows their names.",
                          listing->event);
    }
    return take_numbers(ctl, listing, last);
}

/* Takes the listing into the file that --save names. */
static enum ctl_exit save(struct ctl *ctl, struct rm_service_pipe *pipe, struct listing *listing,
                          unsigned last)
{
    const char *path = ctl_value(ctl, "--save");
    wchar_t wide[CTL_PATH_SIZE];
    enum ctl_exit status;
    listing->file = rm_wide_from_utf8(path, wide, CTL_PATH_SIZE) ? _wfopen(wide, L"wb") : NULL;
    if (listing->file == NULL)
    {
        return ctl_fail(ctl, "%s can't be written: %s.", path, strerror(errno));
    }
    fprintf(listing->file, "%s\r\n", RM_EVENT_ROW_HEAD);
    status = list_more(ctl, pipe, listing, last);
    if (fclose(listing->file) != 0 && status == CTL_FINE)
    {
        status = ctl_fail(ctl, "%s could not be written to its end: %s.", path, strerror(errno));
    }
    if (status == CTL_FINE)
    {
        ctl_note(ctl, "%u events of '%s' are in %s.", listing->shown, ctl->plain[0], path);
    }
    return status;
}

static enum ctl_exit run_events(struct ctl *ctl)
{
    struct rm_service_pipe *pipe;
    struct listing listing;
    unsigned last = 0;
    enum ctl_exit status = take_options(ctl, &listing, &last);
    if (status == CTL_FINE)
    {
        status = service_call_open(ctl, &pipe);
    }
    if (status != CTL_FINE)
    {
        return status;
    }
    if (ctl_has(ctl, "--reset"))
    {
        status = reset(ctl, pipe);
    }
    else if (ctl_has(ctl, "--save"))
    {
        status = save(ctl, pipe, &listing, last);
    }
    else
    {
        status = list_more(ctl, pipe, &listing, last);
        if (status == CTL_FINE && ctl_has(ctl, "--follow"))
        {
            status = follow(ctl, pipe, &listing);
        }
        else if (status == CTL_FINE && listing.shown == 0 && !ctl->is_json)
        {
            output_print("There is no such event of '%s'.\n", ctl->plain[0]);
        }
    }
    rm_service_pipe_close(pipe);
    return status;
}

const struct ctl_command ctl_command_events = {
    .name = "events",
    .arguments = "PROGID [options]",
    .summary = "shows what has happened to a redundant server, from the service's log",
    .details =
        "One line for each event: local time, severity, the client's process, the text. With\n"
        "--json one object on a line each, with times in UTC and the event's name.",
    .options = event_options,
    .option_count = sizeof event_options / sizeof *event_options,
    .plain_min = 1,
    .plain_max = 1,
    .prints_json = true,
    .run = run_events,
};
