#include "server/input_variant.h"

#include <stdbool.h>

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
    case VT_RECORD:
    case VT_BYREF | VT_VARIANT: return true;
    default: return false;
    }
}

/* Of an array what is in it decides, and its elements may well be of a type that no VARIANT has. */
static HRESULT copy_array_as_it_is(VARIANT *copy, const VARIANT *value)
{
    SAFEARRAY *array = NULL;
    HRESULT hr = V_ARRAY(value) ? SafeArrayCopy(V_ARRAY(value), &array) : S_OK;

    if (FAILED(hr))
        return hr;
    *copy = *value;
    V_ARRAY(copy) = array;
    return S_OK;
}

HRESULT rm_input_variant_copy(VARIANT *copy, VARIANT *value)
{
    HRESULT hr = S_OK;

    /* A reference to nothing: OLE Automation would follow it. */
    if (is_number(value) || (V_ISBYREF(value) && !V_BYREF(value)))
    {
        *copy = *value;
        return S_OK;
    }
    /* A reference into the client's memory must not outlive the client's call. */
    hr = V_ISBYREF(value) ? VariantCopyInd(copy, value) : VariantCopy(copy, value);
    if (SUCCEEDED(hr) || hr == E_OUTOFMEMORY)
        return hr;
    VariantInit(copy);
    if (V_ISARRAY(value) && !V_ISBYREF(value))
        return copy_array_as_it_is(copy, value);
    if (is_pointing(V_VT(value)) && !(V_VT(value) == VT_RECORD && !V_RECORDINFO(value)))
        return hr;
    *copy = *value;
    return S_OK;
}

void rm_input_variants_clear(VARIANT *values, DWORD count)
{
    for (DWORD i = 0; i < count; i++)
    {
        /* A type that there isn't is not cleared, which leaves an array to us. */
        if (!is_number(&values[i]) && FAILED(VariantClear(&values[i])) && V_ISARRAY(&values[i]) &&
            !V_ISBYREF(&values[i]) && V_ARRAY(&values[i]))
            SafeArrayDestroy(V_ARRAY(&values[i]));
    }
}
