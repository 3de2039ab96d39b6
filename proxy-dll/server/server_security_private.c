/* IOPCSecurityPrivate, of OPC Security 1.0. */
#include "link/link.h"
#include "server/forward.h"
#include "server/server_object.h"
#include "session/session.h"

static struct rm_server_object *impl_from_IOPCSecurityPrivate(IOPCSecurityPrivate *iface)
{
    return CONTAINING_RECORD(iface, struct rm_server_object, IOPCSecurityPrivate_iface);
}

static HRESULT STDMETHODCALLTYPE server_security_private_QueryInterface(IOPCSecurityPrivate *iface,
                                                                        REFIID iid, void **out)
{
    return rm_server_object_query(impl_from_IOPCSecurityPrivate(iface), iid, out);
}

static ULONG STDMETHODCALLTYPE server_security_private_AddRef(IOPCSecurityPrivate *iface)
{
    return rm_server_object_add_ref(impl_from_IOPCSecurityPrivate(iface));
}

static ULONG STDMETHODCALLTYPE server_security_private_Release(IOPCSecurityPrivate *iface)
{
    return rm_server_object_release(impl_from_IOPCSecurityPrivate(iface));
}

struct available_call
{
    struct rm_forward forward;
    BOOL is_available;
};

static HRESULT run_is_available(struct rm_call *call, struct rm_link *link)
{
    struct available_call *query = RM_FORWARD_OF(call, struct available_call);
    HRESULT hr = IOPCSecurityPrivate_IsAvailablePriv((IOPCSecurityPrivate *)query->forward.real,
                                                     &query->is_available);

    (void)link;
    rm_forward_drop(&query->forward);
    return hr;
}

static const struct rm_call_class is_available_class = {
    .name = "IOPCSecurityPrivate::IsAvailablePriv",
    .kind = RM_CALL_IDEMPOTENT,
    .prepare = rm_forward_prepare,
    .run = run_is_available,
    .destroy = rm_forward_destroy,
};

static HRESULT is_available_once(IOPCSecurityPrivate *iface, BOOL *is_available)
{
    struct available_call *query = rm_forward_new(sizeof(*query), &is_available_class,
                                                  impl_from_IOPCSecurityPrivate(iface)->session,
                                                  NULL, RM_SERVER_SECURITY_PRIVATE);
    HRESULT hr;

    if (!query)
        return E_OUTOFMEMORY;
    hr = rm_forward_execute(&query->forward);
    if (rm_forward_has_results(&query->forward, hr))
        *is_available = query->is_available;
    rm_call_release(&query->forward.call);
    return hr;
}

static HRESULT STDMETHODCALLTYPE server_security_private_IsAvailablePriv(IOPCSecurityPrivate *iface,
                                                                         BOOL *is_available)
{
    HRESULT hr;

    if (!is_available)
        return RM_HRESULT_NULL_REF;
    *is_available = FALSE;
    do
        hr = is_available_once(iface, is_available);
    while (hr == RM_CALL_REPEAT);
    return hr;
}

/* Logon, and without credentials Logoff. */
struct logon_call
{
    struct rm_forward forward;
    struct rm_secret *credentials;
};

static HRESULT run_logon(struct rm_call *call, struct rm_link *link)
{
    struct logon_call *logon = RM_FORWARD_OF(call, struct logon_call);
    IOPCSecurityPrivate *real = logon->forward.real;
    HRESULT hr;

    if (logon->credentials)
        hr = rm_credentials_log_on(logon->credentials, real,
                                   link->session->is_integrity_refused[link->machine - 1]);
    else
        hr = IOPCSecurityPrivate_Logoff(real);
    rm_forward_drop(&logon->forward);
    return hr;
}

static void record_logon(struct rm_call *call, struct rm_link *link, HRESULT hr)
{
    struct logon_call *logon = RM_FORWARD_OF(call, struct logon_call);
    struct rm_session *session = link->session;
    struct rm_security *security = &session->security;

    if (FAILED(hr))
        return;
    rm_secret_free(security->credentials);
    security->credentials = logon->credentials;
    logon->credentials = NULL;
    link->applied_logon_revision = ++security->logon_revision;
    link->is_logged_on = security->credentials != NULL;
    rm_session_changed(session);
}

static void destroy_logon(struct rm_call *call)
{
    rm_secret_free(RM_FORWARD_OF(call, struct logon_call)->credentials);
    rm_forward_destroy(call);
}

static const struct rm_call_class logon_class = {
    .name = "IOPCSecurityPrivate::Logon",
    .kind = RM_CALL_SHADOW,
    .prepare = rm_forward_prepare,
    .run = run_logon,
    .record = record_logon,
    .destroy = destroy_logon,
};

static const struct rm_call_class logoff_class = {
    .name = "IOPCSecurityPrivate::Logoff",
    .kind = RM_CALL_SHADOW,
    .prepare = rm_forward_prepare,
    .run = run_logon,
    .record = record_logon,
    .destroy = destroy_logon,
};

/* user NULL: Logoff. */
static HRESULT logon_once(IOPCSecurityPrivate *iface, const WCHAR *user, const WCHAR *password)
{
    struct logon_call *logon = rm_forward_new(sizeof(*logon), user ? &logon_class : &logoff_class,
                                              impl_from_IOPCSecurityPrivate(iface)->session, NULL,
                                              RM_SERVER_SECURITY_PRIVATE);
    HRESULT hr;

    if (!logon)
        return E_OUTOFMEMORY;
    if (user)
    {
        logon->credentials = rm_credentials_new(user, password);
        if (!logon->credentials)
            logon->forward.status = E_OUTOFMEMORY;
    }
    hr = rm_forward_execute(&logon->forward);
    rm_call_release(&logon->forward.call);
    return hr;
}

static HRESULT STDMETHODCALLTYPE server_security_private_Logon(IOPCSecurityPrivate *iface,
                                                               LPCWSTR user, LPCWSTR password)
{
    HRESULT hr;

    if (!user || !password)
        return RM_HRESULT_NULL_REF;
    do
        hr = logon_once(iface, user, password);
    while (hr == RM_CALL_REPEAT);
    return hr;
}

static HRESULT STDMETHODCALLTYPE server_security_private_Logoff(IOPCSecurityPrivate *iface)
{
    HRESULT hr;

    do
        hr = logon_once(iface, NULL, NULL);
    while (hr == RM_CALL_REPEAT);
    return hr;
}

const IOPCSecurityPrivateVtbl rm_server_security_private_vtbl = {
    server_security_private_QueryInterface, server_security_private_AddRef,
    server_security_private_Release,        server_security_private_IsAvailablePriv,
    server_security_private_Logon,          server_security_private_Logoff,
};
