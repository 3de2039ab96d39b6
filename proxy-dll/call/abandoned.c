#include "call/abandoned.h"

#include <ctype.h>

static SRWLOCK lock = SRWLOCK_INIT; /* protects the list; a leaf */
static struct rm_list_node records = {&records, &records};

static unsigned hash(unsigned key, const char *text)
{
    for (; *text; text++)
        key = (key ^ (unsigned)tolower((unsigned char)*text)) * 16777619u;
    return key * 16777619u;
}

unsigned rm_abandoned_server(const char *host, const char *progid)
{
    return hash(hash(2166136261u, host), progid);
}

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

bool rm_abandoned_forbids(unsigned server)
{
    struct rm_list_node *node;
    unsigned count = 0;
    bool is_there = false;

    AcquireSRWLockShared(&lock);
    for (node = records.next; node != &records; node = node->next)
    {
        const struct rm_abandoned *record = RM_LIST_ENTRY(node, struct rm_abandoned, node);

        count++;
        is_there = is_there || record->server == server;
    }
    ReleaseSRWLockShared(&lock);
    return is_there && count >= RM_ABANDONED_MAX;
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
