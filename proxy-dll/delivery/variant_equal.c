#include "delivery/variant_equal.h"

#include <string.h>

static bool is_bstr_equal(BSTR left, BSTR right)
{
    UINT size = SysStringByteLen(left);

    return size == SysStringByteLen(right) && (size == 0 || memcmp(left, right, size) == 0);
}

/* Bytes of a plain value; 0: none, or not a plain value. */
static size_t plain_size(VARTYPE type)
{
    switch (type)
    {
    case VT_I1:
    case VT_UI1: return 1;
    case VT_I2:
    case VT_UI2:
    case VT_BOOL: return 2;
    case VT_I4:
    case VT_UI4:
    case VT_INT:
    case VT_UINT:
    case VT_R4:
    case VT_ERROR: return 4;
    case VT_I8:
    case VT_UI8:
    case VT_R8:
    case VT_CY:
    case VT_DATE: return 8;
    default: return 0;
    }
}

static bool are_bounds_equal(SAFEARRAY *left, SAFEARRAY *right, size_t *count)
{
    USHORT i;

    if (left->cDims != right->cDims || left->cbElements != right->cbElements)
        return false;
    *count = 1;
    for (i = 0; i < left->cDims; i++)
    {
        if (left->rgsabound[i].cElements != right->rgsabound[i].cElements ||
            left->rgsabound[i].lLbound != right->rgsabound[i].lLbound)
            return false;
        *count *= left->rgsabound[i].cElements;
    }
    return true;
}

static bool is_array_equal(VARTYPE type, SAFEARRAY *left, SAFEARRAY *right)
{
    size_t count, i;

    if (!left || !right)
        return left == right;
    if (!are_bounds_equal(left, right, &count))
        return false;
    if (type == VT_BSTR)
    {
        for (i = 0; i < count; i++)
        {
            if (!is_bstr_equal(((BSTR *)left->pvData)[i], ((BSTR *)right->pvData)[i]))
                return false;
        }
        return true;
    }
    if (type == VT_VARIANT)
    {
        for (i = 0; i < count; i++)
        {
            if (!rm_variant_equal(&((VARIANT *)left->pvData)[i], &((VARIANT *)right->pvData)[i]))
                return false;
        }
        return true;
    }
    return plain_size(type) && memcmp(left->pvData, right->pvData, count * left->cbElements) == 0;
}

bool rm_variant_equal(const VARIANT *left, const VARIANT *right)
{
    VARTYPE type = V_VT(left);

    if (type != V_VT(right))
        return false;
    if (type & VT_BYREF)
        return false;
    if (type & VT_ARRAY)
        return is_array_equal(type & VT_TYPEMASK, V_ARRAY(left), V_ARRAY(right));
    switch (type)
    {
    case VT_EMPTY:
    case VT_NULL: return true;
    case VT_BSTR: return is_bstr_equal(V_BSTR(left), V_BSTR(right));
    case VT_DECIMAL:
        return V_DECIMAL(left).signscale == V_DECIMAL(right).signscale &&
               V_DECIMAL(left).Hi32 == V_DECIMAL(right).Hi32 &&
               V_DECIMAL(left).Lo64 == V_DECIMAL(right).Lo64;
    default: return plain_size(type) && memcmp(&V_I8(left), &V_I8(right), plain_size(type)) == 0;
    }
}
