/* Hooks: what is written, what is put back, and what a crash or another program in between does.
 * Each test compares dumps of everything that a hook could touch, in both registry views. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <rm/snapshot.h>

#include <hooks/class_info.h>
#include <hooks/hook_record.h>
#include <hooks/hook_view.h>
#include <hooks/hooks.h>
#include <hooks/snapshot_store.h>
#include <hooks/wide.h>

#include "fake_class.h"

static wchar_t dll_directory[MAX_PATH];
static char dll_directory_text[MAX_PATH * 3];
static char told[8192];
static struct rm_config config;
static struct rm_server_config *server;

static void tell(void *context, const char *text)
{
    (void)context;
    assert_true(strlen(told) + strlen(text) + 2 < sizeof told);
    strcat(strcat(told, text), "\n");
}

static struct rm_hooks hooks = {dll_directory_text, tell, NULL};

static int setup(void **state)
{
    (void)state;
    struct rm_config_error error;
    fake_delete_all();
    fake_dlls(dll_directory, true, true);
    told[0] = '\0';
    rm_config_init(&config);
    assert_int_equal(rm_config_add(&config, FAKE_PROGID, &server, &error), RM_OK);
    assert_int_equal(rm_server_add_machine(server, "localhost", "", "", &error), RM_OK);
    assert_int_equal(rm_server_add_machine(server, "localhost", OTHER_PROGID, "", &error), RM_OK);
    fake_register(RM_REG_VIEW_64, FAKE_PROGID_W, FAKE_CLSID_W);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    rm_config_clear(&config);
    fake_delete_all();
    return 0;
}

static void enable(bool expected_before)
{
    struct rm_config_error error = {RM_OK, 0, ""};
    bool was_enabled = !expected_before;
    assert_int_equal(rm_hooks_enable(&hooks, server, &was_enabled, &error), RM_OK);
    assert_int_equal(was_enabled, expected_before);
}

static void disable(bool expected_before)
{
    struct rm_config_error error = {RM_OK, 0, ""};
    bool was_enabled = !expected_before;
    assert_int_equal(rm_hooks_disable(&hooks, FAKE_PROGID, &was_enabled, &error), RM_OK);
    assert_int_equal(was_enabled, expected_before);
}

static void expect_dump(const char *before)
{
    char *after = fake_dump();
    assert_string_equal(after, before);
    free(after);
}

static enum rm_hook_state state_now(void)
{
    struct rm_hook_info info;
    rm_hooks_query(FAKE_PROGID, &info);
    return info.state;
}

static void expect_hook(enum rm_reg_view view, const wchar_t *below)
{
    wchar_t path[RM_REG_PATH_MAX], text[MAX_PATH], expected[MAX_PATH];
    rm_hook_view_key(FAKE_CLSID_W, path);
    assert_true(rm_reg_read_text(view, path, NULL, text, MAX_PATH));
    wcscpy(expected, dll_directory);
    wcscat(expected, below);
    assert_true(rm_wide_equal(text, expected));
    assert_true(rm_reg_read_text(view, path, L"ThreadingModel", text, MAX_PATH));
    assert_true(wcscmp(text, L"Both") == 0);
}

#define TEXT_VALUE(name, text)                                                                     \
    {                                                                                              \
        L"InprocServer32", name, REG_SZ, text, sizeof text                                         \
    }

static const DWORD number = 0x01020304;

/* What a vendor may have left below the class, in either view. */
static const struct prior
{
    const char *what;
    struct fake_value values[4];
} priors[] = {
    {"nothing",                                     {{0}}                                                                   },
    {"a key without values",                        {{L"InprocServer32", NULL, 0, NULL, 0}}                                 },
    {"a DLL",                                       {TEXT_VALUE(NULL, L"C:\\vendor\\inproc.dll")}                           },
    {"a DLL and its model",
     {TEXT_VALUE(NULL, L"C:\\vendor\\inproc.dll"), TEXT_VALUE(L"ThreadingModel", L"Apartment")}                             },
    {"the same model",                              {TEXT_VALUE(NULL, L"C:\\v.dll"), TEXT_VALUE(L"ThreadingModel", L"Both")}},
    {"a model only",                                {TEXT_VALUE(L"ThreadingModel", L"Free")}                                },
    {"further values and a key",
     {TEXT_VALUE(L"Assembly", L"x"), {L"InprocServer32\\1.0.0.0", L"Class", REG_SZ, L"y", 4}}                               },
    {"odd types",
     {{L"InprocServer32", NULL, REG_BINARY, "\1\2\3", 3},
      {L"InprocServer32", L"ThreadingModel", REG_DWORD, &number, sizeof number}}                                            },
    {"texts without a final zero, to be expanded",
     {{L"InprocServer32", NULL, REG_EXPAND_SZ, L"%windir%\\x", 20},
      {L"InprocServer32", L"ThreadingModel", REG_SZ, L"Both", 8}}                                                           },
    {"an empty text and a type that doesn't exist",
     {{L"InprocServer32", NULL, REG_SZ, L"", 0},
      {L"InprocServer32", L"ThreadingModel", 0x1234, "abc", 3}}                                                             },
};

#define PRIORS (sizeof priors / sizeof *priors)

static void set_prior(enum rm_reg_view view, const struct prior *prior)
{
    for (size_t i = 0; i < 4 && prior->values[i].key != NULL; i++)
    {
        fake_set(view, FAKE_CLSID_W, &prior->values[i]);
    }
}

static void test_disable_restores_exactly(void **state)
{
    (void)state;
    for (size_t i = 0; i < PRIORS; i++)
    {
        for (size_t k = 0; k < PRIORS; k++)
        {
            fake_delete_all();
            told[0] = '\0';
            fake_register(RM_REG_VIEW_64, FAKE_PROGID_W, FAKE_CLSID_W);
            set_prior(RM_REG_VIEW_64, &priors[i]);
            set_prior(RM_REG_VIEW_32, &priors[k]);
            char *before = fake_dump();
            enable(false);
            assert_int_equal(state_now(), RM_HOOK_ON);
            expect_hook(RM_REG_VIEW_64, L"\\redundancymaster.dll");
            expect_hook(RM_REG_VIEW_32, L"\\x86\\redundancymaster.dll");
            disable(true);
            assert_int_equal(state_now(), RM_HOOK_OFF);
            expect_dump(before);
            free(before);
        }
    }
}

static void test_twice_is_fine(void **state)
{
    (void)state;
    char *before = fake_dump();
    disable(false);
    expect_dump(before);
    enable(false);
    char *enabled = fake_dump();
    enable(true);
    expect_dump(enabled);
    disable(true);
    disable(false);
    expect_dump(before);
    free(before);
    free(enabled);
}

/* Each point at which the power could fail while enabling. */
static void test_crash_while_enabling(void **state)
{
    (void)state;
    static const wchar_t dll[] = L"C:\\rm\\redundancymaster.dll";
    for (unsigned crash = 0; crash < 6; crash++)
    {
        for (size_t i = 0; i < PRIORS; i++)
        {
            fake_delete_all();
            told[0] = '\0';
            fake_register(RM_REG_VIEW_64, FAKE_PROGID_W, FAKE_CLSID_W);
            set_prior(RM_REG_VIEW_64, &priors[i]);
            char *before = fake_dump();
            bool was_orphan;
            assert_int_equal(rm_hook_view_record(FAKE_CLSID_W, RM_REG_VIEW_64, dll, &was_orphan),
                             0);
            HKEY key;
            assert_int_equal(rm_reg_create(RM_REG_VIEW_64, RM_HOOKS_PATH L"\\" FAKE_CLSID_W, &key),
                             0);
            rm_reg_write_text(key, L"ProgID", FAKE_PROGID_W);
            RegCloseKey(key);
            if (crash % 3 == 1) /* the record isn't complete */
            {
                rm_reg_open(RM_REG_VIEW_64, RM_HOOKS_PATH L"\\" FAKE_CLSID_W L"\\64", KEY_SET_VALUE,
                            &key);
                assert_int_equal(RegDeleteValueW(key, L"Recorded"), 0);
                RegCloseKey(key);
                assert_int_equal(
                    rm_reg_delete_tree(RM_REG_VIEW_64,
                                       RM_HOOKS_PATH L"\\" FAKE_CLSID_W L"\\64\\Before"),
                    0);
            }
            if (crash % 3 == 2) /* one of two values is written */
            {
                static const struct fake_value both = TEXT_VALUE(L"ThreadingModel", L"Both");
                fake_set(RM_REG_VIEW_64, FAKE_CLSID_W, &both);
            }
            if (crash >= 3)
            {
                enable(false);
                assert_int_equal(state_now(), RM_HOOK_ON);
            }
            struct rm_config_error error;
            bool was_enabled;
            assert_int_equal(rm_hooks_disable(&hooks, FAKE_PROGID, &was_enabled, &error), RM_OK);
            assert_null(strstr(told, "Another program"));
            expect_dump(before);
            free(before);
        }
    }
}

static void test_crash_while_disabling(void **state)
{
    (void)state;
    set_prior(RM_REG_VIEW_64, &priors[3]);
    char *before = fake_dump();
    enable(false);
    set_prior(RM_REG_VIEW_64, &priors[3]); /* put back, and then the power failed */
    assert_int_equal(state_now(), RM_HOOK_DAMAGED);
    disable(true);
    expect_dump(before);
    free(before);
}

static void test_others_changes_stay(void **state)
{
    (void)state;
    static const struct fake_value theirs = TEXT_VALUE(NULL, L"C:\\vendor\\new.dll");
    static const struct fake_value model = TEXT_VALUE(L"ThreadingModel", L"Both");
    enable(false);
    fake_set(RM_REG_VIEW_64, FAKE_CLSID_W, &theirs);
    assert_int_equal(state_now(), RM_HOOK_DAMAGED);
    disable(true);
    assert_non_null(strstr(told,
                           "Another program has changed HKLM\\SOFTWARE\\Classes\\CLSID\\" FAKE_CLSID
                           "\\InprocServer32 (64-bit view)"));
    char *after = fake_dump();

    fake_delete_all();
    fake_register(RM_REG_VIEW_64, FAKE_PROGID_W, FAKE_CLSID_W);
    fake_set(RM_REG_VIEW_64, FAKE_CLSID_W, &model);
    fake_set(RM_REG_VIEW_64, FAKE_CLSID_W, &theirs);
    expect_dump(after);
    free(after);
}

/* Whoever writes our text as another type has changed it too. */
static void test_type_changed_by_others(void **state)
{
    (void)state;
    wchar_t path[RM_REG_PATH_MAX], text[MAX_PATH];
    enable(false);
    rm_hook_view_key(FAKE_CLSID_W, path);
    assert_true(rm_reg_read_text(RM_REG_VIEW_64, path, NULL, text, MAX_PATH));
    struct fake_value theirs = {L"InprocServer32", NULL, REG_EXPAND_SZ, text, 0};
    theirs.size_bytes = (DWORD)((wcslen(text) + 1) * sizeof *text);
    fake_set(RM_REG_VIEW_64, FAKE_CLSID_W, &theirs);
    assert_int_equal(state_now(), RM_HOOK_DAMAGED);
    disable(true);
    assert_non_null(strstr(told, "Another program has changed"));
}

static void test_repair_by_enabling_again(void **state)
{
    (void)state;
    static const struct fake_value theirs = TEXT_VALUE(NULL, L"C:\\vendor\\new.dll");
    enable(false);
    fake_set(RM_REG_VIEW_64, FAKE_CLSID_W, &theirs);
    char *changed = fake_dump();
    assert_int_equal(state_now(), RM_HOOK_DAMAGED);
    enable(false);
    assert_int_equal(state_now(), RM_HOOK_ON);
    assert_non_null(strstr(told, "64-bit clients was not in place"));
    disable(true);
    wchar_t path[RM_REG_PATH_MAX], text[MAX_PATH];
    rm_hook_view_key(FAKE_CLSID_W, path);
    assert_true(rm_reg_read_text(RM_REG_VIEW_64, path, NULL, text, MAX_PATH));
    assert_true(wcscmp(text, L"C:\\vendor\\new.dll") == 0);
    free(changed);
}

static void test_key_deleted_by_others(void **state)
{
    (void)state;
    char *before = fake_dump();
    wchar_t path[RM_REG_PATH_MAX];
    rm_hook_view_key(FAKE_CLSID_W, path);
    enable(false);
    assert_int_equal(rm_reg_delete_tree(RM_REG_VIEW_64, path), 0);
    assert_int_equal(rm_reg_delete_tree(RM_REG_VIEW_32, L"SOFTWARE\\Classes\\CLSID\\" FAKE_CLSID_W),
                     0);
    assert_int_equal(state_now(), RM_HOOK_DAMAGED);
    disable(true);
    expect_dump(before);
    free(before);
}

static void test_values_added_by_others(void **state)
{
    (void)state;
    static const struct fake_value added = TEXT_VALUE(L"Theirs", L"x");
    enable(false);
    fake_set(RM_REG_VIEW_32, FAKE_CLSID_W, &added);
    disable(true);
    assert_non_null(strstr(told, "Our entries are gone, theirs were left"));
    char *after = fake_dump();
    fake_delete_all();
    fake_register(RM_REG_VIEW_64, FAKE_PROGID_W, FAKE_CLSID_W);
    fake_set(RM_REG_VIEW_32, FAKE_CLSID_W, &added);
    expect_dump(after);
    free(after);
}

static void test_hook_without_record(void **state)
{
    (void)state;
    char *before = fake_dump();
    enable(false);
    assert_int_equal(rm_reg_delete_tree(RM_REG_VIEW_64, RM_REG_ROOT), 0);
    assert_int_equal(state_now(), RM_HOOK_OFF);
    enable(false);
    assert_non_null(strstr(told, "without a record"));
    disable(true);
    wchar_t path[RM_REG_PATH_MAX];
    rm_hook_view_key(FAKE_CLSID_W, path);
    assert_false(rm_reg_exists(RM_REG_VIEW_64, path));
    assert_false(rm_reg_exists(RM_REG_VIEW_32, path));
    free(before);
}

static void test_bitness(void **state)
{
    (void)state;
    char *before = fake_dump();
    struct rm_hook_info info;
    fake_dlls(dll_directory, true, false);
    enable(false);
    rm_hooks_query(FAKE_PROGID, &info);
    assert_true(info.is_served_64 && !info.is_served_32);
    assert_non_null(strstr(told, "32-bit clients get no redundancy"));
    fake_dlls(dll_directory, true, true);
    enable(true);
    rm_hooks_query(FAKE_PROGID, &info);
    assert_true(info.is_served_64 && info.is_served_32);
    fake_dlls(dll_directory, false, true);
    enable(true);
    rm_hooks_query(FAKE_PROGID, &info);
    assert_true(!info.is_served_64 && info.is_served_32);
    disable(true);
    expect_dump(before);

    struct rm_config_error error;
    bool was_enabled;
    fake_dlls(dll_directory, false, false);
    assert_int_equal(rm_hooks_enable(&hooks, server, &was_enabled, &error), RM_E_NOT_FOUND);
    assert_non_null(strstr(error.message, "no usable redundancymaster.dll"));
    expect_dump(before);
    free(before);
}

static void test_installation_moved(void **state)
{
    (void)state;
    char *before = fake_dump();
    enable(false);
    wchar_t old[MAX_PATH];
    char old_text[sizeof dll_directory_text];
    wcscpy(old, dll_directory);
    strcpy(old_text, dll_directory_text);
    wcscat(dll_directory, L"\\moved \x00e4\x4e2d");
    rm_utf8_from_wide(dll_directory, dll_directory_text, sizeof dll_directory_text);
    fake_dlls(dll_directory, true, true);
    enable(true);
    expect_hook(RM_REG_VIEW_64, L"\\redundancymaster.dll");
    expect_hook(RM_REG_VIEW_32, L"\\x86\\redundancymaster.dll");
    disable(true);
    expect_dump(before);
    wcscpy(dll_directory, old);
    strcpy(dll_directory_text, old_text);
    free(before);
}

static void expect_refused(const char *reason)
{
    struct rm_config_error error = {RM_OK, 0, ""};
    bool was_enabled;
    char *before = fake_dump();
    assert_int_not_equal(rm_hooks_enable(&hooks, server, &was_enabled, &error), RM_OK);
    assert_non_null(strstr(error.message, reason));
    expect_dump(before);
    free(before);
}

static void test_classes_that_are_refused(void **state)
{
    (void)state;
    static const wchar_t local_server[] =
        L"SOFTWARE\\Classes\\CLSID\\" FAKE_CLSID_W L"\\LocalServer32";
    static const struct fake_value host = {L"LocalServer32", NULL, REG_SZ, L"C:\\rm\\RMHost.exe",
                                           36};
    static const struct fake_value stub = TEXT_VALUE(NULL, L"C:\\rm\\opcda_ps.dll");
    static const struct fake_value appid = {L"", L"AppID", REG_SZ, OTHER_CLSID_W, 78};
    fake_set(RM_REG_VIEW_64, FAKE_CLSID_W, &host);
    expect_refused("is RedundancyMaster itself");
    assert_int_equal(rm_reg_delete_tree(RM_REG_VIEW_64, local_server), 0);
    expect_refused("runs in its client's process");
    fake_set(RM_REG_VIEW_64, FAKE_CLSID_W, &stub);
    expect_refused("is RedundancyMaster itself");
    fake_delete_all();
    expect_refused("No OPC server is registered as '" FAKE_PROGID "'");

    /* A Windows service without LocalServer32 is a server too. */
    static const wchar_t appid_key[] = L"SOFTWARE\\Classes\\AppID\\" OTHER_CLSID_W;
    HKEY key;
    fake_register(RM_REG_VIEW_32, FAKE_PROGID_W, FAKE_CLSID_W);
    assert_int_equal(rm_reg_delete_tree(RM_REG_VIEW_32, local_server), 0);
    fake_set(RM_REG_VIEW_32, FAKE_CLSID_W, &appid);
    assert_int_equal(rm_reg_create(RM_REG_VIEW_32, appid_key, &key), 0);
    rm_reg_write_text(key, L"LocalService", L"OpcService");
    RegCloseKey(key);
    enable(false);
    disable(true);
    rm_reg_delete_tree(RM_REG_VIEW_32, appid_key);
}

static void test_progid_lookup(void **state)
{
    (void)state;
    wchar_t clsid[RM_CLASS_TEXT_MAX];
    HKEY key;
    assert_int_equal(
        rm_reg_create(RM_REG_VIEW_64, L"SOFTWARE\\Classes\\RMHooksTest.Old\\CurVer", &key), 0);
    rm_reg_write_text(key, NULL, FAKE_PROGID_W);
    RegCloseKey(key);
    assert_true(rm_class_find(L"RMHooksTest.Old", clsid));
    assert_true(wcscmp(clsid, FAKE_CLSID_W) == 0);
    assert_true(rm_class_find(L"rmhookstest.FAKE.1", clsid));
    assert_false(rm_class_find(L"RMHooksTest.None", clsid));
    assert_false(rm_class_find(L"CLSID\\" FAKE_CLSID_W, clsid));
    assert_false(rm_class_find(L"", clsid));
    assert_true(rm_class_normalize(L"{f4ce0001-52a0-4c1b-9e5d-0c0ffee00001}", clsid));
    assert_true(wcscmp(clsid, FAKE_CLSID_W) == 0);
    assert_false(rm_class_normalize(L"{f4ce0001-52a0-4c1b-9e5d-0c0ffee0000}", clsid));
    assert_false(rm_class_normalize(L"{f4ce0001-52a0-4c1b-9e5d-0c0ffee0000g}", clsid));
}

static void read_snapshot(struct rm_server_config **stored)
{
    struct rm_reg_value value;
    assert_int_equal(rm_snapshot_load(FAKE_CLSID_W, &value), 0);
    assert_true(value.exists);
    assert_int_equal(value.type, REG_BINARY);
    assert_int_equal(rm_snapshot_decode(value.bytes, value.size_bytes, stored), RM_OK);
    rm_reg_value_clear(&value);
}

static void test_snapshot(void **state)
{
    (void)state;
    struct rm_server_config *stored;
    struct rm_config_error error;
    bool was_enabled;
    enable(false);
    assert_non_null(
        strstr(told, "Machine 2 ('localhost'): no OPC server is registered as '" OTHER_PROGID "'"));
    read_snapshot(&stored);
    assert_string_equal(stored->progid, FAKE_PROGID);
    assert_string_equal(stored->clsid, FAKE_CLSID);
    assert_string_equal(stored->machines[0].clsid, FAKE_CLSID);
    assert_string_equal(stored->machines[1].clsid, "");
    assert_string_equal(server->machines[0].clsid, "");
    rm_server_config_free(stored);
    assert_false(rm_hooks_is_outdated(server));

    fake_register(RM_REG_VIEW_32, L"RMHooksTest.Other.1", OTHER_CLSID_W);
    server->ping_interval_ms = 333;
    assert_true(rm_hooks_is_outdated(server));
    assert_int_equal(rm_hooks_update(&hooks, server, &was_enabled, &error), RM_OK);
    assert_true(was_enabled);
    read_snapshot(&stored);
    assert_int_equal(stored->ping_interval_ms, 333);
    assert_string_equal(stored->machines[1].clsid, OTHER_CLSID);
    rm_server_config_free(stored);
    assert_false(rm_hooks_is_outdated(server));

    disable(true);
    assert_int_equal(rm_hooks_update(&hooks, server, &was_enabled, &error), RM_OK);
    assert_false(was_enabled);
    assert_false(rm_reg_exists(RM_REG_VIEW_64, RM_REG_ROOT));
}

static void test_two_servers(void **state)
{
    (void)state;
    struct rm_config_error error;
    struct rm_server_config *first = server;
    struct rm_hook_info info;
    bool was_enabled;
    fake_register(RM_REG_VIEW_32, L"RMHooksTest.Other.1", OTHER_CLSID_W);
    char *before = fake_dump();
    enable(false);
    assert_int_equal(rm_config_add(&config, OTHER_PROGID, &server, &error), RM_OK);
    assert_int_equal(rm_server_add_machine(server, "localhost", "", "", &error), RM_OK);
    assert_int_equal(rm_server_add_machine(server, "opc-b", "", "", &error), RM_OK);
    enable(false);
    assert_true(rm_hooks_enumerate(0, &info));
    assert_true(rm_hooks_enumerate(1, &info));
    assert_false(rm_hooks_enumerate(2, &info));
    disable(true); /* the first one */
    assert_true(rm_hooks_enumerate(0, &info));
    assert_string_equal(info.progid, OTHER_PROGID);
    assert_false(rm_hooks_enumerate(1, &info));
    assert_int_equal(rm_hooks_disable(&hooks, OTHER_CLSID, &was_enabled, &error), RM_OK);
    assert_true(was_enabled);
    expect_dump(before);
    server = first;
    free(before);
}

int main(void)
{
    GetTempPathW(MAX_PATH - 40, dll_directory);
    wcscat(dll_directory, L"rm-hooks-test");
    rm_utf8_from_wide(dll_directory, dll_directory_text, sizeof dll_directory_text);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_disable_restores_exactly, setup, teardown),
        cmocka_unit_test_setup_teardown(test_twice_is_fine, setup, teardown),
        cmocka_unit_test_setup_teardown(test_crash_while_enabling, setup, teardown),
        cmocka_unit_test_setup_teardown(test_crash_while_disabling, setup, teardown),
        cmocka_unit_test_setup_teardown(test_others_changes_stay, setup, teardown),
        cmocka_unit_test_setup_teardown(test_type_changed_by_others, setup, teardown),
        cmocka_unit_test_setup_teardown(test_repair_by_enabling_again, setup, teardown),
        cmocka_unit_test_setup_teardown(test_key_deleted_by_others, setup, teardown),
        cmocka_unit_test_setup_teardown(test_values_added_by_others, setup, teardown),
        cmocka_unit_test_setup_teardown(test_hook_without_record, setup, teardown),
        cmocka_unit_test_setup_teardown(test_bitness, setup, teardown),
        cmocka_unit_test_setup_teardown(test_installation_moved, setup, teardown),
        cmocka_unit_test_setup_teardown(test_classes_that_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(test_progid_lookup, setup, teardown),
        cmocka_unit_test_setup_teardown(test_snapshot, setup, teardown),
        cmocka_unit_test_setup_teardown(test_two_servers, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
