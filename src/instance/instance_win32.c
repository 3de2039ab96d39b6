#include <windows.h>
#include <stdio.h>
#include <string.h>

#include <rm/instance.h>

#define KEY       L"SOFTWARE\\RedundancyMaster"
#define SUBFOLDER L"x86"
#define NOBODY    L"?"
#define PATH_SIZE 1024
#define FILE_MAX  256 /* bytes; a name and an end of line are fewer */

bool rm_instance_is_valid(const wchar_t *instance)
{
    static const wchar_t allowed[] = L"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                     L"0123456789-_";
    size_t length = wcslen(instance);
    return length > 0 && length <= RM_INSTANCE_MAX && wcsspn(instance, allowed) == length;
}

/* The first line. false: it is no name. */
static bool take_name(const char *bytes, size_t count, wchar_t instance[RM_INSTANCE_SIZE])
{
    size_t length = 0;
    while (length < count && length < RM_INSTANCE_MAX && bytes[length] > ' ')
    {
        instance[length] = (wchar_t)bytes[length];
        length++;
    }
    instance[length] = L'\0';
    while (length < count && strchr(" \t\r\n", bytes[length]) != NULL && bytes[length] != '\0')
    {
        length++;
    }
    return length == count && rm_instance_is_valid(instance);
}

static bool is_missing(DWORD error)
{
    return error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND ||
           error == ERROR_INVALID_NAME || error == ERROR_BAD_NETPATH;
}

/* false: there is no file in that folder. */
static bool read_file(const wchar_t *folder, wchar_t instance[RM_INSTANCE_SIZE], bool *is_name)
{
    wchar_t path[PATH_SIZE];
    char bytes[FILE_MAX];
    DWORD count = 0;
    *is_name = true;
    instance[0] = L'\0';
    if (_snwprintf(path, PATH_SIZE, L"%ls\\%ls", folder, RM_INSTANCE_FILE) < 0)
    {
        return false;
    }
    path[PATH_SIZE - 1] = L'\0';
    HANDLE file =
        CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                    NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE)
    {
        *is_name = is_missing(GetLastError());
        return !*is_name;
    }
    *is_name = ReadFile(file, bytes, FILE_MAX, &count, NULL) && take_name(bytes, count, instance);
    CloseHandle(file);
    return true;
}

static wchar_t *cut_last_part(wchar_t *path)
{
    wchar_t *slash = wcsrchr(path, L'\\');
    if (slash != NULL)
    {
        *slash = L'\0';
    }
    return slash;
}

bool rm_instance_of_path(const wchar_t *path, wchar_t instance[RM_INSTANCE_SIZE])
{
    wchar_t folder[PATH_SIZE];
    bool is_name = true;
    instance[0] = L'\0';
    if (wcslen(path) >= PATH_SIZE)
    {
        return true;
    }
    wcscpy(folder, path);
    if (cut_last_part(folder) != NULL && !read_file(folder, instance, &is_name))
    {
        const wchar_t *name = cut_last_part(folder);
        if (name != NULL && _wcsicmp(name + 1, SUBFOLDER) == 0)
        {
            read_file(folder, instance, &is_name);
        }
    }
    if (!is_name)
    {
        wcscpy(instance, NOBODY);
    }
    return is_name;
}

bool rm_instance_of_module(void *module, wchar_t instance[RM_INSTANCE_SIZE])
{
    wchar_t path[PATH_SIZE];
    DWORD length = GetModuleFileNameW(module, path, PATH_SIZE);
    instance[0] = L'\0';
    return length == 0 || length >= PATH_SIZE || rm_instance_of_path(path, instance);
}

void rm_instance_key(const wchar_t *instance, const wchar_t *below,
                     wchar_t key[RM_INSTANCE_KEY_SIZE])
{
    _snwprintf(key, RM_INSTANCE_KEY_SIZE, KEY L"%ls%ls%ls", instance[0] != L'\0' ? L"." : L"",
               instance, below);
    key[RM_INSTANCE_KEY_SIZE - 1] = L'\0';
}

void rm_instance_text(const wchar_t *instance, char text[RM_INSTANCE_SIZE])
{
    size_t length = 0;
    for (; length < RM_INSTANCE_MAX && instance[length] != L'\0'; length++)
    {
        text[length] = (char)instance[length]; /* ASCII, by rm_instance_is_valid */
    }
    text[length] = '\0';
}
