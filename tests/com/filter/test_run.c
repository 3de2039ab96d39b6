/* test_run.c: recording a data change in one run is recording it item by item, where a run may do
 * it; and it ends where it may not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "delivery/last_forwarded.h"
#include "link/link.h"
#include "session/session.h"

#include "test_run.h"

#define ITEMS 6
#define FIRST 10 /* client handle */
#define LINK  2

static struct rm_item items[ITEMS];
static struct rm_group group;
static struct rm_link link = {
    .number = LINK, .skew = {.is_known = true, .offset_100ns = -70, .error_100ns = 30}
};

static OPCHANDLE clients[ITEMS];
static VARIANT values[ITEMS];
static WORD qualities[ITEMS];
static FILETIME times[ITEMS];
static HRESULT errors[ITEMS];
static const struct rm_callback data = {.kind = RM_CALLBACK_DATA_CHANGE,
                                        .count = ITEMS,
                                        .clients = clients,
                                        .values = values,
                                        .qualities = qualities,
                                        .times = times,
                                        .errors = errors};

static void put_value(VARIANT *value, LONG number)
{
    memset(value, 0, sizeof(*value));
    V_VT(value) = VT_I4;
    V_I4(value) = number;
}

/* All items have had a value from that link, and get the next one, in their order. */
static int set_up(void **state)
{
    (void)state;
    memset(items, 0, sizeof(items));
    memset(&group, 0, sizeof(group));
    group.items = items;
    group.item_slots = ITEMS;
    for (DWORD i = 0; i < ITEMS; i++)
    {
        items[i].client = FIRST + i;
        items[i].is_used = true;
        items[i].last.is_valid = true;
        items[i].last.link = LINK;
        put_value(&items[i].last.value, (LONG)i);
        clients[i] = FIRST + i;
        put_value(&values[i], 100 + (LONG)i);
        qualities[i] = (WORD)(0xC0 + i);
        times[i].dwLowDateTime = 1000 * i;
        times[i].dwHighDateTime = 5;
        errors[i] = i == 3 ? S_FALSE : S_OK;
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (DWORD i = 0; i < ITEMS; i++)
    {
        VariantClear(&items[i].last.value);
        VariantClear(&values[i]);
    }
    return 0;
}

static DWORD run_from(DWORD i, DWORD *slot)
{
    struct rm_forwarding forwarding = rm_forwarding_of(&link, 4711);

    return rm_last_forwarded_run(&group, &forwarding, &data, i, slot);
}

static void assert_recorded(DWORD i)
{
    struct rm_forwarding forwarding = rm_forwarding_of(&link, 4711);
    struct rm_last_forwarded alone;

    memset(&alone, 0, sizeof(alone));
    rm_last_forwarded_set(&alone, &forwarding, &data, i);
    assert_int_equal(V_I4(&items[i].last.value), V_I4(&alone.value));
    assert_int_equal(items[i].last.quality, alone.quality);
    assert_int_equal(items[i].last.error, alone.error);
    assert_memory_equal(&items[i].last.time, &alone.time, sizeof(alone.time));
    assert_true(items[i].last.corrected_100ns == alone.corrected_100ns);
    assert_int_equal(items[i].last.skew_error_100ns, alone.skew_error_100ns);
    assert_int_equal(items[i].last.is_skew_known, alone.is_skew_known);
    assert_int_equal(items[i].last.arrived_ms, alone.arrived_ms);
    assert_int_equal(items[i].last.link, alone.link);
    assert_true(items[i].last.is_valid && alone.is_valid);
}

static void test_all(void **state)
{
    DWORD slot = 0;

    (void)state;
    assert_int_equal(run_from(0, &slot), ITEMS);
    assert_int_equal(slot, ITEMS);
    for (DWORD i = 0; i < ITEMS; i++)
        assert_recorded(i);
    assert_int_equal(run_from(ITEMS, &slot), ITEMS); /* nothing left, and no slot either */
}

/* The first three, then one that is otherwise: it, and what follows, is as it was. */
static void assert_ends_at_3(void)
{
    DWORD slot = 0;

    assert_int_equal(run_from(0, &slot), 3);
    assert_int_equal(slot, 3);
    for (DWORD i = 0; i < 3; i++)
        assert_recorded(i);
    for (DWORD i = 4; i < ITEMS; i++)
        assert_int_equal(V_I4(&items[i].last.value), i);
}

static void test_other_order(void **state)
{
    (void)state;
    clients[3] = FIRST + 4;
    assert_ends_at_3();
}

static void test_hole(void **state)
{
    (void)state;
    items[3].is_used = false;
    assert_ends_at_3();
}

static void test_nothing_known(void **state)
{
    (void)state;
    items[3].last.is_valid = false;
    assert_ends_at_3();
}

/* What the client has is another machine's: that is to be compared. */
static void test_other_link(void **state)
{
    (void)state;
    items[3].last.link = LINK - 1;
    assert_ends_at_3();
}

static void test_text_comes(void **state)
{
    (void)state;
    V_VT(&values[3]) = VT_BSTR;
    V_BSTR(&values[3]) = SysAllocString(L"text");
    assert_ends_at_3();
}

static void test_text_was(void **state)
{
    (void)state;
    V_VT(&items[3].last.value) = VT_BSTR;
    V_BSTR(&items[3].last.value) = SysAllocString(L"text");
    assert_ends_at_3();
    assert_int_equal(V_VT(&items[3].last.value), VT_BSTR);
}

/* The group has fewer items than the callback has values. */
static void test_fewer_items(void **state)
{
    DWORD slot = 4;

    (void)state;
    clients[0] = FIRST + 4;
    clients[1] = FIRST + 5;
    assert_int_equal(run_from(0, &slot), 2);
    assert_int_equal(slot, ITEMS);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

const struct CMUnitTest run_tests[] = {
    TEST(test_all),        TEST(test_other_order), TEST(test_hole),     TEST(test_nothing_known),
    TEST(test_other_link), TEST(test_text_comes),  TEST(test_text_was), TEST(test_fewer_items),
};
const size_t run_test_count = sizeof(run_tests) / sizeof(run_tests[0]);
