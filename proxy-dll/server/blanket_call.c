#include "server/blanket_call.h"

#include "link/activation.h"
#include "link/link_blankets.h"
#include "server/forward.h"
#include "session/session.h"

struct blanket_call
{
    struct rm_forward forward;
    unsigned mask;
    struct rm_blanket *blanket; /* set */
    struct rm_blanket_targets targets;
    struct rm_blanket_answer answer; /* query */
};

static HRESULT prepare(struct rm_call *call, struct rm_link *link)
{
    struct blanket_call *work = RM_FORWARD_OF(call, struct blanket_call);

    rm_blanket_targets_take(&work->targets, link, work->forward.group, work->mask);
    for (int which = 0; work->blanket && which < RM_BLANKETS_MAX; which++)
    {
        if (work->targets.proxies[which])
            work->targets.blankets[which] = rm_blanket_hold(work->blanket);
    }
    return S_OK;
}

static void destroy(struct rm_call *call)
{
    struct blanket_call *work = RM_FORWARD_OF(call, struct blanket_call);

    rm_blanket_targets_drop(&work->targets);
    rm_blanket_release(work->blanket);
    CoTaskMemFree(work->answer.principal);
    rm_forward_destroy(call);
}

static HRESULT run_set(struct rm_call *call, struct rm_link *link)
{
    return rm_blanket_targets_apply(&RM_FORWARD_OF(call, struct blanket_call)->targets, link);
}

static void record_set(struct rm_call *call, struct rm_link *link, HRESULT hr)
{
    struct blanket_call *work = RM_FORWARD_OF(call, struct blanket_call);
    struct rm_session *session = link->session;
    struct rm_group *group = work->forward.group;
    struct rm_link_group *link_group = group ? rm_link_group_of(link, group) : NULL;

    if (FAILED(hr))
        return;
    rm_blankets_put(group ? &group->blankets : &session->blankets, work->mask, work->blanket);
    if (!group)
        link->applied_blankets = session->blankets.revision;
    else if (link_group)
        link_group->applied_blankets = group->blankets.revision;
    rm_session_changed(session);
}

static const struct rm_call_class set_class = {
    .name = "IClientSecurity::SetBlanket",
    .kind = RM_CALL_SHADOW,
    .prepare = prepare,
    .run = run_set,
    .record = record_set,
    .destroy = destroy,
};

/* The last of them: a point before its container. */
static HRESULT run_query(struct rm_call *call, struct rm_link *link)
{
    struct blanket_call *work = RM_FORWARD_OF(call, struct blanket_call);
    struct rm_blanket_answer *answer = &work->answer;
    IUnknown *proxy = NULL;
    HRESULT hr = E_FAIL;

    (void)link;
    for (int which = RM_BLANKETS_MAX - 1; which >= 0 && !proxy; which--)
        proxy = work->targets.proxies[which];
    if (proxy)
        hr = rm_activation_system.query_blanket(
            proxy, &answer->authentication, &answer->authorization, &answer->principal,
            &answer->level, &answer->impersonation, NULL, &answer->capabilities);
    rm_blanket_targets_drop(&work->targets);
    return hr;
}

static const struct rm_call_class query_class = {
    .name = "IClientSecurity::QueryBlanket",
    .kind = RM_CALL_IDEMPOTENT,
    .prepare = prepare,
    .run = run_query,
    .destroy = destroy,
};

HRESULT rm_blanket_set_once(struct rm_session *session, struct rm_group *group, unsigned mask,
                            struct rm_blanket *blanket)
{
    struct blanket_call *work = rm_forward_new(sizeof(*work), &set_class, session, group, 0);
    HRESULT hr;

    if (!work)
        return E_OUTOFMEMORY;
    work->mask = mask;
    work->blanket = rm_blanket_hold(blanket);
    hr = rm_forward_execute(&work->forward);
    rm_call_release(&work->forward.call);
    return hr;
}

HRESULT rm_blanket_query_once(struct rm_session *session, struct rm_group *group, unsigned mask,
                              struct rm_blanket_answer *answer)
{
    struct blanket_call *work = rm_forward_new(sizeof(*work), &query_class, session, group, 0);
    HRESULT hr;

    if (!work)
        return E_OUTOFMEMORY;
    work->mask = mask;
    hr = rm_forward_execute(&work->forward);
    if (rm_forward_has_results(&work->forward, hr))
    {
        *answer = work->answer;
        work->answer.principal = NULL;
    }
    rm_call_release(&work->forward.call);
    return hr;
}
