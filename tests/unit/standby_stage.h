/* standby_stage.h: plays for the tests of the standby buffer: one item, what the client has got of
 * it from the active machine, and the standby's ring.
 */
#ifndef STANDBY_STAGE_H
#define STANDBY_STAGE_H

#include "standby_values.h"

#define STAGE_MS        ((int64_t)10000)
#define STAGE_PERIOD_MS 100
#define STAGE_GOOD      192
#define STAGE_EPOCH_MS  1000000 /* of time stamps, so that they are there */

/* A play is words: who, value, @ time stamp, : arrival, in ms.
 *   F   the client has got it from the active machine     S   the standby has sent it
 *   R   the standby has sent it as the answer to a refresh of ours
 *   values are digits; E is a failure, a b behind the digit is quality bad; @- is no time stamp
 * What is left is the ring at the end, oldest first, without arrivals.
 */
struct stage_row
{
    const char *shows;
    const char *play;
    const char *left;
    int64_t ahead_ms; /* standby's clock */
    int64_t error_ms; /* of both clocks together */
    bool is_clock_unknown;
    bool is_first; /* the standby has sent nothing before */
};

struct stage
{
    struct rm_standby_budget budget;
    struct rm_standby_terms terms;
    struct rm_standby_ring ring;
    struct rm_forwarded forwarded;
    struct test_value got;
};

void stage_set(struct stage *stage, const struct stage_row *row);
void stage_play(struct stage *stage, const char *words);

/* Takes all out of the ring; nothing must be left behind. */
void stage_assert_left(struct stage *stage, const char *left, const char *shows);

#endif
