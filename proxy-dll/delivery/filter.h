/* delivery/filter.h: which items of a data change the client has not got yet.
 *
 * Units: milliseconds.
 * Ownership: a filtered callback borrows the values of the original one; rm_filtered_clear frees
 *   its arrays only.
 * Threads: session locked.
 * Errors: no memory: everything is delivered, doubled rather than lost.
 * Source: design.md 3.5, 3.6; rm/handover.h.
 */
#ifndef RM_FILTER_H
#define RM_FILTER_H

#include <stdbool.h>

#include "delivery/callback.h"
#include "session/list.h"

struct rm_group;
struct rm_link;

/* An update that is older than what the client has: delivered when nothing newer follows. */
struct rm_held
{
    struct rm_list_node node;
    DWORD item; /* our handle */
    DWORD link;
    ULONGLONG due_ms;
    DWORD round;                /* of the filter: the data change that it came in */
    struct rm_callback *update; /* of one item; several values where the server buffers samples */
};

struct rm_filtered
{
    struct rm_callback callback; /* what is to be delivered */
    bool is_all;     /* nothing was taken out: callback is the original's copy by value */
    bool is_nothing; /* all was taken out: there is no call to make */
};

/* Compares, records what is going to be forwarded as last forwarded, holds back what is too old.
 * The answer to a refresh of our own is compared even where the link has delivered before. */
void rm_filter_data_change(struct rm_group *group, struct rm_link *link,
                           const struct rm_callback *data, bool is_own_refresh,
                           struct rm_filtered *filtered);
void rm_filtered_clear(struct rm_filtered *filtered);

/* The client has refused these after all: nothing is known about what it has. */
void rm_filter_undo(struct rm_group *group, const struct rm_callback *callback);

/* Drops the held update of an item, if there is one. */
void rm_filter_drop_held(struct rm_group *group, DWORD item);

/* The next held update that is due, taken out of the list; NULL: none. */
struct rm_held *rm_filter_take_due(struct rm_group *group, ULONGLONG now_ms);
void rm_held_free(struct rm_held *held);

#endif
