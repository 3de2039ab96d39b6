/* Faults on items and on callbacks: quality, freeze, refused items, not ready, no callbacks. */
#include "testclient.h"

#define QUIET_MS 600

static bool is_last(struct session *session, DWORD client_handle, WORD quality)
{
    DWORD count = test_count(session, RECORD_CHANGE);
    for (DWORD i = count; i > 0; i--)
    {
        struct record record = test_record(session, RECORD_CHANGE, i - 1);
        if (record.client_handle == client_handle)
        {
            return record.quality == quality;
        }
    }
    return false;
}

static void await_quality(struct session *session, DWORD client_handle, WORD quality)
{
    DWORD start = GetTickCount();
    while (!is_last(session, client_handle, quality) && GetTickCount() - start < WAIT_MS)
    {
        Sleep(10);
    }
    assert_true(is_last(session, client_handle, quality));
}

static void test_quality_of_a_branch_and_of_an_item(void **state)
{
    struct session session;
    (void)state;
    IOPCServer *server = test_open_machine(&session);
    test_add(&session, L"Counters.C0001", 1, VT_EMPTY);
    DWORD second = test_add(&session, L"Counters.C0002", 2, VT_EMPTY);
    DWORD memory = test_add(&session, L"Memory.I4", 3, VT_EMPTY); /* never changes by itself */
    test_advise(&session);
    await_quality(&session, 3, OPC_QUALITY_GOOD);
    assert_int_equal(test_rmsim(L"/fault SimTestE quality Counters bad"), 0);
    assert_int_equal(test_rmsim(L"/fault SimTestE quality Counters.C0001 good"), 0);
    assert_int_equal(test_rmsim(L"/fault SimTestE quality Memory uncertain"), 0);
    await_quality(&session, 1, OPC_QUALITY_GOOD);
    await_quality(&session, 2, OPC_QUALITY_BAD);
    await_quality(&session, 3, OPC_QUALITY_UNCERTAIN);
    assert_int_equal(test_quality(&session, OPC_DS_CACHE, second), OPC_QUALITY_BAD);
    assert_int_equal(test_quality(&session, OPC_DS_CACHE, memory), OPC_QUALITY_UNCERTAIN);
    assert_int_equal(test_rmsim(L"/fault SimTestE quality Counters own"), 0);
    await_quality(&session, 2, OPC_QUALITY_GOOD);
    assert_int_equal(test_rmsim(L"/fault SimTestE clear"), 0);
    await_quality(&session, 3, OPC_QUALITY_GOOD);
    test_close_machine(&session, server);
}

static void test_frozen_items_stay(void **state)
{
    struct session session;
    OPCITEMSTATE before, after;
    (void)state;
    IOPCServer *server = test_open_machine(&session);
    DWORD counter = test_add(&session, L"Counters.C0001", 1, VT_EMPTY);
    DWORD memory = test_add(&session, L"Memory.I4", 2, VT_EMPTY);
    test_advise(&session);
    test_wait(&session, RECORD_CHANGE, 4);
    assert_int_equal(test_rmsim(L"/fault SimTestE freeze Counters"), 0);
    assert_int_equal(test_rmsim(L"/fault SimTestE freeze Memory.I4"), 0);
    assert_int_equal(test_read(&session, OPC_DS_DEVICE, counter, &before), S_OK);
    assert_int_equal(test_write(&session, memory, test_i4(12)), S_OK);
    Sleep(QUIET_MS);
    DWORD seen = test_count(&session, RECORD_CHANGE);
    Sleep(QUIET_MS);
    assert_int_equal(test_count(&session, RECORD_CHANGE), seen);
    assert_int_equal(test_read(&session, OPC_DS_DEVICE, counter, &after), S_OK);
    assert_int_equal(V_I4(&after.vDataValue), V_I4(&before.vDataValue));
    assert_memory_equal(&after.ftTimeStamp, &before.ftTimeStamp, sizeof(FILETIME));
    assert_int_equal(test_read(&session, OPC_DS_DEVICE, memory, &after), S_OK);
    assert_int_equal(V_I4(&after.vDataValue), 0);
    /* No value of the counter came twice. */
    for (DWORD i = 1; i < seen; i++)
    {
        struct record record = test_record(&session, RECORD_CHANGE, i);
        struct record last = test_record(&session, RECORD_CHANGE, i - 1);
        assert_true(record.client_handle != 1 || last.client_handle != 1 ||
                    record.number > last.number);
    }
    assert_int_equal(test_rmsim(L"/fault SimTestE unfreeze Counters"), 0);
    test_wait(&session, RECORD_CHANGE, seen + 3);
    assert_int_equal(test_rmsim(L"/fault SimTestE unfreeze Memory.I4"), 0);
    assert_int_equal(test_read(&session, OPC_DS_DEVICE, memory, &after), S_OK);
    assert_int_equal(V_I4(&after.vDataValue), 12);
    test_close_machine(&session, server);
}

static void test_refused_items_are_unknown(void **state)
{
    struct session session;
    (void)state;
    IOPCServer *server = test_open_machine(&session);
    test_add(&session, L"Memory.I4", 1, VT_EMPTY);
    assert_int_equal(test_rmsim(L"/fault SimTestE refuse-items Memory.* on"), 0);
    assert_int_equal(test_try_add(&session, L"Memory.I4", NULL), OPC_E_UNKNOWNITEMID);
    assert_int_equal(test_validate(&session, L"Memory.R8"), OPC_E_UNKNOWNITEMID);
    assert_int_equal(test_try_add(&session, L"Counters.C0001", NULL), S_OK);
    assert_int_equal(test_rmsim(L"/fault SimTestE refuse-items Memory.* off"), 0);
    assert_int_equal(test_try_add(&session, L"Memory.I4", NULL), S_OK);
    test_close_machine(&session, server);
}

static void test_not_ready_for_a_time(void **state)
{
    struct session session;
    (void)state;
    IOPCServer *server = test_open_machine(&session);
    DWORD memory = test_add(&session, L"Memory.I4", 1, VT_EMPTY);
    test_advise(&session);
    await_quality(&session, 1, OPC_QUALITY_GOOD);
    assert_int_equal(test_state(server), OPC_STATUS_RUNNING);
    assert_int_equal(test_rmsim(L"/fault SimTestE not-ready 2"), 0);
    assert_int_equal(test_state(server), OPC_STATUS_NOCONFIG);
    assert_int_equal(test_quality(&session, OPC_DS_CACHE, memory), OPC_QUALITY_BAD);
    await_quality(&session, 1, OPC_QUALITY_BAD);
    await_quality(&session, 1, OPC_QUALITY_GOOD);
    assert_int_equal(test_state(server), OPC_STATUS_RUNNING);
    test_close_machine(&session, server);
}

static void test_stopped_callbacks_leave_calls_alone(void **state)
{
    struct session session;
    DWORD cancel = 0;
    HRESULT *errors = NULL;
    (void)state;
    IOPCServer *server = test_open_machine(&session);
    DWORD counter = test_add(&session, L"Counters.C0001", 1, VT_EMPTY);
    test_advise(&session);
    test_wait(&session, RECORD_CHANGE, 3);
    assert_int_equal(test_rmsim(L"/fault SimTestE stop-callbacks"), 0);
    Sleep(QUIET_MS / 2); /* the one that was on its way */
    DWORD seen = test_count(&session, RECORD_CHANGE);
    assert_int_equal(IOPCAsyncIO2_Read(session.async, 1, &counter, 5, &cancel, &errors), S_OK);
    CoTaskMemFree(errors);
    Sleep(QUIET_MS);
    assert_int_equal(test_count(&session, RECORD_CHANGE), seen);
    assert_int_equal(test_count(&session, RECORD_READ), 0);
    assert_int_equal(test_state(server), OPC_STATUS_RUNNING);
    assert_int_equal(test_quality(&session, OPC_DS_CACHE, counter), OPC_QUALITY_GOOD);
    assert_int_equal(test_rmsim(L"/fault SimTestE resume"), 0);
    test_wait(&session, RECORD_CHANGE, seen + 8);
    test_wait(&session, RECORD_READ, 1);
    test_close_machine(&session, server);
}

const struct CMUnitTest fault_item_tests[] = {
    cmocka_unit_test(test_quality_of_a_branch_and_of_an_item),
    cmocka_unit_test(test_frozen_items_stay),
    cmocka_unit_test(test_refused_items_are_unknown),
    cmocka_unit_test(test_not_ready_for_a_time),
    cmocka_unit_test(test_stopped_callbacks_leave_calls_alone),
};
const size_t fault_item_test_count = sizeof(fault_item_tests) / sizeof(fault_item_tests[0]);
