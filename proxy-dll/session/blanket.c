#include "session/blanket.h"

#include <stdint.h>
#include <wchar.h>

#include "link/activation.h"
#include "module/memory.h"
#include "session/identity.h"

#define CLOAKING (EOAC_STATIC_CLOAKING | EOAC_DYNAMIC_CLOAKING)

struct rm_blanket
{
    LONG refs;
    struct rm_blanket_order order; /* pointers: only the values that stand for defaults */
    WCHAR *principal;              /* NULL: what the order says */
    struct rm_secret *identity;    /* NULL: what the order says */
    HANDLE user;                   /* of static cloaking; NULL: the process's */
};

static bool is_default_principal(const OLECHAR *principal)
{
    return (intptr_t)principal == -1; /* COLE_DEFAULT_PRINCIPAL */
}

static bool is_default_identity(const void *identity)
{
    return (intptr_t)identity == -1; /* COLE_DEFAULT_AUTHINFO */
}

/* Those whose identities are SEC_WINNT_AUTH_IDENTITY. */
static bool is_known_service(DWORD authentication)
{
    switch (authentication)
    {
    case RPC_C_AUTHN_WINNT:
    case RPC_C_AUTHN_GSS_KERBEROS:
    case RPC_C_AUTHN_GSS_NEGOTIATE:
    case RPC_C_AUTHN_DIGEST:
    case RPC_C_AUTHN_DEFAULT: return true;
    default: return false;
    }
}

static HRESULT keep_identity(struct rm_blanket *blanket)
{
    void *identity = blanket->order.identity;

    if (!identity || is_default_identity(identity))
        return S_OK;
    blanket->order.identity = NULL;
    if (blanket->order.authentication == RPC_C_AUTHN_NONE)
        return S_OK;
    if (!is_known_service(blanket->order.authentication))
        return HRESULT_FROM_WIN32(RPC_S_UNKNOWN_AUTHN_SERVICE);
    return rm_identity_keep(identity, &blanket->identity);
}

/* Static cloaking is the token that the thread has when it sets the blanket. */
static HRESULT keep_user(struct rm_blanket *blanket)
{
    if (!(blanket->order.capabilities & EOAC_STATIC_CLOAKING) ||
        OpenThreadToken(GetCurrentThread(), TOKEN_QUERY | TOKEN_IMPERSONATE, TRUE, &blanket->user))
        return S_OK;
    blanket->user = NULL;
    return GetLastError() == ERROR_NO_TOKEN ? S_OK : E_ACCESSDENIED;
}

HRESULT rm_blanket_new(const struct rm_blanket_order *order, struct rm_blanket **blanket_out)
{
    struct rm_blanket *blanket = rm_alloc_zero(1, sizeof(*blanket));
    HRESULT hr;

    *blanket_out = NULL;
    if (!blanket)
        return E_OUTOFMEMORY;
    blanket->refs = 1;
    blanket->order = *order;
    hr = keep_identity(blanket);
    if (SUCCEEDED(hr))
        hr = keep_user(blanket);
    if (SUCCEEDED(hr) && order->principal && !is_default_principal(order->principal))
    {
        blanket->order.principal = NULL;
        blanket->principal = rm_wcsdup(order->principal);
        hr = blanket->principal ? S_OK : E_OUTOFMEMORY;
    }
    if (FAILED(hr))
    {
        rm_blanket_release(blanket);
        return hr;
    }
    *blanket_out = blanket;
    return S_OK;
}

struct rm_blanket *rm_blanket_hold(struct rm_blanket *blanket)
{
    InterlockedIncrement(&blanket->refs);
    return blanket;
}

void rm_blanket_release(struct rm_blanket *blanket)
{
    if (!blanket || InterlockedDecrement(&blanket->refs))
        return;
    rm_secret_free(blanket->identity);
    rm_free(blanket->principal);
    if (blanket->user)
        CloseHandle(blanket->user);
    rm_free(blanket);
}

bool rm_blanket_is_cloaked(const struct rm_blanket *blanket)
{
    return (blanket->order.capabilities & CLOAKING) != 0;
}

static DWORD raised_level(const struct rm_blanket_order *order, bool is_level_refused)
{
    bool is_anonymous =
        order->authentication == RPC_C_AUTHN_NONE || order->level == RPC_C_AUTHN_LEVEL_NONE;

    return !is_anonymous && !is_level_refused && order->level < RPC_C_AUTHN_LEVEL_PKT_INTEGRITY
               ? RPC_C_AUTHN_LEVEL_PKT_INTEGRITY
               : order->level;
}

HRESULT rm_blanket_apply(const struct rm_blanket *blanket, const struct rm_activation_api *api,
                         IUnknown *proxy, bool is_level_refused)
{
    const struct rm_blanket_order *order = &blanket->order;
    struct rm_open_identity open = {NULL, order->identity};
    HRESULT hr = E_ACCESSDENIED;

    if (blanket->identity && !rm_identity_open(blanket->identity, &open))
        return E_OUTOFMEMORY;
    /* Never in a name that the client did not mean. */
    if (SetThreadToken(NULL, blanket->user))
        hr = api->set_blanket(proxy, order->authentication, order->authorization,
                              blanket->principal ? blanket->principal : order->principal,
                              raised_level(order, is_level_refused), order->impersonation,
                              open.identity, order->capabilities);
    RevertToSelf();
    rm_identity_close(&open);
    return hr;
}

static LONG cloaked_count(const struct rm_blanket *blanket)
{
    return blanket && rm_blanket_is_cloaked(blanket) ? 1 : 0;
}

static void replace(struct rm_blankets *blankets, int which, struct rm_blanket *blanket)
{
    LONG change = cloaked_count(blanket) - cloaked_count(blankets->of[which]);

    if (change)
        InterlockedExchangeAdd(blankets->cloaked, change);
    rm_blanket_release(blankets->of[which]);
    blankets->of[which] = blanket;
}

void rm_blankets_put(struct rm_blankets *blankets, unsigned mask, struct rm_blanket *blanket)
{
    for (int which = 0; which < RM_BLANKETS_MAX; which++)
    {
        if (mask & 1u << which)
            replace(blankets, which, rm_blanket_hold(blanket));
    }
    blankets->revision++;
}

void rm_blankets_clear(struct rm_blankets *blankets)
{
    for (int which = 0; which < RM_BLANKETS_MAX; which++)
        replace(blankets, which, NULL);
}
