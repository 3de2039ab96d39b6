/* sink.h: the bench's IOPCDataCallback. It takes the time at which each of some callbacks comes,
 * and signals the last.
 *
 * Units: ticks of bench_now.
 * Ownership: not counted: a sink lives as long as the process.
 * Threads: called by COM in the client's apartment; all else by the bench's thread while nothing
 *   comes.
 * Errors: S_OK always.
 */
#ifndef BENCH_SINK_H
#define BENCH_SINK_H

#include <opc/opcda.h>
#include <stdbool.h>

#include "measure.h"

#define BENCH_CALLBACKS_MAX 1000

struct bench_sink
{
    IOPCDataCallback IOPCDataCallback_iface;
    HANDLE done;
    DWORD items; /* each callback must be of that many; a smaller one is not counted */
    LONG wanted; /* callbacks, BENCH_CALLBACKS_MAX at most */
    volatile LONG count;
    volatile LONG updates; /* items, of all callbacks */
    LONGLONG times[BENCH_CALLBACKS_MAX];
};

void bench_sink_init(struct bench_sink *sink);

/* Waits until `wanted` have come since, pumping in a single-threaded apartment. false: they have
 * not within twenty seconds. */
void bench_sink_expect(struct bench_sink *sink, DWORD items, LONG wanted);
bool bench_sink_wait(struct bench_sink *sink, bool is_single);

/* Waits that long, pumping in a single-threaded apartment. */
void bench_idle(DWORD ms, bool is_single);

#endif
