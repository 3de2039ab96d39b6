/* A client that ends its apartment and forgets to release what it holds (design.md 3.8): the
 * servers must not have to keep its groups until COM notices. */
#include "stage.h"

#include <stdio.h>
#include <string.h>

#define STATUS_BYTES 4096

static bool has_process(const WCHAR *name)
{
    char text[STATUS_BYTES];
    WCHAR command[64];

    swprintf(command, ARRAYSIZE(command), L"rmsim.exe /fault %ls status", name);
    assert_true(stage_read(command, text, sizeof(text)));
    assert_non_null(strstr(text, "machine"));
    return strstr(text, "pid=") != NULL;
}

static DWORD WINAPI forget(void *parameter)
{
    IOPCServer **server = parameter;
    DWORD revised = 0;
    OPCHANDLE handle;
    IUnknown *group;

    if (FAILED(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED)))
        return 1;
    *server = stage_connect();
    if (FAILED(IOPCServer_AddGroup(*server, L"forgotten", TRUE, 100, 1, NULL, NULL, 0, &handle,
                                   &revised, &IID_IOPCGroupStateMgt, &group)))
        return 2;
    if (!has_process(L"PA"))
        return 3;
    CoUninitialize();
    return 0;
}

static void test_forgotten_session(void **state)
{
    ULONGLONG until = GetTickCount64() + WAIT_MS;
    IOPCServer *server = NULL;
    DWORD result = 99, id;
    HANDLE thread = CreateThread(NULL, 0, forget, &server, 0, &id);

    (void)state;
    assert_non_null(thread);
    while (WaitForSingleObject(thread, 50) == WAIT_TIMEOUT)
        assert_true(GetTickCount64() < until);
    GetExitCodeThread(thread, &result);
    CloseHandle(thread);
    assert_int_equal(result, 0);
    while ((has_process(L"PA") || has_process(L"PB")) && GetTickCount64() < until)
        Sleep(100);
    assert_false(has_process(L"PA"));
    assert_false(has_process(L"PB"));

    /* What the client still holds answers, and can be released after all. */
    assert_true(FAILED(IOPCServer_RemoveGroup(server, 1, FALSE)));
    IOPCServer_Release(server);
}

const struct CMUnitTest forgotten_tests[] = {cmocka_unit_test(test_forgotten_session)};
const size_t forgotten_test_count = ARRAYSIZE(forgotten_tests);
