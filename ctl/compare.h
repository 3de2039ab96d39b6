/* ctl/compare.h: the two ways in which rmctl compares machines.
 *
 * What the running sessions know of the items in use costs nothing and is there at once; whole
 * branches and chosen items are asked for, by rmctl as an OPC client of its own.
 *
 * Units: milliseconds.
 * Ownership: everything is borrowed.
 * Threads: one; compare_branch starts one for each machine (compare_machine.h).
 * Errors: the exit status; what went wrong has then been printed.
 * Source: C-07; issue 6.
 */
#ifndef RM_CTL_COMPARE_H
#define RM_CTL_COMPARE_H

#include "ctl.h"

struct compare_wish
{
    const char *progid;
    const char *branch; /* "" = all; NULL = the items */
    unsigned depth;     /* levels below it; 0 = all */
    size_t item_count;
    const char *items[CTL_GIVEN_MAX];
    unsigned timeout_ms; /* of each call */
};

enum ctl_exit compare_sessions(struct ctl *ctl, const char *progid);

/* `server` has the machines. */
enum ctl_exit compare_branch(struct ctl *ctl, const struct rm_server_config *server,
                             const struct compare_wish *wish);

#endif
