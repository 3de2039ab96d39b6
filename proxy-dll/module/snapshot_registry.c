#include "module/snapshot_registry.h"

#include <objbase.h>

#include <rm/snapshot.h>

#include "module/installation.h"
#include "module/memory.h"

enum rm_status rm_snapshot_registry_read(REFCLSID clsid, struct rm_server_config **server_out)
{
    enum rm_status status = RM_E_NOT_FOUND;
    DWORD type, size = RM_SNAPSHOT_SIZE_MAX;
    WCHAR name[RM_CLSID_TEXT_SIZE];
    BYTE *bytes;
    HKEY key;

    *server_out = NULL;
    if (!StringFromGUID2(clsid, name, RM_CLSID_TEXT_SIZE) ||
        rm_installation_open_key(L"\\Snapshot", &key))
        return RM_E_NOT_FOUND;
    bytes = rm_alloc_zero(1, size);
    if (!bytes)
        status = RM_E_NO_MEMORY;
    else if (!RegQueryValueExW(key, name, NULL, &type, bytes, &size))
        status = type == REG_BINARY ? rm_snapshot_decode(bytes, size, server_out) : RM_E_INVALID;
    rm_free(bytes);
    RegCloseKey(key);
    return status;
}
