#include "meter.h"
#include "session.h"
#include "sink.h"

#include <stdio.h>
#include <string.h>

#define ITEMS     10000
#define RATE_MS   1000
#define STEP_MS   150
#define STEPS_MAX 130
#define CALM      4     /* so many readings without growth and all is there */
#define NOISE     65536 /* calls that are out, buffers of RPC */

static struct bench_sink sinks[BENCH_WAY_COUNT];

/* What is in use, and what the heap itself needs for each block: two pointers. */
static size_t heap_bytes(void)
{
    struct meter meter;

    meter_read(&meter);
    return meter.bytes + meter.blocks * 2 * sizeof(void *);
}

/* The least that is seen once it doesn't grow any more; a standby is set up in the background. */
static size_t calm_bytes(bool is_single)
{
    size_t most = heap_bytes(), least = most;

    for (unsigned calm = 0, steps = 0; calm < CALM && steps < STEPS_MAX; calm++, steps++)
    {
        size_t now;

        bench_idle(STEP_MS, is_single);
        now = heap_bytes();
        if (calm == 0 || now < least)
            least = now;
        if (now > most + NOISE)
        {
            calm = 0;
            most = now;
        }
    }
    return least;
}

static void await_all(struct bench_sink *sink, bool is_single)
{
    for (unsigned steps = 0; sink->updates < ITEMS && steps < STEPS_MAX; steps++)
        bench_idle(STEP_MS, is_single);
    if (sink->updates < ITEMS)
        bench_must(E_FAIL, "the items' first values: they do not come");
}

/* Per item, of a group whose items have all had a value. */
static double measure(struct bench *bench, enum bench_way way, const struct bench_items *items)
{
    struct bench_sink *sink = &sinks[way];
    struct bench_group group;
    size_t before, after;

    bench_sink_init(sink);
    bench_sink_expect(sink, 1, 0);
    bench_group_open(&group, bench->servers[way], L"bench memory", RATE_MS);
    bench_group_activate(&group, true);
    bench_group_advise(&group, &sink->IOPCDataCallback_iface);
    before = calm_bytes(bench->is_single);
    bench_group_add(&group, items);
    await_all(sink, bench->is_single);
    after = calm_bytes(bench->is_single);
    /* The handles are the client's own. */
    after -= items->count * sizeof(*group.handles);
    bench_group_close(&group);
    return ((double)after - (double)before) / items->count;
}

void bench_memory(struct bench *bench)
{
    double most = strcmp(bench->mode, "cold") == 0 ? 300 : 700;
    double bytes[BENCH_WAY_COUNT], id_bytes, more;
    struct bench_items items;

    bench_items_make(&items, BENCH_TAGS, ITEMS);
    for (int way = 0; way < BENCH_WAY_COUNT; way++)
        bytes[way] = measure(bench, (enum bench_way)way, &items);
    id_bytes = (double)items.id_bytes / items.count;
    bench_items_free(&items);
    more = bytes[BENCH_THROUGH] - bytes[BENCH_DIRECT];
    printf("%s/%s/memory-%s bytes_per_item=%.0f direct_bytes=%.0f id_bytes=%.0f "
           "target=bytes<=%.0f+id %s\n",
           bench_bits(), bench_apartment(bench), bench->mode, more, bytes[BENCH_DIRECT], id_bytes,
           most, more <= most + id_bytes ? "OK" : "SHORT");
    fflush(stdout);
}
