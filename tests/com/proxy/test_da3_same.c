#include "stage3.h"

#include <stdio.h>
#include <string.h>

/* All that a client can see of the interfaces of Data Access 3.0, written down once for the server
 * itself and once through redundancymaster.dll: there must be no difference. */

#define FOREIGN 4711

static char notes[2][16384];
static char *pen;
static size_t room;

static void note(const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(pen, room, format, arguments);
    va_end(arguments);
    assert_true(length >= 0 && (size_t)length < room);
    pen += length;
    room -= (size_t)length;
}

/* Takes over the arrays. */
static void note_errors(const char *what, HRESULT hr, DWORD count, HRESULT *errors)
{
    note("\n%s %08lx:", what, (unsigned long)hr);
    if (!errors)
        note(" none");
    for (DWORD i = 0; errors && i < count; i++)
        note(" %08lx", (unsigned long)errors[i]);
    CoTaskMemFree(errors);
}

static void note_numbers(DWORD count, DWORD *numbers)
{
    note(" |");
    for (DWORD i = 0; numbers && i < count; i++)
        note(" %lu", numbers[i]);
    CoTaskMemFree(numbers);
}

static void note_interfaces(struct stage3_group *group)
{
    static const IID *const iids[] = {&IID_IOPCGroupStateMgt,
                                      &IID_IOPCGroupStateMgt2,
                                      &IID_IOPCPublicGroupStateMgt,
                                      &IID_IOPCSyncIO,
                                      &IID_IOPCSyncIO2,
                                      &IID_IOPCAsyncIO2,
                                      &IID_IOPCAsyncIO3,
                                      &IID_IOPCItemDeadbandMgt,
                                      &IID_IOPCItemSamplingMgt,
                                      &IID_IOPCItemMgt,
                                      &IID_IConnectionPointContainer};

    for (size_t i = 0; i < ARRAYSIZE(iids); i++)
    {
        IUnknown *found = NULL;

        note("\ninterface %08lx",
             (unsigned long)IUnknown_QueryInterface(group->items, iids[i], (void **)&found));
        if (found)
            stage_release(found);
    }
}

static void note_deadbands(struct stage3_group *group, OPCHANDLE *handles)
{
    FLOAT set[4] = {10.5f, 20, 30, 200};
    FLOAT *got = NULL;
    HRESULT *errors = NULL;
    HRESULT hr;

    for (int round = 0; round < 3; round++)
    {
        hr = IOPCItemDeadbandMgt_GetItemDeadband(group->deadband, 4, handles, &got, &errors);
        note_errors("get deadband", hr, 4, errors);
        for (int i = 0; i < 4; i++)
            note(" %.2f", (double)got[i]);
        CoTaskMemFree(got);
        if (round == 0)
            hr = IOPCItemDeadbandMgt_SetItemDeadband(group->deadband, 4, handles, set, &errors);
        else
            hr = IOPCItemDeadbandMgt_ClearItemDeadband(group->deadband, 4, handles, &errors);
        note_errors("change deadband", hr, 4, errors);
    }
    hr = IOPCItemDeadbandMgt_SetItemDeadband(group->deadband, 1, handles, &set[3], &errors);
    note_errors("deadband too large", hr, 1, errors);
    hr = IOPCItemDeadbandMgt_SetItemDeadband(group->deadband, 1, &handles[2], set, &errors);
    note_errors("deadband of a foreign item", hr, 1, errors);
    errors = NULL;
    hr = IOPCItemDeadbandMgt_SetItemDeadband(group->deadband, 0, handles, set, &errors);
    note_errors("no items", hr, 0, errors);
    got = NULL;
    hr = IOPCItemDeadbandMgt_GetItemDeadband(group->deadband, 0, handles, &got, &errors);
    note_errors("no items", hr, 0, errors);
    assert_null(got);
    hr = IOPCItemDeadbandMgt_ClearItemDeadband(group->deadband, 0, handles, &errors);
    note_errors("no items", hr, 0, errors);
}

static void note_sampling(struct stage3_group *group, OPCHANDLE *handles)
{
    DWORD set[4] = {55, 0, 50, 2000};
    BOOL on[4] = {TRUE, FALSE, TRUE, TRUE};
    DWORD *rates = NULL;
    BOOL *buffers = NULL;
    HRESULT *errors = NULL;
    HRESULT hr;

    for (int round = 0; round < 3; round++)
    {
        hr = IOPCItemSamplingMgt_GetItemSamplingRate(group->sampling, 4, handles, &rates, &errors);
        note_errors("get rate", hr, 4, errors);
        note_numbers(4, rates);
        hr =
            IOPCItemSamplingMgt_GetItemBufferEnable(group->sampling, 4, handles, &buffers, &errors);
        note_errors("get buffer", hr, 4, errors);
        note_numbers(4, (DWORD *)buffers);
        rates = NULL;
        if (round == 0)
            hr = IOPCItemSamplingMgt_SetItemSamplingRate(group->sampling, 4, handles, set, &rates,
                                                         &errors);
        else
            hr = IOPCItemSamplingMgt_ClearItemSamplingRate(group->sampling, 4, handles, &errors);
        note_errors("change rate", hr, 4, errors);
        note_numbers(4, rates);
        hr = IOPCItemSamplingMgt_SetItemBufferEnable(group->sampling, 4, handles, on, &errors);
        note_errors("change buffer", hr, 4, errors);
    }
    rates = NULL;
    errors = NULL;
    hr = IOPCItemSamplingMgt_SetItemSamplingRate(group->sampling, 0, handles, set, &rates, &errors);
    note_errors("no items", hr, 0, errors);
    hr = IOPCItemSamplingMgt_GetItemSamplingRate(group->sampling, 0, handles, &rates, &errors);
    note_errors("no items", hr, 0, errors);
    assert_null(rates);
    hr = IOPCItemSamplingMgt_ClearItemSamplingRate(group->sampling, 0, handles, &errors);
    note_errors("no items", hr, 0, errors);
    hr = IOPCItemSamplingMgt_SetItemBufferEnable(group->sampling, 0, handles, on, &errors);
    note_errors("no items", hr, 0, errors);
}

static void note_keep_alive(struct stage3_group *group)
{
    static const DWORD times[] = {1000, 1237, 0};
    DWORD time_ms = 1;

    note("\nkeep-alive %08lx",
         (unsigned long)IOPCGroupStateMgt2_GetKeepAlive(group->state, &time_ms));
    note(" %lu", time_ms);
    for (size_t i = 0; i < ARRAYSIZE(times); i++)
    {
        DWORD revised_ms = 1;

        note(" %08lx",
             (unsigned long)IOPCGroupStateMgt2_SetKeepAlive(group->state, times[i], &revised_ms));
        note(" %08lx", (unsigned long)IOPCGroupStateMgt2_GetKeepAlive(group->state, &time_ms));
        note(" %lu %lu", revised_ms, time_ms);
    }
}

static void note_read(struct stage3_group *group, DWORD count, OPCHANDLE *handles, DWORD age)
{
    DWORD ages[4] = {age, age, age, age};
    VARIANT *values = NULL;
    WORD *qualities = NULL;
    FILETIME *times = NULL;
    HRESULT *errors = NULL;
    HRESULT hr = IOPCSyncIO2_ReadMaxAge(group->sync, count, handles, ages, &values, &qualities,
                                        &times, &errors);

    assert_int_equal(SUCCEEDED(hr), values && qualities && times && errors);
    note_errors("read", hr, count, errors);
    for (DWORD i = 0; SUCCEEDED(hr) && i < count; i++)
    {
        note(" [%u %04x %lx:%lx", V_VT(&values[i]), qualities[i], times[i].dwHighDateTime,
             times[i].dwLowDateTime);
        if (V_VT(&values[i]) == VT_R8)
            note(" %.3f", V_R8(&values[i]));
        else if (V_VT(&values[i]) == VT_BSTR)
            note(" %ls", V_BSTR(&values[i]));
        note("]");
        VariantClear(&values[i]);
    }
    CoTaskMemFree(values);
    CoTaskMemFree(qualities);
    CoTaskMemFree(times);
}

static void note_io(struct stage3_group *group, OPCHANDLE *handles)
{
    OPCITEMVQT vqts[4];
    HRESULT *errors = NULL;
    HRESULT hr;

    memset(vqts, 0, sizeof(vqts));
    for (int i = 0; i < 4; i++)
    {
        vqts[i].bTimeStampSpecified = TRUE;
        vqts[i].ftTimeStamp.dwHighDateTime = 0x01DA0000 + (DWORD)i;
        vqts[i].bQualitySpecified = TRUE;
        vqts[i].wQuality = OPC_QUALITY_UNCERTAIN;
    }
    V_VT(&vqts[0].vDataValue) = VT_R8; /* not writable */
    V_R8(&vqts[0].vDataValue) = 1.5;
    V_VT(&vqts[1].vDataValue) = VT_R8;
    V_R8(&vqts[1].vDataValue) = 2.5;
    V_VT(&vqts[3].vDataValue) = VT_BSTR;
    V_BSTR(&vqts[3].vDataValue) = SysAllocString(L"written");
    hr = IOPCSyncIO2_WriteVQT(group->sync, 4, handles, vqts, &errors);
    note_errors("write", hr, 4, errors);
    note_read(group, 4, handles + 1, 0xFFFFFFFF);
    note_read(group, 4, handles + 1, 0);
    note_read(group, 1, handles + 2, 0);
    VariantClear(&vqts[3].vDataValue);
    V_VT(&vqts[1].vDataValue) = VT_EMPTY; /* the quality alone */
    vqts[1].wQuality = OPC_QUALITY_GOOD;
    vqts[1].bTimeStampSpecified = FALSE;
    hr = IOPCSyncIO2_WriteVQT(group->sync, 1, handles + 1, vqts + 1, &errors);
    note_errors("write quality", hr, 1, errors);
    hr = IOPCSyncIO2_WriteVQT(group->sync, 1, handles + 2, vqts + 1, &errors);
    note_errors("write foreign", hr, 1, errors);
    errors = NULL;
    hr = IOPCSyncIO2_WriteVQT(group->sync, 0, handles, vqts, &errors);
    note_errors("no items", hr, 0, errors);
    note_read(group, 0, handles, 0);
}

static void note_async(struct stage3_group *group, OPCHANDLE *handles)
{
    OPCITEMVQT vqts[2];
    DWORD ages[4] = {0, 100, 0, 0xFFFFFFFF};
    HRESULT *errors = NULL;
    DWORD cancel_id = 0;
    HRESULT hr;

    memset(vqts, 0, sizeof(vqts));
    hr = IOPCAsyncIO3_ReadMaxAge(group->async, 4, handles, ages, 1, &cancel_id, &errors);
    note_errors("start read without a sink", hr, 4, errors);
    hr = IOPCAsyncIO3_WriteVQT(group->async, 1, handles + 1, vqts, 1, &cancel_id, &errors);
    note_errors("start write without a sink", hr, 1, errors);
    hr = IOPCAsyncIO3_RefreshMaxAge(group->async, 0, 1, &cancel_id);
    note_errors("refresh without a sink", hr, 0, NULL);
    stage3_advise(group);
    V_VT(&vqts[0].vDataValue) = VT_R8;
    V_R8(&vqts[0].vDataValue) = 3.5;
    hr = IOPCAsyncIO3_WriteVQT(group->async, 2, handles + 1, vqts, 2, &cancel_id, &errors);
    note_errors("start write", hr, 2, errors);
    assert_true(sink_wait(group->sink, &group->sink->writes, 1));
    hr = IOPCAsyncIO3_ReadMaxAge(group->async, 4, handles + 1, ages, 3, &cancel_id, &errors);
    note_errors("start read", hr, 4, errors);
    assert_true(sink_wait(group->sink, &group->sink->reads, 1));
    hr = IOPCAsyncIO3_RefreshMaxAge(group->async, 100, 4, &cancel_id);
    note_errors("refresh", hr, 0, NULL);
    note(" %d", cancel_id != 0);
    hr = IOPCAsyncIO3_ReadMaxAge(group->async, 0, handles, ages, 5, &cancel_id, &errors);
    note_errors("no items", hr, 0, errors);
    hr = IOPCAsyncIO3_WriteVQT(group->async, 0, handles, vqts, 6, &cancel_id, &errors);
    note_errors("no items", hr, 0, errors);
}

static void write_down(int which)
{
    IOPCServer *server = stage3_connect(PROGID3, which == 0);
    struct stage3_group group;
    OPCHANDLE handles[5];

    pen = notes[which];
    room = sizeof(notes[which]);
    stage3_open(&group, server, L"Same");
    handles[0] = stage3_add(&group, L"Analog.Level", 1);
    handles[1] = stage3_add(&group, L"Memory.R8", 2);
    handles[2] = FOREIGN;
    handles[3] = stage3_add(&group, L"Memory.String", 3);
    handles[4] = handles[1];
    note_interfaces(&group);
    note_deadbands(&group, handles);
    note_sampling(&group, handles);
    note_keep_alive(&group);
    note_io(&group, handles);
    note_async(&group, handles);
    stage3_close(&group);
    assert_int_equal(stage_release(server), 0);
}

static void test_same(void **state)
{
    (void)state;
    write_down(0);
    write_down(1);
    assert_string_equal(notes[1], notes[0]);
    assert_true(strlen(notes[0]) > 2000);
}

const struct CMUnitTest da3_same_tests[] = {
    stage3_test(test_same),
};
const size_t da3_same_test_count = ARRAYSIZE(da3_same_tests);
