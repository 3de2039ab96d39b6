/* monitor.c: what a monitor says of a machine, and where nothing can be said of it. Neither belongs
 * to a link: both outlive it. */
#include "internal.h"

bool rm_failover_set_verdict(struct rm_step *step, unsigned number, enum rm_verdict verdict,
                             uint32_t score)
{
    struct rm_failover_machine *machine;

    if (!rm_failover_is_listed(step->failover, number) || (unsigned)verdict >= RM_VERDICT_COUNT)
    {
        return false;
    }
    machine = rm_step_machine(step, number);
    machine->verdict = verdict;
    machine->score = verdict == RM_VERDICT_BAD ? score : 0;
    return true;
}

bool rm_failover_set_observable(struct rm_step *step, unsigned number, bool is_unobservable)
{
    if (!rm_failover_is_listed(step->failover, number))
    {
        return false;
    }
    rm_step_machine(step, number)->is_unobservable = is_unobservable;
    return true;
}

void rm_failover_forget_monitor(struct rm_step *step, unsigned number)
{
    struct rm_failover_machine *machine = rm_step_machine(step, number);

    machine->verdict = RM_VERDICT_UNKNOWN;
    machine->score = 0;
    machine->is_unobservable = false;
}

void rm_failover_note_seen(struct rm_failover_machine *machine)
{
    machine->is_unobservable = false;
}

enum rm_verdict rm_machine_verdict(const struct rm_failover_machine *machine)
{
    return machine->is_unobservable ? RM_VERDICT_UNKNOWN : machine->verdict;
}
