/* returns.c: back to a better-placed machine (F-02), and how long that has to wait. */
#include "internal.h"

static bool is_returned_to(const struct rm_failover *failover, unsigned number)
{
    const struct rm_failover_machine *machine = &failover->machines[number - 1];

    if (failover->phase != RM_PHASE_SERVING || failover->settings.mode == RM_MODE_COLD ||
        number == failover->active || machine->mode == RM_OPERATOR_MAINTENANCE)
    {
        return false;
    }
    if (machine->mode == RM_OPERATOR_FORCED)
    {
        return true;
    }
    if (failover->chosen != 0 || failover->is_following ||
        failover->machines[failover->active - 1].mode == RM_OPERATOR_FORCED ||
        rm_failover_holds_return(failover))
    {
        return false;
    }
    switch (failover->settings.return_policy)
    {
    case RM_RETURN_PRIMARY: return number == rm_failover_home(failover);
    case RM_RETURN_BEST:
        return rm_failover_place_of(failover, number) <
               rm_failover_place_of(failover, failover->active);
    case RM_RETURN_STAY:
    case RM_RETURN_COMMAND:
    case RM_RETURN_COUNT: break;
    }
    return false;
}

static uint64_t return_at(const struct rm_failover *failover, unsigned number)
{
    const struct rm_failover_machine *machine = &failover->machines[number - 1];
    uint64_t at_ms;

    if (!is_returned_to(failover, number) || machine->well_since_ms == RM_NEVER)
    {
        return RM_NEVER;
    }
    at_ms = rm_later(machine->well_since_ms + failover->return_delay_ms, failover->tilt_until_ms);
    return machine->mode == RM_OPERATOR_FORCED
               ? at_ms
               : rm_later(at_ms, rm_failover_damped_until(failover, number));
}

void rm_failover_decide_return(struct rm_step *step)
{
    const struct rm_failover *failover = step->failover;

    for (unsigned place = 1; place <= failover->settings.machine_count; place++)
    {
        unsigned number = rm_failover_machine_at(failover, place);

        if (return_at(failover, number) <= step->now_ms)
        {
            rm_failover_enter(step, RM_PHASE_SERVING, number, RM_CAUSE_RETURN);
            return;
        }
    }
}

/* A delay of 0 would stay 0 and go to and fro for ever, so it counts as one second. */
void rm_failover_note_failed_return(struct rm_step *step)
{
    struct rm_failover *failover = step->failover;
    uint64_t delay_ms = failover->return_delay_ms ? failover->return_delay_ms : 1000;
    uint64_t most_ms = rm_later(RM_RETURN_DELAY_DOUBLED_MAX_MS, failover->settings.return_delay_ms);

    if (failover->returned_at_ms != RM_NEVER)
    {
        failover->return_delay_ms = (uint32_t)rm_earlier(delay_ms * 2, most_ms);
        failover->returned_at_ms = RM_NEVER;
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

    for (unsigned number = 1; number <= failover->settings.machine_count; number++)
    {
        due_ms = rm_earlier(due_ms, return_at(failover, number));
    }
    if (failover->returned_at_ms != RM_NEVER)
    {
        due_ms = rm_earlier(due_ms, failover->returned_at_ms + RM_RETURN_HOLD_MS);
    }
    return due_ms;
}
