#include "link/link.h"

#include <opc/opccomn.h>

#include "call/abandoned.h"
#include "call/hresult_class.h"
#include "call/worker.h"
#include "delivery/shutdown_sink.h"
#include "link/activation.h"
#include "link/link_work.h"
#include "module/memory.h"
#include "module/module.h"
#include "session/driver.h"
#include "session/session.h"

struct connect_job
{
    struct rm_job job;
    struct rm_link *link;
};

/* What has been built for a link that is not wanted any more. */
static void drop_interfaces(IUnknown *interfaces[RM_SERVER_INTERFACE_COUNT])
{
    int i;

    for (i = 0; i < RM_SERVER_INTERFACE_COUNT; i++)
    {
        if (interfaces[i])
            IUnknown_Release(interfaces[i]);
    }
}

static HRESULT activate(struct rm_link *link, IUnknown *interfaces[RM_SERVER_INTERFACE_COUNT],
                        bool *is_cloaked)
{
    struct rm_session *session = link->session;
    const struct rm_machine_config *machine = &session->config->machines[link->machine - 1];
    struct rm_activation activation = {.api = &rm_activation_system, .machine = machine};
    HRESULT hr;

    if (rm_abandoned_forbids(link->server))
        return HRESULT_FROM_WIN32(RPC_S_OUT_OF_RESOURCES);
    activation.progid = rm_server_machine_progid(session->config, link->machine);
    activation.is_own_progid = _stricmp(activation.progid, session->config->progid) == 0;
    activation.own_clsid = session->clsid;
    activation.is_integrity_refused = session->is_integrity_refused[link->machine - 1];
    hr = rm_activate(&activation, interfaces);
    *is_cloaked = activation.is_cloaked;
    if (activation.is_integrity_refused && !session->is_integrity_refused[link->machine - 1])
    {
        session->is_integrity_refused[link->machine - 1] = true;
        rm_session_event(session, RM_EVENT_INTEGRITY_REFUSED, link->machine, 0, NULL);
    }
    return hr;
}

/* The server's own wish to go is worth a switch before it goes (F-09). A server without the
 * connection point is fine. Done when the client has its session already: the first sink of a
 * process costs some milliseconds. */
static void advise_shutdown(struct rm_link *link, IConnectionPointContainer *container)
{
    struct rm_shutdown_sink *sink = NULL;
    IConnectionPoint *point = NULL;
    DWORD cookie = 0;
    bool is_advised = false;

    if (FAILED(IConnectionPointContainer_FindConnectionPoint(container, &IID_IOPCShutdown, &point)))
        return;
    sink = rm_shutdown_sink_new(link->session, link->machine, link->number);
    if (sink)
        is_advised =
            SUCCEEDED(IConnectionPoint_Advise(point, rm_shutdown_sink_unknown(sink), &cookie));

    rm_session_lock(link->session);
    if (is_advised && !link->is_dead)
    {
        link->shutdown_point = point;
        link->shutdown_sink = sink;
        link->shutdown_cookie = cookie;
        point = NULL;
        sink = NULL;
    }
    rm_session_unlock(link->session);
    if (point && is_advised)
        IConnectionPoint_Unadvise(point, cookie);
    if (sink)
        rm_shutdown_sink_dispose(sink);
    if (point)
        IConnectionPoint_Release(point);
}

/* Of the system's: the driver asks the machine for its status at once. */
static void CALLBACK process_ended(void *context, BOOLEAN is_timeout)
{
    const struct rm_link *link = context;
    struct rm_failover_event event = {.kind = RM_FAILOVER_SUSPECT,
                                      .machine = link->machine,
                                      .link = link->number,
                                      .suspicion = RM_SUSPICION_PROCESS_GONE};

    (void)is_timeout;
    rm_driver_post(link->session->driver, &event);
}

/* server: a reference, which is released. */
static void watch_process(struct rm_link *link, IUnknown *server)
{
    struct rm_session *session = link->session;
    struct rm_process_watch watch;

    rm_process_watch_begin(&watch, server, &IID_IOPCServer, process_ended, link);
    IUnknown_Release(server);
    rm_session_lock(session);
    if (!link->is_dead)
    {
        link->process_watch = watch;
        watch.wait = watch.process = NULL;
    }
    rm_session_unlock(session);
    rm_process_watch_end(&watch);
}

static void post_failure(const struct rm_link *link, HRESULT hr)
{
    struct rm_failover_event event = {.kind = RM_FAILOVER_CONNECT_FAILED,
                                      .machine = link->machine,
                                      .link = link->number,
                                      .code = (DWORD)hr,
                                      .is_refused = rm_hresult_is_refusal(hr)};

    rm_driver_post(link->session->driver, &event);
}

static void connect_link(struct rm_link *link)
{
    IConnectionPointContainer *container = NULL;
    struct rm_session *session = link->session;
    IUnknown *watched = NULL;
    IUnknown *interfaces[RM_SERVER_INTERFACE_COUNT];
    bool is_cloaked = false, is_wanted;
    HRESULT hr = activate(link, interfaces, &is_cloaked);
    int i;

    rm_session_lock(session);
    is_wanted = !link->is_dead;
    if (is_wanted && SUCCEEDED(hr))
    {
        for (i = 0; i < RM_SERVER_INTERFACE_COUNT; i++)
            link->interfaces[i] = interfaces[i];
        link->is_cloaked = is_cloaked;
        link->is_connected = true;
        container = rm_link_take(link, RM_SERVER_CONNECTION_POINTS);
        if (rm_activation_is_local(session->config->machines[link->machine - 1].host))
            watched = rm_link_take(link, RM_SERVER_OPCSERVER);
        if (container) /* the last Release waits for the sink to be there, and gone */
            rm_link_awaited_begin(link);
        /* Before the synchronisation starts: it may be ready in no time, and that comes second. */
        rm_driver_post_link(session->driver, RM_FAILOVER_CONNECTED, link->machine, link->number, 0);
        rm_link_kick(link);
    }
    rm_session_unlock(session);

    if (FAILED(hr))
        post_failure(link, hr);
    else if (!is_wanted)
        drop_interfaces(interfaces);
    if (container)
    {
        advise_shutdown(link, container);
        IConnectionPointContainer_Release(container);
        rm_session_lock(session);
        rm_link_awaited_end(link);
        rm_session_unlock(session);
    }
    if (watched)
        watch_process(link, watched);
}

static void run_connect(struct rm_job *job)
{
    struct rm_link *link = ((struct connect_job *)job)->link;
    struct rm_link_work work;

    rm_session_lock(link->session);
    rm_link_work_begin(link, &work);
    rm_session_unlock(link->session);
    connect_link(link);
    rm_session_lock(link->session);
    rm_link_work_end(&work);
    rm_session_unlock(link->session);
    rm_link_release(link);
    rm_free(job);
}

void rm_link_connect(struct rm_link *link)
{
    struct connect_job *job = rm_alloc_zero(1, sizeof(*job));

    if (job)
    {
        job->job.run = run_connect;
        job->link = link;
        rm_link_add_ref(link);
        if (rm_worker_submit(&job->job))
            return;
        rm_link_release(link);
        rm_free(job);
    }
    rm_driver_post_link(link->session->driver, RM_FAILOVER_CONNECT_FAILED, link->machine,
                        link->number, (DWORD)E_OUTOFMEMORY);
}
