/* requests.c: what peers ask of the service, each answered to the end. */
#include "runtime/runtime_internal.h"

#include <stdlib.h>
#include <string.h>

#include <rm/instance.h>
#include <rm/json.h>
#include <rm/status_section_map.h>
#include <rm/text.h>

#include "runtime/status_rows.h"

static void welcome(struct rm_runtime *runtime, struct rm_pipe_peer *peer, uint32_t sequence)
{
    struct rm_wire_message answer = {.type = RM_WIRE_WELCOME, .sequence = sequence};
    char instance[RM_INSTANCE_SIZE];

    answer.body.welcome.process_id = GetCurrentProcessId();
    rm_instance_text(runtime->terms.instance, instance);
    rm_text_fit(answer.body.welcome.instance, sizeof answer.body.welcome.instance, instance);
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

void rm_runtime_received(void *context, struct rm_pipe_peer *peer,
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
