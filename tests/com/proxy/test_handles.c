#include "stage.h"

/* Handles that we don't know never reach a server: they might be valid there. */

#define FOREIGN 12345u

static void read_one(struct stage_group *group, OPCHANDLE handle, HRESULT hr, HRESULT error)
{
    OPCITEMSTATE *values = POISON;
    HRESULT *errors = POISON;

    assert_hr(IOPCSyncIO_Read(group->sync, OPC_DS_DEVICE, 1, &handle, &values, &errors), hr);
    assert_hr(errors[0], error);
    if (FAILED(error))
        assert_int_equal(V_VT(&values[0].vDataValue), VT_EMPTY);
    VariantClear(&values[0].vDataValue);
    CoTaskMemFree(values);
    CoTaskMemFree(errors);
}

static void remove_one(struct stage_group *group, OPCHANDLE handle, HRESULT hr, HRESULT error)
{
    HRESULT *errors = POISON;

    assert_hr(IOPCItemMgt_RemoveItems(group->items, 1, &handle, &errors), hr);
    assert_hr(errors[0], error);
    CoTaskMemFree(errors);
}

static void test_stale_items(void **state)
{
    struct stage_group group;
    OPCHANDLE first, second;

    (void)state;
    stage_group_open(&group, L"");
    first = stage_add(&group, L"Memory.I4", 1);
    read_one(&group, first, S_OK, S_OK);
    remove_one(&group, first, S_OK, S_OK);
    read_one(&group, first, S_FALSE, OPC_E_INVALIDHANDLE);
    remove_one(&group, first, S_FALSE, OPC_E_INVALIDHANDLE);
    second = stage_add(&group, L"Memory.I4", 1); /* may get the same place, not the same handle */
    assert_int_not_equal(first, second);
    read_one(&group, first, S_FALSE, OPC_E_INVALIDHANDLE);
    read_one(&group, second, S_OK, S_OK);
    stage_group_close(&group);
}

static void test_items_of_another_group(void **state)
{
    struct stage_group one, other;
    OPCHANDLE handle;

    (void)state;
    stage_group_open(&one, L"");
    stage_group_open(&other, L"");
    handle = stage_add(&one, L"Memory.I4", 1);
    stage_add(&other, L"Memory.I4", 1);
    read_one(&other, handle, S_FALSE, OPC_E_INVALIDHANDLE);
    remove_one(&other, handle, S_FALSE, OPC_E_INVALIDHANDLE);
    read_one(&one, handle, S_OK, S_OK);
    stage_group_close(&one);
    stage_group_close(&other);
}

static void test_foreign_items(void **state)
{
    struct stage_group group;
    OPCHANDLE handles[2] = {0, FOREIGN}, clients[2] = {1, 2};
    VARTYPE types[2] = {VT_I4, VT_I4};
    VARIANT values[2];
    HRESULT *errors = NULL;

    (void)state;
    VariantInit(&values[0]);
    VariantInit(&values[1]);
    stage_group_open(&group, L"");
#define CHECK(call)                                                                                \
    assert_hr(call, S_FALSE);                                                                      \
    assert_hr(errors[0], OPC_E_INVALIDHANDLE);                                                     \
    assert_hr(errors[1], OPC_E_INVALIDHANDLE);                                                     \
    CoTaskMemFree(errors)
    CHECK(IOPCItemMgt_RemoveItems(group.items, 2, handles, &errors));
    CHECK(IOPCItemMgt_SetActiveState(group.items, 2, handles, FALSE, &errors));
    CHECK(IOPCItemMgt_SetClientHandles(group.items, 2, handles, clients, &errors));
    CHECK(IOPCItemMgt_SetDatatypes(group.items, 2, handles, types, &errors));
    CHECK(IOPCSyncIO_Write(group.sync, 2, handles, values, &errors));
#undef CHECK
    stage_group_close(&group);
}

/* Good and bad ones in one call: each answer stays in its place. */
static void test_mixed(void **state)
{
    struct stage_group group;
    OPCHANDLE good[3], handles[5];
    OPCITEMSTATE *values = NULL;
    HRESULT *errors = NULL;
    VARIANT written[5];

    (void)state;
    stage_group_open(&group, L"");
    stage_add_three(&group, good);
    handles[0] = FOREIGN;
    handles[1] = good[2];
    handles[2] = 0;
    handles[3] = good[0];
    handles[4] = good[1];
    for (int i = 0; i < 5; i++)
    {
        V_VT(&written[i]) = VT_I4;
        V_I4(&written[i]) = 100 + i;
    }
    assert_hr(IOPCSyncIO_Write(group.sync, 5, handles, written, &errors), S_FALSE);
    assert_hr(errors[0], OPC_E_INVALIDHANDLE);
    assert_hr(errors[1], S_OK);
    assert_hr(errors[2], OPC_E_INVALIDHANDLE);
    assert_hr(errors[3], S_OK);
    assert_hr(errors[4], S_OK);
    CoTaskMemFree(errors);
    assert_hr(IOPCSyncIO_Read(group.sync, OPC_DS_DEVICE, 5, handles, &values, &errors), S_FALSE);
    assert_hr(errors[0], OPC_E_INVALIDHANDLE);
    assert_hr(errors[2], OPC_E_INVALIDHANDLE);
    assert_int_equal(V_VT(&values[0].vDataValue), VT_EMPTY);
    assert_int_equal(V_VT(&values[1].vDataValue), VT_BSTR);
    assert_int_equal(wcscmp(V_BSTR(&values[1].vDataValue), L"101"), 0);
    assert_int_equal(values[1].hClient, 3);
    assert_int_equal(V_I4(&values[3].vDataValue), 103);
    assert_int_equal(values[3].hClient, 1);
    assert_int_equal((int)V_R8(&values[4].vDataValue), 104);
    for (int i = 0; i < 5; i++)
        VariantClear(&values[i].vDataValue);
    CoTaskMemFree(values);
    CoTaskMemFree(errors);
    stage_group_close(&group);
}

static void test_groups(void **state)
{
    struct stage_group group;
    OPCHANDLE handle;

    (void)state;
    assert_hr(IOPCServer_RemoveGroup(stage_server, 0, FALSE), E_INVALIDARG);
    assert_hr(IOPCServer_RemoveGroup(stage_server, FOREIGN, FALSE), E_INVALIDARG);
    stage_group_open(&group, L"");
    handle = group.handle;
    stage_group_close(&group);
    assert_hr(IOPCServer_RemoveGroup(stage_server, handle, FALSE), E_INVALIDARG);
    stage_group_open(&group, L"");
    assert_int_not_equal(group.handle, handle);
    assert_hr(IOPCServer_RemoveGroup(stage_server, handle, TRUE), E_INVALIDARG);
    stage_group_close(&group);
}

static void test_cancel_ids(void **state)
{
    struct stage_group group;

    (void)state;
    stage_group_open(&group, L"");
    assert_hr(IOPCAsyncIO2_Cancel2(group.async, 0), E_FAIL);
    assert_hr(IOPCAsyncIO2_Cancel2(group.async, FOREIGN), E_FAIL);
    stage_group_close(&group);
}

const struct CMUnitTest handle_tests[] = {
    cmocka_unit_test(test_stale_items),   cmocka_unit_test(test_items_of_another_group),
    cmocka_unit_test(test_foreign_items), cmocka_unit_test(test_mixed),
    cmocka_unit_test(test_groups),        cmocka_unit_test(test_cancel_ids),
};
const size_t handle_test_count = ARRAYSIZE(handle_tests);
