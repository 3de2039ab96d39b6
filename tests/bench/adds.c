#include "session.h"
#include "target.h"

#include <stdio.h>

#define ROUNDS 8
#define QUICK  4
/* design.md 8: the cost per item stays what it is at 1,000. */
#define MORE_PER_ITEM 1.1

struct adding
{
    struct bench_group groups[BENCH_WAY_COUNT];
    struct bench_items items;
};

static double run_batch(enum bench_way way, void *context)
{
    struct adding *adding = context;
    double us = bench_us(bench_group_add(&adding->groups[way], &adding->items));

    bench_group_empty(&adding->groups[way]);
    return us;
}

static void measure(struct bench *bench, DWORD count, struct bench_figure *figure)
{
    struct bench_rounds rounds = {.count = 0};
    struct adding adding;

    bench_items_make(&adding.items, BENCH_TAGS, count);
    for (int way = 0; way < BENCH_WAY_COUNT; way++)
    {
        bench_group_open(&adding.groups[way], bench->servers[way], L"bench adds", 1000);
        run_batch((enum bench_way)way, &adding);
    }
    while (rounds.count < (bench->is_quick ? QUICK : ROUNDS))
        bench_round(&rounds, run_batch, &adding);
    bench_evaluate(&rounds, figure);
    for (int way = 0; way < BENCH_WAY_COUNT; way++)
        bench_group_close(&adding.groups[way]);
    bench_items_free(&adding.items);
}

void bench_adds(struct bench *bench)
{
    struct bench_figure few, many;
    struct bench_target target;

    measure(bench, 1000, &few);
    measure(bench, 10000, &many);
    target = (struct bench_target){
        .most_ratio = {few.ratio * MORE_PER_ITEM, few.ratio * MORE_PER_ITEM}
    };
    bench_tell(bench, "additems-10000", &many, &target);
}
