#include "stage3.h"

#include <stdio.h>

/* Callbacks of Data Access 3.0 over a switch: each transaction is answered exactly once,
 * keep-alives come from either machine, buffered samples in order and none doubled. */

#define QUIET_MS 1500 /* long enough for a second answer to come, if one came */

struct async3
{
    IOPCServer *server;
    struct stage3_group group;
    OPCHANDLE number, text;
};

static void open_stage(struct async3 *stage)
{
    stage->server = stage3_connect(PROGID3, false);
    stage3_open(&stage->group, stage->server, L"");
    stage->number = stage3_add(&stage->group, L"Memory.R8", 5);
    stage->text = stage3_add(&stage->group, L"Memory.String", 6);
    stage3_advise(&stage->group);
    assert_true(sink_wait(stage->group.sink, &stage->group.sink->changes, 1));
}

static void close_stage(struct async3 *stage)
{
    stage3_close(&stage->group);
    assert_int_equal(stage_release(stage->server), 0);
}

static HRESULT read_max_age(struct async3 *stage, DWORD id)
{
    OPCHANDLE handles[3] = {stage->number, 4711, stage->text};
    DWORD ages[3] = {0, 0, 0xFFFFFFFF}, cancel_id = 0;
    HRESULT *errors = NULL;
    HRESULT hr =
        IOPCAsyncIO3_ReadMaxAge(stage->group.async, 3, handles, ages, id, &cancel_id, &errors);

    assert_hr(hr, S_FALSE);
    assert_hr(errors[0], S_OK);
    assert_hr(errors[1], OPC_E_INVALIDHANDLE);
    assert_hr(errors[2], S_OK);
    assert_int_not_equal(cancel_id, 0);
    CoTaskMemFree(errors);
    return hr;
}

static void write_vqt(struct async3 *stage, DWORD id)
{
    OPCITEMVQT vqt;
    HRESULT *errors = NULL;
    DWORD cancel_id = 0;

    memset(&vqt, 0, sizeof(vqt));
    V_VT(&vqt.vDataValue) = VT_R8;
    V_R8(&vqt.vDataValue) = 12;
    assert_hr(
        IOPCAsyncIO3_WriteVQT(stage->group.async, 1, &stage->number, &vqt, id, &cancel_id, &errors),
        S_OK);
    assert_hr(errors[0], S_OK);
    assert_int_not_equal(cancel_id, 0);
    CoTaskMemFree(errors);
}

/* Out on a machine that dies: asked for again, or told that it is not known (CX-17). */
static void test_out_at_a_switch(void **state)
{
    struct async3 stage;
    struct sink *sink;
    DWORD cancel_id;

    (void)state;
    open_stage(&stage);
    sink = stage.group.sink;
    stage_rmsim(L"/fault P3A hang IOPCDataCallback.OnWriteComplete");
    write_vqt(&stage, 41); /* holds all callbacks behind it */
    read_max_age(&stage, 42);
    assert_hr(IOPCAsyncIO3_RefreshMaxAge(stage.group.async, 200, 43, &cancel_id), S_OK);
    stage_pump(NULL, 300);
    assert_int_equal(sink->writes + sink->reads + sink->refreshes, 0);
    stage_rmsim(L"/fault P3A kill --away");
    assert_true(sink_wait(sink, &sink->reads, 1));
    assert_true(sink_wait(sink, &sink->writes, 1));
    assert_true(sink_wait(sink, &sink->refreshes, 1));
    stage_quiet(QUIET_MS);
    assert_int_equal(sink->reads, 1);
    assert_int_equal(sink->writes, 1);
    assert_int_equal(sink->refreshes, 1);
    close_stage(&stage);
}

/* The new machine knows no ages. */
static void test_without_ages(void **state)
{
    struct async3 stage = {.server = stage3_connect(PROGID32, false)};
    struct sink *sink;
    DWORD cancel_id = 0;

    (void)state;
    stage3_open(&stage.group, stage.server, L"");
    stage.number = stage3_add(&stage.group, L"Memory.R8", 5);
    stage.text = stage3_add(&stage.group, L"Memory.String", 6);
    stage3_advise(&stage.group);
    sink = stage.group.sink;
    assert_true(sink_wait(sink, &sink->changes, 1));
    stage_rmsim(L"/fault P3C hang IOPCDataCallback.OnReadComplete");
    read_max_age(&stage, 42);
    assert_hr(IOPCAsyncIO3_RefreshMaxAge(stage.group.async, 200, 43, &cancel_id), S_OK);
    stage_pump(NULL, 300);
    stage_rmsim(L"/fault P3C kill --away");
    assert_true(sink_wait(sink, &sink->reads, 1));
    assert_true(sink_wait(sink, &sink->refreshes, 1));
    stage3_wait_running(stage.server);
    assert_hr(IOPCAsyncIO3_RefreshMaxAge(stage.group.async, 200, 44, &cancel_id), E_FAIL);
    stage_quiet(QUIET_MS);
    assert_int_equal(sink->reads, 1);
    assert_int_equal(sink->refreshes, 1);
    close_stage(&stage);
}

struct killer
{
    struct sink *sink;
    const volatile LONG *counter;
};

/* Ends the machine as soon as the callback has come. */
static DWORD WINAPI kill_when_answered(void *context)
{
    struct killer *killer = context;
    ULONGLONG until = GetTickCount64() + WAIT_MS;

    while (!*killer->counter && GetTickCount64() < until)
        Sleep(10);
    stage_rmsim(L"/fault P3A kill --away");
    return 0;
}

/* The callback is quicker than its call's return, and then the machine dies: the callback was the
 * answer. */
static void test_quicker_than_the_call(void **state)
{
    static const WCHAR *const methods[] = {L"IOPCAsyncIO3.ReadMaxAge", L"IOPCAsyncIO3.WriteVQT",
                                           L"IOPCAsyncIO3.RefreshMaxAge"};
    struct async3 stage;

    for (int i = 0; i < 3; i++)
    {
        struct killer killer;
        struct sink *sink;
        WCHAR order[100];
        HANDLE thread;
        DWORD cancel_id = 0;

        stage3_clear(state);
        open_stage(&stage);
        sink = killer.sink = stage.group.sink;
        killer.counter = i == 0 ? &sink->reads : i == 1 ? &sink->writes : &sink->refreshes;
        swprintf(order, ARRAYSIZE(order), L"/fault P3A slow %ls 60000 --after", methods[i]);
        stage_rmsim(order);
        thread = CreateThread(NULL, 0, kill_when_answered, &killer, 0, NULL);
        if (i == 0)
        {
            OPCHANDLE handles[3] = {stage.number, 4711, stage.text};
            DWORD ages[3] = {0, 0, 0};
            HRESULT *errors = NULL;

            assert_hr(IOPCAsyncIO3_ReadMaxAge(stage.group.async, 3, handles, ages, 51, &cancel_id,
                                              &errors),
                      S_FALSE);
            assert_hr(errors[0], S_OK);
            assert_hr(errors[1], OPC_E_INVALIDHANDLE);
            assert_hr(errors[2], S_OK);
            CoTaskMemFree(errors);
        }
        else if (i == 1)
            write_vqt(&stage, 52);
        else
            assert_hr(IOPCAsyncIO3_RefreshMaxAge(stage.group.async, 0, 53, &cancel_id), S_OK);
        assert_int_equal(WaitForSingleObject(thread, WAIT_MS), WAIT_OBJECT_0);
        CloseHandle(thread);
        stage_quiet(QUIET_MS);
        assert_int_equal(*killer.counter, 1);
        assert_int_equal(sink->reads + sink->writes + sink->refreshes, 1);
        if (i == 0)
            assert_hr(IOPCAsyncIO3_Cancel2(stage.group.async, cancel_id), E_FAIL);
        close_stage(&stage);
    }
}

static void test_keep_alive(void **state)
{
    struct async3 stage;
    struct sink *sink;
    DWORD revised_ms = 0;
    LONG before;

    (void)state;
    open_stage(&stage);
    sink = stage.group.sink;
    stage_pump(NULL, 700);
    assert_int_equal(sink->keep_alives, 0);
    assert_hr(IOPCGroupStateMgt2_SetKeepAlive(stage.group.state, 200, &revised_ms), S_OK);
    assert_int_equal(revised_ms, 200);
    assert_true(sink_wait(sink, &sink->keep_alives, 3));
    stage_rmsim(L"/fault P3A kill --away");
    stage3_wait_running(stage.server);
    stage_pump(NULL, 300); /* what the machine before had sent has come */
    before = sink->keep_alives;
    assert_true(sink_wait(sink, &sink->keep_alives, before + 3));
    assert_hr(IOPCGroupStateMgt2_SetKeepAlive(stage.group.state, 0, &revised_ms), S_OK);
    stage_pump(NULL, 300);
    before = sink->keep_alives;
    stage_pump(NULL, 700);
    assert_int_equal(sink->keep_alives, before);
    close_stage(&stage);
}

/* Steps of more than one in a run of samples. */
static LONG count_gaps(const struct sink *sink, LONG from, LONG to)
{
    LONG gaps = 0;

    for (LONG i = from + 1; i < to; i++)
    {
        if (sink->samples[i] <= sink->samples[i - 1])
            fail_msg("sample %ld of %ld is %ld, after %ld and %ld", i, sink->sample_count,
                     (long)sink->samples[i], i > 1 ? (long)sink->samples[i - 2] : 0L,
                     (long)sink->samples[i - 1]);
        gaps += sink->samples[i] != sink->samples[i - 1] + 1;
    }
    return gaps;
}

/* Counters.C0001, sampled each time that it counts, and buffered between updates of rate_ms. */
static void open_buffered(struct async3 *stage, const WCHAR *prog_id, DWORD rate_ms,
                          DWORD period_ms)
{
    DWORD revised_ms;
    OPCHANDLE counter;

    stage->server = stage3_connect(prog_id, false);
    stage3_open(&stage->group, stage->server, L"");
    assert_hr(IOPCGroupStateMgt2_SetState(stage->group.state, &rate_ms, &revised_ms, NULL, NULL,
                                          NULL, NULL, NULL),
              S_OK);
    counter = stage3_add(&stage->group, L"Counters.C0001", 1);
    assert_hr(stage3_set_rate(&stage->group, counter, period_ms), S_OK);
    assert_hr(stage3_set_buffer(&stage->group, counter, TRUE), S_OK);
    stage3_advise(&stage->group);
}

static void test_buffered(void **state)
{
    struct async3 stage;
    struct sink *sink;
    LONG first, last;

    (void)state;
    open_buffered(&stage, PROGID3, 1000, 100);
    sink = stage.group.sink;
    assert_true(sink_wait(sink, &sink->sample_count, 30));
    assert_true(sink->largest_change >= 5);
    last = sink->sample_count;
    assert_int_equal(count_gaps(sink, 1, last), 0);
    stage_rmsim(L"/fault P3A kill --away");
    first = sink->sample_count;
    sink->largest_change = 0;
    assert_true(sink_wait(sink, &sink->sample_count, first + 40));
    assert_true(sink->largest_change >= 5);
    /* What was sampled by nobody, while one had died and the other had not been told, is a gap. */
    assert_true(count_gaps(sink, 1, sink->sample_count) <= 2);
    assert_int_equal(count_gaps(sink, sink->sample_count - 20, sink->sample_count), 0);
    close_stage(&stage);
}

/* 100 samples for each update, and the server has room for 50: what is lost is told. */
static void test_overflow(void **state)
{
    struct async3 stage;
    struct sink *sink;

    (void)state;
    open_buffered(&stage, PROGIDG, 2000, 20);
    sink = stage.group.sink;
    assert_true(sink_wait(sink, &sink->overflows, 2));
    assert_hr(sink->overflow_master, S_FALSE);
    assert_int_equal(sink->largest_change, 50);
    close_stage(&stage);
}

const struct CMUnitTest da3_async_tests[] = {
    stage3_test(test_out_at_a_switch),
    stage3_test(test_without_ages),
    stage3_test(test_quicker_than_the_call),
    stage3_test(test_keep_alive),
    stage3_test(test_buffered),
    stage3_test(test_overflow),
};
const size_t da3_async_test_count = ARRAYSIZE(da3_async_tests);
