/* call/abandoned.h: workers that are still out in calls to a server whose link has ended.
 *
 * Nobody waits for them. Most come back at once: the server was well, or its process is gone and
 * COM says so. Only what has been out for RM_STUCK_MS is stuck, and is told to people; so each
 * worker is recorded with the moment in which it was given up, in the memory of its job.
 *
 * A machine that hangs costs more of them with each attempt, in each session. When the process has
 * RM_ABANDONED_MAX, a machine that some of them are on isn't tried again until they are back.
 * Others are: one dead machine must not keep a restarted one away.
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

#define RM_ABANDONED_MAX 32   /* in one process; beyond that no dead machine is tried again */
#define RM_STUCK_MS      5000 /* given up so long ago and still out: its server hangs */

struct rm_abandoned
{
    struct rm_list_node node;
    DWORD session; /* its number within the process */
    unsigned machine;
    unsigned server; /* rm_abandoned_server; set before it enters */
    ULONGLONG since_ms;
};

/* What one machine's server is called in all sessions: from host and ProgID, without case. */
unsigned rm_abandoned_server(const char *host, const char *progid);

void rm_abandoned_enter(struct rm_abandoned *record, DWORD session, unsigned machine,
                        ULONGLONG now_ms);

/* Fine for a record that was never entered and is zeroed. */
void rm_abandoned_leave(struct rm_abandoned *record);

/* In the whole process, stuck or not. */
unsigned rm_abandoned_count(void);

/* Whether that server is not to be tried: there are RM_ABANDONED_MAX or more, some of them there.
 */
bool rm_abandoned_forbids(unsigned server);

/* Those of this session that are stuck. machine 0: on any machine. */
unsigned rm_abandoned_stuck(DWORD session, unsigned machine, ULONGLONG now_ms);

#endif
