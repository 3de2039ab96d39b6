/* ctl/compare_walk.h: one comparison by rmctl as an OPC client: the machines, and how far it is.
 *
 * All machines carry out an order at once; then the first one that has a list is the reference, and
 * the lists of the others are merged with its list.
 *
 * Units: none.
 * Ownership: compare_branch owns the walk. The machines are allocated, for a thread that hangs goes
 *   on using its own.
 * Threads: the main thread.
 * Errors: reported as they come; the walk goes on without the machine, or ends where is_stopped.
 * Source: C-07; issue 6.
 */
#ifndef RM_CTL_COMPARE_WALK_H
#define RM_CTL_COMPARE_WALK_H

#include "compare.h"
#include "compare_machine.h"
#include "compare_report.h"

struct compare_walk
{
    struct compare_report report;
    const struct compare_wish *wish;
    struct compare_machine *machines; /* RM_MACHINES_MAX of them */
    unsigned count;
    uint64_t entries; /* compared, of the reference */
    unsigned branches;
    ULONGLONG told_ms; /* when progress was told last */
    char path[1024];   /* the branch that is being compared; cut if longer */
    bool is_stopped;   /* by Ctrl+C */
};

/* What an order has given. */
enum compare_outcome
{
    COMPARE_NOT_ASKED,
    COMPARE_HAS_LIST,
    COMPARE_NO_SUCH_BRANCH,
    COMPARE_FAILED_THERE
};

/* A branch that more than one machine has: where it is on each. ids[i] NULL: not on that one. */
struct compare_kid
{
    char *name;
    char *ids[RM_MACHINES_MAX];
};

struct compare_kids
{
    struct compare_kid *kids;
    size_t count;
    bool is_short; /* of memory */
};

struct compare_name compare_name_of(const struct compare_machine *machine);

/* Gives the order to all that are asked, and waits. Who does not answer is out of the comparison.
 */
void compare_order_all(struct compare_walk *walk, enum compare_order order,
                       const bool is_asked[RM_MACHINES_MAX]);

/* What a machine's last order has given; a failure is reported. */
enum compare_outcome compare_judge(struct compare_walk *walk, struct compare_machine *machine);

void compare_report_call(struct compare_walk *walk, struct compare_machine *machine);

/* The first machine that has a list, or walk->count. */
unsigned compare_find_reference(const struct compare_walk *walk,
                                const enum compare_outcome *outcomes);

/* Reports in what the others differ from the reference. kids, where not NULL, has room for a kid
 * of each entry of the reference's list, at its place. */
void compare_merge_all(struct compare_walk *walk, const enum compare_outcome *outcomes,
                       unsigned reference, struct compare_kids *kids);

/* The two ways: by the wish. */
void compare_walk_branch(struct compare_walk *walk);
void compare_walk_items(struct compare_walk *walk);

#endif
