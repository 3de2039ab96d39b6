/* test_liveness.c: when a subscription counts as silent, and what is asked before (rm/liveness.h).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <rm/liveness.h>

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

enum act
{
    LOOK,    /* nothing was delivered */
    HEAR,    /* something was */
    IDLE,    /* it should not deliver */
    BUSY,    /* a long call is out */
    HELD,    /* the client keeps a callback */
    ASK,     /* the call for a refresh goes out */
    SENT,    /* ... and comes back well */
    REFUSED, /* ... is refused; or there is nothing to ask for */
    UNKNOWN, /* ... nobody is to get callbacks */
    DEMAND   /* the machine was promoted */
};

struct row
{
    uint64_t now_ms;
    enum act act;
    enum rm_liveness_phase phase; /* after it */
    enum rm_liveness_news news;
    const char *what;
};

/* Callbacks come on threads of ours: nothing is between. */
#define AT_ONCE UINT64_MAX

static const struct rm_liveness_terms terms = {
    .check_ms = 10000, .timeout_ms = 1000, .busy_grace_ms = 5000};
static const struct rm_liveness_view da2 = {
    .should_deliver = true, .rate_ms = 500, .through_ms = AT_ONCE};

static void play_on(struct rm_liveness *watch, const struct rm_liveness_view *as_is,
                    const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
    {
        const struct row *row = &rows[i];
        struct rm_liveness_view view = *as_is;
        enum rm_liveness_news news = RM_LIVENESS_NO_NEWS;

        switch (row->act)
        {
        case HEAR: view.has_delivered = true; break;
        case IDLE: view.should_deliver = false; break;
        case BUSY: view.is_busy = true; break;
        case HELD: view.is_held_up = true; break;
        case LOOK:
        case ASK:
        case SENT:
        case REFUSED:
        case UNKNOWN:
        case DEMAND: break;
        }
        if (row->act == ASK)
        {
            assert_true(rm_liveness_is_wanted(watch));
            rm_liveness_ask(watch, &terms, row->now_ms);
        }
        else if (row->act == SENT)
            rm_liveness_answer(watch, &terms, &view, RM_LIVENESS_SENT, row->now_ms);
        else if (row->act == REFUSED)
            rm_liveness_answer(watch, &terms, &view, RM_LIVENESS_REFUSED, row->now_ms);
        else if (row->act == UNKNOWN)
            rm_liveness_answer(watch, &terms, &view, RM_LIVENESS_UNKNOWN, row->now_ms);
        else if (row->act == DEMAND)
            rm_liveness_demand(watch);
        else
            news = rm_liveness_look(watch, &terms, &view, row->now_ms);
        if (watch->phase != row->phase || news != row->news)
            fail_msg("row %u, %s: phase %d, news %d", (unsigned)i, row->what, (int)watch->phase,
                     (int)news);
    }
}

static void play(const struct rm_liveness_view *view, const struct row *rows, size_t count)
{
    struct rm_liveness watch = {.phase = RM_LIVENESS_IDLE};

    play_on(&watch, view, rows, count);
}

/* The formatter would align the rows of tables far beyond 100 columns. */
/* clang-format off */

#define QUIET_SINCE_100                                                                            \
    {0, LOOK, RM_LIVENESS_FIRST, RM_LIVENESS_NO_NEWS, "it begins"},                                \
    {100, HEAR, RM_LIVENESS_QUIET, RM_LIVENESS_NO_NEWS, "and delivers"}

#define ASKED_SINCE_10102                                                                          \
    QUIET_SINCE_100,                                                                               \
    {10100, LOOK, RM_LIVENESS_WANTED, RM_LIVENESS_NO_NEWS, "the check is due"},                    \
    {10101, ASK, RM_LIVENESS_ASKING, RM_LIVENESS_NO_NEWS, "the call goes out"},                    \
    {10102, SENT, RM_LIVENESS_ASKED, RM_LIVENESS_NO_NEWS, "and comes back"}

static void nothing_is_asked_while_data_comes(void **state)
{
    static const struct row rows[] = {
        QUIET_SINCE_100,
        {10099, LOOK, RM_LIVENESS_QUIET, RM_LIVENESS_NO_NEWS, "within the check interval"},
        {10100, HEAR, RM_LIVENESS_QUIET, RM_LIVENESS_NO_NEWS, "in its last moment"},
        {20099, LOOK, RM_LIVENESS_QUIET, RM_LIVENESS_NO_NEWS, "counted from there"},
        {20100, LOOK, RM_LIVENESS_WANTED, RM_LIVENESS_NO_NEWS, "not for ever"},
        {20101, HEAR, RM_LIVENESS_QUIET, RM_LIVENESS_NO_NEWS, "before its turn has come"},
    };

    (void)state;
    play(&da2, rows, COUNT_OF(rows));
}

static void a_question_that_is_not_answered_is_silence(void **state)
{
    static const struct row rows[] = {
        ASKED_SINCE_10102,
        {11101, LOOK, RM_LIVENESS_ASKED, RM_LIVENESS_NO_NEWS, "within the timeout"},
        {11102, LOOK, RM_LIVENESS_WANTED, RM_LIVENESS_SILENT, "C-05: silent; asked again at once"},
        {11110, ASK, RM_LIVENESS_ASKING, RM_LIVENESS_NO_NEWS, ""},
        {11111, SENT, RM_LIVENESS_ASKED, RM_LIVENESS_NO_NEWS, ""},
        {12110, LOOK, RM_LIVENESS_ASKED, RM_LIVENESS_NO_NEWS, ""},
        {12111, LOOK, RM_LIVENESS_WANTED, RM_LIVENESS_SILENT, "each question counts (fall)"},
        {12120, HEAR, RM_LIVENESS_QUIET, RM_LIVENESS_WELL, "told once"},
        {12130, HEAR, RM_LIVENESS_QUIET, RM_LIVENESS_NO_NEWS, "not again"},
    };

    (void)state;
    play(&da2, rows, COUNT_OF(rows));
}

static void an_answered_one_is_none(void **state)
{
    static const struct row rows[] = {
        ASKED_SINCE_10102,
        {10110, HEAR, RM_LIVENESS_QUIET, RM_LIVENESS_NO_NEWS, "values that do not change"},
        {20109, LOOK, RM_LIVENESS_QUIET, RM_LIVENESS_NO_NEWS, "the next check an interval later"},
        {20110, LOOK, RM_LIVENESS_WANTED, RM_LIVENESS_NO_NEWS, ""},
        {20111, ASK, RM_LIVENESS_ASKING, RM_LIVENESS_NO_NEWS, ""},
        {20112, HEAR, RM_LIVENESS_QUIET, RM_LIVENESS_NO_NEWS, "quicker than the call's return"},
        {20113, SENT, RM_LIVENESS_QUIET, RM_LIVENESS_NO_NEWS, "which says nothing then"},
    };

    (void)state;
    play(&da2, rows, COUNT_OF(rows));
}

static void a_first_callback_is_demanded(void **state)
{
    static const struct row rows[] = {
        {0, LOOK, RM_LIVENESS_FIRST, RM_LIVENESS_NO_NEWS, "activated just now"},
        {1499, LOOK, RM_LIVENESS_FIRST, RM_LIVENESS_NO_NEWS, "rate + timeout"},
        {1500, LOOK, RM_LIVENESS_WANTED, RM_LIVENESS_NO_NEWS, "C-04: one refresh"},
        {1501, ASK, RM_LIVENESS_ASKING, RM_LIVENESS_NO_NEWS, ""},
        {1502, SENT, RM_LIVENESS_ASKED, RM_LIVENESS_NO_NEWS, ""},
        {2502, LOOK, RM_LIVENESS_WANTED, RM_LIVENESS_SILENT, "then silence"},
        {2510, HEAR, RM_LIVENESS_QUIET, RM_LIVENESS_WELL, "and it begins after all"},
        {3000, DEMAND, RM_LIVENESS_IDLE, RM_LIVENESS_NO_NEWS, "a promotion"},
        {3001, LOOK, RM_LIVENESS_FIRST, RM_LIVENESS_NO_NEWS, "demands it anew"},
        {4501, LOOK, RM_LIVENESS_WANTED, RM_LIVENESS_NO_NEWS, ""},
    };

    (void)state;
    play(&da2, rows, COUNT_OF(rows));
}

static void what_should_not_deliver_is_not_asked(void **state)
{
    static const struct row rows[] = {
        {0, IDLE, RM_LIVENESS_IDLE, RM_LIVENESS_NO_NEWS, "a warm standby's group"},
        {90000, IDLE, RM_LIVENESS_IDLE, RM_LIVENESS_NO_NEWS, ""},
        {90001, LOOK, RM_LIVENESS_FIRST, RM_LIVENESS_NO_NEWS, "promoted"},
        {91501, LOOK, RM_LIVENESS_WANTED, RM_LIVENESS_NO_NEWS, ""},
        {91502, ASK, RM_LIVENESS_ASKING, RM_LIVENESS_NO_NEWS, ""},
        {92502, LOOK, RM_LIVENESS_ASKING, RM_LIVENESS_SILENT, "even the call is not answered"},
        {93502, LOOK, RM_LIVENESS_ASKING, RM_LIVENESS_SILENT, "no second one goes out meanwhile"},
        {93503, IDLE, RM_LIVENESS_IDLE, RM_LIVENESS_WELL, "inactive: as good as well"},
        {93504, SENT, RM_LIVENESS_IDLE, RM_LIVENESS_NO_NEWS, "nobody waits for that any more"},
    };

    (void)state;
    play(&da2, rows, COUNT_OF(rows));
}

static void a_refusal_is_no_silence(void **state)
{
    static const struct row rows[] = {
        QUIET_SINCE_100,
        {10100, LOOK, RM_LIVENESS_WANTED, RM_LIVENESS_NO_NEWS, ""},
        {10101, REFUSED, RM_LIVENESS_QUIET, RM_LIVENESS_NO_NEWS, "nothing to ask for: no active item"},
        {20101, LOOK, RM_LIVENESS_WANTED, RM_LIVENESS_NO_NEWS, "looked at again later"},
        {20102, ASK, RM_LIVENESS_ASKING, RM_LIVENESS_NO_NEWS, ""},
        {20103, REFUSED, RM_LIVENESS_QUIET, RM_LIVENESS_NO_NEWS, "the machine's E_FAIL"},
        {30103, LOOK, RM_LIVENESS_WANTED, RM_LIVENESS_NO_NEWS, ""},
        {30104, ASK, RM_LIVENESS_ASKING, RM_LIVENESS_NO_NEWS, ""},
        {30105, UNKNOWN, RM_LIVENESS_ASKED, RM_LIVENESS_NO_NEWS, "it has lost our sink"},
        {30106, LOOK, RM_LIVENESS_WANTED, RM_LIVENESS_SILENT, "that is silence at once"},
        {30107, REFUSED, RM_LIVENESS_QUIET, RM_LIVENESS_NO_NEWS, "there is nothing any more that should come"},
        {30108, HEAR, RM_LIVENESS_QUIET, RM_LIVENESS_NO_NEWS, "so it was not silent any more"},
    };

    (void)state;
    play(&da2, rows, COUNT_OF(rows));
}

static void a_long_call_excuses_for_a_while(void **state)
{
    static const struct row ends[] = {
        ASKED_SINCE_10102,
        {11102, BUSY, RM_LIVENESS_ASKED, RM_LIVENESS_NO_NEWS, "one thread can't do both"},
        {12000, BUSY, RM_LIVENESS_ASKED, RM_LIVENESS_NO_NEWS, "the last moment of the call"},
        {12999, LOOK, RM_LIVENESS_ASKED, RM_LIVENESS_NO_NEWS, "a timeout from its end"},
        {13000, LOOK, RM_LIVENESS_WANTED, RM_LIVENESS_SILENT, "not more"},
    };
    static const struct row lasts[] = {
        ASKED_SINCE_10102,
        {15000, BUSY, RM_LIVENESS_ASKED, RM_LIVENESS_NO_NEWS, "within the grace"},
        {15101, BUSY, RM_LIVENESS_ASKED, RM_LIVENESS_NO_NEWS, "it is over, but for the timeout"},
        {16000, BUSY, RM_LIVENESS_WANTED, RM_LIVENESS_SILENT, "no call excuses for ever"},
    };

    (void)state;
    play(&da2, ends, COUNT_OF(ends));
    play(&da2, lasts, COUNT_OF(lasts));
}

static void a_client_that_keeps_callbacks_is_no_silent_machine(void **state)
{
    static const struct row rows[] = {
        ASKED_SINCE_10102,
        {11102, HELD, RM_LIVENESS_ASKED, RM_LIVENESS_NO_NEWS, "the client is in a callback"},
        {99000, HELD, RM_LIVENESS_ASKED, RM_LIVENESS_NO_NEWS, "for however long"},
        {99999, LOOK, RM_LIVENESS_ASKED, RM_LIVENESS_NO_NEWS, "a timeout from its return"},
        {100000, LOOK, RM_LIVENESS_WANTED, RM_LIVENESS_SILENT, ""},
    };

    (void)state;
    play(&da2, rows, COUNT_OF(rows));
}

/* Where callbacks come in the client's own apartment. */
static void what_is_held_up_unseen_is_no_silence(void **state)
{
    struct rm_liveness_view view = da2;
    struct rm_liveness watch = {.phase = RM_LIVENESS_IDLE};
    static const struct row late[] = {
        ASKED_SINCE_10102,
        {11102, LOOK, RM_LIVENESS_TRYING, RM_LIVENESS_NO_NEWS, "late: is it the client's thread?"},
        {60000, LOOK, RM_LIVENESS_TRYING, RM_LIVENESS_NO_NEWS, "which handles no messages"},
    };
    static const struct row early[] = {
        {60001, LOOK, RM_LIVENESS_TRYING, RM_LIVENESS_NO_NEWS, "what came through was too early"},
    };
    static const struct row through[] = {
        {60002, LOOK, RM_LIVENESS_WANTED, RM_LIVENESS_SILENT, "behind it nothing can have come"},
    };

    (void)state;
    view.through_ms = 0;
    play_on(&watch, &view, late, COUNT_OF(late));
    view.through_ms = 11101;
    play_on(&watch, &view, early, COUNT_OF(early));
    view.through_ms = 11102;
    play_on(&watch, &view, through, COUNT_OF(through));
}
/* clang-format on */

/* From a callback until the machine is asked. */
static uint64_t quiet_of(const struct rm_liveness_terms *of, const struct rm_liveness_view *view)
{
    struct rm_liveness watch = {.phase = RM_LIVENESS_IDLE};
    struct rm_liveness_view heard = *view;

    heard.has_delivered = true;
    rm_liveness_look(&watch, of, &heard, 1000);
    assert_int_equal(watch.phase, RM_LIVENESS_QUIET);
    rm_liveness_look(&watch, of, view, rm_liveness_due(&watch) - 1);
    assert_int_equal(watch.phase, RM_LIVENESS_QUIET);
    rm_liveness_look(&watch, of, view, watch.due_ms);
    assert_int_equal(watch.phase, RM_LIVENESS_WANTED);
    return watch.due_ms - 1000;
}

static void the_quiet_time_follows_rate_and_keep_alive(void **state)
{
    static const struct
    {
        uint32_t rate_ms, client_ms, own_ms;
        uint64_t quiet_ms;
    } cases[] = {
        {500,        0,          0,     10000      }, /* 2.05a */
        {60000,      0,          0,     61000      }, /* never more often than its rate */
        {UINT32_MAX, 0,          0,     4294968295 },
        {60000,      0,          6666,  10000      }, /* 3.0 tells of itself */
        {500,        0,          20000, 30000      }, /* revised by the machine */
        {500,        200,        0,     300        }, /* the client's own */
        {500,        60000,      0,     90000      }, /* its callbacks must not be pushed away */
        {500,        UINT32_MAX, 0,     6442450942u},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
    {
        struct rm_liveness_view view = da2;

        view.rate_ms = cases[i].rate_ms;
        view.client_keep_alive_ms = cases[i].client_ms;
        view.own_keep_alive_ms = cases[i].own_ms;
        assert_int_equal(quiet_of(&terms, &view), cases[i].quiet_ms);
    }
}

static void a_setting_of_0_watches_nothing(void **state)
{
    struct rm_liveness_terms off = terms;
    struct rm_liveness watch = {.phase = RM_LIVENESS_IDLE};

    (void)state;
    off.check_ms = 0;
    assert_int_equal(rm_liveness_keep_alive(&off), 0);
    for (uint64_t now_ms = 0; now_ms < 100000; now_ms += 1000)
    {
        assert_int_equal(rm_liveness_look(&watch, &off, &da2, now_ms), RM_LIVENESS_NO_NEWS);
        assert_int_equal(watch.phase, RM_LIVENESS_IDLE);
        assert_true(rm_liveness_due(&watch) == UINT64_MAX);
    }
}

static void a_short_check_is_lengthened(void **state)
{
    struct rm_liveness_terms hasty = {.check_ms = 1, .timeout_ms = 50};
    struct rm_liveness_view view = da2;

    (void)state;
    view.rate_ms = 0;
    assert_int_equal(quiet_of(&hasty, &view), RM_LIVENESS_CHECK_MIN_MS);
    assert_int_equal(rm_liveness_keep_alive(&hasty), RM_LIVENESS_CHECK_MIN_MS * 2 / 3);
    assert_int_equal(rm_liveness_keep_alive(&terms), 6666);
}

/* Many groups have their turns one after the other, and each has one in time. */
static void turns_are_spread(void **state)
{
    (void)state;
    assert_int_equal(rm_liveness_turns(&terms, 1, 250), 1);
    assert_int_equal(rm_liveness_turns(&terms, 100, 250), 3);
    assert_int_equal(rm_liveness_turns(&terms, 65536, 250), 1639);
    assert_true(rm_liveness_turns(&terms, 1000, 250) * (terms.check_ms / 250) >= 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_asked_while_data_comes),
        cmocka_unit_test(a_question_that_is_not_answered_is_silence),
        cmocka_unit_test(an_answered_one_is_none),
        cmocka_unit_test(a_first_callback_is_demanded),
        cmocka_unit_test(what_should_not_deliver_is_not_asked),
        cmocka_unit_test(a_refusal_is_no_silence),
        cmocka_unit_test(a_long_call_excuses_for_a_while),
        cmocka_unit_test(a_client_that_keeps_callbacks_is_no_silent_machine),
        cmocka_unit_test(what_is_held_up_unseen_is_no_silence),
        cmocka_unit_test(the_quiet_time_follows_rate_and_keep_alive),
        cmocka_unit_test(a_setting_of_0_watches_nothing),
        cmocka_unit_test(a_short_check_is_lengthened),
        cmocka_unit_test(turns_are_spread),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
