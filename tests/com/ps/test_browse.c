/* Browsing and properties, of Data Access 2 and of 3. */
#include "ps_test.h"

#include "samples.h"

/* The interfaces that take names without const. */
static WCHAR item_id[] = L"item", no_properties[] = L"none", leaf[] = L"Temp";

static void address_space(void **state)
{
    IOPCBrowseServerAddressSpace *space = server_interface(&IID_IOPCBrowseServerAddressSpace);
    OPCNAMESPACETYPE type = (OPCNAMESPACETYPE)POISON_NUMBER;
    IEnumString *names = POISON;
    WCHAR *text = POISON;

    (void)state;
    assert_hr(IOPCBrowseServerAddressSpace_QueryOrganization(space, &type), S_OK);
    assert_int_equal(type, OPC_NS_FLAT);
    assert_hr(IOPCBrowseServerAddressSpace_ChangeBrowsePosition(space, OPC_BROWSE_TO, L"a.b"),
              S_OK);
    assert_trace(L"ChangeBrowsePosition 3 [a.b]");
    assert_hr(IOPCBrowseServerAddressSpace_ChangeBrowsePosition(space, OPC_BROWSE_UP, NULL),
              NULL_REFERENCE);
    assert_hr(IOPCBrowseServerAddressSpace_BrowseOPCItemIDs(space, OPC_FLAT, L"*", VT_ARRAY | VT_R8,
                                                            0xFFFF0003, &names),
              S_OK);
    assert_trace(L"BrowseOPCItemIDs 3 [*] type=2005 rights=ffff0003");
    assert_hr(IEnumString_Next(names, 1, &text, NULL), S_OK);
    assert_out_text(text, L"first");
    IEnumString_Release(names);

    names = POISON;
    assert_hr(IOPCBrowseServerAddressSpace_BrowseAccessPaths(space, L"a.b", &names), S_FALSE);
    assert_null(names);
    /* Regression: NULL without the repair of widl's output. */
    text = POISON;
    assert_hr(IOPCBrowseServerAddressSpace_GetItemID(space, leaf, &text), S_OK);
    assert_out_text(text, L"Plant.Boiler.Temp");
    assert_trace(L"GetItemID Temp");
    IOPCBrowseServerAddressSpace_Release(space);
}

static void available_properties(void **state)
{
    IOPCItemProperties *properties = server_interface(&IID_IOPCItemProperties);
    DWORD count = POISON_NUMBER, *ids = POISON;
    WCHAR **descriptions = POISON;
    VARTYPE *types = POISON;

    (void)state;
    assert_hr(IOPCItemProperties_QueryAvailableProperties(properties, item_id, &count, &ids,
                                                          &descriptions, &types),
              S_OK);
    assert_trace(L"QueryAvailableProperties item");
    assert_int_equal(count, 3);
    for (DWORD i = 0; i < 3; i++)
    {
        assert_int_equal(ids[i], 5000 + i);
        assert_int_equal(types[i], VT_ARRAY + i);
    }
    assert_out_text(descriptions[0], L"first");
    assert_null(descriptions[1]);
    assert_out_text(descriptions[2], L"");
    CoTaskMemFree(ids);
    CoTaskMemFree(descriptions);
    CoTaskMemFree(types);

    ids = POISON;
    assert_hr(IOPCItemProperties_QueryAvailableProperties(properties, no_properties, &count, &ids,
                                                          &descriptions, &types),
              S_OK);
    assert_int_equal(count, 0);
    assert_null(ids);
    assert_null(descriptions);
    assert_null(types);
    IOPCItemProperties_Release(properties);
}

static void property_values_and_items(void **state)
{
    IOPCItemProperties *properties = server_interface(&IID_IOPCItemProperties);
    DWORD ids[SAMPLE_COUNT];
    VARIANT *values = POISON;
    HRESULT *errors = POISON;
    WCHAR **items = POISON;

    (void)state;
    for (DWORD i = 0; i < SAMPLE_COUNT; i++)
        ids[i] = SAMPLE_COUNT - 1 - i;
    assert_hr(IOPCItemProperties_GetItemProperties(properties, item_id, SAMPLE_COUNT, ids, &values,
                                                   &errors),
              S_FALSE);
    for (DWORD i = 0; i < SAMPLE_COUNT; i++)
    {
        assert_true(sample_is(ids[i], &values[i]));
        VariantClear(&values[i]);
    }
    CoTaskMemFree(values);
    assert_errors(errors, SAMPLE_COUNT);

    errors = POISON;
    assert_hr(IOPCItemProperties_LookupItemIDs(properties, item_id, 2, ids, &items, &errors),
              S_FALSE);
    assert_trace(L"LookupItemIDs item ids=27,26");
    assert_out_text(items[0], L"Plant.Boiler.Temp.Unit");
    assert_null(items[1]);
    CoTaskMemFree(items);
    assert_errors(errors, 2);
    assert_hr(IOPCItemProperties_LookupItemIDs(properties, item_id, 2, NULL, &items, &errors),
              NULL_REFERENCE);
    IOPCItemProperties_Release(properties);
}

/* What the server makes for an item that has properties. */
static void assert_properties(OPCITEMPROPERTIES *properties)
{
    OPCITEMPROPERTY *property = properties->pItemProperties;

    assert_hr(properties->hrErrorID, S_FALSE);
    assert_int_equal(properties->dwNumProperties, 2);
    assert_int_equal(properties->dwReserved, 0x11223344);

    assert_int_equal(property[0].vtDataType, VT_BSTR);
    assert_int_equal(property[0].wReserved, 0x5566);
    assert_int_equal(property[0].dwPropertyID, OPC_PROPERTY_EU_UNITS);
    assert_out_text(property[0].szItemID, L"Plant.Unit");
    assert_out_text(property[0].szDescription, L"EU Units");
    assert_true(sample_is(35, &property[0].vValue));
    assert_hr(property[0].hrErrorID, S_OK);
    assert_int_equal(property[0].dwReserved, 0x778899AA);
    VariantClear(&property[0].vValue);

    assert_int_equal(property[1].dwPropertyID, 0xFFFFFFFF);
    assert_null(property[1].szItemID);
    assert_null(property[1].szDescription);
    assert_int_equal(V_VT(&property[1].vValue), VT_EMPTY);
    assert_hr(property[1].hrErrorID, OPC_E_INVALID_PID);
    CoTaskMemFree(property);
}

static void properties_of_items(void **state)
{
    IOPCBrowse *browse = server_interface(&IID_IOPCBrowse);
    WCHAR one[] = L"one", two[] = L"";
    WCHAR *items[3] = {one, NULL, two};
    DWORD ids[2] = {7, 0xFFFFFFFF};
    OPCITEMPROPERTIES *properties = POISON;

    (void)state;
    assert_hr(IOPCBrowse_GetProperties(browse, 3, items, TRUE, 2, ids, &properties), S_FALSE);
    assert_trace(L"GetProperties values=1 items=one,NULL, ids=7,ffffffff");
    assert_properties(&properties[0]);
    assert_hr(properties[1].hrErrorID, OPC_E_UNKNOWNITEMID);
    assert_int_equal(properties[2].dwNumProperties, 0);
    assert_null(properties[2].pItemProperties);
    CoTaskMemFree(properties);

    /* No property asked for: the array is a reference all the same. */
    assert_hr(IOPCBrowse_GetProperties(browse, 1, items, FALSE, 0, ids, &properties), S_FALSE);
    assert_trace(L"GetProperties values=0 items=one ids=");
    assert_properties(&properties[0]);
    CoTaskMemFree(properties);
    assert_hr(IOPCBrowse_GetProperties(browse, 1, items, FALSE, 0, NULL, &properties),
              NULL_REFERENCE);
    IOPCBrowse_Release(browse);
}

static HRESULT browse_on(IOPCBrowse *browse, WCHAR **continuation, DWORD *count,
                         OPCBROWSEELEMENT **elements)
{
    WCHAR item[] = L"Plant", names[] = L"T*", vendor[] = L"";
    DWORD id = 101;
    BOOL more = 0;
    HRESULT hr;

    *count = POISON_NUMBER;
    *elements = POISON;
    hr = IOPCBrowse_Browse(browse, item, continuation, 1000, OPC_BROWSE_FILTER_ITEMS, names, vendor,
                           FALSE, TRUE, 1, &id, &more, count, elements);
    assert_int_equal(more, TRUE);
    return hr;
}

static void browse_with_continuation_points(void **state)
{
    IOPCBrowse *browse = server_interface(&IID_IOPCBrowse);
    WCHAR *continuation = CoTaskMemAlloc(sizeof(*continuation));
    OPCBROWSEELEMENT *elements;
    DWORD count;

    (void)state;
    *continuation = 0;
    assert_hr(browse_on(browse, &continuation, &count, &elements), S_FALSE);
    assert_trace(L"Browse [Plant] from=[] max=1000 filter=3 names=[T*] vendor=[] all=0 values=1"
                 L" ids=65");
    assert_text(continuation, L"next");
    assert_int_equal(count, 2);
    assert_out_text(elements[0].szName, L"Temp");
    assert_out_text(elements[0].szItemID, L"Plant.Temp");
    assert_int_equal(elements[0].dwFlagValue, OPC_BROWSE_HASCHILDREN | OPC_BROWSE_ISITEM);
    assert_int_equal(elements[0].dwReserved, 0xCAFE0001);
    assert_properties(&elements[0].ItemProperties);
    assert_null(elements[1].szName);
    assert_null(elements[1].szItemID);
    assert_hr(elements[1].ItemProperties.hrErrorID, OPC_E_INVALIDITEMID);
    assert_null(elements[1].ItemProperties.pItemProperties);
    CoTaskMemFree(elements);

    assert_hr(browse_on(browse, &continuation, &count, &elements), S_OK);
    assert_trace(L"Browse [Plant] from=[next] max=1000 filter=3 names=[T*] vendor=[] all=0 values=1"
                 L" ids=65");
    assert_null(continuation);
    assert_int_equal(count, 0);
    assert_null(elements);

    assert_hr(browse_on(browse, &continuation, &count, &elements), S_OK);
    assert_trace(L"Browse [Plant] from=[NULL] max=1000 filter=3 names=[T*] vendor=[] all=0 values=1"
                 L" ids=65");
    assert_null(continuation);
    IOPCBrowse_Release(browse);
}

int browse_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(address_space),
        cmocka_unit_test(available_properties),
        cmocka_unit_test(property_values_and_items),
        cmocka_unit_test(properties_of_items),
        cmocka_unit_test(browse_with_continuation_points),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
