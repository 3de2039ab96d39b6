#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <rm/config.h>

static struct rm_config config;
static struct rm_config_error fault;

static int set_up(void **state)
{
    (void)state;
    rm_config_init(&config);
    memset(&fault, 0xa5, sizeof fault);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    rm_config_clear(&config);
    return 0;
}

static struct rm_server_config *add_server(const char *progid)
{
    struct rm_server_config *server = NULL;
    assert_int_equal(rm_config_add(&config, progid, &server, &fault), RM_OK);
    assert_int_equal(rm_server_add_machine(server, "localhost", "", "", &fault), RM_OK);
    assert_int_equal(rm_server_add_machine(server, "standby", NULL, NULL, &fault), RM_OK);
    return server;
}

static void refused(enum rm_status status, enum rm_status wanted, const char *part)
{
    assert_int_equal(status, wanted);
    assert_int_equal(fault.status, wanted);
    assert_int_equal(fault.line, 0);
    if (strstr(fault.message, part) == NULL)
    {
        fail_msg("'%s' is not in: %s", part, fault.message);
    }
}

static const struct
{
    const char *name;
    uint32_t minimum, maximum, preset;
} numbers[] = {
    {"pingInterval",      100,  3600000, 2500  },
    {"pingTimeout",       50,   600000,  1000  },
    {"fall",              1,    10,      1     },
    {"rise",              1,    10,      2     },
    {"returnDelay",       0,    3600000, 5000  },
    {"busyGrace",         0,    600000,  10000 },
    {"connectTimeout",    1000, 600000,  30000 },
    {"reconnectInterval", 100,  3600000, 2500  },
    {"readyPercent",      0,    100,     0     },
    {"flapLimit",         0,    10,      0     },
    {"flapWindow",        1000, 3600000, 600000},
    {"linkGroup",         0,    255,     0     },
    {"callbackCheck",     0,    600000,  10000 },
};

static void takes_value(const char *name, struct rm_server_config *server, uint32_t value,
                        bool is_taken)
{
    const struct rm_setting *setting = rm_setting_find(name);
    char text[32];
    char before[32];
    char after[32];
    char range[64];
    snprintf(text, sizeof text, "%u", (unsigned)value);
    snprintf(range, sizeof range, "from %u to %u", (unsigned)setting->minimum,
             (unsigned)setting->maximum);
    rm_setting_format(setting, server, before, sizeof before);
    enum rm_status status = rm_setting_parse(setting, server, text, &fault);
    rm_setting_format(setting, server, after, sizeof after);
    if (is_taken)
    {
        assert_int_equal(status, RM_OK);
        assert_string_equal(after, text);
        return;
    }
    refused(status, RM_E_INVALID, range);
    assert_non_null(strstr(fault.message, name));
    assert_string_equal(after, before);
}

static void numbers_have_their_ranges(void **state)
{
    (void)state;
    struct rm_server_config *server = add_server("Vendor.Server");
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    {
        const struct rm_setting *setting = rm_setting_find(numbers[i].name);
        assert_non_null(setting);
        assert_int_equal(setting->minimum, numbers[i].minimum);
        assert_int_equal(setting->maximum, numbers[i].maximum);
        assert_int_equal(setting->preset, numbers[i].preset);
        takes_value(numbers[i].name, server, numbers[i].minimum, true);
        assert_int_equal(rm_server_check(server, &fault), RM_OK);
        takes_value(numbers[i].name, server, numbers[i].maximum, true);
        assert_int_equal(rm_server_check(server, &fault), RM_OK);
        takes_value(numbers[i].name, server, numbers[i].maximum + 1, false);
        if (numbers[i].minimum > 0)
        {
            takes_value(numbers[i].name, server, numbers[i].minimum - 1, false);
        }
    }
}

/* D2-14, CX-18: a number of one of the machines that are there. */
static void the_preferred_machine_is_there(void **state)
{
    (void)state;
    struct rm_server_config *server = add_server("Vendor.Server");
    assert_int_equal(server->preferred_machine, 0);
    takes_value("preferredMachine", server, 16, false);
    takes_value("preferredMachine", server, 2, true);
    assert_int_equal(rm_server_check(server, &fault), RM_OK);
    takes_value("preferredMachine", server, 3, true);
    refused(rm_server_check(server, &fault), RM_E_INVALID,
            "preferredMachine is 3, but there are only 2 machines");
}

static void numbers_are_whole_and_plain(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        " ",
                                        "1 ",
                                        " 1",
                                        "+1",
                                        "-1",
                                        "1.0",
                                        "0x10",
                                        "1e3",
                                        "1,000",
                                        "4294967396",
                                        "warm",
                                        "99999999999999999999999999"};
    struct rm_server_config *server = add_server("Vendor.Server");
    const struct rm_setting *setting = rm_setting_find("pingInterval");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    {
        refused(rm_setting_parse(setting, server, wrong[i], &fault), RM_E_INVALID,
                "give a whole number from 100 to 3600000 (ms)");
        assert_int_equal(server->ping_interval_ms, 2500);
    }
    assert_int_equal(rm_setting_parse(setting, server, "000250", &fault), RM_OK);
    assert_int_equal(server->ping_interval_ms, 250);
}

static void choices_have_names(void **state)
{
    (void)state;
    struct rm_server_config *server = add_server("Vendor.Server");
    refused(rm_setting_parse(rm_setting_find("mode"), server, "Warm", &fault), RM_E_INVALID,
            "mode can't be 'Warm': choose one of cold, warm or hot.");
    refused(rm_setting_parse(rm_setting_find("returnPolicy"), server, "", &fault), RM_E_INVALID,
            "choose one of primary, stay, best or command.");
    refused(rm_setting_parse(rm_setting_find("unknownWrites"), server, "1", &fault), RM_E_INVALID,
            "choose one of fail or repeat.");
    assert_int_equal(server->start_policy, RM_START_PRIMARY);
    assert_int_equal(server->acknowledge, RM_ACKNOWLEDGE_NONE);
    refused(rm_setting_parse(rm_setting_find("startPolicy"), server, "best", &fault), RM_E_INVALID,
            "choose one of primary or first.");
    refused(rm_setting_parse(rm_setting_find("acknowledge"), server, "yes", &fault), RM_E_INVALID,
            "choose one of none, writes, return or both.");
    assert_int_equal(rm_setting_parse(rm_setting_find("mode"), server, "hot", &fault), RM_OK);
    assert_int_equal(rm_setting_parse(rm_setting_find("returnPolicy"), server, "command", &fault),
                     RM_OK);
    assert_int_equal(rm_setting_parse(rm_setting_find("unknownWrites"), server, "repeat", &fault),
                     RM_OK);
    assert_int_equal(server->mode, RM_MODE_HOT);
    assert_int_equal(server->return_policy, RM_RETURN_COMMAND);
    assert_int_equal(server->unknown_write, RM_UNKNOWN_WRITE_REPEAT);
    assert_string_equal(rm_mode_name(RM_MODE_HOT), "hot");
    assert_string_equal(rm_return_policy_name(RM_RETURN_BEST), "best");
    assert_null(rm_setting_find("pinginterval"));
}

static void a_new_server_has_the_defaults(void **state)
{
    (void)state;
    const struct rm_server_config *server = add_server("Vendor.Server");
    assert_int_equal(server->mode, RM_MODE_WARM);
    assert_int_equal(server->return_policy, RM_RETURN_PRIMARY);
    assert_int_equal(server->unknown_write, RM_UNKNOWN_WRITE_FAIL);
    assert_int_equal(server->ping_interval_ms, 2500);
    assert_int_equal(server->ping_timeout_ms, 1000);
    assert_int_equal(server->fall, 1);
    assert_int_equal(server->rise, 2);
    assert_int_equal(server->return_delay_ms, 5000);
    assert_int_equal(server->busy_grace_ms, 10000);
    assert_int_equal(server->connect_timeout_ms, 30000);
    assert_int_equal(server->reconnect_interval_ms, 2500);
    assert_int_equal(server->callback_check_ms, 10000);
    assert_int_equal(server->standby_groups, RM_STANDBY_GROUPS_INACTIVE);
    assert_string_equal(server->clsid, "");
    assert_int_equal(rm_server_check(server, &fault), RM_OK);
}

static void servers_are_found_without_case(void **state)
{
    (void)state;
    struct rm_server_config *server = add_server("Vendor.Server");
    struct rm_server_config *none = server;
    assert_ptr_equal(rm_config_find(&config, "VENDOR.server"), server);
    assert_null(rm_config_find(&config, "Vendor.Serve"));
    refused(rm_config_add(&config, "vendor.server", &none, &fault), RM_E_EXISTS,
            "There is a redundant server 'Vendor.Server' already");
    assert_null(none);
    add_server("Other.Server");
    assert_int_equal(rm_config_remove(&config, "nobody"), RM_E_NOT_FOUND);
    assert_int_equal(rm_config_remove(&config, "VENDOR.SERVER"), RM_OK);
    assert_int_equal(config.server_count, 1);
    assert_string_equal(config.servers[0]->progid, "Other.Server");
}

static void progids_are_checked(void **state)
{
    (void)state;
    static const struct
    {
        const char *progid, *part;
    } wrong[] = {
        {"",                 "is empty"                    },
        {"A<B",              "must not contain < > & or \\"},
        {"A>B",              "must not contain"            },
        {"A&B",              "must not contain"            },
        {"A\\B",             "must not contain"            },
        {" A",               "begin or end with a blank"   },
        {"A ",               "begin or end with a blank"   },
        {"A\nB",             "control character"           },
        {"A\x7f",            "control character"           },
        {"A\xff",            "no valid UTF-8"              },
        {"A\xc3",            "no valid UTF-8"              },
        {"\xc0\x80",         "no valid UTF-8"              },
        {"\xe0\x80\x80",     "no valid UTF-8"              },
        {"\xed\xa0\x80",     "no valid UTF-8"              },
        {"\xef\xbf\xbf",     "no valid UTF-8"              },
        {"\xf4\x90\x80\x80", "no valid UTF-8"              },
    };
    struct rm_server_config *server;
    char longest[RM_PROGID_MAX + 2];
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    {
        refused(rm_config_add(&config, wrong[i].progid, &server, &fault), RM_E_INVALID,
                wrong[i].part);
    }
    memset(longest, 'x', sizeof longest);
    longest[RM_PROGID_MAX + 1] = '\0';
    refused(rm_config_add(&config, longest, &server, &fault), RM_E_INVALID, "longer than 255");
    longest[RM_PROGID_MAX] = '\0';
    add_server(longest);
    add_server("S\xc3\xbc\xc3\x9fwasser Server \xf0\x9f\x98\x80");
}

static void machines_are_checked(void **state)
{
    (void)state;
    struct rm_server_config *server = add_server("Vendor.Server");
    const char *clsid = "{01234567-89ab-cdef-0123-456789ABCDEF}";
    refused(rm_server_add_machine(server, "", "", "", &fault), RM_E_INVALID, "is empty");
    refused(rm_server_add_machine(server, "a b", "", "", &fault), RM_E_INVALID, "plain name");
    refused(rm_server_add_machine(server, "\\\\a", "", "", &fault), RM_E_INVALID, "plain name");
    refused(rm_server_add_machine(server, "a", "b&c", "", &fault), RM_E_INVALID,
            "The ProgID 'b&c' of machine 'a' must not contain");
    refused(rm_server_add_machine(server, "a", "", "{1}", &fault), RM_E_INVALID,
            "The class id '{1}' of machine 'a' must have the form");
    refused(
        rm_server_add_machine(server, "a", "", "{0123456g-89ab-cdef-0123-456789abcdef}", &fault),
        RM_E_INVALID, "must have the form");
    assert_int_equal(server->machine_count, 2);
    assert_int_equal(rm_server_add_machine(server, "fe80::1%3", "Own.1", clsid, &fault), RM_OK);
    assert_string_equal(rm_server_machine_progid(server, 1), "Vendor.Server");
    assert_string_equal(rm_server_machine_progid(server, 3), "Own.1");
    assert_string_equal(server->machines[2].clsid, clsid);
}

static void windows_services_are_checked(void **state)
{
    (void)state;
    struct rm_server_config *server = add_server("Vendor.Server");
    char long_name[RM_SERVICE_MAX + 2];
    memset(long_name, 'x', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    assert_string_equal(server->machines[1].service, "");
    refused(rm_server_set_service(server, 0, "a", &fault), RM_E_NOT_FOUND, "has no machine 0");
    refused(rm_server_set_service(server, 3, "a", &fault), RM_E_NOT_FOUND, "has no machine 3");
    refused(rm_server_set_service(server, 2, "a/b", &fault), RM_E_INVALID, "without slashes");
    refused(rm_server_set_service(server, 2, "a\\b", &fault), RM_E_INVALID, "without slashes");
    refused(rm_server_set_service(server, 2, "a\nb", &fault), RM_E_INVALID, "control character");
    refused(rm_server_set_service(server, 2, long_name, &fault), RM_E_INVALID, "longer than 256");
    long_name[RM_SERVICE_MAX] = '\0';
    assert_int_equal(rm_server_set_service(server, 2, long_name, &fault), RM_OK);
    assert_int_equal(rm_server_set_service(server, 2, "Vendor OPC & Co", &fault), RM_OK);
    assert_int_equal(rm_server_check(server, &fault), RM_OK);
    struct rm_server_config *copy = rm_server_config_copy(server);
    assert_string_equal(copy->machines[1].service, "Vendor OPC & Co");
    assert_int_equal(rm_server_set_service(copy, 2, "", &fault), RM_OK);
    assert_string_equal(copy->machines[1].service, "");
    assert_true(rm_server_has_same_machines(server, copy));
    rm_server_config_free(copy);
}

static void machines_are_counted(void **state)
{
    (void)state;
    struct rm_server_config *server = add_server("Vendor.Server");
    for (unsigned i = 3; i <= RM_MACHINES_MAX; i++)
    {
        char host[16];
        snprintf(host, sizeof host, "m%u", i);
        assert_int_equal(rm_server_add_machine(server, host, "", "", &fault), RM_OK);
    }
    assert_int_equal(rm_server_check(server, &fault), RM_OK);
    refused(rm_server_add_machine(server, "m16", "", "", &fault), RM_E_TOO_LARGE,
            "has 15 machines already");
    assert_int_equal(rm_server_remove_machine(server, 0), RM_E_NOT_FOUND);
    assert_int_equal(rm_server_remove_machine(server, 16), RM_E_NOT_FOUND);
    assert_int_equal(rm_server_remove_machine(server, 1), RM_OK);
    assert_string_equal(server->machines[0].host, "standby");
    while (server->machine_count > 1)
    {
        assert_int_equal(rm_server_remove_machine(server, 2), RM_OK);
    }
    refused(rm_server_check(server, &fault), RM_E_INVALID, "has 1 machine, but needs 2 to 15");
    assert_int_equal(rm_server_check(server, NULL), RM_E_INVALID);
}

static void no_machine_is_there_twice(void **state)
{
    (void)state;
    struct rm_server_config *server = add_server("Vendor.Server");
    assert_int_equal(rm_server_add_machine(server, "LOCALHOST", "Other.1", "", &fault), RM_OK);
    assert_int_equal(rm_server_check(server, &fault), RM_OK);
    assert_int_equal(rm_server_add_machine(server, "LocalHost", "vendor.server", "", &fault),
                     RM_OK);
    refused(rm_config_check(&config, &fault), RM_E_INVALID,
            "machines 1 and 4 are the same, 'LocalHost' with ProgID 'vendor.server'");
}

static void a_value_out_of_range_is_found(void **state)
{
    (void)state;
    struct rm_server_config *server = add_server("Vendor.Server");
    server->rise = 11;
    refused(rm_server_check(server, &fault), RM_E_INVALID, "rise is 11, it must be from 1 to 10");
    server->rise = 1;
    server->mode = RM_MODE_COUNT;
    refused(rm_server_check(server, &fault), RM_E_INVALID, "mode is 3");
}

static void servers_are_counted(void **state)
{
    (void)state;
    struct rm_server_config *server;
    for (unsigned i = 0; i < RM_SERVERS_MAX; i++)
    {
        char progid[32];
        snprintf(progid, sizeof progid, "Vendor.Server.%u", i);
        add_server(progid);
    }
    assert_int_equal(rm_config_check(&config, &fault), RM_OK);
    refused(rm_config_add(&config, "One.More", &server, &fault), RM_E_TOO_LARGE,
            "There are 256 redundant servers already");
}

static void a_copy_is_deep(void **state)
{
    (void)state;
    struct rm_server_config *server = add_server("Vendor.Server");
    server->fall = 7;
    server->mode = RM_MODE_COLD;
    struct rm_server_config *copy = rm_server_config_copy(server);
    assert_non_null(copy);
    assert_ptr_not_equal(copy->progid, server->progid);
    assert_int_equal(rm_config_remove(&config, "Vendor.Server"), RM_OK);
    assert_string_equal(copy->progid, "Vendor.Server");
    assert_int_equal(copy->fall, 7);
    assert_int_equal(copy->mode, RM_MODE_COLD);
    assert_int_equal(copy->machine_count, 2);
    assert_string_equal(copy->machines[1].host, "standby");
    assert_int_equal(rm_server_check(copy, &fault), RM_OK);
    rm_server_config_free(copy);
    rm_server_config_free(NULL);
}

static void settings_are_taken_over(void **state)
{
    (void)state;
    char changes[64];
    char few[12];
    struct rm_server_config *running = add_server("Vendor.Server");
    struct rm_server_config *set = add_server("Vendor.Other");
    assert_false(rm_server_take_settings(running, set, changes, sizeof changes));
    assert_string_equal(changes, "");
    set->mode = RM_MODE_HOT;
    set->fall = 2;
    set->standby_groups = RM_STANDBY_GROUPS_ACTIVE;
    assert_true(rm_server_take_settings(running, set, changes, sizeof changes));
    assert_string_equal(changes, "mode hot, fall 2, standbyGroups active");
    assert_int_equal(running->fall, 2);
    assert_string_equal(running->progid, "Vendor.Server");
    assert_false(rm_server_take_settings(running, set, changes, sizeof changes));
    set->mode = RM_MODE_COLD;
    set->fall = 1;
    assert_true(rm_server_take_settings(running, set, few, sizeof few));
    assert_string_equal(few, "mode cold, ");
}

static void a_cut_message_ends_with_a_whole_character(void **state)
{
    (void)state;
    struct rm_server_config *server;
    char progid[200];
    progid[0] = 'x';
    for (size_t i = 1; i + 2 < sizeof progid; i += 2)
    {
        memcpy(progid + i, "\xc3\xa4", 3);
    }
    memcpy(progid + 150, "&", 2);
    refused(rm_config_add(&config, progid, &server, &fault), RM_E_INVALID,
            "\xc3\xa4' of the redundant server");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(numbers_have_their_ranges, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_preferred_machine_is_there, set_up, tear_down),
        cmocka_unit_test_setup_teardown(numbers_are_whole_and_plain, set_up, tear_down),
        cmocka_unit_test_setup_teardown(choices_have_names, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_new_server_has_the_defaults, set_up, tear_down),
        cmocka_unit_test_setup_teardown(servers_are_found_without_case, set_up, tear_down),
        cmocka_unit_test_setup_teardown(progids_are_checked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(machines_are_checked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(windows_services_are_checked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(machines_are_counted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_machine_is_there_twice, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_value_out_of_range_is_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(servers_are_counted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_copy_is_deep, set_up, tear_down),
        cmocka_unit_test_setup_teardown(settings_are_taken_over, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_cut_message_ends_with_a_whole_character, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
