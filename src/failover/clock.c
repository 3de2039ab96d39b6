/* clock.c: a clock that jumped, or a step that came far too late: nothing that was to be judged by
 * time meanwhile can be, so all such decisions wait for one more check (as TILT in Redis Sentinel).
 */
#include "internal.h"

#include <limits.h>

/* A driver's threads may read the clock in one order and get here in another. */
#define CLOCK_SLACK_MS 1000u

/* The event is not repeated within this time. */
#define STARVED_TELL_MS 600000u

bool rm_failover_is_tilted(const struct rm_failover *failover, uint64_t now_ms)
{
    return now_ms < failover->tilt_until_ms;
}

static void set_back(uint64_t *time_ms, uint64_t by_ms)
{
    if (*time_ms != RM_NEVER)
    {
        *time_ms = *time_ms > by_ms ? *time_ms - by_ms : 0;
    }
}

static void set_machine_back(struct rm_failover_machine *machine, uint64_t by_ms)
{
    set_back(&machine->connect_started_ms, by_ms);
    set_back(&machine->retry_at_ms, by_ms);
    set_back(&machine->ping_due_ms, by_ms);
    set_back(&machine->ping_sent_ms, by_ms);
    set_back(&machine->miss_due_ms, by_ms);
    set_back(&machine->well_since_ms, by_ms);
    set_back(&machine->lost_at_ms, by_ms);
}

/* All times keep their distance from now. */
static void set_all_back(struct rm_failover *failover, uint64_t by_ms)
{
    for (unsigned i = 0; i < RM_MACHINE_NUMBERS; i++)
    {
        set_machine_back(&failover->machines[i], by_ms);
    }
    for (unsigned i = 0; i < RM_FAILOVER_HISTORY; i++)
    {
        set_back(&failover->history[i].at_ms, by_ms);
    }
    set_back(&failover->returned_at_ms, by_ms);
    set_back(&failover->promoted_at_ms, by_ms);
    set_back(&failover->tilt_until_ms, by_ms);
    set_back(&failover->starved_told_ms, by_ms);
    set_back(&failover->next_ms, by_ms);
    set_back(&failover->now_ms, by_ms);
}

/* One more check: a ping that is out has another timeout, an attempt at least that long, and who
 * was well has to be so from then on. */
static void postpone(struct rm_step *step)
{
    struct rm_failover *failover = step->failover;
    const struct rm_failover_settings *settings = &failover->settings;
    uint64_t until_ms = step->now_ms + settings->ping_timeout_ms;

    failover->tilt_until_ms = until_ms;
    for (unsigned number = 1; number <= settings->machine_count; number++)
    {
        struct rm_failover_machine *machine = rm_step_machine(step, number);

        if (machine->ping_sent_ms != RM_NEVER)
        {
            machine->miss_due_ms = rm_later(machine->miss_due_ms, until_ms);
        }
        if (until_ms > settings->connect_timeout_ms)
        {
            machine->connect_started_ms =
                rm_later(machine->connect_started_ms, until_ms - settings->connect_timeout_ms);
        }
        if (machine->well_since_ms != RM_NEVER)
        {
            machine->well_since_ms = until_ms;
        }
    }
}

void rm_failover_note_timeout(struct rm_step *step)
{
    struct rm_failover *failover = step->failover;

    failover->tilt_until_ms =
        rm_earlier(failover->tilt_until_ms, step->now_ms + failover->settings.ping_timeout_ms);
}

void rm_failover_tell_starved(struct rm_step *step)
{
    struct rm_failover *failover = step->failover;

    if (step->late_ms == 0)
    {
        return;
    }
    if (failover->starved_told_ms == RM_NEVER ||
        step->now_ms - failover->starved_told_ms >= STARVED_TELL_MS)
    {
        failover->starved_told_ms = step->now_ms;
        rm_failover_tell(step, RM_EVENT_STARVED, 0,
                         (uint32_t)rm_earlier(step->late_ms, UINT32_MAX));
    }
}

void rm_failover_read_clock(struct rm_step *step, uint64_t given_ms)
{
    struct rm_failover *failover = step->failover;
    uint64_t patience_ms =
        (uint64_t)failover->settings.ping_interval_ms + failover->settings.ping_timeout_ms;
    uint64_t late_ms = 0;

    if (given_ms < failover->now_ms && failover->now_ms - given_ms > CLOCK_SLACK_MS)
    {
        late_ms = failover->now_ms - given_ms;
        set_all_back(failover, late_ms);
    }
    else if (failover->next_ms != RM_NEVER && given_ms > failover->next_ms &&
             given_ms - failover->next_ms > patience_ms)
    {
        late_ms = given_ms - failover->next_ms;
    }
    step->now_ms = failover->now_ms = rm_later(failover->now_ms, given_ms);
    if (late_ms > 0 && rm_failover_is_alive(failover))
    {
        step->late_ms = late_ms;
        postpone(step);
    }
}
