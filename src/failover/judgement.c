/* judgement.c: what the axes of a machine mean together: what is wrong with the active one, what
 * speaks against another one, which of two is better. Writes nothing. */
#include "internal.h"

enum rm_cause rm_failover_fault(const struct rm_failover *failover, unsigned number)
{
    const struct rm_failover_machine *machine = &failover->machines[number - 1];

    if (machine->rank == 0)
    {
        return RM_CAUSE_REMOVED;
    }
    switch (machine->mode)
    {
    case RM_OPERATOR_FORCED: return RM_CAUSE_NONE;
    case RM_OPERATOR_MAINTENANCE: return RM_CAUSE_MAINTENANCE;
    case RM_OPERATOR_NORMAL:
    case RM_OPERATOR_COUNT: break;
    }
    if (rm_machine_is_silent(failover, machine))
    {
        return RM_CAUSE_SILENT;
    }
    if (rm_machine_is_stalled(failover, machine))
    {
        return machine->status_code ? RM_CAUSE_STATUS : RM_CAUSE_NOT_RUNNING;
    }
    return rm_machine_verdict(machine) == RM_VERDICT_BAD ? RM_CAUSE_VERDICT : RM_CAUSE_NONE;
}

enum rm_refusal rm_failover_objection(const struct rm_failover *failover, unsigned number)
{
    const struct rm_failover_machine *machine = &failover->machines[number - 1];

    if (!rm_machine_is_up(machine))
    {
        return RM_REFUSAL_NOT_CONNECTED;
    }
    if (machine->rank == 0)
    {
        return RM_REFUSAL_REMOVED;
    }
    if (machine->mode == RM_OPERATOR_MAINTENANCE)
    {
        return RM_REFUSAL_MAINTENANCE;
    }
    if (machine->is_unobservable)
    {
        return RM_REFUSAL_UNOBSERVABLE;
    }
    if (machine->health <= 0)
    {
        return RM_REFUSAL_NOT_ANSWERING;
    }
    if (rm_machine_is_silent(failover, machine))
    {
        return RM_REFUSAL_SILENT;
    }
    if (!machine->is_running)
    {
        return machine->status_code ? RM_REFUSAL_STATUS : RM_REFUSAL_NOT_RUNNING;
    }
    if (rm_machine_verdict(machine) == RM_VERDICT_BAD)
    {
        return RM_REFUSAL_VERDICT;
    }
    return rm_machine_is_set_up(failover, machine) ? RM_REFUSAL_NONE : RM_REFUSAL_NOT_READY;
}

enum rm_refusal rm_failover_obstacle(const struct rm_step *step, unsigned number)
{
    const struct rm_failover_machine *machine = rm_step_machine(step, number);

    if (step->failover->settings.mode != RM_MODE_COLD)
    {
        return rm_failover_objection(step->failover, number);
    }
    if (machine->rank == 0)
    {
        return RM_REFUSAL_REMOVED;
    }
    if (machine->mode == RM_OPERATOR_MAINTENANCE)
    {
        return RM_REFUSAL_MAINTENANCE;
    }
    return rm_machine_verdict(machine) == RM_VERDICT_BAD ? RM_REFUSAL_VERDICT : RM_REFUSAL_NONE;
}

static bool is_answering(const struct rm_failover *failover,
                         const struct rm_failover_machine *machine)
{
    return machine->health >= 0 && !rm_machine_is_silent(failover, machine);
}

/* Of two bad ones the lower score. Smaller is better. GOOD is not better than UNKNOWN: a return
 * goes to either, so a machine chosen for that would be left again at once. */
static uint64_t grade(const struct rm_failover_machine *machine)
{
    return rm_machine_verdict(machine) == RM_VERDICT_BAD ? 1 + (uint64_t)machine->score : 0;
}

/* The order of decision between two machines that are both UP: the first word that differs counts.
 * Equal: the better-placed one, which the caller asks first. */
static bool is_better(const struct rm_failover *failover, const struct rm_failover_machine *one,
                      const struct rm_failover_machine *other)
{
    bool is_one_forced = one->mode == RM_OPERATOR_FORCED;
    bool is_one_kept = one->mode != RM_OPERATOR_MAINTENANCE;

    if (is_one_forced != (other->mode == RM_OPERATOR_FORCED))
    {
        return is_one_forced;
    }
    if (is_one_kept != (other->mode != RM_OPERATOR_MAINTENANCE))
    {
        return is_one_kept;
    }
    if (is_answering(failover, one) != is_answering(failover, other))
    {
        return is_answering(failover, one);
    }
    if ((one->stalls > 0) != (other->stalls > 0))
    {
        return one->stalls == 0;
    }
    if (grade(one) != grade(other))
    {
        return grade(one) < grade(other);
    }
    if (one->is_damped != other->is_damped)
    {
        return !one->is_damped;
    }
    return rm_machine_is_set_up(failover, one) && !rm_machine_is_set_up(failover, other);
}

/* The best machine that is UP and not `but`; 0 = none. */
static unsigned find_best(const struct rm_step *step, unsigned but, bool must_be_fit)
{
    const struct rm_failover *failover = step->failover;
    unsigned best = 0;

    for (unsigned place = 1; place <= failover->settings.machine_count; place++)
    {
        unsigned number = rm_failover_machine_at(failover, place);

        if (number != but && rm_machine_is_up(rm_step_machine(step, number)) &&
            (!must_be_fit || rm_failover_objection(failover, number) == RM_REFUSAL_NONE) &&
            (!best ||
             is_better(failover, rm_step_machine(step, number), rm_step_machine(step, best))))
        {
            best = number;
        }
    }
    return best;
}

unsigned rm_failover_find_best(const struct rm_step *step)
{
    return find_best(step, 0, false);
}

/* Cold mode knows little of the others: whoever was not found wanting since all was well. */
static unsigned find_untried(const struct rm_step *step)
{
    const struct rm_failover *failover = step->failover;
    unsigned count = failover->settings.machine_count;
    unsigned from = rm_failover_place_of(failover, failover->active);

    for (unsigned i = 0; i + 1 < count; i++)
    {
        unsigned number = rm_failover_machine_at(failover, (from + i) % count + 1);
        const struct rm_failover_machine *machine = rm_step_machine(step, number);

        if (!machine->has_failed && !machine->is_spent &&
            rm_failover_obstacle(step, number) == RM_REFUSAL_NONE)
        {
            return number;
        }
    }
    return 0;
}

unsigned rm_failover_find_successor(const struct rm_step *step)
{
    return step->failover->settings.mode == RM_MODE_COLD
               ? find_untried(step)
               : find_best(step, step->failover->active, true);
}
