#include <stdlib.h>
#include <windows.h>

#include "port_win32.h"

struct rm_port_append
{
    HANDLE file;
    WCHAR *path;
};

enum rm_status rm_port_append_open(const char *path, struct rm_port_append **file_out,
                                   uint64_t *size_out, struct rm_port_reason *reason)
{
    enum rm_status status = RM_E_NO_MEMORY;
    LARGE_INTEGER size;
    struct rm_port_append *opened = malloc(sizeof *opened);

    *file_out = NULL;
    *size_out = 0;
    if (opened == NULL)
    {
        return status;
    }
    opened->file = INVALID_HANDLE_VALUE;
    opened->path = rm_port_win32_path(path, L"", reason, &status);
    if (opened->path == NULL)
    {
        goto fail;
    }
    /* The right to append, without that to write, makes each write one to the end. */
    opened->file = CreateFileW(opened->path, FILE_APPEND_DATA | FILE_READ_ATTRIBUTES | SYNCHRONIZE,
                               FILE_SHARE_READ | FILE_SHARE_DELETE, NULL, OPEN_ALWAYS,
                               FILE_ATTRIBUTE_NORMAL, NULL);
    if (opened->file == INVALID_HANDLE_VALUE || !GetFileSizeEx(opened->file, &size))
    {
        status = rm_port_win32_fail(reason, GetLastError());
        goto fail;
    }
    *file_out = opened;
    *size_out = (uint64_t)size.QuadPart;
    return RM_OK;
fail:
    rm_port_append_close(opened);
    return status;
}

enum rm_status rm_port_append_write(struct rm_port_append *file, const char *bytes, size_t size,
                                    struct rm_port_reason *reason)
{
    DWORD count = 0;

    if (!WriteFile(file->file, bytes, (DWORD)size, &count, NULL))
    {
        return rm_port_win32_fail(reason, GetLastError());
    }
    return count == size ? RM_OK : rm_port_win32_fail(reason, ERROR_DISK_FULL);
}

/* Who renames or deletes a log hardly puts another file there at once; a path that leads somewhere
 * is good enough. To a file that goes when we close it Windows lets nobody any more; Wine 8 does.
 */
bool rm_port_append_is_in_place(const struct rm_port_append *file)
{
    return GetFileAttributesW(file->path) != INVALID_FILE_ATTRIBUTES;
}

void rm_port_append_close(struct rm_port_append *file)
{
    if (file != NULL)
    {
        if (file->file != INVALID_HANDLE_VALUE)
        {
            CloseHandle(file->file);
        }
        free(file->path);
        free(file);
    }
}
