/* history.c: the last promotions, and which machine they damp. The only writer of both. */
#include "internal.h"

void rm_failover_note_history(struct rm_step *step, unsigned number, enum rm_cause cause)
{
    struct rm_failover *failover = step->failover;

    failover->history[(failover->generation - 1) % RM_FAILOVER_HISTORY] =
        (struct rm_promotion){.at_ms = step->now_ms, .machine = number, .cause = cause};
}

uint64_t rm_failover_damped_until(const struct rm_failover *failover, unsigned number)
{
    uint32_t missing = failover->settings.flap_limit;

    for (uint32_t ago = 1; missing > 0 && ago <= RM_FAILOVER_HISTORY && ago <= failover->generation;
         ago++)
    {
        const struct rm_promotion *promotion =
            &failover->history[(failover->generation - ago) % RM_FAILOVER_HISTORY];

        if (promotion->machine == number && --missing == 0)
        {
            return promotion->at_ms + failover->settings.flap_window_ms;
        }
    }
    return 0;
}

void rm_failover_judge_damping(struct rm_step *step)
{
    for (unsigned number = 1; number <= step->failover->settings.machine_count; number++)
    {
        struct rm_failover_machine *machine = rm_step_machine(step, number);
        bool is_damped = rm_failover_damped_until(step->failover, number) > step->now_ms;

        if (is_damped && !machine->is_damped)
        {
            rm_failover_tell(step, RM_EVENT_FLAPPING, number, step->failover->settings.flap_limit);
        }
        machine->is_damped = is_damped;
    }
}

uint64_t rm_failover_damping_due(const struct rm_failover *failover, unsigned number)
{
    return failover->machines[number - 1].is_damped ? rm_failover_damped_until(failover, number)
                                                    : RM_NEVER;
}
