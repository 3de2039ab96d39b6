/* Faults on the machine as a whole that wait for the n-th call of a method (--at). */
#include "testclient.h"

#define QUIET_MS 600

static HRESULT write_memory(struct session *session, DWORD item)
{
    VARIANT value = test_i4(5);
    HRESULT *errors = NULL;
    HRESULT result = IOPCSyncIO_Write(session->sync, 1, &item, &value, &errors);
    CoTaskMemFree(errors);
    return result;
}

struct call
{
    struct session *session;
    DWORD item; /* to read; 0: ask for the status instead */
};

static DWORD WINAPI run_call(void *argument)
{
    const struct call *call = argument;
    HRESULT result = E_FAIL;
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    if (call->item != 0)
    {
        OPCITEMSTATE *values = NULL;
        HRESULT *errors = NULL;
        DWORD item = call->item;
        result = IOPCSyncIO_Read(call->session->sync, OPC_DS_DEVICE, 1, &item, &values, &errors);
        CoTaskMemFree(values); /* a number */
        CoTaskMemFree(errors);
    }
    else
    {
        OPCSERVERSTATUS *status = NULL;
        result = IOPCServer_GetStatus(call->session->server, &status);
        CoTaskMemFree(status != NULL ? status->szVendorInfo : NULL);
        CoTaskMemFree(status);
    }
    CoUninitialize();
    return (DWORD)result;
}

static void test_hanging_at_the_second_call(void **state)
{
    struct session session;
    DWORD result = 0;
    (void)state;
    IOPCServer *server = test_open_machine(&session);
    DWORD memory = test_add(&session, L"Memory.I4", 1, VT_EMPTY);
    struct call second = {&session, 0}, other = {&session, memory};
    assert_int_equal(test_rmsim(L"/fault SimTestE hang --at IOPCServer.GetStatus --from 2"), 0);
    assert_int_equal(test_state(server), OPC_STATUS_RUNNING);
    assert_int_equal(test_quality(&session, OPC_DS_DEVICE, memory), OPC_QUALITY_GOOD);
    HANDLE threads[] = {CreateThread(NULL, 0, run_call, &second, 0, NULL), NULL};
    assert_int_equal(WaitForSingleObject(threads[0], QUIET_MS / 2), WAIT_TIMEOUT);
    threads[1] = CreateThread(NULL, 0, run_call, &other, 0, NULL);
    assert_int_equal(WaitForMultipleObjects(2, threads, FALSE, QUIET_MS), WAIT_TIMEOUT);
    assert_int_equal(test_rmsim(L"/fault SimTestE resume"), 0);
    assert_int_equal(WaitForMultipleObjects(2, threads, TRUE, WAIT_MS), WAIT_OBJECT_0);
    for (int i = 0; i < 2; i++)
    {
        assert_true(GetExitCodeThread(threads[i], &result));
        assert_int_equal(result, S_OK);
        CloseHandle(threads[i]);
    }
    assert_int_equal(test_state(server), OPC_STATUS_RUNNING); /* it is over */
    test_close_machine(&session, server);
}

static void test_callbacks_stop_at_the_third(void **state)
{
    struct session session;
    (void)state;
    IOPCServer *server = test_open_machine(&session);
    DWORD counter = test_add(&session, L"Counters.C0001", 1, VT_EMPTY);
    assert_int_equal(
        test_rmsim(L"/fault SimTestE stop-callbacks --at IOPCDataCallback.OnDataChange --from 3"),
        0);
    test_advise(&session);
    test_wait(&session, RECORD_CHANGE, 3);
    Sleep(QUIET_MS);
    assert_int_equal(test_count(&session, RECORD_CHANGE), 3);
    assert_int_equal(test_state(server), OPC_STATUS_RUNNING);
    assert_int_equal(test_quality(&session, OPC_DS_CACHE, counter), OPC_QUALITY_GOOD);
    assert_int_equal(test_rmsim(L"/fault SimTestE resume"), 0);
    test_wait(&session, RECORD_CHANGE, 8);
    test_close_machine(&session, server);
}

/* Once for the machine, although each of its processes counts its own calls. */
static void test_not_ready_at_the_second_call(void **state)
{
    struct session session;
    (void)state;
    IOPCServer *server = test_open_machine(&session);
    IOPCServer *other = test_connect(L"SimTestE");
    DWORD memory = test_add(&session, L"Memory.I4", 1, VT_EMPTY);
    assert_int_equal(test_rmsim(L"/fault SimTestE not-ready 1 --at IOPCServer.GetStatus --from 2"),
                     0);
    assert_int_equal(test_state(server), OPC_STATUS_RUNNING);
    assert_int_equal(test_quality(&session, OPC_DS_DEVICE, memory), OPC_QUALITY_GOOD);
    DWORD start = GetTickCount();
    assert_int_equal(test_state(server), OPC_STATUS_NOCONFIG);
    assert_int_equal(test_quality(&session, OPC_DS_DEVICE, memory), OPC_QUALITY_BAD);
    while (test_state(server) == OPC_STATUS_NOCONFIG && GetTickCount() - start < WAIT_MS)
    {
        Sleep(10);
    }
    assert_true(GetTickCount() - start >= 900);
    for (int i = 0; i < 3; i++)
    {
        assert_int_equal(test_state(server), OPC_STATUS_RUNNING);
        assert_int_equal(test_state(other), OPC_STATUS_RUNNING);
    }
    IOPCServer_Release(other);
    test_close_machine(&session, server);
}

static void test_quality_before_and_after_the_second_call(void **state)
{
    struct session session;
    (void)state;
    IOPCServer *server = test_open_machine(&session);
    DWORD memory = test_add(&session, L"Memory.I4", 1, VT_EMPTY);
    assert_int_equal(
        test_rmsim(L"/fault SimTestE quality Memory bad --at IOPCSyncIO.Read --from 2"), 0);
    assert_int_equal(test_quality(&session, OPC_DS_DEVICE, memory), OPC_QUALITY_GOOD);
    assert_int_equal(test_quality(&session, OPC_DS_DEVICE, memory), OPC_QUALITY_BAD);
    assert_int_equal(
        test_rmsim(L"/fault SimTestE quality Memory own --at IOPCSyncIO.Read --from 2 --after"), 0);
    assert_int_equal(test_quality(&session, OPC_DS_DEVICE, memory), OPC_QUALITY_BAD);
    assert_int_equal(test_quality(&session, OPC_DS_DEVICE, memory), OPC_QUALITY_BAD);
    assert_int_equal(test_quality(&session, OPC_DS_DEVICE, memory), OPC_QUALITY_GOOD);
    test_close_machine(&session, server);
}

static LONG read_number(struct session *session, DWORD item)
{
    OPCITEMSTATE state;
    assert_int_equal(test_read(session, OPC_DS_DEVICE, item, &state), S_OK);
    return V_I4(&state.vDataValue);
}

static void test_freezing_at_the_second_call(void **state)
{
    struct session session;
    (void)state;
    IOPCServer *server = test_open_machine(&session);
    DWORD counter = test_add(&session, L"Counters.C0001", 1, VT_EMPTY);
    assert_int_equal(test_rmsim(L"/fault SimTestE freeze Counters --at IOPCSyncIO.Read --from 2"),
                     0);
    assert_int_equal(test_rmsim(L"/fault SimTestE unfreeze Counters --at IOPCServer.GetStatus"), 0);
    LONG first = read_number(&session, counter);
    Sleep(QUIET_MS);
    LONG frozen = read_number(&session, counter);
    assert_true(frozen > first);
    Sleep(QUIET_MS);
    assert_int_equal(read_number(&session, counter), frozen);
    assert_int_equal(test_state(server), OPC_STATUS_RUNNING);
    assert_true(read_number(&session, counter) > frozen);
    test_close_machine(&session, server);
}

static void test_items_are_refused_from_the_second_call(void **state)
{
    struct session session;
    (void)state;
    IOPCServer *server = test_open_machine(&session);
    assert_int_equal(
        test_rmsim(L"/fault SimTestE refuse-items Memory.* on --at IOPCItemMgt.AddItems --from 2"),
        0);
    assert_int_equal(test_try_add(&session, L"Memory.I4", NULL), S_OK);
    assert_int_equal(test_try_add(&session, L"Memory.I4", NULL), OPC_E_UNKNOWNITEMID);
    assert_int_equal(test_try_add(&session, L"Counters.C0001", NULL), S_OK);
    test_close_machine(&session, server);
}

static void test_activation_is_refused_from_the_second_call(void **state)
{
    struct session session;
    CLSID clsid;
    void *object = NULL;
    (void)state;
    IOPCServer *server = test_open_machine(&session);
    DWORD memory = test_add(&session, L"Memory.I4", 1, VT_EMPTY);
    assert_int_equal(test_rmsim(L"/fault SimTestE refuse on --at IOPCSyncIO.Write --from 2"), 0);
    assert_int_equal(write_memory(&session, memory), S_OK);
    IOPCServer_Release(test_connect(L"SimTestE"));
    assert_int_equal(write_memory(&session, memory), S_OK);
    assert_int_equal(CLSIDFromProgID(L"RMSim.SimTestE.1", &clsid), S_OK);
    assert_true(
        FAILED(CoCreateInstance(&clsid, NULL, CLSCTX_LOCAL_SERVER, &IID_IOPCServer, &object)));
    assert_int_equal(write_memory(&session, memory), S_OK);
    test_close_machine(&session, server);
}

static void test_faults_at_the_same_call_all_come(void **state)
{
    struct session session;
    (void)state;
    IOPCServer *server = test_open_machine(&session);
    DWORD memory = test_add(&session, L"Memory.I4", 1, VT_EMPTY);
    assert_int_equal(test_rmsim(L"/fault SimTestE fail IOPCSyncIO.Write 0x80004005"), 0);
    assert_int_equal(
        test_rmsim(L"/fault SimTestE quality Memory.I4 uncertain --at IOPCSyncIO.Write"), 0);
    assert_int_equal(
        test_rmsim(L"/fault SimTestE refuse-items Counters.* on --at IOPCSyncIO.Write --after"), 0);
    assert_int_equal(write_memory(&session, memory), E_FAIL);
    assert_int_equal(test_quality(&session, OPC_DS_DEVICE, memory), OPC_QUALITY_UNCERTAIN);
    assert_int_equal(test_validate(&session, L"Counters.C0001"), OPC_E_UNKNOWNITEMID);
    assert_int_equal(write_memory(&session, memory), E_FAIL);
    test_close_machine(&session, server);
}

static void test_waiting_orders_are_cleared(void **state)
{
    struct session session;
    (void)state;
    IOPCServer *server = test_open_machine(&session);
    DWORD memory = test_add(&session, L"Memory.I4", 1, VT_EMPTY);
    assert_int_equal(test_rmsim(L"/fault SimTestE quality Memory bad --at IOPCSyncIO.Write"), 0);
    assert_int_equal(test_rmsim(L"/fault SimTestE clear"), 0);
    assert_int_equal(write_memory(&session, memory), S_OK);
    assert_int_equal(test_quality(&session, OPC_DS_DEVICE, memory), OPC_QUALITY_GOOD);
    test_close_machine(&session, server);
}

static void test_wrong_waits_are_told(void **state)
{
    static const wchar_t *const wrong[] = {
        L"/fault SimTestE hang --at IOPCServer.Nothing",
        L"/fault SimTestE hang --at",
        L"/fault SimTestE hang --at IOPCServer.GetStatus --from 0",
        L"/fault SimTestE hang --at IOPCServer.GetStatus --from -3",
        L"/fault SimTestE hang --at IOPCServer.GetStatus --from 2nd",
        L"/fault SimTestE kill IOPCServer.GetStatus --count 9999999999",
        L"/fault SimTestE kill IOPCServer.GetStatus --count",
        L"/fault SimTestE hang IOPCServer.GetStatus --at IOPCServer.GetStatus",
        L"/fault SimTestE kill --at IOPCServer.GetStatus",
        L"/fault SimTestE fail IOPCSyncIO.Read 0x80004005 --at IOPCServer.GetStatus",
        L"/fault SimTestE clear --at IOPCServer.GetStatus",
        L"/fault SimTestE freeze --at IOPCServer.GetStatus",
        L"/fault SimTestE freeze Counters --from 2",
        L"/fault SimTestE freeze Counters --at IOPCServer.GetStatus --count 2",
        L"/fault SimTestE stop-callbacks --at IOPCDataCallback.OnDataChange --after",
    };
    (void)state;
    assert_int_equal(test_rmsim(L"/fault SimTestE clear"), 0);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
    {
        assert_int_equal(test_rmsim(wrong[i]), 2);
    }
}

const struct CMUnitTest fault_at_tests[] = {
    cmocka_unit_test(test_hanging_at_the_second_call),
    cmocka_unit_test(test_callbacks_stop_at_the_third),
    cmocka_unit_test(test_not_ready_at_the_second_call),
    cmocka_unit_test(test_quality_before_and_after_the_second_call),
    cmocka_unit_test(test_freezing_at_the_second_call),
    cmocka_unit_test(test_items_are_refused_from_the_second_call),
    cmocka_unit_test(test_activation_is_refused_from_the_second_call),
    cmocka_unit_test(test_faults_at_the_same_call_all_come),
    cmocka_unit_test(test_waiting_orders_are_cleared),
    cmocka_unit_test(test_wrong_waits_are_told),
};
const size_t fault_at_test_count = sizeof(fault_at_tests) / sizeof(fault_at_tests[0]);
