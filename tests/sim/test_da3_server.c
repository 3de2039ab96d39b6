#include "testda3.h"

#include <comcat.h>
#include <opc/opcguids.h>

static const IID *const server_iids[] = {&IID_IOPCBrowse, &IID_IOPCItemIO};
static const IID *const group_iids[] = {&IID_IOPCGroupStateMgt2, &IID_IOPCSyncIO2,
                                        &IID_IOPCAsyncIO3, &IID_IOPCItemDeadbandMgt,
                                        &IID_IOPCItemSamplingMgt};

static void assert_none(void *object, const IID *iid)
{
    void *none = &none;
    assert_int_equal(IUnknown_QueryInterface((IUnknown *)object, iid, &none), E_NOINTERFACE);
    assert_null(none);
}

/* An interface of the same object. */
static void assert_one(void *object, const IID *iid)
{
    IUnknown *identity = test_query(object, &IID_IUnknown);
    IUnknown *other = test_query(object, iid);
    IUnknown *back = test_query(other, &IID_IUnknown);
    assert_ptr_equal(back, identity);
    IUnknown_Release(back);
    IUnknown_Release(other);
    IUnknown_Release(identity);
}

static void test_each_version_has_its_interfaces(void **state)
{
    struct session session;
    (void)state;
    IOPCServer *server = test_shared();
    test_open(&session, server, 100, FALSE);
    for (size_t i = 0; i < 2; i++)
    {
        assert_none(server, server_iids[i]);
    }
    for (size_t i = 0; i < 5; i++)
    {
        assert_none(session.group, group_iids[i]);
    }
    test_close(&session);
    IOPCServer_Release(server);

    server = test_da3();
    test_open(&session, server, 100, FALSE); /* asks for the interfaces of 2.05a as well */
    for (size_t i = 0; i < 2; i++)
    {
        assert_one(server, server_iids[i]);
    }
    for (size_t i = 0; i < 5; i++)
    {
        assert_one(session.group, group_iids[i]);
    }
    assert_one(server, &IID_IOPCBrowseServerAddressSpace);
    assert_one(server, &IID_IOPCItemProperties);
    test_close(&session);
    IOPCServer_Release(server);

    server = test_connect(L"SimTestD");
    assert_one(server, &IID_IOPCBrowse);
    assert_one(server, &IID_IOPCCommon);
    assert_none(server, &IID_IOPCBrowseServerAddressSpace);
    assert_none(server, &IID_IOPCItemProperties);
    IOPCServer_Release(server);
}

static bool is_of(ICatInformation *information, const wchar_t *prog_id, const CATID *category)
{
    CLSID clsid;
    CATID wanted = *category;
    assert_int_equal(CLSIDFromProgID(prog_id, &clsid), S_OK);
    HRESULT result = ICatInformation_IsClassOfCategories(information, &clsid, 1, &wanted, 0, NULL);
    assert_true(result == S_OK || result == S_FALSE);
    return result == S_OK;
}

static void test_categories(void **state)
{
    void *object = NULL;
    (void)state;
    assert_int_equal(CoCreateInstance(&CLSID_StdComponentCategoriesMgr, NULL, CLSCTX_INPROC_SERVER,
                                      &IID_ICatInformation, &object),
                     S_OK);
    ICatInformation *information = object;
    assert_true(is_of(information, L"RMSim.SimTestA.1", &CATID_OPCDAServer20));
    assert_false(is_of(information, L"RMSim.SimTestA.1", &CATID_OPCDAServer30));
    assert_true(is_of(information, L"RMSim.SimTestC.1", &CATID_OPCDAServer20));
    assert_true(is_of(information, L"RMSim.SimTestC.1", &CATID_OPCDAServer30));
    assert_false(is_of(information, L"RMSim.SimTestD.1", &CATID_OPCDAServer20));
    assert_true(is_of(information, L"RMSim.SimTestD.1", &CATID_OPCDAServer30));
    ICatInformation_Release(information);
}

static void test_items_are_read_without_a_group(void **state)
{
    LPCWSTR ids[] = {L"Analog.Setpoint",  L"Nobody.Knows", L"a..b",
                     L"Rights.WriteOnly", L"Quality.Bad",  L"Counters"};
    static const HRESULT expected[] = {
        S_OK, OPC_E_UNKNOWNITEMID, OPC_E_INVALIDITEMID, OPC_E_BADRIGHTS, S_OK, OPC_E_UNKNOWNITEMID};
    DWORD ages[] = {0, 0, 0, 0, 0, MAXDWORD};
    VARIANT *values = NULL;
    WORD *qualities = NULL;
    FILETIME *stamps = NULL;
    HRESULT *errors = NULL;
    (void)state;
    IOPCServer *server = test_da3();
    IOPCItemIO *io = test_query(server, &IID_IOPCItemIO);
    values = (VARIANT *)&values;
    assert_int_equal(IOPCItemIO_Read(io, 0, ids, ages, &values, &qualities, &stamps, &errors),
                     E_INVALIDARG);
    assert_null(values);
    assert_int_equal(IOPCItemIO_Read(io, 6, ids, ages, &values, &qualities, &stamps, &errors),
                     S_FALSE);
    for (int i = 0; i < 6; i++)
    {
        assert_int_equal(errors[i], expected[i]);
        assert_true(SUCCEEDED(errors[i]) || V_VT(&values[i]) == VT_EMPTY);
    }
    assert_int_equal(V_VT(&values[0]), VT_R8);
    assert_int_equal(qualities[0], OPC_QUALITY_GOOD);
    assert_int_equal(qualities[4], OPC_QUALITY_BAD);
    assert_true(stamps[0].dwHighDateTime != 0);
    CoTaskMemFree(values);
    CoTaskMemFree(qualities);
    CoTaskMemFree(stamps);
    CoTaskMemFree(errors);
    IOPCItemIO_Release(io);
    IOPCServer_Release(server);
}

static LONG read_counter(IOPCItemIO *io, DWORD max_age, FILETIME *stamp)
{
    LPCWSTR id = L"Counters.C0001";
    VARIANT *values = NULL;
    WORD *qualities = NULL;
    FILETIME *stamps = NULL;
    HRESULT *errors = NULL;
    assert_int_equal(IOPCItemIO_Read(io, 1, &id, &max_age, &values, &qualities, &stamps, &errors),
                     S_OK);
    assert_int_equal(V_VT(&values[0]), VT_I4);
    LONG value = V_I4(&values[0]);
    *stamp = stamps[0];
    CoTaskMemFree(values);
    CoTaskMemFree(qualities);
    CoTaskMemFree(stamps);
    CoTaskMemFree(errors);
    return value;
}

/* The cache is filled once in a second, so its counters show multiples of 50 of their 20 ms. */
static void test_the_greatest_age_chooses_cache_or_device(void **state)
{
    FILETIME old;
    FILETIME fresh;
    (void)state;
    IOPCServer *server = test_da3();
    IOPCItemIO *io = test_query(server, &IID_IOPCItemIO);
    LONG off_grid = 0;
    for (int i = 0; i < 5; i++)
    {
        LONG cached = read_counter(io, MAXDWORD, &old);
        LONG device = read_counter(io, 0, &fresh);
        assert_int_equal(cached % 50, 0);
        assert_true(device >= cached);
        assert_true(device == cached || CompareFileTime(&old, &fresh) < 0);
        assert_int_equal(read_counter(io, 3000, &old) % 50, 0);
        off_grid += device % 50 != 0;
        LONG recent = read_counter(io, 100, &old); /* as old as 100 ms, never more */
        assert_true(recent >= device - 5 - 1);
        Sleep(70);
    }
    assert_true(off_grid > 0);
    IOPCItemIO_Release(io);
    IOPCServer_Release(server);
}

static void test_items_are_written_without_a_group(void **state)
{
    LPCWSTR ids[] = {L"Memory.I4",       L"Analog.Clamped",  L"Analog.Setpoint", L"Memory.I2",
                     L"Rights.ReadOnly", L"Analog.Setpoint", L"Nobody.Knows",    L"",
                     L"Memory.Array.I4"};
    static const HRESULT expected[] = {S_OK,
                                       OPC_S_CLAMP,
                                       OPC_E_RANGE,
                                       DISP_E_OVERFLOW,
                                       OPC_E_BADRIGHTS,
                                       OPC_E_NOTSUPPORTED,
                                       OPC_E_UNKNOWNITEMID,
                                       OPC_E_INVALIDITEMID,
                                       OPC_E_BADTYPE};
    OPCITEMVQT vqts[] = {test_vqt(test_i4(815)),     test_vqt(test_r8(200)), test_vqt(test_r8(200)),
                         test_vqt(test_i4(1 << 20)), test_vqt(test_i4(1)),   test_vqt(test_r8(50)),
                         test_vqt(test_i4(1)),       test_vqt(test_i4(1)),   test_vqt(test_i4(1))};
    HRESULT *errors = NULL;
    (void)state;
    IOPCServer *server = test_da3();
    IOPCItemIO *io = test_query(server, &IID_IOPCItemIO);
    vqts[5].bQualitySpecified = TRUE;
    vqts[5].wQuality = OPC_QUALITY_UNCERTAIN;
    assert_int_equal(IOPCItemIO_WriteVQT(io, 0, ids, vqts, &errors), E_INVALIDARG);
    assert_null(errors);
    assert_int_equal(IOPCItemIO_WriteVQT(io, 9, ids, vqts, &errors), S_FALSE);
    for (int i = 0; i < 9; i++)
    {
        assert_int_equal(errors[i], expected[i]);
    }
    CoTaskMemFree(errors);
    assert_int_equal(IOPCItemIO_WriteVQT(io, 1, ids, vqts, &errors), S_OK);
    CoTaskMemFree(errors);
    IOPCItemIO_Release(io);
    IOPCServer_Release(server);
}

static void test_faults_reach_the_new_methods(void **state)
{
    struct session session;
    VARIANT value;
    WORD quality = 0;
    FILETIME stamp;
    DWORD rate = 0;
    (void)state;
    IOPCServer *server = test_da3();
    test_open(&session, server, 100, TRUE);
    DWORD handle = test_add(&session, L"Memory.I4", 1, VT_EMPTY);
    IOPCGroupStateMgt2 *group = test_query(session.group, &IID_IOPCGroupStateMgt2);
    assert_int_equal(test_rmsim(L"/fault SimTestC fail IOPCGroupStateMgt2.GetKeepAlive 0x8004ABCD"),
                     0);
    assert_int_equal(IOPCGroupStateMgt2_GetKeepAlive(group, &rate), (HRESULT)0x8004ABCD);
    assert_int_equal(test_rmsim(L"/fault SimTestC clear"), 0);
    assert_int_equal(IOPCGroupStateMgt2_GetKeepAlive(group, &rate), S_OK);
    assert_int_equal(test_rmsim(L"/fault SimTestC slow IOPCSyncIO2.ReadMaxAge 300"), 0);
    DWORD start = GetTickCount();
    assert_int_equal(test_read_max_age(&session, handle, 0, &value, &quality, &stamp), S_OK);
    assert_true(GetTickCount() - start >= 290);
    assert_int_equal(test_rmsim(L"/fault SimTestC clear"), 0);
    IOPCGroupStateMgt2_Release(group);
    test_close(&session);
    IOPCServer_Release(server);
}

const struct CMUnitTest da3_server_tests[] = {
    cmocka_unit_test(test_each_version_has_its_interfaces),
    cmocka_unit_test(test_categories),
    cmocka_unit_test(test_items_are_read_without_a_group),
    cmocka_unit_test(test_the_greatest_age_chooses_cache_or_device),
    cmocka_unit_test(test_items_are_written_without_a_group),
    cmocka_unit_test(test_faults_reach_the_new_methods),
};
const size_t da3_server_test_count = sizeof(da3_server_tests) / sizeof(da3_server_tests[0]);
