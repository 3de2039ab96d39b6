/* test_take_over.c: what a standby has sent in hot mode when it takes over, and what is none of it.
 */
#include "stage.h"

/* What both have sent came once; what only the standby has sent comes when it takes over, in order
 * and before what it sends from then on. */
static void test_take_over(void **state)
{
    (void)state;
    for (LONG value = 0; value < 3; value++)
    {
        stage_send_from(OLD_LINK, value);
        stage_send_from(NEW_LINK, value);
    }
    stage_check_seen(3);
    assert_int_equal(stage.links[1].buffer.buffered, 0);
    for (LONG value = 3; value < 6; value++)
        stage_send_from(NEW_LINK, value);
    stage_check_seen(3);
    stage_take_over(NEW_LINK);
    assert_int_equal(stage.links[1].buffer.buffered, 0);
    stage_check_seen(3); /* who takes over waits for no client */
    stage_send_from(NEW_LINK, 6);
    stage_check_seen(7);
    stage_run_job(); /* finds nothing left */
    stage_check_seen(7);
}

/* Nothing else comes: a thread of its own tells the client. */
static void test_take_over_in_silence(void **state)
{
    (void)state;
    stage_send_from(OLD_LINK, 0);
    stage_send_from(NEW_LINK, 0);
    stage_send_from(NEW_LINK, 1);
    stage_take_over(NEW_LINK);
    stage_run_job();
    stage_check_seen(2);
}

/* In warm mode a standby sends nothing; what still comes of it is old. */
static void test_not_hot(void **state)
{
    (void)state;
    stage.config.mode = RM_MODE_WARM;
    stage_send_from(OLD_LINK, 0);
    stage_send_from(NEW_LINK, 1);
    assert_int_equal(stage.links[1].buffer.buffered, 0);
    stage_check_seen(1);
}

/* The client has made the group inactive meanwhile, or the item: it wants no more of it. */
static void test_inactive(void **state)
{
    (void)state;
    stage_send_from(OLD_LINK, 0);
    stage_send_from(NEW_LINK, 0);
    stage_send_from(NEW_LINK, 1);
    stage.group.is_active = FALSE;
    stage_take_over(NEW_LINK);
    assert_null(stage.job);
    assert_int_equal(stage.links[1].buffer.buffered, 0);
    stage.group.is_active = TRUE;
    stage.session.delivering_link = OLD_LINK;
    stage_send_from(NEW_LINK, 2);
    stage.item.is_active = FALSE;
    stage_take_over(NEW_LINK);
    assert_null(stage.job);
    assert_int_equal(stage.links[1].buffer.buffered, 0);
    stage_check_seen(1);
}

/* A return: what the old machine sends of an item that the new one has brought is dropped, but not
 * lost, should the new one die now. */
static void test_yielding(void **state)
{
    (void)state;
    stage_send_from(OLD_LINK, 0);
    stage.session.yielding_link = OLD_LINK;
    stage_take_over(NEW_LINK);
    stage_send_from(NEW_LINK, 1);
    stage_send_from(OLD_LINK, 1);
    stage_send_from(OLD_LINK, 2);
    stage_check_seen(2);
    stage.session.yielding_link = 0;
    stage_take_over(OLD_LINK);
    stage_run_job();
    stage_check_seen(3);
}

const struct CMUnitTest take_over_tests[] = {
    cmocka_unit_test_setup_teardown(test_take_over, stage_set_up, stage_tear_down),
    cmocka_unit_test_setup_teardown(test_take_over_in_silence, stage_set_up, stage_tear_down),
    cmocka_unit_test_setup_teardown(test_not_hot, stage_set_up, stage_tear_down),
    cmocka_unit_test_setup_teardown(test_inactive, stage_set_up, stage_tear_down),
    cmocka_unit_test_setup_teardown(test_yielding, stage_set_up, stage_tear_down),
};
const size_t take_over_test_count = sizeof(take_over_tests) / sizeof(take_over_tests[0]);
