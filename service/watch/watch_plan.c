/* watch_plan.c: settings that change while a machine is watched, on both sides: the watch puts them
 * down, the thread takes them up when it has time. */
#include <stdlib.h>

#include "watch/watched.h"

struct rm_monitor_terms rm_watch_terms(const struct rm_server_config *config)
{
    const struct rm_monitor_config *monitor = &config->monitor;

    return (struct rm_monitor_terms){.items = monitor->items,
                                     .item_count = monitor->item_count,
                                     .limit = monitor->failure_count,
                                     .hold_ms = monitor->hold_ms};
}

bool rm_watched_take(struct rm_watched *watched, const struct rm_server_config *config)
{
    size_t count = config->monitor.item_count;
    struct rm_server_config *copy = rm_server_config_copy(config), *old = watched->config;
    struct rm_watched_item *items = calloc(count ? count : 1, sizeof *items);
    size_t *from = calloc(count ? count : 1, sizeof *from);
    struct rm_monitor_terms terms = {0};
    bool is_taken = copy && items && from;

    if (is_taken)
        terms = rm_watch_terms(copy);
    AcquireSRWLockExclusive(&watched->lock);
    is_taken =
        is_taken && rm_monitor_take(&watched->monitor, &terms, GetTickCount64(), from) == RM_OK;
    if (is_taken)
    {
        for (size_t i = 0; i < count; i++)
            items[i] = from[i] != RM_MONITOR_NEW
                           ? watched->items[from[i]]
                           : (struct rm_watched_item){.id = ++watched->last_id, .added = S_FALSE};
        free(watched->items);
        watched->items = items;
        watched->config = copy;
        watched->plan++;
        rm_watched_tell(watched);
    }
    ReleaseSRWLockExclusive(&watched->lock);
    free(from);
    if (is_taken)
        rm_server_config_free(old);
    else
    {
        free(items);
        rm_server_config_free(copy);
    }
    SetEvent(watched->look);
    return is_taken;
}

/* Locked. */
static bool copy_plan(const struct rm_watched *watched, struct rm_watch_plan *plan)
{
    size_t count = watched->monitor.terms.item_count;

    plan->number = watched->plan;
    plan->config = rm_server_config_copy(watched->config);
    plan->ids = calloc(count ? count : 1, sizeof *plan->ids);
    for (size_t i = 0; plan->ids && i < count; i++)
        plan->ids[i] = watched->items[i].id;
    return plan->config && plan->ids;
}

HRESULT rm_watched_plan(struct rm_watched *watched, struct rm_watch_plan *plan)
{
    struct rm_watch_plan copy = {0};
    HRESULT hr = S_FALSE;

    AcquireSRWLockShared(&watched->lock);
    if (watched->plan != plan->number)
        hr = copy_plan(watched, &copy) ? S_OK : E_OUTOFMEMORY;
    ReleaseSRWLockShared(&watched->lock);
    if (hr == S_OK)
    {
        struct rm_watch_plan old = *plan;

        *plan = copy;
        copy = old;
    }
    rm_watch_plan_clear(&copy);
    return hr;
}

void rm_watch_plan_clear(struct rm_watch_plan *plan)
{
    rm_server_config_free(plan->config);
    free(plan->ids);
    *plan = (struct rm_watch_plan){0};
}
