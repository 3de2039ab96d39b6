#include <hooks/orders_store.h>

#include <hooks/hooks.h>
#include <hooks/wide.h>

#include <stdio.h>

#define TOLD_NAME_MAX (RM_CLASS_TEXT_MAX + 48)

LSTATUS rm_orders_load(const wchar_t *clsid, struct rm_orders *orders)
{
    struct rm_reg_value value = {false, 0, 0, NULL};
    HKEY key;
    rm_orders_init(orders);
    LSTATUS result = rm_reg_open(RM_REG_VIEW_64, RM_ORDERS_PATH, KEY_READ, &key);
    if (result == ERROR_SUCCESS)
    {
        result = rm_reg_read(key, clsid, &value);
        RegCloseKey(key);
    }
    if (result == ERROR_SUCCESS && value.exists && value.type == REG_BINARY)
    {
        rm_orders_decode(value.bytes, value.size_bytes, orders);
    }
    rm_reg_value_clear(&value);
    return result == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : result;
}

bool rm_orders_load_of(const char *progid, struct rm_orders *orders)
{
    struct rm_hook_info info;
    wchar_t clsid[RM_CLASS_TEXT_MAX];
    rm_hooks_query(progid, &info);
    return rm_wide_from_utf8(info.clsid, clsid, RM_CLASS_TEXT_MAX) &&
           rm_orders_load(clsid, orders) == ERROR_SUCCESS;
}

LSTATUS rm_orders_store(const wchar_t *clsid, const struct rm_orders *orders)
{
    uint8_t bytes[RM_ORDERS_SIZE];
    HKEY root, key;
    LSTATUS result = rm_reg_create(RM_REG_VIEW_64, RM_REG_ROOT, &root);
    if (result != ERROR_SUCCESS)
    {
        return result;
    }
    result = RegCreateKeyExW(root, L"Orders", 0, NULL, REG_OPTION_VOLATILE,
                             KEY_READ | KEY_WRITE | KEY_WOW64_64KEY, NULL, &key, NULL);
    RegCloseKey(root);
    if (result == ERROR_SUCCESS)
    {
        rm_orders_encode(orders, bytes);
        result = RegSetValueExW(key, clsid, 0, REG_BINARY, bytes, sizeof bytes);
        RegCloseKey(key);
    }
    return result;
}

/* Records are named as classes are; all else in the key isn't one. */
static bool is_class(const wchar_t *name)
{
    wchar_t clsid[RM_CLASS_TEXT_MAX];
    return rm_class_normalize(name, clsid);
}

bool rm_orders_enumerate(unsigned index, wchar_t clsid[RM_CLASS_TEXT_MAX], struct rm_orders *orders)
{
    wchar_t name[TOLD_NAME_MAX];
    DWORD length = TOLD_NAME_MAX, place = 0;
    unsigned found = 0;
    HKEY key;
    bool is_one = false;
    if (rm_reg_open(RM_REG_VIEW_64, RM_ORDERS_PATH, KEY_READ, &key) != ERROR_SUCCESS)
    {
        return false;
    }
    while (!is_one &&
           RegEnumValueW(key, place++, name, &length, NULL, NULL, NULL, NULL) == ERROR_SUCCESS)
    {
        is_one = is_class(name) && found++ == index;
        length = TOLD_NAME_MAX;
    }
    RegCloseKey(key);
    if (!is_one)
    {
        return false;
    }
    wcscpy(clsid, name);
    rm_orders_load(clsid, orders);
    return true;
}

static void told_name(const wchar_t *clsid, wchar_t name[TOLD_NAME_MAX])
{
    wcscpy(name, clsid);
    wcscat(name, L".told");
}

uint32_t rm_orders_told(const wchar_t *clsid)
{
    wchar_t name[TOLD_NAME_MAX];
    DWORD number = 0;
    HKEY key;
    told_name(clsid, name);
    if (rm_reg_open(RM_REG_VIEW_64, RM_ORDERS_PATH, KEY_READ, &key) != ERROR_SUCCESS)
    {
        return 0;
    }
    bool is_there = rm_reg_read_number(key, name, &number);
    RegCloseKey(key);
    return is_there ? number : 0;
}

LSTATUS rm_orders_set_told(const wchar_t *clsid, uint32_t number)
{
    wchar_t name[TOLD_NAME_MAX];
    HKEY key;
    told_name(clsid, name);
    LSTATUS result = rm_reg_open(RM_REG_VIEW_64, RM_ORDERS_PATH, KEY_READ | KEY_WRITE, &key);
    if (result == ERROR_SUCCESS)
    {
        result = rm_reg_write_number(key, name, number);
        RegCloseKey(key);
    }
    return result;
}

LSTATUS rm_orders_remove(const wchar_t *clsid)
{
    wchar_t told[TOLD_NAME_MAX];
    HKEY key;
    told_name(clsid, told);
    LSTATUS result = rm_reg_open(RM_REG_VIEW_64, RM_ORDERS_PATH, KEY_READ | KEY_WRITE, &key);
    if (result == ERROR_SUCCESS)
    {
        RegDeleteValueW(key, told);
        result = RegDeleteValueW(key, clsid);
        RegCloseKey(key);
    }
    rm_reg_delete_if_empty(RM_REG_VIEW_64, RM_ORDERS_PATH);
    return result == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : result;
}
