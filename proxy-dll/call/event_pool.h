/* call/event_pool.h: events that are used again and again.
 *
 * A wait of a single-threaded apartment needs an event, and making one for each call costs more
 * than the rest of the call's way through us.
 *
 * Units: none.
 * Ownership: rm_event_take gives an automatic event to its caller, rm_event_give takes it back.
 * Threads: any.
 * Errors: NULL when there is none to be had. An event may still be signalled from its last use: who
 *   waits must look again at what it waits for.
 * Source: design.md 3.4, 8.
 */
#ifndef RM_EVENT_POOL_H
#define RM_EVENT_POOL_H

#include <windows.h>

HANDLE rm_event_take(void);
void rm_event_give(HANDLE event);

/* Closes those that nobody uses: the DLL may be unloaded. */
void rm_event_pool_clear(void);

#endif
