/* standby_world.h: a plant with one item, and two servers that sample it: the model behind the
 * tests of the standby buffer. All of it follows from a seed.
 *
 * Times are in 100 ns from the beginning of the world, which no clock shows: each server has its
 * own clock, which is off, and was measured, which may be wrong by no more than is said.
 */
#ifndef STANDBY_WORLD_H
#define STANDBY_WORLD_H

#include <rm/standby_buffer.h>

#define WORLD_MS           ((int64_t)10000)
#define WORLD_STATES_MAX   1000
#define WORLD_UPDATES_MAX  1000
#define WORLD_GOOD_QUALITY 192
#define WORLD_BAD_QUALITY  24
#define WORLD_FAILURE      (-1073479673)

enum world_stamps
{
    WORLD_STAMPS_SERVER, /* when the server has sampled it, by its clock */
    WORLD_STAMPS_DEVICE, /* when it changed, by the device's clock */
    WORLD_STAMPS_MIXED,  /* the same, but the server's where quality is bad */
    WORLD_STAMPS_NONE,
    WORLD_STAMPS_COUNT
};

/* What the item is from then on. */
struct world_state
{
    int64_t from_100ns;
    int64_t value;
    int32_t error;
    uint16_t quality;
};

/* What a server has sent. */
struct world_update
{
    bool is_standbys, is_repeat;
    int number; /* of the state */
    const struct world_state *state;
    int64_t sampled_100ns, arrives_100ns, stamp_100ns;
};

struct world_server
{
    int64_t clock_100ns; /* before ours */
    struct rm_skew skew;
    int64_t period_100ns, phase_100ns, jitter_100ns, latency_100ns, batch_100ns;
    unsigned refresh_percent, delay_percent;
};

struct world
{
    uint64_t random;
    enum world_stamps stamps;
    bool are_clocks_known;
    int64_t device_clock_100ns;
    int64_t period_100ns; /* of the group */
    int64_t end_100ns, lost_100ns, promoted_100ns;
    uint32_t start_ms; /* of our clock of milliseconds */
    int state_count, update_count;
    struct world_server servers[2];                 /* active, standby */
    struct world_state states[WORLD_STATES_MAX];    /* neighbours differ */
    struct world_update updates[WORLD_UPDATES_MAX]; /* of both, as they arrive */
};

void world_make(struct world *world, uint64_t seed);

/* 0 .. below - 1 */
int64_t world_random(struct world *world, int64_t below);

/* The standby's answer to a refresh. */
struct world_update world_refresh(const struct world *world, int64_t now_100ns);

uint32_t world_ms(const struct world *world, int64_t time_100ns);
bool world_is_same_state(const struct world_state *one, const struct world_state *other);

#endif
