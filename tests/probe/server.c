#include "server.h"

#include <stdlib.h>

#include "shutdown_sink.h"
#include "text.h"

static const DWORD contexts[] = {
    [RM_CLSCTX_ALL] = CLSCTX_ALL,
    [RM_CLSCTX_INPROC] = CLSCTX_INPROC_SERVER,
    [RM_CLSCTX_LOCAL] = CLSCTX_LOCAL_SERVER,
    [RM_CLSCTX_SERVER] = CLSCTX_SERVER,
};

static const char *explain(HRESULT hr)
{
    switch (hr)
    {
    case CO_E_CLASSSTRING: return "no such ProgID; rmprobe --list shows what there is";
    case REGDB_E_CLASSNOTREG: return "the class is not registered for this context and bitness";
    case E_NOINTERFACE: return "no IOPCServer: is the OPC proxy/stub registered?";
    case E_ACCESSDENIED: return "access denied";
    case CO_E_SERVER_EXEC_FAILURE: return "the server did not start";
    default: return "see the code";
    }
}

static HRESULT find_class(const char *prog_id, CLSID *clsid)
{
    WCHAR *wide = rm_text_to_wide(prog_id);
    HRESULT hr = wide ? CLSIDFromProgID(wide, clsid) : E_OUTOFMEMORY;

    if (wide && wide[0] == '{')
        hr = CLSIDFromString(wide, clsid);
    free(wide);
    return hr;
}

static HRESULT create(struct rm_server *server)
{
    const struct rm_options *options = server->probe->options;
    CLSID clsid;
    HRESULT hr = find_class(options->prog_id, &clsid);

    if (FAILED(hr))
        return hr;
    uint64_t begin_us = rm_probe_now_us();
    hr = CoCreateInstance(&clsid, NULL, contexts[options->clsctx], &IID_IOPCServer,
                          (void **)&server->server);
    EnterCriticalSection(&server->probe->lock);
    server->probe->tally.create_us = rm_probe_now_us() - begin_us;
    LeaveCriticalSection(&server->probe->lock);
    return hr;
}

static HRESULT query(struct rm_server *server, REFIID iid, const char *name, void **object)
{
    HRESULT hr;

    *object = NULL;
    struct rm_call call = rm_probe_begin(server->probe, "IOPCServer::QueryInterface");
    hr = IOPCServer_QueryInterface(server->server, iid, object);
    /* An interface that a server need not have is no failed call. */
    rm_probe_end(server->probe, call, hr == E_NOINTERFACE ? S_OK : hr);
    if (FAILED(hr))
        rm_probe_event(server->probe, "no interface=%s hr=0x%08lX", name, (unsigned long)hr);
    return hr;
}

static void name_client(struct rm_server *server)
{
    if (FAILED(query(server, &IID_IOPCCommon, "IOPCCommon", (void **)&server->common)))
        return;
    struct rm_call call = rm_probe_begin(server->probe, "IOPCCommon::SetClientName");
    rm_probe_end(server->probe, call, IOPCCommon_SetClientName(server->common, L"rmprobe"));
}

static void advise_shutdown(struct rm_server *server)
{
    IConnectionPointContainer *container;
    HRESULT hr = query(server, &IID_IConnectionPointContainer, "IConnectionPointContainer",
                       (void **)&container);

    if (FAILED(hr))
        return;
    struct rm_call call = rm_probe_begin(server->probe, "server::FindConnectionPoint");
    hr = rm_probe_end(server->probe, call,
                      IConnectionPointContainer_FindConnectionPoint(container, &IID_IOPCShutdown,
                                                                    &server->shutdown_point));
    IConnectionPointContainer_Release(container);
    server->shutdown_sink = SUCCEEDED(hr) ? rm_shutdown_sink_create(server->probe) : NULL;
    if (!server->shutdown_sink)
        return;
    call = rm_probe_begin(server->probe, "server::Advise");
    rm_probe_end(server->probe, call,
                 IConnectionPoint_Advise(server->shutdown_point,
                                         (IUnknown *)&server->shutdown_sink->IOPCShutdown_iface,
                                         &server->shutdown_cookie));
}

HRESULT rm_server_connect(struct rm_server *server, struct rm_probe *probe)
{
    memset(server, 0, sizeof(*server));
    server->probe = probe;
    HRESULT hr = create(server);
    if (FAILED(hr))
    {
        fprintf(stderr, "rmprobe: can't connect to %s: 0x%08lX, %s\n", probe->options->prog_id,
                (unsigned long)hr, explain(hr));
        return hr;
    }
    name_client(server);
    advise_shutdown(server);
    return rm_server_get_status(server);
}

HRESULT rm_server_get_status(struct rm_server *server)
{
    OPCSERVERSTATUS *status = NULL;

    struct rm_call call = rm_probe_begin(server->probe, "IOPCServer::GetStatus");
    HRESULT hr = rm_probe_end(server->probe, call, IOPCServer_GetStatus(server->server, &status));
    if (FAILED(hr) || !status)
        return hr;
    if (status->dwServerState != server->state)
        rm_probe_event(server->probe, "state before=%d now=%d", (int)server->state,
                       (int)status->dwServerState);
    server->state = status->dwServerState;
    CoTaskMemFree(status->szVendorInfo);
    CoTaskMemFree(status);
    return hr;
}

void rm_server_unadvise(struct rm_server *server)
{
    if (server->shutdown_cookie)
    {
        struct rm_call call = rm_probe_begin(server->probe, "server::Unadvise");
        rm_probe_end(server->probe, call,
                     IConnectionPoint_Unadvise(server->shutdown_point, server->shutdown_cookie));
        server->shutdown_cookie = 0;
    }
    if (server->shutdown_point)
        IConnectionPoint_Release(server->shutdown_point);
    server->shutdown_point = NULL;
    if (!server->shutdown_sink)
        return;
    CoDisconnectObject((IUnknown *)&server->shutdown_sink->IOPCShutdown_iface, 0);
    IOPCShutdown_Release(&server->shutdown_sink->IOPCShutdown_iface);
    server->shutdown_sink = NULL;
}

void rm_server_disconnect(struct rm_server *server)
{
    rm_server_unadvise(server);
    if (server->common)
        IOPCCommon_Release(server->common);
    server->common = NULL;
    if (!server->server)
        return;
    struct rm_call call = rm_probe_begin(server->probe, "IOPCServer::Release");
    IOPCServer_Release(server->server);
    rm_probe_end(server->probe, call, S_OK);
    server->server = NULL;
}
