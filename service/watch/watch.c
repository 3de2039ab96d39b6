#include "watch/watch_internal.h"

#include <windows.h>
#include <objbase.h>
#include <stdlib.h>
#include <string.h>

#include <rm/text.h>

#define LEAVE_MS 3000u /* for all threads together */

struct rm_watch_server **rm_watch_place(struct rm_watch *watch, const char *progid)
{
    struct rm_watch_server **place = &watch->first;

    while (*place && _stricmp((*place)->config->progid, progid) != 0)
        place = &(*place)->next;
    return place;
}

/* ---- which machines ------------------------------------------------------------------------ */

static bool is_wanted(const struct rm_watch_server *server, unsigned number)
{
    const struct rm_monitor_config *monitor = &server->config->monitor;

    return monitor->item_count > 0 && (server->has_sessions || monitor->watch_always) &&
           (server->config->mode != RM_MODE_COLD || number == server->active);
}

static void stop_machine(struct rm_watch_machine *machine)
{
    if (!machine->watched)
        return;
    rm_watched_end(machine->watched);
    rm_watched_release(machine->watched);
    machine->watched = NULL;
}

static void start_machine(struct rm_watch *watch, struct rm_watch_server *server, unsigned number)
{
    struct rm_watch_machine *machine = &server->machines[number - 1];

    machine->watched = rm_watched_new(server->config, number, false);
    if (!machine->watched)
        return;
    if (server->has_sessions)
        machine->watched->retry_ms = GetTickCount64() + RM_WATCH_DELAY_MS;
    machine->watched->wake = watch->handler.wake;
    machine->watched->wake_context = watch->handler.wake_context;
}

/* The word on a machine that isn't watched any more stands in cold mode while anybody wants to know
 * of the server at all. */
static void set_machine(struct rm_watch *watch, struct rm_watch_server *server, unsigned number)
{
    struct rm_watch_machine *machine = &server->machines[number - 1];
    bool is_wanted_now = is_wanted(server, number);

    if (is_wanted_now && !machine->watched)
        start_machine(watch, server, number);
    if (is_wanted_now || !machine->watched)
        return;
    stop_machine(machine);
    if (server->config->monitor.item_count == 0)
        machine->event = RM_VERDICT_UNKNOWN;
    if (server->config->mode != RM_MODE_COLD || !is_wanted(server, server->active))
        rm_watch_say(watch, machine, RM_VERDICT_UNKNOWN, 0, true);
}

static void set_machines(struct rm_watch *watch, struct rm_watch_server *server)
{
    for (unsigned number = 1; number <= server->config->machine_count; number++)
        set_machine(watch, server, number);
}

/* ---- settings ------------------------------------------------------------------------------ */

static void begin_words(struct rm_watch_server *server)
{
    server->is_blind_told = false;
    for (unsigned number = 1; number <= RM_MACHINES_MAX; number++)
    {
        struct rm_watch_machine *machine = &server->machines[number - 1];

        *machine = (struct rm_watch_machine){
            .event = RM_VERDICT_UNKNOWN,
            .verdict = {.machine = number, .verdict = RM_VERDICT_UNKNOWN, .is_observable = 1}
        };
        rm_text_fit(machine->verdict.server, sizeof machine->verdict.server,
                    server->config->progid);
    }
}

/* What was said was said of other items, or of another machine. */
static void forget(struct rm_watch *watch, struct rm_watch_server *server)
{
    for (unsigned number = 1; number <= server->config->machine_count; number++)
    {
        stop_machine(&server->machines[number - 1]);
        rm_watch_say(watch, &server->machines[number - 1], RM_VERDICT_UNKNOWN, 0, true);
    }
}

static void remove_at(struct rm_watch *watch, struct rm_watch_server **place)
{
    struct rm_watch_server *server = *place;

    forget(watch, server);
    *place = server->next;
    rm_server_config_free(server->config);
    free(server);
}

/* NULL: no memory, nothing has changed. */
static struct rm_watch_server *make_server(struct rm_watch_server **place)
{
    if (!*place)
        *place = calloc(1, sizeof **place);
    return *place;
}

static void take_machines(struct rm_watch_server *server)
{
    for (unsigned number = 1; number <= server->config->machine_count; number++)
    {
        struct rm_watch_machine *machine = &server->machines[number - 1];

        if (machine->watched && !rm_watched_take(machine->watched, server->config))
            stop_machine(machine);
    }
}

/* Machines that are others are watched anew, and nothing is known of them. */
static void take_server(struct rm_watch *watch, const struct rm_server_config *config)
{
    struct rm_server_config *copy = rm_server_config_copy(config);
    struct rm_watch_server *server =
        copy ? make_server(rm_watch_place(watch, config->progid)) : NULL;
    bool is_begun;

    if (!server)
    {
        rm_server_config_free(copy);
        return;
    }
    is_begun = server->config && rm_server_has_same_machines(server->config, config);
    if (server->config && !is_begun)
        forget(watch, server);
    rm_server_config_free(server->config);
    server->config = copy;
    if (is_begun)
        take_machines(server);
    else
        begin_words(server);
    set_machines(watch, server);
}

void rm_watch_settings(struct rm_watch *watch, const struct rm_config *config)
{
    struct rm_watch_server **place = &watch->first;

    while (*place)
    {
        if (rm_config_find(config, (*place)->config->progid))
            place = &(*place)->next;
        else
            remove_at(watch, place);
    }
    for (size_t i = 0; i < config->server_count; i++)
        take_server(watch, config->servers[i]);
}

void rm_watch_want(struct rm_watch *watch, const char *progid, bool has_sessions, unsigned active)
{
    struct rm_watch_server *server = *rm_watch_place(watch, progid);

    if (!server || (server->has_sessions == has_sessions && server->active == active))
        return;
    server->has_sessions = has_sessions;
    server->active = active;
    set_machines(watch, server);
}

/* ---- its life ------------------------------------------------------------------------------ */

/* Servers call back under accounts of their own, and are to be let in whatever these are: what they
 * can reach is a sink that takes values. A process can say so once; one that has said other things
 * keeps them. */
static void let_servers_in(void)
{
    CoInitializeSecurity(NULL, -1, NULL, NULL, RPC_C_AUTHN_LEVEL_CONNECT,
                         RPC_C_IMP_LEVEL_IMPERSONATE, NULL, EOAC_NONE, NULL);
}

struct rm_watch *rm_watch_new(const struct rm_watch_handler *handler)
{
    struct rm_watch *watch = calloc(1, sizeof *watch);

    if (!watch)
        return NULL;
    watch->handler = *handler;
    watch->is_com = SUCCEEDED(CoInitializeEx(NULL, COINIT_MULTITHREADED));
    if (watch->is_com)
        let_servers_in();
    return watch;
}

/* Each is told first, so that they leave side by side. */
static void wait_threads(struct rm_watch *watch)
{
    ULONGLONG until_ms = GetTickCount64() + LEAVE_MS;
    struct rm_watch_server *server;

    for (server = watch->first; server; server = server->next)
    {
        for (unsigned i = 0; i < server->config->machine_count; i++)
        {
            if (server->machines[i].watched)
                rm_watched_end(server->machines[i].watched);
        }
    }
    for (server = watch->first; server; server = server->next)
    {
        for (unsigned i = 0; i < server->config->machine_count; i++)
        {
            struct rm_watched *watched = server->machines[i].watched;
            ULONGLONG now_ms = GetTickCount64();

            if (watched && watched->thread)
                WaitForSingleObject(watched->thread,
                                    until_ms > now_ms ? (DWORD)(until_ms - now_ms) : 0);
        }
    }
}

static void keep_silent(void *context, const struct rm_wire_verdict *verdict)
{
    (void)context;
    (void)verdict;
}

void rm_watch_free(struct rm_watch *watch)
{
    if (!watch)
        return;
    wait_threads(watch);
    watch->handler.verdict = keep_silent; /* with the pipe all verdicts are void */
    while (watch->first)
        remove_at(watch, &watch->first);
    if (watch->is_com)
        CoUninitialize();
    free(watch);
}
