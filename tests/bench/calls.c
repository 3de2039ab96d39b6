#include "session.h"
#include "target.h"

#include <opc/opccomn.h>
#include <stdio.h>
#include <stdlib.h>

#define BATCH_US    8000 /* short, so that direct and through see the same computer */
#define BATCH_LEAST 5
#define BATCH_MOST  200
#define WARM_UP     20
#define ROUNDS      60
#define QUICK       16
/* Of groups and items in memory; they are made anew for each, so that luck evens out. */
#define PLACES 4

struct call;
typedef LONGLONG (*call_function)(const struct call *call, enum bench_way way);

struct call
{
    const char *name;
    call_function run; /* ticks of one call */
    enum bench_kind kind;
    DWORD count;
    struct bench_target target;

    struct bench *bench;
    unsigned batch;
    IOPCCommon *common[BENCH_WAY_COUNT];
    struct bench_group groups[BENCH_WAY_COUNT];
    VARIANT *values;
};

static LONGLONG run_empty(const struct call *call, enum bench_way way)
{
    LONGLONG began = bench_now();
    LCID locale;
    HRESULT hr = IOPCCommon_GetLocaleID(call->common[way], &locale);
    LONGLONG ticks = bench_now() - began;

    bench_must(hr, "GetLocaleID");
    return ticks;
}

static LONGLONG run_read(const struct call *call, enum bench_way way)
{
    const struct bench_group *group = &call->groups[way];
    OPCITEMSTATE *values = NULL;
    HRESULT *errors = NULL;
    LONGLONG began = bench_now(), ticks;
    HRESULT hr =
        IOPCSyncIO_Read(group->sync, OPC_DS_CACHE, call->count, group->handles, &values, &errors);

    ticks = bench_now() - began;
    bench_must(hr, "Read");
    for (DWORD i = 0; i < call->count; i++)
        VariantClear(&values[i].vDataValue);
    CoTaskMemFree(values);
    CoTaskMemFree(errors);
    return ticks;
}

static LONGLONG run_write(const struct call *call, enum bench_way way)
{
    const struct bench_group *group = &call->groups[way];
    HRESULT *errors = NULL;
    LONGLONG began = bench_now(), ticks;
    HRESULT hr = IOPCSyncIO_Write(group->sync, call->count, group->handles, call->values, &errors);

    ticks = bench_now() - began;
    bench_must(hr, "Write");
    CoTaskMemFree(errors);
    return ticks;
}

#define ONE_CALL                                                                                   \
    {                                                                                              \
        .most_added_us = { 5, 20 }                                                                 \
    }
#define ONE_ITEM                                                                                   \
    {                                                                                              \
        .most_ratio = {1.05, 1.15}, .most_added_us = { 5, 20 }                                     \
    }
#define MANY_ITEMS                                                                                 \
    {                                                                                              \
        .most_ratio = { 1.02, 1.05 }                                                               \
    }

static struct call calls[] = {
    {.name = "empty",         .run = run_empty, .target = ONE_CALL},
    { .name = "read-1",     .run = run_read,       .kind = BENCH_COUNTERS, .count = 1, .target = ONE_ITEM},
    { .name = "read-100",   .run = run_read,     .kind = BENCH_COUNTERS, .count = 100, .target = ONE_CALL},
    { .name = "read-1000",
     .run = run_read,
     .kind = BENCH_COUNTERS,
     .count = 1000,
     .target = MANY_ITEMS},
    {                                          .name = "write-1",    .run = run_write,          .kind = BENCH_CELLS, .count = 1, .target = ONE_ITEM},
    { .name = "write-100",  .run = run_write,        .kind = BENCH_CELLS, .count = 100, .target = ONE_CALL},
    { .name = "write-1000",
     .run = run_write,
     .kind = BENCH_CELLS,
     .count = 1000,
     .target = MANY_ITEMS},
};

static void make_values(struct call *call)
{
    call->values = bench_alloc(call->count, sizeof(*call->values));
    for (DWORD i = 0; i < call->count; i++)
    {
        V_VT(&call->values[i]) = VT_I4;
        V_I4(&call->values[i]) = (LONG)i;
    }
}

static void open_call(struct call *call, enum bench_way first)
{
    struct bench_items items;

    for (int i = 0; i < BENCH_WAY_COUNT; i++)
    {
        int way = ((int)first + i) % BENCH_WAY_COUNT;
        IOPCServer *server = call->bench->servers[way];
        if (!call->count)
        {
            bench_must(
                IOPCServer_QueryInterface(server, &IID_IOPCCommon, (void **)&call->common[way]),
                "IOPCCommon");
            continue;
        }
        bench_items_make(&items, call->kind, call->count);
        bench_group_open(&call->groups[way], server, L"bench calls", 1000);
        bench_group_add(&call->groups[way], &items);
        bench_items_free(&items);
    }
    if (call->kind == BENCH_CELLS)
        make_values(call);
}

static void close_call(struct call *call)
{
    for (int way = 0; way < BENCH_WAY_COUNT; way++)
    {
        if (call->common[way])
            IOPCCommon_Release(call->common[way]);
        else
            bench_group_close(&call->groups[way]);
    }
    free(call->values);
    call->values = NULL;
}

static double run_batch(enum bench_way way, void *context)
{
    const struct call *call = context;
    double us[BATCH_MOST];

    for (unsigned i = 0; i < call->batch; i++)
        us[i] = bench_us(call->run(call, way));
    return bench_quantile(us, call->batch, 0.5);
}

/* How many calls make a batch. */
static void calibrate(struct call *call)
{
    double direct_us;

    call->batch = WARM_UP;
    run_batch(BENCH_THROUGH, call);
    direct_us = run_batch(BENCH_DIRECT, call);
    call->batch = (unsigned)(BATCH_US / direct_us);
    if (call->batch < BATCH_LEAST)
        call->batch = BATCH_LEAST;
    if (call->batch > BATCH_MOST)
        call->batch = BATCH_MOST;
}

void bench_calls(struct bench *bench)
{
    for (size_t i = 0; i < ARRAYSIZE(calls); i++)
    {
        struct bench_rounds rounds = {.count = 0};
        struct bench_figure figure;

        if (!bench_wants(bench, calls[i].name))
            continue;
        calls[i].bench = bench;
        for (unsigned place = 1; place <= PLACES; place++)
        {
            open_call(&calls[i], place % 2 ? BENCH_DIRECT : BENCH_THROUGH);
            calibrate(&calls[i]);
            while (rounds.count < (bench->is_quick ? QUICK : ROUNDS) * place / PLACES)
                bench_round(&rounds, run_batch, &calls[i]);
            close_call(&calls[i]);
        }
        bench_evaluate(&rounds, &figure);
        bench_tell(bench, calls[i].name, &figure, &calls[i].target);
    }
}
