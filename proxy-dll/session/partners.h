/* session/partners.h: the sessions of this process that switch together (CX-05).
 *
 * Sessions whose settings name the same linkGroup are partners, whatever redundant servers they
 * belong to. A switch of one is told to the others as an event for their state machines, which
 * decide whether they can follow. Other processes are not told: whatever an ordinary program could
 * write there would move them (design.md 2); that is the service's task.
 *
 * Units: none.
 * Ownership: a partner is part of its driver; between enter and leave it is in the list.
 * Threads: each function by the partner's own driver thread, no lock held.
 * Errors: none. Source: CX-05.
 */
#ifndef RM_PARTNERS_H
#define RM_PARTNERS_H

#include <stdbool.h>

#include "session/list.h"

struct rm_driver;

struct rm_partner
{
    struct rm_list_node node;
    struct rm_driver *driver;
    unsigned link_group;
    unsigned machine; /* its active one, by rank; 0 = none */
    bool is_following;
};

void rm_partners_enter(struct rm_partner *partner, struct rm_driver *driver, unsigned link_group);

/* The rank of the machine that is active at the partners, by those that lead where they differ; 0:
 * there are none, or none of them has an active machine. */
unsigned rm_partners_where(const struct rm_partner *partner);

/* For the partners to know: of which rank the machine is that is active here, and whether only for
 * their sake. */
void rm_partners_note(struct rm_partner *partner, unsigned machine, bool is_following);

/* This session has promoted the machine of that rank by itself. */
void rm_partners_tell(struct rm_partner *partner, unsigned machine);

/* Where all that stay have only followed, one of them leads from now on. */
void rm_partners_leave(struct rm_partner *partner);

#endif
