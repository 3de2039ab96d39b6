/* random.h: scripts that a seed makes up: two clients, four groups, calls in any order, one after
 * another or on several threads.
 *
 * Only what time has no part in: groups stay inactive, callbacks are those of transactions and are
 * waited for. The same seed always makes the same script.
 *
 * Ownership: scripts.h.  Threads: one.  Errors: none.
 */
#ifndef CONFORMANCE_RANDOM_H
#define CONFORMANCE_RANDOM_H

#include "script.h"

#include <stdbool.h>
#include <stdint.h>

#define RANDOM_THREADS_MAX 4

/* Adds the script "random-SEED". */
void random_script(struct scripts *scripts, uint32_t seed, int da);

/* Adds the script "threads-SEED": each thread has groups and items of its own, and all make calls
 * at the same time, on the same two clients. In a single-threaded apartment each has a client of
 * its own. */
void random_threads(struct scripts *scripts, uint32_t seed, int da, int threads, bool is_sta);

#endif
