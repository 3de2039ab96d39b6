/* bench.h: the measurements that bench_client can do, and what they share.
 *
 * Each prints a line per figure as soon as it has it:
 *
 *     NAME ratio=R spread=LOW..HIGH direct_us=T added_us=D target=... OK|SHORT
 *
 * ratio is through : direct, of times for calls and of rates (callbacks per second) for callbacks.
 * A line of memory has bytes_per_item, direct_bytes and id_bytes instead.
 *
 * Units: microseconds, bytes.
 * Ownership: the bench holds the two server objects.
 * Threads: all in the thread that entered the apartment.
 * Errors: a call that fails ends the program with a line that names it (bench_must).
 * Source: design.md 8.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdbool.h>
#include <opc/opcda.h>

#include "measure.h"

struct bench
{
    IOPCServer *servers[BENCH_WAY_COUNT];
    bool is_single; /* threaded apartment */
    bool is_quick;
    const char *mode; /* of the redundancy, for the names of figures of memory */
    const char *only; /* the call or callback that is measured; NULL: all */
};

/* Calls of 0, 1, 100 and 1,000 items. */
void bench_calls(struct bench *bench);

/* Data changes of 1 and 1,000 items, as fast as the server sends them (rmsim --eager). */
void bench_callbacks(struct bench *bench);

/* AddItems of 1,000 and 10,000. */
void bench_adds(struct bench *bench);

/* Processor time per update, of 1,000 items and of 100,000 in 100 groups. */
void bench_load(struct bench *bench);

/* What 10,000 subscribed items cost this process. */
void bench_memory(struct bench *bench);

/* Whether a call or callback is to be measured. */
bool bench_wants(const struct bench *bench, const char *name);

/* "32" or "64". */
const char *bench_bits(void);
const char *bench_apartment(const struct bench *bench);

/* S_OK, or the end. */
void bench_must(HRESULT hr, const char *what);

/* Zeroed, never NULL; to be given to free. */
void *bench_alloc(size_t count, size_t size);

#endif
