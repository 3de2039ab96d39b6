#include "gate.h"
#include "publicgroup.h"
#include "server3.h"

#include <opc/opcerror.h>

static struct sim_server *impl_from_IOPCServerPublicGroups(IOPCServerPublicGroups *iface)
{
    return CONTAINING_RECORD(iface, struct sim_server, IOPCServerPublicGroups_iface);
}

static HRESULT STDMETHODCALLTYPE server_public_QueryInterface(IOPCServerPublicGroups *iface,
                                                              REFIID iid, void **object)
{
    return sim_server_query(impl_from_IOPCServerPublicGroups(iface), iid, object);
}

static ULONG STDMETHODCALLTYPE server_public_AddRef(IOPCServerPublicGroups *iface)
{
    return sim_server_add_ref(impl_from_IOPCServerPublicGroups(iface));
}

static ULONG STDMETHODCALLTYPE server_public_Release(IOPCServerPublicGroups *iface)
{
    return sim_server_release(impl_from_IOPCServerPublicGroups(iface));
}

/* The group by which this client is connected already, held; NULL: none. */
static struct sim_group *find_connected(struct sim_server *server,
                                        const struct sim_public_group *public_group)
{
    AcquireSRWLockShared(&server->lock);
    struct sim_group *group = server->groups;
    while (group != NULL && group->public_group != public_group)
    {
        group = group->next;
    }
    if (group != NULL)
    {
        sim_group_hold(group);
    }
    ReleaseSRWLockShared(&server->lock);
    return group;
}

static HRESULT connect(struct sim_server *server, struct sim_public_group *public_group,
                       const wchar_t *name, REFIID iid, LPUNKNOWN *object)
{
    struct sim_group *group = NULL;
    HRESULT result = sim_group_create(server, &group);
    if (FAILED(result))
    {
        return result;
    }
    result = sim_public_group_connect(public_group, group);
    if (SUCCEEDED(result))
    {
        result = sim_group_query(group, iid, (void **)object);
    }
    if (SUCCEEDED(result))
    {
        sim_group_hold(group);
        result = sim_server_insert_group(server, group, name);
        if (FAILED(result))
        {
            sim_group_unhold(group);
            IUnknown_Release(*object);
            *object = NULL;
        }
    }
    sim_group_unhold(group);
    return result;
}

static HRESULT STDMETHODCALLTYPE server_public_GetPublicGroupByName(IOPCServerPublicGroups *iface,
                                                                    LPCWSTR name, REFIID iid,
                                                                    LPUNKNOWN *object)
{
    struct sim_server *server = impl_from_IOPCServerPublicGroups(iface);
    if (object == NULL)
    {
        return E_POINTER;
    }
    *object = NULL;
    SIM_ENTER(IOPCServerPublicGroups_GetPublicGroupByName);
    if (name == NULL)
    {
        return E_INVALIDARG;
    }
    struct sim_public_group *public_group = sim_public_group_find(name);
    if (public_group == NULL)
    {
        return OPC_E_NOTFOUND;
    }
    HRESULT result;
    struct sim_group *group = find_connected(server, public_group);
    if (group != NULL)
    {
        result = sim_group_query(group, iid, (void **)object);
        sim_group_unhold(group);
    }
    else
    {
        result = connect(server, public_group, name, iid, object);
    }
    sim_public_group_release(public_group);
    return result;
}

static HRESULT STDMETHODCALLTYPE server_public_RemovePublicGroup(IOPCServerPublicGroups *iface,
                                                                 OPCHANDLE handle, BOOL is_forced)
{
    SIM_ENTER(IOPCServerPublicGroups_RemovePublicGroup);
    return sim_server_remove_group(impl_from_IOPCServerPublicGroups(iface), handle, true,
                                   is_forced != FALSE);
}

const IOPCServerPublicGroupsVtbl sim_server_public_vtable = {
    server_public_QueryInterface,    server_public_AddRef,
    server_public_Release,           server_public_GetPublicGroupByName,
    server_public_RemovePublicGroup,
};
