/* IEnumConnectionPoints and IEnumConnections, over the one element that there is, if there is one.
 * Both have the same slots, and those of IEnumUnknown; they differ in what an element looks like,
 * so one table of methods serves both. */
#include <stdbool.h>

#include "call/hresult_class.h"
#include "enumerator/com_object.h"
#include "module/memory.h"
#include "points/connection_point.h"

struct enum_one
{
    IEnumUnknown IEnumUnknown_iface;
    struct rm_com_object object;
    CONNECTDATA element; /* pUnk with a reference, NULL: there is none; points have no cookie */
    ULONG position;      /* 1: at the end */
};

static HRESULT new_enumerator(const IID *iid, const CONNECTDATA *element, ULONG position,
                              void **enumerator_out);

static struct enum_one *impl_from_IEnumUnknown(IEnumUnknown *iface)
{
    return CONTAINING_RECORD(iface, struct enum_one, IEnumUnknown_iface);
}

static void destroy_enum_one(struct rm_com_object *object)
{
    struct enum_one *enumerator = CONTAINING_RECORD(object, struct enum_one, object);

    if (enumerator->element.pUnk)
        IUnknown_Release(enumerator->element.pUnk);
    rm_free(enumerator);
}

static HRESULT STDMETHODCALLTYPE enum_one_QueryInterface(IEnumUnknown *iface, REFIID iid,
                                                         void **out)
{
    return rm_com_object_query(&impl_from_IEnumUnknown(iface)->object, iid, out);
}

static ULONG STDMETHODCALLTYPE enum_one_AddRef(IEnumUnknown *iface)
{
    return rm_com_object_add_ref(&impl_from_IEnumUnknown(iface)->object);
}

static ULONG STDMETHODCALLTYPE enum_one_Release(IEnumUnknown *iface)
{
    return rm_com_object_release(&impl_from_IEnumUnknown(iface)->object);
}

/* elements: of what the interface has, pointers or CONNECTDATA. */
static HRESULT STDMETHODCALLTYPE enum_one_Next(IEnumUnknown *iface, ULONG count,
                                               IUnknown **elements, ULONG *fetched)
{
    struct enum_one *enumerator = impl_from_IEnumUnknown(iface);
    ULONG given = count && !enumerator->position ? 1 : 0;

    if (fetched)
        *fetched = 0;
    if (!elements) /* fetched may be NULL with any count: the system's proxies have it so */
        return RM_HRESULT_NULL_REF;
    if (given)
    {
        IUnknown_AddRef(enumerator->element.pUnk);
        if (IsEqualIID(enumerator->object.iid, &IID_IEnumConnections))
            *(CONNECTDATA *)(void *)elements = enumerator->element;
        else
            *elements = enumerator->element.pUnk;
        enumerator->position = 1;
    }
    if (fetched)
        *fetched = given;
    return given == count ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE enum_one_Skip(IEnumUnknown *iface, ULONG count)
{
    struct enum_one *enumerator = impl_from_IEnumUnknown(iface);
    bool is_there = count <= 1 - enumerator->position;

    if (count)
        enumerator->position = 1;
    return is_there ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE enum_one_Reset(IEnumUnknown *iface)
{
    struct enum_one *enumerator = impl_from_IEnumUnknown(iface);

    enumerator->position = enumerator->element.pUnk ? 0 : 1;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE enum_one_Clone(IEnumUnknown *iface, IEnumUnknown **clone)
{
    struct enum_one *enumerator = impl_from_IEnumUnknown(iface);

    if (!clone)
        return RM_HRESULT_NULL_REF;
    return new_enumerator(enumerator->object.iid, &enumerator->element, enumerator->position,
                          (void **)clone);
}

static const IEnumUnknownVtbl enum_one_vtbl = {
    enum_one_QueryInterface, enum_one_AddRef, enum_one_Release, enum_one_Next,
    enum_one_Skip,           enum_one_Reset,  enum_one_Clone,
};

static HRESULT new_enumerator(const IID *iid, const CONNECTDATA *element, ULONG position,
                              void **enumerator_out)
{
    struct enum_one *enumerator = rm_alloc_zero(1, sizeof(*enumerator));
    HRESULT hr;

    *enumerator_out = NULL;
    if (!enumerator)
        return E_OUTOFMEMORY;
    enumerator->IEnumUnknown_iface.lpVtbl = &enum_one_vtbl;
    enumerator->position = element->pUnk ? position : 1;
    hr = rm_com_object_init(&enumerator->object, &enumerator->IEnumUnknown_iface, iid,
                            destroy_enum_one);
    if (FAILED(hr))
    {
        rm_free(enumerator);
        return hr;
    }
    enumerator->element = *element;
    if (element->pUnk)
        IUnknown_AddRef(element->pUnk);
    *enumerator_out = &enumerator->IEnumUnknown_iface;
    return S_OK;
}

HRESULT rm_enum_connection_points_new(IConnectionPoint *point,
                                      IEnumConnectionPoints **enumerator_out)
{
    CONNECTDATA element = {(IUnknown *)point, 0};

    return new_enumerator(&IID_IEnumConnectionPoints, &element, 0, (void **)enumerator_out);
}

HRESULT rm_enum_connections_new(const CONNECTDATA *connection, IEnumConnections **enumerator_out)
{
    return new_enumerator(&IID_IEnumConnections, connection, 0, (void **)enumerator_out);
}
