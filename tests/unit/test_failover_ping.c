/* test_failover_ping.c: pings, fall, busyGrace, suspicion (F-01, RM-125, RM-126, design.md 3.4). */
#include "failover_table.h"

/* The formatter would align the rows of tables far beyond 100 columns. */
/* clang-format off */

#define SERVING_1                                                                                  \
    {0, START, "starting 0 CC", NULL, "start"},                                                    \
        {0, CONNECTED(1), "serving 1 UC", NULL, "the first ping goes out at 0"},                   \
    {                                                                                              \
        0, REFUSED(2), "serving 1 UD", NULL, "the standby is out of the way"                       \
    }

/* The secondary stays away for the whole test. */
static struct rm_failover_settings settings_of(uint32_t fall)
{
    struct rm_failover_settings settings = table_settings(RM_MODE_WARM, 2);

    settings.fall = fall;
    settings.reconnect_interval_ms = 10000000;
    return settings;
}

static void interval_counts_from_the_sending(void **state)
{
    static const struct row rows[] = {
        SERVING_1,
        {900, ANSWERED(1), "serving 1 UD", "", "RM-126: 900 ms is within the timeout"},
        {2499, TICK, "serving 1 UD", "", "RM-125: not before the interval"},
        {2500, TICK, "serving 1 UD", "ping 1", "RM-125: an interval after the last sending"},
        {2510, ANSWERED(1), "serving 1 UD", "", "answered"},
        {2511, ANSWERED(1), "serving 1 UD", "", "an answer without a ping is ignored"},
        {5500, TICK, "serving 1 UD", "ping 1", "a late step sends one, not two"},
        {5501, UNREADY(1), "serving 1 UD", "tell not running 1, tell no better", "an answer that isn't RUNNING is an answer"},
        {8000, TICK, "serving 1 UD", "ping 1", "counted from the late sending"},
    };
    const struct rm_failover_settings settings = settings_of(1);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void one_missed_ping_is_a_loss(void **state)
{
    static const struct row rows[] = {
        SERVING_1,
        {999, TICK, "serving 1 UD", "", "not yet"},
        {1000, TICK, "searching 0 DD",
         "tell lost 1, disconnect 1 (ping timeout), all lost, "
         "tell all lost",
         "F-01: fall 1, as the original: one missed ping = lost (RM-261)"},
        {1001, ANSWERED(1), "searching 0 DD", "", "too late"},
    };
    const struct rm_failover_settings settings = settings_of(1);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void fall_counts_each_interval(void **state)
{
    static const struct row rows[] = {
        SERVING_1,
        {1000, TICK, "serving 1 UD", "", "first miss"},
        {2500, TICK, "serving 1 UD", "", "one ping out per link: no second one"},
        {3499, TICK, "serving 1 UD", "", "still one"},
        {3500, TICK, "serving 1 UD", "", "the same ping, an interval later: second miss"},
        {6000, TICK, "searching 0 DD",
         "tell lost 1, disconnect 1 (ping timeout), all lost, "
         "tell all lost",
         "F-01: the third of fall 3"},
    };
    const struct rm_failover_settings settings = settings_of(3);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void an_answer_begins_anew(void **state)
{
    static const struct row rows[] = {
        SERVING_1,
        {1000, TICK, "serving 1 UD", "", "first miss"},
        {3500, TICK, "serving 1 UD", "", "second miss"},
        {4000, ANSWERED(1), "serving 1 UD", "ping 1", "late, but an answer; the next is overdue"},
        {5000, TICK, "serving 1 UD", "", "first miss again"},
        {7500, TICK, "serving 1 UD", "", "second"},
        {10000, TICK, "searching 0 DD", NULL, "third in a row"},
    };
    const struct rm_failover_settings settings = settings_of(3);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void a_late_step_counts_one_miss(void **state)
{
    static const struct row rows[] = {
        SERVING_1,
        {4500, TICK, "serving 1 UD", "", "a step that is 3.5 s late: one miss"},
        {4500, TICK, "serving 1 UD", "", "not one more at the same moment"},
        {7000, TICK, "searching 0 DD", NULL, "the second, an interval later"},
    };
    const struct rm_failover_settings settings = settings_of(2);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void an_answer_that_is_here_counts(void **state)
{
    static const struct row rows[] = {
        SERVING_1,
        {60000, ANSWERED(1), "serving 1 UD", "tell starved, ping 1", "late to be heard, not late to be given"},
    };
    const struct rm_failover_settings settings = settings_of(1);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void suspicion_pings_at_once(void **state)
{
    static const struct row rows[] = {
        SERVING_1,
        {10, SUSPECT(1), "serving 1 UD", "", "a ping is out already"},
        {20, ANSWERED(1), "serving 1 UD", "", "and its answer is enough"},
        {100, SUSPECT(1), "serving 1 UD", "ping 1", "something is late: ask now"},
        {110, ANSWERED(1), "serving 1 UD", "", "it lives"},
        {2599, TICK, "serving 1 UD", "", "the interval begins anew"},
        {2600, TICK, "serving 1 UD", "ping 1", "counted from that sending"},
        {3600, TICK, "searching 0 DD", NULL, "and the timeout too"},
        {3610, SUSPECT(1), "searching 0 DD", "", "nobody to ask"},
    };
    const struct rm_failover_settings settings = settings_of(1);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void a_long_call_excuses(void **state)
{
    static const struct row rows[] = {
        SERVING_1,
        {500, BUSY(1), "serving 1 UD", "", "AddItems of 100,000 items goes out"},
        {1000, TICK, "serving 1 UD", "", "no miss while it is out"},
        {9999, TICK, "serving 1 UD", "", "busyGrace, from the sending"},
        {10000, TICK, "searching 0 DD",
         "tell lost 1, disconnect 1 (ping timeout), all lost, "
         "tell all lost",
         "busyGrace is over: hung"},
    };
    const struct rm_failover_settings settings = settings_of(1);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void after_the_long_call_one_timeout(void **state)
{
    static const struct row rows[] = {
        SERVING_1,
        {500, BUSY(1), "serving 1 UD", "", "a long call"},
        {5000, CALL_ENDED(1), "serving 1 UD", "", "the server can answer the ping from now on"},
        {5999, TICK, "serving 1 UD", "", "one timeout for it"},
        {6000, TICK, "searching 0 DD", NULL, "and it did not"},
    };
    const struct rm_failover_settings settings = settings_of(1);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void long_calls_do_not_excuse_for_ever(void **state)
{
    static const struct row rows[] = {
        SERVING_1,
        {100, BUSY(1), "serving 1 UD", "", "long call"},
        {9500, CALL_ENDED(1), "serving 1 UD", "", "ends"},
        {9600, BUSY(1), "serving 1 UD", "", "and the next one goes out"},
        {9700, CALL_ENDED(1), "serving 1 UD", "", "and ends"},
        {10000, TICK, "searching 0 DD", NULL, "the ping has been out for the whole grace"},
    };
    const struct rm_failover_settings settings = settings_of(1);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void busy_with_fall(void **state)
{
    static const struct row rows[] = {
        SERVING_1,
        {100, BUSY(1), "serving 1 UD", "", "long call"},
        {10000, TICK, "serving 1 UD", "", "first miss after busyGrace"},
        {12499, TICK, "serving 1 UD", "", "then each interval"},
        {12500, TICK, "searching 0 DD", NULL, "second of fall 2"},
    };
    const struct rm_failover_settings settings = settings_of(2);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void a_short_grace_never_shortens(void **state)
{
    static const struct row rows[] = {
        SERVING_1,
        {100, BUSY(1), "serving 1 UD", "", "long call"},
        {999, TICK, "serving 1 UD", "", "busyGrace 0: still the timeout"},
        {1000, TICK, "searching 0 DD", NULL, "as without the call"},
    };
    struct rm_failover_settings settings = settings_of(1);

    (void)state;
    settings.busy_grace_ms = 0;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void standby_is_pinged_too(void **state)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CC", NULL, "start"},
        {0, CONNECTED(1), "serving 1 UC", NULL, "active"},
        {0, CONNECTED(2), "serving 1 UU", NULL, "standby"},
        {10, ANSWERED(1), "serving 1 UU", "", "the active answers"},
        {1000, TICK, "serving 1 UD", "tell lost 2, disconnect 2 (ping timeout)",
         "RM-144, RM-262: the standby does not"},
    };
    const struct rm_failover_settings settings = settings_of(1);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}
/* clang-format on */

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(interval_counts_from_the_sending),
        cmocka_unit_test(one_missed_ping_is_a_loss),
        cmocka_unit_test(fall_counts_each_interval),
        cmocka_unit_test(an_answer_begins_anew),
        cmocka_unit_test(a_late_step_counts_one_miss),
        cmocka_unit_test(an_answer_that_is_here_counts),
        cmocka_unit_test(suspicion_pings_at_once),
        cmocka_unit_test(a_long_call_excuses),
        cmocka_unit_test(after_the_long_call_one_timeout),
        cmocka_unit_test(long_calls_do_not_excuse_for_ever),
        cmocka_unit_test(busy_with_fall),
        cmocka_unit_test(a_short_grace_never_shortens),
        cmocka_unit_test(standby_is_pinged_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
