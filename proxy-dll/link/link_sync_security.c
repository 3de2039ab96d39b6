#include "link/link_sync.h"

#include "call/hresult_class.h"
#include "module/memory.h"
#include "session/session.h"

/* Told once: what a machine refuses is not tried again until the client says something new. */
static bool settle(struct rm_link *link, HRESULT hr)
{
    if (FAILED(hr) && rm_hresult_classify(hr) == RM_HRESULT_ANSWER)
        rm_session_event(link->session, RM_EVENT_LOGON_REFUSED, link->machine, (DWORD)hr, NULL);
    return rm_sync_is_alive(link, hr);
}

static bool is_level_refused(const struct rm_link *link)
{
    return link->session->is_integrity_refused[link->machine - 1];
}

/* Locked. The thread's own handle of the user that the machine is to know; NULL: the process's. */
static HANDLE copy_user(const struct rm_session *session)
{
    HANDLE copy = NULL;

    if (session->security.user)
        DuplicateHandle(GetCurrentProcess(), session->security.user, GetCurrentProcess(), &copy, 0,
                        FALSE, DUPLICATE_SAME_ACCESS);
    return copy;
}

static HRESULT change_user(IOPCSecurityNT *real, HANDLE user, const struct rm_link *link)
{
    HRESULT hr;

    if (user && !SetThreadToken(NULL, user))
        return E_ACCESSDENIED; /* never in a name that the client did not mean */
    hr = rm_security_change_user(real, is_level_refused(link));
    if (user)
        RevertToSelf();
    return hr;
}

static bool sync_user(struct rm_link *link)
{
    struct rm_session *session = link->session;
    IOPCSecurityNT *real = NULL;
    HANDLE user = NULL;
    bool is_lost;
    HRESULT hr;

    rm_session_lock(session);
    if (!link->is_dead && link->applied_user_revision != session->security.user_revision)
    {
        user = copy_user(session);
        is_lost = session->security.user && !user;
        /* A new server object starts with the process's user. */
        if (!is_lost && (user || link->applied_user_revision))
            real = rm_link_take(link, RM_SERVER_SECURITY_NT);
        link->applied_user_revision = session->security.user_revision;
    }
    rm_session_unlock(session);
    if (!real)
    {
        if (user)
            CloseHandle(user);
        return !link->is_dead;
    }
    hr = change_user(real, user, link);
    IOPCSecurityNT_Release(real);
    if (user)
        CloseHandle(user);
    return settle(link, hr);
}

static bool sync_logon(struct rm_link *link)
{
    struct rm_session *session = link->session;
    struct rm_secret *credentials = NULL;
    IOPCSecurityPrivate *real = NULL;
    HRESULT hr;

    rm_session_lock(session);
    if (!link->is_dead && link->applied_logon_revision != session->security.logon_revision)
    {
        if (session->security.credentials)
            credentials = rm_secret_copy(session->security.credentials);
        if (credentials || link->is_logged_on)
            real = rm_link_take(link, RM_SERVER_SECURITY_PRIVATE);
        link->applied_logon_revision = session->security.logon_revision;
        link->is_logged_on = credentials != NULL;
    }
    rm_session_unlock(session);
    if (!real)
    {
        rm_secret_free(credentials);
        return !link->is_dead;
    }
    hr = credentials ? rm_credentials_log_on(credentials, real, is_level_refused(link))
                     : IOPCSecurityPrivate_Logoff(real);
    IOPCSecurityPrivate_Release(real);
    rm_secret_free(credentials);
    return settle(link, hr);
}

/* In this order: with somebody logged on a server refuses to change the user. */
bool rm_sync_security(struct rm_link *link)
{
    return sync_user(link) && sync_logon(link);
}
