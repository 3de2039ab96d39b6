/* test_skew.c: what pings say of a machine's clock (rm/skew.h). */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <setjmp.h>

#include <cmocka.h>

#include <rm/skew.h>

#define MS ((int64_t)10000)

/* `out_ms` until the machine reads its clock, `back_ms` until ours is read again. */
static struct rm_skew_ping ping(int64_t at_ms, int64_t out_ms, int64_t back_ms, int64_t skew_ms)
{
    return (struct rm_skew_ping){
        .before_100ns = at_ms * MS,
        .theirs_100ns = (at_ms + out_ms + skew_ms) * MS,
        .after_100ns = (at_ms + out_ms + back_ms) * MS,
    };
}

static int64_t wrong_by(const struct rm_skew *skew, int64_t skew_ms)
{
    return llabs(skew->offset_100ns - skew_ms * MS);
}

static void the_quickest_is_kept(void **state)
{
    struct rm_skew skew = {.is_known = false};
    struct rm_skew_ping slow = ping(0, 90, 10, 500);
    struct rm_skew_ping quick = ping(250, 2, 2, 500);
    struct rm_skew_ping slow_again = ping(500, 5, 300, 500);

    (void)state;
    rm_skew_measure(&skew, &slow);
    assert_true(skew.is_known);
    assert_int_equal(skew.offset_100ns, 540 * MS);
    assert_int_equal(skew.error_100ns, 50 * MS);
    rm_skew_measure(&skew, &quick);
    assert_int_equal(skew.offset_100ns, 500 * MS);
    assert_int_equal(skew.error_100ns, 2 * MS);
    rm_skew_measure(&skew, &slow_again);
    assert_int_equal(skew.offset_100ns, 500 * MS);
    assert_in_range(skew.error_100ns, 2 * MS + 1, 3 * MS);
}

/* A thread of ours that doesn't run for a while must not make a machine's clock wrong. */
static void never_wrong_by_more_than_it_says(void **state)
{
    struct rm_skew skew = {.is_known = false};
    uint32_t random = 1;

    (void)state;
    for (int64_t at_ms = 0; at_ms < 1000000; at_ms += 250)
    {
        int64_t out_ms, back_ms;
        struct rm_skew_ping next;

        random = random * 1664525u + 1013904223u;
        out_ms = (random >> 16) % 8 ? 1 : (random >> 20) % 400;
        random = random * 1664525u + 1013904223u;
        back_ms = (random >> 16) % 8 ? 1 : (random >> 20) % 400;
        next = ping(at_ms, out_ms, back_ms, -7000);
        rm_skew_measure(&skew, &next);
        assert_true(wrong_by(&skew, -7000) <= skew.error_100ns);
    }
    assert_true(skew.error_100ns <= 10 * MS);
}

static void drift_is_followed(void **state)
{
    struct rm_skew skew = {.is_known = false};

    (void)state;
    for (int64_t at_ms = 0; at_ms < 1000000; at_ms += 250)
    {
        int64_t skew_ms = at_ms / 10000; /* 100 parts in a million */
        struct rm_skew_ping next = ping(at_ms, at_ms == 0 ? 1 : 3, at_ms == 0 ? 1 : 3, skew_ms);

        rm_skew_measure(&skew, &next);
        assert_true(wrong_by(&skew, skew_ms) <= 4 * MS);
    }
}

static void a_clock_that_was_set_is_believed_at_once(void **state)
{
    struct rm_skew skew = {.is_known = false};
    struct rm_skew_ping quick = ping(0, 1, 1, 0);
    struct rm_skew_ping set = ping(250, 20, 20, 3600000);
    struct rm_skew_ping put_back = {.before_100ns = 600 * MS, .theirs_100ns = 9, .after_100ns = 5};

    (void)state;
    rm_skew_measure(&skew, &quick);
    rm_skew_measure(&skew, &set);
    assert_int_equal(skew.offset_100ns, 3600000 * MS);
    assert_int_equal(skew.error_100ns, 20 * MS);
    rm_skew_measure(&skew, &put_back);
    assert_int_equal(skew.offset_100ns, 3600000 * MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_quickest_is_kept),
        cmocka_unit_test(never_wrong_by_more_than_it_says),
        cmocka_unit_test(drift_is_followed),
        cmocka_unit_test(a_clock_that_was_set_is_believed_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
