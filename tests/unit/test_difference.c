/* test_difference.c: the words for what differs, letter for letter (rm/difference.h). */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

#include <rm/difference.h>

#define TEXT_SIZE 512

static void texts(void **state)
{
    static const struct
    {
        struct rm_difference difference;
        const char *text;
    } rows[] = {
        {{RM_DIFFERENCE_GROUP, false, 0, 0x8007000E, "Pumps", NULL},
         "group 'Pumps' is refused there (0x8007000E: out of memory)"                       },
        {{RM_DIFFERENCE_REFUSED, false, 0, 0xC0040007, "P.1", NULL},
         "item 'P.1' is refused there (0xC0040007: OPC: no such item)"                      },
        {{RM_DIFFERENCE_REFUSED, false, 0xC0040007, 0, "P.1", NULL},
         "item 'P.1' is refused on machine 1 (0xC0040007: OPC: no such item), but not there"},
        {{RM_DIFFERENCE_REFUSED, false, 0, 0x81234567, "P.1", NULL},
         "item 'P.1' is refused there (0x81234567)"                                         },
        {{RM_DIFFERENCE_TYPE, false, 5, 3, "P.1", NULL},
         "item 'P.1' is of type I4 there, of type R8 on machine 1"                          },
        {{RM_DIFFERENCE_TYPE, false, 0x2008, 0x1234, "P.1", NULL},
         "item 'P.1' is of type 0x1234 there, of type array of STRING on machine 1"         },
        {{RM_DIFFERENCE_RIGHTS, false, 3, 1, "P.1", NULL},
         "item 'P.1' is read only there, read and write on machine 1"                       },
        {{RM_DIFFERENCE_RIGHTS, false, 2, 0, "P.1", NULL},
         "item 'P.1' is no access there, write only on machine 1"                           },
        {{RM_DIFFERENCE_QUALITY, false, 0xC0, 0x18, "P.1", NULL},
         "item 'P.1' has bad quality there (0x18), good on machine 1"                       },
        {{RM_DIFFERENCE_MISSING, true, 0, 0, "P", NULL},
         "branch 'P' is missing there, it is on machine 1"                                  },
        {{RM_DIFFERENCE_EXTRA, false, 0, 0, "P.1", NULL},
         "item 'P.1' is there, but not on machine 1"                                        },
        {{RM_DIFFERENCE_ID, false, 0, 0, "P.1", "Q.1"},
         "item 'P.1' of machine 1 has the ID 'Q.1' there"                                   },
    };
    char text[TEXT_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    {
        memset(text, 0x5A, sizeof text);
        rm_difference_text(&rows[i].difference, "machine 1", text, sizeof text);
        assert_string_equal(text, rows[i].text);
    }
    memset(text, 0x5A, sizeof text);
    rm_difference_text(&rows[1].difference, "machine 1", text, 10);
    assert_string_equal(text, "item 'P.1");
    assert_int_equal(text[10], 0x5A);
}

static void values(void **state)
{
    static const struct
    {
        enum rm_difference_kind kind;
        uint32_t value;
        const char *text;
    } rows[] = {
        {RM_DIFFERENCE_REFUSED, 0,          ""              },
        {RM_DIFFERENCE_REFUSED, 0x80070005,
         "0x80070005: access denied: check DCOM permissions and "
         "the account"                                      },
        {RM_DIFFERENCE_RIGHTS,  3,          "read and write"},
        {RM_DIFFERENCE_QUALITY, 0x1018,     "0x18"          },
        {RM_DIFFERENCE_MISSING, 7,          ""              },
    };
    char text[TEXT_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    {
        memset(text, 0x5A, sizeof text);
        rm_difference_value(rows[i].kind, rows[i].value, text, sizeof text);
        assert_string_equal(text, rows[i].text);
    }
}

/* Each kind but NONE has a word for scripts, and no two the same. */
static void names(void **state)
{
    (void)state;
    for (int kind = 1; kind < RM_DIFFERENCE_COUNT; kind++)
    {
        for (int other = 0; other < kind; other++)
        {
            assert_string_not_equal(rm_difference_name((enum rm_difference_kind)kind),
                                    rm_difference_name((enum rm_difference_kind)other));
        }
    }
}

/* What a machine doesn't say is no difference. */
static void what_differs(void **state)
{
    (void)state;
    assert_true(rm_data_types_differ(3, 5));
    assert_true(rm_data_types_differ(3, 0x2003));
    assert_false(rm_data_types_differ(3, 3));
    assert_false(rm_data_types_differ(0, 3));
    assert_false(rm_data_types_differ(3, 0));
    assert_true(rm_access_rights_differ(1, 3));
    assert_false(rm_access_rights_differ(3, 3));
    assert_false(rm_access_rights_differ(3, 7)); /* what others may mean by further bits */
    assert_false(rm_access_rights_differ(0, 3));
    assert_false(rm_access_rights_differ(3, 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts),
        cmocka_unit_test(values),
        cmocka_unit_test(names),
        cmocka_unit_test(what_differs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
