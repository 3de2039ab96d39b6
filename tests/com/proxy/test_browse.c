#include "stage.h"

#include <wchar.h>

#include "../../soak/meter.h"

#define ENUMERATORS 100
#define THREADS_MAX 8 /* of these, that may have come for another reason */

static IOPCBrowseServerAddressSpace *get_browse(void)
{
    return stage_query(stage_server, &IID_IOPCBrowseServerAddressSpace);
}

static HRESULT move(IOPCBrowseServerAddressSpace *browse, OPCBROWSEDIRECTION direction,
                    const WCHAR *name)
{
    return IOPCBrowseServerAddressSpace_ChangeBrowsePosition(browse, direction, name);
}

static void assert_position(IOPCBrowseServerAddressSpace *browse, const WCHAR *wanted)
{
    WCHAR empty[] = L"";
    WCHAR *id = NULL;

    assert_hr(IOPCBrowseServerAddressSpace_GetItemID(browse, empty, &id), S_OK);
    assert_int_equal(wcscmp(id, wanted), 0);
    CoTaskMemFree(id);
}

static void test_position(void **state)
{
    IOPCBrowseServerAddressSpace *browse = get_browse();
    WCHAR leaf[] = L"I4";
    WCHAR *id = NULL;
    OPCNAMESPACETYPE kind = 0;

    (void)state;
    assert_hr(IOPCBrowseServerAddressSpace_QueryOrganization(browse, &kind), S_OK);
    assert_int_equal(kind, OPC_NS_HIERARCHIAL);
    assert_hr(move(browse, OPC_BROWSE_UP, L""), E_FAIL);
    assert_hr(move(browse, OPC_BROWSE_DOWN, L"Memory"), S_OK);
    assert_position(browse, L"Memory");
    assert_hr(IOPCBrowseServerAddressSpace_GetItemID(browse, leaf, &id), S_OK);
    assert_int_equal(wcscmp(id, L"Memory.I4"), 0);
    CoTaskMemFree(id);
    assert_hr(move(browse, OPC_BROWSE_DOWN, L"Array"), S_OK);
    assert_hr(move(browse, OPC_BROWSE_UP, L""), S_OK);
    assert_position(browse, L"Memory");
    assert_hr(move(browse, OPC_BROWSE_DOWN, L"NoSuchBranch"), E_INVALIDARG);
    assert_position(browse, L"Memory");
    assert_hr(move(browse, OPC_BROWSE_TO, L"Memory.Array"), S_OK);
    assert_hr(move(browse, OPC_BROWSE_UP, L""), S_OK);
    assert_position(browse, L"Memory");
    assert_hr(move(browse, OPC_BROWSE_TO, L""), S_OK);
    stage_release(browse);
}

static void test_names(void **state)
{
    IOPCBrowseServerAddressSpace *browse = get_browse();
    IEnumString *names = NULL, *clone = NULL;
    LPOLESTR texts[8];
    ULONG count = 0;

    (void)state;
    assert_hr(IOPCBrowseServerAddressSpace_BrowseOPCItemIDs(browse, OPC_BRANCH, L"Mem*", VT_EMPTY,
                                                            0, &names),
              S_OK);
    assert_hr(IEnumString_Next(names, 8, texts, &count), S_FALSE);
    assert_int_equal(count, 1);
    assert_int_equal(wcscmp(texts[0], L"Memory"), 0);
    CoTaskMemFree(texts[0]);
    assert_hr(IEnumString_Next(names, 2, texts, NULL), S_FALSE);
    assert_hr(IEnumString_Next(names, 1, NULL, &count), NULL_REF);
    assert_hr(IEnumString_Clone(names, NULL), NULL_REF);
    assert_int_equal(stage_release(names), 0);

    assert_hr(IOPCBrowseServerAddressSpace_BrowseOPCItemIDs(browse, OPC_FLAT, L"Counters.*",
                                                            VT_EMPTY, 0, &names),
              S_OK);
    assert_hr(IEnumString_Skip(names, 10), S_OK);
    assert_hr(IEnumString_Next(names, 1, texts, NULL), S_OK);
    assert_hr(IEnumString_Clone(names, &clone), S_OK);
    assert_hr(IEnumString_Next(clone, 1, texts + 1, &count), S_OK);
    assert_int_not_equal(wcscmp(texts[0], texts[1]), 0);
    assert_hr(IEnumString_Reset(clone), S_OK);
    assert_hr(IEnumString_Skip(clone, 10), S_OK);
    assert_hr(IEnumString_Next(clone, 1, texts + 2, &count), S_OK);
    assert_int_equal(wcscmp(texts[0], texts[2]), 0);
    for (int i = 0; i < 3; i++)
        CoTaskMemFree(texts[i]);
    assert_int_equal(stage_release(clone), 0);
    assert_int_equal(stage_release(names), 0);
    stage_release(browse);
}

static size_t count_threads(void)
{
    struct meter meter;

    meter_read(&meter);
    return meter.threads;
}

/* A client that lets go of many at once, a tree that is closed, is no reason for a thread each. */
static void test_many_enumerators(void **state)
{
    IOPCBrowseServerAddressSpace *browse = get_browse();
    IEnumString *names[ENUMERATORS];
    size_t before;

    (void)state;
    for (int i = 0; i < ENUMERATORS; i++)
        assert_hr(IOPCBrowseServerAddressSpace_BrowseOPCItemIDs(browse, OPC_BRANCH, L"", VT_EMPTY,
                                                                0, &names[i]),
                  S_OK);
    before = count_threads();
    for (int i = 0; i < ENUMERATORS; i++)
        assert_int_equal(stage_release(names[i]), 0);
    assert_true(count_threads() <= before + THREADS_MAX);
    stage_release(browse);
}

static void test_properties(void **state)
{
    IOPCItemProperties *properties = stage_query(stage_server, &IID_IOPCItemProperties);
    WCHAR item[] = L"Memory.I4", unknown[] = L"No.Such.Item";
    DWORD wanted[2] = {OPC_PROPERTY_DATATYPE, 4999};
    DWORD count = 0;
    DWORD *ids = NULL;
    WCHAR **texts = NULL;
    VARTYPE *types = NULL;
    VARIANT *values = NULL;
    HRESULT *errors = NULL;

    (void)state;
    assert_hr(
        IOPCItemProperties_QueryAvailableProperties(properties, item, &count, &ids, &texts, &types),
        S_OK);
    assert_true(count >= 6);
    for (DWORD i = 0; i < count; i++)
        CoTaskMemFree(texts[i]);
    CoTaskMemFree(texts);
    CoTaskMemFree(ids);
    CoTaskMemFree(types);
    assert_hr(IOPCItemProperties_GetItemProperties(properties, item, 2, wanted, &values, &errors),
              S_FALSE);
    assert_hr(errors[0], S_OK);
    assert_hr(errors[1], OPC_E_INVALID_PID);
    assert_int_equal(V_VT(&values[0]), VT_I2);
    assert_int_equal(V_I2(&values[0]), VT_I4);
    CoTaskMemFree(values);
    CoTaskMemFree(errors);
    assert_hr(IOPCItemProperties_LookupItemIDs(properties, item, 1, wanted, &texts, &errors),
              S_FALSE);
    assert_hr(errors[0], OPC_E_INVALID_PID);
    CoTaskMemFree(texts[0]);
    CoTaskMemFree(texts);
    CoTaskMemFree(errors);
    assert_hr(
        IOPCItemProperties_GetItemProperties(properties, unknown, 1, wanted, &values, &errors),
        OPC_E_UNKNOWNITEMID);
    assert_null(values);
    assert_null(errors);
    stage_release(properties);
}

static void test_common(void **state)
{
    IOPCCommon *common = stage_query(stage_server, &IID_IOPCCommon);
    LCID lcid = 0;
    LCID *lcids = NULL;
    DWORD count = 0;
    WCHAR *text = NULL;

    (void)state;
    assert_hr(IOPCCommon_QueryAvailableLocaleIDs(common, &count, &lcids), S_OK);
    assert_true(count > 0);
    assert_hr(IOPCCommon_SetLocaleID(common, lcids[0]), S_OK);
    assert_hr(IOPCCommon_GetLocaleID(common, &lcid), S_OK);
    assert_int_equal(lcid, lcids[0]);
    CoTaskMemFree(lcids);
    assert_hr(IOPCCommon_SetClientName(common, L"proxy_test"), S_OK);
    assert_hr(IOPCCommon_GetErrorString(common, OPC_E_BADRIGHTS, &text), S_OK);
    assert_true(text[0] != 0);
    CoTaskMemFree(text);
    assert_hr(
        IOPCServer_GetErrorString(stage_server, OPC_E_BADRIGHTS, LOCALE_SYSTEM_DEFAULT, &text),
        S_OK);
    assert_true(text[0] != 0);
    CoTaskMemFree(text);
    stage_release(common);
}

const struct CMUnitTest browse_tests[] = {
    cmocka_unit_test(test_position),         cmocka_unit_test(test_names),
    cmocka_unit_test(test_many_enumerators), cmocka_unit_test(test_properties),
    cmocka_unit_test(test_common),
};
const size_t browse_test_count = ARRAYSIZE(browse_tests);
