#include "stage.h"

#include <string.h>

/* Cancel2 of transactions that are really out: the first machine takes a minute for each, the
 * second one answers at once. Each test has a session of its own, on the first machine. */

#define CANCEL_PROGID L"RMSim.PDA.1"
#define STATUS_ROOM   65536
#define QUIET_MS      1500 /* long enough for a second answer to come, if one came */

enum
{
    READ_ID = 61,
    WRITE_ID = 62,
    REFRESH_ID = 63
};

struct cancel_stage
{
    struct stage_group group;
    struct sink *sink;
    IConnectionPoint *point;
    DWORD cookie;
    OPCHANDLE handle;
};

/* A session starts on the second machine where the first one has just been killed. */
static bool wait_first_active(void)
{
    ULONGLONG until = GetTickCount64() + WAIT_MS;
    bool is_first = false;

    while (!is_first && GetTickCount64() < until)
    {
        static char text[STATUS_ROOM];

        is_first = stage_read(L"rmctl.exe status " CANCEL_PROGID L" --json", text, sizeof(text)) &&
                   strstr(text, "\"active\": 1") != NULL;
        if (!is_first)
            stage_pump(NULL, 50);
    }
    return is_first;
}

static int open_machines(void **state)
{
    (void)state;
    stage_rmsim(L"/fault PDA clear");
    stage_rmsim(L"/fault PDB clear");
    stage_server = stage_connect_to(CANCEL_PROGID, CLSCTX_INPROC_SERVER);
    return stage_wait_both(CANCEL_PROGID) && wait_first_active() ? 0 : -1;
}

static int close_machines(void **state)
{
    (void)state;
    IOPCServer_Release(stage_server);
    stage_server = NULL;
    stage_rmsim(L"/fault PDA clear");
    stage_rmsim(L"/fault PDB clear");
    return 0;
}

static void open_stage(struct cancel_stage *stage)
{
    stage_group_open(&stage->group, L"");
    stage->handle = stage_add(&stage->group, L"Memory.I4", 1);
    stage->sink = sink_new();
    assert_hr(IConnectionPointContainer_FindConnectionPoint(stage->group.points,
                                                            &IID_IOPCDataCallback, &stage->point),
              S_OK);
    assert_hr(IConnectionPoint_Advise(
                  stage->point, (IUnknown *)&stage->sink->IOPCDataCallback_iface, &stage->cookie),
              S_OK);
    assert_true(sink_wait(stage->sink, &stage->sink->changes, 1));
}

static void close_stage(struct cancel_stage *stage)
{
    assert_hr(IConnectionPoint_Unadvise(stage->point, stage->cookie), S_OK);
    stage_release(stage->point);
    stage_group_close(&stage->group);
    sink_release(stage->sink);
}

static DWORD ask_read(struct cancel_stage *stage, DWORD id)
{
    HRESULT *errors = NULL;
    DWORD cancel_id = 0;

    assert_hr(IOPCAsyncIO2_Read(stage->group.async, 1, &stage->handle, id, &cancel_id, &errors),
              S_OK);
    CoTaskMemFree(errors);
    return cancel_id;
}

static DWORD ask_write(struct cancel_stage *stage, DWORD id)
{
    HRESULT *errors = NULL;
    DWORD cancel_id = 0;
    VARIANT value;

    V_VT(&value) = VT_I4;
    V_I4(&value) = 4711;
    assert_hr(
        IOPCAsyncIO2_Write(stage->group.async, 1, &stage->handle, &value, id, &cancel_id, &errors),
        S_OK);
    CoTaskMemFree(errors);
    return cancel_id;
}

static DWORD ask_refresh(struct cancel_stage *stage, DWORD id)
{
    DWORD cancel_id = 0;

    assert_hr(IOPCAsyncIO2_Refresh2(stage->group.async, OPC_DS_CACHE, id, &cancel_id), S_OK);
    return cancel_id;
}

static void switch_machine(void)
{
    stage_rmsim(L"/fault PDA kill --away");
    assert_int_equal(stage_server_state(), OPC_STATUS_RUNNING);
}

/* So many come, and no more. */
static void check_answers(struct sink *sink, LONG cancels, LONG reads, LONG writes, LONG refreshes)
{
    assert_true(sink_wait(sink, &sink->cancels, cancels));
    assert_true(sink_wait(sink, &sink->reads, reads));
    assert_true(sink_wait(sink, &sink->writes, writes));
    assert_true(sink_wait(sink, &sink->refreshes, refreshes));
    stage_quiet(QUIET_MS);
    assert_int_equal(sink->cancels, cancels);
    assert_int_equal(sink->reads, reads);
    assert_int_equal(sink->writes, writes);
    assert_int_equal(sink->refreshes, refreshes);
}

/* A Read, a Write and a Refresh2, all cancelled. */
static void cancel_three(struct cancel_stage *stage)
{
    DWORD cancel_ids[3] = {ask_read(stage, READ_ID), ask_write(stage, WRITE_ID),
                           ask_refresh(stage, REFRESH_ID)};

    for (int i = 0; i < 3; i++)
        assert_hr(IOPCAsyncIO2_Cancel2(stage->group.async, cancel_ids[i]), S_OK);
    /* Twice is once too often, and takes nothing back. */
    for (int i = 0; i < 3; i++)
        assert_hr(IOPCAsyncIO2_Cancel2(stage->group.async, cancel_ids[i]), E_FAIL);
}

static void check_cancelled_ids(const struct sink *sink)
{
    unsigned seen = 0;

    for (int i = 0; i < 3; i++)
        seen |= 1u << (sink->cancelled[i] - READ_ID);
    assert_int_equal(seen, 7);
}

static void test_cancelled(void **state)
{
    struct cancel_stage stage;

    (void)state;
    open_stage(&stage);
    cancel_three(&stage);
    check_answers(stage.sink, 3, 0, 0, 0);
    check_cancelled_ids(stage.sink);
    switch_machine();
    check_answers(stage.sink, 3, 0, 0, 0); /* nothing is owed any more */
    close_stage(&stage);
}

/* The machine dies when it has accepted the cancels and before it has told the client. */
static void test_cancelled_at_a_switch(void **state)
{
    struct cancel_stage stage;

    (void)state;
    open_stage(&stage);
    stage_rmsim(L"/fault PDA hang IOPCDataCallback.OnCancelComplete");
    cancel_three(&stage);
    assert_int_equal(stage.sink->cancels, 0);
    switch_machine();
    check_answers(stage.sink, 3, 0, 0, 0);
    check_cancelled_ids(stage.sink);
    close_stage(&stage);
}

/* The machine dies in Cancel2: the client is told of success and of the cancel. */
static void test_cancel_is_lost(void **state)
{
    struct cancel_stage stage;
    DWORD cancel_id;

    (void)state;
    open_stage(&stage);
    cancel_id = ask_read(&stage, READ_ID);
    stage_rmsim(L"/fault PDA kill IOPCAsyncIO2.Cancel2 --before --away");
    assert_hr(IOPCAsyncIO2_Cancel2(stage.group.async, cancel_id), S_OK);
    check_answers(stage.sink, 1, 0, 0, 0);
    assert_int_equal(stage.sink->cancelled[0], READ_ID);
    close_stage(&stage);
}

/* Transactions of different kinds may share an id (reference 7.6): the one that was cancelled is
 * over, and the others are still out. `which` is cancelled: 0 the Read, 1 the Write, 2 the
 * Refresh2. */
static void check_shared_id(int which, LONG reads, LONG writes, LONG refreshes)
{
    struct cancel_stage stage;
    DWORD cancel_ids[3];

    open_stage(&stage);
    cancel_ids[0] = ask_read(&stage, READ_ID);
    cancel_ids[1] = ask_write(&stage, READ_ID);
    cancel_ids[2] = ask_refresh(&stage, READ_ID);
    assert_hr(IOPCAsyncIO2_Cancel2(stage.group.async, cancel_ids[which]), S_OK);
    check_answers(stage.sink, 1, 0, 0, 0);
    switch_machine();
    check_answers(stage.sink, 1, reads, writes, refreshes);
    close_stage(&stage);
}

static void test_write_of_a_shared_id(void **state)
{
    (void)state;
    check_shared_id(1, 1, 0, 1);
}

static void test_refresh_of_a_shared_id(void **state)
{
    (void)state;
    check_shared_id(2, 1, 1, 0);
}

static void test_one_of_two_reads(void **state)
{
    struct cancel_stage stage;
    DWORD cancel_id;

    (void)state;
    open_stage(&stage);
    ask_read(&stage, READ_ID);
    cancel_id = ask_read(&stage, READ_ID);
    assert_hr(IOPCAsyncIO2_Cancel2(stage.group.async, cancel_id), S_OK);
    check_answers(stage.sink, 1, 0, 0, 0);
    switch_machine();
    check_answers(stage.sink, 1, 1, 0, 0);
    close_stage(&stage);
}

#define CANCEL(test) cmocka_unit_test_setup_teardown(test, open_machines, close_machines)

const struct CMUnitTest cancel_tests[] = {
    CANCEL(test_cancelled),
    CANCEL(test_cancelled_at_a_switch),
    CANCEL(test_cancel_is_lost),
    CANCEL(test_write_of_a_shared_id),
    CANCEL(test_refresh_of_a_shared_id),
    CANCEL(test_one_of_two_reads),
};
const size_t cancel_test_count = ARRAYSIZE(cancel_tests);
