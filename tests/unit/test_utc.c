/* test_utc.c: times as text and back (rm/utc.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <rm/utc.h>

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static void both_ways(void **state)
{
    static const struct
    {
        uint64_t time_100ns;
        const char *text;
    } rows[] = {
        {0,                             "1601-01-01T00:00:00.0000000Z"},
        {1,                             "1601-01-01T00:00:00.0000001Z"},
        {UINT64_C(116444736000000000),  "1970-01-01T00:00:00.0000000Z"},
        {UINT64_C(125963423999999999),  "2000-02-29T23:59:59.9999999Z"},
        {UINT64_C(125963424000000000),  "2000-03-01T00:00:00.0000000Z"},
        {UINT64_C(133485407991234567),  "2023-12-31T23:59:59.1234567Z"},
        {UINT64_C(157765536000000000),  "2100-12-10T00:00:00.0000000Z"},
        {UINT64_C(2650467743999999999), "9999-12-31T23:59:59.9999999Z"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
    {
        char text[RM_UTC_TEXT_SIZE];
        uint64_t time_100ns = 1;

        memset(text, 0xCC, sizeof text);
        rm_utc_format(rows[i].time_100ns, text);
        assert_string_equal(text, rows[i].text);
        assert_true(rm_utc_parse(text, &time_100ns));
        assert_true(time_100ns == rows[i].time_100ns);
    }
}

/* Each day of four centuries and more, and the order of their texts. */
static void each_day(void **state)
{
    const uint64_t day = UINT64_C(864000000000);
    char before[RM_UTC_TEXT_SIZE] = "";

    (void)state;
    for (uint64_t at = 0; at < 900 * 366; at++)
    {
        uint64_t time_100ns = 0;
        char text[RM_UTC_TEXT_SIZE];
        int year = 0, month = 0, date = 0;

        rm_utc_format(at * day + at, text);
        assert_true(rm_utc_parse(text, &time_100ns));
        assert_true(time_100ns == at * day + at);
        assert_true(strcmp(before, text) < 0);
        assert_int_equal(sscanf(text, "%4d-%2d-%2d", &year, &month, &date), 3);
        assert_int_equal(rm_utc_days(year, month, date), (long)at - 134774);
        memcpy(before, text, sizeof text);
    }
}

static void beyond_the_last_year(void **state)
{
    char text[RM_UTC_TEXT_SIZE];

    (void)state;
    rm_utc_format(UINT64_C(2650467744000000000), text);
    assert_string_equal(text, "9999-12-31T23:59:59.9999999Z");
    rm_utc_format(UINT64_MAX, text);
    assert_string_equal(text, "9999-12-31T23:59:59.9999999Z");
}

static void no_times(void **state)
{
    static const char *const texts[] = {
        "",
        "2026",
        "2026-11-21T03:11:22.123Z",
        "2026-11-21T03:11:22.1234567",
        "2026-11-21T03:11:22.1234567z",
        "2026-11-21T03:11:22.1234567Z ",
        "2026-11-21 03:11:22.1234567Z",
        "2026-11-21T03:11:22,1234567Z",
        "2026-11-21T03:11:2 .1234567Z",
        "2026-11-21T03:11:-2.1234567Z",
        "1600-12-31T23:59:59.9999999Z",
        "2026-00-21T03:11:22.1234567Z",
        "2026-13-21T03:11:22.1234567Z",
        "2026-11-00T03:11:22.1234567Z",
        "2026-11-31T03:11:22.1234567Z",
        "2026-02-29T03:11:22.1234567Z",
        "2100-02-29T03:11:22.1234567Z",
        "2026-11-21T24:11:22.1234567Z",
        "2026-11-21T03:60:22.1234567Z",
        "2026-11-21T03:11:60.1234567Z",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
    {
        uint64_t time_100ns = 1;

        if (rm_utc_parse(texts[i], &time_100ns))
            fail_msg("taken for a time: '%s'", texts[i]);
        assert_true(time_100ns == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_ways),
        cmocka_unit_test(each_day),
        cmocka_unit_test(beyond_the_last_year),
        cmocka_unit_test(no_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
