/* group/group_methods.h: methods of a group's interfaces that live in files of their own.
 *
 * Units: milliseconds.
 * Ownership: results by the COM allocator, the caller's.
 * Threads: the client's. Parameters have been checked by the caller.
 * Errors: HRESULTs; RM_CALL_REPEAT from those that end in _once.
 * Source: reference 3.7, 3.10.
 */
#ifndef RM_GROUP_METHODS_H
#define RM_GROUP_METHODS_H

#include "session/shadow.h"

/* group/group_clone.c */
HRESULT rm_group_clone_once(struct rm_group *group, const WCHAR *name, REFIID iid,
                            IUnknown **clone_out);

/* group/group_add_items.c */
HRESULT rm_group_add_items_once(struct rm_group *group, DWORD count, const OPCITEMDEF *items,
                                OPCITEMRESULT **results, HRESULT **errors);
HRESULT rm_group_validate_items_once(struct rm_group *group, DWORD count, const OPCITEMDEF *items,
                                     BOOL is_blob_update, OPCITEMRESULT **results,
                                     HRESULT **errors);

/* group/group_enumerate.c */
HRESULT rm_group_enumerate_once(struct rm_group *group, IUnknown **enumerator_out);

#endif
