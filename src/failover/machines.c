/* machines.c: the list of machines, which may change while the state machine runs (RM-230). The
 * only writer of ranks, and of the number of machines after the beginning. */
#include "internal.h"

#include <string.h>

bool rm_failover_is_listed(const struct rm_failover *failover, unsigned number)
{
    return number >= 1 && number <= failover->settings.machine_count &&
           failover->machines[number - 1].rank != 0;
}

unsigned rm_failover_machine_of_rank(const struct rm_failover *failover, unsigned rank)
{
    for (unsigned number = 1; rank != 0 && number <= failover->settings.machine_count; number++)
    {
        if (failover->machines[number - 1].rank == rank)
        {
            return number;
        }
    }
    return 0;
}

void rm_failover_begin_machine(struct rm_failover_machine *machine)
{
    unsigned rank = machine->rank;
    uint32_t link = machine->link; /* what is late of a machine from before is recognised by it */

    memset(machine, 0, sizeof *machine);
    machine->rank = rank;
    machine->link = link;
    machine->retry_at_ms = RM_NEVER;
    machine->lost_at_ms = RM_NEVER;
    rm_failover_clear_health(machine);
}

/* Ranks from 1 on, each once; and no number is taken back. */
static bool is_list(const struct rm_failover *failover, const struct rm_failover_event *event)
{
    uint32_t seen = 0;
    unsigned count = 0;

    if (event->machine_count < failover->settings.machine_count ||
        event->machine_count > RM_MACHINE_NUMBERS)
    {
        return false;
    }
    for (unsigned i = 0; i < event->machine_count; i++)
    {
        if (event->ranks[i] > RM_MACHINES_MAX || (event->ranks[i] && seen & 1u << event->ranks[i]))
        {
            return false;
        }
        seen |= 1u << event->ranks[i];
        count += event->ranks[i] != 0;
    }
    return count >= RM_MACHINES_MIN && seen >> 1 == (1u << count) - 1;
}

/* The active one that was removed is still there when it is put back. */
static void add(struct rm_step *step, unsigned number)
{
    struct rm_failover_machine *machine = rm_step_machine(step, number);

    if (machine->connection != RM_CONNECTION_DOWN)
    {
        return;
    }
    rm_failover_begin_machine(machine);
    if (rm_failover_is_alive(step->failover))
    {
        rm_failover_try_now(step, number);
    }
}

static void remove_machine(struct rm_step *step, unsigned number)
{
    struct rm_failover *failover = step->failover;

    rm_failover_forget_operator(step, number);
    rm_failover_forget_monitor(step, number);
    if (failover->linked == number)
    {
        rm_failover_forget_partners(step);
    }
    if (failover->sought == number)
    {
        rm_failover_seek(step, 0, RM_CAUSE_NONE);
    }
    if (failover->active == number)
    {
        failover->is_no_better_told = false;
    }
    else if (rm_step_machine(step, number)->connection == RM_CONNECTION_DOWN)
    {
        rm_failover_begin_machine(rm_step_machine(step, number));
    }
}

void rm_failover_end_removed(struct rm_step *step)
{
    const struct rm_failover *failover = step->failover;

    for (unsigned number = 1; number <= failover->settings.machine_count; number++)
    {
        const struct rm_failover_machine *machine = rm_step_machine(step, number);

        if (machine->rank != 0 || machine->connection == RM_CONNECTION_DOWN ||
            number == failover->active)
        {
            continue;
        }
        if (rm_machine_is_up(machine))
        {
            rm_failover_tell(step, RM_EVENT_DISCONNECTED, number, 0);
        }
        rm_failover_end_link(step, number, RM_CAUSE_REMOVED, 0);
    }
}

/* Whoever changes the list while no machine serves wants to see what comes of it. */
static void try_all_now(struct rm_step *step)
{
    for (unsigned number = 1; number <= step->failover->settings.machine_count; number++)
    {
        if (rm_failover_is_listed(step->failover, number) &&
            rm_step_machine(step, number)->connection == RM_CONNECTION_DOWN)
        {
            rm_failover_try_now(step, number);
        }
    }
}

bool rm_failover_change_machines(struct rm_step *step, const struct rm_failover_event *event)
{
    struct rm_failover *failover = step->failover;

    if (failover->phase == RM_PHASE_FAILED || failover->phase == RM_PHASE_STOPPED ||
        !is_list(failover, event))
    {
        return false;
    }
    failover->settings.machine_count = event->machine_count;
    for (unsigned number = 1; number <= event->machine_count; number++)
    {
        struct rm_failover_machine *machine = rm_step_machine(step, number);
        bool was_listed = machine->rank != 0;

        machine->rank = event->ranks[number - 1];
        if (was_listed != (machine->rank != 0))
        {
            (was_listed ? remove_machine : add)(step, number);
        }
    }
    rm_failover_end_removed(step);
    rm_failover_note_start_code(step);
    if (failover->phase == RM_PHASE_SEARCHING)
    {
        try_all_now(step);
    }
    return true;
}
