/* IOPCServer, IOPCServerPublicGroups, and NULL where it must not be. */
#include "ps_test.h"

static void status_brings_every_member(void **state)
{
    IOPCCommon *common = server_interface(&IID_IOPCCommon);
    OPCSERVERSTATUS *status = POISON;

    (void)state;
    assert_hr(IOPCCommon_SetClientName(common, L"me"), S_OK);
    assert_hr(IOPCServer_GetStatus(echo, &status), S_OK);
    assert_time(status->ftStartTime, 1);
    assert_time(status->ftCurrentTime, 2);
    assert_time(status->ftLastUpdateTime, 3);
    assert_int_equal(status->dwServerState, OPC_STATUS_COMM_FAULT);
    assert_int_equal(status->dwGroupCount, 0x87654321);
    assert_int_not_equal(status->dwBandWidth, 0);
    assert_int_equal(status->wMajorVersion, 0x1234);
    assert_int_equal(status->wMinorVersion, 0x5678);
    assert_int_equal(status->wBuildNumber, 0x9ABC);
    assert_int_equal(status->wReserved, 0xDEF0);
    assert_out_text(status->szVendorInfo, L"SetClientName me");
    CoTaskMemFree(status);
    /* NULL inside the structure: there was no call since. */
    assert_trace(NULL);
    IOPCCommon_Release(common);
}

static void add_group_brings_optional_values(void **state)
{
    IOPCItemMgt *items = POISON;
    OPCHANDLE handle = POISON_NUMBER;
    DWORD rate = POISON_NUMBER;
    LONG bias = -120;
    FLOAT deadband = 2.5f;

    (void)state;
    assert_hr(IOPCServer_AddGroup(echo, L"Gr\x00FCppe", 1, 250, 0xFEDCBA98, &bias, &deadband, 0x407,
                                  &handle, &rate, &IID_IOPCItemMgt, (IUnknown **)&items),
              OPC_S_UNSUPPORTEDRATE);
    assert_int_equal(handle, 0xA0000001);
    assert_int_equal(rate, 251);
    assert_trace(L"AddGroup Gr\x00FCppe active=1 rate=250 client=fedcba98 bias=-120 deadband=2.5"
                 L" lcid=407");
    /* It is the interface that was asked for. */
    assert_int_equal(IOPCItemMgt_Release(items), 0);
}

static void add_group_brings_null_for_optional_values(void **state)
{
    IUnknown *group = POISON;
    OPCHANDLE handle;
    DWORD rate;

    (void)state;
    assert_hr(IOPCServer_AddGroup(echo, L"", 0, 0, 0, NULL, NULL, 0, &handle, &rate, &IID_IUnknown,
                                  &group),
              OPC_S_UNSUPPORTEDRATE);
    assert_trace(L"AddGroup  active=0 rate=0 client=0 bias=NULL deadband=NULL lcid=0");
    assert_int_equal(IUnknown_Release(group), 0);
}

static void add_group_refuses_unknown_interface(void **state)
{
    IUnknown *group = POISON;
    OPCHANDLE handle;
    DWORD rate;

    (void)state;
    assert_hr(IOPCServer_AddGroup(echo, L"g", 1, 0, 0, NULL, NULL, 0, &handle, &rate,
                                  &IID_IOPCBrowse, &group),
              E_NOINTERFACE);
    assert_null(group);
}

static void null_references_are_refused_before_the_call(void **state)
{
    IUnknown *group = NULL;
    OPCHANDLE handle;
    DWORD rate;

    (void)state;
    assert_hr(IOPCServer_RemoveGroup(echo, 1, FALSE), OPC_S_INUSE);
    assert_trace(L"RemoveGroup 1 force=0");
    assert_hr(IOPCServer_AddGroup(echo, NULL, 1, 0, 0, NULL, NULL, 0, &handle, &rate, &IID_IUnknown,
                                  &group),
              NULL_REFERENCE);
    assert_hr(
        IOPCServer_AddGroup(echo, L"g", 1, 0, 0, NULL, NULL, 0, NULL, &rate, &IID_IUnknown, &group),
        NULL_REFERENCE);
    assert_hr(IOPCServer_AddGroup(echo, L"g", 1, 0, 0, NULL, NULL, 0, &handle, NULL, &IID_IUnknown,
                                  &group),
              NULL_REFERENCE);
    assert_hr(IOPCServer_AddGroup(echo, L"g", 1, 0, 0, NULL, NULL, 0, &handle, &rate, NULL, &group),
              NULL_REFERENCE);
    assert_trace(NULL);
}

/*
 * Where the caller's pointer is to take a pointer, Wine 8 notices NULL only when the answer is
 * there. The caller sees the same.
 */
static void null_for_results_is_refused(void **state)
{
    OPCHANDLE handle;
    DWORD rate;

    (void)state;
    assert_hr(IOPCServer_AddGroup(echo, L"g", 1, 0, 0, NULL, NULL, 0, &handle, &rate, &IID_IUnknown,
                                  NULL),
              NULL_REFERENCE);
    assert_hr(IOPCServer_GetErrorString(echo, 0, 0, NULL), NULL_REFERENCE);
    assert_hr(IOPCServer_GetStatus(echo, NULL), NULL_REFERENCE);
}

/* Regression: widl describes this parameter wrongly, and without repair the text is NULL. */
static void error_string_arrives(void **state)
{
    WCHAR *text = POISON;

    (void)state;
    assert_hr(IOPCServer_GetErrorString(echo, OPC_E_UNKNOWNITEMID, 0x10407, &text), S_OK);
    assert_out_text(text, L"server: no such item");
    assert_trace(L"GetErrorString c0040007 locale=10407");
}

static void error_string_may_be_empty_or_null(void **state)
{
    WCHAR *text = POISON;

    (void)state;
    assert_hr(IOPCServer_GetErrorString(echo, S_FALSE, 0, &text), S_OK);
    assert_out_text(text, L"");
    text = POISON;
    assert_hr(IOPCServer_GetErrorString(echo, S_OK, 0, &text), S_OK);
    assert_null(text);
}

static void groups_by_name(void **state)
{
    IOPCServerPublicGroups *publics = server_interface(&IID_IOPCServerPublicGroups);
    IOPCGroupStateMgt *group = POISON;

    (void)state;
    assert_hr(IOPCServer_GetGroupByName(echo, L"mine", &IID_IOPCGroupStateMgt, (IUnknown **)&group),
              S_OK);
    assert_trace(L"GetGroupByName mine");
    IOPCGroupStateMgt_Release(group);

    assert_hr(IOPCServerPublicGroups_GetPublicGroupByName(publics, L"ours", &IID_IOPCGroupStateMgt,
                                                          (IUnknown **)&group),
              S_OK);
    assert_trace(L"GetPublicGroupByName ours");
    IOPCGroupStateMgt_Release(group);

    assert_hr(IOPCServerPublicGroups_RemovePublicGroup(publics, 0x87654321, TRUE), OPC_E_NOTFOUND);
    assert_trace(L"RemovePublicGroup 87654321 force=1");
    IOPCServerPublicGroups_Release(publics);
}

static void group_enumerator(void **state)
{
    IEnumString *names = POISON;
    WCHAR *text[4] = {0};
    ULONG fetched = POISON_NUMBER;

    (void)state;
    assert_hr(
        IOPCServer_CreateGroupEnumerator(echo, OPC_ENUM_ALL, &IID_IEnumString, (IUnknown **)&names),
        S_OK);
    assert_trace(L"CreateGroupEnumerator 6");
    assert_hr(IEnumString_Next(names, 4, text, &fetched), S_FALSE);
    assert_int_equal(fetched, 3);
    assert_out_text(text[0], L"first");
    assert_out_text(text[1], L"");
    assert_out_text(text[2], L"third");
    IEnumString_Release(names);

    names = POISON;
    assert_hr(IOPCServer_CreateGroupEnumerator(echo, OPC_ENUM_PUBLIC, &IID_IEnumString,
                                               (IUnknown **)&names),
              S_FALSE);
    assert_null(names);
}

int server_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(status_brings_every_member),
        cmocka_unit_test(add_group_brings_optional_values),
        cmocka_unit_test(add_group_brings_null_for_optional_values),
        cmocka_unit_test(add_group_refuses_unknown_interface),
        cmocka_unit_test(null_references_are_refused_before_the_call),
        cmocka_unit_test(null_for_results_is_refused),
        cmocka_unit_test(error_string_arrives),
        cmocka_unit_test(error_string_may_be_empty_or_null),
        cmocka_unit_test(groups_by_name),
        cmocka_unit_test(group_enumerator),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
