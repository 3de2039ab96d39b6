/* leak.h: whether a script that was carried out leaves the client as it was: handles, blocks and
 * bytes of the heaps, and a module that nobody needs any more.
 *
 * What is made once and kept (interfaces that COM gets to know, threads of pools, connections) can
 * come with any run; what leaks comes with each. So a script that has left something is carried
 * out again, and only what every one of its runs leaves is a leak; but not what a client without
 * us leaves as well. There the usual is what counts, as in any single run something may go that an
 * earlier one has left.
 *
 * Units: bytes.
 * Ownership: plain data.
 * Threads: the one that makes the calls.
 * Errors: none.
 */
#ifndef CONFORMANCE_LEAK_H
#define CONFORMANCE_LEAK_H

#include "../soak/meter.h"

#include <stdbool.h>

#define LEAK_RUNS 15

enum leak_figure
{
    LEAK_HANDLES,
    LEAK_BLOCKS,
    LEAK_BYTES,
    LEAK_FIGURES
};

/* What up to LEAK_RUNS runs have left. */
struct leak
{
    int runs;
    long left[LEAK_FIGURES][LEAK_RUNS]; /* in order of size */
};

/* Before a run. `pause` hands out messages and lets others work. */
void leak_begin(struct meter *before);

/* After it, when all of it is given back. What others still give back is waited for. */
void leak_end(struct leak *leak, const struct meter *before, void (*pause)(void));

/* Whether every run so far has left something. */
bool leak_is_likely(const struct leak *leak);

/* What every run has left, and what is usual: the one in the middle. Of one run at least. */
long leak_least(const struct leak *leak, enum leak_figure figure);
long leak_usual(const struct leak *leak, enum leak_figure figure);

/* Whether every run has left more than a direct client usually does. */
bool leak_is_more(const struct leak *leak, const struct leak *direct);

/* Whether redundancymaster.dll could be unloaded now, or a while later. */
bool leak_is_module_unused(void (*pause)(void));

#endif
