/* test_order.c: the order in which data reach a client that is busy in a callback, while its queue
 * is full and another machine becomes the active one. */
#include "stage.h"

#define OTHER_THREAD 0xFFFFFFF1u /* no thread's id: they are multiples of four */

/* Runs while the client is in its callback; what it sends comes from other threads. */
static void as_another_thread(void (*work)(void))
{
    DWORD owner = stage.group.delivery.owner;

    stage.group.delivery.owner = OTHER_THREAD;
    work();
    stage.group.delivery.owner = owner;
}

static void client_takes(int count)
{
    for (int i = 0; i < count; i++)
    {
        struct rm_callback *first =
            RM_LIST_ENTRY(stage.group.delivery.queue.next, struct rm_callback, node);

        rm_list_remove(&first->node);
        stage.group.delivery.queued--;
        stage.seen[stage.seen_count++] = V_I4(&first->values[0]);
        rm_callback_free(first);
    }
}

/* While the old machine's thread waits there is room, and the new machine's data come before that
 * thread has woken up. */
static void switch_machines(void)
{
    client_takes(2);
    stage.session.delivering_link = NEW_LINK;
    assert_int_equal(stage_send_from(NEW_LINK, RM_DELIVERY_QUEUE_MAX + 2), S_OK);
}

static void send_too_much(void)
{
    for (LONG i = 1; i <= RM_DELIVERY_QUEUE_MAX; i++)
        assert_int_equal(stage_send_from(OLD_LINK, i), S_OK);
    stage.during_wait = switch_machines;
    assert_int_equal(stage_send_from(OLD_LINK, RM_DELIVERY_QUEUE_MAX + 1), S_OK);
    assert_null(stage.during_wait);
}

static void send_too_much_meanwhile(LONG value)
{
    stage.during_call = NULL;
    assert_int_equal(value, 0);
    as_another_thread(send_too_much);
}

/* What waits for room when another machine takes over neither comes behind that one's data nor is
 * it lost. */
static void test_switch_while_full(void **state)
{
    (void)state;
    stage.during_call = send_too_much_meanwhile;
    assert_int_equal(stage_send_from(OLD_LINK, 0), S_OK);
    stage_check_seen(RM_DELIVERY_QUEUE_MAX + 3);
}

static void send_one(void)
{
    assert_int_equal(stage_send_from(OLD_LINK, 1), S_OK);
}

static void send_one_and_pump(LONG value)
{
    stage.during_call = NULL;
    assert_int_equal(value, 0);
    as_another_thread(send_one);
    assert_int_equal(stage_send_from(OLD_LINK, 2), S_OK);
}

/* A client that pumps in its callback is called at once, but not before what came earlier. */
static void test_called_within_callback(void **state)
{
    (void)state;
    stage.during_call = send_one_and_pump;
    assert_int_equal(stage_send_from(OLD_LINK, 0), S_OK);
    stage_check_seen(3);
}

static void only_pump(LONG value)
{
    stage.during_call = NULL;
    assert_int_equal(value, 0);
    assert_int_equal(stage_send_from(OLD_LINK, 1), S_OK);
    assert_int_equal(stage.seen_count, 2);
}

static void test_called_at_once(void **state)
{
    (void)state;
    stage.during_call = only_pump;
    assert_int_equal(stage_send_from(OLD_LINK, 0), S_OK);
    stage_check_seen(2);
}

static void look_inside(LONG value)
{
    (void)value;
    assert_int_equal(stage.session.clients_inside, 1);
}

/* Who looks can tell that the client keeps a callback. */
static void test_client_inside(void **state)
{
    (void)state;
    stage.during_call = look_inside;
    stage_send_from(OLD_LINK, 0);
    assert_int_equal(stage.session.clients_inside, 0);
    assert_int_equal(stage.session.client_calls, 1);
    stage_check_seen(1);
}

const struct CMUnitTest order_tests[] = {
    cmocka_unit_test_setup_teardown(test_switch_while_full, stage_set_up, stage_tear_down),
    cmocka_unit_test_setup_teardown(test_called_within_callback, stage_set_up, stage_tear_down),
    cmocka_unit_test_setup_teardown(test_called_at_once, stage_set_up, stage_tear_down),
    cmocka_unit_test_setup_teardown(test_client_inside, stage_set_up, stage_tear_down),
};
const size_t order_test_count = sizeof(order_tests) / sizeof(order_tests[0]);
