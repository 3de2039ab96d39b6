/* Faults at the n-th call of a method, before it is carried out and after it: what clients see. */
#include "testclient.h"

#define CALL_FAILED HRESULT_FROM_WIN32(RPC_S_CALL_FAILED)
#define WARM_MS     500 /* a cold start takes a second */

/* A session on SimTestE with one group that has Memory.I4. */
struct machine
{
    IOPCServer *server;
    struct session session;
    DWORD item;
};

static void open_machine(struct machine *machine)
{
    assert_int_equal(test_rmsim(L"/fault SimTestE clear"), 0);
    machine->server = test_connect(L"SimTestE");
    test_open(&machine->session, machine->server, 100, TRUE);
    machine->item = test_add(&machine->session, L"Memory.I4", 1, VT_EMPTY);
}

static HRESULT write_memory(struct machine *machine, LONG number)
{
    VARIANT value = test_i4(number);
    HRESULT *errors = NULL;
    HRESULT result = IOPCSyncIO_Write(machine->session.sync, 1, &machine->item, &value, &errors);
    CoTaskMemFree(errors);
    return result;
}

static LONG read_memory(struct machine *machine)
{
    OPCITEMSTATE state;
    assert_int_equal(test_read(&machine->session, OPC_DS_DEVICE, machine->item, &state), S_OK);
    return V_I4(&state.vDataValue);
}

/* The session's objects are disconnected or gone: only the client's own side is given back. */
static void drop_machine(struct machine *machine)
{
    assert_int_equal(test_rmsim(L"/fault SimTestE clear"), 0);
    test_drop(&machine->session);
    IOPCServer_Release(machine->server);
}

static void close_machine(struct machine *machine)
{
    assert_int_equal(test_rmsim(L"/fault SimTestE clear"), 0);
    test_close(&machine->session);
    IOPCServer_Release(machine->server);
}

static void test_failing_after_the_call_carries_it_out(void **state)
{
    struct machine machine;
    (void)state;
    open_machine(&machine);
    assert_int_equal(test_rmsim(L"/fault SimTestE fail IOPCSyncIO.Write 0x80004005 --count 1"), 0);
    assert_int_equal(write_memory(&machine, 1), E_FAIL);
    assert_int_equal(read_memory(&machine), 0);
    assert_int_equal(test_rmsim(L"/fault SimTestE clear"), 0);
    assert_int_equal(
        test_rmsim(L"/fault SimTestE fail IOPCSyncIO.Write 0x80004005 --count 1 --after"), 0);
    assert_int_equal(write_memory(&machine, 2), E_FAIL);
    assert_int_equal(read_memory(&machine), 2);
    assert_int_equal(write_memory(&machine, 3), S_OK);
    close_machine(&machine);
}

static void test_killing_at_the_second_call(void **state)
{
    struct machine machine;
    (void)state;
    open_machine(&machine);
    assert_int_equal(test_rmsim(L"/fault SimTestE kill IOPCSyncIO.Write --from 2 --count 1"), 0);
    assert_int_equal(write_memory(&machine, 1), S_OK);
    assert_int_equal(write_memory(&machine, 2), CALL_FAILED);
    assert_true(FAILED(write_memory(&machine, 3)));
    drop_machine(&machine);
}

static void test_killing_away_refuses_activation(void **state)
{
    struct machine machine;
    CLSID clsid;
    void *object = NULL;
    (void)state;
    open_machine(&machine);
    assert_int_equal(test_rmsim(L"/fault SimTestE kill IOPCSyncIO.Write --after --away"), 0);
    assert_int_equal(write_memory(&machine, 1), CALL_FAILED);
    assert_int_equal(CLSIDFromProgID(L"RMSim.SimTestE.1", &clsid), S_OK);
    assert_true(
        FAILED(CoCreateInstance(&clsid, NULL, CLSCTX_LOCAL_SERVER, &IID_IOPCServer, &object)));
    drop_machine(&machine);
}

/* The same process takes the next client, without a start, and shows whether the write was done. */
static void check_disconnect(const wchar_t *order, HRESULT answer, LONG written)
{
    struct machine machine, next;
    open_machine(&machine);
    assert_int_equal(write_memory(&machine, 5), S_OK);
    assert_int_equal(test_rmsim(order), 0);
    assert_int_equal(write_memory(&machine, 6), S_OK);
    assert_int_equal(write_memory(&machine, 7), answer);
    assert_int_equal(write_memory(&machine, 8), RPC_E_DISCONNECTED);
    DWORD start = GetTickCount();
    next.server = test_connect(L"SimTestE");
    assert_true(GetTickCount() - start < WARM_MS);
    test_open(&next.session, next.server, 100, TRUE);
    next.item = test_add(&next.session, L"Memory.I4", 1, VT_EMPTY);
    assert_int_equal(read_memory(&next), written);
    assert_int_equal(write_memory(&next, 9), S_OK);
    drop_machine(&machine);
    close_machine(&next);
}

static void test_disconnecting_before_the_second_call(void **state)
{
    (void)state;
    check_disconnect(L"/fault SimTestE disconnect IOPCSyncIO.Write --from 2 --count 1",
                     RPC_E_DISCONNECTED, 6);
}

static void test_disconnecting_after_the_second_call(void **state)
{
    (void)state;
    check_disconnect(L"/fault SimTestE disconnect all IOPCSyncIO.Write --from 2 --count 1 --after",
                     CALL_FAILED, 7);
}

static void test_disconnecting_again_and_again(void **state)
{
    struct machine machine;
    (void)state;
    open_machine(&machine);
    for (LONG i = 0; i < 10; i++)
    {
        assert_int_equal(test_rmsim(L"/fault SimTestE disconnect"), 0);
        assert_int_equal(write_memory(&machine, 1), RPC_E_DISCONNECTED);
        test_drop(&machine.session);
        IOPCServer_Release(machine.server);
        DWORD start = GetTickCount();
        machine.server = test_connect(L"SimTestE");
        assert_true(GetTickCount() - start < WARM_MS);
        test_open(&machine.session, machine.server, 100, TRUE);
        machine.item = test_add(&machine.session, L"Memory.I4", 1, VT_EMPTY);
        assert_int_equal(read_memory(&machine), i);
        assert_int_equal(write_memory(&machine, i + 1), S_OK);
    }
    close_machine(&machine);
}

static void test_disconnecting_groups_only(void **state)
{
    struct machine machine;
    LCID locale = 0;
    (void)state;
    open_machine(&machine);
    IOPCCommon *common = test_query(machine.server, &IID_IOPCCommon);
    assert_int_equal(test_rmsim(L"/fault SimTestE disconnect group"), 0);
    assert_int_equal(write_memory(&machine, 1), RPC_E_DISCONNECTED);
    assert_int_equal(IOPCCommon_GetLocaleID(common, &locale), S_OK);
    IOPCCommon_Release(common);
    drop_machine(&machine);
}

static void test_shutdown_at_a_call(void **state)
{
    struct machine machine;
    IConnectionPoint *point = NULL;
    DWORD cookie = 0;
    (void)state;
    open_machine(&machine);
    IConnectionPointContainer *container =
        test_query(machine.server, &IID_IConnectionPointContainer);
    assert_int_equal(
        IConnectionPointContainer_FindConnectionPoint(container, &IID_IOPCShutdown, &point), S_OK);
    struct sink *sink = machine.session.sink;
    assert_int_equal(
        IConnectionPoint_Advise(point, (IUnknown *)&sink->IOPCDataCallback_iface, &cookie), S_OK);
    assert_int_equal(test_rmsim(L"/fault SimTestE shutdown IOPCSyncIO.Write --count 1"), 0);
    assert_int_equal(sink->shutdown_count, 0);
    assert_int_equal(write_memory(&machine, 1), S_OK);
    for (int i = 0; i < 200 && sink->shutdown_count == 0; i++)
    {
        Sleep(10);
    }
    assert_int_equal(sink->shutdown_count, 1);
    IConnectionPoint_Release(point);
    IConnectionPointContainer_Release(container);
    close_machine(&machine);
}

static void test_slow_and_late_answers(void **state)
{
    struct machine machine;
    (void)state;
    open_machine(&machine);
    assert_int_equal(test_rmsim(L"/fault SimTestE slow IOPCSyncIO.Write 300 --after --count 1"), 0);
    DWORD start = GetTickCount();
    assert_int_equal(write_memory(&machine, 1), S_OK);
    assert_true(GetTickCount() - start >= 290);
    start = GetTickCount();
    assert_int_equal(write_memory(&machine, 2), S_OK);
    assert_true(GetTickCount() - start < 290);
    close_machine(&machine);
}

static void test_impossible_orders_are_told(void **state)
{
    (void)state;
    assert_int_equal(test_rmsim(L"/fault SimTestE kill IOPCDataCallback.OnDataChange --after"), 2);
    assert_int_equal(test_rmsim(L"/fault SimTestE disconnect IUnknown.Release"), 2);
    assert_int_equal(test_rmsim(L"/fault SimTestE disconnect some"), 2);
    assert_int_equal(test_rmsim(L"/fault SimTestE quality Counters"), 2);
    assert_int_equal(test_rmsim(L"/fault SimTestE quality Counters nice"), 2);
    assert_int_equal(test_rmsim(L"/fault SimTestE unfreeze Counters"), 1);
    assert_int_equal(test_rmsim(L"/fault SimTestE refuse-items Counters.* maybe"), 2);
    assert_int_equal(test_rmsim(L"/fault SimTestE not-ready soon"), 2);
}

const struct CMUnitTest fault_call_tests[] = {
    cmocka_unit_test(test_failing_after_the_call_carries_it_out),
    cmocka_unit_test(test_killing_at_the_second_call),
    cmocka_unit_test(test_killing_away_refuses_activation),
    cmocka_unit_test(test_disconnecting_before_the_second_call),
    cmocka_unit_test(test_disconnecting_after_the_second_call),
    cmocka_unit_test(test_disconnecting_again_and_again),
    cmocka_unit_test(test_disconnecting_groups_only),
    cmocka_unit_test(test_shutdown_at_a_call),
    cmocka_unit_test(test_slow_and_late_answers),
    cmocka_unit_test(test_impossible_orders_are_told),
};
const size_t fault_call_test_count = sizeof(fault_call_tests) / sizeof(fault_call_tests[0]);
