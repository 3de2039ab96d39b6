/* phase.c: the one place that writes phase, active machine and generation, and what it orders. */
#include "internal.h"

#include <assert.h>

bool rm_failover_is_alive(const struct rm_failover *failover)
{
    switch (failover->phase)
    {
    case RM_PHASE_STARTING:
    case RM_PHASE_SERVING:
    case RM_PHASE_SEARCHING: return true;
    case RM_PHASE_IDLE:
    case RM_PHASE_FAILED:
    case RM_PHASE_STOPPED:
    case RM_PHASE_COUNT: break;
    }
    return false;
}

struct rm_failover_action *rm_failover_order(struct rm_step *step,
                                             enum rm_failover_action_kind kind, unsigned machine)
{
    struct rm_failover_action *action;

    assert(step->actions->count < RM_FAILOVER_ACTIONS_MAX);
    action = &step->actions->items[step->actions->count++];
    *action = (struct rm_failover_action){.kind = kind, .machine = machine};
    if (machine)
    {
        action->link = rm_step_machine(step, machine)->link;
    }
    action->generation = step->failover->generation;
    return action;
}

void rm_failover_tell(struct rm_step *step, enum rm_event_id event, unsigned machine, uint32_t code)
{
    struct rm_failover_action *action = rm_failover_order(step, RM_ACTION_EVENT, machine);

    action->event = event;
    action->code = code;
}

/* What was intended while another machine was active. */
static void forget_intentions(struct rm_step *step)
{
    rm_failover_note_choice(step, 0, RM_CAUSE_NONE);
    rm_failover_forget_partners(step);
    rm_failover_seek(step, 0, RM_CAUSE_NONE);
}

static void promote(struct rm_step *step, unsigned machine, enum rm_cause cause)
{
    struct rm_failover *failover = step->failover;
    bool is_switch = failover->last_active != 0 && failover->last_active != machine;

    assert(rm_step_machine(step, machine)->connection == RM_CONNECTION_UP);
    failover->active = failover->last_active = machine;
    failover->is_no_better_told = false;
    failover->generation++;
    failover->last_cause = cause;
    failover->promoted_at_ms = step->now_ms;
    failover->returned_at_ms = cause == RM_CAUSE_RETURN ? step->now_ms : RM_NEVER;
    rm_failover_order(step, RM_ACTION_PROMOTE, machine)->cause = cause;
    rm_failover_tell(step, RM_EVENT_PROMOTED, machine, 0);
    rm_failover_note_history(step, machine, cause);
    forget_intentions(step);
    rm_failover_note_choice(step, machine, cause);
    rm_failover_note_following(step, cause);
    if (is_switch)
    {
        failover->switches[cause]++;
        rm_failover_note_switch(step, machine, cause);
        rm_failover_tell_partners(step, machine, cause);
    }
}

/* ALL_LOST is due once each machine has failed. In cold mode the others were not looked at while
 * one was active, so each gets its try; in warm and hot mode a machine that is down is known to be,
 * and only an attempt that is under way can still succeed. */
static void begin_search(struct rm_step *step)
{
    struct rm_failover *failover = step->failover;
    unsigned lost = failover->active;

    failover->is_all_lost_told = false;
    forget_intentions(step);
    for (unsigned number = 1; number <= failover->settings.machine_count; number++)
    {
        struct rm_failover_machine *machine = rm_step_machine(step, number);

        if (failover->settings.mode == RM_MODE_COLD ? number != lost
                                                    : machine->connection != RM_CONNECTION_DOWN)
        {
            machine->has_failed = false;
        }
    }
    rm_failover_forget_refusals(step);
}

static void end_all_links(struct rm_step *step)
{
    for (unsigned number = 1; number <= step->failover->settings.machine_count; number++)
    {
        struct rm_failover_machine *machine = rm_step_machine(step, number);

        if (machine->connection == RM_CONNECTION_UP)
        {
            rm_failover_tell(step, RM_EVENT_DISCONNECTED, number, 0);
        }
        if (machine->connection != RM_CONNECTION_DOWN)
        {
            rm_failover_end_link(step, number, RM_CAUSE_STOP, 0);
        }
        machine->retry_at_ms = RM_NEVER;
    }
}

void rm_failover_enter(struct rm_step *step, enum rm_failover_phase phase, unsigned machine,
                       enum rm_cause cause)
{
    struct rm_failover *failover = step->failover;

    failover->phase = phase;
    switch (phase)
    {
    case RM_PHASE_STARTING: break;
    case RM_PHASE_SERVING: promote(step, machine, cause); return;
    case RM_PHASE_SEARCHING: begin_search(step); break;
    case RM_PHASE_FAILED:
        end_all_links(step);
        rm_failover_order(step, RM_ACTION_FAIL, 0)->code = failover->start_code;
        break;
    case RM_PHASE_STOPPED: end_all_links(step); break;
    case RM_PHASE_IDLE:
    case RM_PHASE_COUNT: assert(!"never entered"); break;
    }
    failover->active = 0;
    if (!rm_failover_is_alive(failover))
    {
        forget_intentions(step);
    }
}
