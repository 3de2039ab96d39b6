/* visited.c: keys of states, and the set of them. */
#include "visited.h"

#include <stdlib.h>

/* Times further back than this are alike to every decision of the models. */
#define PAST_MAX_MS 1000

/* Further refusals in a row change nothing that these models see. */
#define REFUSALS_MAX 3

bool visited_init(struct visited *visited, size_t keys_max)
{
    size_t size = 16;

    while (size < keys_max * 2)
    {
        size *= 2;
    }
    visited->slots = calloc(size, sizeof *visited->slots);
    visited->mask = size - 1;
    return visited->slots != NULL;
}

void visited_clear(struct visited *visited)
{
    free(visited->slots);
    visited->slots = NULL;
}

bool visited_add(struct visited *visited, uint64_t key)
{
    size_t place = (size_t)key & visited->mask;

    while (visited->slots[place] != 0)
    {
        if (visited->slots[place] == key)
        {
            return false;
        }
        place = (place + 1) & visited->mask;
    }
    visited->slots[place] = key;
    return true;
}

/* One round of a 64-bit mixer (the finaliser of splitmix64). */
static uint64_t mix(uint64_t key, uint64_t value)
{
    key ^= value + 0x9E3779B97F4A7C15u;
    key = (key ^ (key >> 30)) * 0xBF58476D1CE4E5B9u;
    key = (key ^ (key >> 27)) * 0x94D049BB133111EBu;
    return key ^ (key >> 31);
}

/* A time as seen from now: ahead, behind, or never. */
static uint64_t mix_time(uint64_t key, const struct rm_failover *failover, uint64_t time_ms,
                         uint64_t past_max_ms)
{
    if (time_ms == RM_NEVER)
    {
        return mix(key, RM_NEVER);
    }
    if (time_ms >= failover->now_ms)
    {
        return mix(key, time_ms - failover->now_ms);
    }
    time_ms = failover->now_ms - time_ms;
    return mix(key, ~(time_ms < past_max_ms ? time_ms : past_max_ms));
}

/* What others say of the machine, and what its link delivers. */
static uint64_t mix_word(uint64_t key, const struct rm_failover_machine *machine)
{
    key = mix(key, (uint64_t)machine->mode << 8 | (uint64_t)machine->verdict << 4 |
                       (uint64_t)machine->is_unobservable << 0 | (uint64_t)machine->is_damped << 1 |
                       (uint64_t)machine->is_spent << 2 | (uint64_t)machine->rank << 16);
    key = mix(key, (uint64_t)machine->score << 32 | machine->ready_percent);
    return mix(key, (uint64_t)machine->silences << 32 | machine->stalls);
}

static uint64_t mix_machine(uint64_t key, const struct rm_failover *failover,
                            const struct rm_failover_machine *machine)
{
    int rise = (int)failover->settings.rise;
    uint64_t flags = (uint64_t)machine->connection << 8 | (uint64_t)machine->is_ready << 0 |
                     (uint64_t)machine->is_running << 1 | (uint64_t)machine->is_busy << 2 |
                     (uint64_t)machine->has_failed << 3 | (uint64_t)machine->is_failure_told << 4 |
                     (uint64_t)machine->is_refusal_told << 7 | (uint64_t)(machine->link != 0) << 5;

    key = mix(key, flags);
    key = mix_word(key, machine);
    key = mix(key, (uint64_t)(int64_t)(machine->health < rise ? machine->health : rise));
    key = mix(key, machine->refusals < REFUSALS_MAX ? machine->refusals : REFUSALS_MAX);
    if (machine->connection == RM_CONNECTION_CONNECTING)
    {
        key = mix_time(key, failover, machine->connect_started_ms, PAST_MAX_MS);
    }
    key = mix_time(key, failover, machine->retry_at_ms, 0);
    key = mix_time(key, failover, machine->ping_due_ms, 0);
    key = mix_time(key, failover, machine->ping_sent_ms, PAST_MAX_MS);
    key = mix_time(key, failover, machine->miss_due_ms, 0);
    key = mix_time(key, failover, machine->well_since_ms, failover->return_delay_ms);
    if (!failover->settings.is_all_remote)
    {
        return key;
    }
    key = mix(key, (uint64_t)machine->last_cause);
    return mix_time(key, failover, machine->lost_at_ms, PAST_MAX_MS);
}

/* The promotions that still count against somebody. */
static uint64_t mix_history(uint64_t key, const struct rm_failover *failover)
{
    uint32_t window_ms = failover->settings.flap_window_ms;

    for (uint32_t ago = 1; failover->settings.flap_limit > 0 && ago <= failover->generation &&
                           ago <= RM_FAILOVER_HISTORY;
         ago++)
    {
        const struct rm_promotion *promotion =
            &failover->history[(failover->generation - ago) % RM_FAILOVER_HISTORY];

        if (failover->now_ms - promotion->at_ms >= window_ms)
        {
            break;
        }
        key = mix(key, promotion->machine);
        key = mix_time(key, failover, promotion->at_ms, window_ms);
    }
    return key;
}

static uint64_t mix_intentions(uint64_t key, const struct rm_failover *failover)
{
    key = mix(key, (uint64_t)failover->preferred << 24 | (uint64_t)failover->chosen << 16 |
                       (uint64_t)failover->sought << 8 | (uint64_t)failover->linked);
    key = mix(key, failover->tried);
    key = mix(key, (uint64_t)failover->sought_cause);
    if (failover->settings.is_linked || failover->settings.acknowledge != RM_ACKNOWLEDGE_NONE)
    {
        key = mix(key, failover->last_active);
    }
    return mix(key, (uint64_t)failover->is_split_told << 0 |
                        (uint64_t)failover->is_no_better_told << 1 |
                        (uint64_t)failover->is_unacknowledged << 2 |
                        (uint64_t)failover->is_following << 3);
}

/* Those that the events of the models change. */
static uint64_t mix_settings(uint64_t key, const struct rm_failover_settings *settings)
{
    key = mix(key, (uint64_t)settings->mode << 24 | (uint64_t)settings->return_policy << 16 |
                       (uint64_t)settings->acknowledge << 8 | (uint64_t)settings->is_linked);
    key = mix(key, (uint64_t)settings->ping_interval_ms << 32 | settings->ping_timeout_ms);
    key = mix(key, (uint64_t)settings->connect_timeout_ms << 32 | settings->reconnect_interval_ms);
    key = mix(key, (uint64_t)settings->busy_grace_ms << 32 | settings->return_delay_ms);
    key = mix(key, (uint64_t)settings->ready_percent << 32 | settings->flap_limit);
    return mix(key, (uint64_t)settings->fall << 32 | settings->rise);
}

uint64_t visited_key(const struct rm_failover *failover)
{
    uint64_t key = mix(0, (uint64_t)failover->phase);

    key = mix(key, failover->active);
    key = mix(key, failover->is_all_lost_told);
    key = mix(key, failover->return_delay_ms);
    key = mix(key, failover->returned_at_ms != RM_NEVER);
    key = mix(key, failover->last_link != 0);
    key = mix_settings(key, &failover->settings);
    key = mix_intentions(key, failover);
    key = mix_history(key, failover);
    key = mix_time(key, failover, failover->tilt_until_ms, 0);
    for (unsigned i = 0; i < failover->settings.machine_count; i++)
    {
        key = mix_machine(key, failover, &failover->machines[i]);
    }
    return key ? key : 1;
}
