#include "link/link_sync.h"

#include <rm/quirk.h>

#include "delivery/data_sink.h"
#include "delivery/delivery.h"
#include "link/link_blankets.h"
#include "module/memory.h"
#include "session/session.h"

/* Ends an advise that serves no Advise of the client any more. */
static bool unadvise(struct rm_link *link, struct rm_group *group)
{
    struct rm_session *session = link->session;
    struct rm_data_sink *sink = NULL;
    struct rm_link_group *link_group;
    IConnectionPoint *point = NULL;
    DWORD cookie = 0;
    HRESULT hr;

    rm_session_lock(session);
    link_group = link->is_dead ? NULL : rm_link_group_of(link, group);
    if (link_group && link_group->sink &&
        (!group->sink || link_group->advise_id != group->sink_cookie))
    {
        point = link_group->point;
        sink = link_group->sink;
        cookie = link_group->cookie;
        link_group->point = NULL;
        link_group->sink = NULL;
    }
    rm_session_unlock(session);
    if (!sink)
        return !link->is_dead;
    hr = IConnectionPoint_Unadvise(point, cookie);
    IConnectionPoint_Release(point);
    rm_data_sink_dispose(sink);
    return rm_sync_is_alive(link, hr);
}

static HRESULT advise_point(struct rm_link *link, struct rm_group *group,
                            IConnectionPointContainer *container, struct rm_data_sink *sink,
                            IConnectionPoint **point, DWORD *cookie)
{
    IUnknown *unknown = NULL;
    HRESULT hr;

    *point = NULL;
    hr = IConnectionPointContainer_FindConnectionPoint(container, &IID_IOPCDataCallback, point);
    if (FAILED(hr))
        return hr;
    rm_link_secure_point(link, group, (IUnknown *)*point);
    hr = rm_data_sink_take_unknown(sink, &unknown);
    if (SUCCEEDED(hr))
    {
        hr = IConnectionPoint_Advise(*point, unknown, cookie);
        IUnknown_Release(unknown);
    }
    if (FAILED(hr))
    {
        IConnectionPoint_Release(*point);
        *point = NULL;
    }
    return hr;
}

static bool advise(struct rm_link *link, struct rm_group *group,
                   IConnectionPointContainer *container, DWORD advise_id)
{
    struct rm_session *session = link->session;
    struct rm_data_sink *sink = rm_data_sink_new(group, link->number);
    struct rm_link_group *link_group;
    IConnectionPoint *point;
    DWORD cookie = 0;
    HRESULT hr;

    if (!sink)
    {
        rm_session_lock(session);
        rm_sync_short_of_memory(link);
        rm_session_unlock(session);
        return true;
    }
    hr = advise_point(link, group, container, sink, &point, &cookie);
    if (FAILED(hr))
    {
        rm_data_sink_dispose(sink);
        if (!rm_sync_is_alive(link, hr))
            return false;
        rm_sync_tell_refusal(link, group, hr);
        return true;
    }
    rm_session_lock(session);
    link_group = link->is_dead ? NULL : rm_link_group_of(link, group);
    if (link_group && !link_group->sink)
    {
        link_group->point = point;
        link_group->sink = sink;
        link_group->cookie = cookie;
        link_group->advise_id = advise_id;
        link_group->is_enabled = TRUE;
        point = NULL;
        sink = NULL;
    }
    rm_session_unlock(session);
    if (point)
    {
        IConnectionPoint_Unadvise(point, cookie);
        IConnectionPoint_Release(point);
        rm_data_sink_dispose(sink);
    }
    return !link->is_dead;
}

static bool sync_enable(struct rm_link *link, struct rm_group *group)
{
    struct rm_session *session = link->session;
    struct rm_link_group *link_group;
    IOPCAsyncIO2 *async = NULL;
    BOOL is_enabled;
    HRESULT hr;

    rm_session_lock(session);
    is_enabled = group->is_enabled;
    link_group = link->is_dead ? NULL : rm_link_group_of(link, group);
    if (link_group && link_group->sink && !link_group->is_enabled != !is_enabled)
    {
        link_group->is_enabled = is_enabled;
        async = rm_link_take_group(link, group, RM_GROUP_ASYNC_IO2);
    }
    rm_session_unlock(session);
    if (!async)
        return !link->is_dead;
    hr = IOPCAsyncIO2_SetEnable(async, is_enabled);
    IOPCAsyncIO2_Release(async);
    return rm_sync_is_alive(link, hr);
}

bool rm_sync_group_sink(struct rm_link *link, struct rm_group *group)
{
    struct rm_session *session = link->session;
    IConnectionPointContainer *container = NULL;
    struct rm_link_group *link_group;
    DWORD advise_id = 0;

    if (!unadvise(link, group))
        return false;
    rm_session_lock(session);
    link_group = link->is_dead ? NULL : rm_link_group_of(link, group);
    if (link_group && !link_group->sink && !link_group->is_advising && group->sink)
    {
        advise_id = group->sink_cookie;
        container = rm_link_take_group(link, group, RM_GROUP_CONNECTION_POINTS);
    }
    rm_session_unlock(session);
    if (container)
    {
        bool is_alive = advise(link, group, container, advise_id);

        IConnectionPointContainer_Release(container);
        if (!is_alive)
            return false;
    }
    return sync_enable(link, group);
}

bool rm_sync_group_active(struct rm_link *link, struct rm_group *group)
{
    struct rm_session *session = link->session;
    IOPCGroupStateMgt *state = NULL;
    struct rm_link_group *link_group;
    BOOL is_active = FALSE;
    DWORD revised_ms;
    HRESULT hr;

    rm_session_lock(session);
    link_group = link->is_dead ? NULL : rm_link_group_of(link, group);
    if (link_group)
    {
        is_active = rm_sync_wants_active(link, group);
        if (!link_group->is_active != !is_active)
            state = rm_link_take_group(link, group, RM_GROUP_STATE_MGT);
    }
    rm_session_unlock(session);
    if (!state)
        return !link->is_dead;
    hr = IOPCGroupStateMgt_SetState(state, NULL, &revised_ms, &is_active, NULL, NULL, NULL, NULL);
    IOPCGroupStateMgt_Release(state);
    rm_session_lock(session);
    link_group = link->is_dead ? NULL : rm_link_group_of(link, group);
    if (link_group && SUCCEEDED(hr))
    {
        link_group->is_active = is_active;
        link_group->is_fresh = link_group->is_memory_due = is_active != FALSE;
    }
    rm_session_unlock(session);
    if (!rm_sync_is_alive(link, hr))
        return false;
    if (FAILED(hr) && !is_active)
        rm_sync_found_quirk(link, RM_QUIRK_STAYS_ACTIVE, RM_EVENT_STAYS_ACTIVE);
    else if (FAILED(hr))
        rm_sync_tell_refusal(link, group, hr);
    return true;
}

bool rm_sync_group_refresh(struct rm_link *link, struct rm_group *group)
{
    struct rm_session *session = link->session;
    struct rm_link_group *link_group;
    IOPCAsyncIO2 *async = NULL;
    DWORD cancel_id;
    HRESULT hr;

    rm_session_lock(session);
    link_group = link->is_dead ? NULL : rm_link_group_of(link, group);
    if (link_group && link_group->sink && link_group->is_active && !link_group->is_fresh &&
        group->is_enabled)
        async = rm_link_take_group(link, group, RM_GROUP_ASYNC_IO2);
    rm_session_unlock(session);
    if (!async)
        return !link->is_dead;
    hr = IOPCAsyncIO2_Refresh2(async, OPC_DS_CACHE, RM_OWN_REFRESH, &cancel_id);
    IOPCAsyncIO2_Release(async);
    return rm_sync_is_alive(link, hr);
}
