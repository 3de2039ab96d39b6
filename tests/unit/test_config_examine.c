/* All that is wrong with a file, and what is hardly meant. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rm/config_advice.h>

#include "config_xml_stage.h"

#define FILE_NAME "test_config_examine.xml"
#define TOLD_SIZE 65536

static char told[TOLD_SIZE]; /* a line for each */

static void tell_fault(void *context, const struct rm_config_error *fault)
{
    size_t used = strlen(told);
    (void)context;
    assert_int_not_equal(fault->status, RM_OK);
    snprintf(told + used, sizeof told - used, "%u %s\n", fault->line, fault->message);
}

static void tell_advice(void *context, const char *sentence)
{
    size_t used = strlen(told);
    (void)context;
    snprintf(told + used, sizeof told - used, "%s\n", sentence);
}

static unsigned examine(const char *text)
{
    FILE *file = fopen(FILE_NAME, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    told[0] = '\0';
    memset(&stage_config, 0xa5, sizeof stage_config);
    unsigned count = rm_config_examine(&stage_config, FILE_NAME, tell_fault, NULL);
    remove(FILE_NAME);
    return count;
}

static void every_fault_is_told(void **state)
{
    (void)state;
    unsigned count =
        examine(HEAD "<server progid=\"A\">\n"
                     "<fall>0</fall>\n"
                     "<mode>Warm</mode><rise>3</rise>\n"
                     "<rise>4</rise>\n"
                     "<machines>\n"
                     "<machine progid=\"X\"/>\n"
                     "stray <machine host=\"a\"/>\n"
                     "</machines>\n"
                     "<monitorItems><monitorItem itemId=\"B\" trigger=\"worse\"/>\n"
                     "<monitorItem/></monitorItems></server>\n"
                     "<server/>\n"
                     "<server progid=\"B\"><machines><machine host=\"a\"/></machines></server>\n"
                     "<server progid=\"a\">" TWO "</server>\n" TAIL);
    assert_string_equal(
        told,
        "3 fall can't be '0': give a whole number from 1 to 10 (pings).\n"
        "4 mode can't be 'Warm': choose one of cold, warm or hot.\n"
        "5 <rise> is there twice in redundant server 'A': take one out.\n"
        "7 <machine> has no attribute host: write <machine host=\"name or address\"/>.\n"
        "8 There is text between the elements in <machines>: make it a comment or take it out.\n"
        "10 trigger can't be 'worse'. It is: in error when its quality is bad (uncertain changes "
        "nothing), is notGood (uncertain counts), its value compares so, or there is noChange for "
        "a time.\n"
        "11 A monitor item has no itemId: give the name of an item of the OPC server.\n"
        "12 <server> has no attribute progid: write <server progid=\"the ProgID that clients ask "
        "for\">.\n"
        "13 Redundant server 'B' has 1 machine, but needs 2 to 15: add or remove machines.\n"
        "14 There is a redundant server 'A' already: change that one, or give this one an alias as "
        "its ProgID.\n");
    assert_int_equal(count, 10);
    assert_int_equal(stage_config.server_count, 0);
}

static void faults_of_the_whole_are_told(void **state)
{
    (void)state;
    assert_int_equal(examine(HEAD "<server>\n"), 1);
    assert_non_null(strstr(told, "This is no well-formed XML"));
    assert_int_equal(examine("<redundancymaster version=\"2\" xmlns=\"" NS "\"/>"), 1);
    assert_non_null(strstr(told, "1 The file has version 2"));
    told[0] = '\0';
    assert_int_equal(rm_config_examine(&stage_config, "no_such_file.xml", tell_fault, NULL), 1);
    assert_non_null(strstr(told, "0 no_such_file.xml is not there"));
}

static void faults_are_bounded(void **state)
{
    (void)state;
    static char text[65536];
    size_t used = (size_t)snprintf(text, sizeof text, "%s<server progid=\"A\">", HEAD);
    for (unsigned i = 0; i < 2 * RM_CONFIG_FAULTS_MAX; i++)
    {
        used += (size_t)snprintf(text + used, sizeof text - used, "<fall>0</fall>\n");
    }
    snprintf(text + used, sizeof text - used, "</server>" TAIL);
    assert_int_equal(examine(text), RM_CONFIG_FAULTS_MAX + 1);
}

/* Whoever loads gets the first fault as ever. */
static void loading_stops_at_the_first(void **state)
{
    (void)state;
    static const char text[] = SERVER("<fall>0</fall>\n<rise>0</rise>" TWO);
    assert_int_equal(examine(text), 2);
    assert_int_equal(stage_parse(text, sizeof text - 1), RM_E_INVALID);
    stage_refused(RM_E_INVALID, 3, "fall can't be '0'");
}

static const struct
{
    const char *shows;
    const char *text;
    const char *advice;
} rows[] = {
    {"nothing to be said",                   SERVER(TWO),                                         ""},
    {"one computer",
     MACHINES("<machine host=\"a\" progid=\"P\"/><machine host=\"A\" progid=\"Q\"/>"),
     "'Vendor.Server': machines 1 and 2 are the same computer ('a', 'A'): if it fails, both are "
     "lost. Put one of the servers on another computer.\n"                                          },
    {"one server, by two names",
     MACHINES("<machine host=\"b\"/><machine host=\"localhost\"/><machine host=\"127.0.0.1\"/>"),
     "'Vendor.Server': machines 2 and 3 are the same server of the same computer ('localhost', "
     "'127.0.0.1'). Give one of them another host or ProgID.\n"                                     },
    {"settings without effect in cold mode",
     SERVER("<mode>cold</mode><returnPolicy>stay</returnPolicy><readyPercent>90</readyPercent>"
            "<standbyGroups>active</standbyGroups><returnDelay>1</returnDelay>" TWO),
     "'Vendor.Server': returnPolicy=stay has no effect: in cold mode there is no return: set mode "
     "to warm or hot, or take it out.\n"
     "'Vendor.Server': readyPercent=90 has no effect: in cold mode nothing is known of standbys: "
     "set mode to warm or hot, or take it out.\n"
     "'Vendor.Server': standbyGroups=active has no effect: it is for warm mode only: take it out.\n"
     "'Vendor.Server': returnDelay=1 has no effect: there is no return by itself: see mode and "
     "returnPolicy.\n"                                                                              },
    {"the same with effect",
     SERVER("<returnPolicy>best</returnPolicy><readyPercent>90</readyPercent><flapLimit>2"
            "</flapLimit><flapWindow>1000</flapWindow><standbyGroups>active</standbyGroups>"
            "<returnDelay>1</returnDelay>" TWO),
     ""                                                                                             },
    {"a window without a limit",             SERVER("<flapWindow>1000</flapWindow>" TWO),
     "'Vendor.Server': flapWindow=1000 has no effect: flapLimit is 0: set that as well.\n"          },
    {"watched without items",                SERVER("<monitorItems watchAlways=\"yes\"/>" TWO),
     "'Vendor.Server': watchAlways and holdTime have no effect without monitor items: add one.\n"   },
    {"a group of one",                       SERVER("<linkGroup>7</linkGroup>" TWO),
     "'Vendor.Server': no other redundant server has linkGroup=7: give its partners the same "
     "number.\n"                                                                                    },
    {"a group of two",
     HEAD "<server progid=\"A\"><linkGroup>7</linkGroup>" TWO "</server>"
          "<server progid=\"B\"><linkGroup>7</linkGroup>" TWO "</server>" TAIL,
     ""                                                                                             },
};

static void what_is_hardly_meant_is_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    {
        assert_int_equal(stage_parse(rows[i].text, strlen(rows[i].text)), RM_OK);
        told[0] = '\0';
        rm_config_advise(&stage_config, tell_advice, NULL);
        rm_config_clear(&stage_config);
        if (strcmp(told, rows[i].advice) != 0)
        {
            fail_msg("%s: %s", rows[i].shows, told);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fault_is_told),
        cmocka_unit_test(faults_of_the_whole_are_told),
        cmocka_unit_test(faults_are_bounded),
        cmocka_unit_test(loading_stops_at_the_first),
        cmocka_unit_test(what_is_hardly_meant_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
