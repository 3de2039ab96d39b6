#include "connection.h"
#include "enumerators.h"
#include "gate.h"
#include "module.h"

#include <olectl.h>

/* Cookies of the whole process, so that none is ever valid at another point or twice. */
static volatile LONG last_cookie;

static struct sim_connection *impl_from_IConnectionPointContainer(IConnectionPointContainer *iface)
{
    return CONTAINING_RECORD(iface, struct sim_connection, IConnectionPointContainer_iface);
}

static HRESULT STDMETHODCALLTYPE container_QueryInterface(IConnectionPointContainer *iface,
                                                          REFIID riid, void **object)
{
    return IUnknown_QueryInterface(impl_from_IConnectionPointContainer(iface)->owner, riid, object);
}

static ULONG STDMETHODCALLTYPE container_AddRef(IConnectionPointContainer *iface)
{
    return IUnknown_AddRef(impl_from_IConnectionPointContainer(iface)->owner);
}

static ULONG STDMETHODCALLTYPE container_Release(IConnectionPointContainer *iface)
{
    return IUnknown_Release(impl_from_IConnectionPointContainer(iface)->owner);
}

static HRESULT STDMETHODCALLTYPE container_EnumConnectionPoints(IConnectionPointContainer *iface,
                                                                IEnumConnectionPoints **enumerator)
{
    struct sim_connection *connection = impl_from_IConnectionPointContainer(iface);
    if (enumerator == NULL)
    {
        return E_POINTER;
    }
    *enumerator = NULL;
    SIM_ENTER(IConnectionPointContainer_EnumConnectionPoints);
    IUnknown *point = (IUnknown *)&connection->IConnectionPoint_iface;
    return sim_enumerator_create_objects(&IID_IEnumConnectionPoints, &point, 1,
                                         (IUnknown **)enumerator);
}

static HRESULT STDMETHODCALLTYPE container_FindConnectionPoint(IConnectionPointContainer *iface,
                                                               REFIID riid,
                                                               IConnectionPoint **point)
{
    struct sim_connection *connection = impl_from_IConnectionPointContainer(iface);
    if (point == NULL)
    {
        return E_POINTER;
    }
    *point = NULL;
    SIM_ENTER(IConnectionPointContainer_FindConnectionPoint);
    if (!IsEqualIID(riid, connection->callback_iid))
    {
        return CONNECT_E_NOCONNECTION;
    }
    IUnknown_AddRef(connection->owner);
    *point = &connection->IConnectionPoint_iface;
    return S_OK;
}

static const IConnectionPointContainerVtbl container_vtable = {
    container_QueryInterface,
    container_AddRef,
    container_Release,
    container_EnumConnectionPoints,
    container_FindConnectionPoint,
};

static struct sim_connection *impl_from_IConnectionPoint(IConnectionPoint *iface)
{
    return CONTAINING_RECORD(iface, struct sim_connection, IConnectionPoint_iface);
}

static HRESULT STDMETHODCALLTYPE point_QueryInterface(IConnectionPoint *iface, REFIID riid,
                                                      void **object)
{
    if (object == NULL)
    {
        return E_POINTER;
    }
    *object = NULL;
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_IConnectionPoint))
    {
        return E_NOINTERFACE;
    }
    IConnectionPoint_AddRef(iface);
    *object = iface;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE point_AddRef(IConnectionPoint *iface)
{
    return IUnknown_AddRef(impl_from_IConnectionPoint(iface)->owner);
}

static ULONG STDMETHODCALLTYPE point_Release(IConnectionPoint *iface)
{
    return IUnknown_Release(impl_from_IConnectionPoint(iface)->owner);
}

static HRESULT STDMETHODCALLTYPE point_GetConnectionInterface(IConnectionPoint *iface, IID *iid)
{
    if (iid == NULL)
    {
        return E_POINTER;
    }
    *iid = IID_NULL;
    SIM_ENTER(IConnectionPoint_GetConnectionInterface);
    *iid = *impl_from_IConnectionPoint(iface)->callback_iid;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE
point_GetConnectionPointContainer(IConnectionPoint *iface, IConnectionPointContainer **container)
{
    struct sim_connection *connection = impl_from_IConnectionPoint(iface);
    if (container == NULL)
    {
        return E_POINTER;
    }
    *container = NULL;
    SIM_ENTER(IConnectionPoint_GetConnectionPointContainer);
    IUnknown_AddRef(connection->owner);
    *container = &connection->IConnectionPointContainer_iface;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE point_Advise(IConnectionPoint *iface, IUnknown *client,
                                              DWORD *cookie)
{
    struct sim_connection *connection = impl_from_IConnectionPoint(iface);
    void *sink = NULL;
    if (client == NULL || cookie == NULL)
    {
        return E_POINTER;
    }
    *cookie = 0;
    SIM_ENTER(IConnectionPoint_Advise);
    if (FAILED(IUnknown_QueryInterface(client, connection->callback_iid, &sink)))
    {
        return CONNECT_E_CANNOTCONNECT;
    }
    AcquireSRWLockExclusive(&connection->lock);
    bool is_free = connection->sink == NULL;
    if (is_free)
    {
        connection->sink = sink;
        connection->cookie = (DWORD)InterlockedIncrement(&last_cookie);
        *cookie = connection->cookie;
    }
    ReleaseSRWLockExclusive(&connection->lock);
    if (!is_free)
    {
        IUnknown_Release((IUnknown *)sink);
        return CONNECT_E_ADVISELIMIT;
    }
    if (connection->on_advise != NULL)
    {
        connection->on_advise(connection->owner);
    }
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE point_Unadvise(IConnectionPoint *iface, DWORD cookie)
{
    struct sim_connection *connection = impl_from_IConnectionPoint(iface);
    SIM_ENTER(IConnectionPoint_Unadvise);
    AcquireSRWLockExclusive(&connection->lock);
    bool is_known = connection->sink != NULL && connection->cookie == cookie;
    IUnknown *sink = is_known ? connection->sink : NULL;
    if (is_known)
    {
        connection->sink = NULL;
    }
    ReleaseSRWLockExclusive(&connection->lock);
    if (sink != NULL)
    {
        IUnknown_Release(sink);
    }
    return is_known ? S_OK : CONNECT_E_NOCONNECTION;
}

static HRESULT STDMETHODCALLTYPE point_EnumConnections(IConnectionPoint *iface,
                                                       IEnumConnections **enumerator)
{
    struct sim_connection *connection = impl_from_IConnectionPoint(iface);
    CONNECTDATA data = {NULL, 0};
    if (enumerator == NULL)
    {
        return E_POINTER;
    }
    *enumerator = NULL;
    SIM_ENTER(IConnectionPoint_EnumConnections);
    if (!sim_module_options()->has_enum_connections)
    {
        return E_NOTIMPL; /* as OPC allows: with one connection there is nothing to enumerate */
    }
    AcquireSRWLockExclusive(&connection->lock);
    data = (CONNECTDATA){connection->sink, connection->cookie};
    if (data.pUnk != NULL)
    {
        IUnknown_AddRef(data.pUnk);
    }
    ReleaseSRWLockExclusive(&connection->lock);
    HRESULT result = sim_enumerator_create_connections(&data, (IUnknown **)enumerator);
    if (data.pUnk != NULL)
    {
        IUnknown_Release(data.pUnk);
    }
    return result;
}

static const IConnectionPointVtbl point_vtable = {
    point_QueryInterface,
    point_AddRef,
    point_Release,
    point_GetConnectionInterface,
    point_GetConnectionPointContainer,
    point_Advise,
    point_Unadvise,
    point_EnumConnections,
};

IUnknown *sim_connection_get_sink(struct sim_connection *connection)
{
    AcquireSRWLockExclusive(&connection->lock);
    IUnknown *sink = connection->sink;
    if (sink != NULL)
    {
        IUnknown_AddRef(sink); /* a proxy's count is local: no call goes out */
    }
    ReleaseSRWLockExclusive(&connection->lock);
    return sink;
}

void sim_connection_drop(struct sim_connection *connection, const IUnknown *only)
{
    AcquireSRWLockExclusive(&connection->lock);
    IUnknown *sink = connection->sink;
    if (only != NULL && sink != only)
    {
        sink = NULL;
    }
    if (sink != NULL)
    {
        connection->sink = NULL;
    }
    ReleaseSRWLockExclusive(&connection->lock);
    if (sink != NULL)
    {
        IUnknown_Release(sink);
    }
}

bool sim_connection_is_advised(struct sim_connection *connection)
{
    AcquireSRWLockShared(&connection->lock);
    bool is_advised = connection->sink != NULL;
    ReleaseSRWLockShared(&connection->lock);
    return is_advised;
}

void sim_connection_init(struct sim_connection *connection, IUnknown *owner,
                         const IID *callback_iid, void (*on_advise)(IUnknown *owner))
{
    connection->IConnectionPointContainer_iface.lpVtbl = &container_vtable;
    connection->IConnectionPoint_iface.lpVtbl = &point_vtable;
    connection->owner = owner;
    connection->callback_iid = callback_iid;
    connection->on_advise = on_advise;
    InitializeSRWLock(&connection->lock);
    connection->sink = NULL;
    connection->cookie = 0;
}
