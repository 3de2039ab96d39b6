/* test_refresh.c: what comes in answer to refreshes of ours, and keep-alives. */
#include "stage.h"

/* A refresh of ours brings what the client has: that is no news. What only it has brought counts as
 * sent for the machine, so the client gets it, as data. */
static void test_own_refresh(void **state)
{
    (void)state;
    stage_send_from(OLD_LINK, 0);
    stage.link_groups[0].has_delivered = false;
    stage_refresh_from(OLD_LINK, 0);
    assert_true(stage.link_groups[0].has_delivered);
    stage_check_seen(1);
    stage_refresh_from(OLD_LINK, 1);
    stage_refresh_from(OLD_LINK, 1);
    stage_check_seen(2);
    stage_send(OLD_LINK, RM_OWN_REFRESH, 0, 0, 0);
    assert_int_equal(stage.keep_alives, 0);
    stage_send_from(OLD_LINK, 2);
    stage_check_seen(3);
}

/* The same of a standby: it makes the active machine late only where it says something new. */
static void test_own_refresh_of_a_standby(void **state)
{
    (void)state;
    stage_send_from(OLD_LINK, 0);
    stage_send_from(NEW_LINK, 0);
    stage.link_groups[1].has_delivered = false;
    stage_refresh_from(NEW_LINK, 0);
    assert_true(stage.link_groups[1].has_delivered);
    assert_int_equal(stage.links[1].buffer.buffered, 0);
    assert_int_equal(stage.wakes, 0);
    stage_refresh_from(NEW_LINK, 1);
    stage_refresh_from(NEW_LINK, 1);
    assert_int_equal(stage.links[1].buffer.buffered, 1);
    stage_take_over(NEW_LINK);
    stage_run_job();
    stage_check_seen(2);
}

/* And of a machine before a return. */
static void test_own_refresh_while_yielding(void **state)
{
    (void)state;
    stage_send_from(OLD_LINK, 0);
    stage.session.yielding_link = OLD_LINK;
    stage_take_over(NEW_LINK);
    stage_send_from(NEW_LINK, 1);
    stage_refresh_from(OLD_LINK, 1);
    assert_int_equal(stage.links[0].buffer.buffered, 0);
    stage_refresh_from(OLD_LINK, 2);
    assert_int_equal(stage.links[0].buffer.buffered, 1);
    stage_check_seen(2);
}

static int reads_completed;

static HRESULT WINAPI client_OnReadComplete(IOPCDataCallback *iface, DWORD transaction,
                                            OPCHANDLE client_group, HRESULT master_quality,
                                            HRESULT master_error, DWORD count, OPCHANDLE *clients,
                                            VARIANT *values, WORD *qualities, FILETIME *times,
                                            HRESULT *errors)
{
    (void)iface, (void)transaction, (void)client_group, (void)master_quality, (void)master_error;
    (void)count, (void)clients, (void)values, (void)qualities, (void)times, (void)errors;
    reads_completed++;
    return S_OK;
}

/* A call has lost its machine, and is made again on another one: its completion, which was on the
 * way already, is the answer no more. Values are data, whoever has asked for them. */
static void test_completions_of_a_lost_call(void **state)
{
    struct rm_callback read = {.kind = RM_CALLBACK_READ_COMPLETE, .transaction = 77};

    (void)state;
    reads_completed = 0;
    stage_client_vtbl.OnReadComplete = client_OnReadComplete;
    rm_delivery_completion(&stage.group, OLD_LINK, &read);
    assert_int_equal(reads_completed, 1);
    stage.links[0].has_lost_call = true;
    rm_delivery_completion(&stage.group, OLD_LINK, &read);
    assert_int_equal(reads_completed, 1);
    stage_send(OLD_LINK, 78, 1, 0, 0); /* the client of these tests wants no transaction */
    stage_check_seen(1);
}

/* Keep-alives are the client's where it has set a time, or we have not. */
static void test_keep_alives(void **state)
{
    (void)state;
    stage_send(OLD_LINK, 0, 0, 0, 0);
    assert_int_equal(stage.keep_alives, 1);
    stage.link_groups[0].keep_alive_ms = 6666;
    stage.link_groups[0].has_delivered = false;
    stage_send(OLD_LINK, 0, 0, 0, 0);
    assert_int_equal(stage.keep_alives, 1);
    assert_true(stage.link_groups[0].has_delivered);
    stage.group.keep_alive_ms = stage.link_groups[0].keep_alive_ms = 500;
    stage_send(OLD_LINK, 0, 0, 0, 0);
    assert_int_equal(stage.keep_alives, 2);
}

const struct CMUnitTest refresh_tests[] = {
    cmocka_unit_test_setup_teardown(test_own_refresh, stage_set_up, stage_tear_down),
    cmocka_unit_test_setup_teardown(test_own_refresh_of_a_standby, stage_set_up, stage_tear_down),
    cmocka_unit_test_setup_teardown(test_own_refresh_while_yielding, stage_set_up, stage_tear_down),
    cmocka_unit_test_setup_teardown(test_completions_of_a_lost_call, stage_set_up, stage_tear_down),
    cmocka_unit_test_setup_teardown(test_keep_alives, stage_set_up, stage_tear_down),
};
const size_t refresh_test_count = sizeof(refresh_tests) / sizeof(refresh_tests[0]);
