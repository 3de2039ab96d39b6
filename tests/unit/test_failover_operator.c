/* test_failover_operator.c: the operator's word: switches, maintenance, forced machines, the
 * preferred machine, the start (D2-12 .. D2-14, CX-06, CX-13, CX-14, CX-18, F-02).
 */
#include "failover_table.h"

/* The formatter would align the rows of tables far beyond 100 columns. */
/* clang-format off */

static void a_switch_on_command(void **state)
{
    static const struct row rows[] = {
        FIT_PAIR,
        {10, SUSPECT(1), "serving 1 UU", "ping 1", "a second ping"},
        {10, ANSWERED(1), "serving 1 UU", "", "and its answer: well"},
        {20, SWITCH(2), "serving 2 UU", "promote 2 (operator), tell promoted 2",
         "D2-13, CX-06, CX-14: both links stay (D2-08: one is active)"},
        {3600000, TICK, "serving 2 UU", "", "F-02: no return from where an operator has gone"},
        {3600001, AUTOMATIC, "serving 1 UU", "promote 1 (return), tell promoted 1",
         "until it is given back to the policy"},
        {3600002, SWITCH(1), "serving 1 UU", "", "it is there already: it stays there"},
        {3600003, LOST(1), "serving 2 DU", NULL, "but a lost machine serves nobody"},
        {3600004, SWITCH(1), "serving 2 DU", "refuse 1 (it is not connected)", "D2-13: refused"},
        {3600005, FORCE(1), "serving 2 DU", "refuse 1 (it is not connected)", "by force neither"},
        {3600006, SWITCH(3), "serving 2 DU", "refuse 0 (there is no machine of that number)", "no"},
        {3600007, LOST(2), "searching 0 DD", NULL, "none left"},
        {3600008, SWITCH(1), "searching 0 DD",
         "refuse 1 (no machine is active: wait until one is connected)", "nobody to switch from"},
    };
    const struct rm_failover_settings settings = table_settings_without_pings(RM_MODE_WARM, 2);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void refused_unless_forced(void **state)
{
    static const struct row rows[] = {
        FIT_PAIR,
        {10, VERDICT(2, BAD), "serving 1 UU", "", "known to be bad"},
        {20, SWITCH(2), "serving 1 UU", "refuse 2 (its monitor test is in error)", "D2-13"},
        {30, SWITCH(0), "serving 1 UU", "refuse 0 (no other machine is fit to take over)",
         "CX-13: the application wants any other, and there is none"},
        {40, FORCE(2), "serving 2 UU", "promote 2 (operator), tell promoted 2",
         "D2-13: whatever is known against it"},
        {50, CALLBACKS_SILENT(2), "serving 2 UU", "tell silent 2", "and there it stays"},
        {60, SWITCH(1), "serving 2 UU", "refuse 1 (another machine is forced: end that first)",
         "an unforced switch doesn't end that"},
        {70, AUTOMATIC, "serving 1 UD",
         "promote 1 (callbacks silent), tell promoted 1, disconnect 2 (callbacks silent)",
         "but AUTOMATIC does"},
    };
    const struct rm_failover_settings settings = table_settings_without_pings(RM_MODE_WARM, 2);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void each_objection_has_its_words(void **state)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CC", NULL, "start"},
        {0, CONNECTED(1), "serving 1 UC", NULL, "primary"},
        {0, CONNECTED(2), "serving 1 UU", NULL, "standby"},
        {1, SWITCH(2), "serving 1 UU", "refuse 2 (it does not answer pings)", "none yet"},
        {2, UNREADY(2), "serving 1 UU", "tell not running 2", "another state"},
        {3, SWITCH(2), "serving 1 UU", "refuse 2 (its server is not in the state RUNNING)", "so"},
        {4, SUSPECT(2), "serving 1 UU", "ping 2", "asked again"},
        {4, STATUS_FAILS(2), "serving 1 UU", "", "told already that it is not well"},
        {4, SWITCH(2), "serving 1 UU", "refuse 2 (its server answers the status call with an error)",
         "nobody knows its state"},
        {4, SUSPECT(2), "serving 1 UU", "ping 2", "and again"},
        {5, ANSWERED(2), "serving 1 UU", "", "runs now"},
        {6, SWITCH(2), "serving 1 UU",
         "refuse 2 (it does not have enough of the client's items yet)", "not ready"},
        {7, READY(2), "serving 1 UU", "", "ready"},
        {8, UNSEEN(2), "serving 1 UU", "", "not observable"},
        {9, SWITCH(2), "serving 1 UU", "refuse 2 (it can't be observed from here)", "so"},
        {10, SEEN(2), "serving 1 UU", "", "observable"},
        {11, MODE(2, MAINTENANCE), "serving 1 UU", "tell maintenance 2", "somebody works there"},
        {12, SWITCH(2), "serving 1 UU", "refuse 2 (it is in maintenance: end that first)", "so"},
        {13, MODE(2, NORMAL), "serving 1 UU", "tell maintained 2", "done"},
        {14, SWITCH(0), "serving 2 UU", "promote 2 (operator), tell promoted 2",
         "CX-13: forced by the application: to the best other one"},
    };
    const struct rm_failover_settings settings = table_settings_without_pings(RM_MODE_HOT, 2);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void maintenance(void **state)
{
    static const struct row rows[] = {
        FIT_PAIR,
        {10, MODE(1, MAINTENANCE), "serving 2 UU",
         "tell maintenance 1, promote 2 (maintenance), tell promoted 2", "is left; its link stays"},
        {20, SUSPECT(1), "serving 2 UU", "ping 1", "a second ping"},
        {20, ANSWERED(1), "serving 2 UU", "", "well in every other way"},
        {100000, TICK, "serving 2 UU", "", "is not returned to"},
        {100001, VERDICT(2, BAD), "serving 2 UU", "tell no better", "F-06: nor left to for a fault"},
        {100002, LOST(2), "serving 1 UD",
         "tell lost 2, disconnect 2 (transport lost), promote 1 (transport lost), tell promoted 1, "
         "tell no better",
         "the last one that answers serves rather than none (RM-146)"},
        {110002, TICK, "serving 1 UC", "connect 2", "reconnect"},
        {110003, CONNECTED(2), "serving 1 UU", NULL, "back"},
        {110004, READY(2), "serving 1 UU", "", "ready"},
        {110005, ANSWERED(2), "serving 1 UU", "", "but its verdict is still bad"},
        {110006, VERDICT(2, GOOD), "serving 2 UU", "promote 2 (maintenance), tell promoted 2",
         "and as soon as it is fit, the one in maintenance is left"},
        {110007, MODE(1, NORMAL), "serving 2 UU", "tell maintained 1", "done; well since long"},
        {115000, TICK, "serving 1 UU", "promote 1 (return), tell promoted 1",
         "F-02: an ordinary machine again"},
    };
    struct rm_failover_settings settings = table_settings_without_pings(RM_MODE_WARM, 2);

    (void)state;
    settings.return_delay_ms = 114980;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void maintenance_at_the_start(void **state)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CCC", NULL, "start"},
        {1, MODE(1, MAINTENANCE), "starting 0 CCC", "tell maintenance 1", "before anything is UP"},
        {2, CONNECTED(1), "starting 0 UCC", NULL, "RM-121 doesn't hold for it"},
        {3, REFUSED(2), "starting 0 UDC", NULL, "one of the others fails"},
        {4, CONNECTED(3), "serving 3 UDU", NULL, "the other serves"},
    };
    static const struct row cold[] = {
        {0, START, "starting 0 CD", NULL, "start"},
        {1, MODE(2, MAINTENANCE), "starting 0 CD", "tell maintenance 2", "maintenance"},
        {2, CONNECTED(1), "serving 1 UD", NULL, "the primary"},
        {3, LOST(1), "searching 0 DC", NULL, "lost: then the one in maintenance, for want of others"},
        {4, REFUSED(2), "searching 0 DD", NULL, "not there"},
        {10003, TICK, "searching 0 CD", "connect 1", "RM-133: in turn"},
    };
    const struct rm_failover_settings settings = table_settings_without_pings(RM_MODE_WARM, 3);
    const struct rm_failover_settings cold_pair = table_settings_without_pings(RM_MODE_COLD, 2);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
    table_play(&cold_pair, cold, COUNT_OF(cold));
}

static void a_forced_machine(void **state)
{
    static const struct row rows[] = {
        FIT_PAIR,
        {10, LOST(2), "serving 1 UD", NULL, "the secondary is away"},
        {20, MODE(2, FORCED), "serving 1 UD", "", "and is to serve as soon as it can"},
        {10010, TICK, "serving 1 UC", "connect 2", "reconnect"},
        {10020, CONNECTED(2), "serving 1 UU", NULL, "back"},
        {10030, READY(2), "serving 1 UU", "", "ready"},
        {10040, ANSWERED(2), "serving 1 UU", "", "one of rise"},
        {10050, SUSPECT(2), "serving 1 UU", "ping 2", "asked"},
        {10060, ANSWERED(2), "serving 1 UU", "", "well"},
        {10070, VERDICT(2, BAD), "serving 1 UU", "", "its monitor's word doesn't count"},
        {15060, TICK, "serving 2 UU", "promote 2 (return), tell promoted 2",
         "the operator's word before policy `stay`; C-06: with the return delay"},
        {15070, MODE(1, FORCED), "serving 1 UU", "promote 1 (operator), tell promoted 1",
         "one at a time: the other one is normal again"},
        {15080, MODE(1, NORMAL), "serving 1 UU", "", "and stays, as the policy says"},
    };
    struct rm_failover_settings settings = table_settings_without_pings(RM_MODE_WARM, 2);

    (void)state;
    settings.return_policy = RM_RETURN_STAY;
    table_play(&settings, rows, COUNT_OF(rows));
}

/* The loss is found in the very step that brings the command. */
static void a_switch_while_the_active_one_is_lost(void **state)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CCC", NULL, "start"},
        {0, CONNECTED(1), "serving 1 UCC", NULL, "primary"},
        {500, CONNECTED(2), "serving 1 UUC", NULL, "standby"},
        {500, CONNECTED(3), "serving 1 UUU", NULL, "standby"},
        {510, READY(3), "serving 1 UUU", "", "ready"},
        {510, ANSWERED(2), "serving 1 UUU", "", "answers"},
        {510, ANSWERED(3), "serving 1 UUU", "", "answers"},
        {1000, SWITCH(3), "serving 3 DUU",
         "tell lost 1, disconnect 1 (ping timeout), promote 3 (operator), tell promoted 3",
         "D2-13: goes where it was told to, not to the second"},
    };
    static const struct row cold[] = {
        {0, START, "starting 0 CDD", NULL, "start"},
        {0, CONNECTED(1), "serving 1 UDD", NULL, "primary"},
        {1000, SWITCH(3), "searching 0 DDC",
         "tell lost 1, disconnect 1 (ping timeout), connect 3", "D2-13: tries what it was told to"},
        {1001, CONNECTED(3), "serving 3 DDU",
         "tell connected 3, promote 3 (operator), tell promoted 3, ping 3", "there"},
    };
    const struct rm_failover_settings settings = table_settings(RM_MODE_WARM, 3);
    const struct rm_failover_settings settings_cold = table_settings(RM_MODE_COLD, 3);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
    table_play(&settings_cold, cold, COUNT_OF(cold));
}

static void cold_switches_by_connecting(void **state)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CDD", NULL, "start"},
        {1, CONNECTED(1), "serving 1 UDD", NULL, "primary"},
        {10, SWITCH(3), "searching 0 DDC",
         "tell disconnected 1, disconnect 1 (operator), connect 3",
         "CX-06, RM-130: one connection at a time, out of turn"},
        {20, CONNECTED(3), "serving 3 DDU",
         "tell connected 3, promote 3 (operator), tell promoted 3, ping 3", "there"},
        {30, SWITCH(2), "searching 0 DCD", NULL, "on"},
        {40, REFUSED(2), "searching 0 DDD", "tell refused 2, disconnect 2 (connect failed)",
         "not there: in turn again, and not sooner than the interval"},
        {10030, TICK, "searching 0 DDC", "connect 3", "RM-133"},
    };
    const struct rm_failover_settings settings = table_settings_without_pings(RM_MODE_COLD, 3);

    (void)state;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void the_preferred_machine(void **state)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CC", NULL, "start"},
        {1, CONNECTED(1), "starting 0 UC", NULL, "CX-18: on this computer the second is preferred"},
        {2, CONNECTED(2), "serving 2 UU", NULL, "D2-14: active when it connects"},
        {3, READY(1), "serving 2 UU", "", "ready"},
        {3, READY(2), "serving 2 UU", "", "ready"},
        {4, ANSWERED(1), "serving 2 UU", "", "runs"},
        {4, ANSWERED(2), "serving 2 UU", "", "runs"},
        {5, SUSPECT(1), "serving 2 UU", "ping 1", "asked"},
        {5, ANSWERED(1), "serving 2 UU", "", "well"},
        {9000, TICK, "serving 2 UU", "", "no return to the first"},
        {9001, PREFER(1), "serving 1 UU", "promote 1 (return), tell promoted 1",
         "D2-14: preferred while running, well for the return delay (F-02)"},
        {9002, PREFER(3), "serving 1 UU", "", "there is none"},
        {9003, PREFER(0), "serving 1 UU", "", "by number: the same"},
    };
    struct rm_failover_settings settings = table_settings_without_pings(RM_MODE_WARM, 2);

    (void)state;
    settings.preferred = 2;
    table_play(&settings, rows, COUNT_OF(rows));
}

static void the_first_to_come(void **state)
{
    static const struct row rows[] = {
        {0, START, "starting 0 CCC", NULL, "start"},
        {1, REFUSED(1), "starting 0 DCC", NULL, "the primary is not there"},
        {2, CONNECTED(3), "serving 3 DCU", NULL, "D2-12: whoever connects first"},
    };
    static const struct row none[] = {
        {0, START, "starting 0 CC", NULL, "start"},
        {1, REFUSED(2), "starting 0 CD", NULL, "one"},
        {2, REFUSED(1), "failed 0 DD",
         "tell refused 1, disconnect 1 (connect failed), fail 80040111",
         "F-11: fails with the primary's code, too"},
    };
    struct rm_failover_settings settings = table_settings_without_pings(RM_MODE_HOT, 3);

    (void)state;
    settings.start_policy = RM_START_FIRST;
    table_play(&settings, rows, COUNT_OF(rows));
    settings.machine_count = 2;
    table_play(&settings, none, COUNT_OF(none));
}
/* clang-format on */

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_switch_on_command),
        cmocka_unit_test(refused_unless_forced),
        cmocka_unit_test(each_objection_has_its_words),
        cmocka_unit_test(maintenance),
        cmocka_unit_test(maintenance_at_the_start),
        cmocka_unit_test(a_forced_machine),
        cmocka_unit_test(a_switch_while_the_active_one_is_lost),
        cmocka_unit_test(cold_switches_by_connecting),
        cmocka_unit_test(the_preferred_machine),
        cmocka_unit_test(the_first_to_come),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
