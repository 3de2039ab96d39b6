#include <windows.h>
#include <objbase.h>

#include "call/event_pool.h"
#include "delivery/kept_interfaces.h"
#include "module/class_factory.h"
#include "module/module.h"

STDAPI DllGetClassObject(REFCLSID clsid, REFIID iid, void **out)
{
    if (!out)
        return E_POINTER;
    *out = NULL;
    return rm_class_factory_create(clsid, iid, out);
}

STDAPI DllCanUnloadNow(void)
{
    if (!rm_module_is_unused())
        return S_FALSE;
    if (!rm_kept_interfaces_drop())
        return S_FALSE;
    rm_event_pool_clear();
    return S_OK;
}
