#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "port_win32.h"

/* A virus scanner or an editor has the file open for a moment: tried again this often. */
#define ATTEMPTS 10
#define PAUSE_MS 30

static SRWLOCK xml_lock = SRWLOCK_INIT; /* protects libxml2 */

void rm_port_lock_xml(void)
{
    AcquireSRWLockExclusive(&xml_lock);
}

void rm_port_unlock_xml(void)
{
    ReleaseSRWLockExclusive(&xml_lock);
}

enum rm_status rm_port_win32_fail(struct rm_port_reason *reason, DWORD code)
{
    WCHAR words[128];
    char text[sizeof reason->text - 24] = "";
    DWORD length = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL,
                                  code, 0, words, ARRAYSIZE(words), NULL);
    while (length > 0 && (words[length - 1] <= L' ' || words[length - 1] == L'.'))
    {
        length--;
    }
    int count =
        WideCharToMultiByte(CP_UTF8, 0, words, (int)length, text, (int)sizeof text - 1, NULL, NULL);
    text[count > 0 ? count : 0] = '\0';
    snprintf(reason->text, sizeof reason->text, "%s%serror %lu", text, count > 0 ? ", " : "", code);
    switch (code)
    {
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND: return RM_E_NOT_FOUND;
    case ERROR_NOT_ENOUGH_MEMORY:
    case ERROR_OUTOFMEMORY: return RM_E_NO_MEMORY;
    default: return RM_E_IO;
    }
}

WCHAR *rm_port_win32_path(const char *path, const WCHAR *ending, struct rm_port_reason *reason,
                          enum rm_status *status)
{
    int length = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path, -1, NULL, 0);
    if (length <= 0)
    {
        *status = rm_port_win32_fail(reason, GetLastError());
        return NULL;
    }
    WCHAR *wide = malloc(((size_t)length + wcslen(ending)) * sizeof *wide);
    if (wide == NULL)
    {
        *status = RM_E_NO_MEMORY;
        return NULL;
    }
    MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path, -1, wide, length);
    memcpy(wide + length - 1, ending, (wcslen(ending) + 1) * sizeof *wide);
    return wide;
}

static bool is_passing(DWORD code)
{
    switch (code)
    {
    case ERROR_SHARING_VIOLATION:
    case ERROR_LOCK_VIOLATION:
    case ERROR_ACCESS_DENIED:
    case ERROR_USER_MAPPED_FILE: return true;
    default: return false;
    }
}

static HANDLE open_patiently(const WCHAR *path, DWORD access, DWORD share, DWORD disposition)
{
    HANDLE file = INVALID_HANDLE_VALUE;
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++)
    {
        file = CreateFileW(path, access, share, NULL, disposition, FILE_ATTRIBUTE_NORMAL, NULL);
        if (file != INVALID_HANDLE_VALUE || !is_passing(GetLastError()) || attempt == ATTEMPTS)
        {
            break;
        }
        Sleep(PAUSE_MS);
    }
    return file;
}

static bool has_attribute(const WCHAR *path, DWORD attribute)
{
    DWORD attributes = GetFileAttributesW(path);
    return attributes != INVALID_FILE_ATTRIBUTES && (attributes & attribute) != 0;
}

static bool is_folder(const WCHAR *path)
{
    return has_attribute(path, FILE_ATTRIBUTE_DIRECTORY);
}

static enum rm_status read_open_file(HANDLE file, size_t size_max, char **bytes_out,
                                     size_t *size_out, struct rm_port_reason *reason)
{
    LARGE_INTEGER size;
    if (!GetFileSizeEx(file, &size))
    {
        return rm_port_win32_fail(reason, GetLastError());
    }
    if (size.QuadPart > (LONGLONG)size_max || size.QuadPart > MAXLONG)
    {
        rm_port_win32_fail(reason, ERROR_FILE_TOO_LARGE);
        return RM_E_TOO_LARGE;
    }
    char *bytes = malloc((size_t)size.QuadPart + 1);
    if (bytes == NULL)
    {
        return RM_E_NO_MEMORY;
    }
    DWORD count = 0;
    if (!ReadFile(file, bytes, (DWORD)size.QuadPart, &count, NULL) || count != (DWORD)size.QuadPart)
    {
        DWORD code = GetLastError();
        free(bytes);
        return rm_port_win32_fail(reason, code != ERROR_SUCCESS ? code : ERROR_HANDLE_EOF);
    }
    *bytes_out = bytes;
    *size_out = count;
    return RM_OK;
}

enum rm_status rm_port_file_read(const char *path, size_t size_max, char **bytes_out,
                                 size_t *size_out, struct rm_port_reason *reason)
{
    *bytes_out = NULL;
    *size_out = 0;
    enum rm_status status = RM_OK;
    WCHAR *wide = rm_port_win32_path(path, L"", reason, &status);
    if (wide == NULL)
    {
        return status;
    }
    if (is_folder(wide))
    {
        snprintf(reason->text, sizeof reason->text, "Is a folder");
        free(wide);
        return RM_E_IO;
    }
    HANDLE file =
        open_patiently(wide, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, OPEN_EXISTING);
    if (file == INVALID_HANDLE_VALUE)
    {
        status = rm_port_win32_fail(reason, GetLastError());
    }
    else
    {
        status = read_open_file(file, size_max, bytes_out, size_out, reason);
        CloseHandle(file);
    }
    free(wide);
    return status;
}

static enum rm_status write_flushed(const WCHAR *path, const char *bytes, size_t size,
                                    struct rm_port_reason *reason)
{
    HANDLE file = open_patiently(path, GENERIC_WRITE, 0, CREATE_ALWAYS);
    if (file == INVALID_HANDLE_VALUE)
    {
        return rm_port_win32_fail(reason, GetLastError());
    }
    DWORD count = 0;
    enum rm_status status = RM_OK;
    if (!WriteFile(file, bytes, (DWORD)size, &count, NULL) || !FlushFileBuffers(file))
    {
        status = rm_port_win32_fail(reason, GetLastError());
    }
    else if (count != (DWORD)size)
    {
        status = rm_port_win32_fail(reason, ERROR_DISK_FULL);
    }
    CloseHandle(file);
    return status;
}

/* The new file gets the rights that somebody may have given the old one; where that can't be done
 * it has those of its folder. */
static void take_over_rights(const WCHAR *path, const WCHAR *fresh)
{
    DWORD size = 0;
    GetFileSecurityW(path, DACL_SECURITY_INFORMATION, NULL, 0, &size);
    SECURITY_DESCRIPTOR *rights = size > 0 ? malloc(size) : NULL;
    if (rights != NULL && GetFileSecurityW(path, DACL_SECURITY_INFORMATION, rights, size, &size))
    {
        SetFileSecurityW(fresh, DACL_SECURITY_INFORMATION, rights);
    }
    free(rights);
}

/* One attempt. backup NULL: nothing is kept of the old file. ReplaceFile would do all of it, but
 * renames twice: in between, and after a crash there, path has no file. */
static DWORD exchange(const WCHAR *path, const WCHAR *fresh, const WCHAR *backup)
{
    DWORD attributes = GetFileAttributesW(path);
    if (attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_READONLY) != 0)
    {
        return ERROR_FILE_READ_ONLY;
    }
    if (backup != NULL && attributes != INVALID_FILE_ATTRIBUTES && !CopyFileW(path, backup, FALSE))
    {
        return GetLastError();
    }
    return MoveFileExW(fresh, path, MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH)
               ? ERROR_SUCCESS
               : GetLastError();
}

static enum rm_status put_in_place(const WCHAR *path, const WCHAR *fresh, const WCHAR *backup,
                                   struct rm_port_reason *reason)
{
    take_over_rights(path, fresh);
    DWORD code = exchange(path, fresh, backup);
    for (int attempt = 1; is_passing(code) && attempt < ATTEMPTS; attempt++)
    {
        Sleep(PAUSE_MS);
        code = exchange(path, fresh, backup);
    }
    return code == ERROR_SUCCESS ? RM_OK : rm_port_win32_fail(reason, code);
}

static enum rm_status replace(const char *path, const char *bytes, size_t size, bool keeps_old,
                              struct rm_port_reason *reason)
{
    enum rm_status status = RM_OK;
    WCHAR *target = rm_port_win32_path(path, L"", reason, &status);
    WCHAR *fresh = rm_port_win32_path(path, L".new", reason, &status);
    WCHAR *backup = rm_port_win32_path(path, L".bak", reason, &status);
    if (target == NULL || fresh == NULL || backup == NULL)
    {
        goto out;
    }
    if (is_folder(target))
    {
        snprintf(reason->text, sizeof reason->text, "Is a folder");
        status = RM_E_IO;
        goto out;
    }
    if (has_attribute(target, FILE_ATTRIBUTE_READONLY))
    {
        status = rm_port_win32_fail(reason, ERROR_FILE_READ_ONLY);
        goto out;
    }
    status = write_flushed(fresh, bytes, size, reason);
    if (status == RM_OK)
    {
        status = put_in_place(target, fresh, keeps_old ? backup : NULL, reason);
    }
    if (status != RM_OK)
    {
        DeleteFileW(fresh);
    }
out:
    free(target);
    free(fresh);
    free(backup);
    return status;
}

enum rm_status rm_port_file_replace(const char *path, const char *bytes, size_t size,
                                    struct rm_port_reason *reason)
{
    return replace(path, bytes, size, true, reason);
}

enum rm_status rm_port_file_rewrite(const char *path, const char *bytes, size_t size,
                                    struct rm_port_reason *reason)
{
    return replace(path, bytes, size, false, reason);
}
