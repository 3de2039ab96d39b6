/* operator.c: the operator's word: modes of machines, switches, the preferred machine. The only
 * writer of mode, chosen and preferred. */
#include "internal.h"

static bool is_number(const struct rm_step *step, unsigned number)
{
    return rm_failover_is_listed(step->failover, number);
}

static bool is_over(const struct rm_step *step)
{
    return step->failover->phase == RM_PHASE_FAILED || step->failover->phase == RM_PHASE_STOPPED;
}

static void set_mode(struct rm_step *step, unsigned number, enum rm_operator_mode mode)
{
    struct rm_failover_machine *machine = rm_step_machine(step, number);

    if (mode == RM_OPERATOR_MAINTENANCE && machine->mode != mode)
    {
        rm_failover_tell(step, RM_EVENT_MAINTENANCE_BEGUN, number, 0);
    }
    if (machine->mode == RM_OPERATOR_MAINTENANCE && machine->mode != mode)
    {
        rm_failover_tell(step, RM_EVENT_MAINTENANCE_ENDED, number, 0);
    }
    machine->mode = mode;
}

static unsigned find_forced(const struct rm_step *step)
{
    for (unsigned number = 1; number <= step->failover->settings.machine_count; number++)
    {
        if (rm_step_machine(step, number)->mode == RM_OPERATOR_FORCED)
        {
            return number;
        }
    }
    return 0;
}

static void unforce_others(struct rm_step *step, unsigned number)
{
    unsigned forced = find_forced(step);

    if (forced && forced != number)
    {
        set_mode(step, forced, RM_OPERATOR_NORMAL);
    }
}

bool rm_failover_set_operator_mode(struct rm_step *step, unsigned number,
                                   enum rm_operator_mode mode)
{
    if (!is_number(step, number) || is_over(step) || (unsigned)mode >= RM_OPERATOR_COUNT)
    {
        return false;
    }
    if (mode == RM_OPERATOR_FORCED)
    {
        unforce_others(step, number);
        step->failover->chosen = 0;
    }
    if (mode == RM_OPERATOR_MAINTENANCE && step->failover->chosen == number)
    {
        step->failover->chosen = 0;
    }
    set_mode(step, number, mode);
    if (mode == RM_OPERATOR_FORCED && step->failover->phase == RM_PHASE_SERVING &&
        (step->failover->settings.mode == RM_MODE_COLD ||
         rm_machine_is_up(rm_step_machine(step, number))))
    {
        step->wish = number;
    }
    return true;
}

static void refuse(struct rm_step *step, unsigned number, enum rm_refusal refusal)
{
    rm_failover_order(step, RM_ACTION_REFUSE, is_number(step, number) ? number : 0)->refusal =
        refusal;
}

/* What speaks against the switch. A forced one needs nothing but a connection; cold mode makes
 * that for the switch. */
static enum rm_refusal find_refusal(const struct rm_step *step, unsigned number, bool is_forced)
{
    const struct rm_failover *failover = step->failover;
    unsigned forced = find_forced(step);

    if (failover->phase != RM_PHASE_SERVING)
    {
        return RM_REFUSAL_NOT_SERVING;
    }
    if (!is_number(step, number))
    {
        return RM_REFUSAL_NO_MACHINE;
    }
    if (is_forced)
    {
        return failover->settings.mode == RM_MODE_COLD ||
                       rm_machine_is_up(rm_step_machine(step, number))
                   ? RM_REFUSAL_NONE
                   : RM_REFUSAL_NOT_CONNECTED;
    }
    if (forced && forced != number)
    {
        return RM_REFUSAL_ELSEWHERE;
    }
    if (number == failover->active)
    {
        return RM_REFUSAL_NONE; /* stay here: there is nothing to go to */
    }
    return rm_failover_obstacle(step, number);
}

bool rm_failover_command_switch(struct rm_step *step, unsigned number, bool is_forced)
{
    struct rm_failover *failover = step->failover;
    bool is_any = number == 0;
    enum rm_refusal refusal;

    if (is_over(step))
    {
        return false;
    }
    if (is_any && failover->phase == RM_PHASE_SERVING)
    {
        number = rm_failover_find_successor(step);
        if (!number)
        {
            refuse(step, 0, RM_REFUSAL_NO_OTHER);
            return true;
        }
    }
    refusal = find_refusal(step, number, is_forced);
    if (refusal != RM_REFUSAL_NONE)
    {
        refuse(step, number, refusal);
        return true;
    }
    if (is_forced)
    {
        unforce_others(step, number);
        set_mode(step, number, RM_OPERATOR_FORCED);
    }
    failover->chosen = 0;
    if (number == failover->active)
    {
        failover->chosen = number;
    }
    else
    {
        step->wish = number;
    }
    return true;
}

bool rm_failover_command_automatic(struct rm_step *step)
{
    if (is_over(step))
    {
        return false;
    }
    unforce_others(step, 0);
    step->failover->chosen = 0;
    rm_failover_forget_partners(step);
    rm_failover_note_following(step, RM_CAUSE_NONE);
    return true;
}

bool rm_failover_prefer(struct rm_step *step, unsigned number)
{
    if (is_over(step) || (number != 0 && !is_number(step, number)))
    {
        return false;
    }
    step->failover->preferred = number;
    return true;
}

void rm_failover_note_choice(struct rm_step *step, unsigned number, enum rm_cause cause)
{
    step->failover->chosen = cause == RM_CAUSE_OPERATOR ? number : 0;
}

void rm_failover_forget_operator(struct rm_step *step, unsigned number)
{
    struct rm_failover *failover = step->failover;

    rm_step_machine(step, number)->mode = RM_OPERATOR_NORMAL;
    failover->chosen = failover->chosen == number ? 0 : failover->chosen;
    failover->preferred = failover->preferred == number ? 0 : failover->preferred;
}
