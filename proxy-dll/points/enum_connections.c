/* IConnectionPoint::EnumConnections: whether there is such a thing is the server's to say; what the
 * connections are is ours, for its only one is with us. */
#include "call/hresult_class.h"
#include "link/link.h"
#include "points/connection_point.h"
#include "server/forward.h"

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
    made = rm_enum_connections_new(&connection, enumerator_out);
    if (connection.pUnk)
        IUnknown_Release(connection.pUnk);
    return FAILED(made) ? made : hr;
}
