/* properties.c: properties of single steps. */
#include "properties.h"

#include <stdio.h>
#include <string.h>

static bool is_alive(const struct rm_failover *failover)
{
    return failover->phase == RM_PHASE_STARTING || failover->phase == RM_PHASE_SERVING ||
           failover->phase == RM_PHASE_SEARCHING;
}

static unsigned count_actions(const struct model_step *step, enum rm_failover_action_kind kind)
{
    unsigned count = 0;

    for (unsigned i = 0; i < step->actions.count; i++)
    {
        count += step->actions.items[i].kind == kind;
    }
    return count;
}

static const char *check_deadline(const struct model_step *step)
{
    if (is_alive(&step->after) != (step->after.next_ms != RM_NEVER))
    {
        return "a deadline exactly while alive";
    }
    return step->after.next_ms > step->after.now_ms ? NULL : "the deadline lies ahead";
}

/* The word of rm/failover.h's order: forced, preferred, ranks, maintenance. */
static unsigned order_of(const struct rm_failover *failover, unsigned number)
{
    static const unsigned classes[RM_OPERATOR_COUNT] = {
        [RM_OPERATOR_FORCED] = 0, [RM_OPERATOR_NORMAL] = 2, [RM_OPERATOR_MAINTENANCE] = 3};
    enum rm_operator_mode mode = failover->machines[number - 1].mode;

    return (mode == RM_OPERATOR_NORMAL && number == failover->preferred ? 1 : classes[mode]) * 100 +
           failover->machines[number - 1].rank;
}

/* While a machine is UP it is used, unless the start still waits for a better one (RM-121), or for
 * any that isn't in maintenance. */
static const char *check_nobody_is_left_out(const struct model_step *step)
{
    const struct rm_failover *after = &step->after;

    for (unsigned number = 1; number <= after->settings.machine_count; number++)
    {
        const struct rm_failover_machine *machine = &after->machines[number - 1];
        bool is_better_awaited = false;

        for (unsigned other = 1; other <= after->settings.machine_count; other++)
        {
            is_better_awaited |= !after->machines[other - 1].has_failed &&
                                 after->machines[other - 1].rank != 0 &&
                                 order_of(after, other) < order_of(after, number) &&
                                 (after->settings.start_policy == RM_START_PRIMARY ||
                                  machine->mode == RM_OPERATOR_MAINTENANCE);
        }
        if (machine->connection == RM_CONNECTION_UP &&
            (after->phase == RM_PHASE_SEARCHING ||
             (after->phase == RM_PHASE_STARTING && !is_better_awaited)))
        {
            return "a machine that is UP is promoted when there is no active one";
        }
    }
    return NULL;
}

static const char *check_disconnects(const struct model_step *step)
{
    unsigned expected = 0;

    for (unsigned i = 0; i < step->before.settings.machine_count; i++)
    {
        const struct rm_failover_machine *before = &step->before.machines[i];
        const struct rm_failover_machine *after = &step->after.machines[i];
        bool has_ended = before->connection != RM_CONNECTION_DOWN &&
                         (after->connection == RM_CONNECTION_DOWN || after->link != before->link);
        unsigned given = 0;

        for (unsigned k = 0; k < step->actions.count; k++)
        {
            given += step->actions.items[k].kind == RM_ACTION_DISCONNECT &&
                     step->actions.items[k].link == before->link &&
                     step->actions.items[k].machine == i + 1;
        }
        if (given != (has_ended ? 1u : 0u))
        {
            return "one DISCONNECT for each link that ended";
        }
        expected += given;
    }
    return count_actions(step, RM_ACTION_DISCONNECT) == expected
               ? NULL
               : "no DISCONNECT for a link that was never there";
}

static bool is_return_allowed(const struct model_step *step, unsigned number)
{
    const struct rm_failover *after = &step->after;
    const struct rm_failover_machine *target = &after->machines[number - 1];

    if (after->settings.mode == RM_MODE_COLD || !target->is_running || !target->is_ready)
    {
        return false;
    }
    return target->mode == RM_OPERATOR_FORCED ||
           (order_of(after, number) < order_of(after, step->before.active) &&
            after->settings.return_policy != RM_RETURN_STAY &&
            after->settings.return_policy != RM_RETURN_COMMAND && after->chosen == 0 &&
            (!step->before.is_following || step->event.kind == RM_FAILOVER_AUTOMATIC ||
             step->event.kind == RM_FAILOVER_LINKED));
}

/* CX-06, CX-13, CX-14: nothing else makes an operator's switch. */
static bool is_commanded(const struct model_step *step)
{
    return step->event.kind == RM_FAILOVER_SWITCH ||
           (step->event.kind == RM_FAILOVER_OPERATOR_MODE &&
            step->event.mode == RM_OPERATOR_FORCED);
}

static const char *check_promotion(const struct model_step *step,
                                   const struct rm_failover_action *promotion)
{
    const struct rm_failover *before = &step->before;
    const struct rm_failover *after = &step->after;
    const struct rm_failover_machine *left =
        before->active ? &after->machines[before->active - 1] : NULL;
    /* A silent one, and one that is removed, is left first, and then its link is ended. */
    bool was_lost = left && left->connection != RM_CONNECTION_UP &&
                    left->last_cause != RM_CAUSE_SILENT && left->last_cause != RM_CAUSE_REMOVED;
    bool was_sought = before->phase == RM_PHASE_SEARCHING && before->sought == promotion->machine &&
                      before->sought_cause == promotion->cause;

    switch (promotion->cause)
    {
    case RM_CAUSE_START:
        return before->phase == RM_PHASE_STARTING ? NULL : "START promotes only at the start";
    case RM_CAUSE_FOUND:
        return before->phase == RM_PHASE_SEARCHING ? NULL : "FOUND promotes only after a search";
    case RM_CAUSE_RETURN:
        return !was_lost && is_return_allowed(step, promotion->machine)
                   ? NULL
                   : "a return goes to a better-placed machine that is well";
    case RM_CAUSE_TRANSPORT:
    case RM_CAUSE_PING_TIMEOUT:
    case RM_CAUSE_SHUTDOWN: return was_lost ? NULL : "a machine that is UP is not lost";
    case RM_CAUSE_OPERATOR:
        return was_sought || is_commanded(step) ? NULL : "an operator's switch is commanded";
    case RM_CAUSE_LINKED:
        return was_sought || before->linked == promotion->machine ||
                       (step->event.kind == RM_FAILOVER_LINKED &&
                        step->event.machine == promotion->machine)
                   ? NULL
                   : "the partners are followed to where they are";
    case RM_CAUSE_REMOVED:
        return was_sought || (left && left->rank == 0) ? NULL
                                                       : "a machine in the list is not removed";
    case RM_CAUSE_MAINTENANCE:
    case RM_CAUSE_SILENT:
    case RM_CAUSE_NOT_RUNNING:
    case RM_CAUSE_STATUS:
    case RM_CAUSE_VERDICT: return NULL; /* invariants I13 and I14 say all of it */
    case RM_CAUSE_NONE:
    case RM_CAUSE_CONNECT_FAILED:
    case RM_CAUSE_STOP:
    case RM_CAUSE_SETTINGS:
    case RM_CAUSE_REFUSED:
    case RM_CAUSE_COUNT: break;
    }
    return "a promotion has a cause";
}

/* RM-248: at STOP, where cold mode leaves a machine that works, and where it begins; and of one
 * that is removed. */
static bool may_disconnect(const struct model_step *step, unsigned number)
{
    return step->after.phase == RM_PHASE_STOPPED || step->after.machines[number - 1].rank == 0 ||
           (step->event.kind == RM_FAILOVER_SETTINGS && step->before.active != number &&
            step->before.settings.mode != RM_MODE_COLD &&
            step->after.settings.mode == RM_MODE_COLD) ||
           (step->after.settings.mode == RM_MODE_COLD && step->after.sought != 0 &&
            (step->before.active == number || step->after.last_active == number));
}

static const char *check_orders(const struct model_step *step)
{
    unsigned promotions = count_actions(step, RM_ACTION_PROMOTE);
    bool has_failed = step->before.phase != RM_PHASE_FAILED && step->after.phase == RM_PHASE_FAILED;

    for (unsigned i = 0; i < step->actions.count; i++)
    {
        const struct rm_failover_action *action = &step->actions.items[i];
        const char *fault =
            action->kind == RM_ACTION_PROMOTE ? check_promotion(step, action) : NULL;

        if (fault)
        {
            return fault;
        }
        if (action->kind == RM_ACTION_FAIL && !(action->code & 0x80000000u))
        {
            return "a creation that fails has a failure code";
        }
        if (action->kind == RM_ACTION_EVENT && action->event == RM_EVENT_DISCONNECTED &&
            !may_disconnect(step, action->machine))
        {
            return "a working connection is only dropped at STOP or to try another";
        }
    }
    if (count_actions(step, RM_ACTION_ALL_LOST) &&
        (step->after.phase != RM_PHASE_SEARCHING ||
         (step->before.phase == RM_PHASE_SEARCHING && step->before.is_all_lost_told)))
    {
        return "ALL_LOST once per search";
    }
    if (count_actions(step, RM_ACTION_FAIL) != (has_failed ? 1u : 0u))
    {
        return "FAIL exactly when the start fails";
    }
    return promotions <= 1 ? NULL : "one promotion per step";
}

static const char *check_misfit(const struct model_step *step)
{
    struct rm_failover expected = step->before;

    if (step->after.ignored == step->before.ignored || step->after.now_ms != step->before.now_ms)
    {
        return NULL;
    }
    expected.ignored++;
    return step->actions.count == 0 && memcmp(&expected, &step->after, sizeof expected) == 0
               ? NULL
               : "an event that does not fit changes nothing";
}

static const char *check_misses(const struct model_step *step)
{
    for (unsigned i = 0; i < step->before.settings.machine_count; i++)
    {
        const struct rm_failover_machine *before = &step->before.machines[i];
        const struct rm_failover_machine *after = &step->after.machines[i];

        if (after->connection == RM_CONNECTION_UP && after->health < 0 &&
            after->health < (before->health < 0 ? before->health : 0) - 1)
        {
            return "one miss per step";
        }
    }
    return NULL;
}

const char *model_make_step(struct model_step *step, uint64_t now_ms)
{
    static const char *(*const checks[])(const struct model_step *) = {
        check_deadline, check_nobody_is_left_out, check_disconnects, check_orders, check_misfit,
        check_misses};
    static char text[32];
    unsigned invariant;

    step->after = step->before;
    rm_failover_step(&step->after, &step->event, now_ms, &step->actions);
    invariant = rm_failover_check(&step->after, &step->before, &step->actions);
    if (invariant)
    {
        snprintf(text, sizeof text, "invariant I%u", invariant);
        return text;
    }
    for (unsigned i = 0; i < sizeof checks / sizeof checks[0]; i++)
    {
        const char *fault = checks[i](step);

        if (fault)
        {
            return fault;
        }
    }
    return NULL;
}
