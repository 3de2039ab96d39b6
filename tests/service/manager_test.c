/* What rmctl service gives to the service manager, and says of its refusals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <manager/manager.h>

#include "fake_manager.h"

static char told[4096];
static unsigned waited;

static void tell(void *context, const char *text)
{
    (void)context;
    snprintf(told + strlen(told), sizeof told - strlen(told), "%s\n", text);
}

static void tell_waiting(void *context, const char *text)
{
    (void)context;
    (void)text;
    waited++;
}

static struct rm_manager manager = {L"fake", tell, tell_waiting, NULL, ""};

static int set_up(void **state)
{
    (void)state;
    fake_reset();
    told[0] = '\0';
    waited = 0;
    manager.error[0] = '\0';
    return 0;
}

/* The source of events is in the real registry. */
static int tear_down(void **state)
{
    (void)state;
    fake_reset();
    return rm_manager_remove(&manager) ? 0 : 1;
}

static const struct rm_manager_wish plain = {.program = L"C:\\a b\\rmservice.exe"};

static void assert_told(const char *text)
{
    if (strstr(told, text) == NULL)
    {
        fail_msg("'%s' was not told, but: %s", text, told);
    }
}

static void assert_refused(const char *text)
{
    if (strstr(manager.error, text) == NULL)
    {
        fail_msg("'%s' is not in: %s", text, manager.error);
    }
}

static void install_gives_recovery_and_description(void **state)
{
    (void)state;
    struct rm_manager_info info;
    assert_true(rm_manager_install(&manager, &plain));
    assert_int_equal(fake.action_count, 3);
    assert_int_equal(fake.actions[0].Type, SC_ACTION_RESTART);
    assert_int_equal(fake.actions[0].Delay, 1000);
    assert_int_equal(fake.actions[1].Delay, 5000);
    assert_int_equal(fake.actions[2].Delay, 30000);
    assert_int_equal(fake.reset_s, 86400);
    assert_true(fake.is_on_error);
    assert_int_equal(fake.start_type, SERVICE_AUTO_START);
    assert_int_not_equal(wcslen(fake.description), 0);
    assert_int_equal(wcscmp(fake.image_path, L"\"C:\\a b\\rmservice.exe\" --instance \"fake\""), 0);
    assert_true(rm_manager_query(&manager, &info));
    assert_true(info.is_ours && info.recovery.is_known && info.recovery.is_restart &&
                info.recovery.is_on_error && info.has_event_source);
    assert_int_equal(info.recovery.restart_after_ms[2], 30000);
}

static void install_changes_what_is_named(void **state)
{
    (void)state;
    struct rm_manager_wish wish = plain;
    struct rm_manager_info info;
    wish.start = RM_MANAGER_START_DELAYED;
    wish.data_path = L"D:\\";
    assert_true(rm_manager_install(&manager, &wish));
    assert_true(fake.is_delayed);
    assert_true(rm_manager_install(&manager, &plain));
    assert_told("is installed like that already");
    assert_true(fake.is_delayed);
    wish.start = RM_MANAGER_START_AUTO;
    wish.data_path = NULL;
    assert_true(rm_manager_install(&manager, &wish));
    assert_told("Changed the start from delayed to auto");
    assert_true(rm_manager_query(&manager, &info));
    assert_int_equal(info.start, RM_MANAGER_START_AUTO);
    assert_non_null(wcsstr(fake.image_path, L"--data \"D:\\\\\""));
}

static void install_puts_recovery_back(void **state)
{
    (void)state;
    assert_true(rm_manager_install(&manager, &plain));
    fake.actions[1].Type = SC_ACTION_NONE;
    assert_true(rm_manager_install(&manager, &plain));
    assert_told("Put the recovery settings back");
    assert_int_equal(fake.actions[1].Type, SC_ACTION_RESTART);
}

static void disabled_stays_disabled(void **state)
{
    (void)state;
    struct rm_manager_wish wish = plain;
    assert_true(rm_manager_install(&manager, &plain));
    fake.start_type = SERVICE_DISABLED;
    assert_true(rm_manager_install(&manager, &plain));
    assert_int_equal(fake.start_type, SERVICE_DISABLED);
    wish.start = RM_MANAGER_START_AUTO;
    assert_true(rm_manager_install(&manager, &wish));
    assert_told("Changed the start from disabled to auto");
}

static void password_is_given_and_not_told(void **state)
{
    (void)state;
    struct rm_manager_wish wish = plain;
    wish.account = L".\\operator";
    wish.password = L"s3cret";
    assert_true(rm_manager_install(&manager, &wish));
    assert_int_equal(wcscmp(fake.password, L"s3cret"), 0);
    assert_int_equal(wcscmp(fake.account, L".\\operator"), 0);
    assert_true(rm_manager_install(&manager, &wish));
    assert_told("Stored the account's password");
    assert_null(strstr(told, "s3cret"));
    wish.account = L"LocalSystem";
    wish.password = NULL;
    assert_true(rm_manager_install(&manager, &wish));
    assert_int_equal(wcscmp(fake.password, L""), 0);
}

static void install_is_all_or_nothing(void **state)
{
    (void)state;
    fake.change2 = ERROR_ACCESS_DENIED;
    assert_false(rm_manager_install(&manager, &plain));
    assert_refused("was not installed: access is denied");
    assert_false(fake.exists);
}

/* What the manager says, and what rmctl makes of it. */
static void refusals_say_what_to_do(void **state)
{
    static const struct
    {
        DWORD *place;
        DWORD code;
        bool (*order)(struct rm_manager *manager);
        const char *text;
    } rows[] = {
        {&fake.open_manager, ERROR_ACCESS_DENIED,             NULL,             "'Run as administrator'"       },
        {&fake.create,       ERROR_INVALID_SERVICE_ACCOUNT,   NULL,             "there is no such account"     },
        {&fake.create,       ERROR_SERVICE_MARKED_FOR_DELETE, NULL,             "Close the window 'Services'"  },
        {&fake.create,       ERROR_DUPLICATE_SERVICE_NAME,    NULL,             "shown under the same name"    },
        {&fake.create,       ERROR_NOT_SUPPORTED,             NULL,             "Windows error 50 ("           },
        {&fake.start,        ERROR_ACCESS_DENIED,             rm_manager_start, "not started: access is denied"},
        {&fake.start,        ERROR_SERVICE_LOGON_FAILED,      rm_manager_start, "'Log on as a service'"        },
        {&fake.start,        ERROR_SERVICE_DISABLED,          rm_manager_start, "install --start auto"         },
        {&fake.start,        ERROR_FILE_NOT_FOUND,            rm_manager_start, "its program is not there"     },
        {&fake.start,        ERROR_SERVICE_REQUEST_TIMEOUT,   rm_manager_start, "rmservice --console"          },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    {
        set_up(state);
        if (rows[i].order != NULL)
        {
            assert_true(rm_manager_install(&manager, &plain));
        }
        *rows[i].place = rows[i].code;
        assert_false(rows[i].order != NULL ? rows[i].order(&manager)
                                           : rm_manager_install(&manager, &plain));
        assert_refused(rows[i].text);
    }
}

static void start_that_fails_says_why(void **state)
{
    (void)state;
    assert_true(rm_manager_install(&manager, &plain));
    fake.started_state = SERVICE_STOPPED;
    fake.exit_code = ERROR_SERVICE_ALREADY_RUNNING;
    assert_false(rm_manager_start(&manager));
    assert_refused("another process of this instance runs already");
}

static void start_that_hangs_is_told(void **state)
{
    (void)state;
    assert_true(rm_manager_install(&manager, &plain));
    fake.started_state = SERVICE_START_PENDING;
    assert_false(rm_manager_start(&manager));
    assert_refused("was not started within 60 s: process 77 is still starting");
    assert_in_range(waited, 25, 30);
}

static void stop_that_hangs_is_told(void **state)
{
    (void)state;
    assert_true(rm_manager_install(&manager, &plain));
    assert_true(rm_manager_start(&manager));
    fake.stopped_state = SERVICE_STOP_PENDING;
    assert_false(rm_manager_stop(&manager));
    assert_refused("was not stopped within 60 s: process 77 is still stopping");
    assert_false(rm_manager_remove(&manager));
    assert_true(fake.exists);
}

static void accounts_without_a_password(void **state)
{
    (void)state;
    assert_true(rm_manager_has_no_password(L"localsystem"));
    assert_true(rm_manager_has_no_password(L"NT AUTHORITY\\NetworkService"));
    assert_true(rm_manager_has_no_password(L"NT SERVICE\\RedundancyMaster"));
    assert_true(rm_manager_has_no_password(L"PLANT\\rm$"));
    assert_false(rm_manager_has_no_password(L".\\operator"));
    assert_false(rm_manager_has_no_password(L""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(install_gives_recovery_and_description, set_up, tear_down),
        cmocka_unit_test_setup_teardown(install_changes_what_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(install_puts_recovery_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(disabled_stays_disabled, set_up, tear_down),
        cmocka_unit_test_setup_teardown(password_is_given_and_not_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(install_is_all_or_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refusals_say_what_to_do, set_up, tear_down),
        cmocka_unit_test_setup_teardown(start_that_fails_says_why, set_up, tear_down),
        cmocka_unit_test_setup_teardown(start_that_hangs_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(stop_that_hangs_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(accounts_without_a_password, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
