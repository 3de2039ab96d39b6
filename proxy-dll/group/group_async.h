/* group/group_async.h: methods of IOPCAsyncIO3 that live in files of their own.
 *
 * Units: milliseconds.
 * Ownership: results by the COM allocator, the caller's.
 * Threads: the client's. Parameters have been checked by the caller.
 * Errors: HRESULTs.
 * Source: reference 3.15, 3.16.
 */
#ifndef RM_GROUP_ASYNC_H
#define RM_GROUP_ASYNC_H

#include "session/shadow.h"

/* group/group_async_control.c */
HRESULT rm_group_cancel(struct rm_group *group, DWORD cancel_id);
HRESULT rm_group_set_enable(struct rm_group *group, BOOL is_enabled);
HRESULT rm_group_get_enable(struct rm_group *group, BOOL *is_enabled);

/* group/group_async3.c */
HRESULT rm_group_start_read_max_age(struct rm_group *group, DWORD count, const OPCHANDLE *handles,
                                    const DWORD *max_ages, DWORD id, DWORD *cancel_id,
                                    HRESULT **errors);
HRESULT rm_group_start_write_vqt(struct rm_group *group, DWORD count, const OPCHANDLE *handles,
                                 const OPCITEMVQT *values, DWORD id, DWORD *cancel_id,
                                 HRESULT **errors);
HRESULT rm_group_start_refresh_max_age(struct rm_group *group, DWORD max_age_ms, DWORD id,
                                       DWORD *cancel_id);

#endif
