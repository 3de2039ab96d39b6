/* The simulator as its clients see it: conformance to OPC DA 2.05a, and its faults. run.sh
 * registers the machines that these tests connect to. */
#include "testclient.h"

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
    test_release_shared();
    CoUninitialize();
    return failed != 0;
}
