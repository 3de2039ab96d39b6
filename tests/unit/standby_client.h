/* standby_client.h: the client of a world, which gets what the rules of delivery let through: the
 * active machine's updates until it is lost, then what the standby's ring holds, then the standby's
 * own, judged until one of them was not older.
 */
#ifndef STANDBY_CLIENT_H
#define STANDBY_CLIENT_H

#include "standby_values.h"
#include "standby_world.h"

struct client_got
{
    struct world_update update;
    bool is_live; /* the standby's, after the promotion */
    bool is_late; /* was held as older, and nothing followed */
};

struct client
{
    const struct world *world;
    bool is_told; /* on stdout */
    struct rm_standby_ring ring;
    struct rm_standby_terms terms;
    struct rm_standby_budget budget;
    struct rm_forwarded forwarded;
    struct test_value got;
    struct world_update last; /* forwarded */
    bool is_standby_active;
    struct world_update held;
    bool has_held;
    bool had_device_time; /* at the promotion */
    int drained;
    int got_count;
    struct client_got gots[2 * WORLD_UPDATES_MAX];
};

/* How the standby's update stands to one of the active machine, as the model sees it. */
struct client_distance
{
    bool is_timed; /* else there are only times of arrival */
    int64_t age_100ns, error_100ns;
};

struct client_distance client_distance(const struct world *world, bool has_device_time,
                                       const struct world_update *update,
                                       const struct world_update *forwarded);

/* NULL: well; else what is wrong. The ring is cleared in any case. */
const char *client_run(struct client *client, const struct world *world, size_t bytes_max,
                       uint32_t window_ms);

#endif
