#include "gate.h"
#include "publicgroup.h"

static struct sim_group *impl_from_IOPCPublicGroupStateMgt(IOPCPublicGroupStateMgt *iface)
{
    return CONTAINING_RECORD(iface, struct sim_group, IOPCPublicGroupStateMgt_iface);
}

static HRESULT STDMETHODCALLTYPE group_public_QueryInterface(IOPCPublicGroupStateMgt *iface,
                                                             REFIID iid, void **object)
{
    return sim_group_query(impl_from_IOPCPublicGroupStateMgt(iface), iid, object);
}

static ULONG STDMETHODCALLTYPE group_public_AddRef(IOPCPublicGroupStateMgt *iface)
{
    return sim_group_add_ref(impl_from_IOPCPublicGroupStateMgt(iface));
}

static ULONG STDMETHODCALLTYPE group_public_Release(IOPCPublicGroupStateMgt *iface)
{
    return sim_group_release(impl_from_IOPCPublicGroupStateMgt(iface));
}

static HRESULT STDMETHODCALLTYPE group_public_GetState(IOPCPublicGroupStateMgt *iface,
                                                       BOOL *is_public)
{
    struct sim_group *group = impl_from_IOPCPublicGroupStateMgt(iface);
    if (is_public == NULL)
    {
        return E_POINTER;
    }
    *is_public = FALSE;
    SIM_ENTER_GROUP(group, IOPCPublicGroupStateMgt_GetState);
    *is_public = sim_group_is_public(group);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE group_public_MoveToPublic(IOPCPublicGroupStateMgt *iface)
{
    struct sim_group *group = impl_from_IOPCPublicGroupStateMgt(iface);
    SIM_ENTER_GROUP(group, IOPCPublicGroupStateMgt_MoveToPublic);
    return sim_public_group_publish(group);
}

const IOPCPublicGroupStateMgtVtbl sim_group_public_vtable = {
    group_public_QueryInterface, group_public_AddRef,       group_public_Release,
    group_public_GetState,       group_public_MoveToPublic,
};
