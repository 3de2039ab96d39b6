#include <windows.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "output.h"

#define TEXT_SIZE 8192

static bool is_broken;

static bool write_bytes(HANDLE handle, const char *text, size_t length)
{
    while (length > 0)
    {
        DWORD written = 0;
        if (!WriteFile(handle, text, (DWORD)length, &written, NULL) || written == 0)
        {
            return false;
        }
        text += written;
        length -= written;
    }
    return true;
}

static void write_text(DWORD which, const char *text)
{
    HANDLE handle = GetStdHandle(which);
    DWORD mode;
    wchar_t wide[TEXT_SIZE];
    if (GetConsoleMode(handle, &mode))
    {
        int length = MultiByteToWideChar(CP_UTF8, 0, text, -1, wide, TEXT_SIZE);
        DWORD written;
        WriteConsoleW(handle, wide, length > 0 ? (DWORD)length - 1 : 0, &written, NULL);
    }
    else if (!write_bytes(handle, text, strlen(text)) && which == STD_OUTPUT_HANDLE)
    {
        is_broken = true;
    }
}

void output_print(const char *format, ...)
{
    char text[TEXT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    write_text(STD_OUTPUT_HANDLE, text);
}

void output_error(const char *format, ...)
{
    static const char prefix[] = "rmctl: ";
    char text[TEXT_SIZE];
    memcpy(text, prefix, sizeof prefix);
    size_t used = sizeof prefix - 1;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + used, sizeof text - used - 1, format, arguments);
    va_end(arguments);
    strcat(text, "\n");
    write_text(STD_ERROR_HANDLE, text);
}

bool output_is_console(void)
{
    DWORD mode;
    return GetConsoleMode(GetStdHandle(STD_OUTPUT_HANDLE), &mode) != 0;
}

bool output_is_broken(void)
{
    return is_broken;
}

void output_time(uint64_t time, bool is_iso, char buffer[OUTPUT_TIME_SIZE])
{
    FILETIME file = {(DWORD)time, (DWORD)(time >> 32)};
    SYSTEMTIME utc, local;
    if (time == 0 || !FileTimeToSystemTime(&file, &utc))
    {
        strcpy(buffer, is_iso ? "" : "never");
        return;
    }
    if (is_iso || !SystemTimeToTzSpecificLocalTime(NULL, &utc, &local))
    {
        local = utc;
    }
    snprintf(buffer, OUTPUT_TIME_SIZE, "%04hu-%02hu-%02hu%c%02hu:%02hu:%02hu.%03hu%s", local.wYear,
             local.wMonth, local.wDay, is_iso ? 'T' : ' ', local.wHour, local.wMinute,
             local.wSecond, local.wMilliseconds, is_iso ? "Z" : "");
}
