#include "value.h"
#include "text.h"

#include <opc/opcerror.h>

#include <stdio.h>
#include <string.h>

/* The system's functions want writable sources, although they only read them: a shallow copy will
 * do. */
HRESULT sim_value_copy(VARIANT *target, const VARIANT *source)
{
    VARIANT shallow = *source;
    VariantInit(target);
    return VariantCopy(target, &shallow);
}

static bool is_array_equal(SAFEARRAY *a, SAFEARRAY *b, VARTYPE type)
{
    if (SafeArrayGetDim(a) != 1 || SafeArrayGetDim(b) != 1 ||
        a->rgsabound[0].cElements != b->rgsabound[0].cElements)
    {
        return false;
    }
    ULONG count = a->rgsabound[0].cElements;
    if (type != VT_BSTR)
    {
        return memcmp(a->pvData, b->pvData, (size_t)count * SafeArrayGetElemsize(a)) == 0;
    }
    const BSTR *left = a->pvData;
    const BSTR *right = b->pvData;
    for (ULONG i = 0; i < count; i++)
    {
        if (VarBstrCmp(left[i], right[i], LOCALE_NEUTRAL, 0) != VARCMP_EQ)
        {
            return false;
        }
    }
    return true;
}

/* How many bytes of a scalar's union count. */
static size_t scalar_size(VARTYPE type)
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
    case VT_R4: return 4;
    case VT_EMPTY:
    case VT_NULL: return 0;
    default: return 8;
    }
}

bool sim_value_is_equal(const VARIANT *a, const VARIANT *b)
{
    if (V_VT(a) != V_VT(b))
    {
        return false;
    }
    if (V_ISARRAY(a))
    {
        return is_array_equal(V_ARRAY(a), V_ARRAY(b), V_VT(a) & VT_TYPEMASK);
    }
    if (V_VT(a) == VT_BSTR)
    {
        UINT size = SysStringByteLen(V_BSTR(a));
        return size == SysStringByteLen(V_BSTR(b)) &&
               (size == 0 || memcmp(V_BSTR(a), V_BSTR(b), size) == 0);
    }
    return memcmp(&V_I8(a), &V_I8(b), scalar_size(V_VT(a))) == 0;
}

static bool is_scalar_type(VARTYPE type)
{
    switch (type)
    {
    case VT_I1:
    case VT_UI1:
    case VT_I2:
    case VT_UI2:
    case VT_I4:
    case VT_UI4:
    case VT_INT:
    case VT_UINT:
    case VT_I8:
    case VT_UI8:
    case VT_R4:
    case VT_R8:
    case VT_BOOL:
    case VT_BSTR:
    case VT_DATE:
    case VT_CY: return true;
    default: return false;
    }
}

HRESULT sim_value_check_type(VARTYPE canonical, VARTYPE requested)
{
    if (requested == VT_EMPTY || requested == canonical)
    {
        return S_OK;
    }
    return is_scalar_type(canonical) && is_scalar_type(requested) ? S_OK : OPC_E_BADTYPE;
}

HRESULT sim_value_convert(VARIANT *target, const VARIANT *source, VARTYPE type, LCID locale)
{
    VARIANT shallow = *source;
    VariantInit(target);
    if (type == VT_EMPTY || type == V_VT(source))
    {
        return VariantCopy(target, &shallow);
    }
    if (FAILED(sim_value_check_type(V_VT(source), type)))
    {
        return OPC_E_BADTYPE;
    }
    HRESULT result = VariantChangeTypeEx(target, &shallow, locale, VARIANT_NOUSEROVERRIDE, type);
    if (FAILED(result))
    {
        VariantClear(target);
    }
    return result;
}

bool sim_value_number(const VARIANT *value, double *number)
{
    VARIANT converted;
    if (V_VT(value) == VT_BSTR || FAILED(sim_value_convert(&converted, value, VT_R8, 0)))
    {
        return false;
    }
    *number = V_R8(&converted);
    return true;
}

static void scalar_text(const VARIANT *value, char *buffer, size_t size)
{
    VARIANT text;
    buffer[0] = '\0';
    switch (V_VT(value))
    {
    case VT_I4: snprintf(buffer, size, "%ld", V_I4(value)); return;
    case VT_R4: snprintf(buffer, size, "%.9g", (double)V_R4(value)); return;
    case VT_R8: snprintf(buffer, size, "%.17g", V_R8(value)); return;
    case VT_EMPTY: return;
    default: break;
    }
    if (FAILED(sim_value_convert(&text, value, VT_BSTR,
                                 MAKELCID(MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US), 0))))
    {
        snprintf(buffer, size, "?type %u", V_VT(value));
        return;
    }
    sim_text_utf8(V_BSTR(&text) != NULL ? V_BSTR(&text) : L"", buffer, size);
    VariantClear(&text);
    for (char *c = buffer; *c != '\0'; c++)
    {
        *c = (unsigned char)*c < ' ' ? ' ' : *c;
    }
}

const char *sim_value_text(const VARIANT *value, char *buffer, size_t size)
{
    if (!V_ISARRAY(value))
    {
        scalar_text(value, buffer, size);
        return buffer;
    }
    SAFEARRAY *array = V_ARRAY(value);
    size_t used = (size_t)snprintf(buffer, size, "[");
    LONG count = SafeArrayGetDim(array) == 1 ? (LONG)array->rgsabound[0].cElements : 0;
    for (LONG i = 0; i < count && used + 3 < size; i++)
    {
        LONG index = i + array->rgsabound[0].lLbound;
        VARIANT element;
        VariantInit(&element);
        V_VT(&element) = V_VT(value) & VT_TYPEMASK;
        SafeArrayGetElement(array, &index, &V_I8(&element));
        scalar_text(&element, buffer + used, size - used - 2);
        used += strlen(buffer + used);
        VariantClear(&element);
        if (i + 1 < count)
        {
            buffer[used++] = ',';
            buffer[used] = '\0';
        }
    }
    snprintf(buffer + used, size - used, "]");
    return buffer;
}
