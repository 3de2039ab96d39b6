/* How the Windows services of OPC servers are started, with a service manager of the test's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <start/starter.h>
#include <start/windows_service.h>

#include "fake_manager.h"

#define LIMIT_MS 5000u
#define REAL_MS  10000u /* for a thread of the starter's, by the real clock */

/* ---- one start ----------------------------------------------------------------------------- */

static int set_up(void **state)
{
    (void)state;
    fake_reset();
    fake.exists = true;
    return 0;
}

#define RUNNING  SERVICE_RUNNING
#define PAUSED   SERVICE_PAUSED
#define STOPPED  SERVICE_STOPPED
#define STARTING SERVICE_START_PENDING
#define STOPPING SERVICE_STOP_PENDING
#define TIMEOUT  ERROR_SERVICE_REQUEST_TIMEOUT
#define ABORTED  ERROR_PROCESS_ABORTED
#define DISABLED ERROR_SERVICE_DISABLED
#define ALREADY  ERROR_SERVICE_ALREADY_RUNNING

struct row
{
    const char *what;
    DWORD state, started_state, exit_code, start; /* of the fake */
    DWORD error;
    bool has_started, is_waited_for;
};

static void what_it_is_and_becomes(void **state)
{
    static const struct row rows[] = {
        {"runs",              RUNNING,  0,        0,    0,        0,        false, false},
        {"is paused",         PAUSED,   0,        0,    0,        0,        false, false},
        {"is stopped",        STOPPED,  RUNNING,  0,    0,        0,        true,  false},
        {"never gets ready",  STOPPED,  STARTING, 0,    0,        TIMEOUT,  true,  true },
        {"never stops",       STOPPING, 0,        0,    0,        TIMEOUT,  false, true },
        {"starts for ever",   STARTING, 0,        0,    0,        TIMEOUT,  false, true },
        {"ends at once",      STOPPED,  STOPPED,  1066, 0,        1066,     true,  false},
        {"says nothing",      STOPPED,  STOPPED,  0,    0,        ABORTED,  true,  false},
        {"is disabled",       STOPPED,  STOPPED,  0,    DISABLED, DISABLED, false, false},
        {"another starts it", STOPPED,  STOPPED,  0,    ALREADY,  ABORTED,  false, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    {
        const struct row *row = &rows[i];
        bool has_started = !row->has_started;
        DWORD error;

        set_up(NULL);
        fake.state = row->state;
        fake.started_state = row->started_state;
        fake.exit_code = row->exit_code;
        fake.start = row->start;
        error = rm_windows_service_start("localhost", "VendorOpc", LIMIT_MS, &has_started);
        if (error != row->error || has_started != row->has_started ||
            (fake.now_ms >= LIMIT_MS) != row->is_waited_for || fake.now_ms > 2 * LIMIT_MS)
            fail_msg("%s: error %lu, started %d, after %llu ms", row->what, error, has_started,
                     fake.now_ms);
    }
}

/* One that is on its way is waited for; one that is being stopped is started then. */
static void what_it_is_about_to_be(void **state)
{
    bool has_started;

    (void)state;
    fake.state = SERVICE_START_PENDING;
    fake.later_state = SERVICE_RUNNING;
    fake.later_ms = 1000;
    assert_int_equal(rm_windows_service_start("localhost", "V", LIMIT_MS, &has_started), 0);
    assert_false(has_started);
    set_up(NULL);
    fake.state = SERVICE_STOP_PENDING;
    fake.later_state = SERVICE_STOPPED;
    fake.later_ms = 1000;
    assert_int_equal(rm_windows_service_start("localhost", "V", LIMIT_MS, &has_started), 0);
    assert_true(has_started);
    assert_int_equal(fake.state, SERVICE_RUNNING);
}

/* Which computer's manager is asked. */
static void which_computer(void **state)
{
    bool has_started;

    (void)state;
    assert_int_equal(rm_windows_service_start("PLC-SRV2", "V", LIMIT_MS, &has_started), 0);
    assert_true(wcscmp(fake.machine, L"PLC-SRV2") == 0);
    assert_int_equal(rm_windows_service_start("127.0.0.1", "V", LIMIT_MS, &has_started), 0);
    assert_true(wcscmp(fake.machine, L"") == 0);
    fake.exists = false;
    assert_int_equal(rm_windows_service_start("localhost", "V", LIMIT_MS, &has_started),
                     ERROR_SERVICE_DOES_NOT_EXIST);
    assert_false(has_started);
}

/* ---- the starter --------------------------------------------------------------------------- */

static struct rm_config config;
static unsigned started, failed;
static uint32_t last_code;

static void count_event(void *context, const struct rm_event *event)
{
    (void)context;
    assert_string_equal(event->server, "Vendor.Server");
    assert_int_equal(event->machine, 2);
    assert_string_equal(event->detail, "VendorOpc");
    started += event->id == RM_EVENT_WINDOWS_SERVICE_STARTED;
    failed += event->id == RM_EVENT_WINDOWS_SERVICE_FAILED;
    last_code = event->code;
}

static struct rm_starter *make_starter(void)
{
    const struct rm_starter_handler handler = {NULL, count_event};
    struct rm_starter *starter = rm_starter_new(&handler);
    struct rm_server_config *server;

    started = failed = 0;
    rm_config_init(&config);
    assert_int_equal(rm_config_add(&config, "Vendor.Server", &server, NULL), RM_OK);
    assert_int_equal(rm_server_add_machine(server, "a", "", "", NULL), RM_OK);
    assert_int_equal(rm_server_add_machine(server, "b", "", "", NULL), RM_OK);
    assert_int_equal(rm_server_set_service(server, 2, "VendorOpc", NULL), RM_OK);
    assert_non_null(starter);
    rm_starter_settings(starter, &config);
    return starter;
}

static void free_starter(struct rm_starter *starter)
{
    rm_starter_free(starter);
    rm_config_clear(&config);
}

/* Looks until that many events have been told; by the real clock, for threads are at work. */
static void look_until(struct rm_starter *starter, const unsigned *count, unsigned wanted)
{
    for (DWORD waited_ms = 0; *count < wanted && waited_ms < REAL_MS; waited_ms += 10)
    {
        rm_starter_look(starter);
        fake_wait_real(10);
    }
    assert_int_equal(*count, wanted);
}

static void look_for_a_while(struct rm_starter *starter)
{
    for (int i = 0; i < 20; i++)
    {
        rm_starter_look(starter);
        fake_wait_real(10);
    }
}

/* Started once for each time that it is asked for, and not by itself. */
static void asked_for(void **state)
{
    struct rm_starter *starter = make_starter();

    (void)state;
    look_for_a_while(starter);
    assert_int_equal(fake.state, SERVICE_STOPPED);
    rm_starter_ask(starter, "vendor.server", 1);
    rm_starter_ask(starter, "Other.Server", 2);
    look_for_a_while(starter);
    assert_int_equal(fake.state, SERVICE_STOPPED);
    rm_starter_ask(starter, "vendor.server", 2);
    look_until(starter, &started, 1);
    fake.state = SERVICE_STOPPED;
    fake.now_ms += 600000;
    look_for_a_while(starter);
    assert_int_equal(fake.state, SERVICE_STOPPED);
    rm_starter_ask(starter, "Vendor.Server", 2);
    look_until(starter, &started, 2);
    assert_int_equal(failed, 0);
    free_starter(starter);
}

/* A failure is told once, and tried again until nobody wants it any more, or it succeeds. */
static void failing(void **state)
{
    struct rm_starter *starter = make_starter();

    (void)state;
    fake.start = ERROR_SERVICE_DISABLED;
    rm_starter_ask(starter, "Vendor.Server", 2);
    look_until(starter, &failed, 1);
    assert_true(last_code == 0x80070422u);
    fake.now_ms += 600000;
    look_for_a_while(starter);
    assert_int_equal(failed, 1);
    fake.start = ERROR_SUCCESS;
    look_for_a_while(starter);
    assert_int_equal(started, 0);
    fake.now_ms += 600000;
    look_until(starter, &started, 1);
    fake.state = SERVICE_STOPPED;
    fake.start = ERROR_SERVICE_DISABLED;
    fake.now_ms += 600000;
    rm_starter_ask(starter, "Vendor.Server", 2);
    look_until(starter, &failed, 2);
    rm_starter_drop(starter, "Vendor.Server");
    fake.start = ERROR_SUCCESS;
    fake.now_ms += 600000;
    look_for_a_while(starter);
    assert_int_equal(started, 1);
    free_starter(starter);
}

/* A computer that doesn't answer keeps one thread, and is told of once. */
static void hanging(void **state)
{
    struct rm_starter *starter = make_starter();

    (void)state;
    fake.gate = CreateEventW(NULL, TRUE, FALSE, NULL);
    rm_starter_ask(starter, "Vendor.Server", 2);
    look_for_a_while(starter);
    assert_int_equal(failed, 0);
    fake.now_ms += 600000;
    look_until(starter, &failed, 1);
    assert_true(last_code == 0x8007041Du);
    fake.now_ms += 600000;
    look_for_a_while(starter);
    assert_int_equal(failed, 1);
    assert_int_equal(fake.waiting, 1);
    SetEvent(fake.gate);
    look_until(starter, &started, 1);
    free_starter(starter);
    CloseHandle(fake.gate);
}

/* Settings that change: what is named otherwise is new, what isn't is left alone. */
static void other_settings(void **state)
{
    struct rm_starter *starter = make_starter();

    (void)state;
    assert_true(rm_starter_has_new(starter, "Vendor.Server"));
    assert_false(rm_starter_has_new(starter, "Vendor.Server"));
    rm_starter_settings(starter, &config);
    assert_false(rm_starter_has_new(starter, "Vendor.Server"));
    assert_int_equal(rm_server_set_service(config.servers[0], 2, "Other", NULL), RM_OK);
    rm_starter_settings(starter, &config);
    assert_true(rm_starter_has_new(starter, "Vendor.Server"));
    assert_int_equal(rm_server_set_service(config.servers[0], 2, "", NULL), RM_OK);
    rm_starter_settings(starter, &config);
    assert_false(rm_starter_has_new(starter, "Vendor.Server"));
    rm_starter_ask(starter, "Vendor.Server", 2);
    look_for_a_while(starter);
    assert_int_equal(fake.state, SERVICE_STOPPED);
    free_starter(starter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_it_is_and_becomes, set_up),
        cmocka_unit_test_setup(what_it_is_about_to_be, set_up),
        cmocka_unit_test_setup(which_computer, set_up),
        cmocka_unit_test_setup(asked_for, set_up),
        cmocka_unit_test_setup(failing, set_up),
        cmocka_unit_test_setup(hanging, set_up),
        cmocka_unit_test_setup(other_settings, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
