#include "call/abandoned.h"

static SRWLOCK lock = SRWLOCK_INIT; /* protects the list; a leaf */
static struct rm_list_node records = {&records, &records};

void rm_abandoned_enter(struct rm_abandoned *record, DWORD session, unsigned machine,
                        ULONGLONG now_ms)
{
    record->session = session;
    record->machine = machine;
    record->since_ms = now_ms;
    AcquireSRWLockExclusive(&lock);
    rm_list_append(&records, &record->node);
    ReleaseSRWLockExclusive(&lock);
}

void rm_abandoned_leave(struct rm_abandoned *record)
{
    AcquireSRWLockExclusive(&lock);
    rm_list_remove(&record->node);
    ReleaseSRWLockExclusive(&lock);
}

unsigned rm_abandoned_count(void)
{
    const struct rm_list_node *node;
    unsigned count = 0;

    AcquireSRWLockShared(&lock);
    for (node = records.next; node != &records; node = node->next)
        count++;
    ReleaseSRWLockShared(&lock);
    return count;
}

unsigned rm_abandoned_stuck(DWORD session, unsigned machine, ULONGLONG now_ms)
{
    struct rm_list_node *node;
    unsigned count = 0;

    AcquireSRWLockShared(&lock);
    for (node = records.next; node != &records; node = node->next)
    {
        const struct rm_abandoned *record = RM_LIST_ENTRY(node, struct rm_abandoned, node);

        if (record->session == session && (!machine || record->machine == machine) &&
            now_ms >= record->since_ms + RM_STUCK_MS) /* may have come after now_ms */
            count++;
    }
    ReleaseSRWLockShared(&lock);
    return count;
}
