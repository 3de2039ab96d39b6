/* threads.h: lines of a script that several threads of the client carry out at the same time.
 *
 *     thread 1: STATEMENT
 *     thread 2: STATEMENT
 *
 * Such lines one after another are a block: each thread carries out its own in their order, and
 * the script goes on when all are done. A name belongs to one thread, but for those from before
 * the block. In a single-threaded apartment each thread has an apartment of its own, and has to
 * open and release everything itself.
 *
 * Ownership: the lines are the script's.
 * Threads: the one that the run belongs to; `take` is called by it.
 * Errors: false; run->error says why.
 */
#ifndef CONFORMANCE_THREADS_H
#define CONFORMANCE_THREADS_H

#include "run.h"

struct threads_block
{
    char *const *lines;
    int first; /* index of its first line */
    int end;   /* and of the first one behind it */
};

/* The block that begins with that line; false: none does. */
bool threads_find(char *const *lines, int count, int first, struct threads_block *block);

/* `take` is called when a thread comes to line `take_before`, which waits for it (0: never). */
bool threads_run(struct run *run, const struct threads_block *block, int take_before,
                 bool (*take)(void *context), void *context);

#endif
