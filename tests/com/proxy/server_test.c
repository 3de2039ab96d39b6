/* server_test mta|sta JOURNALS: the server object's further interfaces, in that apartment; JOURNALS
 * is the folder where both machines journal. The exit status is the number of failed tests. */
#include "server_stage.h"

#include <stdio.h>
#include <string.h>
#include <wchar.h>

static int run(const char *name, const struct CMUnitTest *tests, size_t count)
{
    return _cmocka_run_group_tests(name, tests, count, NULL, NULL);
}

int main(int argc, char **argv)
{
    bool is_single = argc == 3 && strcmp(argv[1], "sta") == 0;
    WCHAR journals[MAX_PATH];
    int failed = 0;

    setvbuf(stdout, NULL, _IONBF, 0);
    if (argc != 3 ||
        FAILED(CoInitializeEx(NULL, is_single ? COINIT_APARTMENTTHREADED : COINIT_MULTITHREADED)) ||
        !MultiByteToWideChar(CP_ACP, 0, argv[2], -1, journals, MAX_PATH))
        return 255;
    server_journals = journals;
    failed += run("browse3", browse3_tests, browse3_test_count);
    failed += run("item_io", item_io_tests, item_io_test_count);
    failed += run("persist", persist_tests, persist_test_count);
    failed += run("security", security_tests, security_test_count);
    failed += run("public", public_tests, public_test_count);
    CoUninitialize();
    return failed;
}
