#include "session.h"
#include "sink.h"
#include "target.h"

#include <stdio.h>

#define GROUP_ITEMS  1000
#define FEW_RATE_MS  20 /* the servers' period: processor time is told in steps of 10 ms */
#define MANY_RATE_MS 1000
#define GROUPS       100
#define QUICK_MS     5000
#define MEASURE_MS   12000
#define SETTLE_MS    2500
#define STEP_MS      100
#define STEPS_MAX    600
/* Two machines send instead of one, and what the standby sends is held against the other's. */
#define MOST_OF_DIRECT 2.5
/* design.md 8: 100,000 items cost per item what 1,000 do; of both that is more than direct, for the
 * processor's caches hold less of it. */
#define MORE_PER_ITEM 1.1

static struct bench_sink sink;
static struct bench_group groups[GROUPS];

/* Of this process, user and system. */
static double cpu_us(void)
{
    FILETIME born, gone, kernel, user;

    bench_must(GetProcessTimes(GetCurrentProcess(), &born, &gone, &kernel, &user) ? S_OK : E_FAIL,
               "GetProcessTimes");
    return ((double)(((ULONGLONG)kernel.dwHighDateTime << 32) + kernel.dwLowDateTime) +
            (double)(((ULONGLONG)user.dwHighDateTime << 32) + user.dwLowDateTime)) /
           10;
}

static void await_updates(struct bench *bench, LONG wanted)
{
    for (unsigned step = 0; sink.updates < wanted; step++)
    {
        if (step == STEPS_MAX)
            bench_must(E_FAIL, "the groups' first values: they do not come");
        bench_idle(STEP_MS, bench->is_single);
    }
}

/* Processor time of this process for each update that the client gets. Both machines have long
 * delivered when the measurement begins. */
static double measure(struct bench *bench, enum bench_way way, DWORD count, DWORD rate_ms)
{
    struct bench_items items;
    double us;
    LONG updates;

    bench_sink_init(&sink);
    bench_sink_expect(&sink, 1, 0);
    bench_items_make(&items, BENCH_COUNTERS, GROUP_ITEMS);
    for (DWORD i = 0; i < count; i++)
    {
        WCHAR name[32];

        swprintf(name, ARRAYSIZE(name), L"bench load %lu", i);
        bench_group_open(&groups[i], bench->servers[way], name, rate_ms);
        bench_group_add(&groups[i], &items);
        bench_group_advise(&groups[i], &sink.IOPCDataCallback_iface);
        bench_group_activate(&groups[i], true);
    }
    bench_items_free(&items);
    await_updates(bench, (LONG)(count * GROUP_ITEMS));
    bench_idle(SETTLE_MS, bench->is_single);
    us = cpu_us();
    updates = sink.updates;
    bench_idle(bench->is_quick ? QUICK_MS : MEASURE_MS, bench->is_single);
    us = cpu_us() - us;
    updates = sink.updates - updates;
    for (DWORD i = 0; i < count; i++)
        bench_group_close(&groups[i]);
    bench_must(updates > 0 ? S_OK : E_FAIL, "updates: none have come");
    return us / updates;
}

static void tell(struct bench *bench, const char *name, double ratio, double direct_us,
                 double through_us, double most)
{
    printf("%s/%s/%s-%s ratio=%.2f direct_us=%.2f added_us=%.2f target=ratio<=%.2f %s\n",
           bench_bits(), bench_apartment(bench), bench->mode, name, ratio, direct_us,
           through_us - direct_us, most, ratio <= most ? "OK" : "SHORT");
    fflush(stdout);
}

void bench_load(struct bench *bench)
{
    double direct_us = measure(bench, BENCH_DIRECT, 1, FEW_RATE_MS);
    double few_us = measure(bench, BENCH_THROUGH, 1, FEW_RATE_MS);
    double many_direct_us = measure(bench, BENCH_DIRECT, GROUPS, MANY_RATE_MS);
    double many_us = measure(bench, BENCH_THROUGH, GROUPS, MANY_RATE_MS);

    tell(bench, "load-1000", few_us / direct_us, direct_us, few_us, MOST_OF_DIRECT);
    tell(bench, "load-100000", many_us / many_direct_us, many_direct_us, many_us,
         few_us / direct_us * MORE_PER_ITEM);
}
