#include <stdbool.h>

#include "call/hresult_class.h"
#include "enumerator/com_object.h"
#include "module/memory.h"
#include "points/connection_point.h"

struct enum_points
{
    IEnumConnectionPoints IEnumConnectionPoints_iface;
    struct rm_com_object object;
    IConnectionPoint *point;
    ULONG position; /* 0, or 1 at the end */
};

static struct enum_points *impl_from_IEnumConnectionPoints(IEnumConnectionPoints *iface)
{
    return CONTAINING_RECORD(iface, struct enum_points, IEnumConnectionPoints_iface);
}

static void destroy_enum_points(struct rm_com_object *object)
{
    struct enum_points *enumerator = CONTAINING_RECORD(object, struct enum_points, object);

    IConnectionPoint_Release(enumerator->point);
    rm_free(enumerator);
}

static HRESULT STDMETHODCALLTYPE enum_points_QueryInterface(IEnumConnectionPoints *iface,
                                                            REFIID iid, void **out)
{
    return rm_com_object_query(&impl_from_IEnumConnectionPoints(iface)->object, iid, out);
}

static ULONG STDMETHODCALLTYPE enum_points_AddRef(IEnumConnectionPoints *iface)
{
    return rm_com_object_add_ref(&impl_from_IEnumConnectionPoints(iface)->object);
}

static ULONG STDMETHODCALLTYPE enum_points_Release(IEnumConnectionPoints *iface)
{
    return rm_com_object_release(&impl_from_IEnumConnectionPoints(iface)->object);
}

static HRESULT STDMETHODCALLTYPE enum_points_Next(IEnumConnectionPoints *iface, ULONG count,
                                                  IConnectionPoint **points, ULONG *fetched)
{
    struct enum_points *enumerator = impl_from_IEnumConnectionPoints(iface);
    ULONG given = count && !enumerator->position ? 1 : 0;

    if (fetched)
        *fetched = 0;
    if (!points) /* fetched may be NULL with any count: the system's proxies have it so */
        return RM_HRESULT_NULL_REF;
    if (given)
    {
        IConnectionPoint_AddRef(enumerator->point);
        points[0] = enumerator->point;
        enumerator->position = 1;
    }
    if (fetched)
        *fetched = given;
    return given == count ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE enum_points_Skip(IEnumConnectionPoints *iface, ULONG count)
{
    struct enum_points *enumerator = impl_from_IEnumConnectionPoints(iface);
    bool is_there = count <= 1 - enumerator->position;

    if (count)
        enumerator->position = 1;
    return is_there ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE enum_points_Reset(IEnumConnectionPoints *iface)
{
    impl_from_IEnumConnectionPoints(iface)->position = 0;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE enum_points_Clone(IEnumConnectionPoints *iface,
                                                   IEnumConnectionPoints **clone)
{
    struct enum_points *enumerator = impl_from_IEnumConnectionPoints(iface);

    if (!clone)
        return RM_HRESULT_NULL_REF;
    return rm_enum_connection_points_new(enumerator->point, enumerator->position, clone);
}

static const IEnumConnectionPointsVtbl enum_points_vtbl = {
    enum_points_QueryInterface, enum_points_AddRef, enum_points_Release, enum_points_Next,
    enum_points_Skip,           enum_points_Reset,  enum_points_Clone,
};

HRESULT rm_enum_connection_points_new(IConnectionPoint *point, ULONG position,
                                      IEnumConnectionPoints **enumerator_out)
{
    struct enum_points *enumerator = rm_alloc_zero(1, sizeof(*enumerator));
    HRESULT hr;

    *enumerator_out = NULL;
    if (!enumerator)
        return E_OUTOFMEMORY;
    enumerator->IEnumConnectionPoints_iface.lpVtbl = &enum_points_vtbl;
    enumerator->position = position;
    hr = rm_com_object_init(&enumerator->object, &enumerator->IEnumConnectionPoints_iface,
                            &IID_IEnumConnectionPoints, destroy_enum_points);
    if (FAILED(hr))
    {
        rm_free(enumerator);
        return hr;
    }
    IConnectionPoint_AddRef(point);
    enumerator->point = point;
    *enumerator_out = &enumerator->IEnumConnectionPoints_iface;
    return S_OK;
}
