/* check.h: what the two files of invariants share.
 *
 * Units, Ownership, Threads, Errors: as for rm_failover_check.
 */
#ifndef RM_FAILOVER_CHECK_H
#define RM_FAILOVER_CHECK_H

#include "internal.h"

struct rm_view
{
    const struct rm_failover *now;
    const struct rm_failover *before;          /* NULL = not known */
    const struct rm_failover_actions *actions; /* never NULL; empty where they are not known */
    bool has_actions;
    bool is_overflown; /* there are more of them than fit */
};

/* The invariants of the choice; the first one has number `first`. 0 = all hold. */
unsigned rm_check_choice(const struct rm_view *view, unsigned first);

#endif
