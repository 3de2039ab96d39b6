#include "group/group_object.h"
#include "link/link.h"
#include "server/forward.h"
#include "session/session.h"

static struct rm_group *impl_from_IOPCPublicGroupStateMgt(IOPCPublicGroupStateMgt *iface)
{
    return CONTAINING_RECORD(iface, struct rm_group, IOPCPublicGroupStateMgt_iface);
}

static HRESULT STDMETHODCALLTYPE group_public_QueryInterface(IOPCPublicGroupStateMgt *iface,
                                                             REFIID iid, void **out)
{
    return rm_group_object_query(impl_from_IOPCPublicGroupStateMgt(iface), iid, out);
}

static ULONG STDMETHODCALLTYPE group_public_AddRef(IOPCPublicGroupStateMgt *iface)
{
    return rm_group_object_add_ref(impl_from_IOPCPublicGroupStateMgt(iface));
}

static ULONG STDMETHODCALLTYPE group_public_Release(IOPCPublicGroupStateMgt *iface)
{
    return rm_group_object_release(impl_from_IOPCPublicGroupStateMgt(iface));
}

struct public_call
{
    struct rm_forward forward;
    BOOL is_public;
};

static HRESULT run_get(struct rm_call *call, struct rm_link *link)
{
    struct public_call *get = RM_FORWARD_OF(call, struct public_call);
    HRESULT hr = IOPCPublicGroupStateMgt_GetState((IOPCPublicGroupStateMgt *)get->forward.real,
                                                  &get->is_public);

    (void)link;
    rm_forward_drop(&get->forward);
    return hr;
}

static const struct rm_call_class get_class = {
    .name = "IOPCPublicGroupStateMgt::GetState",
    .kind = RM_CALL_IDEMPOTENT,
    .prepare = rm_forward_prepare,
    .run = run_get,
    .destroy = rm_forward_destroy,
};

static HRESULT run_move(struct rm_call *call, struct rm_link *link)
{
    struct public_call *move = RM_FORWARD_OF(call, struct public_call);
    HRESULT hr =
        IOPCPublicGroupStateMgt_MoveToPublic((IOPCPublicGroupStateMgt *)move->forward.real);

    (void)link;
    rm_forward_drop(&move->forward);
    return hr;
}

static void record_move(struct rm_call *call, struct rm_link *link, HRESULT hr)
{
    struct rm_group *group = RM_FORWARD_OF(call, struct public_call)->forward.group;
    struct rm_link_group *link_group = rm_link_group_of(link, group);

    if (FAILED(hr))
        return;
    group->is_public = true;
    if (link_group)
        link_group->is_public = link_group->is_moved = true;
    rm_session_changed(group->session);
}

static const struct rm_call_class move_class = {
    .name = "IOPCPublicGroupStateMgt::MoveToPublic",
    .kind = RM_CALL_SHADOW,
    .prepare = rm_forward_prepare,
    .run = run_move,
    .record = record_move,
    .destroy = rm_forward_destroy,
};

static HRESULT execute(struct rm_group *group, const struct rm_call_class *call_class,
                       BOOL *is_public)
{
    HRESULT hr;

    do
    {
        struct public_call *call = rm_forward_new(sizeof(*call), call_class, group->session, group,
                                                  RM_GROUP_PUBLIC_STATE_MGT);

        if (!call)
            return E_OUTOFMEMORY;
        hr = rm_forward_execute(&call->forward);
        if (rm_forward_has_results(&call->forward, hr))
            *is_public = call->is_public;
        rm_call_release(&call->forward.call);
    } while (hr == RM_CALL_REPEAT);
    return hr;
}

static HRESULT STDMETHODCALLTYPE group_public_GetState(IOPCPublicGroupStateMgt *iface,
                                                       BOOL *is_public)
{
    if (!is_public)
        return RM_HRESULT_NULL_REF;
    *is_public = FALSE;
    return execute(impl_from_IOPCPublicGroupStateMgt(iface), &get_class, is_public);
}

static HRESULT STDMETHODCALLTYPE group_public_MoveToPublic(IOPCPublicGroupStateMgt *iface)
{
    BOOL unused;

    return execute(impl_from_IOPCPublicGroupStateMgt(iface), &move_class, &unused);
}

const IOPCPublicGroupStateMgtVtbl rm_group_public_vtbl = {
    group_public_QueryInterface, group_public_AddRef,       group_public_Release,
    group_public_GetState,       group_public_MoveToPublic,
};
