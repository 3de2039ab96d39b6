#include "stage.h"

/* NULL for each parameter that is a reference, and zero items, for every method. What comes back is
 * what the proxy of a real server, or the real server, answers. */

static void test_server_null(void **state)
{
    OPCHANDLE handle = 1;
    DWORD rate = 1;
    IUnknown *unknown = POISON;
    WCHAR *text = POISON;

    (void)state;
#define ADD(name, handle, rate, iid, unknown)                                                      \
    IOPCServer_AddGroup(stage_server, name, TRUE, 100, 0, NULL, NULL, 0, handle, rate, iid, unknown)
    assert_hr(ADD(NULL, &handle, &rate, &IID_IUnknown, &unknown), NULL_REF);
    assert_null(unknown);
    assert_int_equal(handle, 0);
    assert_int_equal(rate, 0);
    assert_hr(ADD(L"x", NULL, &rate, &IID_IUnknown, &unknown), NULL_REF);
    assert_hr(ADD(L"x", &handle, NULL, &IID_IUnknown, &unknown), NULL_REF);
    assert_hr(ADD(L"x", &handle, &rate, NULL, &unknown), NULL_REF);
    assert_hr(ADD(L"x", &handle, &rate, &IID_IUnknown, NULL), NULL_REF);
    unknown = POISON;
    assert_hr(ADD(L"x", &handle, &rate, &IID_IDispatch, &unknown), E_NOINTERFACE);
    assert_null(unknown);
#undef ADD
    assert_hr(IOPCServer_GetErrorString(stage_server, E_FAIL, 0, NULL), NULL_REF);
    unknown = POISON;
    assert_hr(IOPCServer_GetGroupByName(stage_server, NULL, &IID_IUnknown, &unknown), NULL_REF);
    assert_null(unknown);
    assert_hr(IOPCServer_GetGroupByName(stage_server, L"x", NULL, &unknown), NULL_REF);
    assert_hr(IOPCServer_GetGroupByName(stage_server, L"x", &IID_IUnknown, NULL), NULL_REF);
    assert_hr(IOPCServer_GetStatus(stage_server, NULL), NULL_REF);
    unknown = POISON;
    assert_hr(IOPCServer_CreateGroupEnumerator(stage_server, OPC_ENUM_ALL, NULL, &unknown),
              NULL_REF);
    assert_null(unknown);
    assert_hr(IOPCServer_CreateGroupEnumerator(stage_server, OPC_ENUM_ALL, &IID_IEnumString, NULL),
              NULL_REF);
    assert_hr(
        IOPCServer_CreateGroupEnumerator(stage_server, OPC_ENUM_ALL, &IID_IDispatch, &unknown),
        E_NOINTERFACE);
    assert_null(unknown);
    text = POISON;
    assert_hr(IOPCServer_GetErrorString(stage_server, (HRESULT)0xC0049999L, 0, &text),
              E_INVALIDARG);
    assert_null(text);
}

static void test_common_null(void **state)
{
    IOPCCommon *common = stage_query(stage_server, &IID_IOPCCommon);
    DWORD count = 1;
    LCID *lcids = POISON;

    (void)state;
    assert_hr(IOPCCommon_GetLocaleID(common, NULL), NULL_REF);
    assert_hr(IOPCCommon_QueryAvailableLocaleIDs(common, NULL, &lcids), NULL_REF);
    assert_null(lcids);
    assert_hr(IOPCCommon_QueryAvailableLocaleIDs(common, &count, NULL), NULL_REF);
    assert_int_equal(count, 0);
    assert_hr(IOPCCommon_GetErrorString(common, E_FAIL, NULL), NULL_REF);
    assert_hr(IOPCCommon_SetClientName(common, NULL), NULL_REF);
    assert_hr(IOPCCommon_SetLocaleID(common, 0x7777), E_INVALIDARG);
    stage_release(common);
}

static void test_browse_null(void **state)
{
    IOPCBrowseServerAddressSpace *browse =
        stage_query(stage_server, &IID_IOPCBrowseServerAddressSpace);
    IEnumString *names = POISON;
    WCHAR empty[] = L"";
    WCHAR *text = POISON;

    (void)state;
    assert_hr(IOPCBrowseServerAddressSpace_QueryOrganization(browse, NULL), NULL_REF);
    assert_hr(IOPCBrowseServerAddressSpace_ChangeBrowsePosition(browse, OPC_BROWSE_UP, NULL),
              NULL_REF);
    assert_hr(IOPCBrowseServerAddressSpace_BrowseOPCItemIDs(browse, OPC_BRANCH, NULL, 0, 0, &names),
              NULL_REF);
    assert_null(names);
    assert_hr(IOPCBrowseServerAddressSpace_BrowseOPCItemIDs(browse, OPC_BRANCH, L"", 0, 0, NULL),
              NULL_REF);
    assert_hr(IOPCBrowseServerAddressSpace_GetItemID(browse, NULL, &text), NULL_REF);
    assert_null(text);
    assert_hr(IOPCBrowseServerAddressSpace_GetItemID(browse, empty, NULL), NULL_REF);
    names = POISON;
    assert_hr(IOPCBrowseServerAddressSpace_BrowseAccessPaths(browse, NULL, &names), NULL_REF);
    assert_null(names);
    assert_hr(IOPCBrowseServerAddressSpace_BrowseAccessPaths(browse, L"x", NULL), NULL_REF);
    stage_release(browse);
}

static void test_properties_null(void **state)
{
    IOPCItemProperties *properties = stage_query(stage_server, &IID_IOPCItemProperties);
    WCHAR item[] = L"Memory.I4";
    DWORD count = 1, id = 1;
    DWORD *ids = POISON;
    WCHAR **texts = POISON;
    VARTYPE *types = POISON;
    VARIANT *values = POISON;
    HRESULT *errors = POISON;

    (void)state;
    assert_hr(
        IOPCItemProperties_QueryAvailableProperties(properties, NULL, &count, &ids, &texts, &types),
        NULL_REF);
    assert_null(ids);
    assert_null(texts);
    assert_null(types);
    assert_hr(
        IOPCItemProperties_QueryAvailableProperties(properties, item, NULL, &ids, &texts, &types),
        NULL_REF);
    assert_hr(
        IOPCItemProperties_QueryAvailableProperties(properties, item, &count, NULL, &texts, &types),
        NULL_REF);
    assert_hr(
        IOPCItemProperties_QueryAvailableProperties(properties, item, &count, &ids, NULL, &types),
        NULL_REF);
    assert_hr(
        IOPCItemProperties_QueryAvailableProperties(properties, item, &count, &ids, &texts, NULL),
        NULL_REF);
    assert_hr(IOPCItemProperties_GetItemProperties(properties, NULL, 1, &id, &values, &errors),
              NULL_REF);
    assert_null(values);
    assert_null(errors);
    assert_hr(IOPCItemProperties_GetItemProperties(properties, item, 1, NULL, &values, &errors),
              NULL_REF);
    assert_hr(IOPCItemProperties_GetItemProperties(properties, item, 1, &id, NULL, &errors),
              NULL_REF);
    assert_hr(IOPCItemProperties_GetItemProperties(properties, item, 1, &id, &values, NULL),
              NULL_REF);
    values = POISON;
    errors = POISON;
    assert_hr(IOPCItemProperties_GetItemProperties(properties, item, 0, &id, &values, &errors),
              E_INVALIDARG);
    assert_null(values);
    assert_null(errors);
    assert_hr(IOPCItemProperties_LookupItemIDs(properties, NULL, 1, &id, &texts, &errors),
              NULL_REF);
    assert_hr(IOPCItemProperties_LookupItemIDs(properties, item, 1, NULL, &texts, &errors),
              NULL_REF);
    assert_hr(IOPCItemProperties_LookupItemIDs(properties, item, 1, &id, NULL, &errors), NULL_REF);
    assert_hr(IOPCItemProperties_LookupItemIDs(properties, item, 1, &id, &texts, NULL), NULL_REF);
    assert_hr(IOPCItemProperties_LookupItemIDs(properties, item, 0, &id, &texts, &errors),
              E_INVALIDARG);
    assert_null(texts);
    stage_release(properties);
}

static void test_state_null(void **state)
{
    struct stage_group group;
    DWORD rate = 1, lcid;
    BOOL is_active;
    WCHAR *name = POISON;
    LONG bias;
    FLOAT deadband;
    OPCHANDLE client, handle;
    IUnknown *unknown = POISON;

    (void)state;
    stage_group_open(&group, L"");
#define GET(a, b, c, d, e, f, g, h) IOPCGroupStateMgt_GetState(group.state, a, b, c, d, e, f, g, h)
    assert_hr(GET(NULL, &is_active, &name, &bias, &deadband, &lcid, &client, &handle), NULL_REF);
    assert_null(name);
    assert_hr(GET(&rate, NULL, &name, &bias, &deadband, &lcid, &client, &handle), NULL_REF);
    assert_hr(GET(&rate, &is_active, NULL, &bias, &deadband, &lcid, &client, &handle), NULL_REF);
    assert_hr(GET(&rate, &is_active, &name, NULL, &deadband, &lcid, &client, &handle), NULL_REF);
    assert_hr(GET(&rate, &is_active, &name, &bias, NULL, &lcid, &client, &handle), NULL_REF);
    assert_hr(GET(&rate, &is_active, &name, &bias, &deadband, NULL, &client, &handle), NULL_REF);
    assert_hr(GET(&rate, &is_active, &name, &bias, &deadband, &lcid, NULL, &handle), NULL_REF);
    assert_hr(GET(&rate, &is_active, &name, &bias, &deadband, &lcid, &client, NULL), NULL_REF);
#undef GET
    assert_hr(IOPCGroupStateMgt_SetState(group.state, &rate, NULL, NULL, NULL, NULL, NULL, NULL),
              NULL_REF);
    assert_hr(IOPCGroupStateMgt_SetState(group.state, NULL, &rate, NULL, NULL, NULL, NULL, NULL),
              S_OK); /* these six may be NULL */
    assert_hr(IOPCGroupStateMgt_SetName(group.state, NULL), NULL_REF);
    assert_hr(IOPCGroupStateMgt_CloneGroup(group.state, NULL, &IID_IUnknown, &unknown), NULL_REF);
    assert_null(unknown);
    assert_hr(IOPCGroupStateMgt_CloneGroup(group.state, L"x", NULL, &unknown), NULL_REF);
    assert_hr(IOPCGroupStateMgt_CloneGroup(group.state, L"x", &IID_IUnknown, NULL), NULL_REF);
    unknown = POISON;
    assert_hr(IOPCGroupStateMgt_CloneGroup(group.state, L"x", &IID_IDispatch, &unknown),
              E_NOINTERFACE);
    assert_null(unknown);
    stage_group_close(&group);
}

static void test_items_null(void **state)
{
    struct stage_group group;
    OPCITEMDEF definition = {0};
    OPCITEMRESULT *results = POISON;
    HRESULT *errors = POISON;
    OPCHANDLE handle = 0, client = 0;
    VARTYPE type = VT_EMPTY;
    IUnknown *unknown = POISON;

    (void)state;
    stage_group_open(&group, L"");
    assert_hr(IOPCItemMgt_AddItems(group.items, 1, NULL, &results, &errors), NULL_REF);
    assert_null(results);
    assert_null(errors);
    assert_hr(IOPCItemMgt_AddItems(group.items, 1, &definition, NULL, &errors), NULL_REF);
    assert_hr(IOPCItemMgt_AddItems(group.items, 1, &definition, &results, NULL), NULL_REF);
    results = POISON;
    errors = POISON;
    assert_hr(IOPCItemMgt_AddItems(group.items, 0, &definition, &results, &errors), E_INVALIDARG);
    assert_null(results);
    assert_null(errors);
    assert_hr(IOPCItemMgt_ValidateItems(group.items, 1, NULL, FALSE, &results, &errors), NULL_REF);
    assert_hr(IOPCItemMgt_ValidateItems(group.items, 1, &definition, FALSE, NULL, &errors),
              NULL_REF);
    assert_hr(IOPCItemMgt_ValidateItems(group.items, 1, &definition, FALSE, &results, NULL),
              NULL_REF);
    assert_hr(IOPCItemMgt_ValidateItems(group.items, 0, &definition, FALSE, &results, &errors),
              E_INVALIDARG);
    assert_hr(IOPCItemMgt_RemoveItems(group.items, 1, NULL, &errors), NULL_REF);
    assert_hr(IOPCItemMgt_RemoveItems(group.items, 1, &handle, NULL), NULL_REF);
    assert_hr(IOPCItemMgt_RemoveItems(group.items, 0, &handle, &errors), E_INVALIDARG);
    assert_hr(IOPCItemMgt_SetActiveState(group.items, 1, NULL, TRUE, &errors), NULL_REF);
    assert_hr(IOPCItemMgt_SetActiveState(group.items, 1, &handle, TRUE, NULL), NULL_REF);
    assert_hr(IOPCItemMgt_SetActiveState(group.items, 0, &handle, TRUE, &errors), E_INVALIDARG);
    assert_hr(IOPCItemMgt_SetClientHandles(group.items, 1, NULL, &client, &errors), NULL_REF);
    assert_hr(IOPCItemMgt_SetClientHandles(group.items, 1, &handle, NULL, &errors), NULL_REF);
    assert_hr(IOPCItemMgt_SetClientHandles(group.items, 1, &handle, &client, NULL), NULL_REF);
    assert_hr(IOPCItemMgt_SetClientHandles(group.items, 0, &handle, &client, &errors),
              E_INVALIDARG);
    assert_hr(IOPCItemMgt_SetDatatypes(group.items, 1, NULL, &type, &errors), NULL_REF);
    assert_hr(IOPCItemMgt_SetDatatypes(group.items, 1, &handle, NULL, &errors), NULL_REF);
    assert_hr(IOPCItemMgt_SetDatatypes(group.items, 1, &handle, &type, NULL), NULL_REF);
    assert_hr(IOPCItemMgt_SetDatatypes(group.items, 0, &handle, &type, &errors), E_INVALIDARG);
    assert_null(errors);
    assert_hr(IOPCItemMgt_CreateEnumerator(group.items, NULL, &unknown), NULL_REF);
    assert_null(unknown);
    assert_hr(IOPCItemMgt_CreateEnumerator(group.items, &IID_IEnumOPCItemAttributes, NULL),
              NULL_REF);
    unknown = POISON;
    assert_hr(IOPCItemMgt_CreateEnumerator(group.items, &IID_IEnumString, &unknown), E_INVALIDARG);
    assert_null(unknown);
    stage_group_close(&group);
}

static void test_io_null(void **state)
{
    struct stage_group group;
    OPCHANDLE handle = 0;
    OPCITEMSTATE *values = POISON;
    HRESULT *errors = POISON;
    VARIANT value;
    DWORD cancel_id = 1;

    (void)state;
    VariantInit(&value);
    stage_group_open(&group, L"");
    assert_hr(IOPCSyncIO_Read(group.sync, OPC_DS_CACHE, 1, NULL, &values, &errors), NULL_REF);
    assert_null(values);
    assert_null(errors);
    assert_hr(IOPCSyncIO_Read(group.sync, OPC_DS_CACHE, 1, &handle, NULL, &errors), NULL_REF);
    assert_hr(IOPCSyncIO_Read(group.sync, OPC_DS_CACHE, 1, &handle, &values, NULL), NULL_REF);
    values = POISON;
    errors = POISON;
    assert_hr(IOPCSyncIO_Read(group.sync, OPC_DS_CACHE, 0, &handle, &values, &errors),
              E_INVALIDARG);
    assert_null(values);
    assert_null(errors);
    assert_hr(IOPCSyncIO_Write(group.sync, 1, NULL, &value, &errors), NULL_REF);
    assert_hr(IOPCSyncIO_Write(group.sync, 1, &handle, NULL, &errors), NULL_REF);
    assert_hr(IOPCSyncIO_Write(group.sync, 1, &handle, &value, NULL), NULL_REF);
    assert_hr(IOPCSyncIO_Write(group.sync, 0, &handle, &value, &errors), E_INVALIDARG);
    assert_hr(IOPCAsyncIO2_Read(group.async, 1, NULL, 1, &cancel_id, &errors), NULL_REF);
    assert_int_equal(cancel_id, 0);
    assert_hr(IOPCAsyncIO2_Read(group.async, 1, &handle, 1, NULL, &errors), NULL_REF);
    assert_hr(IOPCAsyncIO2_Read(group.async, 1, &handle, 1, &cancel_id, NULL), NULL_REF);
    assert_hr(IOPCAsyncIO2_Write(group.async, 1, NULL, &value, 1, &cancel_id, &errors), NULL_REF);
    assert_hr(IOPCAsyncIO2_Write(group.async, 1, &handle, NULL, 1, &cancel_id, &errors), NULL_REF);
    assert_hr(IOPCAsyncIO2_Write(group.async, 1, &handle, &value, 1, NULL, &errors), NULL_REF);
    assert_hr(IOPCAsyncIO2_Write(group.async, 1, &handle, &value, 1, &cancel_id, NULL), NULL_REF);
    assert_hr(IOPCAsyncIO2_Refresh2(group.async, OPC_DS_CACHE, 1, NULL), NULL_REF);
    assert_hr(IOPCAsyncIO2_GetEnable(group.async, NULL), NULL_REF);
    stage_group_close(&group);
}

/* More than any client means: refused before a single element is looked at. */
static const DWORD absurd[] = {0x01000001, 0x10000000, 0x40000001, 0x80000000, 0xFFFFFFFF};

static void check_absurd_items(const struct stage_group *group, DWORD count)
{
    OPCITEMDEF definition = {0};
    OPCITEMRESULT *results = POISON;
    OPCHANDLE handle = 0, client = 0;
    HRESULT *errors = POISON;
    VARTYPE type = VT_I4;

    assert_hr(IOPCItemMgt_AddItems(group->items, count, &definition, &results, &errors),
              E_OUTOFMEMORY);
    assert_null(results);
    assert_null(errors);
    results = POISON;
    assert_hr(IOPCItemMgt_ValidateItems(group->items, count, &definition, FALSE, &results, &errors),
              E_OUTOFMEMORY);
    assert_null(results);
    errors = POISON;
    assert_hr(IOPCItemMgt_RemoveItems(group->items, count, &handle, &errors), E_OUTOFMEMORY);
    assert_null(errors);
    assert_hr(IOPCItemMgt_SetActiveState(group->items, count, &handle, TRUE, &errors),
              E_OUTOFMEMORY);
    assert_hr(IOPCItemMgt_SetClientHandles(group->items, count, &handle, &client, &errors),
              E_OUTOFMEMORY);
    assert_hr(IOPCItemMgt_SetDatatypes(group->items, count, &handle, &type, &errors),
              E_OUTOFMEMORY);
    assert_null(errors);
}

static void check_absurd_io(const struct stage_group *group, DWORD count)
{
    OPCITEMSTATE *values = POISON;
    HRESULT *errors = POISON;
    OPCHANDLE handle = 0;
    DWORD cancel_id = 1;
    VARIANT value;

    VariantInit(&value);
    for (OPCDATASOURCE source = OPC_DS_CACHE; source <= OPC_DS_DEVICE; source++)
    {
        assert_hr(IOPCSyncIO_Read(group->sync, source, count, &handle, &values, &errors),
                  E_OUTOFMEMORY);
        assert_null(values);
        assert_null(errors);
    }
    assert_hr(IOPCSyncIO_Write(group->sync, count, &handle, &value, &errors), E_OUTOFMEMORY);
    assert_hr(IOPCAsyncIO2_Read(group->async, count, &handle, 1, &cancel_id, &errors),
              E_OUTOFMEMORY);
    assert_int_equal(cancel_id, 0);
    assert_hr(IOPCAsyncIO2_Write(group->async, count, &handle, &value, 1, &cancel_id, &errors),
              E_OUTOFMEMORY);
    assert_null(errors);
}

static void check_absurd_properties(IOPCItemProperties *properties, DWORD count)
{
    WCHAR item[] = L"Memory.I4";
    VARIANT *values = POISON;
    WCHAR **items = POISON;
    HRESULT *errors = POISON;
    DWORD id = 1;

    assert_hr(IOPCItemProperties_GetItemProperties(properties, item, count, &id, &values, &errors),
              E_OUTOFMEMORY);
    assert_null(values);
    assert_null(errors);
    assert_hr(IOPCItemProperties_LookupItemIDs(properties, item, count, &id, &items, &errors),
              E_OUTOFMEMORY);
    assert_null(items);
}

static void test_absurd_counts(void **state)
{
    IOPCItemProperties *properties = stage_query(stage_server, &IID_IOPCItemProperties);
    struct stage_group group;

    (void)state;
    stage_group_open(&group, L"");
    for (size_t i = 0; i < ARRAYSIZE(absurd); i++)
    {
        check_absurd_items(&group, absurd[i]);
        check_absurd_io(&group, absurd[i]);
        check_absurd_properties(properties, absurd[i]);
    }
    stage_group_close(&group);
    stage_release(properties);
}

const struct CMUnitTest argument_tests[] = {
    cmocka_unit_test(test_server_null), cmocka_unit_test(test_common_null),
    cmocka_unit_test(test_browse_null), cmocka_unit_test(test_properties_null),
    cmocka_unit_test(test_state_null),  cmocka_unit_test(test_items_null),
    cmocka_unit_test(test_io_null),     cmocka_unit_test(test_absurd_counts),
};
const size_t argument_test_count = ARRAYSIZE(argument_tests);
