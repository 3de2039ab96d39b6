#include "testclient.h"

#include <math.h>

static void test_state_is_kept_and_set(void **state)
{
    struct session session;
    DWORD rate = 250;
    DWORD revised = 0;
    DWORD locale = 0;
    DWORD client = 0;
    DWORD server_handle = 0;
    BOOL is_active = TRUE;
    LONG bias = 0;
    FLOAT deadband = 0;
    LPWSTR name = NULL;
    (void)state;
    IOPCServer *server = test_shared();
    test_open(&session, server, 0, FALSE);
    assert_int_equal(IOPCGroupStateMgt_GetState(session.group, &rate, &is_active, &name, &bias,
                                                &deadband, &locale, &client, &server_handle),
                     S_OK);
    assert_int_equal(rate, 10);
    assert_false(is_active);
    assert_true(wcslen(name) > 0);
    assert_int_equal(client, 77);
    assert_int_equal(server_handle, session.group_handle);
    CoTaskMemFree(name);
    rate = 254;
    client = 0xFFFFFFFF;
    assert_int_equal(
        IOPCGroupStateMgt_SetState(session.group, &rate, &revised, NULL, NULL, NULL, NULL, &client),
        OPC_S_UNSUPPORTEDRATE);
    assert_int_equal(revised, 260);
    deadband = -1;
    assert_int_equal(IOPCGroupStateMgt_SetState(session.group, NULL, &revised, NULL, NULL,
                                                &deadband, NULL, NULL),
                     E_INVALIDARG);
    assert_int_equal(IOPCGroupStateMgt_SetName(session.group, L"New name"), S_OK);
    assert_int_equal(IOPCGroupStateMgt_GetState(session.group, &rate, &is_active, &name, &bias,
                                                &deadband, &locale, &client, &server_handle),
                     S_OK);
    assert_int_equal(wcscmp(name, L"New name"), 0);
    assert_int_equal(client, 0xFFFFFFFF);
    CoTaskMemFree(name);
    test_close(&session);
    IOPCServer_Release(server);
}

static void test_items_are_added_or_refused_one_by_one(void **state)
{
    struct session session;
    wchar_t none[] = L"";
    wchar_t bogus_path[] = L"Nowhere";
    wchar_t path[] = L"Gateway";
    wchar_t good[] = L"Memory.I4";
    wchar_t unknown[] = L"Memory.Nobody";
    wchar_t invalid[] = L"Memory..I4";
    wchar_t array[] = L"Memory.Array.I4";
    OPCITEMDEF items[] = {
        {none,       good,    TRUE, 1, 0, NULL, VT_EMPTY, 0},
        {none,       unknown, TRUE, 2, 0, NULL, VT_EMPTY, 0},
        {none,       invalid, TRUE, 3, 0, NULL, VT_EMPTY, 0},
        {bogus_path, good,    TRUE, 4, 0, NULL, 0,        0},
        {none,       array,   TRUE, 5, 0, NULL, VT_R8,    0},
        {path,       good,    TRUE, 6, 0, NULL, VT_BSTR,  0},
    };
    static const HRESULT expected[] = {
        S_OK, OPC_E_UNKNOWNITEMID, OPC_E_INVALIDITEMID, OPC_E_UNKNOWNPATH, OPC_E_BADTYPE, S_OK};
    OPCITEMRESULT *results = NULL;
    HRESULT *errors = NULL;
    (void)state;
    IOPCServer *server = test_shared();
    test_open(&session, server, 100, TRUE);
    assert_int_equal(IOPCItemMgt_AddItems(session.items, 0, items, &results, &errors),
                     E_INVALIDARG);
    for (int is_adding = 0; is_adding < 2; is_adding++)
    {
        HRESULT result =
            is_adding
                ? IOPCItemMgt_AddItems(session.items, 6, items, &results, &errors)
                : IOPCItemMgt_ValidateItems(session.items, 6, items, FALSE, &results, &errors);
        assert_int_equal(result, S_FALSE);
        for (int i = 0; i < 6; i++)
        {
            assert_int_equal(errors[i], expected[i]);
        }
        assert_int_equal(results[0].vtCanonicalDataType, VT_I4);
        assert_int_equal(results[0].dwAccessRights, OPC_READABLE | OPC_WRITEABLE);
        assert_true(!is_adding || results[0].hServer != results[5].hServer);
        CoTaskMemFree(results);
        CoTaskMemFree(errors);
    }
    test_close(&session);
    IOPCServer_Release(server);
}

static void test_item_attributes(void **state)
{
    struct session session;
    IUnknown *object = NULL;
    OPCITEMATTRIBUTES *items = NULL;
    ULONG fetched = 0;
    HRESULT *errors = NULL;
    (void)state;
    IOPCServer *server = test_shared();
    test_open(&session, server, 100, TRUE);
    assert_int_equal(
        IOPCItemMgt_CreateEnumerator(session.items, &IID_IEnumOPCItemAttributes, &object), S_FALSE);
    assert_null(object);
    DWORD removed = test_add(&session, L"Memory.I2", 3, VT_EMPTY);
    test_add(&session, L"Analog.Level", 1, VT_R4);
    test_add(&session, L"Enumerated.State", 2, VT_EMPTY);
    assert_int_equal(IOPCItemMgt_RemoveItems(session.items, 1, &removed, &errors), S_OK);
    CoTaskMemFree(errors);
    assert_int_equal(IOPCItemMgt_RemoveItems(session.items, 1, &removed, &errors), S_FALSE);
    assert_int_equal(errors[0], OPC_E_INVALIDHANDLE);
    CoTaskMemFree(errors);
    assert_int_equal(
        IOPCItemMgt_CreateEnumerator(session.items, &IID_IEnumOPCItemAttributes, &object), S_OK);
    IEnumOPCItemAttributes *enumerator = (IEnumOPCItemAttributes *)object;
    assert_int_equal(IEnumOPCItemAttributes_Next(enumerator, 10, &items, &fetched), S_FALSE);
    assert_int_equal(fetched, 2);
    assert_int_equal(wcscmp(items[0].szItemID, L"Analog.Level"), 0);
    assert_int_equal(items[0].vtRequestedDataType, VT_R4);
    assert_int_equal(items[0].vtCanonicalDataType, VT_R8);
    assert_int_equal(items[0].dwEUType, OPC_ANALOG);
    assert_int_equal(V_VT(&items[0].vEUInfo), VT_ARRAY | VT_R8);
    assert_int_equal(items[1].dwEUType, OPC_ENUMERATED);
    assert_int_equal(V_VT(&items[1].vEUInfo), VT_ARRAY | VT_BSTR);
    for (ULONG i = 0; i < fetched; i++)
    {
        CoTaskMemFree(items[i].szAccessPath);
        CoTaskMemFree(items[i].szItemID);
        VariantClear(&items[i].vEUInfo);
    }
    CoTaskMemFree(items);
    IEnumOPCItemAttributes_Release(enumerator);
    test_close(&session);
    IOPCServer_Release(server);
}

static void test_reads(void **state)
{
    struct session session;
    OPCITEMSTATE item;
    (void)state;
    IOPCServer *server = test_shared();
    test_open(&session, server, 100, TRUE);
    DWORD bad = test_add(&session, L"Quality.CommFailure", 1, VT_EMPTY);
    DWORD vendor = test_add(&session, L"Quality.VendorBits", 2, VT_EMPTY);
    DWORD write_only = test_add(&session, L"Rights.WriteOnly", 3, VT_EMPTY);
    DWORD as_text = test_add(&session, L"Counters.C0001", 4, VT_BSTR);
    DWORD counter = test_add(&session, L"Counters.C0002", 5, VT_EMPTY);
    assert_int_equal(test_read(&session, OPC_DS_CACHE, bad, &item), S_OK);
    assert_int_equal(item.wQuality, OPC_QUALITY_COMM_FAILURE);
    assert_int_equal(item.hClient, 1);
    assert_int_equal(test_read(&session, OPC_DS_DEVICE, vendor, &item), S_OK);
    assert_int_equal(item.wQuality, 0x12C0);
    assert_int_equal(test_read(&session, OPC_DS_DEVICE, write_only, &item), OPC_E_BADRIGHTS);
    assert_int_equal(V_VT(&item.vDataValue), VT_EMPTY);
    assert_int_equal(test_read(&session, OPC_DS_DEVICE, 0x7FFFFFFF, &item), OPC_E_INVALIDHANDLE);
    assert_int_equal(test_read(&session, OPC_DS_CACHE, as_text, &item), S_OK);
    assert_int_equal(V_VT(&item.vDataValue), VT_BSTR);
    VariantClear(&item.vDataValue);
    BOOL is_active = FALSE;
    DWORD revised = 0;
    IOPCGroupStateMgt_SetState(session.group, NULL, &revised, &is_active, NULL, NULL, NULL, NULL);
    assert_int_equal(test_read(&session, OPC_DS_CACHE, counter, &item), S_OK);
    assert_int_equal(item.wQuality, OPC_QUALITY_OUT_OF_SERVICE);
    assert_int_equal(test_read(&session, OPC_DS_DEVICE, counter, &item), S_OK);
    assert_int_equal(item.wQuality, OPC_QUALITY_GOOD);
    test_close(&session);
    IOPCServer_Release(server);
}

static void test_every_type_is_written_and_read_back(void **state)
{
    static const wchar_t *const names[] = {L"I1",   L"I2",     L"I4",   L"I8",      L"UI1",
                                           L"UI2",  L"UI4",    L"UI8",  L"R4",      L"R8",
                                           L"Bool", L"String", L"Date", L"Currency"};
    struct session session;
    OPCITEMSTATE item;
    (void)state;
    IOPCServer *server = test_shared();
    test_open(&session, server, 100, TRUE);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
    {
        wchar_t id[64] = L"Memory.";
        VARIANT number;
        wcscat(id, names[i]);
        DWORD handle = test_add(&session, id, 1, VT_EMPTY);
        assert_int_equal(test_write(&session, handle, test_i4(42)), S_OK);
        assert_int_equal(test_read(&session, OPC_DS_DEVICE, handle, &item), S_OK);
        VariantInit(&number);
        assert_int_equal(VariantChangeType(&number, &item.vDataValue, 0, VT_R8), S_OK);
        assert_true(V_VT(&item.vDataValue) == VT_BOOL || fabs(V_R8(&number) - 42) < 0.001);
        VariantClear(&item.vDataValue);
    }
    DWORD array = test_add(&session, L"Memory.Array.String", 2, VT_EMPTY);
    VARIANT strings;
    V_VT(&strings) = VT_ARRAY | VT_BSTR;
    V_ARRAY(&strings) = SafeArrayCreateVector(VT_BSTR, 0, 2);
    ((BSTR *)V_ARRAY(&strings)->pvData)[0] = SysAllocString(L"one");
    ((BSTR *)V_ARRAY(&strings)->pvData)[1] = SysAllocString(L"two");
    assert_int_equal(test_write(&session, array, strings), S_OK);
    assert_int_equal(test_read(&session, OPC_DS_CACHE, array, &item), S_OK);
    assert_int_equal(V_VT(&item.vDataValue), VT_ARRAY | VT_BSTR);
    assert_int_equal(wcscmp(((BSTR *)V_ARRAY(&item.vDataValue)->pvData)[1], L"two"), 0);
    VariantClear(&item.vDataValue);
    test_close(&session);
    IOPCServer_Release(server);
}

static void test_writes_that_are_refused(void **state)
{
    struct session session;
    OPCITEMSTATE item;
    VARIANT text;
    (void)state;
    IOPCServer *server = test_shared();
    test_open(&session, server, 100, FALSE);
    DWORD read_only = test_add(&session, L"Rights.ReadOnly", 1, VT_EMPTY);
    DWORD setpoint = test_add(&session, L"Analog.Setpoint", 2, VT_EMPTY);
    DWORD clamped = test_add(&session, L"Analog.Clamped", 3, VT_EMPTY);
    DWORD small = test_add(&session, L"Memory.UI1", 4, VT_EMPTY);
    DWORD number = test_add(&session, L"Memory.I4", 5, VT_EMPTY);
    assert_int_equal(test_write(&session, read_only, test_i4(1)), OPC_E_BADRIGHTS);
    assert_int_equal(test_write(&session, setpoint, test_r8(100.5)), OPC_E_RANGE);
    assert_int_equal(test_write(&session, clamped, test_r8(100.5)), OPC_S_CLAMP);
    assert_int_equal(test_read(&session, OPC_DS_DEVICE, clamped, &item), S_OK);
    assert_true(fabs(V_R8(&item.vDataValue) - 100) < 1e-9);
    assert_int_equal(test_write(&session, small, test_i4(300)), DISP_E_OVERFLOW);
    V_VT(&text) = VT_BSTR;
    V_BSTR(&text) = SysAllocString(L"no number");
    assert_int_equal(test_write(&session, number, text), DISP_E_TYPEMISMATCH);
    V_VT(&text) = VT_EMPTY;
    assert_int_equal(test_write(&session, number, text), OPC_E_BADTYPE);
    test_close(&session);
    IOPCServer_Release(server);
}

static void test_clone(void **state)
{
    struct session session;
    IUnknown *clone = NULL;
    IUnknown *object = NULL;
    DWORD rate = 0;
    DWORD locale = 0;
    DWORD client = 0;
    DWORD handle = 0;
    BOOL is_active = TRUE;
    LONG bias = 0;
    FLOAT deadband = 0;
    LPWSTR name = NULL;
    (void)state;
    IOPCServer *server = test_shared();
    test_open(&session, server, 100, TRUE);
    test_add(&session, L"Memory.I4", 9, VT_EMPTY);
    assert_int_equal(IOPCGroupStateMgt_CloneGroup(session.group, L"Copy", &IID_IOPCItemMgt, &clone),
                     S_OK);
    assert_int_equal(
        IOPCGroupStateMgt_CloneGroup(session.group, L"Copy", &IID_IOPCItemMgt, &object),
        OPC_E_DUPLICATENAME);
    assert_int_equal(
        IOPCItemMgt_CreateEnumerator((IOPCItemMgt *)clone, &IID_IEnumOPCItemAttributes, &object),
        S_OK);
    IUnknown_Release(object);
    IOPCGroupStateMgt *state_of_clone = test_query(clone, &IID_IOPCGroupStateMgt);
    assert_int_equal(IOPCGroupStateMgt_GetState(state_of_clone, &rate, &is_active, &name, &bias,
                                                &deadband, &locale, &client, &handle),
                     S_OK);
    assert_int_equal(wcscmp(name, L"Copy"), 0);
    assert_false(is_active);
    CoTaskMemFree(name);
    IOPCGroupStateMgt_Release(state_of_clone);
    IUnknown_Release(clone);
    assert_int_equal(IOPCServer_RemoveGroup(server, handle, FALSE), S_OK);
    test_close(&session);
    IOPCServer_Release(server);
}

const struct CMUnitTest group_tests[] = {
    cmocka_unit_test(test_state_is_kept_and_set),
    cmocka_unit_test(test_items_are_added_or_refused_one_by_one),
    cmocka_unit_test(test_item_attributes),
    cmocka_unit_test(test_reads),
    cmocka_unit_test(test_every_type_is_written_and_read_back),
    cmocka_unit_test(test_writes_that_are_refused),
    cmocka_unit_test(test_clone),
};
const size_t group_test_count = sizeof(group_tests) / sizeof(group_tests[0]);
