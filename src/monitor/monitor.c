#include <rm/monitor.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <rm/quality.h>

#define NEVER     UINT64_MAX
#define SCORE_MAX UINT32_MAX

enum rm_status rm_monitor_init(struct rm_monitor *monitor, const struct rm_monitor_terms *terms)
{
    memset(monitor, 0, sizeof *monitor);
    monitor->terms = *terms;
    monitor->since_ms = NEVER;
    assert(terms->item_count <= RM_MONITOR_ITEMS_MAX);
    if (terms->item_count == 0)
    {
        return RM_OK;
    }
    monitor->watches = calloc(terms->item_count, sizeof *monitor->watches);
    return monitor->watches != NULL ? RM_OK : RM_E_NO_MEMORY;
}

void rm_monitor_clear(struct rm_monitor *monitor)
{
    free(monitor->watches);
    memset(monitor, 0, sizeof *monitor);
}

static void forget(struct rm_monitor *monitor)
{
    for (size_t i = 0; i < monitor->terms.item_count; i++)
    {
        monitor->watches[i].state = RM_MONITOR_ITEM_UNKNOWN;
        monitor->watches[i].due_ms = NEVER;
    }
    monitor->verdict = RM_VERDICT_UNKNOWN;
    monitor->score = 0;
    monitor->since_ms = NEVER;
    monitor->is_changed = false;
}

void rm_monitor_begin(struct rm_monitor *monitor)
{
    forget(monitor);
    monitor->is_on = true;
}

void rm_monitor_end(struct rm_monitor *monitor)
{
    forget(monitor);
    monitor->is_on = false;
}

static bool is_error(enum rm_monitor_item_state state)
{
    return state == RM_MONITOR_ITEM_ERROR || state == RM_MONITOR_ITEM_REFUSED;
}

static uint32_t limit_of(const struct rm_monitor *monitor)
{
    return monitor->terms.limit > 0 ? monitor->terms.limit : 1; /* F-04 */
}

/* Adds up what is in error. false: of some item nothing is known yet. */
static bool add_up(struct rm_monitor *monitor)
{
    bool is_complete = true;

    monitor->score = 0;
    for (size_t i = 0; i < monitor->terms.item_count; i++)
    {
        uint32_t weight = monitor->terms.items[i].weight;

        is_complete = is_complete && monitor->watches[i].state != RM_MONITOR_ITEM_UNKNOWN;
        if (is_error(monitor->watches[i].state))
        {
            monitor->score =
                weight > SCORE_MAX - monitor->score ? SCORE_MAX : monitor->score + weight;
        }
    }
    return is_complete;
}

static unsigned judge(struct rm_monitor *monitor, uint64_t now_ms)
{
    enum rm_verdict before = monitor->verdict;
    bool is_complete = add_up(monitor);

    if (!monitor->is_on || monitor->terms.item_count == 0)
    {
        return RM_MONITOR_NOTHING;
    }
    monitor->is_changed = monitor->is_changed && !is_complete;
    if (monitor->score < limit_of(monitor))
    {
        monitor->since_ms = NEVER;
        if (is_complete || (before == RM_VERDICT_BAD && !monitor->is_changed))
        {
            monitor->verdict = RM_VERDICT_GOOD;
        }
    }
    else
    {
        if (monitor->since_ms == NEVER)
        {
            monitor->since_ms = now_ms;
        }
        if (now_ms - monitor->since_ms >= monitor->terms.hold_ms)
        {
            monitor->verdict = RM_VERDICT_BAD;
        }
    }
    return monitor->verdict != before ? RM_MONITOR_VERDICT : RM_MONITOR_NOTHING;
}

/* Of several that are alike, each has its own. */
static size_t find_alike(const struct rm_monitor_terms *before, const struct rm_monitor_item *item,
                         const size_t *from, size_t count)
{
    for (size_t old = 0; old < before->item_count; old++)
    {
        bool is_taken = false;

        for (size_t i = 0; i < count; i++)
        {
            is_taken = is_taken || from[i] == old;
        }
        if (!is_taken && rm_monitor_item_is_alike(&before->items[old], item))
        {
            return old;
        }
    }
    return RM_MONITOR_NEW;
}

enum rm_status rm_monitor_take(struct rm_monitor *monitor, const struct rm_monitor_terms *terms,
                               uint64_t now_ms, size_t *from)
{
    struct rm_monitor_watch *watches =
        calloc(terms->item_count > 0 ? terms->item_count : 1, sizeof *watches);

    if (watches == NULL)
    {
        return RM_E_NO_MEMORY;
    }
    for (size_t i = 0; i < terms->item_count; i++)
    {
        from[i] = find_alike(&monitor->terms, &terms->items[i], from, i);
        watches[i] =
            from[i] != RM_MONITOR_NEW
                ? monitor->watches[from[i]]
                : (struct rm_monitor_watch){.due_ms = NEVER, .state = RM_MONITOR_ITEM_UNKNOWN};
        monitor->is_changed = monitor->is_changed || from[i] == RM_MONITOR_NEW;
    }
    free(monitor->watches);
    monitor->watches = watches;
    monitor->terms = *terms;
    judge(monitor, now_ms);
    return RM_OK;
}

/* A first data change is waited for no longer than any other. */
static void await_change(struct rm_monitor *monitor, size_t i, uint64_t now_ms)
{
    const struct rm_monitor_item *item = &monitor->terms.items[i];

    if (item->trigger == RM_TRIGGER_NO_CHANGE)
    {
        monitor->watches[i].due_ms = now_ms + item->time_ms;
    }
}

unsigned rm_monitor_added(struct rm_monitor *monitor, size_t i, bool is_added, uint64_t now_ms)
{
    struct rm_monitor_watch *watch = &monitor->watches[i];
    unsigned news = RM_MONITOR_NOTHING;

    assert(i < monitor->terms.item_count);
    if (!monitor->is_on)
    {
        return news;
    }
    if (is_added)
    {
        watch->state = RM_MONITOR_ITEM_UNKNOWN;
        watch->is_refused_told = false;
        await_change(monitor, i, now_ms);
    }
    else
    {
        watch->state = RM_MONITOR_ITEM_REFUSED;
        watch->due_ms = NEVER;
        news = watch->is_refused_told ? RM_MONITOR_NOTHING : RM_MONITOR_REFUSED;
        watch->is_refused_told = true;
    }
    return news | judge(monitor, now_ms);
}

static enum rm_monitor_item_state if_error(bool is_so)
{
    return is_so ? RM_MONITOR_ITEM_ERROR : RM_MONITOR_ITEM_WELL;
}

/* Of one that was never in error nothing speaks against it. */
static enum rm_monitor_item_state as_before(const struct rm_monitor_watch *watch)
{
    return if_error(watch->state == RM_MONITOR_ITEM_ERROR);
}

static enum rm_monitor_item_state state_of(const struct rm_monitor_item *item,
                                           const struct rm_monitor_watch *watch, uint16_t quality,
                                           const struct rm_reading *reading)
{
    unsigned major = quality & RM_QUALITY_MASK;

    switch (item->trigger)
    {
    case RM_TRIGGER_BAD:
        return major == RM_QUALITY_BAD || major == RM_QUALITY_GOOD
                   ? if_error(major == RM_QUALITY_BAD)
                   : as_before(watch);
    case RM_TRIGGER_NOT_GOOD: return if_error(major != RM_QUALITY_GOOD);
    case RM_TRIGGER_VALUE:
        if (reading->kind == RM_READING_ARRAY)
        {
            return RM_MONITOR_ITEM_WELL;
        }
        return reading->kind == RM_READING_NONE
                   ? as_before(watch)
                   : if_error(rm_reading_matches(reading, item->comparison, item->text));
    case RM_TRIGGER_NO_CHANGE:
    case RM_TRIGGER_COUNT: break;
    }
    return RM_MONITOR_ITEM_WELL;
}

unsigned rm_monitor_changed(struct rm_monitor *monitor, size_t i, uint16_t quality,
                            const struct rm_reading *reading, uint64_t now_ms)
{
    struct rm_monitor_watch *watch = &monitor->watches[i];
    const struct rm_monitor_item *item = &monitor->terms.items[i];
    unsigned news = RM_MONITOR_NOTHING;

    assert(i < monitor->terms.item_count);
    if (!monitor->is_on || watch->state == RM_MONITOR_ITEM_REFUSED)
    {
        return news;
    }
    watch->state = state_of(item, watch, quality, reading);
    await_change(monitor, i, now_ms);
    if (item->trigger == RM_TRIGGER_VALUE && reading->kind == RM_READING_ARRAY)
    {
        news = watch->is_array_told ? RM_MONITOR_NOTHING : RM_MONITOR_ARRAY;
        watch->is_array_told = true;
    }
    return news | judge(monitor, now_ms);
}

unsigned rm_monitor_tick(struct rm_monitor *monitor, uint64_t now_ms)
{
    for (size_t i = 0; i < monitor->terms.item_count; i++)
    {
        struct rm_monitor_watch *watch = &monitor->watches[i];

        if (watch->due_ms <= now_ms)
        {
            watch->state = RM_MONITOR_ITEM_ERROR;
            watch->due_ms = NEVER;
        }
    }
    return judge(monitor, now_ms);
}

uint64_t rm_monitor_due(const struct rm_monitor *monitor)
{
    uint64_t due_ms = NEVER;

    if (!monitor->is_on)
    {
        return due_ms;
    }
    if (monitor->since_ms != NEVER && monitor->verdict != RM_VERDICT_BAD)
    {
        due_ms = monitor->since_ms + monitor->terms.hold_ms;
    }
    for (size_t i = 0; i < monitor->terms.item_count; i++)
    {
        due_ms = monitor->watches[i].due_ms < due_ms ? monitor->watches[i].due_ms : due_ms;
    }
    return due_ms;
}

bool rm_monitor_item_is_alike(const struct rm_monitor_item *one,
                              const struct rm_monitor_item *other)
{
    return strcmp(one->item_id, other->item_id) == 0 &&
           strcmp(one->access_path, other->access_path) == 0 &&
           strcmp(one->text, other->text) == 0 && one->data_type == other->data_type &&
           one->rate_ms == other->rate_ms && one->trigger == other->trigger &&
           one->comparison == other->comparison && one->time_ms == other->time_ms;
}

const char *rm_trigger_name(enum rm_trigger trigger)
{
    switch (trigger)
    {
    case RM_TRIGGER_BAD: return "bad quality";
    case RM_TRIGGER_NOT_GOOD: return "not good";
    case RM_TRIGGER_VALUE: return "value";
    case RM_TRIGGER_NO_CHANGE: return "no data change";
    case RM_TRIGGER_COUNT: break;
    }
    assert(!"no trigger");
    return "unknown";
}
