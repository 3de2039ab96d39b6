/* module/snapshot_watch.h: notices that settings in the registry were written, for all sessions of
 * the process at once: a thousand of them cost no more looks than one.
 *
 * All snapshots are values of one key, whose time of the last write is looked at, a few times a
 * second and by whichever thread asks first. Which class's settings it was, and whether they
 * differ, is for the session to see.
 *
 * Units: none.  Ownership: none.  Threads: any; nobody waits for another.
 * Errors: none: a key that can't be read has no news, so running clients keep what they have where
 *   a redundant server was disabled or removed (RM-232, RM-233).
 * Source: RM-230.
 */
#ifndef RM_SNAPSHOT_WATCH_H
#define RM_SNAPSHOT_WATCH_H

#include <windows.h>

/* Another number than at the last call: something may have been written since. Never 0. */
LONG rm_snapshot_watch_changes(void);

#endif
