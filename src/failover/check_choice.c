/* check_choice.c: invariants I11 to I21: who may be chosen, and by whose word. */
#include "check.h"

static const struct rm_failover_machine *machine_of(const struct rm_failover *failover,
                                                    unsigned number)
{
    return &failover->machines[number - 1];
}

static bool one_is_forced(const struct rm_view *view)
{
    unsigned forced = 0;

    for (unsigned number = 1; number <= view->now->settings.machine_count; number++)
    {
        forced += machine_of(view->now, number)->mode == RM_OPERATOR_FORCED;
    }
    return forced <= 1;
}

static bool chosen_is_active(const struct rm_view *view)
{
    return view->now->chosen == 0 || view->now->chosen == view->now->active;
}

/* The promotion that this step ended with; NULL = none. */
static const struct rm_failover_action *last_promotion(const struct rm_view *view)
{
    for (unsigned i = view->actions->count; i > 0; i--)
    {
        const struct rm_failover_action *action = &view->actions->items[i - 1];

        if (action->kind == RM_ACTION_PROMOTE && action->machine == view->now->active)
        {
            return action;
        }
    }
    return NULL;
}

static bool is_for_a_loss(enum rm_cause cause)
{
    switch (cause)
    {
    case RM_CAUSE_START:
    case RM_CAUSE_FOUND:
    case RM_CAUSE_TRANSPORT:
    case RM_CAUSE_PING_TIMEOUT:
    case RM_CAUSE_SHUTDOWN: return true;
    case RM_CAUSE_NONE:
    case RM_CAUSE_CONNECT_FAILED:
    case RM_CAUSE_STOP:
    case RM_CAUSE_REFUSED:
    case RM_CAUSE_OPERATOR:
    case RM_CAUSE_RETURN:
    case RM_CAUSE_MAINTENANCE:
    case RM_CAUSE_SILENT:
    case RM_CAUSE_NOT_RUNNING:
    case RM_CAUSE_STATUS:
    case RM_CAUSE_VERDICT:
    case RM_CAUSE_LINKED:
    case RM_CAUSE_SETTINGS:
    case RM_CAUSE_REMOVED:
    case RM_CAUSE_COUNT: break;
    }
    return false;
}

/* Cold mode can't know before it is connected. */
static bool left_for_a_fit_one(const struct rm_view *view)
{
    const struct rm_failover_action *promotion = last_promotion(view);
    enum rm_refusal objection;

    if (!promotion || view->now->settings.mode == RM_MODE_COLD || is_for_a_loss(promotion->cause) ||
        promotion->cause == RM_CAUSE_OPERATOR)
    {
        return true;
    }
    objection = rm_failover_objection(view->now, promotion->machine);
    if (promotion->cause == RM_CAUSE_RETURN &&
        machine_of(view->now, promotion->machine)->mode == RM_OPERATOR_FORCED &&
        (objection == RM_REFUSAL_VERDICT || objection == RM_REFUSAL_SILENT ||
         objection == RM_REFUSAL_UNOBSERVABLE))
    {
        return true;
    }
    return objection == RM_REFUSAL_NONE;
}

static bool forced_stays(const struct rm_view *view)
{
    unsigned active = view->before ? view->before->active : 0;

    return active == 0 || view->now->active == active ||
           machine_of(view->before, active)->mode != RM_OPERATOR_FORCED ||
           machine_of(view->now, active)->mode != RM_OPERATOR_FORCED ||
           machine_of(view->now, active)->connection != RM_CONNECTION_UP;
}

static bool writes_are_held_as_told(const struct rm_view *view)
{
    bool are_held;

    if (!view->before || !view->has_actions)
    {
        return true;
    }
    are_held = rm_failover_holds_writes(view->before);
    for (unsigned i = 0; i < view->actions->count; i++)
    {
        enum rm_failover_action_kind kind = view->actions->items[i].kind;

        if (kind == (are_held ? RM_ACTION_HOLD_WRITES : RM_ACTION_RELEASE_WRITES))
        {
            return false;
        }
        are_held ^= kind == RM_ACTION_HOLD_WRITES || kind == RM_ACTION_RELEASE_WRITES;
    }
    return are_held == rm_failover_holds_writes(view->now);
}

/* Looked at as it was before this promotion. A clock that went back makes the times incomparable.
 */
static bool damped_is_not_returned_to(const struct rm_view *view)
{
    const struct rm_failover_action *promotion = last_promotion(view);

    return !promotion || promotion->cause != RM_CAUSE_RETURN || !view->before ||
           view->now->now_ms < view->before->now_ms ||
           machine_of(view->now, promotion->machine)->mode == RM_OPERATOR_FORCED ||
           rm_failover_damped_until(view->before, promotion->machine) <= view->now->now_ms;
}

static bool sought_only_in_cold(const struct rm_view *view)
{
    return view->now->sought == 0 ||
           (view->now->settings.mode == RM_MODE_COLD && view->now->phase == RM_PHASE_SEARCHING);
}

static bool is_soft(enum rm_cause cause)
{
    return cause == RM_CAUSE_PING_TIMEOUT ||
           (!is_for_a_loss(cause) && cause != RM_CAUSE_OPERATOR && cause != RM_CAUSE_LINKED);
}

/* A machine that cold mode went to look for earlier is promoted when it comes. */
static bool nothing_soft_while_tilted(const struct rm_view *view)
{
    const struct rm_failover_action *promotion = last_promotion(view);

    return !promotion || !rm_failover_is_tilted(view->now, view->now->now_ms) ||
           !is_soft(promotion->cause) ||
           (view->before && view->before->sought == promotion->machine);
}

static bool no_better_is_true(const struct rm_view *view)
{
    const struct rm_failover *now = view->now;

    for (unsigned i = 0; i < view->actions->count; i++)
    {
        const struct rm_failover_action *action = &view->actions->items[i];

        bool is_told =
            action->kind == RM_ACTION_EVENT && (action->event == RM_EVENT_NO_BETTER_MACHINE ||
                                                action->event == RM_EVENT_REMOVED_SERVES);

        if (is_told && (now->active == 0 || rm_failover_fault(now, now->active) == RM_CAUSE_NONE))
        {
            return false;
        }
    }
    return true;
}

static bool history_is_kept(const struct rm_view *view)
{
    const struct rm_failover *now = view->now;

    return now->active == 0 ||
           now->history[(now->generation - 1) % RM_FAILOVER_HISTORY].machine == now->active;
}

static bool list_is_whole(const struct rm_view *view)
{
    const struct rm_failover *now = view->now;
    unsigned listed = 0;
    unsigned found = 0;

    for (unsigned number = 1; number <= now->settings.machine_count; number++)
    {
        const struct rm_failover_machine *machine = machine_of(now, number);

        listed += machine->rank != 0;
        if (machine->rank == 0 && machine->connection != RM_CONNECTION_DOWN &&
            number != now->active)
        {
            return false;
        }
    }
    for (unsigned rank = 1; rank <= listed; rank++)
    {
        found += rm_failover_machine_of_rank(now, rank) != 0;
    }
    return found == listed;
}

unsigned rm_check_choice(const struct rm_view *view, unsigned first)
{
    static bool (*const invariants[])(const struct rm_view *) = {
        one_is_forced,           chosen_is_active,
        left_for_a_fit_one,      forced_stays,
        writes_are_held_as_told, damped_is_not_returned_to,
        sought_only_in_cold,     nothing_soft_while_tilted,
        no_better_is_true,       history_is_kept,
        list_is_whole,
    };

    for (unsigned i = 0; i < sizeof invariants / sizeof invariants[0]; i++)
    {
        if (!invariants[i](view))
        {
            return first + i;
        }
    }
    return 0;
}
