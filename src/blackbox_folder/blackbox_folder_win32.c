/* The folder of black-box reports. */
#include <windows.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <rm/blackbox_folder.h>
#include <rm/instance.h>

#define VALUE_NAME  L"BlackBoxFolder"
#define PRODUCT     L"\\RedundancyMaster"
#define OUR_FOLDER  L"\\blackbox"
#define UNFINISHED  L".new"
#define STAMP_CHARS 17 /* "20261121T031122Z-" */

static bool read_setting(const wchar_t *instance, wchar_t path[RM_BLACKBOX_PATH_SIZE])
{
    wchar_t path_of_key[RM_INSTANCE_KEY_SIZE];
    HKEY key;
    DWORD type = 0, size = (RM_BLACKBOX_PATH_SIZE - 1) * sizeof(*path);
    LSTATUS error;

    rm_instance_key(instance, L"", path_of_key);
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, path_of_key, 0, KEY_QUERY_VALUE | KEY_WOW64_64KEY, &key))
    {
        return false;
    }
    memset(path, 0, RM_BLACKBOX_PATH_SIZE * sizeof(*path));
    error = RegQueryValueExW(key, VALUE_NAME, NULL, &type, (BYTE *)path, &size);
    RegCloseKey(key);
    return error == ERROR_SUCCESS && type == REG_SZ && *path != L'\0';
}

static DWORD find_path(const wchar_t *instance, wchar_t path[RM_BLACKBOX_PATH_SIZE])
{
    DWORD length;

    if (read_setting(instance, path))
    {
        return ERROR_SUCCESS;
    }
    length = GetEnvironmentVariableW(L"ProgramData", path, RM_BLACKBOX_PATH_SIZE);
    if (length == 0)
    {
        return ERROR_ENVVAR_NOT_FOUND;
    }
    if (length + wcslen(PRODUCT) + 1 + wcslen(instance) + wcslen(OUR_FOLDER) >=
        RM_BLACKBOX_PATH_SIZE)
    {
        return ERROR_FILENAME_EXCED_RANGE;
    }
    wcscpy(path + length, PRODUCT);
    wcscat(path, instance[0] != L'\0' ? L"." : L"");
    wcscat(path, instance);
    wcscat(path, OUR_FOLDER);
    return ERROR_SUCCESS;
}

uint32_t rm_blackbox_folder_path(const wchar_t *instance, wchar_t path[RM_BLACKBOX_PATH_SIZE])
{
    DWORD error = find_path(instance, path);

    if (error)
    {
        *path = L'\0';
    }
    return error;
}

/* The folder above, where that is ours. */
static bool split_above(const wchar_t *path, wchar_t above[RM_BLACKBOX_PATH_SIZE])
{
    size_t length = wcslen(path), tail = wcslen(OUR_FOLDER);

    if (length <= tail || wcscmp(path + length - tail, OUR_FOLDER) != 0)
    {
        return false;
    }
    wcscpy(above, path);
    *wcsrchr(above, L'\\') = L'\0';
    return true;
}

static bool is_plain_folder(HANDLE folder)
{
    BY_HANDLE_FILE_INFORMATION information;

    return GetFileInformationByHandle(folder, &information) &&
           (information.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0 &&
           (information.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) == 0;
}

/* Made if needed. As long as the handle is open nobody can rename or delete the folder. */
static DWORD open_folder(const wchar_t *path, HANDLE *folder)
{
    /* Who may not make it may be refused although it is there. */
    DWORD make_error = CreateDirectoryW(path, NULL) ? ERROR_SUCCESS : GetLastError();

    *folder = CreateFileW(path, FILE_LIST_DIRECTORY | FILE_READ_ATTRIBUTES,
                          FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING,
                          FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT, NULL);
    if (*folder == INVALID_HANDLE_VALUE)
    {
        DWORD open_error = GetLastError();

        return make_error && make_error != ERROR_ALREADY_EXISTS ? make_error : open_error;
    }
    return is_plain_folder(*folder) ? ERROR_SUCCESS : ERROR_CANT_ACCESS_FILE;
}

static void close_folder(HANDLE folder)
{
    if (folder != INVALID_HANDLE_VALUE)
    {
        CloseHandle(folder);
    }
}

static DWORD write_flushed(const wchar_t *path, const char *bytes, size_t size)
{
    HANDLE file =
        CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, NULL);
    DWORD count = 0, error = ERROR_SUCCESS;

    if (file == INVALID_HANDLE_VALUE)
    {
        return GetLastError();
    }
    if (!WriteFile(file, bytes, (DWORD)size, &count, NULL) || !FlushFileBuffers(file))
    {
        error = GetLastError();
    }
    else if (count != (DWORD)size)
    {
        error = ERROR_DISK_FULL;
    }
    CloseHandle(file);
    return error;
}

/* What we, or a process of ours that was ended in the middle, have put here. */
static bool is_report(const wchar_t *name)
{
    static const wchar_t form[] = L"00000000T000000Z-";

    for (size_t i = 0; i < STAMP_CHARS; i++)
    {
        bool fits = form[i] == L'0' ? name[i] >= L'0' && name[i] <= L'9' : name[i] == form[i];

        if (!fits)
        {
            return false;
        }
    }
    return wcsstr(name, L".json") != NULL;
}

/* The oldest report whose name comes behind `after`, and how many there are in all. */
static unsigned find_oldest(const wchar_t *path, const wchar_t *after,
                            wchar_t oldest[RM_BLACKBOX_PATH_SIZE])
{
    wchar_t pattern[RM_BLACKBOX_PATH_SIZE + 8];
    WIN32_FIND_DATAW found;
    unsigned count = 0;
    HANDLE search;

    *oldest = L'\0';
    swprintf(pattern, RM_BLACKBOX_PATH_SIZE + 8, L"%ls\\*.json*", path);
    search = FindFirstFileW(pattern, &found);
    if (search == INVALID_HANDLE_VALUE)
    {
        return 0;
    }
    do
    {
        if (!is_report(found.cFileName))
        {
            continue;
        }
        count++;
        if (wcscmp(found.cFileName, after) > 0 &&
            (*oldest == L'\0' || wcscmp(found.cFileName, oldest) < 0))
        {
            wcscpy(oldest, found.cFileName);
        }
    } while (FindNextFileW(search, &found));
    FindClose(search);
    return count;
}

/* Those of other users can't be deleted; the newest ones are left alone whoever wrote them. */
static void delete_surplus(const wchar_t *path, const wchar_t *written)
{
    wchar_t tried[RM_BLACKBOX_PATH_SIZE] = L"", oldest[RM_BLACKBOX_PATH_SIZE];
    wchar_t file[RM_BLACKBOX_PATH_SIZE * 2 + 2];

    while (find_oldest(path, tried, oldest) > RM_BLACKBOX_KEEP && *oldest != L'\0' &&
           wcscmp(oldest, written) != 0)
    {
        swprintf(file, RM_BLACKBOX_PATH_SIZE * 2 + 2, L"%ls\\%ls", path, oldest);
        DeleteFileW(file);
        wcscpy(tried, oldest);
    }
}

static DWORD put_file(const wchar_t *path, HANDLE folder, const wchar_t *name, const char *bytes,
                      size_t size)
{
    wchar_t file[RM_BLACKBOX_PATH_SIZE * 2], fresh[RM_BLACKBOX_PATH_SIZE * 2];
    DWORD error;

    swprintf(file, RM_BLACKBOX_PATH_SIZE * 2, L"%ls\\%ls", path, name);
    swprintf(fresh, RM_BLACKBOX_PATH_SIZE * 2, L"%ls" UNFINISHED, file);
    error = write_flushed(fresh, bytes, size);
    /* Only an empty folder can be made a link, and this one is not empty now. */
    if (!error && !is_plain_folder(folder))
    {
        error = ERROR_CANT_ACCESS_FILE;
    }
    if (!error && !MoveFileExW(fresh, file, 0))
    {
        error = GetLastError();
    }
    if (error && error != ERROR_FILE_EXISTS)
    {
        DeleteFileW(fresh);
    }
    return error;
}

uint32_t rm_blackbox_folder_put(const wchar_t *path, const char *name, const char *bytes,
                                size_t size)
{
    HANDLE above = INVALID_HANDLE_VALUE, folder = INVALID_HANDLE_VALUE;
    wchar_t above_path[RM_BLACKBOX_PATH_SIZE], wide_name[RM_BLACKBOX_PATH_SIZE];
    DWORD error = ERROR_SUCCESS;

    if (!MultiByteToWideChar(CP_UTF8, 0, name, -1, wide_name, RM_BLACKBOX_PATH_SIZE - 8))
    {
        return GetLastError();
    }

    if (split_above(path, above_path))
    {
        error = open_folder(above_path, &above);
    }
    if (!error)
    {
        error = open_folder(path, &folder);
    }
    if (!error)
    {
        error = put_file(path, folder, wide_name, bytes, size);
    }
    if (!error)
    {
        delete_surplus(path, wide_name);
    }
    close_folder(folder);
    close_folder(above);
    return error;
}

uint32_t rm_blackbox_folder_list(const wchar_t *path,
                                 void (*each)(void *context, const wchar_t *name), void *context)
{
    wchar_t pattern[RM_BLACKBOX_PATH_SIZE + 8];
    WIN32_FIND_DATAW found;
    DWORD error;
    HANDLE search;

    swprintf(pattern, RM_BLACKBOX_PATH_SIZE + 8, L"%ls\\*.json", path);
    search = FindFirstFileW(pattern, &found);
    if (search == INVALID_HANDLE_VALUE)
    {
        error = GetLastError();
        return error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND ? ERROR_SUCCESS
                                                                              : error;
    }
    do
    {
        size_t length = wcslen(found.cFileName);

        if (is_report(found.cFileName) && wcscmp(found.cFileName + length - 5, L".json") == 0)
        {
            each(context, found.cFileName);
        }
    } while (FindNextFileW(search, &found));
    FindClose(search);
    return ERROR_SUCCESS;
}
