#include "testda3.h"

#include <math.h>

static void assert_errors(HRESULT *errors, const HRESULT *expected, DWORD count)
{
    for (DWORD i = 0; i < count; i++)
    {
        assert_int_equal(errors[i], expected[i]);
    }
    CoTaskMemFree(errors);
}

static void test_deadbands_belong_to_analog_items(void **state)
{
    struct session session;
    FLOAT deadbands[] = {10, 10, 10, 101};
    FLOAT *found = NULL;
    HRESULT *errors = NULL;
    (void)state;
    IOPCServer *server = test_da3();
    test_open(&session, server, 100, TRUE);
    IOPCItemDeadbandMgt *items = test_query(session.group, &IID_IOPCItemDeadbandMgt);
    DWORD level = test_add(&session, L"Analog.Level", 1, VT_EMPTY);
    DWORD number = test_add(&session, L"Memory.R8", 2, VT_EMPTY);
    DWORD setpoint = test_add(&session, L"Analog.Setpoint", 3, VT_EMPTY);
    DWORD handles[] = {level, 4711, number, setpoint};
    assert_int_equal(IOPCItemDeadbandMgt_SetItemDeadband(items, 0, handles, deadbands, &errors),
                     E_INVALIDARG);
    assert_null(errors);
    assert_int_equal(IOPCItemDeadbandMgt_GetItemDeadband(items, 0, handles, &found, &errors),
                     E_INVALIDARG);
    assert_null(found);
    assert_int_equal(IOPCItemDeadbandMgt_ClearItemDeadband(items, 0, handles, &errors),
                     E_INVALIDARG);
    assert_int_equal(IOPCItemDeadbandMgt_SetItemDeadband(items, 4, handles, deadbands, &errors),
                     S_FALSE);
    assert_errors(errors,
                  (HRESULT[]){S_OK, OPC_E_INVALIDHANDLE, OPC_E_DEADBANDNOTSUPPORTED, E_INVALIDARG},
                  4);
    assert_int_equal(IOPCItemDeadbandMgt_GetItemDeadband(items, 4, handles, &found, &errors),
                     S_FALSE);
    assert_errors(
        errors,
        (HRESULT[]){S_OK, OPC_E_INVALIDHANDLE, OPC_E_DEADBANDNOTSUPPORTED, OPC_E_DEADBANDNOTSET},
        4);
    assert_true(fabs((double)found[0] - 10) < 1e-6);
    CoTaskMemFree(found);
    assert_int_equal(IOPCItemDeadbandMgt_ClearItemDeadband(items, 4, handles, &errors), S_FALSE);
    assert_errors(
        errors,
        (HRESULT[]){S_OK, OPC_E_INVALIDHANDLE, OPC_E_DEADBANDNOTSUPPORTED, OPC_E_DEADBANDNOTSET},
        4);
    assert_int_equal(IOPCItemDeadbandMgt_GetItemDeadband(items, 1, handles, &found, &errors),
                     S_FALSE);
    assert_errors(errors, (HRESULT[]){OPC_E_DEADBANDNOTSET}, 1);
    CoTaskMemFree(found);
    IOPCItemDeadbandMgt_Release(items);
    test_close(&session);
    IOPCServer_Release(server);
}

/* Writes the value, then a marker that is always sent; true if the value was sent with it. */
static bool is_sent(struct session *session, DWORD handle, double value, DWORD marker)
{
    static double mark;
    test_forget(session);
    assert_int_equal(test_write(session, handle, test_r8(value)), S_OK);
    assert_int_equal(test_write(session, marker, test_r8(++mark)), S_OK);
    for (DWORD i = 0;; i++)
    {
        test_wait(session, RECORD_CHANGE, i + 1);
        struct record record = test_record(session, RECORD_CHANGE, i);
        if (record.client_handle == 1)
        {
            assert_true(fabs(record.number - value) < 1e-9);
            return true;
        }
        if (fabs(record.number - mark) < 1e-9)
        {
            return false;
        }
    }
}

static void test_the_items_deadband_goes_before_the_groups(void **state)
{
    struct session session;
    FLOAT of_group = 50;
    FLOAT of_item = 10;
    DWORD revised = 0;
    HRESULT *errors = NULL;
    (void)state;
    IOPCServer *server = test_da3();
    test_open(&session, server, 10, TRUE);
    IOPCItemDeadbandMgt *items = test_query(session.group, &IID_IOPCItemDeadbandMgt);
    assert_int_equal(IOPCGroupStateMgt_SetState(session.group, NULL, &revised, NULL, NULL,
                                                &of_group, NULL, NULL),
                     S_OK);
    DWORD setpoint = test_add(&session, L"Analog.Setpoint", 1, VT_EMPTY);
    DWORD marker = test_add(&session, L"Memory.R8", 2, VT_EMPTY);
    assert_int_equal(test_write(&session, setpoint, test_r8(10)), S_OK);
    test_advise(&session);
    test_wait(&session, RECORD_CHANGE, 2);
    assert_false(is_sent(&session, setpoint, 30, marker)); /* 20 of 100, less than the group's 50 */
    assert_int_equal(IOPCItemDeadbandMgt_SetItemDeadband(items, 1, &setpoint, &of_item, &errors),
                     S_OK);
    CoTaskMemFree(errors);
    assert_true(is_sent(&session, setpoint, 31, marker)); /* 21 from what was sent last */
    assert_false(is_sent(&session, setpoint, 41, marker));
    assert_true(is_sent(&session, setpoint, 42, marker));
    of_item = 0;
    assert_int_equal(IOPCItemDeadbandMgt_SetItemDeadband(items, 1, &setpoint, &of_item, &errors),
                     S_OK);
    CoTaskMemFree(errors);
    assert_true(is_sent(&session, setpoint, 42.5, marker));
    assert_int_equal(IOPCItemDeadbandMgt_ClearItemDeadband(items, 1, &setpoint, &errors), S_OK);
    CoTaskMemFree(errors);
    assert_false(is_sent(&session, setpoint, 80, marker));
    assert_true(is_sent(&session, setpoint, 93, marker));
    IOPCItemDeadbandMgt_Release(items);
    test_close(&session);
    IOPCServer_Release(server);
}

static void test_sampling_rates_per_item(void **state)
{
    struct session session;
    DWORD requested[] = {100, 55, 100, 0};
    DWORD *rates = NULL;
    HRESULT *errors = NULL;
    (void)state;
    IOPCServer *server = test_da3();
    test_open(&session, server, 1000, TRUE);
    IOPCItemSamplingMgt *items = test_query(session.group, &IID_IOPCItemSamplingMgt);
    DWORD first = test_add(&session, L"Memory.R8", 1, VT_EMPTY);
    DWORD second = test_add(&session, L"Memory.I4", 2, VT_EMPTY);
    DWORD third = test_add(&session, L"Memory.I2", 3, VT_EMPTY);
    DWORD handles[] = {first, second, 4711, third};
    assert_int_equal(
        IOPCItemSamplingMgt_SetItemSamplingRate(items, 0, handles, requested, &rates, &errors),
        E_INVALIDARG);
    assert_null(rates);
    assert_int_equal(IOPCItemSamplingMgt_GetItemSamplingRate(items, 4, handles, &rates, &errors),
                     S_FALSE);
    assert_errors(
        errors,
        (HRESULT[]){OPC_E_RATENOTSET, OPC_E_RATENOTSET, OPC_E_INVALIDHANDLE, OPC_E_RATENOTSET}, 4);
    CoTaskMemFree(rates);
    assert_int_equal(
        IOPCItemSamplingMgt_SetItemSamplingRate(items, 4, handles, requested, &rates, &errors),
        S_FALSE);
    assert_errors(
        errors,
        (HRESULT[]){S_OK, OPC_S_UNSUPPORTEDRATE, OPC_E_INVALIDHANDLE, OPC_S_UNSUPPORTEDRATE}, 4);
    assert_int_equal(rates[0], 100);
    assert_int_equal(rates[1], 60);
    assert_int_equal(rates[3], 10);
    CoTaskMemFree(rates);
    assert_int_equal(IOPCItemSamplingMgt_GetItemSamplingRate(items, 2, handles, &rates, &errors),
                     S_OK);
    CoTaskMemFree(errors);
    assert_int_equal(rates[0], 100);
    assert_int_equal(rates[1], 60);
    CoTaskMemFree(rates);
    assert_int_equal(IOPCItemSamplingMgt_ClearItemSamplingRate(items, 3, handles, &errors),
                     S_FALSE);
    assert_errors(errors, (HRESULT[]){S_OK, S_OK, OPC_E_INVALIDHANDLE}, 3);
    assert_int_equal(IOPCItemSamplingMgt_ClearItemSamplingRate(items, 1, handles, &errors),
                     S_FALSE);
    assert_errors(errors, (HRESULT[]){OPC_E_RATENOTSET}, 1);
    assert_int_equal(IOPCItemSamplingMgt_ClearItemSamplingRate(items, 0, handles, &errors),
                     E_INVALIDARG);
    IOPCItemSamplingMgt_Release(items);
    test_close(&session);
    IOPCServer_Release(server);
}

static void test_buffering_per_item(void **state)
{
    struct session session;
    BOOL wanted[] = {TRUE, TRUE, FALSE};
    BOOL *found = NULL;
    HRESULT *errors = NULL;
    (void)state;
    IOPCServer *server = test_da3();
    test_open(&session, server, 1000, TRUE);
    IOPCItemSamplingMgt *items = test_query(session.group, &IID_IOPCItemSamplingMgt);
    DWORD first = test_add(&session, L"Memory.R8", 1, VT_EMPTY);
    DWORD second = test_add(&session, L"Memory.I4", 2, VT_EMPTY);
    DWORD handles[] = {first, 4711, second};
    assert_int_equal(IOPCItemSamplingMgt_GetItemBufferEnable(items, 1, handles, &found, &errors),
                     S_OK);
    CoTaskMemFree(errors);
    assert_false(found[0]);
    CoTaskMemFree(found);
    assert_int_equal(IOPCItemSamplingMgt_SetItemBufferEnable(items, 0, handles, wanted, &errors),
                     E_INVALIDARG);
    assert_int_equal(IOPCItemSamplingMgt_SetItemBufferEnable(items, 3, handles, wanted, &errors),
                     S_FALSE);
    assert_errors(errors, (HRESULT[]){S_OK, OPC_E_INVALIDHANDLE, S_OK}, 3);
    assert_int_equal(IOPCItemSamplingMgt_GetItemBufferEnable(items, 3, handles, &found, &errors),
                     S_FALSE);
    assert_errors(errors, (HRESULT[]){S_OK, OPC_E_INVALIDHANDLE, S_OK}, 3);
    assert_true(found[0]);
    assert_false(found[2]);
    CoTaskMemFree(found);
    assert_int_equal(IOPCItemSamplingMgt_GetItemBufferEnable(items, 0, handles, &found, &errors),
                     E_INVALIDARG);
    IOPCItemSamplingMgt_Release(items);
    test_close(&session);
    IOPCServer_Release(server);
}

static void sample(struct session *session, DWORD handle, DWORD rate_ms, BOOL is_buffered)
{
    DWORD *rates = NULL;
    HRESULT *errors = NULL;
    IOPCItemSamplingMgt *items = test_query(session->group, &IID_IOPCItemSamplingMgt);
    assert_int_equal(
        IOPCItemSamplingMgt_SetItemSamplingRate(items, 1, &handle, &rate_ms, &rates, &errors),
        S_OK);
    CoTaskMemFree(rates);
    CoTaskMemFree(errors);
    assert_int_equal(
        IOPCItemSamplingMgt_SetItemBufferEnable(items, 1, &handle, &is_buffered, &errors), S_OK);
    CoTaskMemFree(errors);
    IOPCItemSamplingMgt_Release(items);
}

/* A counter of 20 ms in a group of 500 ms: each update brings 25 ticks, every one of them in order.
 */
static void test_buffered_samples_come_together_and_in_order(void **state)
{
    struct session session;
    DWORD in_callback = 0;
    DWORD most = 0;
    (void)state;
    IOPCServer *server = test_da3();
    test_open(&session, server, 500, TRUE);
    DWORD counter = test_add(&session, L"Counters.C0003", 1, VT_EMPTY);
    sample(&session, counter, TEST_PERIOD_MS, TRUE);
    test_advise(&session);
    test_wait(&session, RECORD_CHANGE, 80);
    for (DWORD i = 1; i < 80; i++)
    {
        struct record before = test_record(&session, RECORD_CHANGE, i - 1);
        struct record record = test_record(&session, RECORD_CHANGE, i);
        assert_true(fabs(record.number - before.number - 1) < 1e-9);
        assert_int_equal(record.stamp - before.stamp, TEST_PERIOD_MS * 10000);
        assert_int_equal(record.error, S_OK);
        in_callback = record.callback == before.callback ? in_callback + 1 : 1;
        most = in_callback > most ? in_callback : most;
    }
    assert_true(most >= 24 && most <= 50);
    test_close(&session);
    IOPCServer_Release(server);
}

/* Without a buffer the latest sample only: one per update. */
static void test_samples_without_a_buffer(void **state)
{
    struct session session;
    (void)state;
    IOPCServer *server = test_da3();
    test_open(&session, server, 200, TRUE);
    DWORD counter = test_add(&session, L"Counters.C0003", 1, VT_EMPTY);
    sample(&session, counter, TEST_PERIOD_MS, FALSE);
    test_advise(&session);
    test_wait(&session, RECORD_CHANGE, 5);
    for (DWORD i = 1; i < 5; i++)
    {
        struct record before = test_record(&session, RECORD_CHANGE, i - 1);
        struct record record = test_record(&session, RECORD_CHANGE, i);
        assert_true(record.number > before.number);
        assert_int_equal(record.callback, before.callback + 1);
    }
    test_close(&session);
    IOPCServer_Release(server);
}

/* A rate slower than the group's: the value stays as it was sampled. */
static void test_sampling_slower_than_the_group(void **state)
{
    struct session session;
    (void)state;
    IOPCServer *server = test_da3();
    test_open(&session, server, 20, TRUE);
    DWORD counter = test_add(&session, L"Counters.C0003", 1, VT_EMPTY);
    sample(&session, counter, 300, TRUE);
    test_advise(&session);
    test_wait(&session, RECORD_CHANGE, 4);
    for (DWORD i = 2; i < 4; i++) /* the first one came with the connection */
    {
        struct record before = test_record(&session, RECORD_CHANGE, i - 1);
        struct record record = test_record(&session, RECORD_CHANGE, i);
        assert_true(fabs(record.number - before.number - 15) < 1e-9);
    }
    test_close(&session);
    IOPCServer_Release(server);
}

/* What was written between two updates is seen, too, if the samples are close enough. */
static void test_writes_between_updates_are_sampled(void **state)
{
    struct session session;
    (void)state;
    IOPCServer *server = test_da3();
    test_open(&session, server, 1000, TRUE);
    DWORD number = test_add(&session, L"Memory.Bulk.M001", 1, VT_EMPTY);
    sample(&session, number, 10, TRUE);
    assert_int_equal(test_write(&session, number, test_i4(0)), S_OK);
    test_advise(&session);
    test_wait(&session, RECORD_CHANGE, 1);
    test_forget(&session);
    for (LONG i = 1; i <= 5; i++)
    {
        assert_int_equal(test_write(&session, number, test_i4(i)), S_OK);
        Sleep(60);
    }
    test_wait(&session, RECORD_CHANGE, 5);
    for (DWORD i = 0; i < 5; i++)
    {
        assert_true(fabs(test_record(&session, RECORD_CHANGE, i).number - (i + 1)) < 1e-9);
    }
    test_close(&session);
    IOPCServer_Release(server);
}

/* 100 ticks per update, and the buffer keeps 50: the first of them says what was lost. */
static void test_a_full_buffer_tells_it(void **state)
{
    struct session session;
    (void)state;
    IOPCServer *server = test_da3();
    test_open(&session, server, 2000, TRUE);
    DWORD counter = test_add(&session, L"Counters.C0003", 1, VT_EMPTY);
    sample(&session, counter, TEST_PERIOD_MS, TRUE);
    test_advise(&session);
    test_wait(&session, RECORD_CHANGE, 1);
    DWORD all = test_wait(&session, RECORD_CHANGE, 60);
    DWORD overflows = 0;
    for (DWORD i = 1; i < all; i++)
    {
        struct record before = test_record(&session, RECORD_CHANGE, i - 1);
        struct record record = test_record(&session, RECORD_CHANGE, i);
        bool is_gap = record.number - before.number > 1.5;
        assert_int_equal(record.error, is_gap ? OPC_S_DATAQUEUEOVERFLOW : S_OK);
        assert_true(!is_gap || record.callback != before.callback);
        assert_true(!is_gap || record.master_error == S_FALSE);
        overflows += is_gap;
    }
    assert_true(overflows > 0);
    test_close(&session);
    IOPCServer_Release(server);
}

const struct CMUnitTest da3_item_tests[] = {
    cmocka_unit_test(test_deadbands_belong_to_analog_items),
    cmocka_unit_test(test_the_items_deadband_goes_before_the_groups),
    cmocka_unit_test(test_sampling_rates_per_item),
    cmocka_unit_test(test_buffering_per_item),
    cmocka_unit_test(test_buffered_samples_come_together_and_in_order),
    cmocka_unit_test(test_samples_without_a_buffer),
    cmocka_unit_test(test_sampling_slower_than_the_group),
    cmocka_unit_test(test_writes_between_updates_are_sampled),
    cmocka_unit_test(test_a_full_buffer_tells_it),
};
const size_t da3_item_test_count = sizeof(da3_item_tests) / sizeof(da3_item_tests[0]);
