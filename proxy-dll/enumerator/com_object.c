#include "enumerator/com_object.h"

#include "module/module.h"

HRESULT rm_com_object_init(struct rm_com_object *object, void *identity, const IID *iid,
                           void (*destroy)(struct rm_com_object *object))
{
    HRESULT hr;

    object->identity = identity;
    object->iid = iid;
    object->refs = 1;
    object->destroy = destroy;
    rm_client_security_init(&object->security, identity, NULL);
    hr = CoCreateFreeThreadedMarshaler(object->identity, &object->marshaler);
    if (SUCCEEDED(hr))
        rm_module_add_reference();
    return hr;
}

HRESULT rm_com_object_query(struct rm_com_object *object, REFIID iid, void **out)
{
    if (!out)
        return E_POINTER;
    *out = NULL;
    if (IsEqualIID(iid, &IID_IMarshal))
        return IUnknown_QueryInterface(object->marshaler, iid, out);
    if (rm_client_security_query(&object->security, iid, out))
        return S_OK;
    if (!IsEqualIID(iid, &IID_IUnknown) && !IsEqualIID(iid, object->iid))
        return E_NOINTERFACE;
    InterlockedIncrement(&object->refs);
    *out = object->identity;
    return S_OK;
}

ULONG rm_com_object_add_ref(struct rm_com_object *object)
{
    return (ULONG)InterlockedIncrement(&object->refs);
}

ULONG rm_com_object_release(struct rm_com_object *object)
{
    LONG refs = InterlockedDecrement(&object->refs);

    if (!refs)
    {
        IUnknown_Release(object->marshaler);
        rm_client_security_clear(&object->security);
        object->destroy(object);
        rm_module_release_reference();
    }
    return (ULONG)refs;
}
