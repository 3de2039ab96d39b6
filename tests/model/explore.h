/* explore.h: all sequences of events, breadth first, each state once; from the very beginning, from
 * where all is well, and from where machine 1 was lost and is being connected again.
 *
 * Two states are the same if they differ in nothing that a decision depends on: times count from
 * now, link and generation numbers, codes and counters don't count, health counts up to `rise`.
 * (The 10 minutes in which a return must hold count as not over: test_failover_return has them.)
 *
 * Units: milliseconds.  Ownership: none outlives the call.  Threads: one.
 * Errors: `fault` says which property does not hold; the state is printed.
 */
#ifndef MODEL_EXPLORE_H
#define MODEL_EXPLORE_H

#include <stddef.h>

#include <rm/failover.h>

/* Which events there are beside START, STOP and time. */
enum model_events
{
    MODEL_LINKS,    /* all that happens to links, and what comes late */
    MODEL_EVIDENCE, /* monitors, silence, shares of items; of links only what is needed */
    MODEL_COMMANDS, /* operators and partners; of links only what is needed */
    MODEL_WORDS,    /* both of these */
    MODEL_SETTINGS, /* settings that change; of links only what is needed */
    MODEL_MACHINES, /* lists of machines that change, and commands; of links only what is needed */
    MODEL_EVENTS_COUNT
};

struct exploration
{
    size_t states;    /* different ones */
    size_t steps;     /* tried */
    unsigned depth;   /* every sequence of that many events was tried */
    bool is_complete; /* there are no further states */
    const char *fault;
};

struct exploration model_explore(const struct rm_failover_settings *settings,
                                 enum model_events events, size_t states_max);

#endif
