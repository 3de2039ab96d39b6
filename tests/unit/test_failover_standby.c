/* test_failover_standby.c: the sentences of warm and hot mode (RM-140 .. RM-157). */
#include "failover_table.h"

/* The formatter would align the rows of tables far beyond 100 columns. */
/* clang-format off */

/* Warm and hot take the same decisions; what their standbys do is the driver's business. */
static void play_both(const struct row *rows, size_t count, unsigned machine_count)
{
    const struct rm_failover_settings warm = table_settings(RM_MODE_WARM, machine_count);
    const struct rm_failover_settings hot = table_settings(RM_MODE_HOT, machine_count);

    table_play(&warm, rows, count);
    table_play(&hot, rows, count);
}

static void standby_takes_over(void **state)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CC", "connect 1, connect 2", "RM-140, RM-150"},
        {10, CONNECTED(1), "serving 1 UC", NULL, "primary active"},
        {20, CONNECTED(2), "serving 1 UU", NULL, "standby up"},
        {30, ANSWERED(1), "serving 1 UU", "", "RM-144, RM-155: both were pinged"},
        {40, ANSWERED(2), "serving 1 UU", "", "and answer"},
        {50, LOST(1), "serving 2 DU",
         "tell lost 1, disconnect 1 (transport lost), "
         "promote 2 (transport lost), tell promoted 2",
         "RM-142, RM-153, RM-157: promoted in the step that detects the loss"},
        {2520, TICK, "serving 2 DU", "ping 2", "pinged on"},
        {2530, ANSWERED(2), "serving 2 DU", "", "well"},
        {5020, TICK, "serving 2 DU", "ping 2", "pinged on"},
        {5030, ANSWERED(2), "serving 2 DU", "", "well"},
        {7520, TICK, "serving 2 DU", "ping 2", "pinged on"},
        {7530, ANSWERED(2), "serving 2 DU", "", "well"},
        {10020, TICK, "serving 2 DU", "ping 2", "pinged on"},
        {10030, ANSWERED(2), "serving 2 DU", "", "well"},
        {10050, TICK, "serving 2 CU", "connect 1", "RM-145, RM-155: periodic reconnect"},
        {10060, REFUSED(1), "serving 2 DU", "tell refused 1, disconnect 1 (connect failed)",
         "RM-251: told once"},
    };

    (void)state;
    play_both(rows, COUNT_OF(rows), 2);
}

static void only_one_communicates(void **state)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CC", NULL, "start"},
        {10, CONNECTED(1), "serving 1 UC", NULL, "the primary"},
        {20, REFUSED(2), "serving 1 UD", "tell refused 2, disconnect 2 (connect failed)",
         "RM-252: a dead standby is told"},
        {30, LOST(1), "searching 0 DD",
         "tell lost 1, disconnect 1 (transport lost), all lost, "
         "tell all lost",
         "F-10: none is left and none is being tried"},
        {10020, TICK, "searching 0 DC", "connect 2", "10 s after its failure"},
        {10030, TICK, "searching 0 CC", "connect 1", "10 s after its loss"},
        {10100, CONNECTED(2), "serving 2 CU",
         "tell connected 2, promote 2 (found again), "
         "tell promoted 2, ping 2",
         "RM-146: the only one that communicates is active"},
    };

    (void)state;
    play_both(rows, COUNT_OF(rows), 2);
}

static void standby_lost_and_back(void **state)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CC", NULL, "start"},
        {10, CONNECTED(1), "serving 1 UC", NULL, "primary"},
        {20, CONNECTED(2), "serving 1 UU", NULL, "standby"},
        {30, LOST(2), "serving 1 UD", "tell lost 2, disconnect 2 (transport lost)",
         "a lost standby changes nothing for the client"},
        {40, LATE_LOST(1), "serving 1 UD", "", "what comes from an old link is ignored"},
        {50, ANSWERED(1), "serving 1 UD", "", "well"},
        {2510, TICK, "serving 1 UD", "ping 1", "pinged on"},
        {2520, ANSWERED(1), "serving 1 UD", "", "well"},
        {10030, TICK, "serving 1 UC", "tell starved, connect 2, ping 1", "RM-145: tried again"},
        {10040, CONNECTED(2), "serving 1 UU", "tell connected 2, ping 2", "back as standby"},
        {10050, LATE_LOST(2), "serving 1 UU", "", "the old link's death comes late"},
    };

    (void)state;
    play_both(rows, COUNT_OF(rows), 2);
}

static void attempt_under_way_gets_its_chance(void **state)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CC", NULL, "start"},
        {10, CONNECTED(1), "serving 1 UC", NULL, "the secondary takes its time"},
        {500, LOST(1), "searching 0 DC", "tell lost 1, disconnect 1 (transport lost)",
         "F-10: not all lost while the secondary may still come"},
        {10500, TICK, "searching 0 CC", "connect 1", "the lost one again"},
        {30000, TICK, "searching 0 CD",
         "tell refused 2, disconnect 2 (connect failed), "
         "all lost, tell all lost",
         "F-10: though machine 1 is being tried for the second time"},
        {30010, CONNECTED(1), "serving 1 UD",
         "tell connected 1, promote 1 (found again), "
         "tell promoted 1, ping 1",
         "found"},
        {30020, LOST(1), "searching 0 DD",
         "tell lost 1, disconnect 1 (transport lost), "
         "all lost, tell all lost",
         "a new search tells again"},
    };

    (void)state;
    play_both(rows, COUNT_OF(rows), 2);
}

static void ready_before_unready(void **state)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CCCC", NULL, "start"},
        {1, CONNECTED(1), "serving 1 UCCC", NULL, "active"},
        {2, CONNECTED(2), "serving 1 UUCC", NULL, "up, not ready"},
        {3, CONNECTED(3), "serving 1 UUUC", NULL, "up"},
        {4, CONNECTED(4), "serving 1 UUUU", NULL, "up"},
        {5, READY(3), "serving 1 UUUU", "", "ready"},
        {6, READY(4), "serving 1 UUUU", "", "ready"},
        {7, LOST(1), "serving 3 DUUU",
         "tell lost 1, disconnect 1 (transport lost), "
         "promote 3 (transport lost), tell promoted 3",
         "ready beats the lower number"},
        {8, LOST(3), "serving 4 DUDU", NULL, "again"},
        {9, LOST(4), "serving 2 DUDD", NULL, "an unready one beats none"},
    };

    (void)state;
    play_both(rows, COUNT_OF(rows), 4);
}

static void refusing_standby_is_left_in_peace(void **state)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CC", NULL, "start"},
        {10, CONNECTED(1), "serving 1 UC", NULL, "active"},
        {20, LIMITED(2), "serving 1 UD", "tell limited 2, disconnect 2 (refused)", "a connection limit is told"},
        {10019, ANSWERED(1), "serving 1 UD", NULL, "not yet"},
        {10020, TICK, "serving 1 UC", "connect 2", "tried after the usual time"},
        {10021, LIMITED(2), "serving 1 UD", "disconnect 2 (refused)", "told once"},
        {30000, ANSWERED(1), "serving 1 UD", NULL, "the time has doubled"},
        {30021, TICK, "serving 1 UC", "connect 2", "20 s"},
        {30022, LIMITED(2), "serving 1 UD", NULL, "again"},
        {70021, ANSWERED(1), "serving 1 UD", NULL, "40 s"},
        {70022, TICK, "serving 1 UC", "connect 2", "40 s"},
        {70023, LIMITED(2), "serving 1 UD", NULL, "again"},
        {130022, ANSWERED(1), "serving 1 UD", NULL, "a minute, no more"},
        {130023, TICK, "serving 1 UC", "connect 2", "a minute"},
        {130024, LIMITED(2), "serving 1 UD", NULL, "again"},
        {130030, LOST(1), "searching 0 DC", "tell lost 1, disconnect 1 (transport lost), connect 2",
         "it is needed now: tried at once, and not all are lost until it has answered"},
        {130031, LIMITED(2), "searching 0 DD", "tell refused 2, disconnect 2 (connect failed), all lost, tell all lost",
         "it refuses still: F-10"},
        {140031, TICK, "searching 0 CC", "connect 1, connect 2", "as often as usual"},
        {140032, CONNECTED(2), "serving 2 CU", NULL, "found"},
        {140033, LOST(2), "searching 0 CD", NULL, "lost"},
        {140034, CONNECTED(1), "serving 1 UD", NULL, "found"},
        {140035, ANSWERED(1), "serving 1 UD", "", "well"},
        {150033, TICK, "serving 1 UC", "connect 2, ping 1", "tried"},
        {150034, LIMITED(2), "serving 1 UD", "tell limited 2, disconnect 2 (refused)", "it was up: told again"},
        {150035, ANSWERED(1), "serving 1 UD", "", "well"},
        {160034, TICK, "serving 1 UC", "connect 2, ping 1", "and the time starts anew"},
    };

    (void)state;
    play_both(rows, COUNT_OF(rows), 2);
}
/* clang-format on */

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(standby_takes_over),
        cmocka_unit_test(only_one_communicates),
        cmocka_unit_test(standby_lost_and_back),
        cmocka_unit_test(attempt_under_way_gets_its_chance),
        cmocka_unit_test(ready_before_unready),
        cmocka_unit_test(refusing_standby_is_left_in_peace),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
