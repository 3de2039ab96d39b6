#include "stage3.h"

/* What is wrong before any machine is asked; and inherited methods by either interface. */

static void test_io_null(void **state)
{
    IOPCServer *server = stage3_connect(PROGID3, false);
    struct stage3_group group;
    OPCHANDLE handle = 0;
    OPCITEMVQT vqt;
    DWORD number = 1, cancel_id = 1;
    VARIANT *values = POISON;
    WORD *qualities = POISON;
    FILETIME *times = POISON;
    HRESULT *errors = POISON;

    (void)state;
    memset(&vqt, 0, sizeof(vqt));
    stage3_open(&group, server, L"");
    assert_hr(IOPCGroupStateMgt2_SetKeepAlive(group.state, 0, NULL), NULL_REF);
    assert_hr(IOPCGroupStateMgt2_GetKeepAlive(group.state, NULL), NULL_REF);
#define READ(h, a, v, q, t, e) IOPCSyncIO2_ReadMaxAge(group.sync, 1, h, a, v, q, t, e)
    assert_hr(READ(NULL, &number, &values, &qualities, &times, &errors), NULL_REF);
    assert_null(values);
    assert_null(qualities);
    assert_null(times);
    assert_null(errors);
    assert_hr(READ(&handle, NULL, &values, &qualities, &times, &errors), NULL_REF);
    assert_hr(READ(&handle, &number, NULL, &qualities, &times, &errors), NULL_REF);
    assert_hr(READ(&handle, &number, &values, NULL, &times, &errors), NULL_REF);
    assert_hr(READ(&handle, &number, &values, &qualities, NULL, &errors), NULL_REF);
    assert_hr(READ(&handle, &number, &values, &qualities, &times, NULL), NULL_REF);
#undef READ
    assert_hr(IOPCSyncIO2_WriteVQT(group.sync, 1, NULL, &vqt, &errors), NULL_REF);
    assert_hr(IOPCSyncIO2_WriteVQT(group.sync, 1, &handle, NULL, &errors), NULL_REF);
    assert_hr(IOPCSyncIO2_WriteVQT(group.sync, 1, &handle, &vqt, NULL), NULL_REF);
    errors = POISON;
#define READ(h, a, c, e) IOPCAsyncIO3_ReadMaxAge(group.async, 1, h, a, 1, c, e)
    assert_hr(READ(NULL, &number, &cancel_id, &errors), NULL_REF);
    assert_null(errors);
    assert_int_equal(cancel_id, 0);
    assert_hr(READ(&handle, NULL, &cancel_id, &errors), NULL_REF);
    assert_hr(READ(&handle, &number, NULL, &errors), NULL_REF);
    assert_hr(READ(&handle, &number, &cancel_id, NULL), NULL_REF);
#undef READ
    assert_hr(IOPCAsyncIO3_WriteVQT(group.async, 1, NULL, &vqt, 1, &cancel_id, &errors), NULL_REF);
    assert_hr(IOPCAsyncIO3_WriteVQT(group.async, 1, &handle, NULL, 1, &cancel_id, &errors),
              NULL_REF);
    assert_hr(IOPCAsyncIO3_WriteVQT(group.async, 1, &handle, &vqt, 1, NULL, &errors), NULL_REF);
    assert_hr(IOPCAsyncIO3_WriteVQT(group.async, 1, &handle, &vqt, 1, &cancel_id, NULL), NULL_REF);
    assert_hr(IOPCAsyncIO3_RefreshMaxAge(group.async, 0, 1, NULL), NULL_REF);
    stage3_close(&group);
    assert_int_equal(stage_release(server), 0);
}

static void test_settings_null(void **state)
{
    IOPCServer *server = stage3_connect(PROGID3, false);
    struct stage3_group group;
    OPCHANDLE handle = 0;
    DWORD number = 1;
    HRESULT *errors = POISON;
    FLOAT deadband = 0, *deadbands = POISON;
    DWORD *numbers = POISON;
    BOOL flag = FALSE, *flags = POISON;

    (void)state;
    stage3_open(&group, server, L"");
    assert_hr(IOPCItemDeadbandMgt_SetItemDeadband(group.deadband, 1, NULL, &deadband, &errors),
              NULL_REF);
    assert_null(errors);
    assert_hr(IOPCItemDeadbandMgt_SetItemDeadband(group.deadband, 1, &handle, NULL, &errors),
              NULL_REF);
    assert_hr(IOPCItemDeadbandMgt_SetItemDeadband(group.deadband, 1, &handle, &deadband, NULL),
              NULL_REF);
    assert_hr(IOPCItemDeadbandMgt_GetItemDeadband(group.deadband, 1, NULL, &deadbands, &errors),
              NULL_REF);
    assert_null(deadbands);
    assert_hr(IOPCItemDeadbandMgt_GetItemDeadband(group.deadband, 1, &handle, NULL, &errors),
              NULL_REF);
    assert_hr(IOPCItemDeadbandMgt_GetItemDeadband(group.deadband, 1, &handle, &deadbands, NULL),
              NULL_REF);
    assert_hr(IOPCItemDeadbandMgt_ClearItemDeadband(group.deadband, 1, NULL, &errors), NULL_REF);
    assert_hr(IOPCItemDeadbandMgt_ClearItemDeadband(group.deadband, 1, &handle, NULL), NULL_REF);
#define SET(h, r, n, e) IOPCItemSamplingMgt_SetItemSamplingRate(group.sampling, 1, h, r, n, e)
    assert_hr(SET(NULL, &number, &numbers, &errors), NULL_REF);
    assert_null(numbers);
    assert_hr(SET(&handle, NULL, &numbers, &errors), NULL_REF);
    assert_hr(SET(&handle, &number, NULL, &errors), NULL_REF);
    assert_hr(SET(&handle, &number, &numbers, NULL), NULL_REF);
#undef SET
    assert_hr(IOPCItemSamplingMgt_GetItemSamplingRate(group.sampling, 1, NULL, &numbers, &errors),
              NULL_REF);
    assert_hr(IOPCItemSamplingMgt_GetItemSamplingRate(group.sampling, 1, &handle, NULL, &errors),
              NULL_REF);
    assert_hr(IOPCItemSamplingMgt_ClearItemSamplingRate(group.sampling, 1, NULL, &errors),
              NULL_REF);
    assert_hr(IOPCItemSamplingMgt_SetItemBufferEnable(group.sampling, 1, &handle, NULL, &errors),
              NULL_REF);
    assert_hr(IOPCItemSamplingMgt_SetItemBufferEnable(group.sampling, 1, &handle, &flag, NULL),
              NULL_REF);
    assert_hr(IOPCItemSamplingMgt_GetItemBufferEnable(group.sampling, 1, NULL, &flags, &errors),
              NULL_REF);
    assert_null(flags);
    stage3_close(&group);
    assert_int_equal(stage_release(server), 0);
}

static void test_absurd_counts(void **state)
{
    IOPCServer *server = stage3_connect(PROGID3, false);
    struct stage3_group group;
    OPCHANDLE handle = 0;
    OPCITEMVQT vqt;
    DWORD number = 0;
    VARIANT *values = POISON;
    WORD *qualities = POISON;
    FILETIME *times = POISON;
    HRESULT *errors = POISON;
    FLOAT deadband = 0;

    (void)state;
    memset(&vqt, 0, sizeof(vqt));
    stage3_open(&group, server, L"");
    assert_hr(IOPCSyncIO2_ReadMaxAge(group.sync, 0xFFFFFFFF, &handle, &number, &values, &qualities,
                                     &times, &errors),
              E_OUTOFMEMORY);
    assert_null(values);
    assert_hr(IOPCSyncIO2_WriteVQT(group.sync, 0x80000000, &handle, &vqt, &errors), E_OUTOFMEMORY);
    assert_hr(IOPCItemDeadbandMgt_SetItemDeadband(group.deadband, 0x40000001, &handle, &deadband,
                                                  &errors),
              E_OUTOFMEMORY);
    assert_null(errors);
    stage3_close(&group);
    assert_int_equal(stage_release(server), 0);
}

/* Methods of the base by the base's interface and by the derived one; one object behind all. */
static void test_inherited(void **state)
{
    IOPCServer *server = stage3_connect(PROGID3, false);
    struct stage3_group group;
    IOPCSyncIO *sync;
    IOPCGroupStateMgt *base;
    IUnknown *identity, *other;
    OPCHANDLE handle;
    VARIANT value;
    OPCITEMSTATE *states;
    HRESULT *errors;
    void *missing = POISON;

    (void)state;
    stage3_open(&group, server, L"");
    handle = stage3_add(&group, L"Memory.I4", 5);
    sync = stage_query(group.sampling, &IID_IOPCSyncIO);
    base = stage_query(sync, &IID_IOPCGroupStateMgt);
    identity = stage_query(group.items, &IID_IUnknown);
    other = stage_query(base, &IID_IUnknown);
    assert_ptr_equal(identity, other);
    stage_release(other);
    stage_release(identity);
    for (LONG i = 0; i < 2; i++)
    {
        IOPCSyncIO *writer = i ? (IOPCSyncIO *)group.sync : sync;
        IOPCSyncIO *reader = i ? sync : (IOPCSyncIO *)group.sync;

        V_VT(&value) = VT_I4;
        V_I4(&value) = 70 + i;
        assert_hr(IOPCSyncIO_Write(writer, 1, &handle, &value, &errors), S_OK);
        CoTaskMemFree(errors);
        assert_hr(IOPCSyncIO_Read(reader, OPC_DS_DEVICE, 1, &handle, &states, &errors), S_OK);
        assert_int_equal(V_I4(&states[0].vDataValue), 70 + i);
        assert_int_equal(states[0].hClient, 5);
        CoTaskMemFree(states);
        CoTaskMemFree(errors);
    }
    assert_hr(IUnknown_QueryInterface(sync, &IID_IOPCPublicGroupStateMgt, &missing), E_NOINTERFACE);
    assert_null(missing);
    stage_release(sync);
    stage_release(base);
    stage3_close(&group);
    assert_int_equal(stage_release(server), 0);
}

const struct CMUnitTest da3_argument_tests[] = {
    stage3_test(test_io_null),
    stage3_test(test_settings_null),
    stage3_test(test_absurd_counts),
    stage3_test(test_inherited),
};
const size_t da3_argument_test_count = ARRAYSIZE(da3_argument_tests);
