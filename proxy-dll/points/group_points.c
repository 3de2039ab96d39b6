#include "delivery/client_sink.h"
#include "group/group_object.h"
#include "points/connection_point.h"
#include "session/session.h"

static struct rm_group *impl_from_IConnectionPointContainer(IConnectionPointContainer *iface)
{
    return CONTAINING_RECORD(iface, struct rm_group, IConnectionPointContainer_iface);
}

static IConnectionPointContainer *get_container(void *owner)
{
    return &((struct rm_group *)owner)->IConnectionPointContainer_iface;
}

static struct rm_connection_point *volatile *get_kept(void *owner)
{
    return &((struct rm_group *)owner)->point;
}

static HRESULT advise_data(void *owner, IUnknown *sink, DWORD *cookie)
{
    return rm_group_advise(owner, sink, cookie);
}

static HRESULT unadvise_data(void *owner, DWORD cookie)
{
    return rm_group_unadvise(owner, cookie);
}

static struct rm_group *get_group(void *owner)
{
    return owner;
}

static struct rm_session *get_session(void *owner)
{
    return ((struct rm_group *)owner)->session;
}

static void get_connection(void *owner, CONNECTDATA *connection)
{
    struct rm_group *group = owner;
    struct rm_client_sink *sink;
    DWORD cookie;

    rm_session_lock(group->session);
    sink = group->sink;
    cookie = group->sink_cookie;
    if (sink)
        rm_client_sink_add_ref(sink);
    rm_session_unlock(group->session);
    if (!sink)
        return;
    connection->pUnk = (IUnknown *)rm_client_sink_take(sink);
    connection->dwCookie = cookie;
    rm_client_sink_release(sink);
}

static const struct rm_point_class data_point = {
    .iid = &IID_IOPCDataCallback,
    .container = get_container,
    .kept = get_kept,
    .advise = advise_data,
    .unadvise = unadvise_data,
    .group = get_group,
    .session = get_session,
    .connection = get_connection,
};

static HRESULT STDMETHODCALLTYPE group_points_QueryInterface(IConnectionPointContainer *iface,
                                                             REFIID iid, void **out)
{
    return rm_group_object_query(impl_from_IConnectionPointContainer(iface), iid, out);
}

static ULONG STDMETHODCALLTYPE group_points_AddRef(IConnectionPointContainer *iface)
{
    return rm_group_object_add_ref(impl_from_IConnectionPointContainer(iface));
}

static ULONG STDMETHODCALLTYPE group_points_Release(IConnectionPointContainer *iface)
{
    return rm_group_object_release(impl_from_IConnectionPointContainer(iface));
}

static HRESULT STDMETHODCALLTYPE group_points_EnumConnectionPoints(
    IConnectionPointContainer *iface, IEnumConnectionPoints **enumerator)
{
    return rm_points_enum(&data_point, impl_from_IConnectionPointContainer(iface), enumerator);
}

static HRESULT STDMETHODCALLTYPE group_points_FindConnectionPoint(IConnectionPointContainer *iface,
                                                                  REFIID iid,
                                                                  IConnectionPoint **point)
{
    return rm_points_find(&data_point, impl_from_IConnectionPointContainer(iface), iid, point);
}

const IConnectionPointContainerVtbl rm_group_points_vtbl = {
    group_points_QueryInterface,
    group_points_AddRef,
    group_points_Release,
    group_points_EnumConnectionPoints,
    group_points_FindConnectionPoint,
};
