#include <opc/opcerror.h>

#include "group/group_birth.h"
#include "group/group_object.h"
#include "module/memory.h"
#include "server/forward.h"
#include "server/server_methods.h"
#include "server/unknown_interface.h"
#include "session/session.h"

struct add_group_call
{
    struct rm_forward forward;
    WCHAR *name;
    BOOL is_active;
    DWORD rate_ms;
    OPCHANDLE client;
    bool has_time_bias, has_deadband;
    LONG time_bias;
    FLOAT deadband;
    DWORD lcid;
    IID iid;
    DWORD revised_ms;
    struct rm_group_birth birth;
};

/* After a success of AddGroup: what the shadow needs to know of the group. */
static HRESULT learn_group(struct add_group_call *add, struct rm_link *link, IUnknown *real)
{
    OPCHANDLE handle = add->birth.real;
    HRESULT hr = rm_group_birth_read(&add->birth, link, real);

    if (SUCCEEDED(hr) && !add->name[0])
    {
        hr = rm_group_birth_read_state(&add->birth); /* the name is the server's to make up */
        add->birth.real = handle;
    }
    return hr;
}

static HRESULT run_add_group(struct rm_call *call, struct rm_link *link)
{
    struct add_group_call *add = RM_FORWARD_OF(call, struct add_group_call);
    IOPCServer *server = add->forward.real;
    IUnknown *real = NULL;
    HRESULT hr = IOPCServer_AddGroup(server, add->name, add->is_active, add->rate_ms, add->client,
                                     add->has_time_bias ? &add->time_bias : NULL,
                                     add->has_deadband ? &add->deadband : NULL, add->lcid,
                                     &add->birth.real, &add->revised_ms, &add->iid, &real);

    if (SUCCEEDED(hr) && !real)
        hr = E_FAIL;
    if (SUCCEEDED(hr))
    {
        HRESULT learnt = learn_group(add, link, real);

        IUnknown_Release(real);
        if (FAILED(learnt))
        {
            OPCHANDLE handle = add->birth.real;

            rm_group_birth_clear(&add->birth);
            IOPCServer_RemoveGroup(server, handle, FALSE);
            hr = learnt;
        }
    }
    rm_forward_drop(&add->forward);
    return hr;
}

static void record_add_group(struct rm_call *call, struct rm_link *link, HRESULT hr)
{
    struct add_group_call *add = RM_FORWARD_OF(call, struct add_group_call);
    struct rm_group *group;

    if (FAILED(hr))
        return;
    group = rm_group_birth_adopt(&add->birth, add->forward.session, link,
                                 add->birth.name ? add->birth.name : add->name);
    if (!group)
        return;
    group->offers[rm_group_interface_of(&add->iid)] = true;
    group->client_handle = add->client;
    group->requested_rate_ms = add->rate_ms;
    group->revised_rate_ms = add->revised_ms;
    group->is_active = add->is_active;
    group->has_time_bias = add->has_time_bias;
    group->time_bias = add->time_bias;
    group->has_deadband = add->has_deadband;
    group->deadband = add->deadband;
    group->lcid = add->lcid;
    rm_group_birth_settle(&add->birth, link);
}

static void destroy_add_group(struct rm_call *call)
{
    rm_group_birth_clear(&RM_FORWARD_OF(call, struct add_group_call)->birth);
    rm_forward_destroy(call);
}

/* On a machine that hasn't got the group of that name, or has it under a name with our suffix, the
 * server would not find out. */
static HRESULT prepare_add_group(struct rm_call *call, struct rm_link *link)
{
    struct add_group_call *add = RM_FORWARD_OF(call, struct add_group_call);
    const struct rm_group *group =
        add->name[0] ? rm_session_find_group_by_name(add->forward.session, add->name) : NULL;
    const struct rm_link_group *link_group = group ? rm_link_group_of(link, group) : NULL;

    if (group && (!link_group || !link_group->interfaces[RM_GROUP_STATE_MGT] || !link_group->name ||
                  wcscmp(link_group->name, add->name) != 0))
        return OPC_E_DUPLICATENAME;
    return rm_forward_prepare(call, link);
}

static const struct rm_call_class add_group_class = {
    .name = "IOPCServer::AddGroup",
    .kind = RM_CALL_SHADOW,
    .prepare = prepare_add_group,
    .run = run_add_group,
    .record = record_add_group,
    .destroy = destroy_add_group,
};

HRESULT rm_server_add_group(struct rm_server_object *server, const WCHAR *name, BOOL is_active,
                            DWORD rate_ms, OPCHANDLE client, LONG *time_bias, FLOAT *deadband,
                            DWORD lcid, OPCHANDLE *handle, DWORD *revised_ms, REFIID iid,
                            IUnknown **group_out)
{
    struct add_group_call *add;
    HRESULT hr, handed_out;

    if (rm_group_interface_of(iid) < 0)
    {
        rm_unknown_interface_tell(server->session, iid);
        return E_NOINTERFACE;
    }
    add =
        rm_forward_new(sizeof(*add), &add_group_class, server->session, NULL, RM_SERVER_OPCSERVER);
    if (!add)
        return E_OUTOFMEMORY;
    add->name = rm_forward_text(&add->forward, name);
    add->is_active = is_active;
    add->rate_ms = rate_ms;
    add->client = client;
    add->has_time_bias = time_bias != NULL;
    add->time_bias = time_bias ? *time_bias : 0;
    add->has_deadband = deadband != NULL;
    add->deadband = deadband ? *deadband : 0.0f;
    add->lcid = lcid;
    add->iid = *iid;
    hr = rm_forward_execute(&add->forward);
    if (rm_forward_has_results(&add->forward, hr))
    {
        handed_out = rm_group_birth_hand_out(&add->birth, iid, group_out, handle);
        if (FAILED(handed_out))
            hr = handed_out;
        else
            *revised_ms = add->revised_ms;
    }
    rm_call_release(&add->forward.call);
    return hr;
}

struct by_name_call
{
    struct rm_forward forward;
    WCHAR *name;
};

static HRESULT run_by_name(struct rm_call *call, struct rm_link *link)
{
    struct by_name_call *get = RM_FORWARD_OF(call, struct by_name_call);
    IUnknown *real = NULL;
    HRESULT hr =
        IOPCServer_GetGroupByName((IOPCServer *)get->forward.real, get->name, &IID_IUnknown, &real);

    (void)link;
    if (real)
        IUnknown_Release(real);
    rm_forward_drop(&get->forward);
    return hr;
}

static const struct rm_call_class by_name_class = {
    .name = "IOPCServer::GetGroupByName",
    .kind = RM_CALL_IDEMPOTENT,
    .prepare = rm_forward_prepare,
    .run = run_by_name,
    .destroy = rm_forward_destroy,
};

HRESULT rm_server_group_by_name(struct rm_server_object *server, const WCHAR *name, REFIID iid,
                                IUnknown **group_out)
{
    struct by_name_call *get;
    struct rm_group *group;
    HRESULT hr;

    rm_session_lock(server->session);
    group = rm_session_find_group_by_name(server->session, name);
    if (group && group->is_removed)
        group = NULL;
    if (group)
        rm_group_object_add_ref(group);
    rm_session_unlock(server->session);
    if (group)
    {
        hr = rm_group_object_query(group, iid, (void **)group_out);
        rm_group_object_release(group);
        return hr;
    }
    /* The specification doesn't say which error it is: the server does. */
    get = rm_forward_new(sizeof(*get), &by_name_class, server->session, NULL, RM_SERVER_OPCSERVER);
    if (!get)
        return E_OUTOFMEMORY;
    get->name = rm_forward_text(&get->forward, name);
    hr = rm_forward_execute(&get->forward);
    /* It is for private groups, but a server may find the public ones that the client works with
     * as well. Any other group the client can't know of is none of its own. */
    if (rm_forward_has_results(&get->forward, hr) &&
        !rm_server_public_group_by_name(server->session, name, iid, group_out, &hr))
        hr = E_INVALIDARG;
    rm_call_release(&get->forward.call);
    return hr;
}
