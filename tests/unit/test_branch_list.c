/* test_branch_list.c: lists of branches, sorted and merged (rm/branch_list.h). */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <rm/branch_list.h>

#define TEXT_SIZE 4096

struct seen
{
    char text[TEXT_SIZE];
    unsigned count;
};

/* "here/there " for each name, "-" for one that isn't there. */
static void note(void *context, const struct rm_branch_entry *here,
                 const struct rm_branch_entry *there)
{
    struct seen *seen = context;
    size_t used = strlen(seen->text);

    snprintf(seen->text + used, sizeof seen->text - used, "%s/%s ", here ? here->name : "-",
             there ? there->name : "-");
    seen->count++;
}

static void fill(struct rm_branch_list *list, const char *names)
{
    char name[2] = "";

    for (; *names; names++)
    {
        name[0] = *names;
        assert_int_equal(rm_branch_list_add(list, name, name, false, true), RM_OK);
    }
    rm_branch_list_sort(list);
}

static void lists_are_merged(void **state)
{
    static const struct
    {
        const char *here, *there, *seen, *shows;
    } rows[] = {
        {"",    "",     "",                     "nothing"               },
        {"b",   "",     "b/- ",                 "only here"             },
        {"",    "b",    "-/b ",                 "only there"            },
        {"cab", "bca",  "a/a b/b c/c ",         "the servers' own order"},
        {"ac",  "bd",   "a/- -/b c/- -/d ",     "in turn"               },
        {"abc", "c",    "a/- b/- c/c ",         "one ends late"         },
        {"a",   "abcd", "a/a -/b -/c -/d ",     "the other ends late"   },
        {"aab", "abb",  "a/a b/b ",             "what is there twice"   },
        {"zb",  "yax",  "-/a b/- -/x -/y z/- ", "nothing in common"     },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    {
        struct rm_branch_list here = {0}, there = {0};
        struct seen seen = {"", 0};

        fill(&here, rows[i].here);
        fill(&there, rows[i].there);
        rm_branch_merge(&here, &there, note, &seen);
        if (strcmp(seen.text, rows[i].seen) != 0)
        {
            fail_msg("%s: %s", rows[i].shows, seen.text);
        }
        rm_branch_list_clear(&here);
        rm_branch_list_clear(&there);
    }
}

/* Thousands, backwards here and forwards there: each is met once, none is lost. */
static void many_are_merged(void **state)
{
    struct rm_branch_list here = {0}, there = {0};
    struct seen seen = {"", 0};
    char name[16];

    (void)state;
    for (int i = 0; i < 3000; i++)
    {
        snprintf(name, sizeof name, "n%05d", 2999 - i);
        assert_int_equal(rm_branch_list_add(&here, name, "", true, false), RM_OK);
        snprintf(name, sizeof name, "n%05d", i + 1000);
        assert_int_equal(rm_branch_list_add(&there, name, "", true, false), RM_OK);
    }
    rm_branch_list_sort(&here);
    rm_branch_list_sort(&there);
    rm_branch_merge(&here, &there, note, &seen);
    assert_int_equal(seen.count, 4000);
    rm_branch_list_clear(&here);
    rm_branch_list_clear(&there);
}

static void a_branch_that_is_an_item(void **state)
{
    struct rm_branch_list list = {0};

    (void)state;
    assert_int_equal(rm_branch_list_add(&list, "Pump", "", true, false), RM_OK);
    assert_int_equal(rm_branch_list_add(&list, "Pump", "Plant.Pump", false, true), RM_OK);
    rm_branch_list_sort(&list);
    assert_int_equal(list.count, 1);
    assert_true(list.entries[0].is_branch && list.entries[0].is_item);
    assert_string_equal(list.entries[0].id, "Plant.Pump");
    rm_branch_list_clear(&list);
    assert_null(list.entries);
}

static void memory_is_bounded(void **state)
{
    struct rm_branch_list list = {.bytes_max = 10000};
    enum rm_status status = RM_OK;
    size_t count;

    (void)state;
    while (status == RM_OK && list.count < 10000)
    {
        status = rm_branch_list_add(&list, "twelve bytes", "", false, true);
    }
    assert_int_equal(status, RM_E_TOO_LARGE);
    count = list.count;
    assert_in_range(count, 50, 10000 / 14);
    assert_true(list.bytes <= list.bytes_max);
    rm_branch_list_clear(&list);
    assert_int_equal(list.bytes, 0);
    assert_int_equal(list.bytes_max, 10000);
}

static struct rm_branch_entry item(const char *id, uint32_t error, uint32_t type, uint32_t rights)
{
    static char texts[16][16];
    static unsigned next;
    char *text = texts[next++ % 16];

    snprintf(text, sizeof texts[0], "%s", id);
    return (struct rm_branch_entry){.name = text,
                                    .id = text,
                                    .is_item = true,
                                    .is_checked = true,
                                    .error = error,
                                    .type = type,
                                    .rights = rights};
}

/* The kinds that are found, by their first letters: m, e, t, r(ights), R(efused), i; M, E: of a
 * branch. */
static void kinds(const struct rm_branch_entry *here, const struct rm_branch_entry *there,
                  char text[RM_BRANCH_DIFFERENCES + 1])
{
    struct rm_difference differences[RM_BRANCH_DIFFERENCES];
    unsigned count = rm_branch_differences(here, there, differences);

    assert_true(count <= RM_BRANCH_DIFFERENCES);
    for (unsigned i = 0; i < count; i++)
    {
        enum rm_difference_kind kind = differences[i].kind;

        text[i] = rm_difference_name(kind)[0];
        text[i] =
            (char)(text[i] - (differences[i].is_branch || kind == RM_DIFFERENCE_REFUSED ? 32 : 0));
    }
    text[count] = '\0';
}

static void what_is_found(void **state)
{
    struct rm_branch_entry plain = item("A", 0, 3, 1), same = item("A", 0, 3, 1);
    struct rm_branch_entry other_type = item("A", 0, 5, 1), other_both = item("B", 0, 5, 3);
    struct rm_branch_entry refused = item("A", 0xC0040007, 0, 0);
    struct rm_branch_entry refused_too = item("A", 0xC0040008, 0, 0);
    struct rm_branch_entry unchecked = item("A", 0, 5, 3), branch = item("A", 0, 0, 0);
    struct rm_branch_entry both = item("B", 0, 5, 3);
    const struct
    {
        const struct rm_branch_entry *here, *there;
        const char *kinds, *shows;
    } rows[] = {
        {&plain,   &same,        "",     "the same"                             },
        {&plain,   NULL,         "m",    "missing there"                        },
        {NULL,     &plain,       "e",    "only there"                           },
        {&branch,  NULL,         "M",    "a branch is missing there"            },
        {NULL,     &branch,      "E",    "a branch only there"                  },
        {&branch,  &branch,      "",     "the same branch"                      },
        {&branch,  &plain,       "eM",   "a branch here, an item there"         },
        {&plain,   &branch,      "mE",   "the other way round"                  },
        {&plain,   &both,        "itrE", "everything"                           },
        {NULL,     &both,        "eE",   "both, only there"                     },
        {&plain,   &other_type,  "t",    "another type"                         },
        {&plain,   &other_both,  "itr",  "another item"                         },
        {&plain,   &refused,     "R",    "refused there"                        },
        {&refused, &plain,       "R",    "refused here"                         },
        {&refused, &refused_too, "",     "what both refuse is of use to neither"},
        {&plain,   &unchecked,   "",     "not asked for"                        },
    };
    char text[RM_BRANCH_DIFFERENCES + 1];

    (void)state;
    unchecked.is_checked = false;
    branch.is_item = false;
    branch.is_branch = both.is_branch = true;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    {
        kinds(rows[i].here, rows[i].there, text);
        if (strcmp(text, rows[i].kinds) != 0)
        {
            fail_msg("%s: '%s' instead of '%s'", rows[i].shows, text, rows[i].kinds);
        }
    }
}

/* A name is enough where a server has no IDs for branches. */
static void names_and_codes(void **state)
{
    struct rm_branch_entry refused = item("A", 0xC0040007, 0, 0), plain = item("A", 0, 3, 1);
    struct rm_difference differences[RM_BRANCH_DIFFERENCES];
    char name[] = "Area", id[] = "";
    struct rm_branch_entry branch = {.name = name, .id = id, .is_branch = true};

    (void)state;
    assert_int_equal(rm_branch_differences(&branch, NULL, differences), 1);
    assert_string_equal(differences[0].name, "Area");
    assert_int_equal(rm_branch_differences(&plain, &refused, differences), 1);
    assert_int_equal(differences[0].here, 0);
    assert_int_equal(differences[0].there, 0xC0040007);
    assert_int_equal(rm_branch_differences(&refused, &plain, differences), 1);
    assert_int_equal(differences[0].here, 0xC0040007);
    assert_int_equal(differences[0].there, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_merged),
        cmocka_unit_test(many_are_merged),
        cmocka_unit_test(a_branch_that_is_an_item),
        cmocka_unit_test(memory_is_bounded),
        cmocka_unit_test(what_is_found),
        cmocka_unit_test(names_and_codes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
