/* failover_table.c: runs the tables of the state machine's tests. */
#include "failover_table.h"

#include <stdio.h>
#include <string.h>

#define TEXT_SIZE 2048

static const char *event_word(enum rm_event_id event)
{
    static const char *const words[RM_EVENT_COUNT] = {
        [RM_EVENT_CONNECTED] = "tell connected",
        [RM_EVENT_DISCONNECTED] = "tell disconnected",
        [RM_EVENT_CONNECT_FAILED] = "tell refused",
        [RM_EVENT_PROMOTED] = "tell promoted",
        [RM_EVENT_SHUTDOWN_RECEIVED] = "tell shutdown",
        [RM_EVENT_STATUS_LOST] = "tell lost",
        [RM_EVENT_ALL_LOST] = "tell all lost",
        [RM_EVENT_STANDBY_REFUSED] = "tell limited",
        [RM_EVENT_NO_BETTER_MACHINE] = "tell no better",
        [RM_EVENT_NETWORK_LOST] = "tell network lost",
        [RM_EVENT_CALLBACKS_SILENT] = "tell silent",
        [RM_EVENT_NOT_RUNNING] = "tell not running",
        [RM_EVENT_STATUS_REFUSED] = "tell status refused",
        [RM_EVENT_FLAPPING] = "tell flapping",
        [RM_EVENT_MAINTENANCE_BEGUN] = "tell maintenance",
        [RM_EVENT_MAINTENANCE_ENDED] = "tell maintained",
        [RM_EVENT_LINK_SPLIT] = "tell split",
        [RM_EVENT_ACKNOWLEDGE_DUE] = "tell acknowledge",
        [RM_EVENT_ACKNOWLEDGED] = "tell acknowledged",
        [RM_EVENT_STARVED] = "tell starved",
        [RM_EVENT_REMOVED_SERVES] = "tell serves on",
    };

    return words[event];
}

static void write_action(const struct rm_failover_action *action, char *text, size_t size)
{
    switch (action->kind)
    {
    case RM_ACTION_CONNECT: snprintf(text, size, "connect %u", action->machine); break;
    case RM_ACTION_DISCONNECT:
        snprintf(text, size, "disconnect %u (%s)", action->machine, rm_cause_name(action->cause));
        break;
    case RM_ACTION_PING: snprintf(text, size, "ping %u", action->machine); break;
    case RM_ACTION_PROMOTE:
        snprintf(text, size, "promote %u (%s)", action->machine, rm_cause_name(action->cause));
        break;
    case RM_ACTION_ALL_LOST: snprintf(text, size, "all lost"); break;
    case RM_ACTION_FAIL: snprintf(text, size, "fail %08X", (unsigned)action->code); break;
    case RM_ACTION_EVENT:
        snprintf(text, size, action->machine ? "%s %u" : "%s", event_word(action->event),
                 action->machine);
        break;
    case RM_ACTION_REFUSE:
        snprintf(text, size, "refuse %u (%s)", action->machine, rm_refusal_text(action->refusal));
        break;
    case RM_ACTION_TELL_PARTNERS: snprintf(text, size, "partners %u", action->machine); break;
    case RM_ACTION_HOLD_WRITES: snprintf(text, size, "hold writes"); break;
    case RM_ACTION_RELEASE_WRITES: snprintf(text, size, "release writes"); break;
    case RM_ACTION_COUNT: fail(); break;
    }
}

static void write_actions(const struct rm_failover_actions *actions, char *text, size_t size)
{
    text[0] = '\0';
    for (unsigned i = 0; i < actions->count; i++)
    {
        size_t used = strlen(text);

        if (i > 0)
        {
            used += (size_t)snprintf(text + used, size - used, ", ");
        }
        write_action(&actions->items[i], text + used, size - used);
    }
}

static void write_state(const struct rm_failover *failover, char *text, size_t size)
{
    static const char letters[RM_CONNECTION_COUNT] = {
        [RM_CONNECTION_DOWN] = 'D', [RM_CONNECTION_CONNECTING] = 'C', [RM_CONNECTION_UP] = 'U'};
    char links[RM_MACHINE_NUMBERS + 1] = "";

    for (unsigned i = 0; i < failover->settings.machine_count; i++)
    {
        links[i] = letters[failover->machines[i].connection];
    }
    snprintf(text, size, "%s %u %s", rm_phase_name(failover->phase), failover->active, links);
}

static struct rm_failover_event make_event(const struct rm_failover *failover,
                                           const struct happening *what)
{
    struct rm_failover_event event = {.kind = what->kind,
                                      .machine = what->machine,
                                      .code = what->code,
                                      .is_running = what->flag,
                                      .is_busy = what->flag,
                                      .is_refused = what->is_refused,
                                      .is_silent = what->flag,
                                      .is_forced = what->flag,
                                      .is_unobservable = what->flag,
                                      .percent = what->value,
                                      .verdict = (enum rm_verdict)(what->value & 0xFF),
                                      .score = what->value >> 8,
                                      .mode = (enum rm_operator_mode)what->value};

    if (what->settings)
    {
        event.settings = *what->settings;
    }
    for (unsigned i = 0; what->list && what->list[i]; i++)
    {
        event.machine_count = i + 1;
        event.ranks[i] = (uint8_t)(what->list[i] - '0');
    }
    if (what->machine && what->machine <= RM_MACHINES_MAX)
    {
        event.link = failover->machines[what->machine - 1].link - (what->is_late ? 1 : 0);
    }
    return event;
}

static void expect_text(const struct row *row, const char *what, const char *is,
                        const char *expected)
{
    if (strcmp(is, expected) != 0)
    {
        fail_msg("at %lu ms, %s: %s is\n    %s\nand should be\n    %s", (unsigned long)row->now_ms,
                 row->shows, what, is, expected);
    }
}

struct rm_failover_settings table_settings(enum rm_mode mode, unsigned machine_count)
{
    return (struct rm_failover_settings){.machine_count = machine_count,
                                         .mode = mode,
                                         .return_policy = RM_RETURN_PRIMARY,
                                         .ping_interval_ms = 2500,
                                         .ping_timeout_ms = 1000,
                                         .fall = 1,
                                         .rise = 2,
                                         .return_delay_ms = 5000,
                                         .busy_grace_ms = 10000,
                                         .connect_timeout_ms = 30000,
                                         .reconnect_interval_ms = 10000};
}

struct rm_failover_settings table_settings_without_pings(enum rm_mode mode, unsigned machine_count)
{
    struct rm_failover_settings settings = table_settings(mode, machine_count);

    settings.ping_interval_ms = settings.ping_timeout_ms = 100000000;
    return settings;
}

void table_run(struct rm_failover *failover, const struct row *rows, size_t count)
{
    struct rm_failover_actions actions;
    char text[TEXT_SIZE];

    for (const struct row *row = rows; row < rows + count; row++)
    {
        const struct rm_failover before = *failover;
        const struct rm_failover_event event = make_event(failover, &row->what);
        unsigned broken;

        memset(&actions, 0xCC, sizeof actions);
        rm_failover_step(failover, &event, row->now_ms, &actions);
        if (row->state)
        {
            write_state(failover, text, sizeof text);
            expect_text(row, "the state", text, row->state);
        }
        if (row->actions)
        {
            write_actions(&actions, text, sizeof text);
            expect_text(row, "what is ordered", text, row->actions);
        }
        broken = rm_failover_check(failover, &before, &actions);
        if (broken)
        {
            fail_msg("at %lu ms, %s: invariant I%u is broken", (unsigned long)row->now_ms,
                     row->shows, broken);
        }
        assert_true(failover->next_ms > failover->now_ms);
    }
}

void table_play(const struct rm_failover_settings *settings, const struct row *rows, size_t count)
{
    struct rm_failover failover;

    memset(&failover, 0xCC, sizeof failover);
    rm_failover_init(&failover, settings);
    table_run(&failover, rows, count);
}
