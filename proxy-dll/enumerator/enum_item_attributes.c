#include <stdbool.h>

#include "call/hresult_class.h"
#include "enumerator/com_object.h"
#include "enumerator/item_attributes.h"
#include "module/memory.h"

struct enum_item_attributes
{
    IEnumOPCItemAttributes IEnumOPCItemAttributes_iface;
    struct rm_com_object object;
    struct rm_item_attributes *attributes;
    volatile LONG position;
};

static struct enum_item_attributes *impl_from_IEnumOPCItemAttributes(IEnumOPCItemAttributes *iface)
{
    return CONTAINING_RECORD(iface, struct enum_item_attributes, IEnumOPCItemAttributes_iface);
}

static void destroy_enum(struct rm_com_object *object)
{
    struct enum_item_attributes *enumerator =
        CONTAINING_RECORD(object, struct enum_item_attributes, object);

    rm_item_attributes_release(enumerator->attributes);
    rm_free(enumerator);
}

static HRESULT STDMETHODCALLTYPE enum_item_attributes_QueryInterface(IEnumOPCItemAttributes *iface,
                                                                     REFIID iid, void **out)
{
    return rm_com_object_query(&impl_from_IEnumOPCItemAttributes(iface)->object, iid, out);
}

static ULONG STDMETHODCALLTYPE enum_item_attributes_AddRef(IEnumOPCItemAttributes *iface)
{
    return rm_com_object_add_ref(&impl_from_IEnumOPCItemAttributes(iface)->object);
}

static ULONG STDMETHODCALLTYPE enum_item_attributes_Release(IEnumOPCItemAttributes *iface)
{
    return rm_com_object_release(&impl_from_IEnumOPCItemAttributes(iface)->object);
}

/* When memory runs out, what was copied stays in *copy, which can be cleared. */
static bool copy_element(OPCITEMATTRIBUTES *copy, OPCITEMATTRIBUTES *element)
{
    *copy = *element;
    copy->szAccessPath = rm_com_wcsdup(element->szAccessPath);
    copy->szItemID = rm_com_wcsdup(element->szItemID);
    copy->pBlob = NULL;
    copy->dwBlobSize = 0;
    VariantInit(&copy->vEUInfo);
    if ((element->szAccessPath && !copy->szAccessPath) || (element->szItemID && !copy->szItemID))
        return false;
    if (element->pBlob && element->dwBlobSize)
    {
        copy->pBlob = CoTaskMemAlloc(element->dwBlobSize);
        if (!copy->pBlob)
            return false;
        memcpy(copy->pBlob, element->pBlob, element->dwBlobSize);
        copy->dwBlobSize = element->dwBlobSize;
    }
    return SUCCEEDED(VariantCopy(&copy->vEUInfo, &element->vEUInfo));
}

static void free_elements(OPCITEMATTRIBUTES *elements, ULONG count)
{
    for (ULONG i = 0; i < count; i++)
    {
        CoTaskMemFree(elements[i].szAccessPath);
        CoTaskMemFree(elements[i].szItemID);
        CoTaskMemFree(elements[i].pBlob);
        VariantClear(&elements[i].vEUInfo);
    }
    CoTaskMemFree(elements);
}

static HRESULT STDMETHODCALLTYPE enum_item_attributes_Next(IEnumOPCItemAttributes *iface,
                                                           ULONG count,
                                                           OPCITEMATTRIBUTES **elements,
                                                           ULONG *fetched)
{
    struct enum_item_attributes *enumerator = impl_from_IEnumOPCItemAttributes(iface);
    ULONG position = (ULONG)enumerator->position;
    ULONG left = enumerator->attributes->count - position;
    ULONG given = count < left ? count : left;
    OPCITEMATTRIBUTES *copies;

    if (elements)
        *elements = NULL;
    if (fetched)
        *fetched = 0;
    if (!elements || !fetched)
        return RM_HRESULT_NULL_REF;
    if (given)
    {
        copies = CoTaskMemAlloc(given * sizeof(*copies));
        if (!copies)
            return E_OUTOFMEMORY;
        for (ULONG i = 0; i < given; i++)
        {
            if (!copy_element(&copies[i], &enumerator->attributes->elements[position + i]))
            {
                free_elements(copies, i + 1);
                return E_OUTOFMEMORY;
            }
        }
        *elements = copies;
    }
    enumerator->position = (LONG)(position + given);
    *fetched = given;
    return given == count ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE enum_item_attributes_Skip(IEnumOPCItemAttributes *iface,
                                                           ULONG count)
{
    struct enum_item_attributes *enumerator = impl_from_IEnumOPCItemAttributes(iface);
    ULONG left = enumerator->attributes->count - (ULONG)enumerator->position;
    ULONG skipped = count < left ? count : left;

    enumerator->position += (LONG)skipped;
    return skipped == count ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE enum_item_attributes_Reset(IEnumOPCItemAttributes *iface)
{
    impl_from_IEnumOPCItemAttributes(iface)->position = 0;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE enum_item_attributes_Clone(IEnumOPCItemAttributes *iface,
                                                            IEnumOPCItemAttributes **clone)
{
    struct enum_item_attributes *enumerator = impl_from_IEnumOPCItemAttributes(iface);

    if (!clone)
        return RM_HRESULT_NULL_REF;
    return rm_enum_item_attributes_new(enumerator->attributes, (ULONG)enumerator->position, clone);
}

static const IEnumOPCItemAttributesVtbl enum_item_attributes_vtbl = {
    enum_item_attributes_QueryInterface, enum_item_attributes_AddRef, enum_item_attributes_Release,
    enum_item_attributes_Next,           enum_item_attributes_Skip,   enum_item_attributes_Reset,
    enum_item_attributes_Clone,
};

HRESULT rm_enum_item_attributes_new(struct rm_item_attributes *attributes, ULONG position,
                                    IEnumOPCItemAttributes **enumerator_out)
{
    struct enum_item_attributes *enumerator = rm_alloc_zero(1, sizeof(*enumerator));
    HRESULT hr;

    *enumerator_out = NULL;
    if (!enumerator)
        return E_OUTOFMEMORY;
    enumerator->IEnumOPCItemAttributes_iface.lpVtbl = &enum_item_attributes_vtbl;
    enumerator->position = (LONG)position;
    hr = rm_com_object_init(&enumerator->object, &enumerator->IEnumOPCItemAttributes_iface,
                            &IID_IEnumOPCItemAttributes, destroy_enum);
    if (FAILED(hr))
    {
        rm_free(enumerator);
        return hr;
    }
    rm_item_attributes_add_ref(attributes);
    enumerator->attributes = attributes;
    *enumerator_out = &enumerator->IEnumOPCItemAttributes_iface;
    return S_OK;
}
