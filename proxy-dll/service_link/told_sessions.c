#include "service_link/told_sessions.h"

#include <string.h>

#include <rm/text.h>

#include "module/memory.h"
#include "module/module.h"
#include "session/list.h"

struct told
{
    struct rm_list_node node;
    struct rm_wire_session session;
    bool is_told;     /* the service that is connected knows it */
    bool is_answered; /* a service has said where the others are */
    bool is_moved;    /* `active` is to be told */
    bool is_over;
    unsigned others;              /* where they are; 0 = there are none */
    struct rm_wire_active active; /* session 0: it was nowhere yet */
};

static SRWLOCK lock = SRWLOCK_INIT; /* protects everything below */
static struct rm_list_node all = {&all, &all};
static CONDITION_VARIABLE answered = CONDITION_VARIABLE_INIT; /* or no service is there */
static CONDITION_VARIABLE gone = CONDITION_VARIABLE_INIT;
static bool is_there;  /* a service */
static DWORD failures; /* to connect to one */

/* Locked. */
static struct told *find(DWORD session)
{
    struct rm_list_node *node;

    for (node = all.next; node != &all; node = node->next)
    {
        struct told *told = RM_LIST_ENTRY(node, struct told, node);

        if (told->session.session == session)
            return told;
    }
    return NULL;
}

/* Locked. */
static void remove_told(struct told *told)
{
    rm_list_remove(&told->node);
    rm_free(told);
}

/* Locked. False: until then nothing has come. */
static bool wait_for(CONDITION_VARIABLE *what, ULONGLONG until_ms)
{
    ULONGLONG now_ms = rm_module_now_ms();

    return now_ms < until_ms &&
           SleepConditionVariableSRW(what, &lock, (DWORD)(until_ms - now_ms), 0);
}

bool rm_told_enter(DWORD session, const char *server)
{
    struct told *told = rm_alloc_zero(1, sizeof(*told));

    if (!told)
        return false;
    told->session.session = session;
    rm_text_fit(told->session.server, sizeof(told->session.server), server);
    AcquireSRWLockExclusive(&lock);
    rm_list_append(&all, &told->node);
    ReleaseSRWLockExclusive(&lock);
    return true;
}

unsigned rm_told_others(DWORD session, ULONGLONG until_ms)
{
    struct told *told;
    unsigned machine;
    DWORD before;

    AcquireSRWLockExclusive(&lock);
    before = failures;
    told = find(session);
    while (told && !told->is_answered && failures == before && wait_for(&answered, until_ms))
        told = find(session);
    machine = told ? told->others : 0;
    ReleaseSRWLockExclusive(&lock);
    return machine;
}

bool rm_told_set_active(const struct rm_wire_active *active)
{
    struct told *told;
    bool is_news;

    AcquireSRWLockExclusive(&lock);
    told = find(active->session);
    is_news = told && memcmp(&told->active, active, sizeof(*active)) != 0;
    if (is_news)
    {
        told->active = *active;
        told->is_moved = true;
    }
    ReleaseSRWLockExclusive(&lock);
    return is_news;
}

void rm_told_end(DWORD session)
{
    struct told *told;

    AcquireSRWLockExclusive(&lock);
    told = find(session);
    if (told)
        told->is_over = true;
    ReleaseSRWLockExclusive(&lock);
}

void rm_told_wait_end(DWORD session, ULONGLONG until_ms)
{
    AcquireSRWLockExclusive(&lock);
    while (is_there && find(session) && wait_for(&gone, until_ms))
        ;
    ReleaseSRWLockExclusive(&lock);
}

void rm_told_remove(DWORD session)
{
    struct told *told;

    AcquireSRWLockExclusive(&lock);
    told = find(session);
    if (told)
        remove_told(told);
    ReleaseSRWLockExclusive(&lock);
}

bool rm_told_has_any(void)
{
    bool has_any;

    AcquireSRWLockExclusive(&lock);
    has_any = !rm_list_is_empty(&all);
    ReleaseSRWLockExclusive(&lock);
    return has_any;
}

/* ---- the service link's thread ------------------------------------------------------------- */

void rm_told_set_connected(bool is_connected)
{
    struct rm_list_node *node;

    AcquireSRWLockExclusive(&lock);
    is_there = is_connected;
    failures += !is_connected;
    for (node = all.next; node != &all; node = node->next)
        RM_LIST_ENTRY(node, struct told, node)->is_told = false;
    ReleaseSRWLockExclusive(&lock);
    if (is_connected)
        return;
    WakeAllConditionVariable(&answered);
    WakeAllConditionVariable(&gone);
}

static bool is_begun(const struct told *told)
{
    return !told->is_over && !told->is_told;
}

static bool is_elsewhere(const struct told *told)
{
    return told->is_told && told->is_moved;
}

static bool is_to_end(const struct told *told)
{
    return told->is_over && told->is_told;
}

/* The first one of which that is so, and what is said of it, which counts as said. */
static bool next(bool (*is_one)(const struct told *told), enum rm_wire_type type,
                 struct rm_wire_message *request)
{
    struct rm_list_node *node;
    struct told *found = NULL;

    AcquireSRWLockExclusive(&lock);
    for (node = all.next; node != &all && !found; node = node->next)
    {
        struct told *told = RM_LIST_ENTRY(node, struct told, node);

        if (is_one(told))
            found = told;
    }
    if (found)
    {
        request->type = type;
        if (type == RM_WIRE_SESSION_ACTIVE)
            request->body.active = found->active;
        else
            request->body.session = found->session;
        found->is_told = type != RM_WIRE_SESSION_END;
        found->is_moved = found->is_moved && type != RM_WIRE_SESSION_ACTIVE;
    }
    ReleaseSRWLockExclusive(&lock);
    return found != NULL;
}

bool rm_told_next_begun(struct rm_wire_message *request)
{
    return next(is_begun, RM_WIRE_SESSION_BEGIN, request);
}

bool rm_told_next_moved(struct rm_wire_message *request)
{
    return next(is_elsewhere, RM_WIRE_SESSION_ACTIVE, request);
}

bool rm_told_next_over(struct rm_wire_message *request)
{
    return next(is_to_end, RM_WIRE_SESSION_END, request);
}

void rm_told_set_others(DWORD session, unsigned machine)
{
    struct told *told;

    AcquireSRWLockExclusive(&lock);
    told = find(session);
    if (told)
        told->others = machine;
    ReleaseSRWLockExclusive(&lock);
}

/* Where it is now is news to that service. */
void rm_told_set_answered(DWORD session)
{
    struct told *told;

    AcquireSRWLockExclusive(&lock);
    told = find(session);
    if (told)
    {
        told->is_answered = true;
        told->is_moved = told->active.session != 0;
    }
    ReleaseSRWLockExclusive(&lock);
    WakeAllConditionVariable(&answered);
}

void rm_told_drop_over(void)
{
    struct rm_list_node *node, *following;

    AcquireSRWLockExclusive(&lock);
    for (node = all.next; node != &all; node = following)
    {
        struct told *told = RM_LIST_ENTRY(node, struct told, node);

        following = node->next;
        if (told->is_over && !told->is_told)
            remove_told(told);
    }
    ReleaseSRWLockExclusive(&lock);
    WakeAllConditionVariable(&gone);
}
