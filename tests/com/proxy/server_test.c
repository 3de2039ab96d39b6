/* server_test mta|sta JOURNALS: the server object's further interfaces, in that apartment; JOURNALS
 * is the folder where both machines journal. The exit status is the number of failed tests. */
#include "server_stage.h"

#include <stdio.h>
#include <string.h>
#include <wchar.h>

int main(int argc, char **argv)
{
    bool is_single = argc == 3 && strcmp(argv[1], "sta") == 0;
    static WCHAR journals[MAX_PATH];
    int failed = 0;

    setvbuf(stdout, NULL, _IONBF, 0);
    if (argc != 3 ||
        FAILED(CoInitializeEx(NULL, is_single ? COINIT_APARTMENTTHREADED : COINIT_MULTITHREADED)) ||
        !MultiByteToWideChar(CP_ACP, 0, argv[2], -1, journals, MAX_PATH))
        return 255;
    server_journals = journals;
    failed += _cmocka_run_group_tests("browse3", browse3_tests, browse3_test_count, NULL, NULL);
    failed += _cmocka_run_group_tests("item_io", item_io_tests, item_io_test_count, NULL, NULL);
    failed += _cmocka_run_group_tests("memory", memory_tests, memory_test_count, NULL, NULL);
    failed += _cmocka_run_group_tests("partners", partner_tests, partner_test_count, NULL, NULL);
    failed += _cmocka_run_group_tests("persist", persist_tests, persist_test_count, NULL, NULL);
    failed += _cmocka_run_group_tests("security", security_tests, security_test_count, NULL, NULL);
    failed += _cmocka_run_group_tests("public", public_tests, public_test_count, server_open_public,
                                      server_close_public);
    CoUninitialize();
    return failed;
}
