#include "module/installation.h"

#include <rm/instance.h>

#include "module/module.h"

static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
static wchar_t name[RM_INSTANCE_SIZE];

static BOOL CALLBACK find_name(INIT_ONCE *init, void *parameter, void **context)
{
    (void)init;
    (void)parameter;
    (void)context;
    rm_instance_of_module(rm_module_instance(), name);
    return TRUE;
}

const WCHAR *rm_installation_name(void)
{
    InitOnceExecuteOnce(&once, find_name, NULL, NULL);
    return name;
}

LSTATUS rm_installation_open_key(const WCHAR *below, HKEY *key)
{
    WCHAR path[RM_INSTANCE_KEY_SIZE];

    rm_instance_key(rm_installation_name(), below, path);
    return RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_QUERY_VALUE | KEY_WOW64_64KEY, key);
}
