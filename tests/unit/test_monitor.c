/* test_monitor.c: the test of monitor items, by tables of what comes and what is made of it
 * (rm/monitor.h; RM-160 .. RM-180, F-03 .. F-07). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <rm/monitor.h>

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

#define GOOD      0xC0
#define OVERRIDE  0xD8
#define UNCERTAIN 0x40
#define BAD       0x00
#define COMM_FAIL 0x18

enum act
{
    BEGIN,
    END,
    ADDED,
    REFUSED,
    CHANGE, /* quality, number */
    ARRAY,  /* a data change with an array */
    EMPTY,  /* one without a value */
    TICK
};

struct row
{
    uint64_t now_ms;
    enum act act;
    size_t item;
    uint16_t quality;
    int number;
    unsigned news;
    enum rm_verdict verdict; /* after it */
    uint32_t score;
    const char *what;
};

#define NEWS(n) RM_MONITOR_##n
#define UNKNOWN RM_VERDICT_UNKNOWN
#define FINE    RM_VERDICT_GOOD
#define ILL     RM_VERDICT_BAD

static char id[] = "Device.Item", path[] = "", zero[] = "0";

static struct rm_monitor_item item_of(enum rm_trigger trigger)
{
    struct rm_monitor_item item = {.item_id = id,
                                   .access_path = path,
                                   .rate_ms = 1000,
                                   .trigger = trigger,
                                   .comparison = RM_COMPARISON_EQUAL,
                                   .text = zero,
                                   .time_ms = 2000,
                                   .weight = 1};

    return item;
}

static unsigned carry_out(struct rm_monitor *monitor, const struct row *row)
{
    struct rm_reading reading = {.kind = RM_READING_INTEGER, .integer = row->number};

    switch (row->act)
    {
    case BEGIN: rm_monitor_begin(monitor); return RM_MONITOR_NOTHING;
    case END: rm_monitor_end(monitor); return RM_MONITOR_NOTHING;
    case ADDED: return rm_monitor_added(monitor, row->item, true, row->now_ms);
    case REFUSED: return rm_monitor_added(monitor, row->item, false, row->now_ms);
    case ARRAY: reading.kind = RM_READING_ARRAY; break;
    case EMPTY: reading.kind = RM_READING_NONE; break;
    case TICK: return rm_monitor_tick(monitor, row->now_ms);
    case CHANGE: break;
    }
    return rm_monitor_changed(monitor, row->item, row->quality, &reading, row->now_ms);
}

static void play(const struct rm_monitor_terms *terms, const struct row *rows, size_t count)
{
    struct rm_monitor monitor;

    assert_int_equal(rm_monitor_init(&monitor, terms), RM_OK);
    for (size_t i = 0; i < count; i++)
    {
        unsigned news = carry_out(&monitor, &rows[i]);

        if (news != rows[i].news || monitor.verdict != rows[i].verdict ||
            monitor.score != rows[i].score)
            fail_msg("row %zu, %s: news %u, verdict %d, score %u", i, rows[i].what, news,
                     (int)monitor.verdict, (unsigned)monitor.score);
    }
    rm_monitor_clear(&monitor);
}

#define PLAY(items, failure_count, hold, rows)                                                     \
    do                                                                                             \
    {                                                                                              \
        const struct rm_monitor_terms terms = {items, COUNT_OF(items), failure_count, hold};       \
        play(&terms, rows, COUNT_OF(rows));                                                        \
    } while (0)

/* RM-170, F-03: uncertain leaves it as it is; F-07 is the state machine's. */
static void test_bad_quality(void **state)
{
    static const struct row rows[] = {
        {0,  BEGIN,  0, 0,         0, NEWS(NOTHING), UNKNOWN, 0, "connected"                  },
        {1,  ADDED,  0, 0,         0, NEWS(NOTHING), UNKNOWN, 0, "added"                      },
        {2,  CHANGE, 0, UNCERTAIN, 0, NEWS(VERDICT), FINE,    0, "no error is known of"       },
        {3,  CHANGE, 0, BAD,       0, NEWS(VERDICT), ILL,     1, "bad"                        },
        {4,  CHANGE, 0, COMM_FAIL, 0, NEWS(NOTHING), ILL,     1, "bad with a reason"          },
        {5,  CHANGE, 0, UNCERTAIN, 0, NEWS(NOTHING), ILL,     1, "uncertain leaves the error" },
        {6,  CHANGE, 0, OVERRIDE,  0, NEWS(VERDICT), FINE,    0, "good, by hand"              },
        {7,  CHANGE, 0, UNCERTAIN, 0, NEWS(NOTHING), FINE,    0, "uncertain leaves it well"   },
        {8,  CHANGE, 0, GOOD,      0, NEWS(NOTHING), FINE,    0, "good"                       },
        {9,  END,    0, 0,         0, NEWS(NOTHING), UNKNOWN, 0, "gone: nothing is said of it"},
        {10, CHANGE, 0, BAD,       0, NEWS(NOTHING), UNKNOWN, 0, "a late callback"            },
    };
    struct rm_monitor_item items[] = {item_of(RM_TRIGGER_BAD)};

    (void)state;
    PLAY(items, 1, 0, rows);
}

static void test_not_good(void **state)
{
    static const struct row rows[] = {
        {0, BEGIN,  0, 0,         0, NEWS(NOTHING), UNKNOWN, 0, "connected"},
        {1, ADDED,  0, 0,         0, NEWS(NOTHING), UNKNOWN, 0, "added"    },
        {2, CHANGE, 0, UNCERTAIN, 0, NEWS(VERDICT), ILL,     1, "uncertain"},
        {3, CHANGE, 0, GOOD,      0, NEWS(VERDICT), FINE,    0, "good"     },
        {4, CHANGE, 0, BAD,       0, NEWS(VERDICT), ILL,     1, "bad"      },
    };
    struct rm_monitor_item items[] = {item_of(RM_TRIGGER_NOT_GOOD)};

    (void)state;
    PLAY(items, 1, 0, rows);
}

/* RM-171 .. RM-173. */
static void test_specific_value(void **state)
{
    static const struct row rows[] = {
        {0, BEGIN,  0, 0,    0, NEWS(NOTHING),               UNKNOWN, 0, "connected"                   },
        {1, ADDED,  0, 0,    0, NEWS(NOTHING),               UNKNOWN, 0, "added"                       },
        {2, CHANGE, 0, BAD,  7, NEWS(VERDICT),               FINE,    0, "the quality doesn't matter"  },
        {3, CHANGE, 0, GOOD, 0, NEWS(VERDICT),               ILL,     1, "that value"                  },
        {4, EMPTY,  0, BAD,  0, NEWS(NOTHING),               ILL,     1, "no value: as before"         },
        {5, CHANGE, 0, GOOD, 1, NEWS(VERDICT),               FINE,    0, "any other"                   },
        {6, CHANGE, 0, GOOD, 0, NEWS(VERDICT),               ILL,     1, "that value again"            },
        {7, ARRAY,  0, GOOD, 0, NEWS(VERDICT) | NEWS(ARRAY), FINE,    0, "an array can't be compared"  },
        {8, ARRAY,  0, GOOD, 0, NEWS(NOTHING),               FINE,    0, "told once"                   },
        {9, END,    0, 0,    0, NEWS(NOTHING),               UNKNOWN, 0, "gone"                        },
        {9, BEGIN,  0, 0,    0, NEWS(NOTHING),               UNKNOWN, 0, "connected"                   },
        {9, ADDED,  0, 0,    0, NEWS(NOTHING),               UNKNOWN, 0, "added"                       },
        {9, ARRAY,  0, GOOD, 0, NEWS(VERDICT),               FINE,    0, "nor once for each connection"},
    };
    struct rm_monitor_item items[] = {item_of(RM_TRIGGER_VALUE)};

    (void)state;
    PLAY(items, 1, 0, rows);
}

/* RM-174: each data change, whatever it brings, starts the time anew. */
static void test_no_change(void **state)
{
    static const struct row rows[] = {
        {0,    BEGIN,  0, 0,    0, NEWS(NOTHING), UNKNOWN, 0, "connected"             },
        {100,  ADDED,  0, 0,    0, NEWS(NOTHING), UNKNOWN, 0, "added"                 },
        {2099, TICK,   0, 0,    0, NEWS(NOTHING), UNKNOWN, 0, "not yet"               },
        {2100, TICK,   0, 0,    0, NEWS(VERDICT), ILL,     1, "nothing has come"      },
        {2500, CHANGE, 0, BAD,  0, NEWS(VERDICT), FINE,    0, "any change clears it"  },
        {4000, CHANGE, 0, GOOD, 0, NEWS(NOTHING), FINE,    0, "in time"               },
        {5999, TICK,   0, 0,    0, NEWS(NOTHING), FINE,    0, "2000 ms after that one"},
        {6000, TICK,   0, 0,    0, NEWS(VERDICT), ILL,     1, "silence"               },
        {9000, TICK,   0, 0,    0, NEWS(NOTHING), ILL,     1, "told once"             },
        {9001, END,    0, 0,    0, NEWS(NOTHING), UNKNOWN, 0, "gone"                  },
        {9999, TICK,   0, 0,    0, NEWS(NOTHING), UNKNOWN, 0, "no time runs"          },
    };
    struct rm_monitor_item items[] = {item_of(RM_TRIGGER_NO_CHANGE)};

    (void)state;
    PLAY(items, 1, 0, rows);
}

/* RM-163, RM-177, F-04: two of three, and one that can't be added counts. */
static void test_failure_count(void **state)
{
    static const struct row rows[] = {
        {0, BEGIN,   0, 0,    0, NEWS(NOTHING),                 UNKNOWN, 0, "connected"            },
        {1, ADDED,   0, 0,    0, NEWS(NOTHING),                 UNKNOWN, 0, "first added"          },
        {1, ADDED,   1, 0,    0, NEWS(NOTHING),                 UNKNOWN, 0, "second added"         },
        {1, REFUSED, 2, 0,    0, NEWS(REFUSED),                 UNKNOWN, 1, "third refused"        },
        {2, REFUSED, 2, 0,    0, NEWS(NOTHING),                 UNKNOWN, 1, "again: told once"     },
        {3, CHANGE,  0, GOOD, 0, NEWS(NOTHING),                 UNKNOWN, 1, "one is awaited"       },
        {3, CHANGE,  1, GOOD, 0, NEWS(VERDICT),                 FINE,    1, "one of three in error"},
        {4, CHANGE,  0, BAD,  0, NEWS(VERDICT),                 ILL,     2, "two of three"         },
        {5, CHANGE,  1, BAD,  0, NEWS(NOTHING),                 ILL,     3, "three of three"       },
        {6, ADDED,   2, 0,    0, NEWS(NOTHING),                 ILL,     2, "taken at last"        },
        {7, CHANGE,  2, GOOD, 0, NEWS(NOTHING),                 ILL,     2, "and well"             },
        {8, CHANGE,  1, GOOD, 0, NEWS(VERDICT),                 FINE,    1, "one of three"         },
        {9, REFUSED, 2, 0,    0, NEWS(REFUSED) | NEWS(VERDICT), ILL,     2, "refused anew: told"   },
        {9, CHANGE,  2, GOOD, 0, NEWS(NOTHING),                 ILL,     2, "from before that"     },
    };
    struct rm_monitor_item items[] = {item_of(RM_TRIGGER_BAD), item_of(RM_TRIGGER_BAD),
                                      item_of(RM_TRIGGER_BAD)};

    (void)state;
    PLAY(items, 2, 0, rows);
}

/* F-04: 0 is read as 1. */
static void test_count_of_zero(void **state)
{
    static const struct row rows[] = {
        {0, BEGIN,  0, 0,    0, NEWS(NOTHING), UNKNOWN, 0, "connected"},
        {1, ADDED,  0, 0,    0, NEWS(NOTHING), UNKNOWN, 0, "added"    },
        {2, CHANGE, 0, GOOD, 0, NEWS(VERDICT), FINE,    0, "well"     },
        {3, CHANGE, 0, BAD,  0, NEWS(VERDICT), ILL,     1, "bad"      },
    };
    struct rm_monitor_item items[] = {item_of(RM_TRIGGER_BAD)};

    (void)state;
    PLAY(items, 0, 0, rows);
}

static void test_weights(void **state)
{
    static const struct row rows[] = {
        {0, BEGIN,  0, 0,    0, NEWS(NOTHING), UNKNOWN, 0,          "connected"         },
        {1, ADDED,  0, 0,    0, NEWS(NOTHING), UNKNOWN, 0,          "added"             },
        {1, ADDED,  1, 0,    0, NEWS(NOTHING), UNKNOWN, 0,          "added"             },
        {1, ADDED,  2, 0,    0, NEWS(NOTHING), UNKNOWN, 0,          "added"             },
        {2, CHANGE, 0, BAD,  0, NEWS(NOTHING), UNKNOWN, 2,          "light"             },
        {2, CHANGE, 1, BAD,  0, NEWS(VERDICT), ILL,     5,          "heavy, and early"  },
        {3, CHANGE, 0, GOOD, 0, NEWS(VERDICT), FINE,    3,          "heavy alone"       },
        {4, CHANGE, 2, BAD,  0, NEWS(VERDICT), ILL,     UINT32_MAX, "beyond all numbers"},
    };
    struct rm_monitor_item items[] = {item_of(RM_TRIGGER_BAD), item_of(RM_TRIGGER_BAD),
                                      item_of(RM_TRIGGER_BAD)};

    (void)state;
    items[0].weight = 2;
    items[1].weight = 3;
    items[2].weight = UINT32_MAX - 1;
    PLAY(items, 5, 0, rows);
}

static void test_hold_time(void **state)
{
    static const struct row rows[] = {
        {0,    BEGIN,  0, 0,    0, NEWS(NOTHING), UNKNOWN, 0, "connected"           },
        {0,    ADDED,  0, 0,    0, NEWS(NOTHING), UNKNOWN, 0, "added"               },
        {0,    CHANGE, 0, GOOD, 0, NEWS(VERDICT), FINE,    0, "well"                },
        {100,  CHANGE, 0, BAD,  0, NEWS(NOTHING), FINE,    1, "not long enough"     },
        {1099, TICK,   0, 0,    0, NEWS(NOTHING), FINE,    1, "not yet"             },
        {1099, CHANGE, 0, GOOD, 0, NEWS(NOTHING), FINE,    0, "it was a moment only"},
        {1100, TICK,   0, 0,    0, NEWS(NOTHING), FINE,    0, "and counts no more"  },
        {2000, CHANGE, 0, BAD,  0, NEWS(NOTHING), FINE,    1, "bad"                 },
        {3000, TICK,   0, 0,    0, NEWS(VERDICT), ILL,     1, "for a second"        },
        {3001, CHANGE, 0, GOOD, 0, NEWS(VERDICT), FINE,    0, "well: at once"       },
    };
    struct rm_monitor_item items[] = {item_of(RM_TRIGGER_BAD)};

    (void)state;
    PLAY(items, 1, 1000, rows);
}

/* Who waits until rm_monitor_due misses nothing, and isn't woken in vain. */
static void test_due(void **state)
{
    struct rm_monitor_item items[] = {item_of(RM_TRIGGER_NO_CHANGE), item_of(RM_TRIGGER_BAD)};
    const struct rm_monitor_terms terms = {items, 2, 1, 500};
    const struct rm_reading reading = {.kind = RM_READING_INTEGER, .integer = 1};
    struct rm_monitor monitor;

    (void)state;
    assert_int_equal(rm_monitor_init(&monitor, &terms), RM_OK);
    assert_true(rm_monitor_due(&monitor) == UINT64_MAX);
    rm_monitor_begin(&monitor);
    assert_true(rm_monitor_due(&monitor) == UINT64_MAX);
    rm_monitor_added(&monitor, 0, true, 10);
    rm_monitor_added(&monitor, 1, true, 10);
    assert_true(rm_monitor_due(&monitor) == 2010);
    rm_monitor_changed(&monitor, 0, GOOD, &reading, 1000);
    assert_true(rm_monitor_due(&monitor) == 3000);
    rm_monitor_changed(&monitor, 1, BAD, &reading, 1500);
    assert_true(rm_monitor_due(&monitor) == 2000);
    assert_int_equal(rm_monitor_tick(&monitor, 2000), RM_MONITOR_VERDICT);
    assert_true(rm_monitor_due(&monitor) == 3000);
    assert_int_equal(rm_monitor_tick(&monitor, 3000), RM_MONITOR_NOTHING);
    assert_true(rm_monitor_due(&monitor) == UINT64_MAX);
    rm_monitor_end(&monitor);
    assert_true(rm_monitor_due(&monitor) == UINT64_MAX);
    rm_monitor_clear(&monitor);
}

/* Without items nothing is tested, and nothing said. */
static void test_no_items(void **state)
{
    const struct rm_monitor_terms terms = {NULL, 0, 1, 0};
    struct rm_monitor monitor;

    (void)state;
    assert_int_equal(rm_monitor_init(&monitor, &terms), RM_OK);
    rm_monitor_begin(&monitor);
    assert_int_equal(rm_monitor_tick(&monitor, 1), RM_MONITOR_NOTHING);
    assert_int_equal(monitor.verdict, RM_VERDICT_UNKNOWN);
    rm_monitor_clear(&monitor);
}

/* Settings that change: items by their names, a digit each; `from` as rm_monitor_take says it, '-'
 * for a new one. */
struct change
{
    const char *before, *after, *from;
    uint32_t limit;
    enum rm_verdict verdict; /* of what was well but the one in error before */
    uint32_t score;
    const char *what;
};

static void make_items(const char *names, char texts[][2], struct rm_monitor_item *items)
{
    for (size_t i = 0; names[i] != '\0'; i++)
    {
        texts[i][0] = names[i];
        texts[i][1] = '\0';
        items[i] = item_of(RM_TRIGGER_BAD);
        items[i].item_id = texts[i];
    }
}

/* Item '1' is in error, all others are well. */
static void say_all(struct rm_monitor *monitor)
{
    const struct rm_reading reading = {.kind = RM_READING_INTEGER, .integer = 1};

    rm_monitor_begin(monitor);
    for (size_t i = 0; i < monitor->terms.item_count; i++)
    {
        rm_monitor_added(monitor, i, true, 1);
        rm_monitor_changed(monitor, i, monitor->terms.items[i].item_id[0] == '1' ? BAD : GOOD,
                           &reading, 2);
    }
}

static void test_settings_change(void **state)
{
    static const struct change changes[] = {
        {"123",  "123",  "012",  1, ILL,  1, "nothing"                             },
        {"23",   "234",  "01-",  1, FINE, 0, "one more: what was said stands"      },
        {"12",   "124",  "01-",  1, ILL,  1, "one more beside one in error"        },
        {"12",   "21",   "10",   1, ILL,  1, "another order"                       },
        {"12",   "2",    "1",    1, FINE, 0, "the one in error is gone"            },
        {"12",   "24",   "1-",   1, ILL,  0, "it waits for the one in its place"   },
        {"12",   "12",   "01",   2, FINE, 1, "more of them are needed"             },
        {"1122", "2111", "201-", 2, ILL,  2, "each of several has its own"         },
        {"12",   "",     "",     1, ILL,  0, "none is left: whoever asks must stop"},
    };

    (void)state;
    for (size_t k = 0; k < COUNT_OF(changes); k++)
    {
        const struct change *change = &changes[k];
        char texts[8][2];
        struct rm_monitor_item items[8];
        size_t before = strlen(change->before), after = strlen(change->after), from[4];
        const struct rm_monitor_terms terms = {items, before, 1, 0};
        const struct rm_monitor_terms later = {items + before, after, change->limit, 0};
        struct rm_monitor monitor;

        make_items(change->before, texts, items);
        make_items(change->after, texts + before, items + before);
        assert_int_equal(rm_monitor_init(&monitor, &terms), RM_OK);
        say_all(&monitor);
        assert_int_equal(rm_monitor_take(&monitor, &later, 3, from), RM_OK);
        for (size_t i = 0; i < after; i++)
        {
            size_t wanted =
                change->from[i] == '-' ? RM_MONITOR_NEW : (size_t)(change->from[i] - '0');

            if (from[i] != wanted)
                fail_msg("%s: item %zu comes from %zu", change->what, i, from[i]);
        }
        if (monitor.verdict != change->verdict || monitor.score != change->score)
            fail_msg("%s: verdict %d, score %u", change->what, (int)monitor.verdict,
                     (unsigned)monitor.score);
        rm_monitor_clear(&monitor);
    }
}

/* A machine in error isn't said to be well only because another item is asked in place of the one
 * in error; once that has said something, it is as ever. */
static void test_verdict_stands(void **state)
{
    char texts[4][2];
    struct rm_monitor_item items[4];
    const struct rm_monitor_terms terms = {items, 2, 1, 0}, later = {items + 2, 2, 1, 0};
    const struct rm_reading reading = {.kind = RM_READING_INTEGER, .integer = 1};
    struct rm_monitor monitor;
    size_t from[2];

    (void)state;
    make_items("12", texts, items);
    make_items("23", texts + 2, items + 2);
    assert_int_equal(rm_monitor_init(&monitor, &terms), RM_OK);
    say_all(&monitor);
    assert_int_equal(rm_monitor_take(&monitor, &later, 3, from), RM_OK);
    assert_int_equal(rm_monitor_changed(&monitor, 0, GOOD, &reading, 4), RM_MONITOR_NOTHING);
    assert_int_equal(monitor.verdict, RM_VERDICT_BAD);
    assert_int_equal(rm_monitor_added(&monitor, 1, true, 5), RM_MONITOR_NOTHING);
    assert_int_equal(rm_monitor_changed(&monitor, 1, GOOD, &reading, 6), RM_MONITOR_VERDICT);
    assert_int_equal(monitor.verdict, RM_VERDICT_GOOD);
    assert_int_equal(rm_monitor_changed(&monitor, 1, BAD, &reading, 7), RM_MONITOR_VERDICT);
    assert_int_equal(rm_monitor_changed(&monitor, 1, GOOD, &reading, 8), RM_MONITOR_VERDICT);
    rm_monitor_clear(&monitor);
}

/* Which fields make it another item. */
static void test_alike(void **state)
{
    char other[] = "Other";
    struct rm_monitor_item one = item_of(RM_TRIGGER_VALUE), two[9];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(two); i++)
        two[i] = one;
    assert_true(rm_monitor_item_is_alike(&one, &two[8]));
    two[8].weight = 7;
    assert_true(rm_monitor_item_is_alike(&one, &two[8]));
    two[0].item_id = other;
    two[1].access_path = other;
    two[2].text = other;
    two[3].data_type = 3;
    two[4].rate_ms = 2000;
    two[5].trigger = RM_TRIGGER_BAD;
    two[6].comparison = RM_COMPARISON_LESS;
    two[7].time_ms = 9999;
    for (size_t i = 0; i < 8; i++)
        assert_false(rm_monitor_item_is_alike(&one, &two[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bad_quality),
        cmocka_unit_test(test_not_good),
        cmocka_unit_test(test_specific_value),
        cmocka_unit_test(test_no_change),
        cmocka_unit_test(test_failure_count),
        cmocka_unit_test(test_count_of_zero),
        cmocka_unit_test(test_weights),
        cmocka_unit_test(test_hold_time),
        cmocka_unit_test(test_due),
        cmocka_unit_test(test_no_items),
        cmocka_unit_test(test_settings_change),
        cmocka_unit_test(test_verdict_stands),
        cmocka_unit_test(test_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
