/* Interfaces that a server of either version may have: SimTestM has them all, in one process for
 * all clients. */
#include "testclient.h"

#include <opc/opcsec.h>
#include <stdio.h>
#include <string.h>

static void test_only_by_their_options(void **state)
{
    static const IID *const iids[] = {&IID_IOPCServerPublicGroups, &IID_IPersistFile,
                                      &IID_IOPCSecurityNT, &IID_IOPCSecurityPrivate};
    struct session session;
    void *none = &none;
    (void)state;
    IOPCServer *without = test_shared();
    IOPCServer *with = test_connect(L"SimTestM");
    IUnknown *identity = test_query(with, &IID_IUnknown);
    for (size_t i = 0; i < 4; i++)
    {
        none = &none;
        assert_int_equal(IOPCServer_QueryInterface(without, iids[i], &none), E_NOINTERFACE);
        assert_null(none);
        IUnknown *other = test_query(with, iids[i]);
        IUnknown *back = test_query(other, &IID_IUnknown);
        assert_ptr_equal(back, identity);
        IUnknown_Release(back);
        IUnknown_Release(other);
    }
    test_open(&session, without, 100, FALSE);
    none = &none;
    assert_int_equal(IOPCItemMgt_QueryInterface(session.items, &IID_IOPCPublicGroupStateMgt, &none),
                     E_NOINTERFACE);
    assert_null(none);
    test_close(&session);
    IUnknown_Release(identity);
    IOPCServer_Release(with);
    IOPCServer_Release(without);
}

static void test_security(void **state)
{
    BOOL is_available = FALSE;
    DWORD level = 0;
    (void)state;
    IOPCServer *server = test_connect(L"SimTestM");
    IOPCServer *other = test_connect(L"SimTestM");
    IOPCSecurityNT *nt = test_query(server, &IID_IOPCSecurityNT);
    IOPCSecurityNT *nt_of_other = test_query(other, &IID_IOPCSecurityNT);
    IOPCSecurityPrivate *own = test_query(server, &IID_IOPCSecurityPrivate);
    assert_int_equal(IOPCSecurityNT_IsAvailableNT(nt, &is_available), S_OK);
    assert_true(is_available);
    assert_int_equal(IOPCSecurityNT_QueryMinImpersonationLevel(nt, &level), S_OK);
    assert_in_range(level, RPC_C_IMP_LEVEL_ANONYMOUS, RPC_C_IMP_LEVEL_DELEGATE);
    assert_int_equal(IOPCSecurityNT_ChangeUser(nt), S_OK);
    is_available = FALSE;
    assert_int_equal(IOPCSecurityPrivate_IsAvailablePriv(own, &is_available), S_OK);
    assert_true(is_available);
    assert_int_equal(IOPCSecurityPrivate_Logoff(own), E_FAIL);
    assert_int_equal(IOPCSecurityPrivate_Logon(own, L"operator", L"PLANT"), E_ACCESSDENIED);
    assert_int_equal(IOPCSecurityNT_ChangeUser(nt), S_OK);
    assert_int_equal(IOPCSecurityPrivate_Logon(own, L"operator", L"plant"), S_OK);
    assert_int_equal(IOPCSecurityNT_ChangeUser(nt), OPC_E_PRIVATE_ACTIVE);
    assert_int_equal(IOPCSecurityNT_ChangeUser(nt_of_other), S_OK); /* a session of its own */
    assert_int_equal(IOPCSecurityPrivate_Logon(own, L"nobody", L""), E_ACCESSDENIED);
    assert_int_equal(IOPCSecurityNT_ChangeUser(nt), OPC_E_PRIVATE_ACTIVE);
    assert_int_equal(IOPCSecurityPrivate_Logoff(own), S_OK);
    assert_int_equal(IOPCSecurityNT_ChangeUser(nt), S_OK);
    IOPCSecurityPrivate_Release(own);
    IOPCSecurityNT_Release(nt_of_other);
    IOPCSecurityNT_Release(nt);
    IOPCServer_Release(other);
    IOPCServer_Release(server);
}

static void make_path(wchar_t *path, const wchar_t *name)
{
    wchar_t folder[MAX_PATH];
    GetTempPathW(MAX_PATH, folder);
    _snwprintf(path, MAX_PATH, L"%ls%ls.%lu", folder, name, GetCurrentProcessId());
}

static void test_configuration_in_a_file(void **state)
{
    wchar_t path[MAX_PATH];
    wchar_t wrong[MAX_PATH];
    CLSID clsid;
    CLSID expected;
    LPOLESTR current = NULL;
    (void)state;
    make_path(path, L"sim_test_persist");
    make_path(wrong, L"sim_test_wrong");
    IOPCServer *server = test_connect(L"SimTestM");
    IOPCCommon *common = test_query(server, &IID_IOPCCommon);
    IPersistFile *file = test_query(server, &IID_IPersistFile);
    assert_int_equal(CLSIDFromProgID(L"RMSim.SimTestM.1", &expected), S_OK);
    assert_int_equal(IPersistFile_GetClassID(file, &clsid), S_OK);
    assert_true(IsEqualGUID(&clsid, &expected));
    assert_int_equal(IPersistFile_IsDirty(file), S_FALSE);
    assert_int_equal(IPersistFile_GetCurFile(file, &current), S_FALSE);
    assert_int_equal(wcscmp(current, L"*.txt"), 0);
    CoTaskMemFree(current);
    assert_int_equal(IPersistFile_Save(file, NULL, TRUE), E_INVALIDARG);
    assert_int_equal(IPersistFile_Load(file, path, 0), HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND));

    assert_int_equal(IOPCCommon_SetClientName(common, L"Control room"), S_OK);
    assert_int_equal(IPersistFile_IsDirty(file), S_OK);
    assert_int_equal(IPersistFile_Save(file, path, FALSE), S_OK); /* a copy */
    assert_int_equal(IPersistFile_IsDirty(file), S_OK);
    assert_int_equal(IPersistFile_Save(file, path, TRUE), S_OK);
    assert_int_equal(IPersistFile_SaveCompleted(file, path), S_OK);
    assert_int_equal(IPersistFile_IsDirty(file), S_FALSE);
    assert_int_equal(IPersistFile_GetCurFile(file, &current), S_OK);
    assert_int_equal(wcscmp(current, path), 0);
    CoTaskMemFree(current);

    assert_int_equal(IOPCCommon_SetClientName(common, L"Somebody else"), S_OK);
    assert_int_equal(IPersistFile_IsDirty(file), S_OK);
    assert_int_equal(IPersistFile_Load(file, path, 0), S_OK);
    assert_int_equal(IPersistFile_IsDirty(file), S_FALSE);
    assert_int_equal(IOPCCommon_SetClientName(common, L"Control room"), S_OK);
    assert_int_equal(IPersistFile_IsDirty(file), S_FALSE); /* it is what was loaded */

    FILE *other = _wfopen(wrong, L"wb");
    assert_non_null(other);
    fputs("something else\n", other);
    fclose(other);
    assert_int_equal(IPersistFile_Load(file, wrong, 0), OPC_E_INVALIDCONFIGFILE);
    DeleteFileW(path);
    DeleteFileW(wrong);
    IPersistFile_Release(file);
    IOPCCommon_Release(common);
    IOPCServer_Release(server);
}

static BOOL is_public(struct session *session)
{
    BOOL state = 4711;
    IOPCPublicGroupStateMgt *group = test_query(session->group, &IID_IOPCPublicGroupStateMgt);
    assert_int_equal(IOPCPublicGroupStateMgt_GetState(group, &state), S_OK);
    IOPCPublicGroupStateMgt_Release(group);
    return state;
}

static HRESULT publish(struct session *session)
{
    IOPCPublicGroupStateMgt *group = test_query(session->group, &IID_IOPCPublicGroupStateMgt);
    HRESULT result = IOPCPublicGroupStateMgt_MoveToPublic(group);
    IOPCPublicGroupStateMgt_Release(group);
    return result;
}

static void release_group(struct session *session)
{
    if (session->point != NULL)
    {
        test_unadvise(session);
    }
    IOPCItemMgt_Release(session->items);
    IOPCGroupStateMgt_Release(session->group);
    IOPCSyncIO_Release(session->sync);
    IOPCAsyncIO2_Release(session->async);
    IOPCDataCallback_Release(&session->sink->IOPCDataCallback_iface);
}

static DWORD enumerate(IOPCServer *server, OPCENUMSCOPE scope)
{
    IUnknown *enumerator = NULL;
    LPOLESTR names[8];
    ULONG fetched = 0;
    HRESULT result = IOPCServer_CreateGroupEnumerator(server, scope, &IID_IEnumString, &enumerator);
    assert_true(result == S_OK || result == S_FALSE);
    assert_int_equal(IEnumString_Next((IEnumString *)enumerator, 8, names, &fetched), S_FALSE);
    for (ULONG i = 0; i < fetched; i++)
    {
        CoTaskMemFree(names[i]);
    }
    IUnknown_Release(enumerator);
    return fetched;
}

/* Connects and fills a session as test_open does. */
static void connect(struct session *session, IOPCServer *server, const wchar_t *name)
{
    IUnknown *group = NULL;
    DWORD number = 0;
    LONG bias = 0;
    FLOAT deadband = 0;
    BOOL is_active = FALSE;
    LPWSTR found = NULL;
    memset(session, 0, sizeof(*session));
    IOPCServerPublicGroups *groups = test_query(server, &IID_IOPCServerPublicGroups);
    assert_int_equal(
        IOPCServerPublicGroups_GetPublicGroupByName(groups, name, &IID_IOPCItemMgt, &group), S_OK);
    IOPCServerPublicGroups_Release(groups);
    session->server = server;
    session->items = (IOPCItemMgt *)group;
    session->group = test_query(group, &IID_IOPCGroupStateMgt);
    session->sync = test_query(group, &IID_IOPCSyncIO);
    session->async = test_query(group, &IID_IOPCAsyncIO2);
    session->sink = test_sink_create();
    assert_int_equal(IOPCGroupStateMgt_GetState(session->group, &number, &is_active, &found, &bias,
                                                &deadband, &number, &number,
                                                &session->group_handle),
                     S_OK);
    assert_int_equal(wcscmp(found, name), 0);
    CoTaskMemFree(found);
}

static void test_public_groups_are_everybodys(void **state)
{
    struct session own;
    struct session others;
    wchar_t id[] = L"Memory.I2";
    OPCITEMDEF definition = {.szItemID = id, .bActive = TRUE};
    OPCITEMRESULT *results = NULL;
    HRESULT *errors = NULL;
    IUnknown *group = (IUnknown *)&results;
    BOOL is_active = TRUE;
    DWORD revised = 0;
    (void)state;
    IOPCServer *server = test_connect(L"SimTestM");
    IOPCServer *other = test_connect(L"SimTestM");
    IOPCServerPublicGroups *groups = test_query(other, &IID_IOPCServerPublicGroups);
    test_open(&own, server, 100, FALSE);
    assert_int_equal(IOPCGroupStateMgt_SetName(own.group, L"Overview"), S_OK);
    DWORD handle = test_add(&own, L"Memory.I4", 5, VT_R8);
    assert_false(is_public(&own));
    assert_int_equal(
        IOPCServerPublicGroups_GetPublicGroupByName(groups, L"Overview", &IID_IOPCItemMgt, &group),
        OPC_E_NOTFOUND);
    assert_null(group);
    assert_int_equal(IOPCServerPublicGroups_RemovePublicGroup(groups, own.group_handle, FALSE),
                     E_INVALIDARG);

    assert_int_equal(publish(&own), S_OK);
    assert_int_equal(publish(&own), E_FAIL);
    assert_true(is_public(&own));
    assert_int_equal(IOPCItemMgt_AddItems(own.items, 1, &definition, &results, &errors),
                     OPC_E_PUBLIC);
    assert_int_equal(IOPCItemMgt_RemoveItems(own.items, 1, &handle, &errors), OPC_E_PUBLIC);
    assert_int_equal(IOPCGroupStateMgt_SetName(own.group, L"Other"), OPC_E_PUBLIC);
    assert_int_equal(IOPCServer_RemoveGroup(server, own.group_handle, FALSE), E_FAIL);
    assert_int_equal(enumerate(server, OPC_ENUM_PUBLIC), 1);
    assert_int_equal(enumerate(server, OPC_ENUM_PRIVATE), 0);
    assert_int_equal(enumerate(server, OPC_ENUM_ALL), 1);

    /* Another client has the items, and a state of its own. */
    connect(&others, other, L"Overview");
    test_advise(&others);
    assert_int_equal(IOPCGroupStateMgt_SetState(others.group, NULL, &revised, &is_active, NULL,
                                                NULL, NULL, NULL),
                     S_OK);
    test_wait(&others, RECORD_CHANGE, 1);
    assert_int_equal(test_record(&others, RECORD_CHANGE, 0).client_handle, 5);
    assert_int_equal(test_record(&others, RECORD_CHANGE, 0).type, VT_R8);

    /* It leaves with its last reference, and may come again. */
    release_group(&others);
    assert_int_equal(enumerate(other, OPC_ENUM_ALL), 0);
    connect(&others, other, L"Overview");
    assert_int_equal(enumerate(other, OPC_ENUM_PUBLIC), 1);

    /* Any client may remove it, for all. */
    assert_int_equal(IOPCServerPublicGroups_RemovePublicGroup(groups, others.group_handle, FALSE),
                     OPC_S_INUSE);
    assert_int_equal(
        IOPCGroupStateMgt_SetState(own.group, NULL, &revised, &is_active, NULL, NULL, NULL, NULL),
        E_FAIL);
    assert_int_equal(
        IOPCServerPublicGroups_GetPublicGroupByName(groups, L"Overview", &IID_IOPCItemMgt, &group),
        OPC_E_NOTFOUND);
    release_group(&others);
    release_group(&own);
    IOPCServerPublicGroups_Release(groups);
    IOPCServer_Release(other);
    IOPCServer_Release(server);
}

static void test_a_public_name_is_there_once(void **state)
{
    struct session first;
    struct session second;
    IUnknown *copy = NULL;
    (void)state;
    IOPCServer *server = test_connect(L"SimTestM");
    IOPCServer *other = test_connect(L"SimTestM");
    test_open(&first, server, 100, FALSE);
    test_open(&second, other, 100, FALSE);
    assert_int_equal(IOPCGroupStateMgt_SetName(first.group, L"Alarms"), S_OK);
    assert_int_equal(IOPCGroupStateMgt_SetName(second.group, L"Alarms"), S_OK);
    test_add(&first, L"Memory.I4", 1, VT_EMPTY);
    assert_int_equal(publish(&first), S_OK);
    assert_int_equal(publish(&second), OPC_E_DUPLICATENAME);
    assert_false(is_public(&second));
    /* A copy of a public group is private. */
    assert_int_equal(
        IOPCGroupStateMgt_CloneGroup(first.group, L"Mine", &IID_IOPCPublicGroupStateMgt, &copy),
        S_OK);
    BOOL state_of_copy = TRUE;
    assert_int_equal(
        IOPCPublicGroupStateMgt_GetState((IOPCPublicGroupStateMgt *)copy, &state_of_copy), S_OK);
    assert_false(state_of_copy);
    IUnknown_Release(copy);
    IOPCServerPublicGroups *groups = test_query(server, &IID_IOPCServerPublicGroups);
    assert_int_equal(IOPCServerPublicGroups_RemovePublicGroup(groups, first.group_handle, FALSE),
                     OPC_S_INUSE);
    IOPCServerPublicGroups_Release(groups);
    release_group(&first);
    test_close(&second);
    IOPCServer_Release(other);
    IOPCServer_Release(server);
}

const struct CMUnitTest optional_tests[] = {
    cmocka_unit_test(test_only_by_their_options),
    cmocka_unit_test(test_security),
    cmocka_unit_test(test_configuration_in_a_file),
    cmocka_unit_test(test_public_groups_are_everybodys),
    cmocka_unit_test(test_a_public_name_is_there_once),
};
const size_t optional_test_count = sizeof(optional_tests) / sizeof(optional_tests[0]);
