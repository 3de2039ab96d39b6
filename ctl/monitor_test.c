/* rmctl monitor PROGID test: what the items say now, of each machine. */
#include <windows.h>

#include <rm/monitor_config.h>

#include <watch/watched.h>

#include "monitor.h"
#include "output.h"
#include "stop.h"

#define LOOK_MS     200u
#define PATIENCE_MS 5000u /* beyond the start of a server, and what the items wait for */

/* What the slowest item needs to say something. */
static DWORD patience_ms(const struct rm_server_config *server)
{
    DWORD most_ms = 0;
    for (size_t i = 0; i < server->monitor.item_count; i++)
    {
        const struct rm_monitor_item *item = &server->monitor.items[i];
        DWORD needs_ms = item->rate_ms * 2;
        if (item->trigger == RM_TRIGGER_NO_CHANGE && item->time_ms > needs_ms)
        {
            needs_ms = item->time_ms;
        }
        most_ms = needs_ms > most_ms ? needs_ms : most_ms;
    }
    return most_ms + PATIENCE_MS + server->connect_timeout_ms;
}

/* It has said all that it has to say, or why it can't. */
static bool is_done(struct rm_watched *watched)
{
    bool is_complete = true;
    AcquireSRWLockShared(&watched->lock);
    for (size_t i = 0; i < watched->monitor.terms.item_count; i++)
    {
        is_complete = is_complete && watched->monitor.watches[i].state != RM_MONITOR_ITEM_UNKNOWN;
    }
    is_complete = is_complete || (watched->has_tried && !watched->is_observable);
    ReleaseSRWLockShared(&watched->lock);
    return is_complete;
}

static void await_all(struct rm_watched **machines, unsigned count, DWORD limit_ms)
{
    ULONGLONG until_ms = GetTickCount64() + limit_ms;
    HANDLE stop = stop_event();
    bool is_over = false;
    while (!is_over && GetTickCount64() < until_ms)
    {
        is_over = true;
        for (unsigned i = 0; i < count; i++)
        {
            rm_watched_keep_going(machines[i]);
            is_over = is_over && is_done(machines[i]);
        }
        if (!is_over && WaitForSingleObject(stop, LOOK_MS) != WAIT_TIMEOUT)
        {
            return;
        }
    }
}

static const char *quality_word(const struct rm_watched_item *item)
{
    static const char *const words[] = {"bad", "uncertain", "?", "good"};
    return item->has_data ? words[item->quality >> 6 & 3] : "-";
}

static const char *state_word(enum rm_monitor_item_state state)
{
    switch (state)
    {
    case RM_MONITOR_ITEM_UNKNOWN: return "unknown";
    case RM_MONITOR_ITEM_WELL: return "well";
    case RM_MONITOR_ITEM_ERROR: return "in error";
    case RM_MONITOR_ITEM_REFUSED: return "can't be added";
    }
    return "?";
}

static void show_json(struct rm_json *json, const struct rm_watched *watched)
{
    rm_json_begin_object(json, NULL);
    rm_json_number(json, "machine", watched->number);
    rm_json_text(json, "host", watched->config->machines[watched->number - 1].host);
    rm_json_bool(json, "observable", watched->is_observable);
    rm_json_text(json, "verdict", rm_verdict_name(watched->monitor.verdict));
    rm_json_number(json, "score", watched->monitor.score);
    rm_json_begin_array(json, "items");
    for (size_t i = 0; i < watched->monitor.terms.item_count; i++)
    {
        const struct rm_watched_item *item = &watched->items[i];
        rm_json_begin_object(json, NULL);
        rm_json_text(json, "itemId", watched->config->monitor.items[i].item_id);
        rm_json_text(json, "value", item->value != NULL ? item->value : "");
        rm_json_text(json, "quality", quality_word(item));
        rm_json_text(json, "state", state_word(watched->monitor.watches[i].state));
        rm_json_end_object(json);
    }
    rm_json_end_array(json);
    rm_json_end_object(json);
}

static void show_text(const struct rm_watched *watched)
{
    char words[32];
    rm_event_machine_words(watched->number, words, sizeof words);
    output_print("%s '%s': ", words, watched->config->machines[watched->number - 1].host);
    if (!watched->is_observable)
    {
        output_print("can't be tested from here (error 0x%08X)\n", (unsigned)watched->code);
        return;
    }
    output_print("%s\n", rm_verdict_name(watched->monitor.verdict));
    for (size_t i = 0; i < watched->monitor.terms.item_count; i++)
    {
        const struct rm_watched_item *item = &watched->items[i];
        output_print("%4u  %-14s  %-9s  %s = %s", (unsigned)i + 1,
                     state_word(watched->monitor.watches[i].state), quality_word(item),
                     watched->config->monitor.items[i].item_id,
                     item->value != NULL ? item->value : "");
        if (FAILED(item->added))
        {
            output_print("  (error 0x%08X)", (unsigned)item->added);
        }
        output_print("\n");
    }
}

static void show(const struct ctl *ctl, struct rm_watched **machines, unsigned count)
{
    struct rm_json json = {.put = ctl_put_json};
    if (ctl->is_json)
    {
        rm_json_begin_array(&json, NULL);
    }
    for (unsigned i = 0; i < count; i++)
    {
        AcquireSRWLockShared(&machines[i]->lock);
        if (ctl->is_json)
        {
            show_json(&json, machines[i]);
        }
        else
        {
            show_text(machines[i]);
        }
        ReleaseSRWLockShared(&machines[i]->lock);
    }
    if (ctl->is_json)
    {
        rm_json_end_array(&json);
    }
}

/* A thread that is stuck in a call is left behind: the process ends anyway. */
static void leave(struct rm_watched **machines, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
    {
        rm_watched_end(machines[i]);
    }
    for (unsigned i = 0; i < count; i++)
    {
        if (machines[i]->thread != NULL)
        {
            WaitForSingleObject(machines[i]->thread, PATIENCE_MS);
        }
        rm_watched_release(machines[i]);
    }
}

enum ctl_exit monitor_test(struct ctl *ctl, const struct rm_server_config *server)
{
    struct rm_watched *machines[RM_MACHINES_MAX];
    unsigned count = 0;
    bool is_bad = false;
    if (server->monitor.item_count == 0)
    {
        return ctl_fail(ctl, "'%s' has no monitor items.", server->progid);
    }
    while (count < server->machine_count &&
           (machines[count] = rm_watched_new(server, count + 1, true)) != NULL)
    {
        count++;
    }
    await_all(machines, count, patience_ms(server));
    show(ctl, machines, count);
    for (unsigned i = 0; i < count; i++)
    {
        is_bad =
            is_bad || !machines[i]->is_observable || machines[i]->monitor.verdict == RM_VERDICT_BAD;
    }
    leave(machines, count);
    ctl->has_printed_json = ctl->is_json;
    return is_bad ? CTL_FAILED : CTL_FINE;
}
