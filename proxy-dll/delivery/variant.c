#include "delivery/variant.h"

#include <string.h>

#include "module/array_count.h"

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

static bool are_bounds_equal(const SAFEARRAY *left, const SAFEARRAY *right)
{
    USHORT i;

    if (left->cDims != right->cDims || left->cbElements != right->cbElements)
        return false;
    for (i = 0; i < left->cDims; i++)
    {
        if (left->rgsabound[i].cElements != right->rgsabound[i].cElements ||
            left->rgsabound[i].lLbound != right->rgsabound[i].lLbound)
            return false;
    }
    return true;
}

static bool is_array_equal(VARTYPE type, SAFEARRAY *left, SAFEARRAY *right)
{
    size_t count, i;

    if (!left || !right)
        return left == right;
    if (!are_bounds_equal(left, right))
        return false;
    count = rm_array_count(left);
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

size_t rm_variant_bytes_beyond(const VARIANT *value)
{
    VARTYPE type = V_VT(value) & VT_TYPEMASK;
    size_t bytes, count, i;
    SAFEARRAY *array;

    if (V_VT(value) == VT_BSTR)
        return SysStringByteLen(V_BSTR(value));
    if (!(V_VT(value) & VT_ARRAY) || V_VT(value) & VT_BYREF || !V_ARRAY(value))
        return 0;
    array = V_ARRAY(value);
    count = rm_array_count(array);
    bytes = count * array->cbElements;
    for (i = 0; i < count && type == VT_BSTR; i++)
        bytes += SysStringByteLen(((BSTR *)array->pvData)[i]);
    for (i = 0; i < count && type == VT_VARIANT; i++)
        bytes += rm_variant_bytes_beyond(&((VARIANT *)array->pvData)[i]);
    return bytes;
}
