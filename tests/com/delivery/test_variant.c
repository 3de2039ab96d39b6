/* test_variant.c: what a kept value holds beyond its VARIANT, which counts against the memory of a
 * standby's rings. */
#include "stage.h"

#include "delivery/variant.h"

static SAFEARRAY *array_of(VARTYPE type, ULONG rows, ULONG columns)
{
    SAFEARRAYBOUND bounds[2] = {
        {rows,    0},
        {columns, 1}
    };
    SAFEARRAY *array = SafeArrayCreate(type, 2, bounds);

    assert_non_null(array);
    return array;
}

static void test_plain_values_hold_nothing(void **state)
{
    VARIANT value;

    (void)state;
    VariantInit(&value);
    assert_int_equal(rm_variant_bytes_beyond(&value), 0);
    V_VT(&value) = VT_R8;
    V_R8(&value) = 1;
    assert_int_equal(rm_variant_bytes_beyond(&value), 0);
    V_VT(&value) = VT_ARRAY | VT_R8;
    V_ARRAY(&value) = NULL;
    assert_int_equal(rm_variant_bytes_beyond(&value), 0);
}

static void test_strings_count(void **state)
{
    VARIANT value;

    (void)state;
    V_VT(&value) = VT_BSTR;
    V_BSTR(&value) = SysAllocString(L"1234");
    assert_int_equal(rm_variant_bytes_beyond(&value), 8);
    VariantClear(&value);
    V_VT(&value) = VT_BSTR;
    V_BSTR(&value) = NULL;
    assert_int_equal(rm_variant_bytes_beyond(&value), 0);
}

static void test_arrays_count_with_what_their_elements_hold(void **state)
{
    VARIANT value;
    BSTR *strings;
    VARIANT *nested;

    (void)state;
    V_VT(&value) = VT_ARRAY | VT_R8;
    V_ARRAY(&value) = array_of(VT_R8, 3, 5);
    assert_int_equal(rm_variant_bytes_beyond(&value), 15 * sizeof(double));
    VariantClear(&value);

    V_VT(&value) = VT_ARRAY | VT_BSTR;
    V_ARRAY(&value) = array_of(VT_BSTR, 2, 2);
    strings = V_ARRAY(&value)->pvData;
    strings[1] = SysAllocString(L"12345678");
    strings[3] = SysAllocString(L"12");
    assert_int_equal(rm_variant_bytes_beyond(&value), 4 * sizeof(BSTR) + 20);
    VariantClear(&value);

    V_VT(&value) = VT_ARRAY | VT_VARIANT;
    V_ARRAY(&value) = array_of(VT_VARIANT, 1, 2);
    nested = V_ARRAY(&value)->pvData;
    V_VT(&nested[0]) = VT_BSTR;
    V_BSTR(&nested[0]) = SysAllocString(L"123");
    V_VT(&nested[1]) = VT_ARRAY | VT_I2;
    V_ARRAY(&nested[1]) = array_of(VT_I2, 7, 1);
    assert_int_equal(rm_variant_bytes_beyond(&value), 2 * sizeof(VARIANT) + 6 + 14);
    VariantClear(&value);
}

const struct CMUnitTest variant_tests[] = {
    cmocka_unit_test(test_plain_values_hold_nothing),
    cmocka_unit_test(test_strings_count),
    cmocka_unit_test(test_arrays_count_with_what_their_elements_hold),
};
const size_t variant_test_count = sizeof(variant_tests) / sizeof(variant_tests[0]);
