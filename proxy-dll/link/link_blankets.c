#include "link/link_blankets.h"

#include <string.h>

#include "call/hresult_class.h"
#include "link/activation.h"
#include "link/link_sync.h"
#include "session/session.h"

static bool is_level_refused(const struct rm_link *link)
{
    return link->session->is_integrity_refused[link->machine - 1];
}

static IUnknown *proxy_of(const struct rm_link *link, const struct rm_link_group *link_group,
                          int which)
{
    if (!link_group)
        return which < RM_SERVER_INTERFACE_COUNT ? link->interfaces[which] : NULL;
    if (which == RM_GROUP_BLANKET_POINT)
        return (IUnknown *)link_group->point;
    return which < RM_GROUP_INTERFACE_COUNT ? link_group->interfaces[which] : NULL;
}

void rm_blanket_targets_take(struct rm_blanket_targets *targets, struct rm_link *link,
                             const struct rm_group *group, unsigned mask)
{
    const struct rm_link_group *link_group = group ? rm_link_group_of(link, group) : NULL;

    memset(targets, 0, sizeof(*targets));
    for (int which = 0; which < RM_BLANKETS_MAX && (link_group || !group); which++)
    {
        IUnknown *proxy = mask & 1u << which ? proxy_of(link, link_group, which) : NULL;

        if (proxy)
            IUnknown_AddRef(proxy);
        targets->proxies[which] = proxy;
    }
}

HRESULT rm_blanket_targets_apply(struct rm_blanket_targets *targets, const struct rm_link *link)
{
    HRESULT first = S_OK;

    for (int which = 0; which < RM_BLANKETS_MAX; which++)
    {
        HRESULT hr = S_OK;

        if (targets->proxies[which] && targets->blankets[which])
            hr = rm_blanket_apply(targets->blankets[which], &rm_activation_system,
                                  targets->proxies[which], is_level_refused(link));
        if (SUCCEEDED(first))
            first = hr;
    }
    rm_blanket_targets_drop(targets);
    return first;
}

void rm_blanket_targets_drop(struct rm_blanket_targets *targets)
{
    for (int which = 0; which < RM_BLANKETS_MAX; which++)
    {
        rm_blanket_release(targets->blankets[which]);
        if (targets->proxies[which])
            IUnknown_Release(targets->proxies[which]);
    }
    memset(targets, 0, sizeof(*targets));
}

/* Locked. Those that have not been told yet. */
static void take_all(struct rm_blanket_targets *targets, struct rm_link *link,
                     const struct rm_group *group, const struct rm_blankets *blankets)
{
    unsigned mask = 0;

    for (int which = 0; which < RM_BLANKETS_MAX; which++)
        mask |= blankets->of[which] ? 1u << which : 0;
    rm_blanket_targets_take(targets, link, group, mask);
    for (int which = 0; which < RM_BLANKETS_MAX; which++)
    {
        if (mask & 1u << which)
            targets->blankets[which] = rm_blanket_hold(blankets->of[which]);
    }
}

/* A machine that refuses stays in use; its calls are refused then by those who can tell. */
static bool apply_all(struct rm_blanket_targets *targets, struct rm_link *link)
{
    HRESULT hr = rm_blanket_targets_apply(targets, link);

    if (FAILED(hr) && rm_hresult_classify(hr) == RM_HRESULT_ANSWER)
        rm_session_event(link->session, RM_EVENT_LOGON_REFUSED, link->machine, (DWORD)hr, NULL);
    return !link->is_dead;
}

bool rm_sync_blankets(struct rm_link *link)
{
    struct rm_session *session = link->session;
    struct rm_blanket_targets targets;
    bool is_due;

    rm_session_lock(session);
    is_due = !link->is_dead && link->applied_blankets != session->blankets.revision;
    if (is_due)
    {
        take_all(&targets, link, NULL, &session->blankets);
        link->applied_blankets = session->blankets.revision;
    }
    rm_session_unlock(session);
    return is_due ? apply_all(&targets, link) : !link->is_dead;
}

bool rm_sync_group_blankets(struct rm_link *link, struct rm_group *group)
{
    struct rm_session *session = link->session;
    struct rm_blanket_targets targets;
    struct rm_link_group *link_group;
    bool is_due;

    rm_session_lock(session);
    link_group = link->is_dead ? NULL : rm_link_group_of(link, group);
    is_due = link_group && link_group->applied_blankets != group->blankets.revision;
    if (is_due)
    {
        take_all(&targets, link, group, &group->blankets);
        link_group->applied_blankets = group->blankets.revision;
    }
    rm_session_unlock(session);
    return is_due ? apply_all(&targets, link) : !link->is_dead;
}

void rm_link_secure_point(struct rm_link *link, struct rm_group *group, IUnknown *point)
{
    struct rm_blanket *blanket;

    rm_session_lock(link->session);
    blanket = group->blankets.of[RM_GROUP_BLANKET_POINT];
    if (blanket)
        rm_blanket_hold(blanket);
    rm_session_unlock(link->session);
    if (blanket)
        rm_blanket_apply(blanket, &rm_activation_system, point, is_level_refused(link));
    else if (!is_level_refused(link))
        rm_secure_proxy(&rm_activation_system, point);
    rm_blanket_release(blanket);
}
