#include "call/hresult_class.h"
#include "group/group_object.h"
#include "link/callback_check.h"
#include "link/link.h"
#include "server/forward.h"
#include "server/server_methods.h"
#include "session/session.h"

/* RemoveGroup, or RemovePublicGroup: forward.which says it. */
struct remove_call
{
    struct rm_forward forward; /* on the server object; of no group, so that destroy isn't its */
    OPCHANDLE handle;          /* ours */
    BOOL is_forced;
    OPCHANDLE real;
    bool is_there;
    bool is_taken;
    struct rm_link_group taken;   /* what the link held of the group */
    const struct rm_group *group; /* only to be compared */
    IUnknown *last;               /* of it, while the client holds interfaces itself */
};

/* What we hold of the real group would turn S_OK into OPC_S_INUSE, so it goes first; but if the
 * client still holds our group, one reference stays, and the server finds the right answer. */
static HRESULT prepare_remove(struct rm_call *call, struct rm_link *link)
{
    struct remove_call *remove = RM_FORWARD_OF(call, struct remove_call);
    struct rm_group *group = rm_session_find_group(remove->forward.session, remove->handle);
    const struct rm_link_group *link_group = group ? rm_link_group_of(link, group) : NULL;
    bool is_public = remove->forward.which == RM_SERVER_PUBLIC_GROUPS;
    HRESULT hr;

    if (!group || group->is_removed)
        return E_INVALIDARG;
    hr = rm_forward_prepare(call, link);
    if (FAILED(hr))
        return hr;
    if (link_group)
    {
        remove->is_there = link_group->interfaces[RM_GROUP_STATE_MGT] != NULL;
        remove->real = link_group->real;
    }
    /* The wrong one of both methods: the server will say so, and nothing may change. */
    if (rm_group_is_public(group) != is_public)
        return S_OK;
    remove->group = group;
    group->is_removed = true; /* nobody may make it anew meanwhile */
    if (!link_group)
        return S_OK;
    if (group->refs > 0)
        remove->last = rm_link_take_group(link, group, RM_GROUP_STATE_MGT);
    remove->is_taken = rm_link_group_detach(link, group, &remove->taken);
    return S_OK;
}

static HRESULT run_remove(struct rm_call *call, struct rm_link *link)
{
    struct remove_call *remove = RM_FORWARD_OF(call, struct remove_call);
    HRESULT hr = S_OK;

    if (remove->is_taken)
    {
        remove->is_taken = false;
        rm_link_group_dispose(&remove->taken, link->is_dead != 0);
        rm_callback_check_let_go(link, remove->group);
    }
    if (remove->is_there) /* else the machine had refused it: ours can go all the same */
    {
        if (remove->forward.which == RM_SERVER_PUBLIC_GROUPS)
            hr = IOPCServerPublicGroups_RemovePublicGroup(
                (IOPCServerPublicGroups *)remove->forward.real, remove->real, remove->is_forced);
        else
            hr = IOPCServer_RemoveGroup((IOPCServer *)remove->forward.real, remove->real,
                                        remove->is_forced);
    }
    if (remove->last)
        IUnknown_Release(remove->last);
    remove->last = NULL;
    rm_forward_drop(&remove->forward);
    return hr;
}

static void record_remove(struct rm_call *call, struct rm_link *link, HRESULT hr)
{
    struct remove_call *remove = RM_FORWARD_OF(call, struct remove_call);
    struct rm_session *session = remove->forward.session;
    struct rm_group *group = rm_session_find_group(session, remove->handle);

    if (!group)
        return;
    /* A server that refused has kept the group, of which we hold nothing any more: the link makes
     * it anew. */
    if (FAILED(hr))
    {
        group->is_removed = false;
        rm_session_catch_up(session);
    }
    else
    {
        rm_group_forget(group);
        if (rm_link_group_of(link, group)) /* the wrong method, but the server took it */
            rm_session_catch_up(session);
    }
    rm_session_changed(session);
}

static HRESULT lose_remove(struct rm_call *call, struct rm_link *link)
{
    struct remove_call *remove = RM_FORWARD_OF(call, struct remove_call);
    struct rm_group *group = rm_session_find_group(remove->forward.session, remove->handle);

    (void)link;
    if (group)
        group->is_removed = false;
    rm_session_catch_up(remove->forward.session);
    return RM_CALL_REPEAT;
}

static void destroy_remove(struct rm_call *call)
{
    struct remove_call *remove = RM_FORWARD_OF(call, struct remove_call);

    /* Only where no thread could be made for the call. */
    if (remove->is_taken)
        rm_link_group_dispose(&remove->taken, true);
    if (remove->last)
        IUnknown_Release(remove->last);
    rm_forward_destroy(call);
}

static const struct rm_call_class remove_class = {
    .name = "IOPCServer::RemoveGroup",
    .kind = RM_CALL_SHADOW,
    .prepare = prepare_remove,
    .run = run_remove,
    .record = record_remove,
    .lost = lose_remove,
    .destroy = destroy_remove,
};

static const struct rm_call_class remove_public_class = {
    .name = "IOPCServerPublicGroups::RemovePublicGroup",
    .kind = RM_CALL_SHADOW,
    .prepare = prepare_remove,
    .run = run_remove,
    .record = record_remove,
    .lost = lose_remove,
    .destroy = destroy_remove,
};

static HRESULT remove_group(struct rm_server_object *server, OPCHANDLE handle, BOOL is_forced,
                            enum rm_server_interface which)
{
    struct rm_session *session = server->session;
    struct remove_call *remove;
    struct rm_group *group;
    HRESULT hr;

    /* Held, so that the record's last hold doesn't go with the session locked. */
    rm_session_lock(session);
    group = rm_session_find_group(session, handle);
    if (group)
        rm_group_hold(group);
    rm_session_unlock(session);
    if (!group)
        return E_INVALIDARG;
    remove = rm_forward_new(sizeof(*remove),
                            which == RM_SERVER_PUBLIC_GROUPS ? &remove_public_class : &remove_class,
                            session, NULL, (int)which);
    hr = remove ? S_OK : E_OUTOFMEMORY;
    if (remove)
    {
        remove->handle = handle;
        remove->is_forced = is_forced;
        hr = rm_forward_execute(&remove->forward);
        rm_call_release(&remove->forward.call);
    }
    rm_group_unhold(group);
    return hr;
}

HRESULT rm_server_remove_group(struct rm_server_object *server, OPCHANDLE handle, BOOL is_forced)
{
    return remove_group(server, handle, is_forced, RM_SERVER_OPCSERVER);
}

HRESULT rm_server_remove_public_group(struct rm_server_object *server, OPCHANDLE handle,
                                      BOOL is_forced)
{
    return remove_group(server, handle, is_forced, RM_SERVER_PUBLIC_GROUPS);
}
