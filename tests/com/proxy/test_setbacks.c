#include "stage.h"

#include <string.h>
#include <wchar.h>

/* What a client sees of setbacks that are less than the death of a machine: an object of a server
 * that is gone, items that a machine refuses for a while; and of a machine's death at a bad moment.
 * Each test has a session of its own, on machine A. */

#define GONE L"0x80010108" /* RPC_E_DISCONNECTED */

static IConnectionPoint *advise(struct stage_group *group, struct sink *sink, DWORD *cookie)
{
    IConnectionPoint *point = NULL;

    assert_hr(
        IConnectionPointContainer_FindConnectionPoint(group->points, &IID_IOPCDataCallback, &point),
        S_OK);
    assert_hr(IConnectionPoint_Advise(point, (IUnknown *)&sink->IOPCDataCallback_iface, cookie),
              S_OK);
    return point;
}

static void unadvise(IConnectionPoint *point, DWORD cookie)
{
    assert_hr(IConnectionPoint_Unadvise(point, cookie), S_OK);
    stage_release(point);
}

static void write_i4(struct stage_group *group, OPCHANDLE handle, LONG value)
{
    HRESULT *errors = NULL;
    VARIANT written;

    V_VT(&written) = VT_I4;
    V_I4(&written) = value;
    assert_hr(IOPCSyncIO_Write(group->sync, 1, &handle, &written, &errors), S_OK);
    CoTaskMemFree(errors);
}

static LONG read_i4(struct stage_group *group, OPCHANDLE handle)
{
    OPCITEMSTATE *values = NULL;
    HRESULT *errors = NULL;
    LONG value;

    assert_hr(IOPCSyncIO_Read(group->sync, OPC_DS_DEVICE, 1, &handle, &values, &errors), S_OK);
    assert_hr(errors[0], S_OK);
    value = V_I4(&values[0].vDataValue);
    CoTaskMemFree(values);
    CoTaskMemFree(errors);
    return value;
}

/* A group that is gone from a server which is well is made again there: the machine's memory shows
 * that it is still the same one, and the client's subscription goes on. */
static void test_group_gone(void **state)
{
    struct stage_group group;
    struct sink *sink = sink_new();
    IConnectionPoint *point;
    OPCHANDLE handle;
    LONG changes;
    DWORD cookie;

    (void)state;
    stage_group_open(&group, L"Gone");
    handle = stage_add(&group, L"Memory.I4", 1);
    point = advise(&group, sink, &cookie);
    assert_true(sink_wait(sink, &sink->changes, 1));
    write_i4(&group, handle, 4321);
    stage_rmsim(L"/fault PA fail IOPCSyncIO.Read " GONE L" --from 1 --count 1");
    assert_int_equal(read_i4(&group, handle), 4321);
    changes = sink->changes;
    write_i4(&group, handle, 4322);
    assert_true(sink_wait(sink, &sink->changes, changes + 1));
    assert_int_equal(read_i4(&group, handle), 4322);
    unadvise(point, cookie);
    stage_group_close(&group);
    sink_release(sink);
}

/* One that is gone again each time is not made for ever. */
static void test_group_gone_for_good(void **state)
{
    struct stage_group group;
    OPCITEMSTATE *values = POISON;
    HRESULT *errors = POISON;
    OPCHANDLE handle;

    (void)state;
    stage_group_open(&group, L"Gone");
    handle = stage_add(&group, L"Memory.I4", 1);
    stage_rmsim(L"/fault PA fail IOPCSyncIO.Read " GONE);
    stage_rmsim(L"/fault PB fail IOPCSyncIO.Read " GONE);
    assert_true(FAILED(IOPCSyncIO_Read(group.sync, OPC_DS_DEVICE, 1, &handle, &values, &errors)));
    assert_null(values);
    assert_null(errors);
    assert_int_equal(stage_server_state(), OPC_STATUS_RUNNING);
    stage_rmsim(L"/fault PA clear");
    stage_rmsim(L"/fault PB clear");
    assert_int_equal(read_i4(&group, handle), 0);
    stage_group_close(&group);
}

/* What a machine has refused is bad for the client once that machine is all there is, and good
 * again some seconds after the machine has changed its mind; nobody has to switch for that. */
static void test_refused_items_come_back(void **state)
{
    struct stage_group group;
    struct sink *sink = sink_new();
    IConnectionPoint *point;
    OPCHANDLE handle;
    LONG changes;
    DWORD cookie;

    (void)state;
    stage_rmsim(L"/fault PB fail IOPCItemMgt.AddItems 0x80004005");
    stage_group_open(&group, L"Refused");
    handle = stage_add(&group, L"Memory.I4", 1);
    point = advise(&group, sink, &cookie);
    assert_true(sink_wait(sink, &sink->changes, 1));
    assert_int_equal(sink->qualities[0], OPC_QUALITY_GOOD);
    changes = sink->changes;
    stage_rmsim(L"/fault PA kill --away");
    assert_true(sink_wait(sink, &sink->changes, changes + 1));
    assert_int_equal(sink->qualities[0] & OPC_QUALITY_MASK, OPC_QUALITY_BAD);
    changes = sink->changes;
    stage_rmsim(L"/fault PB clear");
    assert_true(sink_wait(sink, &sink->changes, changes + 1));
    assert_int_equal(sink->qualities[0], OPC_QUALITY_GOOD);
    assert_int_equal(read_i4(&group, handle), 0);
    unadvise(point, cookie);
    stage_group_close(&group);
    sink_release(sink);
}

static volatile LONG is_armed;
static HRESULT status_of_other;

/* In a single-threaded apartment the callback comes while the thread waits for its enumerator, and
 * keeps it until that has been answered, and the machine that answered is dead. */
static void lose_a(void)
{
    OPCSERVERSTATUS *status = NULL;

    if (!InterlockedExchange(&is_armed, 0))
        return;
    Sleep(1000);
    stage_rmsim(L"/fault PA kill --away");
    status_of_other = IOPCServer_GetStatus(stage_server, &status);
    if (SUCCEEDED(status_of_other))
    {
        CoTaskMemFree(status->szVendorInfo);
        CoTaskMemFree(status);
    }
}

static void test_enumerator_of_a_dead_machine(void **state)
{
    struct stage_group group;
    struct sink *sink = sink_new();
    OPCITEMATTRIBUTES *attributes = NULL;
    IEnumOPCItemAttributes *enumerator;
    IUnknown *unknown = NULL;
    IConnectionPoint *point;
    ULONG count = 0;
    DWORD cookie;

    (void)state;
    stage_group_open(&group, L"Dying");
    stage_add(&group, L"Counters.C0001", 1);
    sink->on_change = lose_a;
    point = advise(&group, sink, &cookie);
    assert_true(sink_wait(sink, &sink->changes, 1));
    stage_rmsim(L"/fault PA slow IOPCItemMgt.CreateEnumerator 600");
    InterlockedExchange(&is_armed, 1);
    assert_hr(IOPCItemMgt_CreateEnumerator(group.items, &IID_IEnumOPCItemAttributes, &unknown),
              S_OK);
    enumerator = (IEnumOPCItemAttributes *)unknown;
    assert_hr(IEnumOPCItemAttributes_Next(enumerator, 1, &attributes, &count), S_OK);
    assert_int_equal(count, 1);
    assert_int_equal(attributes[0].hClient, 1);
    CoTaskMemFree(attributes[0].szAccessPath);
    CoTaskMemFree(attributes[0].szItemID);
    CoTaskMemFree(attributes[0].pBlob);
    VariantClear(&attributes[0].vEUInfo);
    CoTaskMemFree(attributes);
    stage_release(enumerator);
    assert_false(is_armed);
    assert_hr(status_of_other, S_OK);
    unadvise(point, cookie);
    stage_group_close(&group);
    sink_release(sink);
}

/* The machine dies at the n-th question for an interface since the client has asked for a group:
 * before AddGroup has answered, or when we ask what the group has. The client's group has it all.
 */
static void make_group_on_dying_machine(unsigned n)
{
    static WCHAR name[] = L"Born late";
    const IID *const mandatory[] = {&IID_IOPCGroupStateMgt, &IID_IOPCItemMgt, &IID_IOPCSyncIO,
                                    &IID_IOPCAsyncIO2, &IID_IConnectionPointContainer};
    IUnknown *group = NULL;
    OPCHANDLE handle;
    DWORD rate_ms;
    WCHAR order[80];

    swprintf(order, ARRAYSIZE(order), L"/fault PA kill IUnknown.QueryInterface --away --from %u",
             n);
    stage_rmsim(order);
    assert_hr(IOPCServer_AddGroup(stage_server, name, TRUE, 100, 1, NULL, NULL, 0, &handle,
                                  &rate_ms, &IID_IUnknown, &group),
              S_OK);
    for (unsigned i = 0; i < ARRAYSIZE(mandatory); i++)
        stage_release(stage_query(group, mandatory[i]));
    stage_release(group);
    assert_hr(IOPCServer_RemoveGroup(stage_server, handle, FALSE), S_OK);
}

static void test_group_while_its_machine_dies(void **state)
{
    (void)state;
    make_group_on_dying_machine(7);
}

static void test_group_while_its_machine_dies_later(void **state)
{
    (void)state;
    make_group_on_dying_machine(10);
}

struct browser
{
    IOPCBrowseServerAddressSpace *browse;
    DWORD delay_ms;
    HRESULT hr;
    WCHAR *id;
};

static DWORD WINAPI ask_for_item_id(void *parameter)
{
    struct browser *browser = parameter;
    WCHAR leaf[] = L"I4";

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    Sleep(browser->delay_ms);
    browser->hr = IOPCBrowseServerAddressSpace_GetItemID(browser->browse, leaf, &browser->id);
    CoUninitialize();
    return 0;
}

/* Each of two threads finds the new machine's browse position elsewhere, and has it walk. */
static void test_two_browse_after_a_switch(void **state)
{
    struct browser browsers[2] = {{.delay_ms = 0}, {.delay_ms = 150}};
    HANDLE threads[2];

    (void)state;
    for (unsigned i = 0; i < 2; i++)
        browsers[i].browse = stage_query(stage_server, &IID_IOPCBrowseServerAddressSpace);
    assert_hr(IOPCBrowseServerAddressSpace_ChangeBrowsePosition(browsers[0].browse, OPC_BROWSE_DOWN,
                                                                L"Memory"),
              S_OK);
    assert_hr(IOPCBrowseServerAddressSpace_ChangeBrowsePosition(browsers[0].browse, OPC_BROWSE_DOWN,
                                                                L"Array"),
              S_OK);
    stage_rmsim(L"/fault PB slow IOPCBrowseServerAddressSpace.ChangeBrowsePosition 100");
    stage_rmsim(L"/fault PA kill --away");
    assert_int_equal(stage_server_state(), OPC_STATUS_RUNNING);
    for (unsigned i = 0; i < 2; i++)
        threads[i] = CreateThread(NULL, 0, ask_for_item_id, &browsers[i], 0, NULL);
    for (unsigned i = 0; i < 2; i++)
    {
        ULONGLONG until = GetTickCount64() + WAIT_MS;

        while (WaitForSingleObject(threads[i], 0) == WAIT_TIMEOUT && GetTickCount64() < until)
            stage_pump(NULL, 20);
        CloseHandle(threads[i]);
        assert_hr(browsers[i].hr, S_OK);
        assert_int_equal(wcscmp(browsers[i].id, L"Memory.Array.I4"), 0);
        CoTaskMemFree(browsers[i].id);
        stage_release(browsers[i].browse);
    }
}

struct writer
{
    IOPCSyncIO *sync;
    OPCHANDLE handle;
    volatile LONG is_over;
    LONG written;
    HRESULT hr; /* the first that isn't S_OK, of a call or an item */
};

static DWORD WINAPI write_on_and_on(void *parameter)
{
    struct writer *writer = parameter;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    while (!writer->is_over && writer->hr == S_OK)
    {
        HRESULT *errors = NULL;
        VARIANT value;

        V_VT(&value) = VT_I4;
        V_I4(&value) = ++writer->written;
        writer->hr = IOPCSyncIO_Write(writer->sync, 1, &writer->handle, &value, &errors);
        if (writer->hr == S_OK)
            writer->hr = errors[0];
        CoTaskMemFree(errors);
    }
    CoUninitialize();
    return 0;
}

/* The server asks its clients to leave while a write is out, which it answers a moment later: that
 * answer counts, and nobody is told that the outcome is unknown. */
static void test_write_while_its_machine_leaves(void **state)
{
    struct stage_group group;
    struct writer writer = {.hr = S_OK};
    HANDLE thread;

    (void)state;
    stage_group_open(&group, L"Leaving");
    writer.sync = group.sync;
    writer.handle = stage_add(&group, L"Memory.I4", 1);
    stage_rmsim(L"/fault PA slow IOPCSyncIO.Write 30");
    thread = CreateThread(NULL, 0, write_on_and_on, &writer, 0, NULL);
    stage_pump(NULL, 200);
    stage_rmsim(L"/fault PA shutdown --away");
    stage_pump(NULL, 1000);
    InterlockedExchange(&writer.is_over, 1);
    while (WaitForSingleObject(thread, 0) == WAIT_TIMEOUT)
        stage_pump(NULL, 20);
    CloseHandle(thread);
    assert_hr(writer.hr, S_OK);
    assert_true(writer.written > 20);
    assert_int_equal(read_i4(&group, writer.handle), writer.written);
    stage_group_close(&group);
}

#define SETBACK(test) cmocka_unit_test_setup_teardown(test, stage_open_both, stage_close_both)

const struct CMUnitTest setback_tests[] = {
    SETBACK(test_group_gone),
    SETBACK(test_group_gone_for_good),
    SETBACK(test_refused_items_come_back),
    SETBACK(test_enumerator_of_a_dead_machine),
    SETBACK(test_two_browse_after_a_switch),
    SETBACK(test_group_while_its_machine_dies),
    SETBACK(test_group_while_its_machine_dies_later),
    SETBACK(test_write_while_its_machine_leaves),
};
const size_t setback_test_count = ARRAYSIZE(setback_tests);
