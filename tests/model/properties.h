/* properties.h: what must hold in and after every step, whatever happens; beside the invariants of
 * rm/failover.h. Used by the exploration and by the fuzzer.
 *
 * Units: milliseconds.  Ownership: texts are static or the caller's.  Threads: one.
 * Errors: the first property that does not hold, in words; NULL = all hold.
 */
#ifndef MODEL_PROPERTIES_H
#define MODEL_PROPERTIES_H

#include <rm/failover.h>

struct model_step
{
    struct rm_failover before, after;
    struct rm_failover_event event;
    struct rm_failover_actions actions;
};

/* Makes the step from `before` into the rest, and looks at it. */
const char *model_make_step(struct model_step *step, uint64_t now_ms);

/* From here on nothing answers and nothing connects: all links end in bounded time, the client is
 * told once, and nobody is promoted again and again. */
const char *model_try_silence(const struct rm_failover *from);

/* From here on everything connects, answers and is ready at once: a machine serves in bounded time,
 * the policy of return is kept, and there is no going to and fro. */
const char *model_try_peace(const struct rm_failover *from);

/* Places that long sequences lead to, to begin from: a fresh one is brought to where all machines
 * serve or stand by, and from there to where the active one was lost and is being connected again
 * (cold mode: its successor is). */
const char *model_reach_peace(struct rm_failover *failover);
const char *model_reach_reconnect(struct rm_failover *failover);

#endif
