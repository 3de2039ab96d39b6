#include "runtime/runtime_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rm/status_section_map.h>

#include "runtime/log_folder.h"

#define ROUND_MS   1000u
#define LOOK_MS    1000u
#define FLUSH_MS   2000u
#define CUTS_TOLD  10u /* peers that were cut off are told of so often in an hour */
#define AN_HOUR_MS 3600000u

#define FAREWELL_MS 1000u

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

/* ---- what its parts ask of one another ----------------------------------------------------- */

static uint32_t limit_of(void *context, const char *server)
{
    struct rm_runtime *runtime = context;

    return rm_monitoring_event_limit(runtime->monitoring, server);
}

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

/* ---- its life ------------------------------------------------------------------------------ */

static DWORD open_parts(struct rm_runtime *runtime)
{
    struct rm_pipe_handler handler = {runtime, rm_runtime_received, gone};
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
    struct rm_figures_terms figures = {.folder = runtime->folder,
                                       .note = runtime->terms.note,
                                       .note_context = runtime->terms.context};
    DWORD error;

    rm_log_folder_make(runtime->folder);
    rm_status_look_open(&runtime->status, runtime->terms.instance);
    error = rm_pipe_server_open(runtime->terms.instance, &handler, &runtime->pipe);
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
    runtime->config = _strdup(terms->config);
    runtime->folder = _strdup(terms->folder);
    runtime->logs = (struct rm_event_logs){.folder = runtime->folder,
                                           .note = terms->note,
                                           .report = terms->report,
                                           .context = terms->context,
                                           .limit_of = limit_of,
                                           .limit_context = runtime};
    runtime->commands.logs = &runtime->logs;
    if (runtime->config && runtime->folder)
        error = open_parts(runtime);
    if (error)
    {
        rm_runtime_close(runtime);
        return error;
    }
    *runtime_out = runtime;
    return 0;
}

static void take_status(void *context, const struct rm_status_slot *slot)
{
    struct rm_runtime *runtime = context;

    rm_switches_take(&runtime->switches, slot);
    rm_figures_take(runtime->figures, slot);
}

static void look_at_status(struct rm_runtime *runtime, ULONGLONG now_ms)
{
    if (runtime->looked_ms && now_ms - runtime->looked_ms < LOOK_MS)
        return;
    runtime->looked_ms = now_ms;
    rm_figures_begin(runtime->figures);
    rm_status_look_each(&runtime->status, take_status, runtime);
    rm_figures_end(runtime->figures, now_ms);
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
    look_at_status(runtime, now_ms);
    rm_monitoring_round(runtime->monitoring);
    rm_decisions_look(runtime->decisions);
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
    rm_status_look_close(&runtime->status);
    rm_event_logs_close(&runtime->logs);
    free(runtime->config);
    free(runtime->folder);
    free(runtime);
}
