/* abandoned_test.c: workers that were given up count as stuck only when they stay out (C-01). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "call/abandoned.h"

#define SESSION 3
#define OTHER   4

/* After a switch to a machine that is well the calls that were out come back within milliseconds.
 */
static void test_who_comes_back_at_once_is_never_stuck(void **state)
{
    struct rm_abandoned record = {
        .node = {NULL, NULL}
    };
    ULONGLONG now_ms;

    (void)state;
    /* One after the other: there is always one out, but none for long. */
    for (now_ms = 1000; now_ms < 1000 + 4 * RM_STUCK_MS; now_ms += 10)
    {
        rm_abandoned_enter(&record, SESSION, 1, now_ms);
        assert_int_equal(rm_abandoned_count(), 1);
        assert_int_equal(rm_abandoned_stuck(SESSION, 1, now_ms + 10), 0);
        rm_abandoned_leave(&record);
    }
    assert_int_equal(rm_abandoned_count(), 0);
}

static void test_who_stays_out_is_stuck(void **state)
{
    static const struct
    {
        DWORD session;
        unsigned machine;
        ULONGLONG now_ms;
        unsigned stuck;
    } rows[] = {
        {SESSION, 1, 1000,                   0},
        {SESSION, 1, 1000 + RM_STUCK_MS - 1, 0},
        {SESSION, 1, 1000 + RM_STUCK_MS,     1},
        {SESSION, 2, 1000 + RM_STUCK_MS,     0},
        {SESSION, 1, 1100 + RM_STUCK_MS,     2},
        {SESSION, 2, 1200 + RM_STUCK_MS,     1},
        {SESSION, 0, 1200 + RM_STUCK_MS,     3}, /* on any machine */
        {OTHER,   1, 1200 + RM_STUCK_MS,     0},
        {OTHER,   1, 1300 + RM_STUCK_MS,     1},
        {OTHER,   0, 1300 + RM_STUCK_MS,     1},
    };
    struct rm_abandoned records[4] = {{.node = {NULL, NULL}}};
    size_t i;

    (void)state;
    rm_abandoned_enter(&records[0], SESSION, 1, 1000);
    rm_abandoned_enter(&records[1], SESSION, 1, 1100);
    rm_abandoned_enter(&records[2], SESSION, 2, 1200);
    rm_abandoned_enter(&records[3], OTHER, 1, 1300);
    assert_int_equal(rm_abandoned_count(), 4);
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(rm_abandoned_stuck(rows[i].session, rows[i].machine, rows[i].now_ms),
                         rows[i].stuck);
    rm_abandoned_leave(&records[0]);
    assert_int_equal(rm_abandoned_stuck(SESSION, 1, 1100 + RM_STUCK_MS), 1);
    for (i = 0; i < 4; i++)
        rm_abandoned_leave(&records[i]); /* the first one a second time */
    assert_int_equal(rm_abandoned_count(), 0);
    assert_int_equal(rm_abandoned_stuck(SESSION, 0, 1200 + RM_STUCK_MS), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_comes_back_at_once_is_never_stuck),
        cmocka_unit_test(test_who_stays_out_is_stuck),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
