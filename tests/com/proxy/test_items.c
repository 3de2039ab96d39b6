#include "stage.h"

#include <wchar.h>

static void test_add(void **state)
{
    struct stage_group group;
    WCHAR good[] = L"Memory.I4", unknown[] = L"No.Such.Item", empty[] = L"";
    OPCITEMDEF definitions[4];
    OPCITEMRESULT *results = NULL;
    HRESULT *errors = NULL;

    (void)state;
    for (DWORD i = 0; i < 4; i++)
        definitions[i] = (OPCITEMDEF){
            .szAccessPath = empty, .szItemID = good, .bActive = TRUE, .hClient = i % 3};
    definitions[1].szItemID = unknown;
    definitions[2].szAccessPath = NULL;
    definitions[3].vtRequestedDataType = VT_BSTR;
    stage_group_open(&group, L"");
    assert_hr(IOPCItemMgt_ValidateItems(group.items, 4, definitions, FALSE, &results, &errors),
              S_FALSE);
    assert_hr(errors[0], S_OK);
    assert_hr(errors[1], OPC_E_UNKNOWNITEMID);
    assert_int_equal(results[0].vtCanonicalDataType, VT_I4);
    CoTaskMemFree(results);
    CoTaskMemFree(errors);
    assert_hr(IOPCItemMgt_AddItems(group.items, 4, definitions, &results, &errors), S_FALSE);
    assert_hr(errors[0], S_OK);
    assert_hr(errors[1], OPC_E_UNKNOWNITEMID);
    assert_hr(errors[2], S_OK);
    assert_hr(errors[3], S_OK);
    assert_int_equal(results[1].hServer, 0);
    assert_int_not_equal(results[0].hServer, results[2].hServer);
    assert_int_equal(results[0].vtCanonicalDataType, VT_I4);
    assert_int_equal(results[0].dwAccessRights, OPC_READABLE | OPC_WRITEABLE);
    CoTaskMemFree(results);
    CoTaskMemFree(errors);
    stage_group_close(&group);
}

static VARTYPE read_type(struct stage_group *group, OPCHANDLE handle, OPCHANDLE *client)
{
    OPCITEMSTATE *values = NULL;
    HRESULT *errors = NULL;
    VARTYPE type;

    assert_hr(IOPCSyncIO_Read(group->sync, OPC_DS_DEVICE, 1, &handle, &values, &errors), S_OK);
    type = V_VT(&values[0].vDataValue);
    *client = values[0].hClient;
    VariantClear(&values[0].vDataValue);
    CoTaskMemFree(values);
    CoTaskMemFree(errors);
    return type;
}

static void test_change(void **state)
{
    struct stage_group group;
    OPCHANDLE handles[3], clients[3] = {30, 30, 0}, client;
    VARTYPE types[3] = {VT_BSTR, VT_I2, VT_EMPTY};
    HRESULT *errors = NULL;

    (void)state;
    stage_group_open(&group, L"");
    stage_add_three(&group, handles);
    assert_hr(IOPCItemMgt_SetClientHandles(group.items, 3, handles, clients, &errors), S_OK);
    CoTaskMemFree(errors);
    assert_hr(IOPCItemMgt_SetDatatypes(group.items, 3, handles, types, &errors), S_OK);
    CoTaskMemFree(errors);
    assert_int_equal(read_type(&group, handles[0], &client), VT_BSTR);
    assert_int_equal(client, 30);
    assert_int_equal(read_type(&group, handles[2], &client), VT_BSTR);
    assert_int_equal(client, 0);
    assert_hr(IOPCItemMgt_SetActiveState(group.items, 3, handles, FALSE, &errors), S_OK);
    CoTaskMemFree(errors);
    assert_hr(IOPCItemMgt_RemoveItems(group.items, 2, handles, &errors), S_OK);
    CoTaskMemFree(errors);
    stage_group_close(&group);
}

static void free_attributes(OPCITEMATTRIBUTES *attributes, ULONG count)
{
    for (ULONG i = 0; i < count; i++)
    {
        CoTaskMemFree(attributes[i].szAccessPath);
        CoTaskMemFree(attributes[i].szItemID);
        CoTaskMemFree(attributes[i].pBlob);
        VariantClear(&attributes[i].vEUInfo);
    }
    CoTaskMemFree(attributes);
}

static void test_enumerator(void **state)
{
    struct stage_group group;
    OPCHANDLE handles[3];
    IUnknown *unknown = POISON;
    IEnumOPCItemAttributes *enumerator, *clone;
    OPCITEMATTRIBUTES *attributes = POISON;
    ULONG count = 99;

    (void)state;
    stage_group_open(&group, L"");
    assert_hr(IOPCItemMgt_CreateEnumerator(group.items, &IID_IEnumOPCItemAttributes, &unknown),
              S_FALSE);
    assert_null(unknown);
    stage_add_three(&group, handles);
    assert_hr(IOPCItemMgt_CreateEnumerator(group.items, &IID_IEnumOPCItemAttributes, &unknown),
              S_OK);
    enumerator = (IEnumOPCItemAttributes *)unknown;
    assert_hr(IEnumOPCItemAttributes_Next(enumerator, 1, NULL, &count), NULL_REF);
    assert_int_equal(count, 0);
    assert_hr(IEnumOPCItemAttributes_Next(enumerator, 1, &attributes, NULL), NULL_REF);
    assert_null(attributes);
    assert_hr(IEnumOPCItemAttributes_Next(enumerator, 2, &attributes, &count), S_OK);
    assert_int_equal(count, 2);
    for (ULONG i = 0; i < count; i++)
    {
        assert_int_equal(attributes[i].hServer, handles[i]);
        assert_int_equal(attributes[i].hClient, i + 1);
        assert_true(attributes[i].bActive);
    }
    assert_int_equal(wcscmp(attributes[1].szItemID, L"Memory.R8"), 0);
    free_attributes(attributes, count);
    assert_hr(IEnumOPCItemAttributes_Clone(enumerator, &clone), S_OK);
    assert_hr(IEnumOPCItemAttributes_Next(clone, 2, &attributes, &count), S_FALSE);
    assert_int_equal(count, 1);
    assert_int_equal(attributes[0].hServer, handles[2]);
    free_attributes(attributes, count);
    assert_hr(IEnumOPCItemAttributes_Next(clone, 2, &attributes, &count), S_FALSE);
    assert_int_equal(count, 0);
    CoTaskMemFree(attributes);
    assert_hr(IEnumOPCItemAttributes_Reset(clone), S_OK);
    assert_hr(IEnumOPCItemAttributes_Skip(clone, 3), S_OK);
    assert_hr(IEnumOPCItemAttributes_Skip(clone, 1), S_FALSE);
    assert_hr(IEnumOPCItemAttributes_Clone(clone, NULL), NULL_REF);
    assert_int_equal(stage_release(clone), 0);
    assert_int_equal(stage_release(enumerator), 0);
    stage_group_close(&group);
}

static void write_and_read(struct stage_group *group, OPCHANDLE handle, VARIANT *written)
{
    OPCITEMSTATE *values = NULL;
    HRESULT *errors = NULL;

    assert_hr(IOPCSyncIO_Write(group->sync, 1, &handle, written, &errors), S_OK);
    CoTaskMemFree(errors);
    assert_hr(IOPCSyncIO_Read(group->sync, OPC_DS_DEVICE, 1, &handle, &values, &errors), S_OK);
    assert_int_equal(V_VT(&values[0].vDataValue), VT_BSTR);
    assert_int_equal(wcscmp(V_BSTR(&values[0].vDataValue), L"text"), 0);
    assert_int_equal(values[0].wQuality & OPC_QUALITY_MASK, OPC_QUALITY_GOOD);
    VariantClear(&values[0].vDataValue);
    CoTaskMemFree(values);
    CoTaskMemFree(errors);
}

/* What stage_server says of a value that is a reference to a text. */
static HRESULT write_reference(BSTR *text, HRESULT *error)
{
    struct stage_group group;
    HRESULT *errors = NULL;
    OPCHANDLE handle;
    VARIANT value;
    HRESULT hr;

    stage_group_open(&group, L"");
    handle = stage_add(&group, L"Memory.String", 9);
    V_VT(&value) = VT_BSTR | VT_BYREF;
    V_BSTRREF(&value) = text;
    hr = IOPCSyncIO_Write(group.sync, 1, &handle, &value, &errors);
    assert_non_null(errors);
    *error = errors[0];
    CoTaskMemFree(errors);
    stage_group_close(&group);
    return hr;
}

static void test_values(void **state)
{
    BSTR text = SysAllocString(L"text");
    IOPCServer *through = stage_server;
    HRESULT error, direct_error, direct;
    struct stage_group group;
    OPCHANDLE handle;
    VARIANT value;

    (void)state;
    stage_group_open(&group, L"");
    handle = stage_add(&group, L"Memory.String", 9);
    V_VT(&value) = VT_BSTR;
    V_BSTR(&value) = text;
    write_and_read(&group, handle, &value);
    stage_group_close(&group);

    stage_server = stage_connect_to(PROGID, CLSCTX_LOCAL_SERVER);
    direct = write_reference(&text, &direct_error);
    stage_release(stage_server);
    stage_server = through;
    assert_hr(write_reference(&text, &error), direct);
    assert_hr(error, direct_error);
    SysFreeString(text);
}

const struct CMUnitTest item_tests[] = {
    cmocka_unit_test(test_add),
    cmocka_unit_test(test_change),
    cmocka_unit_test(test_enumerator),
    cmocka_unit_test(test_values),
};
const size_t item_test_count = ARRAYSIZE(item_tests);
