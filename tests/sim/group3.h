/* group3.h: the interfaces of a group beyond OPC DA 2.05a, where the options give it some.
 *
 * The methods that 3.0 adds to interfaces of 2.05a stand behind those in the same tables; who is
 * not asked for IOPCSyncIO2, IOPCAsyncIO3 or IOPCGroupStateMgt2 never gets there.
 *
 * Ownership, threads, errors: as group.h says.
 * Source: OPC DA 3.0.
 */
#ifndef SIM_GROUP3_H
#define SIM_GROUP3_H

#include "group.h"

void sim_group3_init(struct sim_group *group);

/* The group's interface of that IID, without a reference; NULL: it has none. */
void *sim_group3_find(struct sim_group *group, REFIID iid);

/* ---- keep-alive (groupkeepalive.c) ---- */

HRESULT STDMETHODCALLTYPE sim_group_state2_SetKeepAlive(IOPCGroupStateMgt2 *iface, DWORD time_ms,
                                                        DWORD *revised_ms);
HRESULT STDMETHODCALLTYPE sim_group_state2_GetKeepAlive(IOPCGroupStateMgt2 *iface, DWORD *time_ms);

/* When the next one falls due, INT64_MAX: never. `is_sending`: active, enabled and advised. The
 * group's lock is held. */
int64_t sim_keep_alive_due(struct sim_group *group, bool is_sending, int64_t now_ms);

/* ---- the additions to IOPCSyncIO and IOPCAsyncIO2 ---- */

HRESULT STDMETHODCALLTYPE sim_group_sync2_ReadMaxAge(IOPCSyncIO2 *iface, DWORD count,
                                                     OPCHANDLE *handles, DWORD *max_ages,
                                                     VARIANT **values, WORD **qualities,
                                                     FILETIME **stamps, HRESULT **errors);
HRESULT STDMETHODCALLTYPE sim_group_sync2_WriteVQT(IOPCSyncIO2 *iface, DWORD count,
                                                   OPCHANDLE *handles, OPCITEMVQT *vqts,
                                                   HRESULT **errors);

HRESULT STDMETHODCALLTYPE sim_group_async3_ReadMaxAge(IOPCAsyncIO3 *iface, DWORD count,
                                                      OPCHANDLE *handles, DWORD *max_ages, DWORD id,
                                                      DWORD *cancel_id, HRESULT **errors);
HRESULT STDMETHODCALLTYPE sim_group_async3_WriteVQT(IOPCAsyncIO3 *iface, DWORD count,
                                                    OPCHANDLE *handles, OPCITEMVQT *vqts, DWORD id,
                                                    DWORD *cancel_id, HRESULT **errors);
HRESULT STDMETHODCALLTYPE sim_group_async3_RefreshMaxAge(IOPCAsyncIO3 *iface, DWORD max_age,
                                                         DWORD id, DWORD *cancel_id);

extern const IOPCItemDeadbandMgtVtbl sim_group_deadband_vtable;
extern const IOPCItemSamplingMgtVtbl sim_group_sampling_vtable;

#endif
