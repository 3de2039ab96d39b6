/* test_failover_settings.c: settings that change while the machine runs (RM-230). */
#include "failover_table.h"

/* Without a comma, for the tables' sake. */
#define HALF_OF_ITEMS(m) ITEMS(m, 50)
#define IN_ERROR(m)      VERDICT(m, BAD)

/* Those that the tables begin with, but for what a test says. */
static struct rm_failover_settings changed(enum rm_mode mode)
{
    return table_settings(mode, 2);
}

static void ping_interval(void **state)
{
    struct rm_failover_settings before = changed(RM_MODE_WARM), faster = before, slower = before;
    const struct row rows[] = {
        FIT_PAIR,
        {100,  SETTINGS(&faster), "serving 1 UU", "",               "changes nothing at once"       },
        {599,  TICK,              "serving 1 UU", "",               "a new interval from the change"},
        {600,  TICK,              "serving 1 UU", "ping 1, ping 2", "brings the next ping forward"  },
        {650,  ANSWERED(1),       "serving 1 UU", "",               "well"                          },
        {650,  ANSWERED(2),       "serving 1 UU", "",               "well"                          },
        {700,  SETTINGS(&slower), "serving 1 UU", "",               "a longer one"                  },
        {5599, TICK,              "serving 1 UU", "",               "counts from the last ping"     },
        {5600, TICK,              "serving 1 UU", "ping 1, ping 2", "and is in force"               },
    };

    (void)state;
    before.return_policy = RM_RETURN_STAY;
    faster.ping_interval_ms = 500;
    slower.ping_interval_ms = 5000;
    table_play(&before, rows, COUNT_OF(rows));
}

static void ping_timeout(void **state)
{
    struct rm_failover_settings before = changed(RM_MODE_WARM), shorter = before, longer = before;
    const struct row rows[] = {
        FIT_PAIR,
        {2500, TICK,               "serving 1 UU",   "ping 1, ping 2",                          "pings"                               },
        {2550, ANSWERED(2),        "serving 1 UU",   "",                                        "the standby is well"                 },
        {3000, SETTINGS(&shorter), "serving 1 UU",   "",                                        "500 ms without an answer are no miss"},
        {3099, TICK,               "serving 1 UU",   "",                                        "but 100 ms from the change"          },
        {3100, TICK,               "serving 2 DU",
          "tell lost 1, disconnect 1 (ping timeout), promote 2 (ping timeout), tell promoted 2", "are"                                 },
        {5000, TICK,               "serving 2 DU",   "ping 2",                                  "the next"                            },
        {5050, SETTINGS(&longer),  "serving 2 DU",   "",                                        "a longer one is good for it, too"    },
        {7999, TICK,               "serving 2 DU",   "",                                        "3000 ms from its sending"            },
        {8000, TICK,               "searching 0 DD", NULL,                                      "are a miss"                          },
    };

    (void)state;
    before.reconnect_interval_ms = 100000;
    shorter = longer = before;
    shorter.ping_timeout_ms = 100;
    longer.ping_timeout_ms = 3000;
    table_play(&before, rows, COUNT_OF(rows));
}

/* A long call had excused a ping; without grace it has one timeout from then on. */
static void busy_grace(void **state)
{
    struct rm_failover_settings before = changed(RM_MODE_WARM), none = before, more = before;
    const struct row rows[] = {
        FIT_PAIR,
        {2400, BUSY(1),         "serving 1 UU", "",               "a long call"         },
        {2500, TICK,            "serving 1 UU", "ping 1, ping 2", "pings"               },
        {2550, ANSWERED(2),     "serving 1 UU", "",               "the standby is well" },
        {4500, SETTINGS(&none), "serving 1 UU", "",               "2000 ms were excused"},
        {5000, TICK,            "serving 1 UU", "ping 2",         "the standby's next"  },
        {5050, ANSWERED(2),     "serving 1 UU", "",               "well"                },
        {5300, SETTINGS(&more), "serving 1 UU", "",               "grace again"         },
        {5500, TICK,            "serving 1 UU", "",               "excuses it"          },
        {5600, SETTINGS(&none), "serving 1 UU", "",               "and no more"         },
        {6599, TICK,            "serving 1 UU", "",               "one timeout"         },
        {6600, TICK,            "serving 2 DU", NULL,             "and it is missed"    },
    };

    (void)state;
    none.busy_grace_ms = 0;
    more.busy_grace_ms = 8000;
    table_play(&before, rows, COUNT_OF(rows));
}

static void connect_and_reconnect(void **state)
{
    struct rm_failover_settings before = changed(RM_MODE_WARM), quick = before, slow = before;
    const struct row rows[] = {
        {0,     START,            "starting 0 CC", "connect 1, connect 2",                          "start"      },
        {0,     CONNECTED(1),     "serving 1 UC",  NULL,                                            "primary"    },
        {0,     ANSWERED(1),      "serving 1 UC",  "",                                              "answers"    },
        {20000, SETTINGS(&quick), "serving 1 UC",  NULL,                                            "20 s"       },
        {21999, TICK,             "serving 1 UC",  NULL,                                            "2 s more"   },
        {22000, TICK,             "serving 1 UD",  "tell refused 2, disconnect 2 (connect failed)",
         "the attempt has failed"                                                                                },
        {22099, TICK,             "serving 1 UD",  "",                                              "soon"       },
        {22100, TICK,             "serving 1 UC",  "connect 2",                                     "again"      },
        {22200, REFUSED(2),       "serving 1 UD",  "disconnect 2 (connect failed)",                 "no"         },
        {22250, SETTINGS(&slow),  "serving 1 UD",  "",                                              "the rest"   },
        {32199, TICK,             "serving 1 UD",  NULL,                                            "grows, too" },
        {32200, TICK,             "serving 1 UC",  "connect 2",                                     "10 s in all"},
    };

    (void)state;
    before.ping_interval_ms = before.ping_timeout_ms = 100000000;
    quick = slow = before;
    quick.connect_timeout_ms = 2000;
    quick.reconnect_interval_ms = 100;
    table_play(&before, rows, COUNT_OF(rows));
}

/* Evidence that did not yet count needs one more fact; what counted, counts on. */
static void fall(void **state)
{
    struct rm_failover_settings strict = table_settings_without_pings(RM_MODE_WARM, 2);
    struct rm_failover_settings lenient = strict;
    const struct row rows[] = {
        FIT_PAIR,
        {10, CALLBACKS_SILENT(1), "serving 1 UU", "",                              "1 of 3"                       },
        {20, CALLBACKS_SILENT(1), "serving 1 UU", "",                              "2 of 3"                       },
        {30, SETTINGS(&strict),   "serving 1 UU", "",                              "no fault by the setting alone"},
        {40, CALLBACKS_SILENT(1), "serving 2 DU",
          "tell silent 1, promote 2 (callbacks silent), tell promoted 2, "
         "disconnect 1 (callbacks silent)",                                         "one more is"                  },
        {50, CALLBACKS_SILENT(2), "serving 2 DU", "tell silent 2, tell no better", "at fault"                     },
        {60, SETTINGS(&lenient),  "serving 2 DU", "",                              "and stays so, told once"      },
        {70, CALLBACKS_SILENT(2), "serving 2 DU", "",                              "not again"                    },
        {80, CALLBACKS_CAME(2),   "serving 2 DU", "",                              "until they come"              },
        {90, CALLBACKS_SILENT(2), "serving 2 DU", "",                              "1 of 3"                       },
    };

    (void)state;
    strict.fall = 1;
    lenient.fall = 3;
    table_play(&lenient, rows, COUNT_OF(rows));
}

/* A missed ping is no loss by a smaller `fall` either, but the next is. */
static void fall_of_pings(void **state)
{
    struct rm_failover_settings lenient = changed(RM_MODE_WARM), strict = lenient;
    const struct row rows[] = {
        FIT_PAIR,
        {2500, TICK,              "serving 1 UU", "ping 1, ping 2", "pings"                       },
        {2550, ANSWERED(2),       "serving 1 UU", "",               "well"                        },
        {3500, TICK,              "serving 1 UU", "",               "1 of 3"                      },
        {3600, SETTINGS(&strict), "serving 1 UU", "",               "no loss"                     },
        {5000, TICK,              "serving 1 UU", "ping 2",         "the standby's next"          },
        {5050, ANSWERED(2),       "serving 1 UU", "",               "well"                        },
        {6000, TICK,              "serving 2 DU", NULL,             "one interval after the first"},
    };

    (void)state;
    lenient.fall = 3;
    strict.fall = 1;
    table_play(&lenient, rows, COUNT_OF(rows));
}

/* The delay counts from when the machine was well, and a doubled one is over. */
static void return_delay(void **state)
{
    struct rm_failover_settings before = table_settings_without_pings(RM_MODE_WARM, 2);
    struct rm_failover_settings shorter = before, best = before;
    const struct row rows[] = {
        {0,     START,              "starting 0 CC", NULL,                                  "start"                                 },
        {0,     REFUSED(1),         "starting 0 DC", NULL,                                  "primary away"                          },
        {0,     CONNECTED(2),       "serving 2 DU",  NULL,                                  "secondary"                             },
        {0,     ANSWERED(2),        "serving 2 DU",  "",                                    "runs"                                  },
        {10000, TICK,               "serving 2 CU",  "connect 1",                           "again"                                 },
        {10100, CONNECTED(1),       "serving 2 UU",  NULL,                                  "is there"                              },
        {10100, READY(1),           "serving 2 UU",  NULL,                                  "ready"                                 },
        {10100, ANSWERED(1),        "serving 2 UU",  NULL,                                  "and well"                              },
        {12000, SETTINGS(&best),    "serving 2 UU",  NULL,                                  "another policy alone doesn't hasten it"},
        {12500, SETTINGS(&before),  "serving 2 UU",  NULL,                                  "nor back"                              },
        {13000, SETTINGS(&shorter), "serving 1 UU",  "promote 1 (return), tell promoted 1",
         "2 s are over"                                                                                                             },
    };

    (void)state;
    before.rise = shorter.rise = best.rise = 1;
    best.return_policy = RM_RETURN_BEST;
    shorter.return_delay_ms = 2000;
    table_play(&before, rows, COUNT_OF(rows));
}

/* Who is allowed to return is judged anew. */
static void policy(void **state)
{
    struct rm_failover_settings stay = table_settings_without_pings(RM_MODE_HOT, 2);
    struct rm_failover_settings primary = stay, choosy = stay;
    const struct row rows[] = {
        {0,     START,              "starting 0 CC", NULL,                                  "start"       },
        {0,     REFUSED(1),         "starting 0 DC", NULL,                                  "primary away"},
        {0,     CONNECTED(2),       "serving 2 DU",  NULL,                                  "secondary"   },
        {0,     ANSWERED(2),        "serving 2 DU",  "",                                    "runs"        },
        {10000, TICK,               "serving 2 CU",  "connect 1",                           "again"       },
        {10100, CONNECTED(1),       "serving 2 UU",  NULL,                                  "is there"    },
        {10100, READY(1),           "serving 2 UU",  NULL,                                  "ready"       },
        {10100, HALF_OF_ITEMS(1),   "serving 2 UU",  NULL,                                  "in half"     },
        {10100, ANSWERED(1),        "serving 2 UU",  NULL,                                  "well"        },
        {20000, TICK,               "serving 2 UU",  NULL,                                  "stays"       },
        {20100, SETTINGS(&choosy),  "serving 2 UU",  "",                                    "half is few" },
        {20200, SETTINGS(&primary), "serving 2 UU",  "",                                    "half will do"},
        {25199, TICK,               "serving 2 UU",  "",                                    "well since"  },
        {25200, TICK,               "serving 1 UU",  "promote 1 (return), tell promoted 1", "back"        },
    };

    (void)state;
    stay.rise = primary.rise = choosy.rise = 1;
    stay.return_policy = RM_RETURN_STAY;
    choosy.ready_percent = 80;
    table_play(&stay, rows, COUNT_OF(rows));
}

static void acknowledge(void **state)
{
    struct rm_failover_settings none = table_settings_without_pings(RM_MODE_WARM, 2);
    struct rm_failover_settings writes = none, returns = none;
    const struct row rows[] = {
        FIT_PAIR,
        {10, LOST(1),            "serving 2 DU",
          "tell lost 1, disconnect 1 (transport lost), promote 2 (transport lost), tell promoted 2, "
         "tell acknowledge 2",                                      "the return waits for an operator"},
        {20, SETTINGS(&writes),  "serving 2 DU", "hold writes",    "now writes do"                   },
        {30, SETTINGS(&returns), "serving 2 DU", "release writes", "and now they don't"              },
        {40, SETTINGS(&none),    "serving 2 DU", "",               "nobody waits"                    },
        {50, SETTINGS(&writes),  "serving 2 DU", "",               "for what was before"             },
    };

    (void)state;
    writes.acknowledge = RM_ACKNOWLEDGE_WRITES;
    returns.acknowledge = RM_ACKNOWLEDGE_RETURN;
    table_play(&returns, rows, COUNT_OF(rows));
}

static void linked(void **state)
{
    struct rm_failover_settings together = table_settings_without_pings(RM_MODE_WARM, 2);
    struct rm_failover_settings alone = together;
    const struct row rows[] = {
        FIT_PAIR,
        {10,   LINKED(2),           "serving 2 UU", "promote 2 (with the others), tell promoted 2", "follows"                    },
        {9000, TICK,                "serving 2 UU", "",                                             "the return is the partners'"},
        {9010, SETTINGS(&alone),    "serving 1 UU", "promote 1 (return), tell promoted 1",
          "alone it is its own"                                                                                                   },
        {9020, LINKED(2),           "serving 1 UU", "",                                             "alone"                      },
        {9030, SETTINGS(&together), "serving 1 UU", "",                                             "again"                      },
        {9040, LINKED(2),           "serving 2 UU", "promote 2 (with the others), tell promoted 2",
          "follows"                                                                                                               },
    };

    (void)state;
    together.rise = alone.rise = 1;
    together.is_linked = true;
    table_play(&together, rows, COUNT_OF(rows));
}

static void cold_to_warm_and_back(void **state)
{
    struct rm_failover_settings cold = table_settings_without_pings(RM_MODE_COLD, 3);
    struct rm_failover_settings warm = cold, hot = cold;
    const struct row rows[] = {
        {0,  START,           "starting 0 CDD",  "connect 1",                                             "start"                   },
        {0,  CONNECTED(1),    "serving 1 UDD",   NULL,                                                    "one machine"             },
        {0,  ANSWERED(1),     "serving 1 UDD",   "",                                                      "runs"                    },
        {10, SETTINGS(&warm), "serving 1 UCC",   "connect 2, connect 3",                                  "the others are connected"},
        {20, CONNECTED(2),    "serving 1 UUC",   "tell connected 2, ping 2",                              "one is there"            },
        {30, SETTINGS(&hot),  "serving 1 UUC",   "",                                                      "hot is as good"          },
        {40, SETTINGS(&cold), "serving 1 UDD",
         "tell disconnected 2, disconnect 2 (settings), disconnect 3 (settings)",                         "the active one stays"    },
        {50, LOST(1),         "searching 0 DCD", "tell lost 1, disconnect 1 (transport lost), connect 2",
         "who was released is tried at once"                                                                                        },
        {60, CONNECTED(2),    "serving 2 DUD",   NULL,                                                    "and found"               },
    };

    (void)state;
    warm.mode = RM_MODE_WARM;
    hot.mode = RM_MODE_HOT;
    table_play(&cold, rows, COUNT_OF(rows));
}

/* An active machine at fault is not left for one that was known to be no better. */
static void cold_with_a_fault(void **state)
{
    struct rm_failover_settings warm = table_settings_without_pings(RM_MODE_WARM, 2), cold = warm;
    const struct row rows[] = {
        FIT_PAIR,
        {10, IN_ERROR(2),         "serving 1 UU", "",                                             "the standby is bad"},
        {20, CALLBACKS_SILENT(1), "serving 1 UU", "tell silent 1, tell no better",                "both"              },
        {30, SETTINGS(&cold),     "serving 1 UD", "tell disconnected 2, disconnect 2 (settings)",
          "stays"                                                                                                      },
        {40, TICK,                "serving 1 UD", NULL,                                           "and stays"         },
    };

    (void)state;
    cold.mode = RM_MODE_COLD;
    table_play(&warm, rows, COUNT_OF(rows));
}

/* Partners that could not be followed are not followed by breaking a link that works. */
static void cold_with_partners(void **state)
{
    struct rm_failover_settings warm = table_settings_without_pings(RM_MODE_WARM, 2), cold = warm;
    const struct row rows[] = {
        {0,  START,           "starting 0 CC",  NULL,                      "start"          },
        {0,  CONNECTED(1),    "serving 1 UC",   NULL,                      "primary"        },
        {10, LINKED(2),       "serving 1 UC",   "tell split 2",            "can't follow"   },
        {20, SETTINGS(&cold), "serving 1 UD",   "disconnect 2 (settings)", "stays"          },
        {30, LINKED(2),       "searching 0 DC", NULL,                      "told anew: goes"},
    };

    (void)state;
    warm.is_linked = cold.is_linked = true;
    cold.mode = RM_MODE_COLD;
    table_play(&warm, rows, COUNT_OF(rows));
}

/* Without an active machine: cold mode keeps one, and the start and the search go on. */
static void mode_without_an_active_machine(void **state)
{
    struct rm_failover_settings warm = table_settings_without_pings(RM_MODE_WARM, 3), cold = warm;
    const struct row start[] = {
        {0,  START,           "starting 0 CCC", NULL,                                            "start"   },
        {5,  CONNECTED(3),    "starting 0 CCU", NULL,                                            "waits"   },
        {10, SETTINGS(&cold), "serving 3 DDU",
         "disconnect 1 (settings), disconnect 2 (settings), promote 3 (start), tell promoted 3", "keeps it"},
    };
    const struct row search[] = {
        {0,  START,           "starting 0 CCC",  NULL,                      "start"   },
        {0,  CONNECTED(1),    "serving 1 UCC",   NULL,                      "primary" },
        {10, LOST(1),         "searching 0 DCC", NULL,                      "lost"    },
        {20, SETTINGS(&cold), "searching 0 DCD", "disconnect 3 (settings)", "one"     },
        {30, REFUSED(2),      "searching 0 DDC",
         "tell refused 2, disconnect 2 (connect failed), "
         "connect 3",                                                       "the next"},
        {40, SETTINGS(&warm), "searching 0 CCC", "connect 1, connect 2",    "all"     },
        {50, CONNECTED(1),    "serving 1 UCC",   NULL,                      "found"   },
    };

    (void)state;
    cold.mode = RM_MODE_COLD;
    table_play(&warm, start, COUNT_OF(start));
    table_play(&warm, search, COUNT_OF(search));
}

/* Decisions that are postponed for a ping timeout wait for the one that is in force. */
static void timeout_while_postponed(void **state)
{
    struct rm_failover_settings settings = table_settings(RM_MODE_WARM, 2);
    struct rm_failover_settings shorter;
    const struct row rows[] = {
        FIT_PAIR,
        {2000, TICK,               "serving 1 UU", "tell starved, ping 1, ping 2", "far too late"         },
        {2000, ANSWERED(1),        "serving 1 UU", "",                             "answered"             },
        {2000, ANSWERED(2),        "serving 1 UU", "",                             "answered"             },
        {2010, SETTINGS(&shorter), "serving 1 UU", "",                             "a tenth of it"        },
        {2200, TICK,               "serving 1 UU", "ping 1, ping 2",               "the next ones"        },
        {2210, ANSWERED(2),        "serving 1 UU", "",                             "one answers"          },
        {2300, TICK,               "serving 2 DU", NULL,                           "the other one is lost"},
    };

    (void)state;
    settings.ping_interval_ms = 200;
    shorter = settings;
    shorter.ping_timeout_ms = 100;
    table_play(&settings, rows, COUNT_OF(rows));
}

/* What doesn't fit changes nothing. */
static void not_fitting(void **state)
{
    struct rm_failover_settings settings = table_settings_without_pings(RM_MODE_WARM, 2);
    const struct rm_failover_event stop = {.kind = RM_FAILOVER_STOP};
    struct rm_failover_event event = {.kind = RM_FAILOVER_SETTINGS, .settings = settings};
    struct rm_failover_actions actions;
    struct rm_failover failover;
    const struct row rows[] = {FIT_PAIR};

    (void)state;
    rm_failover_init(&failover, &settings);
    table_run(&failover, rows, COUNT_OF(rows));
    event.settings.machine_count = 3;
    rm_failover_step(&failover, &event, 10, &actions);
    assert_int_equal(failover.ignored, 1);
    assert_int_equal(failover.settings.machine_count, 2);
    rm_failover_step(&failover, &stop, 20, &actions);
    event.settings.machine_count = 2;
    event.settings.fall = 2;
    rm_failover_step(&failover, &event, 30, &actions);
    assert_int_equal(failover.ignored, 2);
    assert_int_equal(failover.settings.fall, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ping_interval),
        cmocka_unit_test(ping_timeout),
        cmocka_unit_test(busy_grace),
        cmocka_unit_test(connect_and_reconnect),
        cmocka_unit_test(fall),
        cmocka_unit_test(fall_of_pings),
        cmocka_unit_test(return_delay),
        cmocka_unit_test(policy),
        cmocka_unit_test(acknowledge),
        cmocka_unit_test(linked),
        cmocka_unit_test(cold_to_warm_and_back),
        cmocka_unit_test(cold_with_a_fault),
        cmocka_unit_test(cold_with_partners),
        cmocka_unit_test(mode_without_an_active_machine),
        cmocka_unit_test(timeout_while_postponed),
        cmocka_unit_test(not_fitting),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
