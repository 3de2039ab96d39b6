/* test_failover_machines.c: the list of machines changes while the state machine runs (RM-230):
 * machines are added, removed, replaced and moved, in each mode. */
#include "failover_table.h"

/* clang-format off */
#define FIT(m)                                                                                     \
    {0, READY(m), NULL, "", "ready"},                                                              \
    {                                                                                              \
        0, ANSWERED(m), NULL, "", "runs"                                                           \
    }

#define FIT_THREE                                                                                  \
    {0, START, "starting 0 CCC", NULL, "start"},                                                   \
        {0, CONNECTED(1), "serving 1 UCC", NULL, "primary"},                                       \
        {0, CONNECTED(2), "serving 1 UUC", NULL, "standby"},                                       \
        {0, CONNECTED(3), "serving 1 UUU", NULL, "standby"}, FIT(1), FIT(2), FIT(3)

#define COLD_PAIR                                                                                  \
    {0, START, "starting 0 CD", NULL, "start"},                                                    \
        {0, CONNECTED(1), "serving 1 UD", NULL, "primary"},                                        \
    {                                                                                              \
        0, ANSWERED(1), "serving 1 UD", "", "runs"                                                 \
    }

static void play_warm(const struct row *rows, size_t count, unsigned machine_count)
{
    struct rm_failover_settings settings =
        table_settings_without_pings(RM_MODE_WARM, machine_count);

    settings.rise = 1;
    table_play(&settings, rows, count);
}

static void added(void **state)
{
    const struct row at_the_end[] = {
        FIT_PAIR,
        {10,   LIST("123"),  "serving 1 UUC", "connect 3",                  "at once, beside the others"   },
        {20,   CONNECTED(3), "serving 1 UUU", "tell connected 3, ping 3",   "like any standby"             },
        {30,   READY(3),     "serving 1 UUU", "",                           "ready"                        },
        {30,   ANSWERED(3),  "serving 1 UUU", "",                           "runs"                         },
        {40,   LOST(1),      NULL,            NULL,                         "the primary is lost"          },
        {40,   TICK,         "serving 2 DUU", "",                           "the secondary is in front"    },
        {50,   LOST(2),      "serving 3 DDU",
         "tell lost 2, disconnect 2 (transport lost), promote 3 (transport lost), tell promoted 3", "the new one takes over"},
    };
    const struct row in_the_middle[] = {
        FIT_PAIR,
        {10, LIST("132"),  "serving 1 UUC", "connect 3", "it is the secondary"},
        {20, CONNECTED(3), "serving 1 UUU", NULL,        "connected"          },
        {30, READY(3),     NULL,            "",          "ready"              },
        {30, ANSWERED(3),  NULL,            "",          "runs"               },
        {40, LOST(1),      "serving 3 DUU",
         "tell lost 1, disconnect 1 (transport lost), promote 3 (transport lost), tell promoted 3", "ranks count, not numbers"},
    };
    const struct row in_front[] = {
        FIT_PAIR,
        {10,   LIST("231"),  "serving 1 UUC", "connect 3", "another primary; the active one stays"},
        {20,   CONNECTED(3), "serving 1 UUU", NULL,        "connected"                            },
        {30,   READY(3),     NULL,            "",          "ready"                                },
        {30,   ANSWERED(3),  NULL,            "",          "runs"                                 },
        {5029, TICK,         "serving 1 UUU", "",          "the return's delay holds for it, too" },
        {5030, TICK,         "serving 3 UUU", "promote 3 (return), tell promoted 3", "it is home"  },
    };

    (void)state;
    play_warm(at_the_end, COUNT_OF(at_the_end), 2);
    play_warm(in_the_middle, COUNT_OF(in_the_middle), 2);
    play_warm(in_front, COUNT_OF(in_front), 2);
}

static void standby_removed(void **state)
{
    const struct row connected[] = {
        FIT_THREE,
        {10,    LIST("102"), "serving 1 UDU", "tell disconnected 2, disconnect 2 (removed)", "its link ends"},
        {20,    LATE_LOST(2), "serving 1 UDU", "", "what is late of it says nothing"},
        {60000, TICK,        "serving 1 UDU", NULL, "it isn't tried again"},
        {60010, LOST(1),     "serving 3 DDU",
         "tell lost 1, disconnect 1 (transport lost), promote 3 (transport lost), tell promoted 3", "nor is it chosen"},
    };
    const struct row connecting[] = {
        {0,  START,        "starting 0 CCC", NULL,                     "start"                 },
        {0,  CONNECTED(1), "serving 1 UCC",  NULL,                     "primary"               },
        {10, LIST("102"),  "serving 1 UDC",  "disconnect 2 (removed)", "the attempt is given up"},
        {20, CONNECTED(2), "serving 1 UDC",  "",                       "it comes too late"     },
    };

    (void)state;
    play_warm(connected, COUNT_OF(connected), 3);
    play_warm(connecting, COUNT_OF(connecting), 3);
}

static void active_removed(void **state)
{
    const struct row with_a_fit_one[] = {
        FIT_THREE,
        {10, LIST("012"), "serving 2 DUU",
         "promote 2 (removed), tell promoted 2, tell disconnected 1, disconnect 1 (removed)", "left, then let go of"},
        {60000, TICK, "serving 2 DUU", NULL, "it isn't returned to"},
    };
    const struct row with_none[] = {
        FIT_PAIR,
        {10, LOST(2), "serving 1 UD", NULL, "the standby is lost"},
        {20, LIST("012"), "serving 1 UDC", "tell serves on 1, connect 3", "nobody is worse off"},
        {30, CONNECTED(3), "serving 1 UDU", NULL, "connected isn't fit"},
        {40, READY(3), "serving 1 UDU", "", "ready"},
        {50, ANSWERED(3), "serving 3 DDU",
         "promote 3 (removed), tell promoted 3, tell disconnected 1, disconnect 1 (removed)", "now one is"},
    };
    const struct row and_lost[] = {
        FIT_PAIR,
        {10, LOST(2), "serving 1 UD", NULL, "the standby is lost"},
        {20, LIST("012"), "serving 1 UDC", NULL, "the active one is removed"},
        {30, LOST(1), "searching 0 DDC", "tell lost 1, disconnect 1 (transport lost)", "it was switched off"},
        {40, REFUSED(3), "searching 0 DDD", "tell refused 3, disconnect 3 (connect failed), all lost, tell all lost",
         "all of the list were tried"},
        {60000, TICK, "searching 0 DCC", "connect 2, connect 3", "and are tried again, but not that one"},
    };

    (void)state;
    play_warm(with_a_fit_one, COUNT_OF(with_a_fit_one), 3);
    play_warm(with_none, COUNT_OF(with_none), 2);
    play_warm(and_lost, COUNT_OF(and_lost), 2);
}

static void replaced(void **state)
{
    const struct row standby[] = {
        FIT_PAIR,
        {10, LIST("102"), "serving 1 UDC", "tell disconnected 2, disconnect 2 (removed), connect 3",
         "another secondary"},
    };
    const struct row active[] = {
        FIT_PAIR,
        {10, LIST("021"), "serving 2 DUC",
         "promote 2 (removed), tell promoted 2, tell disconnected 1, disconnect 1 (removed), connect 3", "another primary"},
        {20, CONNECTED(3), "serving 2 DUU", NULL, "it comes"},
        {30, READY(3), NULL, "", "ready"},
        {30, ANSWERED(3), NULL, "", "runs"},
        {5030, TICK, "serving 3 DUU", "promote 3 (return), tell promoted 3", "and is returned to, as the primary"},
    };
    const struct row both[] = {
        FIT_PAIR,
        {10, LIST("0012"), "serving 1 UDCC",
         "tell disconnected 2, disconnect 2 (removed), tell serves on 1, connect 3, connect 4", "the active one waits for them"},
        {20, CONNECTED(4), "serving 1 UDCU", NULL, "one comes"},
        {30, READY(4), NULL, "", "ready"},
        {30, ANSWERED(4), "serving 4 DDCU",
         "promote 4 (removed), tell promoted 4, tell disconnected 1, disconnect 1 (removed)", "the first that is fit"},
    };

    (void)state;
    play_warm(standby, COUNT_OF(standby), 2);
    play_warm(active, COUNT_OF(active), 2);
    play_warm(both, COUNT_OF(both), 2);
}

static void put_back(void **state)
{
    const struct row still_serving[] = {
        FIT_PAIR,
        {10, LOST(2), "serving 1 UD", NULL, "the standby is lost"},
        {20, LIST("012"), "serving 1 UDC", NULL, "a mistake"},
        {30, LIST("120"), "serving 1 UDD", "disconnect 3 (removed)", "taken back: nothing has happened"},
        {40, LOST(1), "searching 0 DDD", NULL, "lost later"},
        {60000, TICK, "searching 0 CCD", "connect 1, connect 2", "it is tried like any other"},
    };
    const struct row a_standby[] = {
        FIT_THREE,
        {10, REFUSED(2), NULL, "", "not connecting"},
        {20, LOST(2), "serving 1 UDU", NULL, "lost"},
        {30, LIST("102"), "serving 1 UDU", "", "removed while it was down"},
        {40, LIST("132"), "serving 1 UCU", "connect 2", "tried at once, as if it were new"},
        {50, REFUSED(2), "serving 1 UDU", "tell refused 2, disconnect 2 (connect failed)", "told again"},
    };

    (void)state;
    play_warm(still_serving, COUNT_OF(still_serving), 2);
    play_warm(a_standby, COUNT_OF(a_standby), 3);
}

static void moved(void **state)
{
    const struct row exchanged[] = {
        FIT_PAIR,
        {4000, LIST("21"), "serving 1 UU", "", "nobody is left"},
        {5000, TICK, "serving 2 UU", "promote 2 (return), tell promoted 2",
         "the primary has been well for long enough"},
        {6000, LIST("12"), "serving 1 UU", "promote 1 (return), tell promoted 1", "it has been so by now"},
    };
    const struct row staying[] = {
        FIT_PAIR,
        {6000, LIST("21"), "serving 1 UU", "", "the policy says so"},
        {6010, LOST(1), "serving 2 DU", NULL, "lost"},
    };
    struct rm_failover_settings settings = table_settings_without_pings(RM_MODE_HOT, 2);

    (void)state;
    play_warm(exchanged, COUNT_OF(exchanged), 2);
    settings.rise = 1;
    settings.return_policy = RM_RETURN_STAY;
    table_play(&settings, staying, COUNT_OF(staying));
}

static void cold(void **state)
{
    const struct row standby[] = {
        COLD_PAIR,
        {10, LIST("102"), "serving 1 UDD", "", "nothing is connected for it"},
        {20, LIST("103"), "serving 1 UDD", "", "a gap: it doesn't fit"},
        {30, LOST(1), "searching 0 DDC", "tell lost 1, disconnect 1 (transport lost), connect 3", "lost"},
        {40, CONNECTED(3), "serving 3 DDU", NULL, "the new one"},
    };
    const struct row active[] = {
        COLD_PAIR,
        {10, READY(1), "serving 1 UD", "", "ready"},
        {20, LIST("012"), "searching 0 DCD", "tell disconnected 1, disconnect 1 (removed), connect 2",
         "the next is tried"},
        {30, REFUSED(2), "searching 0 DDC", "tell refused 2, disconnect 2 (connect failed), connect 3",
         "and the next"},
        {40, REFUSED(3), "searching 0 DDD", "tell refused 3, disconnect 3 (connect failed), all lost, tell all lost",
         "but not the one that is removed"},
        {60000, TICK, "searching 0 DCD", "connect 2", "round again"},
    };
    const struct row exchanged[] = {
        COLD_PAIR,
        {10, LIST("21"), "serving 1 UD", "", "nobody is left"},
    };
    const struct row sought[] = {
        COLD_PAIR,
        {10, READY(1), "serving 1 UD", "", "ready"},
        {20, SWITCH(2), "searching 0 DC", NULL, "an operator wants it"},
        {30, LIST("102"), "searching 0 CDD", "disconnect 2 (removed), connect 1", "another operator takes it away"},
    };
    struct rm_failover_settings settings = table_settings_without_pings(RM_MODE_COLD, 2);

    (void)state;
    settings.rise = 1;
    table_play(&settings, standby, COUNT_OF(standby));
    table_play(&settings, active, COUNT_OF(active));
    table_play(&settings, exchanged, COUNT_OF(exchanged));
    table_play(&settings, sought, COUNT_OF(sought));
}

/* Operators' words are about a machine, wherever it stands; with it they go. */
static void words(void **state)
{
    const struct row maintenance[] = {
        FIT_THREE,
        {10, MODE(2, MAINTENANCE), NULL, "tell maintenance 2", "in maintenance"},
        {20, LIST("312"), "serving 1 UUU", "", "it is the primary now"},
        {6000, TICK, "serving 1 UUU", NULL, "and isn't returned to"},
        {6010, LIST("102"), "serving 1 UDU", "tell disconnected 2, disconnect 2 (removed)", "removed"},
        {6020, LIST("213"), "serving 1 UCU", "connect 2", "a machine of that number"},
        {6030, CONNECTED(2), NULL, NULL, "comes"},
        {6040, READY(2), NULL, "", "ready"},
        {6040, ANSWERED(2), NULL, "", "runs"},
        {11040, TICK, "serving 2 UUU", "promote 2 (return), tell promoted 2", "nobody has said anything of it"},
    };
    const struct row forced[] = {
        FIT_THREE,
        {10, FORCE(1), "serving 1 UUU", "", "forced"},
        {20, LIST("012"), "serving 2 DUU", NULL, "it is taken away all the same"},
        {30, SWITCH(3), "serving 3 DUU", NULL, "nothing is forced any more"},
        {40, FORCE(1), "serving 3 DUU", "refuse 0 (there is no machine of that number)", "it is gone"},
        {50, MODE(1, MAINTENANCE), "serving 3 DUU", "", "likewise"},
        {60, PREFER(1), "serving 3 DUU", "", "likewise"},
        {70, LINKED(1), "serving 3 DUU", "", "likewise"},
        {80, VERDICT(1, BAD), "serving 3 DUU", "", "likewise"},
    };
    const struct row kept[] = {
        FIT_THREE,
        {10, SWITCH(3), "serving 3 UUU", NULL, "an operator's switch"},
        {20, LIST("102"), "serving 3 UDU", NULL, "another one is removed"},
        {60000, TICK, "serving 3 UDU", NULL, "the switch keeps"},
        {60010, LIST("1002"), "serving 1 UDDC", NULL, "with that machine it is over"},
    };
    const struct row preferred[] = {
        FIT_THREE,
        {10, PREFER(2), "serving 1 UUU", "", "preferred"},
        {20, LIST("321"), "serving 1 UUU", "", "moved"},
        {5000, TICK, "serving 2 UUU", "promote 2 (return), tell promoted 2", "it is preferred all the same"},
        {5010, LIST("201"), "serving 3 UDU", NULL, "removed: the order of the list is left"},
    };
    const struct row verdict[] = {
        FIT_PAIR,
        {10, VERDICT(1, BAD), "serving 2 UU", NULL, "left for its verdict"},
        {20, VERDICT(2, BAD), "serving 2 UU", "tell no better", "so is the other"},
        {30, LIST("102"), "serving 2 UUC", "tell serves on 2, connect 3", "now it is removed as well"},
        {40, VERDICT(1, GOOD), "serving 1 UDC",
         "promote 1 (removed), tell promoted 1, tell disconnected 2, disconnect 2 (removed)", "and left"},
    };

    (void)state;
    play_warm(maintenance, COUNT_OF(maintenance), 3);
    play_warm(forced, COUNT_OF(forced), 3);
    play_warm(kept, COUNT_OF(kept), 3);
    play_warm(preferred, COUNT_OF(preferred), 3);
    play_warm(verdict, COUNT_OF(verdict), 2);
}

static void without_an_active_machine(void **state)
{
    const struct row searching[] = {
        FIT_PAIR,
        {10, LOST(2), NULL, NULL, "lost"},
        {20, LOST(1), "searching 0 DD", NULL, "all are lost"},
        {30, LIST("123"), "searching 0 CCC", "connect 1, connect 2, connect 3", "all are tried at once"},
        {40, CONNECTED(3), "serving 3 CCU", NULL, "and the first serves"},
    };
    const struct row starting[] = {
        {0, START, "starting 0 CC", NULL, "start"},
        {10, LIST("021"), "starting 0 DCC", "disconnect 1 (removed), connect 3", "another primary"},
        {20, CONNECTED(2), "starting 0 DUC", NULL, "which is waited for"},
        {30, REFUSED(3), "serving 2 DUD", NULL, "in vain"},
    };
    const struct row failing[] = {
        {0, START, "starting 0 CC", NULL, "start"},
        {10, REFUSED(1), "starting 0 DC", NULL, "the primary"},
        {20, LIST("21"), "starting 0 DC", "", "is the secondary"},
        {30, REFUSED(2), "failed 0 DD", "tell refused 2, disconnect 2 (connect failed), fail 80070005",
         "the primary's code"},
    };
    const struct row idle[] = {
        {0, LIST("201"), "idle 0 DDD", "", "before the start"},
        {0, START, "starting 0 CDC", "connect 1, connect 3", "the list is as it was said"},
    };

    (void)state;
    play_warm(searching, COUNT_OF(searching), 2);
    play_warm(starting, COUNT_OF(starting), 2);
    play_warm(failing, COUNT_OF(failing), 2);
    play_warm(idle, COUNT_OF(idle), 2);
}

/* clang-format on */

/* What doesn't fit changes nothing. */
static void not_fitting(void **state)
{
    static const char *const lists[] = {"1", "10", "11", "13", "23", "00", "103", "122"};
    const struct rm_failover_settings settings = table_settings_without_pings(RM_MODE_WARM, 2);
    const struct row rows[] = {FIT_PAIR};
    struct rm_failover failover;

    (void)state;
    rm_failover_init(&failover, &settings);
    table_run(&failover, rows, COUNT_OF(rows));
    for (size_t i = 0; i < COUNT_OF(lists); i++)
    {
        const struct row row[] = {
            {10, LIST(lists[i]), "serving 1 UU", "", lists[i]}
        };

        table_run(&failover, row, 1);
        assert_int_equal(failover.ignored, i + 1);
    }
}

/* Fifteen in the list, and the active one that is replaced: there are numbers for all. */
static void as_many_as_can_be(void **state)
{
    const struct rm_failover_settings settings =
        table_settings_without_pings(RM_MODE_HOT, RM_MACHINES_MAX);
    const struct rm_failover_event start = {.kind = RM_FAILOVER_START};
    struct rm_failover_event event = {.kind = RM_FAILOVER_CONNECTED, .machine = 1, .link = 1};
    struct rm_failover_actions actions;
    struct rm_failover failover;

    (void)state;
    rm_failover_init(&failover, &settings);
    rm_failover_step(&failover, &start, 0, &actions);
    rm_failover_step(&failover, &event, 0, &actions);
    event = (struct rm_failover_event){.kind = RM_FAILOVER_MACHINES,
                                       .machine_count = RM_MACHINE_NUMBERS};
    for (unsigned i = 0; i < RM_MACHINE_NUMBERS; i++)
    {
        event.ranks[i] = i < RM_MACHINE_NUMBERS - RM_MACHINES_MAX
                             ? 0
                             : (uint8_t)(i + 1 - (RM_MACHINE_NUMBERS - RM_MACHINES_MAX));
    }
    rm_failover_step(&failover, &event, 10, &actions);
    assert_int_equal(failover.ignored, 0);
    assert_int_equal(failover.active, 1);
    assert_int_equal(failover.machines[RM_MACHINE_NUMBERS - 1].connection,
                     RM_CONNECTION_CONNECTING);
    assert_int_equal(rm_failover_check(&failover, NULL, &actions), 0);
    event.machine_count = RM_MACHINE_NUMBERS + 1;
    rm_failover_step(&failover, &event, 20, &actions);
    assert_int_equal(failover.ignored, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(added),
        cmocka_unit_test(standby_removed),
        cmocka_unit_test(active_removed),
        cmocka_unit_test(replaced),
        cmocka_unit_test(put_back),
        cmocka_unit_test(moved),
        cmocka_unit_test(cold),
        cmocka_unit_test(words),
        cmocka_unit_test(without_an_active_machine),
        cmocka_unit_test(not_fitting),
        cmocka_unit_test(as_many_as_can_be),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
