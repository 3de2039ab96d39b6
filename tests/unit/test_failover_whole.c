/* test_failover_whole.c: what concerns the redundant server as a whole: linked servers, writes that
 * wait for an operator, flap damping, a network that is gone, a clock that jumps (CX-05, CX-07,
 * CX-24, C-02, C-06, C-20, F-08, F-12).
 */
#include "failover_table.h"

/* The formatter would align the rows of tables far beyond 100 columns. */
/* clang-format off */

static void linked_servers_switch_together(void **state)
{
    static const struct row rows[] = {
        FIT_PAIR,
        {5, SUSPECT(1), "serving 1 UU", "ping 1", "asked"},
        {5, ANSWERED(1), "serving 1 UU", "", "well, and so it stays"},
        {10, LINKED(2), "serving 2 UU", "promote 2 (with the others), tell promoted 2",
         "CX-05: followed, and not told back"},
        {100000, TICK, "serving 2 UU", "", "who has led the way leads the return, too"},
        {100001, LINKED(1), "serving 1 UU", "promote 1 (with the others), tell promoted 1",
         "CX-05: back together"},
        {100002, LINKED(1), "serving 1 UU", "", "we are there"},
        {100003, LOST(1), "serving 2 DU",
         "tell lost 1, disconnect 1 (transport lost), promote 2 (transport lost), "
         "tell promoted 2, partners 2",
         "CX-05: all switch when one has to"},
        {100004, LINKED(1), "serving 2 DU", "tell split 1", "can't follow: told"},
        {100005, LINKED(3), "serving 2 DU", "", "there is none"},
        {110003, TICK, "serving 2 CU", "connect 1", "once only"},
        {110004, CONNECTED(1), "serving 2 UU", NULL, "it comes back"},
        {110005, READY(1), "serving 2 UU", "", "ready"},
        {110006, ANSWERED(1), "serving 1 UU", "promote 1 (with the others), tell promoted 1",
         "CX-05: followed as soon as it is fit"},
        {110007, SWITCH(2), "serving 2 UU", "promote 2 (operator), tell promoted 2, partners 2",
         "a commanded switch takes the others along"},
        {110008, LINKED(1), "serving 2 UU", "tell split 1", "the operator's word is first"},
        {110009, AUTOMATIC, "serving 2 UU", "", "and what the partners said before it is over"},
    };
    struct rm_failover_settings settings = table_settings_without_pings(RM_MODE_WARM, 2);

    (void)state;
    settings.is_linked = true;
    settings.return_delay_ms = 50000;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void who_followed_returns_when_nobody_leads(void **state)
{
    static const struct row rows[] = {
        FIT_PAIR,
        {5, SUSPECT(1), "serving 1 UU", "ping 1", "asked"},
        {5, ANSWERED(1), "serving 1 UU", "", "well, and so it stays"},
        {10, LINKED(0), "serving 1 UU", "", "nobody was followed"},
        {20, LINKED(2), "serving 2 UU", NULL, "followed"},
        {30, SUSPECT(1), "serving 2 UU", "ping 1", "asked"},
        {30, ANSWERED(1), "serving 2 UU", "", "well"},
        {90000, TICK, "serving 2 UU", "", "who has led the way leads the return, too"},
        {90010, LINKED(0), "serving 1 UU",
         "promote 1 (return), tell promoted 1, partners 1", "CX-05: it has gone, so we return"},
        {90020, LINKED(2), "serving 2 UU", NULL, "followed again"},
        {190030, AUTOMATIC, "serving 1 UU",
         "promote 1 (return), tell promoted 1, partners 1", "the operator says: by the policy"},
    };
    struct rm_failover_settings settings = table_settings_without_pings(RM_MODE_WARM, 2);

    (void)state;
    settings.is_linked = true;
    settings.return_delay_ms = 50000;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void who_begins_where_the_partners_are_follows_them(void **state)
{
    static const struct row rows[] = {
        {0, PREFER(2), "idle 0 DD", "", "where the partners are"},
        {0, START, "starting 0 CC", NULL, "start"},
        {0, CONNECTED(1), "starting 0 UC", NULL, "it waits for that machine"},
        {0, CONNECTED(2), "serving 2 UU", NULL, "CX-05: the same as theirs"},
        {0, LINKED(2), "serving 2 UU", "", "there they are"},
        {0, PREFER(0), "serving 2 UU", "", "the settings' order again"},
        {0, READY(1), "serving 2 UU", "", "ready"},
        {0, READY(2), "serving 2 UU", "", "ready"},
        {0, ANSWERED(1), "serving 2 UU", "", "runs"},
        {0, SUSPECT(1), "serving 2 UU", "ping 1", "asked"},
        {0, ANSWERED(1), "serving 2 UU", "", "well"},
        {90000, TICK, "serving 2 UU", "", "who has led the way leads the return, too"},
        {90001, LINKED(1), "serving 1 UU", "promote 1 (with the others), tell promoted 1", "now"},
    };
    struct rm_failover_settings settings = table_settings_without_pings(RM_MODE_WARM, 2);

    (void)state;
    settings.is_linked = true;
    settings.return_delay_ms = 50000;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void who_has_nobody_to_follow_forgets_where_they_were(void **state)
{
    static const struct row rows[] = {
        FIT_PAIR,
        {10, VERDICT(2, BAD), "serving 1 UU", "", "the standby isn't fit"},
        {20, LINKED(2), "serving 1 UU", "tell split 2", "can't follow yet"},
        {30, LINKED(0), "serving 1 UU", "", "they are gone"},
        {40, VERDICT(2, GOOD), "serving 1 UU", "", "nobody is there to be followed"},
    };
    struct rm_failover_settings settings = table_settings_without_pings(RM_MODE_WARM, 2);

    (void)state;
    settings.is_linked = true;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void who_is_not_linked_does_not_follow(void **state)
{
    static const struct row rows[] = {
        FIT_PAIR,
        {10, LINKED(2), "serving 1 UU", "", "CX-05 is an option"},
    };
    const struct rm_failover_settings settings = table_settings_without_pings(RM_MODE_WARM, 2);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void writes_wait_for_an_operator(void **state)
{
    static const struct row rows[] = {
        FIT_PAIR,
        {5, ACKNOWLEDGE, "serving 1 UU", "", "the first machine is no switch"},
        {10, LOST(1), "serving 2 DU",
         "tell lost 1, disconnect 1 (transport lost), promote 2 (transport lost), "
         "tell promoted 2, hold writes, tell acknowledge 2",
         "CX-07: writes are held after a switch"},
        {20, ACKNOWLEDGE, "serving 2 DU", "release writes, tell acknowledged",
         "CX-07: continued by an operator's action"},
        {30, LOST(2), "searching 0 DD", NULL, "none"},
        {10010, TICK, "searching 0 CD", "connect 1", "tried"},
        {10030, TICK, "searching 0 CC", "connect 2", "tried"},
        {10040, CONNECTED(2), "serving 2 CU",
         "tell connected 2, promote 2 (found again), tell promoted 2, ping 2",
         "the same machine again: no switch"},
        {10050, CONNECTED(1), "serving 2 UU", NULL, "back"},
        {10060, READY(1), "serving 2 UU", "", "ready"},
        {10070, ANSWERED(1), "serving 2 UU", "", "runs"},
        {10080, LOST(2), "serving 1 UD", NULL, "a switch"},
        {20080, TICK, "serving 1 UC", "connect 2", "tried"},
        {20090, CONNECTED(2), "serving 1 UU", NULL, "back"},
        {20100, READY(2), "serving 1 UU", "", "ready"},
        {20110, ANSWERED(2), "serving 1 UU", "", "runs"},
        {20120, SWITCH(2), "serving 2 UU",
         "promote 2 (operator), tell promoted 2, release writes",
         "D2-13: a commanded switch has been seen by an operator"},
    };
    struct rm_failover_settings settings = table_settings_without_pings(RM_MODE_WARM, 2);

    (void)state;
    settings.acknowledge = RM_ACKNOWLEDGE_WRITES;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void the_return_waits_for_an_operator(void **state)
{
    static const struct row rows[] = {
        FIT_PAIR,
        {5, SUSPECT(1), "serving 1 UU", "ping 1", "asked"},
        {5, ANSWERED(1), "serving 1 UU", "", "well"},
        {10, VERDICT(1, BAD), "serving 2 UU",
         "promote 2 (monitor test), tell promoted 2, tell acknowledge 2", "a switch; writes pass"},
        {20, VERDICT(1, GOOD), "serving 2 UU", "", "well again"},
        {100000, TICK, "serving 2 UU", "", "CX-07: no return until it is acknowledged"},
        {100001, ACKNOWLEDGE, "serving 1 UU",
         "tell acknowledged, promote 1 (return), tell promoted 1, tell acknowledge 1",
         "and then at once"},
    };
    struct rm_failover_settings settings = table_settings_without_pings(RM_MODE_WARM, 2);

    (void)state;
    settings.acknowledge = RM_ACKNOWLEDGE_RETURN;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void a_flapping_machine_is_not_returned_to(void **state)
{
    static const struct row rows[] = {
        FIT_PAIR,
        {5, SUSPECT(1), "serving 1 UU", "ping 1", "asked"},
        {5, ANSWERED(1), "serving 1 UU", "", "well"},
        {10, VERDICT(1, BAD), "serving 2 UU", NULL, "its first promotion was at 0"},
        {20, VERDICT(1, GOOD), "serving 2 UU", "", "well again"},
        {1020, TICK, "serving 1 UU", "promote 1 (return), tell promoted 1, tell flapping 1",
         "the second within flapWindow: damped, and told"},
        {1030, VERDICT(1, BAD), "serving 2 UU",
         "promote 2 (monitor test), tell promoted 2, tell flapping 2", "so is the other one"},
        {1040, VERDICT(1, GOOD), "serving 2 UU", "", "well again"},
        {59999, TICK, "serving 2 UU", "", "C-06: not returned to while it counts"},
        {60000, TICK, "serving 1 UU", "promote 1 (return), tell promoted 1, tell flapping 1",
         "the promotion at 0 is out of the window"},
        {60010, SWITCH(2), "serving 2 UU", "promote 2 (operator), tell promoted 2, tell flapping 2",
         "an operator may go where he likes"},
    };
    struct rm_failover_settings settings = table_settings_without_pings(RM_MODE_WARM, 2);

    (void)state;
    settings.return_delay_ms = 1000;
    settings.flap_limit = 2;
    settings.flap_window_ms = 60000;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void a_network_that_is_gone(void **state)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CC", NULL, "start"},
        {0, CONNECTED(1), "serving 1 UC", NULL, "primary, pinged at 0"},
        {700, CONNECTED(2), "serving 1 UU", NULL, "standby, pinged at 700"},
        {700, ANSWERED(1), "serving 1 UU", "", "answers"},
        {710, ANSWERED(2), "serving 1 UU", "", "answers"},
        {2500, TICK, "serving 1 UU", "ping 1, ping 2", "CX-24: asked together, though 700 apart"},
        {3500, TICK, "searching 0 DD",
         "tell lost 1, disconnect 1 (ping timeout), tell lost 2, disconnect 2 (ping timeout), "
         "all lost, tell network lost",
         "CX-24: neither answers: nobody is promoted in vain, and one event names the network"},
    };
    static const struct row one_by_one[] = {
        {0, START, "starting 0 CC", NULL, "start"},
        {0, CONNECTED(1), "serving 1 UC", NULL, "primary"},
        {0, CONNECTED(2), "serving 1 UU", NULL, "standby"},
        {10, ANSWERED(1), "serving 1 UU", "", "answers"},
        {10, ANSWERED(2), "serving 1 UU", "", "answers"},
        {20, SHUTDOWN(2), "serving 1 UD", NULL, "RM-260: one leaves by itself"},
        {30, LOST(1), "searching 0 DD",
         "tell lost 1, disconnect 1 (transport lost), all lost, tell all lost",
         "CX-24: that is not the network"},
    };
    struct rm_failover_settings settings = table_settings(RM_MODE_WARM, 2);

    (void)state;
    settings.is_all_remote = true;
    table_play(&settings, rows, COUNT_OF(rows));
    table_play(&settings, one_by_one, COUNT_OF(one_by_one));
}

static void a_step_far_too_late(void **state)
{
    static const struct row rows[] = {
        FIT_PAIR,
        {2500, TICK, "serving 1 UU", "ping 1, ping 2", "pinged"},
        {7001, TICK, "serving 1 UU", "tell starved",
         "3501 ms late, an interval and a timeout: nothing is held against anybody"},
        {7002, CALLBACKS_SILENT(1), "serving 1 UU", "", "no silence either"},
        {7003, VERDICT(1, BAD), "serving 1 UU", "", "nor is anybody left"},
        {7004, ANSWERED(2), "serving 1 UU", "ping 2", "the standby answers"},
        {7005, ANSWERED(2), "serving 1 UU", "", "and again"},
        {8000, TICK, "serving 1 UU", "", "one check cycle"},
        {8001, TICK, "serving 2 DU",
         "tell lost 1, disconnect 1 (ping timeout), promote 2 (ping timeout), tell promoted 2",
         "and then it counts"},
        {16000, TICK, "serving 2 DU", "ping 2", "late again: told each 10 minutes at most"},
        {16001, LOST(2), "searching 0 DD", NULL, "hard evidence counts at once"},
    };
    const struct rm_failover_settings settings = table_settings(RM_MODE_WARM, 2);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void a_clock_that_is_set_back(void **state)
{
    static const struct row rows[] = {
        FIT_PAIR,
        {2500, TICK, "serving 1 UU", "ping 1, ping 2", "pinged"},
        {2510, ANSWERED(1), "serving 1 UU", "", "answers"},
        {2510, ANSWERED(2), "serving 1 UU", "", "answers"},
        {2000, TICK, "serving 1 UU", "", "two threads that overtook each other"},
        {5000, TICK, "serving 1 UU", "ping 1, ping 2", "time went on"},
        {5010, ANSWERED(2), "serving 1 UU", "", "the standby answers"},
        {100, TICK, "serving 1 UU", "tell starved", "set back by 4.9 s"},
        {1099, TICK, "serving 1 UU", "", "one timeout more for the ping that is out"},
        {1100, TICK, "serving 2 DU", NULL, "and no five seconds"},
        {2590, TICK, "serving 2 DU", "ping 2", "all times went back with the clock"},
    };
    const struct rm_failover_settings settings = table_settings(RM_MODE_WARM, 2);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void a_late_step_gives_an_attempt_more_time(void **state)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CC", NULL, "start"},
        {40000, TICK, "starting 0 CC", "tell starved", "10 s late: not failed yet"},
        {40999, TICK, "starting 0 CC", "", "one check cycle"},
        {41000, TICK, "failed 0 DD", NULL, "F-11"},
    };
    const struct rm_failover_settings settings = table_settings(RM_MODE_WARM, 2);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

/* RM-120, RM-122, RM-123: two machines and a mode. What a standby's groups do is the link's part, by
 * the one order PROMOTE that says who is active. */
static void what_the_modes_order(void **state)
{
    static const struct row both[] = {
        {0, START, "starting 0 CC", "connect 1, connect 2", "RM-148, RM-156: one link to each"},
        {10, CONNECTED(1), "serving 1 UC",
         "tell connected 1, promote 1 (start), tell promoted 1, ping 1",
         "RM-141, RM-143, RM-151, RM-152, RM-154: the active one is the only one that is promoted"},
        {20, CONNECTED(2), "serving 1 UU", "tell connected 2, ping 2",
         "RM-140, RM-150: a standby is connected and pinged, no more"},
        {30, LOST(1), "serving 2 DU",
         "tell lost 1, disconnect 1 (transport lost), promote 2 (transport lost), tell promoted 2",
         "RM-148, RM-157: nothing has to be connected for it"},
    };
    static const struct row one[] = {
        {0, START, "starting 0 CD", "connect 1", "RM-130: one link"},
        {10, CONNECTED(1), "serving 1 UD", NULL, "the active one"},
        {20, LOST(1), "searching 0 DC",
         "tell lost 1, disconnect 1 (transport lost), connect 2",
         "RM-137, RM-138: nobody is active until the other one is connected"},
        {900, CONNECTED(2), "serving 2 DU",
         "tell connected 2, promote 2 (found again), tell promoted 2, ping 2", "RM-137: and then"},
    };
    const struct rm_failover_settings warm = table_settings(RM_MODE_WARM, 2);
    const struct rm_failover_settings hot = table_settings(RM_MODE_HOT, 2);
    const struct rm_failover_settings cold = table_settings(RM_MODE_COLD, 2);

    (void)state;
    table_play(&warm, both, COUNT_OF(both));
    table_play(&hot, both, COUNT_OF(both));
    table_play(&cold, one, COUNT_OF(one));
}

static void a_late_step_begins_the_return_delay_anew(void **state)
{
    static const struct row rows[] = {
        FIT_PAIR,
        {10, SUSPECT(1), "serving 1 UU", "ping 1", "asked"},
        {10, ANSWERED(1), "serving 1 UU", "", "well"},
        {20, VERDICT(1, BAD), "serving 2 UU", NULL, "left"},
        {30, VERDICT(1, GOOD), "serving 2 UU", "", "well: to be returned to at 5,030"},
        {200000, TICK, "serving 2 UU", "tell starved, ping 1, ping 2",
         "F-02, C-06: nobody has looked whether it was well meanwhile"},
        {200100, ANSWERED(1), "serving 2 UU", "", "it is"},
        {200100, ANSWERED(2), "serving 2 UU", "", "so is the other"},
        {205999, TICK, "serving 2 UU", "", "the delay, behind the check"},
        {206000, TICK, "serving 1 UU", "promote 1 (return), tell promoted 1", "and then"},
    };
    struct rm_failover_settings settings = table_settings(RM_MODE_WARM, 2);

    (void)state;
    settings.ping_interval_ms = 100000;
    table_play(&settings, rows, COUNT_OF(rows));
}

/* F-12: a session by itself has no monitors, operators and partners: all that is decided above is
 * then decided by links alone. F-08, C-20: what was out on a link is known by the link's number,
 * which never comes again, and by the generation. C-02: a success without an object is reported as a
 * failure, with a code that is one. */
static void by_itself(void **state)
{
    static const struct row rows[] = {
        FIT_PAIR,
        {10, LOST(1), "serving 2 DU", NULL, "F-12: decided here, at once"},
        {20, LATE_LOST(2), "serving 2 DU", "", "F-08, C-20: of an older link"},
        {10010, TICK, "serving 2 CU", "connect 1", "reconnect"},
        {10020, {.kind = RM_FAILOVER_CONNECT_FAILED, .machine = 1, .code = 0}, "serving 2 DU",
         "tell refused 1, disconnect 1 (connect failed)", "C-02"},
    };
    const struct rm_failover_settings settings = table_settings_without_pings(RM_MODE_WARM, 2);
    struct rm_failover failover;

    (void)state;
    rm_failover_init(&failover, &settings);
    table_run(&failover, rows, COUNT_OF(rows));
    assert_int_equal(failover.generation, 2);
    assert_int_equal(failover.last_link, 3);
    assert_int_equal(failover.machines[0].last_code, 0x800706BAu);
}
/* clang-format on */

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(linked_servers_switch_together),
        cmocka_unit_test(who_followed_returns_when_nobody_leads),
        cmocka_unit_test(who_begins_where_the_partners_are_follows_them),
        cmocka_unit_test(who_has_nobody_to_follow_forgets_where_they_were),
        cmocka_unit_test(who_is_not_linked_does_not_follow),
        cmocka_unit_test(writes_wait_for_an_operator),
        cmocka_unit_test(the_return_waits_for_an_operator),
        cmocka_unit_test(a_flapping_machine_is_not_returned_to),
        cmocka_unit_test(a_network_that_is_gone),
        cmocka_unit_test(a_step_far_too_late),
        cmocka_unit_test(a_clock_that_is_set_back),
        cmocka_unit_test(a_late_step_gives_an_attempt_more_time),
        cmocka_unit_test(a_late_step_begins_the_return_delay_anew),
        cmocka_unit_test(what_the_modes_order),
        cmocka_unit_test(by_itself),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
