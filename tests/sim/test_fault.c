#include "testclient.h"

#include <tlhelp32.h>

#define IS_GONE(result)                                                                            \
    ((result) == HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE) ||                                   \
     (result) == HRESULT_FROM_WIN32(RPC_S_CALL_FAILED) || (result) == RPC_E_DISCONNECTED)

static HRESULT ping(IOPCServer *server)
{
    OPCSERVERSTATUS *status = NULL;
    HRESULT result = IOPCServer_GetStatus(server, &status);
    if (SUCCEEDED(result))
    {
        CoTaskMemFree(status->szVendorInfo);
        CoTaskMemFree(status);
    }
    return result;
}

static DWORD WINAPI ping_thread(void *server)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    HRESULT result = ping(server);
    CoUninitialize();
    return (DWORD)result;
}

static HRESULT activate(void)
{
    CLSID clsid;
    void *object = NULL;
    assert_int_equal(CLSIDFromProgID(L"RMSim.SimTestB.1", &clsid), S_OK);
    HRESULT result = CoCreateInstance(&clsid, NULL, CLSCTX_LOCAL_SERVER, &IID_IOPCServer, &object);
    if (SUCCEEDED(result))
    {
        IOPCServer_Release((IOPCServer *)object);
    }
    return result;
}

static void test_kill_hits_all_processes(void **state)
{
    (void)state;
    IOPCServer *first = test_connect(L"SimTestB");
    IOPCServer *second = test_connect(L"SimTestB");
    assert_int_equal(test_rmsim(L"/fault SimTestB kill --away"), 0);
    assert_true(IS_GONE(ping(first)));
    assert_true(IS_GONE(ping(second)));
    assert_true(FAILED(activate()));
    assert_int_equal(test_rmsim(L"/fault SimTestB clear"), 0);
    IOPCServer *third = test_connect(L"SimTestB");
    assert_int_equal(ping(third), S_OK);
    IOPCServer_Release(third);
    IOPCServer_Release(first);
    IOPCServer_Release(second);
}

static void test_activation_is_refused_until_it_is_accepted(void **state)
{
    (void)state;
    IOPCServer *server = test_connect(L"SimTestB");
    assert_int_equal(test_rmsim(L"/fault SimTestB refuse on"), 0);
    assert_true(FAILED(activate()));
    assert_int_equal(ping(server), S_OK); /* who is connected stays so */
    assert_int_equal(test_rmsim(L"/fault SimTestB refuse off"), 0);
    assert_int_equal(activate(), S_OK);
    assert_int_equal(test_rmsim(L"/fault SimTestB refuse"), 2);
    assert_int_equal(test_rmsim(L"/fault SimTestB refuse perhaps"), 2);
    IOPCServer_Release(server);
}

static void test_hang_blocks_until_resumed(void **state)
{
    struct session session;
    (void)state;
    IOPCServer *server = test_connect(L"SimTestB");
    test_open(&session, server, 100, TRUE);
    test_add(&session, L"Counters.C0001", 1, VT_EMPTY);
    test_advise(&session);
    test_wait(&session, RECORD_CHANGE, 3);
    assert_int_equal(test_rmsim(L"/fault SimTestB hang"), 0);
    HANDLE thread = CreateThread(NULL, 0, ping_thread, server, 0, NULL);
    assert_int_equal(WaitForSingleObject(thread, 100), WAIT_TIMEOUT);
    DWORD seen = test_count(&session, RECORD_CHANGE);
    assert_int_equal(WaitForSingleObject(thread, 500), WAIT_TIMEOUT);
    assert_int_equal(test_count(&session, RECORD_CHANGE), seen);
    assert_int_equal(test_rmsim(L"/fault SimTestB resume"), 0);
    assert_int_equal(WaitForSingleObject(thread, 3000), WAIT_OBJECT_0);
    CloseHandle(thread);
    /* What was due meanwhile comes late, each tick once. */
    test_wait(&session, RECORD_CHANGE, seen + 6);
    DWORD count = test_count(&session, RECORD_CHANGE);
    for (DWORD i = 1; i < count; i++)
    {
        double step = test_record(&session, RECORD_CHANGE, i).number -
                      test_record(&session, RECORD_CHANGE, i - 1).number;
        assert_true(step > 0.5 && step < 1.5);
    }
    test_close(&session);
    IOPCServer_Release(server);
}

static void test_shutdown_is_requested(void **state)
{
    IConnectionPoint *point = NULL;
    DWORD cookie = 0;
    DWORD start = GetTickCount();
    (void)state;
    IOPCServer *server = test_connect(L"SimTestB");
    struct sink *sink = test_sink_create();
    IConnectionPointContainer *container = test_query(server, &IID_IConnectionPointContainer);
    assert_int_equal(
        IConnectionPointContainer_FindConnectionPoint(container, &IID_IOPCShutdown, &point), S_OK);
    assert_int_equal(
        IConnectionPoint_Advise(point, (IUnknown *)&sink->IOPCDataCallback_iface, &cookie), S_OK);
    assert_int_equal(test_rmsim(L"/fault SimTestB shutdown"), 0);
    assert_int_equal(sink->shutdown_count, 1);
    assert_int_equal(ping(server), S_OK);
    /* A client that doesn't leave is thrown out after 5 s. */
    while (SUCCEEDED(ping(server)) && GetTickCount() - start < 15000)
    {
        Sleep(20);
    }
    assert_true(IS_GONE(ping(server)));
    assert_true(GetTickCount() - start >= 4500);
    IConnectionPoint_Release(point);
    IConnectionPointContainer_Release(container);
    IOPCServer_Release(server);
    IOPCDataCallback_Release(&sink->IOPCDataCallback_iface);
}

/* The process of the machine that was started last. */
static HANDLE open_newest_machine(void)
{
    HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
    PROCESSENTRY32W entry = {.dwSize = sizeof(entry)};
    FILETIME newest = {0, 0};
    HANDLE found = NULL;
    for (BOOL is_one = Process32FirstW(snapshot, &entry); is_one;
         is_one = Process32NextW(snapshot, &entry))
    {
        FILETIME created, exited, kernel, user;
        HANDLE process =
            _wcsicmp(entry.szExeFile, L"rmsim.exe") == 0
                ? OpenProcess(SYNCHRONIZE | PROCESS_QUERY_INFORMATION, FALSE, entry.th32ProcessID)
                : NULL;
        if (process == NULL)
        {
            continue;
        }
        if (GetProcessTimes(process, &created, &exited, &kernel, &user) &&
            CompareFileTime(&created, &newest) > 0)
        {
            HANDLE older = found;
            found = process;
            process = older;
            newest = created;
        }
        if (process != NULL)
        {
            CloseHandle(process);
        }
    }
    CloseHandle(snapshot);
    return found;
}

/* A client whose last release is out when the process ends loses RPC connections under Wine. */
static void test_last_release_is_answered(void **state)
{
    (void)state;
    IOPCServer *server = test_connect(L"SimTestB");
    HANDLE process = open_newest_machine();
    assert_non_null(process);
    IOPCServer_Release(server);
    assert_int_equal(WaitForSingleObject(process, 150), WAIT_TIMEOUT);
    assert_int_equal(WaitForSingleObject(process, 5000), WAIT_OBJECT_0);
    CloseHandle(process);
}

static void test_rules_hit_single_methods(void **state)
{
    LCID locale = 0;
    (void)state;
    IOPCServer *server = test_connect(L"SimTestB");
    IOPCCommon *common = test_query(server, &IID_IOPCCommon);
    assert_int_equal(
        test_rmsim(L"/fault SimTestB fail IOPCServer.GetStatus 0x80070005 --from 2 --count 1"), 0);
    assert_int_equal(ping(server), S_OK);
    assert_int_equal(ping(server), E_ACCESSDENIED);
    assert_int_equal(ping(server), S_OK);
    assert_int_equal(test_rmsim(L"/fault SimTestB fail IOPCServer.GetStatus 0x80004005 --count 1"),
                     0);
    assert_int_equal(ping(server), E_FAIL);
    assert_int_equal(ping(server), S_OK);
    assert_int_equal(test_rmsim(L"/fault SimTestB slow IOPCCommon.GetLocaleID 300"), 0);
    DWORD start = GetTickCount();
    assert_int_equal(IOPCCommon_GetLocaleID(common, &locale), S_OK);
    assert_true(GetTickCount() - start >= 290);
    assert_int_equal(test_rmsim(L"/fault SimTestB hang IOPCServer.GetStatus --from 2"), 0);
    assert_int_equal(ping(server), S_OK);
    HANDLE thread = CreateThread(NULL, 0, ping_thread, server, 0, NULL);
    assert_int_equal(WaitForSingleObject(thread, 200), WAIT_TIMEOUT);
    assert_int_equal(IOPCCommon_SetClientName(common, L"still here"), S_OK);
    assert_int_equal(test_rmsim(L"/fault SimTestB clear"), 0);
    assert_int_equal(WaitForSingleObject(thread, 3000), WAIT_OBJECT_0);
    CloseHandle(thread);
    IOPCCommon_Release(common);
    IOPCServer_Release(server);
}

static void test_many_clients_share_one_process(void **state)
{
    (void)state;
    IOPCServer *first = test_connect(L"SimTestM"); /* --multiple */
    DWORD start = GetTickCount();
    IOPCServer *second = test_connect(L"SimTestM");
    assert_true(GetTickCount() - start <
                1000); /* no second process had to start: that takes more */
    assert_int_equal(ping(second), S_OK);
    IOPCServer_Release(first);
    assert_int_equal(ping(second), S_OK);
    IOPCServer_Release(second);
}

static void test_wrong_usage_is_told(void **state)
{
    (void)state;
    assert_int_equal(test_rmsim(L"--nonsense"), 2);
    assert_int_equal(test_rmsim(L"/regserver"), 2);
    assert_int_equal(test_rmsim(L"/regserver SimTestB --period 1"), 2);
    assert_int_equal(test_rmsim(L"/fault SimTestB explode"), 2);
    assert_int_equal(test_rmsim(L"-fault SimTestB fail IOPCServer.Nothing 0x80004005"), 2);
    assert_int_equal(test_rmsim(L"/fault SimTestNobody kill"), 1);
    assert_int_equal(test_rmsim(L"/journal C:\\no\\such\\file"), 1);
}

const struct CMUnitTest fault_tests[] = {
    cmocka_unit_test(test_kill_hits_all_processes),
    cmocka_unit_test(test_activation_is_refused_until_it_is_accepted),
    cmocka_unit_test(test_hang_blocks_until_resumed),
    cmocka_unit_test(test_shutdown_is_requested),
    cmocka_unit_test(test_last_release_is_answered),
    cmocka_unit_test(test_rules_hit_single_methods),
    cmocka_unit_test(test_many_clients_share_one_process),
    cmocka_unit_test(test_wrong_usage_is_told),
};
const size_t fault_test_count = sizeof(fault_tests) / sizeof(fault_tests[0]);
