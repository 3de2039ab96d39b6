#include "testclient.h"

#include <oleauto.h>

#define LONG_TEXT 200000

struct reader
{
    struct session session;
    DWORD number;
    DWORD text;
    DWORD fixed;
};

static void open_reader(struct reader *reader, const wchar_t *machine, BOOL is_active)
{
    test_open(&reader->session, test_connect(machine), 50, is_active);
    reader->number = test_add(&reader->session, L"Memory.I4", 1, VT_EMPTY);
    reader->text = test_add(&reader->session, L"Memory.String", 2, VT_EMPTY);
    reader->fixed = test_add(&reader->session, L"Quality.Good", 3, VT_EMPTY);
}

static void close_reader(struct reader *reader)
{
    test_close(&reader->session);
    IOPCServer_Release(reader->session.server);
}

/* The same value, quality and time stamp of one item on both machines. */
static void assert_same(struct reader *a, struct reader *b, DWORD handle_a, DWORD handle_b)
{
    OPCITEMSTATE first;
    OPCITEMSTATE second;
    assert_int_equal(test_read(&a->session, OPC_DS_DEVICE, handle_a, &first), S_OK);
    assert_int_equal(test_read(&b->session, OPC_DS_DEVICE, handle_b, &second), S_OK);
    assert_int_equal(VarCmp(&first.vDataValue, &second.vDataValue, 0, 0), VARCMP_EQ);
    assert_int_equal(first.wQuality, second.wQuality);
    assert_int_equal(CompareFileTime(&first.ftTimeStamp, &second.ftTimeStamp), 0);
    VariantClear(&first.vDataValue);
    VariantClear(&second.vDataValue);
}

static void test_machines_of_a_plant_show_the_same(void **state)
{
    struct reader a;
    struct reader b;
    (void)state;
    open_reader(&a, L"SimTestG", FALSE);
    open_reader(&b, L"SimTestH", FALSE);
    assert_same(&a, &b, a.number, b.number);
    assert_same(&a, &b, a.fixed, b.fixed);
    assert_int_equal(test_write(&a.session, a.number, test_i4(4711)), S_OK);
    assert_same(&a, &b, a.number, b.number);
    assert_int_equal(test_write(&b.session, b.number, test_i4(815)), S_OK);
    assert_same(&a, &b, a.number, b.number);
    VARIANT text;
    V_VT(&text) = VT_BSTR;
    V_BSTR(&text) = SysAllocStringLen(NULL, LONG_TEXT);
    for (int i = 0; i < LONG_TEXT; i++)
    {
        V_BSTR(&text)[i] = L'x';
    }
    assert_int_equal(test_write(&a.session, a.text, text), S_OK);
    assert_same(&a, &b, a.text, b.text);
    SysFreeString(V_BSTR(&text));
    close_reader(&a);
    close_reader(&b);
}

static void test_a_write_to_one_machine_reaches_subscribers_of_the_other(void **state)
{
    struct reader a;
    struct reader b;
    (void)state;
    open_reader(&a, L"SimTestG", FALSE);
    open_reader(&b, L"SimTestH", TRUE);
    test_advise(&b.session);
    test_wait(&b.session, RECORD_CHANGE, 3);
    test_forget(&b.session);
    assert_int_equal(test_write(&a.session, a.number, test_i4(7)), S_OK);
    test_wait(&b.session, RECORD_CHANGE, 1);
    assert_int_equal((int)test_record(&b.session, RECORD_CHANGE, 0).number, 7);
    close_reader(&a);
    close_reader(&b);
}

const struct CMUnitTest plant_tests[] = {
    cmocka_unit_test(test_machines_of_a_plant_show_the_same),
    cmocka_unit_test(test_a_write_to_one_machine_reaches_subscribers_of_the_other),
};
const size_t plant_test_count = sizeof(plant_tests) / sizeof(plant_tests[0]);
