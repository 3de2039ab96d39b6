/* test_failover_cold.c: the sentences of cold mode (RM-130 .. RM-139). */
#include "failover_table.h"

/* The formatter would align the rows of tables far beyond 100 columns. */
/* clang-format off */

static void lost_and_taken_over(void **state)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CD", "connect 1", "RM-131"},
        {10, CONNECTED(1), "serving 1 UD",
         "tell connected 1, promote 1 (start), "
         "tell promoted 1, ping 1",
         "RM-131: all requests go to the primary"},
        {20, ANSWERED(1), "serving 1 UD", "", "it lives"},
        {500, LOST(1), "searching 0 DC", "tell lost 1, disconnect 1 (transport lost), connect 2",
         "RM-132: communications lost, the secondary is connected at once"},
        {1500, CONNECTED(2), "serving 2 DU",
         "tell connected 2, promote 2 (found again), "
         "tell promoted 2, ping 2",
         "RM-134: and becomes active"},
        {1510, ANSWERED(2), "serving 2 DU", "", "it lives"},
        {1520, READY(2), "serving 2 DU", "", "all is there"},
        {3900, LOST(2), "searching 0 DD", "tell lost 2, disconnect 2 (transport lost)",
         "RM-135: the primary was lost 3.4 s ago and is not tried yet"},
        {10500, TICK, "searching 0 CD", "connect 1", "RM-135: its turn after the interval"},
        {10600, CONNECTED(1), "serving 1 UD",
         "tell connected 1, promote 1 (found again), "
         "tell promoted 1, ping 1",
         "RM-135: alternating"},
    };
    const struct rm_failover_settings settings = table_settings(RM_MODE_COLD, 2);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void alternates_until_one_connects(void **state)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CDD", "connect 1", "start"},
        {0, CONNECTED(1), "serving 1 UDD", NULL, "the primary serves"},
        {100, LOST(1), "searching 0 DCD", "tell lost 1, disconnect 1 (transport lost), connect 2",
         "lost: the search begins behind the lost machine"},
        {200, REFUSED(2), "searching 0 DDC",
         "tell refused 2, disconnect 2 (connect failed), "
         "connect 3",
         "RM-133: and goes on at once"},
        {300, REFUSED(3), "searching 0 DDD",
         "tell refused 3, disconnect 3 (connect failed), "
         "all lost, tell all lost",
         "F-10: each has failed once; told once"},
        {10099, TICK, "searching 0 DDD", "", "one round per reconnect interval"},
        {10100, TICK, "searching 0 CDD", "connect 1", "RM-133: the next round"},
        {10150, REFUSED(1), "searching 0 DDD", "tell refused 1, disconnect 1 (connect failed)",
         "RM-251: connected -> failed is told"},
        {10200, TICK, "searching 0 DCD", "connect 2", "10 s after its last attempt"},
        {10250, REFUSED(2), "searching 0 DDD", "disconnect 2 (connect failed)",
         "RM-251: but a machine that keeps failing is not told again"},
        {10300, TICK, "searching 0 DDC", "connect 3", "round and round"},
        {40300, TICK, "searching 0 CDD", "disconnect 3 (connect failed), connect 1",
         "a hung activation ends after connectTimeout, the next one is long due"},
        {40400, CONNECTED(1), "serving 1 UDD",
         "tell connected 1, promote 1 (found again), "
         "tell promoted 1, ping 1",
         "RM-133: until one connects"},
        {40500, LOST(1), "searching 0 DCD", NULL, "a second search"},
        {40600, REFUSED(2), "searching 0 DDD", "disconnect 2 (connect failed)",
         "machine 3's last attempt ended 300 ms ago, so it has to wait"},
        {50300, TICK, "searching 0 DDC", "connect 3", "its turn"},
        {50400, REFUSED(3), "searching 0 DDD",
         "disconnect 3 (connect failed), all lost, "
         "tell all lost",
         "F-10: once in each search"},
    };
    const struct rm_failover_settings settings = table_settings(RM_MODE_COLD, 3);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void never_returns(void **state)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CD", "connect 1", "start"},
        {10, REFUSED(1), "starting 0 DC", NULL, "no primary"},
        {20, CONNECTED(2), "serving 2 DU", NULL, "the secondary serves"},
        {30, READY(2), "serving 2 DU", "", "ready"},
        {3600000, ANSWERED(2), "serving 2 DU", "ping 2",
         "RM-139: an hour later nobody has looked at the primary"},
    };
    struct rm_failover_settings settings = table_settings(RM_MODE_COLD, 2);

    (void)state;
    settings.ping_timeout_ms = 4000000;
    table_play(&settings, rows, COUNT_OF(rows));
}
/* clang-format on */

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lost_and_taken_over),
        cmocka_unit_test(alternates_until_one_connects),
        cmocka_unit_test(never_returns),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
