#include "stage.h"

struct async_stage
{
    struct stage_group group;
    struct sink *sink;
    IConnectionPoint *point;
    DWORD cookie;
    OPCHANDLE handles[3];
};

static void open_stage(struct async_stage *stage)
{
    stage_group_open(&stage->group, L"");
    stage_add_three(&stage->group, stage->handles);
    stage->sink = sink_new();
    assert_hr(IConnectionPointContainer_FindConnectionPoint(stage->group.points,
                                                            &IID_IOPCDataCallback, &stage->point),
              S_OK);
    assert_hr(IConnectionPoint_Advise(
                  stage->point, (IUnknown *)&stage->sink->IOPCDataCallback_iface, &stage->cookie),
              S_OK);
    assert_true(sink_wait(stage->sink, &stage->sink->changes, 1));
}

static void close_stage(struct async_stage *stage)
{
    assert_hr(IConnectionPoint_Unadvise(stage->point, stage->cookie), S_OK);
    stage_release(stage->point);
    stage_group_close(&stage->group);
    sink_release(stage->sink);
}

static void test_not_advised(void **state)
{
    struct stage_group group;
    OPCHANDLE handle;
    HRESULT *errors = POISON;
    VARIANT value;
    DWORD cancel_id = 1;
    BOOL is_enabled = TRUE;

    (void)state;
    V_VT(&value) = VT_I4;
    V_I4(&value) = 1;
    stage_group_open(&group, L"");
    handle = stage_add(&group, L"Memory.I4", 1);
    assert_hr(IOPCAsyncIO2_Read(group.async, 1, &handle, 1, &cancel_id, &errors),
              CONNECT_E_NOCONNECTION);
    assert_null(errors);
    assert_hr(IOPCAsyncIO2_Write(group.async, 1, &handle, &value, 1, &cancel_id, &errors),
              CONNECT_E_NOCONNECTION);
    assert_hr(IOPCAsyncIO2_Refresh2(group.async, OPC_DS_CACHE, 1, &cancel_id),
              CONNECT_E_NOCONNECTION);
    assert_hr(IOPCAsyncIO2_SetEnable(group.async, FALSE), CONNECT_E_NOCONNECTION);
    assert_hr(IOPCAsyncIO2_GetEnable(group.async, &is_enabled), CONNECT_E_NOCONNECTION);
    assert_false(is_enabled);
    stage_group_close(&group);
}

static void test_read_and_write(void **state)
{
    struct async_stage stage;
    OPCHANDLE handles[4];
    VARIANT values[4];
    HRESULT *errors = NULL;
    DWORD cancel_id = 0;

    (void)state;
    open_stage(&stage);
    handles[0] = stage.handles[1];
    handles[1] = 4711; /* not ours: answered at once, and not in the callback */
    handles[2] = stage.handles[0];
    handles[3] = stage.handles[2];
    for (int i = 0; i < 4; i++)
    {
        V_VT(&values[i]) = VT_I4;
        V_I4(&values[i]) = i;
    }
    assert_hr(IOPCAsyncIO2_Write(stage.group.async, 4, handles, values, 21, &cancel_id, &errors),
              S_FALSE);
    assert_hr(errors[0], S_OK);
    assert_hr(errors[1], OPC_E_INVALIDHANDLE);
    assert_hr(errors[3], S_OK);
    assert_int_not_equal(cancel_id, 0);
    CoTaskMemFree(errors);
    assert_true(sink_wait(stage.sink, &stage.sink->writes, 1));

    /* Values that were written come as data changes too; only the read is waited for. */
    assert_hr(IOPCAsyncIO2_Read(stage.group.async, 4, handles, 22, &cancel_id, &errors), S_FALSE);
    assert_hr(errors[1], OPC_E_INVALIDHANDLE);
    assert_hr(errors[2], S_OK);
    CoTaskMemFree(errors);
    assert_true(sink_wait(stage.sink, &stage.sink->reads, 1));
    assert_int_equal(stage.sink->reads, 1);
    assert_hr(IOPCAsyncIO2_Read(stage.group.async, 1, handles + 1, 23, &cancel_id, &errors),
              S_FALSE);
    assert_hr(errors[0], OPC_E_INVALIDHANDLE);
    CoTaskMemFree(errors);
    assert_hr(IOPCAsyncIO2_Cancel2(stage.group.async, cancel_id), E_FAIL); /* nothing is out */
    close_stage(&stage);
}

static void test_refresh_and_enable(void **state)
{
    struct async_stage stage;
    DWORD cancel_id = 0;
    BOOL is_enabled = FALSE;
    LONG changes;

    (void)state;
    open_stage(&stage);
    assert_hr(IOPCAsyncIO2_GetEnable(stage.group.async, &is_enabled), S_OK);
    assert_true(is_enabled);
    assert_hr(IOPCAsyncIO2_SetEnable(stage.group.async, FALSE), S_OK);
    assert_hr(IOPCAsyncIO2_GetEnable(stage.group.async, &is_enabled), S_OK);
    assert_false(is_enabled);
    changes = stage.sink->changes;
    assert_hr(IOPCAsyncIO2_Refresh2(stage.group.async, OPC_DS_CACHE, 31, &cancel_id), S_OK);
    assert_int_not_equal(cancel_id, 0);
    assert_true(sink_wait(stage.sink, &stage.sink->changes, changes + 1));
    assert_int_equal(stage.sink->id, 31);
    assert_int_equal(stage.sink->count, 3);
    assert_hr(IOPCAsyncIO2_Cancel2(stage.group.async, cancel_id), E_FAIL); /* too late */
    close_stage(&stage);
}

const struct CMUnitTest async_tests[] = {
    cmocka_unit_test(test_not_advised),
    cmocka_unit_test(test_read_and_write),
    cmocka_unit_test(test_refresh_and_enable),
};
const size_t async_test_count = ARRAYSIZE(async_tests);
