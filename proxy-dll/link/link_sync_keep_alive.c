#include "link/link_sync.h"

#include <rm/quirk.h>

#include "call/hresult_class.h"
#include "link/callback_check.h"
#include "session/session.h"

/* The keep-alive time that a group is to have on a machine: the client's own, else ours, by which
 * silence is noticed without asking (rm/liveness.h). A machine that hasn't got the interface is not
 * to be told of ours. Locked. */
static DWORD wanted_ms(const struct rm_link *link, const struct rm_group *group,
                       const struct rm_link_group *link_group)
{
    struct rm_liveness_terms terms = rm_callback_check_terms(link->session);

    if (group->keep_alive_ms || !link_group->interfaces[RM_GROUP_STATE_MGT2])
        return group->keep_alive_ms;
    return rm_liveness_keep_alive(&terms);
}

bool rm_sync_is_keep_alive_due(const struct rm_link *link, const struct rm_group *group,
                               const struct rm_link_group *link_group)
{
    return link_group->interfaces[RM_GROUP_STATE_MGT] &&
           link_group->keep_alive_ms != wanted_ms(link, group, link_group);
}

/* *was_due: something was set, and the client may have wanted another time meanwhile. */
static bool set_once(struct rm_link *link, struct rm_group *group, bool *was_due)
{
    struct rm_session *session = link->session;
    IOPCGroupStateMgt2 *state = NULL;
    struct rm_link_group *link_group;
    bool is_clients = false;
    DWORD time_ms = 0, revised_ms;
    HRESULT hr;

    rm_session_lock(session);
    link_group = link->is_dead ? NULL : rm_link_group_of(link, group);
    *was_due = link_group && rm_sync_is_keep_alive_due(link, group, link_group);
    if (*was_due)
    {
        time_ms = wanted_ms(link, group, link_group);
        is_clients = group->keep_alive_ms != 0;
        link_group->keep_alive_ms = time_ms;
        link_group->revised_keep_alive_ms = 0;
        link_group->keep_alive_sets++;
        state = rm_link_take_group(link, group, RM_GROUP_STATE_MGT2);
    }
    rm_session_unlock(session);
    if (*was_due && !state)
        rm_link_tell_missing(link, true, RM_GROUP_STATE_MGT2);
    if (!state)
    {
        *was_due = false;
        return !link->is_dead;
    }
    hr = IOPCGroupStateMgt2_SetKeepAlive(state, time_ms, &revised_ms);
    IOPCGroupStateMgt2_Release(state);
    rm_session_lock(session);
    link_group = link->is_dead ? NULL : rm_link_group_of(link, group);
    if (link_group)
        link_group->keep_alive_sets++;
    if (time_ms && FAILED(hr) && rm_hresult_classify(hr) == RM_HRESULT_ANSWER)
        link->quirks |= RM_QUIRK_NO_KEEP_ALIVE;
    if (link_group && SUCCEEDED(hr) && link_group->keep_alive_ms == time_ms)
        link_group->revised_keep_alive_ms = revised_ms;
    rm_session_unlock(session);
    if (FAILED(hr) && is_clients)
        rm_sync_tell_refusal(link, group, hr);
    return rm_sync_is_alive(link, hr);
}

/* What is asked for counts as applied: a machine that refuses it isn't asked again and again. */
bool rm_sync_group_keep_alive(struct rm_link *link, struct rm_group *group)
{
    bool is_alive, was_due;

    do
        is_alive = set_once(link, group, &was_due);
    while (is_alive && was_due);
    return is_alive;
}
