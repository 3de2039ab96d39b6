#include <hooks/orders_store.h>

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

LSTATUS rm_orders_remove(const wchar_t *clsid)
{
    HKEY key;
    LSTATUS result = rm_reg_open(RM_REG_VIEW_64, RM_ORDERS_PATH, KEY_READ | KEY_WRITE, &key);
    if (result == ERROR_SUCCESS)
    {
        result = RegDeleteValueW(key, clsid);
        RegCloseKey(key);
    }
    rm_reg_delete_if_empty(RM_REG_VIEW_64, RM_ORDERS_PATH);
    return result == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : result;
}
