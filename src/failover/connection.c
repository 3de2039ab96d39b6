/* connection.c: links begin and end here, and here only; attempts and when they are repeated. */
#include "internal.h"

#include <assert.h>

#include <rm/code_words.h>

void rm_failover_note_tried(struct rm_step *step, unsigned number)
{
    step->failover->tried = number;
}

static void open_link(struct rm_step *step, unsigned number)
{
    struct rm_failover_machine *machine = rm_step_machine(step, number);

    assert(machine->connection == RM_CONNECTION_DOWN);
    machine->connection = RM_CONNECTION_CONNECTING;
    machine->link = ++step->failover->last_link;
    rm_failover_note_tried(step, number);
    machine->connect_started_ms = step->now_ms;
    machine->retry_at_ms = RM_NEVER;
    rm_failover_order(step, RM_ACTION_CONNECT, number);
}

void rm_failover_try_now(struct rm_step *step, unsigned number)
{
    rm_step_machine(step, number)->retry_at_ms = step->now_ms;
}

void rm_failover_note_start_code(struct rm_step *step)
{
    struct rm_failover *failover = step->failover;
    const struct rm_failover_machine *primary =
        rm_step_machine(step, rm_failover_machine_of_rank(failover, 1));

    if (failover->phase == RM_PHASE_STARTING && primary->has_failed)
    {
        failover->start_code = primary->last_code;
    }
}

void rm_failover_end_link(struct rm_step *step, unsigned number, enum rm_cause cause, uint32_t code)
{
    struct rm_failover *failover = step->failover;
    struct rm_failover_machine *machine = rm_step_machine(step, number);

    assert(machine->connection != RM_CONNECTION_DOWN);
    machine->connection = RM_CONNECTION_DOWN;
    machine->has_failed = true;
    machine->lost_at_ms = step->now_ms;
    machine->last_cause = cause;
    machine->last_code = code;
    machine->retry_at_ms = rm_failover_is_listed(failover, number)
                               ? step->now_ms + failover->settings.reconnect_interval_ms
                               : RM_NEVER;
    rm_failover_clear_health(machine);
    rm_failover_clear_delivery(machine);
    if (failover->sought == number)
    {
        rm_failover_seek(step, 0, RM_CAUSE_NONE);
    }
    rm_failover_note_start_code(step);
    rm_failover_order(step, RM_ACTION_DISCONNECT, number)->cause = cause;
}

/* A driver that has no failure code to report must not make a failed creation look like success. */
static uint32_t failure_code(uint32_t code)
{
    return rm_code_is_failure(code) ? code : RM_CODE_UNAVAILABLE;
}

bool rm_failover_link_up(struct rm_step *step, unsigned number)
{
    struct rm_failover_machine *machine = rm_step_machine(step, number);

    if (machine->connection != RM_CONNECTION_CONNECTING)
    {
        return false;
    }
    machine->connection = RM_CONNECTION_UP;
    machine->has_failed = false;
    rm_failover_note_seen(machine);
    machine->lost_at_ms = RM_NEVER;
    machine->is_failure_told = false;
    machine->is_refusal_told = false;
    machine->refusals = 0;
    machine->ping_due_ms = step->now_ms;
    rm_failover_tell(step, RM_EVENT_CONNECTED, number, 0);
    return true;
}

static void tell_once(struct rm_step *step, bool *is_told, enum rm_event_id event, unsigned number,
                      uint32_t code)
{
    if (!*is_told)
    {
        *is_told = true;
        rm_failover_tell(step, event, number, code);
    }
}

/* The time to the next attempt after so many refusals in a row. */
static uint64_t refusal_delay_ms(const struct rm_failover *failover, uint32_t refusals)
{
    uint64_t delay_ms = failover->settings.reconnect_interval_ms;
    uint64_t most_ms = rm_later(delay_ms, RM_REFUSED_DELAY_MAX_MS);

    while (--refusals > 0 && delay_ms < most_ms)
    {
        delay_ms *= 2;
    }
    return rm_earlier(delay_ms, most_ms);
}

/* While nobody serves, a refusal is a failure like others: all are tried as often as that. */
static void standby_refused(struct rm_step *step, unsigned number, uint32_t code)
{
    struct rm_failover_machine *machine = rm_step_machine(step, number);

    tell_once(step, &machine->is_refusal_told, RM_EVENT_STANDBY_REFUSED, number, code);
    rm_failover_end_link(step, number, RM_CAUSE_REFUSED, code);
    machine->retry_at_ms = step->now_ms + refusal_delay_ms(step->failover, ++machine->refusals);
}

bool rm_failover_connect_failed(struct rm_step *step, unsigned number, uint32_t code,
                                bool is_refused)
{
    struct rm_failover_machine *machine = rm_step_machine(step, number);

    if (machine->connection != RM_CONNECTION_CONNECTING)
    {
        return false;
    }
    code = failure_code(code);
    if (is_refused && step->failover->phase == RM_PHASE_SERVING)
    {
        standby_refused(step, number, code);
        return true;
    }
    machine->refusals = 0;
    if (!machine->is_unobservable)
    {
        tell_once(step, &machine->is_failure_told, RM_EVENT_CONNECT_FAILED, number, code);
    }
    rm_failover_end_link(step, number, RM_CAUSE_CONNECT_FAILED, code);
    return true;
}

void rm_failover_forget_refusals(struct rm_step *step)
{
    for (unsigned number = 1; number <= step->failover->settings.machine_count; number++)
    {
        struct rm_failover_machine *machine = rm_step_machine(step, number);

        if (machine->refusals > 0 && machine->connection == RM_CONNECTION_DOWN)
        {
            machine->has_failed = false;
            machine->retry_at_ms = step->now_ms;
        }
        machine->refusals = 0;
    }
}

bool rm_failover_transport_lost(struct rm_step *step, unsigned number, uint32_t code)
{
    switch (rm_step_machine(step, number)->connection)
    {
    case RM_CONNECTION_CONNECTING: return rm_failover_connect_failed(step, number, code, false);
    case RM_CONNECTION_UP:
        code = failure_code(code);
        rm_failover_tell(step, RM_EVENT_STATUS_LOST, number, code);
        rm_failover_end_link(step, number, RM_CAUSE_TRANSPORT, code);
        return true;
    case RM_CONNECTION_DOWN:
    case RM_CONNECTION_COUNT: break;
    }
    return false;
}

bool rm_failover_shutdown_received(struct rm_step *step, unsigned number, uint32_t code)
{
    if (rm_step_machine(step, number)->connection == RM_CONNECTION_DOWN)
    {
        return false;
    }
    rm_failover_tell(step, RM_EVENT_SHUTDOWN_RECEIVED, number, 0);
    rm_failover_end_link(step, number, RM_CAUSE_SHUTDOWN, failure_code(code));
    return true;
}

void rm_failover_time_connects_out(struct rm_step *step)
{
    const struct rm_failover_settings *settings = &step->failover->settings;

    for (unsigned number = 1; number <= settings->machine_count; number++)
    {
        const struct rm_failover_machine *machine = rm_step_machine(step, number);

        if (machine->connection == RM_CONNECTION_CONNECTING &&
            step->now_ms >= machine->connect_started_ms + settings->connect_timeout_ms)
        {
            rm_failover_connect_failed(step, number, RM_CODE_TIMEOUT, false);
        }
    }
}

void rm_failover_seek(struct rm_step *step, unsigned number, enum rm_cause cause)
{
    step->failover->sought = number;
    step->failover->sought_cause = cause;
    if (number)
    {
        rm_step_machine(step, number)->retry_at_ms = step->now_ms;
    }
}

void rm_failover_note_spent(struct rm_step *step, unsigned number)
{
    rm_step_machine(step, number)->is_spent = true;
}

void rm_failover_forget_failures(struct rm_step *step)
{
    const struct rm_failover *failover = step->failover;

    if (failover->settings.mode != RM_MODE_COLD || failover->phase != RM_PHASE_SERVING ||
        rm_step_machine(step, failover->active)->well_since_ms > step->now_ms ||
        rm_failover_fault(failover, failover->active) != RM_CAUSE_NONE)
    {
        return;
    }
    for (unsigned number = 1; number <= failover->settings.machine_count; number++)
    {
        rm_step_machine(step, number)->has_failed = false;
        rm_step_machine(step, number)->is_spent = false;
    }
}

/* Cold mode: a machine in maintenance, or in error by its monitor test, is tried only when each
 * other one has failed. */
static bool may_be_tried(const struct rm_failover *failover, unsigned number)
{
    if (!rm_failover_is_listed(failover, number))
    {
        return false;
    }
    if (rm_failover_fault(failover, number) == RM_CAUSE_NONE)
    {
        return true;
    }
    for (unsigned other = 1; other <= failover->settings.machine_count; other++)
    {
        if (rm_failover_fault(failover, other) == RM_CAUSE_NONE &&
            !failover->machines[other - 1].has_failed)
        {
            return false;
        }
    }
    return true;
}

/* Cold mode: the machine whose turn it is, or 0 while one is connected or being connected. The
 * order goes round. */
static unsigned machine_in_turn(const struct rm_failover *failover)
{
    unsigned count = failover->settings.machine_count;
    unsigned last = failover->tried ? rm_failover_place_of(failover, failover->tried) : 0;

    for (unsigned i = 0; i < count; i++)
    {
        if (failover->machines[i].connection != RM_CONNECTION_DOWN)
        {
            return 0;
        }
    }
    if (failover->sought)
    {
        return failover->sought;
    }
    for (unsigned i = 0; i < count; i++)
    {
        unsigned number = rm_failover_machine_at(failover, (last + i) % count + 1);

        if (may_be_tried(failover, number))
        {
            return number;
        }
    }
    return 0;
}

/* CX-24: all of them went at about the same time, none of them by itself. */
bool rm_failover_is_network_lost(const struct rm_failover *failover)
{
    const struct rm_failover_settings *settings = &failover->settings;
    uint64_t first_ms = RM_NEVER;
    uint64_t last_ms = 0;

    for (unsigned i = 0; i < settings->machine_count; i++)
    {
        const struct rm_failover_machine *machine = &failover->machines[i];

        if (machine->rank == 0)
        {
            continue;
        }
        if (machine->last_cause != RM_CAUSE_PING_TIMEOUT &&
            machine->last_cause != RM_CAUSE_TRANSPORT)
        {
            return false;
        }
        first_ms = rm_earlier(first_ms, machine->lost_at_ms);
        last_ms = rm_later(last_ms, machine->lost_at_ms);
    }
    return settings->is_all_remote &&
           last_ms - first_ms <=
               (uint64_t)settings->fall * settings->ping_interval_ms + settings->ping_timeout_ms;
}

/* Warm and hot mode keep a link to each machine; cold mode opens one when there is none. */
static bool is_wanted(const struct rm_failover *failover, unsigned number)
{
    if (!rm_failover_is_alive(failover) || !rm_failover_is_listed(failover, number))
    {
        return false;
    }
    switch (failover->settings.mode)
    {
    case RM_MODE_COLD: return machine_in_turn(failover) == number;
    case RM_MODE_WARM:
    case RM_MODE_HOT: return true;
    case RM_MODE_COUNT: break;
    }
    return false;
}

void rm_failover_open_links(struct rm_step *step)
{
    for (unsigned number = 1; number <= step->failover->settings.machine_count; number++)
    {
        const struct rm_failover_machine *machine = rm_step_machine(step, number);

        if (machine->connection == RM_CONNECTION_DOWN && machine->retry_at_ms <= step->now_ms &&
            is_wanted(step->failover, number))
        {
            open_link(step, number);
        }
    }
}

uint64_t rm_failover_connection_due(const struct rm_failover *failover, unsigned number)
{
    const struct rm_failover_machine *machine = &failover->machines[number - 1];

    switch (machine->connection)
    {
    case RM_CONNECTION_CONNECTING:
        return machine->connect_started_ms + failover->settings.connect_timeout_ms;
    case RM_CONNECTION_DOWN: return is_wanted(failover, number) ? machine->retry_at_ms : RM_NEVER;
    case RM_CONNECTION_UP:
    case RM_CONNECTION_COUNT: break;
    }
    return RM_NEVER;
}
