/* IOPCSecurityNT, of OPC Security 1.0. */
#include "link/link.h"
#include "server/forward.h"
#include "server/server_object.h"
#include "session/session.h"

static struct rm_server_object *impl_from_IOPCSecurityNT(IOPCSecurityNT *iface)
{
    return CONTAINING_RECORD(iface, struct rm_server_object, IOPCSecurityNT_iface);
}

static HRESULT STDMETHODCALLTYPE server_security_nt_QueryInterface(IOPCSecurityNT *iface,
                                                                   REFIID iid, void **out)
{
    return rm_server_object_query(impl_from_IOPCSecurityNT(iface), iid, out);
}

static ULONG STDMETHODCALLTYPE server_security_nt_AddRef(IOPCSecurityNT *iface)
{
    return rm_server_object_add_ref(impl_from_IOPCSecurityNT(iface));
}

static ULONG STDMETHODCALLTYPE server_security_nt_Release(IOPCSecurityNT *iface)
{
    return rm_server_object_release(impl_from_IOPCSecurityNT(iface));
}

struct security_call
{
    struct rm_forward forward;
    DWORD found; /* a BOOL, or a level */
};

static HRESULT run_is_available(struct rm_call *call, struct rm_link *link)
{
    struct security_call *query = RM_FORWARD_OF(call, struct security_call);
    BOOL is_available = FALSE;
    HRESULT hr = IOPCSecurityNT_IsAvailableNT((IOPCSecurityNT *)query->forward.real, &is_available);

    (void)link;
    query->found = (DWORD)is_available;
    rm_forward_drop(&query->forward);
    return hr;
}

static const struct rm_call_class is_available_class = {
    .name = "IOPCSecurityNT::IsAvailableNT",
    .kind = RM_CALL_IDEMPOTENT,
    .prepare = rm_forward_prepare,
    .run = run_is_available,
    .destroy = rm_forward_destroy,
};

static HRESULT run_query_level(struct rm_call *call, struct rm_link *link)
{
    struct security_call *query = RM_FORWARD_OF(call, struct security_call);
    HRESULT hr = IOPCSecurityNT_QueryMinImpersonationLevel((IOPCSecurityNT *)query->forward.real,
                                                           &query->found);

    (void)link;
    rm_forward_drop(&query->forward);
    return hr;
}

static const struct rm_call_class query_level_class = {
    .name = "IOPCSecurityNT::QueryMinImpersonationLevel",
    .kind = RM_CALL_IDEMPOTENT,
    .prepare = rm_forward_prepare,
    .run = run_query_level,
    .destroy = rm_forward_destroy,
};

/* The worker acts in the name of the client's thread already. */
static HRESULT run_change_user(struct rm_call *call, struct rm_link *link)
{
    struct rm_forward *forward = RM_FORWARD_OF(call, struct rm_forward);
    HRESULT hr = rm_security_change_user((IOPCSecurityNT *)forward->real,
                                         link->session->is_integrity_refused[link->machine - 1]);

    rm_forward_drop(forward);
    return hr;
}

static void record_change_user(struct rm_call *call, struct rm_link *link, HRESULT hr)
{
    struct rm_session *session = link->session;
    struct rm_security *security = &session->security;

    if (FAILED(hr))
        return;
    if (security->user)
        CloseHandle(security->user);
    security->user = call->token;
    call->token = NULL;
    link->applied_user_revision = ++security->user_revision;
    rm_session_changed(session);
}

static const struct rm_call_class change_user_class = {
    .name = "IOPCSecurityNT::ChangeUser",
    .kind = RM_CALL_SHADOW,
    .prepare = rm_forward_prepare,
    .run = run_change_user,
    .record = record_change_user,
    .destroy = rm_forward_destroy,
};

static HRESULT execute_once(IOPCSecurityNT *iface, const struct rm_call_class *call_class,
                            DWORD *found)
{
    struct security_call *call =
        rm_forward_new(sizeof(*call), call_class, impl_from_IOPCSecurityNT(iface)->session, NULL,
                       RM_SERVER_SECURITY_NT);
    HRESULT hr;

    if (!call)
        return E_OUTOFMEMORY;
    hr = rm_forward_execute(&call->forward);
    if (rm_forward_has_results(&call->forward, hr))
        *found = call->found;
    rm_call_release(&call->forward.call);
    return hr;
}

static HRESULT execute(IOPCSecurityNT *iface, const struct rm_call_class *call_class, DWORD *found)
{
    HRESULT hr;

    *found = 0;
    do
        hr = execute_once(iface, call_class, found);
    while (hr == RM_CALL_REPEAT);
    return hr;
}

static HRESULT STDMETHODCALLTYPE server_security_nt_IsAvailableNT(IOPCSecurityNT *iface,
                                                                  BOOL *is_available)
{
    DWORD found;
    HRESULT hr;

    if (!is_available)
        return RM_HRESULT_NULL_REF;
    hr = execute(iface, &is_available_class, &found);
    *is_available = (BOOL)found;
    return hr;
}

static HRESULT STDMETHODCALLTYPE
server_security_nt_QueryMinImpersonationLevel(IOPCSecurityNT *iface, DWORD *level)
{
    return level ? execute(iface, &query_level_class, level) : RM_HRESULT_NULL_REF;
}

static HRESULT STDMETHODCALLTYPE server_security_nt_ChangeUser(IOPCSecurityNT *iface)
{
    DWORD nothing;

    return execute(iface, &change_user_class, &nothing);
}

const IOPCSecurityNTVtbl rm_server_security_nt_vtbl = {
    server_security_nt_QueryInterface,
    server_security_nt_AddRef,
    server_security_nt_Release,
    server_security_nt_IsAvailableNT,
    server_security_nt_QueryMinImpersonationLevel,
    server_security_nt_ChangeUser,
};
