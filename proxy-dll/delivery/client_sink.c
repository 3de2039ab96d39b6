#include "delivery/client_sink.h"

#include <objbase.h>

#include "delivery/global_table.h"
#include "module/memory.h"

struct rm_client_sink
{
    LONG refs;
    bool is_single_threaded;
    DWORD thread;                     /* that made it, where single-threaded */
    IOPCDataCallback *direct;         /* multithreaded: with a reference; else held by the table */
    DWORD global_cookie;              /* single-threaded: in the global interface table */
    IOPCDataCallback *volatile proxy; /* single-threaded: what our threads call through */
};

static bool is_multithreaded(void)
{
    APTTYPEQUALIFIER qualifier;
    APTTYPE type;

    return SUCCEEDED(CoGetApartmentType(&type, &qualifier)) && type == APTTYPE_MTA;
}

static HRESULT make_global(struct rm_client_sink *sink)
{
    IGlobalInterfaceTable *table = rm_global_table();
    HRESULT hr;

    if (!table)
        return E_OUTOFMEMORY;
    hr = IGlobalInterfaceTable_RegisterInterfaceInGlobal(
        table, (IUnknown *)sink->direct, &IID_IOPCDataCallback, &sink->global_cookie);
    IGlobalInterfaceTable_Release(table);
    return hr;
}

HRESULT rm_client_sink_new(IUnknown *client, struct rm_client_sink **sink_out)
{
    struct rm_client_sink *sink = rm_alloc_zero(1, sizeof(*sink));
    HRESULT hr = S_OK;

    *sink_out = NULL;
    if (!sink)
        return E_OUTOFMEMORY;
    sink->refs = 1;
    if (FAILED(IUnknown_QueryInterface(client, &IID_IOPCDataCallback, (void **)&sink->direct)))
    {
        rm_free(sink);
        return CONNECT_E_CANNOTCONNECT;
    }
    sink->is_single_threaded = !is_multithreaded();
    sink->thread = GetCurrentThreadId();
    if (sink->is_single_threaded)
    {
        hr = make_global(sink);
        IOPCDataCallback_Release(sink->direct);
    }
    if (FAILED(hr))
    {
        rm_free(sink);
        return hr;
    }
    *sink_out = sink;
    return S_OK;
}

void rm_client_sink_add_ref(struct rm_client_sink *sink)
{
    InterlockedIncrement(&sink->refs);
}

void rm_client_sink_release(struct rm_client_sink *sink)
{
    IGlobalInterfaceTable *table;

    if (InterlockedDecrement(&sink->refs))
        return;
    if (sink->proxy)
        IOPCDataCallback_Release(sink->proxy);
    if (!sink->is_single_threaded)
        IOPCDataCallback_Release(sink->direct);
    else if ((table = rm_global_table()) != NULL)
    {
        IGlobalInterfaceTable_RevokeInterfaceFromGlobal(table, sink->global_cookie);
        IGlobalInterfaceTable_Release(table);
    }
    rm_free(sink);
}

/* The first of our threads fetches the proxy; all others of the multithreaded apartment share it.
 */
static IOPCDataCallback *shared_proxy(struct rm_client_sink *sink)
{
    IGlobalInterfaceTable *table;
    IOPCDataCallback *proxy = NULL;

    if (sink->proxy)
        return sink->proxy;
    table = rm_global_table();
    if (!table)
        return NULL;
    IGlobalInterfaceTable_GetInterfaceFromGlobal(table, sink->global_cookie, &IID_IOPCDataCallback,
                                                 (void **)&proxy);
    IGlobalInterfaceTable_Release(table);
    if (proxy && InterlockedCompareExchangePointer((void *volatile *)&sink->proxy, proxy, NULL))
        IOPCDataCallback_Release(proxy);
    return sink->proxy;
}

IOPCDataCallback *rm_client_sink_take(struct rm_client_sink *sink)
{
    IOPCDataCallback *client;

    if (!sink->is_single_threaded || sink->thread == GetCurrentThreadId())
        client = sink->direct;
    else
        client = shared_proxy(sink);
    if (client)
        IOPCDataCallback_AddRef(client);
    return client;
}

bool rm_client_sink_is_single_threaded(const struct rm_client_sink *sink)
{
    return sink->is_single_threaded;
}
