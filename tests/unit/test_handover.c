/* test_handover.c: what the client gets of a new machine's first data (rm/handover.h, C-21). */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>

#include <rm/handover.h>

#define MS ((int64_t)10000)

struct row
{
    struct rm_handover_case update;
    enum rm_handover expected;
    const char *shows;
};

/* A group of 100 ms; the clocks are known to within 1 ms. */
#define CASE(equal, comparable, age_ms)                                                            \
    {                                                                                              \
        .is_equal = (equal), .is_comparable = (comparable), .age_100ns = (age_ms)*MS,              \
        .error_100ns = MS, .period_100ns = 100 * MS                                                \
    }

/* The time stamps are the same, and clocks that differ by so much make them seem apart. */
#define SAME_TIME(equal, age_ms)                                                                   \
    {                                                                                              \
        .is_equal = (equal), .is_same_time = true, .is_comparable = true,                          \
        .age_100ns = (age_ms)*MS, .error_100ns = MS, .period_100ns = 100 * MS                      \
    }

/* clang-format off */
static const struct row rows[] = {
    {CASE(true, true, 0), RM_HANDOVER_SUPPRESS, "the same update again is not sent twice"},
    {CASE(true, true, 40), RM_HANDOVER_SUPPRESS, "sampled out of phase by less than half a period"},
    {CASE(true, true, -40), RM_HANDOVER_SUPPRESS, "the same, the other way round"},
    {CASE(true, true, 51), RM_HANDOVER_SUPPRESS, "at the edge, within the clocks' error"},
    {CASE(true, true, 52), RM_HANDOVER_DELIVER, "just beyond: in doubt it is delivered"},
    {CASE(true, true, 400), RM_HANDOVER_DELIVER, "it changed and came back to the same value"},
    {SAME_TIME(true, 400), RM_HANDOVER_SUPPRESS, "the device's time, from a server whose clock differs"},
    {SAME_TIME(false, 400), RM_HANDOVER_DELIVER, "another value at the device's same time"},
    {CASE(true, true, -3600000), RM_HANDOVER_SUPPRESS, "unchanged for an hour there: the client has it, newer"},
    {CASE(false, true, -60), RM_HANDOVER_HOLD, "the new machine is one tick behind"},
    {CASE(false, true, -2), RM_HANDOVER_HOLD, "behind by more than the clocks' error"},
    {CASE(false, true, -1), RM_HANDOVER_DELIVER, "within the clocks' error: in doubt it is delivered"},
    {CASE(false, true, 0), RM_HANDOVER_DELIVER, "another value at the same time"},
    {CASE(false, true, 5000), RM_HANDOVER_DELIVER, "a new value"},
    {CASE(true, false, 0), RM_HANDOVER_SUPPRESS, "clocks unknown: an equal value is no news"},
    {CASE(false, false, -5000), RM_HANDOVER_DELIVER, "clocks unknown: times say nothing"},
};
/* clang-format on */

static void each_row_holds(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    {
        if (rm_handover_judge(&rows[i].update) != rows[i].expected)
            fail_msg("row %zu: %s", i, rows[i].shows);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_row_holds)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
