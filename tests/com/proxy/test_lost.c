#include "stage.h"

#include <stdlib.h>
#include <wchar.h>

/* What a client's objects do when the active machine dies, and when both do. */

#define NAMES_MAX 2000

static ULONG read_names(IEnumString *names, WCHAR **texts, ULONG count)
{
    ULONG total = 0, fetched;
    HRESULT hr;

    do
    {
        ULONG wanted = count - total < 50 ? count - total : 50;

        fetched = 0;
        hr = IEnumString_Next(names, wanted, texts + total, &fetched);
        assert_true(hr == S_OK || hr == S_FALSE);
        total += fetched;
    } while (hr == S_OK && total < count);
    return total;
}

static IEnumString *browse_counters(IOPCBrowseServerAddressSpace *browse)
{
    IEnumString *names = NULL;

    assert_hr(
        IOPCBrowseServerAddressSpace_BrowseOPCItemIDs(browse, OPC_LEAF, L"", VT_EMPTY, 0, &names),
        S_OK);
    return names;
}

/* An enumerator goes on where it was on the other machine, and the position is kept. */
static void test_browse(void **state)
{
    IOPCBrowseServerAddressSpace *browse =
        stage_query(stage_server, &IID_IOPCBrowseServerAddressSpace);
    WCHAR **whole = calloc(NAMES_MAX, sizeof(*whole)), **parts = calloc(NAMES_MAX, sizeof(*parts));
    WCHAR leaf[] = L"C0001";
    IEnumString *names, *broken;
    WCHAR *id = NULL;
    ULONG count, first;

    (void)state;
    assert_hr(
        IOPCBrowseServerAddressSpace_ChangeBrowsePosition(browse, OPC_BROWSE_DOWN, L"Counters"),
        S_OK);
    names = browse_counters(browse);
    broken = browse_counters(browse);
    count = read_names(names, whole, NAMES_MAX);
    assert_true(count > 200);
    first = read_names(broken, parts, 120);
    assert_int_equal(first, 120);
    stage_rmsim(L"/fault PA kill --away");
    first += read_names(broken, parts + first, NAMES_MAX - first);
    assert_int_equal(first, count);
    for (ULONG i = 0; i < count; i++)
    {
        assert_int_equal(wcscmp(whole[i], parts[i]), 0);
        CoTaskMemFree(whole[i]);
        CoTaskMemFree(parts[i]);
    }
    assert_int_equal(stage_release(names), 0);
    assert_int_equal(stage_release(broken), 0);
    assert_hr(IOPCBrowseServerAddressSpace_GetItemID(browse, leaf, &id), S_OK);
    assert_int_equal(wcscmp(id, L"Counters.C0001"), 0);
    CoTaskMemFree(id);
    assert_hr(IOPCBrowseServerAddressSpace_ChangeBrowsePosition(browse, OPC_BROWSE_UP, L""), S_OK);
    assert_hr(IOPCBrowseServerAddressSpace_ChangeBrowsePosition(browse, OPC_BROWSE_UP, L""),
              E_FAIL);
    stage_release(browse);
    free(whole);
    free(parts);
}

static void wait_for_state(OPCSERVERSTATE wanted)
{
    ULONGLONG until = GetTickCount64() + WAIT_MS;

    while (stage_server_state() != wanted && GetTickCount64() < until)
        stage_pump(NULL, 50);
    assert_int_equal(stage_server_state(), wanted);
}

static void read_cached(struct stage_group *group, OPCHANDLE handle, WORD quality, LONG value)
{
    OPCITEMSTATE *values = NULL;
    HRESULT *errors = NULL;

    assert_hr(IOPCSyncIO_Read(group->sync, OPC_DS_CACHE, 1, &handle, &values, &errors), S_OK);
    assert_hr(errors[0], S_OK);
    assert_int_equal(values[0].wQuality, quality);
    assert_int_equal(values[0].hClient, 8);
    assert_int_equal(V_I4(&values[0].vDataValue), value);
    VariantClear(&values[0].vDataValue);
    CoTaskMemFree(values);
    CoTaskMemFree(errors);
}

/* With no machine left calls that would change the set-up fail, and bring nothing. */
static void change_in_vain(struct stage_group *group, OPCHANDLE handle)
{
    OPCITEMDEF definition = {.bActive = TRUE, .hClient = 9};
    WCHAR id[] = L"Memory.I2", path[] = L"";
    OPCITEMRESULT *results = POISON;
    HRESULT *errors = POISON;
    IUnknown *made = POISON;
    OPCHANDLE made_handle = 77;
    DWORD rate = 2000, revised = 77;
    BOOL is_active = FALSE;

    definition.szItemID = id;
    definition.szAccessPath = path;
    assert_hr(IOPCServer_AddGroup(stage_server, L"In vain", TRUE, 100, 1, NULL, NULL, 0,
                                  &made_handle, &revised, &IID_IOPCItemMgt, &made),
              LOST);
    assert_null(made);
    assert_int_equal(made_handle, 0);
    assert_int_equal(revised, 0);
    assert_hr(IOPCItemMgt_AddItems(group->items, 1, &definition, &results, &errors), LOST);
    assert_null(results);
    assert_null(errors);
    errors = POISON;
    assert_hr(IOPCItemMgt_RemoveItems(group->items, 1, &handle, &errors), LOST);
    assert_null(errors);
    errors = POISON;
    assert_hr(IOPCItemMgt_SetActiveState(group->items, 1, &handle, FALSE, &errors), LOST);
    assert_null(errors);
    assert_hr(IOPCGroupStateMgt_SetState(group->state, &rate, &revised, &is_active, NULL, NULL,
                                         NULL, NULL),
              LOST);
    assert_hr(IOPCGroupStateMgt_SetName(group->state, L"Another"), LOST);
    assert_hr(IOPCServer_RemoveGroup(stage_server, group->handle, FALSE), LOST);
}

/* None of that has left anything. */
static void assert_as_before(struct stage_group *group)
{
    IEnumOPCItemAttributes *enumerator = NULL;
    OPCITEMATTRIBUTES *elements = NULL;
    IUnknown *made = POISON;
    DWORD rate = 0, lcid;
    ULONG count = 0;
    BOOL is_active = FALSE;
    LONG bias;
    FLOAT deadband;
    OPCHANDLE client, handle;
    WCHAR *name = NULL;

    assert_hr(IOPCServer_GetGroupByName(stage_server, L"In vain", &IID_IOPCItemMgt, &made),
              E_INVALIDARG);
    assert_hr(IOPCGroupStateMgt_GetState(group->state, &rate, &is_active, &name, &bias, &deadband,
                                         &lcid, &client, &handle),
              S_OK);
    assert_int_equal(rate, 100);
    assert_true(is_active);
    assert_int_equal(wcscmp(name, L"Survivor"), 0);
    CoTaskMemFree(name);
    assert_hr(IOPCItemMgt_CreateEnumerator(group->items, &IID_IEnumOPCItemAttributes,
                                           (IUnknown **)(void *)&enumerator),
              S_OK);
    assert_hr(IEnumOPCItemAttributes_Next(enumerator, 5, &elements, &count), S_FALSE);
    assert_int_equal(count, 1);
    assert_int_equal(wcscmp(elements[0].szItemID, L"Memory.I4"), 0);
    assert_true(elements[0].bActive);
    CoTaskMemFree(elements[0].szItemID);
    CoTaskMemFree(elements[0].szAccessPath);
    CoTaskMemFree(elements);
    stage_release(enumerator);
}

/* Machine A is away since the test before: B dies too, and then both come back. */
static void test_all_lost(void **state)
{
    struct stage_group group;
    struct sink *sink = sink_new();
    IConnectionPoint *point = NULL;
    OPCITEMSTATE *values = POISON;
    HRESULT *errors = POISON;
    VARIANT written;
    WCHAR *text = NULL;
    OPCHANDLE handle;
    DWORD cookie;
    LONG changes;

    (void)state;
    V_VT(&written) = VT_I4;
    V_I4(&written) = 4321;
    stage_group_open(&group, L"Survivor");
    handle = stage_add(&group, L"Memory.I4", 8);
    assert_hr(IOPCSyncIO_Write(group.sync, 1, &handle, &written, &errors), S_OK);
    CoTaskMemFree(errors);
    assert_hr(
        IConnectionPointContainer_FindConnectionPoint(group.points, &IID_IOPCDataCallback, &point),
        S_OK);
    assert_hr(IConnectionPoint_Advise(point, (IUnknown *)&sink->IOPCDataCallback_iface, &cookie),
              S_OK);
    assert_true(sink_wait(sink, &sink->changes, 1));
    changes = sink->changes;
    stage_rmsim(L"/fault PB kill --away");
    assert_true(sink_wait(sink, &sink->changes, changes + 1)); /* F-10: bad quality */
    assert_int_equal(sink->qualities[0], OPC_QUALITY_COMM_FAILURE);
    assert_int_equal(stage_server_state(), OPC_STATUS_FAILED);
    read_cached(&group, handle, OPC_QUALITY_COMM_FAILURE, 4321);
    errors = POISON;
    assert_hr(IOPCSyncIO_Read(group.sync, OPC_DS_DEVICE, 1, &handle, &values, &errors), LOST);
    assert_null(values);
    assert_null(errors);
    assert_hr(IOPCSyncIO_Write(group.sync, 1, &handle, &written, &errors), LOST);
    assert_null(errors);
    assert_hr(IOPCServer_GetErrorString(stage_server, E_OUTOFMEMORY, 0, &text), S_OK);
    assert_true(text[0] != 0);
    CoTaskMemFree(text);
    change_in_vain(&group, handle);
    changes = sink->changes;

    stage_rmsim(L"/fault PA clear");
    stage_rmsim(L"/fault PB clear");
    wait_for_state(OPC_STATUS_RUNNING);
    assert_true(sink_wait(sink, &sink->changes, changes + 1));
    read_cached(&group, handle, OPC_QUALITY_GOOD, 0); /* the new process starts from nothing */
    assert_as_before(&group);
    assert_hr(IConnectionPoint_Unadvise(point, cookie), S_OK);
    stage_release(point);
    stage_group_close(&group);
    sink_release(sink);
}

const struct CMUnitTest lost_tests[] = {
    cmocka_unit_test(test_browse),
    cmocka_unit_test(test_all_lost),
};
const size_t lost_test_count = ARRAYSIZE(lost_tests);
