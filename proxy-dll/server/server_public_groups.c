/* IOPCServerPublicGroups. A public group that the client has attached to is in the shadow until it
 * releases the last interface, and attached to by name on each machine. */
#include "group/group_birth.h"
#include "group/group_object.h"
#include "module/memory.h"
#include "server/forward.h"
#include "server/server_methods.h"
#include "server/unknown_interface.h"
#include "session/session.h"

#define NAMES_CHUNK 64 /* names for one call */

static struct rm_server_object *impl_from_IOPCServerPublicGroups(IOPCServerPublicGroups *iface)
{
    return CONTAINING_RECORD(iface, struct rm_server_object, IOPCServerPublicGroups_iface);
}

static HRESULT STDMETHODCALLTYPE server_public_QueryInterface(IOPCServerPublicGroups *iface,
                                                              REFIID iid, void **out)
{
    return rm_server_object_query(impl_from_IOPCServerPublicGroups(iface), iid, out);
}

static ULONG STDMETHODCALLTYPE server_public_AddRef(IOPCServerPublicGroups *iface)
{
    return rm_server_object_add_ref(impl_from_IOPCServerPublicGroups(iface));
}

static ULONG STDMETHODCALLTYPE server_public_Release(IOPCServerPublicGroups *iface)
{
    return rm_server_object_release(impl_from_IOPCServerPublicGroups(iface));
}

struct attach_call
{
    struct rm_forward forward;
    WCHAR *name;
    IID iid;
    struct rm_group_birth birth;
};

static HRESULT run_attach(struct rm_call *call, struct rm_link *link)
{
    struct attach_call *attach = RM_FORWARD_OF(call, struct attach_call);
    IUnknown *real = NULL;
    HRESULT hr = IOPCServerPublicGroups_GetPublicGroupByName(
        (IOPCServerPublicGroups *)attach->forward.real, attach->name, &attach->iid, &real);

    if (SUCCEEDED(hr) && !real)
        hr = E_FAIL;
    if (SUCCEEDED(hr))
    {
        HRESULT learnt = rm_group_birth_learn(&attach->birth, link, real);

        IUnknown_Release(real);
        if (FAILED(learnt))
        {
            rm_group_birth_clear(&attach->birth); /* which detaches */
            hr = learnt;
        }
    }
    rm_forward_drop(&attach->forward);
    return hr;
}

static void record_attach(struct rm_call *call, struct rm_link *link, HRESULT hr)
{
    struct attach_call *attach = RM_FORWARD_OF(call, struct attach_call);
    struct rm_group_birth *birth = &attach->birth;
    struct rm_session *session = attach->forward.session;
    struct rm_group *group;

    if (FAILED(hr))
        return;
    group = rm_session_find_public_group(session, birth->name);
    if (group)
    {
        /* Another thread of the client was quicker: there is one object for each group. */
        rm_group_object_add_ref(group);
        birth->group = group;
        return;
    }
    group = rm_group_birth_adopt(birth, session, link, birth->name);
    if (!group)
    {
        birth->real = 0; /* nothing is to be removed, letting go is enough */
        return;
    }
    group->is_attached = true;
    group->offers[rm_group_interface_of(&attach->iid)] = true;
    group->client_handle = birth->client;
    group->requested_rate_ms = birth->rate_ms;
    group->revised_rate_ms = birth->rate_ms;
    group->is_active = birth->is_active;
    group->time_bias = birth->time_bias;
    group->deadband = birth->deadband;
    group->lcid = birth->lcid;
    rm_group_birth_add_items(birth, link, NULL, NULL);
    rm_group_birth_settle(birth, link);
}

static void destroy_attach(struct rm_call *call)
{
    rm_group_birth_clear(&RM_FORWARD_OF(call, struct attach_call)->birth);
    rm_forward_destroy(call);
}

static const struct rm_call_class attach_class = {
    .name = "IOPCServerPublicGroups::GetPublicGroupByName",
    .kind = RM_CALL_SHADOW,
    .is_long = true,
    .prepare = rm_forward_prepare,
    .run = run_attach,
    .record = record_attach,
    .destroy = destroy_attach,
};

static HRESULT attach_once(struct rm_server_object *server, const WCHAR *name, REFIID iid,
                           IUnknown **group_out)
{
    struct attach_call *attach = rm_forward_new(sizeof(*attach), &attach_class, server->session,
                                                NULL, RM_SERVER_PUBLIC_GROUPS);
    OPCHANDLE handle;
    HRESULT hr;

    if (!attach)
        return E_OUTOFMEMORY;
    attach->name = rm_forward_text(&attach->forward, name);
    attach->iid = *iid;
    hr = rm_forward_execute(&attach->forward);
    if (rm_forward_has_results(&attach->forward, hr))
    {
        HRESULT handed_out = rm_group_birth_hand_out(&attach->birth, iid, group_out, &handle);

        if (FAILED(handed_out))
            hr = handed_out;
    }
    rm_call_release(&attach->forward.call);
    return hr;
}

bool rm_server_public_group_by_name(struct rm_session *session, const WCHAR *name, REFIID iid,
                                    IUnknown **group_out, HRESULT *hr)
{
    struct rm_group *group;

    rm_session_lock(session);
    group = rm_session_find_public_group(session, name);
    if (group && !group->is_removed)
        rm_group_object_add_ref(group);
    else
        group = NULL;
    rm_session_unlock(session);
    if (!group)
        return false;
    *hr = rm_group_object_query(group, iid, (void **)group_out);
    rm_group_object_release(group);
    return true;
}

static HRESULT STDMETHODCALLTYPE server_public_GetPublicGroupByName(IOPCServerPublicGroups *iface,
                                                                    LPCWSTR name, REFIID iid,
                                                                    LPUNKNOWN *group)
{
    struct rm_server_object *server = impl_from_IOPCServerPublicGroups(iface);
    HRESULT hr;

    if (group)
        *group = NULL;
    if (!name || !iid || !group)
        return RM_HRESULT_NULL_REF;
    if (rm_group_interface_of(iid) < 0)
    {
        rm_unknown_interface_tell(server->session, iid);
        return E_NOINTERFACE;
    }
    do
    {
        if (!rm_server_public_group_by_name(server->session, name, iid, group, &hr))
            hr = attach_once(server, name, iid, group);
    } while (hr == RM_CALL_REPEAT);
    return hr;
}

static HRESULT STDMETHODCALLTYPE server_public_RemovePublicGroup(IOPCServerPublicGroups *iface,
                                                                 OPCHANDLE handle, BOOL is_forced)
{
    HRESULT hr;

    do
        hr = rm_server_remove_public_group(impl_from_IOPCServerPublicGroups(iface), handle,
                                           is_forced);
    while (hr == RM_CALL_REPEAT);
    return hr;
}

const IOPCServerPublicGroupsVtbl rm_server_public_groups_vtbl = {
    server_public_QueryInterface,    server_public_AddRef,
    server_public_Release,           server_public_GetPublicGroupByName,
    server_public_RemovePublicGroup,
};

struct names_call
{
    struct rm_forward forward;
    OPCENUMSCOPE scope;
    struct rm_group_names names;
};

void rm_group_names_clear(struct rm_group_names *names)
{
    for (DWORD i = 0; i < names->count; i++)
        CoTaskMemFree(names->texts[i]);
    rm_free(names->texts);
    memset(names, 0, sizeof(*names));
}

static HRESULT read_names(IEnumString *enumerator, struct rm_group_names *names)
{
    HRESULT hr;

    do
    {
        WCHAR **texts =
            rm_realloc(names->texts, (size_t)names->count + NAMES_CHUNK, sizeof(*texts));
        ULONG fetched = 0;

        if (!texts)
            return E_OUTOFMEMORY;
        names->texts = texts;
        hr = IEnumString_Next(enumerator, NAMES_CHUNK, texts + names->count, &fetched);
        if (FAILED(hr))
            return hr;
        if (fetched > NAMES_CHUNK || names->count > RM_ELEMENTS_MAX)
            return E_FAIL;
        names->count += fetched;
        if (!fetched)
            break;
    } while (hr == S_OK);
    return S_OK;
}

static HRESULT run_names(struct rm_call *call, struct rm_link *link)
{
    struct names_call *get = RM_FORWARD_OF(call, struct names_call);
    IUnknown *enumerator = NULL;
    HRESULT hr = IOPCServer_CreateGroupEnumerator((IOPCServer *)get->forward.real, get->scope,
                                                  &IID_IEnumString, &enumerator);

    get->names.is_null = SUCCEEDED(hr) && !enumerator;
    if (SUCCEEDED(hr) && enumerator)
    {
        rm_forward_secure(link, enumerator);
        hr = read_names((IEnumString *)enumerator, &get->names);
    }
    if (enumerator)
        IUnknown_Release(enumerator);
    rm_forward_drop(&get->forward);
    return hr;
}

static void destroy_names(struct rm_call *call)
{
    rm_group_names_clear(&RM_FORWARD_OF(call, struct names_call)->names);
    rm_forward_destroy(call);
}

static const struct rm_call_class names_class = {
    .name = "IOPCServer::CreateGroupEnumerator",
    .kind = RM_CALL_IDEMPOTENT,
    .prepare = rm_forward_prepare,
    .run = run_names,
    .destroy = destroy_names,
};

HRESULT rm_server_group_names(struct rm_server_object *server, OPCENUMSCOPE scope,
                              struct rm_group_names *names)
{
    HRESULT hr;

    memset(names, 0, sizeof(*names));
    do
    {
        struct names_call *get =
            rm_forward_new(sizeof(*get), &names_class, server->session, NULL, RM_SERVER_OPCSERVER);

        if (!get)
            return E_OUTOFMEMORY;
        get->scope = scope;
        hr = rm_forward_execute(&get->forward);
        if (rm_forward_has_results(&get->forward, hr))
        {
            *names = get->names;
            memset(&get->names, 0, sizeof(get->names));
        }
        rm_call_release(&get->forward.call);
    } while (hr == RM_CALL_REPEAT);
    return hr;
}
