#include "shutdown_sink.h"

#include <stdlib.h>

#include "text.h"

static struct rm_shutdown_sink *impl_from_IOPCShutdown(IOPCShutdown *iface)
{
    return CONTAINING_RECORD(iface, struct rm_shutdown_sink, IOPCShutdown_iface);
}

static HRESULT STDMETHODCALLTYPE shutdown_sink_shutdown_QueryInterface(IOPCShutdown *iface,
                                                                       REFIID riid, void **object)
{
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_IOPCShutdown))
    {
        *object = NULL;
        return E_NOINTERFACE;
    }
    *object = iface;
    IOPCShutdown_AddRef(iface);
    return S_OK;
}

static ULONG STDMETHODCALLTYPE shutdown_sink_shutdown_AddRef(IOPCShutdown *iface)
{
    return (ULONG)InterlockedIncrement(&impl_from_IOPCShutdown(iface)->refs);
}

static ULONG STDMETHODCALLTYPE shutdown_sink_shutdown_Release(IOPCShutdown *iface)
{
    struct rm_shutdown_sink *sink = impl_from_IOPCShutdown(iface);
    LONG refs = InterlockedDecrement(&sink->refs);

    if (refs == 0)
        free(sink);
    return (ULONG)refs;
}

static HRESULT STDMETHODCALLTYPE shutdown_sink_shutdown_ShutdownRequest(IOPCShutdown *iface,
                                                                        LPCWSTR reason)
{
    struct rm_probe *probe = impl_from_IOPCShutdown(iface)->probe;
    char *text = reason ? rm_text_to_utf8(reason) : NULL;

    EnterCriticalSection(&probe->lock);
    probe->tally.shutdown_requests++;
    LeaveCriticalSection(&probe->lock);
    rm_probe_event(probe, "shutdown reason=\"%s\"", text ? text : "");
    free(text);
    return S_OK;
}

static const IOPCShutdownVtbl shutdown_sink_shutdown_vtbl = {
    shutdown_sink_shutdown_QueryInterface, shutdown_sink_shutdown_AddRef,
    shutdown_sink_shutdown_Release, shutdown_sink_shutdown_ShutdownRequest};

struct rm_shutdown_sink *rm_shutdown_sink_create(struct rm_probe *probe)
{
    struct rm_shutdown_sink *sink = calloc(1, sizeof(*sink));

    if (!sink)
        return NULL;
    sink->IOPCShutdown_iface.lpVtbl = &shutdown_sink_shutdown_vtbl;
    sink->refs = 1;
    sink->probe = probe;
    return sink;
}
