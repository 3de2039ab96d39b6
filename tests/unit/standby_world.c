/* standby_world.c: a plant and two servers out of a seed. */
#include "standby_world.h"

#include <stdlib.h>

#define PERIODS       60
#define QUIET_PERIODS 12 /* the first state lasts so long: every server has sent it */
#define HOUR_MS       3600000
#define DEVICE_EPOCH  (WORLD_MS * 77777777)

int64_t world_random(struct world *world, int64_t below)
{
    world->random ^= world->random << 13;
    world->random ^= world->random >> 7;
    world->random ^= world->random << 17;
    return below > 0 ? (int64_t)((world->random >> 1) % (uint64_t)below) : 0;
}

static bool is_chance(struct world *world, unsigned percent)
{
    return world_random(world, 100) < (int64_t)percent;
}

/* -most .. most */
static int64_t either_way(struct world *world, int64_t most)
{
    return world_random(world, 2 * most + 1) - most;
}

bool world_is_same_state(const struct world_state *one, const struct world_state *other)
{
    return one->value == other->value && one->error == other->error &&
           one->quality == other->quality;
}

uint32_t world_ms(const struct world *world, int64_t time_100ns)
{
    return world->start_ms + (uint32_t)(time_100ns / WORLD_MS);
}

static void make_plant(struct world *world)
{
    static const int values[] = {2, 2, 3, 1000};
    static const int hold_percents[] = {60, 150, 400, 1500};
    int64_t value_count = values[world_random(world, 4)];
    int64_t hold_100ns = world->period_100ns * hold_percents[world_random(world, 4)] / 100;
    unsigned bad_percent = is_chance(world, 50) ? 15 : 0;
    unsigned failure_percent =
        world->stamps == WORLD_STAMPS_SERVER && is_chance(world, 30) ? 10 : 0;
    int64_t from_100ns = 0;

    if (world->stamps == WORLD_STAMPS_DEVICE)
        bad_percent = 0;
    while (from_100ns < world->end_100ns && world->state_count < WORLD_STATES_MAX)
    {
        struct world_state *state = &world->states[world->state_count];

        *state = (struct world_state){
            .from_100ns = from_100ns,
            .value = world_random(world, value_count),
            .quality = is_chance(world, bad_percent) ? WORLD_BAD_QUALITY : WORLD_GOOD_QUALITY};
        if (world->state_count == 0)
            state->quality = WORLD_GOOD_QUALITY;
        else if (is_chance(world, failure_percent))
            *state = (struct world_state){.from_100ns = from_100ns, .error = WORLD_FAILURE};
        if (world->state_count > 0 && world_is_same_state(state, state - 1))
            continue;
        from_100ns += world->state_count++ == 0 ? QUIET_PERIODS * world->period_100ns
                                                : hold_100ns / 2 + world_random(world, hold_100ns);
        if (world->stamps == WORLD_STAMPS_DEVICE || world->stamps == WORLD_STAMPS_MIXED)
            from_100ns +=
                world->period_100ns / 2; /* of one time within half a period is no other */
    }
}

static void make_clock(struct world *world, struct world_server *server)
{
    static const int error_percents[] = {0, 1, 1, 12, 40, 100};
    int64_t error_100ns = world->period_100ns * error_percents[world_random(world, 6)] / 100;
    int64_t most_100ns = is_chance(world, 50) ? world->period_100ns : HOUR_MS * WORLD_MS;

    server->clock_100ns = is_chance(world, 30) ? 0 : either_way(world, most_100ns);
    server->skew =
        (struct rm_skew){.is_known = world->are_clocks_known,
                         .offset_100ns = server->clock_100ns + either_way(world, error_100ns),
                         .error_100ns = error_100ns};
}

static void make_server(struct world *world, struct world_server *server)
{
    static const int period_percents[] = {100, 100, 100, 50, 200};

    server->period_100ns = world->period_100ns;
    if (server == &world->servers[1])
        server->period_100ns = server->period_100ns * period_percents[world_random(world, 5)] / 100;
    server->phase_100ns = world_random(world, server->period_100ns);
    server->jitter_100ns = is_chance(world, 50) ? server->period_100ns / 10 : 1;
    server->latency_100ns = world_random(world, world->period_100ns / 3);
    server->batch_100ns =
        is_chance(world, 30) ? world->period_100ns * (1 + world_random(world, 4)) : 1;
    server->refresh_percent = is_chance(world, 30) ? 10 : 0;
    server->delay_percent = is_chance(world, 30) ? 5 : 0;
}

static int state_at(const struct world *world, int64_t time_100ns)
{
    int number = 0;

    while (number + 1 < world->state_count && world->states[number + 1].from_100ns <= time_100ns)
        number++;
    return number;
}

static struct world_update sample(const struct world *world, bool is_standbys, int64_t now_100ns)
{
    const struct world_server *server = &world->servers[is_standbys];
    int number = state_at(world, now_100ns);
    const struct world_state *state = &world->states[number];
    struct world_update update = {.is_standbys = is_standbys,
                                  .number = number,
                                  .state = state,
                                  .sampled_100ns = now_100ns,
                                  .arrives_100ns = now_100ns};
    bool is_devices = world->stamps == WORLD_STAMPS_DEVICE ||
                      (world->stamps == WORLD_STAMPS_MIXED && state->quality == WORLD_GOOD_QUALITY);

    if (world->stamps != WORLD_STAMPS_NONE)
        update.stamp_100ns =
            DEVICE_EPOCH * 2 + (is_devices ? state->from_100ns + world->device_clock_100ns
                                           : now_100ns + server->clock_100ns);
    return update;
}

struct world_update world_refresh(const struct world *world, int64_t now_100ns)
{
    return sample(world, true, now_100ns);
}

/* In order, later by latency, now and then by some periods, and together with others. */
static int64_t arrival(struct world *world, const struct world_server *server, int64_t now_100ns,
                       int64_t before_100ns)
{
    int64_t arrives_100ns = now_100ns + server->latency_100ns;

    if (is_chance(world, server->delay_percent))
        arrives_100ns += world_random(world, 4 * world->period_100ns);
    arrives_100ns += server->batch_100ns - 1 - arrives_100ns % server->batch_100ns;
    return arrives_100ns > before_100ns ? arrives_100ns : before_100ns;
}

static void run_server(struct world *world, bool is_standbys)
{
    const struct world_server *server = &world->servers[is_standbys];
    const struct world_state *last = NULL;
    int64_t at_100ns = server->phase_100ns, arrives_100ns = 0;

    for (; at_100ns < world->end_100ns && world->update_count < WORLD_UPDATES_MAX;
         at_100ns += server->period_100ns)
    {
        struct world_update update =
            sample(world, is_standbys, at_100ns + world_random(world, server->jitter_100ns));

        update.is_repeat = last && world_is_same_state(last, update.state);
        if (update.is_repeat && !is_chance(world, server->refresh_percent))
            continue;
        arrives_100ns = arrival(world, server, update.sampled_100ns, arrives_100ns);
        update.arrives_100ns = arrives_100ns;
        last = update.state;
        if (is_standbys || update.arrives_100ns < world->lost_100ns)
            world->updates[world->update_count++] = update;
    }
}

static int by_arrival(const void *one, const void *other)
{
    const struct world_update *first = one, *second = other;

    if (first->arrives_100ns != second->arrives_100ns)
        return first->arrives_100ns < second->arrives_100ns ? -1 : 1;
    if (first->is_standbys != second->is_standbys)
        return first->is_standbys ? 1 : -1;
    return (first->sampled_100ns > second->sampled_100ns) -
           (first->sampled_100ns < second->sampled_100ns);
}

void world_make(struct world *world, uint64_t seed)
{
    static const int periods_ms[] = {10, 100, 100, 250, 1000};

    *world = (struct world){.random = (seed + 1) * 0x9E3779B97F4A7C15u};
    world->period_100ns = periods_ms[world_random(world, 5)] * WORLD_MS;
    world->stamps = is_chance(world, 50)
                        ? WORLD_STAMPS_SERVER
                        : (enum world_stamps)world_random(world, WORLD_STAMPS_COUNT);
    world->are_clocks_known = is_chance(world, 85);
    world->end_100ns = PERIODS * world->period_100ns;
    world->lost_100ns = QUIET_PERIODS * world->period_100ns +
                        world_random(world, (PERIODS - QUIET_PERIODS) * world->period_100ns);
    world->promoted_100ns = world->lost_100ns + world_random(world, 10 * world->period_100ns);
    world->device_clock_100ns = either_way(world, HOUR_MS * WORLD_MS);
    world->start_ms = is_chance(world, 50) ? (uint32_t)-world_random(world, 60 * 1000) : 5;
    make_plant(world);
    make_server(world, &world->servers[0]);
    make_server(world, &world->servers[1]);
    make_clock(world, &world->servers[0]);
    make_clock(world, &world->servers[1]);
    run_server(world, false);
    run_server(world, true);
    qsort(world->updates, (size_t)world->update_count, sizeof(world->updates[0]), by_arrival);
}
