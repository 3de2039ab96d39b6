/* Values of every type, in both directions and through every call that carries them. */
#include "ps_test.h"

#include "samples.h"

static OPCHANDLE numbers[SAMPLE_COUNT];

static void make_samples(VARIANT *values)
{
    for (DWORD i = 0; i < SAMPLE_COUNT; i++)
    {
        numbers[i] = i;
        sample_make(i, &values[i]);
    }
}

static void clear_samples(VARIANT *values)
{
    for (DWORD i = 0; i < SAMPLE_COUNT; i++)
        VariantClear(&values[i]);
}

/* As the server's check_vqts expects them. */
static void make_vqts(OPCITEMVQT *vqts)
{
    for (DWORD i = 0; i < SAMPLE_COUNT; i++)
    {
        numbers[i] = i;
        sample_make(i, &vqts[i].vDataValue);
        vqts[i].bQualitySpecified = (BOOL)(i % 2);
        vqts[i].wQuality = (WORD)(0xFF00 + i);
        vqts[i].wReserved = (WORD)(i + 1);
        vqts[i].bTimeStampSpecified = (BOOL)(i % 3);
        vqts[i].dwReserved = i + 2;
        vqts[i].ftTimeStamp = number_to_time(i);
    }
}

static void clear_vqts(OPCITEMVQT *vqts)
{
    for (DWORD i = 0; i < SAMPLE_COUNT; i++)
        VariantClear(&vqts[i].vDataValue);
}

static void check_read_and_write(IOPCSyncIO *group)
{
    VARIANT values[SAMPLE_COUNT];
    OPCITEMSTATE *states = POISON;
    HRESULT *errors = POISON;

    make_samples(values);
    assert_hr(IOPCSyncIO_Write(group, SAMPLE_COUNT, numbers, values, &errors), S_OK);
    assert_no_errors(errors, SAMPLE_COUNT);
    /* The proxy has left our own values alone. */
    for (DWORD i = 0; i < SAMPLE_COUNT; i++)
        assert_true(sample_is(i, &values[i]));
    clear_samples(values);

    assert_hr(IOPCSyncIO_Read(group, OPC_DS_DEVICE, SAMPLE_COUNT, numbers, &states, &errors),
              S_FALSE);
    assert_trace(L"SyncIO::Read 2");
    for (DWORD i = 0; i < SAMPLE_COUNT; i++)
    {
        assert_int_equal(states[i].hClient, 0xC1000000 + i);
        assert_time(states[i].ftTimeStamp, i);
        assert_int_equal(states[i].wQuality, 0xFF00 + i);
        assert_int_equal(states[i].wReserved, i + 1);
        assert_true(sample_is(i, &states[i].vDataValue));
        VariantClear(&states[i].vDataValue);
    }
    CoTaskMemFree(states);
    assert_errors(errors, SAMPLE_COUNT);
    assert_hr(IOPCSyncIO_Read(group, OPC_DS_CACHE, 1, NULL, &states, &errors), NULL_REFERENCE);
    assert_hr(IOPCSyncIO_Write(group, 1, numbers, NULL, &errors), NULL_REFERENCE);
}

/* A wrong value is noticed at the other end: so what the tests above say means something. */
static void the_server_notices_a_wrong_value(void **state)
{
    IOPCSyncIO *group = group_interface(&IID_IOPCSyncIO);
    VARIANT values[2];
    HRESULT *errors = POISON;
    OPCHANDLE swapped[2] = {6, 35};

    (void)state;
    sample_make(35, &values[0]);
    sample_make(6, &values[1]);
    assert_hr(IOPCSyncIO_Write(group, 2, swapped, values, &errors), S_OK);
    assert_hr(errors[0], OPC_E_BADTYPE);
    assert_hr(errors[1], OPC_E_BADTYPE);
    CoTaskMemFree(errors);
    VariantClear(&values[0]);
    VariantClear(&values[1]);
    IOPCSyncIO_Release(group);
}

static void sync_read_and_write(void **state)
{
    IOPCSyncIO *group = group_interface(&IID_IOPCSyncIO);

    (void)state;
    check_read_and_write(group);
    IOPCSyncIO_Release(group);
}

static void assert_vqt_arrays(VARIANT *values, WORD *qualities, FILETIME *times)
{
    for (DWORD i = 0; i < SAMPLE_COUNT; i++)
    {
        assert_true(sample_is(i, &values[i]));
        assert_int_equal(qualities[i], 0xFF00 + i);
        assert_time(times[i], i);
        VariantClear(&values[i]);
    }
    CoTaskMemFree(values);
    CoTaskMemFree(qualities);
    CoTaskMemFree(times);
}

static void sync2_with_inherited_methods(void **state)
{
    IOPCSyncIO2 *group = group_interface(&IID_IOPCSyncIO2);
    OPCITEMVQT vqts[SAMPLE_COUNT];
    DWORD ages[SAMPLE_COUNT] = {0, 0xFFFFFFFF, 1000};
    VARIANT *values = POISON;
    WORD *qualities = POISON;
    FILETIME *times = POISON;
    HRESULT *errors = POISON;

    (void)state;
    check_read_and_write((IOPCSyncIO *)group);
    make_vqts(vqts);
    assert_hr(IOPCSyncIO2_WriteVQT(group, SAMPLE_COUNT, numbers, vqts, &errors), S_OK);
    assert_no_errors(errors, SAMPLE_COUNT);
    clear_vqts(vqts);

    assert_hr(IOPCSyncIO2_ReadMaxAge(group, SAMPLE_COUNT, numbers, ages, &values, &qualities,
                                     &times, &errors),
              S_FALSE);
    assert_vqt_arrays(values, qualities, times);
    assert_errors(errors, SAMPLE_COUNT);
    IOPCSyncIO2_Release(group);
}

static void item_io(void **state)
{
    IOPCItemIO *io = server_interface(&IID_IOPCItemIO);
    OPCITEMVQT vqts[SAMPLE_COUNT];
    DWORD ages[SAMPLE_COUNT] = {0, 0xFFFFFFFF, 1000};
    LPCWSTR items[SAMPLE_COUNT];
    VARIANT *values = POISON;
    WORD *qualities = POISON;
    FILETIME *times = POISON;
    HRESULT *errors = POISON;

    (void)state;
    for (DWORD i = 0; i < SAMPLE_COUNT; i++)
        items[i] = L"Plant.Temp";
    make_vqts(vqts);
    assert_hr(IOPCItemIO_WriteVQT(io, SAMPLE_COUNT, items, vqts, &errors), S_OK);
    assert_trace(L"ItemIO::WriteVQT items=Plant.Temp");
    assert_no_errors(errors, SAMPLE_COUNT);
    clear_vqts(vqts);

    assert_hr(IOPCItemIO_Read(io, SAMPLE_COUNT, items, ages, &values, &qualities, &times, &errors),
              S_FALSE);
    assert_vqt_arrays(values, qualities, times);
    assert_errors(errors, SAMPLE_COUNT);

    items[1] = NULL;
    items[2] = L"";
    assert_hr(IOPCItemIO_Read(io, 3, items, ages, &values, &qualities, &times, &errors), S_FALSE);
    assert_trace(L"ItemIO::Read ages=0,ffffffff,3e8 items=Plant.Temp,NULL,");
    assert_errors(errors, 3);
    CoTaskMemFree(values);
    CoTaskMemFree(qualities);
    CoTaskMemFree(times);
    IOPCItemIO_Release(io);
}

static void async1_methods(void **state)
{
    IOPCAsyncIO *group = group_interface(&IID_IOPCAsyncIO);
    VARIANT values[SAMPLE_COUNT];
    DWORD transaction = POISON_NUMBER;
    HRESULT *errors = POISON;

    (void)state;
    make_samples(values);
    assert_hr(IOPCAsyncIO_Read(group, 0x99999999, OPC_DS_DEVICE, 3, numbers, &transaction, &errors),
              S_FALSE);
    assert_int_equal(transaction, 0xAA000001);
    assert_trace(L"AsyncIO::Read connection=99999999 source=2 items=0,1,2");
    assert_errors(errors, 3);
    assert_hr(IOPCAsyncIO_Write(group, 3, SAMPLE_COUNT, numbers, values, &transaction, &errors),
              S_OK);
    assert_int_equal(transaction, 0xAA000002);
    assert_trace(L"AsyncIO::Write connection=3");
    assert_no_errors(errors, SAMPLE_COUNT);
    clear_samples(values);
    assert_hr(IOPCAsyncIO_Refresh(group, 4, OPC_DS_CACHE, &transaction), CONNECT_E_NOCONNECTION);
    assert_trace(L"AsyncIO::Refresh connection=4 source=1");
    assert_hr(IOPCAsyncIO_Cancel(group, 0xFFFFFFFF), S_OK);
    assert_trace(L"AsyncIO::Cancel ffffffff");
    IOPCAsyncIO_Release(group);
}

static void async3_methods_without_callback(void **state)
{
    IOPCAsyncIO3 *group = group_interface(&IID_IOPCAsyncIO3);
    OPCITEMVQT vqts[SAMPLE_COUNT];
    DWORD ages[2] = {0, 0xFFFFFFFF}, cancel = POISON_NUMBER;
    HRESULT *errors = POISON;
    BOOL enabled = 0;

    (void)state;
    make_vqts(vqts);
    assert_hr(IOPCAsyncIO3_WriteVQT(group, SAMPLE_COUNT, numbers, vqts, 0x66, &cancel, &errors),
              S_OK);
    assert_int_equal(cancel, 0xCC000005);
    assert_trace(L"AsyncIO3::WriteVQT first=0 transaction=66");
    assert_no_errors(errors, SAMPLE_COUNT);
    clear_vqts(vqts);
    assert_hr(IOPCAsyncIO3_ReadMaxAge(group, 2, numbers, ages, 0x67, &cancel, &errors), S_FALSE);
    assert_int_equal(cancel, 0xCC000004);
    assert_trace(L"AsyncIO3::ReadMaxAge transaction=67 items=0,1 ages=0,ffffffff");
    assert_errors(errors, 2);
    assert_hr(IOPCAsyncIO3_SetEnable(group, TRUE), S_OK);
    assert_trace(L"AsyncIO2::SetEnable 1");
    assert_hr(IOPCAsyncIO3_GetEnable(group, &enabled), S_OK);
    assert_int_equal(enabled, TRUE);
    IOPCAsyncIO3_Release(group);
}

int value_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sync_read_and_write),
        cmocka_unit_test(the_server_notices_a_wrong_value),
        cmocka_unit_test(sync2_with_inherited_methods),
        cmocka_unit_test(item_io),
        cmocka_unit_test(async1_methods),
        cmocka_unit_test(async3_methods_without_callback),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
