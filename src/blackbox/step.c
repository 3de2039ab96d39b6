/* step.c: what a step of the state machine says: the fact that went in, what became of the
 * machines, the orders that came out. */
#include "internal.h"

#include <string.h>

/* The facts that are worth a record; the others come all the time. */
static bool is_news(const struct rm_blackbox_seen *seen, const struct rm_failover_event *event)
{
    switch (event->kind)
    {
    case RM_FAILOVER_PING_ANSWERED:
        return seen->health < 0 || event->code != seen->last_code ||
               event->is_running != seen->was_running;
    case RM_FAILOVER_START:
    case RM_FAILOVER_STOP:
    case RM_FAILOVER_CONNECTED:
    case RM_FAILOVER_CONNECT_FAILED:
    case RM_FAILOVER_LINK_LOST:
    case RM_FAILOVER_SHUTDOWN:
    case RM_FAILOVER_READY:
    case RM_FAILOVER_SUSPECT:
    case RM_FAILOVER_CALLBACKS:
    case RM_FAILOVER_ITEMS:
    case RM_FAILOVER_VERDICT:
    case RM_FAILOVER_OBSERVABLE:
    case RM_FAILOVER_OPERATOR_MODE:
    case RM_FAILOVER_SWITCH:
    case RM_FAILOVER_AUTOMATIC:
    case RM_FAILOVER_PREFER:
    case RM_FAILOVER_ACKNOWLEDGE:
    case RM_FAILOVER_LINKED:
    case RM_FAILOVER_SETTINGS:
    case RM_FAILOVER_MACHINES: return true;
    case RM_FAILOVER_BUSY: /* with each long call; counted by the second */
    case RM_FAILOVER_TICK:
    case RM_FAILOVER_EVENT_COUNT: break;
    }
    return false;
}

/* The one number or word that goes with a fact. */
static uint32_t value_of(const struct rm_failover_event *event)
{
    switch (event->kind)
    {
    case RM_FAILOVER_PING_ANSWERED: return event->is_running;
    case RM_FAILOVER_CONNECT_FAILED: return event->is_refused;
    case RM_FAILOVER_CALLBACKS: return event->is_silent;
    case RM_FAILOVER_ITEMS: return event->percent;
    case RM_FAILOVER_VERDICT: return (uint32_t)event->verdict;
    case RM_FAILOVER_OBSERVABLE: return event->is_unobservable;
    case RM_FAILOVER_OPERATOR_MODE: return (uint32_t)event->mode;
    case RM_FAILOVER_SWITCH: return event->is_forced;
    case RM_FAILOVER_SUSPECT: return (uint32_t)event->suspicion;
    case RM_FAILOVER_START:
    case RM_FAILOVER_STOP:
    case RM_FAILOVER_TICK:
    case RM_FAILOVER_CONNECTED:
    case RM_FAILOVER_LINK_LOST:
    case RM_FAILOVER_SHUTDOWN:
    case RM_FAILOVER_READY:
    case RM_FAILOVER_BUSY:
    case RM_FAILOVER_AUTOMATIC:
    case RM_FAILOVER_PREFER:
    case RM_FAILOVER_ACKNOWLEDGE:
    case RM_FAILOVER_LINKED:
    case RM_FAILOVER_SETTINGS:
    case RM_FAILOVER_MACHINES:
    case RM_FAILOVER_EVENT_COUNT: break;
    }
    return 0;
}

static void take_answer(struct rm_blackbox *box, const struct rm_failover_event *event)
{
    struct rm_blackbox_seen *seen = &box->seen[event->machine];
    struct rm_blackbox_traffic *traffic = &box->present.machines[event->machine - 1];

    if (!seen->ping_sent_ms || event->link != seen->link)
    {
        return; /* late, from a link that has ended */
    }
    if (box->now_ms - seen->ping_sent_ms > traffic->slowest_ping_ms)
    {
        traffic->slowest_ping_ms = (uint32_t)(box->now_ms - seen->ping_sent_ms);
    }
    traffic->pings_answered++;
    seen->answered_ms = box->now_ms;
    seen->last_code = event->code;
    seen->was_running = event->is_running;
}

static void take_event(struct rm_blackbox *box, const struct rm_failover_event *event)
{
    struct rm_blackbox_record record = {.kind = RM_BLACKBOX_FACT,
                                        .fact = event->kind,
                                        .machine = event->machine,
                                        .link = event->link,
                                        .code = event->code,
                                        .value = value_of(event)};

    if (event->machine > box->machine_count)
    {
        return;
    }
    if (is_news(&box->seen[event->machine], event))
    {
        rm_blackbox_record(box, &record, NULL);
    }
    if (event->kind == RM_FAILOVER_PING_ANSWERED && event->machine)
    {
        take_answer(box, event);
    }
}

/* Before the orders: a link that they end has cleared what was known of its pings. */
static void take_misses(struct rm_blackbox *box, const struct rm_failover *failover)
{
    for (unsigned number = 1; number <= box->machine_count; number++)
    {
        struct rm_blackbox_seen *seen = &box->seen[number];
        const struct rm_failover_machine *machine = &failover->machines[number - 1];
        bool is_ended = machine->connection != RM_CONNECTION_UP &&
                        machine->last_cause == RM_CAUSE_PING_TIMEOUT &&
                        seen->connection == RM_CONNECTION_UP;
        int missed = seen->health < 0 ? -seen->health : 0;

        if (is_ended)
        {
            missed++;
        }
        else if (machine->health < 0 && machine->health < seen->health)
        {
            missed = -machine->health;
        }
        else
        {
            continue;
        }
        seen->missed = (uint32_t)missed;
        rm_blackbox_record(
            box,
            &(struct rm_blackbox_record){
                .kind = RM_BLACKBOX_PING_MISSED,
                .machine = number,
                .link = seen->link,
                .value = (uint32_t)missed,
                .shift_ms = seen->ping_sent_ms ? (int64_t)(box->now_ms - seen->ping_sent_ms) : 0},
            NULL);
    }
}

static void take_promotion(struct rm_blackbox *box, const struct rm_failover_action *action)
{
    struct rm_blackbox_promotion *promotion;
    const struct rm_blackbox_seen *seen;

    if (box->last_active == action->machine && box->active == action->machine)
    {
        return;
    }
    promotion = &box->promotions[box->promotion_count % RM_BLACKBOX_PROMOTIONS];
    seen = &box->seen[box->last_active];
    *promotion = (struct rm_blackbox_promotion){.at_ms = box->now_ms,
                                                .from = box->last_active,
                                                .to = action->machine,
                                                .cause = action->cause,
                                                .generation = action->generation};
    if (box->last_active)
    {
        promotion->answered_ms = seen->answered_ms;
        promotion->missed = seen->missed;
        promotion->answer_code = seen->last_code;
        promotion->ping_sent_ms = seen->lost_sent_ms;
        if (seen->lost_at_ms)
        {
            promotion->lost_at_ms = seen->lost_at_ms;
            promotion->lost_cause = seen->lost_cause;
            promotion->lost_code = seen->lost_code;
        }
    }
    box->promotion_count++;
    if (promotion->from)
    {
        rm_blackbox_want_report(box);
    }
    else
    {
        box->promotions_reported = box->promotion_count;
    }
    box->last_active = action->machine ? action->machine : box->last_active;
}

static void end_link(struct rm_blackbox *box, const struct rm_failover *failover,
                     const struct rm_failover_event *event, const struct rm_failover_action *action)
{
    struct rm_blackbox_seen *seen = &box->seen[action->machine];
    bool is_told = event->kind == RM_FAILOVER_CONNECT_FAILED && event->machine == action->machine;

    if (seen->connection == RM_CONNECTION_UP)
    {
        seen->lost_at_ms = box->now_ms;
        seen->lost_sent_ms = seen->ping_sent_ms;
        seen->lost_cause = action->cause;
        seen->lost_code = failover->machines[action->machine - 1].last_code;
    }
    if (is_told)
    {
        return; /* a machine that is tried again and again is one record */
    }
    rm_blackbox_record(
        box,
        &(struct rm_blackbox_record){.kind = RM_BLACKBOX_LINK_ENDED,
                                     .machine = action->machine,
                                     .link = action->link,
                                     .cause = action->cause,
                                     .code = failover->machines[action->machine - 1].last_code},
        NULL);
}

static void take_action(struct rm_blackbox *box, const struct rm_failover *failover,
                        const struct rm_failover_event *event,
                        const struct rm_failover_action *action)
{
    struct rm_blackbox_record record = {
        .machine = action->machine, .link = action->link, .cause = action->cause};

    switch (action->kind)
    {
    case RM_ACTION_CONNECT: return;
    case RM_ACTION_PING: box->present.machines[action->machine - 1].pings_sent++; return;
    case RM_ACTION_DISCONNECT: end_link(box, failover, event, action); return;
    case RM_ACTION_PROMOTE:
        record.kind = RM_BLACKBOX_PROMOTED;
        record.value = action->generation;
        take_promotion(box, action);
        break;
    case RM_ACTION_ALL_LOST:
        record.kind = RM_BLACKBOX_ALL_LOST;
        take_promotion(box, action);
        break;
    case RM_ACTION_REFUSE:
        record.kind = RM_BLACKBOX_REFUSED;
        record.value = (uint32_t)action->refusal;
        break;
    case RM_ACTION_HOLD_WRITES:
    case RM_ACTION_RELEASE_WRITES:
        record.kind = RM_BLACKBOX_WRITES_HELD;
        record.value = action->kind == RM_ACTION_HOLD_WRITES;
        break;
    case RM_ACTION_FAIL:          /* the client is told; the phase says it */
    case RM_ACTION_EVENT:         /* comes by rm_blackbox_event */
    case RM_ACTION_TELL_PARTNERS: /* what every promotion of a linked one does */
    case RM_ACTION_COUNT: return;
    }
    rm_blackbox_record(box, &record, NULL);
}

static void look_at_machines(struct rm_blackbox *box, const struct rm_failover *failover)
{
    for (unsigned number = 1; number <= box->machine_count; number++)
    {
        struct rm_blackbox_seen *seen = &box->seen[number];
        const struct rm_failover_machine *machine = &failover->machines[number - 1];

        if (machine->connection == RM_CONNECTION_UP && seen->connection != RM_CONNECTION_UP)
        {
            seen->lost_at_ms = seen->lost_sent_ms = seen->answered_ms = 0;
            seen->missed = 0;
            seen->was_running = true;
            seen->last_code = 0;
        }
        seen->connection = machine->connection;
        seen->health = machine->health;
        seen->link = machine->link;
        box->present.machines[number - 1].was_busy |= machine->is_busy;
        seen->ping_sent_ms = machine->ping_sent_ms == RM_NEVER ? 0 : machine->ping_sent_ms;
        if (machine->health > 0)
        {
            seen->missed = 0;
        }
    }
}

void rm_blackbox_step(struct rm_blackbox *box, const struct rm_failover *failover,
                      const struct rm_failover_event *event,
                      const struct rm_failover_actions *actions)
{
    box->now_ms = failover->now_ms;
    box->machine_count = failover->settings.machine_count;
    take_event(box, event);
    take_misses(box, failover);
    for (unsigned i = 0; i < actions->count; i++)
    {
        take_action(box, failover, event, &actions->items[i]);
    }
    if (failover->phase != box->phase)
    {
        box->phase = failover->phase;
        rm_blackbox_record(box,
                           &(struct rm_blackbox_record){.kind = RM_BLACKBOX_PHASE,
                                                        .value = (uint32_t)failover->phase},
                           NULL);
    }
    box->active = failover->active;
    look_at_machines(box, failover);
}
