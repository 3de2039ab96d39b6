/* ctl/stop.h: Ctrl+C, as an event, for commands that run until then.
 *
 * Units: none.
 * Ownership: the event is static and lives as long as the process.
 * Threads: one asks; the system sets it on a thread of its own.
 * Errors: NULL when the system has no more events to give.
 */
#ifndef RM_CTL_STOP_H
#define RM_CTL_STOP_H

#include <windows.h>

/* Manual reset; from the first call on, Ctrl+C and Ctrl+Break set it and end nothing by themselves.
 */
HANDLE stop_event(void);

#endif
