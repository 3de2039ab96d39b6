/* test_failover_start.c: which machine a new session gets (RM-121, F-11), in all modes. */
#include "failover_table.h"

/* The formatter would align the rows of tables far beyond 100 columns. */
/* clang-format off */

static void warm_primary_first(void **state)
{
    static const struct row rows[] = {
        {100, START, "starting 0 CC", "connect 1, connect 2",
         "RM-140: warm connects to both machines at once"},
        {110, CONNECTED(1), "serving 1 UC",
         "tell connected 1, promote 1 (start), "
         "tell promoted 1, ping 1",
         "RM-121: the primary is taken as soon as it connects"},
        {120, CONNECTED(2), "serving 1 UU", "tell connected 2, ping 2",
         "RM-140: the standby stays connected, and nothing else happens"},
    };
    const struct rm_failover_settings settings = table_settings(RM_MODE_WARM, 2);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void warm_secondary_waits_for_primary(void **state)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CC", "connect 1, connect 2", "start"},
        {10, CONNECTED(2), "starting 0 CU", "tell connected 2, ping 2",
         "RM-121: the secondary was quicker, and is not taken"},
        {20, ANSWERED(2), "starting 0 CU", "", "nor when it answers"},
        {30, READY(2), "starting 0 CU", "", "nor when it is ready"},
        {2000, CONNECTED(1), "serving 1 UU",
         "tell connected 1, promote 1 (start), "
         "tell promoted 1, ping 1",
         "RM-121: the slower primary is taken"},
    };
    const struct rm_failover_settings settings = table_settings(RM_MODE_WARM, 2);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void hot_secondary_after_primary_failed(void **state)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CC", "connect 1, connect 2", "RM-150: hot connects to both"},
        {10, CONNECTED(2), "starting 0 CU", "tell connected 2, ping 2", "secondary is up"},
        {20, REFUSED(1), "serving 2 DU",
         "tell refused 1, disconnect 1 (connect failed), "
         "promote 2 (start), tell promoted 2",
         "RM-121: the primary failed, the secondary is taken"},
        {30, REFUSED(1), "serving 2 DU", "", "an attempt fails only once"},
    };
    const struct rm_failover_settings settings = table_settings(RM_MODE_HOT, 2);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void warm_third_after_both_failed(void **state)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CCC", "connect 1, connect 2, connect 3", "three machines (F-17)"},
        {10, CONNECTED(3), "starting 0 CCU", "tell connected 3, ping 3", "the worst is quickest"},
        {20, REFUSED(1), "starting 0 DCU", "tell refused 1, disconnect 1 (connect failed)",
         "machine 2 is still better than 3"},
        {20, ANSWERED(3), "starting 0 DCU", "", "machine 3 lives"},
        {30, REFUSED(2), "serving 3 DDU",
         "tell refused 2, disconnect 2 (connect failed), "
         "promote 3 (start), tell promoted 3",
         "now 3 is the best there is"},
    };
    const struct rm_failover_settings settings = table_settings(RM_MODE_WARM, 3);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void warm_all_fail(void **state)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CC", "connect 1, connect 2", "start"},
        {10, REFUSED(1), "starting 0 DC", "tell refused 1, disconnect 1 (connect failed)",
         "one of two failed"},
        {20, REFUSED(2), "failed 0 DD",
         "tell refused 2, disconnect 2 (connect failed), "
         "fail 80040111",
         "F-11: creation fails with the primary's code, not the last one"},
        {20000, TICK, "failed 0 DD", "", "final: nothing is tried again"},
        {20010, START, "failed 0 DD", "", "final: a new session is a new object"},
        {20020, STOP, "stopped 0 DD", "", "and can be stopped"},
    };
    const struct rm_failover_settings settings = table_settings(RM_MODE_WARM, 2);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void warm_retries_while_starting(void **state)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CC", "connect 1, connect 2", "start"},
        {10, REFUSED(1), "starting 0 DC", "tell refused 1, disconnect 1 (connect failed)",
         "the primary refuses, the secondary hangs"},
        {10009, TICK, "starting 0 DC", "", "not yet"},
        {10010, TICK, "starting 0 CC", "connect 1", "tried again after the reconnect interval"},
        {30000, TICK, "failed 0 DD",
         "tell refused 2, disconnect 2 (connect failed), "
         "disconnect 1 (stop), fail 80040111",
         "F-11: each was tried once; the attempt under way is not waited for"},
    };
    const struct rm_failover_settings settings = table_settings(RM_MODE_WARM, 2);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void warm_primary_on_second_try(void **state)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CC", "connect 1, connect 2", "start"},
        {10, REFUSED(1), "starting 0 DC", "tell refused 1, disconnect 1 (connect failed)",
         "the primary refuses, the secondary hangs"},
        {10010, TICK, "starting 0 CC", "connect 1", "second attempt"},
        {10020, CONNECTED(1), "serving 1 UC",
         "tell connected 1, promote 1 (start), "
         "tell promoted 1, ping 1",
         "the session starts with the primary after all"},
    };
    const struct rm_failover_settings settings = table_settings(RM_MODE_WARM, 2);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void warm_secondary_lost_while_starting(void **state)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CC", "connect 1, connect 2", "start"},
        {10, CONNECTED(2), "starting 0 CU", "tell connected 2, ping 2", "secondary is up"},
        {20, LOST(2), "starting 0 CD", "tell lost 2, disconnect 2 (transport lost)",
         "and dies before the primary has answered"},
        {30, REFUSED(1), "failed 0 DD",
         "tell refused 1, disconnect 1 (connect failed), "
         "fail 80040111",
         "F-11: both have failed"},
    };
    const struct rm_failover_settings settings = table_settings(RM_MODE_WARM, 2);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void connect_timeout(void **state)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CC", "connect 1, connect 2", "start"},
        {5, CONNECTED(2), "starting 0 CU", "tell connected 2, ping 2", "secondary is up"},
        {29999, ANSWERED(2), "starting 0 CU", NULL, "a hung activation has its whole time"},
        {30000, TICK, "serving 2 DU",
         "tell refused 1, disconnect 1 (connect failed), "
         "promote 2 (start), tell promoted 2",
         "connectTimeout: treated as failed"},
        {30001, CONNECTED(1), "serving 2 DU", "", "too late: that link is over"},
    };
    struct rm_failover_settings settings = table_settings(RM_MODE_WARM, 2);
    struct rm_failover failover;

    (void)state;
    settings.ping_timeout_ms = settings.ping_interval_ms = 40000;
    rm_failover_init(&failover, &settings);
    table_run(&failover, rows, COUNT_OF(rows));
    assert_int_equal(failover.machines[0].last_code, 0x800705B4);
    assert_int_equal(failover.ignored, 1);
}

static void cold_one_after_the_other(void **state)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CDD", "connect 1", "RM-131: cold connects to the primary only"},
        {10, REFUSED(1), "starting 0 DCD",
         "tell refused 1, disconnect 1 (connect failed), "
         "connect 2",
         "RM-132: it fails, the secondary is next"},
        {20, REFUSED(2), "starting 0 DDC",
         "tell refused 2, disconnect 2 (connect failed), "
         "connect 3",
         "RM-133: and the next"},
        {30, CONNECTED(3), "serving 3 DDU",
         "tell connected 3, promote 3 (start), "
         "tell promoted 3, ping 3",
         "RM-133: until one connects"},
        {60000, ANSWERED(3), "serving 3 DDU", "ping 3",
         "RM-130, RM-136: the others are left alone while one is active"},
    };
    struct rm_failover_settings settings = table_settings(RM_MODE_COLD, 3);

    (void)state;
    settings.ping_timeout_ms = 90000;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void cold_all_fail(void **state)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CD", "connect 1", "start"},
        {10, REFUSED(1), "starting 0 DC",
         "tell refused 1, disconnect 1 (connect failed), "
         "connect 2",
         "the primary fails"},
        {30010, TICK, "failed 0 DD",
         "tell refused 2, disconnect 2 (connect failed), "
         "fail 80040111",
         "F-11: each is tried once, then creation fails"},
    };
    const struct rm_failover_settings settings = table_settings(RM_MODE_COLD, 2);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void failure_without_a_code(void **state)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CD", "connect 1", "start"},
        {1, SHUTDOWN(1), "starting 0 DC",
         "tell shutdown 1, disconnect 1 (server shutdown), "
         "connect 2",
         "F-09: a server that leaves while we connect"},
        {2, REFUSED(2), "failed 0 DD",
         "tell refused 2, disconnect 2 (connect failed), "
         "fail 800706BA",
         "F-11: creation never fails with a code of success"},
    };
    const struct rm_failover_settings settings = table_settings(RM_MODE_COLD, 2);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}
/* clang-format on */

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(warm_primary_first),
        cmocka_unit_test(warm_secondary_waits_for_primary),
        cmocka_unit_test(hot_secondary_after_primary_failed),
        cmocka_unit_test(warm_third_after_both_failed),
        cmocka_unit_test(warm_all_fail),
        cmocka_unit_test(warm_retries_while_starting),
        cmocka_unit_test(warm_primary_on_second_try),
        cmocka_unit_test(warm_secondary_lost_while_starting),
        cmocka_unit_test(connect_timeout),
        cmocka_unit_test(cold_one_after_the_other),
        cmocka_unit_test(cold_all_fail),
        cmocka_unit_test(failure_without_a_code),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
