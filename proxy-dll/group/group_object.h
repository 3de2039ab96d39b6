/* group/group_object.h: the group object that the client sees; the struct is session/shadow.h's.
 *
 * Units: none.
 * Ownership: COM reference counting for the client (refs); see struct rm_group for ours.
 * Threads: any; the object aggregates the free-threaded marshaler.
 * Errors: HRESULTs.
 * Source: design.md 3.1; reference 2, 3.7 .. 3.18, 9.
 */
#ifndef RM_GROUP_OBJECT_H
#define RM_GROUP_OBJECT_H

#include "session/shadow.h"

extern const IOPCGroupStateMgt2Vtbl rm_group_state_vtbl;
extern const IOPCItemMgtVtbl rm_group_items_vtbl;
extern const IOPCSyncIO2Vtbl rm_group_sync_vtbl;
extern const IOPCAsyncIO3Vtbl rm_group_async_vtbl;
extern const IOPCPublicGroupStateMgtVtbl rm_group_public_vtbl;
extern const IOPCItemDeadbandMgtVtbl rm_group_deadband_vtbl;
extern const IOPCItemSamplingMgtVtbl rm_group_sampling_vtbl;
extern const IConnectionPointContainerVtbl rm_group_points_vtbl;

/* Sets the vtables and makes the marshaler; called by rm_group_create. */
HRESULT rm_group_object_init(struct rm_group *group);

/* The methods of IUnknown, for all interfaces of the object. The last release by the client drops
 * the hold that goes with refs > 0. add_ref from 0 is right: GetGroupByName opens a group again. */
HRESULT rm_group_object_query(struct rm_group *group, REFIID iid, void **out);
ULONG rm_group_object_add_ref(struct rm_group *group);
ULONG rm_group_object_release(struct rm_group *group);

#endif
