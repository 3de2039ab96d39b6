#include "points/connection_point.h"

#include <olectl.h>

#include "call/hresult_class.h"
#include "link/link_blankets.h"
#include "module/memory.h"
#include "server/blanket_call.h"

struct rm_connection_point
{
    IConnectionPoint IConnectionPoint_iface;
    const struct rm_point_class *point_class;
    void *owner;
    IUnknown *marshaler; /* free-threaded, aggregated */
    LONG refs;           /* the clients'; the container is referenced while there are any */
    struct rm_client_security security;
};

static struct rm_connection_point *impl_from_IConnectionPoint(IConnectionPoint *iface)
{
    return CONTAINING_RECORD(iface, struct rm_connection_point, IConnectionPoint_iface);
}

static struct rm_group *group_of(const struct rm_client_security *security)
{
    const struct rm_connection_point *point =
        CONTAINING_RECORD(security, struct rm_connection_point, security);

    return point->point_class->group(point->owner);
}

static unsigned mask_of(const struct rm_client_security *security, const IUnknown *proxy)
{
    return proxy == security->outer ? 1u << RM_GROUP_BLANKET_POINT : 0;
}

static HRESULT set_blanket(struct rm_client_security *security, unsigned mask,
                           struct rm_blanket *blanket)
{
    struct rm_group *group = group_of(security);

    return rm_blanket_set_once(group->session, group, mask, blanket);
}

/* A point is there while the client is advised; before that its container's proxy is asked. */
static HRESULT query_blanket(struct rm_client_security *security, unsigned mask,
                             struct rm_blanket_answer *answer)
{
    struct rm_group *group = group_of(security);

    return rm_blanket_query_once(group->session, group, mask | 1u << RM_GROUP_CONNECTION_POINTS,
                                 answer);
}

static const struct rm_client_security_class security_class = {mask_of, set_blanket, query_blanket};

static ULONG STDMETHODCALLTYPE point_AddRef(IConnectionPoint *iface)
{
    struct rm_connection_point *point = impl_from_IConnectionPoint(iface);
    LONG refs = InterlockedIncrement(&point->refs);

    if (refs == 1)
        IConnectionPointContainer_AddRef(point->point_class->container(point->owner));
    return (ULONG)refs;
}

static ULONG STDMETHODCALLTYPE point_Release(IConnectionPoint *iface)
{
    struct rm_connection_point *point = impl_from_IConnectionPoint(iface);
    IConnectionPointContainer *container = point->point_class->container(point->owner);
    LONG refs = InterlockedDecrement(&point->refs);

    if (!refs) /* the point may end with the container */
        IConnectionPointContainer_Release(container);
    return (ULONG)refs;
}

static HRESULT STDMETHODCALLTYPE point_QueryInterface(IConnectionPoint *iface, REFIID iid,
                                                      void **out)
{
    if (!out)
        return E_POINTER;
    *out = NULL;
    if (IsEqualIID(iid, &IID_IMarshal))
        return IUnknown_QueryInterface(impl_from_IConnectionPoint(iface)->marshaler, iid, out);
    if (rm_client_security_query(&impl_from_IConnectionPoint(iface)->security, iid, out))
        return S_OK;
    if (!IsEqualIID(iid, &IID_IUnknown) && !IsEqualIID(iid, &IID_IConnectionPoint))
        return E_NOINTERFACE;
    *out = iface;
    point_AddRef(iface);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE point_GetConnectionInterface(IConnectionPoint *iface, IID *iid)
{
    if (!iid)
        return RM_HRESULT_NULL_REF;
    *iid = *impl_from_IConnectionPoint(iface)->point_class->iid;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE
point_GetConnectionPointContainer(IConnectionPoint *iface, IConnectionPointContainer **container)
{
    struct rm_connection_point *point = impl_from_IConnectionPoint(iface);

    if (!container)
        return RM_HRESULT_NULL_REF;
    *container = point->point_class->container(point->owner);
    IConnectionPointContainer_AddRef(*container);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE point_Advise(IConnectionPoint *iface, IUnknown *sink,
                                              DWORD *cookie)
{
    struct rm_connection_point *point = impl_from_IConnectionPoint(iface);

    if (cookie)
        *cookie = 0;
    if (!cookie)
        return RM_HRESULT_NULL_REF;
    if (!sink) /* of interfaces NULL is no null reference: the server would see it */
        return E_POINTER;
    return point->point_class->advise(point->owner, sink, cookie);
}

static HRESULT STDMETHODCALLTYPE point_Unadvise(IConnectionPoint *iface, DWORD cookie)
{
    struct rm_connection_point *point = impl_from_IConnectionPoint(iface);

    return point->point_class->unadvise(point->owner, cookie);
}

static HRESULT STDMETHODCALLTYPE point_EnumConnections(IConnectionPoint *iface,
                                                       IEnumConnections **enumerator)
{
    struct rm_connection_point *point = impl_from_IConnectionPoint(iface);

    if (!enumerator)
        return RM_HRESULT_NULL_REF;
    return rm_points_connections(point->point_class, point->owner, enumerator);
}

static const IConnectionPointVtbl point_vtbl = {
    point_QueryInterface,
    point_AddRef,
    point_Release,
    point_GetConnectionInterface,
    point_GetConnectionPointContainer,
    point_Advise,
    point_Unadvise,
    point_EnumConnections,
};

void rm_connection_point_free(struct rm_connection_point *point)
{
    if (point && point->marshaler)
        IUnknown_Release(point->marshaler);
    if (point)
        rm_client_security_clear(&point->security);
    rm_free(point);
}

static HRESULT make_point(const struct rm_point_class *point_class, void *owner,
                          struct rm_connection_point **point_out)
{
    struct rm_connection_point *point = rm_alloc_zero(1, sizeof(*point));
    HRESULT hr;

    if (!point)
        return E_OUTOFMEMORY;
    point->IConnectionPoint_iface.lpVtbl = &point_vtbl;
    point->point_class = point_class;
    point->owner = owner;
    rm_client_security_init(&point->security, &point->IConnectionPoint_iface,
                            point_class->group ? &security_class : NULL);
    hr = CoCreateFreeThreadedMarshaler((IUnknown *)&point->IConnectionPoint_iface,
                                       &point->marshaler);
    if (FAILED(hr))
    {
        rm_connection_point_free(point);
        return hr;
    }
    *point_out = point;
    return S_OK;
}

/* With a reference. */
static HRESULT get_point(const struct rm_point_class *point_class, void *owner,
                         IConnectionPoint **point_out)
{
    struct rm_connection_point *volatile *kept = point_class->kept(owner);
    struct rm_connection_point *point = *kept, *other;

    if (!point)
    {
        HRESULT hr = make_point(point_class, owner, &point);

        if (FAILED(hr))
            return hr;
        other = InterlockedCompareExchangePointer((void *volatile *)kept, point, NULL);
        if (other)
        {
            rm_connection_point_free(point);
            point = other;
        }
    }
    point_AddRef(&point->IConnectionPoint_iface);
    *point_out = &point->IConnectionPoint_iface;
    return S_OK;
}

HRESULT rm_points_find(const struct rm_point_class *point_class, void *owner, REFIID iid,
                       IConnectionPoint **point_out)
{
    if (point_out)
        *point_out = NULL;
    if (!iid || !point_out)
        return RM_HRESULT_NULL_REF;
    if (!IsEqualIID(iid, point_class->iid))
        return CONNECT_E_NOCONNECTION;
    return get_point(point_class, owner, point_out);
}

HRESULT rm_points_enum(const struct rm_point_class *point_class, void *owner,
                       IEnumConnectionPoints **enumerator_out)
{
    IConnectionPoint *point;
    HRESULT hr;

    if (!enumerator_out)
        return RM_HRESULT_NULL_REF;
    *enumerator_out = NULL;
    hr = get_point(point_class, owner, &point);
    if (FAILED(hr))
        return hr;
    hr = rm_enum_connection_points_new(point, enumerator_out);
    IConnectionPoint_Release(point);
    return hr;
}
