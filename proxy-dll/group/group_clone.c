#include "group/group_birth.h"
#include "group/group_methods.h"
#include "module/memory.h"
#include "server/forward.h"
#include "server/unknown_interface.h"
#include "session/session.h"

struct clone_call
{
    struct rm_forward forward;
    WCHAR *name;
    IID iid;
    struct rm_group_birth birth;
};

/* The real clone must not stay behind when we couldn't make it ours. */
static void drop_clone(struct clone_call *clone, struct rm_link *link)
{
    OPCHANDLE real = clone->birth.real;
    IOPCServer *server;

    rm_group_birth_clear(&clone->birth);
    rm_session_lock(link->session);
    server = real ? rm_link_take(link, RM_SERVER_OPCSERVER) : NULL;
    rm_session_unlock(link->session);
    if (!server)
        return;
    IOPCServer_RemoveGroup(server, real, FALSE);
    IOPCServer_Release(server);
}

static HRESULT run_clone(struct rm_call *call, struct rm_link *link)
{
    struct clone_call *clone = RM_FORWARD_OF(call, struct clone_call);
    IUnknown *real = NULL;
    HRESULT hr = IOPCGroupStateMgt_CloneGroup((IOPCGroupStateMgt *)clone->forward.real, clone->name,
                                              &clone->iid, &real);

    if (SUCCEEDED(hr) && !real)
        hr = E_FAIL;
    if (SUCCEEDED(hr))
    {
        HRESULT learnt = rm_group_birth_learn(&clone->birth, link, real);

        IUnknown_Release(real);
        if (FAILED(learnt))
        {
            drop_clone(clone, link);
            hr = learnt;
        }
    }
    rm_forward_drop(&clone->forward);
    return hr;
}

static void record_clone(struct rm_call *call, struct rm_link *link, HRESULT hr)
{
    struct clone_call *clone = RM_FORWARD_OF(call, struct clone_call);
    const struct rm_group *original = clone->forward.group;
    const struct rm_group_birth *birth = &clone->birth;
    struct rm_group *group;

    if (FAILED(hr))
        return;
    group = rm_group_birth_adopt(&clone->birth, clone->forward.session, link, birth->name);
    if (!group)
        return;
    group->offers[rm_group_interface_of(&clone->iid)] = true;
    group->client_handle = birth->client;
    group->requested_rate_ms = original->requested_rate_ms;
    group->revised_rate_ms = birth->rate_ms;
    group->is_active = birth->is_active;
    group->has_time_bias = original->has_time_bias;
    group->time_bias = birth->time_bias;
    group->has_deadband = original->has_deadband;
    group->deadband = birth->deadband;
    group->lcid = birth->lcid;
    rm_group_birth_add_items(&clone->birth, link);
    rm_group_birth_settle(&clone->birth, link);
}

static void destroy_clone(struct rm_call *call)
{
    rm_group_birth_clear(&RM_FORWARD_OF(call, struct clone_call)->birth);
    rm_forward_destroy(call);
}

static const struct rm_call_class clone_class = {
    .name = "IOPCGroupStateMgt::CloneGroup",
    .kind = RM_CALL_SHADOW,
    .is_long = true,
    .prepare = rm_forward_prepare,
    .run = run_clone,
    .record = record_clone,
    .destroy = destroy_clone,
};

HRESULT rm_group_clone_once(struct rm_group *group, const WCHAR *name, REFIID iid,
                            IUnknown **clone_out)
{
    struct clone_call *clone;
    OPCHANDLE handle;
    HRESULT hr;

    if (rm_group_interface_of(iid) < 0)
    {
        rm_unknown_interface_tell(group->session, iid);
        return E_NOINTERFACE;
    }
    clone = rm_forward_new(sizeof(*clone), &clone_class, group->session, group, RM_GROUP_STATE_MGT);
    if (!clone)
        return E_OUTOFMEMORY;
    clone->name = rm_forward_text(&clone->forward, name);
    clone->iid = *iid;
    hr = rm_forward_execute(&clone->forward);
    if (rm_forward_has_results(&clone->forward, hr))
    {
        HRESULT handed_out = rm_group_birth_hand_out(&clone->birth, iid, clone_out, &handle);

        if (FAILED(handed_out))
            hr = handed_out;
    }
    rm_call_release(&clone->forward.call);
    return hr;
}
