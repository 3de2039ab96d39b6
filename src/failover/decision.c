/* decision.c: who is active. Looks at the machines' states only; every choice is made here. */
#include "internal.h"

#include <assert.h>

/* A machine is taken only when each better-placed one has failed (RM-121): a new session must not
 * land on the secondary only because the primary takes longer to start. One that is at fault then
 * gives way to one that is not. Where the first to come is
 * taken (D2-12), one in maintenance still waits for the others. Cold mode tries one after the other
 * in the right order, so it takes whoever comes. */
static void decide_start(struct rm_step *step)
{
    const struct rm_failover *failover = step->failover;
    unsigned best = rm_failover_find_best(step);
    bool is_first_taken = failover->settings.start_policy == RM_START_FIRST && best != 0 &&
                          rm_step_machine(step, best)->mode != RM_OPERATOR_MAINTENANCE;

    if (best && (is_first_taken || failover->settings.mode == RM_MODE_COLD))
    {
        rm_failover_enter(step, RM_PHASE_SERVING, best, RM_CAUSE_START);
        return;
    }
    for (unsigned place = 1; place <= failover->settings.machine_count; place++)
    {
        unsigned number = rm_failover_machine_at(failover, place);
        const struct rm_failover_machine *machine = rm_step_machine(step, number);

        if (rm_machine_is_up(machine))
        {
            bool is_at_fault = rm_failover_fault(failover, number) != RM_CAUSE_NONE;

            rm_failover_enter(step, RM_PHASE_SERVING, is_at_fault ? best : number, RM_CAUSE_START);
            return;
        }
        if (machine->rank != 0 && !machine->has_failed)
        {
            return;
        }
    }
    rm_failover_enter(step, RM_PHASE_FAILED, 0, RM_CAUSE_CONNECT_FAILED);
}

static bool have_all_failed(const struct rm_step *step)
{
    for (unsigned number = 1; number <= step->failover->settings.machine_count; number++)
    {
        const struct rm_failover_machine *machine = rm_step_machine(step, number);

        if (machine->rank != 0 && (!machine->has_failed || machine->is_unobservable))
        {
            return false;
        }
    }
    return true;
}

static void decide_search(struct rm_step *step)
{
    struct rm_failover *failover = step->failover;
    unsigned found = rm_failover_find_best(step);

    if (found)
    {
        rm_failover_enter(step, RM_PHASE_SERVING, found,
                          found == failover->sought ? failover->sought_cause : RM_CAUSE_FOUND);
        return;
    }
    if (!failover->is_all_lost_told && have_all_failed(step))
    {
        failover->is_all_lost_told = true;
        rm_failover_order(step, RM_ACTION_ALL_LOST, 0);
        rm_failover_tell(
            step, rm_failover_is_network_lost(failover) ? RM_EVENT_NETWORK_LOST : RM_EVENT_ALL_LOST,
            0, 0);
    }
}

/* From an active machine that still works. Cold mode has to end that link first. */
static void leave_for(struct rm_step *step, unsigned number, enum rm_cause cause)
{
    unsigned active = step->failover->active;

    if (step->failover->settings.mode != RM_MODE_COLD)
    {
        rm_failover_enter(step, RM_PHASE_SERVING, number, cause);
        return;
    }
    rm_failover_tell(step, RM_EVENT_DISCONNECTED, active, 0);
    rm_failover_end_link(step, active, cause, 0);
    rm_failover_enter(step, RM_PHASE_SEARCHING, 0, cause);
    rm_failover_seek(step, number, cause);
}

static bool decide_wish(struct rm_step *step)
{
    if (!step->wish)
    {
        return false;
    }
    if (step->failover->settings.mode != RM_MODE_COLD &&
        !rm_machine_is_up(rm_step_machine(step, step->wish)))
    {
        rm_failover_order(step, RM_ACTION_REFUSE, step->wish)->refusal = RM_REFUSAL_NOT_CONNECTED;
        return false;
    }
    if (step->wish == step->failover->active)
    {
        return false;
    }
    leave_for(step, step->wish, RM_CAUSE_OPERATOR);
    return true;
}

static bool decide_linked(struct rm_step *step)
{
    unsigned target = rm_failover_linked_target(step);

    if (target)
    {
        leave_for(step, target, RM_CAUSE_LINKED);
    }
    return target != 0;
}

/* F-06: an active machine that answers is left only for one that is known to be fit. */
static bool decide_fault(struct rm_step *step)
{
    struct rm_failover *failover = step->failover;
    enum rm_cause fault = rm_failover_fault(failover, failover->active);
    unsigned target;

    if (fault == RM_CAUSE_NONE)
    {
        failover->is_no_better_told = false;
        return false;
    }
    target = rm_failover_find_successor(step);
    if (target)
    {
        if (fault != RM_CAUSE_MAINTENANCE && fault != RM_CAUSE_REMOVED)
        {
            rm_failover_note_failed_return(step);
        }
        rm_failover_note_spent(step, failover->active);
        leave_for(step, target, fault);
        return true;
    }
    if (!failover->is_no_better_told)
    {
        failover->is_no_better_told = true;
        if (fault == RM_CAUSE_REMOVED)
        {
            rm_failover_tell(step, RM_EVENT_REMOVED_SERVES, failover->active, 0);
        }
        else
        {
            rm_failover_tell(step, RM_EVENT_NO_BETTER_MACHINE, 0, 0);
        }
    }
    return false;
}

static void decide_lost(struct rm_step *step)
{
    const struct rm_failover_machine *active = rm_step_machine(step, step->failover->active);
    unsigned best = rm_failover_find_best(step);

    rm_failover_note_failed_return(step);
    if (best)
    {
        rm_failover_enter(step, RM_PHASE_SERVING, best, active->last_cause);
        return;
    }
    rm_failover_enter(step, RM_PHASE_SEARCHING, 0, active->last_cause);
    if (step->wish && step->failover->settings.mode == RM_MODE_COLD)
    {
        rm_failover_seek(step, step->wish, RM_CAUSE_OPERATOR);
    }
    decide_search(step);
}

static void decide_serving(struct rm_step *step)
{
    bool is_cold = step->failover->settings.mode == RM_MODE_COLD;

    if (!rm_machine_is_up(rm_step_machine(step, step->failover->active)))
    {
        if (is_cold || !decide_wish(step))
        {
            decide_lost(step);
        }
        return;
    }
    if (decide_wish(step) || decide_linked(step) ||
        rm_failover_is_tilted(step->failover, step->now_ms) || decide_fault(step))
    {
        return;
    }
    rm_failover_decide_return(step);
}

/* A machine that has just become active may be at fault already, for want of a better one; or, in
 * cold mode, of one that was looked at. */
static void look_at_the_new_one(struct rm_step *step)
{
    if (step->failover->phase == RM_PHASE_SERVING &&
        !rm_failover_is_tilted(step->failover, step->now_ms))
    {
        decide_fault(step);
    }
}

void rm_failover_decide(struct rm_step *step)
{
    uint32_t generation = step->failover->generation;

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
    if (step->failover->generation != generation)
    {
        look_at_the_new_one(step);
    }
}
