#include "group/group_methods.h"
#include "link/link.h"
#include "server/forward.h"
#include "session/session.h"

struct keep_alive_call
{
    struct rm_forward forward;
    DWORD time_ms, revised_ms;
    DWORD sets_before; /* of the link's group, by us */
};

static HRESULT prepare_set(struct rm_call *call, struct rm_link *link)
{
    struct keep_alive_call *set = RM_FORWARD_OF(call, struct keep_alive_call);
    const struct rm_link_group *link_group = rm_link_group_of(link, set->forward.group);

    set->sets_before = link_group ? link_group->keep_alive_sets : 0;
    return rm_forward_prepare(call, link);
}

static HRESULT run_set(struct rm_call *call, struct rm_link *link)
{
    struct keep_alive_call *set = RM_FORWARD_OF(call, struct keep_alive_call);
    HRESULT hr = IOPCGroupStateMgt2_SetKeepAlive((IOPCGroupStateMgt2 *)set->forward.real,
                                                 set->time_ms, &set->revised_ms);

    (void)link;
    rm_forward_drop(&set->forward);
    return hr;
}

static void record_set(struct rm_call *call, struct rm_link *link, HRESULT hr)
{
    struct keep_alive_call *set = RM_FORWARD_OF(call, struct keep_alive_call);
    struct rm_group *group = set->forward.group;
    struct rm_link_group *link_group = rm_link_group_of(link, group);

    if (FAILED(hr))
        return;
    group->keep_alive_ms = set->time_ms;
    group->revised_keep_alive_ms = set->revised_ms;
    if (link_group)
    {
        /* Where we were setting ours at the same time, it is set once more. */
        link_group->keep_alive_ms =
            link_group->keep_alive_sets == set->sets_before ? set->time_ms : RM_KEEP_ALIVE_UNKNOWN;
        link_group->revised_keep_alive_ms = set->revised_ms;
    }
    rm_session_changed(group->session);
}

static const struct rm_call_class set_class = {
    .name = "IOPCGroupStateMgt2::SetKeepAlive",
    .kind = RM_CALL_SHADOW,
    .prepare = prepare_set,
    .run = run_set,
    .record = record_set,
    .destroy = rm_forward_destroy,
};

static HRESULT run_get(struct rm_call *call, struct rm_link *link)
{
    struct keep_alive_call *get = RM_FORWARD_OF(call, struct keep_alive_call);
    HRESULT hr =
        IOPCGroupStateMgt2_GetKeepAlive((IOPCGroupStateMgt2 *)get->forward.real, &get->revised_ms);

    (void)link;
    rm_forward_drop(&get->forward);
    return hr;
}

/* What the machine has where the client has set nothing is ours, or will be. */
static void record_get(struct rm_call *call, struct rm_link *link, HRESULT hr)
{
    struct keep_alive_call *get = RM_FORWARD_OF(call, struct keep_alive_call);
    const struct rm_group *group = get->forward.group;

    (void)link, (void)hr;
    if (!group->keep_alive_ms && group->session->config->callback_check_ms)
        get->revised_ms = 0;
}

static const struct rm_call_class get_class = {
    .name = "IOPCGroupStateMgt2::GetKeepAlive",
    .kind = RM_CALL_IDEMPOTENT,
    .prepare = rm_forward_prepare,
    .run = run_get,
    .record = record_get,
    .destroy = rm_forward_destroy,
};

static HRESULT execute(struct rm_group *group, const struct rm_call_class *call_class,
                       DWORD time_ms, DWORD *revised_ms)
{
    struct keep_alive_call *call =
        rm_forward_new(sizeof(*call), call_class, group->session, group, RM_GROUP_STATE_MGT2);
    HRESULT hr;

    if (!call)
        return E_OUTOFMEMORY;
    call->time_ms = time_ms;
    hr = rm_forward_execute(&call->forward);
    if (rm_forward_has_results(&call->forward, hr))
        *revised_ms = call->revised_ms;
    rm_call_release(&call->forward.call);
    return hr;
}

HRESULT rm_group_set_keep_alive_once(struct rm_group *group, DWORD time_ms, DWORD *revised_ms)
{
    return execute(group, &set_class, time_ms, revised_ms);
}

HRESULT rm_group_get_keep_alive_once(struct rm_group *group, DWORD *time_ms)
{
    return execute(group, &get_class, 0, time_ms);
}
