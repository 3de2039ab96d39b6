#include "server/carried.h"

#include "module/array_count.h"
#include "module/memory.h"

struct rm_carried
{
    struct rm_carried *next;
    IUnknown **place;
    IStream *stream; /* NULL: unpacked */
    IID iid;
};

static HRESULT pack_object(struct rm_carried **list, IUnknown **place, REFIID iid)
{
    struct rm_carried *carried;
    IUnknown *object = *place;
    HRESULT hr;

    if (!object)
        return S_OK;
    *place = NULL;
    carried = rm_alloc_zero(1, sizeof(*carried));
    hr = carried ? CoMarshalInterThreadInterfaceInStream(iid, object, &carried->stream)
                 : E_OUTOFMEMORY;
    IUnknown_Release(object);
    if (FAILED(hr))
    {
        rm_free(carried);
        return hr;
    }
    carried->place = place;
    carried->iid = *iid;
    carried->next = *list;
    *list = carried;
    return S_OK;
}

/* An array knows what it is of, but for some that were unmarshaled (Wine 8): then its VARIANT does.
 */
static VARTYPE type_of(SAFEARRAY *array, VARTYPE stated)
{
    VARTYPE type;

    if (SUCCEEDED(SafeArrayGetVartype(array, &type)))
        return type;
    return array->cbElements == sizeof(IUnknown *) && stated != VT_VARIANT ? stated : VT_EMPTY;
}

static HRESULT pack_elements(struct rm_carried **list, SAFEARRAY *array, VARTYPE type)
{
    ULONG count = rm_array_count(array);
    IUnknown **objects = array->pvData;
    VARIANT *values = array->pvData;
    HRESULT hr = S_OK;

    for (ULONG i = 0; i < count && SUCCEEDED(hr); i++)
    {
        if (type == VT_VARIANT)
            hr = rm_carried_pack(list, &values[i]);
        else if (type == VT_DISPATCH)
            hr = pack_object(list, &objects[i], &IID_IDispatch);
        else if (type == VT_UNKNOWN)
            hr = pack_object(list, &objects[i], &IID_IUnknown);
        else
            break;
    }
    return hr;
}

HRESULT rm_carried_pack(struct rm_carried **list, VARIANT *value)
{
    switch (V_VT(value))
    {
    case VT_UNKNOWN: return pack_object(list, &V_UNKNOWN(value), &IID_IUnknown);
    case VT_DISPATCH: return pack_object(list, (IUnknown **)&V_DISPATCH(value), &IID_IDispatch);
    default:
        if (!V_ISARRAY(value) || V_ISBYREF(value) || !V_ARRAY(value))
            return S_OK;
        return pack_elements(list, V_ARRAY(value),
                             type_of(V_ARRAY(value), (VARTYPE)(V_VT(value) & VT_TYPEMASK)));
    }
}

void rm_carried_unpack(struct rm_carried *list)
{
    for (; list; list = list->next)
    {
        IStream *stream = list->stream;

        list->stream = NULL;
        if (stream)
            CoGetInterfaceAndReleaseStream(stream, &list->iid, (void **)list->place);
    }
}

void rm_carried_release(struct rm_carried *list)
{
    for (; list; list = list->next)
    {
        IUnknown *proxy = list->stream ? NULL : *list->place;

        if (!proxy)
            continue;
        *list->place = NULL;
        IUnknown_Release(proxy);
    }
}

static void drop(IStream *stream)
{
    static const LARGE_INTEGER start = {
        {0, 0}
    };

    IStream_Seek(stream, start, STREAM_SEEK_SET, NULL);
    CoReleaseMarshalData(stream);
    IStream_Release(stream);
}

void rm_carried_free(struct rm_carried *list)
{
    while (list)
    {
        struct rm_carried *next = list->next;

        if (list->stream)
            drop(list->stream);
        rm_free(list);
        list = next;
    }
}
