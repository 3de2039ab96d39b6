#include "service_link/kept_events.h"

#include "module/memory.h"

struct kept
{
    struct kept *next;
    struct rm_wire_event event;
};

static SRWLOCK lock = SRWLOCK_INIT; /* protects everything below */
static struct kept *first, **last = &first;
static unsigned count, lost;
static struct rm_wire_event last_lost;

static struct kept *take_first(void)
{
    struct kept *kept = first;

    first = kept->next;
    if (!first)
        last = &first;
    count--;
    return kept;
}

static void lose(const struct rm_wire_event *event)
{
    last_lost = *event;
    lost++;
}

void rm_kept_events_add(const struct rm_wire_event *event)
{
    struct kept *kept = rm_alloc_zero(1, sizeof(*kept));
    struct kept *oldest = NULL;

    if (kept)
        kept->event = *event;
    AcquireSRWLockExclusive(&lock);
    if (kept)
    {
        *last = kept;
        last = &kept->next;
        count++;
    }
    else
        lose(event);
    if (count > RM_KEPT_EVENTS_MAX)
    {
        oldest = take_first();
        lose(&oldest->event);
    }
    ReleaseSRWLockExclusive(&lock);
    rm_free(oldest);
}

bool rm_kept_events_first(struct rm_wire_event *event)
{
    bool is_one;

    AcquireSRWLockExclusive(&lock);
    is_one = first != NULL;
    if (is_one)
        *event = first->event;
    ReleaseSRWLockExclusive(&lock);
    return is_one;
}

void rm_kept_events_forget(const struct rm_wire_event *event)
{
    struct kept *kept = NULL;

    AcquireSRWLockExclusive(&lock);
    if (first && first->event.session == event->session && first->event.number == event->number)
        kept = take_first();
    ReleaseSRWLockExclusive(&lock);
    rm_free(kept);
}

unsigned rm_kept_events_take_lost(struct rm_wire_event *last_one)
{
    unsigned taken;

    AcquireSRWLockExclusive(&lock);
    taken = lost;
    *last_one = last_lost;
    lost = 0;
    ReleaseSRWLockExclusive(&lock);
    return taken;
}

void rm_kept_events_clear(void)
{
    while (first)
        rm_free(take_first());
}
