/* Redundant servers that switch together (CX-05), and writes that wait for an operator after a
 * switch (CX-07): two sessions of this process, on QA/QB and on QC/QD. */
#include "server_stage.h"

#include <stdio.h>
#include <string.h>
#include <wchar.h>

#define STATUS_ROOM 65536
#define STEPS       300 /* looks at the status, each some 50 ms and more */

static IOPCServer *first, *second;

static void run_rmctl(const WCHAR *arguments)
{
    static char text[STATUS_ROOM];
    WCHAR command[256];

    swprintf(command, ARRAYSIZE(command), L"rmctl.exe %ls", arguments);
    if (!stage_read(command, text, sizeof(text)))
        fail_msg("rmctl: %s", text);
}

/* Of the only session of that redundant server; 0: none, or rmctl couldn't say. */
static unsigned active_machine(const WCHAR *progid)
{
    static char text[STATUS_ROOM];
    WCHAR command[64];
    const char *at;
    unsigned active = 0;

    swprintf(command, ARRAYSIZE(command), L"rmctl.exe status %ls --json", progid);
    if (!stage_read(command, text, sizeof(text)) || (at = strstr(text, "\"active\": ")) == NULL)
        return 0;
    sscanf(at, "\"active\": %u", &active);
    return active;
}

static void wait_active(const WCHAR *progid, unsigned wanted)
{
    for (int i = 0; i < STEPS && active_machine(progid) != wanted; i++)
        stage_pump(NULL, 50);
    assert_int_equal(active_machine(progid), wanted);
}

static unsigned count_ready(const WCHAR *progid)
{
    static char text[STATUS_ROOM];
    WCHAR command[64];
    unsigned count = 0;

    swprintf(command, ARRAYSIZE(command), L"rmctl.exe status %ls --json", progid);
    if (!stage_read(command, text, sizeof(text)))
        return 0;
    for (const char *at = text; (at = strstr(at, "\"objection\": \"\"")) != NULL; at++)
        count++;
    return count;
}

/* Each machine is one that could be switched to. */
static void wait_fit(const WCHAR *progid)
{
    for (int i = 0; i < STEPS && count_ready(progid) != 2; i++)
        stage_pump(NULL, 50);
    assert_int_equal(count_ready(progid), 2);
}

static int set_up(void **state)
{
    static const WCHAR *const machines[] = {L"QA", L"QB", L"QC", L"QD"};
    WCHAR order[32];

    (void)state;
    for (size_t i = 0; i < ARRAYSIZE(machines); i++)
    {
        swprintf(order, ARRAYSIZE(order), L"/fault %ls clear", machines[i]);
        stage_rmsim(order);
    }
    run_rmctl(L"set RMSim.QA.1 linkGroup=7 acknowledge=writes");
    run_rmctl(L"set RMSim.QC.1 linkGroup=7");
    return 0;
}

static int tear_down(void **state)
{
    set_up(state); /* no machine is left with a fault */
    run_rmctl(L"set RMSim.QA.1 linkGroup=0 acknowledge=none");
    run_rmctl(L"set RMSim.QC.1 linkGroup=0");
    if (first)
        IOPCServer_Release(first);
    if (second)
        IOPCServer_Release(second);
    first = second = NULL;
    return 0;
}

static void open_both(void)
{
    first = stage_connect_to(DA3_PROGID, CLSCTX_INPROC_SERVER);
    second = stage_connect_to(L"RMSim.QC.1", CLSCTX_INPROC_SERVER);
    wait_active(DA3_PROGID, 1);
    wait_active(L"RMSim.QC.1", 1);
    wait_fit(DA3_PROGID);
    wait_fit(L"RMSim.QC.1");
}

/* What one of them has to do the other one does too; who led the way leads the way back. */
static void test_switch_together(void **state)
{
    (void)state;
    open_both();
    stage_rmsim(L"/fault QA kill --away");
    wait_active(DA3_PROGID, 2);
    wait_active(L"RMSim.QC.1", 2);
    stage_rmsim(L"/fault QA clear");
    wait_active(DA3_PROGID, 1);
    wait_active(L"RMSim.QC.1", 1);
}

/* A session that begins goes where they are; when the one that led has gone, it leads itself. */
static void test_join_and_lead(void **state)
{
    (void)state;
    open_both();
    assert_int_equal(IOPCServer_Release(second), 0);
    second = NULL;
    stage_rmsim(L"/fault QA kill --away");
    wait_active(DA3_PROGID, 2);
    second = stage_connect_to(L"RMSim.QC.1", CLSCTX_INPROC_SERVER);
    assert_int_equal(active_machine(L"RMSim.QC.1"), 2);
    wait_fit(L"RMSim.QC.1");
    stage_pump(NULL, 2000); /* longer than a return would take */
    assert_int_equal(active_machine(L"RMSim.QC.1"), 2);
    assert_int_equal(IOPCServer_Release(first), 0);
    first = NULL;
    wait_active(L"RMSim.QC.1", 1);
}

static const VARIANT seven = {.vt = VT_I4, .lVal = 7};

/* Where a client can write. */
struct ways
{
    IUnknown *group;
    IOPCItemIO *io;
    OPCHANDLE item;
};

static HRESULT try_sync(const struct ways *ways)
{
    IOPCSyncIO *sync = stage_query(ways->group, &IID_IOPCSyncIO);
    OPCHANDLE item = ways->item;
    HRESULT *errors = NULL, hr;
    VARIANT value = seven;

    hr = IOPCSyncIO_Write(sync, 1, &item, &value, &errors);
    CoTaskMemFree(errors);
    stage_release(sync);
    return hr;
}

static HRESULT try_sync2(const struct ways *ways)
{
    IOPCSyncIO2 *sync = stage_query(ways->group, &IID_IOPCSyncIO2);
    OPCITEMVQT vqt = {.vDataValue = seven};
    OPCHANDLE item = ways->item;
    HRESULT *errors = NULL, hr;

    hr = IOPCSyncIO2_WriteVQT(sync, 1, &item, &vqt, &errors);
    CoTaskMemFree(errors);
    stage_release(sync);
    return hr;
}

static HRESULT try_async(const struct ways *ways)
{
    IOPCAsyncIO2 *async = stage_query(ways->group, &IID_IOPCAsyncIO2);
    OPCHANDLE item = ways->item;
    HRESULT *errors = NULL, hr;
    VARIANT value = seven;
    DWORD cancel;

    hr = IOPCAsyncIO2_Write(async, 1, &item, &value, 1, &cancel, &errors);
    CoTaskMemFree(errors);
    stage_release(async);
    return hr;
}

static HRESULT try_async3(const struct ways *ways)
{
    IOPCAsyncIO3 *async = stage_query(ways->group, &IID_IOPCAsyncIO3);
    OPCITEMVQT vqt = {.vDataValue = seven};
    OPCHANDLE item = ways->item;
    HRESULT *errors = NULL, hr;
    DWORD cancel;

    hr = IOPCAsyncIO3_WriteVQT(async, 1, &item, &vqt, 2, &cancel, &errors);
    CoTaskMemFree(errors);
    stage_release(async);
    return hr;
}

static HRESULT try_io(const struct ways *ways)
{
    LPCWSTR item = L"Memory.I4";
    OPCITEMVQT vqt = {.vDataValue = seven};
    HRESULT *errors = NULL, hr;

    hr = IOPCItemIO_WriteVQT(ways->io, 1, &item, &vqt, &errors);
    CoTaskMemFree(errors);
    return hr;
}

static void assert_writes(const struct ways *ways, HRESULT wanted)
{
    assert_hr(try_sync(ways), wanted);
    assert_hr(try_sync2(ways), wanted);
    assert_hr(try_async(ways), wanted);
    assert_hr(try_async3(ways), wanted);
    assert_hr(try_io(ways), wanted);
}

/* All writes fail in the same way and reach no machine, reads go on; then all goes on. */
static void test_held_writes(void **state)
{
    struct stage_group group;
    struct sink *sink = sink_new();
    struct ways ways;
    IConnectionPoint *point = NULL;
    unsigned before;
    DWORD cookie;

    (void)state;
    first = stage_connect_to(DA3_PROGID, CLSCTX_INPROC_SERVER);
    wait_active(DA3_PROGID, 1);
    wait_fit(DA3_PROGID);
    /* Where QA came up later than QB, the session has returned to it, which is a switch as well. */
    run_rmctl(L"acknowledge RMSim.QA.1");
    stage_server = first;
    stage_group_open(&group, L"held");
    ways =
        (struct ways){.group = (IUnknown *)group.state, .item = stage_add(&group, L"Memory.I4", 1)};
    ways.io = stage_query(first, &IID_IOPCItemIO);
    assert_hr(
        IConnectionPointContainer_FindConnectionPoint(group.points, &IID_IOPCDataCallback, &point),
        S_OK);
    assert_hr(IConnectionPoint_Advise(point, (IUnknown *)&sink->IOPCDataCallback_iface, &cookie),
              S_OK);
    assert_writes(&ways, S_OK);

    stage_rmsim(L"/fault QA kill --away");
    wait_active(DA3_PROGID, 2);
    before = server_count_writes(L"QB", "Memory.I4", "7");
    assert_writes(&ways, E_ACCESSDENIED);
    assert_int_equal(server_count_writes(L"QB", "Memory.I4", "7"), before);
    assert_int_equal(stage_server_state(), OPC_STATUS_RUNNING);
    assert_true(server_has_event("waits for an operator"));

    run_rmctl(L"acknowledge RMSim.QA.1");
    assert_writes(&ways, S_OK);
    assert_true(server_has_event("was acknowledged by an operator"));

    assert_hr(IConnectionPoint_Unadvise(point, cookie), S_OK);
    stage_release(point);
    sink_release(sink);
    stage_release(ways.io);
    stage_group_close(&group);
    stage_server = NULL;
}

const struct CMUnitTest partner_tests[] = {
    cmocka_unit_test_setup_teardown(test_switch_together, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_join_and_lead, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_held_writes, set_up, tear_down),
};
const size_t partner_test_count = ARRAYSIZE(partner_tests);
