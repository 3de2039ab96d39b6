#include "link/link.h"

#include <objbase.h>
#include <ocidl.h>
#include <opc/opccomn.h>
#include <opc/opcsec.h>

/* By enum rm_server_interface. */
static const IID *const server_iids[RM_SERVER_INTERFACE_COUNT] = {
    &IID_IOPCServer,
    &IID_IOPCCommon,
    &IID_IOPCBrowseServerAddressSpace,
    &IID_IOPCItemProperties,
    &IID_IConnectionPointContainer,
    &IID_IOPCBrowse,
    &IID_IOPCItemIO,
    &IID_IPersist,
    &IID_IPersistFile,
    &IID_IOPCServerPublicGroups,
    &IID_IOPCSecurityNT,
    &IID_IOPCSecurityPrivate,
};

/* By enum rm_group_interface. */
static const IID *const group_iids[RM_GROUP_INTERFACE_COUNT] = {
    &IID_IOPCGroupStateMgt,
    &IID_IOPCItemMgt,
    &IID_IOPCSyncIO,
    &IID_IOPCAsyncIO2,
    &IID_IConnectionPointContainer,
    &IID_IOPCGroupStateMgt2,
    &IID_IOPCPublicGroupStateMgt,
    &IID_IOPCSyncIO2,
    &IID_IOPCAsyncIO3,
    &IID_IOPCItemDeadbandMgt,
    &IID_IOPCItemSamplingMgt,
};

const IID *rm_server_interface_iid(enum rm_server_interface which)
{
    return server_iids[which];
}

const IID *rm_group_interface_iid(enum rm_group_interface which)
{
    return group_iids[which];
}

static int find_iid(const IID *const *iids, int count, REFIID iid)
{
    int i;

    if (IsEqualIID(iid, &IID_IUnknown))
        return 0;
    for (i = 0; i < count; i++)
    {
        if (IsEqualIID(iid, iids[i]))
            return i;
    }
    return -1;
}

int rm_server_interface_of(REFIID iid)
{
    return find_iid(server_iids, RM_SERVER_INTERFACE_COUNT, iid);
}

int rm_group_interface_of(REFIID iid)
{
    return find_iid(group_iids, RM_GROUP_INTERFACE_COUNT, iid);
}
