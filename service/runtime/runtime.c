#include "runtime/runtime.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pipe/pipe_server.h>
#include <rm/json.h>
#include <rm/status_section_map.h>
#include <rm/text.h>

#include "runtime/commands.h"
#include "runtime/decisions.h"
#include "runtime/event_logs.h"
#include "runtime/figures.h"
#include "runtime/log_folder.h"
#include "runtime/monitoring.h"
#include "runtime/sessions.h"
#include "runtime/status_rows.h"
#include "runtime/switches.h"

#define ROUND_MS   1000u
#define FLUSH_MS   2000u
#define CUTS_TOLD  10u /* peers that were cut off are told of so often in an hour */
#define AN_HOUR_MS 3600000u

#define FAREWELL_MS 1000u

struct rm_runtime
{
    struct rm_runtime_terms terms;
    char *instance, *config, *folder;
    struct rm_pipe_server *pipe;
    struct rm_monitoring *monitoring;
    struct rm_decisions *decisions;
    struct rm_figures *figures;
    struct rm_registered_list sessions;
    struct rm_event_logs logs;
    struct rm_commands commands;
    struct rm_switches switches;
    ULONGLONG flushed_ms;
    ULONGLONG cuts_since_ms;
    unsigned cuts;
};

/* ---- requests ------------------------------------------------------------------------------ */

static void welcome(struct rm_runtime *runtime, struct rm_pipe_peer *peer, uint32_t sequence)
{
    struct rm_wire_message answer = {.type = RM_WIRE_WELCOME, .sequence = sequence};

    answer.body.welcome.process_id = GetCurrentProcessId();
    rm_text_fit(answer.body.welcome.instance, sizeof answer.body.welcome.instance,
                runtime->instance);
    rm_text_fit(answer.body.welcome.version, sizeof answer.body.welcome.version, RM_VERSION);
    rm_pipe_peer_send(peer, &answer);
    rm_pipe_peer_send_done(peer, sequence);
}

static void begin_session(struct rm_runtime *runtime, struct rm_pipe_peer *peer,
                          const struct rm_wire_message *request)
{
    const struct rm_wire_session *session = &request->body.session;
    enum rm_status status = rm_registered_enter(&runtime->sessions, peer, session, rm_status_now());

    if (status == RM_OK)
    {
        if (runtime->decisions)
            rm_decisions_begin(runtime->decisions,
                               rm_registered_find(&runtime->sessions, peer, session->session));
        rm_pipe_peer_send_done(peer, request->sequence);
        rm_monitoring_welcome(runtime->monitoring, peer, request->body.session.server);
    }
    else
        rm_pipe_peer_send_error(peer, request->sequence, status,
                                "The session can't be registered: %s.", rm_status_text(status));
}

static void set_active(struct rm_runtime *runtime, struct rm_pipe_peer *peer,
                       const struct rm_wire_message *request)
{
    const struct rm_wire_active *active = &request->body.active;
    struct rm_registered *entry = rm_registered_find(&runtime->sessions, peer, active->session);

    if (entry && runtime->decisions)
        rm_decisions_active(runtime->decisions, entry, active);
    rm_pipe_peer_send_done(peer, request->sequence);
}

static void refuse_log(struct rm_pipe_peer *peer, uint32_t sequence, const char *server,
                       enum rm_status status)
{
    rm_pipe_peer_send_error(peer, sequence, status, "There is no event log of '%s': %s.", server,
                            rm_status_text(status));
}

static void store_event(struct rm_runtime *runtime, struct rm_pipe_peer *peer,
                        const struct rm_wire_message *request)
{
    const struct rm_wire_hello *hello = rm_pipe_peer_hello(peer);
    const struct rm_wire_event *event = &request->body.event;
    struct rm_event_record record = {
        .time_100ns = event->time,
        .severity = event->severity < RM_SEVERITY_COUNT ? (enum rm_severity)event->severity
                                                        : RM_SEVERITY_ERROR,
        .id = rm_event_find(event->name),
        .machine = event->machine,
        .source = {hello->process_id, hello->process_started, event->session},
        .number = event->number,
    };
    struct rm_server_log *log;
    enum rm_status status = rm_event_logs_find(&runtime->logs, event->server, &log);

    if (status != RM_OK)
    {
        refuse_log(peer, request->sequence, event->server, status);
        return;
    }
    rm_text_fit(record.name, sizeof record.name, event->name);
    rm_text_fit(record.process, sizeof record.process, hello->program);
    rm_text_fit(record.text, sizeof record.text, event->text);
    rm_text_clean(record.process);
    rm_text_clean(record.text);
    if (record.id == RM_EVENT_COMMANDED)
    {
        rm_pipe_peer_send_done(peer, request->sequence); /* runtime/commands.h tells it */
        return;
    }
    rm_monitoring_heard(runtime->monitoring, event->server, record.id, event->machine);
    status = rm_event_logs_append(&runtime->logs, log, &record);
    if (status == RM_OK)
        rm_pipe_peer_send_done(peer, request->sequence);
    else
        rm_pipe_peer_send_error(peer, request->sequence, status, "The event can't be stored: %s.",
                                rm_event_log_reason(log->log));
}

static void list_sessions(struct rm_runtime *runtime, struct rm_pipe_peer *peer,
                          const struct rm_wire_message *request)
{
    const char *server = request->body.list.server;
    const struct rm_registered *entry;

    for (entry = runtime->sessions.first; entry; entry = entry->next)
    {
        struct rm_wire_message row = {.type = RM_WIRE_SESSION_ROW, .sequence = request->sequence};

        if (*server && _stricmp(server, entry->session.server) != 0)
            continue;
        row.body.session_row.process = *rm_pipe_peer_hello(entry->peer);
        row.body.session_row.session = entry->session;
        row.body.session_row.begun = entry->begun;
        rm_pipe_peer_send(peer, &row);
    }
    rm_pipe_peer_send_done(peer, request->sequence);
}

static void send_event_row(struct rm_pipe_peer *peer, uint32_t sequence, const char *server,
                           uint64_t place, const struct rm_event_record *record)
{
    struct rm_wire_message message = {.type = RM_WIRE_EVENT_ROW, .sequence = sequence};
    struct rm_wire_event_row *row = &message.body.event_row;

    row->place = place;
    row->process_id = record->source.process_id;
    row->process_started = record->source.process_start_100ns;
    row->event.time = record->time_100ns;
    row->event.session = record->source.session;
    row->event.number = record->number;
    row->event.severity = (uint32_t)record->severity;
    row->event.machine = record->machine;
    rm_text_fit(row->program, sizeof row->program, record->process);
    rm_text_fit(row->event.server, sizeof row->event.server, server);
    rm_text_fit(row->event.name, sizeof row->event.name, record->name);
    rm_text_fit(row->event.text, sizeof row->event.text, record->text);
    rm_pipe_peer_send(peer, &message);
}

/* An event is shown once it is on the disk. */
static void list_events(struct rm_runtime *runtime, struct rm_pipe_peer *peer,
                        const struct rm_wire_message *request)
{
    const struct rm_wire_list *list = &request->body.list;
    uint64_t maximum = list->maximum < RM_WIRE_EVENTS_MAX ? list->maximum : RM_WIRE_EVENTS_MAX;
    struct rm_event_log_facts facts;
    struct rm_server_log *log;
    enum rm_status status = rm_event_logs_find(&runtime->logs, list->server, &log);
    uint64_t place, end;

    if (status != RM_OK)
    {
        refuse_log(peer, request->sequence, list->server, status);
        return;
    }
    facts = rm_event_log_facts(log->log);
    end = facts.end - facts.pending;
    place = facts.first;
    if (list->last && end - place > list->last)
        place = end - list->last;
    if (list->after >= place)
        place = list->after + 1;
    for (; place < end && maximum; place++, maximum--)
    {
        struct rm_event_record record;

        if (rm_event_log_get(log->log, place, &record))
            send_event_row(peer, request->sequence, log->server, place, &record);
    }
    rm_pipe_peer_send_done(peer, request->sequence);
}

static void reset_events(struct rm_runtime *runtime, struct rm_pipe_peer *peer,
                         const struct rm_wire_message *request)
{
    struct rm_server_log *log;
    enum rm_status status = rm_event_logs_find(&runtime->logs, request->body.list.server, &log);

    if (status != RM_OK)
    {
        refuse_log(peer, request->sequence, request->body.list.server, status);
        return;
    }
    status = rm_event_log_reset(log->log);
    if (status == RM_OK)
        rm_pipe_peer_send_done(peer, request->sequence);
    else
        rm_pipe_peer_send_error(peer, request->sequence, status,
                                "The events of '%s' in %s can't be removed: %s.", log->server,
                                log->path, rm_event_log_reason(log->log));
}

static void tell_figures(struct rm_runtime *runtime, struct rm_pipe_peer *peer,
                         const struct rm_wire_message *request)
{
    struct rm_json_buffer buffer = {.bytes = NULL};
    enum rm_metrics_format format = request->body.metrics.format == RM_METRICS_OPENMETRICS
                                        ? RM_METRICS_OPENMETRICS
                                        : RM_METRICS_PROMETHEUS;

    rm_figures_write(runtime->figures, format, rm_json_buffer_put, &buffer);
    for (size_t at = 0; !buffer.is_short_of_memory && at < buffer.size;)
    {
        struct rm_wire_message row = {.type = RM_WIRE_TEXT_ROW, .sequence = request->sequence};

        rm_text_fit(row.body.text_row.text, sizeof row.body.text_row.text, buffer.bytes + at);
        at += strlen(row.body.text_row.text);
        rm_pipe_peer_send(peer, &row);
    }
    if (buffer.is_short_of_memory)
        rm_pipe_peer_send_error(peer, request->sequence, RM_E_NO_MEMORY,
                                "There is not enough memory for the figures.");
    else
        rm_pipe_peer_send_done(peer, request->sequence);
    free(buffer.bytes);
}

static void list_status(struct rm_runtime *runtime, struct rm_pipe_peer *peer,
                        const struct rm_wire_message *request)
{
    const struct rm_status_rows rows = {runtime->monitoring, &runtime->sessions,
                                        &runtime->switches};

    rm_status_rows_send(&rows, peer, request);
}

static void received(void *context, struct rm_pipe_peer *peer,
                     const struct rm_wire_message *request)
{
    struct rm_runtime *runtime = context;

    switch (request->type)
    {
    case RM_WIRE_HELLO: welcome(runtime, peer, request->sequence); break;
    case RM_WIRE_SESSION_BEGIN: begin_session(runtime, peer, request); break;
    case RM_WIRE_SESSION_ACTIVE: set_active(runtime, peer, request); break;
    case RM_WIRE_SESSION_END:
        rm_registered_leave(&runtime->sessions, peer, request->body.session.session);
        rm_decisions_look(runtime->decisions);
        rm_pipe_peer_send_done(peer, request->sequence);
        break;
    case RM_WIRE_EVENT: store_event(runtime, peer, request); break;
    case RM_WIRE_LIST_SESSIONS: list_sessions(runtime, peer, request); break;
    case RM_WIRE_LIST_EVENTS: list_events(runtime, peer, request); break;
    case RM_WIRE_RESET_EVENTS: reset_events(runtime, peer, request); break;
    case RM_WIRE_METRICS: tell_figures(runtime, peer, request); break;
    case RM_WIRE_COMMAND: rm_commands_give(&runtime->commands, peer, request); break;
    case RM_WIRE_TAKE_BACK: rm_commands_take_back(&runtime->commands, peer, request); break;
    case RM_WIRE_LIST_STATUS: list_status(runtime, peer, request); break;
    case RM_WIRE_SERVER_ROW:
    case RM_WIRE_MACHINE_ROW:
    case RM_WIRE_STOPPING:
    case RM_WIRE_NONE:
    case RM_WIRE_WELCOME:
    case RM_WIRE_SESSION_ROW:
    case RM_WIRE_EVENT_ROW:
    case RM_WIRE_DONE:
    case RM_WIRE_ERROR:
    case RM_WIRE_VERDICT:
    case RM_WIRE_AGREED:
    case RM_WIRE_TEXT_ROW:
    case RM_WIRE_TYPE_COUNT: break; /* nobody has the right to these */
    }
}

/* Whoever is cut off comes again and again, maybe. */
static void tell_cut(struct rm_runtime *runtime, const struct rm_pipe_peer *peer,
                     const char *reason)
{
    const struct rm_wire_hello *hello = rm_pipe_peer_hello(peer);
    ULONGLONG now_ms = GetTickCount64();
    char text[256];

    if (now_ms - runtime->cuts_since_ms > AN_HOUR_MS)
    {
        runtime->cuts_since_ms = now_ms;
        runtime->cuts = 0;
    }
    if (runtime->cuts++ >= CUTS_TOLD)
        return;
    snprintf(text, sizeof text, "The program '%s' (%u) was cut off from the service: %s.%s",
             *hello->program ? hello->program : "?", hello->process_id, reason,
             runtime->cuts == CUTS_TOLD ? " Further ones are not told for an hour." : "");
    runtime->terms.note(runtime->terms.context, RM_SEVERITY_WARNING, text);
}

static void gone(void *context, struct rm_pipe_peer *peer, const char *reason)
{
    struct rm_runtime *runtime = context;

    rm_registered_leave_all(&runtime->sessions, peer);
    rm_decisions_look(runtime->decisions);
    if (reason)
        tell_cut(runtime, peer, reason);
}

static uint32_t limit_of(void *context, const char *server)
{
    struct rm_runtime *runtime = context;

    return rm_monitoring_event_limit(runtime->monitoring, server);
}

/* ---- its life ------------------------------------------------------------------------------ */

static int link_group(void *context, const char *server)
{
    struct rm_runtime *runtime = context;
    const struct rm_server_config *config =
        rm_config_find(rm_monitoring_config(runtime->monitoring), server);

    return config ? (int)config->link_group : -1;
}

static uint32_t lost(void *context, const char *server)
{
    struct rm_runtime *runtime = context;

    return rm_monitoring_lost(runtime->monitoring, server);
}

static void agreed(void *context, const char *server, unsigned machine, const char *detail)
{
    struct rm_runtime *runtime = context;
    const struct rm_server_config *config =
        rm_config_find(rm_monitoring_config(runtime->monitoring), server);
    struct rm_event event = {
        .id = RM_EVENT_AGREED, .server = server, .machine = machine, .detail = detail};

    if (!config || machine > config->machine_count)
        return;
    event.host = config->machines[machine - 1].host;
    rm_event_logs_add_own(&runtime->logs, &event, rm_status_now());
}

static unsigned where(void *context, const char *server)
{
    struct rm_runtime *runtime = context;

    return runtime->decisions ? rm_decisions_where(runtime->decisions, server) : 0;
}

static void wake(void *context)
{
    rm_pipe_server_wake(context);
}

static DWORD open_parts(struct rm_runtime *runtime)
{
    struct rm_pipe_handler handler = {runtime, received, gone};
    struct rm_monitoring_terms terms = {.config_path = runtime->config,
                                        .sessions = &runtime->sessions,
                                        .logs = &runtime->logs,
                                        .where = where,
                                        .where_context = runtime,
                                        .wake = wake,
                                        .note = runtime->terms.note,
                                        .note_context = runtime->terms.context};
    struct rm_decisions_terms decisions = {.sessions = &runtime->sessions,
                                           .context = runtime,
                                           .link_group = link_group,
                                           .lost = lost,
                                           .agreed = agreed};
    struct rm_figures_terms figures = {.instance = runtime->instance,
                                       .folder = runtime->folder,
                                       .note = runtime->terms.note,
                                       .note_context = runtime->terms.context};
    DWORD error;

    rm_log_folder_make(runtime->folder);
    rm_switches_open(&runtime->switches);
    error = rm_pipe_server_open(runtime->instance, &handler, &runtime->pipe);
    if (error)
        return error;
    terms.wake_context = runtime->pipe;
    runtime->monitoring = rm_monitoring_new(&terms);
    runtime->decisions = rm_decisions_new(&decisions);
    runtime->figures = rm_figures_new(&figures);
    return runtime->monitoring && runtime->decisions && runtime->figures ? 0
                                                                         : ERROR_NOT_ENOUGH_MEMORY;
}

DWORD rm_runtime_open(const struct rm_runtime_terms *terms, struct rm_runtime **runtime_out)
{
    struct rm_runtime *runtime = calloc(1, sizeof *runtime);
    DWORD error = ERROR_NOT_ENOUGH_MEMORY;

    *runtime_out = NULL;
    if (!runtime)
        return error;
    runtime->terms = *terms;
    runtime->instance = _strdup(terms->instance);
    runtime->config = _strdup(terms->config);
    runtime->folder = _strdup(terms->folder);
    runtime->logs = (struct rm_event_logs){.folder = runtime->folder,
                                           .note = terms->note,
                                           .report = terms->report,
                                           .context = terms->context,
                                           .limit_of = limit_of,
                                           .limit_context = runtime};
    runtime->commands.logs = &runtime->logs;
    runtime->commands.instance = runtime->instance;
    if (runtime->instance && runtime->config && runtime->folder)
        error = open_parts(runtime);
    if (error)
    {
        rm_runtime_close(runtime);
        return error;
    }
    *runtime_out = runtime;
    return 0;
}

void rm_runtime_serve(struct rm_runtime *runtime)
{
    ULONGLONG now_ms = GetTickCount64();

    if (now_ms - runtime->flushed_ms >= FLUSH_MS)
    {
        runtime->flushed_ms = now_ms;
        rm_event_logs_flush(&runtime->logs);
    }
    rm_commands_tell(&runtime->commands);
    rm_switches_look(&runtime->switches);
    rm_monitoring_round(runtime->monitoring);
    rm_decisions_look(runtime->decisions);
    rm_figures_round(runtime->figures, now_ms);
    rm_pipe_server_wait(runtime->pipe, ROUND_MS);
}

void rm_runtime_wake(struct rm_runtime *runtime)
{
    rm_pipe_server_wake(runtime->pipe);
}

void rm_runtime_close(struct rm_runtime *runtime)
{
    if (!runtime)
        return;
    rm_decisions_free(runtime->decisions); /* who leaves now is no reason for others to switch */
    runtime->decisions = NULL;
    if (runtime->monitoring)
        rm_pipe_server_farewell(runtime->pipe, FAREWELL_MS);
    rm_registered_leave_all(&runtime->sessions, NULL);
    rm_figures_free(runtime->figures);
    rm_monitoring_free(runtime->monitoring);
    rm_pipe_server_close(runtime->pipe);
    rm_commands_clear(&runtime->commands);
    rm_switches_clear(&runtime->switches);
    rm_event_logs_close(&runtime->logs);
    free(runtime->instance);
    free(runtime->config);
    free(runtime->folder);
    free(runtime);
}
