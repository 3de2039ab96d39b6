/* test_orders.c: operators' commands on their way to sessions (D2-13, D2-14, CX-06, CX-07, CX-13,
 * CX-14).
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <rm/orders.h>

#define PREFERRED 3 /* the setting */

#define SECOND 10000000u

static struct rm_orders orders, seen;
static uint64_t now; /* goes on from test to test */
static char text[1024];

static int set_up(void **state)
{
    (void)state;
    rm_orders_init(&orders);
    seen = orders;
    return 0;
}

/* By way of the stored form. */
static void give(enum rm_order order, uint32_t machine, bool is_forced)
{
    uint8_t bytes[RM_ORDERS_SIZE];
    const struct rm_command command = {order, machine, is_forced};

    assert_true(rm_command_is_valid(&command, RM_MACHINES_MAX));
    rm_orders_add(&orders, &command, "PLANT\\anna", now += SECOND);
    memset(bytes, 0xCC, sizeof bytes);
    rm_orders_encode(&orders, bytes);
    memset(&orders, 0xCC, sizeof orders);
    assert_int_equal(rm_orders_decode(bytes, sizeof bytes, &orders), RM_OK);
    assert_string_equal(rm_orders_get(&orders, orders.number)->user, "PLANT\\anna");
}

static void write_event(const struct rm_failover_event *event, char *at, size_t size)
{
    switch ((unsigned)event->kind)
    {
    case RM_FAILOVER_OPERATOR_MODE:
        snprintf(at, size, "%s %u", rm_operator_mode_name(event->mode), event->machine);
        break;
    case RM_FAILOVER_SWITCH:
        snprintf(at, size, "%s %u", event->is_forced ? "force" : "switch", event->machine);
        break;
    case RM_FAILOVER_AUTOMATIC: snprintf(at, size, "automatic"); break;
    case RM_FAILOVER_PREFER: snprintf(at, size, "prefer %u", event->machine); break;
    case RM_FAILOVER_ACKNOWLEDGE: snprintf(at, size, "acknowledge"); break;
    default: fail_msg("an event of kind %u", (unsigned)event->kind);
    }
}

static const char *events_since(const struct rm_orders *before)
{
    struct rm_failover_event events[RM_ORDERS_EVENTS_MAX];
    unsigned count = rm_orders_events(before, &orders, PREFERRED, events);

    text[0] = '\0';
    for (unsigned i = 0; i < count; i++)
    {
        size_t used = strlen(text);

        used += (size_t)snprintf(text + used, sizeof text - used, "%s", i > 0 ? ", " : "");
        write_event(&events[i], text + used, sizeof text - used);
    }
    return text;
}

/* What a session does that looked before and looks now. */
static void expect(const char *events)
{
    assert_string_equal(events_since(&seen), events);
    seen = orders;
    assert_string_equal(events_since(&seen), "");
}

static void expect_at_begin(const char *events)
{
    assert_string_equal(events_since(NULL), events);
}

static void nothing_was_commanded(void **state)
{
    (void)state;
    expect("");
    expect_at_begin("");
}

static void a_switch_holds_until_automatic(void **state)
{
    (void)state;
    give(RM_ORDER_SWITCH, 2, false);
    expect("switch 2");
    expect_at_begin("prefer 2");
    give(RM_ORDER_SWITCH, 2, false);
    expect("switch 2"); /* the same again is a command of its own */
    give(RM_ORDER_AUTOMATIC, 0, false);
    expect("automatic");
    expect_at_begin("");
    give(RM_ORDER_SWITCH, 0, false);
    expect("switch 0");
    expect_at_begin(""); /* each session has a best one of its own */
}

static void a_forced_machine_stays_forced(void **state)
{
    (void)state;
    give(RM_ORDER_SWITCH, 2, true);
    expect("force 2");
    expect_at_begin("forced 2");
    give(RM_ORDER_SWITCH, 1, true);
    expect("force 1");
    expect_at_begin("forced 1");
    give(RM_ORDER_AUTOMATIC, 0, false);
    expect("automatic");
    expect_at_begin("");
}

static void maintenance_is_a_state(void **state)
{
    (void)state;
    give(RM_ORDER_MAINTENANCE_ON, 15, false);
    expect("maintenance 15");
    give(RM_ORDER_MAINTENANCE_ON, 1, false);
    expect("maintenance 1");
    expect_at_begin("maintenance 1, maintenance 15");
    give(RM_ORDER_MAINTENANCE_OFF, 15, false);
    expect("normal 15");
    /* Forcing ends it: the mode comes with the switch. */
    give(RM_ORDER_SWITCH, 1, true);
    expect("force 1");
    expect_at_begin("forced 1");
    give(RM_ORDER_MAINTENANCE_ON, 1, false);
    expect("maintenance 1");
    expect_at_begin("maintenance 1");
}

static void a_machine_in_maintenance_is_not_chosen(void **state)
{
    (void)state;
    give(RM_ORDER_SWITCH, 2, false);
    give(RM_ORDER_MAINTENANCE_ON, 2, false);
    expect_at_begin("maintenance 2");
}

static void preferred_until_taken_back(void **state)
{
    (void)state;
    give(RM_ORDER_PREFER, 2, false);
    expect("prefer 2");
    expect_at_begin("prefer 2");
    give(RM_ORDER_PREFER, 0, false);
    expect("prefer 0");
    expect_at_begin("prefer 0");
    give(RM_ORDER_PREFER, RM_ORDERS_AS_SET, false);
    expect("prefer 3");
    expect_at_begin("");
    give(RM_ORDER_PREFER, 1, false);
    give(RM_ORDER_SWITCH, 2, false);
    expect_at_begin("prefer 2"); /* a switch is the stronger word */
}

static void an_acknowledgement_happens_once(void **state)
{
    (void)state;
    give(RM_ORDER_ACKNOWLEDGE, 0, false);
    expect("acknowledge");
    expect_at_begin("");
    give(RM_ORDER_ACKNOWLEDGE, 0, false);
    expect("acknowledge");
}

static void several_at_once_keep_their_sequence(void **state)
{
    (void)state;
    give(RM_ORDER_SWITCH, 2, false);
    give(RM_ORDER_AUTOMATIC, 0, false);
    expect("switch 2, automatic");
    give(RM_ORDER_AUTOMATIC, 0, false);
    give(RM_ORDER_SWITCH, 1, false);
    give(RM_ORDER_MAINTENANCE_ON, 2, false);
    give(RM_ORDER_ACKNOWLEDGE, 0, false);
    expect("maintenance 2, automatic, switch 1, acknowledge");
}

static void a_switch_that_nobody_makes_is_taken_back(void **state)
{
    struct rm_orders before;

    (void)state;
    give(RM_ORDER_MAINTENANCE_ON, 2, false);
    give(RM_ORDER_SWITCH, 1, false);
    expect("maintenance 2, switch 1");
    before = orders;
    give(RM_ORDER_SWITCH, 2, true);
    expect("force 2");
    rm_orders_take_back(&orders, &before);
    expect_at_begin("maintenance 2, prefer 1");
    give(RM_ORDER_SWITCH, 1, false);
    assert_int_equal(orders.forced, 0);
}

/* Another list: machine 1 is gone, 2 and 3 have changed places. */
static void another_list_renumbers(void **state)
{
    static const unsigned ranks[RM_MACHINES_MAX + 1] = {0, 0, 3, 2};

    (void)state;
    give(RM_ORDER_MAINTENANCE_ON, 1, false);
    give(RM_ORDER_MAINTENANCE_ON, 2, false);
    give(RM_ORDER_PREFER, 2, false);
    give(RM_ORDER_SWITCH, 3, false);
    seen = orders;
    rm_orders_renumber(&orders, ranks);
    assert_int_equal(orders.number, seen.number);
    assert_int_equal(orders.maintenance, 1u << 2);
    assert_int_equal(orders.chosen, 2);
    assert_int_equal(orders.preferred, 3);
    assert_int_equal(orders.switch_machine, 2);
    rm_orders_renumber(&seen, ranks); /* as a session does that has them */
    expect("");
    give(RM_ORDER_SWITCH, 3, true);
    rm_orders_renumber(&orders, ranks);
    assert_int_equal(orders.forced, 2);
    give(RM_ORDER_SWITCH, 1, true);
    give(RM_ORDER_PREFER, 1, false);
    seen = orders;
    rm_orders_renumber(&orders, ranks);
    assert_int_equal(orders.forced, 0);
    assert_int_equal(orders.preferred, RM_ORDERS_AS_SET);
    assert_int_equal(orders.switch_number, 0); /* not "the best other one" */
    give(RM_ORDER_PREFER, 0, false);
    rm_orders_renumber(&orders, ranks);
    assert_int_equal(orders.preferred, 0);
}

static void give_as(const struct rm_command *command, const char *user)
{
    rm_orders_add(&orders, command, user, now += SECOND);
}

static void a_user_is_cut_at_a_character(void **state)
{
    const struct rm_command command = {.order = RM_ORDER_ACKNOWLEDGE};
    char longest[RM_ORDERS_USER_SIZE + 2], words[RM_ORDERS_TEXT_SIZE];

    (void)state;
    memset(longest, 'x', sizeof longest);
    memcpy(longest + RM_ORDERS_USER_SIZE - 2, "\xC3\xA4", 3);
    give_as(&command, longest);
    assert_int_equal(strlen(orders.last[0].user), RM_ORDERS_USER_SIZE - 2);
    rm_commanded_text(&orders.last[0], words);
    assert_string_equal(words + strlen(words) - 2, "x)");
}

static void commands_in_words(void **state)
{
    static const struct
    {
        struct rm_command command;
        const char *words;
    } rows[] = {
        {{RM_ORDER_SWITCH, 0, false},                "switch to the best other machine"  },
        {{RM_ORDER_SWITCH, 2, false},                "switch to machine 2"               },
        {{RM_ORDER_SWITCH, 2, true},                 "forced switch to machine 2"        },
        {{RM_ORDER_AUTOMATIC, 0, false},             "back to automatic"                 },
        {{RM_ORDER_MAINTENANCE_ON, 15, false},       "maintenance of machine 15 begins"  },
        {{RM_ORDER_MAINTENANCE_OFF, 15, false},      "maintenance of machine 15 ends"    },
        {{RM_ORDER_PREFER, 1, false},                "prefer machine 1"                  },
        {{RM_ORDER_PREFER, 0, false},                "prefer no machine"                 },
        {{RM_ORDER_PREFER, RM_ORDERS_AS_SET, false}, "prefer the machine of the settings"},
        {{RM_ORDER_ACKNOWLEDGE, 0, false},           "the switch is acknowledged"        },
    };
    char wanted[RM_ORDERS_TEXT_SIZE], words[RM_ORDERS_TEXT_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    {
        give_as(&rows[i].command, "PLANT\\anna");
        snprintf(wanted, sizeof wanted, "%s (user PLANT\\anna)", rows[i].words);
        rm_commanded_text(rm_orders_get(&orders, orders.number), words);
        assert_string_equal(words, wanted);
    }
}

/* What a peer may ask for, and what it may not. */
static void commands_that_cannot_be(void **state)
{
    static const struct rm_command rows[] = {
        {RM_ORDER_SWITCH,          3,          false},
        {RM_ORDER_SWITCH,          0,          true },
        {RM_ORDER_SWITCH,          UINT32_MAX, false},
        {RM_ORDER_MAINTENANCE_ON,  0,          false},
        {RM_ORDER_MAINTENANCE_OFF, 3,          false},
        {RM_ORDER_PREFER,          3,          false},
        {RM_ORDER_AUTOMATIC,       1,          false},
        {RM_ORDER_ACKNOWLEDGE,     1,          false},
        {RM_ORDER_COUNT,           1,          false},
        {(enum rm_order)77,        1,          false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    {
        assert_false(rm_command_is_valid(&rows[i], 2));
    }
}

static void the_last_commands_are_kept(void **state)
{
    (void)state;
    assert_null(rm_orders_get(&orders, 0));
    assert_null(rm_orders_get(&orders, 1));
    for (uint32_t number = 1; number <= RM_ORDERS_KEPT + 3; number++)
    {
        give(RM_ORDER_PREFER, number % 3, false);
    }
    assert_null(rm_orders_get(&orders, 3));
    assert_null(rm_orders_get(&orders, RM_ORDERS_KEPT + 4));
    for (uint32_t number = 4; number <= RM_ORDERS_KEPT + 3; number++)
    {
        assert_int_equal(rm_orders_get(&orders, number)->command.machine, number % 3);
        assert_int_equal(rm_orders_get(&orders, number)->given_at,
                         now - (RM_ORDERS_KEPT + 3 - number) * SECOND);
    }
}

static void who_has_commanded_a_switch(void **state)
{
    static const struct rm_command to_2 = {RM_ORDER_SWITCH, 2, false};
    static const struct rm_command rest = {RM_ORDER_MAINTENANCE_ON, 2, false};
    static const struct rm_command seen_it = {RM_ORDER_ACKNOWLEDGE, 0, false};

    (void)state;
    assert_null(rm_orders_by_whom(&orders, RM_CAUSE_OPERATOR, now));
    give_as(&to_2, "anna");
    assert_string_equal(rm_orders_by_whom(&orders, RM_CAUSE_OPERATOR, now + SECOND), "anna");
    assert_null(rm_orders_by_whom(&orders, RM_CAUSE_OPERATOR, now - SECOND));
    assert_null(rm_orders_by_whom(&orders, RM_CAUSE_MAINTENANCE, now + SECOND));
    assert_null(rm_orders_by_whom(&orders, RM_CAUSE_PING_TIMEOUT, now + SECOND));
    give_as(&rest, "bert");
    give_as(&seen_it, "carl");
    assert_string_equal(rm_orders_by_whom(&orders, RM_CAUSE_OPERATOR, now), "anna");
    assert_string_equal(rm_orders_by_whom(&orders, RM_CAUSE_MAINTENANCE, now), "bert");
    give_as(&to_2, "carl");
    assert_string_equal(rm_orders_by_whom(&orders, RM_CAUSE_OPERATOR, now - SECOND), "anna");
}

/* Each byte of a record changed, and each shorter one: refused, or within its bounds. */
static void nonsense_is_refused(void **state)
{
    uint8_t bytes[RM_ORDERS_SIZE + 1] = {0};
    struct rm_orders result;

    (void)state;
    give(RM_ORDER_MAINTENANCE_ON, 1, false);
    give(RM_ORDER_SWITCH, 2, true);
    rm_orders_encode(&orders, bytes);
    for (size_t size = 0; size <= sizeof bytes; size++)
    {
        enum rm_status wanted = size == RM_ORDERS_SIZE ? RM_OK : RM_E_INVALID;

        assert_int_equal(rm_orders_decode(bytes, size, &result), wanted);
        assert_int_equal(result.number, wanted == RM_OK ? orders.number : 0);
    }
    for (size_t at = 0; at < RM_ORDERS_SIZE; at++)
    {
        for (unsigned change = 1; change < 256; change++)
        {
            bytes[at] ^= (uint8_t)change;
            if (rm_orders_decode(bytes, RM_ORDERS_SIZE, &result) == RM_OK)
            {
                assert_true(result.forced <= RM_MACHINES_MAX && result.chosen <= RM_MACHINES_MAX);
                assert_true(result.maintenance < 1u << RM_MACHINES_MAX);
                assert_true(strlen(result.server) < sizeof result.server);
                for (uint32_t i = 0; i < RM_ORDERS_KEPT; i++)
                {
                    const struct rm_commanded *last = rm_orders_get(&result, result.number - i);
                    char words[RM_ORDERS_TEXT_SIZE];

                    if (last)
                    {
                        rm_commanded_text(last, words);
                        assert_true(strlen(words) < sizeof words);
                    }
                }
                orders = result;
                events_since(NULL);
                events_since(&seen);
            }
            bytes[at] ^= (uint8_t)change;
        }
    }
    memset(bytes + RM_ORDERS_SIZE - RM_ORDERS_USER_SIZE, 'x', RM_ORDERS_USER_SIZE);
    assert_int_equal(rm_orders_decode(bytes, RM_ORDERS_SIZE, &result), RM_E_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(nothing_was_commanded, set_up),
        cmocka_unit_test_setup(a_switch_holds_until_automatic, set_up),
        cmocka_unit_test_setup(a_forced_machine_stays_forced, set_up),
        cmocka_unit_test_setup(maintenance_is_a_state, set_up),
        cmocka_unit_test_setup(a_machine_in_maintenance_is_not_chosen, set_up),
        cmocka_unit_test_setup(preferred_until_taken_back, set_up),
        cmocka_unit_test_setup(an_acknowledgement_happens_once, set_up),
        cmocka_unit_test_setup(several_at_once_keep_their_sequence, set_up),
        cmocka_unit_test_setup(a_switch_that_nobody_makes_is_taken_back, set_up),
        cmocka_unit_test_setup(another_list_renumbers, set_up),
        cmocka_unit_test_setup(a_user_is_cut_at_a_character, set_up),
        cmocka_unit_test_setup(commands_in_words, set_up),
        cmocka_unit_test_setup(commands_that_cannot_be, set_up),
        cmocka_unit_test_setup(the_last_commands_are_kept, set_up),
        cmocka_unit_test_setup(who_has_commanded_a_switch, set_up),
        cmocka_unit_test_setup(nonsense_is_refused, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
