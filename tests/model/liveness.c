/* liveness.c: what must come about in bounded time, from any state that was reached. */
#include "properties.h"

#define STEPS_MAX 4000

/* More than every single time setting together can add up to before the links have ended. */
static uint64_t settle_time_ms(const struct rm_failover *from)
{
    const struct rm_failover_settings *settings = &from->settings;

    return 2 *
               ((uint64_t)settings->connect_timeout_ms + settings->reconnect_interval_ms +
                settings->busy_grace_ms + settings->ping_timeout_ms) *
               settings->machine_count +
           ((uint64_t)settings->fall + settings->rise + 2) * settings->ping_interval_ms +
           from->return_delay_ms;
}

/* Promotions because there was no active machine any more, or not yet. */
static bool is_for_a_loss(const struct rm_failover_action *action)
{
    return action->cause == RM_CAUSE_START || action->cause == RM_CAUSE_FOUND ||
           action->cause == RM_CAUSE_TRANSPORT || action->cause == RM_CAUSE_PING_TIMEOUT ||
           action->cause == RM_CAUSE_SHUTDOWN;
}

/* Those, or the others but returns. */
static unsigned count_promotions(const struct model_step *step, bool for_a_loss)
{
    unsigned count = 0;

    for (unsigned i = 0; i < step->actions.count; i++)
    {
        const struct rm_failover_action *action = &step->actions.items[i];

        count += action->kind == RM_ACTION_PROMOTE && action->cause != RM_CAUSE_RETURN &&
                 is_for_a_loss(action) == for_a_loss;
    }
    return count;
}

static bool is_one_unobservable(const struct rm_failover *failover)
{
    for (unsigned i = 0; i < failover->settings.machine_count; i++)
    {
        if (failover->machines[i].is_unobservable && failover->machines[i].rank != 0)
        {
            return true;
        }
    }
    return false;
}

const char *model_try_silence(const struct rm_failover *from)
{
    struct model_step step = {.after = *from, .event = {.kind = RM_FAILOVER_TICK}};
    uint64_t end_ms = from->now_ms + settle_time_ms(from);
    unsigned failovers = 0;

    for (unsigned i = 0; i < STEPS_MAX && step.after.next_ms <= end_ms; i++)
    {
        const char *fault;

        step.before = step.after;
        fault = model_make_step(&step, step.before.next_ms);
        if (fault)
        {
            return fault;
        }
        failovers += count_promotions(&step, true);
    }
    if (failovers > from->settings.machine_count)
    {
        return "in silence each machine is promoted once at most";
    }
    if (is_one_unobservable(&step.after) && step.after.phase != RM_PHASE_STARTING)
    {
        return NULL; /* its silence says nothing */
    }
    if (step.after.phase == RM_PHASE_STARTING || step.after.phase == RM_PHASE_SERVING)
    {
        return "in silence every start and every service ends";
    }
    return step.after.phase != RM_PHASE_SEARCHING || step.after.is_all_lost_told
               ? NULL
               : "in silence the client is told";
}

/* What a willing world reports next; false = nothing, time goes on. */
static bool next_good_news(const struct rm_failover *failover, bool do_connect,
                           struct rm_failover_event *event)
{
    for (unsigned i = 0; i < failover->settings.machine_count; i++)
    {
        const struct rm_failover_machine *machine = &failover->machines[i];

        *event =
            (struct rm_failover_event){.machine = i + 1, .link = machine->link, .is_running = true};
        if (machine->connection == RM_CONNECTION_CONNECTING && do_connect)
        {
            event->kind = RM_FAILOVER_CONNECTED;
            return true;
        }
        if (machine->connection == RM_CONNECTION_UP && !machine->is_ready)
        {
            event->kind = RM_FAILOVER_READY;
            return true;
        }
        if (machine->ping_sent_ms != RM_NEVER)
        {
            event->kind = RM_FAILOVER_PING_ANSWERED;
            return true;
        }
    }
    *event = (struct rm_failover_event){.kind = RM_FAILOVER_TICK};
    return false;
}

/* One step of peace: the next news, or the next deadline. */
static const char *make_peaceful_step(struct model_step *step, bool do_connect)
{
    step->before = step->after;
    return next_good_news(&step->before, do_connect, &step->event)
               ? model_make_step(step, step->before.now_ms)
               : model_make_step(step, step->before.next_ms);
}

/* Nobody's word and nothing that was noticed stands against the machine or keeps another. */
static bool is_free_to_return(const struct rm_failover *failover, unsigned number)
{
    for (unsigned i = 0; i < failover->settings.machine_count; i++)
    {
        if (failover->machines[i].mode != RM_OPERATOR_NORMAL || failover->machines[i].is_damped)
        {
            return false;
        }
    }
    return failover->chosen == 0 && failover->linked == 0 && !failover->is_following &&
           !failover->is_unacknowledged &&
           rm_failover_objection(failover, number) == RM_REFUSAL_NONE;
}

/* Where everything has come to rest. */
static const char *check_rest(const struct rm_failover *failover)
{
    const struct rm_failover_settings *settings = &failover->settings;
    bool has_home =
        settings->return_policy == RM_RETURN_PRIMARY || settings->return_policy == RM_RETURN_BEST;
    unsigned home =
        failover->preferred ? failover->preferred : rm_failover_machine_of_rank(failover, 1);
    const struct rm_failover_machine *active;
    bool is_at_fault;

    if (failover->phase != RM_PHASE_SERVING)
    {
        return "in peace a machine serves";
    }
    if (settings->mode == RM_MODE_COLD)
    {
        return NULL;
    }
    if (has_home && is_free_to_return(failover, home) && failover->active != home)
    {
        return "in peace the first is returned to";
    }
    active = &failover->machines[failover->active - 1];
    is_at_fault = active->mode == RM_OPERATOR_MAINTENANCE ||
                  (active->mode == RM_OPERATOR_NORMAL && active->verdict == RM_VERDICT_BAD) ||
                  active->rank == 0;
    for (unsigned number = 1; number <= settings->machine_count; number++)
    {
        if (number == failover->active)
        {
            continue;
        }
        if (is_at_fault && rm_failover_objection(failover, number) == RM_REFUSAL_NONE)
        {
            return "in peace no machine at fault serves while another is fit";
        }
        if (failover->machines[number - 1].mode == RM_OPERATOR_FORCED &&
            failover->machines[number - 1].ready_percent >= settings->ready_percent)
        {
            return "in peace the forced machine serves";
        }
    }
    return NULL;
}

const char *model_try_peace(const struct rm_failover *from)
{
    struct model_step step = {.after = *from};
    uint64_t end_ms = from->now_ms + settle_time_ms(from);
    unsigned losses = 0;
    unsigned departures = 0;
    /* cold mode finds out by trying, each once */
    unsigned departures_max =
        from->settings.mode == RM_MODE_COLD ? from->settings.machine_count : 1;

    if (from->next_ms == RM_NEVER)
    {
        return NULL;
    }
    for (unsigned i = 0; i < STEPS_MAX && step.after.now_ms < end_ms; i++)
    {
        const char *fault = make_peaceful_step(&step, true);

        if (fault)
        {
            return fault;
        }
        losses += count_promotions(&step, true);
        departures += count_promotions(&step, false);
    }
    if (losses > 1 || departures > departures_max)
    {
        return "no going to and fro while all is well";
    }
    return check_rest(&step.after);
}

const char *model_reach_peace(struct rm_failover *failover)
{
    struct model_step step = {.before = *failover, .event = {.kind = RM_FAILOVER_START}};
    const char *fault = model_make_step(&step, failover->now_ms);
    uint64_t end_ms = failover->now_ms + settle_time_ms(failover);

    for (unsigned i = 0; i < STEPS_MAX && !fault && step.after.now_ms < end_ms; i++)
    {
        fault = make_peaceful_step(&step, true);
    }
    *failover = step.after;
    return fault;
}

const char *model_reach_reconnect(struct rm_failover *failover)
{
    unsigned lost = failover->active;
    struct model_step step = {
        .before = *failover,
        .event = {.kind = RM_FAILOVER_LINK_LOST,
                  .machine = lost,
                  .link = failover->machines[lost - 1].link}
    };
    const char *fault = model_make_step(&step, failover->now_ms);

    for (unsigned i = 0; i < STEPS_MAX && !fault &&
                         step.after.machines[lost - 1].connection == RM_CONNECTION_DOWN &&
                         step.after.phase != RM_PHASE_SEARCHING;
         i++)
    {
        fault = make_peaceful_step(&step, false);
    }
    *failover = step.after;
    return fault;
}
