#include "watch/watched.h"

#include <stdlib.h>
#include <string.h>

#include <rm/text.h>

/* OPC's bad quality of an item whose first value has not come yet: no statement. */
#define QUALITY_STATUS  0xFCu
#define QUALITY_WAITING 0x20u

struct rm_watched *rm_watched_new(const struct rm_server_config *config, unsigned number,
                                  bool keeps_values)
{
    struct rm_watched *watched = calloc(1, sizeof *watched);
    struct rm_monitor_terms terms;
    size_t count = config->monitor.item_count;

    if (!watched)
        return NULL;
    watched->refs = 1;
    watched->number = number;
    InitializeSRWLock(&watched->lock);
    watched->config = rm_server_config_copy(config);
    watched->look = CreateEventW(NULL, FALSE, FALSE, NULL);
    watched->items = calloc(count ? count : 1, sizeof *watched->items);
    if (!watched->config || !watched->look || !watched->items)
    {
        rm_watched_release(watched);
        return NULL;
    }
    terms = rm_watch_terms(watched->config);
    if (rm_monitor_init(&watched->monitor, &terms) != RM_OK)
    {
        rm_watched_release(watched);
        return NULL;
    }
    watched->plan = 1;
    for (size_t i = 0; i < count; i++)
    {
        watched->items[i].id = ++watched->last_id;
        watched->items[i].added = S_FALSE;
        watched->items[i].value = keeps_values ? calloc(1, RM_WATCH_TEXT_SIZE) : NULL;
    }
    return watched;
}

void rm_watched_add_ref(struct rm_watched *watched)
{
    InterlockedIncrement(&watched->refs);
}

void rm_watched_release(struct rm_watched *watched)
{
    if (InterlockedDecrement(&watched->refs))
        return;
    for (size_t i = 0; watched->items && i < watched->monitor.terms.item_count; i++)
        free(watched->items[i].value);
    free(watched->items);
    rm_monitor_clear(&watched->monitor);
    rm_server_config_free(watched->config);
    if (watched->look)
        CloseHandle(watched->look);
    if (watched->thread)
        CloseHandle(watched->thread);
    free(watched);
}

DWORD rm_watch_limit_ms(const struct rm_server_config *config)
{
    return config->ping_timeout_ms + config->busy_grace_ms;
}

DWORD rm_watch_retry_ms(const struct rm_server_config *config)
{
    return config->reconnect_interval_ms + RM_WATCH_RETRY_MS;
}

void rm_watched_tell(struct rm_watched *watched)
{
    if (watched->wake)
        watched->wake(watched->wake_context);
}

/* Locked. */
static bool may_speak(const struct rm_watched *watched, uint32_t attempt)
{
    return watched->attempt == attempt && !watched->is_ending;
}

/* Locked. */
static void lose(struct rm_watched *watched, HRESULT code)
{
    rm_monitor_end(&watched->monitor);
    watched->is_observable = false;
    watched->has_tried = true;
    watched->code = code;
    for (size_t i = 0; i < watched->monitor.terms.item_count; i++)
        watched->items[i].has_data = false;
    rm_watched_tell(watched);
}

/* Locked. */
static bool give_up_stuck(struct rm_watched *watched, ULONGLONG now_ms)
{
    if (!watched->is_running || !watched->call_due_ms || now_ms < watched->call_due_ms)
        return false;
    watched->attempt++;
    watched->is_running = false;
    watched->call_due_ms = 0;
    watched->given_up++;
    watched->retry_ms = now_ms + rm_watch_retry_ms(watched->config);
    lose(watched, HRESULT_FROM_WIN32(RPC_S_CALL_FAILED));
    return true;
}

bool rm_watched_keep_going(struct rm_watched *watched)
{
    ULONGLONG now_ms = GetTickCount64();
    HANDLE thread = NULL;
    uint32_t attempt = 0;
    bool is_given_up;

    AcquireSRWLockExclusive(&watched->lock);
    is_given_up = give_up_stuck(watched, now_ms);
    if (!watched->is_running && !watched->is_ending && now_ms >= watched->retry_ms &&
        watched->given_up < RM_GIVEN_UP_MAX)
    {
        attempt = ++watched->attempt;
        watched->is_running = true;
    }
    ReleaseSRWLockExclusive(&watched->lock);
    if (attempt)
    {
        thread = rm_watched_start(watched, attempt);
        if (watched->thread)
            CloseHandle(watched->thread);
        watched->thread = thread;
    }
    if (attempt && !thread)
    {
        AcquireSRWLockExclusive(&watched->lock);
        watched->is_running = false;
        watched->retry_ms = now_ms + rm_watch_retry_ms(watched->config);
        ReleaseSRWLockExclusive(&watched->lock);
    }
    return is_given_up;
}

void rm_watched_end(struct rm_watched *watched)
{
    AcquireSRWLockExclusive(&watched->lock);
    watched->is_ending = true;
    watched->wake = NULL;
    ReleaseSRWLockExclusive(&watched->lock);
    SetEvent(watched->look);
}

bool rm_watched_call(struct rm_watched *watched, uint32_t attempt, DWORD limit_ms)
{
    bool may;

    AcquireSRWLockExclusive(&watched->lock);
    may = may_speak(watched, attempt);
    if (watched->attempt == attempt)
        watched->call_due_ms = GetTickCount64() + limit_ms;
    ReleaseSRWLockExclusive(&watched->lock);
    return may;
}

bool rm_watched_back(struct rm_watched *watched, uint32_t attempt)
{
    bool may;

    AcquireSRWLockExclusive(&watched->lock);
    may = may_speak(watched, attempt);
    if (watched->attempt == attempt)
        watched->call_due_ms = 0;
    ReleaseSRWLockExclusive(&watched->lock);
    return may;
}

bool rm_watched_begin(struct rm_watched *watched, uint32_t attempt)
{
    bool may;

    AcquireSRWLockExclusive(&watched->lock);
    may = may_speak(watched, attempt);
    if (may)
    {
        rm_monitor_begin(&watched->monitor);
        watched->is_observable = true;
        watched->has_tried = true;
        watched->code = S_OK;
        rm_watched_tell(watched);
    }
    ReleaseSRWLockExclusive(&watched->lock);
    return may;
}

void rm_watched_lose(struct rm_watched *watched, uint32_t attempt, HRESULT code)
{
    AcquireSRWLockExclusive(&watched->lock);
    if (may_speak(watched, attempt))
        lose(watched, code);
    ReleaseSRWLockExclusive(&watched->lock);
}

/* Locked. */
static void take_news(struct rm_watched *watched, size_t i, unsigned news)
{
    watched->items[i].news |= news & (RM_MONITOR_REFUSED | RM_MONITOR_ARRAY);
    if (news != RM_MONITOR_NOTHING)
        rm_watched_tell(watched);
}

/* Locked. The number of items: it is not there any more. */
static size_t find_item(const struct rm_watched *watched, uint32_t id)
{
    size_t i = 0;

    while (i < watched->monitor.terms.item_count && watched->items[i].id != id)
        i++;
    return i;
}

void rm_watched_added(struct rm_watched *watched, uint32_t attempt, uint32_t id, HRESULT hr)
{
    size_t i;

    AcquireSRWLockExclusive(&watched->lock);
    i = find_item(watched, id);
    if (may_speak(watched, attempt) && i < watched->monitor.terms.item_count)
    {
        watched->items[i].added = hr;
        take_news(watched, i,
                  rm_monitor_added(&watched->monitor, i, SUCCEEDED(hr), GetTickCount64()));
        SetEvent(watched->look); /* what is due may be so earlier */
    }
    ReleaseSRWLockExclusive(&watched->lock);
}

void rm_watched_changed(struct rm_watched *watched, uint32_t attempt, uint32_t id, uint16_t quality,
                        const VARIANT *value)
{
    char text[RM_WATCH_TEXT_SIZE];
    struct rm_reading reading = rm_watch_reading(value, text);
    size_t i;

    if ((quality & QUALITY_STATUS) == QUALITY_WAITING)
        return;
    AcquireSRWLockExclusive(&watched->lock);
    i = find_item(watched, id);
    if (may_speak(watched, attempt) && i < watched->monitor.terms.item_count)
    {
        struct rm_watched_item *item = &watched->items[i];

        item->has_data = true;
        item->quality = quality;
        item->count++;
        if (item->value)
            rm_watch_value_text(&reading, item->value);
        take_news(watched, i,
                  rm_monitor_changed(&watched->monitor, i, quality, &reading, GetTickCount64()));
        SetEvent(watched->look);
    }
    ReleaseSRWLockExclusive(&watched->lock);
}

DWORD rm_watched_tick(struct rm_watched *watched, uint32_t attempt, DWORD most_ms)
{
    ULONGLONG now_ms = GetTickCount64();
    uint64_t due_ms;

    AcquireSRWLockExclusive(&watched->lock);
    if (may_speak(watched, attempt) && rm_monitor_tick(&watched->monitor, now_ms))
        rm_watched_tell(watched);
    due_ms = rm_monitor_due(&watched->monitor);
    ReleaseSRWLockExclusive(&watched->lock);
    if (due_ms >= now_ms + most_ms)
        return most_ms;
    return due_ms > now_ms ? (DWORD)(due_ms - now_ms) : 0;
}

void rm_watched_leave(struct rm_watched *watched, uint32_t attempt)
{
    AcquireSRWLockExclusive(&watched->lock);
    if (watched->attempt == attempt)
        watched->is_running = false;
    else
        watched->given_up--;
    ReleaseSRWLockExclusive(&watched->lock);
}
