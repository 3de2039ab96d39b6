#include "link/link_sync.h"

#include <rm/quirk.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>
#include <opc/opcerror.h>

#include "call/hresult_class.h"
#include "link/activation.h"
#include "module/memory.h"
#include "session/session.h"

#define NAME_SUFFIX_ROOM 16

struct group_order
{
    WCHAR *name;
    DWORD asks; /* the link's */
    DWORD rate_ms, lcid;
    OPCHANDLE client_handle;
    LONG time_bias;
    bool has_time_bias;
    FLOAT deadband;
    bool has_deadband;
    bool may_be_active; /* for the client has it so */
    BOOL is_active;     /* TRUE: the machine refuses groups that are inactive */
};

/* Locked. A group is created inactive: its items come first, so that the first callback brings all
 * of them. */
static bool copy_order(const struct rm_link *link, const struct rm_group *group,
                       struct group_order *order)
{
    order->rate_ms = group->requested_rate_ms;
    order->lcid = group->lcid;
    order->client_handle = group->client_handle;
    order->time_bias = group->time_bias;
    order->has_time_bias = group->has_time_bias;
    order->deadband = group->deadband;
    order->has_deadband = group->has_deadband;
    order->may_be_active = group->is_active != FALSE;
    order->is_active = order->may_be_active && (link->quirks & RM_QUIRK_STAYS_ACTIVE);
    order->name = rm_wcsdup(group->name);
    return order->name != NULL;
}

static HRESULT add_group(IOPCServer *server, struct group_order *order, const WCHAR *name,
                         OPCHANDLE *real, IUnknown **unknown)
{
    DWORD revised_ms = 0;

    return IOPCServer_AddGroup(server, name, order->is_active, order->rate_ms, order->client_handle,
                               order->has_time_bias ? &order->time_bias : NULL,
                               order->has_deadband ? &order->deadband : NULL, order->lcid, real,
                               &revised_ms, &IID_IOPCGroupStateMgt, unknown);
}

/* The client's own name; with a suffix only where the server has got that name already (C-03). */
static HRESULT add_group_named(struct rm_session *session, IOPCServer *server,
                               struct group_order *order, OPCHANDLE *real, IUnknown **unknown)
{
    HRESULT hr = add_group(server, order, order->name, real, unknown);
    size_t room;
    WCHAR *name;

    if (hr != OPC_E_DUPLICATENAME)
        return hr;
    room = wcslen(order->name) + NAME_SUFFIX_ROOM;
    name = rm_alloc_zero(room, sizeof(*name));
    if (!name)
        return E_OUTOFMEMORY;
    rm_session_lock(session);
    swprintf(name, room, L"%ls~%lu", order->name, ++session->group_name_suffix);
    rm_session_unlock(session);
    rm_free(order->name);
    order->name = name;
    return add_group(server, order, name, real, unknown);
}

/* Locked: what the machine has now. false: no memory, so the real group is nobody's. */
static bool record_group(struct rm_link *link, struct rm_group *group, struct group_order *order,
                         OPCHANDLE real, IUnknown *interfaces[RM_GROUP_INTERFACE_COUNT])
{
    struct rm_link_group *link_group;

    if (link->is_dead)
        return true;
    if (!rm_link_adopt_group(link, group, real, interfaces))
    {
        rm_sync_short_of_memory(link);
        return false;
    }
    link_group = rm_link_group_of(link, group);
    link_group->rate_ms = order->rate_ms;
    link_group->lcid = order->lcid;
    link_group->client_handle = order->client_handle;
    link_group->time_bias = order->time_bias;
    link_group->has_time_bias = order->has_time_bias;
    link_group->deadband = order->deadband;
    link_group->is_active = order->is_active;
    rm_free(link_group->name);
    link_group->name = order->name;
    order->name = NULL;
    return true;
}

void rm_sync_record_refusal(struct rm_link *link, struct rm_group *group, DWORD asks, HRESULT hr)
{
    struct rm_link_group *link_group;

    rm_session_lock(link->session);
    link_group = link->is_dead ? NULL : rm_link_group_make(link, group);
    if (link_group)
    {
        link_group->status = hr;
        link_group->asks = asks;
        rm_link_note_refusal(link);
    }
    else if (!link->is_dead)
        rm_sync_short_of_memory(link);
    rm_session_unlock(link->session);
    rm_sync_tell_refusal(link, group, hr);
}

/* There are servers that have no inactive groups, and say no more than that they won't. Whatever
 * else it was that they refuse, they refuse again. */
static HRESULT add_group_active(struct rm_link *link, IOPCServer *server, struct group_order *order,
                                OPCHANDLE *real, IUnknown **unknown)
{
    HRESULT hr;

    order->is_active = TRUE;
    hr = add_group_named(link->session, server, order, real, unknown);
    if (SUCCEEDED(hr) && *unknown)
        rm_sync_found_quirk(link, RM_QUIRK_STAYS_ACTIVE, RM_EVENT_STAYS_ACTIVE);
    return hr;
}

static bool is_refused(HRESULT hr)
{
    return FAILED(hr) && rm_hresult_classify(hr) == RM_HRESULT_ANSWER;
}

static bool create_group(struct rm_link *link, struct rm_group *group, IOPCServer *server,
                         struct group_order *order)
{
    IUnknown *interfaces[RM_GROUP_INTERFACE_COUNT] = {NULL};
    IUnknown *unknown = NULL;
    OPCHANDLE real = 0;
    HRESULT hr = add_group_named(link->session, server, order, &real, &unknown);
    bool is_recorded;
    int i;

    if (is_refused(hr) && order->may_be_active)
    {
        HRESULT again = add_group_active(link, server, order, &real, &unknown);

        hr = is_refused(again) ? hr : again;
    }
    if (FAILED(hr) || !unknown)
    {
        if (!rm_sync_is_alive(link, hr))
            return false;
        rm_sync_record_refusal(link, group, order->asks, FAILED(hr) ? hr : E_FAIL);
        return true;
    }
    hr = rm_link_query_group(link, unknown, interfaces);
    if (!link->session->is_integrity_refused[link->machine - 1])
    {
        for (i = 0; i < RM_GROUP_INTERFACE_COUNT; i++)
            rm_secure_proxy(&rm_activation_system, interfaces[i]);
    }
    IUnknown_Release(unknown);
    rm_session_lock(link->session);
    is_recorded = record_group(link, group, order, real, interfaces);
    rm_session_unlock(link->session);
    for (i = 0; i < RM_GROUP_INTERFACE_COUNT; i++)
    {
        if (interfaces[i])
            IUnknown_Release(interfaces[i]);
    }
    if (!is_recorded)
        hr = IOPCServer_RemoveGroup(server, real, FALSE);
    return rm_sync_is_alive(link, hr);
}

bool rm_sync_is_group_wanted(const struct rm_link *link, const struct rm_link_group *link_group)
{
    return !link_group ||
           (!link_group->interfaces[RM_GROUP_STATE_MGT] && link_group->asks != link->asks);
}

bool rm_sync_group_exists(struct rm_link *link, struct rm_group *group)
{
    struct rm_session *session = link->session;
    struct rm_link_group *link_group;
    struct group_order order = {NULL};
    IOPCServer *server = NULL;
    bool is_alive;

    if (group->is_attached)
        return rm_sync_group_attached(link, group);
    rm_session_lock(session);
    link_group = rm_link_group_of(link, group);
    order.asks = link->asks;
    if (!link->is_dead && rm_sync_is_group_wanted(link, link_group))
    {
        if (copy_order(link, group, &order))
            server = rm_link_take(link, RM_SERVER_OPCSERVER);
        else
            rm_sync_short_of_memory(link);
    }
    is_alive = !link->is_dead;
    rm_session_unlock(session);
    if (server)
    {
        is_alive = create_group(link, group, server, &order);
        IOPCServer_Release(server);
    }
    rm_free(order.name);
    return is_alive;
}

/* What SetState is to change: NULL where nothing. */
struct state_order
{
    struct group_order values;
    DWORD *rate_ms, *lcid;
    OPCHANDLE *client_handle;
    LONG *time_bias;
    FLOAT *deadband;
};

/* Locked. false: nothing differs. */
static bool compare_state(const struct rm_link_group *link_group, const struct rm_group *group,
                          struct state_order *order)
{
    struct group_order *values = &order->values;

    memset(order, 0, sizeof(*order));
    values->rate_ms = group->requested_rate_ms;
    values->lcid = group->lcid;
    values->client_handle = group->client_handle;
    values->time_bias = group->time_bias;
    values->deadband = group->deadband;
    if (link_group->rate_ms != values->rate_ms)
        order->rate_ms = &values->rate_ms;
    if (link_group->lcid != values->lcid)
        order->lcid = &values->lcid;
    if (link_group->client_handle != values->client_handle)
        order->client_handle = &values->client_handle;
    if (group->has_time_bias &&
        (!link_group->has_time_bias || link_group->time_bias != values->time_bias))
        order->time_bias = &values->time_bias;
    if (group->has_deadband && memcmp(&link_group->deadband, &values->deadband, sizeof(FLOAT)) != 0)
        order->deadband = &values->deadband;
    return order->rate_ms || order->lcid || order->client_handle || order->time_bias ||
           order->deadband;
}

/* All at once; what one machine refuses of it must not keep the rest away. The first refusal, or
 * S_OK. */
static HRESULT set_state(IOPCGroupStateMgt *state, struct state_order *order)
{
    DWORD revised_ms = 0;
    HRESULT hr, refusals[5];
    int i;

    hr = IOPCGroupStateMgt_SetState(state, order->rate_ms, &revised_ms, NULL, order->time_bias,
                                    order->deadband, order->lcid, order->client_handle);
    if (SUCCEEDED(hr) || rm_hresult_classify(hr) != RM_HRESULT_ANSWER)
        return hr;
    refusals[0] = IOPCGroupStateMgt_SetState(state, NULL, &revised_ms, NULL, NULL, NULL, NULL,
                                             order->client_handle);
    refusals[1] = IOPCGroupStateMgt_SetState(state, order->rate_ms, &revised_ms, NULL, NULL, NULL,
                                             NULL, NULL);
    refusals[2] = IOPCGroupStateMgt_SetState(state, NULL, &revised_ms, NULL, order->time_bias, NULL,
                                             NULL, NULL);
    refusals[3] = IOPCGroupStateMgt_SetState(state, NULL, &revised_ms, NULL, NULL, order->deadband,
                                             NULL, NULL);
    refusals[4] =
        IOPCGroupStateMgt_SetState(state, NULL, &revised_ms, NULL, NULL, NULL, order->lcid, NULL);
    for (i = 0; i < 5; i++)
    {
        if (FAILED(refusals[i]))
            return refusals[i];
    }
    return S_OK;
}

static bool sync_name(struct rm_link *link, struct rm_group *group)
{
    struct rm_session *session = link->session;
    IOPCGroupStateMgt *state = NULL;
    struct rm_link_group *link_group;
    WCHAR *name = NULL;
    size_t length;
    HRESULT hr;

    rm_session_lock(session);
    link_group = link->is_dead ? NULL : rm_link_group_of(link, group);
    length = wcslen(group->name);
    /* A name with our suffix is the client's name as far as that machine could take it. */
    if (link_group && link_group->name &&
        (wcsncmp(link_group->name, group->name, length) != 0 ||
         (link_group->name[length] && link_group->name[length] != L'~')))
    {
        name = rm_wcsdup(group->name);
        if (name)
            state = rm_link_take_group(link, group, RM_GROUP_STATE_MGT);
        else
            rm_sync_short_of_memory(link);
    }
    rm_session_unlock(session);
    if (!state)
    {
        rm_free(name);
        return !link->is_dead;
    }
    hr = IOPCGroupStateMgt_SetName(state, name);
    IOPCGroupStateMgt_Release(state);
    rm_session_lock(session);
    link_group = link->is_dead ? NULL : rm_link_group_of(link, group);
    if (link_group)
    {
        rm_free(link_group->name);
        link_group->name = name;
        name = NULL;
    }
    rm_session_unlock(session);
    rm_free(name);
    return rm_sync_is_alive(link, hr);
}

bool rm_sync_group_state(struct rm_link *link, struct rm_group *group)
{
    struct rm_session *session = link->session;
    IOPCGroupStateMgt *state = NULL;
    struct rm_link_group *link_group;
    struct state_order order;
    HRESULT hr;

    rm_session_lock(session);
    link_group = link->is_dead ? NULL : rm_link_group_of(link, group);
    if (link_group && compare_state(link_group, group, &order))
        state = rm_link_take_group(link, group, RM_GROUP_STATE_MGT);
    rm_session_unlock(session);
    if (!state)
        return !link->is_dead && sync_name(link, group);
    hr = set_state(state, &order);
    IOPCGroupStateMgt_Release(state);
    if (FAILED(hr))
        rm_sync_tell_refusal(link, group, hr);
    rm_session_lock(session);
    link_group = link->is_dead ? NULL : rm_link_group_of(link, group);
    if (link_group)
    {
        link_group->rate_ms = order.values.rate_ms;
        link_group->lcid = order.values.lcid;
        link_group->client_handle = order.values.client_handle;
        link_group->time_bias = order.values.time_bias;
        link_group->has_time_bias = group->has_time_bias;
        link_group->deadband = order.values.deadband;
    }
    rm_session_unlock(session);
    return rm_sync_is_alive(link, hr) && sync_name(link, group);
}
