/* Saving and loading files in the working directory; also runs under Windows and Wine. */
#define _POSIX_C_SOURCE 200809L /* kill */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#ifdef _WIN32
#include <direct.h>
#include <windows.h>
#define make_folder(path)   _mkdir(path)
#define remove_folder(path) _rmdir(path)
#else
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#define make_folder(path)   mkdir(path, 0755)
#define remove_folder(path) rmdir(path)
#endif

#include <cmocka.h>

#include <rm/config_xml.h>

#define TARGET   "test_config_file.xml"
#define BACKUP   TARGET ".bak"
#define LEFTOVER TARGET ".new"
#define GOOD     TARGET ".good"

static struct rm_config config;
static struct rm_config_error fault;

static void remove_all(void)
{
    static const char *const paths[] = {TARGET, BACKUP, LEFTOVER, GOOD, GOOD ".new"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
    {
        remove(paths[i]);
        remove_folder(paths[i]);
    }
}

static int set_up(void **state)
{
    (void)state;
    struct rm_server_config *server;
    remove_all();
    memset(&fault, 0xa5, sizeof fault);
    rm_config_init(&config);
    assert_int_equal(rm_config_add(&config, "Vendor.Server", &server, NULL), RM_OK);
    assert_int_equal(rm_server_add_machine(server, "a", "", "", NULL), RM_OK);
    assert_int_equal(rm_server_add_machine(server, "b", "", "", NULL), RM_OK);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    rm_config_clear(&config);
    remove_all();
    return 0;
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static bool has_text(const char *path, const char *text)
{
    char found[4096] = "";
    FILE *file = fopen(path, "rb");
    if (file == NULL)
    {
        return false;
    }
    found[fread(found, 1, sizeof found - 1, file)] = '\0';
    fclose(file);
    return strcmp(found, text) == 0;
}

static bool is_there(const char *path)
{
    struct stat facts;
    return stat(path, &facts) == 0;
}

static void save(void)
{
    if (rm_config_save(&config, TARGET, &fault) != RM_OK)
    {
        fail_msg("%s", fault.message);
    }
}

static void not_saved(const char *path, const char *part)
{
    assert_int_equal(rm_config_save(&config, path, &fault), RM_E_IO);
    assert_int_equal(fault.status, RM_E_IO);
    assert_int_equal(fault.line, 0);
    if (strstr(fault.message, part) == NULL || strstr(fault.message, "nothing was changed") == NULL)
    {
        fail_msg("'%s' is not in: %s", part, fault.message);
    }
}

static void has_interval(const char *path, uint32_t interval_ms)
{
    struct rm_config loaded;
    if (rm_config_load(&loaded, path, &fault) != RM_OK)
    {
        fail_msg("%s", fault.message);
    }
    assert_int_equal(loaded.server_count, 1);
    assert_int_equal(loaded.servers[0]->ping_interval_ms, interval_ms);
    rm_config_clear(&loaded);
}

static void a_new_file_is_written(void **state)
{
    (void)state;
    save();
    has_interval(TARGET, 2500);
    assert_false(is_there(BACKUP));
    assert_false(is_there(LEFTOVER));
}

static void the_old_file_is_kept(void **state)
{
    (void)state;
    for (uint32_t interval_ms = 100; interval_ms <= 102; interval_ms++)
    {
        config.servers[0]->ping_interval_ms = interval_ms;
        save();
        has_interval(TARGET, interval_ms);
        if (interval_ms > 100)
        {
            has_interval(BACKUP, interval_ms - 1);
        }
        assert_false(is_there(LEFTOVER));
    }
}

static void a_leftover_of_a_crash_is_written_over(void **state)
{
    (void)state;
    save();
    write_file(LEFTOVER, "half a fi");
    config.servers[0]->ping_interval_ms = 777;
    save();
    has_interval(TARGET, 777);
    has_interval(BACKUP, 2500);
    assert_false(is_there(LEFTOVER));
}

static void a_folder_is_not_replaced(void **state)
{
    (void)state;
    assert_int_equal(make_folder(TARGET), 0);
    not_saved(TARGET, TARGET " can't be written (");
    assert_true(is_there(TARGET));
    assert_false(is_there(LEFTOVER));
    struct rm_config loaded;
    memset(&loaded, 0xa5, sizeof loaded);
    assert_int_equal(rm_config_load(&loaded, TARGET, &fault), RM_E_IO);
    assert_non_null(strstr(fault.message, TARGET " can't be read ("));
    assert_int_equal(loaded.server_count, 0);
}

static void a_missing_folder_is_told(void **state)
{
    (void)state;
    not_saved("no_such_folder/" TARGET, "no_such_folder/" TARGET " can't be written (");
}

/* Nothing can be written beside the target: here a folder has the temporary file's name. */
static void an_unwritable_place_changes_nothing(void **state)
{
    (void)state;
    write_file(TARGET, "old");
    write_file(BACKUP, "older");
    assert_int_equal(make_folder(LEFTOVER), 0);
    not_saved(TARGET, "can't be written (");
    assert_true(has_text(TARGET, "old"));
    assert_true(has_text(BACKUP, "older"));
}

static void a_backup_that_cannot_be_made_changes_nothing(void **state)
{
    (void)state;
    write_file(TARGET, "old");
    assert_int_equal(make_folder(BACKUP), 0);
    not_saved(TARGET, "can't be written (");
    assert_true(has_text(TARGET, "old"));
    assert_false(is_there(LEFTOVER));
}

static void an_invalid_configuration_is_not_saved(void **state)
{
    (void)state;
    write_file(TARGET, "old");
    config.servers[0]->fall = 0;
    assert_int_equal(rm_config_save(&config, TARGET, &fault), RM_E_INVALID);
    assert_true(has_text(TARGET, "old"));
    assert_false(is_there(BACKUP));
}

static void a_missing_file_is_told(void **state)
{
    (void)state;
    struct rm_config loaded;
    memset(&loaded, 0xa5, sizeof loaded);
    assert_int_equal(rm_config_load(&loaded, TARGET, &fault), RM_E_NOT_FOUND);
    assert_int_equal(fault.status, RM_E_NOT_FOUND);
    assert_non_null(strstr(fault.message, TARGET " is not there ("));
    assert_int_equal(loaded.server_count, 0);
    assert_null(loaded.servers);
}

static void an_error_has_path_and_line(void **state)
{
    (void)state;
    struct rm_config loaded;
    write_file(TARGET, "<redundancymaster version=\"1\"\n xmlns=\"urn:redundancymaster:"
                       "configuration\">\n<server progid=\"A\"><fall>0</fall></server>\n"
                       "</redundancymaster>\n");
    assert_int_equal(rm_config_load(&loaded, TARGET, &fault), RM_E_INVALID);
    assert_int_equal(fault.line, 3);
    assert_string_equal(fault.message, TARGET ", line 3: fall can't be '0': give a whole number "
                                              "from 1 to 10 (pings).");
}

static void a_huge_file_is_refused(void **state)
{
    (void)state;
    struct rm_config loaded;
    FILE *file = fopen(TARGET, "wb");
    assert_non_null(file);
    assert_int_equal(fseek(file, (long)RM_CONFIG_FILE_SIZE_MAX, SEEK_SET), 0);
    assert_int_equal(fputc('x', file), 'x');
    assert_int_equal(fclose(file), 0);
    assert_int_equal(rm_config_load(&loaded, TARGET, &fault), RM_E_TOO_LARGE);
    assert_non_null(strstr(fault.message, TARGET " is larger than 16 MB"));
}

/* Paths are UTF-8 on every system. */
static void a_path_may_have_any_letters(void **state)
{
    (void)state;
    static const char path[] = "test_\xc3\xa4\xd0\x96\xe6\x97\xa5.xml";
    if (rm_config_save(&config, path, &fault) != RM_OK)
    {
        fail_msg("%s", fault.message);
    }
    has_interval(path, 2500);
#ifdef _WIN32
    assert_true(DeleteFileW(L"test_\u00e4\u0416\u65e5.xml"));
    not_saved("test_\xff.xml", "can't be written (");
#else
    assert_int_equal(remove(path), 0);
#endif
}

static void load_and_keep(enum rm_status status, enum rm_status kept_status)
{
    struct rm_config loaded;
    struct rm_config_error kept = {.status = RM_OK};
    assert_int_equal(rm_config_load_and_keep(&loaded, TARGET, &fault, &kept), status);
    assert_int_equal(kept.status, kept_status);
    if (kept_status != RM_OK && strstr(kept.message, "can't be kept as " GOOD " (") == NULL)
    {
        fail_msg("%s", kept.message);
    }
    rm_config_clear(&loaded);
}

static void the_last_good_version_is_kept(void **state)
{
    (void)state;
    struct rm_config loaded;
    save();
    load_and_keep(RM_OK, RM_OK);
    has_interval(GOOD, 2500);
    config.servers[0]->ping_interval_ms = 777;
    save();
    has_interval(GOOD, 2500);
    load_and_keep(RM_OK, RM_OK);
    has_interval(GOOD, 777);
    write_file(TARGET, "half a fi");
    load_and_keep(RM_E_INVALID, RM_OK);
    assert_int_equal(rm_config_load_good(&loaded, TARGET, &fault), RM_OK);
    assert_int_equal(loaded.servers[0]->ping_interval_ms, 777);
    rm_config_clear(&loaded);
}

static void it_is_kept_as_it_stands_in_the_file(void **state)
{
    (void)state;
    static const char edited[] =
        "<redundancymaster version='1' xmlns='urn:redundancymaster:configuration'/>";
    write_file(TARGET, edited);
    struct rm_config loaded;
    assert_int_equal(rm_config_load(&loaded, TARGET, &fault), RM_OK);
    rm_config_clear(&loaded);
    assert_false(is_there(GOOD));
    load_and_keep(RM_OK, RM_OK);
    assert_true(has_text(GOOD, edited));
}

static void a_good_version_that_cannot_be_kept_is_told(void **state)
{
    (void)state;
    struct rm_config loaded;
    save();
    assert_int_equal(rm_config_load_good(&loaded, TARGET, &fault), RM_E_NOT_FOUND);
    assert_int_equal(loaded.server_count, 0);
    assert_int_equal(make_folder(GOOD), 0);
    load_and_keep(RM_OK, RM_E_IO);
}

#define SAVES 200

/* A service that looks, or a crash, at any moment: in the file's place is the old one or the new.
 */
#ifdef _WIN32

static volatile LONG is_over;
static volatile LONG looks;
static volatile LONG misses;

static DWORD WINAPI look(void *unused)
{
    (void)unused;
    while (!is_over)
    {
        misses += GetFileAttributesW(L"" TARGET) == INVALID_FILE_ATTRIBUTES &&
                  GetLastError() == ERROR_FILE_NOT_FOUND;
        looks++;
    }
    return 0;
}

static void the_file_is_there_at_every_moment(void **state)
{
    (void)state;
    save();
    is_over = looks = misses = 0;
    HANDLE thread = CreateThread(NULL, 0, look, NULL, 0, NULL);
    assert_non_null(thread);
    for (unsigned i = 0; i < SAVES; i++)
    {
        save();
    }
    is_over = 1;
    assert_int_equal(WaitForSingleObject(thread, 10000), WAIT_OBJECT_0);
    CloseHandle(thread);
    assert_int_equal(misses, 0);
    assert_true(looks > SAVES);
}

static DWORD WINAPI close_later(void *file)
{
    Sleep(100);
    CloseHandle(file);
    return 0;
}

static void a_file_in_use_is_waited_for(void **state)
{
    (void)state;
    save();
    HANDLE file = CreateFileW(L"" TARGET, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    assert_ptr_not_equal(file, INVALID_HANDLE_VALUE);
    HANDLE thread = CreateThread(NULL, 0, close_later, file, 0, NULL);
    assert_non_null(thread);
    config.servers[0]->ping_interval_ms = 777;
    save();
    assert_int_equal(WaitForSingleObject(thread, 10000), WAIT_OBJECT_0);
    CloseHandle(thread);
    has_interval(TARGET, 777);
    has_interval(BACKUP, 2500);
}

static void a_file_that_stays_in_use_is_told(void **state)
{
    (void)state;
    save();
    HANDLE file = CreateFileW(L"" TARGET, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    assert_ptr_not_equal(file, INVALID_HANDLE_VALUE);
    config.servers[0]->ping_interval_ms = 777;
    not_saved(TARGET, "can't be written (");
    CloseHandle(file);
    has_interval(TARGET, 2500);
    assert_false(is_there(LEFTOVER));
}

static void a_read_only_file_is_not_replaced(void **state)
{
    (void)state;
    save();
    assert_true(SetFileAttributesW(L"" TARGET, FILE_ATTRIBUTE_READONLY));
    config.servers[0]->ping_interval_ms = 777;
    not_saved(TARGET, "can't be written (");
    assert_true(SetFileAttributesW(L"" TARGET, FILE_ATTRIBUTE_NORMAL));
    has_interval(TARGET, 2500);
    assert_false(is_there(LEFTOVER));
}

#else

static void the_file_is_there_at_every_moment(void **state)
{
    (void)state;
    int outcome;
    save();
    pid_t child = fork();
    assert_true(child >= 0);
    while (child == 0)
    {
        if (!is_there(TARGET))
        {
            _exit(1);
        }
    }
    for (unsigned i = 0; i < SAVES; i++)
    {
        save();
    }
    assert_int_equal(waitpid(child, &outcome, WNOHANG), 0);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &outcome, 0), child);
}

static void a_full_disk_changes_nothing(void **state)
{
    (void)state;
    struct rlimit before;
    write_file(TARGET, "old");
    write_file(BACKUP, "older");
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit tight = {100, before.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
    enum rm_status status = rm_config_save(&config, TARGET, &fault);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(status, RM_E_IO);
    assert_non_null(strstr(fault.message, "can't be written (File too large): nothing"));
    assert_true(has_text(TARGET, "old"));
    assert_true(has_text(BACKUP, "older"));
    assert_false(is_there(LEFTOVER));
}

#endif

int main(void)
{
#define ROW(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        ROW(a_new_file_is_written),
        ROW(the_old_file_is_kept),
        ROW(a_leftover_of_a_crash_is_written_over),
        ROW(a_folder_is_not_replaced),
        ROW(a_missing_folder_is_told),
        ROW(an_unwritable_place_changes_nothing),
        ROW(a_backup_that_cannot_be_made_changes_nothing),
        ROW(an_invalid_configuration_is_not_saved),
        ROW(a_missing_file_is_told),
        ROW(an_error_has_path_and_line),
        ROW(a_huge_file_is_refused),
        ROW(a_path_may_have_any_letters),
        ROW(the_last_good_version_is_kept),
        ROW(it_is_kept_as_it_stands_in_the_file),
        ROW(a_good_version_that_cannot_be_kept_is_told),
        ROW(the_file_is_there_at_every_moment),
#ifdef _WIN32
        ROW(a_file_in_use_is_waited_for),
        ROW(a_file_that_stays_in_use_is_told),
        ROW(a_read_only_file_is_not_replaced),
#else
        ROW(a_full_disk_changes_nothing),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
