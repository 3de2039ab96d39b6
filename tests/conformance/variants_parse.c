#include "variants.h"
#include "arena.h"
#include "objects.h"

#include <oleauto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct
{
    const char *name;
    VARTYPE type;
} types[] = {
    {"EMPTY",    VT_EMPTY   },
    {"NULL",     VT_NULL    },
    {"I1",       VT_I1      },
    {"I2",       VT_I2      },
    {"I4",       VT_I4      },
    {"I8",       VT_I8      },
    {"UI1",      VT_UI1     },
    {"UI2",      VT_UI2     },
    {"UI4",      VT_UI4     },
    {"UI8",      VT_UI8     },
    {"INT",      VT_INT     },
    {"UINT",     VT_UINT    },
    {"R4",       VT_R4      },
    {"R8",       VT_R8      },
    {"BOOL",     VT_BOOL    },
    {"BSTR",     VT_BSTR    },
    {"DATE",     VT_DATE    },
    {"CY",       VT_CY      },
    {"ERROR",    VT_ERROR   },
    {"DECIMAL",  VT_DECIMAL },
    {"DISPATCH", VT_DISPATCH},
    {"UNKNOWN",  VT_UNKNOWN },
    {"VARIANT",  VT_VARIANT },
    {"RECORD",   VT_RECORD  },
    {"Bool",     VT_BOOL    }, /* as the simulation names its items */
    {"String",   VT_BSTR    },
    {"Date",     VT_DATE    },
    {"Currency", VT_CY      },
};

static bool find_type(const char *name, size_t length, VARTYPE *type)
{
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
    {
        if (strlen(types[i].name) == length && strncmp(types[i].name, name, length) == 0)
        {
            *type = types[i].type;
            return true;
        }
    }
    *type = (VARTYPE)strtoul(name + 2, NULL, 0);
    return length > 2 && strncmp(name, "VT", 2) == 0;
}

char *variants_long_text(const char *text)
{
    const char *star = strrchr(text, '*');
    size_t times = star != NULL && star > text ? strtoul(star + 1, NULL, 10) : 0;
    if (times == 0 || times > 1000000)
    {
        return must_copy(text);
    }
    size_t length = (size_t)(star - text);
    char *whole = must_allocate(times * length + 1);
    for (size_t i = 0; i < times; i++)
    {
        memcpy(whole + i * length, text, length);
    }
    return whole;
}

static BSTR make_bstr(const char *text)
{
    struct arena arena = {NULL};
    char *whole = variants_long_text(text);
    BSTR string = SysAllocString(arena_wide(&arena, whole));
    free(whole);
    arena_empty(&arena);
    return string;
}

static bool parse_scalar(VARTYPE type, const char *text, VARIANT *value)
{
    V_VT(value) = type;
    V_I8(value) = 0;
    switch (type)
    {
    case VT_R4: V_R4(value) = strtof(text, NULL); return true;
    case VT_R8:
    case VT_DATE: V_R8(value) = strtod(text, NULL); return true;
    case VT_BSTR: V_BSTR(value) = make_bstr(text); return true;
    case VT_BOOL: V_BOOL(value) = (VARIANT_BOOL) - (strtol(text, NULL, 0) != 0); return true;
    case VT_DECIMAL:
        V_DECIMAL(value).Lo64 = _strtoui64(text, NULL, 0);
        V_VT(value) = VT_DECIMAL;
        return true;
    case VT_VARIANT: return false;
    case VT_DISPATCH:
    case VT_UNKNOWN: V_DISPATCH(value) = text[0] == '1' ? objects_dispatch() : NULL; return true;
    case VT_UI8:
    case VT_UI4:
    case VT_UINT: V_UI8(value) = _strtoui64(text, NULL, 0); return true;
    default: V_I8(value) = _strtoi64(text, NULL, 0); return true;
    }
}

/* The elements of an array from their texts, as far as they go. */
static bool fill(SAFEARRAY *array, VARTYPE type, const char *text, ULONG count)
{
    size_t size = SafeArrayGetElemsize(array);
    char *place = array->pvData;
    char *rest = must_copy(text);
    char *at = rest;
    bool is_good = true;
    for (ULONG i = 0; i < count && is_good; i++, place += size)
    {
        char *end = strchr(at, ';');
        VARIANT element;
        VariantInit(&element);
        if (end != NULL)
        {
            *end = '\0';
        }
        is_good =
            type == VT_VARIANT ? variants_parse(at, &element) : parse_scalar(type, at, &element);
        memcpy(place, type == VT_VARIANT ? (void *)&element : (void *)&V_I8(&element), size);
        at = end != NULL ? end + 1 : at + strlen(at);
    }
    free(rest);
    return is_good;
}

static ULONG count_elements(const char *text)
{
    ULONG count = *text != '\0';
    for (; *text != '\0'; text++)
    {
        count += *text == ';';
    }
    return count;
}

/* `dimensions` is what is between the brackets: "" or "2x3". */
static bool parse_array(VARTYPE type, const char *dimensions, const char *text, VARIANT *value)
{
    SAFEARRAYBOUND bounds[4] = {{.cElements = count_elements(text)}};
    UINT count = 0;
    ULONG elements = 1;
    const char *at = dimensions;
    while (*at != ']' && count < 4)
    {
        char *end;
        bounds[count].cElements = strtoul(at, &end, 10);
        bounds[count].lLbound = 0;
        if (*end == '@')
        {
            bounds[count].lLbound = strtol(end + 1, &end, 10);
        }
        count++;
        at = *end == 'x' ? end + 1 : end;
        if (at == end && *end != ']')
        {
            return false;
        }
    }
    count = count > 0 ? count : 1;
    for (UINT i = 0; i < count; i++)
    {
        elements *= bounds[i].cElements;
    }
    SAFEARRAY *array = SafeArrayCreate(type, count, bounds);
    if (array == NULL)
    {
        return false;
    }
    V_VT(value) = VT_ARRAY | type;
    V_ARRAY(value) = array;
    return fill(array, type, text, elements);
}

struct referred
{
    struct referred *next;
    char *text;
    VARIANT value;
};

/* What is referred to: made once for each text, and kept. NULL: not a value. */
static VARIANT *find_referred(const char *text)
{
    static SRWLOCK lock = SRWLOCK_INIT;
    static struct referred *all;
    AcquireSRWLockExclusive(&lock);
    struct referred *found = all;
    while (found != NULL && strcmp(found->text, text) != 0)
    {
        found = found->next;
    }
    ReleaseSRWLockExclusive(&lock);
    if (found != NULL)
    {
        return &found->value;
    }
    found = must_allocate(sizeof(*found));
    if (!variants_parse(text, &found->value))
    {
        free(found);
        return NULL;
    }
    found->text = must_copy(text);
    AcquireSRWLockExclusive(&lock);
    found->next = all;
    all = found;
    ReleaseSRWLockExclusive(&lock);
    return &found->value;
}

static bool parse_reference(const char *text, VARIANT *value)
{
    VARIANT *target = find_referred(text + 1);
    if (target == NULL)
    {
        return false;
    }
    bool is_of_variant = text[0] == '*';
    if (!is_of_variant && V_VT(target) == VT_RECORD)
    {
        *value = *target; /* its VARIANT only refers to it in any case */
        V_VT(value) |= VT_BYREF;
        return true;
    }
    bool is_whole = is_of_variant || V_VT(target) == VT_DECIMAL;
    VariantInit(value);
    V_VT(value) = VT_BYREF | (is_of_variant ? VT_VARIANT : V_VT(target));
    V_BYREF(value) = is_whole ? (void *)target : (void *)&V_I8(target);
    return true;
}

bool variants_parse(const char *text, VARIANT *value)
{
    VARTYPE type;
    if (text[0] == '&' || text[0] == '*')
    {
        return parse_reference(text, value);
    }
    if (text[0] == '!')
    {
        return variants_parse(text + 1, value) && V_ISARRAY(value) &&
               SUCCEEDED(SafeArrayLock(V_ARRAY(value)));
    }
    size_t length = strcspn(text, ":[");
    const char *colon = strchr(text, ':');
    const char *content = colon != NULL ? colon + 1 : "";
    VariantInit(value);
    if (!find_type(text, length, &type))
    {
        return false;
    }
    if (type == VT_RECORD && length == strlen(text) && text[0] == 'R')
    {
        objects_make_record(value);
        return true;
    }
    if (text[length] == '[')
    {
        return parse_array(type, text + length + 1, content, value);
    }
    return parse_scalar(type, content, value);
}
