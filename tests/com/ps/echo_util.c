#include "echo.h"

#include "samples.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static WCHAR text[4096];

static void append(const WCHAR *format, va_list args)
{
    size_t used = wcslen(text);

    if (_vsnwprintf(text + used, ARRAYSIZE(text) - used - 1, format, args) < 0)
        abort();
}

void trace(const WCHAR *format, ...)
{
    va_list args;

    memset(text, 0, sizeof(text));
    va_start(args, format);
    append(format, args);
    va_end(args);
}

void trace_add(const WCHAR *format, ...)
{
    va_list args;

    va_start(args, format);
    append(format, args);
    va_end(args);
}

void trace_numbers(const WCHAR *name, DWORD count, const DWORD *numbers)
{
    trace_add(L" %ls=", name);
    for (DWORD i = 0; i < count; i++)
        trace_add(i ? L",%lx" : L"%lx", numbers[i]);
}

void trace_words(const WCHAR *name, DWORD count, const WORD *words)
{
    trace_add(L" %ls=", name);
    for (DWORD i = 0; i < count; i++)
        trace_add(i ? L",%x" : L"%x", words[i]);
}

WCHAR *trace_take(void)
{
    WCHAR *taken = *text ? task_string(text) : NULL;

    *text = 0;
    return taken;
}

const WCHAR *text_or_null(const WCHAR *string)
{
    return string ? string : L"NULL";
}

void *task_alloc(size_t bytes)
{
    void *block = CoTaskMemAlloc(bytes ? bytes : 1);

    if (!block)
        abort();
    return memset(block, 0, bytes);
}

WCHAR *task_string(const WCHAR *string)
{
    WCHAR *copy = task_alloc((wcslen(string) + 1) * sizeof(*string));

    return wcscpy(copy, string);
}

HRESULT *task_errors(DWORD count)
{
    HRESULT *errors = task_alloc(count * sizeof(*errors));

    for (DWORD i = 0; i < count; i++)
        errors[i] = S_OK + (HRESULT)i;
    return errors;
}

FILETIME number_to_time(DWORD number)
{
    FILETIME time = {number, number + 0x01000000};

    return time;
}

HRESULT *check_samples(DWORD count, const DWORD *numbers, const VARIANT *values)
{
    HRESULT *errors = task_alloc(count * sizeof(*errors));

    for (DWORD i = 0; i < count; i++)
        errors[i] = sample_is(numbers[i], &values[i]) ? S_OK : OPC_E_BADTYPE;
    return errors;
}

/* Entry n must hold sample n, with the other members made of n as the test makes them. */
HRESULT *check_vqts(DWORD count, const OPCITEMVQT *vqts)
{
    HRESULT *errors = task_alloc(count * sizeof(*errors));

    for (DWORD i = 0; i < count; i++)
    {
        const OPCITEMVQT *vqt = &vqts[i];
        FILETIME time = number_to_time(i);

        if (!sample_is(i % SAMPLE_COUNT, &vqt->vDataValue))
            errors[i] = OPC_E_BADTYPE;
        else if (vqt->bQualitySpecified != (BOOL)(i % 2) || vqt->wQuality != 0xFF00 + i ||
                 vqt->wReserved != i + 1 || vqt->bTimeStampSpecified != (BOOL)(i % 3) ||
                 vqt->dwReserved != i + 2 || CompareFileTime(&vqt->ftTimeStamp, &time))
            errors[i] = OPC_E_RANGE;
    }
    return errors;
}
