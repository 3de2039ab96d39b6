#include "link/activation.h"

#include <string.h>

#include "module/memory.h"

const struct rm_activation_api rm_activation_system = {
    CoCreateInstanceEx,
    CoSetProxyBlanket,
    CLSIDFromProgID,
    CoQueryProxyBlanket,
};

#define WIDE_MAX 512

static bool to_wide(const char *text, WCHAR wide[WIDE_MAX])
{
    return MultiByteToWideChar(CP_UTF8, 0, text, -1, wide, WIDE_MAX) != 0;
}

bool rm_activation_is_local(const char *host)
{
    WCHAR wide[WIDE_MAX], own[WIDE_MAX];
    DWORD size = WIDE_MAX;

    if (_stricmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 ||
        strncmp(host, "127.", 4) == 0)
        return true;
    if (!to_wide(host, wide))
        return false;
    if (GetComputerNameExW(ComputerNameDnsHostname, own, &size) && _wcsicmp(own, wide) == 0)
        return true;
    size = WIDE_MAX;
    return GetComputerNameExW(ComputerNameDnsFullyQualified, own, &size) &&
           _wcsicmp(own, wide) == 0;
}

static HRESULT find_clsid(const struct rm_activation *activation, CLSID *clsid)
{
    WCHAR text[WIDE_MAX];

    if (activation->machine->clsid[0])
        return to_wide(activation->machine->clsid, text) ? CLSIDFromString(text, clsid)
                                                         : CO_E_CLASSSTRING;
    if (activation->is_own_progid)
    {
        *clsid = activation->own_clsid;
        return S_OK;
    }
    return to_wide(activation->progid, text) ? activation->api->clsid_from_progid(text, clsid)
                                             : CO_E_CLASSSTRING;
}

/* The host may have more than we ask for. */
static bool is_secure(const struct rm_activation_api *api, IUnknown *proxy)
{
    DWORD level = RPC_C_AUTHN_LEVEL_DEFAULT;

    return SUCCEEDED(api->query_blanket(proxy, NULL, NULL, NULL, &level, NULL, NULL, NULL)) &&
           level >= RPC_C_AUTHN_LEVEL_PKT_INTEGRITY;
}

static void set_blanket(const struct rm_activation_api *api, IUnknown *interface_pointer)
{
    /* Refusal isn't fatal: activation has asked already, and the interface works as it is. */
    api->set_blanket(interface_pointer, RPC_C_AUTHN_DEFAULT, RPC_C_AUTHZ_DEFAULT,
                     COLE_DEFAULT_PRINCIPAL, RPC_C_AUTHN_LEVEL_PKT_INTEGRITY,
                     RPC_C_IMP_LEVEL_IMPERSONATE, NULL, EOAC_DEFAULT);
}

void rm_secure_proxy(const struct rm_activation_api *api, IUnknown *interface_pointer)
{
    if (interface_pointer && !is_secure(api, interface_pointer))
        set_blanket(api, interface_pointer);
}

/* Whether COM is going to look at the calling thread's token. The host process or an administrator
 * decides about that, so it is asked, and where there is no answer it may be. A COM that has no
 * blankets (Wine 8) has no cloaking either. */
static bool is_cloaked(const struct rm_activation_api *api, IUnknown *proxy)
{
    DWORD capabilities = EOAC_NONE;
    HRESULT hr = api->query_blanket(proxy, NULL, NULL, NULL, NULL, NULL, NULL, &capabilities);

    if (hr == E_NOTIMPL)
        return false;
    return FAILED(hr) || (capabilities & (EOAC_STATIC_CLOAKING | EOAC_DYNAMIC_CLOAKING)) != 0;
}

static HRESULT create(const struct rm_activation *activation, REFCLSID clsid, bool is_default_level,
                      MULTI_QI queries[RM_SERVER_INTERFACE_COUNT])
{
    bool is_local = rm_activation_is_local(activation->machine->host);
    COAUTHINFO auth = {RPC_C_AUTHN_WINNT,
                       RPC_C_AUTHZ_NONE,
                       NULL,
                       RPC_C_AUTHN_LEVEL_PKT_INTEGRITY,
                       RPC_C_IMP_LEVEL_IMPERSONATE,
                       NULL,
                       EOAC_NONE};
    COSERVERINFO server = {0};
    WCHAR host[WIDE_MAX];
    int i;

    for (i = 0; i < RM_SERVER_INTERFACE_COUNT; i++)
    {
        queries[i].pIID = rm_server_interface_iid((enum rm_server_interface)i);
        queries[i].pItf = NULL;
        queries[i].hr = S_OK;
    }
    if (!to_wide(activation->machine->host, host))
        return CO_E_BAD_SERVER_NAME;
    server.pwszName = is_local ? NULL : host;
    server.pAuthInfo = is_default_level ? NULL : &auth;
    return activation->api->create_instance(clsid, NULL,
                                            is_local ? CLSCTX_LOCAL_SERVER : CLSCTX_REMOTE_SERVER,
                                            &server, RM_SERVER_INTERFACE_COUNT, queries);
}

HRESULT rm_activate(struct rm_activation *activation,
                    IUnknown *interfaces[RM_SERVER_INTERFACE_COUNT])
{
    MULTI_QI queries[RM_SERVER_INTERFACE_COUNT];
    CLSID clsid;
    HRESULT hr;
    int i;

    memset(interfaces, 0, RM_SERVER_INTERFACE_COUNT * sizeof(*interfaces));
    hr = find_clsid(activation, &clsid);
    if (FAILED(hr))
        return hr;
    hr = create(activation, &clsid, activation->is_integrity_refused, queries);
    if (hr == E_ACCESSDENIED && !activation->is_integrity_refused)
    {
        hr = create(activation, &clsid, true, queries);
        activation->is_integrity_refused = SUCCEEDED(hr);
    }
    if (FAILED(hr))
        return hr;
    for (i = 0; i < RM_SERVER_INTERFACE_COUNT; i++)
    {
        /* Success without a pointer is seen after a cancelled activation (C-02). */
        if (SUCCEEDED(queries[i].hr) && queries[i].pItf)
            interfaces[i] = queries[i].pItf;
    }
    if (!interfaces[RM_SERVER_OPCSERVER])
    {
        hr = FAILED(queries[RM_SERVER_OPCSERVER].hr) ? queries[RM_SERVER_OPCSERVER].hr
                                                     : E_NOINTERFACE;
        for (i = 0; i < RM_SERVER_INTERFACE_COUNT; i++)
        {
            if (interfaces[i])
                IUnknown_Release(interfaces[i]);
            interfaces[i] = NULL;
        }
        return hr;
    }
    if (!activation->is_integrity_refused)
    {
        for (i = 0; i < RM_SERVER_INTERFACE_COUNT; i++)
            rm_secure_proxy(activation->api, interfaces[i]);
    }
    activation->is_cloaked = is_cloaked(activation->api, interfaces[RM_SERVER_OPCSERVER]);
    return S_OK;
}
