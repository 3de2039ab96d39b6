#include "group/group_object.h"

#include "link/link.h"
#include "server/blanket_call.h"
#include "server/unknown_interface.h"
#include "session/session.h"

/* By enum rm_group_interface. */
static void *get_interface(struct rm_group *group, int which)
{
    switch ((enum rm_group_interface)which)
    {
    case RM_GROUP_STATE_MGT:
    case RM_GROUP_STATE_MGT2: return &group->IOPCGroupStateMgt2_iface;
    case RM_GROUP_ITEM_MGT: return &group->IOPCItemMgt_iface;
    case RM_GROUP_SYNC_IO:
    case RM_GROUP_SYNC_IO2: return &group->IOPCSyncIO2_iface;
    case RM_GROUP_ASYNC_IO2:
    case RM_GROUP_ASYNC_IO3: return &group->IOPCAsyncIO3_iface;
    case RM_GROUP_CONNECTION_POINTS: return &group->IConnectionPointContainer_iface;
    case RM_GROUP_PUBLIC_STATE_MGT: return &group->IOPCPublicGroupStateMgt_iface;
    case RM_GROUP_DEADBAND_MGT: return &group->IOPCItemDeadbandMgt_iface;
    case RM_GROUP_SAMPLING_MGT: return &group->IOPCItemSamplingMgt_iface;
    case RM_GROUP_INTERFACE_COUNT: break;
    }
    return NULL;
}

static struct rm_group *impl_from_security(const struct rm_client_security *security)
{
    return CONTAINING_RECORD(security, struct rm_group, security);
}

static unsigned mask_of(const struct rm_client_security *security, const IUnknown *proxy)
{
    struct rm_group *group = impl_from_security(security);
    unsigned mask = 0;

    for (int which = 0; which < RM_GROUP_INTERFACE_COUNT; which++)
        mask |= get_interface(group, which) == proxy ? 1u << which : 0;
    return mask;
}

static HRESULT set_blanket(struct rm_client_security *security, unsigned mask,
                           struct rm_blanket *blanket)
{
    struct rm_group *group = impl_from_security(security);

    return rm_blanket_set_once(group->session, group, mask, blanket);
}

static HRESULT query_blanket(struct rm_client_security *security, unsigned mask,
                             struct rm_blanket_answer *answer)
{
    struct rm_group *group = impl_from_security(security);

    return rm_blanket_query_once(group->session, group, mask, answer);
}

static const struct rm_client_security_class security_class = {mask_of, set_blanket, query_blanket};

HRESULT rm_group_object_init(struct rm_group *group)
{
    group->IOPCGroupStateMgt2_iface.lpVtbl = &rm_group_state_vtbl;
    group->IOPCItemMgt_iface.lpVtbl = &rm_group_items_vtbl;
    group->IOPCSyncIO2_iface.lpVtbl = &rm_group_sync_vtbl;
    group->IOPCAsyncIO3_iface.lpVtbl = &rm_group_async_vtbl;
    group->IOPCPublicGroupStateMgt_iface.lpVtbl = &rm_group_public_vtbl;
    group->IOPCItemDeadbandMgt_iface.lpVtbl = &rm_group_deadband_vtbl;
    group->IOPCItemSamplingMgt_iface.lpVtbl = &rm_group_sampling_vtbl;
    group->IConnectionPointContainer_iface.lpVtbl = &rm_group_points_vtbl;
    rm_client_security_init(&group->security, &group->IOPCGroupStateMgt2_iface, &security_class);
    group->blankets.cloaked = &group->session->cloaked_blankets;
    return CoCreateFreeThreadedMarshaler((IUnknown *)&group->IOPCGroupStateMgt2_iface,
                                         &group->marshaler);
}

HRESULT rm_group_object_query(struct rm_group *group, REFIID iid, void **out)
{
    int which;

    if (!out)
        return E_POINTER;
    *out = NULL;
    if (IsEqualIID(iid, &IID_IMarshal))
        return IUnknown_QueryInterface(group->marshaler, iid, out);
    if (rm_client_security_query(&group->security, iid, out))
        return S_OK;
    which = rm_group_interface_of(iid);
    if (which < 0)
    {
        rm_unknown_interface_tell(group->session, iid);
        return E_NOINTERFACE;
    }
    if (!IsEqualIID(iid, &IID_IUnknown) && !group->offers[which])
        return E_NOINTERFACE;
    *out = get_interface(group, which);
    rm_group_object_add_ref(group);
    return S_OK;
}

ULONG rm_group_object_add_ref(struct rm_group *group)
{
    LONG refs = InterlockedIncrement(&group->refs);

    if (refs == 1)
        rm_group_hold(group);
    return (ULONG)refs;
}

ULONG rm_group_object_release(struct rm_group *group)
{
    LONG refs = InterlockedDecrement(&group->refs);

    if (!refs)
    {
        if (rm_group_is_public(group))
            rm_group_let_go(group);
        rm_group_unhold(group);
    }
    return (ULONG)refs;
}
