/* hooks/operators.h: the local group of those who may command without being administrators.
 *
 * Units: none.
 * Ownership: none.
 * Threads: any; no state.
 * Errors: false: there is no such group, so nobody is in it.
 * Source: design.md 5 (Pipe).
 */
#ifndef RM_HOOKS_OPERATORS_H
#define RM_HOOKS_OPERATORS_H

#include <windows.h>
#include <stdbool.h>

#define RM_OPERATORS_GROUP L"RedundancyMaster Operators"

/* Of this computer alone: a domain may have a group of that name, which is another one, and asking
 * it could take long. */
bool rm_operators_sid(BYTE sid[SECURITY_MAX_SID_SIZE]);

#endif
