#include "module/class_factory.h"

#include <unknwn.h>

#include "module/memory.h"
#include "module/module.h"
#include "module/snapshot_registry.h"
#include "server/server_object.h"
#include "session/leftovers.h"
#include "session/session.h"

struct class_factory
{
    IClassFactory IClassFactory_iface;
    LONG refs;
    CLSID clsid;
};

static struct class_factory *impl_from_IClassFactory(IClassFactory *iface)
{
    return CONTAINING_RECORD(iface, struct class_factory, IClassFactory_iface);
}

static HRESULT WINAPI class_factory_QueryInterface(IClassFactory *iface, REFIID iid, void **out)
{
    if (!out)
        return E_POINTER;
    *out = NULL;
    if (!IsEqualIID(iid, &IID_IUnknown) && !IsEqualIID(iid, &IID_IClassFactory))
        return E_NOINTERFACE;
    *out = iface;
    IClassFactory_AddRef(iface);
    return S_OK;
}

static ULONG WINAPI class_factory_AddRef(IClassFactory *iface)
{
    return (ULONG)InterlockedIncrement(&impl_from_IClassFactory(iface)->refs);
}

static ULONG WINAPI class_factory_Release(IClassFactory *iface)
{
    struct class_factory *factory = impl_from_IClassFactory(iface);
    LONG refs = InterlockedDecrement(&factory->refs);

    if (refs == 0)
    {
        rm_free(factory);
        rm_module_release_reference();
    }
    return (ULONG)refs;
}

static HRESULT WINAPI class_factory_CreateInstance(IClassFactory *iface, IUnknown *outer,
                                                   REFIID iid, void **out)
{
    struct class_factory *factory = impl_from_IClassFactory(iface);
    struct rm_server_config *config;
    struct rm_session *session;
    HRESULT hr;

    if (!out)
        return E_POINTER;
    *out = NULL;
    if (outer)
        return CLASS_E_NOAGGREGATION;
    /* Read for each session: settings may have changed since the class object was fetched. */
    if (rm_snapshot_registry_read(&factory->clsid, &config) != RM_OK)
        return CoCreateInstance(&factory->clsid, NULL, CLSCTX_LOCAL_SERVER, iid, out);
    hr = rm_session_open(&factory->clsid, config, &session);
    if (FAILED(hr))
        return hr;
    hr = rm_server_object_create(session, iid, out);
    if (SUCCEEDED(hr))
        rm_leftovers_watch();
    return hr;
}

static HRESULT WINAPI class_factory_LockServer(IClassFactory *iface, BOOL lock)
{
    (void)iface;
    if (lock)
        rm_module_add_reference();
    else
        rm_module_release_reference();
    return S_OK;
}

static const IClassFactoryVtbl class_factory_vtbl = {
    class_factory_QueryInterface, class_factory_AddRef,     class_factory_Release,
    class_factory_CreateInstance, class_factory_LockServer,
};

/* The real server asks for its own class in its own process, say to register it: it must not get
 * us. Known by its image: the one that LocalServer32 names. */
static bool is_own_server_process(REFCLSID clsid)
{
    WCHAR image[MAX_PATH], path[MAX_PATH * 2], name[64], key[128];
    DWORD length = GetModuleFileNameW(NULL, image, MAX_PATH);
    LONG size = sizeof(path);
    const WCHAR *start = path;

    if (!length || length >= MAX_PATH || !StringFromGUID2(clsid, name, 64))
        return false;
    wcscpy(key, L"CLSID\\");
    wcscat(key, name);
    wcscat(key, L"\\LocalServer32");
    if (RegQueryValueW(HKEY_CLASSES_ROOT, key, path, &size))
        return false;
    if (*start == L'"')
        start++;
    return _wcsnicmp(start, image, length) == 0 &&
           (start[length] == 0 || start[length] == L'"' || start[length] == L' ');
}

HRESULT rm_class_factory_create(REFCLSID clsid, REFIID iid, void **factory_out)
{
    struct rm_server_config *config = NULL;
    struct class_factory *factory;
    HRESULT hr;

    *factory_out = NULL;
    if (is_own_server_process(clsid) || rm_snapshot_registry_read(clsid, &config) != RM_OK)
        return CoGetClassObject(clsid, CLSCTX_LOCAL_SERVER, NULL, iid, factory_out);
    rm_server_config_free(config);

    factory = rm_alloc_zero(1, sizeof(*factory));
    if (!factory)
        return E_OUTOFMEMORY;
    rm_module_add_reference();
    factory->IClassFactory_iface.lpVtbl = &class_factory_vtbl;
    factory->refs = 1;
    factory->clsid = *clsid;
    hr = IClassFactory_QueryInterface(&factory->IClassFactory_iface, iid, factory_out);
    IClassFactory_Release(&factory->IClassFactory_iface);
    return hr;
}
