#include "samples.h"

#include <stdlib.h>
#include <string.h>

/* The samples with a plain value: the type, and the bits to put there. */
static const struct
{
    VARTYPE vt;
    ULONGLONG bits;
} scalars[] = {
    {VT_EMPTY, 0                 },
    {VT_NULL,  0                 },
    {VT_I1,    0x80              },
    {VT_UI1,   0xFF              },
    {VT_I2,    0x8001            },
    {VT_UI2,   0xFFFE            },
    {VT_I4,    0x80000001        },
    {VT_UI4,   0xFFFFFFFE        },
    {VT_I8,    0x8000000000000001},
    {VT_UI8,   0xFEDCBA9876543210},
    {VT_INT,   0x80000002        },
    {VT_UINT,  0xFFFFFFFD        },
    {VT_R4,    0xFF7FFFFF        }, /* the smallest float */
    {VT_R8,    0x400921FB54442D18}, /* pi */
    {VT_R8,    0x7FF8000000000001}, /* not a number */
    {VT_BOOL,  0xFFFF            },
    {VT_BOOL,  0                 },
    {VT_DATE,  0x40E5D1A000000000},
    {VT_CY,    0xFFFFFFFFFFFFD8F1},
    {VT_ERROR, 0xC0040007        },
};
#define SCALARS ((DWORD)ARRAYSIZE(scalars))

static const VARTYPE array_types[] = {VT_I1, VT_UI1, VT_I2,   VT_UI2,  VT_I4, VT_UI4,  VT_I8,
                                      VT_R4, VT_R8,  VT_BOOL, VT_DATE, VT_CY, VT_BSTR, VT_VARIANT};
#define ARRAYS ((DWORD)ARRAYSIZE(array_types))

static SAFEARRAY *make_array(VARTYPE vt, UINT dimensions, ULONG length);

static BSTR make_string(const WCHAR *text, UINT chars)
{
    BSTR string = SysAllocStringLen(text, chars);

    if (!string)
        abort();
    return string;
}

static void make_decimal(VARIANT *value)
{
    DECIMAL *decimal = &V_DECIMAL(value);

    decimal->scale = 7;
    decimal->sign = DECIMAL_NEG;
    decimal->Hi32 = 0x01234567;
    decimal->Lo64 = 0x89ABCDEF01234567;
    V_VT(value) = VT_DECIMAL; /* last: it shares its place with the decimal's reserved word */
}

void sample_make(DWORD number, VARIANT *value)
{
    VariantInit(value);
    if (number < SCALARS)
    {
        V_VT(value) = scalars[number].vt;
        V_UI8(value) = scalars[number].bits;
        return;
    }
    number -= SCALARS;
    if (number < ARRAYS)
    {
        V_VT(value) = array_types[number] | VT_ARRAY;
        V_ARRAY(value) = make_array(array_types[number], 1, 5);
        return;
    }
    switch (number - ARRAYS)
    {
    case 0: make_decimal(value); return;
    case 1:
        V_VT(value) = VT_BSTR;
        V_BSTR(value) = make_string(L"Temp\x00E9rature \x2126 1", 15);
        return;
    case 2:
        V_VT(value) = VT_BSTR;
        V_BSTR(value) = make_string(L"a\0b\0\0c", 6);
        return;
    case 3:
        V_VT(value) = VT_BSTR;
        V_BSTR(value) = make_string(L"", 0);
        return;
    case 4:
        V_VT(value) = VT_R8 | VT_ARRAY;
        V_ARRAY(value) = make_array(VT_R8, 2, 3);
        return;
    case 5:
        V_VT(value) = VT_VARIANT | VT_ARRAY;
        V_ARRAY(value) = make_array(VT_VARIANT, 2, 2);
        return;
    default: abort();
    }
}
C_ASSERT(SCALARS + ARRAYS + 6 == SAMPLE_COUNT);

/* Element n of a sample array. What is smaller than eight bytes takes the first of them. */
static void fill_element(VARTYPE vt, ULONG n, void *element, ULONG size)
{
    const ULONGLONG bits = 0x3FF0010203040506 + n;

    if (vt == VT_BSTR)
    {
        static const WCHAR text[] = L"s\0tring";

        *(BSTR *)element = make_string(text, n % 8);
    }
    else if (vt == VT_VARIANT)
    {
        /* Scalars, then strings, a decimal and arrays as elements. */
        static const DWORD numbers[] = {6, SCALARS + ARRAYS + 2, SCALARS + ARRAYS, SCALARS + 12, 8};

        sample_make(numbers[n % ARRAYSIZE(numbers)], element);
    }
    else if (vt == VT_BOOL)
        *(VARIANT_BOOL *)element = n % 2 ? VARIANT_TRUE : VARIANT_FALSE;
    else
        memcpy(element, &bits, size);
}

static SAFEARRAY *make_array(VARTYPE vt, UINT dimensions, ULONG length)
{
    /* Lower bounds other than 0, below and above. */
    SAFEARRAYBOUND bounds[2] = {
        {length,     -1},
        {length + 1, 4 }
    };
    ULONG count = dimensions == 1 ? length : length * (length + 1);
    SAFEARRAY *array = SafeArrayCreate(vt, dimensions, bounds);

    if (!array)
        abort();
    for (ULONG n = 0; n < count; n++)
        fill_element(vt, n, (BYTE *)array->pvData + n * array->cbElements, array->cbElements);
    return array;
}

static BOOL same_string(BSTR a, BSTR b)
{
    return SysStringByteLen(a) == SysStringByteLen(b) &&
           (!SysStringByteLen(a) || !memcmp(a, b, SysStringByteLen(a)));
}

static BOOL same_array(VARTYPE vt, SAFEARRAY *a, SAFEARRAY *b)
{
    ULONG count = 1;

    if (a->cDims != b->cDims || a->cbElements != b->cbElements)
        return FALSE;
    for (USHORT i = 0; i < a->cDims; i++)
    {
        if (a->rgsabound[i].cElements != b->rgsabound[i].cElements ||
            a->rgsabound[i].lLbound != b->rgsabound[i].lLbound)
            return FALSE;
        count *= a->rgsabound[i].cElements;
    }
    for (ULONG n = 0; n < count; n++)
    {
        void *left = (BYTE *)a->pvData + n * a->cbElements;
        void *right = (BYTE *)b->pvData + n * b->cbElements;
        BOOL same;

        if (vt == VT_BSTR)
            same = same_string(*(BSTR *)left, *(BSTR *)right);
        else if (vt == VT_VARIANT)
            same = sample_same(left, right);
        else
            same = !memcmp(left, right, a->cbElements);
        if (!same)
            return FALSE;
    }
    return TRUE;
}

static size_t size_of_scalar(VARTYPE vt)
{
    switch (vt)
    {
    case VT_EMPTY:
    case VT_NULL: return 0;
    case VT_I1:
    case VT_UI1: return 1;
    case VT_I2:
    case VT_UI2:
    case VT_BOOL: return 2;
    case VT_I8:
    case VT_UI8:
    case VT_R8:
    case VT_DATE:
    case VT_CY: return 8;
    default: return 4;
    }
}

BOOL sample_same(const VARIANT *a, const VARIANT *b)
{
    if (V_VT(a) != V_VT(b))
        return FALSE;
    if (V_VT(a) & VT_ARRAY)
        return same_array(V_VT(a) & VT_TYPEMASK, V_ARRAY(a), V_ARRAY(b));
    if (V_VT(a) == VT_BSTR)
        return same_string(V_BSTR(a), V_BSTR(b));
    if (V_VT(a) == VT_DECIMAL)
        return V_DECIMAL(a).scale == V_DECIMAL(b).scale && V_DECIMAL(a).sign == V_DECIMAL(b).sign &&
               V_DECIMAL(a).Hi32 == V_DECIMAL(b).Hi32 && V_DECIMAL(a).Lo64 == V_DECIMAL(b).Lo64;
    return !memcmp(&V_UI8(a), &V_UI8(b), size_of_scalar(V_VT(a)));
}

BOOL sample_is(DWORD number, const VARIANT *value)
{
    VARIANT sample;
    BOOL same;

    sample_make(number, &sample);
    same = sample_same(&sample, value);
    VariantClear(&sample);
    return same;
}
