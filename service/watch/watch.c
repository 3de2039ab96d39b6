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
    if (server->config->mode != RM_MODE_COLD || !is_wanted(server, server->active))
        rm_watch_say(watch, machine, RM_VERDICT_UNKNOWN, 0, true);
}

static void set_machines(struct rm_watch *watch, struct rm_watch_server *server)
{
    for (unsigned number = 1; number <= server->config->machine_count; number++)
        set_machine(watch, server, number);
}

/* ---- settings ------------------------------------------------------------------------------ */

static bool is_same_item(const struct rm_monitor_item *one, const struct rm_monitor_item *other)
{
    return strcmp(one->item_id, other->item_id) == 0 &&
           strcmp(one->access_path, other->access_path) == 0 &&
           strcmp(one->text, other->text) == 0 && one->data_type == other->data_type &&
           one->rate_ms == other->rate_ms && one->trigger == other->trigger &&
           one->comparison == other->comparison && one->time_ms == other->time_ms &&
           one->weight == other->weight;
}

/* In all that a watch depends on. */
static bool is_same(const struct rm_server_config *one, const struct rm_server_config *other)
{
    bool is_equal = one->mode == other->mode && rm_server_has_same_machines(one, other) &&
                    one->ping_interval_ms == other->ping_interval_ms &&
                    one->ping_timeout_ms == other->ping_timeout_ms &&
                    one->busy_grace_ms == other->busy_grace_ms &&
                    one->connect_timeout_ms == other->connect_timeout_ms &&
                    one->reconnect_interval_ms == other->reconnect_interval_ms &&
                    one->monitor.failure_count == other->monitor.failure_count &&
                    one->monitor.hold_ms == other->monitor.hold_ms &&
                    one->monitor.watch_always == other->monitor.watch_always &&
                    one->monitor.item_count == other->monitor.item_count;

    for (size_t i = 0; is_equal && i < one->monitor.item_count; i++)
        is_equal = is_same_item(&one->monitor.items[i], &other->monitor.items[i]);
    return is_equal;
}

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

static void take_server(struct rm_watch *watch, const struct rm_server_config *config)
{
    struct rm_watch_server **place = rm_watch_place(watch, config->progid);
    struct rm_watch_server *server = *place;
    struct rm_server_config *copy;

    if (server && is_same(server->config, config))
        return;
    copy = rm_server_config_copy(config);
    if (!server)
        server = calloc(1, sizeof *server);
    if (!copy || !server)
    {
        rm_server_config_free(copy);
        if (!*place)
            free(server);
        return;
    }
    if (server->config)
        forget(watch, server);
    rm_server_config_free(server->config);
    server->config = copy;
    *place = server;
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
