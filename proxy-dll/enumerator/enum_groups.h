/* enumerator/enum_groups.h: an IEnumUnknown over the groups of a session.
 *
 * Units: none.
 * Ownership: holds the groups without counting as a client of them, so that an enumerator left
 *   lying about doesn't turn a RemoveGroup into OPC_S_INUSE; each pointer given out carries a
 *   reference.
 * Threads: any.
 * Errors: E_OUTOFMEMORY.
 * Source: reference 3.1 (CreateGroupEnumerator), 7.1.5.
 */
#ifndef RM_ENUM_GROUPS_H
#define RM_ENUM_GROUPS_H

#include <objbase.h>

struct rm_group;

/* Takes a hold of each group. */
HRESULT rm_enum_groups_new(struct rm_group *const *groups, ULONG count,
                           IEnumUnknown **enumerator_out);

#endif
