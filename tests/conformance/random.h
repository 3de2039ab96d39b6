/* random.h: scripts that a seed makes up: two clients, four groups, calls in any order.
 *
 * Only what time has no part in: groups stay inactive, callbacks are those of transactions and are
 * waited for. The same seed always makes the same script.
 *
 * Ownership: scripts.h.  Threads: one.  Errors: none.
 */
#ifndef CONFORMANCE_RANDOM_H
#define CONFORMANCE_RANDOM_H

#include "script.h"

#include <stdint.h>

/* Adds the script "random-SEED". */
void random_script(struct scripts *scripts, uint32_t seed, int da);

#endif
