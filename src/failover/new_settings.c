/* new_settings.c: settings that change while the machine runs (RM-230): what has begun is changed
 * as little as can be. The only writer of settings after the beginning. */
#include "internal.h"

/* When a time that is shortened ends at the latest: not in the past, for nothing was late yet, nor
 * while decisions are postponed. */
static uint64_t shortened(const struct rm_step *step, uint64_t due_ms, uint32_t whole_ms)
{
    return rm_earlier(due_ms, rm_later(step->now_ms + whole_ms, step->failover->tilt_until_ms));
}

/* A time that runs while its setting changes: a longer one adds the difference. */
static uint64_t retimed(const struct rm_step *step, uint64_t due_ms, uint32_t before_ms,
                        uint32_t after_ms)
{
    if (due_ms == RM_NEVER)
    {
        return RM_NEVER;
    }
    return after_ms < before_ms ? shortened(step, due_ms, after_ms)
                                : due_ms + (after_ms - before_ms);
}

/* What had counted `fall` times goes on counting, without being told again; what had not needs one
 * more fact. */
static uint32_t recounted(uint32_t count, uint32_t fall_before, uint32_t fall_after)
{
    return count >= fall_before ? fall_after : (uint32_t)rm_earlier(count, fall_after - 1);
}

static uint64_t excuse_ms(const struct rm_failover_settings *settings)
{
    return rm_later(settings->ping_timeout_ms, settings->busy_grace_ms);
}

static void retime_ping(const struct rm_step *step, struct rm_failover_machine *machine,
                        const struct rm_failover_settings *before)
{
    const struct rm_failover_settings *after = &step->failover->settings;
    bool was_missed = machine->health < 0;

    machine->ping_due_ms =
        retimed(step, machine->ping_due_ms, before->ping_interval_ms, after->ping_interval_ms);
    if (machine->ping_sent_ms == RM_NEVER)
    {
        return;
    }
    machine->miss_due_ms =
        was_missed
            ? retimed(step, machine->miss_due_ms, before->ping_interval_ms, after->ping_interval_ms)
            : retimed(step, machine->miss_due_ms, before->ping_timeout_ms, after->ping_timeout_ms);
    if (machine->is_busy && excuse_ms(after) < excuse_ms(before))
    {
        /* As when the long call ends: one timeout from now, but no more than it had. */
        machine->miss_due_ms = rm_later(
            machine->miss_due_ms,
            shortened(step, machine->ping_sent_ms + excuse_ms(before), after->ping_timeout_ms));
    }
}

static void retime_connection(const struct rm_step *step, struct rm_failover_machine *machine,
                              const struct rm_failover_settings *before)
{
    const struct rm_failover_settings *after = &step->failover->settings;

    machine->retry_at_ms = retimed(step, machine->retry_at_ms, before->reconnect_interval_ms,
                                   after->reconnect_interval_ms);
    if (machine->connection == RM_CONNECTION_CONNECTING)
    {
        machine->connect_started_ms =
            retimed(step, machine->connect_started_ms + before->connect_timeout_ms,
                    before->connect_timeout_ms, after->connect_timeout_ms) -
            after->connect_timeout_ms;
    }
}

static void change_machine(const struct rm_step *step, unsigned number,
                           const struct rm_failover_settings *before)
{
    struct rm_failover_machine *machine = rm_step_machine(step, number);
    uint32_t fall = step->failover->settings.fall;

    retime_connection(step, machine, before);
    if (rm_machine_is_up(machine))
    {
        retime_ping(step, machine, before);
    }
    machine->stalls = recounted(machine->stalls, before->fall, fall);
    machine->silences = recounted(machine->silences, before->fall, fall);
}

/* The link that cold mode goes on with: the active one; else one that is UP, or is tried already.
 */
static unsigned find_kept(const struct rm_step *step)
{
    const struct rm_failover *failover = step->failover;
    unsigned kept = failover->active ? failover->active : rm_failover_find_best(step);

    for (unsigned place = 1; !kept && place <= failover->settings.machine_count; place++)
    {
        unsigned number = rm_failover_machine_at(failover, place);

        if (rm_step_machine(step, number)->connection == RM_CONNECTION_CONNECTING)
        {
            kept = number;
        }
    }
    return kept;
}

/* It can be tried at once when its turn comes. One that is UP and not fit is known to be no help
 * against a fault of the active one. */
static void release(struct rm_step *step, unsigned number)
{
    struct rm_failover_machine *machine = rm_step_machine(step, number);
    bool is_up = rm_machine_is_up(machine);
    bool has_failed = machine->has_failed ||
                      (is_up && rm_failover_objection(step->failover, number) != RM_REFUSAL_NONE);

    if (is_up)
    {
        rm_failover_tell(step, RM_EVENT_DISCONNECTED, number, 0);
    }
    rm_failover_end_link(step, number, RM_CAUSE_SETTINGS, 0);
    machine->has_failed = has_failed;
    machine->retry_at_ms = step->now_ms;
}

/* Where the partners are that could not be followed yet, cold mode would go at once, by ending the
 * link that works: nobody has asked for that. */
static void become_cold(struct rm_step *step)
{
    unsigned kept = find_kept(step);

    rm_failover_forget_partners(step);
    rm_failover_note_tried(step, kept ? kept : step->failover->tried);
    for (unsigned number = 1; number <= step->failover->settings.machine_count; number++)
    {
        if (number != kept && rm_step_machine(step, number)->connection != RM_CONNECTION_DOWN)
        {
            release(step, number);
        }
    }
}

static void end_cold(struct rm_step *step)
{
    rm_failover_seek(step, 0, RM_CAUSE_NONE);
    for (unsigned number = 1; number <= step->failover->settings.machine_count; number++)
    {
        struct rm_failover_machine *machine = rm_step_machine(step, number);

        machine->is_spent = false;
        if (machine->connection == RM_CONNECTION_DOWN && machine->rank != 0)
        {
            machine->retry_at_ms = step->now_ms;
        }
    }
}

static void change_whole(struct rm_step *step, const struct rm_failover_settings *before)
{
    struct rm_failover *failover = step->failover;
    const struct rm_failover_settings *after = &failover->settings;

    if (after->return_delay_ms != before->return_delay_ms)
    {
        failover->return_delay_ms = after->return_delay_ms;
    }
    if (before->is_linked && !after->is_linked)
    {
        rm_failover_forget_partners(step);
        rm_failover_note_following(step, RM_CAUSE_NONE);
    }
    if (after->mode == RM_MODE_COLD && before->mode != RM_MODE_COLD)
    {
        become_cold(step);
    }
    if (after->mode != RM_MODE_COLD && before->mode == RM_MODE_COLD)
    {
        end_cold(step);
    }
}

bool rm_failover_change_settings(struct rm_step *step, const struct rm_failover_settings *settings)
{
    struct rm_failover *failover = step->failover;
    const struct rm_failover_settings before = failover->settings;
    bool were_writes_held = rm_failover_holds_writes(failover);

    if (!rm_failover_is_alive(failover) || settings->machine_count != before.machine_count)
    {
        return false;
    }
    failover->settings = *settings;
    rm_failover_note_timeout(step);
    for (unsigned number = 1; number <= settings->machine_count; number++)
    {
        change_machine(step, number, &before);
    }
    rm_failover_note_acknowledge_policy(step, were_writes_held);
    change_whole(step, &before);
    return true;
}
