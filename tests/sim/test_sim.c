/* The simulator as its clients see it: conformance to OPC DA 2.05a and 3.0, and its faults. run.sh
 * registers the machines that these tests connect to. */
#include "testclient.h"
#include "testda3.h"

#include <objbase.h>
#include <string.h>

int main(int count, char **arguments)
{
    int failed = 0;
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    if (count > 1 && strcmp(arguments[1], "--try") == 0)
    {
        IOPCServer_Release(test_connect(L"SimTestA"));
        return 0;
    }
    failed += _cmocka_run_group_tests("server", server_tests, server_test_count, NULL, NULL);
    failed += _cmocka_run_group_tests("browse", browse_tests, browse_test_count, NULL, NULL);
    failed += _cmocka_run_group_tests("group", group_tests, group_test_count, NULL, NULL);
    failed += _cmocka_run_group_tests("callbacks", callback_tests, callback_test_count, NULL, NULL);
    failed += _cmocka_run_group_tests("faults", fault_tests, fault_test_count, NULL, NULL);
    failed +=
        _cmocka_run_group_tests("da3 server", da3_server_tests, da3_server_test_count, NULL, NULL);
    failed +=
        _cmocka_run_group_tests("da3 browse", da3_browse_tests, da3_browse_test_count, NULL, NULL);
    failed +=
        _cmocka_run_group_tests("da3 group", da3_group_tests, da3_group_test_count, NULL, NULL);
    failed += _cmocka_run_group_tests("da3 items", da3_item_tests, da3_item_test_count, NULL, NULL);
    test_da3_release();
    test_release_shared();
    CoUninitialize();
    return failed != 0;
}
