/* server_test mta|sta JOURNALS [GROUP]: the server object's further interfaces, in that apartment,
 * or the tests of one group; JOURNALS is the folder where both machines journal. The exit status is
 * the number of failed tests. */
#include "server_stage.h"

#include <stdio.h>
#include <string.h>
#include <wchar.h>

static const char *only; /* NULL: all groups */

static int run(const char *name, const struct CMUnitTest *tests, size_t count,
               CMFixtureFunction set_up, CMFixtureFunction tear_down)
{
    if (only && strcmp(only, name) != 0)
        return 0;
    return _cmocka_run_group_tests(name, tests, count, set_up, tear_down);
}

int main(int argc, char **argv)
{
    bool is_single = argc >= 3 && strcmp(argv[1], "sta") == 0;
    static WCHAR journals[MAX_PATH];
    int failed = 0;

    setvbuf(stdout, NULL, _IONBF, 0);
    only = argc == 4 ? argv[3] : NULL;
    if (argc < 3 || argc > 4 ||
        FAILED(CoInitializeEx(NULL, is_single ? COINIT_APARTMENTTHREADED : COINIT_MULTITHREADED)) ||
        !MultiByteToWideChar(CP_ACP, 0, argv[2], -1, journals, MAX_PATH))
        return 255;
    server_journals = journals;
    failed += run("browse3", browse3_tests, browse3_test_count, NULL, NULL);
    failed += run("item_io", item_io_tests, item_io_test_count, NULL, NULL);
    failed += run("memory", memory_tests, memory_test_count, NULL, NULL);
    failed += run("partners", partner_tests, partner_test_count, NULL, NULL);
    failed += run("persist", persist_tests, persist_test_count, NULL, NULL);
    failed += run("security", security_tests, security_test_count, NULL, NULL);
    failed +=
        run("public", public_tests, public_test_count, server_open_public, server_close_public);
    CoUninitialize();
    return failed;
}
