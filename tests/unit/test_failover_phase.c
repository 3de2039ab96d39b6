/* test_failover_phase.c: each transition of phase, STOP from each, and what never fits. */
#include "failover_table.h"

#include <string.h>

#include <rm/config.h>

/* The formatter would align the rows of tables far beyond 100 columns. */
/* clang-format off */

static void a_fresh_one_is_idle_and_zeroed(void **state)
{
    const struct rm_failover_settings settings = table_settings(RM_MODE_WARM, 2);
    struct rm_failover one;
    struct rm_failover other;

    (void)state;
    memset(&one, 0xCC, sizeof one);
    memset(&other, 0x33, sizeof other);
    rm_failover_init(&one, &settings);
    rm_failover_init(&other, &settings);
    assert_memory_equal(&one, &other, sizeof one);
    assert_int_equal(one.phase, RM_PHASE_IDLE);
    assert_true(one.next_ms == RM_NEVER);
    assert_int_equal(rm_failover_check(&one, NULL, NULL), 0);
}

/* Rows up to a phase, then STOP. */
static void stops_from(const struct row *rows, size_t count, const char *actions)
{
    const struct rm_failover_settings settings = table_settings(RM_MODE_WARM, 2);
    const struct row stop_rows[] = {
        {50000, STOP, "stopped 0 DD", actions, "STOP ends all links"},
        {60000, TICK, "stopped 0 DD", "", "and nothing is begun any more"},
        {60000, STOP, "stopped 0 DD", "", "once is enough"},
        {60000, START, "stopped 0 DD", "", "final"},
        {60000, CONNECTED(1), "stopped 0 DD", "", "what comes late is ignored"},
        {60000, LOST(2), "stopped 0 DD", "", "what comes late is ignored"},
    };
    struct rm_failover failover;

    rm_failover_init(&failover, &settings);
    table_run(&failover, rows, count);
    table_run(&failover, stop_rows, COUNT_OF(stop_rows));
    assert_true(failover.next_ms == RM_NEVER);
    assert_true(failover.ignored >= 4);
}

static void stop_from_each_phase(void **state)
{
    static const struct row searching[] = {
        {0, START, "starting 0 CC", NULL, "IDLE -> STARTING"},
        {1, CONNECTED(1), "serving 1 UC", NULL, "STARTING -> SERVING"},
        {2, LOST(1), "searching 0 DC", NULL, "SERVING -> SEARCHING"},
        {3, CONNECTED(2), "serving 2 DU", NULL, "SEARCHING -> SERVING"},
        {4, LOST(2), "searching 0 DD", NULL, "SERVING -> SEARCHING"},
    };
    static const struct row failed[] = {
        {0, START, "starting 0 CC", NULL, "IDLE -> STARTING"},
        {1, REFUSED(1), "starting 0 DC", NULL, "one"},
        {2, REFUSED(2), "failed 0 DD", NULL, "STARTING -> FAILED"},
    };
    static const struct row serving[] = {
        {0, START, "starting 0 CC", NULL, "IDLE -> STARTING"},
        {1, CONNECTED(2), "starting 0 CU", NULL, "standby"},
        {2, CONNECTED(1), "serving 1 UU", NULL, "STARTING -> SERVING"},
    };

    (void)state;
    stops_from(NULL, 0, "");
    stops_from(searching, 1, "disconnect 1 (stop), disconnect 2 (stop)");
    stops_from(serving, 2, "disconnect 1 (stop), tell disconnected 2, disconnect 2 (stop)");
    stops_from(serving, 3,
               "tell disconnected 1, disconnect 1 (stop), "
               "tell disconnected 2, disconnect 2 (stop)");
    stops_from(searching, 3, "disconnect 2 (stop)");
    stops_from(searching, 4, "tell disconnected 2, disconnect 2 (stop)");
    stops_from(searching, 5, "");
    stops_from(failed, 3, "");
}

static void before_start_nothing_fits(void **state)
{
    static const struct row rows[] = {
        {10, TICK, "idle 0 DD", "", "time passes"},
        {10, CONNECTED(1), "idle 0 DD", "", "no link"},
        {10, LOST(1), "idle 0 DD", "", "no link"},
        {10, SHUTDOWN(2), "idle 0 DD", "", "no link"},
        {20, START, "starting 0 CC", "connect 1, connect 2", "starts all the same"},
        {20, START, "starting 0 CC", "", "once"},
        {30, READY(1), "starting 0 CC", "", "not up"},
        {30, BUSY(1), "starting 0 CC", "", "not up"},
        {30, SUSPECT(1), "starting 0 CC", "", "not up"},
        {30, ANSWERED(1), "starting 0 CC", "", "not up"},
        {40, CONNECTED(1), "serving 1 UC", NULL, "up"},
        {40, CONNECTED(1), "serving 1 UC", "", "twice is once"},
        {40, REFUSED(1), "serving 1 UC", "", "a link that is up can't fail to connect"},
    };
    const struct rm_failover_settings settings = table_settings(RM_MODE_WARM, 2);
    struct rm_failover failover;

    (void)state;
    rm_failover_init(&failover, &settings);
    table_run(&failover, rows, COUNT_OF(rows));
    assert_int_equal(failover.ignored, 10);
}

static void nonsense_is_ignored(void **state)
{
    const struct rm_failover_settings settings = table_settings(RM_MODE_WARM, 2);
    static const struct rm_failover_event events[] = {
        {.kind = RM_FAILOVER_CONNECTED, .machine = 0, .link = 1},
        {.kind = RM_FAILOVER_CONNECTED, .machine = 3, .link = 1},
        {.kind = RM_FAILOVER_CONNECTED, .machine = 4000000000u, .link = 1},
        {.kind = RM_FAILOVER_CONNECTED, .machine = 1, .link = 2},
        {.kind = RM_FAILOVER_EVENT_COUNT, .machine = 1, .link = 1},
    };
    const struct rm_failover_event start = START;
    struct rm_failover failover;
    struct rm_failover_actions actions;

    (void)state;
    rm_failover_init(&failover, &settings);
    rm_failover_step(&failover, &start, 5, &actions);
    for (size_t i = 0; i < COUNT_OF(events); i++)
    {
        rm_failover_step(&failover, &events[i], 5, &actions);
        assert_int_equal(actions.count, 0);
        assert_int_equal(failover.ignored, i + 1);
        assert_int_equal(failover.phase, RM_PHASE_STARTING);
    }
}

static void the_clock_never_goes_back(void **state)
{
    static const struct row rows[] = {
        {1000, START, "starting 0 CC", NULL, "start"},
        {900, CONNECTED(1), "serving 1 UC", NULL, "a thread that read its clock earlier"},
        {1999, TICK, "serving 1 UC", "", "the ping's time counts from 1,000"},
        {2000, TICK, "searching 0 DC", NULL, "exactly"},
    };
    const struct rm_failover_settings settings = table_settings(RM_MODE_WARM, 2);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void settings_come_from_the_configuration(void **state)
{
    char near[] = "127.0.0.1";
    char far_1[] = "a.example";
    char far_2[] = "192.0.2.2";
    struct rm_server_config server = {.mode = RM_MODE_HOT,
                                                   .return_policy = RM_RETURN_BEST,
                                                   .ping_interval_ms = 1,
                                                   .ping_timeout_ms = 2,
                                                   .fall = 3,
                                                   .rise = 4,
                                                   .return_delay_ms = 5,
                                                   .busy_grace_ms = 6,
                                                   .connect_timeout_ms = 7,
                                                   .reconnect_interval_ms = 8,
                                                   .start_policy = RM_START_FIRST,
                                                   .preferred_machine = 2,
                                                   .ready_percent = 90,
                                                   .flap_limit = 3,
                                                   .flap_window_ms = 10,
                                                   .acknowledge = RM_ACKNOWLEDGE_BOTH,
                                                   .machines = {{.host = far_1}, {.host = far_2}},
                                                   .machine_count = 2};
    struct rm_failover_settings settings;

    (void)state;
    memset(&settings, 0xCC, sizeof settings);
    rm_server_rank_machines(&server);
    rm_failover_settings_from(&settings, &server);
    assert_int_equal(settings.mode, RM_MODE_HOT);
    assert_int_equal(settings.return_policy, RM_RETURN_BEST);
    assert_int_equal(settings.ping_interval_ms, 1);
    assert_int_equal(settings.ping_timeout_ms, 2);
    assert_int_equal(settings.fall, 3);
    assert_int_equal(settings.rise, 4);
    assert_int_equal(settings.return_delay_ms, 5);
    assert_int_equal(settings.busy_grace_ms, 6);
    assert_int_equal(settings.connect_timeout_ms, 7);
    assert_int_equal(settings.reconnect_interval_ms, 8);
    assert_int_equal(settings.start_policy, RM_START_FIRST);
    assert_int_equal(settings.preferred, 2);
    assert_int_equal(settings.ready_percent, 90);
    assert_int_equal(settings.flap_limit, 3);
    assert_int_equal(settings.flap_window_ms, 10);
    assert_int_equal(settings.acknowledge, RM_ACKNOWLEDGE_BOTH);
    assert_true(settings.is_linked);
    assert_true(settings.is_all_remote);
    assert_int_equal(settings.machine_count, 2);
    server.machines[1].host = near;
    rm_failover_settings_from(&settings, &server);
    assert_false(settings.is_all_remote);
    server.machines[1].rank = 0; /* it is removed */
    rm_failover_settings_from(&settings, &server);
    assert_true(settings.is_all_remote);
}

static void all_have_names(void **state)
{
    (void)state;
    for (int i = 0; i < RM_PHASE_COUNT; i++)
    {
        assert_string_not_equal(rm_phase_name((enum rm_failover_phase)i), "unknown");
    }
    for (int i = 0; i < RM_CONNECTION_COUNT; i++)
    {
        assert_string_not_equal(rm_connection_name((enum rm_connection)i), "unknown");
    }
    for (int i = 0; i < RM_CAUSE_COUNT; i++)
    {
        assert_string_not_equal(rm_cause_name((enum rm_cause)i), "unknown");
    }
    for (int i = 0; i < RM_OPERATOR_COUNT; i++)
    {
        assert_string_not_equal(rm_operator_mode_name((enum rm_operator_mode)i), "unknown");
    }
    for (int i = 0; i < RM_VERDICT_COUNT; i++)
    {
        assert_string_not_equal(rm_verdict_name((enum rm_verdict)i), "unknown");
    }
    for (int i = 0; i < RM_REFUSAL_COUNT; i++)
    {
        assert_string_not_equal(rm_refusal_text((enum rm_refusal)i), "unknown");
    }
}
/* clang-format on */

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fresh_one_is_idle_and_zeroed),
        cmocka_unit_test(stop_from_each_phase),
        cmocka_unit_test(before_start_nothing_fits),
        cmocka_unit_test(nonsense_is_ignored),
        cmocka_unit_test(the_clock_never_goes_back),
        cmocka_unit_test(settings_come_from_the_configuration),
        cmocka_unit_test(all_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
