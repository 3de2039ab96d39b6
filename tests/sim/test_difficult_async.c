/* Options of a difficult server that concern threads and callbacks: apartment, batches, early
 * callbacks; and all of them together. */
#include "testclient.h"

static const wchar_t machine[] = L"SimTestF";

static HRESULT ping(IOPCServer *server)
{
    LCID locale = 0;
    IOPCCommon *common = test_query(server, &IID_IOPCCommon);
    HRESULT result = IOPCCommon_GetLocaleID(common, &locale);
    IOPCCommon_Release(common);
    return result;
}

static DWORD WINAPI ask_status(void *server)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    DWORD state = (DWORD)test_state(server);
    CoUninitialize();
    return state;
}

/* Whether a call is answered while another one is held for a second. */
static bool is_answered_meanwhile(IOPCServer *server)
{
    IOPCCommon *common = test_query(server, &IID_IOPCCommon);
    LCID locale = 0;
    assert_int_equal(test_rmsim(L"/fault SimTestF slow IOPCServer.GetStatus 1000 --count 1"), 0);
    HANDLE thread = CreateThread(NULL, 0, ask_status, server, 0, NULL);
    assert_non_null(thread);
    assert_int_equal(WaitForSingleObject(thread, 200), WAIT_TIMEOUT);
    DWORD start = GetTickCount();
    assert_int_equal(IOPCCommon_GetLocaleID(common, &locale), S_OK);
    DWORD passed = GetTickCount() - start;
    assert_int_equal(WaitForSingleObject(thread, 3000), WAIT_OBJECT_0);
    CloseHandle(thread);
    IOPCCommon_Release(common);
    assert_int_equal(test_rmsim(L"/fault SimTestF clear"), 0);
    return passed < 500;
}

static void test_a_long_call_blocks_only_its_apartment(void **state)
{
    (void)state;
    IOPCServer *server = test_connect_with(machine, L"--apartment mta");
    assert_true(is_answered_meanwhile(server));
    IOPCServer_Release(server);
    server = test_connect_with(machine, L"--apartment sta");
    assert_false(is_answered_meanwhile(server));
    IOPCServer_Release(server);
}

/* Each value of each counter once and in order, over `count` records of two items. */
static void check_order(struct session *session, DWORD count)
{
    double last[3] = {0, 0, 0};
    test_wait(session, RECORD_CHANGE, count);
    for (DWORD i = 0; i < count; i++)
    {
        struct record record = test_record(session, RECORD_CHANGE, i);
        assert_in_range(record.client_handle, 1, 2);
        double before = last[record.client_handle];
        double step = record.number - before;
        assert_true(before < 0.5 || (step > 0.5 && step < 1.5));
        last[record.client_handle] = record.number;
    }
}

static void test_subscription_in_a_single_threaded_apartment(void **state)
{
    struct session session;
    (void)state;
    IOPCServer *server = test_connect_with(machine, L"--apartment sta");
    test_open(&session, server, 100, TRUE);
    test_add(&session, L"Counters.C0001", 1, VT_EMPTY);
    test_add(&session, L"Counters.C0002", 2, VT_EMPTY);
    test_advise(&session);
    check_order(&session, 20);
    test_close(&session);
    IOPCServer_Release(server);
}

static void test_batches(void **state)
{
    struct session session;
    DWORD cancel = 0;
    wchar_t id[] = L"Counters.C0001";
    (void)state;
    IOPCServer *server = test_connect_with(machine, L"--batch 3");
    test_open(&session, server, 100, TRUE);
    for (DWORD i = 0; i < 8; i++)
    {
        id[13] = (wchar_t)(L'1' + i);
        test_add(&session, id, i + 1, VT_EMPTY);
    }
    test_advise(&session);
    test_wait(&session, RECORD_CHANGE, 16);
    /* 3 + 3 + 2 */
    for (DWORD i = 1; i < 16; i++)
    {
        DWORD step = test_record(&session, RECORD_CHANGE, i).callback -
                     test_record(&session, RECORD_CHANGE, i - 1).callback;
        assert_int_equal(step, i % 8 % 3 == 0);
    }
    /* A refresh has one callback. */
    assert_int_equal(IOPCAsyncIO2_Refresh2(session.async, OPC_DS_CACHE, 77, &cancel), S_OK);
    DWORD seen = 0, at = 0;
    struct record first = {.callback = 0};
    for (DWORD start = GetTickCount(); seen < 8 && GetTickCount() - start < WAIT_MS;)
    {
        test_wait(&session, RECORD_CHANGE, at + 1);
        struct record record = test_record(&session, RECORD_CHANGE, at++);
        if (record.transaction == 77)
        {
            first = seen++ == 0 ? record : first;
            assert_int_equal(record.callback, first.callback);
        }
    }
    assert_int_equal(seen, 8);
    test_close(&session);
    IOPCServer_Release(server);
}

/* The callback of each kind of transaction is there when the call returns. */
static void check_early(const wchar_t *options)
{
    struct session session;
    DWORD cancel = 0;
    HRESULT *errors = NULL;
    VARIANT value = test_i4(6);
    IOPCServer *server = test_connect_with(machine, options);
    test_open(&session, server, 1000, TRUE);
    DWORD handle = test_add(&session, L"Memory.I4", 1, VT_EMPTY);
    test_advise(&session);
    test_wait(&session, RECORD_CHANGE, 1);
    for (DWORD i = 1; i <= 3; i++)
    {
        assert_int_equal(IOPCAsyncIO2_Write(session.async, 1, &handle, &value, i, &cancel, &errors),
                         S_OK);
        CoTaskMemFree(errors);
        assert_int_equal(test_count(&session, RECORD_WRITE), i);
        assert_int_equal(IOPCAsyncIO2_Read(session.async, 1, &handle, i, &cancel, &errors), S_OK);
        CoTaskMemFree(errors);
        assert_int_equal(test_count(&session, RECORD_READ), i);
        struct record read = test_record(&session, RECORD_READ, i - 1);
        assert_int_equal(read.transaction, i);
        assert_true(read.number > 5.5 && read.number < 6.5);
        test_forget_kind(&session, RECORD_CHANGE);
        assert_int_equal(IOPCAsyncIO2_Refresh2(session.async, OPC_DS_CACHE, 40 + i, &cancel), S_OK);
        DWORD count = test_count(&session, RECORD_CHANGE);
        assert_true(count > 0);
        assert_int_equal(test_record(&session, RECORD_CHANGE, count - 1).transaction, 40 + i);
    }
    test_close(&session);
    IOPCServer_Release(server);
}

static void test_early_callbacks(void **state)
{
    (void)state;
    check_early(L"--early-callbacks");
    check_early(L"--early-callbacks --async-delay 50");
}

static void test_early_callbacks_in_a_single_threaded_apartment(void **state)
{
    (void)state;
    check_early(L"--early-callbacks --apartment sta");
    check_early(L"--early-callbacks --apartment sta --async-delay 50");
}

static void test_disconnect_in_a_single_threaded_apartment(void **state)
{
    struct session session;
    (void)state;
    IOPCServer *server = test_connect_with(machine, L"--apartment sta");
    for (int i = 0; i < 3; i++)
    {
        test_open(&session, server, 100, TRUE);
        test_add(&session, L"Counters.C0001", 1, VT_EMPTY);
        test_advise(&session);
        test_wait(&session, RECORD_CHANGE, 3);
        assert_int_equal(
            test_rmsim(i < 2 ? L"/fault SimTestF disconnect"
                             : L"/fault SimTestF disconnect IOPCItemMgt.AddItems --count 1"),
            0);
        if (i == 2)
        {
            wchar_t path[] = L"", id[] = L"Counters.C0002";
            OPCITEMDEF item = {.szAccessPath = path, .szItemID = id};
            OPCITEMRESULT *results = NULL;
            HRESULT *errors = NULL;
            assert_int_equal(IOPCItemMgt_AddItems(session.items, 1, &item, &results, &errors),
                             RPC_E_DISCONNECTED);
        }
        test_drop(&session);
        IOPCServer_Release(server);
        DWORD start = GetTickCount();
        server = test_connect(machine);
        assert_true(GetTickCount() - start < 500); /* no process had to start */
    }
    assert_int_equal(test_rmsim(L"/fault SimTestF clear"), 0);
    IOPCServer_Release(server);
    /* It would wait for a further client, with its own options. */
    test_rmsim(L"/fault SimTestF kill");
}

static void test_all_options_together(void **state)
{
    struct session session;
    DWORD cancel = 0;
    HRESULT *errors = NULL;
    (void)state;
    IOPCServer *server =
        test_connect_with(machine, L"--apartment sta --odd-rates --max-groups 3 --max-clients 2 "
                                   L"--refuse-items Wave.* --slow-add 5 --batch 1 "
                                   L"--early-callbacks --vendor-codes --unicode --high-handles "
                                   L"--not-ready 1 --multiple --period 70");
    test_open(&session, server, 70, TRUE);
    DWORD first = test_add(&session, L"Counters.C0001", 1, VT_EMPTY);
    test_add(&session, L"Counters.C0002", 2, VT_EMPTY);
    assert_int_equal(test_try_add(&session, L"Wave.Sine1", NULL), OPC_E_UNKNOWNITEMID);
    test_advise(&session);
    check_order(&session, 30);
    assert_int_equal(IOPCAsyncIO2_Read(session.async, 1, &first, 9, &cancel, &errors), S_OK);
    CoTaskMemFree(errors);
    assert_int_equal(test_count(&session, RECORD_READ), 1);
    assert_int_equal(ping(server), S_OK);
    test_close(&session);
    IOPCServer_Release(server);
}

const struct CMUnitTest difficult_async_tests[] = {
    cmocka_unit_test(test_a_long_call_blocks_only_its_apartment),
    cmocka_unit_test(test_subscription_in_a_single_threaded_apartment),
    cmocka_unit_test(test_batches),
    cmocka_unit_test(test_early_callbacks),
    cmocka_unit_test(test_early_callbacks_in_a_single_threaded_apartment),
    cmocka_unit_test(test_disconnect_in_a_single_threaded_apartment),
    cmocka_unit_test(test_all_options_together),
};
const size_t difficult_async_test_count =
    sizeof(difficult_async_tests) / sizeof(difficult_async_tests[0]);
