#include "link/link.h"

#include "call/call.h"
#include "call/hresult_class.h"
#include "module/filetime.h"
#include "module/module.h"
#include "session/driver.h"
#include "session/session.h"

static int64_t our_time(void)
{
    FILETIME now;

    GetSystemTimeAsFileTime(&now);
    return rm_filetime_number(&now);
}

/* A reference, or NULL: the link is dead. */
static IOPCServer *take_server(struct rm_link *link)
{
    IOPCServer *server;

    rm_session_lock(link->session);
    server = link->is_dead ? NULL : rm_link_take(link, RM_SERVER_OPCSERVER);
    rm_session_unlock(link->session);
    return server;
}

static void free_status(OPCSERVERSTATUS *status)
{
    CoTaskMemFree(status->szVendorInfo);
    CoTaskMemFree(status);
}

HRESULT rm_link_ask_status(struct rm_link *link)
{
    OPCSERVERSTATUS *status = NULL;
    IOPCServer *server = take_server(link);
    HRESULT hr;

    if (!server)
        return RPC_E_DISCONNECTED;
    hr = IOPCServer_GetStatus(server, &status);
    IOPCServer_Release(server);
    if (SUCCEEDED(hr) && status)
        free_status(status);
    return hr;
}

static HRESULT ping_run(struct rm_call *call, struct rm_link *link)
{
    struct rm_session *session = link->session;
    struct rm_failover_event event = {.machine = link->machine, .link = link->number};
    OPCSERVERSTATUS *status = NULL;
    struct rm_skew_ping ping;
    unsigned round_trip_us;
    ULONGLONG began_us;
    IOPCServer *server = take_server(link);
    HRESULT hr;

    (void)call;
    if (!server)
        return E_ABORT;
    ping.before_100ns = our_time();
    began_us = rm_module_now_us();
    hr = IOPCServer_GetStatus(server, &status);
    round_trip_us = (unsigned)(rm_module_now_us() - began_us);
    ping.after_100ns = our_time();
    IOPCServer_Release(server);
    rm_session_lock(session);
    link->asked_ms = 0;
    rm_session_unlock(session);

    if (rm_hresult_classify(hr) != RM_HRESULT_ANSWER)
    {
        rm_session_report_lost(session, link, hr);
        return hr;
    }
    event.kind = RM_FAILOVER_PING_ANSWERED;
    event.code = (DWORD)hr;
    if (SUCCEEDED(hr) && status)
    {
        event.is_running = status->dwServerState == OPC_STATUS_RUNNING;
        ping.theirs_100ns = rm_filetime_number(&status->ftCurrentTime);
        rm_session_lock(session);
        link->latency_us = round_trip_us;
        rm_skew_measure(&link->skew, &ping);
        rm_session_unlock(session);
        free_status(status);
    }
    rm_driver_post(session->driver, &event);
    return hr;
}

static const struct rm_call_class ping_class = {
    .name = "status ping",
    .kind = RM_CALL_IDEMPOTENT,
    .run = ping_run,
};

void rm_link_ping(struct rm_link *link)
{
    struct rm_call *call = rm_call_new(sizeof(*call), &ping_class);

    if (!call)
        return; /* it counts as a missed ping */
    rm_session_lock(link->session);
    if (!link->asked_ms)
        link->asked_ms = rm_module_now_ms();
    rm_session_unlock(link->session);
    rm_call_start(link->session, link, call);
}
