/* call/address_wait.h: waiting until a word in memory has changed.
 *
 * WaitOnAddress where the system has it (Windows 8, Wine); a small table of condition variables
 * where not (Windows 7). Between threads of one process.
 *
 * Units: milliseconds.  Ownership: none.  Threads: any.  Errors: none.
 */
#ifndef RM_ADDRESS_WAIT_H
#define RM_ADDRESS_WAIT_H

#include <stdbool.h>
#include <windows.h>

/* Returns when *address is no longer `undesired`; false: the time is up and it still is. */
bool rm_address_wait(volatile LONG *address, LONG undesired, DWORD timeout_ms);

/* To be called after each change of a word that somebody may wait for. */
void rm_address_wake(volatile LONG *address);

#endif
