#include "enumerator/item_attributes.h"

#include <string.h>

#include "module/memory.h"
#include "server/forward.h"
#include "session/shadow.h"

#define CHUNK 1000 /* elements for one call */

static void clear_element(OPCITEMATTRIBUTES *element)
{
    CoTaskMemFree(element->szAccessPath);
    CoTaskMemFree(element->szItemID);
    CoTaskMemFree(element->pBlob);
    VariantClear(&element->vEUInfo);
}

void rm_item_attributes_cut(struct rm_item_attributes *attributes, DWORD count)
{
    while (attributes->count > count)
        clear_element(&attributes->elements[--attributes->count]);
}

void rm_item_attributes_add_ref(struct rm_item_attributes *attributes)
{
    InterlockedIncrement(&attributes->refs);
}

void rm_item_attributes_release(struct rm_item_attributes *attributes)
{
    if (!attributes || InterlockedDecrement(&attributes->refs))
        return;
    rm_item_attributes_cut(attributes, 0);
    rm_free(attributes->elements);
    rm_free(attributes);
}

/* Takes over the elements and frees their array. */
static HRESULT append(struct rm_item_attributes *attributes, OPCITEMATTRIBUTES *chunk, ULONG count)
{
    OPCITEMATTRIBUTES *elements = rm_realloc(
        attributes->elements, (size_t)attributes->count + count, sizeof(*attributes->elements));

    if (elements)
    {
        attributes->elements = elements;
        memcpy(elements + attributes->count, chunk, count * sizeof(*chunk));
        attributes->count += count;
    }
    else
    {
        for (ULONG i = 0; i < count; i++)
            clear_element(&chunk[i]);
    }
    CoTaskMemFree(chunk);
    return elements ? S_OK : E_OUTOFMEMORY;
}

/* What was copied stays in the element, which can be cleared. */
static bool fill_element(OPCITEMATTRIBUTES *element, const struct rm_item *item)
{
    memset(element, 0, sizeof(*element));
    element->szItemID = rm_com_wcsdup(item->item_id);
    element->szAccessPath = rm_com_wcsdup(rm_item_access_path(item));
    element->bActive = item->is_active;
    element->hClient = item->client;
    element->hServer = item->handle;
    element->dwAccessRights = item->access_rights;
    element->vtRequestedDataType = item->requested_type;
    element->vtCanonicalDataType = item->canonical_type;
    element->dwEUType = OPC_NOENUM;
    if (!element->szItemID || !element->szAccessPath)
        return false;
    if (!item->blob_size)
        return true;
    element->pBlob = CoTaskMemAlloc(item->blob_size);
    if (!element->pBlob)
        return false;
    memcpy(element->pBlob, item->blob, item->blob_size);
    element->dwBlobSize = item->blob_size;
    return true;
}

bool rm_item_attributes_append(struct rm_item_attributes *attributes, const struct rm_item *item)
{
    OPCITEMATTRIBUTES *element = CoTaskMemAlloc(sizeof(*element));

    if (!element)
        return false;
    if (!fill_element(element, item))
    {
        clear_element(element);
        CoTaskMemFree(element);
        return false;
    }
    return SUCCEEDED(append(attributes, element, 1));
}

static HRESULT fetch_all(IEnumOPCItemAttributes *enumerator, struct rm_item_attributes *attributes)
{
    HRESULT hr;

    do
    {
        OPCITEMATTRIBUTES *chunk = NULL;
        HRESULT appended = S_OK;
        ULONG fetched = 0;

        hr = IEnumOPCItemAttributes_Next(enumerator, CHUNK, &chunk, &fetched);
        if (FAILED(hr))
            break;
        if (fetched > CHUNK || (fetched && !chunk))
            return E_FAIL;
        if (fetched)
            appended = append(attributes, chunk, fetched);
        else
            CoTaskMemFree(chunk);
        if (FAILED(appended))
            return appended;
        if (!fetched)
            break;
    } while (hr == S_OK);
    return FAILED(hr) ? hr : S_OK;
}

HRESULT rm_item_attributes_fetch(const struct rm_link *link, IOPCItemMgt *real,
                                 struct rm_item_attributes **attributes_out)
{
    struct rm_item_attributes *attributes = rm_alloc_zero(1, sizeof(*attributes));
    IUnknown *enumerator = NULL;
    HRESULT hr;

    *attributes_out = NULL;
    if (!attributes)
        return E_OUTOFMEMORY;
    attributes->refs = 1;
    hr = IOPCItemMgt_CreateEnumerator(real, &IID_IEnumOPCItemAttributes, &enumerator);
    if (SUCCEEDED(hr) && enumerator)
    {
        HRESULT fetched;

        attributes->has_object = true;
        rm_forward_secure(link, enumerator);
        fetched = fetch_all((IEnumOPCItemAttributes *)enumerator, attributes);

        if (FAILED(fetched))
            hr = fetched;
        IUnknown_Release(enumerator);
    }
    else if (hr == S_OK)
        hr = S_FALSE;
    if (FAILED(hr))
        rm_item_attributes_release(attributes);
    else
        *attributes_out = attributes;
    return hr;
}
