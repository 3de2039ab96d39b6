#include "watch/watch.h"

#include <windows.h>
#include <objbase.h>
#include <stdlib.h>
#include <string.h>

#include <rm/text.h>

#include "watch/watch_status.h"
#include "watch/watched.h"

#define LEAVE_MS 3000u /* for all threads together */

struct machine
{
    struct rm_watched *watched;     /* NULL: not watched */
    struct rm_wire_verdict verdict; /* as told */
    enum rm_verdict event;          /* told last as an event: BAD, GOOD (passed); or UNKNOWN */
};

struct server
{
    struct server *next;
    struct rm_server_config *config; /* a copy */
    bool has_sessions;
    bool is_blind_told;
    unsigned active;
    struct machine machines[RM_MACHINES_MAX];
};

struct rm_watch
{
    struct rm_watch_handler handler;
    struct server *first;
    bool is_com; /* this thread has entered COM, and keeps it for the others */
};

static struct server **place_of(struct rm_watch *watch, const char *progid)
{
    struct server **place = &watch->first;

    while (*place && _stricmp((*place)->config->progid, progid) != 0)
        place = &(*place)->next;
    return place;
}

/* ---- which machines ------------------------------------------------------------------------ */

static bool is_wanted(const struct server *server, unsigned number)
{
    const struct rm_monitor_config *monitor = &server->config->monitor;

    return monitor->item_count > 0 && (server->has_sessions || monitor->watch_always) &&
           (server->config->mode != RM_MODE_COLD || number == server->active);
}

static void say(struct rm_watch *watch, struct machine *machine, enum rm_verdict verdict,
                uint32_t score, bool is_observable)
{
    struct rm_wire_verdict *told = &machine->verdict;

    if (told->verdict == (uint32_t)verdict && told->score == score &&
        told->is_observable == is_observable)
        return;
    told->verdict = (uint32_t)verdict;
    told->score = score;
    told->is_observable = is_observable;
    watch->handler.verdict(watch->handler.context, told);
}

static void stop_machine(struct machine *machine)
{
    if (!machine->watched)
        return;
    rm_watched_end(machine->watched);
    rm_watched_release(machine->watched);
    machine->watched = NULL;
}

static void start_machine(struct rm_watch *watch, struct server *server, unsigned number)
{
    struct machine *machine = &server->machines[number - 1];

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
static void set_machine(struct rm_watch *watch, struct server *server, unsigned number)
{
    struct machine *machine = &server->machines[number - 1];
    bool is_wanted_now = is_wanted(server, number);

    if (is_wanted_now && !machine->watched)
        start_machine(watch, server, number);
    if (is_wanted_now || !machine->watched)
        return;
    stop_machine(machine);
    if (server->config->mode != RM_MODE_COLD || !is_wanted(server, server->active))
        say(watch, machine, RM_VERDICT_UNKNOWN, 0, true);
}

static void set_machines(struct rm_watch *watch, struct server *server)
{
    for (unsigned number = 1; number <= server->config->machine_count; number++)
        set_machine(watch, server, number);
}

/* ---- settings ------------------------------------------------------------------------------ */

static bool is_same_machine(const struct rm_machine_config *one,
                            const struct rm_machine_config *other)
{
    return strcmp(one->host, other->host) == 0 && strcmp(one->progid, other->progid) == 0 &&
           strcmp(one->clsid, other->clsid) == 0;
}

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
    bool is_equal = one->mode == other->mode && one->machine_count == other->machine_count &&
                    one->ping_interval_ms == other->ping_interval_ms &&
                    one->ping_timeout_ms == other->ping_timeout_ms &&
                    one->busy_grace_ms == other->busy_grace_ms &&
                    one->connect_timeout_ms == other->connect_timeout_ms &&
                    one->reconnect_interval_ms == other->reconnect_interval_ms &&
                    one->monitor.failure_count == other->monitor.failure_count &&
                    one->monitor.hold_ms == other->monitor.hold_ms &&
                    one->monitor.watch_always == other->monitor.watch_always &&
                    one->monitor.item_count == other->monitor.item_count;

    for (size_t i = 0; is_equal && i < one->machine_count; i++)
        is_equal = is_same_machine(&one->machines[i], &other->machines[i]);
    for (size_t i = 0; is_equal && i < one->monitor.item_count; i++)
        is_equal = is_same_item(&one->monitor.items[i], &other->monitor.items[i]);
    return is_equal;
}

static void begin_words(struct server *server)
{
    server->is_blind_told = false;
    for (unsigned number = 1; number <= RM_MACHINES_MAX; number++)
    {
        struct machine *machine = &server->machines[number - 1];

        *machine = (struct machine){
            .event = RM_VERDICT_UNKNOWN,
            .verdict = {.machine = number, .verdict = RM_VERDICT_UNKNOWN, .is_observable = 1}
        };
        rm_text_fit(machine->verdict.server, sizeof machine->verdict.server,
                    server->config->progid);
    }
}

/* What was said was said of other items, or of another machine. */
static void forget(struct rm_watch *watch, struct server *server)
{
    for (unsigned number = 1; number <= server->config->machine_count; number++)
    {
        stop_machine(&server->machines[number - 1]);
        say(watch, &server->machines[number - 1], RM_VERDICT_UNKNOWN, 0, true);
    }
}

static void remove_at(struct rm_watch *watch, struct server **place)
{
    struct server *server = *place;

    forget(watch, server);
    *place = server->next;
    rm_server_config_free(server->config);
    free(server);
}

static void take_server(struct rm_watch *watch, const struct rm_server_config *config)
{
    struct server **place = place_of(watch, config->progid);
    struct server *server = *place;
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
    struct server **place = &watch->first;

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
    struct server *server = *place_of(watch, progid);

    if (!server || (server->has_sessions == has_sessions && server->active == active))
        return;
    server->has_sessions = has_sessions;
    server->active = active;
    set_machines(watch, server);
}

/* ---- what they find ------------------------------------------------------------------------ */

struct finding
{
    enum rm_verdict verdict;
    uint32_t score;
    bool is_observable, has_tried;
    HRESULT code;
    unsigned given_up;
    unsigned *news; /* of each item */
};

static struct finding take_finding(struct rm_watched *watched)
{
    size_t count = watched->monitor.terms.item_count;
    struct finding finding = {.news = calloc(count, sizeof *finding.news)};

    AcquireSRWLockExclusive(&watched->lock);
    finding.verdict = watched->monitor.verdict;
    finding.score = finding.verdict == RM_VERDICT_BAD ? watched->monitor.score : 0;
    finding.is_observable = watched->is_observable;
    finding.has_tried = watched->has_tried;
    finding.code = watched->code;
    finding.given_up = watched->given_up;
    for (size_t i = 0; finding.news && i < count; i++)
    {
        finding.news[i] = watched->items[i].news;
        watched->items[i].news = RM_MONITOR_NOTHING;
    }
    ReleaseSRWLockExclusive(&watched->lock);
    return finding;
}

static void post(struct rm_watch *watch, const struct server *server, enum rm_event_id id,
                 unsigned number, uint32_t code, const char *detail)
{
    struct rm_event event = {.id = id,
                             .server = server->config->progid,
                             .machine = number,
                             .host = number ? server->config->machines[number - 1].host : "",
                             .code = code,
                             .detail = detail};

    watch->handler.event(watch->handler.context, &event);
}

/* RM-253 .. RM-256: the first test, and each change, as the documents show it. */
static void post_verdict(struct rm_watch *watch, struct server *server, unsigned number,
                         enum rm_verdict verdict)
{
    enum rm_verdict *told = &server->machines[number - 1].event;

    if (verdict == RM_VERDICT_BAD && *told != RM_VERDICT_BAD)
        post(watch, server, RM_EVENT_MONITOR_ERROR, number, 0, "");
    else if (verdict == RM_VERDICT_GOOD && *told != RM_VERDICT_GOOD)
        post(watch, server, RM_EVENT_MONITOR_PASSED, number, 0, "");
    if (verdict != RM_VERDICT_UNKNOWN)
        *told = verdict;
}

static void post_items(struct rm_watch *watch, const struct server *server, unsigned number,
                       const unsigned *news)
{
    const struct rm_monitor_config *monitor = &server->config->monitor;

    for (size_t i = 0; news && i < monitor->item_count; i++)
    {
        const char *item = monitor->items[i].item_id;

        if (news[i] & RM_MONITOR_REFUSED)
            post(watch, server, RM_EVENT_MONITOR_ITEM_REFUSED, number, 0, item);
        if (news[i] & RM_MONITOR_ARRAY)
            post(watch, server, RM_EVENT_MONITOR_ITEM_ARRAY, number, 0, item);
    }
}

static void look_at(struct rm_watch *watch, struct server *server, unsigned number, bool *is_blind,
                    HRESULT *code)
{
    struct machine *machine = &server->machines[number - 1];
    bool is_given_up = rm_watched_keep_going(machine->watched);
    struct finding finding = take_finding(machine->watched);

    if (is_given_up)
        post(watch, server, RM_EVENT_WORKERS_ABANDONED, number, finding.given_up, "");
    post_items(watch, server, number, finding.news);
    free(finding.news);
    post_verdict(watch, server, number, finding.verdict);
    if (finding.has_tried)
        say(watch, machine, finding.verdict, finding.score, finding.is_observable);
    if (finding.is_observable || !finding.has_tried)
        *is_blind = false;
    else
        *code = finding.code;
}

/* Told when the last one of them can't be tested any more, or none can from the start. */
static void look_at_server(struct rm_watch *watch, struct server *server)
{
    bool is_blind = true, is_any = false;
    HRESULT code = S_OK;

    for (unsigned number = 1; number <= server->config->machine_count; number++)
    {
        if (!server->machines[number - 1].watched)
            continue;
        is_any = true;
        look_at(watch, server, number, &is_blind, &code);
    }
    is_blind = is_blind && is_any;
    if (is_blind && !server->is_blind_told)
        post(watch, server, RM_EVENT_MONITOR_BLIND, 0, (uint32_t)code, "");
    if (is_any)
        server->is_blind_told = is_blind;
}

void rm_watch_look(struct rm_watch *watch)
{
    for (struct server *server = watch->first; server; server = server->next)
        look_at_server(watch, server);
}

void rm_watch_each(struct rm_watch *watch, const char *progid,
                   void (*tell)(void *context, const struct rm_wire_verdict *verdict),
                   void *context)
{
    const struct server *server = *place_of(watch, progid);

    for (unsigned number = 1; server && number <= server->config->machine_count; number++)
    {
        const struct machine *machine = &server->machines[number - 1];

        if (machine->watched || machine->verdict.verdict != RM_VERDICT_UNKNOWN)
            tell(context, &machine->verdict);
    }
}

void rm_watch_describe(struct rm_watch *watch, const char *progid,
                       void (*tell)(void *context, const struct rm_wire_machine_row *row),
                       void *context)
{
    const struct server *server = *place_of(watch, progid);
    bool has_items = server && server->config->monitor.item_count > 0;

    for (unsigned number = 1; has_items && number <= server->config->machine_count; number++)
    {
        const struct machine *machine = &server->machines[number - 1];
        struct rm_wire_machine_row row = {.verdict = machine->verdict};

        if (machine->watched)
            rm_watched_describe(machine->watched, &row);
        tell(context, &row);
    }
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
    struct server *server;

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
