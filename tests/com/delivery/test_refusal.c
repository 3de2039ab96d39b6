/* test_refusal.c: a client's sink that fails: the server is told so, and what the client has not
 * taken is not taken for something that it has (design 3.5). */
#include "stage.h"

/* As it is busy, or as it has gone. */
static const HRESULT refusals[] = {RPC_E_CALL_REJECTED, RPC_E_SERVERCALL_RETRYLATER, E_FAIL,
                                   RPC_E_DISCONNECTED};

static void test_server_is_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
    {
        stage.answer = refusals[i];
        assert_int_equal(stage_send_from(OLD_LINK, (LONG)i), refusals[i]);
    }
    stage.answer = S_FALSE;
    assert_int_equal(stage_send_from(OLD_LINK, 4), S_FALSE);
    assert_int_equal(stage.seen_count, 5);
}

/* The new machine has the same value with the same time stamp: still the client hasn't got it. */
static void test_the_next_machine_brings_it(void **state)
{
    (void)state;
    stage_send_from(OLD_LINK, 0);
    stage.answer = RPC_E_CALL_REJECTED;
    stage_send_from(OLD_LINK, 1);
    stage.answer = S_OK;
    stage_take_over(NEW_LINK);
    stage_send_from(NEW_LINK, 1);
    assert_int_equal(stage.seen_count, 3); /* the second one was refused */
    assert_int_equal(stage.seen[2], 1);
    stage_send_from(NEW_LINK, 1);
    assert_int_equal(stage.seen_count, 4); /* sent twice by one machine, so had twice */
}

/* A standby that sends it after the refusal keeps it. */
static void test_a_standby_keeps_it(void **state)
{
    (void)state;
    stage_send_from(OLD_LINK, 0);
    stage_send_from(NEW_LINK, 0);
    stage.answer = RPC_E_CALL_REJECTED;
    stage_send_from(OLD_LINK, 1);
    stage.answer = S_OK;
    stage_send_from(NEW_LINK, 1);
    stage_take_over(NEW_LINK);
    stage_run_job();
    assert_int_equal(stage.seen_count, 3);
    assert_int_equal(stage.seen[2], 1);
}

/* One that had sent it before is asked for what it has. */
static void test_a_refresh_brings_it(void **state)
{
    (void)state;
    stage_send_from(OLD_LINK, 0);
    stage_send_from(NEW_LINK, 0);
    stage_send_from(NEW_LINK, 1);
    stage.answer = RPC_E_CALL_REJECTED;
    stage_send_from(OLD_LINK, 1);
    stage.answer = S_OK;
    stage_take_over(NEW_LINK);
    stage_refresh_from(NEW_LINK, 1);
    assert_int_equal(stage.seen_count, 3);
    assert_int_equal(stage.seen[2], 1);
}

const struct CMUnitTest refusal_tests[] = {
    cmocka_unit_test_setup_teardown(test_server_is_told, stage_set_up, stage_tear_down),
    cmocka_unit_test_setup_teardown(test_the_next_machine_brings_it, stage_set_up, stage_tear_down),
    cmocka_unit_test_setup_teardown(test_a_standby_keeps_it, stage_set_up, stage_tear_down),
    cmocka_unit_test_setup_teardown(test_a_refresh_brings_it, stage_set_up, stage_tear_down),
};
const size_t refusal_test_count = sizeof(refusal_tests) / sizeof(refusal_tests[0]);
