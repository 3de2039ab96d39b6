/* test_json.c: the writer of JSON. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <rm/json.h>

#include "json_check.h"

static struct rm_json_buffer buffer;
static struct rm_json json;

static int set_up(void **state)
{
    (void)state;
    memset(&buffer, 0, sizeof buffer);
    json = (struct rm_json){.put = rm_json_buffer_put, .to = &buffer};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    free(buffer.bytes);
    return 0;
}

static void the_checker_tells_json_from_others(void **state)
{
    static const char *const good[] = {
        "{}", "[]", "[1,2]", "{\"a\":[true,false,null,-7,0]}", " [ ] ", "\"\\u00e4\\n\""};
    static const char *const bad[] = {"",      "{",           "[1,]",    "{\"a\"}",  "{\"a\":}",
                                      "[1 2]", "\"\n\"",      "\"\\x\"", "[1]]",     "01",
                                      "{a:1}", "\"\\u12g4\"", "tru",     "\"\xc3\"", "[,]"};

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
    {
        assert_null(json_check(good[i]));
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
    {
        assert_non_null(json_check(bad[i]));
    }
}

static void members_rows_and_nesting(void **state)
{
    (void)state;
    rm_json_begin_object(&json, NULL);
    rm_json_text(&json, "a", "x");
    rm_json_begin_array(&json, "rows");
    rm_json_begin_object(&json, NULL);
    json.is_compact = true; /* a row of a list stands on one line */
    rm_json_number(&json, "n", INT64_MIN);
    rm_json_bool(&json, "b", false);
    rm_json_end_object(&json);
    json.is_compact = false;
    rm_json_end_array(&json);
    rm_json_begin_array(&json, "none");
    rm_json_end_array(&json);
    rm_json_end_object(&json);
    assert_string_equal(buffer.bytes, "{\n"
                                      "  \"a\": \"x\",\n"
                                      "  \"rows\": [\n"
                                      "    {\"n\":-9223372036854775808,\"b\":false}\n"
                                      "  ],\n"
                                      "  \"none\": []\n"
                                      "}\n");
    assert_null(json_check(buffer.bytes));
}

/* Everything that a name from outside may hold. */
static void texts_are_escaped(void **state)
{
    static const struct
    {
        const char *text, *shown;
    } rows[] = {
        {"\"\\/",              "\"\\\"\\\\/\""                           },
        {"a\nb\tc\x01\x7f",    "\"a\\u000ab\\u0009c\\u0001\\u007f\""     },
        {"Gr\xc3\xbc\xc3\x9f", "\"Gr\xc3\xbc\xc3\x9f\""                  },
        {"\xf0\x9f\x98\x80",   "\"\xf0\x9f\x98\x80\""                    },
        {"\xc3",               "\"\xef\xbf\xbd\""                        },
        {"\xc0\x80",           "\"\xef\xbf\xbd\xef\xbf\xbd\""            },
        {"\xed\xa0\x80",       "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
        {"",                   "\"\""                                    },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    {
        tear_down(NULL);
        set_up(NULL);
        rm_json_text(&json, NULL, rows[i].text);
        assert_string_equal(buffer.bytes, rows[i].shown);
        assert_null(json_check(buffer.bytes));
    }
}

/* Longer than one piece, and longer than the buffer's first room. */
static void long_texts_arrive_whole(void **state)
{
    static char text[40000];
    size_t size;

    (void)state;
    memset(text, '"', sizeof text - 1);
    rm_json_begin_array(&json, NULL);
    rm_json_text(&json, NULL, text);
    rm_json_end_array(&json);
    size = strlen(buffer.bytes);
    assert_int_equal(buffer.size, size);
    assert_true(size > 2 * (sizeof text - 1) && size < buffer.room);
    assert_null(json_check(buffer.bytes));
    assert_false(buffer.is_short_of_memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_checker_tells_json_from_others, set_up, tear_down),
        cmocka_unit_test_setup_teardown(members_rows_and_nesting, set_up, tear_down),
        cmocka_unit_test_setup_teardown(texts_are_escaped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(long_texts_arrive_whole, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
