#include <windows.h>
#include <stdarg.h>
#include <stdio.h>

#include <hooks/wide.h>

#include "terminal.h"

#define TEXT_SIZE 1500

static void write_text(DWORD which, const wchar_t *text)
{
    HANDLE handle = GetStdHandle(which);
    char bytes[TEXT_SIZE * 3];
    DWORD mode, written;
    if (GetConsoleMode(handle, &mode))
    {
        WriteConsoleW(handle, text, (DWORD)wcslen(text), &written, NULL);
    }
    else if (rm_utf8_from_wide(text, bytes, sizeof bytes))
    {
        WriteFile(handle, bytes, (DWORD)strlen(bytes), &written, NULL);
    }
}

static void write_formatted(DWORD which, const wchar_t *prefix, const wchar_t *suffix,
                            const wchar_t *format, va_list arguments)
{
    wchar_t text[TEXT_SIZE], line[TEXT_SIZE];
    _vsnwprintf(text, TEXT_SIZE, format, arguments);
    text[TEXT_SIZE - 1] = L'\0';
    _snwprintf(line, TEXT_SIZE, L"%ls%ls%ls", prefix, text, suffix);
    line[TEXT_SIZE - 1] = L'\0';
    write_text(which, line);
}

void terminal_print(const wchar_t *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_formatted(STD_OUTPUT_HANDLE, L"", L"", format, arguments);
    va_end(arguments);
}

void terminal_error(const wchar_t *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_formatted(STD_ERROR_HANDLE, L"rmservice: ", L"\n", format, arguments);
    va_end(arguments);
}
