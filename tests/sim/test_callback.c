#include "testclient.h"

#include <math.h>

static void set_active(struct session *session, BOOL is_active)
{
    DWORD revised = 0;
    assert_int_equal(IOPCGroupStateMgt_SetState(session->group, NULL, &revised, &is_active, NULL,
                                                NULL, NULL, NULL),
                     S_OK);
}

/* From the ticks of one counter, in the order in which they came. */
static void assert_consecutive(struct session *session, DWORD client_handle, DWORD least)
{
    DWORD seen = 0;
    double last = 0;
    DWORD count = test_count(session, RECORD_CHANGE);
    EnterCriticalSection(&session->sink->lock);
    for (DWORD i = 0; i < count; i++)
    {
        const struct record *record = &session->sink->records[i];
        if (record->kind == RECORD_CHANGE && record->client_handle == client_handle)
        {
            assert_true(seen == 0 || fabs(record->number - last - 1) < 0.5);
            last = record->number;
            seen++;
        }
    }
    LeaveCriticalSection(&session->sink->lock);
    assert_true(seen >= least);
}

static void test_first_callback_has_all_active_items(void **state)
{
    struct session session;
    (void)state;
    IOPCServer *server = test_shared();
    test_open(&session, server, 100, TRUE);
    test_add(&session, L"Memory.I4", 1, VT_EMPTY);
    test_add(&session, L"Quality.Bad", 2, VT_EMPTY);
    test_add(&session, L"Rights.WriteOnly", 3, VT_EMPTY);
    test_advise(&session);
    test_wait(&session, RECORD_CHANGE, 3);
    for (DWORD i = 0; i < 3; i++)
    {
        struct record record = test_record(&session, RECORD_CHANGE, i);
        assert_int_equal(record.callback, 1);
        assert_int_equal(record.transaction, 0);
        assert_int_equal(record.client_group, 77);
        assert_int_equal(record.client_handle, i + 1);
        assert_int_equal(record.master_quality, S_FALSE);
        assert_int_equal(record.master_error, S_FALSE);
        assert_int_equal(record.error, i == 2 ? OPC_E_BADRIGHTS : S_OK);
    }
    test_forget(&session);
    set_active(&session, FALSE);
    set_active(&session, TRUE);
    test_wait(&session, RECORD_CHANGE, 3);
    test_close(&session);
    IOPCServer_Release(server);
}

static void test_only_changes_are_sent(void **state)
{
    struct session session;
    (void)state;
    IOPCServer *server = test_shared();
    test_open(&session, server, 20, TRUE);
    DWORD number = test_add(&session, L"Memory.I4", 1, VT_R8);
    test_add(&session, L"Counters.C0001", 2, VT_EMPTY);
    test_advise(&session);
    test_wait(&session, RECORD_CHANGE, 2);
    test_forget(&session);
    assert_int_equal(test_write(&session, number, test_i4(4711)), S_OK);
    test_wait(&session, RECORD_CHANGE, 8);
    DWORD changes = 0;
    DWORD count = test_count(&session, RECORD_CHANGE);
    for (DWORD i = 0; i < count; i++)
    {
        struct record record = test_record(&session, RECORD_CHANGE, i);
        if (record.client_handle == 1)
        {
            changes++;
            assert_int_equal(record.type, VT_R8);
            assert_true(fabs(record.number - 4711) < 0.5);
        }
    }
    assert_int_equal(changes, 1);
    test_close(&session);
    IOPCServer_Release(server);
}

static void test_deadband(void **state)
{
    struct session session;
    FLOAT deadband = 10;
    DWORD revised = 0;
    (void)state;
    IOPCServer *server = test_shared();
    test_open(&session, server, 10, TRUE);
    assert_int_equal(IOPCGroupStateMgt_SetState(session.group, NULL, &revised, NULL, NULL,
                                                &deadband, NULL, NULL),
                     S_OK);
    DWORD setpoint = test_add(&session, L"Analog.Setpoint", 1, VT_EMPTY);
    DWORD marker = test_add(&session, L"Memory.R8", 2, VT_EMPTY);
    assert_int_equal(test_write(&session, setpoint, test_r8(50)), S_OK);
    test_advise(&session);
    test_wait(&session, RECORD_CHANGE, 2);
    test_forget(&session);
    /* Within ten per cent of the range; the marker, not analog, tells that the update is over. */
    assert_int_equal(test_write(&session, setpoint, test_r8(59)), S_OK);
    assert_int_equal(test_write(&session, marker, test_r8(0.001)), S_OK);
    test_wait(&session, RECORD_CHANGE, 1);
    assert_int_equal(test_record(&session, RECORD_CHANGE, 0).client_handle, 2);
    test_forget(&session);
    assert_int_equal(test_write(&session, setpoint, test_r8(60.5)), S_OK);
    test_wait(&session, RECORD_CHANGE, 1);
    assert_true(fabs(test_record(&session, RECORD_CHANGE, 0).number - 60.5) < 1e-6);
    test_close(&session);
    IOPCServer_Release(server);
}

static void test_counters_miss_no_tick(void **state)
{
    struct session session;
    (void)state;
    IOPCServer *server = test_shared();
    test_open(&session, server, 10, TRUE);
    test_add(&session, L"Counters.C0001", 1, VT_EMPTY);
    test_add(&session, L"CountersR8.C0001", 2, VT_EMPTY);
    test_advise(&session);
    test_wait(&session, RECORD_CHANGE, 60);
    assert_consecutive(&session, 1, 29);
    assert_consecutive(&session, 2, 29);
    test_close(&session);
    IOPCServer_Release(server);
}

/* Counters are a function of the clock: value and time stamp belong together on all machines. */
static void test_two_machines_count_alike(void **state)
{
    struct session a;
    struct session b;
    (void)state;
    IOPCServer *server_a = test_shared();
    IOPCServer *server_b = test_connect(L"SimTestB");
    test_open(&a, server_a, 100, TRUE);
    test_open(&b, server_b, 100, TRUE);
    test_add(&a, L"Counters.C0001", 1, VT_EMPTY);
    test_add(&b, L"Counters.C0777", 1, VT_EMPTY);
    test_advise(&a);
    test_advise(&b);
    test_wait(&a, RECORD_CHANGE, 5);
    test_wait(&b, RECORD_CHANGE, 5);
    for (DWORD i = 0; i < 5; i++)
    {
        struct record from_a = test_record(&a, RECORD_CHANGE, i);
        struct record from_b = test_record(&b, RECORD_CHANGE, i);
        double ticks = from_b.number - from_a.number;
        int64_t distance = (int64_t)(from_b.stamp - from_a.stamp);
        /* B's clock is 250 ms ahead, in units of 100 ns. */
        assert_true(fabs((double)distance - (ticks * 100 + 250) * 10000) < 1);
    }
    test_close(&a);
    test_close(&b);
    IOPCServer_Release(server_a);
    IOPCServer_Release(server_b);
}

static void test_reads_and_writes_complete(void **state)
{
    struct session session;
    DWORD cancel_id = 0;
    HRESULT *errors = NULL;
    DWORD bogus = 0x7FFFFFFF;
    BOOL is_enabled = FALSE;
    VARIANT values[3] = {test_i4(1), test_i4(2), test_i4(3)};
    (void)state;
    IOPCServer *server = test_shared();
    test_open(&session, server, 100, FALSE);
    DWORD number = test_add(&session, L"Memory.I4", 1, VT_EMPTY);
    DWORD write_only = test_add(&session, L"Rights.WriteOnly", 2, VT_EMPTY);
    assert_int_equal(IOPCAsyncIO2_Read(session.async, 1, &number, 5, &cancel_id, &errors),
                     CONNECT_E_NOCONNECTION);
    assert_int_equal(IOPCAsyncIO2_GetEnable(session.async, &is_enabled), CONNECT_E_NOCONNECTION);
    test_advise(&session);
    DWORD handles[] = {number, bogus, write_only};
    assert_int_equal(IOPCAsyncIO2_Write(session.async, 3, handles, values, 6, &cancel_id, &errors),
                     S_FALSE);
    assert_int_equal(errors[0], S_OK);
    assert_int_equal(errors[1], OPC_E_INVALIDHANDLE);
    assert_int_equal(errors[2], S_OK);
    CoTaskMemFree(errors);
    test_wait(&session, RECORD_WRITE, 2);
    assert_int_equal(test_record(&session, RECORD_WRITE, 0).transaction, 6);
    assert_int_equal(IOPCAsyncIO2_Read(session.async, 3, handles, 7, &cancel_id, &errors), S_FALSE);
    assert_int_equal(errors[2], OPC_E_BADRIGHTS);
    CoTaskMemFree(errors);
    test_wait(&session, RECORD_READ, 1);
    assert_int_equal(test_record(&session, RECORD_READ, 0).transaction, 7);
    assert_true(fabs(test_record(&session, RECORD_READ, 0).number - 1) < 1e-9);
    assert_int_equal(IOPCAsyncIO2_Read(session.async, 1, &bogus, 8, &cancel_id, &errors), S_FALSE);
    assert_int_equal(errors[0], OPC_E_INVALIDHANDLE);
    CoTaskMemFree(errors);
    assert_int_equal(IOPCAsyncIO2_Cancel2(session.async, 4711), E_FAIL);
    assert_int_equal(IOPCAsyncIO2_Refresh2(session.async, OPC_DS_CACHE, 9, &cancel_id), E_FAIL);
    test_close(&session);
    IOPCServer_Release(server);
}

static void test_refresh_and_enable(void **state)
{
    struct session session;
    DWORD cancel_id = 0;
    BOOL is_enabled = TRUE;
    (void)state;
    IOPCServer *server = test_shared();
    test_open(&session, server, 10, TRUE);
    DWORD number = test_add(&session, L"Memory.I4", 1, VT_EMPTY);
    test_add(&session, L"Memory.I2", 2, VT_EMPTY);
    test_advise(&session);
    test_wait(&session, RECORD_CHANGE, 2);
    assert_int_equal(IOPCAsyncIO2_SetEnable(session.async, FALSE), S_OK);
    assert_int_equal(IOPCAsyncIO2_GetEnable(session.async, &is_enabled), S_OK);
    assert_false(is_enabled);
    test_forget(&session);
    assert_int_equal(test_write(&session, number, test_i4(99)), S_OK);
    assert_int_equal(IOPCAsyncIO2_Refresh2(session.async, OPC_DS_DEVICE, 31, &cancel_id), S_OK);
    test_wait(&session, RECORD_CHANGE, 2);
    assert_int_equal(test_record(&session, RECORD_CHANGE, 0).transaction, 31);
    assert_true(fabs(test_record(&session, RECORD_CHANGE, 0).number - 99) < 1e-9);
    assert_int_equal(IOPCAsyncIO2_SetEnable(session.async, TRUE), S_OK);
    assert_int_equal(test_write(&session, number, test_i4(100)), S_OK);
    test_wait(&session, RECORD_CHANGE, 3);
    assert_int_equal(test_record(&session, RECORD_CHANGE, 2).transaction, 0);
    test_close(&session);
    IOPCServer_Release(server);
}

static void test_cancel(void **state)
{
    struct session session;
    DWORD cancel_id = 0;
    HRESULT *errors = NULL;
    (void)state;
    IOPCServer *server = test_connect(L"SimTestB"); /* its transactions take 300 ms */
    test_open(&session, server, 100, FALSE);
    DWORD number = test_add(&session, L"Memory.I4", 1, VT_EMPTY);
    test_advise(&session);
    assert_int_equal(IOPCAsyncIO2_Read(session.async, 1, &number, 12, &cancel_id, &errors), S_OK);
    CoTaskMemFree(errors);
    assert_int_equal(IOPCAsyncIO2_Cancel2(session.async, cancel_id), S_OK);
    assert_int_equal(IOPCAsyncIO2_Cancel2(session.async, cancel_id), E_FAIL);
    test_wait(&session, RECORD_CANCEL, 1);
    assert_int_equal(test_record(&session, RECORD_CANCEL, 0).transaction, 12);
    assert_int_equal(IOPCAsyncIO2_Read(session.async, 1, &number, 13, &cancel_id, &errors), S_OK);
    CoTaskMemFree(errors);
    test_wait(&session, RECORD_READ, 1);
    assert_int_equal(test_record(&session, RECORD_READ, 0).transaction, 13);
    test_close(&session);
    IOPCServer_Release(server);
}

const struct CMUnitTest callback_tests[] = {
    cmocka_unit_test(test_first_callback_has_all_active_items),
    cmocka_unit_test(test_only_changes_are_sent),
    cmocka_unit_test(test_deadband),
    cmocka_unit_test(test_counters_miss_no_tick),
    cmocka_unit_test(test_two_machines_count_alike),
    cmocka_unit_test(test_reads_and_writes_complete),
    cmocka_unit_test(test_refresh_and_enable),
    cmocka_unit_test(test_cancel),
};
const size_t callback_test_count = sizeof(callback_tests) / sizeof(callback_tests[0]);
