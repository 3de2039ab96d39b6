/* test_failover_loss.c: losses of every kind: F-06, F-09, F-10, F-17. */
#include "failover_table.h"

#include <stdio.h>

/* The formatter would align the rows of tables far beyond 100 columns. */
/* clang-format off */

#define PAIR_UP                                                                                    \
    {0, START, "starting 0 CC", NULL, "start"},                                                    \
        {0, CONNECTED(1), "serving 1 UC", NULL, "primary"},                                        \
    {                                                                                              \
        0, CONNECTED(2), "serving 1 UU", NULL, "standby"                                           \
    }

static void shutdown_request(void **state)
{
    static const struct row rows[] = {
        PAIR_UP,
        {10, SHUTDOWN(1), "serving 2 DU",
         "tell shutdown 1, disconnect 1 (server shutdown), "
         "promote 2 (server shutdown), tell promoted 2",
         "F-09, RM-259: switches at once, and the client is not told to leave"},
        {11, LOST(1), "serving 2 DU", "", "its process ends after that: no second loss"},
        {20, SHUTDOWN(1), "serving 2 DU", "", "nor a second request"},
        {500, ANSWERED(2), "serving 2 DU", "", "alive"},
        {10009, ANSWERED(2), "serving 2 DU", NULL, "not asked to start again before the interval"},
        {10010, TICK, "serving 2 CU", "connect 1", "reconnect attempts as for any loss"},
    };
    struct rm_failover_settings settings = table_settings(RM_MODE_WARM, 2);

    (void)state;
    settings.ping_timeout_ms = 60000;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void shutdown_of_the_standby(void **state)
{
    static const struct row rows[] = {
        PAIR_UP,
        {10, SHUTDOWN(2), "serving 1 UD", "tell shutdown 2, disconnect 2 (server shutdown)",
         "RM-260: no switch"},
        {20, SHUTDOWN(1), "searching 0 DD",
         "tell shutdown 1, disconnect 1 (server shutdown), "
         "all lost, tell all lost",
         "both have asked us to leave"},
        {30, TICK, "searching 0 DD", "", "F-10: once"},
    };
    const struct rm_failover_settings settings = table_settings(RM_MODE_HOT, 2);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void no_ping_pong_between_bad_machines(void **state)
{
    static const struct row rows[] = {
        PAIR_UP,
        {1, READY(1), "serving 1 UU", "", "ready"},
        {1, READY(2), "serving 1 UU", "", "ready"},
        {2, UNREADY(1), "serving 1 UU", "tell not running 1, tell no better", "F-06, CX-11: the active one answers but isn't RUNNING"},
        {3, UNREADY(2), "serving 1 UU", "tell not running 2", "nor is the standby: we stay"},
        {2500, TICK, "serving 1 UU", "ping 1, ping 2", "next round"},
        {2501, UNREADY(1), "serving 1 UU", "", "still"},
        {2502, ANSWERED(2), "serving 2 UU",
         "promote 2 (not running), tell promoted 2",
         "CX-11: left as soon as the standby is known to be RUNNING, and not before"},
        {2600, LOST(1), "serving 2 DU", NULL, "one that does not answer loses to any that does"},
        {2700, LOST(2), "searching 0 DD", NULL, "none left"},
        {12600, TICK, "searching 0 CD", "connect 1", "the first to be tried"},
        {12700, TICK, "searching 0 CC", "connect 2", "the second"},
        {12800, CONNECTED(2), "serving 2 CU", NULL, "the first to come"},
        {12800, ANSWERED(2), "serving 2 CU", "", "runs"},
        {12900, CONNECTED(1), "serving 2 UU", NULL, "the other"},
        {12900, READY(1), "serving 2 UU", "", "ready"},
        {12901, UNREADY(1), "serving 2 UU", "tell not running 1", "but not RUNNING"},
        {900000, UNREADY(2), "serving 2 UU", NULL,
         "F-06: no return to a machine that is known to be bad"},
    };
    struct rm_failover_settings settings = table_settings(RM_MODE_WARM, 2);

    (void)state;
    settings.ping_timeout_ms = 1000000;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void answering_before_missing(void **state)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CCC", NULL, "start"},
        {0, CONNECTED(1), "serving 1 UCC", NULL, "primary"},
        {0, CONNECTED(2), "serving 1 UUC", NULL, "standby"},
        {0, CONNECTED(3), "serving 1 UUU", NULL, "standby"},
        {1, READY(2), "serving 1 UUU", "", "ready"},
        {2, ANSWERED(1), "serving 1 UUU", "", "answers"},
        {3, ANSWERED(3), "serving 1 UUU", "", "answers"},
        {1000, TICK, "serving 1 UUU", "", "machine 2 misses its first of three"},
        {1001, LOST(1), "serving 3 DUU", NULL,
         "F-06: of two standbys not the one that has just not answered"},
        {1002, LOST(3), "serving 2 DUD", NULL, "but rather that one than none"},
    };
    struct rm_failover_settings settings = table_settings(RM_MODE_WARM, 3);

    (void)state;
    settings.fall = 3;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void five_machines_one_after_the_other(void **state)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CCCCC", "connect 1, connect 2, connect 3, connect 4, connect 5",
         "F-17: five machines"},
        {1, CONNECTED(1), "serving 1 UCCCC", NULL, "primary"},
        {2, CONNECTED(2), "serving 1 UUCCC", NULL, "up"},
        {3, CONNECTED(3), "serving 1 UUUCC", NULL, "up"},
        {4, CONNECTED(4), "serving 1 UUUUC", NULL, "up"},
        {5, CONNECTED(5), "serving 1 UUUUU", NULL, "up"},
        {100, LOST(1), "serving 2 DUUUU",
         "tell lost 1, disconnect 1 (transport lost), "
         "promote 2 (transport lost), tell promoted 2",
         "priority order"},
        {200, LOST(3), "serving 2 DUDUU", "tell lost 3, disconnect 3 (transport lost)",
         "a standby of them dies"},
        {300, SHUTDOWN(2), "serving 4 DDDUU",
         "tell shutdown 2, disconnect 2 (server shutdown), "
         "promote 4 (server shutdown), tell promoted 4",
         "the next one that is up"},
        {400, LOST(4), "serving 5 DDDDU",
         "tell lost 4, disconnect 4 (transport lost), "
         "promote 5 (transport lost), tell promoted 5",
         "the last"},
        {500, LOST(5), "searching 0 DDDDD",
         "tell lost 5, disconnect 5 (transport lost), "
         "all lost, tell all lost",
         "none"},
        {10100, TICK, "searching 0 CDDDD", "connect 1", "each is tried again in its time"},
        {10200, TICK, "searching 0 CDCDD", "connect 3", "in the order in which they were lost"},
        {10500, CONNECTED(3), "serving 3 CCUCC",
         "tell connected 3, promote 3 (found again), "
         "tell promoted 3, connect 2, connect 4, connect 5, ping 3",
         "the first that comes"},
        {10600, CONNECTED(1), "serving 3 UCUCC", "tell connected 1, ping 1",
         "the primary is a standby until it is well (F-02)"},
    };
    struct rm_failover_settings settings = table_settings(RM_MODE_HOT, 5);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void fifteen_machines_fit(void **state)
{
    struct rm_failover failover;
    struct rm_failover_actions actions;
    struct rm_failover_settings settings = table_settings(RM_MODE_HOT, RM_MACHINES_MAX);
    const struct rm_failover_event start = START;
    const struct rm_failover_event tick = TICK;

    (void)state;
    settings.reconnect_interval_ms = 0;
    settings.ping_timeout_ms = settings.connect_timeout_ms - 1;
    rm_failover_init(&failover, &settings);
    rm_failover_step(&failover, &start, 0, &actions);
    assert_int_equal(actions.count, RM_MACHINES_MAX);
    for (unsigned number = 2; number <= RM_MACHINES_MAX; number++)
    {
        const struct rm_failover_event up = {
            .kind = RM_FAILOVER_CONNECTED, .machine = number, .link = number};

        rm_failover_step(&failover, &up, 1, &actions);
    }
    /* all are lost, and tried again, in one step: the most that can happen at once */
    rm_failover_step(&failover, &tick, 30000, &actions);
    assert_int_equal(failover.phase, RM_PHASE_FAILED);
    assert_int_equal(actions.count, RM_MACHINES_MAX * 2 + 1);
    assert_int_equal(rm_failover_check(&failover, NULL, &actions), 0);
}
/* clang-format on */

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shutdown_request),
        cmocka_unit_test(shutdown_of_the_standby),
        cmocka_unit_test(no_ping_pong_between_bad_machines),
        cmocka_unit_test(answering_before_missing),
        cmocka_unit_test(five_machines_one_after_the_other),
        cmocka_unit_test(fifteen_machines_fit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
