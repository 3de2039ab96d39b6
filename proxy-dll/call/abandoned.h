/* call/abandoned.h: workers that are still out in calls to a server whose link has ended.
 *
 * Nobody waits for them. Most come back at once: the server was well, or its process is gone and
 * COM says so. Only what has been out for RM_STUCK_MS is stuck, and is told to people; so each
 * worker is recorded with the moment in which it was given up, in the memory of its job.
 *
 * Units: milliseconds of the module's clock, given by the caller.
 * Ownership: the record is the caller's; it must have left before its memory is freed.
 * Threads: any, under any lock.
 * Errors: none.
 * Source: design.md 3.4; C-01.
 */
#ifndef RM_ABANDONED_H
#define RM_ABANDONED_H

#include <stdbool.h>
#include <windows.h>

#include "session/list.h"

#define RM_ABANDONED_MAX 32   /* workers out in one process; beyond that no new link is tried */
#define RM_STUCK_MS      5000 /* given up so long ago and still out: its server hangs */

struct rm_abandoned
{
    struct rm_list_node node;
    DWORD session; /* its number within the process */
    unsigned machine;
    ULONGLONG since_ms;
};

void rm_abandoned_enter(struct rm_abandoned *record, DWORD session, unsigned machine,
                        ULONGLONG now_ms);

/* Fine for a record that was never entered and is zeroed. */
void rm_abandoned_leave(struct rm_abandoned *record);

/* In the whole process, stuck or not. */
unsigned rm_abandoned_count(void);

/* Those of this session that are stuck. machine 0: on any machine. */
unsigned rm_abandoned_stuck(DWORD session, unsigned machine, ULONGLONG now_ms);

#endif
