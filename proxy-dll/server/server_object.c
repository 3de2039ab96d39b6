#include "server/server_object.h"

#include "module/memory.h"
#include "module/module.h"
#include "points/connection_point.h"
#include "server/blanket_call.h"
#include "server/unknown_interface.h"
#include "session/session.h"

/* By enum rm_server_interface. */
static void *get_interface(struct rm_server_object *server, int which)
{
    switch ((enum rm_server_interface)which)
    {
    case RM_SERVER_OPCSERVER: return &server->IOPCServer_iface;
    case RM_SERVER_COMMON: return &server->IOPCCommon_iface;
    case RM_SERVER_BROWSE_ADDRESS_SPACE: return &server->IOPCBrowseServerAddressSpace_iface;
    case RM_SERVER_ITEM_PROPERTIES: return &server->IOPCItemProperties_iface;
    case RM_SERVER_CONNECTION_POINTS: return &server->IConnectionPointContainer_iface;
    case RM_SERVER_BROWSE: return &server->IOPCBrowse_iface;
    case RM_SERVER_ITEM_IO: return &server->IOPCItemIO_iface;
    case RM_SERVER_PERSIST:
    case RM_SERVER_PERSIST_FILE: return &server->IPersistFile_iface;
    case RM_SERVER_PUBLIC_GROUPS: return &server->IOPCServerPublicGroups_iface;
    case RM_SERVER_SECURITY_NT: return &server->IOPCSecurityNT_iface;
    case RM_SERVER_SECURITY_PRIVATE: return &server->IOPCSecurityPrivate_iface;
    case RM_SERVER_INTERFACE_COUNT: break;
    }
    return NULL;
}

static struct rm_server_object *impl_from_security(const struct rm_client_security *security)
{
    return CONTAINING_RECORD(security, struct rm_server_object, security);
}

static unsigned mask_of(const struct rm_client_security *security, const IUnknown *proxy)
{
    struct rm_server_object *server = impl_from_security(security);
    unsigned mask = 0;

    for (int which = 0; which < RM_SERVER_INTERFACE_COUNT; which++)
        mask |= get_interface(server, which) == proxy ? 1u << which : 0;
    return mask;
}

static HRESULT set_blanket(struct rm_client_security *security, unsigned mask,
                           struct rm_blanket *blanket)
{
    return rm_blanket_set_once(impl_from_security(security)->session, NULL, mask, blanket);
}

static HRESULT query_blanket(struct rm_client_security *security, unsigned mask,
                             struct rm_blanket_answer *answer)
{
    return rm_blanket_query_once(impl_from_security(security)->session, NULL, mask, answer);
}

static const struct rm_client_security_class security_class = {mask_of, set_blanket, query_blanket};

/* An interface is there if the real object had it when the client's object was made, whatever a
 * machine that is active later has: an object may not change what it answers. */
HRESULT rm_server_object_query(struct rm_server_object *server, REFIID iid, void **out)
{
    int which;

    if (!out)
        return E_POINTER;
    *out = NULL;
    if (IsEqualIID(iid, &IID_IMarshal))
        return IUnknown_QueryInterface(server->marshaler, iid, out);
    if (rm_client_security_query(&server->security, iid, out))
        return S_OK;
    which = rm_server_interface_of(iid);
    if (which < 0)
    {
        rm_unknown_interface_tell(server->session, iid);
        return E_NOINTERFACE;
    }
    if (which != RM_SERVER_OPCSERVER && !server->session->offers[which])
        return E_NOINTERFACE;
    *out = get_interface(server, which);
    rm_server_object_add_ref(server);
    return S_OK;
}

ULONG rm_server_object_add_ref(struct rm_server_object *server)
{
    return (ULONG)InterlockedIncrement(&server->refs);
}

ULONG rm_server_object_release(struct rm_server_object *server)
{
    LONG refs = InterlockedDecrement(&server->refs);

    if (!refs)
    {
        if (server->shutdown_sink)
            IUnknown_Release(server->shutdown_sink);
        rm_session_close(server->session);
        rm_connection_point_free(server->point);
        rm_client_security_clear(&server->security);
        IUnknown_Release(server->marshaler);
        rm_free(server);
        rm_module_release_reference();
    }
    return (ULONG)refs;
}

HRESULT rm_server_object_create(struct rm_session *session, REFIID iid, void **object_out)
{
    struct rm_server_object *server = rm_alloc_zero(1, sizeof(*server));
    HRESULT hr = E_OUTOFMEMORY;

    *object_out = NULL;
    if (server)
    {
        server->IOPCServer_iface.lpVtbl = &rm_server_opcserver_vtbl;
        server->IOPCCommon_iface.lpVtbl = &rm_server_common_vtbl;
        server->IOPCBrowseServerAddressSpace_iface.lpVtbl = &rm_server_browse_vtbl;
        server->IOPCItemProperties_iface.lpVtbl = &rm_server_properties_vtbl;
        server->IConnectionPointContainer_iface.lpVtbl = &rm_server_points_vtbl;
        server->IOPCBrowse_iface.lpVtbl = &rm_server_browse3_vtbl;
        server->IOPCItemIO_iface.lpVtbl = &rm_server_item_io_vtbl;
        server->IPersistFile_iface.lpVtbl = &rm_server_persist_vtbl;
        server->IOPCServerPublicGroups_iface.lpVtbl = &rm_server_public_groups_vtbl;
        server->IOPCSecurityNT_iface.lpVtbl = &rm_server_security_nt_vtbl;
        server->IOPCSecurityPrivate_iface.lpVtbl = &rm_server_security_private_vtbl;
        rm_client_security_init(&server->security, &server->IOPCServer_iface, &security_class);
        server->refs = 1;
        server->session = session;
        InitializeSRWLock(&server->lock);
        hr = CoCreateFreeThreadedMarshaler((IUnknown *)&server->IOPCServer_iface,
                                           &server->marshaler);
    }
    if (FAILED(hr))
    {
        rm_free(server);
        rm_session_close(session);
        return hr;
    }
    rm_module_add_reference();
    hr = rm_server_object_query(server, iid, object_out);
    rm_server_object_release(server);
    return hr;
}
