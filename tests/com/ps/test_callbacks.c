/* From the server to the client: IOPCDataCallback. */
#include "ps_sink.h"
#include "ps_test.h"

#include "samples.h"

static OPCHANDLE numbers[SAMPLE_COUNT];

static void assert_call(const char *method, DWORD transaction, DWORD count)
{
    assert_non_null(sink_last.method);
    assert_string_equal(sink_last.method, method);
    assert_int_equal(sink_last.transaction, transaction);
    assert_int_equal(sink_last.count, count);
    assert_int_equal(sink_last.wrong, 0);
    sink_forget();
}

/* The calls of IOPCAsyncIO2, also for the interface that inherits them. */
static void check_async2(IOPCAsyncIO2 *group)
{
    VARIANT values[SAMPLE_COUNT];
    DWORD cookie, cancel = POISON_NUMBER;
    IConnectionPoint *point = sink_connect((IUnknown *)group, &cookie);
    HRESULT *errors = POISON;

    for (DWORD i = 0; i < SAMPLE_COUNT; i++)
    {
        numbers[i] = i;
        sample_make(i, &values[i]);
    }
    assert_hr(IOPCAsyncIO2_Read(group, SAMPLE_COUNT, numbers, 0xF0000001, &cancel, &errors), S_OK);
    assert_int_equal(cancel, 0xCC000001);
    assert_errors(errors, SAMPLE_COUNT);
    assert_int_equal(sink_last.group, 0xC2000000);
    assert_hr(sink_last.master_quality, S_FALSE);
    assert_hr(sink_last.master_error, OPC_S_DATAQUEUEOVERFLOW);
    assert_call("OnReadComplete", 0xF0000001, SAMPLE_COUNT);

    assert_hr(
        IOPCAsyncIO2_Write(group, SAMPLE_COUNT, numbers, values, 0xF0000002, &cancel, &errors),
        S_OK);
    assert_no_errors(errors, SAMPLE_COUNT);
    assert_int_equal(sink_last.group, 0xC2000001);
    assert_hr(sink_last.master_error, S_FALSE);
    assert_call("OnWriteComplete", 0xF0000002, SAMPLE_COUNT);

    assert_hr(IOPCAsyncIO2_Refresh2(group, OPC_DS_DEVICE, 0xF0000003, &cancel), S_OK);
    assert_trace(L"AsyncIO2::Refresh2 2 transaction=f0000003");
    assert_int_equal(sink_last.group, 0xC2000000);
    assert_call("OnDataChange", 0xF0000003, SAMPLE_COUNT);

    assert_hr(IOPCAsyncIO2_Cancel2(group, 0xF0000004), S_OK);
    assert_int_equal(sink_last.group, 0xC2000002);
    assert_call("OnCancelComplete", 0xF0000005, 0);
    for (DWORD i = 0; i < SAMPLE_COUNT; i++)
        VariantClear(&values[i]);
    sink_disconnect(point, cookie);
}

static void async2_with_callbacks(void **state)
{
    IOPCAsyncIO2 *group = group_interface(&IID_IOPCAsyncIO2);

    (void)state;
    check_async2(group);
    IOPCAsyncIO2_Release(group);
}

static void async3_with_inherited_methods(void **state)
{
    IOPCAsyncIO3 *group = group_interface(&IID_IOPCAsyncIO3);

    (void)state;
    check_async2((IOPCAsyncIO2 *)group);
    IOPCAsyncIO3_Release(group);
}

static void refresh_and_keep_alive(void **state)
{
    IOPCAsyncIO3 *group = group_interface(&IID_IOPCAsyncIO3);
    DWORD cookie, cancel = POISON_NUMBER;
    IConnectionPoint *point = sink_connect((IUnknown *)group, &cookie);

    (void)state;
    assert_hr(IOPCAsyncIO3_RefreshMaxAge(group, 100, 8, &cancel), S_OK);
    assert_int_equal(cancel, 0xCC000006);
    assert_call("OnDataChange", 8, 100);
    /* No item, but arrays that are no NULL. */
    assert_hr(IOPCAsyncIO3_RefreshMaxAge(group, 0, 0, &cancel), S_OK);
    assert_call("OnDataChange", 0, 0);
    sink_disconnect(point, cookie);
    IOPCAsyncIO3_Release(group);
}

static void a_sink_is_refused_that_is_none(void **state)
{
    IOPCAsyncIO2 *group = group_interface(&IID_IOPCAsyncIO2);
    IConnectionPoint *point;
    DWORD cookie;

    (void)state;
    point = sink_connect((IUnknown *)group, &cookie);
    assert_hr(IConnectionPoint_Advise(point, (IUnknown *)&sink, &cookie), CONNECT_E_ADVISELIMIT);
    sink_disconnect(point, 0x77000001);
    IOPCAsyncIO2_Release(group);
}

int callback_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(async2_with_callbacks),
        cmocka_unit_test(async3_with_inherited_methods),
        cmocka_unit_test(refresh_and_keep_alive),
        cmocka_unit_test(a_sink_is_refused_that_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
