/* test_standby_rules.c: what of a standby's data is kept (rm/standby_buffer.h), rule by rule. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>

#include "standby_stage.h"

static const struct stage_row plain;

/* clang-format off */
static const struct stage_row rows[] = {
    {.shows = "nothing was forwarded yet: everything is owed",
     .play = "S1@0:0 S2@100:100", .left = "1@0 2@100"},
    {.shows = "the same update, out of phase, is no news",
     .play = "F1@0:0 S1@40:45", .left = ""},
    {.shows = "the same at the edge of half a period and the clocks' error",
     .play = "F1@0:0 S1@51:60", .left = "", .error_ms = 1},
    {.shows = "an equal value just beyond: in doubt it is owed",
     .play = "F1@0:0 S1@52:60", .left = "1@52", .error_ms = 1},
    {.shows = "the standby is ahead by one update",
     .play = "F1@0:0 S2@100:100", .left = "2@100"},
    {.shows = "ahead, and the active machine catches up",
     .play = "F1@0:0 S2@100:100 F2@95:105", .left = ""},
    {.shows = "ahead by three, and the active machine catches up with the second",
     .play = "F1@0:0 S2@100:100 S3@200:200 S4@300:300 F3@190:310", .left = "4@300"},
    {.shows = "the standby is behind: what it sends is older",
     .play = "F2@200:200 S1@130:205", .left = ""},
    {.shows = "older than what the client got meanwhile, if never the same",
     .play = "F1@0:0 S3@100:100 F5@190:200", .left = ""},
    {.shows = "what was owed is void when the standby turns out to be behind",
     .play = "F1@0:0 S2@100:100 F3@400:400 S2@150:420", .left = ""},
    {.shows = "the same with an equal one: the standby's order counts, not its time stamps",
     .play = "F1@200:200 S2@250:250 S1@100:260", .left = ""},
    {.shows = "0 1 0 1: what came back is owed with what was between",
     .play = "F0@0:0 S1@100:100 S0@200:200 S1@300:300", .left = "1@100 0@200 1@300"},
    {.shows = "0 1 0 1: the active machine catches up with the first 1 only",
     .play = "F0@0:0 S1@100:100 S0@200:200 S1@300:300 F1@95:310", .left = "0@200 1@300"},
    {.shows = "0 1 0 1: it catches up with the second 1, which makes void what stayed in between",
     .play = "F0@0:0 S1@100:100 S0@200:200 S1@300:300 F1@295:310", .left = ""},
    {.shows = "came back with clocks that are hardly known: something was between",
     .play = "F0@0:0 S1@100:100 S0@200:200", .left = "1@100 0@200", .error_ms = 180},
    {.shows = "the same where the forwarded one comes late: the first that fits is meant",
     .play = "F0@0:0 S1@100:100 S0@200:200 S1@300:300 F1@95:310", .left = "0@200 1@300", .error_ms = 180},
    {.shows = "neither came back: nearly the same time, nothing between",
     .play = "F0@0:0 S0@200:200", .left = "", .error_ms = 180},
    {.shows = "repeats of one value that nearly fit are all the same",
     .play = "F0@0:0 S1@60:60 S1@90:90 F1@55:100", .left = ""},
    {.shows = "a constant with new time stamps is owed: a code read twice looks like that",
     .play = "F5@0:0 S5@1000:1000 S5@2000:2000", .left = "5@1000 5@2000"},
    {.shows = "not so what a standby has when it begins",
     .play = "F1@0:0 S1@5000:5000", .left = "", .is_first = true},
    {.shows = "but its second one is a change",
     .play = "F1@0:0 S1@50:50 S1@150:150", .left = "1@150", .is_first = true},
    {.shows = "what it has when it begins is not what the client has",
     .play = "F1@0:0 S2@50:50", .left = "2@50", .is_first = true},
    {.shows = "the client has got nothing yet, and the standby begins",
     .play = "S1@50:50", .left = "1@50", .is_first = true},
    {.shows = "the active machine repeats it, too",
     .play = "F5@0:0 S5@1000:1000 S5@2000:2000 F5@2010:2010", .left = ""},
    {.shows = "the very same again is kept once",
     .play = "F1@0:0 S2@100:100 S2@100:150", .left = "2@100"},
    {.shows = "quality only",
     .play = "F1@0:0 S1b@100:100", .left = "1b@100"},
    {.shows = "quality only, and the active machine tells it, too",
     .play = "F1@0:0 S1b@100:100 F1b@90:110", .left = ""},
    {.shows = "quality bad and good again, with the same value",
     .play = "F1@0:0 S1b@100:100 S1@200:200", .left = "1b@100 1@200"},
    {.shows = "the standby's clock is ahead: the same update",
     .play = "F1@0:0 S1@5010:15", .left = "", .ahead_ms = 5000, .error_ms = 1},
    {.shows = "the standby's clock is behind: a new update",
     .play = "F1@5000:0 S2@100:100", .left = "2@100", .ahead_ms = -5000, .error_ms = 1},
    {.shows = "the standby's clock is ahead: an older update",
     .play = "F2@200:200 S1@5130:205", .left = "", .ahead_ms = 5000, .error_ms = 1},
    {.shows = "older within the clocks' error: in doubt it is owed",
     .play = "F2@200:200 S1@195:205", .left = "1@195", .error_ms = 5},
    {.shows = "older by more than the clocks' error",
     .play = "F2@200:200 S1@194:205", .left = "", .error_ms = 5},

    {.shows = "device time, standby's clock ahead: learnt from the first one, the next is owed",
     .play = "F1@0:0 S1@0:5 S2@100:105", .left = "2@100", .ahead_ms = 5000, .error_ms = 1},
    {.shows = "device time, standby's clock behind: the next but one is older",
     .play = "F1@0:0 S1@0:5 F2@100:100 F3@200:200 S2@100:205", .left = "", .ahead_ms = -5000, .error_ms = 1},
    {.shows = "device time is learnt from what was in the ring",
     .play = "F1@0:0 S2@100:100 F2@100:110 S3@200:200 F4@300:300", .left = "", .ahead_ms = -5000, .error_ms = 1},
    {.shows = "device time is learnt from what was dropped as older",
     .play = "F1@0:0 S2@100:100 F2@100:110 S3@200:200", .left = "3@200", .ahead_ms = 5000, .error_ms = 1},
    {.shows = "device time: another quality bears the server's time, so its arrival decides",
     .play = "F1@5000:0 S1@5000:5 S1b@1000:105", .left = "1b@1000", .ahead_ms = -5000, .error_ms = 1},
    {.shows = "device time: arrival decides also that it is older",
     .play = "F1@5000:0 S1@5000:5 S1b@1000:105 F2@5300:206", .left = "", .ahead_ms = -5000, .error_ms = 1},
    {.shows = "time stamps that agreed by chance are found out",
     .play = "F1@0:0 S1@0:5 F2@100:100 S2@103:110 S3@170:210", .left = "3@170", .ahead_ms = -40, .error_ms = 1},
    {.shows = "time stamps that agreed by chance: what they make older is void again",
     .play = "F1@0:0 S1@0:5 F2@100:100 S2@103:110 F3@200:200 S4@150:210", .left = "4@150", .ahead_ms = -60, .error_ms = 1},
    {.shows = "clocks far apart: the device's nearly same time stamps are no chance",
     .play = "F1@0:0 S1@0:5 F2@100:100 S2@103:110 S3@170:210 F4@180:220", .left = "", .ahead_ms = -5000, .error_ms = 1},
    {.shows = "nearly the same time is in doubt",
     .play = "F2@100:100 S3@97:110", .left = "3@97", .ahead_ms = 2, .error_ms = 5},
    {.shows = "nearly the same time is in no doubt when it is the device's",
     .play = "F1@0:0 S1@0:5 F2@100:100 S3@97:110", .left = "", .ahead_ms = 2, .error_ms = 5},
    {.shows = "clocks unknown, but device time: it is older",
     .play = "F1@0:0 S1@0:5 F2@100:100 F3@200:200 S2@100:205", .left = "", .is_clock_unknown = true},

    {.shows = "clocks unknown: another value is owed, whatever its time",
     .play = "F1@5000:0 S2@100:100", .left = "2@100", .is_clock_unknown = true},
    {.shows = "clocks unknown: an equal value is no news",
     .play = "F1@0:0 S1@5000:3000", .left = "", .is_clock_unknown = true},
    {.shows = "clocks unknown: it came back, with something between",
     .play = "F1@0:0 S2@50:50 S1@150:151", .left = "2@50 1@150", .is_clock_unknown = true},
    {.shows = "clocks unknown: an equal value within a period is the same, the standby was behind",
     .play = "F1@0:0 S2@50:50 S1@100:100", .left = "", .is_clock_unknown = true},
    {.shows = "clocks unknown: one period older by arrival may still be newer",
     .play = "F1@0:0 S2@100:100 F3@200:200", .left = "2@100", .is_clock_unknown = true},
    {.shows = "clocks unknown: older than a period by arrival",
     .play = "F1@0:0 S2@100:100 F3@201:201", .left = "", .is_clock_unknown = true},
    {.shows = "clocks unknown: the very same time stamp is the same update after all",
     .play = "F1@0:0 S2@50:50 S1@0:900", .left = "", .is_clock_unknown = true},

    {.shows = "a failure of the standby only is owed",
     .play = "F1@5000:0 SE@-:100", .left = "E@-"},
    {.shows = "a failure with the same value and quality is owed, too",
     .play = "F0@0:0 SE@0:50", .left = "E@0"},
    {.shows = "the same failure of both is no news, however late",
     .play = "FE@-:0 SE@-:3000", .left = ""},
    {.shows = "the same failure again is kept once",
     .play = "F1@0:0 SE@0:100 SE@100:200", .left = "E@0"},
    {.shows = "the standby can read what the active machine can't",
     .play = "FE@-:0 S1@100:100", .left = "1@100"},
    {.shows = "a failure that was over in between is owed",
     .play = "FE@-:0 S1@100:100 SE@-:200", .left = "1@100 E@-"},
    {.shows = "a failure makes void what came more than a period earlier",
     .play = "F1@0:0 S2@100:100 FE@-:201", .left = ""},
    {.shows = "no time stamp: times of arrival are compared",
     .play = "F1@-:0 S2@-:100 S1@-:201", .left = "2@- 1@-", .ahead_ms = 5000, .error_ms = 1},
    {.shows = "no time stamp of the standby's only",
     .play = "F1@0:0 S2@-:100", .left = "2@-", .error_ms = 1},

    {.shows = "a refresh brings what the client has, with a newer time stamp: no news",
     .play = "F5@0:0 R5@9000:9000", .left = ""},
    {.shows = "a refresh brings what is owed already: once is enough",
     .play = "F5@0:0 S6@100:100 R6@3000:3000", .left = "6@100"},
    {.shows = "a refresh brings what the client has and something else was owed: it came back",
     .play = "F5@0:0 S6@100:100 R5@200:200", .left = "6@100 5@200"},
    {.shows = "what only a refresh has brought is owed, for the machine counts it as sent",
     .play = "F5@0:0 R6@3000:3000", .left = "6@3000"},
    {.shows = "a quality that only a refresh has brought",
     .play = "F5@0:0 R5b@3000:3000", .left = "5b@3000"},
    {.shows = "a refresh, and the client has got nothing yet",
     .play = "R5@3000:3000", .left = "5@3000"},

    {.shows = "older than the window when the standby sends",
     .play = "F1@0:0 S2@100:100 S3@5101:5101", .left = "3@5101"},
    {.shows = "as old as the window",
     .play = "F1@0:0 S2@100:100 S3@5100:5100", .left = "2@100 3@5100"},
    {.shows = "older than the window when the active machine's update was forwarded",
     .play = "F1@0:0 S2@100:100 S3@200:200 F4@50:5101", .left = "3@200"},
    {.shows = "an update that arrived earlier, but was forwarded later, makes nothing expire",
     .play = "F1@0:0 S3@900:900 F2@100:100", .left = "3@900"},
    {.shows = "the millisecond clock wraps: nothing is too old by that",
     .play = "F1@0:4294967290 S2@100:4294967295 S3@200:95", .left = "2@100 3@200"},
    {.shows = "the millisecond clock wraps: something is",
     .play = "F1@0:4294967290 S2@100:4294967295 S3@5100:5000", .left = "3@5100"},
    {.shows = "the millisecond clock wraps: a failure comes after what was forwarded",
     .play = "F1@0:4294967290 SE@-:95 F2@0:100", .left = "E@-"},
    {.shows = "forwarded a month ago, it is still the older one",
     .play = "F1@0:0 SE@-:2592000000", .left = "E@-"},
};
/* clang-format on */

static void each_row_holds(void **state)
{
    struct stage stage;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    {
        stage_set(&stage, &rows[i]);
        stage_play(&stage, rows[i].play);
        stage_assert_left(&stage, rows[i].left, rows[i].shows);
    }
}

static void assert_judged(const struct stage *stage, int number, long time_ms,
                          enum rm_handover verdict, bool is_behind)
{
    struct test_value value = {.number = number};
    struct rm_update update = {.value = &value,
                               .time_100ns = (STAGE_EPOCH_MS + time_ms) * STAGE_MS,
                               .arrived_ms = 300,
                               .quality = STAGE_GOOD};
    bool is_found_behind = !is_behind;

    assert_int_equal(
        rm_standby_judge(&stage->ring, &stage->terms, &stage->forwarded, &update, &is_found_behind),
        verdict);
    assert_int_equal(is_found_behind, is_behind);
}

static void a_judgement_knows_what_was_learnt(void **state)
{
    static const struct stage_row row = {.ahead_ms = 5000, .error_ms = 1};
    struct stage stage;

    (void)state;
    stage_set(&stage, &row);
    assert_judged(&stage, 2, 100, RM_HANDOVER_DELIVER, false);
    stage_play(&stage, "F1@0:0");
    assert_judged(&stage, 2, 100, RM_HANDOVER_HOLD, true);
    assert_judged(&stage, 1, 0, RM_HANDOVER_SUPPRESS, false);
    assert_judged(&stage, 2, 0, RM_HANDOVER_HOLD, true);
    stage_play(&stage, "S1@0:5");
    assert_judged(&stage, 2, 100, RM_HANDOVER_DELIVER, false);
    stage_play(&stage, "F2@100:210");
    assert_judged(&stage, 2, 100, RM_HANDOVER_SUPPRESS, false);
}

static void who_sends_an_older_one_is_behind_even_if_it_is_equal(void **state)
{
    struct stage stage;

    (void)state;
    stage_set(&stage, &plain);
    stage_play(&stage, "F1@1000:200");
    assert_judged(&stage, 1, 500, RM_HANDOVER_SUPPRESS, true);
    assert_judged(&stage, 2, 500, RM_HANDOVER_HOLD, true);
    assert_judged(&stage, 1, 1050, RM_HANDOVER_SUPPRESS, false);
    assert_judged(&stage, 1, 1051, RM_HANDOVER_DELIVER, false);
    assert_judged(&stage, 2, 1000, RM_HANDOVER_DELIVER, false);
}

/* Half an update period and the clocks' error, to the last 100 ns. */
static void the_edges_are_exact(void **state)
{
    static const struct stage_row row = {.error_ms = 1};
    static const struct
    {
        int64_t number, age_100ns;
        enum rm_handover verdict;
    } edges[] = {
        {1, (STAGE_PERIOD_MS / 2 + 1) * STAGE_MS,     RM_HANDOVER_SUPPRESS},
        {1, (STAGE_PERIOD_MS / 2 + 1) * STAGE_MS + 1, RM_HANDOVER_DELIVER },
        {2, -STAGE_MS,                                RM_HANDOVER_DELIVER },
        {2, -STAGE_MS - 1,                            RM_HANDOVER_HOLD    },
    };
    struct stage stage;

    (void)state;
    stage_set(&stage, &row);
    stage_play(&stage, "F1@0:0");
    for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++)
    {
        struct test_value value = {.number = edges[i].number};
        struct rm_update update = stage.forwarded.update;
        bool is_behind;

        update.value = &value;
        update.time_100ns += edges[i].age_100ns;
        assert_int_equal(
            rm_standby_judge(&stage.ring, &stage.terms, &stage.forwarded, &update, &is_behind),
            edges[i].verdict);
        assert_int_equal(is_behind, edges[i].verdict == RM_HANDOVER_HOLD);
    }
}

static void one_clock_unknown_is_enough(void **state)
{
    struct stage stage;

    (void)state;
    stage_set(&stage, &plain);
    stage.forwarded.skew.is_known = false;
    stage_play(&stage, "F1@5000:0 S2@100:100");
    stage.forwarded.skew.is_known = true;
    stage.terms.skew.is_known = false;
    stage_play(&stage, "S3@200:200");
    stage_assert_left(&stage, "2@100 3@200", "one clock unknown");
}

static void an_invalid_forwarded_one_makes_nothing_void(void **state)
{
    struct stage stage;

    (void)state;
    stage_set(&stage, &plain);
    stage_play(&stage, "F1@0:0 S2@100:100 F1@0:0");
    stage.got.number = 2; /* the same as is in the ring, but the client has refused it */
    stage.forwarded.update.time_100ns += 100 * STAGE_MS;
    stage.forwarded.is_valid = false;
    rm_standby_forwarded(&stage.ring, &stage.terms, &stage.forwarded);
    stage_play(&stage, "S1@200:200");
    stage_assert_left(&stage, "2@100 1@200", "invalid");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_holds),
        cmocka_unit_test(a_judgement_knows_what_was_learnt),
        cmocka_unit_test(who_sends_an_older_one_is_behind_even_if_it_is_equal),
        cmocka_unit_test(the_edges_are_exact),
        cmocka_unit_test(one_clock_unknown_is_enough),
        cmocka_unit_test(an_invalid_forwarded_one_makes_nothing_void),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
