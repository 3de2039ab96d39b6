#include "testclient.h"

#include <stdio.h>

static void test_all_interfaces_are_there(void **state)
{
    static const IID *const iids[] = {
        &IID_IUnknown,           &IID_IOPCServer,
        &IID_IOPCCommon,         &IID_IOPCBrowseServerAddressSpace,
        &IID_IOPCItemProperties, &IID_IConnectionPointContainer,
    };
    (void)state;
    IOPCServer *server = test_shared();
    IUnknown *identity = test_query(server, &IID_IUnknown);
    for (size_t i = 0; i < sizeof(iids) / sizeof(iids[0]); i++)
    {
        IUnknown *other = test_query(server, iids[i]);
        IUnknown *back = test_query(other, &IID_IUnknown);
        assert_ptr_equal(back, identity);
        IUnknown_Release(back);
        IUnknown_Release(other);
    }
    void *none = &none;
    assert_int_equal(IOPCServer_QueryInterface(server, &IID_IOPCBrowse, &none), E_NOINTERFACE);
    assert_null(none);
    IUnknown_Release(identity);
    IOPCServer_Release(server);
}

static void test_status_tells_the_state(void **state)
{
    OPCSERVERSTATUS *status = NULL;
    (void)state;
    IOPCServer *server = test_shared();
    struct session session;
    test_open(&session, server, 100, TRUE);
    assert_int_equal(IOPCServer_GetStatus(server, &status), S_OK);
    assert_int_equal(status->dwServerState, OPC_STATUS_RUNNING);
    assert_int_equal(status->dwGroupCount, 1);
    assert_non_null(status->szVendorInfo);
    assert_true(CompareFileTime(&status->ftStartTime, &status->ftCurrentTime) <= 0);
    CoTaskMemFree(status->szVendorInfo);
    CoTaskMemFree(status);
    test_close(&session);
    IOPCServer_Release(server);
}

static void test_groups_by_name_and_handle(void **state)
{
    IUnknown *group = NULL;
    IUnknown *again = NULL;
    DWORD boiler = 0;
    DWORD handle = 0;
    DWORD rate = 0;
    LONG bias = 0;
    FLOAT deadband = 0;
    (void)state;
    IOPCServer *server = test_shared();
    assert_int_equal(IOPCServer_AddGroup(server, L"Boiler", TRUE, 55, 1, &bias, &deadband, 0,
                                         &boiler, &rate, &IID_IOPCItemMgt, &group),
                     OPC_S_UNSUPPORTEDRATE);
    assert_int_equal(rate, 60);
    assert_int_equal(IOPCServer_AddGroup(server, L"Boiler", TRUE, 100, 1, NULL, NULL, 0, &handle,
                                         &rate, &IID_IOPCItemMgt, &again),
                     OPC_E_DUPLICATENAME);
    assert_null(again);
    deadband = 101;
    assert_int_equal(IOPCServer_AddGroup(server, L"Other", TRUE, 100, 1, NULL, &deadband, 0,
                                         &handle, &rate, &IID_IOPCItemMgt, &again),
                     E_INVALIDARG);
    assert_int_equal(IOPCServer_AddGroup(server, L"Other", TRUE, 100, 1, NULL, NULL, 0, &handle,
                                         &rate, &IID_IOPCBrowse, &again),
                     E_NOINTERFACE);
    assert_int_equal(IOPCServer_GetGroupByName(server, L"Boiler", &IID_IOPCItemMgt, &again), S_OK);
    assert_ptr_equal(again, group);
    IUnknown_Release(again);
    assert_int_equal(IOPCServer_GetGroupByName(server, L"boiler", &IID_IUnknown, &again),
                     E_INVALIDARG);
    IUnknown_Release(group);
    assert_int_equal(IOPCServer_RemoveGroup(server, boiler, FALSE), S_OK);
    assert_int_equal(IOPCServer_RemoveGroup(server, 4711, FALSE), E_INVALIDARG);
    IOPCServer_Release(server);
}

static void test_removing_a_group_in_use(void **state)
{
    struct session session;
    BOOL is_active = FALSE;
    DWORD rate = 0;
    (void)state;
    IOPCServer *server = test_shared();
    test_open(&session, server, 100, TRUE);
    assert_int_equal(IOPCServer_RemoveGroup(server, session.group_handle, FALSE), OPC_S_INUSE);
    assert_int_equal(
        IOPCGroupStateMgt_SetState(session.group, NULL, &rate, &is_active, NULL, NULL, NULL, NULL),
        E_FAIL);
    assert_int_equal(IOPCServer_RemoveGroup(server, session.group_handle, FALSE), E_INVALIDARG);
    IOPCItemMgt_Release(session.items);
    IOPCGroupStateMgt_Release(session.group);
    IOPCSyncIO_Release(session.sync);
    IOPCAsyncIO2_Release(session.async);
    IOPCDataCallback_Release(&session.sink->IOPCDataCallback_iface);
    IOPCServer_Release(server);
}

static void test_group_enumerators(void **state)
{
    struct session session;
    IUnknown *enumerator = NULL;
    LPOLESTR names[3] = {NULL, NULL, NULL};
    IUnknown *groups[3] = {NULL, NULL, NULL};
    ULONG fetched = 0;
    (void)state;
    IOPCServer *server = test_shared();
    HRESULT result =
        IOPCServer_CreateGroupEnumerator(server, OPC_ENUM_ALL, &IID_IEnumString, &enumerator);
    assert_int_equal(result, S_FALSE);
    IUnknown_Release(enumerator);
    test_open(&session, server, 100, TRUE);
    assert_int_equal(
        IOPCServer_CreateGroupEnumerator(server, OPC_ENUM_PRIVATE, &IID_IEnumString, &enumerator),
        S_OK);
    assert_int_equal(IEnumString_Next((IEnumString *)enumerator, 3, names, &fetched), S_FALSE);
    assert_int_equal(fetched, 1);
    CoTaskMemFree(names[0]);
    IUnknown_Release(enumerator);
    assert_int_equal(IOPCServer_CreateGroupEnumerator(server, OPC_ENUM_ALL_CONNECTIONS,
                                                      &IID_IEnumUnknown, &enumerator),
                     S_OK);
    assert_int_equal(IEnumUnknown_Next((IEnumUnknown *)enumerator, 3, groups, &fetched), S_FALSE);
    assert_int_equal(fetched, 1);
    IUnknown_Release(groups[0]);
    IUnknown_Release(enumerator);
    result =
        IOPCServer_CreateGroupEnumerator(server, OPC_ENUM_PUBLIC, &IID_IEnumString, &enumerator);
    assert_int_equal(result, S_FALSE);
    IUnknown_Release(enumerator);
    test_close(&session);
    IOPCServer_Release(server);
}

static void test_error_texts_and_locales(void **state)
{
    LPWSTR text = NULL;
    LCID *locales = NULL;
    DWORD count = 0;
    LCID locale = 0;
    (void)state;
    IOPCServer *server = test_shared();
    IOPCCommon *common = test_query(server, &IID_IOPCCommon);
    assert_int_equal(IOPCServer_GetErrorString(server, OPC_E_BADTYPE, LOCALE_SYSTEM_DEFAULT, &text),
                     S_OK);
    assert_true(wcslen(text) > 10);
    CoTaskMemFree(text);
    assert_int_equal(
        IOPCCommon_GetErrorString(common, HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND), &text), S_OK);
    CoTaskMemFree(text);
    assert_int_equal(IOPCCommon_GetErrorString(common, (HRESULT)0xC0048765, &text), E_INVALIDARG);
    assert_null(text);
    assert_int_equal(IOPCCommon_GetLocaleID(common, &locale), S_OK);
    assert_int_equal(locale, LOCALE_SYSTEM_DEFAULT);
    assert_int_equal(IOPCCommon_QueryAvailableLocaleIDs(common, &count, &locales), S_OK);
    assert_true(count >= 2);
    assert_int_equal(IOPCCommon_SetLocaleID(common, locales[1]), S_OK);
    CoTaskMemFree(locales);
    assert_int_equal(IOPCCommon_SetLocaleID(common, 0x1234), E_INVALIDARG);
    assert_int_equal(IOPCCommon_SetClientName(common, L"sim_test"), S_OK);
    IOPCCommon_Release(common);
    IOPCServer_Release(server);
}

static void test_properties(void **state)
{
    wchar_t level[] = L"Analog.Level";
    wchar_t unknown[] = L"Nobody.Knows";
    DWORD wanted[] = {OPC_PROPERTY_DATATYPE, OPC_PROPERTY_VALUE, OPC_PROPERTY_EU_UNITS,
                      OPC_PROPERTY_HIGH_EU, OPC_PROPERTY_TIMEZONE};
    DWORD count = 0;
    DWORD *ids = NULL;
    LPWSTR *texts = NULL;
    VARTYPE *types = NULL;
    VARIANT *values = NULL;
    HRESULT *errors = NULL;
    (void)state;
    IOPCServer *server = test_shared();
    IOPCItemProperties *properties = test_query(server, &IID_IOPCItemProperties);
    assert_int_equal(IOPCItemProperties_QueryAvailableProperties(properties, unknown, &count, &ids,
                                                                 &texts, &types),
                     OPC_E_UNKNOWNITEMID);
    assert_int_equal(IOPCItemProperties_QueryAvailableProperties(properties, level, &count, &ids,
                                                                 &texts, &types),
                     S_OK);
    assert_true(count >= 12);
    assert_int_equal(ids[1], OPC_PROPERTY_VALUE);
    assert_int_equal(types[1], VT_R8);
    for (DWORD i = 0; i < count; i++)
    {
        CoTaskMemFree(texts[i]);
    }
    CoTaskMemFree(ids);
    CoTaskMemFree(texts);
    CoTaskMemFree(types);
    assert_int_equal(
        IOPCItemProperties_GetItemProperties(properties, level, 5, wanted, &values, &errors),
        S_FALSE);
    assert_int_equal(V_I2(&values[0]), VT_R8);
    assert_int_equal(V_VT(&values[1]), VT_R8);
    assert_int_equal(V_VT(&values[2]), VT_BSTR);
    assert_true(V_R8(&values[3]) > 99.9);
    assert_int_equal(errors[4], OPC_E_INVALID_PID);
    VariantClear(&values[2]);
    CoTaskMemFree(values);
    CoTaskMemFree(errors);
    assert_int_equal(
        IOPCItemProperties_LookupItemIDs(properties, level, 5, wanted, &texts, &errors), S_FALSE);
    assert_int_equal(errors[0], OPC_E_INVALID_PID);
    assert_int_equal(errors[2], E_FAIL);
    assert_int_equal(wcscmp(texts[3], L"Analog.Level.HighEU"), 0);
    CoTaskMemFree(texts[3]);
    CoTaskMemFree(texts);
    CoTaskMemFree(errors);
    IOPCItemProperties_Release(properties);
    IOPCServer_Release(server);
}

static void test_connection_points(void **state)
{
    IConnectionPoint *point = NULL;
    IConnectionPoint *listed = NULL;
    IConnectionPointContainer *owner = NULL;
    IEnumConnectionPoints *points = NULL;
    IEnumConnections *connections = NULL;
    IID iid;
    DWORD cookie = 0;
    DWORD other = 0;
    ULONG fetched = 0;
    (void)state;
    IOPCServer *server = test_shared();
    struct sink *sink = test_sink_create();
    IUnknown *unknown = (IUnknown *)&sink->IOPCDataCallback_iface;
    IConnectionPointContainer *container = test_query(server, &IID_IConnectionPointContainer);
    assert_int_equal(
        IConnectionPointContainer_FindConnectionPoint(container, &IID_IOPCDataCallback, &point),
        CONNECT_E_NOCONNECTION);
    assert_int_equal(
        IConnectionPointContainer_FindConnectionPoint(container, &IID_IOPCShutdown, &point), S_OK);
    assert_int_equal(IConnectionPointContainer_EnumConnectionPoints(container, &points), S_OK);
    assert_int_equal(IEnumConnectionPoints_Next(points, 1, &listed, &fetched), S_OK);
    assert_ptr_equal(listed, point);
    assert_int_equal(IConnectionPoint_GetConnectionInterface(point, &iid), S_OK);
    assert_true(IsEqualIID(&iid, &IID_IOPCShutdown));
    assert_int_equal(IConnectionPoint_GetConnectionPointContainer(point, &owner), S_OK);
    assert_ptr_equal(owner, container);
    assert_int_equal(IConnectionPoint_EnumConnections(point, &connections), E_NOTIMPL);
    assert_int_equal(IConnectionPoint_Advise(point, (IUnknown *)server, &cookie),
                     CONNECT_E_CANNOTCONNECT);
    assert_int_equal(IConnectionPoint_Advise(point, unknown, &cookie), S_OK);
    assert_int_equal(IConnectionPoint_Advise(point, unknown, &other), CONNECT_E_ADVISELIMIT);
    assert_int_equal(IConnectionPoint_Unadvise(point, cookie + 1), CONNECT_E_NOCONNECTION);
    assert_int_equal(IConnectionPoint_Unadvise(point, cookie), S_OK);
    assert_int_equal(IConnectionPoint_Unadvise(point, cookie), CONNECT_E_NOCONNECTION);
    IConnectionPoint_Release(listed);
    IEnumConnectionPoints_Release(points);
    IConnectionPointContainer_Release(owner);
    IConnectionPoint_Release(point);
    IConnectionPointContainer_Release(container);
    assert_int_equal(sink->refs, 1);
    IUnknown_Release(unknown);
    IOPCServer_Release(server);
}

const struct CMUnitTest server_tests[] = {
    cmocka_unit_test(test_all_interfaces_are_there),
    cmocka_unit_test(test_status_tells_the_state),
    cmocka_unit_test(test_groups_by_name_and_handle),
    cmocka_unit_test(test_removing_a_group_in_use),
    cmocka_unit_test(test_group_enumerators),
    cmocka_unit_test(test_error_texts_and_locales),
    cmocka_unit_test(test_properties),
    cmocka_unit_test(test_connection_points),
};
const size_t server_test_count = sizeof(server_tests) / sizeof(server_tests[0]);
