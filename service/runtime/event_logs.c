#include "runtime/event_logs.h"

#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rm/status_section_map.h>
#include <rm/text.h>

#define LOGS_MAX  RM_SERVERS_MAX
#define PREFIX    "\\events-"
#define SUFFIX    ".log"
#define NOTE_SIZE 1024
#define PROCESS   "rmservice.exe"

static bool is_plain(char letter)
{
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || strchr(".-_ ", letter) != NULL;
}

/* The log's file; NULL: no memory. */
static char *make_path(const char *folder, const char *server)
{
    static const char digits[] = "0123456789ABCDEF";
    char *path = malloc(strlen(folder) + strlen(PREFIX) + 3 * strlen(server) + sizeof SUFFIX);
    char *at = path;

    if (!path)
        return NULL;
    at += sprintf(at, "%s" PREFIX, folder);
    for (; *server; server++)
    {
        unsigned char byte = (unsigned char)*server;

        if (is_plain(*server))
            *at++ = *server;
        else
        {
            *at++ = '%';
            *at++ = digits[byte >> 4];
            *at++ = digits[byte & 15];
        }
    }
    strcpy(at, SUFFIX);
    return path;
}

/* Who may send events may send anything. */
static bool is_progid(const char *server)
{
    char clean[RM_PROGID_MAX + 1];

    rm_text_fit(clean, sizeof clean, server);
    rm_text_clean(clean);
    return *server && strcmp(clean, server) == 0;
}

static void free_log(struct rm_server_log *log)
{
    rm_event_log_close(log->log);
    free(log->path);
    free(log);
}

enum rm_status rm_event_logs_find(struct rm_event_logs *logs, const char *server,
                                  struct rm_server_log **log_out)
{
    struct rm_server_log *log = logs->first;
    enum rm_status status;

    *log_out = NULL;
    if (!is_progid(server))
        return RM_E_INVALID;
    while (log && _stricmp(log->server, server) != 0)
        log = log->next;
    if (!log)
    {
        if (logs->count == LOGS_MAX)
            return RM_E_TOO_LARGE;
        log = calloc(1, sizeof *log);
        if (!log)
            return RM_E_NO_MEMORY;
        snprintf(log->server, sizeof log->server, "%s", server);
        log->path = make_path(logs->folder, server);
        status = log->path ? rm_event_log_open(&log->log, log->path,
                                               logs->limit_of(logs->limit_context, server))
                           : RM_E_NO_MEMORY;
        if (status == RM_E_NO_MEMORY)
        {
            free_log(log);
            return status;
        }
        log->next = logs->first;
        logs->first = log;
        logs->count++;
    }
    *log_out = log;
    return RM_OK;
}

/* On transitions only. */
static void tell(struct rm_event_logs *logs, struct rm_server_log *log, bool is_failed)
{
    char text[NOTE_SIZE];

    if (log->is_failure_told == is_failed)
        return;
    log->is_failure_told = is_failed;
    if (is_failed)
        snprintf(text, sizeof text,
                 "Events of '%s' can't be written to %s: %s. They are kept in memory, at most %u, "
                 "until they can be.",
                 log->server, log->path, rm_event_log_reason(log->log),
                 rm_event_log_facts(log->log).limit);
    else
        snprintf(text, sizeof text, "Events of '%s' are written to %s again.", log->server,
                 log->path);
    logs->note(logs->context, is_failed ? RM_SEVERITY_ERROR : RM_SEVERITY_INFORMATIONAL, text);
}

/* For those who watch this computer rather than us. */
static void report(const struct rm_event_logs *logs, const struct rm_event_record *record)
{
    char text[RM_EVENT_TEXT_SIZE + RM_EVENT_PROCESS_SIZE + 16];

    if (record->severity == RM_SEVERITY_INFORMATIONAL)
        return;
    snprintf(text, sizeof text, "%s (%u): %s", record->process, record->source.process_id,
             record->text);
    logs->report(logs->context, record->severity, text);
}

enum rm_status rm_event_logs_append(struct rm_event_logs *logs, struct rm_server_log *log,
                                    const struct rm_event_record *record)
{
    uint64_t end = rm_event_log_facts(log->log).end;
    enum rm_status status = rm_event_log_append(log->log, record);

    if (status == RM_E_NO_MEMORY)
        return status;
    if (rm_event_log_facts(log->log).end != end)
        report(logs, record); /* else it was handed over before */
    tell(logs, log, status == RM_E_IO);
    return rm_event_log_facts(log->log).pending ? RM_E_IO : RM_OK;
}

void rm_event_logs_set_limits(struct rm_event_logs *logs)
{
    for (struct rm_server_log *log = logs->first; log; log = log->next)
    {
        uint32_t limit = logs->limit_of(logs->limit_context, log->server);

        if (rm_event_log_facts(log->log).limit != limit)
            tell(logs, log, rm_event_log_set_limit(log->log, limit) == RM_E_IO);
    }
}

enum rm_status rm_event_logs_add_own(struct rm_event_logs *logs, const struct rm_event *event,
                                     uint64_t time)
{
    struct rm_event_record record = {
        .severity = rm_event_severity(event->id),
        .id = event->id,
        .machine = event->machine,
        .time_100ns = time,
        .source = {.process_id = GetCurrentProcessId(),
                   .process_start_100ns = rm_status_process_started()},
        .number = ++logs->own_last
    };
    struct rm_server_log *log;
    enum rm_status status = rm_event_logs_find(logs, event->server, &log);

    if (status != RM_OK)
        return status;
    rm_text_fit(record.name, sizeof record.name, rm_event_name(event->id));
    rm_text_fit(record.process, sizeof record.process, PROCESS);
    rm_event_format(event, record.text, sizeof record.text);
    return rm_event_logs_append(logs, log, &record);
}

void rm_event_logs_flush(struct rm_event_logs *logs)
{
    for (struct rm_server_log *log = logs->first; log; log = log->next)
    {
        if (rm_event_log_facts(log->log).pending)
            tell(logs, log, rm_event_log_flush(log->log) != RM_OK);
    }
}

void rm_event_logs_close(struct rm_event_logs *logs)
{
    while (logs->first)
    {
        struct rm_server_log *log = logs->first;

        logs->first = log->next;
        free_log(log);
    }
    logs->count = 0;
}
