#include "value.h"

#include <stdio.h>
#include <string.h>

#define WHOLE_DOUBLES 9007199254740992.0 /* 2^53: up to here each whole number has a double */

/* Signed counters wrap to the lowest value or to zero: in 31 bits both are a step of 1. */
#define COUNTER_BITS_I4 31

static int64_t from_double(double number)
{
    int64_t value;

    if (number > -WHOLE_DOUBLES && number < WHOLE_DOUBLES)
    {
        value = (int64_t)number;
        if ((double)value == number)
            return value;
    }
    memcpy(&value, &number, sizeof(value));
    return value;
}

static void set(struct rm_proof_update *update, int64_t value, unsigned bits)
{
    update->kind = RM_PROOF_NUMBER;
    update->value = value;
    update->bits = bits;
}

void rm_value_from_variant(const VARIANT *variant, struct rm_proof_update *update)
{
    switch (V_VT(variant))
    {
    case VT_I1: set(update, V_I1(variant), 8); break;
    case VT_UI1: set(update, V_UI1(variant), 8); break;
    case VT_I2: set(update, V_I2(variant), 16); break;
    case VT_UI2: set(update, V_UI2(variant), 16); break;
    case VT_BOOL: set(update, V_BOOL(variant), 16); break;
    case VT_I4: set(update, V_I4(variant), COUNTER_BITS_I4); break;
    case VT_INT: set(update, V_INT(variant), COUNTER_BITS_I4); break;
    case VT_UI4: set(update, V_UI4(variant), 32); break;
    case VT_UINT: set(update, V_UINT(variant), 32); break;
    case VT_I8: set(update, V_I8(variant), 64); break;
    case VT_UI8: set(update, (int64_t)V_UI8(variant), 64); break;
    case VT_R4: set(update, from_double((double)V_R4(variant)), 64); break;
    case VT_R8: set(update, from_double(V_R8(variant)), 64); break;
    case VT_DATE: set(update, from_double(V_DATE(variant)), 64); break;
    case VT_CY: set(update, V_CY(variant).int64, 64); break;
    default: set(update, 0, 64); update->kind = RM_PROOF_OTHER;
    }
}

static void print_converted(VARIANT *variant, char *text, size_t size)
{
    LCID english = MAKELCID(MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US), SORT_DEFAULT);
    VARIANT converted;

    VariantInit(&converted);
    if (FAILED(VariantChangeTypeEx(&converted, variant, english, VARIANT_NOUSEROVERRIDE, VT_BSTR)))
    {
        snprintf(text, size, "?type %u", V_VT(variant));
        return;
    }
    const WCHAR *wide = V_BSTR(&converted) ? V_BSTR(&converted) : L"";
    int length = WideCharToMultiByte(CP_UTF8, 0, wide, -1, text, (int)size, NULL, NULL);
    text[length > 0 ? length - 1 : 0] = '\0';
    VariantClear(&converted);
    for (char *c = text; *c; c++)
        *c = (unsigned char)*c < ' ' ? ' ' : *c;
}

static void print_scalar(VARIANT *variant, char *text, size_t size)
{
    text[0] = '\0';
    switch (V_VT(variant))
    {
    case VT_EMPTY: break;
    case VT_I4: snprintf(text, size, "%ld", V_I4(variant)); break;
    case VT_R4: snprintf(text, size, "%.9g", (double)V_R4(variant)); break;
    case VT_R8: snprintf(text, size, "%.17g", V_R8(variant)); break;
    default: print_converted(variant, text, size);
    }
}

static void print_array(SAFEARRAY *array, VARTYPE type, char *text, size_t size)
{
    LONG count = SafeArrayGetDim(array) == 1 ? (LONG)array->rgsabound[0].cElements : 0;
    size_t used = (size_t)snprintf(text, size, "[");

    for (LONG i = 0; i < count && used + 3 < size; i++)
    {
        LONG index = i + array->rgsabound[0].lLbound;
        VARIANT element;
        VariantInit(&element);
        if (FAILED(SafeArrayGetElement(array, &index, &V_I8(&element))))
            break;
        V_VT(&element) = type;
        print_scalar(&element, text + used, size - used - 2);
        VariantClear(&element);
        used += strlen(text + used);
        used += (size_t)snprintf(text + used, size - used, "%s", i + 1 < count ? "," : "");
    }
    snprintf(text + used, size - used, "]");
}

const char *rm_value_print(const VARIANT *variant, char text[RM_VALUE_TEXT_BYTES])
{
    VARIANT shallow = *variant; /* the system's functions want a writable one, but only read */

    if (V_ISARRAY(variant) && SafeArrayGetElemsize(V_ARRAY(variant)) > sizeof(LONGLONG))
        snprintf(text, RM_VALUE_TEXT_BYTES, "?type %u", V_VT(variant));
    else if (V_ISARRAY(variant))
        print_array(V_ARRAY(variant), V_VT(variant) & VT_TYPEMASK, text, RM_VALUE_TEXT_BYTES);
    else
        print_scalar(&shallow, text, RM_VALUE_TEXT_BYTES);
    return text;
}
