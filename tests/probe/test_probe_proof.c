/* test_probe_proof.c: what the proof counts, by tables of updates. Runs natively. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proof.h"

#define GOOD      0xC0
#define UNCERTAIN 0x40
#define BAD       0x18
#define STEPS     12
#define PERIOD_MS 100
#define START_MS  1000

/* One update of item 0 (or 1); a row with at_ms 0 ends the steps. */
struct step
{
    uint64_t at_ms;
    int64_t value;
    uint16_t quality;
    uint64_t time_stamp;
    unsigned bits;
    bool is_refresh;
    enum rm_proof_kind kind;
    size_t item;
};

struct expect
{
    uint64_t expected;
    uint64_t received;
    uint64_t lost;
    uint64_t doubled;
    uint64_t again;
    uint64_t reordered;
    uint64_t bad;
    uint64_t gap_ms;
    uint64_t item_gap_ms;
};

struct row
{
    const char *shows;
    size_t items;
    bool no_counter;
    struct step steps[STEPS];
    uint64_t end_ms;
    struct expect expect;
};

#define U(at_ms, value, quality, time_stamp)                                                       \
    {                                                                                              \
        at_ms, value, quality, time_stamp, 32, false, RM_PROOF_NUMBER, 0                           \
    }
#define NONE U(0, 0, 0, 0)

static const struct row rows[] = {
    {"each value once",
     1, false,
     {U(1000, 5, GOOD, 1), U(1100, 6, GOOD, 2), U(1200, 7, GOOD, 3)},
     1250, {3, 3, 0, 0, 0, 0, 0, 100, 100}   },
    {"three values are missing",
     1, false,
     {U(1000, 5, GOOD, 1), U(1400, 9, GOOD, 5)},
     1400, {5, 2, 3, 0, 0, 0, 0, 400, 400}   },
    {"the same update twice is doubled, and does not end a gap",
     1, false,
     {U(1000, 5, GOOD, 1), U(1150, 5, GOOD, 1), U(1300, 6, GOOD, 2)},
     1300, {4, 2, 0, 1, 0, 0, 0, 300, 300}   },
    {"the same value with a new time stamp is again",
     1, false,
     {U(1000, 5, GOOD, 1), U(1100, 5, GOOD, 2)},
     1100, {2, 1, 0, 0, 1, 0, 0, 100, 100}   },
    {"the same value with another quality is again",
     1, false,
     {U(1000, 5, GOOD, 1), U(1100, 5, UNCERTAIN, 1)},
     1100, {2, 1, 0, 0, 1, 0, 0, 100, 100}   },
    {"back from bad with the value from before is again, not doubled",
     1, false,
     {U(1000, 5, GOOD, 1), U(1010, 5, BAD, 1), U(1100, 5, GOOD, 1)},
     1100, {2, 1, 0, 0, 1, 0, 1, 100, 100}   },
    {"an answer to the client's refresh may repeat the value",
     1, false,
     {U(1000, 5, GOOD, 1),
      {1050, 5, GOOD, 1, 32, true, RM_PROOF_NUMBER, 0},
      {1100, 6, GOOD, 2, 32, true, RM_PROOF_NUMBER, 0}},
     1100, {2, 2, 0, 0, 0, 0, 0, 100, 100}   },
    {"two values changed places: reordered, nothing lost",
     1, false,
     {U(1000, 5, GOOD, 1), U(1100, 7, GOOD, 3), U(1200, 6, GOOD, 2), U(1300, 8, GOOD, 4)},
     1300, {4, 4, 0, 0, 0, 1, 0, 100, 100}   },
    {"values that were seen come once more, after higher ones",
     1, false,
     {U(1000, 5, GOOD, 1), U(1100, 6, GOOD, 2), U(1200, 5, GOOD, 1), U(1300, 6, GOOD, 2)},
     1300, {4, 2, 0, 1, 1, 1, 0, 200, 200}   },
    {"a value from before the first one was never lost",
     1, false,
     {U(1000, 5, GOOD, 1), U(1100, 4, GOOD, 0)},
     1100, {2, 2, 0, 0, 0, 1, 0, 100, 100}   },
    {"far below: reordered only, and what was lost stays lost",
     1, false,
     {U(1000, 5, GOOD, 1), U(1100, 205, GOOD, 2), U(1200, 100, GOOD, 3)},
     1200, {3, 2, 199, 0, 0, 1, 0, 100, 100} },
    {"bad updates are no values",
     1, false,
     {U(1000, 5, GOOD, 1), U(1100, 0, BAD, 2), U(1200, 0, BAD, 3), U(1300, 8, GOOD, 4)},
     1300, {4, 2, 2, 0, 0, 0, 2, 300, 300}   },
    {"a failed item is bad whatever its quality says",
     1, false,
     {U(1000, 5, GOOD, 1), {1100, 6, GOOD, 2, 32, false, RM_PROOF_FAILED, 0}, U(1200, 6, GOOD, 2)},
     1200, {3, 2, 0, 0, 0, 0, 1, 200, 200}   },
    {"bad at the start is not the first value",
     1, false,
     {U(1000, 0, BAD, 1), U(1500, 5, GOOD, 2), U(1600, 6, GOOD, 3)},
     1600, {2, 2, 0, 0, 0, 0, 1, 100, 100}   },
    {"uncertain values count",
     1, false,
     {U(1000, 5, UNCERTAIN, 1), U(1100, 6, UNCERTAIN, 2)},
     1100, {2, 2, 0, 0, 0, 0, 0, 100, 100}   },
    {"32 bits wrap",
     1, false,
     {U(1000, INT32_MAX, GOOD, 1), U(1100, INT32_MIN, GOOD, 2), U(1200, INT32_MIN + 1, GOOD, 3)},
     1200, {3, 3, 0, 0, 0, 0, 0, 100, 100}   },
    {"31 bits: a signed counter may wrap to zero or to the lowest value",
     2, false,
     {{1000, INT32_MAX, GOOD, 1, 31, false, RM_PROOF_NUMBER, 0},
      {1000, INT32_MAX, GOOD, 1, 31, false, RM_PROOF_NUMBER, 1},
      {1100, 0, GOOD, 2, 31, false, RM_PROOF_NUMBER, 0},
      {1100, INT32_MIN, GOOD, 2, 31, false, RM_PROOF_NUMBER, 1}},
     1100, {4, 4, 0, 0, 0, 0, 0, 100, 100}   },
    {"8 bits wrap, with a loss in between",
     1, false,
     {{1000, 254, GOOD, 1, 8, false, RM_PROOF_NUMBER, 0},
      {1100, 1, GOOD, 2, 8, false, RM_PROOF_NUMBER, 0}},
     1100, {2, 2, 2, 0, 0, 0, 0, 100, 100}   },
    {"64 bits wrap",
     1, false,
     {{1000, INT64_MAX, GOOD, 1, 64, false, RM_PROOF_NUMBER, 0},
      {1100, INT64_MIN, GOOD, 2, 64, false, RM_PROOF_NUMBER, 0}},
     1100, {2, 2, 0, 0, 0, 0, 0, 100, 100}   },
    {"nothing at all: expected from the start",
     1, false,
     {NONE},
     2000, {10, 0, 0, 0, 0, 0, 0, 0, 0}      },
    {"silence up to the end is a gap and leaves updates expected",
     1, false,
     {U(1000, 5, GOOD, 1), U(1100, 6, GOOD, 2)},
     2100, {12, 2, 0, 0, 0, 0, 0, 1000, 1000}},
    {"one item falls silent, the other does not",
     2, false,
     {U(1000, 5, GOOD, 1),
      {1000, 5, GOOD, 1, 32, false, RM_PROOF_NUMBER, 1},
      U(1100, 6, GOOD, 2),
      U(1200, 7, GOOD, 3),
      U(1300, 8, GOOD, 4)},
     1300, {8, 5, 0, 0, 0, 0, 0, 100, 300}   },
    {"items are proved apart from each other",
     2, false,
     {U(1000, 5, GOOD, 1),
      {1000, 50, GOOD, 1, 32, false, RM_PROOF_NUMBER, 1},
      U(1100, 6, GOOD, 2),
      {1100, 51, GOOD, 2, 32, false, RM_PROOF_NUMBER, 1}},
     1100, {4, 4, 0, 0, 0, 0, 0, 100, 100}   },
    {"no counters: values go where they like, only an equal update is doubled",
     1, true,
     {U(1000, 5, GOOD, 1), U(1100, 3, GOOD, 2), U(1200, 3, GOOD, 3), U(1300, 90, GOOD, 4),
      U(1400, 90, GOOD, 4)},
     1400, {0, 4, 0, 1, 0, 0, 0, 100, 100}   },
    {"text can't be compared but ends a gap",
     1, false,
     {{1000, 0, GOOD, 1, 32, false, RM_PROOF_OTHER, 0},
      {1100, 0, GOOD, 1, 32, false, RM_PROOF_OTHER, 0}},
     1100, {2, 2, 0, 0, 0, 0, 0, 100, 100}   },
};

static void run_row(const struct row *row)
{
    struct rm_proof proof;
    const struct rm_proof_totals *totals = &proof.totals;

    print_message("  %s\n", row->shows);
    assert_true(
        rm_proof_init(&proof, row->items, row->no_counter ? 0 : PERIOD_MS * 1000, START_MS * 1000));
    for (size_t i = 0; i < STEPS && row->steps[i].at_ms; i++)
    {
        const struct step *step = &row->steps[i];
        struct rm_proof_update update = {step->kind,    step->value,      step->bits,
                                         step->quality, step->time_stamp, step->is_refresh};
        rm_proof_update(&proof, step->item, &update, step->at_ms * 1000);
    }
    rm_proof_end(&proof, row->end_ms * 1000);
    assert_int_equal(totals->expected, row->expect.expected);
    assert_int_equal(totals->received, row->expect.received);
    assert_int_equal(totals->faults[RM_PROOF_LOST], row->expect.lost);
    assert_int_equal(totals->faults[RM_PROOF_DOUBLED], row->expect.doubled);
    assert_int_equal(totals->faults[RM_PROOF_AGAIN], row->expect.again);
    assert_int_equal(totals->faults[RM_PROOF_REORDERED], row->expect.reordered);
    assert_int_equal(totals->bad, row->expect.bad);
    assert_int_equal(totals->longest_gap_us, row->expect.gap_ms * 1000);
    assert_int_equal(totals->longest_item_gap_us, row->expect.item_gap_ms * 1000);
    rm_proof_free(&proof);
}

static void test_tables(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        run_row(&rows[i]);
}

static struct rm_proof_update number(int64_t value, uint16_t quality, uint64_t time_stamp)
{
    struct rm_proof_update update = {RM_PROOF_NUMBER, value, 32, quality, time_stamp, false};
    return update;
}

static void test_says_what_an_update_showed(void **state)
{
    struct rm_proof proof;
    struct rm_proof_update update = number(5, GOOD, 1);

    (void)state;
    assert_true(rm_proof_init(&proof, 1, 100000, 1));
    assert_int_equal(rm_proof_update(&proof, 0, &update, 1), RM_PROOF_NEW_VALUE);
    update = number(7, UNCERTAIN, 2);
    assert_int_equal(rm_proof_update(&proof, 0, &update, 2), RM_PROOF_NEW_VALUE |
                                                                 RM_PROOF_QUALITY_CHANGED |
                                                                 RM_PROOF_SHOWED(RM_PROOF_LOST));
    assert_int_equal(rm_proof_update(&proof, 0, &update, 3), RM_PROOF_SHOWED(RM_PROOF_DOUBLED));
    assert_int_equal(rm_proof_update(&proof, 1, &update, 4), 0);
    rm_proof_end(&proof, 5);
    assert_int_equal(rm_proof_update(&proof, 0, &update, 6), 0);
    assert_int_equal(proof.totals.faults[RM_PROOF_DOUBLED], 1);
    rm_proof_free(&proof);
}

static void test_keeps_the_first_examples(void **state)
{
    struct rm_proof proof;
    int64_t value = 10;

    (void)state;
    assert_true(rm_proof_init(&proof, 3, 100000, 1000));
    for (uint64_t i = 0; i < 8; i++, value += 4)
    {
        struct rm_proof_update update = number(value, GOOD, i);
        rm_proof_update(&proof, 2, &update, 1000 + i * 10);
    }
    assert_int_equal(proof.totals.faults[RM_PROOF_LOST], 21);
    const struct rm_proof_example *examples = proof.examples[RM_PROOF_LOST];
    assert_int_equal(examples[0].item, 2);
    assert_int_equal(examples[0].before, 10);
    assert_int_equal(examples[0].now, 14);
    assert_int_equal(examples[0].at_us, 10);
    assert_int_equal(examples[1].before, 14);
    rm_proof_free(&proof);
}

static void test_expects_less_of_a_slower_group(void **state)
{
    struct rm_proof proof;

    (void)state;
    assert_true(rm_proof_init(&proof, 1, 100000, 0));
    rm_proof_set_interval(&proof, 50000);
    rm_proof_set_interval(&proof, 500000);
    rm_proof_end(&proof, 2000000);
    assert_int_equal(proof.totals.expected, 4);
    rm_proof_free(&proof);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_says_what_an_update_showed),
        cmocka_unit_test(test_keeps_the_first_examples),
        cmocka_unit_test(test_expects_less_of_a_slower_group),
    };
    return cmocka_run_group_tests_name("probe proof", tests, NULL, NULL);
}
