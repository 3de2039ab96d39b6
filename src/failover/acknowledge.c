/* acknowledge.c: a switch that waits for an operator (CX-07). The only writer of is_unacknowledged.
 */
#include "internal.h"

static bool holds(const struct rm_failover *failover, enum rm_acknowledge what)
{
    enum rm_acknowledge policy = failover->settings.acknowledge;

    return failover->is_unacknowledged && (policy == what || policy == RM_ACKNOWLEDGE_BOTH);
}

bool rm_failover_holds_writes(const struct rm_failover *failover)
{
    return holds(failover, RM_ACKNOWLEDGE_WRITES);
}

bool rm_failover_holds_return(const struct rm_failover *failover)
{
    return holds(failover, RM_ACKNOWLEDGE_RETURN);
}

static void set_unacknowledged(struct rm_step *step, bool is_unacknowledged)
{
    bool held = rm_failover_holds_writes(step->failover);

    step->failover->is_unacknowledged = is_unacknowledged;
    if (held != rm_failover_holds_writes(step->failover))
    {
        rm_failover_order(step, held ? RM_ACTION_RELEASE_WRITES : RM_ACTION_HOLD_WRITES, 0);
    }
}

bool rm_failover_command_acknowledge(struct rm_step *step)
{
    if (!step->failover->is_unacknowledged || !rm_failover_is_alive(step->failover))
    {
        return false;
    }
    set_unacknowledged(step, false);
    rm_failover_tell(step, RM_EVENT_ACKNOWLEDGED, 0, 0);
    return true;
}

/* The setting was changed: what is held or let pass by it, and a switch that nobody waits for. */
void rm_failover_note_acknowledge_policy(struct rm_step *step, bool were_writes_held)
{
    bool are_writes_held;

    if (step->failover->settings.acknowledge == RM_ACKNOWLEDGE_NONE)
    {
        step->failover->is_unacknowledged = false;
    }
    are_writes_held = rm_failover_holds_writes(step->failover);
    if (are_writes_held != were_writes_held)
    {
        rm_failover_order(step, are_writes_held ? RM_ACTION_HOLD_WRITES : RM_ACTION_RELEASE_WRITES,
                          0);
    }
}

/* A switch that an operator commands has been seen by one. */
void rm_failover_note_switch(struct rm_step *step, unsigned number, enum rm_cause cause)
{
    if (cause == RM_CAUSE_OPERATOR)
    {
        set_unacknowledged(step, false);
        return;
    }
    if (step->failover->settings.acknowledge != RM_ACKNOWLEDGE_NONE)
    {
        set_unacknowledged(step, true);
        rm_failover_tell(step, RM_EVENT_ACKNOWLEDGE_DUE, number, 0);
    }
}
