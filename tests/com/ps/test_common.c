/* What any OPC server has: IOPCCommon, security; and the list of servers. */
#include "ps_test.h"

static void common_methods(void **state)
{
    IOPCCommon *common = server_interface(&IID_IOPCCommon);
    LCID lcid = POISON_NUMBER, *lcids = POISON;
    DWORD count = POISON_NUMBER;
    WCHAR *text = POISON;

    (void)state;
    assert_hr(IOPCCommon_SetLocaleID(common, 0x89ABCDEF), S_OK);
    assert_trace(L"SetLocaleID 89abcdef");
    assert_hr(IOPCCommon_GetLocaleID(common, &lcid), S_OK);
    assert_int_equal(lcid, 0x81234567);
    assert_hr(IOPCCommon_QueryAvailableLocaleIDs(common, &count, &lcids), S_OK);
    assert_int_equal(count, 3);
    assert_int_equal(lcids[0], 0x409);
    assert_int_equal(lcids[1], 0);
    assert_int_equal(lcids[2], 0xFFFFFFFF);
    CoTaskMemFree(lcids);
    assert_hr(IOPCCommon_GetErrorString(common, OPC_E_RANGE, &text), S_OK);
    assert_out_text(text, L"common: no such item");
    assert_trace(L"GetErrorString c004000b");
    assert_hr(IOPCCommon_SetClientName(common, NULL), NULL_REFERENCE);
    assert_hr(IOPCCommon_GetErrorString(common, 0, NULL), NULL_REFERENCE);
    IOPCCommon_Release(common);
}

static void security_methods(void **state)
{
    IOPCSecurityNT *nt = server_interface(&IID_IOPCSecurityNT);
    IOPCSecurityPrivate *private = server_interface(&IID_IOPCSecurityPrivate);
    DWORD level = POISON_NUMBER;
    BOOL available = 0;

    (void)state;
    assert_hr(IOPCSecurityNT_IsAvailableNT(nt, &available), S_OK);
    assert_int_equal(available, TRUE);
    assert_hr(IOPCSecurityNT_QueryMinImpersonationLevel(nt, &level), S_OK);
    assert_int_equal(level, 4);
    assert_hr(IOPCSecurityNT_ChangeUser(nt), OPC_E_PRIVATE_ACTIVE);
    assert_trace(L"ChangeUser");
    available = 0;
    assert_hr(IOPCSecurityPrivate_IsAvailablePriv(private, &available), S_OK);
    assert_int_equal(available, TRUE);
    assert_hr(IOPCSecurityPrivate_Logon(private, L"user", L"p\x00E4ss"), OPC_S_LOW_AUTHN_LEVEL);
    assert_trace(L"Logon user p\x00E4ss");
    assert_hr(IOPCSecurityPrivate_Logoff(private), S_OK);
    assert_trace(L"Logoff");
    IOPCSecurityNT_Release(nt);
    IOPCSecurityPrivate_Release(private);
}

static void server_list(void **state)
{
    IOPCServerList *list = server_interface(&IID_IOPCServerList);
    CATID categories[2] = {IID_IOPCServer, IID_IOPCBrowse};
    WCHAR *progid = POISON, *type = POISON;
    IEnumGUID *classes = POISON;
    GUID guids[2];
    ULONG fetched = POISON_NUMBER;
    CLSID clsid;

    (void)state;
    assert_hr(IOPCServerList_EnumClassesOfCategories(list, 2, categories, 0, categories, &classes),
              S_OK);
    assert_trace(L"EnumClassesOfCategories implemented=2 39c13a4d..b3 39227004..68 required=0");
    assert_hr(IEnumGUID_Next(classes, 2, guids, &fetched), S_OK);
    assert_int_equal(fetched, 2);
    assert_int_equal(guids[1].Data1, 1);
    IEnumGUID_Release(classes);

    assert_hr(IOPCServerList_GetClassDetails(list, &IID_IOPCServer, &progid, &type), S_OK);
    assert_trace(L"GetClassDetails 39c13a4d..b3");
    assert_out_text(progid, L"Vendor.Server.1");
    assert_out_text(type, L"user type");
    assert_hr(IOPCServerList_CLSIDFromProgID(list, L"Vendor.Server", &clsid), S_OK);
    assert_true(IsEqualGUID(&clsid, &IID_IOPCServerList));
    assert_trace(L"CLSIDFromProgID Vendor.Server");
    IOPCServerList_Release(list);
}

static void server_list2_and_its_enumerator(void **state)
{
    IOPCServerList2 *list = server_interface(&IID_IOPCServerList2);
    CATID categories[2] = {IID_IOPCServer, IID_IOPCBrowse};
    WCHAR *progid = POISON, *type = POISON, *independent = POISON;
    IOPCEnumGUID *classes = POISON, *clone = POISON;
    GUID guids[5];
    ULONG fetched = POISON_NUMBER;
    CLSID clsid;

    (void)state;
    assert_hr(IOPCServerList2_EnumClassesOfCategories(list, 1, categories, 2, categories, &classes),
              S_OK);
    assert_trace(L"EnumClassesOfCategories2 implemented=1 39c13a4d..b3 required=2 39c13a4d..b3 "
                 L"39227004..68");
    assert_hr(IOPCEnumGUID_Skip(classes, 1), S_OK);
    assert_hr(IOPCEnumGUID_Clone(classes, &clone), S_OK);
    assert_hr(IOPCEnumGUID_Next(clone, 5, guids, &fetched), S_FALSE);
    assert_int_equal(fetched, 2);
    assert_int_equal(guids[0].Data1, 1);
    assert_int_equal(guids[1].Data1, 2);
    assert_int_equal(guids[1].Data4[0], IID_IOPCServerList.Data4[0]);
    assert_hr(IOPCEnumGUID_Next(clone, 5, guids, &fetched), S_FALSE);
    assert_int_equal(fetched, 0);
    assert_hr(IOPCEnumGUID_Reset(clone), S_OK);
    assert_hr(IOPCEnumGUID_Next(clone, 3, guids, &fetched), S_OK);
    assert_int_equal(fetched, 3);
    IOPCEnumGUID_Release(clone);
    IOPCEnumGUID_Release(classes);

    assert_hr(IOPCServerList2_GetClassDetails(list, &IID_IOPCServer, &progid, &type, &independent),
              S_OK);
    assert_out_text(progid, L"Vendor.Server.2");
    assert_null(type);
    assert_out_text(independent, L"Vendor.Server");
    assert_hr(IOPCServerList2_CLSIDFromProgID(list, L"x", &clsid), S_OK);
    assert_true(IsEqualGUID(&clsid, &IID_IOPCServerList2));
    IOPCServerList2_Release(list);
}

int common_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(common_methods),
        cmocka_unit_test(security_methods),
        cmocka_unit_test(server_list),
        cmocka_unit_test(server_list2_and_its_enumerator),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
