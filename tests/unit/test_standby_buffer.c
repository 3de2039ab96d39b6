/* test_standby_buffer.c: what the rings take and give back (rm/standby_buffer.h). */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>

#include "standby_stage.h"

static const struct stage_row plain;

static void an_entry_costs_64_bytes_at_most(void **state)
{
    struct stage stage;

    (void)state;
    stage_set(&stage, &plain);
    stage_play(&stage, "S1@0:0");
    assert_in_range(stage.budget.bytes, sizeof(struct test_value) + 1, 64);
    assert_int_equal(stage.budget.buffered, 1);
    stage_play(&stage, "S2@100:100");
    assert_in_range(stage.budget.bytes, 2 * sizeof(struct test_value) + 1, 128);
    assert_int_equal(stage.budget.buffered, 2);
    stage_assert_left(&stage, "1@0 2@100", "budget");
}

/* The size of one entry, with values that hold nothing elsewhere. */
static size_t entry_bytes(void)
{
    struct stage stage;
    size_t bytes;

    stage_set(&stage, &plain);
    stage_play(&stage, "S1@0:0");
    bytes = stage.budget.bytes;
    rm_standby_clear(&stage.ring, &stage.terms);
    return bytes;
}

static void the_oldest_goes_when_the_budget_is_used_up(void **state)
{
    size_t bytes = entry_bytes();
    struct stage stage;

    (void)state;
    stage_set(&stage, &plain);
    stage.budget.bytes_max = 3 * bytes;
    stage_play(&stage, "S1@0:0 S2@100:100 S3@200:200");
    assert_int_equal(stage.budget.overflowed, 0);
    stage_play(&stage, "S4@300:300");
    assert_int_equal(stage.budget.overflowed, 1);
    assert_int_equal(stage.budget.bytes, 3 * bytes);
    stage.budget.bytes_max = 2 * bytes; /* a session may be given less */
    stage_play(&stage, "S5@400:400");
    assert_int_equal(stage.budget.overflowed, 3);
    assert_int_equal(stage.budget.expired, 0);
    stage_assert_left(&stage, "4@300 5@400", "overflow");
}

static void the_newest_of_each_item_is_kept_without_budget(void **state)
{
    struct rm_standby_ring first;
    struct stage stage;

    (void)state;
    stage_set(&stage, &plain);
    stage.budget.bytes_max = 0;
    stage_play(&stage, "S1@0:0 S2@100:100");
    assert_int_equal(stage.budget.buffered, 1);
    first = stage.ring;
    stage.ring = (struct rm_standby_ring){.first = NULL};
    stage_play(&stage, "S3@0:0 S4@100:100");
    assert_int_equal(stage.budget.buffered, 2);
    assert_int_equal(stage.budget.overflowed, 2);
    rm_standby_clear(&stage.ring, &stage.terms);
    stage.ring = first;
    stage_assert_left(&stage, "2@100", "no budget");
}

static void what_values_hold_elsewhere_counts(void **state)
{
    size_t bytes = entry_bytes();
    struct stage stage;

    (void)state;
    stage_set(&stage, &plain);
    stage.terms.kind = &test_values.beyond;
    stage.budget.bytes_max = 2 * bytes + 9;
    stage_play(&stage, "S5@0:0 S4@100:100");
    assert_int_equal(stage.budget.bytes, 2 * bytes + 9);
    stage_play(&stage, "S5@200:200");
    assert_int_equal(stage.budget.overflowed, 1);
    stage_play(&stage, "S6@300:300");
    assert_int_equal(stage.budget.overflowed, 3);
    assert_int_equal(stage.budget.bytes, bytes + 6);
    stage_assert_left(&stage, "6@300", "bytes beyond");
}

static void no_memory_is_counted_and_nothing_else_goes(void **state)
{
    struct stage stage;

    (void)state;
    stage_set(&stage, &plain);
    stage_play(&stage, "S1@0:0");
    stage.budget.bytes_max = stage.budget.bytes;
    test_values.refuse = 1;
    stage_play(&stage, "S2@100:100");
    assert_int_equal(stage.budget.overflowed, 1);
    assert_int_equal(stage.budget.buffered, 1);
    stage_assert_left(&stage, "1@0", "no memory");
}

static void expired_ones_are_counted_and_void_ones_not(void **state)
{
    struct stage stage;

    (void)state;
    stage_set(&stage, &plain);
    stage_play(&stage, "F1@0:0 S2@100:100 S3@200:200 S4@9000:9000");
    assert_int_equal(stage.budget.expired, 2);
    stage_play(&stage, "F4@9000:9010");
    assert_int_equal(stage.budget.expired, 2);
    stage_play(&stage, "S5@9100:9100 F5@9110:30000");
    assert_int_equal(stage.budget.expired, 2);
    assert_int_equal(stage.budget.overflowed, 0);
    stage_assert_left(&stage, "", "expired");
}

static void a_ring_owns_copies(void **state)
{
    struct stage stage;
    struct rm_update update;

    (void)state;
    stage_set(&stage, &plain);
    stage_play(&stage, "S7@0:3");
    assert_true(rm_standby_first(&stage.ring, &stage.terms, &update));
    assert_int_equal(((const struct test_value *)update.value)->number, 7);
    assert_int_equal(*((const struct test_value *)update.value)->copied, 7);
    assert_int_equal((uintptr_t)update.value % sizeof(int64_t), 0);
    assert_int_equal(update.arrived_ms, 3);
    assert_int_equal(update.quality, STAGE_GOOD);
    rm_standby_drop_first(&stage.ring, &stage.terms);
    assert_false(rm_standby_first(&stage.ring, &stage.terms, &update));
    rm_standby_drop_first(&stage.ring, &stage.terms); /* of an empty ring */
    rm_standby_clear(&stage.ring, &stage.terms);
    assert_int_equal(test_values.copies, 0);
}

static void clear_empties_and_the_ring_goes_on(void **state)
{
    static const struct stage_row row = {.ahead_ms = 5000, .error_ms = 1};
    struct stage stage;

    (void)state;
    stage_set(&stage, &row);
    stage_play(&stage, "F1@0:0 S1@0:5 S2@100:105 S3@200:205");
    assert_int_equal(stage.budget.buffered, 2);
    rm_standby_clear(&stage.ring, &stage.terms);
    assert_int_equal(stage.budget.buffered, 0);
    assert_int_equal(test_values.copies, 0);
    stage_play(&stage, "S4@300:305"); /* it is still known to have the device's time */
    stage_assert_left(&stage, "4@300", "after clear");
}

/* Clocks and time stamps come from outside: any number has an answer. */
static void no_number_is_too_large(void **state)
{
    static const int64_t numbers[] = {INT64_MIN, INT64_MIN + 1, -1, 0, 1, INT64_MAX - 1, INT64_MAX};
    const size_t count = sizeof(numbers) / sizeof(numbers[0]);
    struct test_value value = {.number = 1};

    (void)state;
    for (size_t i = 0; i < count * count * count * count; i++)
    {
        struct rm_update update = {.value = &value, .time_100ns = numbers[i % count]};
        struct stage stage;

        stage_set(&stage, &plain);
        stage.terms.skew.offset_100ns = numbers[i / count % count];
        stage.forwarded.skew.offset_100ns = numbers[i / count / count % count];
        stage.forwarded.update = update;
        stage.forwarded.update.time_100ns = numbers[i / count / count / count];
        stage.forwarded.is_valid = true;
        rm_standby_sent(&stage.ring, &stage.terms, &stage.forwarded, &update);
        stage.forwarded.is_valid = false;
        rm_standby_sent(&stage.ring, &stage.terms, &stage.forwarded, &update);
        stage.forwarded.is_valid = true;
        rm_standby_forwarded(&stage.ring, &stage.terms, &stage.forwarded);
        rm_standby_clear(&stage.ring, &stage.terms);
        assert_int_equal(stage.budget.bytes, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_entry_costs_64_bytes_at_most),
        cmocka_unit_test(the_oldest_goes_when_the_budget_is_used_up),
        cmocka_unit_test(the_newest_of_each_item_is_kept_without_budget),
        cmocka_unit_test(what_values_hold_elsewhere_counts),
        cmocka_unit_test(no_memory_is_counted_and_nothing_else_goes),
        cmocka_unit_test(expired_ones_are_counted_and_void_ones_not),
        cmocka_unit_test(a_ring_owns_copies),
        cmocka_unit_test(clear_empties_and_the_ring_goes_on),
        cmocka_unit_test(no_number_is_too_large),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
