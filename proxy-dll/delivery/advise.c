#include "delivery/client_sink.h"

#include <olectl.h>

#include "call/call.h"
#include "call/hresult_class.h"
#include "delivery/data_sink.h"
#include "link/link_blankets.h"
#include "module/memory.h"
#include "session/session.h"

struct advise_call
{
    struct rm_call base;
    struct rm_group *group; /* holds it */
    struct rm_client_sink *client;
    struct rm_data_sink *sink;
    IConnectionPointContainer *container;
    DWORD client_cookie;
    bool is_taken_back; /* the group's reference to the client's sink is ours again */

    IConnectionPoint *point;
    DWORD cookie;
};

static HRESULT advise_prepare(struct rm_call *call, struct rm_link *link)
{
    struct advise_call *advise = (struct advise_call *)call;
    struct rm_link_group *link_group;
    struct rm_group *group = advise->group;

    link_group = rm_link_group_of(link, group);
    if (group->sink)
        return CONNECT_E_ADVISELIMIT;
    if (!link_group || !link_group->interfaces[RM_GROUP_CONNECTION_POINTS])
        return E_FAIL;
    /* The first callback may come before Advise returns. */
    rm_data_sink_set_link(advise->sink, link->number);
    rm_client_sink_add_ref(advise->client);
    group->sink = advise->client;
    group->sink_cookie = advise->client_cookie = ++group->last_sink_cookie;
    if (link_group->sink)
    {
        /* An attempt on a machine that was lost has left this one advised by its synchronisation.
         */
        link_group->advise_id = advise->client_cookie;
        rm_session_changed(link->session);
        return S_FALSE;
    }
    link_group->is_advising = true; /* the synchronisation keeps away */
    advise->container = rm_link_take_group(link, group, RM_GROUP_CONNECTION_POINTS);
    return S_OK;
}

static HRESULT advise_run(struct rm_call *call, struct rm_link *link)
{
    struct advise_call *advise = (struct advise_call *)call;
    IUnknown *unknown = NULL;
    HRESULT hr;

    hr = IConnectionPointContainer_FindConnectionPoint(advise->container, &IID_IOPCDataCallback,
                                                       &advise->point);
    if (SUCCEEDED(hr))
    {
        rm_link_secure_point(link, advise->group, (IUnknown *)advise->point);
        hr = rm_data_sink_take_unknown(advise->sink, &unknown);
    }
    if (SUCCEEDED(hr))
        hr = IConnectionPoint_Advise(advise->point, unknown, &advise->cookie);
    if (unknown)
        IUnknown_Release(unknown);
    if (FAILED(hr) && advise->point)
    {
        IConnectionPoint_Release(advise->point);
        advise->point = NULL;
    }
    IConnectionPointContainer_Release(advise->container);
    advise->container = NULL;
    return hr;
}

/* Takes the client's sink out of the group; the reference goes to the caller. Locked. */
static struct rm_client_sink *take_client_sink(struct rm_group *group)
{
    struct rm_client_sink *client = group->sink;

    group->sink = NULL;
    rm_delivery_tell_waiters(group);
    return client;
}

static void advise_record(struct rm_call *call, struct rm_link *link, HRESULT hr)
{
    struct advise_call *advise = (struct advise_call *)call;
    struct rm_link_group *link_group = rm_link_group_of(link, advise->group);

    if (link_group)
        link_group->is_advising = false;
    if (FAILED(hr))
    {
        if (advise->group->sink == advise->client)
            advise->is_taken_back = take_client_sink(advise->group) != NULL;
        return;
    }
    if (link->is_dead || !link_group)
        return; /* the machine that is active now is advised by its synchronisation */
    link_group->point = advise->point;
    advise->point = NULL;
    link_group->sink = advise->sink;
    advise->sink = NULL;
    link_group->cookie = advise->cookie;
    link_group->advise_id = advise->client_cookie;
    rm_session_changed(link->session);
}

static HRESULT advise_lost(struct rm_call *call, struct rm_link *link)
{
    struct advise_call *advise = (struct advise_call *)call;
    struct rm_link_group *link_group;

    link_group = rm_link_group_of(link, advise->group);
    if (link_group)
        link_group->is_advising = false;
    if (advise->group->sink == advise->client)
        advise->is_taken_back = take_client_sink(advise->group) != NULL;
    return RM_CALL_REPEAT;
}

static void advise_destroy(struct rm_call *call)
{
    struct advise_call *advise = (struct advise_call *)call;

    if (advise->container)
        IConnectionPointContainer_Release(advise->container);
    if (advise->point)
        IConnectionPoint_Release(advise->point);
    if (advise->sink)
        rm_data_sink_dispose(advise->sink);
    if (advise->is_taken_back)
        rm_client_sink_release(advise->client);
    if (advise->client)
        rm_client_sink_release(advise->client);
    rm_group_unhold(advise->group);
}

static const struct rm_call_class advise_class = {
    .name = "IConnectionPoint::Advise",
    .kind = RM_CALL_SHADOW,
    .prepare = advise_prepare,
    .run = advise_run,
    .record = advise_record,
    .lost = advise_lost,
    .destroy = advise_destroy,
};

static HRESULT advise_once(struct rm_group *group, IUnknown *client, DWORD *cookie)
{
    struct rm_call *call = rm_call_new(sizeof(struct advise_call), &advise_class);
    struct advise_call *advise = (struct advise_call *)call;
    HRESULT hr;

    if (!call)
        return E_OUTOFMEMORY;
    rm_group_hold(group);
    advise->group = group;
    call->group = group;
    hr = rm_client_sink_new(client, &advise->client);
    if (SUCCEEDED(hr))
    {
        advise->sink = rm_client_sink_is_single_threaded(advise->client)
                           ? rm_data_sink_new_here(group)
                           : rm_data_sink_new(group, 0);
        hr = advise->sink ? rm_call_execute(group->session, call) : E_OUTOFMEMORY;
    }
    if (hr == S_FALSE && !rm_call_is_answered(call))
        hr = S_OK; /* this machine is advised already */
    if (SUCCEEDED(hr) && hr != RM_CALL_REPEAT)
        *cookie = advise->client_cookie;
    rm_call_release(call);
    return hr;
}

HRESULT rm_group_advise(struct rm_group *group, IUnknown *client, DWORD *cookie)
{
    HRESULT hr;

    do
        hr = advise_once(group, client, cookie);
    while (hr == RM_CALL_REPEAT);
    return hr;
}

struct unadvise_call
{
    struct rm_call base;
    struct rm_group *group; /* holds it */
    IConnectionPoint *point;
    struct rm_data_sink *sink;
    DWORD cookie;
};

static HRESULT unadvise_prepare(struct rm_call *call, struct rm_link *link)
{
    struct unadvise_call *unadvise = (struct unadvise_call *)call;
    struct rm_link_group *link_group = rm_link_group_of(link, unadvise->group);

    if (!link_group || !link_group->sink)
        return S_FALSE; /* this machine has not been advised: there is nothing to end */
    unadvise->point = link_group->point;
    unadvise->sink = link_group->sink;
    unadvise->cookie = link_group->cookie;
    link_group->point = NULL;
    link_group->sink = NULL;
    return S_OK;
}

static HRESULT unadvise_run(struct rm_call *call, struct rm_link *link)
{
    struct unadvise_call *unadvise = (struct unadvise_call *)call;
    HRESULT hr = IConnectionPoint_Unadvise(unadvise->point, unadvise->cookie);

    (void)link;
    IConnectionPoint_Release(unadvise->point);
    unadvise->point = NULL;
    return hr;
}

static void unadvise_destroy(struct rm_call *call)
{
    struct unadvise_call *unadvise = (struct unadvise_call *)call;

    if (unadvise->point)
        IConnectionPoint_Release(unadvise->point);
    if (unadvise->sink)
        rm_data_sink_dispose(unadvise->sink);
    rm_group_unhold(unadvise->group);
}

static const struct rm_call_class unadvise_class = {
    .name = "IConnectionPoint::Unadvise",
    .kind = RM_CALL_SHADOW,
    .prepare = unadvise_prepare,
    .run = unadvise_run,
    .destroy = unadvise_destroy,
};

static HRESULT unadvise_once(struct rm_group *group)
{
    struct rm_call *call = rm_call_new(sizeof(struct unadvise_call), &unadvise_class);
    HRESULT hr;

    if (!call)
        return E_OUTOFMEMORY;
    rm_group_hold(group);
    ((struct unadvise_call *)call)->group = group;
    call->group = group;
    hr = rm_call_execute(group->session, call);
    rm_call_release(call);
    return hr;
}

HRESULT rm_group_unadvise(struct rm_group *group, DWORD cookie)
{
    struct rm_session *session = group->session;
    struct rm_client_sink *client = NULL;
    HRESULT hr;

    rm_session_lock(session);
    if (group->sink && group->sink_cookie == cookie)
    {
        client = take_client_sink(group);
        rm_session_changed(session); /* the standbys end theirs */
    }
    rm_session_unlock(session);
    if (!client)
        return CONNECT_E_NOCONNECTION;
    do
        hr = unadvise_once(group);
    while (hr == RM_CALL_REPEAT);
    rm_client_sink_release(client);
    /* As far as the client goes the connection is over, whatever became of the machine's side. */
    return hr == S_FALSE || hr == RM_HRESULT_UNAVAILABLE || hr == RPC_E_DISCONNECTED ? S_OK : hr;
}
