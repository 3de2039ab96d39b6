#include "module/orders_registry.h"

#include <objbase.h>

#include <rm/config.h>

#include "module/installation.h"

enum rm_status rm_orders_registry_read(REFCLSID clsid, struct rm_orders *orders)
{
    enum rm_status status = RM_E_NOT_FOUND;
    BYTE bytes[RM_ORDERS_SIZE];
    DWORD type, size = sizeof(bytes);
    WCHAR name[RM_CLSID_TEXT_SIZE];
    LSTATUS error;
    HKEY key;

    rm_orders_init(orders);
    if (!StringFromGUID2(clsid, name, RM_CLSID_TEXT_SIZE) ||
        rm_installation_open_key(L"\\Orders", &key))
        return RM_E_NOT_FOUND;
    error = RegQueryValueExW(key, name, NULL, &type, bytes, &size);
    if (!error)
        status = type == REG_BINARY ? rm_orders_decode(bytes, size, orders) : RM_E_INVALID;
    else if (error == ERROR_MORE_DATA)
        status = RM_E_INVALID; /* another version's */
    RegCloseKey(key);
    return status;
}
