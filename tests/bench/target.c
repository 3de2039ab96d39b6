#include "target.h"

#include <stdio.h>

static void tell_start(const struct bench *bench, const char *name)
{
    printf("%s/%s/%s ", bench_bits(), bench_apartment(bench), name);
}

static void tell_rate(const struct bench_figure *figure, double least)
{
    double ratio = 1 / figure->ratio;

    printf("ratio=%.3f spread=%.3f..%.3f direct_us=%.1f added_us=%.1f target=rate>=%.2f %s\n",
           ratio, 1 / figure->ratio_high, 1 / figure->ratio_low, figure->direct_us,
           figure->added_us, least, ratio >= least ? "OK" : "SHORT");
}

void bench_tell(const struct bench *bench, const char *name, const struct bench_figure *figure,
                const struct bench_target *target)
{
    int apartment = bench->is_single ? 1 : 0;
    double ratio = target->most_ratio[apartment], added_us = target->most_added_us[apartment];
    bool is_reached = true;

    tell_start(bench, name);
    if (target->least_rate[apartment] > 0)
    {
        tell_rate(figure, target->least_rate[apartment]);
        fflush(stdout);
        return;
    }
    printf("ratio=%.3f spread=%.3f..%.3f direct_us=%.1f added_us=%.1f target=", figure->ratio,
           figure->ratio_low, figure->ratio_high, figure->direct_us, figure->added_us);
    if (ratio > 0)
    {
        is_reached = figure->ratio <= ratio;
        printf("ratio<=%.2f", ratio);
    }
    if (added_us > 0)
    {
        is_reached = is_reached && figure->added_us <= added_us;
        printf("%sadded_us<=%.0f", ratio > 0 ? "," : "", added_us);
    }
    printf(" %s\n", is_reached ? "OK" : "SHORT");
    fflush(stdout);
}
