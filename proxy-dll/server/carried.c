#include "server/carried.h"

#include <stdbool.h>

#include "module/memory.h"

struct rm_carried
{
    struct rm_carried *next;
    IUnknown **place;
    IStream *stream; /* NULL: unpacked */
    IID iid;
};

static bool is_multithreaded(void)
{
    APTTYPEQUALIFIER qualifier;
    APTTYPE type;

    return SUCCEEDED(CoGetApartmentType(&type, &qualifier)) && type == APTTYPE_MTA;
}

HRESULT rm_carried_pack(struct rm_carried **list, IUnknown **place, REFIID iid)
{
    struct rm_carried *carried;
    IUnknown *object = *place;
    HRESULT hr;

    if (!object || is_multithreaded())
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
