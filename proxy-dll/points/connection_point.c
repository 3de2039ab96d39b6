#include "points/connection_point.h"

#include <olectl.h>

#include "call/hresult_class.h"
#include "enumerator/com_object.h"
#include "module/memory.h"

struct connection_point
{
    IConnectionPoint IConnectionPoint_iface;
    struct rm_com_object object;
    const struct rm_point_class *point_class;
    void *owner; /* kept alive by a reference to its container */
};

static struct connection_point *impl_from_IConnectionPoint(IConnectionPoint *iface)
{
    return CONTAINING_RECORD(iface, struct connection_point, IConnectionPoint_iface);
}

static void destroy_point(struct rm_com_object *object)
{
    struct connection_point *point = CONTAINING_RECORD(object, struct connection_point, object);

    IConnectionPointContainer_Release(point->point_class->container(point->owner));
    rm_free(point);
}

static HRESULT STDMETHODCALLTYPE point_QueryInterface(IConnectionPoint *iface, REFIID iid,
                                                      void **out)
{
    return rm_com_object_query(&impl_from_IConnectionPoint(iface)->object, iid, out);
}

static ULONG STDMETHODCALLTYPE point_AddRef(IConnectionPoint *iface)
{
    return rm_com_object_add_ref(&impl_from_IConnectionPoint(iface)->object);
}

static ULONG STDMETHODCALLTYPE point_Release(IConnectionPoint *iface)
{
    return rm_com_object_release(&impl_from_IConnectionPoint(iface)->object);
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
    struct connection_point *point = impl_from_IConnectionPoint(iface);

    if (!container)
        return RM_HRESULT_NULL_REF;
    *container = point->point_class->container(point->owner);
    IConnectionPointContainer_AddRef(*container);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE point_Advise(IConnectionPoint *iface, IUnknown *sink,
                                              DWORD *cookie)
{
    struct connection_point *point = impl_from_IConnectionPoint(iface);

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
    struct connection_point *point = impl_from_IConnectionPoint(iface);

    return point->point_class->unadvise(point->owner, cookie);
}

static HRESULT STDMETHODCALLTYPE point_EnumConnections(IConnectionPoint *iface,
                                                       IEnumConnections **enumerator)
{
    (void)iface;
    if (!enumerator)
        return RM_HRESULT_NULL_REF;
    *enumerator = NULL;
    return E_NOTIMPL;
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

HRESULT rm_connection_point_new(const struct rm_point_class *point_class, void *owner,
                                IConnectionPoint **point_out)
{
    struct connection_point *point = rm_alloc_zero(1, sizeof(*point));
    HRESULT hr;

    *point_out = NULL;
    if (!point)
        return E_OUTOFMEMORY;
    point->IConnectionPoint_iface.lpVtbl = &point_vtbl;
    point->point_class = point_class;
    point->owner = owner;
    hr = rm_com_object_init(&point->object, &point->IConnectionPoint_iface, &IID_IConnectionPoint,
                            destroy_point);
    if (FAILED(hr))
    {
        rm_free(point);
        return hr;
    }
    IConnectionPointContainer_AddRef(point_class->container(owner));
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
    return rm_connection_point_new(point_class, owner, point_out);
}

HRESULT rm_points_enum(const struct rm_point_class *point_class, void *owner,
                       IEnumConnectionPoints **enumerator_out)
{
    IConnectionPoint *point;
    HRESULT hr;

    if (!enumerator_out)
        return RM_HRESULT_NULL_REF;
    *enumerator_out = NULL;
    hr = rm_connection_point_new(point_class, owner, &point);
    if (FAILED(hr))
        return hr;
    hr = rm_enum_connection_points_new(point, 0, enumerator_out);
    IConnectionPoint_Release(point);
    return hr;
}
