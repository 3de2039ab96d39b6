/* IOPCItemIO: reading and writing without groups. */
#include "server_stage.h"

#include <stdio.h>
#include <wchar.h>

#define FROM_CACHE 0xFFFFFFFFu

struct answer
{
    HRESULT hr;
    VARIANT *values;
    WORD *qualities;
    FILETIME *stamps;
    HRESULT *errors;
};

static void read_items(IOPCItemIO *io, DWORD count, LPCWSTR *items, DWORD *ages,
                       struct answer *answer)
{
    answer->values = POISON;
    answer->qualities = POISON;
    answer->stamps = POISON;
    answer->errors = POISON;
    answer->hr = IOPCItemIO_Read(io, count, items, ages, &answer->values, &answer->qualities,
                                 &answer->stamps, &answer->errors);
}

static void clear_answer(struct answer *answer, DWORD count)
{
    for (DWORD i = 0; answer->values && i < count; i++)
        VariantClear(&answer->values[i]);
    CoTaskMemFree(answer->values);
    CoTaskMemFree(answer->qualities);
    CoTaskMemFree(answer->stamps);
    CoTaskMemFree(answer->errors);
}

static void assert_nothing(const struct answer *answer, HRESULT wanted)
{
    assert_hr(answer->hr, wanted);
    assert_null(answer->values);
    assert_null(answer->qualities);
    assert_null(answer->stamps);
    assert_null(answer->errors);
}

static void test_read(void **state)
{
    IOPCItemIO *through = server_interface_through(&IID_IOPCItemIO);
    IOPCItemIO *direct = server_interface_direct(&IID_IOPCItemIO);
    LPCWSTR items[] = {L"Memory.I4",    L"Memory.String",    L"Memory.Array.R8",
                       L"No.Such.Item", L"Rights.WriteOnly", NULL};
    DWORD ages[] = {0, FROM_CACHE, 1000, 0, 0, 0};
    struct answer ours, theirs;

    (void)state;
    read_items(through, ARRAYSIZE(items), items, ages, &ours);
    read_items(direct, ARRAYSIZE(items), items, ages, &theirs);
    assert_hr(ours.hr, S_FALSE);
    assert_hr(theirs.hr, ours.hr);
    for (DWORD i = 0; i < ARRAYSIZE(items); i++)
    {
        assert_hr(ours.errors[i], theirs.errors[i]);
        assert_int_equal(ours.qualities[i], theirs.qualities[i]);
        assert_same_value(&ours.values[i], &theirs.values[i]);
    }
    assert_hr(ours.errors[0], S_OK);
    assert_int_equal(V_VT(&ours.values[0]), VT_I4);
    assert_hr(ours.errors[3], OPC_E_UNKNOWNITEMID);
    assert_hr(ours.errors[4], OPC_E_BADRIGHTS);
    assert_true(ours.stamps[0].dwHighDateTime != 0);
    clear_answer(&ours, ARRAYSIZE(items));
    clear_answer(&theirs, ARRAYSIZE(items));

    /* All of them from the cache; and none at all. */
    ages[0] = FROM_CACHE;
    read_items(through, 2, items, ages, &ours);
    assert_hr(ours.hr, S_OK);
    clear_answer(&ours, 2);
    read_items(through, 0, items, ages, &ours);
    assert_nothing(&ours, E_INVALIDARG);
    server_close(through);
    server_close(direct);
}

static void test_null(void **state)
{
    IOPCItemIO *io = server_interface_through(&IID_IOPCItemIO);
    LPCWSTR items[] = {L"Memory.I4"};
    DWORD ages[] = {0};
    struct answer got;
    OPCITEMVQT value = {.bQualitySpecified = FALSE};
    HRESULT *errors = POISON;

    (void)state;
    read_items(io, 1, NULL, ages, &got);
    assert_nothing(&got, NULL_REF);
    read_items(io, 1, items, NULL, &got);
    assert_nothing(&got, NULL_REF);
    assert_hr(IOPCItemIO_Read(io, 1, items, ages, NULL, &got.qualities, &got.stamps, &got.errors),
              NULL_REF);
    assert_hr(IOPCItemIO_Read(io, 1, items, ages, &got.values, NULL, &got.stamps, &got.errors),
              NULL_REF);
    assert_hr(IOPCItemIO_Read(io, 1, items, ages, &got.values, &got.qualities, NULL, &got.errors),
              NULL_REF);
    assert_hr(IOPCItemIO_Read(io, 1, items, ages, &got.values, &got.qualities, &got.stamps, NULL),
              NULL_REF);
    assert_hr(IOPCItemIO_WriteVQT(io, 1, NULL, &value, &errors), NULL_REF);
    assert_null(errors);
    errors = POISON;
    assert_hr(IOPCItemIO_WriteVQT(io, 1, items, NULL, &errors), NULL_REF);
    assert_null(errors);
    assert_hr(IOPCItemIO_WriteVQT(io, 1, items, &value, NULL), NULL_REF);
    errors = POISON;
    assert_hr(IOPCItemIO_WriteVQT(io, 0, items, &value, &errors), E_INVALIDARG);
    assert_null(errors);
    server_close(io);
}

static HRESULT write_number(IOPCItemIO *io, LONG number, HRESULT **errors)
{
    LPCWSTR items[] = {L"Memory.I4"};
    OPCITEMVQT value = {.bQualitySpecified = FALSE};

    V_VT(&value.vDataValue) = VT_I4;
    V_I4(&value.vDataValue) = number;
    *errors = POISON;
    return IOPCItemIO_WriteVQT(io, 1, items, &value, errors);
}

/* All that an element can say, and the errors that each of both ways gives for it. */
static void write_several(IOPCItemIO *io, HRESULT errors_out[5])
{
    LPCWSTR items[] = {L"Memory.I4", L"Memory.String", L"Rights.ReadOnly", L"No.Such.Item",
                       L"Memory.R8"};
    OPCITEMVQT values[5] = {0};
    HRESULT *errors = POISON;

    V_VT(&values[0].vDataValue) = VT_I4;
    V_I4(&values[0].vDataValue) = 4711;
    V_VT(&values[1].vDataValue) = VT_BSTR;
    V_BSTR(&values[1].vDataValue) = SysAllocString(L"written");
    V_VT(&values[2].vDataValue) = VT_I4;
    V_VT(&values[3].vDataValue) = VT_I4;
    V_VT(&values[4].vDataValue) = VT_R8;
    V_R8(&values[4].vDataValue) = 2.5;
    values[4].bQualitySpecified = TRUE;
    values[4].wQuality = OPC_QUALITY_UNCERTAIN;
    assert_hr(IOPCItemIO_WriteVQT(io, 5, items, values, &errors), S_FALSE);
    for (int i = 0; i < 5; i++)
        errors_out[i] = errors[i];
    CoTaskMemFree(errors);
    SysFreeString(V_BSTR(&values[1].vDataValue));
}

static void test_write(void **state)
{
    IOPCItemIO *through = server_interface_through(&IID_IOPCItemIO);
    IOPCItemIO *direct = server_interface_direct(&IID_IOPCItemIO);
    LPCWSTR items[] = {L"Memory.I4", L"Memory.String", L"Memory.R8"};
    DWORD ages[] = {0, 0, 0};
    HRESULT ours[5], theirs[5];
    struct answer got;

    (void)state;
    write_several(through, ours);
    write_several(direct, theirs);
    for (int i = 0; i < 5; i++)
        assert_hr(ours[i], theirs[i]);
    assert_hr(ours[0], S_OK);
    assert_hr(ours[2], OPC_E_BADRIGHTS);
    assert_hr(ours[3], OPC_E_UNKNOWNITEMID);
    read_items(through, 3, items, ages, &got);
    assert_hr(got.hr, S_OK);
    assert_int_equal(V_I4(&got.values[0]), 4711);
    assert_same_text(V_BSTR(&got.values[1]), L"written");
    assert_true(V_R8(&got.values[2]) == 2.5);
    if (ours[4] == S_OK)
        assert_int_equal(got.qualities[2], OPC_QUALITY_UNCERTAIN);
    clear_answer(&got, 3);
    server_close(through);
    server_close(direct);
}

static void test_read_at_death(void **state)
{
    IOPCItemIO *io = server_interface_through(&IID_IOPCItemIO);
    LPCWSTR items[] = {L"Memory.I4"};
    DWORD ages[] = {0};
    struct killer killer;
    struct answer got;

    (void)state;
    killer_start(&killer, L"IOPCItemIO.Read");
    read_items(io, 1, items, ages, &got);
    killer_join(&killer);
    assert_hr(got.hr, S_OK);
    assert_int_equal(V_VT(&got.values[0]), VT_I4);
    clear_answer(&got, 1);
    server_close(io);
}

/* The machine is gone before the call: it goes to the other one, once. */
static void test_write_not_run(void **state)
{
    IOPCItemIO *io = server_interface_through(&IID_IOPCItemIO);
    LONG number = (LONG)(GetTickCount() & 0xFFFFFF) | 0x1000000;
    char text[16];
    HRESULT *errors;

    (void)state;
    snprintf(text, sizeof(text), "%ld", number);
    stage_rmsim(L"/fault QA kill --away");
    assert_hr(write_number(io, number, &errors), S_OK);
    assert_hr(errors[0], S_OK);
    CoTaskMemFree(errors);
    server_close(io);
    assert_int_equal(server_count_writes(L"QA", "Memory.I4", text), 0);
    assert_int_equal(server_count_writes(L"QB", "Memory.I4", text), 1);
}

/* The machine dies with the call in it: nobody knows, so it is not repeated (C-20). */
static void test_write_unknown(void **state)
{
    IOPCItemIO *io = server_interface_through(&IID_IOPCItemIO);
    LONG number = (LONG)(GetTickCount() & 0xFFFFFF) | 0x2000000;
    struct killer killer;
    char text[16];
    HRESULT *errors;

    (void)state;
    snprintf(text, sizeof(text), "%ld", number);
    assert_hr(write_number(io, 1, &errors), S_OK);
    CoTaskMemFree(errors);
    killer_start(&killer, L"IOPCItemIO.WriteVQT");
    assert_hr(write_number(io, number, &errors), RPC_LOST);
    killer_join(&killer);
    assert_null(errors);
    assert_true(server_has_event("whether it was carried out is not known. Items: Memory.I4"));
    /* The next one goes to the other machine. */
    assert_hr(write_number(io, number + 1, &errors), S_OK);
    CoTaskMemFree(errors);
    server_close(io);
    assert_int_equal(server_count_writes(L"QB", "Memory.I4", text), 0);
    snprintf(text, sizeof(text), "%ld", number + 1);
    assert_int_equal(server_count_writes(L"QB", "Memory.I4", text), 1);
}

const struct CMUnitTest item_io_tests[] = {
    cmocka_unit_test(test_read),          cmocka_unit_test(test_null),
    cmocka_unit_test(test_write),         cmocka_unit_test(test_read_at_death),
    cmocka_unit_test(test_write_not_run), cmocka_unit_test(test_write_unknown),
};
const size_t item_io_test_count = ARRAYSIZE(item_io_tests);
