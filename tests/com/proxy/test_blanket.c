/* IClientSecurity: what a client says by CoSetProxyBlanket, which takes our objects for proxies.
 * Wine has no blankets, so what reaches COM is recorded (fake_security.h). */
#include "fake_security.h"

#include <string.h>
#include <wchar.h>

#define SECURITY_WIN32
#include <sspi.h>

#define UNKNOWN_SERVICE ((HRESULT)0x800706D3L)

static struct
{
    DWORD authentication, authorization, level, impersonation, capabilities;
    OLECHAR *principal;
    void *identity;
} got;

static HRESULT set_level(void *object, DWORD level, DWORD capabilities)
{
    return CoSetProxyBlanket(object, RPC_C_AUTHN_WINNT, RPC_C_AUTHZ_NONE, NULL, level,
                             RPC_C_IMP_LEVEL_IMPERSONATE, NULL, capabilities);
}

static HRESULT query(void *object)
{
    memset(&got, 0xCC, sizeof(got));
    return CoQueryProxyBlanket(object, &got.authentication, &got.authorization, &got.principal,
                               &got.level, &got.impersonation, &got.identity, &got.capabilities);
}

static HRESULT query_level(void *object, DWORD *level)
{
    return CoQueryProxyBlanket(object, NULL, NULL, NULL, level, NULL, NULL, NULL);
}

static int open_faked(void **state)
{
    if (stage_open_both(state))
        return -1;
    fake_security_start();
    return 0;
}

static int close_faked(void **state)
{
    fake_security_stop();
    return stage_close_both(state);
}

/* Without the fake: what COM says to a client of the server itself. */
static void test_same_as_direct(void **state)
{
    IOPCServer *direct = stage_connect_to(PROGID, CLSCTX_LOCAL_SERVER);
    void *common[2] = {stage_query(stage_server, &IID_IOPCCommon),
                       stage_query(direct, &IID_IOPCCommon)};
    HRESULT set[2], asked[2];

    (void)state;
    for (int i = 0; i < 2; i++)
    {
        set[i] = set_level(common[i], RPC_C_AUTHN_LEVEL_PKT_PRIVACY, EOAC_NONE);
        asked[i] = query(common[i]);
        stage_release(common[i]);
    }
    stage_release(direct);
    assert_hr(set[0], set[1]);
    assert_hr(asked[0], asked[1]);
    assert_null(got.principal);
}

static void test_identity_and_errors(void **state)
{
    IClientSecurity *security = stage_query(stage_server, &IID_IClientSecurity);
    IUnknown *server = stage_query(security, &IID_IUnknown);
    IUnknown *copy = POISON;
    unsigned short user[] = {'x', 0};
    SEC_WINNT_AUTH_IDENTITY_W identity = {
        .User = user, .UserLength = 0x80000000, .Flags = SEC_WINNT_AUTH_IDENTITY_UNICODE};
    struct stage_group group;

    (void)state;
    assert_ptr_equal(server, stage_server);
    assert_hr(set_level(security, RPC_C_AUTHN_LEVEL_PKT, EOAC_NONE), E_INVALIDARG);
    assert_hr(IClientSecurity_SetBlanket(security, NULL, RPC_C_AUTHN_WINNT, 0, NULL, 5, 3, NULL, 0),
              E_INVALIDARG);
    stage_group_open(&group, L"Security");
    assert_hr(IClientSecurity_SetBlanket(security, (IUnknown *)group.sync, RPC_C_AUTHN_WINNT, 0,
                                         NULL, 5, 3, NULL, 0),
              E_INVALIDARG);
    stage_group_close(&group);
    assert_hr(IClientSecurity_SetBlanket(security, server, RPC_C_AUTHN_WINNT, 0, NULL, 5, 3,
                                         &identity, 0),
              E_INVALIDARG);
    assert_hr(IClientSecurity_SetBlanket(security, server, RPC_C_AUTHN_GSS_SCHANNEL, 0, NULL, 5, 3,
                                         &identity, 0),
              UNKNOWN_SERVICE);
    assert_hr(
        IClientSecurity_QueryBlanket(security, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
        E_INVALIDARG);
    assert_hr(IClientSecurity_CopyProxy(security, server, NULL), E_INVALIDARG);
    assert_hr(IClientSecurity_CopyProxy(security, (IUnknown *)security, &copy), E_INVALIDARG);
    assert_null(copy);
    stage_release(server);
    stage_release(security);
}

/* Enumerators and the server's connection point have no proxy that lasts. */
static void test_local_objects(void **state)
{
    IConnectionPointContainer *container =
        stage_query(stage_server, &IID_IConnectionPointContainer);
    IUnknown *objects[2] = {NULL, NULL};
    WCHAR name[] = L"plant/server";

    (void)state;
    assert_hr(IConnectionPointContainer_FindConnectionPoint(container, &IID_IOPCShutdown,
                                                            (IConnectionPoint **)&objects[0]),
              S_OK);
    assert_hr(IConnectionPointContainer_EnumConnectionPoints(container,
                                                             (IEnumConnectionPoints **)&objects[1]),
              S_OK);
    for (int i = 0; i < 2; i++)
    {
        assert_hr(query(objects[i]), S_OK);
        assert_int_equal(got.level, RPC_C_AUTHN_LEVEL_PKT_INTEGRITY);
        assert_null(got.principal);
        assert_hr(CoSetProxyBlanket(objects[i], RPC_C_AUTHN_GSS_KERBEROS, RPC_C_AUTHZ_NAME, name,
                                    RPC_C_AUTHN_LEVEL_PKT_PRIVACY, RPC_C_IMP_LEVEL_DELEGATE, NULL,
                                    EOAC_DYNAMIC_CLOAKING),
                  S_OK);
        assert_hr(query(objects[i]), S_OK);
        assert_int_equal(got.authentication, RPC_C_AUTHN_GSS_KERBEROS);
        assert_int_equal(got.authorization, RPC_C_AUTHZ_NAME);
        assert_int_equal(got.level, RPC_C_AUTHN_LEVEL_PKT_PRIVACY);
        assert_int_equal(got.impersonation, RPC_C_IMP_LEVEL_DELEGATE);
        assert_int_equal(got.capabilities, EOAC_DYNAMIC_CLOAKING);
        assert_int_equal(wcscmp(got.principal, name), 0);
        CoTaskMemFree(got.principal);
        stage_release(objects[i]);
    }
    stage_release(container);
}

static void check_said(const struct said_blanket *said)
{
    assert_int_equal(said->authentication, RPC_C_AUTHN_GSS_NEGOTIATE);
    assert_int_equal(said->authorization, RPC_C_AUTHZ_NAME);
    assert_int_equal(said->impersonation, RPC_C_IMP_LEVEL_DELEGATE);
    assert_int_equal(said->capabilities, EOAC_MUTUAL_AUTH);
    assert_int_equal(wcscmp(said->principal, L"host/plant"), 0);
    assert_int_equal(wcscmp(said->user, L"operator"), 0);
    assert_int_equal(wcscmp(said->password, L"secret"), 0);
    assert_false(said->has_token);
}

/* The client discards what it gave; every machine is told, the one that comes back, too. */
static void test_every_machine_is_told(void **state)
{
    const DWORD privacy = RPC_C_AUTHN_LEVEL_PKT_PRIVACY;
    unsigned short user[] = {'o', 'p', 'e', 'r', 'a', 't', 'o', 'r', 0};
    unsigned short password[] = {'s', 'e', 'c', 'r', 'e', 't', 0};
    WCHAR principal[] = L"host/plant";
    SEC_WINNT_AUTH_IDENTITY_W identity = {.User = user,
                                          .UserLength = 8,
                                          .Password = password,
                                          .PasswordLength = 6,
                                          .Flags = SEC_WINNT_AUTH_IDENTITY_UNICODE};
    IOPCCommon *common = stage_query(stage_server, &IID_IOPCCommon);
    struct said_blanket said;
    DWORD level = 0;

    (void)state;
    assert_hr(CoSetProxyBlanket((IUnknown *)stage_server, RPC_C_AUTHN_GSS_NEGOTIATE,
                                RPC_C_AUTHZ_NAME, principal, privacy, RPC_C_IMP_LEVEL_DELEGATE,
                                &identity, EOAC_MUTUAL_AUTH),
              S_OK);
    memset(principal, 'x', sizeof(principal));
    memset(user, 'x', sizeof(user));
    memset(password, 'x', sizeof(password));
    memset(&identity, 'x', sizeof(identity));
    assert_true(fake_security_count(&IID_IOPCServer, privacy, &said) >= 1);
    check_said(&said);
    assert_true(fake_security_wait(&IID_IOPCServer, privacy, 2));
    fake_security_count(&IID_IOPCServer, privacy, &said);
    check_said(&said);

    stage_rmsim(L"/fault PA kill --away");
    assert_int_equal(stage_server_state(), OPC_STATUS_RUNNING);
    assert_hr(query_level(stage_server, &level), S_OK);
    assert_int_equal(level, privacy);
    stage_rmsim(L"/fault PA clear");
    assert_true(fake_security_wait(&IID_IOPCServer, privacy, 3));
    fake_security_count(&IID_IOPCServer, privacy, &said);
    check_said(&said);

    /* It is one interface's. */
    assert_int_equal(fake_security_count(&IID_IOPCCommon, privacy, NULL), 0);
    assert_hr(query_level(common, &level), S_OK);
    assert_true(level < privacy);
    stage_release(common);
}

/* Each on an interface of its own: the standby is told of one a little later. */
static void check_identity(const IID *iid, void *identity, const WCHAR *user, const WCHAR *password)
{
    IUnknown *object = stage_query(stage_server, iid);
    struct said_blanket said;

    assert_hr(CoSetProxyBlanket(object, RPC_C_AUTHN_GSS_KERBEROS, RPC_C_AUTHZ_NONE, NULL,
                                RPC_C_AUTHN_LEVEL_PKT_PRIVACY, RPC_C_IMP_LEVEL_IMPERSONATE,
                                identity, EOAC_NONE),
              S_OK);
    assert_true(fake_security_count(iid, RPC_C_AUTHN_LEVEL_PKT_PRIVACY, &said) > 0);
    assert_int_equal(said.has_identity, identity != NULL);
    assert_int_equal(wcscmp(said.user, user), 0);
    assert_int_equal(wcscmp(said.password, password), 0);
    stage_release(object);
}

/* The other forms that an identity has, and none. */
static void test_identities(void **state)
{
    unsigned short user[] = {'a', 'b', 'c'}, password[] = {'d', 'e'};
    SEC_WINNT_AUTH_IDENTITY_EXW versioned = {.Version = SEC_WINNT_AUTH_IDENTITY_VERSION,
                                             .Length = sizeof(versioned),
                                             .User = user,
                                             .UserLength = 3,
                                             .Password = password,
                                             .PasswordLength = 2,
                                             .Flags = SEC_WINNT_AUTH_IDENTITY_UNICODE};
    struct
    {
        SEC_WINNT_AUTH_IDENTITY_EX2 flat;
        unsigned short user[3], credentials[2];
    } packed = {
        .user = {'f', 'g', 'h'},
          .credentials = {'i',   'j'   }
    };

    (void)state;
    packed.flat.Version = SEC_WINNT_AUTH_IDENTITY_VERSION_2;
    packed.flat.cbHeaderLength = sizeof(packed.flat);
    packed.flat.cbStructureLength = sizeof(packed);
    packed.flat.UserOffset = (DWORD)((BYTE *)packed.user - (BYTE *)&packed);
    packed.flat.UserLength = sizeof(packed.user);
    packed.flat.PackedCredentialsOffset = (DWORD)((BYTE *)packed.credentials - (BYTE *)&packed);
    packed.flat.PackedCredentialsLength = sizeof(packed.credentials);
    check_identity(&IID_IOPCServer, &versioned, L"abc", L"de");
    check_identity(&IID_IOPCCommon, &packed, L"fgh", L"ij");
    check_identity(&IID_IOPCItemProperties, NULL, L"", L"");
}

static void test_groups(void **state)
{
    const DWORD privacy = RPC_C_AUTHN_LEVEL_PKT_PRIVACY;
    struct sink *sink = sink_new();
    struct stage_group group;
    IConnectionPoint *point;
    DWORD cookie, level = 0;

    (void)state;
    stage_group_open(&group, L"Secured");
    stage_add(&group, L"Memory.I4", 1);
    assert_hr(
        IConnectionPointContainer_FindConnectionPoint(group.points, &IID_IOPCDataCallback, &point),
        S_OK);
    assert_hr(set_level(group.sync, privacy, EOAC_NONE), S_OK);
    assert_hr(set_level(point, privacy, EOAC_NONE), S_OK);
    assert_true(fake_security_wait(&IID_IOPCSyncIO, privacy, 2));
    assert_hr(IConnectionPoint_Advise(point, (IUnknown *)&sink->IOPCDataCallback_iface, &cookie),
              S_OK);
    assert_true(fake_security_wait(&IID_IConnectionPoint, privacy, 2));
    assert_hr(query_level(point, &level), S_OK);
    assert_int_equal(level, privacy);
    assert_hr(query_level(group.items, &level), S_OK);
    assert_true(level < privacy);

    stage_rmsim(L"/fault PA kill --away");
    assert_int_equal(stage_server_state(), OPC_STATUS_RUNNING);
    stage_rmsim(L"/fault PA clear");
    assert_true(fake_security_wait(&IID_IOPCSyncIO, privacy, 3));
    assert_true(fake_security_wait(&IID_IConnectionPoint, privacy, 3));
    assert_hr(IConnectionPoint_Unadvise(point, cookie), S_OK);
    stage_release(point);
    stage_group_close(&group);
    sink_release(sink);
}

/* Never below packet integrity, unless the client wants none at all. */
static void test_levels(void **state)
{
    static const struct
    {
        DWORD authentication, level, said;
    } rows[] = {
        {RPC_C_AUTHN_WINNT,   RPC_C_AUTHN_LEVEL_DEFAULT,       RPC_C_AUTHN_LEVEL_PKT_INTEGRITY},
        {RPC_C_AUTHN_DEFAULT, RPC_C_AUTHN_LEVEL_CONNECT,       RPC_C_AUTHN_LEVEL_PKT_INTEGRITY},
        {RPC_C_AUTHN_WINNT,   RPC_C_AUTHN_LEVEL_PKT_INTEGRITY, RPC_C_AUTHN_LEVEL_PKT_INTEGRITY},
        {RPC_C_AUTHN_WINNT,   RPC_C_AUTHN_LEVEL_PKT_PRIVACY,   RPC_C_AUTHN_LEVEL_PKT_PRIVACY  },
        {RPC_C_AUTHN_WINNT,   RPC_C_AUTHN_LEVEL_NONE,          RPC_C_AUTHN_LEVEL_NONE         },
        {RPC_C_AUTHN_NONE,    RPC_C_AUTHN_LEVEL_CONNECT,       RPC_C_AUTHN_LEVEL_CONNECT      },
    };

    (void)state;
    for (size_t i = 0; i < ARRAYSIZE(rows); i++)
    {
        DWORD level = 77;

        assert_hr(CoSetProxyBlanket((IUnknown *)stage_server, rows[i].authentication,
                                    RPC_C_AUTHZ_DEFAULT, COLE_DEFAULT_PRINCIPAL, rows[i].level,
                                    RPC_C_IMP_LEVEL_IDENTIFY, COLE_DEFAULT_AUTHINFO, EOAC_DEFAULT),
                  S_OK);
        assert_hr(query_level(stage_server, &level), S_OK);
        assert_int_equal(level, rows[i].said);
    }
}

static bool is_asked_with_token(void)
{
    DWORD level;

    assert_hr(query_level(stage_server, &level), S_OK);
    return fake_security_asker_had_token();
}

/* A blanket with cloaking makes calls take the thread's token along, one without ends that. */
static void test_cloaking(void **state)
{
    const DWORD integrity = RPC_C_AUTHN_LEVEL_PKT_INTEGRITY;
    struct said_blanket said;

    (void)state;
    assert_true(ImpersonateSelf(SecurityImpersonation));
    assert_false(is_asked_with_token());
    assert_hr(set_level(stage_server, integrity, EOAC_DYNAMIC_CLOAKING), S_OK);
    fake_security_count(&IID_IOPCServer, integrity, &said);
    assert_false(said.has_token); /* that is each call's */
    assert_true(is_asked_with_token());
    assert_hr(set_level(stage_server, RPC_C_AUTHN_LEVEL_PKT_PRIVACY, EOAC_STATIC_CLOAKING), S_OK);
    assert_true(RevertToSelf());
    assert_false(is_asked_with_token());

    /* With static cloaking it is the token of the time at which the client has said so. */
    assert_true(fake_security_wait(&IID_IOPCServer, RPC_C_AUTHN_LEVEL_PKT_PRIVACY, 2));
    fake_security_count(&IID_IOPCServer, RPC_C_AUTHN_LEVEL_PKT_PRIVACY, &said);
    assert_true(said.has_token);

    assert_true(ImpersonateSelf(SecurityImpersonation));
    assert_hr(set_level(stage_server, integrity, EOAC_NONE), S_OK);
    assert_false(is_asked_with_token());
    assert_true(RevertToSelf());
}

#define FAKED(test) cmocka_unit_test_setup_teardown(test, open_faked, close_faked)

const struct CMUnitTest blanket_tests[] = {
    cmocka_unit_test_setup_teardown(test_same_as_direct, stage_open_both, stage_close_both),
    FAKED(test_identity_and_errors),
    FAKED(test_local_objects),
    FAKED(test_every_machine_is_told),
    FAKED(test_identities),
    FAKED(test_groups),
    FAKED(test_levels),
    FAKED(test_cloaking),
};
const size_t blanket_test_count = ARRAYSIZE(blanket_tests);
