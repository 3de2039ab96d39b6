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

static unsigned count_failovers(const struct model_step *step)
{
    unsigned count = 0;

    for (unsigned i = 0; i < step->actions.count; i++)
    {
        count += step->actions.items[i].kind == RM_ACTION_PROMOTE &&
                 step->actions.items[i].cause != RM_CAUSE_RETURN;
    }
    return count;
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
        failovers += count_failovers(&step);
    }
    if (failovers > from->settings.machine_count)
    {
        return "in silence each machine is promoted once at most";
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

const char *model_try_peace(const struct rm_failover *from)
{
    const struct rm_failover_settings *settings = &from->settings;
    bool must_be_first =
        settings->mode != RM_MODE_COLD &&
        (settings->return_policy == RM_RETURN_PRIMARY || settings->return_policy == RM_RETURN_BEST);
    struct model_step step = {.after = *from};
    uint64_t end_ms = from->now_ms + settle_time_ms(from);
    unsigned failovers = 0;

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
        failovers += count_failovers(&step);
    }
    if (failovers > 1)
    {
        return "no going to and fro while all is well";
    }
    if (step.after.phase != RM_PHASE_SERVING)
    {
        return "in peace a machine serves";
    }
    return must_be_first && step.after.active != 1 ? "in peace the first is returned to" : NULL;
}

const char *model_reach_peace(struct rm_failover *failover)
{
    struct model_step step = {.before = *failover, .event = {.kind = RM_FAILOVER_START}};
    const char *fault = model_make_step(&step, failover->now_ms);
    uint64_t end_ms = failover->now_ms + settle_time_ms(failover);

    while (!fault && step.after.now_ms < end_ms)
    {
        fault = make_peaceful_step(&step, true);
    }
    *failover = step.after;
    return fault;
}

const char *model_reach_reconnect(struct rm_failover *failover)
{
    struct model_step step = {
        .before = *failover,
        .event = {.kind = RM_FAILOVER_LINK_LOST, .machine = 1, .link = failover->machines[0].link}
    };
    const char *fault = model_make_step(&step, failover->now_ms);

    while (!fault && step.after.machines[0].connection == RM_CONNECTION_DOWN &&
           step.after.phase != RM_PHASE_SEARCHING)
    {
        fault = make_peaceful_step(&step, false);
    }
    *failover = step.after;
    return fault;
}
