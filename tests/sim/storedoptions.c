#include "storedoptions.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

#define VALUE L"Options"

/* A list as REG_MULTI_SZ has it: each word with its end, then one more. An empty word stands in it
 * as the others do, as the registry keeps the size. */
static wchar_t *pack(int count, wchar_t *const *words, DWORD *size)
{
    size_t length = 1;
    for (int i = 0; i < count; i++)
    {
        length += wcslen(words[i]) + 1;
    }
    wchar_t *list = calloc(length, sizeof(*list));
    wchar_t *end = list;
    for (int i = 0; i < count && list != NULL; i++)
    {
        wcscpy(end, words[i]);
        end += wcslen(words[i]) + 1;
    }
    *size = (DWORD)(length * sizeof(*list));
    return list;
}

bool sim_stored_options_write(REGSAM view, const wchar_t *path, int count, wchar_t *const *words)
{
    DWORD size = 0;
    HKEY key;
    LSTATUS status = ERROR_OUTOFMEMORY;
    wchar_t *list = pack(count, words, &size);
    if (list != NULL)
    {
        status = RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_WRITE | view, &key);
    }
    if (status == ERROR_SUCCESS)
    {
        status = RegSetValueExW(key, VALUE, 0, REG_MULTI_SZ, (const BYTE *)list, size);
        RegCloseKey(key);
    }
    free(list);
    if (status != ERROR_SUCCESS)
    {
        sim_text_error("the options can't be written to HKLM\\%ls (error %ld)", path, status);
    }
    return status == ERROR_SUCCESS;
}

/* The list without its last end: `*length` characters and an end behind them, by malloc; empty
 * where nothing is stored. */
static wchar_t *read_list(HKEY key, size_t *length)
{
    DWORD type = REG_NONE, size = 0;
    LSTATUS status = RegQueryValueExW(key, VALUE, NULL, &type, NULL, &size);
    wchar_t *list = calloc(size / sizeof(*list) + 2, sizeof(*list));
    if (list != NULL && status == ERROR_SUCCESS)
    {
        status = RegQueryValueExW(key, VALUE, NULL, &type, (BYTE *)list, &size);
    }
    bool is_stored = status == ERROR_SUCCESS;
    if (is_stored ? type != REG_MULTI_SZ : status != ERROR_FILE_NOT_FOUND)
    {
        sim_text_error("the stored options can't be read (error %ld)", status);
        free(list);
        return NULL;
    }
    size_t count = is_stored ? size / sizeof(*list) : 0;
    *length = count > 0 ? count - 1 : 0;
    if (list != NULL)
    {
        list[*length] = L'\0';
    }
    return list;
}

bool sim_stored_options_parse(const wchar_t *path, int count, wchar_t *const *words,
                              struct sim_options *options)
{
    size_t length = 0;
    HKEY key;
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_READ, &key) != ERROR_SUCCESS)
    {
        sim_text_error("HKLM\\%ls can't be read; rmsim /regserver writes it", path);
        return false;
    }
    wchar_t *list = read_list(key, &length);
    RegCloseKey(key);
    if (list == NULL)
    {
        return false;
    }
    /* No word is shorter than its end. */
    wchar_t **all = calloc(length + (size_t)count + 1, sizeof(*all));
    int total = 0;
    for (wchar_t *word = list; word < list + length && all != NULL; word += wcslen(word) + 1)
    {
        all[total++] = word;
    }
    for (int i = 0; i < count && all != NULL; i++)
    {
        all[total++] = words[i];
    }
    bool is_parsed = all != NULL && sim_options_parse(total, all, options);
    free(all);
    free(list);
    return is_parsed;
}
