/* step.c: one step of the state machine: event in, time passed, decision, orders, next deadline. */
#include "internal.h"

#include <assert.h>
#include <string.h>

void rm_failover_init(struct rm_failover *failover, const struct rm_failover_settings *settings)
{
    assert(settings->machine_count >= RM_MACHINES_MIN &&
           settings->machine_count <= RM_MACHINES_MAX);
    assert(settings->preferred <= settings->machine_count);
    memset(failover, 0, sizeof *failover);
    failover->settings = *settings;
    failover->return_delay_ms = settings->return_delay_ms;
    failover->preferred = settings->preferred;
    failover->starved_told_ms = RM_NEVER;
    failover->returned_at_ms = RM_NEVER;
    failover->next_ms = RM_NEVER;
    for (unsigned i = 0; i < RM_MACHINE_NUMBERS; i++)
    {
        failover->machines[i].rank = i < settings->machine_count ? i + 1 : 0;
        rm_failover_begin_machine(&failover->machines[i]);
    }
}

static bool start(struct rm_step *step)
{
    if (step->failover->phase != RM_PHASE_IDLE)
    {
        return false;
    }
    rm_failover_enter(step, RM_PHASE_STARTING, 0, RM_CAUSE_START);
    for (unsigned number = 1; number <= step->failover->settings.machine_count; number++)
    {
        if (rm_failover_is_listed(step->failover, number))
        {
            rm_failover_try_now(step, number);
        }
    }
    return true;
}

static bool stop(struct rm_step *step)
{
    if (step->failover->phase == RM_PHASE_STOPPED)
    {
        return false;
    }
    rm_failover_enter(step, RM_PHASE_STOPPED, 0, RM_CAUSE_STOP);
    return true;
}

/* An event about another link than the machine's last one is too late. */
static bool is_last_link(const struct rm_failover *failover, const struct rm_failover_event *event)
{
    return event->machine >= 1 && event->machine <= failover->settings.machine_count &&
           failover->machines[event->machine - 1].link == event->link;
}

static bool take_link_event(struct rm_step *step, const struct rm_failover_event *event)
{
    unsigned number = event->machine;

    if (!is_last_link(step->failover, event))
    {
        return false;
    }
    switch (event->kind)
    {
    case RM_FAILOVER_CONNECTED: return rm_failover_link_up(step, number);
    case RM_FAILOVER_CONNECT_FAILED:
        return rm_failover_connect_failed(step, number, event->code, event->is_refused);
    case RM_FAILOVER_PING_ANSWERED:
        return rm_failover_ping_answered(step, number, event->is_running, event->code);
    case RM_FAILOVER_LINK_LOST: return rm_failover_transport_lost(step, number, event->code);
    case RM_FAILOVER_SHUTDOWN: return rm_failover_shutdown_received(step, number, event->code);
    case RM_FAILOVER_READY: return rm_failover_set_ready(step, number);
    case RM_FAILOVER_BUSY: return rm_failover_set_busy(step, number, event->is_busy);
    case RM_FAILOVER_SUSPECT: return rm_failover_suspect(step, number);
    case RM_FAILOVER_CALLBACKS: return rm_failover_callbacks(step, number, event->is_silent);
    case RM_FAILOVER_ITEMS: return rm_failover_set_items(step, number, event->percent);
    case RM_FAILOVER_START:
    case RM_FAILOVER_TICK:
    case RM_FAILOVER_STOP:
    case RM_FAILOVER_VERDICT:
    case RM_FAILOVER_OBSERVABLE:
    case RM_FAILOVER_OPERATOR_MODE:
    case RM_FAILOVER_SWITCH:
    case RM_FAILOVER_AUTOMATIC:
    case RM_FAILOVER_PREFER:
    case RM_FAILOVER_ACKNOWLEDGE:
    case RM_FAILOVER_LINKED:
    case RM_FAILOVER_SETTINGS:
    case RM_FAILOVER_MACHINES:
    case RM_FAILOVER_EVENT_COUNT: break;
    }
    return false;
}

/* What others say: operators, monitors, partners, settings; whatever the machine's link. */
static bool take_word(struct rm_step *step, const struct rm_failover_event *event)
{
    unsigned number = event->machine;

    switch (event->kind)
    {
    case RM_FAILOVER_VERDICT:
        return rm_failover_set_verdict(step, number, event->verdict, event->score);
    case RM_FAILOVER_OBSERVABLE:
        return rm_failover_set_observable(step, number, event->is_unobservable);
    case RM_FAILOVER_OPERATOR_MODE: return rm_failover_set_operator_mode(step, number, event->mode);
    case RM_FAILOVER_SWITCH: return rm_failover_command_switch(step, number, event->is_forced);
    case RM_FAILOVER_AUTOMATIC: return rm_failover_command_automatic(step);
    case RM_FAILOVER_PREFER: return rm_failover_prefer(step, number);
    case RM_FAILOVER_ACKNOWLEDGE: return rm_failover_command_acknowledge(step);
    case RM_FAILOVER_LINKED: return rm_failover_partner_promoted(step, number);
    case RM_FAILOVER_SETTINGS: return rm_failover_change_settings(step, &event->settings);
    case RM_FAILOVER_MACHINES: return rm_failover_change_machines(step, event);
    case RM_FAILOVER_START:
    case RM_FAILOVER_TICK:
    case RM_FAILOVER_STOP:
    case RM_FAILOVER_CONNECTED:
    case RM_FAILOVER_CONNECT_FAILED:
    case RM_FAILOVER_PING_ANSWERED:
    case RM_FAILOVER_LINK_LOST:
    case RM_FAILOVER_SHUTDOWN:
    case RM_FAILOVER_READY:
    case RM_FAILOVER_BUSY:
    case RM_FAILOVER_SUSPECT:
    case RM_FAILOVER_CALLBACKS:
    case RM_FAILOVER_ITEMS:
    case RM_FAILOVER_EVENT_COUNT: break;
    }
    return false;
}

static bool take_event(struct rm_step *step, const struct rm_failover_event *event)
{
    switch (event->kind)
    {
    case RM_FAILOVER_START: return start(step);
    case RM_FAILOVER_STOP: return stop(step);
    case RM_FAILOVER_TICK: return true;
    case RM_FAILOVER_CONNECTED:
    case RM_FAILOVER_CONNECT_FAILED:
    case RM_FAILOVER_PING_ANSWERED:
    case RM_FAILOVER_LINK_LOST:
    case RM_FAILOVER_SHUTDOWN:
    case RM_FAILOVER_READY:
    case RM_FAILOVER_BUSY:
    case RM_FAILOVER_SUSPECT:
    case RM_FAILOVER_CALLBACKS:
    case RM_FAILOVER_ITEMS: return take_link_event(step, event);
    case RM_FAILOVER_VERDICT:
    case RM_FAILOVER_OBSERVABLE:
    case RM_FAILOVER_OPERATOR_MODE:
    case RM_FAILOVER_SWITCH:
    case RM_FAILOVER_AUTOMATIC:
    case RM_FAILOVER_PREFER:
    case RM_FAILOVER_ACKNOWLEDGE:
    case RM_FAILOVER_LINKED:
    case RM_FAILOVER_SETTINGS:
    case RM_FAILOVER_MACHINES: return take_word(step, event);
    case RM_FAILOVER_EVENT_COUNT: break;
    }
    return false;
}

static uint64_t find_deadline(const struct rm_failover *failover)
{
    uint64_t due_ms = RM_NEVER;

    if (rm_failover_is_alive(failover))
    {
        due_ms = rm_failover_return_due(failover);
        if (rm_failover_is_tilted(failover, failover->now_ms))
        {
            due_ms = rm_earlier(due_ms, failover->tilt_until_ms);
        }
        for (unsigned number = 1; number <= failover->settings.machine_count; number++)
        {
            due_ms = rm_earlier(due_ms, rm_failover_connection_due(failover, number));
            due_ms = rm_earlier(due_ms, rm_failover_ping_due(failover, number));
            due_ms = rm_earlier(due_ms, rm_failover_damping_due(failover, number));
        }
    }
    return due_ms;
}

void rm_failover_step(struct rm_failover *failover, const struct rm_failover_event *event,
                      uint64_t now_ms, struct rm_failover_actions *actions)
{
    struct rm_step step = {.failover = failover, .actions = actions};

    actions->count = 0;
    rm_failover_read_clock(&step, now_ms);
    rm_failover_forgive_returns(&step);
    if (!take_event(&step, event))
    {
        failover->ignored++;
    }
    /* The event goes first: an answer that is here counts, however late the clock says it is. */
    if (rm_failover_is_alive(failover))
    {
        rm_failover_tell_starved(&step);
        rm_failover_time_connects_out(&step);
        rm_failover_count_misses(&step);
        rm_failover_judge_wellness(&step);
        rm_failover_judge_damping(&step);
        rm_failover_forget_failures(&step);
        rm_failover_decide(&step);
        rm_failover_judge_damping(&step); /* the promotion may have been one too many */
        rm_failover_end_removed(&step);
        rm_failover_end_silent_standbys(&step);
        rm_failover_open_links(&step);
        rm_failover_send_pings(&step);
    }
    failover->next_ms = find_deadline(failover);
}
