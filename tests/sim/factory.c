#include "factory.h"
#include "difficulty.h"
#include "fault.h"
#include "gate.h"
#include "log.h"
#include "module.h"
#include "server.h"

#define REFUSED_MS 2000 /* until the client has the answer, on a busy computer too */

static HRESULT STDMETHODCALLTYPE factory_QueryInterface(IClassFactory *iface, REFIID iid,
                                                        void **object)
{
    if (object == NULL)
    {
        return E_POINTER;
    }
    *object = NULL;
    if (!IsEqualIID(iid, &IID_IUnknown) && !IsEqualIID(iid, &IID_IClassFactory))
    {
        return E_NOINTERFACE;
    }
    *object = iface;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE factory_AddRef(IClassFactory *iface)
{
    (void)iface;
    return 2;
}

static ULONG STDMETHODCALLTYPE factory_Release(IClassFactory *iface)
{
    (void)iface;
    return 1;
}

static HRESULT STDMETHODCALLTYPE factory_CreateInstance(IClassFactory *iface, IUnknown *outer,
                                                        REFIID iid, void **object)
{
    (void)iface;
    if (object == NULL)
    {
        return E_POINTER;
    }
    *object = NULL;
    SIM_ENTER(IClassFactory_CreateInstance);
    if (outer != NULL)
    {
        return CLASS_E_NOAGGREGATION;
    }
    int64_t limit = sim_module_options()->max_clients;
    if (limit > 0 && sim_fault_clients() >= limit)
    {
        sim_log("session: a client was refused");
        if (sim_module_options()->is_single)
        {
            sim_module_end_within(REFUSED_MS); /* nobody else will come */
        }
        return SIM_E_TOO_MANY_CLIENTS;
    }
    return sim_server_create(iid, object);
}

static HRESULT STDMETHODCALLTYPE factory_LockServer(IClassFactory *iface, BOOL is_lock)
{
    (void)iface;
    if (is_lock)
    {
        sim_module_add_object();
    }
    else
    {
        sim_module_remove_object();
    }
    return S_OK;
}

static const IClassFactoryVtbl factory_vtable = {
    factory_QueryInterface, factory_AddRef,     factory_Release,
    factory_CreateInstance, factory_LockServer,
};

IClassFactory *sim_factory(void)
{
    static IClassFactory factory = {&factory_vtable};
    return &factory;
}
