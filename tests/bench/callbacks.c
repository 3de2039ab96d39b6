#include "session.h"
#include "sink.h"
#include "target.h"

#include <stdio.h>

#define RATE_MS 10
#define SKIP    3 /* the first ones come while the call that has started them is still out */
#define ROUNDS  30
#define QUICK   10

struct stream
{
    const char *name;
    DWORD items;
    LONG wanted;

    struct bench *bench;
    struct bench_group groups[BENCH_WAY_COUNT];
};

static struct bench_sink sinks[BENCH_WAY_COUNT];
static struct stream streams[] = {
    {.name = "callback-1",    .items = 1,    .wanted = 120},
    {.name = "callback-1000", .items = 1000, .wanted = 30 },
};

/* The group is active for as long as the batch lasts. */
static double run_batch(enum bench_way way, void *context)
{
    struct stream *stream = context;
    struct bench_sink *sink = &sinks[way];
    double us[BENCH_CALLBACKS_MAX];
    size_t count = 0;

    bench_sink_expect(sink, stream->items, stream->wanted);
    bench_group_activate(&stream->groups[way], true);
    if (!bench_sink_wait(sink, stream->bench->is_single))
        bench_must(E_FAIL, "callbacks: they do not come");
    bench_group_activate(&stream->groups[way], false);
    for (LONG i = SKIP; i < stream->wanted; i++)
        us[count++] = bench_us(sink->times[i] - sink->times[i - 1]);
    return bench_quantile(us, count, 0.5);
}

static void measure(struct stream *stream)
{
    static const struct bench_target target = {
        .least_rate = {0.98, 0.95}
    };
    struct bench_rounds rounds = {.count = 0};
    struct bench_figure figure;
    struct bench_items items;

    bench_items_make(&items, BENCH_COUNTERS, stream->items);
    for (int way = 0; way < BENCH_WAY_COUNT; way++)
    {
        bench_sink_init(&sinks[way]);
        bench_group_open(&stream->groups[way], stream->bench->servers[way], L"bench callbacks",
                         RATE_MS);
        bench_group_add(&stream->groups[way], &items);
        bench_group_advise(&stream->groups[way], &sinks[way].IOPCDataCallback_iface);
        run_batch((enum bench_way)way, stream);
    }
    bench_items_free(&items);
    while (rounds.count < (stream->bench->is_quick ? QUICK : ROUNDS))
        bench_round(&rounds, run_batch, stream);
    bench_evaluate(&rounds, &figure);
    for (int way = 0; way < BENCH_WAY_COUNT; way++)
        bench_group_close(&stream->groups[way]);
    bench_tell(stream->bench, stream->name, &figure, &target);
}

void bench_callbacks(struct bench *bench)
{
    for (size_t i = 0; i < ARRAYSIZE(streams); i++)
    {
        if (!bench_wants(bench, streams[i].name))
            continue;
        streams[i].bench = bench;
        measure(&streams[i]);
    }
}
