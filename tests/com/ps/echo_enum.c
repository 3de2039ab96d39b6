/*
 * The enumerators, each of three elements.
 *
 * One structure serves all: each interface starts with IUnknown and the pointer to its vtable, and
 * IEnumGUID and IOPCEnumGUID are slot for slot the same.
 */
#include "echo.h"

#include "samples.h"

#define ELEMENTS 3

struct echo_enum
{
    union
    {
        IEnumOPCItemAttributes IEnumOPCItemAttributes_iface;
        IOPCEnumGUID IOPCEnumGUID_iface;
        IEnumString IEnumString_iface;
    } u;
    const IID *iid;
    ULONG position;
    LONG refs;
};

/* A new enumerator with one reference, without its vtable. */
static struct echo_enum *enum_alloc(const IID *iid, ULONG position)
{
    struct echo_enum *object = task_alloc(sizeof(*object));

    object->iid = iid;
    object->position = position;
    object->refs = 1;
    return object;
}

static ULONG enum_release(struct echo_enum *object)
{
    LONG refs = InterlockedDecrement(&object->refs);

    if (!refs)
        CoTaskMemFree(object);
    return (ULONG)refs;
}

static HRESULT enum_skip(struct echo_enum *object, ULONG count)
{
    ULONG left = ELEMENTS - object->position;

    trace(L"Skip %lu", count);
    object->position += min(count, left);
    return count <= left ? S_OK : S_FALSE;
}

static HRESULT enum_reset(struct echo_enum *object)
{
    trace(L"Reset");
    object->position = 0;
    return S_OK;
}

/* What all enumerators do alike, in the types of one interface. */
#define ENUM_METHODS(Iface, member)                                                                \
    static struct echo_enum *impl_from_##Iface(Iface *iface)                                       \
    {                                                                                              \
        return CONTAINING_RECORD(iface, struct echo_enum, u.Iface##_iface);                        \
    }                                                                                              \
    static HRESULT STDMETHODCALLTYPE member##_QueryInterface(Iface *iface, REFIID riid,            \
                                                             void **ppv)                           \
    {                                                                                              \
        struct echo_enum *object = impl_from_##Iface(iface);                                       \
        BOOL known = IsEqualIID(riid, object->iid) || IsEqualIID(riid, &IID_IUnknown);             \
                                                                                                   \
        *ppv = known ? iface : NULL;                                                               \
        if (known)                                                                                 \
            InterlockedIncrement(&object->refs);                                                   \
        return known ? S_OK : E_NOINTERFACE;                                                       \
    }                                                                                              \
    static ULONG STDMETHODCALLTYPE member##_AddRef(Iface *iface)                                   \
    {                                                                                              \
        return (ULONG)InterlockedIncrement(&impl_from_##Iface(iface)->refs);                       \
    }                                                                                              \
    static ULONG STDMETHODCALLTYPE member##_Release(Iface *iface)                                  \
    {                                                                                              \
        return enum_release(impl_from_##Iface(iface));                                             \
    }                                                                                              \
    static HRESULT STDMETHODCALLTYPE member##_Skip(Iface *iface, ULONG count)                      \
    {                                                                                              \
        return enum_skip(impl_from_##Iface(iface), count);                                         \
    }                                                                                              \
    static HRESULT STDMETHODCALLTYPE member##_Reset(Iface *iface)                                  \
    {                                                                                              \
        return enum_reset(impl_from_##Iface(iface));                                               \
    }

ENUM_METHODS(IEnumOPCItemAttributes, attributes)
ENUM_METHODS(IOPCEnumGUID, guid)
ENUM_METHODS(IEnumString, string)

/* Element 0 has everything, the others NULL where that is possible. */
static void fill_attributes(ULONG n, OPCITEMATTRIBUTES *item)
{
    item->bActive = (BOOL)n;
    item->hClient = 0xC3000000 + n;
    item->hServer = 0xD3000000 + n;
    item->dwAccessRights = 0xE3000000 + n;
    item->vtRequestedDataType = (VARTYPE)(VT_ARRAY + n);
    item->vtCanonicalDataType = (VARTYPE)(0x7000 + n);
    item->dwEUType = (OPCEUTYPE)n;
    if (n > 0)
        return;
    item->szAccessPath = task_string(L"COM1");
    item->szItemID = task_string(L"Plant.Temp");
    item->dwBlobSize = 5;
    item->pBlob = task_alloc(5);
    memcpy(item->pBlob, "\1\0\xFF\0\2", 5);
    sample_make(32, &item->vEUInfo);
}

static HRESULT STDMETHODCALLTYPE attributes_Next(IEnumOPCItemAttributes *iface, ULONG count,
                                                 OPCITEMATTRIBUTES **items, ULONG *fetched)
{
    struct echo_enum *object = impl_from_IEnumOPCItemAttributes(iface);

    trace(L"Next %lu", count);
    *fetched = min(count, ELEMENTS - object->position);
    *items = task_alloc(*fetched * sizeof(**items));
    for (ULONG i = 0; i < *fetched; i++)
        fill_attributes(object->position++, &(*items)[i]);
    return *fetched == count ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE attributes_Clone(IEnumOPCItemAttributes *iface,
                                                  IEnumOPCItemAttributes **result)
{
    trace(L"Clone");
    return echo_enum_attributes_create(impl_from_IEnumOPCItemAttributes(iface)->position,
                                       &IID_IEnumOPCItemAttributes, (void **)result);
}

static const IEnumOPCItemAttributesVtbl attributes_vtbl = {
    attributes_QueryInterface, attributes_AddRef, attributes_Release, attributes_Next,
    attributes_Skip,           attributes_Reset,  attributes_Clone,
};

HRESULT echo_enum_attributes_create(ULONG position, REFIID riid, void **result)
{
    struct echo_enum *object = enum_alloc(&IID_IEnumOPCItemAttributes, position);
    IEnumOPCItemAttributes *iface = &object->u.IEnumOPCItemAttributes_iface;
    HRESULT hr;

    iface->lpVtbl = &attributes_vtbl;
    hr = IEnumOPCItemAttributes_QueryInterface(iface, riid, result);
    IEnumOPCItemAttributes_Release(iface);
    return hr;
}

static HRESULT STDMETHODCALLTYPE guid_Next(IOPCEnumGUID *iface, ULONG count, GUID *guids,
                                           ULONG *fetched)
{
    struct echo_enum *object = impl_from_IOPCEnumGUID(iface);

    *fetched = min(count, ELEMENTS - object->position);
    for (ULONG i = 0; i < *fetched; i++)
    {
        guids[i] = IID_IOPCServerList;
        guids[i].Data1 = object->position++;
    }
    return *fetched == count ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE guid_Clone(IOPCEnumGUID *iface, IOPCEnumGUID **result)
{
    struct echo_enum *object = impl_from_IOPCEnumGUID(iface);

    return echo_enum_guid_create(object->position, object->iid, (void **)result);
}

static const IOPCEnumGUIDVtbl guid_vtbl = {
    guid_QueryInterface, guid_AddRef, guid_Release, guid_Next, guid_Skip, guid_Reset, guid_Clone,
};

HRESULT echo_enum_guid_create(ULONG position, REFIID riid, void **result)
{
    const IID *iid = IsEqualIID(riid, &IID_IEnumGUID) ? &IID_IEnumGUID : &IID_IOPCEnumGUID;
    struct echo_enum *object = enum_alloc(iid, position);
    IOPCEnumGUID *iface = &object->u.IOPCEnumGUID_iface;
    HRESULT hr;

    iface->lpVtbl = &guid_vtbl;
    hr = IOPCEnumGUID_QueryInterface(iface, riid, result);
    IOPCEnumGUID_Release(iface);
    return hr;
}

static HRESULT STDMETHODCALLTYPE string_Next(IEnumString *iface, ULONG count, LPOLESTR *strings,
                                             ULONG *fetched)
{
    static const WCHAR *const names[ELEMENTS] = {L"first", L"", L"third"};
    struct echo_enum *object = impl_from_IEnumString(iface);
    ULONG i;

    for (i = 0; i < count && object->position < ELEMENTS; i++)
        strings[i] = task_string(names[object->position++]);
    if (fetched)
        *fetched = i;
    return i == count ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE string_Clone(IEnumString *iface, IEnumString **result)
{
    (void)iface;
    *result = NULL;
    return E_NOTIMPL;
}

static const IEnumStringVtbl string_vtbl = {
    string_QueryInterface, string_AddRef, string_Release, string_Next,
    string_Skip,           string_Reset,  string_Clone,
};

HRESULT echo_enum_string_create(REFIID riid, void **result)
{
    struct echo_enum *object = enum_alloc(&IID_IEnumString, 0);
    IEnumString *iface = &object->u.IEnumString_iface;
    HRESULT hr;

    iface->lpVtbl = &string_vtbl;
    hr = IEnumString_QueryInterface(iface, riid, result);
    IEnumString_Release(iface);
    return hr;
}
