#include "enumerator/enum_string.h"

#include "call/hresult_class.h"
#include "enumerator/com_object.h"
#include "module/memory.h"

struct string_list
{
    LONG refs;
    ULONG count;
    WCHAR *strings[];
};

struct enum_string
{
    IEnumString IEnumString_iface;
    struct rm_com_object object;
    struct string_list *list;
    volatile LONG position;
};

static struct enum_string *impl_from_IEnumString(IEnumString *iface)
{
    return CONTAINING_RECORD(iface, struct enum_string, IEnumString_iface);
}

static void release_list(struct string_list *list)
{
    if (InterlockedDecrement(&list->refs))
        return;
    for (ULONG i = 0; i < list->count; i++)
        rm_free(list->strings[i]);
    rm_free(list);
}

static void destroy_enum_string(struct rm_com_object *object)
{
    struct enum_string *enumerator = CONTAINING_RECORD(object, struct enum_string, object);

    release_list(enumerator->list);
    rm_free(enumerator);
}

static HRESULT STDMETHODCALLTYPE enum_string_QueryInterface(IEnumString *iface, REFIID iid,
                                                            void **out)
{
    return rm_com_object_query(&impl_from_IEnumString(iface)->object, iid, out);
}

static ULONG STDMETHODCALLTYPE enum_string_AddRef(IEnumString *iface)
{
    return rm_com_object_add_ref(&impl_from_IEnumString(iface)->object);
}

static ULONG STDMETHODCALLTYPE enum_string_Release(IEnumString *iface)
{
    return rm_com_object_release(&impl_from_IEnumString(iface)->object);
}

static HRESULT STDMETHODCALLTYPE enum_string_Next(IEnumString *iface, ULONG count,
                                                  LPOLESTR *strings, ULONG *fetched)
{
    struct enum_string *enumerator = impl_from_IEnumString(iface);
    ULONG position = (ULONG)enumerator->position;
    ULONG left = enumerator->list->count - position;
    ULONG given = count < left ? count : left;

    if (fetched)
        *fetched = 0;
    if (!strings) /* fetched may be NULL with any count: the system's proxies have it so */
        return RM_HRESULT_NULL_REF;
    for (ULONG i = 0; i < given; i++)
    {
        strings[i] = rm_com_wcsdup(enumerator->list->strings[position + i]);
        if (strings[i])
            continue;
        while (i)
        {
            CoTaskMemFree(strings[--i]);
            strings[i] = NULL;
        }
        return E_OUTOFMEMORY;
    }
    enumerator->position = (LONG)(position + given);
    if (fetched)
        *fetched = given;
    return given == count ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE enum_string_Skip(IEnumString *iface, ULONG count)
{
    struct enum_string *enumerator = impl_from_IEnumString(iface);
    ULONG left = enumerator->list->count - (ULONG)enumerator->position;
    ULONG skipped = count < left ? count : left;

    enumerator->position += (LONG)skipped;
    return skipped == count ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE enum_string_Reset(IEnumString *iface)
{
    impl_from_IEnumString(iface)->position = 0;
    return S_OK;
}

static HRESULT create(struct string_list *list, LONG position, IEnumString **enumerator_out);

static HRESULT STDMETHODCALLTYPE enum_string_Clone(IEnumString *iface, IEnumString **clone)
{
    struct enum_string *enumerator = impl_from_IEnumString(iface);

    if (!clone)
        return RM_HRESULT_NULL_REF;
    *clone = NULL;
    return create(enumerator->list, enumerator->position, clone);
}

static const IEnumStringVtbl enum_string_vtbl = {
    enum_string_QueryInterface, enum_string_AddRef, enum_string_Release, enum_string_Next,
    enum_string_Skip,           enum_string_Reset,  enum_string_Clone,
};

/* Adds a reference to the list. */
static HRESULT create(struct string_list *list, LONG position, IEnumString **enumerator_out)
{
    struct enum_string *enumerator = rm_alloc_zero(1, sizeof(*enumerator));
    HRESULT hr;

    if (!enumerator)
        return E_OUTOFMEMORY;
    enumerator->IEnumString_iface.lpVtbl = &enum_string_vtbl;
    enumerator->list = list;
    enumerator->position = position;
    hr = rm_com_object_init(&enumerator->object, &enumerator->IEnumString_iface, &IID_IEnumString,
                            destroy_enum_string);
    if (FAILED(hr))
    {
        rm_free(enumerator);
        return hr;
    }
    InterlockedIncrement(&list->refs);
    *enumerator_out = &enumerator->IEnumString_iface;
    return S_OK;
}

HRESULT rm_enum_string_new(const WCHAR *const *strings, ULONG count, IEnumString **enumerator_out)
{
    struct string_list *list =
        rm_alloc_zero(1, sizeof(*list) + (size_t)count * sizeof(list->strings[0]));
    HRESULT hr = S_OK;

    *enumerator_out = NULL;
    if (!list)
        return E_OUTOFMEMORY;
    list->refs = 1;
    for (ULONG i = 0; i < count && SUCCEEDED(hr); i++)
    {
        list->strings[i] = rm_wcsdup(strings[i]);
        if (list->strings[i])
            list->count++;
        else
            hr = E_OUTOFMEMORY;
    }
    if (SUCCEEDED(hr))
        hr = create(list, 0, enumerator_out);
    release_list(list);
    return hr;
}
