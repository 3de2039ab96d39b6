#include "log.h"

#include <windows.h>
#include <stdarg.h>
#include <stdio.h>

static HANDLE log_file = INVALID_HANDLE_VALUE;
static char machine_name[64];

void sim_log_open(const wchar_t *path, const char *machine)
{
    if (path[0] == L'\0')
    {
        return;
    }
    snprintf(machine_name, sizeof(machine_name), "%s", machine);
    log_file = CreateFileW(path, GENERIC_READ | GENERIC_WRITE,
                           FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                           OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
}

/* The lock lies beyond any size that the file will have, so readers are never kept out. */
static void append_whole(const char *line, DWORD size)
{
    OVERLAPPED lock = {.Offset = 0, .OffsetHigh = 0x10000000};
    BOOL is_locked = LockFileEx(log_file, LOCKFILE_EXCLUSIVE_LOCK, 0, 1, 0, &lock);
    LARGE_INTEGER zero = {.QuadPart = 0};
    DWORD written = 0;
    SetFilePointerEx(log_file, zero, NULL, FILE_END);
    WriteFile(log_file, line, size, &written, NULL);
    if (is_locked)
    {
        UnlockFileEx(log_file, 0, 1, 0, &lock);
    }
}

void sim_log(const char *format, ...)
{
    if (log_file == INVALID_HANDLE_VALUE)
    {
        return;
    }
    char line[1024];
    SYSTEMTIME now;
    GetSystemTime(&now);
    int length = snprintf(line, sizeof(line), "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ %s %lu ",
                          now.wYear, now.wMonth, now.wDay, now.wHour, now.wMinute, now.wSecond,
                          now.wMilliseconds, machine_name, GetCurrentProcessId());
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line + length, sizeof(line) - (size_t)length - 1, format, arguments);
    va_end(arguments);
    size_t end = 0;
    while (line[end] != '\0')
    {
        end++;
    }
    line[end++] = '\n';
    append_whole(line, (DWORD)end);
}
