/* activation_test.c: what COM is asked for when a server is activated, against a recording fake:
 * Wine ignores host names and security, so the arguments are all there is to check (C-13). */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>

#include <string.h>
#include <windows.h>
#include <objbase.h>

#include "link/activation.h"

/* What the fake was asked for, and what it is to answer. */
static struct
{
    int creations, blankets, lookups;
    CLSID clsid;
    DWORD context;
    WCHAR host[64];
    bool has_host, has_auth;
    COAUTHINFO auth;
    HRESULT first_answer;
    bool is_empty_success;
    DWORD blanket_level[16], blanket_impersonation[16];
    HRESULT blanket_answer, query_answer;
    DWORD capabilities, host_level;
} seen;

static struct object
{
    IUnknown IUnknown_iface;
    LONG refs;
} object;

static HRESULT WINAPI object_QueryInterface(IUnknown *iface, REFIID iid, void **out)
{
    (void)iid;
    *out = iface;
    object.refs++;
    return S_OK;
}

static ULONG WINAPI object_AddRef(IUnknown *iface)
{
    (void)iface;
    return (ULONG)++object.refs;
}

static ULONG WINAPI object_Release(IUnknown *iface)
{
    (void)iface;
    return (ULONG)--object.refs;
}

static const IUnknownVtbl object_vtbl = {object_QueryInterface, object_AddRef, object_Release};

static HRESULT WINAPI fake_create(REFCLSID clsid, IUnknown *outer, DWORD context,
                                  COSERVERINFO *server, DWORD count, MULTI_QI *queries)
{
    assert_null(outer);
    seen.creations++;
    seen.clsid = *clsid;
    seen.context = context;
    seen.has_host = server->pwszName != NULL;
    if (seen.has_host)
        wcscpy(seen.host, server->pwszName);
    seen.has_auth = server->pAuthInfo != NULL;
    if (seen.has_auth)
        seen.auth = *server->pAuthInfo;
    if (seen.creations == 1 && FAILED(seen.first_answer))
        return seen.first_answer;
    for (DWORD i = 0; i < count; i++)
    {
        queries[i].hr = S_OK;
        queries[i].pItf = seen.is_empty_success ? NULL : &object.IUnknown_iface;
        object.refs += seen.is_empty_success ? 0 : 1;
    }
    return S_OK;
}

static HRESULT WINAPI fake_blanket(IUnknown *proxy, DWORD authentication, DWORD authorization,
                                   OLECHAR *principal, DWORD level, DWORD impersonation,
                                   RPC_AUTH_IDENTITY_HANDLE identity, DWORD capabilities)
{
    (void)authentication;
    (void)authorization;
    (void)principal;
    (void)identity;
    (void)capabilities;
    assert_non_null(proxy);
    seen.blanket_level[seen.blankets % 16] = level;
    seen.blanket_impersonation[seen.blankets % 16] = impersonation;
    seen.blankets++;
    return seen.blanket_answer;
}

static HRESULT WINAPI fake_query(IUnknown *proxy, DWORD *authentication, DWORD *authorization,
                                 LPOLESTR *principal, DWORD *level, DWORD *impersonation,
                                 RPC_AUTH_IDENTITY_HANDLE *identity, DWORD *capabilities)
{
    (void)authentication;
    (void)authorization;
    (void)principal;
    (void)impersonation;
    (void)identity;
    assert_non_null(proxy);
    if (level)
        *level = seen.host_level;
    if (capabilities)
        *capabilities = seen.capabilities;
    return seen.query_answer;
}

static const CLSID looked_up = {0x11111111, 0, 0, {0}};
static const CLSID asked_for = {0x22222222, 0, 0, {0}};
static const CLSID written_down = {0x33333333, 0, 0, {0}};

static HRESULT WINAPI fake_lookup(LPCOLESTR progid, LPCLSID clsid)
{
    seen.lookups++;
    if (wcscmp(progid, L"Vendor.Other.1") != 0)
        return CO_E_CLASSSTRING;
    *clsid = looked_up;
    return S_OK;
}

static const struct rm_activation_api fake = {fake_create, fake_blanket, fake_lookup, fake_query};

static char localhost[] = "localhost", plant[] = "plant-b", nothing[] = "";
static char clsid_text[] = "{33333333-0000-0000-0000-000000000000}";

static struct rm_activation activation_of(const struct rm_machine_config *machine,
                                          const char *progid, bool is_own)
{
    struct rm_activation activation = {.api = &fake,
                                       .machine = machine,
                                       .progid = progid,
                                       .own_clsid = asked_for,
                                       .is_own_progid = is_own};

    return activation;
}

static int set_up(void **state)
{
    (void)state;
    memset(&seen, 0, sizeof(seen));
    object.IUnknown_iface.lpVtbl = &object_vtbl;
    object.refs = 0;
    return 0;
}

static void release_all(IUnknown *interfaces[RM_SERVER_INTERFACE_COUNT])
{
    for (int i = 0; i < RM_SERVER_INTERFACE_COUNT; i++)
    {
        if (interfaces[i])
            IUnknown_Release(interfaces[i]);
    }
    assert_int_equal(object.refs, 0);
}

static void local_server_asks_for_integrity_and_never_for_a_dll(void **state)
{
    struct rm_machine_config machine = {.host = localhost, .progid = nothing, .clsid = nothing};
    struct rm_activation activation = activation_of(&machine, "Vendor.Server.1", true);
    IUnknown *interfaces[RM_SERVER_INTERFACE_COUNT];

    (void)state;
    assert_int_equal(rm_activate(&activation, interfaces), S_OK);
    assert_int_equal(seen.context, CLSCTX_LOCAL_SERVER);
    assert_false(seen.has_host);
    assert_true(seen.has_auth);
    assert_int_equal(seen.auth.dwAuthnLevel, RPC_C_AUTHN_LEVEL_PKT_INTEGRITY);
    assert_int_equal(seen.auth.dwImpersonationLevel, RPC_C_IMP_LEVEL_IMPERSONATE);
    assert_true(IsEqualGUID(&seen.clsid, &asked_for));
    assert_int_equal(seen.lookups, 0);
    assert_int_equal(seen.blankets, RM_SERVER_INTERFACE_COUNT);
    for (int i = 0; i < seen.blankets; i++)
    {
        assert_int_equal(seen.blanket_level[i], RPC_C_AUTHN_LEVEL_PKT_INTEGRITY);
        assert_int_equal(seen.blanket_impersonation[i], RPC_C_IMP_LEVEL_IMPERSONATE);
    }
    release_all(interfaces);
}

static void remote_server_is_asked_for_by_its_host(void **state)
{
    struct rm_machine_config machine = {.host = plant, .progid = nothing, .clsid = nothing};
    struct rm_activation activation = activation_of(&machine, "Vendor.Server.1", true);
    IUnknown *interfaces[RM_SERVER_INTERFACE_COUNT];

    (void)state;
    assert_int_equal(rm_activate(&activation, interfaces), S_OK);
    assert_int_equal(seen.context, CLSCTX_REMOTE_SERVER);
    assert_true(seen.has_host);
    assert_int_equal(wcscmp(seen.host, L"plant-b"), 0);
    assert_int_equal(seen.auth.dwAuthnLevel, RPC_C_AUTHN_LEVEL_PKT_INTEGRITY);
    release_all(interfaces);
}

static void class_comes_from_the_settings_then_from_the_registry(void **state)
{
    struct rm_machine_config machine = {.host = localhost, .progid = nothing, .clsid = clsid_text};
    struct rm_activation activation = activation_of(&machine, "Vendor.Other.1", false);
    IUnknown *interfaces[RM_SERVER_INTERFACE_COUNT];

    (void)state;
    assert_int_equal(rm_activate(&activation, interfaces), S_OK);
    assert_true(IsEqualGUID(&seen.clsid, &written_down));
    release_all(interfaces);

    machine.clsid = nothing;
    assert_int_equal(rm_activate(&activation, interfaces), S_OK);
    assert_true(IsEqualGUID(&seen.clsid, &looked_up));
    release_all(interfaces);

    activation.progid = "Nobody.Knows.1";
    assert_int_equal(rm_activate(&activation, interfaces), CO_E_CLASSSTRING);
    assert_null(interfaces[RM_SERVER_OPCSERVER]);
}

static void refused_integrity_is_tried_once_at_the_hosts_default(void **state)
{
    struct rm_machine_config machine = {.host = plant, .progid = nothing, .clsid = nothing};
    struct rm_activation activation = activation_of(&machine, "Vendor.Server.1", true);
    IUnknown *interfaces[RM_SERVER_INTERFACE_COUNT];

    (void)state;
    seen.first_answer = E_ACCESSDENIED;
    assert_int_equal(rm_activate(&activation, interfaces), S_OK);
    assert_int_equal(seen.creations, 2);
    assert_false(seen.has_auth);
    assert_true(activation.is_integrity_refused);
    assert_int_equal(seen.blankets, 0);
    release_all(interfaces);

    /* Remembered: the next activation doesn't try integrity first. */
    assert_int_equal(rm_activate(&activation, interfaces), S_OK);
    assert_int_equal(seen.creations, 3);
    assert_false(seen.has_auth);
    release_all(interfaces);
}

static void another_error_is_not_tried_again(void **state)
{
    struct rm_machine_config machine = {.host = plant, .progid = nothing, .clsid = nothing};
    struct rm_activation activation = activation_of(&machine, "Vendor.Server.1", true);
    IUnknown *interfaces[RM_SERVER_INTERFACE_COUNT];

    (void)state;
    seen.first_answer = (HRESULT)0x800706BA;
    assert_int_equal(rm_activate(&activation, interfaces), (HRESULT)0x800706BA);
    assert_int_equal(seen.creations, 1);
    assert_null(interfaces[RM_SERVER_OPCSERVER]);
}

static void success_without_a_pointer_is_a_failure(void **state)
{
    struct rm_machine_config machine = {.host = plant, .progid = nothing, .clsid = nothing};
    struct rm_activation activation = activation_of(&machine, "Vendor.Server.1", true);
    IUnknown *interfaces[RM_SERVER_INTERFACE_COUNT];

    (void)state;
    seen.is_empty_success = true; /* C-02 */
    assert_int_equal(rm_activate(&activation, interfaces), E_NOINTERFACE);
}

static void blanket_that_is_not_supported_is_not_fatal(void **state)
{
    struct rm_machine_config machine = {.host = localhost, .progid = nothing, .clsid = nothing};
    struct rm_activation activation = activation_of(&machine, "Vendor.Server.1", true);
    IUnknown *interfaces[RM_SERVER_INTERFACE_COUNT];

    (void)state;
    seen.blanket_answer = E_NOTIMPL;
    assert_int_equal(rm_activate(&activation, interfaces), S_OK);
    release_all(interfaces);
}

/* What a host has beyond packet integrity is not taken from it. */
static void host_with_more_keeps_it(void **state)
{
    static const struct
    {
        HRESULT answer;
        DWORD host_level;
        int blankets;
    } rows[] = {
        {S_OK,      RPC_C_AUTHN_LEVEL_CONNECT,       RM_SERVER_INTERFACE_COUNT},
        {S_OK,      RPC_C_AUTHN_LEVEL_PKT_INTEGRITY, 0                        },
        {S_OK,      RPC_C_AUTHN_LEVEL_PKT_PRIVACY,   0                        },
        {E_NOTIMPL, RPC_C_AUTHN_LEVEL_PKT_PRIVACY,   RM_SERVER_INTERFACE_COUNT},
    };
    struct rm_machine_config machine = {.host = plant, .progid = nothing, .clsid = nothing};
    struct rm_activation activation = activation_of(&machine, "Vendor.Server.1", true);
    IUnknown *interfaces[RM_SERVER_INTERFACE_COUNT];

    (void)state;
    for (size_t i = 0; i < ARRAYSIZE(rows); i++)
    {
        seen.blankets = 0;
        seen.query_answer = rows[i].answer;
        seen.host_level = rows[i].host_level;
        assert_int_equal(rm_activate(&activation, interfaces), S_OK);
        assert_int_equal(seen.blankets, rows[i].blankets);
        release_all(interfaces);
    }
}

/* The thread's token is taken along only where COM looks at it. */
static void cloaking_is_asked_for_and_is_there_in_doubt(void **state)
{
    static const struct
    {
        HRESULT answer;
        DWORD capabilities;
        bool is_cloaked;
    } rows[] = {
        {S_OK,          EOAC_NONE,             false},
        {S_OK,          EOAC_STATIC_CLOAKING,  true },
        {S_OK,          EOAC_DYNAMIC_CLOAKING, true },
        {S_OK,          EOAC_SECURE_REFS,      false},
        {E_NOTIMPL,     EOAC_NONE,             false},
        {E_NOINTERFACE, EOAC_NONE,             true },
    };
    struct rm_machine_config machine = {.host = localhost, .progid = nothing, .clsid = nothing};
    struct rm_activation activation = activation_of(&machine, "Vendor.Server.1", true);
    IUnknown *interfaces[RM_SERVER_INTERFACE_COUNT];

    (void)state;
    for (size_t i = 0; i < ARRAYSIZE(rows); i++)
    {
        seen.query_answer = rows[i].answer;
        seen.capabilities = rows[i].capabilities;
        activation.is_cloaked = !rows[i].is_cloaked;
        assert_int_equal(rm_activate(&activation, interfaces), S_OK);
        assert_int_equal(activation.is_cloaked, rows[i].is_cloaked);
        release_all(interfaces);
    }
}

static void names_of_this_computer_are_local(void **state)
{
    char name[256];
    DWORD size = sizeof(name);

    (void)state;
    assert_true(rm_activation_is_local("localhost"));
    assert_true(rm_activation_is_local("LOCALHOST"));
    assert_true(rm_activation_is_local("127.0.0.1"));
    assert_true(rm_activation_is_local("::1"));
    assert_false(rm_activation_is_local("plant-b"));
    assert_false(rm_activation_is_local("192.168.0.17"));
    assert_true(GetComputerNameExA(ComputerNameDnsHostname, name, &size));
    assert_true(rm_activation_is_local(name));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(local_server_asks_for_integrity_and_never_for_a_dll, set_up),
        cmocka_unit_test_setup(remote_server_is_asked_for_by_its_host, set_up),
        cmocka_unit_test_setup(class_comes_from_the_settings_then_from_the_registry, set_up),
        cmocka_unit_test_setup(refused_integrity_is_tried_once_at_the_hosts_default, set_up),
        cmocka_unit_test_setup(another_error_is_not_tried_again, set_up),
        cmocka_unit_test_setup(success_without_a_pointer_is_a_failure, set_up),
        cmocka_unit_test_setup(blanket_that_is_not_supported_is_not_fatal, set_up),
        cmocka_unit_test_setup(host_with_more_keeps_it, set_up),
        cmocka_unit_test_setup(cloaking_is_asked_for_and_is_there_in_doubt, set_up),
        cmocka_unit_test(names_of_this_computer_are_local),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
