#include "testda3.h"

#include <math.h>

static void set_active(struct session *session, BOOL is_active)
{
    DWORD revised = 0;
    assert_int_equal(IOPCGroupStateMgt_SetState(session->group, NULL, &revised, &is_active, NULL,
                                                NULL, NULL, NULL),
                     S_OK);
}

static void set_keep_alive(struct session *session, DWORD time_ms, HRESULT expected)
{
    DWORD revised = 4711;
    DWORD kept = 4711;
    IOPCGroupStateMgt2 *group = test_query(session->group, &IID_IOPCGroupStateMgt2);
    assert_int_equal(IOPCGroupStateMgt2_SetKeepAlive(group, time_ms, &revised), expected);
    assert_int_equal(revised, (time_ms + 9) / 10 * 10);
    assert_int_equal(IOPCGroupStateMgt2_GetKeepAlive(group, &kept), S_OK);
    assert_int_equal(kept, revised);
    IOPCGroupStateMgt2_Release(group);
}

static void test_keep_alive_is_revised(void **state)
{
    struct session session;
    DWORD kept = 4711;
    (void)state;
    IOPCServer *server = test_da3();
    test_open(&session, server, 100, TRUE);
    IOPCGroupStateMgt2 *group = test_query(session.group, &IID_IOPCGroupStateMgt2);
    assert_int_equal(IOPCGroupStateMgt2_GetKeepAlive(group, &kept), S_OK);
    assert_int_equal(kept, 0);
    IOPCGroupStateMgt2_Release(group);
    set_keep_alive(&session, 1000, S_OK);
    set_keep_alive(&session, 1001, OPC_S_UNSUPPORTEDRATE);
    set_keep_alive(&session, 1, OPC_S_UNSUPPORTEDRATE);
    set_keep_alive(&session, 0, S_OK);
    test_close(&session);
    IOPCServer_Release(server);
}

static FILETIME last_update(IOPCServer *server)
{
    OPCSERVERSTATUS *status = NULL;
    assert_int_equal(IOPCServer_GetStatus(server, &status), S_OK);
    FILETIME stamp = status->ftLastUpdateTime;
    CoTaskMemFree(status->szVendorInfo);
    CoTaskMemFree(status);
    return stamp;
}

/* Empty callbacks, one per interval, when there is nothing else to say; also without items. */
static void test_keep_alive_keeps_time(void **state)
{
    struct session session;
    (void)state;
    IOPCServer *server = test_da3();
    test_open(&session, server, 50, TRUE);
    test_advise(&session);
    FILETIME before = last_update(server);
    set_keep_alive(&session, 200, S_OK);
    DWORD start = GetTickCount();
    test_wait_callbacks(&session, 4);
    DWORD time_ms = GetTickCount() - start;
    assert_true(time_ms >= 4 * 200 - 50 && time_ms < 4 * 300);
    assert_int_equal(test_count(&session, RECORD_CHANGE), 0);
    FILETIME after = last_update(server);
    assert_int_equal(CompareFileTime(&before, &after), 0);
    set_keep_alive(&session, 0, S_OK);
    test_close(&session);
    IOPCServer_Release(server);
}

/* Whatever is sent, the interval starts anew with it. */
static void test_keep_alive_waits_for_silence(void **state)
{
    struct session session;
    DWORD cancel_id = 0;
    (void)state;
    IOPCServer *server = test_da3();
    test_open(&session, server, 50, TRUE);
    test_add(&session, L"Memory.UI4", 1, VT_EMPTY);
    test_advise(&session);
    test_wait(&session, RECORD_CHANGE, 1);
    DWORD first = test_wait_callbacks(&session, 1);
    set_keep_alive(&session, 400, S_OK);
    for (DWORD i = 0; i < 6; i++) /* one refresh each 200 ms */
    {
        Sleep(200);
        assert_int_equal(IOPCAsyncIO2_Refresh2(session.async, OPC_DS_CACHE, 31 + i, &cancel_id),
                         S_OK);
    }
    test_wait(&session, RECORD_CHANGE, 7);
    assert_int_equal(test_wait_callbacks(&session, first + 6), first + 6);
    test_wait_callbacks(&session, first + 7);
    assert_int_equal(test_count(&session, RECORD_CHANGE), 7);
    test_close(&session);
    IOPCServer_Release(server);
}

/* Only where data could come. */
static void test_keep_alive_is_off_with_the_group(void **state)
{
    struct session session;
    (void)state;
    IOPCServer *server = test_da3();
    test_open(&session, server, 50, TRUE);
    test_advise(&session);
    set_keep_alive(&session, 100, S_OK);
    test_wait_callbacks(&session, 2);
    assert_int_equal(IOPCAsyncIO2_SetEnable(session.async, FALSE), S_OK);
    Sleep(150); /* one may have been on its way */
    DWORD count = test_wait_callbacks(&session, 2);
    Sleep(400);
    assert_int_equal(test_wait_callbacks(&session, 2), count);
    assert_int_equal(IOPCAsyncIO2_SetEnable(session.async, TRUE), S_OK);
    test_wait_callbacks(&session, count + 2);
    set_active(&session, FALSE);
    Sleep(150);
    count = test_wait_callbacks(&session, 2);
    Sleep(400);
    assert_int_equal(test_wait_callbacks(&session, 2), count);
    set_active(&session, TRUE);
    test_wait_callbacks(&session, count + 2);
    test_close(&session);
    IOPCServer_Release(server);
}

static void test_reading_by_age(void **state)
{
    struct session session;
    DWORD ages[4] = {0, 0, 0, MAXDWORD};
    VARIANT *values = NULL;
    WORD *qualities = NULL;
    FILETIME *stamps = NULL;
    HRESULT *errors = NULL;
    VARIANT value;
    WORD quality = 0;
    FILETIME stamp;
    (void)state;
    IOPCServer *server = test_da3();
    test_open(&session, server, 1000, TRUE);
    IOPCSyncIO2 *sync = test_query(session.group, &IID_IOPCSyncIO2);
    DWORD counter = test_add(&session, L"Counters.C0002", 1, VT_R8);
    DWORD write_only = test_add(&session, L"Rights.WriteOnly", 2, VT_EMPTY);
    DWORD handles[4] = {counter, 4711, write_only, counter};
    assert_int_equal(
        IOPCSyncIO2_ReadMaxAge(sync, 0, handles, ages, &values, &qualities, &stamps, &errors),
        E_INVALIDARG);
    assert_int_equal(
        IOPCSyncIO2_ReadMaxAge(sync, 4, handles, ages, &values, &qualities, &stamps, &errors),
        S_FALSE);
    assert_int_equal(errors[0], S_OK);
    assert_int_equal(errors[1], OPC_E_INVALIDHANDLE);
    assert_int_equal(errors[2], OPC_E_BADRIGHTS);
    assert_int_equal(V_VT(&values[0]), VT_R8);
    assert_int_equal(V_VT(&values[1]), VT_EMPTY);
    assert_int_equal(V_VT(&values[2]), VT_EMPTY);
    /* The cache of a group of 1000 ms has multiples of 50 of the counters' 20 ms. */
    assert_int_equal((int64_t)V_R8(&values[3]) % 50, 0);
    assert_true(V_R8(&values[0]) >= V_R8(&values[3]));
    CoTaskMemFree(values);
    CoTaskMemFree(qualities);
    CoTaskMemFree(stamps);
    CoTaskMemFree(errors);
    /* Inactive: nothing keeps the cache up, so an age leads to the device. */
    set_active(&session, FALSE);
    assert_int_equal(test_read_max_age(&session, counter, 5000, &value, &quality, &stamp), S_OK);
    assert_int_equal(quality, OPC_QUALITY_GOOD);
    assert_int_equal(test_read_max_age(&session, counter, MAXDWORD, &value, &quality, &stamp),
                     S_OK);
    assert_int_equal(quality, OPC_QUALITY_OUT_OF_SERVICE);
    /* The methods of 2.05a are in the same table. */
    OPCITEMSTATE *states = NULL;
    assert_int_equal(IOPCSyncIO2_Read(sync, OPC_DS_DEVICE, 1, &counter, &states, &errors), S_OK);
    assert_int_equal(states[0].hClient, 1);
    CoTaskMemFree(states);
    CoTaskMemFree(errors);
    IOPCSyncIO2_Release(sync);
    test_close(&session);
    IOPCServer_Release(server);
}

static void test_writing_value_quality_and_time(void **state)
{
    static const FILETIME then = {0x12345678, 0x01DB0000};
    struct session session;
    HRESULT *errors = NULL;
    VARIANT value;
    WORD quality = 0;
    FILETIME stamp;
    (void)state;
    IOPCServer *server = test_da3();
    test_open(&session, server, 100, TRUE);
    IOPCSyncIO2 *sync = test_query(session.group, &IID_IOPCSyncIO2);
    DWORD number = test_add(&session, L"Memory.I4", 1, VT_EMPTY);
    DWORD setpoint = test_add(&session, L"Analog.Setpoint", 2, VT_EMPTY);
    DWORD clamped = test_add(&session, L"Analog.Clamped", 3, VT_EMPTY);
    DWORD read_only = test_add(&session, L"Rights.ReadOnly", 4, VT_EMPTY);
    DWORD handles[] = {number, 4711, setpoint, clamped, read_only};
    OPCITEMVQT vqts[] = {test_vqt(test_i4(7)), test_vqt(test_i4(7)), test_vqt(test_r8(7)),
                         test_vqt(test_r8(-1)), test_vqt(test_i4(7))};
    vqts[0].bQualitySpecified = TRUE;
    vqts[0].wQuality = OPC_QUALITY_LOCAL_OVERRIDE;
    vqts[0].bTimeStampSpecified = TRUE;
    vqts[0].ftTimeStamp = then;
    vqts[2].bTimeStampSpecified = TRUE;
    assert_int_equal(IOPCSyncIO2_WriteVQT(sync, 0, handles, vqts, &errors), E_INVALIDARG);
    assert_int_equal(IOPCSyncIO2_WriteVQT(sync, 5, handles, vqts, &errors), S_FALSE);
    assert_int_equal(errors[0], S_OK);
    assert_int_equal(errors[1], OPC_E_INVALIDHANDLE);
    assert_int_equal(errors[2], OPC_E_NOTSUPPORTED);
    assert_int_equal(errors[3], OPC_S_CLAMP);
    assert_int_equal(errors[4], OPC_E_BADRIGHTS);
    CoTaskMemFree(errors);
    assert_int_equal(test_read_max_age(&session, number, 0, &value, &quality, &stamp), S_OK);
    assert_int_equal(V_I4(&value), 7);
    assert_int_equal(quality, OPC_QUALITY_LOCAL_OVERRIDE);
    assert_int_equal(CompareFileTime(&stamp, &then), 0);
    /* Only a quality: the value stays. Nothing at all: nothing changes. */
    V_VT(&vqts[0].vDataValue) = VT_EMPTY;
    vqts[0].wQuality = OPC_QUALITY_BAD;
    vqts[0].bTimeStampSpecified = FALSE;
    assert_int_equal(IOPCSyncIO2_WriteVQT(sync, 1, handles, vqts, &errors), S_OK);
    CoTaskMemFree(errors);
    vqts[0].bQualitySpecified = FALSE;
    assert_int_equal(IOPCSyncIO2_WriteVQT(sync, 1, handles, vqts, &errors), S_OK);
    CoTaskMemFree(errors);
    assert_int_equal(test_read_max_age(&session, number, 0, &value, &quality, &stamp), S_OK);
    assert_int_equal(V_I4(&value), 7);
    assert_int_equal(quality, OPC_QUALITY_BAD);
    assert_true(CompareFileTime(&stamp, &then) > 0);
    /* Only a value: good again. */
    assert_int_equal(test_write(&session, number, test_i4(8)), S_OK);
    assert_int_equal(test_read_max_age(&session, number, 0, &value, &quality, &stamp), S_OK);
    assert_int_equal(V_I4(&value), 8);
    assert_int_equal(quality, OPC_QUALITY_GOOD);
    IOPCSyncIO2_Release(sync);
    test_close(&session);
    IOPCServer_Release(server);
}

static void test_async_reads_writes_and_refreshes(void **state)
{
    struct session session;
    DWORD cancel_id = 4711;
    DWORD ages[3] = {0, 0, 0};
    HRESULT *errors = (HRESULT *)&cancel_id;
    (void)state;
    IOPCServer *server = test_da3();
    test_open(&session, server, 100, FALSE);
    IOPCAsyncIO3 *async = test_query(session.group, &IID_IOPCAsyncIO3);
    DWORD number = test_add(&session, L"Memory.I4", 1, VT_EMPTY);
    DWORD setpoint = test_add(&session, L"Analog.Setpoint", 2, VT_EMPTY);
    DWORD handles[] = {number, 4711, setpoint};
    OPCITEMVQT vqts[] = {test_vqt(test_i4(21)), test_vqt(test_i4(22)), test_vqt(test_r8(23))};
    assert_int_equal(IOPCAsyncIO3_ReadMaxAge(async, 1, handles, ages, 5, &cancel_id, &errors),
                     CONNECT_E_NOCONNECTION);
    assert_null(errors);
    assert_int_equal(IOPCAsyncIO3_WriteVQT(async, 1, handles, vqts, 5, &cancel_id, &errors),
                     CONNECT_E_NOCONNECTION);
    assert_int_equal(IOPCAsyncIO3_RefreshMaxAge(async, 0, 5, &cancel_id), CONNECT_E_NOCONNECTION);
    test_advise(&session);
    assert_int_equal(IOPCAsyncIO3_ReadMaxAge(async, 0, handles, ages, 5, &cancel_id, &errors),
                     E_INVALIDARG);
    vqts[0].bQualitySpecified = TRUE;
    vqts[0].wQuality = OPC_QUALITY_LOCAL_OVERRIDE;
    vqts[2].bQualitySpecified = TRUE;
    assert_int_equal(IOPCAsyncIO3_WriteVQT(async, 3, handles, vqts, 6, &cancel_id, &errors),
                     S_FALSE);
    assert_int_equal(errors[0], S_OK);
    assert_int_equal(errors[1], OPC_E_INVALIDHANDLE);
    assert_int_equal(errors[2], OPC_E_NOTSUPPORTED);
    CoTaskMemFree(errors);
    test_wait(&session, RECORD_WRITE, 1);
    assert_int_equal(test_record(&session, RECORD_WRITE, 0).transaction, 6);
    assert_int_equal(IOPCAsyncIO3_ReadMaxAge(async, 3, handles, ages, 7, &cancel_id, &errors),
                     S_FALSE);
    assert_int_equal(errors[1], OPC_E_INVALIDHANDLE);
    CoTaskMemFree(errors);
    test_wait(&session, RECORD_READ, 2);
    struct record record = test_record(&session, RECORD_READ, 0);
    assert_int_equal(record.transaction, 7);
    assert_int_equal(record.quality, OPC_QUALITY_LOCAL_OVERRIDE);
    assert_true(fabs(record.number - 21) < 1e-9);
    /* From the cache of an inactive group. */
    ages[0] = MAXDWORD;
    assert_int_equal(IOPCAsyncIO3_ReadMaxAge(async, 1, handles, ages, 8, &cancel_id, &errors),
                     S_OK);
    CoTaskMemFree(errors);
    test_wait(&session, RECORD_READ, 3);
    assert_int_equal(test_record(&session, RECORD_READ, 2).quality, OPC_QUALITY_OUT_OF_SERVICE);
    assert_int_equal(IOPCAsyncIO3_RefreshMaxAge(async, 0, 9, &cancel_id), E_FAIL);
    set_active(&session, TRUE);
    test_wait(&session, RECORD_CHANGE, 2);
    test_forget(&session);
    assert_int_equal(IOPCAsyncIO3_RefreshMaxAge(async, 1000, 9, &cancel_id), S_OK);
    test_wait(&session, RECORD_CHANGE, 2);
    assert_int_equal(test_record(&session, RECORD_CHANGE, 0).transaction, 9);
    /* The methods of 2.05a are in the same table. */
    assert_int_equal(IOPCAsyncIO3_Cancel2(async, 4711), E_FAIL);
    IOPCAsyncIO3_Release(async);
    test_close(&session);
    IOPCServer_Release(server);
}

static void test_a_removed_group_answers_no_more(void **state)
{
    struct session session;
    DWORD number = 0;
    HRESULT *errors = NULL;
    (void)state;
    IOPCServer *server = test_da3();
    test_open(&session, server, 100, TRUE);
    IOPCItemDeadbandMgt *deadband = test_query(session.group, &IID_IOPCItemDeadbandMgt);
    IOPCGroupStateMgt2 *group = test_query(session.group, &IID_IOPCGroupStateMgt2);
    IOPCAsyncIO3 *async = test_query(session.group, &IID_IOPCAsyncIO3);
    assert_int_equal(IOPCServer_RemoveGroup(server, session.group_handle, FALSE), OPC_S_INUSE);
    assert_int_equal(IOPCItemDeadbandMgt_ClearItemDeadband(deadband, 1, &number, &errors), E_FAIL);
    assert_int_equal(IOPCGroupStateMgt2_SetKeepAlive(group, 100, &number), E_FAIL);
    assert_int_equal(IOPCAsyncIO3_RefreshMaxAge(async, 0, 1, &number), E_FAIL);
    IOPCItemDeadbandMgt_Release(deadband);
    IOPCGroupStateMgt2_Release(group);
    IOPCAsyncIO3_Release(async);
    IOPCItemMgt_Release(session.items);
    IOPCGroupStateMgt_Release(session.group);
    IOPCSyncIO_Release(session.sync);
    IOPCAsyncIO2_Release(session.async);
    IOPCDataCallback_Release(&session.sink->IOPCDataCallback_iface);
    IOPCServer_Release(server);
}

const struct CMUnitTest da3_group_tests[] = {
    cmocka_unit_test(test_keep_alive_is_revised),
    cmocka_unit_test(test_keep_alive_keeps_time),
    cmocka_unit_test(test_keep_alive_waits_for_silence),
    cmocka_unit_test(test_keep_alive_is_off_with_the_group),
    cmocka_unit_test(test_reading_by_age),
    cmocka_unit_test(test_writing_value_quality_and_time),
    cmocka_unit_test(test_async_reads_writes_and_refreshes),
    cmocka_unit_test(test_a_removed_group_answers_no_more),
};
const size_t da3_group_test_count = sizeof(da3_group_tests) / sizeof(da3_group_tests[0]);
