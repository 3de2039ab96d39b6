/* link/callback_check.h: carries out what rm/liveness.h says of a link's groups.
 *
 * The driver looks from time to time. Where something is to be asked, one worker for each link goes
 * from group to group: it sets the keep-alive time, and asks for refreshes from the cache with a
 * transaction of ours, whose answers are callbacks (delivery/delivery.h keeps them from the client
 * unless they say something new). So a machine that hangs keeps one worker, and no group is taken
 * for silent because another one is.
 *
 * Not asked while quiet, for what the answer says could not be told from what the client has:
 * groups with several items of one client handle, or with values that can't be kept, where the
 * machine keeps no keep-alive time.
 *
 * Units: milliseconds.
 * Ownership: the worker holds the link.
 * Threads: the driver, except for the terms: any.
 * Errors: none; without memory or a thread it is tried at the next look.
 * Source: design.md 3.5; C-04, C-05.
 */
#ifndef RM_CALLBACK_CHECK_H
#define RM_CALLBACK_CHECK_H

#include <stdbool.h>
#include <windows.h>

#include <rm/liveness.h>

struct rm_group;
struct rm_link;
struct rm_session;

#define RM_CALLBACK_LOOK_MS 250 /* between two looks, at most */

/* What a look has found. */
struct rm_callback_findings
{
    bool is_silent_again; /* one more question was not answered */
    bool is_silent;       /* some group is */
    bool has_work;        /* for the worker */
    bool has_groups;
    ULONGLONG next_ms; /* when to look again for the sake of a deadline */
};

struct rm_liveness_terms rm_callback_check_terms(const struct rm_session *session);

/* is_client_slow: the client keeps a callback, whoever waits for that. Locked. */
void rm_callback_check_look(struct rm_link *link, bool is_client_slow, ULONGLONG now_ms,
                            struct rm_callback_findings *found);

/* Starts the worker, unless it is at work. Not locked. */
void rm_callback_check_start(struct rm_link *link);

/* Returns when the worker holds nothing of the group: a reference of ours would make its removal
 * S_INUSE for the client. The group has left the link, which may be dead. On a worker, not locked.
 */
void rm_callback_check_let_go(struct rm_link *link, const struct rm_group *group);

/* Promoted: a first callback is demanded of each group. Locked. */
void rm_callback_check_demand(struct rm_link *link);

/* Silence is no fault any more: none is known. Locked. */
void rm_callback_check_forget(struct rm_link *link);

#endif
