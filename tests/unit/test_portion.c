/* test_portion.c: how many items a call of AddItems has (rm/portion.h, D2-16). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <rm/portion.h>

/* A server that takes so many microseconds for an item and refuses a call with more than so many.
 */
struct server
{
    uint32_t item_us, limit;
};

struct adding
{
    unsigned calls, refused;
    uint32_t longest_ms, largest;
};

static void add_all(struct rm_portion *portion, const struct server *server, uint32_t items,
                    uint32_t most, struct adding *adding)
{
    while (items > 0)
    {
        uint32_t count = rm_portion_next(portion, items, most);
        uint32_t took_ms = (uint32_t)((uint64_t)count * server->item_us / 1000);

        assert_in_range(count, 1, items);
        adding->calls++;
        if (server->limit && count > server->limit)
        {
            adding->refused++;
            assert_true(rm_portion_refused(portion, count));
            continue;
        }
        if (took_ms > adding->longest_ms)
            adding->longest_ms = took_ms;
        if (count > adding->largest)
            adding->largest = count;
        rm_portion_took(portion, count, took_ms);
        items -= count;
    }
}

static void a_quick_server_gets_all_in_few_calls(void **state)
{
    static const struct server quick = {.item_us = 8};
    struct rm_portion portion = {0};
    struct adding adding = {0};

    (void)state;
    add_all(&portion, &quick, 10000, 0, &adding);
    assert_in_range(adding.calls, 1, 3);
    add_all(&portion, &quick, 10000, 0, &adding);
    assert_in_range(adding.calls, 1, 4); /* what it can is known now */
    assert_in_range(portion.slow_us, 0, 10);
}

/* 15 ms for an item: ten thousand items in a call would be two minutes and a half without an answer
 * to a ping. */
static void a_slow_one_gets_portions(void **state)
{
    static const struct server slow = {.item_us = 15000};
    struct rm_portion portion = {0};
    struct adding first = {0}, later = {0};

    (void)state;
    add_all(&portion, &slow, 10000, 0, &first);
    assert_in_range(first.longest_ms, 1, RM_PORTION_FIRST * 15);
    add_all(&portion, &slow, 1000, 0, &later);
    assert_in_range(later.longest_ms, 1, RM_PORTION_MS);
    assert_int_equal(portion.slow_us, 15000);
}

static void one_that_needs_seconds_for_an_item_gets_single_ones(void **state)
{
    struct rm_portion portion = {0};

    (void)state;
    rm_portion_took(&portion, 2, 8000);
    assert_int_equal(rm_portion_next(&portion, 50, 0), 1);
    rm_portion_took(&portion, 1, 0); /* it recovers */
    assert_int_equal(rm_portion_next(&portion, 500, 0), 100);
}

/* What was refused as a whole is halved until it is taken, and never tried again. */
static void a_limit_is_found(void **state)
{
    static const struct server narrow = {.item_us = 1, .limit = 30};
    struct rm_portion portion = {0};
    struct adding first = {0}, later = {0};

    (void)state;
    add_all(&portion, &narrow, 1000, 0, &first);
    assert_int_equal(first.refused, 2); /* 100, 50 */
    assert_int_equal(first.largest, 25);
    add_all(&portion, &narrow, 1000, 0, &later);
    assert_int_equal(later.refused, 0);
    assert_int_equal(later.calls, 40);
}

static void a_single_item_that_is_refused_is_no_limit(void **state)
{
    struct rm_portion portion = {0};

    (void)state;
    assert_false(rm_portion_refused(&portion, 1));
    assert_int_equal(rm_portion_next(&portion, 5000, 0), RM_PORTION_FIRST);
}

static void the_setting_is_an_upper_limit(void **state)
{
    static const struct server quick = {.item_us = 1};
    struct rm_portion portion = {0};
    struct adding adding = {0};

    (void)state;
    add_all(&portion, &quick, 1000, 20, &adding);
    assert_int_equal(adding.largest, 20);
    assert_int_equal(adding.calls, 50);
}

/* The rest of a group is small, whatever the server could take. */
static void a_small_rest_teaches_nothing(void **state)
{
    struct rm_portion portion = {0};

    (void)state;
    rm_portion_took(&portion, 100, 1);
    assert_int_equal(rm_portion_next(&portion, 1000000, 0), 10000);
    rm_portion_took(&portion, 3, 1);
    assert_int_equal(rm_portion_next(&portion, 1000000, 0), 10000);
    rm_portion_took(&portion, 0, 0);
    assert_int_equal(rm_portion_next(&portion, 1000000, 0), 10000);
    rm_portion_took(&portion, 100, 200); /* but that is slow */
    assert_int_equal(rm_portion_next(&portion, 1000000, 0), 125);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_quick_server_gets_all_in_few_calls),
        cmocka_unit_test(a_slow_one_gets_portions),
        cmocka_unit_test(one_that_needs_seconds_for_an_item_gets_single_ones),
        cmocka_unit_test(a_limit_is_found),
        cmocka_unit_test(a_single_item_that_is_refused_is_no_limit),
        cmocka_unit_test(the_setting_is_an_upper_limit),
        cmocka_unit_test(a_small_rest_teaches_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
