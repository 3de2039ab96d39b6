/* test_failover_return.c: back to a better-placed machine (F-02, RM-124, RM-147, C-06).
 *
 * Pings are far apart here and asked for by SUSPECT, so that the rows are about returns only.
 */
#include "failover_table.h"

/* The formatter would align the rows of tables far beyond 100 columns. */
/* clang-format off */

#define PINGED(ms, m, state)                                                                       \
    {(ms), SUSPECT(m), (state), NULL, "a ping"},                                                   \
    {                                                                                              \
        (ms), ANSWERED(m), (state), "", "and its answer"                                           \
    }

/* At 100 the primary is lost; at 10,100 it is tried again and comes. */
#define PRIMARY_BACK                                                                               \
    {0, START, "starting 0 CC", NULL, "start"},                                                    \
        {0, CONNECTED(1), "serving 1 UC", NULL, "primary"},                                        \
        {0, CONNECTED(2), "serving 1 UU", NULL, "standby"},                                        \
        {0, READY(2), "serving 1 UU", "", "ready"},                                                \
        {0, ANSWERED(2), "serving 1 UU", "", "answers"},                                           \
        {100, LOST(1), "serving 2 DU", NULL, "the primary dies"},                                  \
        {10100, TICK, "serving 2 CU", "connect 1", "reconnect"},                                   \
        {10100, CONNECTED(1), "serving 2 UU", "tell connected 1, ping 1",                          \
         "back, but only connected"},                                                              \
    {                                                                                              \
        10100, ANSWERED(1), "serving 2 UU", "", "first answer"                                     \
    }

static struct rm_failover_settings settings_of(enum rm_return_policy policy, unsigned machines)
{
    struct rm_failover_settings settings = table_settings(RM_MODE_WARM, machines);

    settings.return_policy = policy;
    settings.ping_interval_ms = settings.ping_timeout_ms = 100000000;
    return settings;
}

static void returns_when_well_and_stable(void **state)
{
    static const struct row rows[] = {
        PRIMARY_BACK,
        {11000, READY(1), "serving 2 UU", "", "all that the client set up is there"},
        PINGED(12000, 1, "serving 2 UU"),
        {16999, TICK, "serving 2 UU", "", "well since 12,000 (second answer): 5 s not over"},
        {17000, TICK, "serving 1 UU", "promote 1 (return), tell promoted 1",
         "RM-147: returnDelay over; the old active one stays as standby"},
        {90000, TICK, "serving 1 UU", "", "and that was that"},
    };
    const struct rm_failover_settings settings = settings_of(RM_RETURN_PRIMARY, 2);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void what_interrupts_wellness(void **state)
{
    static const struct row rows[] = {
        PRIMARY_BACK,
        PINGED(10200, 1, "serving 2 UU"),
        {16000, READY(1), "serving 2 UU", "", "answers and runs, but ready only now"},
        {20900, SUSPECT(1), "serving 2 UU", "ping 1", "asked"},
        {20950, UNREADY(1), "serving 2 UU", "tell not running 1", "RUNNING ceases: begins anew"},
        {21500, TICK, "serving 2 UU", "", "C-06: a half-started primary is not returned to"},
        PINGED(22000, 1, "serving 2 UU"),
        {26999, TICK, "serving 2 UU", "", "RUNNING again since 22,000"},
        {27000, TICK, "serving 1 UU", NULL, "5 s without interruption"},
    };
    const struct rm_failover_settings settings = settings_of(RM_RETURN_PRIMARY, 2);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void a_missed_ping_interrupts_wellness(void **state)
{
    static const struct row rows[] = {
        PRIMARY_BACK,
        {10200, READY(1), "serving 2 UU", "", "ready"},
        PINGED(10200, 1, "serving 2 UU"),
        {14000, SUSPECT(2), "serving 2 UU", NULL, "the active one is asked, to stay alive"},
        {14000, ANSWERED(2), "serving 2 UU", "", "answers"},
        {14100, SUSPECT(1), "serving 2 UU", "ping 1", "asked"},
        {15100, TICK, "serving 2 UU", "", "a miss (fall 2): health below rise"},
        {15300, ANSWERED(1), "serving 2 UU", "", "one answer of two"},
        {15400, SUSPECT(1), "serving 2 UU", "ping 1", "asked"},
        {15400, ANSWERED(1), "serving 2 UU", "", "two: well since now"},
        {20399, TICK, "serving 2 UU", "", "not yet"},
        {20400, TICK, "serving 1 UU", NULL, "F-02: rise pings and the delay, from the start"},
    };
    struct rm_failover_settings settings = settings_of(RM_RETURN_PRIMARY, 2);

    (void)state;
    settings.ping_timeout_ms = 1000;
    settings.fall = 2;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void delay_zero_is_at_once(void **state)
{
    static const struct row rows[] = {
        PRIMARY_BACK,
        {10100, SUSPECT(1), "serving 2 UU", "ping 1", "asked"},
        {10200, READY(1), "serving 2 UU", "", "ready, one answer"},
        {10300, ANSWERED(1), "serving 1 UU", "promote 1 (return), tell promoted 1",
         "F-02: returnDelay 0 = at once, as the original"},
    };
    struct rm_failover_settings settings = settings_of(RM_RETURN_PRIMARY, 2);

    (void)state;
    settings.return_delay_ms = 0;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void policies_that_stay(void **state)
{
    static const struct row rows[] = {
        PRIMARY_BACK,
        {10100, READY(1), "serving 2 UU", "", "ready"},
        PINGED(10200, 1, "serving 2 UU"),
        {3600000, TICK, "serving 2 UU", "", "an hour well, and stayed"},
        {3600001, LOST(2), "serving 1 UD", NULL, "until the active one fails"},
    };
    const struct rm_failover_settings stay = settings_of(RM_RETURN_STAY, 2);
    const struct rm_failover_settings command = settings_of(RM_RETURN_COMMAND, 2);

    (void)state;
    table_play(&stay, rows, COUNT_OF(rows));
    table_play(&command, rows, COUNT_OF(rows));
}

#define THIRD_ACTIVE                                                                               \
    {0, START, "starting 0 CCC", NULL, "start"},                                                   \
        {0, CONNECTED(3), "starting 0 CCU", NULL, "three is up"},                                  \
        {0, REFUSED(1), "starting 0 DCU", NULL, "one is not"},                                     \
        {0, REFUSED(2), "serving 3 DDU", NULL, "two is not"},                                      \
        {10000, TICK, "serving 3 CCU", "connect 1, connect 2", "tried again"},                     \
        {10001, CONNECTED(2), "serving 3 CUU", NULL, "two comes"},                                 \
        {10001, READY(2), "serving 3 CUU", "", "ready"},                                           \
        {10001, ANSWERED(2), "serving 3 CUU", "", "answers"}, PINGED(10002, 2, "serving 3 CUU")

static void best_available(void **state)
{
    static const struct row rows[] = {
        THIRD_ACTIVE,
        {15002, TICK, "serving 2 CUU", "promote 2 (return), tell promoted 2",
         "F-02: back to the best-placed machine that is well"},
        {20000, CONNECTED(1), "serving 2 UUU", NULL, "the primary comes"},
        {20000, READY(1), "serving 2 UUU", "", "ready"},
        {20000, ANSWERED(1), "serving 2 UUU", "", "answers"},
        PINGED(20001, 1, "serving 2 UUU"),
        {25001, TICK, "serving 1 UUU", "promote 1 (return), tell promoted 1", "and on to 1"},
    };
    const struct rm_failover_settings settings = settings_of(RM_RETURN_BEST, 3);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void primary_only(void **state)
{
    static const struct row rows[] = {
        THIRD_ACTIVE,
        {25002, TICK, "serving 3 CUU", "", "RM-124: two is well, but not the primary"},
        {26000, CONNECTED(1), "serving 3 UUU", NULL, "the primary comes"},
        {26000, READY(1), "serving 3 UUU", "", "ready"},
        {26000, ANSWERED(1), "serving 3 UUU", "", "answers"},
        PINGED(26001, 1, "serving 3 UUU"),
        {31001, TICK, "serving 1 UUU", "promote 1 (return), tell promoted 1", "back to it"},
    };
    const struct rm_failover_settings settings = settings_of(RM_RETURN_PRIMARY, 3);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

/* Loses machine 1, brings it back and waits for the return; answers how long that took from the
 * moment it was well. */
static uint64_t measure_return(struct rm_failover *failover, uint64_t lost_ms)
{
    const uint64_t back_ms = lost_ms + 10000;
    const struct row rows[] = {
        {lost_ms, LOST(1), "serving 2 DU", NULL, "the primary dies"},
        {back_ms, TICK, "serving 2 CU", NULL, "reconnect"},
        {back_ms, CONNECTED(1), "serving 2 UU", NULL, "back"},
        {back_ms, READY(1), "serving 2 UU", NULL, "ready"},
        {back_ms, ANSWERED(1), "serving 2 UU", NULL, "answers"},
        PINGED(back_ms, 1, "serving 2 UU"),
    };
    struct row due = {.what = TICK, .state = "serving 1 UU", .shows = "the return"};
    uint32_t returns = failover->switches[RM_CAUSE_RETURN];

    table_run(failover, rows, COUNT_OF(rows));
    due.now_ms = failover->next_ms;
    table_run(failover, &due, 1);
    assert_int_equal(failover->last_cause, RM_CAUSE_RETURN);
    assert_int_equal(failover->switches[RM_CAUSE_RETURN], returns + 1);
    assert_int_equal(failover->switches[RM_CAUSE_START], 0);
    return due.now_ms - back_ms;
}

static void start_pair(struct rm_failover *failover, uint32_t return_delay_ms)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CC", NULL, "start"},
        {0, CONNECTED(1), "serving 1 UC", NULL, "primary"},
        {0, CONNECTED(2), "serving 1 UU", NULL, "standby"},
    };
    struct rm_failover_settings settings = settings_of(RM_RETURN_PRIMARY, 2);

    settings.return_delay_ms = return_delay_ms;
    rm_failover_init(failover, &settings);
    table_run(failover, rows, COUNT_OF(rows));
}

static void failed_returns_double_the_delay(void **state)
{
    static const uint64_t delays_ms[] = {5000,   10000,  20000,  40000, 80000,
                                         160000, 300000, 300000, 300000};
    struct rm_failover failover;

    (void)state;
    start_pair(&failover, 5000);
    for (size_t i = 0; i < COUNT_OF(delays_ms); i++)
    {
        /* F-02: each return is lost again after a second */
        assert_int_equal(measure_return(&failover, failover.now_ms + 1000), delays_ms[i]);
    }
    /* held for 10 minutes less a moment: still a failed one */
    assert_int_equal(measure_return(&failover, failover.promoted_at_ms + 599999), 300000);
    /* held for 10 minutes: forgiven */
    assert_int_equal(measure_return(&failover, failover.promoted_at_ms + 600000), 5000);
    assert_int_equal(measure_return(&failover, failover.now_ms + 1), 10000);
}

static void a_delay_of_zero_doubles_too(void **state)
{
    struct rm_failover failover;

    (void)state;
    start_pair(&failover, 3600000);
    assert_int_equal(measure_return(&failover, 1000), 3600000);
    /* a delay that was set longer than 5 minutes is not cut */
    assert_int_equal(measure_return(&failover, failover.now_ms + 1), 3600000);

    start_pair(&failover, 100);
    assert_int_equal(measure_return(&failover, 1000), 100);
    assert_int_equal(measure_return(&failover, failover.now_ms + 1), 200);
}

static void a_failed_return_with_delay_zero(void **state)
{
    static const struct row rows[] = {
        PRIMARY_BACK,
        {10100, READY(1), "serving 2 UU", "", "ready"},
        {10100, SUSPECT(1), "serving 2 UU", "ping 1", "asked"},
        {10100, ANSWERED(1), "serving 1 UU", NULL, "at once"},
        {10200, LOST(1), "serving 2 DU", NULL, "and lost again"},
        {20200, TICK, "serving 2 CU", NULL, "reconnect"},
        {20200, CONNECTED(1), "serving 2 UU", NULL, "back"},
        {20200, READY(1), "serving 2 UU", "", "ready"},
        {20200, ANSWERED(1), "serving 2 UU", "", "one"},
        {20200, SUSPECT(1), "serving 2 UU", "ping 1", "asked"},
        {20200, ANSWERED(1), "serving 2 UU", "", "C-06: two, but not at once any more"},
        {22199, TICK, "serving 2 UU", "", "0 counts as 1 s, doubled"},
        {22200, TICK, "serving 1 UU", NULL, "2 s"},
    };
    struct rm_failover_settings settings = settings_of(RM_RETURN_PRIMARY, 2);

    (void)state;
    settings.return_delay_ms = 0;
    table_play(&settings, rows, COUNT_OF(rows));
}
/* clang-format on */

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(returns_when_well_and_stable),
        cmocka_unit_test(what_interrupts_wellness),
        cmocka_unit_test(a_missed_ping_interrupts_wellness),
        cmocka_unit_test(delay_zero_is_at_once),
        cmocka_unit_test(policies_that_stay),
        cmocka_unit_test(best_available),
        cmocka_unit_test(primary_only),
        cmocka_unit_test(failed_returns_double_the_delay),
        cmocka_unit_test(a_delay_of_zero_doubles_too),
        cmocka_unit_test(a_failed_return_with_delay_zero),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
