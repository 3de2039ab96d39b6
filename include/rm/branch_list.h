/* rm/branch_list.h: what is in one branch of a server's address space, and how two such lists
 * differ.
 *
 * One list for each machine, filled in whatever order the server gives, sorted by name, and merged:
 * each name is visited once, with what either list says of it. Memory is that of one branch, and
 * bounded.
 *
 * Units: bytes.
 * Ownership: a list owns copies of its texts until rm_branch_list_clear.
 * Threads: one per list.
 * Errors: RM_E_TOO_LARGE beyond bytes_max, RM_E_NO_MEMORY; the list is as it was before.
 * Source: C-07; issue 6.
 */
#ifndef RM_BRANCH_LIST_H
#define RM_BRANCH_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rm/difference.h>
#include <rm/status.h>

struct rm_branch_entry
{
    char *name; /* within the branch */
    char *id;   /* of the item, or of the branch where the server has one; "" = none */
    bool is_branch, is_item;
    bool is_checked;       /* an item: the server was asked for the three below */
    uint32_t error;        /* it refuses the item: a failure code; else 0 */
    uint32_t type, rights; /* of the item, 0: not known */
};

struct rm_branch_list
{
    struct rm_branch_entry *entries;
    size_t count, room;
    size_t bytes, bytes_max; /* 0: no bound */
};

enum rm_status rm_branch_list_add(struct rm_branch_list *list, const char *name, const char *id,
                                  bool is_branch, bool is_item);

/* By name; what a server lists twice, as branch and as item, becomes one entry. */
void rm_branch_list_sort(struct rm_branch_list *list);

/* All out; bytes_max stays. */
void rm_branch_list_clear(struct rm_branch_list *list);

/* Of two sorted lists, in the order of names. here or there is NULL where that list lacks it. */
typedef void (*rm_branch_visit)(void *context, const struct rm_branch_entry *here,
                                const struct rm_branch_entry *there);
void rm_branch_merge(const struct rm_branch_list *here, const struct rm_branch_list *there,
                     rm_branch_visit visit, void *context);

/* What differs in one entry: at most RM_BRANCH_DIFFERENCES, their number is returned. Names are
 * the item's ID, else the entry's name. Items that both machines refuse don't differ. */
#define RM_BRANCH_DIFFERENCES 4
unsigned rm_branch_differences(const struct rm_branch_entry *here,
                               const struct rm_branch_entry *there,
                               struct rm_difference differences[RM_BRANCH_DIFFERENCES]);

#endif
