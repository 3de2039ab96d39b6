/* group/group_methods.h: methods of a group's interfaces that live in files of their own.
 *
 * Units: milliseconds.
 * Ownership: results by the COM allocator, the caller's.
 * Threads: the client's. Parameters have been checked by the caller.
 * Errors: HRESULTs; RM_CALL_REPEAT from those that end in _once.
 * Source: reference 3.7, 3.8, 3.10, 3.13.
 */
#ifndef RM_GROUP_METHODS_H
#define RM_GROUP_METHODS_H

#include "session/shadow.h"

/* group/group_keep_alive.c */
HRESULT rm_group_set_keep_alive_once(struct rm_group *group, DWORD time_ms, DWORD *revised_ms);
HRESULT rm_group_get_keep_alive_once(struct rm_group *group, DWORD *time_ms);

/* group/group_last_values.c: what the client has got last, as bad as it is with no machine left
 * (F-10). E_FAIL for a group that has been removed. */
HRESULT rm_group_read_last(struct rm_group *group, DWORD count, const OPCHANDLE *handles,
                           OPCITEMSTATE **values, HRESULT **errors);
void rm_group_free_states(OPCITEMSTATE *values, DWORD count);

/* group/group_sync2.c */
struct rm_max_age_results
{
    VARIANT *values;
    WORD *qualities;
    FILETIME *times;
    HRESULT *errors;
};

HRESULT rm_group_read_max_age(struct rm_group *group, DWORD count, const OPCHANDLE *handles,
                              const DWORD *max_ages, struct rm_max_age_results *results);
HRESULT rm_group_write_vqt_once(struct rm_group *group, DWORD count, const OPCHANDLE *handles,
                                const OPCITEMVQT *values, HRESULT **errors);

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
