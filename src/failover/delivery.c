/* delivery.c: what a link delivers: whether its callbacks come (C-05), whether all that the client
 * set up is there, and what share of the items. The only writer of silences, is_ready and
 * ready_percent. */
#include "internal.h"

void rm_failover_clear_delivery(struct rm_failover_machine *machine)
{
    machine->silences = 0;
    machine->is_ready = false;
    machine->ready_percent = 100;
}

bool rm_failover_set_ready(struct rm_step *step, unsigned number)
{
    struct rm_failover_machine *machine = rm_step_machine(step, number);

    if (!rm_machine_is_up(machine))
    {
        return false;
    }
    machine->is_ready = true;
    return true;
}

bool rm_failover_set_items(struct rm_step *step, unsigned number, uint32_t percent)
{
    struct rm_failover_machine *machine = rm_step_machine(step, number);

    if (!rm_machine_is_up(machine) || percent > 100)
    {
        return false;
    }
    machine->ready_percent = percent;
    return true;
}

/* A report that comes while our own scheduler was not to be trusted says nothing. */
bool rm_failover_callbacks(struct rm_step *step, unsigned number, bool is_silent)
{
    struct rm_failover_machine *machine = rm_step_machine(step, number);

    if (!rm_machine_is_up(machine))
    {
        return false;
    }
    if (!is_silent)
    {
        machine->silences = 0;
    }
    else if (!machine->is_unobservable && !rm_failover_is_tilted(step->failover, step->now_ms) &&
             machine->silences < step->failover->settings.fall)
    {
        machine->silences++;
        if (rm_machine_is_silent(step->failover, machine))
        {
            rm_failover_tell(step, RM_EVENT_CALLBACKS_SILENT, number, 0);
        }
    }
    return true;
}

bool rm_machine_is_silent(const struct rm_failover *failover,
                          const struct rm_failover_machine *machine)
{
    return !machine->is_unobservable && machine->silences >= failover->settings.fall;
}

bool rm_machine_is_set_up(const struct rm_failover *failover,
                          const struct rm_failover_machine *machine)
{
    return machine->is_ready && machine->ready_percent >= failover->settings.ready_percent;
}

/* A standby that is silent gets a new link. The active one is left first, if there is a better. */
void rm_failover_end_silent_standbys(struct rm_step *step)
{
    const struct rm_failover *failover = step->failover;

    for (unsigned number = 1; number <= failover->settings.machine_count; number++)
    {
        const struct rm_failover_machine *machine = rm_step_machine(step, number);

        if (number != failover->active && rm_machine_is_up(machine) &&
            rm_machine_is_silent(failover, machine))
        {
            rm_failover_end_link(step, number, RM_CAUSE_SILENT, RM_CODE_TIMEOUT);
        }
    }
}
