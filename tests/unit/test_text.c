/* test_text.c: texts from elsewhere: cut to a field, known as UTF-8, harmless on a terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <rm/text.h>

static void test_fit(void **state)
{
    static const struct
    {
        const char *text, *wanted;
        size_t size;
    } rows[] = {
        {"",                         "",             1},
        {"plain",                    "plain",        6},
        {"plain",                    "plai",         5},
        {"Ger\xC3\xA4t",             "Ger\xC3\xA4",  6},
        {"Ger\xC3\xA4t",             "Ger",          5}, /* not half of a character */
        {"\xF0\x9F\x99\x82",         "",             4},
        {"\xE2\x82\xAC\xE2\x82\xAC", "\xE2\x82\xAC", 6},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    {
        char target[8];

        memset(target, 'x', sizeof target);
        rm_text_fit(target, rows[i].size, rows[i].text);
        assert_string_equal(target, rows[i].wanted);
        for (size_t at = strlen(target); at < rows[i].size; at++)
            assert_int_equal(target[at], 0);
        if (rows[i].size < sizeof target)
            assert_int_equal(target[rows[i].size], 'x');
    }
}

static void test_clean(void **state)
{
    static const struct
    {
        const char *text, *wanted;
    } rows[] = {
        {"",                 ""                },
        {"plain text",       "plain text"      },
        {"a\tb\nc\rd",       "a?b?c?d"         },
        {"\x1b[31mred\x7f",  "?[31mred?"       },
        {"\xC2\x9B"
         "31m",     "??31m"           }, /* the same in one character */
        {"\xC2\xA0\xC3\xA4", "\xC2\xA0\xC3\xA4"}, /* not a control character */
        {"end\xC2",          "end\xC2"         },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    {
        char text[32];

        strcpy(text, rows[i].text);
        rm_text_clean(text);
        assert_string_equal(text, rows[i].wanted);
    }
}

static void test_utf8(void **state)
{
    static const struct
    {
        const char *text;
        size_t length; /* of the first character */
        bool is_text;
    } rows[] = {
        {"a",                1, true },
        {"\xC3\xA4",         2, true },
        {"\xE2\x82\xAC",     3, true },
        {"\xF0\x9F\x99\x82", 4, true },
        {"\xC0\x80",         0, false}, /* longer than need be */
        {"\xE0\x80\xA4",     0, false},
        {"\xED\xA0\x80",     0, false}, /* half of a pair */
        {"\xF4\x90\x80\x80", 0, false}, /* beyond the last */
        {"\xC3",             0, false},
        {"\xA4",             0, false},
        {"\xEF\xBF\xBE",     3, false}, /* U+FFFE, which XML forbids */
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    {
        size_t size = strlen(rows[i].text);

        assert_int_equal(rm_text_utf8(rows[i].text, size), rows[i].length);
        assert_int_equal(rm_text_is_utf8(rows[i].text, size), rows[i].is_text);
    }
    assert_false(rm_text_is_utf8("a\0b", 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fit),
        cmocka_unit_test(test_clean),
        cmocka_unit_test(test_utf8),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
