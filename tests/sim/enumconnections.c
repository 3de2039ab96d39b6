#include "enumconnections.h"

#include <stdlib.h>

struct connections
{
    IEnumConnections IEnumConnections_iface;
    LONG refs;
    CONNECTDATA connection;
    LONG position; /* 1 at the end */
};

static struct connections *impl_from_IEnumConnections(IEnumConnections *iface)
{
    return CONTAINING_RECORD(iface, struct connections, IEnumConnections_iface);
}

static HRESULT STDMETHODCALLTYPE connections_QueryInterface(IEnumConnections *iface, REFIID iid,
                                                            void **object)
{
    if (object == NULL)
    {
        return E_POINTER;
    }
    *object = NULL;
    if (!IsEqualIID(iid, &IID_IUnknown) && !IsEqualIID(iid, &IID_IEnumConnections))
    {
        return E_NOINTERFACE;
    }
    IEnumConnections_AddRef(iface);
    *object = iface;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE connections_AddRef(IEnumConnections *iface)
{
    return (ULONG)InterlockedIncrement(&impl_from_IEnumConnections(iface)->refs);
}

static ULONG STDMETHODCALLTYPE connections_Release(IEnumConnections *iface)
{
    struct connections *connections = impl_from_IEnumConnections(iface);
    ULONG refs = (ULONG)InterlockedDecrement(&connections->refs);
    if (refs == 0)
    {
        if (connections->connection.pUnk != NULL)
        {
            IUnknown_Release(connections->connection.pUnk);
        }
        free(connections);
    }
    return refs;
}

static HRESULT STDMETHODCALLTYPE connections_Next(IEnumConnections *iface, ULONG count,
                                                  CONNECTDATA *elements, ULONG *fetched)
{
    struct connections *connections = impl_from_IEnumConnections(iface);
    if (elements == NULL)
    {
        return E_POINTER;
    }
    ULONG given = count > 0 && InterlockedExchange(&connections->position, 1) == 0 ? 1 : 0;
    if (given > 0)
    {
        elements[0] = connections->connection;
        IUnknown_AddRef(elements[0].pUnk);
    }
    if (fetched != NULL)
    {
        *fetched = given;
    }
    return given == count ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE connections_Skip(IEnumConnections *iface, ULONG count)
{
    struct connections *connections = impl_from_IEnumConnections(iface);
    ULONG skipped = count > 0 && InterlockedExchange(&connections->position, 1) == 0 ? 1 : 0;
    return skipped == count ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE connections_Reset(IEnumConnections *iface)
{
    struct connections *connections = impl_from_IEnumConnections(iface);
    InterlockedExchange(&connections->position, connections->connection.pUnk == NULL);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE connections_Clone(IEnumConnections *iface,
                                                   IEnumConnections **clone)
{
    struct connections *connections = impl_from_IEnumConnections(iface);
    if (clone == NULL)
    {
        return E_POINTER;
    }
    return sim_enumconnections_create(&connections->connection, connections->position, clone);
}

static const IEnumConnectionsVtbl connections_vtable = {
    connections_QueryInterface, connections_AddRef, connections_Release, connections_Next,
    connections_Skip,           connections_Reset,  connections_Clone,
};

HRESULT sim_enumconnections_create(const CONNECTDATA *connection, LONG position,
                                   IEnumConnections **enumerator)
{
    struct connections *connections = calloc(1, sizeof(*connections));
    *enumerator = NULL;
    if (connections == NULL)
    {
        return E_OUTOFMEMORY;
    }
    connections->IEnumConnections_iface.lpVtbl = &connections_vtable;
    connections->refs = 1;
    connections->connection = *connection;
    connections->position = connection->pUnk != NULL ? position : 1;
    if (connection->pUnk != NULL)
    {
        IUnknown_AddRef(connection->pUnk);
    }
    *enumerator = &connections->IEnumConnections_iface;
    return S_OK;
}
