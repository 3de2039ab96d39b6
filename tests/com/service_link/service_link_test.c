/* service_link_test: the events that a process keeps while there is no service. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "service_link/kept_events.h"

static struct rm_wire_event event_of(uint32_t session, uint32_t number)
{
    struct rm_wire_event event;

    memset(&event, 0, sizeof event);
    event.session = session;
    event.number = number;
    strcpy(event.server, session == 1 ? "First.1" : "Second.1");
    return event;
}

static void add(uint32_t session, uint32_t number)
{
    struct rm_wire_event event = event_of(session, number);

    rm_kept_events_add(&event);
}

static uint32_t first_number(void)
{
    struct rm_wire_event event;

    memset(&event, 0xAA, sizeof event);
    return rm_kept_events_first(&event) ? event.number : 0;
}

static void forget(uint32_t session, uint32_t number)
{
    struct rm_wire_event event = event_of(session, number);

    rm_kept_events_forget(&event);
}

static int empty(void **state)
{
    struct rm_wire_event lost;

    (void)state;
    rm_kept_events_clear();
    rm_kept_events_take_lost(&lost);
    return 0;
}

static void test_sequence(void **state)
{
    (void)state;
    assert_int_equal(first_number(), 0);
    add(1, 1);
    add(1, 2);
    add(2, 1);
    assert_int_equal(first_number(), 1);
    forget(1, 1);
    assert_int_equal(first_number(), 2);
    forget(1, 1); /* it is not the first any more: answered twice, or crowded out meanwhile */
    assert_int_equal(first_number(), 2);
    forget(2, 2);
    assert_int_equal(first_number(), 2);
    forget(1, 2);
    assert_int_equal(first_number(), 1);
    forget(2, 1);
    assert_int_equal(first_number(), 0);
    add(2, 3); /* the list can be filled again */
    assert_int_equal(first_number(), 3);
}

static void test_room(void **state)
{
    struct rm_wire_event lost;
    uint32_t number;

    (void)state;
    for (number = 1; number <= RM_KEPT_EVENTS_MAX; number++)
        add(1, number);
    assert_int_equal(rm_kept_events_take_lost(&lost), 0);
    for (; number <= RM_KEPT_EVENTS_MAX + 44; number++)
        add(2, number);
    assert_int_equal(first_number(), 45);
    assert_int_equal(rm_kept_events_take_lost(&lost), 44);
    assert_int_equal(lost.number, 44);
    assert_string_equal(lost.server, "First.1");
    assert_int_equal(rm_kept_events_take_lost(&lost), 0);
    add(2, number);
    assert_int_equal(rm_kept_events_take_lost(&lost), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_sequence, empty),
        cmocka_unit_test_setup(test_room, empty),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
