#include "service_link/listeners.h"

#include <rm/text.h>

#include "module/memory.h"
#include "session/driver.h"
#include "session/list.h"

struct listener
{
    struct rm_list_node node;
    DWORD session;
    struct rm_driver *driver;
    bool is_following; /* it was told where the others are */
    struct said
    {
        enum rm_verdict verdict;
        uint32_t score;
    } said[RM_MACHINES_MAX]; /* last, by rank - 1 */
    char server[RM_PROGID_MAX + 1];
};

static SRWLOCK lock = SRWLOCK_INIT; /* protects the list; drivers live while it is held */
static struct rm_list_node listeners = {&listeners, &listeners};

void rm_listeners_enter(DWORD session, const char *server, struct rm_driver *driver)
{
    struct listener *listener = driver ? rm_alloc_zero(1, sizeof(*listener)) : NULL;

    if (!listener)
        return;
    listener->session = session;
    listener->driver = driver;
    rm_text_fit(listener->server, sizeof(listener->server), server);
    AcquireSRWLockExclusive(&lock);
    rm_list_append(&listeners, &listener->node);
    ReleaseSRWLockExclusive(&lock);
}

void rm_listeners_leave(DWORD session)
{
    struct rm_list_node *node, *next;

    AcquireSRWLockExclusive(&lock);
    for (node = listeners.next; node != &listeners; node = next)
    {
        struct listener *listener = RM_LIST_ENTRY(node, struct listener, node);

        next = node->next;
        if (listener->session != session)
            continue;
        rm_list_remove(node);
        rm_free(listener);
    }
    ReleaseSRWLockExclusive(&lock);
}

/* Locked. */
static void post(struct listener *listener, unsigned rank, enum rm_verdict verdict, uint32_t score)
{
    struct rm_failover_event event = {
        .kind = RM_FAILOVER_VERDICT, .machine = rank, .verdict = verdict, .score = score};

    listener->said[rank - 1] = (struct said){verdict, score};
    rm_driver_post(listener->driver, &event);
}

void rm_listeners_judge(const struct rm_wire_verdict *verdict)
{
    struct rm_list_node *node;

    if (verdict->machine < 1 || verdict->machine > RM_MACHINES_MAX ||
        verdict->verdict >= RM_VERDICT_COUNT)
        return;
    AcquireSRWLockExclusive(&lock);
    for (node = listeners.next; node != &listeners; node = node->next)
    {
        struct listener *listener = RM_LIST_ENTRY(node, struct listener, node);

        if (_stricmp(listener->server, verdict->server) == 0)
            post(listener, verdict->machine, (enum rm_verdict)verdict->verdict, verdict->score);
    }
    ReleaseSRWLockExclusive(&lock);
}

/* Locked. */
static void follow(struct listener *listener, unsigned machine)
{
    struct rm_failover_event event = {.kind = RM_FAILOVER_LINKED, .machine = machine};

    listener->is_following = machine != 0;
    rm_driver_post(listener->driver, &event);
}

void rm_listeners_agree(const struct rm_wire_agreed *agreed)
{
    struct rm_list_node *node;

    if (agreed->machine > RM_MACHINES_MAX)
        return;
    AcquireSRWLockExclusive(&lock);
    for (node = listeners.next; node != &listeners; node = node->next)
    {
        struct listener *listener = RM_LIST_ENTRY(node, struct listener, node);

        if (listener->session == agreed->session)
            follow(listener, agreed->machine);
    }
    ReleaseSRWLockExclusive(&lock);
}

void rm_listeners_forget(void)
{
    struct rm_list_node *node;
    unsigned rank;

    AcquireSRWLockExclusive(&lock);
    for (node = listeners.next; node != &listeners; node = node->next)
    {
        struct listener *listener = RM_LIST_ENTRY(node, struct listener, node);

        for (rank = 1; rank <= RM_MACHINES_MAX; rank++)
        {
            if (listener->said[rank - 1].verdict != RM_VERDICT_UNKNOWN)
                post(listener, rank, RM_VERDICT_UNKNOWN, 0);
        }
        if (listener->is_following)
            follow(listener, 0);
    }
    ReleaseSRWLockExclusive(&lock);
}

void rm_listeners_repeat(DWORD session)
{
    struct rm_list_node *node;
    unsigned rank;

    AcquireSRWLockExclusive(&lock);
    for (node = listeners.next; node != &listeners; node = node->next)
    {
        struct listener *listener = RM_LIST_ENTRY(node, struct listener, node);

        for (rank = 1; listener->session == session && rank <= RM_MACHINES_MAX; rank++)
        {
            const struct said *said = &listener->said[rank - 1];

            if (said->verdict != RM_VERDICT_UNKNOWN)
                post(listener, rank, said->verdict, said->score);
        }
    }
    ReleaseSRWLockExclusive(&lock);
}
