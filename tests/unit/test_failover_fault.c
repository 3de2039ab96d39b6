/* test_failover_fault.c: an active machine that answers and is at fault: monitor verdict, silent
 * callbacks, not RUNNING, readiness, not observable (F-03 .. F-07, C-05, CX-11, RM-253 .. RM-256).
 */
#include "failover_table.h"

/* The formatter would align the rows of tables far beyond 100 columns. */
/* clang-format off */

static void a_bad_verdict_is_left_for_a_fit_one(void **state)
{
    static const struct row rows[] = {
        FIT_PAIR,
        {10, VERDICT(1, GOOD), "serving 1 UU", "", "the test passes"},
        {20, SCORED(1, 3), "serving 2 UU", "promote 2 (monitor test), tell promoted 2",
         "F-04, RM-253: in error, and the standby is fit; both links stay"},
        {30, VERDICT(2, GOOD), "serving 2 UU", "", "F-07: a test that passes promotes nothing"},
        {40, VERDICT(1, UNKNOWN), "serving 2 UU", "", "no verdict any more: it may be returned to"},
        {50, VERDICT(1, BAD), "serving 2 UU", "", "F-06: the standby is bad: stay"},
        {60, SCORED(2, 9), "serving 2 UU", "tell no better", "F-06: both bad: stay, told once"},
        {70, SCORED(2, 8), "serving 2 UU", "", "F-06: once, whatever the score"},
        {80, SCORED(1, 1), "serving 2 UU", "", "F-06: less bad is no reason to go to and fro"},
        {90, VERDICT(2, GOOD), "serving 2 UU", "", "all is well again"},
        {100, VERDICT(2, BAD), "serving 2 UU", "tell no better", "and a new transition is told"},
        {110, VERDICT(1, GOOD), "serving 1 UU", "promote 1 (monitor test), tell promoted 1",
         "RM-255: the primary's test passes while the secondary is in error"},
    };
    const struct rm_failover_settings settings = table_settings_without_pings(RM_MODE_WARM, 2);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void not_to_a_standby_that_is_not_known_to_be_fit(void **state)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CC", NULL, "start"},
        {0, CONNECTED(1), "serving 1 UC", NULL, "primary"},
        {0, VERDICT(1, BAD), "serving 1 UC", "tell no better", "F-06: the standby isn't connected"},
        {1, CONNECTED(2), "serving 1 UU", NULL, "the standby"},
        {2, READY(2), "serving 1 UU", "", "F-06: ready, but nothing is known of its state"},
        {3, ITEMS(2, 89), "serving 1 UU", "", "it takes 89 of 100 items"},
        {4, ANSWERED(2), "serving 1 UU", "", "readiness: not enough"},
        {5, ITEMS(2, 101), "serving 1 UU", "", "no share of items"},
        {6, ITEMS(2, 90), "serving 2 UU", "promote 2 (monitor test), tell promoted 2",
         "F-06: fit, with readyPercent of the items"},
    };
    struct rm_failover_settings settings = table_settings_without_pings(RM_MODE_HOT, 2);

    (void)state;
    settings.ready_percent = 90;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void a_verdict_delays_the_return(void **state)
{
    static const struct row rows[] = {
        FIT_PAIR,
        {10, SUSPECT(1), "serving 1 UU", "ping 1", "a second ping"},
        {10, ANSWERED(1), "serving 1 UU", "", "and its answer: rise"},
        {20, VERDICT(1, BAD), "serving 2 UU", NULL, "RM-253"},
        {10000, VERDICT(1, GOOD), "serving 2 UU", "", "RM-255: passes again"},
        {14999, TICK, "serving 2 UU", "", "F-02: returnDelay from then on"},
        {15000, TICK, "serving 1 UU", "promote 1 (return), tell promoted 1", "F-02, RM-147"},
        {15100, VERDICT(1, BAD), "serving 2 UU", NULL, "C-06: the return did not hold"},
        {15200, VERDICT(1, GOOD), "serving 2 UU", "", "passes"},
        {25199, TICK, "serving 2 UU", "", "F-02, C-06: twice the delay"},
        {25200, TICK, "serving 1 UU", "promote 1 (return), tell promoted 1", "and back"},
    };
    const struct rm_failover_settings settings = table_settings_without_pings(RM_MODE_WARM, 2);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void silent_callbacks_count_by_fall(void **state)
{
    static const struct row rows[] = {
        FIT_PAIR,
        {10, CALLBACKS_SILENT(1), "serving 1 UU", "", "C-05: soft evidence, one of two"},
        {20, CALLBACKS_CAME(1), "serving 1 UU", "", "it delivers"},
        {30, CALLBACKS_SILENT(1), "serving 1 UU", "", "one of two again"},
        {40, CALLBACKS_SILENT(1), "serving 2 DU",
         "tell silent 1, promote 2 (callbacks silent), tell promoted 2, "
         "disconnect 1 (callbacks silent)",
         "C-05: two in a row: left, and its link is built anew"},
        {50, CALLBACKS_SILENT(2), "serving 2 DU", "", "the only one left"},
        {60, CALLBACKS_SILENT(2), "serving 2 DU", "tell silent 2, tell no better",
         "F-06: nobody to go to: stay"},
        {70, CALLBACKS_SILENT(2), "serving 2 DU", "", "told once"},
        {10040, TICK, "serving 2 CU", "connect 1", "reconnect"},
        {10050, CONNECTED(1), "serving 2 UU", NULL, "a new link"},
        {10060, READY(1), "serving 2 UU", "", "ready"},
        {10070, ANSWERED(1), "serving 1 UD",
         "promote 1 (callbacks silent), tell promoted 1, disconnect 2 (callbacks silent)",
         "and fit: a machine that delivers beats one that doesn't"},
    };
    struct rm_failover_settings settings = table_settings_without_pings(RM_MODE_HOT, 2);

    (void)state;
    settings.fall = 2;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void a_silent_standby_gets_a_new_link(void **state)
{
    static const struct row rows[] = {
        FIT_PAIR,
        {10, CALLBACKS_SILENT(2), "serving 1 UD", "tell silent 2, disconnect 2 (callbacks silent)",
         "C-05: in hot mode a standby delivers, too"},
        {20, CALLBACKS_SILENT(2), "serving 1 UD", "", "the link is over"},
    };
    const struct rm_failover_settings settings = table_settings_without_pings(RM_MODE_HOT, 2);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void another_state_than_running(void **state)
{
    static const struct row rows[] = {
        FIT_PAIR,
        {2500, TICK, "serving 1 UU", "ping 1, ping 2", "pinged"},
        {2501, ANSWERED(2), "serving 1 UU", "", "the standby runs"},
        {2502, UNREADY(1), "serving 1 UU", "", "CX-11: not RUNNING, one of two"},
        {5000, TICK, "serving 1 UU", "ping 1, ping 2", "pinged"},
        {5001, ANSWERED(2), "serving 1 UU", "", "the standby runs"},
        {5002, UNREADY(1), "serving 2 UU",
         "tell not running 1, promote 2 (not running), tell promoted 2",
         "CX-11: two in a row: left; the link stays, for it answers"},
    };
    struct rm_failover_settings settings = table_settings(RM_MODE_WARM, 2);

    (void)state;
    settings.fall = 2;
    table_play(&settings, rows, COUNT_OF(rows));
}

/* It is left as well, but nobody knows that it isn't RUNNING: the event says what it answers. */
static void status_with_an_error(void **state)
{
    static const struct row rows[] = {
        FIT_PAIR,
        {2500, TICK, "serving 1 UU", "ping 1, ping 2", "pinged"},
        {2501, ANSWERED(2), "serving 1 UU", "", "the standby runs"},
        {2502, STATUS_FAILS(1), "serving 1 UU", "", "one of two"},
        {5000, TICK, "serving 1 UU", "ping 1, ping 2", "pinged"},
        {5001, ANSWERED(2), "serving 1 UU", "", "the standby runs"},
        {5002, STATUS_FAILS(1), "serving 2 UU",
         "tell status refused 1, promote 2 (status fails), tell promoted 2",
         "two in a row: left; the link stays, for it answers"},
        {7500, TICK, "serving 2 UU", "ping 1, ping 2", "pinged"},
        {7501, ANSWERED(1), "serving 2 UU", "", "well again"},
        {7502, ANSWERED(2), "serving 2 UU", "", "the active one runs"},
        {10000, TICK, "serving 2 UU", "ping 1, ping 2", "pinged"},
        {10001, STATUS_FAILS(1), "serving 2 UU", "", "one of two"},
        {10002, ANSWERED(2), "serving 2 UU", "", "the active one runs"},
        {12500, TICK, "serving 2 UU", "ping 1, ping 2", "pinged"},
        {12501, UNREADY(1), "serving 2 UU", "tell not running 1", "the last answer is told"},
    };
    struct rm_failover_settings settings = table_settings(RM_MODE_WARM, 2);

    (void)state;
    settings.fall = 2;
    settings.return_policy = RM_RETURN_STAY;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void of_several_standbys(void **state)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CCC", NULL, "start"},
        {0, CONNECTED(1), "serving 1 UCC", NULL, "primary"},
        {0, CONNECTED(2), "serving 1 UUC", NULL, "standby"},
        {0, CONNECTED(3), "serving 1 UUU", NULL, "standby"},
        {1, SCORED(2, 5), "serving 1 UUU", "", "F-04: five items in error there"},
        {2, SCORED(3, 4), "serving 1 UUU", "", "four here"},
        {3, LOST(1), "serving 3 DUU",
         "tell lost 1, disconnect 1 (transport lost), promote 3 (transport lost), "
         "tell promoted 3, tell no better",
         "F-06: any that answers beats a lost one; of two bad ones the lower score"},
        {4, VERDICT(3, GOOD), "serving 3 DUU", "", "well"},
        {5, VERDICT(2, UNKNOWN), "serving 3 DUU", "", "F-03: what is not known is no error"},
        {6, LOST(3), "serving 2 DUD", NULL, "the last"},
    };
    const struct rm_failover_settings settings = table_settings_without_pings(RM_MODE_WARM, 3);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void running_before_the_verdict_before_the_number(void **state)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CCCC", NULL, "start"},
        {0, CONNECTED(1), "serving 1 UCCC", NULL, "primary"},
        {0, CONNECTED(2), "serving 1 UUCC", NULL, "standby"},
        {0, CONNECTED(3), "serving 1 UUUC", NULL, "standby"},
        {0, CONNECTED(4), "serving 1 UUUU", NULL, "standby"},
        {1, VERDICT(4, GOOD), "serving 1 UUUU", "", "tested"},
        {1, VERDICT(2, BAD), "serving 1 UUUU", "", "tested"},
        {2, LOST(1), "serving 3 DUUU", NULL, "not known to be bad: then the lower number"},
        {3, UNREADY(4), "serving 3 DUUU", "tell not running 4", "CX-11"},
        {4, LOST(3), "serving 2 DUDU", NULL, "RUNNING or not asked yet before the verdict"},
    };
    const struct rm_failover_settings settings = table_settings_without_pings(RM_MODE_WARM, 4);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void cold_tries_each_bad_one_once(void **state)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CDD", "connect 1", "start"},
        {1, CONNECTED(1), "serving 1 UDD", NULL, "primary"},
        {2, VERDICT(1, BAD), "searching 0 DCD",
         "tell disconnected 1, disconnect 1 (monitor test), connect 2",
         "F-05: cold mode tests the active one only, so the next is tried"},
        {3, CONNECTED(2), "serving 2 DUD",
         "tell connected 2, promote 2 (monitor test), tell promoted 2, ping 2",
         "promoted with the cause of the search"},
        {4, VERDICT(2, BAD), "searching 0 DDC",
         "tell disconnected 2, disconnect 2 (monitor test), connect 3", "the next"},
        {5, CONNECTED(3), "serving 3 DDU", NULL, "the last one"},
        {6, VERDICT(3, BAD), "serving 3 DDU", "tell no better", "F-06: no ping-pong: it stays"},
        {7, VERDICT(1, GOOD), "serving 3 DDU", "", "it was left for a fault since all was well"},
        {8, LOST(3), "searching 0 DDD", NULL, "F-06: but a lost one always loses"},
    };
    const struct rm_failover_settings settings = table_settings_without_pings(RM_MODE_COLD, 3);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void cold_comes_back_from_a_dead_one(void **state)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CD", "connect 1", "start"},
        {1, CONNECTED(1), "serving 1 UD", NULL, "primary"},
        {2, READY(1), "serving 1 UD", "", "ready"},
        {3, ANSWERED(1), "serving 1 UD", "", "runs"},
        {4, SUSPECT(1), "serving 1 UD", NULL, "asked again"},
        {5, ANSWERED(1), "serving 1 UD", "", "rise: all is well"},
        {6, VERDICT(1, BAD), "searching 0 DC", NULL, "the other one is tried"},
        {7, REFUSED(2), "searching 0 DD", NULL, "and is not there"},
        {10006, TICK, "searching 0 CD", "connect 1", "in turn"},
        {10007, CONNECTED(1), "serving 1 UD",
         "tell connected 1, promote 1 (found again), tell promoted 1, tell no better, ping 1",
         "F-06: an answer beats none; and the dead one is not tried again and again"},
    };
    const struct rm_failover_settings settings = table_settings_without_pings(RM_MODE_COLD, 2);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void cold_tries_a_bad_one_last(void **state)
{
    static const struct row rows[] = {
        {0, VERDICT(1, BAD), "idle 0 DD", "", "known before the session starts"},
        {0, START, "starting 0 DC", "connect 2", "the monitor's verdict before the number"},
        {1, REFUSED(2), "starting 0 CD", NULL, "the other one after all"},
        {2, CONNECTED(1), "serving 1 UD", NULL, "better than none"},
    };
    const struct rm_failover_settings settings = table_settings_without_pings(RM_MODE_COLD, 2);
    struct rm_failover failover;
    struct rm_failover_actions actions;
    const struct rm_failover_event bad = {
        .kind = RM_FAILOVER_VERDICT, .machine = 1, .verdict = RM_VERDICT_BAD};

    (void)state;
    rm_failover_init(&failover, &settings);
    rm_failover_step(&failover, &bad, 0, &actions);
    assert_int_equal(actions.count, 0);
    table_run(&failover, rows + 1, COUNT_OF(rows) - 1);
}

static void not_observable_is_not_down(void **state)
{
    static const struct row rows[] = {
        FIT_PAIR,
        {10, UNSEEN(1), "serving 1 UU", "", "our account may not see it any more, say"},
        {20, VERDICT(1, BAD), "serving 1 UU", "", "so what fails here says nothing of it"},
        {30, CALLBACKS_SILENT(1), "serving 1 UU", "", "nor does silence"},
        {2500, TICK, "serving 1 UU", "ping 1, ping 2", "pinged"},
        {2510, ANSWERED(2), "serving 1 UU", "", "the standby answers"},
        {3500, TICK, "serving 1 UU", "", "never down: no miss is counted"},
        {3600, SEEN(1), "serving 2 UU", "promote 2 (monitor test), tell promoted 2",
         "it can be seen: what the monitor says counts"},
        {3700, UNSEEN(1), "serving 2 UU", "", "and not again"},
        {3800, ANSWERED(1), "serving 2 UU", "", "an answer shows that it can"},
        {3900, LOST(1), "serving 2 DU", NULL, "hard evidence is ours"},
        {4000, UNSEEN(1), "serving 2 DU", "", "refused by our account"},
        {5000, TICK, "serving 2 DU", "ping 2", "pinged on"},
        {5010, ANSWERED(2), "serving 2 DU", "", "well"},
        {7500, TICK, "serving 2 DU", "ping 2", "pinged on"},
        {7510, ANSWERED(2), "serving 2 DU", "", "well"},
        {10000, TICK, "serving 2 DU", "ping 2", "pinged on"},
        {10010, ANSWERED(2), "serving 2 DU", "", "well"},
        {12500, TICK, "serving 2 DU", "ping 2", "pinged on"},
        {12510, ANSWERED(2), "serving 2 DU", "", "well"},
        {13900, TICK, "serving 2 CU", "connect 1", "tried all the same"},
        {13910, REFUSED(1), "serving 2 DU", "disconnect 1 (connect failed)",
         "RM-251 is not told of what can't be observed"},
        {13920, LOST(2), "searching 0 DD", "tell lost 2, disconnect 2 (transport lost)",
         "F-10: not all are lost as far as we know"},
    };
    const struct rm_failover_settings settings = table_settings(RM_MODE_WARM, 2);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}
/* clang-format on */

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bad_verdict_is_left_for_a_fit_one),
        cmocka_unit_test(not_to_a_standby_that_is_not_known_to_be_fit),
        cmocka_unit_test(a_verdict_delays_the_return),
        cmocka_unit_test(silent_callbacks_count_by_fall),
        cmocka_unit_test(a_silent_standby_gets_a_new_link),
        cmocka_unit_test(another_state_than_running),
        cmocka_unit_test(status_with_an_error),
        cmocka_unit_test(of_several_standbys),
        cmocka_unit_test(running_before_the_verdict_before_the_number),
        cmocka_unit_test(cold_tries_each_bad_one_once),
        cmocka_unit_test(cold_comes_back_from_a_dead_one),
        cmocka_unit_test(cold_tries_a_bad_one_last),
        cmocka_unit_test(not_observable_is_not_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
