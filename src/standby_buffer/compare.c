#include "compare.h"

#include <rm/quality.h>

#define PER_MS      10000
#define AN_HOUR_MS  3600000u
#define FAR_PERIODS 2 /* by which clocks are far apart */

static bool is_good(const struct rm_update *update)
{
    return (update->quality & RM_QUALITY_MASK) == RM_QUALITY_GOOD;
}

static bool has_time(const struct rm_update *update)
{
    return update->error >= 0 && update->time_100ns > 0;
}

/* Clocks may say anything: as far as numbers go. */
static int64_t difference(int64_t one, int64_t other)
{
    if (other < 0 && one > INT64_MAX + other)
        return INT64_MAX;
    if (other >= 0 && one < -INT64_MAX + other)
        return -INT64_MAX;
    return one - other;
}

static int64_t magnitude(int64_t number)
{
    return number < 0 ? -number : number;
}

/* How far the standby's clock is before that of the machine which sent what was forwarded. */
static int64_t clocks_apart(const struct rm_standby_terms *terms,
                            const struct rm_forwarded *forwarded)
{
    return difference(terms->skew.offset_100ns, forwarded->skew.offset_100ns);
}

static int64_t clocks_error(const struct rm_standby_terms *terms,
                            const struct rm_forwarded *forwarded)
{
    return terms->skew.error_100ns + forwarded->skew.error_100ns;
}

static bool are_clocks_known(const struct rm_standby_terms *terms,
                             const struct rm_forwarded *forwarded)
{
    return terms->skew.is_known && forwarded->skew.is_known;
}

bool rm_standby_is_equal(const struct rm_value_kind *kind, const struct rm_update *one,
                         const struct rm_update *other)
{
    return one->error == other->error && one->quality == other->quality &&
           kind->is_equal(one->value, other->value);
}

bool rm_standby_is_same(const struct rm_value_kind *kind, const struct rm_update *one,
                        const struct rm_update *other)
{
    return (one->time_100ns == other->time_100ns || (!has_time(one) && !has_time(other))) &&
           rm_standby_is_equal(kind, one, other);
}

int64_t rm_standby_since_ms(uint32_t from_ms, uint32_t to_ms)
{
    uint32_t since_ms = to_ms - from_ms;

    return since_ms > UINT32_MAX - AN_HOUR_MS ? -(int64_t)(from_ms - to_ms) : since_ms;
}

struct rm_standing rm_standby_compare(const struct rm_standby_ring *ring,
                                      const struct rm_standby_terms *terms,
                                      const struct rm_forwarded *forwarded,
                                      const struct rm_update *update, int64_t later_ms)
{
    const struct rm_update *got = &forwarded->update;
    bool have_times = has_time(update) && has_time(got);
    struct rm_handover_case asked = {
        .is_equal = rm_standby_is_equal(terms->kind, update, got),
        .is_same_time = have_times && update->time_100ns == got->time_100ns,
        .is_comparable = true,
        .period_100ns = terms->period_100ns,
    };
    struct rm_standing standing;
    bool is_same, is_at_once;

    if (have_times && ring->has_device_time && is_good(update) && is_good(got))
        asked.age_100ns = difference(update->time_100ns, got->time_100ns);
    else if (have_times && !ring->has_device_time && are_clocks_known(terms, forwarded))
    {
        asked.age_100ns = difference(difference(update->time_100ns, got->time_100ns),
                                     clocks_apart(terms, forwarded));
        asked.error_100ns = clocks_error(terms, forwarded);
    }
    else
    {
        asked.is_comparable = !asked.is_equal; /* an equal one is no news, whenever it came */
        asked.age_100ns = later_ms * PER_MS;
        asked.error_100ns = terms->period_100ns;
        have_times = false;
    }
    standing.verdict = rm_handover_judge(&asked);
    is_same = asked.is_equal && asked.is_same_time;
    standing.is_behind = !is_same && asked.age_100ns < -asked.error_100ns;
    /* Two machines see one change within a period of each other, and one machine never sees two. */
    is_at_once = !have_times && asked.age_100ns <= asked.error_100ns;
    standing.is_doubtful =
        standing.verdict == RM_HANDOVER_SUPPRESS && !is_same && !standing.is_behind && !is_at_once;
    return standing;
}

/* So far that two samples of one change can't have the same time stamp. */
static bool are_clocks_far_apart(const struct rm_standby_terms *terms,
                                 const struct rm_forwarded *forwarded)
{
    return are_clocks_known(terms, forwarded) &&
           magnitude(clocks_apart(terms, forwarded)) > FAR_PERIODS * terms->period_100ns;
}

void rm_standby_learn(struct rm_standby_ring *ring, const struct rm_standby_terms *terms,
                      const struct rm_forwarded *forwarded, const struct rm_update *update)
{
    const struct rm_update *got = &forwarded->update;

    if (!has_time(update) || !has_time(got) || !is_good(update) ||
        !rm_standby_is_equal(terms->kind, update, got))
        return;
    if (update->time_100ns == got->time_100ns)
        ring->has_device_time = true;
    else if (magnitude(difference(update->time_100ns, got->time_100ns)) <=
                 terms->period_100ns / 2 &&
             !are_clocks_far_apart(terms, forwarded))
        ring->has_device_time = false;
}

void rm_standby_learn_last(struct rm_standby_ring *ring, const struct rm_forwarded *forwarded)
{
    const struct rm_update *got = &forwarded->update;

    if (has_time(got) && is_good(got) && got->time_100ns == ring->sent_100ns)
        ring->has_device_time = true;
}
