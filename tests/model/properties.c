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

/* While a machine is UP it is used, unless the start still waits for a better one (RM-121). */
static const char *check_nobody_is_left_out(const struct model_step *step)
{
    const struct rm_failover *after = &step->after;
    bool is_better_awaited = false;

    for (unsigned i = 0; i < after->settings.machine_count; i++)
    {
        if (after->machines[i].connection == RM_CONNECTION_UP &&
            (after->phase == RM_PHASE_SEARCHING ||
             (after->phase == RM_PHASE_STARTING && !is_better_awaited)))
        {
            return "a machine that is UP is promoted when there is no active one";
        }
        is_better_awaited |= !after->machines[i].has_failed;
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

static const char *check_promotion(const struct model_step *step,
                                   const struct rm_failover_action *promotion)
{
    const struct rm_failover *before = &step->before;
    const struct rm_failover *after = &step->after;
    bool is_active_lost =
        before->active && after->machines[before->active - 1].connection != RM_CONNECTION_UP;

    switch (promotion->cause)
    {
    case RM_CAUSE_START:
        return before->phase == RM_PHASE_STARTING ? NULL : "START promotes only at the start";
    case RM_CAUSE_FOUND:
        return before->phase == RM_PHASE_SEARCHING ? NULL : "FOUND promotes only after a search";
    case RM_CAUSE_RETURN:
        return before->active > promotion->machine && !is_active_lost &&
                       after->settings.mode != RM_MODE_COLD &&
                       after->settings.return_policy != RM_RETURN_STAY &&
                       after->settings.return_policy != RM_RETURN_COMMAND &&
                       after->machines[promotion->machine - 1].is_running &&
                       after->machines[promotion->machine - 1].is_ready
                   ? NULL
                   : "a return goes to a better-placed machine that is well";
    case RM_CAUSE_TRANSPORT:
    case RM_CAUSE_PING_TIMEOUT:
    case RM_CAUSE_SHUTDOWN:
        return is_active_lost ? NULL : "an active machine that is UP is only left for a return";
    case RM_CAUSE_NONE:
    case RM_CAUSE_CONNECT_FAILED:
    case RM_CAUSE_STOP:
    case RM_CAUSE_REFUSED:
    case RM_CAUSE_COUNT: break;
    }
    return "a promotion has a cause";
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
            step->after.phase != RM_PHASE_STOPPED)
        {
            return "a working connection is only dropped at STOP";
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
