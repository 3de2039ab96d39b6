#include "session/partners.h"

#include <windows.h>

#include "session/driver.h"

static SRWLOCK partners_lock = SRWLOCK_INIT; /* protects the list and all partners in it */
static struct rm_list_node partners = {&partners, &partners};

/* Locked: the next partner of that group behind `node`; NULL: there is none. */
static struct rm_partner *next_of(struct rm_list_node *node, unsigned link_group)
{
    for (node = node->next; node != &partners; node = node->next)
    {
        struct rm_partner *partner = RM_LIST_ENTRY(node, struct rm_partner, node);

        if (partner->link_group == link_group)
            return partner;
    }
    return NULL;
}

static void post(const struct rm_partner *partner, unsigned machine)
{
    struct rm_failover_event event = {.kind = RM_FAILOVER_LINKED, .machine = machine};

    rm_driver_post(partner->driver, &event);
}

void rm_partners_enter(struct rm_partner *partner, struct rm_driver *driver, unsigned link_group)
{
    AcquireSRWLockExclusive(&partners_lock);
    partner->driver = driver;
    partner->link_group = link_group;
    rm_list_append(&partners, &partner->node);
    ReleaseSRWLockExclusive(&partners_lock);
}

unsigned rm_partners_where(const struct rm_partner *partner)
{
    struct rm_partner *other;
    unsigned machine = 0;

    AcquireSRWLockExclusive(&partners_lock);
    for (other = next_of(&partners, partner->link_group); other;
         other = next_of(&other->node, partner->link_group))
    {
        if (other != partner && other->machine && (!machine || !other->is_following))
            machine = other->machine;
    }
    ReleaseSRWLockExclusive(&partners_lock);
    return machine;
}

void rm_partners_note(struct rm_partner *partner, unsigned machine, bool is_following)
{
    AcquireSRWLockExclusive(&partners_lock);
    partner->machine = machine;
    partner->is_following = is_following;
    ReleaseSRWLockExclusive(&partners_lock);
}

void rm_partners_tell(struct rm_partner *partner, unsigned machine)
{
    struct rm_partner *other;

    AcquireSRWLockExclusive(&partners_lock);
    partner->machine = machine; /* in the same moment: one that enters now has not been told */
    partner->is_following = false;
    for (other = next_of(&partners, partner->link_group); other;
         other = next_of(&other->node, partner->link_group))
    {
        if (other != partner)
            post(other, machine);
    }
    ReleaseSRWLockExclusive(&partners_lock);
}

void rm_partners_leave(struct rm_partner *partner)
{
    struct rm_partner *first, *other;

    AcquireSRWLockExclusive(&partners_lock);
    rm_list_remove(&partner->node);
    first = other = next_of(&partners, partner->link_group);
    while (other && other->is_following)
        other = next_of(&other->node, partner->link_group);
    if (first && !other)
        post(first, 0);
    ReleaseSRWLockExclusive(&partners_lock);
}
