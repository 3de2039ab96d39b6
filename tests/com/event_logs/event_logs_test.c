/* event_logs_test: what is stored once, and what of it is reported to Windows' own event log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <windows.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <runtime/event_logs.h>

#define SERVER "Vendor.Server.1"
#define FILE   "events-" SERVER ".log"

static struct rm_event_logs logs;
static char folder[MAX_PATH], file[2 * MAX_PATH], last[1024];
static unsigned reports, notes;
static enum rm_severity last_severity;

static void report(void *context, enum rm_severity severity, const char *text)
{
    assert_ptr_equal(context, &logs);
    last_severity = severity;
    snprintf(last, sizeof last, "%s", text);
    reports++;
}

static void note(void *context, enum rm_severity severity, const char *text)
{
    (void)severity;
    (void)text;
    assert_ptr_equal(context, &logs);
    notes++;
}

static uint32_t limit_of(void *context, const char *server)
{
    (void)context;
    (void)server;
    return RM_EVENT_LOG_LIMIT_DEFAULT;
}

static int begin(void **state)
{
    (void)state;
    GetCurrentDirectoryA(sizeof folder, folder);
    snprintf(file, sizeof file, "%s\\" FILE, folder);
    DeleteFileA(file);
    RemoveDirectoryA(file);
    logs = (struct rm_event_logs){
        .folder = folder, .note = note, .report = report, .context = &logs, .limit_of = limit_of};
    reports = notes = 0;
    return 0;
}

static int end(void **state)
{
    (void)state;
    rm_event_logs_close(&logs);
    DeleteFileA(file);
    return 0;
}

static struct rm_server_log *find(void)
{
    struct rm_server_log *log;

    assert_int_equal(rm_event_logs_find(&logs, SERVER, &log), RM_OK);
    return log;
}

static enum rm_status add(enum rm_event_id id, uint32_t number)
{
    struct rm_event_record record = {
        .time_100ns = 134398372604972670,
        .severity = rm_event_severity(id),
        .id = id,
        .source = {388, 99, 1},
        .number = number
    };

    strcpy(record.name, rm_event_name(id));
    strcpy(record.process, "hmi.exe");
    snprintf(record.text, sizeof record.text, "text %u", number);
    return rm_event_logs_append(&logs, find(), &record);
}

static uint64_t count(void)
{
    struct rm_event_log_facts facts = rm_event_log_facts(find()->log);

    return facts.end - facts.first;
}

static void test_reported_once(void **state)
{
    (void)state;
    assert_int_equal(add(RM_EVENT_CONNECTED, 1), RM_OK);
    assert_int_equal(reports, 0);
    assert_int_equal(add(RM_EVENT_NO_SWITCH, 2), RM_OK);
    assert_int_equal(last_severity, RM_SEVERITY_WARNING);
    assert_string_equal(last, "hmi.exe (388): text 2");
    assert_int_equal(add(RM_EVENT_STATUS_LOST, 3), RM_OK);
    assert_int_equal(last_severity, RM_SEVERITY_ERROR);
    assert_int_equal(reports, 2);
    assert_int_equal(add(RM_EVENT_NO_SWITCH, 2), RM_OK); /* handed over twice */
    assert_int_equal(reports, 2);
    assert_int_equal(count(), 3);
}

/* A folder is where the file should be: who watches the computer hears of the event all the same.
 */
static void test_reported_unwritten(void **state)
{
    (void)state;
    assert_true(CreateDirectoryA(file, NULL));
    assert_int_equal(add(RM_EVENT_STATUS_LOST, 1), RM_E_IO);
    assert_int_equal(add(RM_EVENT_STATUS_LOST, 1), RM_E_IO); /* the session has got no answer */
    assert_int_equal(reports, 1);
    assert_int_equal(notes, 1);
    assert_true(RemoveDirectoryA(file));
    assert_int_equal(add(RM_EVENT_STATUS_LOST, 1), RM_OK);
    assert_int_equal(notes, 2); /* that it can be written again */
    assert_int_equal(reports, 1);
    assert_int_equal(count(), 1);
}

/* RM-253, as the service finds it: reported like those of sessions, and with numbers of its own. */
static void test_own(void **state)
{
    const struct rm_event event = {
        .id = RM_EVENT_MONITOR_ERROR, .server = SERVER, .machine = 1, .host = "plc", .detail = ""};
    struct rm_event_record record;
    char wanted[256];

    (void)state;
    snprintf(wanted, sizeof wanted,
             "rmservice.exe (%lu): Monitor item test in error for '" SERVER
             "' on primary machine 'plc'",
             GetCurrentProcessId());
    for (uint32_t number = 1; number <= 3; number++)
    {
        assert_int_equal(rm_event_logs_add_own(&logs, &event, 1000 + number), RM_OK);
        assert_int_equal(reports, number);
        assert_string_equal(last, wanted);
    }
    assert_int_equal(count(), 3);
    assert_true(rm_event_log_get(find()->log, rm_event_log_facts(find()->log).end - 1, &record));
    assert_int_equal(record.number, 3);
    assert_int_equal(record.source.session, 0);
    assert_int_equal(record.source.process_id, GetCurrentProcessId());
    assert_true(record.source.process_start_100ns != 0);
    assert_int_equal(rm_event_logs_append(&logs, find(), &record), RM_OK); /* it is known */
    assert_int_equal(count(), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_reported_once, begin, end),
        cmocka_unit_test_setup_teardown(test_reported_unwritten, begin, end),
        cmocka_unit_test_setup_teardown(test_own, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
