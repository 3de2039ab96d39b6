/* ping.c: health of the links that are up: pings, answers, misses, and who is well (F-02). */
#include "internal.h"

#include <limits.h>

#include <rm/code_words.h>

void rm_failover_clear_health(struct rm_failover_machine *machine)
{
    machine->health = 0;
    machine->is_running = false;
    machine->status_code = 0;
    machine->stalls = 0;
    machine->is_busy = false;
    machine->ping_due_ms = RM_NEVER;
    machine->ping_sent_ms = RM_NEVER;
    machine->miss_due_ms = RM_NEVER;
    machine->well_since_ms = RM_NEVER;
}

/* The latest moment up to which a long call excuses the ping that is out. */
static uint64_t excused_until(const struct rm_failover *failover,
                              const struct rm_failover_machine *machine)
{
    const struct rm_failover_settings *settings = &failover->settings;

    return machine->ping_sent_ms + rm_later(settings->ping_timeout_ms, settings->busy_grace_ms);
}

static uint64_t miss_due(const struct rm_failover *failover,
                         const struct rm_failover_machine *machine)
{
    return machine->is_busy ? rm_later(machine->miss_due_ms, excused_until(failover, machine))
                            : machine->miss_due_ms;
}

/* A server state other than RUNNING is soft evidence: it counts when it was said `fall` times. */
static void count_stall(struct rm_step *step, unsigned number)
{
    struct rm_failover_machine *machine = rm_step_machine(step, number);
    uint32_t fall = step->failover->settings.fall;

    if (machine->is_running)
    {
        machine->stalls = 0;
    }
    else if (machine->stalls < fall && ++machine->stalls == fall)
    {
        rm_failover_tell(step,
                         machine->status_code ? RM_EVENT_STATUS_REFUSED : RM_EVENT_NOT_RUNNING,
                         number, machine->status_code);
    }
}

bool rm_machine_is_stalled(const struct rm_failover *failover,
                           const struct rm_failover_machine *machine)
{
    return !machine->is_unobservable && machine->stalls >= failover->settings.fall;
}

bool rm_failover_ping_answered(struct rm_step *step, unsigned number, bool is_running,
                               uint32_t code)
{
    struct rm_failover_machine *machine = rm_step_machine(step, number);

    if (!rm_machine_is_up(machine) || machine->ping_sent_ms == RM_NEVER)
    {
        return false;
    }
    machine->ping_sent_ms = RM_NEVER;
    machine->miss_due_ms = RM_NEVER;
    machine->is_running = is_running;
    machine->status_code = rm_code_is_failure(code) ? code : 0;
    rm_failover_note_seen(machine);
    count_stall(step, number);
    if (machine->health < INT_MAX)
    {
        machine->health = machine->health > 0 ? machine->health + 1 : 1;
    }
    return true;
}

/* When the long call comes back, the server can answer again: the ping that waited behind it gets
 * one timeout from then on, but never more than the call had excused. */
bool rm_failover_set_busy(struct rm_step *step, unsigned number, bool is_busy)
{
    const struct rm_failover *failover = step->failover;
    struct rm_failover_machine *machine = rm_step_machine(step, number);

    if (!rm_machine_is_up(machine))
    {
        return false;
    }
    if (machine->is_busy && !is_busy && machine->ping_sent_ms != RM_NEVER)
    {
        uint64_t fresh_ms = step->now_ms + failover->settings.ping_timeout_ms;

        machine->miss_due_ms =
            rm_later(machine->miss_due_ms, rm_earlier(fresh_ms, excused_until(failover, machine)));
    }
    machine->is_busy = is_busy;
    return true;
}

bool rm_failover_suspect(struct rm_step *step, unsigned number)
{
    struct rm_failover_machine *machine = rm_step_machine(step, number);

    if (!rm_machine_is_up(machine))
    {
        return false;
    }
    if (machine->ping_sent_ms == RM_NEVER)
    {
        machine->ping_due_ms = step->now_ms;
    }
    return true;
}

/* However late the step comes, it counts one miss. Where the machine can't be observed, silence
 * says nothing of it. */
void rm_failover_count_misses(struct rm_step *step)
{
    const struct rm_failover *failover = step->failover;

    for (unsigned number = 1; number <= failover->settings.machine_count; number++)
    {
        struct rm_failover_machine *machine = rm_step_machine(step, number);

        if (!rm_machine_is_up(machine) || machine->ping_sent_ms == RM_NEVER ||
            step->now_ms < miss_due(failover, machine))
        {
            continue;
        }
        machine->miss_due_ms = step->now_ms + failover->settings.ping_interval_ms;
        if (machine->is_unobservable)
        {
            continue;
        }
        machine->health = machine->health < 0 ? machine->health - 1 : -1;
        if ((uint32_t)-machine->health >= failover->settings.fall)
        {
            rm_failover_tell(step, RM_EVENT_STATUS_LOST, number, RM_CODE_TIMEOUT);
            rm_failover_end_link(step, number, RM_CAUSE_PING_TIMEOUT, RM_CODE_TIMEOUT);
        }
    }
}

/* F-02. What an operator forces needs no monitor's word. */
static bool is_well(const struct rm_failover *failover, const struct rm_failover_machine *machine)
{
    bool is_forced = machine->mode == RM_OPERATOR_FORCED;

    return rm_machine_is_up(machine) && machine->is_running &&
           rm_machine_is_set_up(failover, machine) &&
           machine->health >= (int)failover->settings.rise &&
           (is_forced ||
            (!machine->is_unobservable && rm_machine_verdict(machine) != RM_VERDICT_BAD &&
             !rm_machine_is_silent(failover, machine)));
}

void rm_failover_judge_wellness(struct rm_step *step)
{

    for (unsigned number = 1; number <= step->failover->settings.machine_count; number++)
    {
        struct rm_failover_machine *machine = rm_step_machine(step, number);

        if (!is_well(step->failover, machine))
        {
            machine->well_since_ms = RM_NEVER;
        }
        else if (machine->well_since_ms == RM_NEVER)
        {
            machine->well_since_ms = step->now_ms;
        }
    }
}

static bool is_ping_due(const struct rm_step *step, const struct rm_failover_machine *machine)
{
    return rm_machine_is_up(machine) && machine->ping_sent_ms == RM_NEVER &&
           machine->ping_due_ms <= step->now_ms;
}

/* Where only the network can be between us and all machines (CX-24), a standby is asked whenever
 * the active one is: then the same silence is seen on both at the same moment, and nobody is
 * promoted who can't be reached either. */
static bool are_all_asked(const struct rm_step *step)
{
    const struct rm_failover *failover = step->failover;

    return failover->settings.is_all_remote && failover->active != 0 &&
           is_ping_due(step, rm_step_machine(step, failover->active));
}

void rm_failover_send_pings(struct rm_step *step)
{
    const struct rm_failover_settings *settings = &step->failover->settings;
    bool do_ask_all = are_all_asked(step);

    for (unsigned number = 1; number <= settings->machine_count; number++)
    {
        struct rm_failover_machine *machine = rm_step_machine(step, number);

        if (is_ping_due(step, machine) ||
            (do_ask_all && rm_machine_is_up(machine) && machine->ping_sent_ms == RM_NEVER))
        {
            machine->ping_sent_ms = step->now_ms;
            machine->ping_due_ms = step->now_ms + settings->ping_interval_ms;
            machine->miss_due_ms = step->now_ms + settings->ping_timeout_ms;
            rm_failover_order(step, RM_ACTION_PING, number);
        }
    }
}

uint64_t rm_failover_ping_due(const struct rm_failover *failover, unsigned number)
{
    const struct rm_failover_machine *machine = &failover->machines[number - 1];

    if (machine->connection != RM_CONNECTION_UP)
    {
        return RM_NEVER;
    }
    return machine->ping_sent_ms == RM_NEVER ? machine->ping_due_ms : miss_due(failover, machine);
}
