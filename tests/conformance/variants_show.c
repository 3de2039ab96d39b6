#include "variants.h"
#include "arena.h"

#include <oleauto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN_MAX       300 /* characters of a text, elements of an array */
#define TICKS_OF_SECOND 10000000

/* Text that grows. */
struct text
{
    char *all;
    size_t length;
};

static void add(struct text *text, const char *more)
{
    size_t length = strlen(more);
    text->all = must_grow(text->all, text->length + length + 1);
    memcpy(text->all + text->length, more, length + 1);
    text->length += length;
}

static unsigned checksum(const void *data, size_t size)
{
    unsigned sum = 2166136261u;
    for (const unsigned char *at = data; size > 0; size--, at++)
    {
        sum = (sum ^ *at) * 16777619u;
    }
    return sum;
}

char *variants_show_text(const WCHAR *wide, int length)
{
    if (wide == NULL)
    {
        return must_copy("NULL");
    }
    struct text text = {.length = 0};
    char piece[64];
    add(&text, "\"");
    for (int i = 0; i < length && i < SHOWN_MAX; i++)
    {
        bool is_plain = wide[i] >= ' ' && wide[i] < 127 && wide[i] != '"' && wide[i] != '\\';
        snprintf(piece, sizeof(piece), is_plain ? "%c" : "\\u%04x", wide[i]);
        add(&text, piece);
    }
    add(&text, "\"");
    if (length > SHOWN_MAX)
    {
        snprintf(piece, sizeof(piece), "... %d characters, sum %08x", length,
                 checksum(wide, (size_t)length * sizeof(WCHAR)));
        add(&text, piece);
    }
    return text.all;
}

const char *variants_show_time(FILETIME time, const struct variants_view *view)
{
    static __thread char shown[4][32];
    static __thread int turn;
    ULONGLONG ticks = ((ULONGLONG)time.dwHighDateTime << 32) | time.dwLowDateTime;
    FILETIME now;
    GetSystemTimeAsFileTime(&now);
    ULONGLONG latest = ((ULONGLONG)now.dwHighDateTime << 32) | now.dwLowDateTime;
    if (ticks >= view->start)
    {
        return ticks > latest + TICKS_OF_SECOND ? "future" : "new";
    }
    if (view->is_moving && ticks != 0)
    {
        return "past";
    }
    turn = (turn + 1) % 4;
    snprintf(shown[turn], sizeof(shown[turn]), "%016llx", ticks);
    return shown[turn];
}

/* A date as such; one that was not there before the run is the time of something in it. */
static void show_date(DATE date, const struct variants_view *view, char *shown, size_t size)
{
    SYSTEMTIME broken;
    FILETIME time = {0, 0};
    if (VariantTimeToSystemTime(date, &broken) && SystemTimeToFileTime(&broken, &time))
    {
        /* A DATE has lost its milliseconds. */
        struct variants_view whole = *view;
        whole.start -= whole.start % TICKS_OF_SECOND + TICKS_OF_SECOND;
        const char *text = variants_show_time(time, &whole);
        if (text[0] > '9')
        {
            snprintf(shown, size, "%s", text);
            return;
        }
    }
    snprintf(shown, size, "%.17g", date);
}

static const char *const type_names[] = {
    "EMPTY", "NULL",     "I2",    "I4",   "R4",      "R8",      "CY",      "DATE",
    "BSTR",  "DISPATCH", "ERROR", "BOOL", "VARIANT", "UNKNOWN", "DECIMAL", "VT15",
    "I1",    "UI1",      "UI2",   "UI4",  "I8",      "UI8",     "INT",     "UINT",
};

static void show_scalar(const VARIANT *value, const struct variants_view *view, struct text *text)
{
    char shown[64] = "";
    char *string;
    switch (V_VT(value))
    {
    case VT_EMPTY:
    case VT_NULL: break;
    case VT_I1: snprintf(shown, sizeof(shown), "%d", V_I1(value)); break;
    case VT_UI1: snprintf(shown, sizeof(shown), "%u", V_UI1(value)); break;
    case VT_I2: snprintf(shown, sizeof(shown), "%d", V_I2(value)); break;
    case VT_BOOL: snprintf(shown, sizeof(shown), "%d", V_BOOL(value)); break;
    case VT_UI2: snprintf(shown, sizeof(shown), "%u", V_UI2(value)); break;
    case VT_I4:
    case VT_INT: snprintf(shown, sizeof(shown), "%ld", V_I4(value)); break;
    case VT_UI4:
    case VT_UINT: snprintf(shown, sizeof(shown), "%lu", V_UI4(value)); break;
    case VT_ERROR: snprintf(shown, sizeof(shown), "0x%08lx", V_UI4(value)); break;
    case VT_R4: snprintf(shown, sizeof(shown), "%.9g", (double)V_R4(value)); break;
    case VT_R8: snprintf(shown, sizeof(shown), "%.17g", V_R8(value)); break;
    case VT_DATE: show_date(V_DATE(value), view, shown, sizeof(shown)); break;
    case VT_BSTR:
        string = variants_show_text(V_BSTR(value), (int)SysStringLen(V_BSTR(value)));
        add(text, string);
        free(string);
        break;
    case VT_UNKNOWN:
    case VT_DISPATCH:
        snprintf(shown, sizeof(shown), "%s", V_UNKNOWN(value) ? "set" : "NULL");
        break;
    default: snprintf(shown, sizeof(shown), "0x%llx", (unsigned long long)V_UI8(value)); break;
    }
    add(text, shown);
}

static void show_type(VARTYPE type, struct text *text)
{
    char number[16];
    size_t known = sizeof(type_names) / sizeof(type_names[0]);
    snprintf(number, sizeof(number), "VT%u", type);
    add(text, type < known ? type_names[type] : number);
}

static void show_value(const VARIANT *value, const struct variants_view *view, struct text *text);

static void show_elements(SAFEARRAY *array, VARTYPE type, const struct variants_view *view,
                          struct text *text)
{
    ULONG count = array->cDims > 0 ? 1 : 0;
    for (USHORT i = 0; i < array->cDims; i++)
    {
        count *= array->rgsabound[i].cElements;
    }
    for (ULONG i = 0; i < count && i < SHOWN_MAX; i++)
    {
        VARIANT element;
        const char *place = (const char *)array->pvData + i * array->cbElements;
        VariantInit(&element);
        V_VT(&element) = type;
        add(text, i > 0 ? ";" : "");
        if (type == VT_VARIANT)
        {
            show_value((const VARIANT *)(const void *)place, view, text);
        }
        else if (type == VT_DECIMAL)
        {
            add(text, "decimal");
        }
        else
        {
            memcpy(&V_I8(&element), place, array->cbElements < 8 ? array->cbElements : 8);
            show_scalar(&element, view, text);
        }
    }
}

static void show_value(const VARIANT *value, const struct variants_view *view, struct text *text)
{
    char bounds[32];
    show_type(V_VT(value) & VT_TYPEMASK, text);
    if ((V_VT(value) & VT_ARRAY) == 0)
    {
        bool is_plain = V_VT(value) == VT_EMPTY || V_VT(value) == VT_NULL;
        add(text, is_plain ? "" : ":");
        if (view->is_moving && !is_plain)
        {
            add(text, "moving");
        }
        else
        {
            show_scalar(value, view, text);
        }
        return;
    }
    SAFEARRAY *array = V_ARRAY(value);
    add(text, "[");
    for (USHORT i = 0; array != NULL && i < array->cDims; i++)
    {
        const SAFEARRAYBOUND *bound = &array->rgsabound[array->cDims - 1 - i];
        snprintf(bounds, sizeof(bounds), "%s%lu@%ld", i > 0 ? "x" : "", bound->cElements,
                 bound->lLbound);
        add(text, bounds);
    }
    add(text, array != NULL ? "]:" : "NULL]");
    if (array != NULL)
    {
        show_elements(array, V_VT(value) & VT_TYPEMASK, view, text);
    }
}

char *variants_show(const VARIANT *value, const struct variants_view *view)
{
    struct text text = {.length = 0};
    add(&text, "");
    show_value(value, view, &text);
    return text.all;
}
