/* runtime/status_look.h: the service's look at what all sessions of this computer publish of
 * themselves (docs/decisions/0013-status-and-events.md).
 *
 * As long as it is open the section is the computer's: also clients of ordinary users, who may not
 * make that, are seen by all. A section of this log-on session that was there before is looked at,
 * too.
 *
 * Units: none.
 * Ownership: rm_status_look_close gives back what open took; `take` gets a copy, for that call.
 * Threads: the service's one.
 * Errors: a section that can't be opened has no sessions.
 * Source: design.md 5; RM-190.
 */
#ifndef RM_RUNTIME_STATUS_LOOK_H
#define RM_RUNTIME_STATUS_LOOK_H

#include <rm/status_section_map.h>

struct rm_status_look
{
    const wchar_t *instance; /* the caller's, lives longer */
    struct rm_status_map global, local;
    struct rm_status_slot copy;
};

void rm_status_look_open(struct rm_status_look *look, const wchar_t *instance);
void rm_status_look_close(struct rm_status_look *look);

/* Each slot that a session has, or had in the end; process_id is 0 when it has left it. */
void rm_status_look_each(struct rm_status_look *look,
                         void (*take)(void *context, const struct rm_status_slot *slot),
                         void *context);

#endif
