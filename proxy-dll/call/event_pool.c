#include "call/event_pool.h"

#define KEPT_MAX 16

static SRWLOCK lock = SRWLOCK_INIT; /* protects the events that are not in use */
static HANDLE kept[KEPT_MAX];
static unsigned kept_count;

HANDLE rm_event_take(void)
{
    HANDLE event = NULL;

    AcquireSRWLockExclusive(&lock);
    if (kept_count)
        event = kept[--kept_count];
    ReleaseSRWLockExclusive(&lock);
    return event ? event : CreateEventW(NULL, FALSE, FALSE, NULL);
}

void rm_event_give(HANDLE event)
{
    AcquireSRWLockExclusive(&lock);
    if (kept_count < KEPT_MAX)
    {
        kept[kept_count++] = event;
        event = NULL;
    }
    ReleaseSRWLockExclusive(&lock);
    if (event)
        CloseHandle(event);
}

void rm_event_pool_clear(void)
{
    HANDLE events[KEPT_MAX];
    unsigned count;

    AcquireSRWLockExclusive(&lock);
    for (count = 0; kept_count; count++)
        events[count] = kept[--kept_count];
    ReleaseSRWLockExclusive(&lock);
    while (count)
        CloseHandle(events[--count]);
}
