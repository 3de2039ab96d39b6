/* hooks/change_lock.h: one program at a time changes the settings file, the clients' settings in
 * the registry, hooks and operators' commands.
 *
 * Units: milliseconds.
 * Ownership: what was taken is given back by rm_change_unlock.
 * Threads: the one that took it gives it back.
 * Errors: Windows error codes; WAIT_TIMEOUT: another program has it.
 * Source: design.md 5 (Settings).
 */
#ifndef RM_HOOKS_CHANGE_LOCK_H
#define RM_HOOKS_CHANGE_LOCK_H

#include <windows.h>

DWORD rm_change_lock(DWORD timeout_ms, HANDLE *lock);
void rm_change_unlock(HANDLE lock); /* NULL is allowed */

#endif
