#include "watch/watch_sink.h"

#include <objbase.h>
#include <stdlib.h>

#include <opc/opcda.h>
#include <rm/quality.h>

#include "watch/watched.h"

struct rm_watch_sink
{
    IOPCDataCallback IOPCDataCallback_iface;
    LONG refs;
    volatile LONG calls;
    struct rm_watched *watched; /* a reference */
    uint32_t attempt;
};

static struct rm_watch_sink *impl_from_IOPCDataCallback(IOPCDataCallback *iface)
{
    return CONTAINING_RECORD(iface, struct rm_watch_sink, IOPCDataCallback_iface);
}

static HRESULT WINAPI watch_sink_QueryInterface(IOPCDataCallback *iface, REFIID iid, void **out)
{
    if (!out)
        return E_POINTER;
    *out = NULL;
    if (!IsEqualIID(iid, &IID_IUnknown) && !IsEqualIID(iid, &IID_IOPCDataCallback))
        return E_NOINTERFACE;
    *out = iface;
    IOPCDataCallback_AddRef(iface);
    return S_OK;
}

static ULONG WINAPI watch_sink_AddRef(IOPCDataCallback *iface)
{
    return (ULONG)InterlockedIncrement(&impl_from_IOPCDataCallback(iface)->refs);
}

static ULONG WINAPI watch_sink_Release(IOPCDataCallback *iface)
{
    struct rm_watch_sink *sink = impl_from_IOPCDataCallback(iface);
    LONG refs = InterlockedDecrement(&sink->refs);

    if (refs == 0)
    {
        rm_watched_release(sink->watched);
        free(sink);
    }
    return (ULONG)refs;
}

static HRESULT WINAPI watch_sink_OnDataChange(IOPCDataCallback *iface, DWORD transaction,
                                              OPCHANDLE group, HRESULT master_quality,
                                              HRESULT master_error, DWORD count, OPCHANDLE *clients,
                                              VARIANT *values, WORD *qualities, FILETIME *times,
                                              HRESULT *errors)
{
    struct rm_watch_sink *sink = impl_from_IOPCDataCallback(iface);
    VARIANT none = {.vt = VT_EMPTY};

    (void)transaction;
    (void)group;
    (void)master_quality;
    (void)master_error;
    (void)times;
    InterlockedIncrement(&sink->calls);
    for (DWORD i = 0; i < count; i++)
    {
        bool is_failed = FAILED(errors[i]);

        rm_watched_changed(sink->watched, sink->attempt, clients[i],
                           is_failed ? RM_QUALITY_BAD : qualities[i],
                           is_failed ? &none : &values[i]);
    }
    return S_OK;
}

static HRESULT WINAPI watch_sink_OnReadComplete(IOPCDataCallback *iface, DWORD transaction,
                                                OPCHANDLE group, HRESULT master_quality,
                                                HRESULT master_error, DWORD count,
                                                OPCHANDLE *clients, VARIANT *values,
                                                WORD *qualities, FILETIME *times, HRESULT *errors)
{
    (void)iface;
    (void)transaction;
    (void)group;
    (void)master_quality;
    (void)master_error;
    (void)count;
    (void)clients;
    (void)values;
    (void)qualities;
    (void)times;
    (void)errors;
    return S_OK;
}

static HRESULT WINAPI watch_sink_OnWriteComplete(IOPCDataCallback *iface, DWORD transaction,
                                                 OPCHANDLE group, HRESULT master_error, DWORD count,
                                                 OPCHANDLE *clients, HRESULT *errors)
{
    (void)iface;
    (void)transaction;
    (void)group;
    (void)master_error;
    (void)count;
    (void)clients;
    (void)errors;
    return S_OK;
}

static HRESULT WINAPI watch_sink_OnCancelComplete(IOPCDataCallback *iface, DWORD transaction,
                                                  OPCHANDLE group)
{
    (void)iface;
    (void)transaction;
    (void)group;
    return S_OK;
}

static const IOPCDataCallbackVtbl watch_sink_vtbl = {
    watch_sink_QueryInterface,   watch_sink_AddRef,         watch_sink_Release,
    watch_sink_OnDataChange,     watch_sink_OnReadComplete, watch_sink_OnWriteComplete,
    watch_sink_OnCancelComplete,
};

struct rm_watch_sink *rm_watch_sink_new(struct rm_watched *watched, uint32_t attempt)
{
    struct rm_watch_sink *sink = calloc(1, sizeof *sink);

    if (!sink)
        return NULL;
    sink->IOPCDataCallback_iface.lpVtbl = &watch_sink_vtbl;
    sink->refs = 1;
    rm_watched_add_ref(watched);
    sink->watched = watched;
    sink->attempt = attempt;
    return sink;
}

IUnknown *rm_watch_sink_unknown(struct rm_watch_sink *sink)
{
    return (IUnknown *)&sink->IOPCDataCallback_iface;
}

bool rm_watch_sink_was_called(const struct rm_watch_sink *sink)
{
    return sink->calls != 0;
}

void rm_watch_sink_dispose(struct rm_watch_sink *sink)
{
    CoDisconnectObject((IUnknown *)&sink->IOPCDataCallback_iface, 0);
    IOPCDataCallback_Release(&sink->IOPCDataCallback_iface);
}
