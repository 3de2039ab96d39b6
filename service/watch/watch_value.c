#include "watch/watch_value.h"

#include <inttypes.h>
#include <stdio.h>

#include <rm/text.h>

#define CY_PER_UNIT 10000.0

static struct rm_reading read_text(BSTR source, char text[RM_WATCH_TEXT_SIZE])
{
    struct rm_reading reading = {.kind = RM_READING_TEXT, .text = text};
    int count = (int)SysStringLen(source);
    int size;

    /* Each UTF-16 unit takes three bytes at most. */
    if (count > (RM_WATCH_TEXT_SIZE - 1) / 3)
        count = (RM_WATCH_TEXT_SIZE - 1) / 3;
    size = count ? WideCharToMultiByte(CP_UTF8, 0, source, count, text, RM_WATCH_TEXT_SIZE - 1,
                                       NULL, NULL)
                 : 0;
    text[size] = '\0';
    return reading;
}

struct rm_reading rm_watch_reading(const VARIANT *value, char text[RM_WATCH_TEXT_SIZE])
{
    struct rm_reading reading = {.kind = RM_READING_NONE};

    if (V_VT(value) & VT_ARRAY)
        return (struct rm_reading){.kind = RM_READING_ARRAY};
    switch (V_VT(value))
    {
    case VT_BOOL: return (struct rm_reading){.kind = RM_READING_BOOLEAN, .integer = V_BOOL(value)};
    case VT_I1: return (struct rm_reading){.kind = RM_READING_INTEGER, .integer = V_I1(value)};
    case VT_I2: return (struct rm_reading){.kind = RM_READING_INTEGER, .integer = V_I2(value)};
    case VT_INT:
    case VT_ERROR:
    case VT_I4: return (struct rm_reading){.kind = RM_READING_INTEGER, .integer = V_I4(value)};
    case VT_I8: return (struct rm_reading){.kind = RM_READING_INTEGER, .integer = V_I8(value)};
    case VT_UI1: return (struct rm_reading){.kind = RM_READING_UNSIGNED, .whole = V_UI1(value)};
    case VT_UI2: return (struct rm_reading){.kind = RM_READING_UNSIGNED, .whole = V_UI2(value)};
    case VT_UINT:
    case VT_UI4: return (struct rm_reading){.kind = RM_READING_UNSIGNED, .whole = V_UI4(value)};
    case VT_UI8: return (struct rm_reading){.kind = RM_READING_UNSIGNED, .whole = V_UI8(value)};
    case VT_R4: return (struct rm_reading){.kind = RM_READING_SINGLE, .real = V_R4(value)};
    case VT_R8: return (struct rm_reading){.kind = RM_READING_REAL, .real = V_R8(value)};
    case VT_DATE: return (struct rm_reading){.kind = RM_READING_DATE, .real = V_DATE(value)};
    case VT_CY:
        return (struct rm_reading){.kind = RM_READING_REAL,
                                   .real = (double)V_CY(value).int64 / CY_PER_UNIT};
    case VT_BSTR: return read_text(V_BSTR(value), text);
    default: break;
    }
    return reading;
}

void rm_watch_value_text(const struct rm_reading *reading, char text[RM_WATCH_TEXT_SIZE])
{
    switch (reading->kind)
    {
    case RM_READING_ARRAY: rm_text_fit(text, RM_WATCH_TEXT_SIZE, "array"); break;
    case RM_READING_BOOLEAN:
        rm_text_fit(text, RM_WATCH_TEXT_SIZE, reading->integer ? "true" : "false");
        break;
    case RM_READING_INTEGER:
        snprintf(text, RM_WATCH_TEXT_SIZE, "%" PRId64, reading->integer);
        break;
    case RM_READING_UNSIGNED: snprintf(text, RM_WATCH_TEXT_SIZE, "%" PRIu64, reading->whole); break;
    case RM_READING_SINGLE: snprintf(text, RM_WATCH_TEXT_SIZE, "%.7g", reading->real); break;
    case RM_READING_REAL:
    case RM_READING_DATE: snprintf(text, RM_WATCH_TEXT_SIZE, "%.15g", reading->real); break;
    case RM_READING_TEXT:
        if (text != reading->text)
            rm_text_fit(text, RM_WATCH_TEXT_SIZE, reading->text);
        break;
    case RM_READING_NONE:
    case RM_READING_KIND_COUNT: text[0] = '\0'; break;
    }
}
