#include "session/security.h"

#include <objbase.h>
#include <string.h>
#include <wchar.h>

#include "module/memory.h"

static size_t size_of(const WCHAR *text)
{
    return (wcslen(text) + 1) * sizeof(*text);
}

struct rm_secret *rm_credentials_new(const WCHAR *user, const WCHAR *password)
{
    size_t user_bytes = size_of(user), password_bytes = size_of(password);
    BYTE *texts = rm_alloc_zero(1, user_bytes + password_bytes);
    struct rm_secret *credentials;

    if (!texts)
        return NULL;
    memcpy(texts, user, user_bytes);
    memcpy(texts + user_bytes, password, password_bytes);
    credentials = rm_secret_new(texts, user_bytes + password_bytes);
    SecureZeroMemory(texts, user_bytes + password_bytes);
    rm_free(texts);
    return credentials;
}

/* A client that has seen to it itself is not to be overruled. */
static bool is_private(IUnknown *proxy)
{
    DWORD level = RPC_C_AUTHN_LEVEL_DEFAULT;

    return SUCCEEDED(CoQueryProxyBlanket(proxy, NULL, NULL, NULL, &level, NULL, NULL, NULL)) &&
           level == RPC_C_AUTHN_LEVEL_PKT_PRIVACY;
}

HRESULT rm_credentials_log_on(const struct rm_secret *credentials, IOPCSecurityPrivate *real,
                              bool is_level_refused)
{
    struct rm_secret *clear = rm_secret_open(credentials);
    const WCHAR *user;
    HRESULT hr = E_OUTOFMEMORY;

    if (!clear)
        return hr;
    /* Refusal isn't fatal: the server says what it needs (OPC_S_LOW_AUTHN_LEVEL). */
    if (!is_level_refused && !is_private((IUnknown *)real))
        CoSetProxyBlanket((IUnknown *)real, RPC_C_AUTHN_DEFAULT, RPC_C_AUTHZ_DEFAULT,
                          COLE_DEFAULT_PRINCIPAL, RPC_C_AUTHN_LEVEL_PKT_PRIVACY,
                          RPC_C_IMP_LEVEL_IMPERSONATE, NULL, EOAC_DEFAULT);
    user = rm_secret_bytes(clear);
    hr = IOPCSecurityPrivate_Logon(real, user, user + wcslen(user) + 1);
    rm_secret_free(clear);
    return hr;
}

/* The server sees the identity of the proxy, which is the process's unless it is told to look at
 * the thread. A copy of the proxy is, so that it stays the affair of this one call. */
HRESULT rm_security_change_user(IOPCSecurityNT *real, bool is_level_refused)
{
    DWORD level = is_level_refused ? RPC_C_AUTHN_LEVEL_DEFAULT : RPC_C_AUTHN_LEVEL_PKT_INTEGRITY;
    IUnknown *copy = NULL;
    HANDLE token;
    HRESULT hr;

    if (OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token))
    {
        CloseHandle(token);
        hr = CoCopyProxy((IUnknown *)real, &copy);
        if (SUCCEEDED(hr))
            CoSetProxyBlanket(copy, RPC_C_AUTHN_DEFAULT, RPC_C_AUTHZ_DEFAULT,
                              COLE_DEFAULT_PRINCIPAL, level, RPC_C_IMP_LEVEL_IMPERSONATE, NULL,
                              EOAC_STATIC_CLOAKING);
    }
    if (!copy)
        return IOPCSecurityNT_ChangeUser(real);
    hr = IOPCSecurityNT_ChangeUser((IOPCSecurityNT *)copy);
    IUnknown_Release(copy);
    return hr;
}

void rm_security_clear(struct rm_security *security)
{
    rm_secret_free(security->credentials);
    security->credentials = NULL;
    if (security->user)
        CloseHandle(security->user);
    security->user = NULL;
}
