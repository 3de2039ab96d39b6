#include "server/client_security.h"

#include "call/call.h"
#include "module/memory.h"

static struct rm_client_security *impl_from_IClientSecurity(IClientSecurity *iface)
{
    return CONTAINING_RECORD(iface, struct rm_client_security, IClientSecurity_iface);
}

static HRESULT STDMETHODCALLTYPE security_QueryInterface(IClientSecurity *iface, REFIID iid,
                                                         void **out)
{
    return IUnknown_QueryInterface(impl_from_IClientSecurity(iface)->outer, iid, out);
}

static ULONG STDMETHODCALLTYPE security_AddRef(IClientSecurity *iface)
{
    return IUnknown_AddRef(impl_from_IClientSecurity(iface)->outer);
}

static ULONG STDMETHODCALLTYPE security_Release(IClientSecurity *iface)
{
    return IUnknown_Release(impl_from_IClientSecurity(iface)->outer);
}

static unsigned mask_of(const struct rm_client_security *security, const IUnknown *proxy)
{
    const struct rm_client_security_class *security_class = security->security_class;

    if (!proxy)
        return 0;
    if (security_class)
        return security_class->mask(security, proxy);
    return proxy == security->outer ? 1 : 0;
}

static HRESULT copy_answer(const struct rm_blanket_answer *from, struct rm_blanket_answer *to)
{
    *to = *from;
    to->principal = rm_com_wcsdup(from->principal);
    return from->principal && !to->principal ? E_OUTOFMEMORY : S_OK;
}

static HRESULT remember(struct rm_client_security *security, const struct rm_blanket_order *order)
{
    OLECHAR *principal = order->principal == COLE_DEFAULT_PRINCIPAL ? NULL : order->principal;
    const struct rm_blanket_answer said = {.authentication = order->authentication,
                                           .authorization = order->authorization,
                                           .principal = principal,
                                           .level = order->level,
                                           .impersonation = order->impersonation,
                                           .capabilities = order->capabilities};
    struct rm_blanket_answer answer, before;
    HRESULT hr = copy_answer(&said, &answer);

    if (FAILED(hr))
        return hr;
    AcquireSRWLockExclusive(&security->lock);
    before = security->remembered;
    security->remembered = answer;
    ReleaseSRWLockExclusive(&security->lock);
    CoTaskMemFree(before.principal);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE security_SetBlanket(IClientSecurity *iface, IUnknown *proxy,
                                                     DWORD authentication, DWORD authorization,
                                                     OLECHAR *principal, DWORD level,
                                                     DWORD impersonation, void *identity,
                                                     DWORD capabilities)
{
    struct rm_client_security *security = impl_from_IClientSecurity(iface);
    const struct rm_blanket_order order = {authentication, authorization, principal,   level,
                                           impersonation,  identity,      capabilities};
    unsigned mask = mask_of(security, proxy);
    struct rm_blanket *blanket;
    HRESULT hr;

    if (!mask)
        return E_INVALIDARG;
    if (!security->security_class || !security->security_class->set)
        return remember(security, &order);
    hr = rm_blanket_new(&order, &blanket);
    if (FAILED(hr))
        return hr;
    do
        hr = security->security_class->set(security, mask, blanket);
    while (hr == RM_CALL_REPEAT);
    rm_blanket_release(blanket);
    return hr;
}

static HRESULT answer_query(struct rm_client_security *security, unsigned mask,
                            struct rm_blanket_answer *answer)
{
    HRESULT hr;

    if (security->security_class && security->security_class->query)
    {
        do
            hr = security->security_class->query(security, mask, answer);
        while (hr == RM_CALL_REPEAT);
        return hr;
    }
    AcquireSRWLockShared(&security->lock);
    hr = copy_answer(&security->remembered, answer);
    ReleaseSRWLockShared(&security->lock);
    return hr;
}

static void put(DWORD *place, DWORD value)
{
    if (place)
        *place = value;
}

/* The identity is never told: the client can't get it back from COM either. */
static HRESULT STDMETHODCALLTYPE security_QueryBlanket(IClientSecurity *iface, IUnknown *proxy,
                                                       DWORD *authentication, DWORD *authorization,
                                                       OLECHAR **principal, DWORD *level,
                                                       DWORD *impersonation, void **identity,
                                                       DWORD *capabilities)
{
    struct rm_client_security *security = impl_from_IClientSecurity(iface);
    struct rm_blanket_answer answer = {0};
    unsigned mask = mask_of(security, proxy);
    HRESULT hr = mask ? answer_query(security, mask, &answer) : E_INVALIDARG;

    put(authentication, answer.authentication);
    put(authorization, answer.authorization);
    put(level, answer.level);
    put(impersonation, answer.impersonation);
    put(capabilities, answer.capabilities);
    if (identity)
        *identity = NULL;
    if (principal)
        *principal = answer.principal;
    else
        CoTaskMemFree(answer.principal);
    return hr;
}

static HRESULT STDMETHODCALLTYPE security_CopyProxy(IClientSecurity *iface, IUnknown *proxy,
                                                    IUnknown **copy)
{
    if (!copy)
        return E_INVALIDARG;
    *copy = NULL;
    return mask_of(impl_from_IClientSecurity(iface), proxy) ? E_NOTIMPL : E_INVALIDARG;
}

static const IClientSecurityVtbl security_vtbl = {
    security_QueryInterface, security_AddRef,     security_Release,
    security_QueryBlanket,   security_SetBlanket, security_CopyProxy,
};

void rm_client_security_init(struct rm_client_security *security, void *outer,
                             const struct rm_client_security_class *security_class)
{
    security->IClientSecurity_iface.lpVtbl = &security_vtbl;
    security->outer = outer;
    security->security_class = security_class;
    InitializeSRWLock(&security->lock);
    security->remembered = (struct rm_blanket_answer){.authentication = RPC_C_AUTHN_WINNT,
                                                      .authorization = RPC_C_AUTHZ_NONE,
                                                      .level = RPC_C_AUTHN_LEVEL_PKT_INTEGRITY,
                                                      .impersonation = RPC_C_IMP_LEVEL_IMPERSONATE,
                                                      .capabilities = EOAC_NONE};
}

void rm_client_security_clear(struct rm_client_security *security)
{
    CoTaskMemFree(security->remembered.principal);
    security->remembered.principal = NULL;
}

bool rm_client_security_query(struct rm_client_security *security, REFIID iid, void **out)
{
    if (!IsEqualIID(iid, &IID_IClientSecurity))
        return false;
    *out = &security->IClientSecurity_iface;
    IUnknown_AddRef(security->outer);
    return true;
}
