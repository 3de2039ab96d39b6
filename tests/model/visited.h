/* visited.h: which states have been seen: a set of 64-bit keys.
 *
 * Two different states with one key would be taken for one; with a million states that happens
 * with a probability of 3e-8.
 *
 * Units: none.  Ownership: visited_clear frees what visited_init took.  Threads: one.
 * Errors: visited_init is false without memory.
 */
#ifndef MODEL_VISITED_H
#define MODEL_VISITED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rm/failover.h>

struct visited
{
    uint64_t *slots; /* 0 = free */
    size_t mask;
};

bool visited_init(struct visited *visited, size_t keys_max);
void visited_clear(struct visited *visited);

/* False if it was there. There must be room: at most keys_max + 1 are added. */
bool visited_add(struct visited *visited, uint64_t key);

/* Everything that a decision depends on, as one number; never 0. */
uint64_t visited_key(const struct rm_failover *failover);

#endif
