/* What the sessions of one redundant server say together. */
#include <string.h>

#include <rm/failover.h>

#include "status_report.h"

/* The first machine of a new session is no switch, unless there is nothing else. */
static bool is_later(const struct rm_status_slot *slot, const struct rm_status_slot *latest)
{
    bool is_switch = slot->last_cause != RM_CAUSE_START;
    if (latest == NULL || is_switch != (latest->last_cause != RM_CAUSE_START))
    {
        return latest == NULL || is_switch;
    }
    return slot->promoted_at > latest->promoted_at;
}

const struct rm_status_slot *status_latest_switch(const struct status_server *server)
{
    const struct rm_status_slot *latest = NULL;
    for (size_t i = 0; i < server->count; i++)
    {
        const struct rm_status_slot *slot = &server->sessions[i];
        if (slot->generation > 0 && is_later(slot, latest))
        {
            latest = slot;
        }
    }
    return latest;
}

size_t status_sessions_on(const struct status_server *server, unsigned machine)
{
    size_t count = 0;
    for (size_t i = 0; i < server->count; i++)
    {
        count += server->sessions[i].active == machine ? 1 : 0;
    }
    return count;
}

bool status_sessions_differ(const struct status_server *server)
{
    return server->count > 0 &&
           status_sessions_on(server, server->sessions[0].active) != server->count;
}

static bool is_listed(const struct status_list *list, const char *progid)
{
    for (size_t i = 0; i < list->count; i++)
    {
        if (_stricmp(list->slots[i].server, progid) == 0)
        {
            return true;
        }
    }
    return false;
}

struct round
{
    const struct status_service *service;
    const char *wanted;
    status_visit visit;
    void *context;
};

static void visit_one(const struct round *round, const char *progid,
                      const struct rm_status_slot *sessions, size_t count)
{
    struct status_server server = {
        .progid = progid, .sessions = sessions, .count = count, .service = round->service};
    if (round->wanted != NULL && _stricmp(round->wanted, progid) != 0)
    {
        return;
    }
    server.row = status_service_find(round->service, progid);
    rm_hooks_query(progid, &server.hook);
    round->visit(&server, round->context);
}

static bool is_enabled(const char *progid)
{
    struct rm_hook_info info;
    for (unsigned index = 0; rm_hooks_enumerate(index, &info); index++)
    {
        if (_stricmp(info.progid, progid) == 0)
        {
            return true;
        }
    }
    return false;
}

void status_for_each(const struct status_list *list, const struct status_service *service,
                     const char *wanted, status_visit visit, void *context)
{
    const struct round round = {service, wanted, visit, context};
    for (size_t first = 0; first < list->count;)
    {
        const char *progid = list->slots[first].server;
        size_t behind = first + 1;
        while (behind < list->count && _stricmp(list->slots[behind].server, progid) == 0)
        {
            behind++;
        }
        visit_one(&round, progid, &list->slots[first], behind - first);
        first = behind;
    }
    struct rm_hook_info info;
    for (unsigned index = 0; rm_hooks_enumerate(index, &info); index++)
    {
        if (!is_listed(list, info.progid))
        {
            visit_one(&round, info.progid, NULL, 0);
        }
    }
    for (size_t i = 0; service != NULL && i < service->server_count; i++)
    {
        const char *progid = service->servers[i].server;
        if (!is_listed(list, progid) && !is_enabled(progid))
        {
            visit_one(&round, progid, NULL, 0);
        }
    }
}
