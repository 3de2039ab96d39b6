#include "stage.h"

#include <wchar.h>

struct group_state
{
    DWORD rate, lcid;
    BOOL is_active;
    WCHAR *name;
    LONG bias;
    FLOAT deadband;
    OPCHANDLE client, handle;
};

/* The name must be freed. */
static struct group_state get_state(IOPCGroupStateMgt *group)
{
    struct group_state state = {0};

    assert_hr(IOPCGroupStateMgt_GetState(group, &state.rate, &state.is_active, &state.name,
                                         &state.bias, &state.deadband, &state.lcid, &state.client,
                                         &state.handle),
              S_OK);
    assert_non_null(state.name);
    return state;
}

static void test_settings(void **state)
{
    LONG bias = -60;
    FLOAT deadband = 2.5f;
    DWORD rate = 0, wanted = 250, lcid = 0x0409;
    BOOL is_active = TRUE;
    OPCHANDLE handle, client = 0xFFFFFFFE;
    IUnknown *unknown;
    IOPCGroupStateMgt *group;
    struct group_state got;

    (void)state;
    assert_hr(IOPCServer_AddGroup(stage_server, L"Settings", FALSE, 500, 42, &bias, &deadband,
                                  0x409, &handle, &rate, &IID_IOPCGroupStateMgt, &unknown),
              S_OK);
    group = (IOPCGroupStateMgt *)unknown;
    got = get_state(group);
    assert_int_equal(got.rate, 500);
    assert_false(got.is_active);
    assert_int_equal(wcscmp(got.name, L"Settings"), 0);
    assert_int_equal(got.bias, -60);
    assert_true(got.deadband > 2.4f && got.deadband < 2.6f);
    assert_int_equal(got.client, 42);
    assert_int_equal(got.handle, handle);
    CoTaskMemFree(got.name);

    assert_hr(
        IOPCGroupStateMgt_SetState(group, &wanted, &rate, &is_active, NULL, NULL, &lcid, &client),
        S_OK);
    assert_int_equal(rate, 250);
    assert_hr(IOPCGroupStateMgt_SetName(group, L"Renamed"), S_OK);
    got = get_state(group);
    assert_int_equal(got.rate, 250);
    assert_true(got.is_active);
    assert_int_equal(wcscmp(got.name, L"Renamed"), 0);
    assert_int_equal(got.bias, -60); /* left out: as it was */
    assert_int_equal(got.client, client);
    CoTaskMemFree(got.name);

    assert_int_equal(IOPCGroupStateMgt_Release(group), 0);
    assert_hr(IOPCServer_RemoveGroup(stage_server, handle, FALSE), S_OK);
}

static void test_names(void **state)
{
    struct stage_group named, unnamed;
    struct group_state got;
    IUnknown *unknown = POISON;
    OPCHANDLE handle = 1;
    DWORD rate = 1;

    (void)state;
    stage_group_open(&named, L"Twice");
    assert_hr(IOPCServer_AddGroup(stage_server, L"Twice", TRUE, 100, 0, NULL, NULL, 0, &handle,
                                  &rate, &IID_IUnknown, &unknown),
              OPC_E_DUPLICATENAME);
    assert_null(unknown);
    assert_int_equal(handle, 0);
    stage_group_open(&unnamed, L"");
    got = get_state(unnamed.state);
    assert_true(got.name[0] != 0); /* the server's own */
    unknown = POISON;
    assert_hr(IOPCServer_GetGroupByName(stage_server, got.name, &IID_IOPCItemMgt, &unknown), S_OK);
    assert_ptr_equal(unknown, unnamed.items); /* one object however it is asked for */
    stage_release(unknown);
    CoTaskMemFree(got.name);
    unknown = POISON;
    assert_hr(IOPCServer_GetGroupByName(stage_server, L"TWICE", &IID_IUnknown, &unknown),
              E_INVALIDARG); /* names know capitals */
    assert_null(unknown);
    assert_hr(IOPCGroupStateMgt_SetName(unnamed.state, L"Twice"), OPC_E_DUPLICATENAME);
    stage_group_close(&named);
    stage_group_close(&unnamed);
}

static void test_reopen(void **state)
{
    struct stage_group group;
    struct group_state got;
    IUnknown *unknown = NULL;

    (void)state;
    stage_group_open(&group, L"Reopened");
    stage_release(group.state);
    stage_release(group.sync);
    stage_release(group.async);
    stage_release(group.points);
    assert_int_equal(stage_release(group.items), 0);
    assert_hr(
        IOPCServer_GetGroupByName(stage_server, L"Reopened", &IID_IOPCGroupStateMgt, &unknown),
        S_OK);
    got = get_state((IOPCGroupStateMgt *)unknown);
    assert_int_equal(got.handle, group.handle);
    CoTaskMemFree(got.name);
    assert_int_equal(stage_release(unknown), 0);
    assert_hr(IOPCServer_RemoveGroup(stage_server, group.handle, FALSE), S_OK);
    assert_hr(IOPCServer_GetGroupByName(stage_server, L"Reopened", &IID_IUnknown, &unknown),
              E_INVALIDARG);
}

static void test_remove_in_use(void **state)
{
    struct stage_group group;
    DWORD rate;
    OPCHANDLE handle;
    HRESULT *errors = POISON;

    (void)state;
    stage_group_open(&group, L"InUse");
    handle = stage_add(&group, L"Memory.I4", 1);
    assert_hr(IOPCServer_RemoveGroup(stage_server, group.handle, FALSE), OPC_S_INUSE);
    assert_hr(IOPCGroupStateMgt_SetState(group.state, NULL, &rate, NULL, NULL, NULL, NULL, NULL),
              E_FAIL);
    assert_hr(IOPCItemMgt_RemoveItems(group.items, 1, &handle, &errors), E_FAIL);
    assert_null(errors);
    assert_hr(IOPCServer_RemoveGroup(stage_server, group.handle, FALSE), E_INVALIDARG);
    stage_release(group.state);
    stage_release(group.sync);
    stage_release(group.async);
    stage_release(group.points);
    assert_int_equal(stage_release(group.items), 0);
    stage_group_open(&group, L"InUse"); /* the name is free again */
    stage_group_close(&group);
}

static void test_clone(void **state)
{
    struct stage_group group;
    OPCHANDLE handles[3];
    IUnknown *unknown = NULL, *enumerator = NULL;
    IOPCGroupStateMgt *clone;
    IOPCItemMgt *items;
    IOPCSyncIO *sync;
    struct group_state got;
    OPCITEMATTRIBUTES *attributes = NULL;
    OPCITEMSTATE *values = NULL;
    HRESULT *errors = NULL;
    ULONG count = 0;

    (void)state;
    stage_group_open(&group, L"Original");
    stage_add_three(&group, handles);
    assert_hr(IOPCGroupStateMgt_CloneGroup(group.state, L"Copy", &IID_IOPCGroupStateMgt, &unknown),
              S_OK);
    clone = (IOPCGroupStateMgt *)unknown;
    got = get_state(clone);
    assert_int_equal(wcscmp(got.name, L"Copy"), 0);
    assert_false(got.is_active);
    assert_int_not_equal(got.handle, group.handle);
    CoTaskMemFree(got.name);
    items = stage_query(clone, &IID_IOPCItemMgt);
    sync = stage_query(clone, &IID_IOPCSyncIO);
    assert_hr(IOPCItemMgt_CreateEnumerator(items, &IID_IEnumOPCItemAttributes, &enumerator), S_OK);
    assert_hr(
        IEnumOPCItemAttributes_Next((IEnumOPCItemAttributes *)enumerator, 10, &attributes, &count),
        S_FALSE);
    assert_int_equal(count, 3);
    assert_hr(IOPCSyncIO_Read(sync, OPC_DS_DEVICE, 1, &attributes[2].hServer, &values, &errors),
              S_OK);
    assert_int_equal(values[0].hClient, 3);
    VariantClear(&values[0].vDataValue);
    CoTaskMemFree(values);
    CoTaskMemFree(errors);
    for (ULONG i = 0; i < count; i++)
    {
        CoTaskMemFree(attributes[i].szAccessPath);
        CoTaskMemFree(attributes[i].szItemID);
        CoTaskMemFree(attributes[i].pBlob);
        VariantClear(&attributes[i].vEUInfo);
    }
    CoTaskMemFree(attributes);
    assert_int_equal(stage_release(enumerator), 0);
    stage_release(sync);
    stage_release(items);
    assert_int_equal(stage_release(clone), 0);
    assert_hr(IOPCServer_RemoveGroup(stage_server, got.handle, FALSE), S_OK);
    stage_group_close(&group);
}

static void test_enumerators(void **state)
{
    struct stage_group groups[2];
    IUnknown *unknown = NULL, *found[3];
    IEnumString *names, *clone;
    LPOLESTR texts[3];
    ULONG count = 0;

    (void)state;
    assert_hr(
        IOPCServer_CreateGroupEnumerator(stage_server, OPC_ENUM_ALL, &IID_IEnumUnknown, &unknown),
        S_FALSE);
    assert_int_equal(stage_release(unknown), 0);
    stage_group_open(&groups[0], L"First");
    stage_group_open(&groups[1], L"Second");
    assert_hr(IOPCServer_CreateGroupEnumerator(stage_server, OPC_ENUM_PRIVATE, &IID_IEnumString,
                                               &unknown),
              S_OK);
    names = (IEnumString *)unknown;
    assert_hr(IEnumString_Next(names, 1, texts, NULL), S_OK);
    /* The simulated server lists the newest one first. */
    assert_int_equal(wcscmp(texts[0], L"Second"), 0);
    CoTaskMemFree(texts[0]);
    assert_hr(IEnumString_Clone(names, &clone), S_OK);
    assert_hr(IEnumString_Next(clone, 3, texts, &count), S_FALSE);
    assert_int_equal(count, 1);
    assert_int_equal(wcscmp(texts[0], L"First"), 0);
    CoTaskMemFree(texts[0]);
    assert_hr(IEnumString_Reset(clone), S_OK);
    assert_hr(IEnumString_Skip(clone, 2), S_OK);
    assert_hr(IEnumString_Skip(clone, 1), S_FALSE);
    assert_hr(IEnumString_Next(clone, 2, texts, NULL), S_FALSE);
    assert_int_equal(stage_release(clone), 0);
    assert_int_equal(stage_release(names), 0);

    assert_hr(IOPCServer_CreateGroupEnumerator(stage_server, OPC_ENUM_ALL_CONNECTIONS,
                                               &IID_IEnumUnknown, &unknown),
              S_OK);
    assert_hr(IEnumUnknown_Next((IEnumUnknown *)unknown, 3, found, &count), S_FALSE);
    assert_int_equal(count, 2);
    for (ULONG i = 0; i < count; i++)
    {
        IUnknown *identity = stage_query(groups[1 - i].items, &IID_IUnknown);

        assert_ptr_equal(identity, found[i]);
        stage_release(identity);
        stage_release(found[i]);
    }
    assert_int_equal(stage_release(unknown), 0);
    assert_hr(
        IOPCServer_CreateGroupEnumerator(stage_server, OPC_ENUM_PUBLIC, &IID_IEnumString, &unknown),
        S_FALSE);
    assert_int_equal(stage_release(unknown), 0);
    stage_group_close(&groups[0]);
    stage_group_close(&groups[1]);
}

const struct CMUnitTest group_tests[] = {
    cmocka_unit_test(test_settings), cmocka_unit_test(test_names),
    cmocka_unit_test(test_reopen),   cmocka_unit_test(test_remove_in_use),
    cmocka_unit_test(test_clone),    cmocka_unit_test(test_enumerators),
};
const size_t group_test_count = ARRAYSIZE(group_tests);
