/* watch_look.c: what the machines' threads have found, told on transitions. */
#include "watch/watch_internal.h"
#include "watch/watch_status.h"

#include <windows.h>
#include <stdlib.h>

void rm_watch_say(struct rm_watch *watch, struct rm_watch_machine *machine, enum rm_verdict verdict,
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

static void post(struct rm_watch *watch, const struct rm_watch_server *server, enum rm_event_id id,
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
static void post_verdict(struct rm_watch *watch, struct rm_watch_server *server, unsigned number,
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

static void post_items(struct rm_watch *watch, const struct rm_watch_server *server,
                       unsigned number, const unsigned *news)
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

static void look_at(struct rm_watch *watch, struct rm_watch_server *server, unsigned number,
                    bool *is_blind, HRESULT *code)
{
    struct rm_watch_machine *machine = &server->machines[number - 1];
    bool is_given_up = rm_watched_keep_going(machine->watched);
    struct finding finding = take_finding(machine->watched);

    if (is_given_up)
        post(watch, server, RM_EVENT_WORKERS_ABANDONED, number, finding.given_up, "");
    post_items(watch, server, number, finding.news);
    free(finding.news);
    post_verdict(watch, server, number, finding.verdict);
    if (finding.has_tried)
        rm_watch_say(watch, machine, finding.verdict, finding.score, finding.is_observable);
    if (finding.is_observable || !finding.has_tried)
        *is_blind = false;
    else
        *code = finding.code;
}

/* Told when the last one of them can't be tested any more, or none can from the start. */
static void look_at_server(struct rm_watch *watch, struct rm_watch_server *server)
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
    for (struct rm_watch_server *server = watch->first; server; server = server->next)
        look_at_server(watch, server);
}

void rm_watch_each(struct rm_watch *watch, const char *progid,
                   void (*tell)(void *context, const struct rm_wire_verdict *verdict),
                   void *context)
{
    const struct rm_watch_server *server = *rm_watch_place(watch, progid);

    for (unsigned number = 1; server && number <= server->config->machine_count; number++)
    {
        const struct rm_watch_machine *machine = &server->machines[number - 1];

        if (machine->watched || machine->verdict.verdict != RM_VERDICT_UNKNOWN)
            tell(context, &machine->verdict);
    }
}

void rm_watch_describe(struct rm_watch *watch, const char *progid,
                       void (*tell)(void *context, const struct rm_wire_machine_row *row),
                       void *context)
{
    const struct rm_watch_server *server = *rm_watch_place(watch, progid);
    bool has_items = server && server->config->monitor.item_count > 0;

    for (unsigned number = 1; has_items && number <= server->config->machine_count; number++)
    {
        const struct rm_watch_machine *machine = &server->machines[number - 1];
        struct rm_wire_machine_row row = {.verdict = machine->verdict};

        if (machine->watched)
            rm_watched_describe(machine->watched, &row);
        tell(context, &row);
    }
}
