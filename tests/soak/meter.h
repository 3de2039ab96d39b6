/* meter.h: what this process holds, counted exactly: handles, threads, blocks and bytes of its
 * heaps.
 *
 * Figures of the system (resident pages, private bytes) jump by whole regions; a leak of a hundred
 * bytes per switch shows in blocks and bytes that are in use, and nowhere else.
 *
 * Units: bytes.
 * Ownership: none.
 * Threads: one thread at a time; others may go on, each heap is locked while it is counted.
 * Errors: a figure that the system doesn't give is 0.
 * Source: C-26.
 */
#ifndef SOAK_METER_H
#define SOAK_METER_H

#include <stddef.h>

struct meter
{
    size_t handles;     /* of which are: */
    size_t connections; /*   pipes that this process has opened: to the servers it calls */
    size_t callers;     /*   pipes that it has made: each for one that calls it */
    size_t events;
    size_t others; /*   processes, mutexes, threads, keys ... */
    size_t threads;
    size_t blocks; /* in use, in all heaps of the process */
    size_t bytes;  /* of these blocks, as they were asked for */
};

void meter_read(struct meter *meter);

/* One line for each block size, "size=S blocks=N", to standard output; the way to find out what it
 * is that leaks. */
void meter_print_sizes(void);

#endif
