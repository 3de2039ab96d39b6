/* fuzz.c: bytes to settings and events. */
#include "fuzz.h"

#include <string.h>

#include "other_settings.h"
#include "properties.h"

static struct rm_failover_settings read_settings(const uint8_t *head)
{
    return (struct rm_failover_settings){
        .machine_count = RM_MACHINES_MIN + head[0] % (RM_MACHINES_MAX - RM_MACHINES_MIN + 1),
        .mode = (enum rm_mode)(head[1] % RM_MODE_COUNT),
        .return_policy = (enum rm_return_policy)(head[2] % RM_RETURN_COUNT),
        .ping_interval_ms = 1u + head[3],
        .ping_timeout_ms = 1u + head[4],
        .fall = 1u + head[5] % 10,
        .rise = 1u + head[5] / 16 % 10,
        .return_delay_ms = head[6],
        .busy_grace_ms = head[7] * 2u,
        .connect_timeout_ms = 1u + head[8],
        .reconnect_interval_ms = 1u + head[9],
        .start_policy = (enum rm_start_policy)(head[10] % RM_START_COUNT),
        .preferred = head[10] / 4 % 3,
        .ready_percent = head[11] % 101,
        .flap_limit = head[12] % 11,
        .flap_window_ms = 1u + head[13] * 16u,
        .acknowledge = (enum rm_acknowledge)(head[10] / 16 % RM_ACKNOWLEDGE_COUNT),
        .is_linked = head[10] & 0x40,
        .is_all_remote = head[10] & 0x80,
    };
}

/* kind and flag, machine, how old a link, time: mostly short, sometimes long, seldom backwards. */
static uint64_t read_event(const uint8_t *bytes, const struct rm_failover *failover,
                           struct rm_failover_event *event)
{
    uint32_t links_ago = bytes[2] < 0xE0 ? 0 : bytes[2] & 3u;
    uint64_t pause_ms = bytes[3];

    *event = (struct rm_failover_event){
        .kind = (enum rm_failover_event_kind)(bytes[0] % (RM_FAILOVER_EVENT_COUNT + 1)),
        .machine = bytes[1] < 0xF0 ? 1 + bytes[1] % failover->settings.machine_count : bytes[1],
        .code = bytes[2] * 0x01010101u,
        .is_running = bytes[0] & 0x80,
        .is_busy = bytes[0] & 0x80,
        .is_refused = bytes[0] & 0x80,
        .is_silent = bytes[0] & 0x80,
        .is_unobservable = bytes[0] & 0x80,
        .is_forced = bytes[0] & 0x80,
        .percent = bytes[2] % 103,
        .verdict = (enum rm_verdict)(bytes[2] % (RM_VERDICT_COUNT + 1)),
        .score = bytes[2] / 4,
        .mode = (enum rm_operator_mode)(bytes[2] % (RM_OPERATOR_COUNT + 1))};
    /* STOP ends it all, so it is made rare. */
    if (event->kind == RM_FAILOVER_STOP && bytes[2] != 0)
    {
        event->kind = RM_FAILOVER_TICK;
    }
    if (event->kind == RM_FAILOVER_SETTINGS)
    {
        /* Seldom, or it is never quiet for long enough to return. */
        event->kind = bytes[2] < 0x40 && model_other_settings(&failover->settings, bytes[2] % 14u,
                                                              &event->settings)
                          ? RM_FAILOVER_SETTINGS
                          : RM_FAILOVER_TICK;
    }
    if (event->kind == RM_FAILOVER_MACHINES &&
        (bytes[2] >= 0x40 || !model_other_list(failover, bytes[2] % 7u, RM_MACHINE_NUMBERS, event)))
    {
        event->kind = RM_FAILOVER_TICK;
    }
    if (event->machine >= 1 && event->machine <= failover->settings.machine_count)
    {
        event->link = failover->machines[event->machine - 1].link - links_ago;
    }
    if (pause_ms < 0xA0)
    {
        return failover->now_ms + pause_ms / 8;
    }
    if (pause_ms < 0xF0)
    {
        return failover->next_ms == RM_NEVER ? failover->now_ms : failover->next_ms;
    }
    return pause_ms == 0xFF ? failover->now_ms / 2 : failover->now_ms + (pause_ms - 0xEF) * 50000;
}

const char *model_fuzz(const uint8_t *bytes, size_t size)
{
    const uint8_t *end = bytes + size;
    struct model_step step = {.event = {.kind = RM_FAILOVER_START}};
    struct rm_failover_settings settings;
    const char *fault;

    if (size < MODEL_FUZZ_HEAD_SIZE)
    {
        return NULL;
    }
    settings = read_settings(bytes);
    rm_failover_init(&step.before, &settings);
    fault = model_make_step(&step, 0);
    for (bytes += MODEL_FUZZ_HEAD_SIZE; !fault && end - bytes >= MODEL_FUZZ_EVENT_SIZE;
         bytes += MODEL_FUZZ_EVENT_SIZE)
    {
        uint64_t now_ms;

        step.before = step.after;
        now_ms = read_event(bytes, &step.before, &step.event);
        fault = model_make_step(&step, now_ms);
    }
    return fault;
}
