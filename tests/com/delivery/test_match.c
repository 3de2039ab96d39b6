/* test_match.c: a standby's updates against those of the active machine: matched, late, or so many
 * that there is no room for them. */
#include "stage.h"

/* A standby that is behind has nothing to add, one that is ahead is matched. */
static void test_matched(void **state)
{
    (void)state;
    stage_send_from(NEW_LINK, 0);
    stage_send_from(NEW_LINK, 1);
    assert_int_equal(stage.links[1].buffer.buffered, 2);
    stage_send_from(OLD_LINK, 0);
    assert_int_equal(stage.links[1].buffer.buffered, 1);
    stage_send_from(OLD_LINK, 1);
    assert_int_equal(stage.links[1].buffer.buffered, 0);
    stage_take_over(NEW_LINK);
    assert_null(stage.job);
    stage_check_seen(2);
}

/* The active machine is late: that is found out when it is later than usual, asked for once in a
 * while, and not for ever. */
static void test_unmatched(void **state)
{
    ULONGLONG next_ms = 1;

    (void)state;
    stage_send_from(OLD_LINK, 0);
    stage_send_from(NEW_LINK, 0);
    assert_int_equal(stage.wakes, 0);
    stage_send_from(NEW_LINK, 1);
    assert_int_equal(stage.wakes, 1);
    assert_int_equal(stage.session.match_due_ms, stage.now_ms + 20);
    assert_false(rm_standby_is_unmatched(&stage.session, stage.now_ms + 19, &next_ms));
    assert_int_equal(next_ms, stage.now_ms + 20);
    assert_true(rm_standby_is_unmatched(&stage.session, stage.now_ms + 20, &next_ms));
    stage.session.suspected_ms = stage.now_ms + 20;
    assert_false(rm_standby_is_unmatched(&stage.session, stage.now_ms + 20, &next_ms));
    assert_int_equal(next_ms, stage.now_ms + 1020);
    assert_true(rm_standby_is_unmatched(&stage.session, stage.now_ms + 1020, &next_ms));
    assert_false(rm_standby_is_unmatched(&stage.session, stage.now_ms + 60000, &next_ms));
    assert_int_equal(next_ms, 0);
    stage.now_ms += 60;
    stage_send_from(OLD_LINK, 1);
    assert_false(rm_standby_is_unmatched(&stage.session, stage.now_ms + 120, &next_ms));
    assert_int_equal(next_ms, 0);
}

/* The standby is ahead: by how much is learnt, and a shorter lag is believed slowly. */
static void test_lag(void **state)
{
    (void)state;
    stage_send_from(OLD_LINK, 0);
    stage_send_from(NEW_LINK, 0);
    stage_send_from(NEW_LINK, 1);
    stage.now_ms += 60;
    stage_send_from(OLD_LINK, 1);
    assert_int_equal(stage.link_groups[1].match_lag_ms, 60);
    stage.session.match_due_ms = 0;
    stage_send_from(NEW_LINK, 2);
    assert_int_equal(stage.session.match_due_ms, stage.now_ms + 80);
    stage.now_ms += 20;
    stage_send_from(OLD_LINK, 2);
    assert_int_equal(stage.link_groups[1].match_lag_ms, 55);
    stage.session.match_due_ms = 0;
    stage.link_groups[1].match_lag_ms = 5000; /* it hung once: longer than a period nobody waits */
    stage_send_from(NEW_LINK, 3);
    assert_int_equal(stage.session.match_due_ms, stage.now_ms + 120);
}

/* The standby sends until its buffer has dropped something more. Returns what it sends next. */
static LONG overflow_from(LONG value)
{
    uint64_t before = stage.links[1].buffer.overflowed;

    while (stage.links[1].buffer.overflowed == before)
        stage_send_from(NEW_LINK, value++);
    return value;
}

/* The event comes once for each time that the buffer begins to drop, not for each drop. */
static void test_overflow(void **state)
{
    LONG value;

    (void)state;
    stage_send_from(OLD_LINK, 0);
    rm_standby_tell_overflow(&stage.session);
    assert_int_equal(stage.overflow_events, 0);
    value = overflow_from(1);
    rm_standby_tell_overflow(&stage.session);
    assert_int_equal(stage.overflow_events, 1);
    assert_int_equal(stage.overflow_machine, 2);
    assert_int_equal(stage.overflow_code, 1);
    assert_true(stage.links[1].buffer.bytes > stage.links[1].buffer.bytes_max / 4 * 3);
    for (int i = 0; i < 20; i++)
    {
        value = overflow_from(value);
        rm_standby_tell_overflow(&stage.session);
    }
    rm_standby_tell_overflow(&stage.session); /* nothing was dropped, but it is still full */
    value = overflow_from(value);
    rm_standby_tell_overflow(&stage.session);
    assert_int_equal(stage.overflow_events, 1);

    stage_send_from(OLD_LINK, value - 1); /* the active machine has caught up */
    assert_int_equal(stage.links[1].buffer.buffered, 0);
    rm_standby_tell_overflow(&stage.session);
    assert_int_equal(stage.overflow_events, 1);
    overflow_from(value);
    rm_standby_tell_overflow(&stage.session);
    assert_int_equal(stage.overflow_events, 2);
    assert_int_equal(stage.overflow_code, 23);
}

const struct CMUnitTest match_tests[] = {
    cmocka_unit_test_setup_teardown(test_matched, stage_set_up, stage_tear_down),
    cmocka_unit_test_setup_teardown(test_unmatched, stage_set_up, stage_tear_down),
    cmocka_unit_test_setup_teardown(test_lag, stage_set_up, stage_tear_down),
    cmocka_unit_test_setup_teardown(test_overflow, stage_set_up, stage_tear_down),
};
const size_t match_test_count = sizeof(match_tests) / sizeof(match_tests[0]);
