/* The items of a group, without their values. */
#include "ps_test.h"

#include "samples.h"

static OPCHANDLE handles[3] = {5, 0x80000000, 0xFFFFFFFF};
#define ITEMS L" items=5,80000000,ffffffff"

static void assert_item_results(OPCITEMRESULT *results)
{
    static const BYTE reversed[] = {9, 0, 0xFF};

    for (DWORD i = 0; i < 3; i++)
    {
        assert_int_equal(results[i].hServer, 0xE0000000 + i);
        assert_int_equal(results[i].vtCanonicalDataType, VT_ARRAY + i);
        assert_int_equal(results[i].wReserved, 0xF000 + i);
        assert_int_equal(results[i].dwAccessRights, 0x80000000 + i);
    }
    assert_int_equal(results[0].dwBlobSize, 3);
    assert_memory_equal(results[0].pBlob, reversed, 3);
    assert_int_equal(results[1].dwBlobSize, 0);
    assert_null(results[1].pBlob);
    CoTaskMemFree(results[0].pBlob);
    CoTaskMemFree(results[2].pBlob);
    CoTaskMemFree(results);
}

#define DEFINITIONS                                                                                \
    L" {[COM1] [Plant.Temp] active=1 client=fedcba98 blob=3:ff type=2005 reserved=abcd}"           \
    L" {[NULL] [NULL] active=0 client=0 blob=0:NULL type=0 reserved=0}"                            \
    L" {[] [] active=0 client=0 blob=0:00 type=ffff reserved=0}"

static void item_definitions_and_results(void **state)
{
    IOPCItemMgt *group = group_interface(&IID_IOPCItemMgt);
    WCHAR path[] = L"COM1", item[] = L"Plant.Temp", empty[] = L"";
    BYTE blob[] = {0xFF, 0, 9}, no_blob[1] = {0};
    OPCITEMDEF items[3] = {
        {path,  item,  TRUE,  0xFEDCBA98, 3, blob,    VT_ARRAY | VT_R8, 0xABCD},
        {NULL,  NULL,  FALSE, 0,          0, NULL,    VT_EMPTY,         0     },
        {empty, empty, FALSE, 0,          0, no_blob, 0xFFFF,           0     },
    };
    OPCITEMRESULT *results = POISON;
    HRESULT *errors = POISON;

    (void)state;
    assert_hr(IOPCItemMgt_AddItems(group, 3, items, &results, &errors), S_FALSE);
    assert_trace(L"AddItems" DEFINITIONS);
    assert_item_results(results);
    assert_errors(errors, 3);

    results = POISON;
    errors = POISON;
    assert_hr(IOPCItemMgt_ValidateItems(group, 3, items, TRUE, &results, &errors), S_FALSE);
    assert_trace(L"ValidateItems blobs=1" DEFINITIONS);
    assert_item_results(results);
    assert_errors(errors, 3);
    assert_hr(IOPCItemMgt_AddItems(group, 1, NULL, &results, &errors), NULL_REFERENCE);
    assert_hr(IOPCItemMgt_AddItems(group, 1, items, NULL, &errors), NULL_REFERENCE);
    IOPCItemMgt_Release(group);
}

static void item_management(void **state)
{
    IOPCItemMgt *group = group_interface(&IID_IOPCItemMgt);
    OPCHANDLE clients[3] = {1, 0, 0xEEEEEEEE};
    VARTYPE types[3] = {VT_R8, VT_EMPTY, 0xFFFF};
    HRESULT *errors = POISON;

    (void)state;
    assert_hr(IOPCItemMgt_RemoveItems(group, 3, handles, &errors), S_FALSE);
    assert_trace(L"RemoveItems" ITEMS);
    assert_errors(errors, 3);
    assert_hr(IOPCItemMgt_SetActiveState(group, 3, handles, TRUE, &errors), S_FALSE);
    assert_trace(L"SetActiveState 1" ITEMS);
    assert_errors(errors, 3);
    assert_hr(IOPCItemMgt_SetClientHandles(group, 3, handles, clients, &errors), S_FALSE);
    assert_trace(L"SetClientHandles" ITEMS L" clients=1,0,eeeeeeee");
    assert_errors(errors, 3);
    assert_hr(IOPCItemMgt_SetDatatypes(group, 3, handles, types, &errors), S_FALSE);
    assert_trace(L"SetDatatypes" ITEMS L" types=5,0,ffff");
    assert_errors(errors, 3);
    IOPCItemMgt_Release(group);
}

static void assert_attributes(OPCITEMATTRIBUTES *item, DWORD n)
{
    assert_int_equal(item->bActive, n);
    assert_int_equal(item->hClient, 0xC3000000 + n);
    assert_int_equal(item->hServer, 0xD3000000 + n);
    assert_int_equal(item->dwAccessRights, 0xE3000000 + n);
    assert_int_equal(item->vtRequestedDataType, VT_ARRAY + n);
    assert_int_equal(item->vtCanonicalDataType, 0x7000 + n);
    assert_int_equal(item->dwEUType, n);
    if (n == 0)
    {
        assert_out_text(item->szAccessPath, L"COM1");
        assert_out_text(item->szItemID, L"Plant.Temp");
        assert_int_equal(item->dwBlobSize, 5);
        assert_memory_equal(item->pBlob, "\1\0\xFF\0\2", 5);
        assert_true(sample_is(32, &item->vEUInfo));
        CoTaskMemFree(item->pBlob);
        VariantClear(&item->vEUInfo);
    }
    else
    {
        assert_null(item->szAccessPath);
        assert_null(item->szItemID);
        assert_null(item->pBlob);
        assert_int_equal(V_VT(&item->vEUInfo), VT_EMPTY);
    }
}

static void item_enumerator(void **state)
{
    IOPCItemMgt *group = group_interface(&IID_IOPCItemMgt);
    IEnumOPCItemAttributes *items = POISON, *clone = POISON;
    OPCITEMATTRIBUTES *attributes = POISON;
    ULONG fetched = POISON_NUMBER;

    (void)state;
    assert_hr(IOPCItemMgt_CreateEnumerator(group, &IID_IEnumOPCItemAttributes, (IUnknown **)&items),
              S_OK);
    assert_hr(IEnumOPCItemAttributes_Next(items, 2, &attributes, &fetched), S_OK);
    assert_int_equal(fetched, 2);
    assert_attributes(&attributes[0], 0);
    assert_attributes(&attributes[1], 1);
    CoTaskMemFree(attributes);

    assert_hr(IEnumOPCItemAttributes_Clone(items, &clone), S_OK);
    assert_hr(IEnumOPCItemAttributes_Next(clone, 0xFFFFFFFF, &attributes, &fetched), S_FALSE);
    assert_trace(L"Next 4294967295");
    assert_int_equal(fetched, 1);
    assert_attributes(&attributes[0], 2);
    CoTaskMemFree(attributes);
    assert_hr(IEnumOPCItemAttributes_Skip(clone, 1), S_FALSE);
    assert_trace(L"Skip 1");
    assert_hr(IEnumOPCItemAttributes_Reset(clone), S_OK);
    assert_trace(L"Reset");
    assert_hr(IEnumOPCItemAttributes_Next(clone, 1, &attributes, NULL), NULL_REFERENCE);
    IEnumOPCItemAttributes_Release(clone);
    IEnumOPCItemAttributes_Release(items);
    IOPCItemMgt_Release(group);
}

static void item_deadbands(void **state)
{
    IOPCItemDeadbandMgt *group = group_interface(&IID_IOPCItemDeadbandMgt);
    FLOAT percent[3] = {0, 99.5f, -1}, *result = POISON;
    HRESULT *errors = POISON;

    (void)state;
    assert_hr(IOPCItemDeadbandMgt_SetItemDeadband(group, 3, handles, percent, &errors), S_FALSE);
    assert_trace(L"SetItemDeadband" ITEMS L" 0 99.5 -1");
    assert_errors(errors, 3);
    assert_hr(IOPCItemDeadbandMgt_GetItemDeadband(group, 3, handles, &result, &errors), S_FALSE);
    assert_trace(L"GetItemDeadband" ITEMS);
    assert_true(result[0] == 0.25f && result[1] == 1.25f && result[2] == 2.25f);
    CoTaskMemFree(result);
    assert_errors(errors, 3);
    assert_hr(IOPCItemDeadbandMgt_ClearItemDeadband(group, 3, handles, &errors), S_FALSE);
    assert_trace(L"ClearItemDeadband" ITEMS);
    assert_errors(errors, 3);
    IOPCItemDeadbandMgt_Release(group);
}

static void assert_numbers(const DWORD *numbers, DWORD first)
{
    for (DWORD i = 0; i < 3; i++)
        assert_int_equal(numbers[i], first + i);
}

static void item_sampling(void **state)
{
    IOPCItemSamplingMgt *group = group_interface(&IID_IOPCItemSamplingMgt);
    DWORD rates[3] = {0, 100, 0xFFFFFFFF}, *result = POISON;
    BOOL enable[3] = {TRUE, FALSE, 2}, *enabled = POISON;
    HRESULT *errors = POISON;

    (void)state;
    assert_hr(IOPCItemSamplingMgt_SetItemSamplingRate(group, 3, handles, rates, &result, &errors),
              S_FALSE);
    assert_trace(L"SetItemSamplingRate" ITEMS L" rates=0,64,ffffffff");
    assert_numbers(result, 0xB0000000);
    CoTaskMemFree(result);
    assert_errors(errors, 3);
    assert_hr(IOPCItemSamplingMgt_GetItemSamplingRate(group, 3, handles, &result, &errors),
              S_FALSE);
    assert_trace(L"GetItemSamplingRate" ITEMS);
    assert_numbers(result, 0xB1000000);
    CoTaskMemFree(result);
    assert_errors(errors, 3);
    assert_hr(IOPCItemSamplingMgt_ClearItemSamplingRate(group, 3, handles, &errors), S_FALSE);
    assert_trace(L"ClearItemSamplingRate" ITEMS);
    assert_errors(errors, 3);
    assert_hr(IOPCItemSamplingMgt_SetItemBufferEnable(group, 3, handles, enable, &errors), S_FALSE);
    assert_trace(L"SetItemBufferEnable" ITEMS L" 1 0 2");
    assert_errors(errors, 3);
    assert_hr(IOPCItemSamplingMgt_GetItemBufferEnable(group, 3, handles, &enabled, &errors),
              S_FALSE);
    assert_trace(L"GetItemBufferEnable" ITEMS);
    assert_numbers((DWORD *)enabled, 0);
    CoTaskMemFree(enabled);
    assert_errors(errors, 3);
    IOPCItemSamplingMgt_Release(group);
}

int item_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(item_definitions_and_results),
        cmocka_unit_test(item_management),
        cmocka_unit_test(item_enumerator),
        cmocka_unit_test(item_deadbands),
        cmocka_unit_test(item_sampling),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
