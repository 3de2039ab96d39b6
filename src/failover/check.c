/* check.c: the numbered invariants of rm/failover.h, one function each, for tests: I1 to I10, what
 * is always so. Those about the choice are in check_choice.c. */
#include "check.h"

static unsigned machine_count(const struct rm_view *view)
{
    return view->now->settings.machine_count;
}

static bool is_up(const struct rm_view *view, unsigned number)
{
    return number >= 1 && number <= machine_count(view) &&
           rm_machine_is_up(&view->now->machines[number - 1]);
}

static unsigned count_open_links(const struct rm_view *view)
{
    unsigned count = 0;

    for (unsigned i = 0; i < machine_count(view); i++)
    {
        count += view->now->machines[i].connection != RM_CONNECTION_DOWN;
    }
    return count;
}

static bool active_exactly_while_serving(const struct rm_view *view)
{
    return (view->now->active != 0) == (view->now->phase == RM_PHASE_SERVING);
}

static bool active_is_up(const struct rm_view *view)
{
    return view->now->active == 0 || is_up(view, view->now->active);
}

static bool cold_has_one_link(const struct rm_view *view)
{
    return view->now->settings.mode != RM_MODE_COLD || count_open_links(view) <= 1;
}

static bool no_machine_is_forgotten(const struct rm_view *view)
{
    if (view->now->settings.mode == RM_MODE_COLD || !rm_failover_is_alive(view->now))
    {
        return true;
    }
    for (unsigned i = 0; i < machine_count(view); i++)
    {
        const struct rm_failover_machine *machine = &view->now->machines[i];

        if (machine->connection == RM_CONNECTION_DOWN && machine->retry_at_ms == RM_NEVER &&
            machine->rank != 0)
        {
            return false;
        }
    }
    return true;
}

static bool generation_counts_promotions(const struct rm_view *view)
{
    uint32_t generation;

    if (!view->before)
    {
        return true;
    }
    if (!view->has_actions)
    {
        return view->now->generation >= view->before->generation;
    }
    generation = view->before->generation;
    for (unsigned i = 0; i < view->actions->count; i++)
    {
        const struct rm_failover_action *action = &view->actions->items[i];

        if (action->kind == RM_ACTION_PROMOTE && action->generation != ++generation)
        {
            return false;
        }
    }
    return view->now->generation == generation;
}

static bool links_increase(const struct rm_view *view)
{
    uint32_t last = view->before ? view->before->last_link : 0;

    for (unsigned i = 0; i < machine_count(view); i++)
    {
        if (view->now->machines[i].link > view->now->last_link ||
            (view->before && view->now->machines[i].link < view->before->machines[i].link))
        {
            return false;
        }
    }
    for (unsigned i = 0; i < view->actions->count; i++)
    {
        const struct rm_failover_action *action = &view->actions->items[i];

        if (action->kind == RM_ACTION_CONNECT)
        {
            if (action->link <= last)
            {
                return false;
            }
            last = action->link;
        }
    }
    return view->now->last_link >= last;
}

static bool pings_need_a_link(const struct rm_view *view)
{
    for (unsigned number = 1; number <= machine_count(view); number++)
    {
        if (view->now->machines[number - 1].ping_sent_ms != RM_NEVER && !is_up(view, number))
        {
            return false;
        }
    }
    return true;
}

static bool is_allowed_at_stop(const struct rm_failover_action *action)
{
    switch (action->kind)
    {
    case RM_ACTION_DISCONNECT: return true;
    case RM_ACTION_EVENT: return action->event == RM_EVENT_DISCONNECTED;
    case RM_ACTION_CONNECT:
    case RM_ACTION_PING:
    case RM_ACTION_PROMOTE:
    case RM_ACTION_ALL_LOST:
    case RM_ACTION_FAIL:
    case RM_ACTION_REFUSE:
    case RM_ACTION_TELL_PARTNERS:
    case RM_ACTION_HOLD_WRITES:
    case RM_ACTION_RELEASE_WRITES:
    case RM_ACTION_COUNT: break;
    }
    return false;
}

static bool stopped_is_quiet(const struct rm_view *view)
{
    if (view->now->phase != RM_PHASE_STOPPED)
    {
        return true;
    }
    for (unsigned i = 0; i < view->actions->count; i++)
    {
        if (!is_allowed_at_stop(&view->actions->items[i]))
        {
            return false;
        }
    }
    return count_open_links(view) == 0;
}

/* Cold mode: connected, but meanwhile known to be at fault, so another one is tried. */
static bool is_left_at_once(const struct rm_view *view, const struct rm_failover_action *promotion)
{
    for (unsigned i = 0; i < view->actions->count; i++)
    {
        const struct rm_failover_action *action = &view->actions->items[i];

        if (action > promotion && action->kind == RM_ACTION_DISCONNECT &&
            action->link == promotion->link && view->now->sought != 0)
        {
            return true;
        }
    }
    return false;
}

static bool promotions_are_real(const struct rm_view *view)
{
    unsigned active = view->before ? view->before->active : 0;

    for (unsigned i = 0; i < view->actions->count; i++)
    {
        const struct rm_failover_action *action = &view->actions->items[i];

        if (action->kind == RM_ACTION_PROMOTE)
        {
            if (action->machine == active ||
                (!is_up(view, action->machine) && !is_left_at_once(view, action)))
            {
                return false;
            }
            active = action->machine;
        }
    }
    return true;
}

static bool actions_fit(const struct rm_view *view)
{
    return !view->is_overflown;
}

unsigned rm_failover_check(const struct rm_failover *failover, const struct rm_failover *before,
                           const struct rm_failover_actions *actions)
{
    static const struct rm_failover_actions none;
    static bool (*const invariants[])(const struct rm_view *) = {
        active_exactly_while_serving, active_is_up,   cold_has_one_link, no_machine_is_forgotten,
        generation_counts_promotions, links_increase, pings_need_a_link, stopped_is_quiet,
        promotions_are_real,          actions_fit,
    };
    const unsigned count = sizeof invariants / sizeof invariants[0];
    bool is_overflown = actions && actions->count > RM_FAILOVER_ACTIONS_MAX;
    struct rm_view view = {.now = failover, .before = before, .is_overflown = is_overflown};

    view.has_actions = actions && !is_overflown;
    view.actions = view.has_actions ? actions : &none;
    for (unsigned i = 0; i < count; i++)
    {
        if (!invariants[i](&view))
        {
            return i + 1;
        }
    }
    return rm_check_choice(&view, count + 1);
}
