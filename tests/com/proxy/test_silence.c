#include "stage.h"

#include <stdio.h>
#include <string.h>
#include <wchar.h>

/* Machines whose callbacks stop while they answer every call (C-04, C-05), and clients and items
 * that are only quiet. Each test has a session of its own; where it goes, the policy lets it stay.
 */

#define CHECK_MS   1000 /* callbackCheck, as run.sh sets it */
#define TIMEOUT_MS 500  /* pingTimeout */
#define MARGIN_MS  1500 /* of a machine that does other things as well */
#define STARTS_MS  4000 /* a server, for cold mode */
#define PAUSE_MS   600  /* longer than any between two of a counter that goes on every 100 ms */
#define STEPS      300
#define SILENT     "its data callbacks do not come"

struct scene
{
    const WCHAR *progid, *first, *second; /* redundant server, machines */
    unsigned machines;                    /* that are ready before anything happens */
    bool is_lossless;
};

static const struct scene cold2 = {L"RMSim.VC2A.1", L"VC2A", L"VC2B", 1, false},
                          warm2 = {L"RMSim.VW2A.1", L"VW2A", L"VW2B", 2, false},
                          hot2 = {L"RMSim.VH2A.1", L"VH2A", L"VH2B", 2, true},
                          cold3 = {L"RMSim.VC3A.1", L"VC3A", L"VC3B", 1, false},
                          warm3 = {L"RMSim.VW3A.1", L"VW3A", L"VW3B", 2, false},
                          hot3 = {L"RMSim.VH3A.1", L"VH3A", L"VH3B", 2, true};

static const struct scene *scene;
static struct stage_group group;
static IConnectionPoint *point;
static struct sink *sink;
static DWORD cookie;

static void fault(const WCHAR *machine, const WCHAR *what)
{
    WCHAR arguments[80];

    swprintf(arguments, ARRAYSIZE(arguments), L"/fault %ls %ls", machine, what);
    stage_rmsim(arguments);
}

static const char *status(void)
{
    static char text[65536];
    WCHAR command[64];

    swprintf(command, ARRAYSIZE(command), L"rmctl.exe status %ls --json", scene->progid);
    return stage_read(command, text, sizeof(text)) ? text : "";
}

static unsigned count_of(const char *words)
{
    unsigned count = 0;

    for (const char *at = status(); (at = strstr(at, words)) != NULL; at++)
        count++;
    return count;
}

static unsigned active_machine(void)
{
    const char *at = strstr(status(), "\"active\": ");
    unsigned active = 0;

    if (at)
        sscanf(at, "\"active\": %u", &active);
    return active;
}

/* The process of the session before may be on its way out still: a session that meets it can't
 * connect there, and rightly begins on the other machine. */
static void wait_gone(const WCHAR *machine)
{
    ULONGLONG until = GetTickCount64() + WAIT_MS;
    WCHAR command[64];
    char text[4096];

    swprintf(command, ARRAYSIZE(command), L"rmsim.exe /fault %ls status", machine);
    while (stage_read(command, text, sizeof(text)) && strstr(text, "process\tpid=") &&
           GetTickCount64() < until)
        stage_pump(NULL, 50);
}

static int open_session(void **state)
{
    ULONGLONG until = GetTickCount64() + STAGE_READY_MS;
    bool is_ready;

    scene = *state;
    fault(scene->first, L"clear");
    fault(scene->second, L"clear");
    wait_gone(scene->first);
    wait_gone(scene->second);
    stage_server = stage_connect_to(scene->progid, CLSCTX_INPROC_SERVER);
    while (!(is_ready = count_of("\"ready\": true") == scene->machines) && GetTickCount64() < until)
        stage_pump(NULL, 50);
    stage_group_open(&group, L"Watched");
    sink = sink_new();
    assert_hr(
        IConnectionPointContainer_FindConnectionPoint(group.points, &IID_IOPCDataCallback, &point),
        S_OK);
    assert_hr(IConnectionPoint_Advise(point, (IUnknown *)&sink->IOPCDataCallback_iface, &cookie),
              S_OK);
    return is_ready && active_machine() == 1 ? 0 : -1;
}

static int close_session(void **state)
{
    (void)state;
    fault(scene->first, L"clear");
    fault(scene->second, L"clear");
    assert_hr(IConnectionPoint_Unadvise(point, cookie), S_OK);
    stage_release(point);
    stage_group_close(&group);
    sink_release(sink);
    assert_int_equal(stage_release(stage_server), 0);
    stage_server = NULL;
    return 0;
}

/* A counter's values come; then for a while none; then ten. How long that was. */
static ULONGLONG wait_for_gap(void)
{
    ULONGLONG last_ms = GetTickCount64(), until = last_ms + 2 * WAIT_MS, gap_ms = 0;
    LONG seen = sink->sample_count, wanted = 0;

    while (GetTickCount64() < until && (!wanted || sink->sample_count < wanted))
    {
        stage_pump(sink->event, 20);
        if (sink->sample_count == seen)
            continue;
        if (!wanted && GetTickCount64() - last_ms >= PAUSE_MS)
        {
            gap_ms = GetTickCount64() - last_ms;
            wanted = sink->sample_count + 10;
        }
        last_ms = GetTickCount64();
        seen = sink->sample_count;
    }
    return wanted && sink->sample_count >= wanted ? gap_ms : 0;
}

static void assert_samples(bool is_lossless)
{
    for (LONG i = 1; i < sink->sample_count; i++)
    {
        if (is_lossless)
            assert_int_equal(sink->samples[i], sink->samples[i - 1] + 1);
        else
            assert_true(sink->samples[i] > sink->samples[i - 1]);
    }
}

/* The client's data goes on with the other machine, and it is said why. */
static void test_callbacks_stop(void **state)
{
    ULONGLONG gap_ms, limit_ms = CHECK_MS + TIMEOUT_MS + MARGIN_MS;

    (void)state;
    if (scene->machines == 1)
        limit_ms += STARTS_MS;
    stage_add(&group, L"Counters.C0001", 1);
    assert_true(sink_wait(sink, &sink->sample_count, 10));
    fault(scene->first, L"stop-callbacks");
    gap_ms = wait_for_gap();
    assert_in_range(gap_ms, PAUSE_MS, limit_ms);
    assert_int_equal(active_machine(), 2);
    assert_int_equal(count_of(SILENT), 1);
    assert_samples(scene->is_lossless);
    assert_int_equal(sink->refreshes, 0);
    assert_int_equal(sink->keep_alives, 0);
}

/* Items that don't change are no silence, and the client is shown nothing of our asking; and that
 * we have set a keep-alive time is our own business. */
static void test_quiet_items(void **state)
{
    IOPCGroupStateMgt2 *state2 = NULL;
    DWORD time_ms = 77;
    LONG changes;

    (void)state;
    stage_add(&group, L"Memory.I4", 1);
    stage_add(&group, L"Memory.String", 2);
    assert_true(sink_wait(sink, &sink->changes, 1));
    stage_pump(NULL, 500);
    while (sink->event && WaitForSingleObject(sink->event, 0) == WAIT_OBJECT_0)
        ;
    changes = sink->changes;
    for (int i = 0; i < 30; i++)
        stage_pump(NULL, 100);
    assert_int_equal(sink->changes, changes);
    assert_int_equal(sink->cancels, 0);
    assert_int_equal(active_machine(), 1);
    assert_int_equal(count_of(SILENT), 0);
    if (SUCCEEDED(IUnknown_QueryInterface(group.items, &IID_IOPCGroupStateMgt2, (void **)&state2)))
    {
        assert_hr(IOPCGroupStateMgt2_GetKeepAlive(state2, &time_ms), S_OK);
        assert_int_equal(time_ms, 0);
        stage_release(state2);
    }
}

/* The client's own time is what the machine has, before and after; and its callbacks come. */
static void test_own_keep_alive(void **state)
{
    IOPCGroupStateMgt2 *state2 = stage_query(group.items, &IID_IOPCGroupStateMgt2);
    DWORD time_ms = 0;
    LONG before;

    (void)state;
    stage_add(&group, L"Memory.I4", 1);
    assert_true(sink_wait(sink, &sink->changes, 1));
    for (int i = 0; i < 20; i++)
        stage_pump(NULL, 100); /* ours is set by now */
    assert_int_equal(sink->keep_alives, 0);
    assert_hr(IOPCGroupStateMgt2_SetKeepAlive(state2, 200, &time_ms), S_OK);
    assert_int_equal(time_ms, 200);
    assert_true(sink_wait(sink, &sink->keep_alives, 5));
    assert_hr(IOPCGroupStateMgt2_GetKeepAlive(state2, &time_ms), S_OK);
    assert_int_equal(time_ms, 200);
    assert_hr(IOPCGroupStateMgt2_SetKeepAlive(state2, 0, &time_ms), S_OK);
    assert_int_equal(time_ms, 0);
    stage_pump(NULL, 300);
    before = sink->keep_alives;
    for (int i = 0; i < 20; i++)
        stage_pump(NULL, 100);
    assert_int_equal(sink->keep_alives, before);
    assert_hr(IOPCGroupStateMgt2_GetKeepAlive(state2, &time_ms), S_OK);
    assert_int_equal(time_ms, 0);
    assert_hr(IOPCGroupStateMgt2_SetKeepAlive(state2, 200, &time_ms), S_OK);
    fault(scene->first, L"stop-callbacks");
    for (int i = 0; i < STEPS && active_machine() != 2; i++)
        stage_pump(NULL, 50);
    before = sink->keep_alives;
    assert_true(sink_wait(sink, &sink->keep_alives, before + 5));
    stage_release(state2);
}

static void write_r8(OPCHANDLE handle, double number)
{
    HRESULT *errors = NULL;
    VARIANT value;

    V_VT(&value) = VT_R8;
    V_R8(&value) = number;
    assert_hr(IOPCSyncIO_Write(group.sync, 1, &handle, &value, &errors), S_OK);
    CoTaskMemFree(errors);
}

/* A value within the deadband, which the machine does not send by itself, but with a refresh, and
 * then counts as sent: the client gets it, once, as data. */
static void test_only_a_refresh_brings_it(void **state)
{
    FLOAT deadband = 50;
    DWORD revised_ms;
    OPCHANDLE handle;
    LONG changes;

    (void)state;
    assert_hr(IOPCGroupStateMgt_SetState(group.state, NULL, &revised_ms, NULL, NULL, &deadband,
                                         NULL, NULL),
              S_OK);
    handle = stage_add(&group, L"Analog.Setpoint", 9);
    write_r8(handle, 0);
    assert_true(sink_wait(sink, &sink->changes, 1));
    for (int i = 0; i < 30; i++)
        stage_pump(NULL, 100);
    changes = sink->changes;
    write_r8(handle, 10);
    assert_true(sink_wait(sink, &sink->changes, changes + 1));
    assert_int_equal(sink->id, 0);
    assert_int_equal(sink->count, 1);
    assert_int_equal(sink->clients[0], 9);
    for (int i = 0; i < 30; i++)
        stage_pump(NULL, 100);
    assert_int_equal(sink->changes, changes + 1);
    assert_int_equal(sink->refreshes, 0);
    assert_int_equal(active_machine(), 1);
}

/* The machine that takes over accepts everything and sends nothing. */
static void test_first_callback_does_not_come(void **state)
{
    (void)state;
    stage_add(&group, L"Counters.C0001", 1);
    assert_true(sink_wait(sink, &sink->sample_count, 10));
    fault(scene->second, L"stop-callbacks");
    fault(scene->first, L"kill");
    assert_true(wait_for_gap());
    assert_int_equal(active_machine(), 1);
    assert_int_equal(count_of(SILENT), 1);
    assert_samples(false); /* for a time nobody has sent any */
}

/* In hot mode a standby is watched in the same way, and the client notices nothing of it. */
static void test_silent_standby(void **state)
{
    (void)state;
    stage_add(&group, L"Counters.C0001", 1);
    assert_true(sink_wait(sink, &sink->sample_count, 10));
    fault(scene->second, L"stop-callbacks");
    for (int i = 0; i < STEPS && !count_of(SILENT); i++)
        stage_pump(NULL, 50);
    assert_true(count_of(SILENT) > 0);
    fault(scene->second, L"clear");
    for (int i = 0; i < STEPS && count_of("\"objection\": \"\"") != 2; i++)
        stage_pump(NULL, 50);
    assert_int_equal(count_of("\"objection\": \"\""), 2);
    assert_int_equal(active_machine(), 1);
    assert_samples(scene->is_lossless);
}

static void sleep_once(void)
{
    sink->on_change = NULL;
    Sleep(4 * CHECK_MS);
}

/* A client that keeps a callback, or whose apartment handles no messages: the machine is as well as
 * before. Afterwards all goes on. */
static void test_client_is_busy(void **state)
{
    LONG seen;

    (void)state;
    stage_add(&group, L"Counters.C0001", 1);
    assert_true(sink_wait(sink, &sink->sample_count, 10));
    sink->on_change = sleep_once;
    seen = sink->sample_count;
    assert_true(sink_wait(sink, &sink->sample_count, seen + 20));
    Sleep(4 * CHECK_MS);
    assert_int_equal(active_machine(), 1);
    seen = sink->sample_count;
    assert_true(sink_wait(sink, &sink->sample_count, seen + 20));
    assert_int_equal(active_machine(), 1);
    assert_int_equal(count_of(SILENT), 0);
    /* ... and silence is noticed as ever */
    fault(scene->first, L"stop-callbacks");
    assert_true(wait_for_gap());
    assert_int_equal(active_machine(), 2);
}

/* Not enabled, not active, without active items: nothing should come. */
static void test_nothing_should_come(void **state)
{
    OPCHANDLE handle = stage_add(&group, L"Memory.I4", 1);
    BOOL is_active = FALSE;
    HRESULT *errors = NULL;
    DWORD revised_ms;

    (void)state;
    assert_true(sink_wait(sink, &sink->changes, 1));
    fault(scene->first, L"stop-callbacks");
    assert_hr(IOPCItemMgt_SetActiveState(group.items, 1, &handle, FALSE, &errors), S_OK);
    CoTaskMemFree(errors);
    for (int i = 0; i < 25; i++)
        stage_pump(NULL, 100);
    assert_hr(IOPCAsyncIO2_SetEnable(group.async, FALSE), S_OK);
    assert_hr(IOPCItemMgt_SetActiveState(group.items, 1, &handle, TRUE, &errors), S_OK);
    CoTaskMemFree(errors);
    for (int i = 0; i < 25; i++)
        stage_pump(NULL, 100);
    assert_hr(IOPCGroupStateMgt_SetState(group.state, NULL, &revised_ms, &is_active, NULL, NULL,
                                         NULL, NULL),
              S_OK);
    assert_hr(IOPCAsyncIO2_SetEnable(group.async, TRUE), S_OK);
    for (int i = 0; i < 25; i++)
        stage_pump(NULL, 100);
    assert_int_equal(active_machine(), 1);
    assert_int_equal(count_of(SILENT), 0);
}

#define ON(where, test)                                                                            \
    {                                                                                              \
#test ", " #where, test, open_session, close_session, (void *)(uintptr_t)&where            \
    }

const struct CMUnitTest silence_tests[] = {
    ON(cold2, test_callbacks_stop),
    ON(cold3, test_callbacks_stop),
    ON(warm2, test_callbacks_stop),
    ON(warm3, test_callbacks_stop),
    ON(hot2, test_callbacks_stop),
    ON(hot3, test_callbacks_stop),
    ON(cold2, test_quiet_items),
    ON(warm3, test_quiet_items),
    ON(hot2, test_quiet_items),
    ON(hot3, test_quiet_items),
    ON(warm3, test_own_keep_alive),
    ON(cold2, test_only_a_refresh_brings_it),
    ON(warm2, test_only_a_refresh_brings_it),
    ON(hot2, test_only_a_refresh_brings_it),
    ON(cold2, test_first_callback_does_not_come),
    ON(cold3, test_first_callback_does_not_come),
    ON(warm2, test_first_callback_does_not_come),
    ON(warm3, test_first_callback_does_not_come),
    ON(hot2, test_first_callback_does_not_come),
    ON(hot3, test_first_callback_does_not_come),
    ON(hot2, test_silent_standby),
    ON(hot3, test_silent_standby),
    ON(warm2, test_client_is_busy),
    ON(warm2, test_nothing_should_come),
};
const size_t silence_test_count = ARRAYSIZE(silence_tests);
