/* target.h: what a figure must reach, and the line that says whether it does.
 *
 * Units: ratios; microseconds.  Ownership: none.  Threads: one.  Errors: none.
 * Source: design.md 8. What that does not name for a number of items or for writes is held against
 *   the limit of its neighbour; docs/testing.md lists which.
 */
#ifndef BENCH_TARGET_H
#define BENCH_TARGET_H

#include "bench.h"

/* By apartment: [0] multithreaded, [1] single-threaded. 0 is no limit. */
struct bench_target
{
    double most_ratio[2];    /* of times */
    double most_added_us[2]; /* per call */
    double least_rate[2];    /* ratio of rates */
};

/* `name` without bitness and apartment. */
void bench_tell(const struct bench *bench, const char *name, const struct bench_figure *figure,
                const struct bench_target *target);

#endif
