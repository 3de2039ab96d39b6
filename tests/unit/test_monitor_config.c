/* test_monitor_config.c: monitor items as settings, in memory and in the file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <rm/config_xml.h>
#include <rm/monitor_config.h>

#define HEAD                                                                                       \
    "<redundancymaster version=\"1\" xmlns=\"urn:redundancymaster:configuration\">\n"              \
    "<server progid=\"Vendor.Server\">\n"
#define MACHINES "<machines><machine host=\"a\"/><machine host=\"b\"/></machines>\n"
#define TAIL     "</server></redundancymaster>\n"

static struct rm_config config;
static struct rm_config_error fault;
static struct rm_monitor_item item;

static int set_up(void **state)
{
    (void)state;
    rm_config_init(&config);
    memset(&fault, 0xA5, sizeof fault);
    assert_true(rm_monitor_item_init(&item));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    rm_monitor_item_clear(&item);
    rm_config_clear(&config);
    return 0;
}

static struct rm_server_config *add_server(void)
{
    struct rm_server_config *server;

    assert_int_equal(rm_config_add(&config, "Vendor.Server", &server, &fault), RM_OK);
    assert_int_equal(rm_server_add_machine(server, "a", "", "", &fault), RM_OK);
    assert_int_equal(rm_server_add_machine(server, "b", "", "", &fault), RM_OK);
    return server;
}

static enum rm_status set(const char *name, const char *text)
{
    for (size_t i = 0; i < rm_item_field_count; i++)
    {
        if (strcmp(rm_item_fields[i].name, name) == 0)
            return rm_monitor_field_parse(&rm_item_fields[i], &item, text, &fault);
    }
    fail_msg("no field %s", name);
    return RM_E_INVALID;
}

static const char *get(const char *name, char buffer[32])
{
    for (size_t i = 0; i < rm_item_field_count; i++)
    {
        if (strcmp(rm_item_fields[i].name, name) == 0)
            return rm_monitor_field_text(&rm_item_fields[i], &item, buffer);
    }
    return "?";
}

/* RM-164, RM-168, RM-169. */
static void an_item_has_its_defaults(void **state)
{
    char buffer[32];

    (void)state;
    assert_string_equal(get("itemId", buffer), "");
    assert_string_equal(get("accessPath", buffer), "");
    assert_string_equal(get("dataType", buffer), "Default");
    assert_string_equal(get("updateRate", buffer), "1000");
    assert_string_equal(get("trigger", buffer), "bad");
    assert_string_equal(get("operator", buffer), "equal");
    assert_string_equal(get("weight", buffer), "1");
}

static void values_are_read_and_shown(void **state)
{
    static const struct
    {
        const char *name, *text;
        bool is_taken;
    } rows[] = {
        {"dataType",   "UI8",              true },
        {"dataType",   "Default",          true },
        {"dataType",   "I3",               false},
        {"updateRate", "10",               true },
        {"updateRate", "3600000",          true },
        {"updateRate", "9",                false},
        {"updateRate", "3600001",          false},
        {"updateRate", "",                 false},
        {"trigger",    "noChange",         true },
        {"trigger",    "NoChange",         false},
        {"operator",   "bitClear",         true },
        {"operator",   "<",                false},
        {"weight",     "1000",             true },
        {"weight",     "0",                false},
        {"itemId",     "Line 1.P\xC3\xBC", true },
        {"itemId",     "a\nb",             false},
        {"value",      "",                 true },
        {"value",      "\xFF",             false},
        {"time",       "86400000",         true },
        {"time",       "-1",               false},
    };
    char buffer[32];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    {
        char before[64];

        snprintf(before, sizeof before, "%s", get(rows[i].name, buffer));
        if ((set(rows[i].name, rows[i].text) == RM_OK) != rows[i].is_taken)
            fail_msg("%s %s", rows[i].name, rows[i].text);
        assert_string_equal(get(rows[i].name, buffer), rows[i].is_taken ? rows[i].text : before);
    }
}

static void items_come_change_and_go(void **state)
{
    struct rm_server_config *server = add_server();

    (void)state;
    assert_int_equal(rm_server_add_item(server, &item, &fault), RM_E_INVALID);
    assert_non_null(strstr(fault.message, "has no itemId"));
    set("itemId", "A");
    assert_int_equal(rm_server_add_item(server, &item, &fault), RM_OK);
    set("itemId", "B");
    assert_int_equal(rm_server_add_item(server, &item, &fault), RM_OK);
    set("itemId", "C");
    assert_int_equal(rm_server_change_item(server, 1, &item, &fault), RM_OK);
    assert_int_equal(rm_server_change_item(server, 3, &item, &fault), RM_E_NOT_FOUND);
    set("trigger", "value");
    set("operator", "bitSet");
    set("value", "64");
    assert_int_equal(rm_server_change_item(server, 1, &item, &fault), RM_E_INVALID);
    assert_string_equal(server->monitor.items[0].item_id, "C");
    assert_int_equal(rm_server_remove_item(server, 1), RM_OK);
    assert_int_equal(rm_server_remove_item(server, 2), RM_E_NOT_FOUND);
    assert_int_equal(server->monitor.item_count, 1);
    assert_string_equal(server->monitor.items[0].item_id, "B");
    while (server->monitor.item_count < RM_MONITOR_ITEMS_MAX)
        assert_int_equal(rm_server_add_item(server, &server->monitor.items[0], &fault), RM_OK);
    assert_int_equal(rm_server_add_item(server, &server->monitor.items[0], &fault), RM_E_TOO_LARGE);
}

static void count_sentence(void *context, const char *sentence)
{
    unsigned *count = context;

    assert_non_null(strstr(sentence, "Vendor.Server"));
    (*count)++;
}

/* F-04, RM-175. */
static void values_are_put_right(void **state)
{
    struct rm_server_config *server = add_server();
    unsigned told = 0;

    (void)state;
    server->monitor.failure_count = 9; /* without items it means nothing */
    rm_monitor_put_right(server, count_sentence, &told);
    assert_int_equal(told, 0);
    set("itemId", "A");
    set("weight", "3");
    assert_int_equal(rm_server_add_item(server, &item, &fault), RM_OK);
    rm_monitor_put_right(server, count_sentence, &told);
    assert_int_equal(server->monitor.failure_count, 3);
    assert_int_equal(told, 1);
    server->monitor.failure_count = 0;
    server->monitor.items[0].trigger = RM_TRIGGER_NO_CHANGE;
    server->monitor.items[0].time_ms = 1999;
    rm_monitor_put_right(server, count_sentence, &told);
    assert_int_equal(server->monitor.failure_count, 1);
    assert_int_equal(server->monitor.items[0].time_ms, 2000);
    assert_int_equal(told, 3);
    rm_monitor_put_right(server, count_sentence, &told);
    assert_int_equal(told, 3);
}

/* F-13: what isn't ours stays, at its place; what is put right is told. */
static void the_file_keeps_what_it_has(void **state)
{
    static const char text[] = HEAD MACHINES
        "<!-- watched -->\n<monitorItems failureCount=\"0\" later=\"1\">\n"
        "<!-- the pump -->\n<monitorItem itemId=\"A &amp; &lt;B&gt;\" trigger=\"value\" "
        "operator=\"less\" value=\"2\" mine=\"x\"><tag/></monitorItem>\n"
        "<monitorItem itemId=\"W\" trigger=\"noChange\"/>\n<end/></monitorItems>\n" TAIL;
    static const char *const parts[] = {
        "<!-- watched -->",
        "<monitorItems later=\"1\">",
        "<!-- the pump -->",
        "itemId=\"A &amp; &lt;B&gt;\" trigger=\"value\" operator=\"less\" value=\"2\" mine=\"x\">",
        "<tag/>",
        "<monitorItem itemId=\"W\" trigger=\"noChange\" time=\"2000\"/>",
        "<end/>",
    };
    struct rm_config again;
    char *written, *rewritten;
    size_t size;

    (void)state;
    assert_int_equal(rm_config_parse(&config, text, sizeof text - 1, &fault), RM_OK);
    assert_int_equal(config.notice_count, 2);
    assert_int_equal(rm_config_format(&config, &written, &size, &fault), RM_OK);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    {
        if (strstr(written, parts[i]) == NULL)
            fail_msg("'%s' is not in: %s", parts[i], written);
    }
    assert_int_equal(rm_config_parse(&again, written, size, &fault), RM_OK);
    assert_int_equal(again.notice_count, 0);
    assert_int_equal(rm_config_format(&again, &rewritten, &size, &fault), RM_OK);
    assert_string_equal(rewritten, written);
    rm_config_clear(&again);
    free(written);
    free(rewritten);
}

static void a_copy_has_all(void **state)
{
    struct rm_server_config *server = add_server();
    struct rm_server_config *copy;

    (void)state;
    set("itemId", "A");
    set("value", "7");
    assert_int_equal(rm_server_add_item(server, &item, &fault), RM_OK);
    server->monitor.hold_ms = 5;
    server->monitor.watch_always = 1;
    copy = rm_server_config_copy(server);
    rm_server_remove_item(server, 1);
    assert_int_equal(copy->monitor.item_count, 1);
    assert_string_equal(copy->monitor.items[0].text, "7");
    assert_int_equal(copy->monitor.hold_ms, 5);
    assert_int_equal(copy->monitor.watch_always, 1);
    rm_server_config_free(copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_item_has_its_defaults, set_up, tear_down),
        cmocka_unit_test_setup_teardown(values_are_read_and_shown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(items_come_change_and_go, set_up, tear_down),
        cmocka_unit_test_setup_teardown(values_are_put_right, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_file_keeps_what_it_has, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_copy_has_all, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
