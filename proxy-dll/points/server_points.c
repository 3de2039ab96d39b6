#include <olectl.h>

#include "points/connection_point.h"
#include "server/server_object.h"

static struct rm_server_object *
impl_from_IConnectionPointContainer(IConnectionPointContainer *iface)
{
    return CONTAINING_RECORD(iface, struct rm_server_object, IConnectionPointContainer_iface);
}

static IConnectionPointContainer *get_container(void *owner)
{
    return &((struct rm_server_object *)owner)->IConnectionPointContainer_iface;
}

static struct rm_connection_point *volatile *get_kept(void *owner)
{
    return &((struct rm_server_object *)owner)->point;
}

/* The client's sink is kept as a server would keep it, but never called: a server's wish to shut
 * down is a reason to switch, not the client's affair (F-09). */
static HRESULT advise_shutdown(void *owner, IUnknown *sink, DWORD *cookie)
{
    struct rm_server_object *server = owner;
    HRESULT hr = S_OK;
    IUnknown *shutdown;

    if (FAILED(IUnknown_QueryInterface(sink, &IID_IOPCShutdown, (void **)&shutdown)))
        return CONNECT_E_CANNOTCONNECT;
    AcquireSRWLockExclusive(&server->lock);
    if (server->shutdown_sink)
        hr = CONNECT_E_ADVISELIMIT;
    else
    {
        server->shutdown_sink = shutdown;
        server->shutdown_cookie = *cookie = ++server->last_cookie;
    }
    ReleaseSRWLockExclusive(&server->lock);
    if (FAILED(hr))
        IUnknown_Release(shutdown);
    return hr;
}

static HRESULT unadvise_shutdown(void *owner, DWORD cookie)
{
    struct rm_server_object *server = owner;
    IUnknown *shutdown = NULL;

    AcquireSRWLockExclusive(&server->lock);
    if (server->shutdown_sink && server->shutdown_cookie == cookie)
    {
        shutdown = server->shutdown_sink;
        server->shutdown_sink = NULL;
    }
    ReleaseSRWLockExclusive(&server->lock);
    if (!shutdown)
        return CONNECT_E_NOCONNECTION;
    IUnknown_Release(shutdown);
    return S_OK;
}

static struct rm_session *get_session(void *owner)
{
    return ((struct rm_server_object *)owner)->session;
}

static void get_connection(void *owner, CONNECTDATA *connection)
{
    struct rm_server_object *server = owner;

    AcquireSRWLockExclusive(&server->lock);
    if (server->shutdown_sink)
    {
        IUnknown_AddRef(server->shutdown_sink);
        connection->pUnk = server->shutdown_sink;
        connection->dwCookie = server->shutdown_cookie;
    }
    ReleaseSRWLockExclusive(&server->lock);
}

static const struct rm_point_class shutdown_point = {
    .iid = &IID_IOPCShutdown,
    .container = get_container,
    .kept = get_kept,
    .advise = advise_shutdown,
    .unadvise = unadvise_shutdown,
    .session = get_session,
    .connection = get_connection,
};

static HRESULT STDMETHODCALLTYPE server_points_QueryInterface(IConnectionPointContainer *iface,
                                                              REFIID iid, void **out)
{
    return rm_server_object_query(impl_from_IConnectionPointContainer(iface), iid, out);
}

static ULONG STDMETHODCALLTYPE server_points_AddRef(IConnectionPointContainer *iface)
{
    return rm_server_object_add_ref(impl_from_IConnectionPointContainer(iface));
}

static ULONG STDMETHODCALLTYPE server_points_Release(IConnectionPointContainer *iface)
{
    return rm_server_object_release(impl_from_IConnectionPointContainer(iface));
}

static HRESULT STDMETHODCALLTYPE server_points_EnumConnectionPoints(
    IConnectionPointContainer *iface, IEnumConnectionPoints **enumerator)
{
    return rm_points_enum(&shutdown_point, impl_from_IConnectionPointContainer(iface), enumerator);
}

static HRESULT STDMETHODCALLTYPE server_points_FindConnectionPoint(IConnectionPointContainer *iface,
                                                                   REFIID iid,
                                                                   IConnectionPoint **point)
{
    return rm_points_find(&shutdown_point, impl_from_IConnectionPointContainer(iface), iid, point);
}

const IConnectionPointContainerVtbl rm_server_points_vtbl = {
    server_points_QueryInterface,
    server_points_AddRef,
    server_points_Release,
    server_points_EnumConnectionPoints,
    server_points_FindConnectionPoint,
};
