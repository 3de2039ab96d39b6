#include "server/input_variant.h"

#include <stdbool.h>
#include <stddef.h>

#include "module/array_count.h"
#include "module/memory.h"

/* Of a number there is nothing to be copied or freed beside it; a thousand calls to find that out
 * would be half of what a write of a thousand costs through us. */
static bool is_number(const VARIANT *value)
{
    switch (V_VT(value))
    {
    case VT_I1:
    case VT_I2:
    case VT_I4:
    case VT_I8:
    case VT_UI1:
    case VT_UI2:
    case VT_UI4:
    case VT_UI8:
    case VT_R4:
    case VT_R8:
    case VT_BOOL: return true;
    default: return false;
    }
}

/* Types with something behind them that a copy must not share with the client. */
static bool is_pointing(VARTYPE type)
{
    switch (type)
    {
    case VT_BSTR:
    case VT_DISPATCH:
    case VT_UNKNOWN:
    case VT_BYREF | VT_VARIANT: return true;
    default: return false;
    }
}

static void own_elements(VARIANT *value);

/* An element of an array that was copied may still refer to the client's memory. */
static void own_element(VARIANT *element)
{
    VARIANT own;

    if (V_ISBYREF(element) && V_BYREF(element))
    {
        VariantInit(&own);
        if (FAILED(VariantCopyInd(&own, element)))
        {
            V_BYREF(element) = NULL;
            return;
        }
        *element = own;
    }
    own_elements(element);
}

static void own_elements(VARIANT *value)
{
    SAFEARRAY *array = V_ISARRAY(value) && !V_ISBYREF(value) ? V_ARRAY(value) : NULL;
    ULONG count = array && array->fFeatures & FADF_VARIANT ? rm_array_count(array) : 0;
    VARIANT *elements = count ? array->pvData : NULL;

    for (ULONG i = 0; i < count; i++)
        own_element(&elements[i]);
}

static bool is_multithreaded(void)
{
    APTTYPEQUALIFIER qualifier;
    APTTYPE type;

    return SUCCEEDED(CoGetApartmentType(&type, &qualifier)) && type == APTTYPE_MTA;
}

static bool may_hold_objects(const VARIANT *value)
{
    return V_VT(value) == VT_UNKNOWN || V_VT(value) == VT_DISPATCH || V_ISARRAY(value);
}

/* Which apartment it is, is asked for where it matters only: not for each text that is written. */
static HRESULT carry(VARIANT *value, struct rm_carried **carried)
{
    own_elements(value);
    return may_hold_objects(value) && !is_multithreaded() ? rm_carried_pack(carried, value) : S_OK;
}

/* Of an array what is in it decides, and its elements may well be of a type that no VARIANT has. */
static HRESULT copy_array(SAFEARRAY *from, VARTYPE type, VARIANT *copy)
{
    SAFEARRAY *array = NULL;
    HRESULT hr = from ? SafeArrayCopy(from, &array) : S_OK;

    if (FAILED(hr))
        return hr;
    V_VT(copy) = type;
    V_ARRAY(copy) = array;
    return S_OK;
}

static HRESULT copy_value(VARIANT *copy, VARIANT *value)
{
    HRESULT hr = VariantCopy(copy, value);

    if (SUCCEEDED(hr) || hr == E_OUTOFMEMORY)
        return hr;
    VariantInit(copy);
    if (V_ISARRAY(value))
        return copy_array(V_ARRAY(value), V_VT(value), copy);
    if (is_pointing(V_VT(value)))
        return hr;
    *copy = *value;
    return S_OK;
}

static HRESULT copy_referred(VARIANT *copy, VARIANT *value)
{
    HRESULT hr = VariantCopyInd(copy, value);

    if (FAILED(hr) && hr != E_OUTOFMEMORY && V_ISARRAY(value))
    {
        VariantInit(copy);
        hr = copy_array(*V_ARRAYREF(value), (VARTYPE)(V_VT(value) & ~VT_BYREF), copy);
    }
    return hr;
}

/* What is referred to goes along, and the copy refers to that: the server is to see a reference,
 * and one into the client's memory must not outlive the client's call. Of a type that there isn't
 * nobody knows what is referred to, so nothing is. */
static HRESULT copy_reference(VARIANT *copy, VARIANT *value, struct rm_carried **carried)
{
    bool is_of_variant = V_VT(value) == (VT_BYREF | VT_VARIANT);
    VARIANT *own = rm_alloc_zero(1, sizeof(*own));
    HRESULT hr = E_OUTOFMEMORY;

    if (!own)
        return hr;
    if (!is_of_variant)
        hr = copy_referred(own, value);
    else if (V_VT(V_VARIANTREF(value)) == (VT_BYREF | VT_VARIANT))
        hr = DISP_E_BADVARTYPE; /* that may go round in a circle */
    else
        hr = rm_input_variant_copy(own, V_VARIANTREF(value), carried);
    if (FAILED(hr))
    {
        rm_input_variants_clear(own, 1);
        rm_free(own);
    }
    if (hr == E_OUTOFMEMORY || (FAILED(hr) && is_of_variant))
        return hr;
    V_VT(copy) = V_VT(value);
    if (FAILED(hr))
        V_BYREF(copy) = NULL;
    else if (is_of_variant || V_VT(own) == VT_DECIMAL)
        V_BYREF(copy) = own;
    else
        V_BYREF(copy) = &V_I8(own);
    return FAILED(hr) || is_of_variant ? S_OK : carry(own, carried);
}

static bool is_record(const VARIANT *value)
{
    return (V_VT(value) & ~VT_BYREF) == VT_RECORD;
}

/* What OLE Automation copies of a record it doesn't free when it is cleared. Seen with Wine 8. */
static HRESULT copy_record(VARIANT *copy, const VARIANT *value)
{
    IRecordInfo *info = V_RECORDINFO(value);
    void *record = V_RECORD(value);
    HRESULT hr = S_OK;

    if (info && record)
        hr = IRecordInfo_RecordCreateCopy(info, V_RECORD(value), &record);
    if (FAILED(hr))
        return hr;
    if (info)
        IRecordInfo_AddRef(info);
    V_VT(copy) = VT_RECORD;
    V_RECORD(copy) = record;
    V_RECORDINFO(copy) = info;
    return S_OK;
}

static void clear_record(VARIANT *value)
{
    IRecordInfo *info = V_RECORDINFO(value);

    if (info && V_RECORD(value))
        IRecordInfo_RecordDestroy(info, V_RECORD(value));
    if (info)
        IRecordInfo_Release(info);
}

HRESULT rm_input_variant_copy(VARIANT *copy, VARIANT *value, struct rm_carried **carried)
{
    HRESULT hr;

    /* A reference to nothing: OLE Automation would follow it. */
    if (is_number(value) || (V_ISBYREF(value) && !V_BYREF(value)))
    {
        *copy = *value;
        return S_OK;
    }
    if (is_record(value))
        return copy_record(copy, value);
    if (V_ISBYREF(value))
        return copy_reference(copy, value, carried);
    hr = copy_value(copy, value);
    return SUCCEEDED(hr) ? carry(copy, carried) : hr;
}

/* See copy_reference. */
static void clear_reference(VARIANT *value)
{
    VARIANT *own = V_BYREF(value);

    if (own && V_VT(value) != (VT_BYREF | VT_VARIANT) && V_VT(value) != (VT_BYREF | VT_DECIMAL))
        own = (VARIANT *)(void *)((BYTE *)V_BYREF(value) - ((BYTE *)&V_I8(value) - (BYTE *)value));
    if (own)
        rm_input_variants_clear(own, 1);
    rm_free(own);
}

void rm_input_variants_clear(VARIANT *values, DWORD count)
{
    for (DWORD i = 0; i < count; i++)
    {
        VARIANT *value = &values[i];

        if (V_ISBYREF(value))
            clear_reference(value);
        else if (is_record(value))
            clear_record(value);
        /* A type that there isn't is not cleared, which leaves an array to us. */
        else if (!is_number(value) && FAILED(VariantClear(value)) && V_ISARRAY(value) &&
                 V_ARRAY(value))
            SafeArrayDestroy(V_ARRAY(value));
    }
}
