#include "measure.h"

#include <stdlib.h>

LONGLONG bench_now(void)
{
    LARGE_INTEGER now;

    QueryPerformanceCounter(&now);
    return now.QuadPart;
}

double bench_us(LONGLONG ticks)
{
    static LARGE_INTEGER per_second;

    if (!per_second.QuadPart)
        QueryPerformanceFrequency(&per_second);
    return (double)ticks * 1e6 / (double)per_second.QuadPart;
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

double bench_quantile(double *values, size_t count, double part)
{
    double place = (double)(count - 1) * part;
    size_t below = (size_t)place;

    if (count == 0)
        return 0;
    qsort(values, count, sizeof(*values), compare);
    if (below + 1 >= count)
        return values[count - 1];
    return values[below] + (place - (double)below) * (values[below + 1] - values[below]);
}

void bench_round(struct bench_rounds *rounds, bench_batch batch, void *context)
{
    enum bench_way outer = rounds->count % 2 == 0 ? BENCH_DIRECT : BENCH_THROUGH;
    enum bench_way inner = outer == BENCH_DIRECT ? BENCH_THROUGH : BENCH_DIRECT;
    double us[BENCH_WAY_COUNT];

    us[outer] = batch(outer, context);
    us[inner] = batch(inner, context);
    us[inner] += batch(inner, context);
    us[outer] += batch(outer, context);
    if (rounds->count == BENCH_ROUNDS_MAX)
        return;
    for (int way = 0; way < BENCH_WAY_COUNT; way++)
        rounds->us[way][rounds->count] = us[way] / 2;
    rounds->count++;
}

void bench_evaluate(const struct bench_rounds *rounds, struct bench_figure *figure)
{
    double ratios[BENCH_ROUNDS_MAX], added[BENCH_ROUNDS_MAX], direct[BENCH_ROUNDS_MAX];

    for (unsigned i = 0; i < rounds->count; i++)
    {
        direct[i] = rounds->us[BENCH_DIRECT][i];
        added[i] = rounds->us[BENCH_THROUGH][i] - direct[i];
        ratios[i] = rounds->us[BENCH_THROUGH][i] / direct[i];
    }
    figure->ratio = bench_quantile(ratios, rounds->count, 0.5);
    figure->ratio_low = bench_quantile(ratios, rounds->count, 0.25);
    figure->ratio_high = bench_quantile(ratios, rounds->count, 0.75);
    figure->direct_us = bench_quantile(direct, rounds->count, 0.5);
    figure->added_us = bench_quantile(added, rounds->count, 0.5);
}
