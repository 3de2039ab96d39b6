/* measure.h: the time of one thing, done directly and through us in turn, as a ratio that holds on
 * a computer that has other work, too.
 *
 * A round is four short batches: direct, through, through, direct (the next round the other way
 * round), so that a drift of the computer's speed meets both alike. Of each batch counts the
 * median: a call during which somebody else had the processor does not. Each round gives one ratio;
 * the figure is their median, and its spread the two quartiles.
 *
 * Units: microseconds.
 * Ownership: plain data.
 * Threads: one.
 * Errors: none; a round beyond BENCH_ROUNDS_MAX is not counted.
 */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <stddef.h>
#include <windows.h>

#define BENCH_ROUNDS_MAX 256

enum bench_way
{
    BENCH_DIRECT,
    BENCH_THROUGH,
    BENCH_WAY_COUNT
};

struct bench_rounds
{
    unsigned count;
    double us[BENCH_WAY_COUNT][BENCH_ROUNDS_MAX];
};

struct bench_figure
{
    double ratio, ratio_low, ratio_high; /* of times, through : direct; median and quartiles */
    double direct_us;
    double added_us; /* median of what the rounds had more */
};

/* The counter of the system's clock, and a difference of it. */
LONGLONG bench_now(void);
double bench_us(LONGLONG ticks);

/* Sorts `values`; 0 for none. `part` is 0.5 for the median, 0.25 for the lower quartile. */
double bench_quantile(double *values, size_t count, double part);

/* One batch: its median in microseconds. */
typedef double (*bench_batch)(enum bench_way way, void *context);

/* Does one round and adds it. */
void bench_round(struct bench_rounds *rounds, bench_batch batch, void *context);

void bench_evaluate(const struct bench_rounds *rounds, struct bench_figure *figure);

#endif
