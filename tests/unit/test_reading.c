/* test_reading.c: values against what an engineer has written down (rm/reading.h; RM-171). */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <rm/reading.h>

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

#define BOOLEAN(n)                                                                                 \
    {                                                                                              \
        .kind = RM_READING_BOOLEAN, .integer = (n)                                                 \
    }
#define INTEGER(n)                                                                                 \
    {                                                                                              \
        .kind = RM_READING_INTEGER, .integer = (n)                                                 \
    }
#define UNSIGNED(n)                                                                                \
    {                                                                                              \
        .kind = RM_READING_UNSIGNED, .whole = (n)                                                  \
    }
#define SINGLE(n)                                                                                  \
    {                                                                                              \
        .kind = RM_READING_SINGLE, .real = (double)(n)                                             \
    }
#define REAL(n)                                                                                    \
    {                                                                                              \
        .kind = RM_READING_REAL, .real = (n)                                                       \
    }
#define DATE(n)                                                                                    \
    {                                                                                              \
        .kind = RM_READING_DATE, .real = (n)                                                       \
    }
#define TEXT(t)                                                                                    \
    {                                                                                              \
        .kind = RM_READING_TEXT, .text = (t)                                                       \
    }
#define NONE                                                                                       \
    {                                                                                              \
        .kind = RM_READING_NONE, .integer = 0                                                      \
    }
#define ARRAY                                                                                      \
    {                                                                                              \
        .kind = RM_READING_ARRAY, .integer = 0                                                     \
    }

/* -1, 0, 1: less, equal, greater; 2: can't be compared, but is a value; 3: is none. */
struct row
{
    struct rm_reading reading;
    const char *text;
    int order;
};

static const struct row rows[] = {
    {BOOLEAN(-1),               "1",                          0 },
    {BOOLEAN(1),                "true",                       0 },
    {BOOLEAN(0),                "false",                      0 },
    {BOOLEAN(0),                "-1",                         -1},
    {BOOLEAN(1),                "0",                          1 },
    {BOOLEAN(1),                "True",                       2 },
    {BOOLEAN(1),                "yes",                        2 },
    {INTEGER(10),               "010",                        0 },
    {INTEGER(10),               " 10 ",                       0 },
    {INTEGER(31),               "0x1F",                       0 },
    {INTEGER(-3),               "-3",                         0 },
    {INTEGER(-3),               "-2",                         -1},
    {INTEGER(3),                "2.5",                        1 },
    {INTEGER(3),                "3.0",                        0 },
    {INTEGER(3),                "3 V",                        2 },
    {INTEGER(3),                "",                           2 },
    {INTEGER(3),                "3,0",                        2 },
    {INTEGER(INT64_MAX),        "9223372036854775807",        0 },
    {INTEGER(INT64_MAX - 1),    "9223372036854775807",        -1},
    {INTEGER(INT64_MIN),        "-9223372036854775808",       0 },
    {INTEGER(5),                "99999999999999999999999999", -1},
    {UNSIGNED(UINT64_MAX),      "18446744073709551615",       0 },
    {UNSIGNED(UINT64_MAX),      "18446744073709551614",       1 },
    {UNSIGNED(0),               "-1",                         1 },
    {UNSIGNED(7),               "7.5",                        -1},
    {UNSIGNED(7),               "seven",                      2 },
    {SINGLE(0.1f),              "0.1",                        0 },
    {SINGLE(0.1f),              "0.10001",                    -1},
    {REAL(0.1),                 "0.1",                        0 },
    {REAL((double)0.1f),        "0.1",                        1 },
    {REAL(1e300),               "1e300",                      0 },
    {REAL(-1),                  "0",                          -1},
    {REAL((double)NAN),         "nan",                        2 },
    {REAL((double)INFINITY),    "inf",                        0 },
    {DATE(2),                   "1900-01-01",                 0 },
    {DATE(45000),               "2023-03-15",                 0 },
    {DATE(45000.5),             "2023-03-15 12:00",           0 },
    {DATE(45000 + 1.0 / 86400), "2023-03-15T00:00:01",        0 },
    {DATE(45000),               "2023-03-15 00:00:01",        -1},
    {DATE(45001),               "2023-03-15 23:59:59",        1 },
    {DATE(36585),               "2000-02-29",                 0 },
    {DATE(36585),               "2001-02-29",                 2 },
    {DATE(45000),               "2023-3-15 24:00",            2 },
    {DATE(45000),               "45000",                      2 },
    {DATE(45000),               "2023-03-15 noon",            2 },
    {TEXT("RUN"),               "RUN",                        0 },
    {TEXT("RUN"),               "run",                        -1},
    {TEXT(""),                  "",                           0 },
    {TEXT("\xC3\xA4"),          "\xC3\xA4",                   0 },
    {TEXT("b"),                 "a",                          1 },
    {NONE,                      "0",                          3 },
    {ARRAY,                     "0",                          3 },
};

static void test_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
    {
        const struct row *row = &rows[i];
        bool is_equal = rm_reading_matches(&row->reading, RM_COMPARISON_EQUAL, row->text);
        bool is_other = rm_reading_matches(&row->reading, RM_COMPARISON_NOT_EQUAL, row->text);
        bool is_less = rm_reading_matches(&row->reading, RM_COMPARISON_LESS, row->text);
        bool is_greater = rm_reading_matches(&row->reading, RM_COMPARISON_GREATER, row->text);

        if (is_equal != (row->order == 0) || is_other != (row->order != 0 && row->order != 3) ||
            is_less != (row->order == -1) || is_greater != (row->order == 1))
            fail_msg("row %zu, '%s': equal %d, other %d, less %d, greater %d", i, row->text,
                     is_equal, is_other, is_less, is_greater);
    }
}

struct bit_row
{
    struct rm_reading reading;
    const char *text;
    bool is_set, is_clear;
};

static const struct bit_row bit_rows[] = {
    {BOOLEAN(-1),          "0",  true,  false},
    {BOOLEAN(0),           "0",  false, true },
    {BOOLEAN(1),           "1",  false, true },
    {INTEGER(4),           "2",  true,  false},
    {INTEGER(4),           "1",  false, true },
    {INTEGER(-1),          "63", true,  false},
    {UNSIGNED(1ull << 63), "63", true,  false},
    {UNSIGNED(1),          "64", false, false},
    {UNSIGNED(1),          "-1", false, false},
    {UNSIGNED(1),          "",   false, false},
    {REAL(1),              "0",  false, false},
    {TEXT("1"),            "0",  false, false},
    {NONE,                 "0",  false, false},
    {ARRAY,                "0",  false, false},
};

static void test_bits(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bit_rows); i++)
    {
        const struct bit_row *row = &bit_rows[i];

        if (rm_reading_matches(&row->reading, RM_COMPARISON_BIT_SET, row->text) != row->is_set ||
            rm_reading_matches(&row->reading, RM_COMPARISON_BIT_CLEAR, row->text) != row->is_clear)
            fail_msg("row %zu, bit '%s'", i, row->text);
    }
}

static void test_complaints(void **state)
{
    (void)state;
    assert_null(rm_comparison_complaint(RM_COMPARISON_EQUAL, ""));
    assert_null(rm_comparison_complaint(RM_COMPARISON_NOT_EQUAL, "anything"));
    assert_null(rm_comparison_complaint(RM_COMPARISON_LESS, "1"));
    assert_non_null(rm_comparison_complaint(RM_COMPARISON_LESS, ""));
    assert_non_null(rm_comparison_complaint(RM_COMPARISON_GREATER, ""));
    assert_null(rm_comparison_complaint(RM_COMPARISON_BIT_SET, "63"));
    assert_non_null(rm_comparison_complaint(RM_COMPARISON_BIT_SET, "64"));
    assert_non_null(rm_comparison_complaint(RM_COMPARISON_BIT_CLEAR, "first"));
}

static void test_names_are_all_there(void **state)
{
    (void)state;
    for (int i = 0; i < RM_COMPARISON_COUNT; i++)
    {
        assert_string_not_equal(rm_comparison_name((enum rm_comparison)i), "unknown");
        for (int k = 0; k < i; k++)
            assert_string_not_equal(rm_comparison_name((enum rm_comparison)i),
                                    rm_comparison_name((enum rm_comparison)k));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_bits),
        cmocka_unit_test(test_complaints),
        cmocka_unit_test(test_names_are_all_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
