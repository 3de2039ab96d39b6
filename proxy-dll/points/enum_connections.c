/* IConnectionPoint::EnumConnections: whether there is such a thing is the server's to say; what the
 * connections are is ours, for its only one is with us. */
#include <stdbool.h>

#include "call/hresult_class.h"
#include "enumerator/com_object.h"
#include "link/link.h"
#include "module/memory.h"
#include "points/connection_point.h"
#include "server/forward.h"

struct enum_connections
{
    IEnumConnections IEnumConnections_iface;
    struct rm_com_object object;
    CONNECTDATA connection; /* pUnk with a reference; NULL: there is none */
    ULONG position;         /* 1: at the end */
};

static HRESULT new_enumerator(const CONNECTDATA *connection, ULONG position,
                              IEnumConnections **enumerator_out);

static struct enum_connections *impl_from_IEnumConnections(IEnumConnections *iface)
{
    return CONTAINING_RECORD(iface, struct enum_connections, IEnumConnections_iface);
}

static void destroy_enum_connections(struct rm_com_object *object)
{
    struct enum_connections *enumerator =
        CONTAINING_RECORD(object, struct enum_connections, object);

    if (enumerator->connection.pUnk)
        IUnknown_Release(enumerator->connection.pUnk);
    rm_free(enumerator);
}

static HRESULT STDMETHODCALLTYPE enum_connections_QueryInterface(IEnumConnections *iface,
                                                                 REFIID iid, void **out)
{
    return rm_com_object_query(&impl_from_IEnumConnections(iface)->object, iid, out);
}

static ULONG STDMETHODCALLTYPE enum_connections_AddRef(IEnumConnections *iface)
{
    return rm_com_object_add_ref(&impl_from_IEnumConnections(iface)->object);
}

static ULONG STDMETHODCALLTYPE enum_connections_Release(IEnumConnections *iface)
{
    return rm_com_object_release(&impl_from_IEnumConnections(iface)->object);
}

static HRESULT STDMETHODCALLTYPE enum_connections_Next(IEnumConnections *iface, ULONG count,
                                                       CONNECTDATA *connections, ULONG *fetched)
{
    struct enum_connections *enumerator = impl_from_IEnumConnections(iface);
    ULONG given = count && !enumerator->position ? 1 : 0;

    if (fetched)
        *fetched = 0;
    if (!connections) /* fetched may be NULL with any count: the system's proxies have it so */
        return RM_HRESULT_NULL_REF;
    if (given)
    {
        connections[0] = enumerator->connection;
        IUnknown_AddRef(connections[0].pUnk);
        enumerator->position = 1;
    }
    if (fetched)
        *fetched = given;
    return given == count ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE enum_connections_Skip(IEnumConnections *iface, ULONG count)
{
    struct enum_connections *enumerator = impl_from_IEnumConnections(iface);
    bool is_there = count <= 1 - enumerator->position;

    if (count)
        enumerator->position = 1;
    return is_there ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE enum_connections_Reset(IEnumConnections *iface)
{
    struct enum_connections *enumerator = impl_from_IEnumConnections(iface);

    enumerator->position = enumerator->connection.pUnk ? 0 : 1;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE enum_connections_Clone(IEnumConnections *iface,
                                                        IEnumConnections **clone)
{
    struct enum_connections *enumerator = impl_from_IEnumConnections(iface);

    if (!clone)
        return RM_HRESULT_NULL_REF;
    return new_enumerator(&enumerator->connection, enumerator->position, clone);
}

static const IEnumConnectionsVtbl enum_connections_vtbl = {
    enum_connections_QueryInterface, enum_connections_AddRef, enum_connections_Release,
    enum_connections_Next,           enum_connections_Skip,   enum_connections_Reset,
    enum_connections_Clone,
};

static HRESULT new_enumerator(const CONNECTDATA *connection, ULONG position,
                              IEnumConnections **enumerator_out)
{
    struct enum_connections *enumerator = rm_alloc_zero(1, sizeof(*enumerator));
    HRESULT hr;

    *enumerator_out = NULL;
    if (!enumerator)
        return E_OUTOFMEMORY;
    enumerator->IEnumConnections_iface.lpVtbl = &enum_connections_vtbl;
    enumerator->connection = *connection;
    enumerator->position = connection->pUnk ? position : 1;
    hr = rm_com_object_init(&enumerator->object, &enumerator->IEnumConnections_iface,
                            &IID_IEnumConnections, destroy_enum_connections);
    if (FAILED(hr))
    {
        rm_free(enumerator);
        return hr;
    }
    if (connection->pUnk)
        IUnknown_AddRef(connection->pUnk);
    *enumerator_out = &enumerator->IEnumConnections_iface;
    return S_OK;
}

struct connections_call
{
    struct rm_forward forward;
    const IID *iid;
};

static HRESULT run_connections(struct rm_call *call, struct rm_link *link)
{
    struct connections_call *query = RM_FORWARD_OF(call, struct connections_call);
    IConnectionPointContainer *container = query->forward.real;
    IEnumConnections *connections = NULL;
    IConnectionPoint *point = NULL;
    HRESULT hr = IConnectionPointContainer_FindConnectionPoint(container, query->iid, &point);

    (void)link;
    if (SUCCEEDED(hr) && point)
    {
        hr = IConnectionPoint_EnumConnections(point, &connections);
        IConnectionPoint_Release(point);
    }
    if (connections)
        IEnumConnections_Release(connections);
    rm_forward_drop(&query->forward);
    return hr;
}

static const struct rm_call_class connections_class = {
    .name = "IConnectionPoint::EnumConnections",
    .kind = RM_CALL_IDEMPOTENT,
    .prepare = rm_forward_prepare,
    .run = run_connections,
    .destroy = rm_forward_destroy,
};

static HRESULT ask_once(const struct rm_point_class *point_class, void *owner)
{
    struct rm_group *group = point_class->group ? point_class->group(owner) : NULL;
    struct connections_call *query =
        rm_forward_new(sizeof(*query), &connections_class, point_class->session(owner), group,
                       group ? (int)RM_GROUP_CONNECTION_POINTS : (int)RM_SERVER_CONNECTION_POINTS);
    HRESULT hr;

    if (!query)
        return E_OUTOFMEMORY;
    query->iid = point_class->iid;
    hr = rm_forward_execute(&query->forward);
    rm_call_release(&query->forward.call);
    return hr;
}

HRESULT rm_points_connections(const struct rm_point_class *point_class, void *owner,
                              IEnumConnections **enumerator_out)
{
    CONNECTDATA connection = {NULL, 0};
    HRESULT hr, made;

    *enumerator_out = NULL;
    do
        hr = ask_once(point_class, owner);
    while (hr == RM_CALL_REPEAT);
    if (FAILED(hr))
        return hr;
    point_class->connection(owner, &connection);
    made = new_enumerator(&connection, 0, enumerator_out);
    if (connection.pUnk)
        IUnknown_Release(connection.pUnk);
    return FAILED(made) ? made : hr;
}
