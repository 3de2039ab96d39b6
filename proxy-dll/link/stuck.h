/* link/stuck.h: machines on which an activation has not come back.
 *
 * A hung machine costs a stuck worker for each attempt, in each session; so while one attempt is
 * out for longer than it may, and the process has stuck workers enough, that machine isn't tried
 * again. Others are: one dead machine must not keep a restarted one away.
 *
 * Units: none.  Ownership: static.  Threads: any.
 * Errors: more different machines than there is room for are not counted.
 * Source: design.md 3.4; C-01.
 */
#ifndef RM_STUCK_H
#define RM_STUCK_H

#include <stdbool.h>

/* Which is the same in all sessions: host and ProgID, without case. */
unsigned rm_stuck_key(const char *host, const char *progid);

void rm_stuck_enter(unsigned key);
void rm_stuck_leave(unsigned key);
bool rm_stuck_has(unsigned key);

#endif
