#include "delivery/shutdown_sink.h"

#include <objbase.h>
#include <opc/opccomn.h>

#include "link/link.h"
#include "module/memory.h"
#include "session/driver.h"
#include "session/recorder.h"
#include "session/session.h"

#define REASON_BYTES 256 /* a longer one is not recorded */

struct rm_shutdown_sink
{
    IOPCShutdown IOPCShutdown_iface;
    LONG refs;
    struct rm_session *session; /* holds its memory */
    unsigned machine;
    DWORD link;
};

static struct rm_shutdown_sink *impl_from_IOPCShutdown(IOPCShutdown *iface)
{
    return CONTAINING_RECORD(iface, struct rm_shutdown_sink, IOPCShutdown_iface);
}

static HRESULT WINAPI shutdown_sink_QueryInterface(IOPCShutdown *iface, REFIID iid, void **out)
{
    if (!out)
        return E_POINTER;
    *out = NULL;
    if (!IsEqualIID(iid, &IID_IUnknown) && !IsEqualIID(iid, &IID_IOPCShutdown))
        return E_NOINTERFACE;
    *out = iface;
    IOPCShutdown_AddRef(iface);
    return S_OK;
}

static ULONG WINAPI shutdown_sink_AddRef(IOPCShutdown *iface)
{
    return (ULONG)InterlockedIncrement(&impl_from_IOPCShutdown(iface)->refs);
}

static ULONG WINAPI shutdown_sink_Release(IOPCShutdown *iface)
{
    struct rm_shutdown_sink *sink = impl_from_IOPCShutdown(iface);
    LONG refs = InterlockedDecrement(&sink->refs);

    if (refs == 0)
    {
        rm_session_unhold(sink->session);
        rm_free(sink);
    }
    return (ULONG)refs;
}

static HRESULT WINAPI shutdown_sink_ShutdownRequest(IOPCShutdown *iface, LPCWSTR reason)
{
    struct rm_shutdown_sink *sink = impl_from_IOPCShutdown(iface);
    char text[REASON_BYTES];

    if (reason && WideCharToMultiByte(CP_UTF8, 0, reason, -1, text, ARRAYSIZE(text), NULL, NULL))
        rm_recorder_event(sink->session->recorder, RM_EVENT_SHUTDOWN_RECEIVED, sink->machine, 0,
                          text);
    rm_driver_post_link(sink->session->driver, RM_FAILOVER_SHUTDOWN, sink->machine, sink->link, 0);
    return S_OK;
}

static const IOPCShutdownVtbl shutdown_sink_vtbl = {
    shutdown_sink_QueryInterface,
    shutdown_sink_AddRef,
    shutdown_sink_Release,
    shutdown_sink_ShutdownRequest,
};

struct rm_shutdown_sink *rm_shutdown_sink_new(struct rm_session *session, unsigned machine,
                                              DWORD link)
{
    struct rm_shutdown_sink *sink = rm_alloc_zero(1, sizeof(*sink));

    if (!sink)
        return NULL;
    sink->IOPCShutdown_iface.lpVtbl = &shutdown_sink_vtbl;
    sink->refs = 1;
    sink->session = session;
    rm_session_hold(session);
    sink->machine = machine;
    sink->link = link;
    return sink;
}

IUnknown *rm_shutdown_sink_unknown(struct rm_shutdown_sink *sink)
{
    return (IUnknown *)&sink->IOPCShutdown_iface;
}

void rm_shutdown_sink_dispose(struct rm_shutdown_sink *sink)
{
    CoDisconnectObject(rm_shutdown_sink_unknown(sink), 0);
    IOPCShutdown_Release(&sink->IOPCShutdown_iface);
}
