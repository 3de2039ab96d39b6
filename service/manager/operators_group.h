/* manager/operators_group.h: the local group whose members may command without being
 * administrators.
 *
 * All instances on a computer share it. Who is in it is the administrator's business: it is made
 * empty, and taken away only while it is empty and as we made it.
 *
 * Units: none.
 * Ownership: none.
 * Threads: any; no state.
 * Errors: Windows error codes, 0 if all is well.
 * Source: design.md 5 (Pipe).
 */
#ifndef RM_MANAGER_OPERATORS_GROUP_H
#define RM_MANAGER_OPERATORS_GROUP_H

#include <windows.h>

enum rm_operators_group
{
    RM_OPERATORS_NOTHING, /* make: it was there; remove: it wasn't */
    RM_OPERATORS_DONE,
    RM_OPERATORS_KEPT,   /* remove: it has members, or another description */
    RM_OPERATORS_NO_SUCH /* make: this system said yes and has none (Wine 8) */
};

DWORD rm_operators_group_make(enum rm_operators_group *done);
DWORD rm_operators_group_remove(enum rm_operators_group *done);

#endif
