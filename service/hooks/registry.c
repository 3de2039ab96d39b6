#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <hooks/registry.h>
#include <rm/instance.h>

static wchar_t own_instance[RM_INSTANCE_SIZE];

static REGSAM view_flag(enum rm_reg_view view)
{
    return view == RM_REG_VIEW_64 ? KEY_WOW64_64KEY : KEY_WOW64_32KEY;
}

void rm_reg_use_instance(const wchar_t *instance)
{
    wcscpy(own_instance, instance);
}

/* Where the key is for our instance; what isn't ours is where it is. */
static const wchar_t *place_of(const wchar_t *path, wchar_t place[RM_REG_PATH_MAX])
{
    size_t length = wcslen(RM_REG_ROOT);
    wchar_t root[RM_INSTANCE_KEY_SIZE];
    bool is_ours =
        wcsncmp(path, RM_REG_ROOT, length) == 0 && (path[length] == L'\0' || path[length] == L'\\');
    if (!is_ours || own_instance[0] == L'\0')
    {
        return path;
    }
    rm_instance_key(own_instance, L"", root);
    return rm_reg_path(place, root, path[length] != L'\0' ? path + length + 1 : NULL, NULL) ? place
                                                                                            : L"";
}

bool rm_reg_has_view(enum rm_reg_view view)
{
    if (view == RM_REG_VIEW_32 || sizeof(void *) == 8)
    {
        return true;
    }
    BOOL is_wow64 = FALSE;
    return IsWow64Process(GetCurrentProcess(), &is_wow64) && is_wow64;
}

const char *rm_reg_view_name(enum rm_reg_view view)
{
    return view == RM_REG_VIEW_64 ? "64-bit" : "32-bit";
}

bool rm_reg_path(wchar_t path[RM_REG_PATH_MAX], const wchar_t *first, const wchar_t *second,
                 const wchar_t *third)
{
    const wchar_t *parts[] = {first, second, third};
    size_t length = 0;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && parts[i] != NULL; i++)
    {
        size_t part_length = wcslen(parts[i]);
        if (length + part_length + 2 > RM_REG_PATH_MAX)
        {
            path[0] = L'\0';
            return false;
        }
        if (length > 0)
        {
            path[length++] = L'\\';
        }
        memcpy(path + length, parts[i], part_length * sizeof *path);
        length += part_length;
    }
    path[length] = L'\0';
    return true;
}

LSTATUS rm_reg_open(enum rm_reg_view view, const wchar_t *path, REGSAM access, HKEY *key_out)
{
    *key_out = NULL;
    if (path[0] == L'\0')
    {
        return ERROR_INVALID_NAME; /* it would mean the whole of HKEY_LOCAL_MACHINE */
    }
    wchar_t place[RM_REG_PATH_MAX];
    return RegOpenKeyExW(HKEY_LOCAL_MACHINE, place_of(path, place), 0, access | view_flag(view),
                         key_out);
}

LSTATUS rm_reg_create(enum rm_reg_view view, const wchar_t *path, HKEY *key_out)
{
    *key_out = NULL;
    if (path[0] == L'\0')
    {
        return ERROR_INVALID_NAME;
    }
    wchar_t place[RM_REG_PATH_MAX];
    return RegCreateKeyExW(HKEY_LOCAL_MACHINE, place_of(path, place), 0, NULL, 0,
                           KEY_READ | KEY_WRITE | view_flag(view), NULL, key_out, NULL);
}

bool rm_reg_exists(enum rm_reg_view view, const wchar_t *path)
{
    HKEY key;
    if (rm_reg_open(view, path, KEY_READ, &key) != ERROR_SUCCESS)
    {
        return false;
    }
    RegCloseKey(key);
    return true;
}

void rm_reg_value_clear(struct rm_reg_value *value)
{
    free(value->bytes);
    *value = (struct rm_reg_value){false, 0, 0, NULL};
}

LSTATUS rm_reg_read(HKEY key, const wchar_t *name, struct rm_reg_value *value)
{
    *value = (struct rm_reg_value){false, 0, 0, NULL};
    DWORD size = 0;
    LSTATUS result = RegQueryValueExW(key, name, NULL, NULL, NULL, &size);
    while (result == ERROR_SUCCESS)
    {
        /* One byte more than needed, so that an empty value has an address too. */
        BYTE *bytes = malloc((size_t)size + 1u);
        DWORD type = REG_NONE;
        if (bytes == NULL)
        {
            return ERROR_OUTOFMEMORY;
        }
        result = RegQueryValueExW(key, name, NULL, &type, bytes, &size);
        if (result == ERROR_SUCCESS)
        {
            *value = (struct rm_reg_value){true, type, size, bytes};
            return ERROR_SUCCESS;
        }
        free(bytes);
        if (result == ERROR_MORE_DATA)
        {
            result = ERROR_SUCCESS; /* it has grown in between; size is the new one */
        }
    }
    return result == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : result;
}

LSTATUS rm_reg_write(HKEY key, const wchar_t *name, const struct rm_reg_value *value)
{
    if (value->exists)
    {
        return RegSetValueExW(key, name, 0, value->type, value->bytes, value->size_bytes);
    }
    LSTATUS result = RegDeleteValueW(key, name);
    return result == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : result;
}

bool rm_reg_value_equal(const struct rm_reg_value *a, const struct rm_reg_value *b)
{
    if (a->exists != b->exists)
    {
        return false;
    }
    return !a->exists || (a->type == b->type && a->size_bytes == b->size_bytes &&
                          memcmp(a->bytes, b->bytes, a->size_bytes) == 0);
}

struct rm_reg_value rm_reg_text_value(const wchar_t *text)
{
    struct rm_reg_value value = {true, REG_SZ, 0, NULL};
    value.size_bytes = (DWORD)((wcslen(text) + 1) * sizeof *text);
    /* The type has one kind of bytes for owned and borrowed values; nobody writes through it. */
    memcpy(&value.bytes, &text, sizeof value.bytes);
    return value;
}

bool rm_reg_read_text(enum rm_reg_view view, const wchar_t *path, const wchar_t *name,
                      wchar_t *text, size_t capacity)
{
    text[0] = L'\0';
    HKEY key;
    if (rm_reg_open(view, path, KEY_READ, &key) != ERROR_SUCCESS)
    {
        return false;
    }
    struct rm_reg_value value;
    rm_reg_read(key, name, &value);
    RegCloseKey(key);
    bool is_text = value.exists && (value.type == REG_SZ || value.type == REG_EXPAND_SZ);
    size_t length = value.size_bytes / sizeof(wchar_t);
    if (is_text && length < capacity)
    {
        memcpy(text, value.bytes, length * sizeof(wchar_t));
        text[length] = L'\0';
    }
    rm_reg_value_clear(&value);
    return is_text && length < capacity;
}

LSTATUS rm_reg_write_text(HKEY key, const wchar_t *name, const wchar_t *text)
{
    struct rm_reg_value value = rm_reg_text_value(text);
    return rm_reg_write(key, name, &value);
}

LSTATUS rm_reg_write_number(HKEY key, const wchar_t *name, DWORD number)
{
    return RegSetValueExW(key, name, 0, REG_DWORD, (const BYTE *)&number, sizeof number);
}

bool rm_reg_read_number(HKEY key, const wchar_t *name, DWORD *number)
{
    DWORD type = 0;
    DWORD size = sizeof *number;
    *number = 0;
    return RegQueryValueExW(key, name, NULL, &type, (BYTE *)number, &size) == ERROR_SUCCESS &&
           type == REG_DWORD && size == sizeof *number;
}

bool rm_reg_delete_if_empty(enum rm_reg_view view, const wchar_t *path)
{
    HKEY key;
    LSTATUS result = rm_reg_open(view, path, KEY_READ, &key);
    if (result != ERROR_SUCCESS)
    {
        return result == ERROR_FILE_NOT_FOUND;
    }
    wchar_t place[RM_REG_PATH_MAX];
    DWORD keys = 1;
    DWORD values = 1;
    result =
        RegQueryInfoKeyW(key, NULL, NULL, NULL, &keys, NULL, NULL, &values, NULL, NULL, NULL, NULL);
    RegCloseKey(key);
    return result == ERROR_SUCCESS && keys == 0 && values == 0 &&
           RegDeleteKeyExW(HKEY_LOCAL_MACHINE, place_of(path, place), view_flag(view), 0) ==
               ERROR_SUCCESS;
}

LSTATUS rm_reg_delete_tree(enum rm_reg_view view, const wchar_t *path)
{
    wchar_t place[RM_REG_PATH_MAX];
    HKEY key;
    LSTATUS result = rm_reg_open(view, path, DELETE | KEY_READ | KEY_SET_VALUE, &key);
    if (result == ERROR_SUCCESS)
    {
        result = RegDeleteTreeW(key, NULL);
        RegCloseKey(key);
    }
    if (result == ERROR_SUCCESS)
    {
        result = RegDeleteKeyExW(HKEY_LOCAL_MACHINE, place_of(path, place), view_flag(view), 0);
    }
    return result == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : result;
}
