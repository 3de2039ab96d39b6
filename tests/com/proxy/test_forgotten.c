/* A client that ends its apartment and forgets to release what it holds (design.md 3.8): the
 * servers must not have to keep its groups until COM notices. */
#include "stage.h"

#include <stdio.h>
#include <string.h>

#define STATUS_BYTES 4096
#define UNLOAD_MS    60000

/* What `rmsim /fault NAME status` prints. */
static void read_status(const WCHAR *name, char text[STATUS_BYTES])
{
    SECURITY_ATTRIBUTES inherit = {.nLength = sizeof(inherit), .bInheritHandle = TRUE};
    STARTUPINFOW startup = {.cb = sizeof(startup), .dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION process;
    HANDLE read_end, write_end;
    WCHAR command[64];
    DWORD got = 0;

    assert_true(CreatePipe(&read_end, &write_end, &inherit, STATUS_BYTES));
    startup.hStdOutput = startup.hStdError = write_end;
    swprintf(command, ARRAYSIZE(command), L"rmsim.exe /fault %ls status", name);
    assert_true(CreateProcessW(NULL, command, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process));
    assert_int_equal(WaitForSingleObject(process.hProcess, WAIT_MS), WAIT_OBJECT_0);
    CloseHandle(write_end);
    ReadFile(read_end, text, STATUS_BYTES - 1, &got, NULL);
    text[got] = 0;
    CloseHandle(read_end);
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
}

static bool has_process(const WCHAR *name)
{
    char text[STATUS_BYTES];

    read_status(name, text);
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

static bool is_unloaded(void)
{
    ULONGLONG until = GetTickCount64() + UNLOAD_MS;

    while (GetModuleHandleW(L"redundancymaster.dll") && GetTickCount64() < until)
    {
        CoFreeUnusedLibrariesEx(0, 0);
        Sleep(50);
    }
    return !GetModuleHandleW(L"redundancymaster.dll");
}

/* The lowest that is free, which is the next to be given out. */
static DWORD free_slot(void)
{
    DWORD slot = TlsAlloc();

    TlsFree(slot);
    return slot;
}

/* A DLL that is loaded and unloaded leaves the process's slots of thread storage as they were; ours
 * takes one at the first call that loses its machine. */
static void test_unload_gives_back(void **state)
{
    OPCSERVERSTATUS *status = NULL;
    IOPCServer *server;
    DWORD slot;

    (void)state;
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    assert_true(is_unloaded());
    slot = free_slot();
    server = stage_connect();
    stage_rmsim(L"/fault PA fail IOPCServer.GetStatus 0x80010108 --from 1 --count 1");
    assert_hr(IOPCServer_GetStatus(server, &status), S_OK);
    CoTaskMemFree(status->szVendorInfo);
    CoTaskMemFree(status);
    assert_int_not_equal(free_slot(), slot);
    IOPCServer_Release(server);
    stage_rmsim(L"/fault PA clear");
    assert_true(is_unloaded());
    assert_int_equal(free_slot(), slot);
    CoUninitialize();
}

const struct CMUnitTest forgotten_tests[] = {
    cmocka_unit_test(test_forgotten_session),
    cmocka_unit_test(test_unload_gives_back),
};
const size_t forgotten_test_count = ARRAYSIZE(forgotten_tests);
