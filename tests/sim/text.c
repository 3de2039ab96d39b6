#include "text.h"

#include <objbase.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

const char *sim_text_utf8(const wchar_t *text, char *buffer, size_t size)
{
    int length = (int)wcslen(text);
    int written = 0;
    while (length > 0 && written == 0)
    {
        written = WideCharToMultiByte(CP_UTF8, 0, text, length, buffer, (int)size - 1, NULL, NULL);
        length = written == 0 ? length / 2 : length;
    }
    buffer[written] = '\0';
    return buffer;
}

const wchar_t *sim_text_wide(const char *text, wchar_t *buffer, size_t count)
{
    int length = (int)strlen(text);
    int written = 0;
    while (length > 0 && written == 0)
    {
        written = MultiByteToWideChar(CP_UTF8, 0, text, length, buffer, (int)count - 1);
        length = written == 0 ? length / 2 : length;
    }
    buffer[written] = L'\0';
    return buffer;
}

wchar_t *sim_text_task_copy(const wchar_t *text)
{
    const wchar_t *source = text != NULL ? text : L"";
    size_t size = (wcslen(source) + 1) * sizeof(*source);
    wchar_t *copy = CoTaskMemAlloc(size);
    if (copy != NULL)
    {
        memcpy(copy, source, size);
    }
    return copy;
}

wchar_t *sim_text_copy(const wchar_t *text)
{
    const wchar_t *source = text != NULL ? text : L"";
    size_t size = (wcslen(source) + 1) * sizeof(*source);
    wchar_t *copy = malloc(size);
    if (copy != NULL)
    {
        memcpy(copy, source, size);
    }
    return copy;
}

void sim_text_out(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    fflush(stdout);
}

void sim_text_error(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("rmsim: ", stderr);
    vfprintf(stderr, format, arguments);
    fputs("\n", stderr);
    va_end(arguments);
}
