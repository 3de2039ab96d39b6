/* Data Access 3.0 of a difficult server: the vendor's codes without a group, faults on sampled
 * items. */
#include "testda3.h"

static const wchar_t machine[] = L"SimTestF";

static HRESULT read_by_id(IOPCItemIO *io, const wchar_t *id, VARTYPE *type)
{
    DWORD max_age = 0;
    VARIANT *value = NULL;
    WORD *quality = NULL;
    FILETIME *stamp = NULL;
    HRESULT *errors = NULL;
    HRESULT result = IOPCItemIO_Read(io, 1, &id, &max_age, &value, &quality, &stamp, &errors);
    assert_true(result == S_OK || result == S_FALSE);
    HRESULT error = errors[0];
    *type = V_VT(&value[0]);
    assert_int_equal(result, error == S_OK ? S_OK : S_FALSE);
    assert_int_equal(quality[0], SUCCEEDED(error) ? OPC_QUALITY_GOOD : OPC_QUALITY_BAD);
    CoTaskMemFree(value);
    CoTaskMemFree(quality);
    CoTaskMemFree(stamp);
    CoTaskMemFree(errors);
    return error;
}

static HRESULT write_by_id(IOPCItemIO *io, const wchar_t *id, VARIANT value)
{
    OPCITEMVQT vqt = test_vqt(value);
    HRESULT *errors = NULL;
    HRESULT result = IOPCItemIO_WriteVQT(io, 1, &id, &vqt, &errors);
    assert_true(result == S_OK || result == S_FALSE);
    HRESULT error = errors[0];
    CoTaskMemFree(errors);
    return error;
}

static void test_vendor_codes_without_a_group(void **state)
{
    VARTYPE type = VT_EMPTY;
    VARIANT nothing;
    (void)state;
    VariantInit(&nothing);
    IOPCServer *server = test_connect_with(machine, L"--da 3 --vendor-codes");
    IOPCItemIO *io = test_query(server, &IID_IOPCItemIO);
    assert_int_equal(read_by_id(io, L"Vendor.AddNote", &type), S_OK);
    assert_int_equal(read_by_id(io, L"Vendor.ReadNote", &type), (HRESULT)0x00048002);
    assert_int_equal(type, VT_I4);
    assert_int_equal(read_by_id(io, L"Vendor.ReadFails", &type), (HRESULT)0xC0048002);
    assert_int_equal(type, VT_EMPTY);
    assert_int_equal(write_by_id(io, L"Vendor.WriteNote", test_i4(3)), (HRESULT)0x00048003);
    assert_int_equal(write_by_id(io, L"Vendor.WriteFails", test_i4(3)), (HRESULT)0xC0048003);
    assert_int_equal(write_by_id(io, L"Vendor.WriteFails", nothing), (HRESULT)0xC0048003);
    assert_int_equal(write_by_id(io, L"Vendor.AddNote", nothing), S_OK);
    IOPCItemIO_Release(io);
    IOPCServer_Release(server);
}

static void test_vendor_codes_of_properties(void **state)
{
    static const struct
    {
        const wchar_t *id;
        HRESULT code;
    } rows[] = {
        {L"Vendor.AddNote",   S_OK               },
        {L"Vendor.ReadNote",  (HRESULT)0x00048002},
        {L"Vendor.ReadFails", (HRESULT)0xC0048002},
    };
    (void)state;
    IOPCServer *server = test_connect_with(machine, L"--vendor-codes");
    IOPCItemProperties *properties = test_query(server, &IID_IOPCItemProperties);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    {
        wchar_t id[32];
        DWORD wanted[] = {OPC_PROPERTY_DATATYPE, OPC_PROPERTY_VALUE};
        VARIANT *values = NULL;
        HRESULT *errors = NULL;
        wcscpy(id, rows[i].id);
        assert_int_equal(
            IOPCItemProperties_GetItemProperties(properties, id, 2, wanted, &values, &errors),
            rows[i].code == S_OK ? S_OK : S_FALSE);
        assert_int_equal(errors[0], S_OK);
        assert_int_equal(errors[1], rows[i].code);
        assert_int_equal(V_VT(&values[1]), SUCCEEDED(rows[i].code) ? VT_I4 : VT_EMPTY);
        CoTaskMemFree(values);
        CoTaskMemFree(errors);
    }
    IOPCItemProperties_Release(properties);
    IOPCServer_Release(server);
}

static void sample(struct session *session, DWORD handle, DWORD rate_ms)
{
    DWORD *rates = NULL;
    HRESULT *errors = NULL;
    IOPCItemSamplingMgt *items = test_query(session->group, &IID_IOPCItemSamplingMgt);
    assert_int_equal(
        IOPCItemSamplingMgt_SetItemSamplingRate(items, 1, &handle, &rate_ms, &rates, &errors),
        S_OK);
    CoTaskMemFree(rates);
    CoTaskMemFree(errors);
    IOPCItemSamplingMgt_Release(items);
}

/* A value that stays: its quality is what is told. */
static void test_faults_reach_sampled_items(void **state)
{
    static const WORD wanted[] = {OPC_QUALITY_GOOD, OPC_QUALITY_UNCERTAIN, OPC_QUALITY_GOOD,
                                  OPC_QUALITY_BAD, OPC_QUALITY_GOOD};
    static const wchar_t *const orders[] = {
        L"/fault SimTestF quality Memory uncertain", L"/fault SimTestF quality Memory own",
        L"/fault SimTestF not-ready 1", /* and ready again by itself */
    };
    struct session session;
    (void)state;
    IOPCServer *server = test_connect_with(machine, L"--da 3");
    test_open(&session, server, 100, TRUE);
    DWORD handle = test_add(&session, L"Memory.I4", 1, VT_EMPTY);
    sample(&session, handle, 50);
    test_advise(&session);
    test_wait(&session, RECORD_CHANGE, 1);
    for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++)
    {
        assert_int_equal(test_rmsim(orders[i]), 0);
        test_wait(&session, RECORD_CHANGE, (DWORD)i + 2);
    }
    test_wait(&session, RECORD_CHANGE, 5);
    for (DWORD i = 0; i < 5; i++)
    {
        assert_int_equal(test_record(&session, RECORD_CHANGE, i).quality, wanted[i]);
    }
    assert_int_equal(test_rmsim(L"/fault SimTestF clear"), 0);
    test_close(&session);
    IOPCServer_Release(server);
}

const struct CMUnitTest difficult_da3_tests[] = {
    cmocka_unit_test(test_vendor_codes_without_a_group),
    cmocka_unit_test(test_vendor_codes_of_properties),
    cmocka_unit_test(test_faults_reach_sampled_items),
};
const size_t difficult_da3_test_count =
    sizeof(difficult_da3_tests) / sizeof(difficult_da3_tests[0]);
