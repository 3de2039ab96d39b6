/* test_event.c: the catalogue's texts letter for letter (features 1.13), and how they are cut. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

#include <rm/event.h>

/* The formatter would align the rows of tables far beyond 100 columns. */
/* clang-format off */

#define SERVER "KEPware.KEPServerEx"
#define HOST   "192.168.111.67"

static void has_text(const struct rm_event *event, const char *wanted)
{
    char text[RM_EVENT_TEXT_SIZE];

    memset(text, 0xCC, sizeof text);
    rm_event_format(event, text, sizeof text);
    assert_string_equal(text, wanted);
}

static void documented_templates(void **state)
{
    static const struct
    {
        const char *feature;
        enum rm_event_id id;
        unsigned machine;
        enum rm_severity severity;
        const char *text;
    } rows[] = {
        {"RM-243", RM_EVENT_CONNECTED, 1, RM_SEVERITY_INFORMATIONAL,
         "Connected to '%s' on primary machine '%s'."},
        {"RM-244", RM_EVENT_CONNECTED, 2, RM_SEVERITY_INFORMATIONAL,
         "Connected to '%s' on secondary machine '%s'."},
        {"RM-248", RM_EVENT_DISCONNECTED, 1, RM_SEVERITY_INFORMATIONAL,
         "Disconnected from '%s' on primary machine '%s'."},
        {"RM-249", RM_EVENT_DISCONNECTED, 2, RM_SEVERITY_INFORMATIONAL,
         "Disconnected from '%s' on secondary machine '%s'."},
        {"RM-251", RM_EVENT_CONNECT_FAILED, 1, RM_SEVERITY_ERROR,
         "Failed to connect to '%s' on primary machine '%s' (Error = 0x%08X)."},
        {"RM-252", RM_EVENT_CONNECT_FAILED, 2, RM_SEVERITY_ERROR,
         "Failed to connect to '%s' on secondary machine '%s' (Error = 0x%08X)."},
        {"RM-257", RM_EVENT_PROMOTED, 1, RM_SEVERITY_INFORMATIONAL,
         "Promoted active connection for server '%s' to primary machine '%s'"},
        {"RM-258", RM_EVENT_PROMOTED, 2, RM_SEVERITY_INFORMATIONAL,
         "Promoted active connection for server '%s' to secondary machine '%s'"},
        {"RM-259", RM_EVENT_SHUTDOWN_RECEIVED, 1, RM_SEVERITY_INFORMATIONAL,
         "Received shutdown notification from server '%s' on primary machine '%s'."},
        {"RM-260", RM_EVENT_SHUTDOWN_RECEIVED, 2, RM_SEVERITY_INFORMATIONAL,
         "Received shutdown notification from server '%s' on secondary machine '%s'."},
        {"RM-261", RM_EVENT_STATUS_LOST, 1, RM_SEVERITY_ERROR,
         "Unable to retrieve status for server '%s' on primary machine '%s'. "
         "Server communications has been lost"},
        {"RM-262", RM_EVENT_STATUS_LOST, 2, RM_SEVERITY_ERROR,
         "Unable to retrieve status for server '%s' on secondary machine '%s'. "
         "Server communications has been lost"},
        {"RM-241", RM_EVENT_MONITOR_ITEM_REFUSED, 1, RM_SEVERITY_ERROR,
         "Attempt to add monitor item '%s' for '%s' on primary machine '%s' failed. This monitor "
         "item will be considered in error."},
        {"RM-242", RM_EVENT_MONITOR_ITEM_REFUSED, 2, RM_SEVERITY_ERROR,
         "Attempt to add monitor item '%s' for '%s' on secondary machine '%s' failed. This monitor "
         "item will be considered in error."},
        {"RM-246", RM_EVENT_MONITOR_ITEM_ARRAY, 1, RM_SEVERITY_ERROR,
         "Monitor item '%s' for '%s' on primary machine '%s' contains array data which is not "
         "supported for the 'specific value' trigger condition"},
        {"RM-253", RM_EVENT_MONITOR_ERROR, 1, RM_SEVERITY_ERROR,
         "Monitor item test in error for '%s' on primary machine '%s'"},
        {"RM-254", RM_EVENT_MONITOR_ERROR, 2, RM_SEVERITY_ERROR,
         "Monitor item test in error for '%s' on secondary machine '%s'"},
        {"RM-255", RM_EVENT_MONITOR_PASSED, 1, RM_SEVERITY_INFORMATIONAL,
         "Monitor item test passed for '%s' on primary machine '%s'"},
        {"RM-256", RM_EVENT_MONITOR_PASSED, 2, RM_SEVERITY_INFORMATIONAL,
         "Monitor item test passed for '%s' on secondary machine '%s'"},
        {"F-17", RM_EVENT_CONNECTED, 3, RM_SEVERITY_INFORMATIONAL,
         "Connected to '%s' on machine 3 '%s'."},
        {"F-17", RM_EVENT_PROMOTED, 15, RM_SEVERITY_INFORMATIONAL,
         "Promoted active connection for server '%s' to machine 15 '%s'"},
    };
    char text[RM_EVENT_TEXT_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    {
        memset(text, 0xCC, sizeof text);
        rm_event_template(rows[i].id, rows[i].machine, text, sizeof text);
        if (strcmp(text, rows[i].text) != 0 || rm_event_severity(rows[i].id) != rows[i].severity)
        {
            fail_msg("%s: %s", rows[i].feature, text);
        }
    }
}

static void full_texts(void **state)
{
    static const struct
    {
        struct rm_event event;
        const char *text;
    } rows[] = {
        /* the documents' sample log (K14:475) */
        {{RM_EVENT_CONNECTED, SERVER, 1, "localhost", 0, ""},
         "Connected to 'KEPware.KEPServerEx' on primary machine 'localhost'."},
        {{RM_EVENT_CONNECTED, SERVER, 2, HOST, 0, ""},
         "Connected to 'KEPware.KEPServerEx' on secondary machine '192.168.111.67'."},
        {{RM_EVENT_CONNECT_FAILED, SERVER, 2, HOST, 0x800706BA, ""},
         "Failed to connect to 'KEPware.KEPServerEx' on secondary machine '192.168.111.67' "
         "(Error = 0x800706BA)."},
        {{RM_EVENT_CONNECT_FAILED, SERVER, 4, HOST, 0xBA, ""},
         "Failed to connect to 'KEPware.KEPServerEx' on machine 4 '192.168.111.67' "
         "(Error = 0x000000BA)."},
        {{RM_EVENT_ALL_LOST, SERVER, 0, "", 0, ""},
         "No machine of server 'KEPware.KEPServerEx' can be reached. Clients get quality bad until "
         "one is connected again."},
        {{RM_EVENT_NO_BETTER_MACHINE, SERVER, 0, "", 0, ""},
         "The active machine of server 'KEPware.KEPServerEx' is at fault, but no other machine is "
         "better. The active connection stays as it is."},
        {{RM_EVENT_ITEM_REFUSED, SERVER, 2, HOST, 0xC0040007, "Channel1.Device1.%Tag"},
         "Server 'KEPware.KEPServerEx' on secondary machine '192.168.111.67' refused item "
         "'Channel1.Device1.%Tag' (Error = 0xC0040007)."},
        {{RM_EVENT_WRITE_UNKNOWN, SERVER, 1, HOST, 0, "A, B"},
         "The connection to server 'KEPware.KEPServerEx' on primary machine '192.168.111.67' was "
         "lost during a write; whether it was carried out is not known. Items: A, B"},
        {{RM_EVENT_INTEGRITY_REFUSED, SERVER, 1, HOST, 0, ""},
         "Server 'KEPware.KEPServerEx' on primary machine '192.168.111.67' refused packet "
         "integrity. The client process's own security level is used."},
        {{RM_EVENT_INTERFACE_UNKNOWN, SERVER, 0, "", 0, "{0000-1111}"},
         "A client of server 'KEPware.KEPServerEx' asked for the vendor interface {0000-1111}, "
         "which is not passed on."},
        {{RM_EVENT_INTERFACE_MISSING, SERVER, 2, HOST, 0, "{0000-1111}"},
         "Server 'KEPware.KEPServerEx' on secondary machine '192.168.111.67' lacks the interface "
         "{0000-1111}, which other machines have."},
        {{RM_EVENT_GROUP_REFUSED, SERVER, 2, HOST, 0x8007000E, "Pumps"},
         "Server 'KEPware.KEPServerEx' on secondary machine '192.168.111.67' refused group "
         "'Pumps' (Error = 0x8007000E)."},
        {{RM_EVENT_LOGON_REFUSED, SERVER, 2, HOST, 0x80070005, ""},
         "Server 'KEPware.KEPServerEx' on secondary machine '192.168.111.67' refused to log the "
         "client on, as another machine had (Error = 0x80070005)."},
        {{RM_EVENT_WORKERS_ABANDONED, SERVER, 1, HOST, 3, ""},
         "Calls to server 'KEPware.KEPServerEx' on primary machine '192.168.111.67' have not come "
         "back. Workers abandoned: 3"},
        {{RM_EVENT_STATUS_REFUSED, SERVER, 1, HOST, 0x80004005, ""},
         "Server 'KEPware.KEPServerEx' on primary machine '192.168.111.67' answers, but its status "
         "call fails (Error = 0x80004005). Check its log, its configuration and its license."},
        {{RM_EVENT_EVENTS_LOST, SERVER, 0, "", 44, ""},
         "The service was away for longer than a client of server 'KEPware.KEPServerEx' can keep "
         "events. Events lost: 44"},
        {{RM_EVENT_NETWORK_LOST, SERVER, 0, "", 0, ""},
         "All machines of server 'KEPware.KEPServerEx' became unreachable at the same time. Check "
         "this computer's own network connection (adapter, cable, switch) before the machines. "
         "Clients get quality bad until one is connected again."},
        {{RM_EVENT_FLAPPING, SERVER, 1, HOST, 4, ""},
         "Server 'KEPware.KEPServerEx' on primary machine '192.168.111.67' has failed and come back "
         "too often (promotions: 4). It is not returned to until it has been quiet for flapWindow. "
         "Find out why it fails, or switch to it by command."},
        {{RM_EVENT_SWITCH_REFUSED, SERVER, 2, HOST, 0, "it is not connected"},
         "The commanded switch of server 'KEPware.KEPServerEx' to secondary machine "
         "'192.168.111.67' was not made: it is not connected. Remove the cause, or force the "
         "switch."},
        {{RM_EVENT_STARVED, SERVER, 0, "", 4000, ""},
         "The checks of server 'KEPware.KEPServerEx' were late by 4000 ms (clock changed, computer "
         "asleep or overloaded). Decisions wait for one more check. If this comes again, look at "
         "the load of this computer."},
        {{RM_EVENT_NO_SWITCH, SERVER, 0, "", 0, "no other machine is fit to take over"},
         "The commanded switch of server 'KEPware.KEPServerEx' was not made: no other machine is "
         "fit to take over."},
        {{RM_EVENT_COMMANDED, SERVER, 0, "", 0, "switch to machine 2 (PLANT\\anna)"},
         "Operator's command for server 'KEPware.KEPServerEx': switch to machine 2 (PLANT\\anna)"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    {
        has_text(&rows[i].event, rows[i].text);
    }
}

static void settings_texts(void **state)
{
    static const struct
    {
        struct rm_event event;
        const char *text;
    } rows[] = {
        {{RM_EVENT_SETTINGS_CHANGED, SERVER, 0, "", 0, "mode hot, fall 2"},
         "New settings of server 'KEPware.KEPServerEx' are in force: mode hot, fall 2"},
        {{RM_EVENT_SETTINGS_UNUSABLE, SERVER, 0, "", 0, ""},
         "The new settings of server 'KEPware.KEPServerEx' can't be used: they are damaged, or of a "
         "newer version. Those from before stay in force. Run 'rmctl enable' as administrator."},
        {{RM_EVENT_MACHINES_CHANGED, SERVER, 0, "", 0, "'OPC-C' is machine 3 now"},
         "The list of machines of server 'KEPware.KEPServerEx' was changed: 'OPC-C' is machine 3 "
         "now"},
        {{RM_EVENT_REMOVED_SERVES, SERVER, 0, HOST, 0, ""},
         "Server 'KEPware.KEPServerEx' on removed machine '192.168.111.67' goes on serving, for no "
         "other machine is fit to take over. It is left as soon as one is: do not switch it off "
         "before."},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    {
        has_text(&rows[i].event, rows[i].text);
    }
}

static void monitor_texts(void **state)
{
    static const struct
    {
        struct rm_event event;
        const char *text;
    } rows[] = {
        {{RM_EVENT_MONITOR_ITEM_REFUSED, SERVER, 2, HOST, 0, "Channel1.%s"},
         "Attempt to add monitor item 'Channel1.%s' for 'KEPware.KEPServerEx' on secondary machine "
         "'192.168.111.67' failed. This monitor item will be considered in error."},
        {{RM_EVENT_MONITOR_ITEM_ARRAY, SERVER, 1, HOST, 0, "A"},
         "Monitor item 'A' for 'KEPware.KEPServerEx' on primary machine '192.168.111.67' contains "
         "array data which is not supported for the 'specific value' trigger condition"},
        {{RM_EVENT_MONITOR_ERROR, SERVER, 3, HOST, 0, ""},
         "Monitor item test in error for 'KEPware.KEPServerEx' on machine 3 '192.168.111.67'"},
        {{RM_EVENT_MONITOR_PASSED, SERVER, 1, HOST, 0, ""},
         "Monitor item test passed for 'KEPware.KEPServerEx' on primary machine '192.168.111.67'"},
        {{RM_EVENT_SERVICE_LEFT, "", 0, "", 0, ""},
         "Disconnected from the RedundancyMaster Service"},
        {{RM_EVENT_MONITOR_BLIND, SERVER, 0, "", 0x80070005, ""},
         "The service can't test the monitor items of server 'KEPware.KEPServerEx' on any machine "
         "(Error = 0x80070005). Clients go on without them. Check that the account of the service "
         "may start and call these servers."},
        {{RM_EVENT_AGREED, SERVER, 2, HOST, 0, "a.exe (4) and b.exe (8)"},
         "Clients of server 'KEPware.KEPServerEx' follow to secondary machine '192.168.111.67': "
         "decision of a.exe (4) and b.exe (8)."},
        {{RM_EVENT_SETTINGS_BROKEN, SERVER, 0, "", 0, "C:\\r.xml, line 3: fall can't be '0'."},
         "The settings file of server 'KEPware.KEPServerEx' can't be used, so the last good settings "
         "stay in force: C:\\r.xml, line 3: fall can't be '0'."},
        {{RM_EVENT_SETTINGS_MENDED, SERVER, 0, "", 0, ""},
         "The settings file of server 'KEPware.KEPServerEx' can be used again, and is in force."},
        {{RM_EVENT_WINDOWS_SERVICE_STARTED, SERVER, 2, HOST, 0, "VendorOpc"},
         "The Windows service 'VendorOpc' of server 'KEPware.KEPServerEx' on secondary machine "
         "'192.168.111.67' was started."},
        {{RM_EVENT_WINDOWS_SERVICE_FAILED, SERVER, 2, HOST, 0x80070005, "VendorOpc"},
         "The Windows service 'VendorOpc' of server 'KEPware.KEPServerEx' on secondary machine "
         "'192.168.111.67' can't be started (Error = 0x80070005). Connecting goes on without it. "
         "Check its name, that it is not disabled, and that the account of our service may start "
         "it there."},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    {
        has_text(&rows[i].event, rows[i].text);
    }
}

static void readiness_texts(void **state)
{
    static const struct
    {
        struct rm_event event;
        const char *text;
    } rows[] = {
        {{RM_EVENT_BUFFER_OVERFLOW, SERVER, 2, HOST, 1234, ""},
         "The standby buffer of server 'KEPware.KEPServerEx' on secondary machine '192.168.111.67' "
         "is full. Updates dropped: 1234. They would be missing after a switch. Use fewer items or "
         "slower update rates, or find dead machines sooner (pingInterval, pingTimeout)."},
        {{RM_EVENT_ITEM_DIFFERS, SERVER, 2, HOST, 0,
          "item 'T' is of type I4 there, of type R8 on the active machine"},
         "Server 'KEPware.KEPServerEx' on secondary machine '192.168.111.67' is not configured as "
         "the active machine: item 'T' is of type I4 there, of type R8 on the active machine. Make "
         "both the same, or clients will notice a switch."},
        {{RM_EVENT_ITEM_BAD, SERVER, 3, HOST, 0,
          "item 'T' has bad quality there (0x18), good on the active machine"},
         "Server 'KEPware.KEPServerEx' on machine 3 '192.168.111.67' is connected, but item 'T' has "
         "bad quality there (0x18), good on the active machine. Check the devices that it is to "
         "reach."},
        {{RM_EVENT_ITEMS_FORGOTTEN, SERVER, 2, HOST, 12, "Trends"},
         "Server 'KEPware.KEPServerEx' on secondary machine '192.168.111.67' does not know items of "
         "group 'Trends' any more that it had added: 12. They are added again."},
        {{RM_EVENT_STAYS_ACTIVE, SERVER, 2, HOST, 0, ""},
         "Server 'KEPware.KEPServerEx' on secondary machine '192.168.111.67' refuses groups that are "
         "inactive. As a standby it has active ones; what it sends is thrown away until it takes over."},
        {{RM_EVENT_MORE_DIFFERENCES, SERVER, 2, HOST, 95, ""},
         "Server 'KEPware.KEPServerEx' on secondary machine '192.168.111.67' refuses further items, "
         "or has them otherwise than the active machine: 95. List them with 'rmctl compare'."},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    {
        has_text(&rows[i].event, rows[i].text);
        assert_int_equal(rm_event_severity(rows[i].event.id), RM_SEVERITY_WARNING);
    }
}

static void a_report_that_was_not_written(void **state)
{
    const struct rm_event event = {RM_EVENT_BLACKBOX_FAILED, SERVER, 0, "", 0x80070005, "C:\\Logs"};
    char text[RM_EVENT_TEXT_SIZE];

    (void)state;
    rm_event_format(&event, text, sizeof text);
    assert_string_equal(
        text, "The black-box report of a switch of server 'KEPware.KEPServerEx' could not be written "
              "to 'C:\\Logs' (Error = 0x80070005). Clients are not affected. Check that they may "
              "create files there, and whether the disk is full.");
}

/* RM-250 alone is about no server. Every row of the catalogue has a text, and one that fits the catalogue's rule of arguments. */
static void all_events_format(void **state)
{
    char text[RM_EVENT_TEXT_SIZE];

    (void)state;
    for (int id = 0; id < RM_EVENT_COUNT; id++)
    {
        const struct rm_event event = {
            (enum rm_event_id)id, "<server>", 1, "<host>", 7, "<detail>"};

        rm_event_format(&event, text, sizeof text);
        assert_true((strstr(text, "<server>") != NULL) == (id != RM_EVENT_SERVICE_LEFT));
        assert_null(strchr(text, '%'));
        assert_true((strstr(text, "<host>") != NULL) == (strstr(text, "machine '<host>'") != NULL));
        assert_true(rm_event_severity(event.id) < RM_SEVERITY_COUNT);
    }
}

static void long_texts_are_cut_at_a_character(void **state)
{
    /* "Connected to '" is 14 bytes; each of these letters is two. */
    struct rm_event event = {RM_EVENT_CONNECTED, "\xC3\xA4\xC3\xB6\xC3\xBC", 1, "h", 0, ""};
    char text[64];
    static const struct
    {
        size_t size;
        const char *text;
    } rows[] = {
        {1, ""},
        {2, "C"},
        {15, "Connected to '"},
        {16, "Connected to '"},
        {17, "Connected to '\xC3\xA4"},
        {18, "Connected to '\xC3\xA4"},
        {19, "Connected to '\xC3\xA4\xC3\xB6"},
        {21, "Connected to '\xC3\xA4\xC3\xB6\xC3\xBC"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    {
        memset(text, 0x5A, sizeof text);
        rm_event_format(&event, text, rows[i].size);
        assert_string_equal(text, rows[i].text);
        assert_int_equal(text[rows[i].size], 0x5A);
    }
    event.server = "\xF0\x9F\x94\xA5"; /* four bytes */
    rm_event_format(&event, text, 18);
    assert_string_equal(text, "Connected to '");
    rm_event_format(&event, text, 19);
    assert_string_equal(text, "Connected to '\xF0\x9F\x94\xA5");
}

static void words(void **state)
{
    char text[32];

    (void)state;
    rm_event_machine_words(0, text, sizeof text);
    assert_string_equal(text, "removed machine");
    rm_event_machine_words(1, text, sizeof text);
    assert_string_equal(text, "primary machine");
    rm_event_machine_words(2, text, sizeof text);
    assert_string_equal(text, "secondary machine");
    rm_event_machine_words(3, text, sizeof text);
    assert_string_equal(text, "machine 3");
    rm_event_machine_words(15, text, sizeof text);
    assert_string_equal(text, "machine 15");
    assert_string_equal(rm_severity_name(RM_SEVERITY_INFORMATIONAL), "Informational");
    assert_string_equal(rm_severity_name(RM_SEVERITY_WARNING), "Warning");
    assert_string_equal(rm_severity_name(RM_SEVERITY_ERROR), "Error");
    for (int severity = 0; severity < RM_SEVERITY_COUNT; severity++)
    {
        assert_int_equal(rm_severity_find(rm_severity_name((enum rm_severity)severity)), severity);
    }
    assert_int_equal(rm_severity_find("error"), RM_SEVERITY_COUNT);
    assert_int_equal(rm_severity_find(""), RM_SEVERITY_COUNT);
}
/* clang-format on */

/* Files that were written years ago have these; a new event is added to the list. */
static void names_are_for_ever(void **state)
{
    static const char *const names[] = {
        "connected",          "disconnected",     "connectFailed",    "promoted",
        "shutdownReceived",   "statusLost",       "allLost",          "noBetterMachine",
        "itemRefused",        "writeUnknown",     "integrityRefused", "interfaceUnknown",
        "interfaceMissing",   "groupRefused",     "workersAbandoned", "standbyRefused",
        "logonRefused",       "networkLost",      "callbacksSilent",  "notRunning",
        "flapping",           "maintenanceBegun", "maintenanceEnded", "switchRefused",
        "linkSplit",          "acknowledgeDue",   "acknowledged",     "starved",
        "noSwitch",           "commanded",        "blackboxFailed",   "bufferOverflow",
        "itemDiffers",        "itemBad",          "moreDifferences",  "itemsForgotten",
        "staysActive",        "statusRefused",    "eventsLost",       "settingsChanged",
        "settingsUnusable",   "machinesChanged",  "monitorError",     "monitorPassed",
        "monitorItemRefused", "monitorItemArray", "monitorBlind",     "agreed",
        "removedServes",      "settingsBroken",   "settingsMended",   "serviceLeft",
        "winServiceStarted",  "winServiceFailed",
    };

    (void)state;
    assert_true(sizeof names / sizeof names[0] == RM_EVENT_COUNT);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    {
        enum rm_event_id id = rm_event_find(names[i]);

        assert_true(id < RM_EVENT_COUNT);
        assert_string_equal(rm_event_name(id), names[i]);
        assert_true(strlen(names[i]) < RM_EVENT_NAME_SIZE);
    }
    assert_int_equal(rm_event_find("Connected"), RM_EVENT_COUNT);
    assert_int_equal(rm_event_find(""), RM_EVENT_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documented_templates),
        cmocka_unit_test(full_texts),
        cmocka_unit_test(monitor_texts),
        cmocka_unit_test(readiness_texts),
        cmocka_unit_test(settings_texts),
        cmocka_unit_test(a_report_that_was_not_written),
        cmocka_unit_test(all_events_format),
        cmocka_unit_test(long_texts_are_cut_at_a_character),
        cmocka_unit_test(words),
        cmocka_unit_test(names_are_for_ever),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
