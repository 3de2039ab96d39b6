/* decision.c: who is active. Looks at the machines' states only; every choice is made here. */
#include "internal.h"

#include <assert.h>

/* The order of decision between two machines that are both up, the first word that differs counts.
 * Equal: the lower number, which the caller asks first. */
static bool is_better(const struct rm_failover_machine *one,
                      const struct rm_failover_machine *other)
{
    if ((one->health < 0) != (other->health < 0))
    {
        return one->health >= 0;
    }
    return one->is_ready && !other->is_ready;
}

/* 0 if no machine is up. */
static unsigned find_best(const struct rm_step *step)
{
    unsigned best = 0;

    for (unsigned number = 1; number <= step->failover->settings.machine_count; number++)
    {
        const struct rm_failover_machine *machine = rm_step_machine(step, number);

        if (rm_machine_is_up(machine) && (!best || is_better(machine, rm_step_machine(step, best))))
        {
            best = number;
        }
    }
    return best;
}

/* A machine is taken only when each better-placed one has failed (RM-121): a new session must not
 * land on the secondary only because the primary takes longer to start. */
static void decide_start(struct rm_step *step)
{
    for (unsigned number = 1; number <= step->failover->settings.machine_count; number++)
    {
        const struct rm_failover_machine *machine = rm_step_machine(step, number);

        if (rm_machine_is_up(machine))
        {
            rm_failover_enter(step, RM_PHASE_SERVING, number, RM_CAUSE_START);
            return;
        }
        if (!machine->has_failed)
        {
            return;
        }
    }
    rm_failover_enter(step, RM_PHASE_FAILED, 0, RM_CAUSE_CONNECT_FAILED);
}

static void decide_search(struct rm_step *step)
{
    struct rm_failover *failover = step->failover;
    unsigned found = find_best(step);

    if (found)
    {
        rm_failover_enter(step, RM_PHASE_SERVING, found, RM_CAUSE_FOUND);
        return;
    }
    for (unsigned number = 1; number <= failover->settings.machine_count; number++)
    {
        if (!rm_step_machine(step, number)->has_failed)
        {
            return;
        }
    }
    if (!failover->is_all_lost_told)
    {
        failover->is_all_lost_told = true;
        rm_failover_order(step, RM_ACTION_ALL_LOST, 0);
        rm_failover_tell(step, RM_EVENT_ALL_LOST, 0, 0);
    }
}

/* The number of better-placed machines that the policy lets us go back to: 1 .. that number. */
static unsigned return_limit(const struct rm_failover *failover)
{
    if (failover->phase != RM_PHASE_SERVING || failover->settings.mode == RM_MODE_COLD)
    {
        return 0;
    }
    switch (failover->settings.return_policy)
    {
    case RM_RETURN_PRIMARY: return failover->active > 1 ? 1 : 0;
    case RM_RETURN_BEST: return failover->active - 1;
    case RM_RETURN_STAY:
    case RM_RETURN_COMMAND:
    case RM_RETURN_COUNT: break;
    }
    return 0;
}

static uint64_t return_at(const struct rm_failover *failover, unsigned number)
{
    uint64_t well_since_ms = failover->machines[number - 1].well_since_ms;

    return well_since_ms == RM_NEVER ? RM_NEVER : well_since_ms + failover->return_delay_ms;
}

static void decide_return(struct rm_step *step)
{
    unsigned limit = return_limit(step->failover);

    for (unsigned number = 1; number <= limit; number++)
    {
        if (return_at(step->failover, number) <= step->now_ms)
        {
            rm_failover_enter(step, RM_PHASE_SERVING, number, RM_CAUSE_RETURN);
            return;
        }
    }
}

/* A return that did not hold: the next one has to wait twice as long. A delay of 0 would stay 0 and
 * go to and fro for ever, so it counts as one second. */
static void double_return_delay(struct rm_failover *failover)
{
    uint64_t delay_ms = failover->return_delay_ms ? failover->return_delay_ms : 1000;
    uint64_t most_ms = rm_later(RM_RETURN_DELAY_DOUBLED_MAX_MS, failover->settings.return_delay_ms);

    failover->return_delay_ms = (uint32_t)rm_earlier(delay_ms * 2, most_ms);
    failover->returned_at_ms = RM_NEVER;
}

static void decide_serving(struct rm_step *step)
{
    struct rm_failover *failover = step->failover;
    const struct rm_failover_machine *active = rm_step_machine(step, failover->active);
    unsigned best;

    if (rm_machine_is_up(active))
    {
        decide_return(step);
        return;
    }
    if (failover->returned_at_ms != RM_NEVER)
    {
        double_return_delay(failover);
    }
    best = find_best(step);
    if (best)
    {
        rm_failover_enter(step, RM_PHASE_SERVING, best, active->last_cause);
        return;
    }
    rm_failover_enter(step, RM_PHASE_SEARCHING, 0, active->last_cause);
    decide_search(step);
}

void rm_failover_decide(struct rm_step *step)
{
    switch (step->failover->phase)
    {
    case RM_PHASE_STARTING: decide_start(step); break;
    case RM_PHASE_SERVING: decide_serving(step); break;
    case RM_PHASE_SEARCHING: decide_search(step); break;
    case RM_PHASE_IDLE:
    case RM_PHASE_FAILED:
    case RM_PHASE_STOPPED: break;
    case RM_PHASE_COUNT: assert(!"no phase"); break;
    }
}

void rm_failover_forgive_returns(struct rm_step *step)
{
    struct rm_failover *failover = step->failover;

    if (failover->returned_at_ms != RM_NEVER &&
        step->now_ms - failover->returned_at_ms >= RM_RETURN_HOLD_MS)
    {
        failover->returned_at_ms = RM_NEVER;
        failover->return_delay_ms = failover->settings.return_delay_ms;
    }
}

uint64_t rm_failover_return_due(const struct rm_failover *failover)
{
    uint64_t due_ms = RM_NEVER;
    unsigned limit = return_limit(failover);

    for (unsigned number = 1; number <= limit; number++)
    {
        due_ms = rm_earlier(due_ms, return_at(failover, number));
    }
    if (failover->returned_at_ms != RM_NEVER)
    {
        due_ms = rm_earlier(due_ms, failover->returned_at_ms + RM_RETURN_HOLD_MS);
    }
    return due_ms;
}
