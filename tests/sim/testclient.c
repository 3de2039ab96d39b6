#include "testclient.h"

#include <stdio.h>
#include <string.h>

/* Under Wine 8 an activation gets now and then an object of a process that is just ending, whose
 * proxies are dead. It passes, but not before the process is gone. */
#define ENDING_MS 3000

static bool is_of_the_dead(HRESULT result)
{
    return result == E_NOINTERFACE || result == HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE) ||
           result == HRESULT_FROM_WIN32(RPC_S_CALL_FAILED) ||
           result == HRESULT_FROM_WIN32(RPC_S_CALL_FAILED_DNE) ||
           result == HRESULT_FROM_WIN32(RPC_S_UNKNOWN_IF);
}

IOPCServer *test_connect(const wchar_t *machine)
{
    wchar_t prog_id[64];
    CLSID clsid;
    void *server = NULL;
    HRESULT result;
    _snwprintf(prog_id, 64, L"RMSim.%ls.1", machine);
    assert_int_equal(CLSIDFromProgID(prog_id, &clsid), S_OK);
    DWORD start = GetTickCount();
    result = CoCreateInstance(&clsid, NULL, CLSCTX_LOCAL_SERVER, &IID_IOPCServer, &server);
    while (is_of_the_dead(result) && GetTickCount() - start < ENDING_MS)
    {
        Sleep(20);
        result = CoCreateInstance(&clsid, NULL, CLSCTX_LOCAL_SERVER, &IID_IOPCServer, &server);
    }
    assert_int_equal(result, S_OK);
    return server;
}

static IOPCServer *shared;

IOPCServer *test_shared(void)
{
    if (shared == NULL)
    {
        shared = test_connect(L"SimTestA");
    }
    IOPCServer_AddRef(shared);
    return shared;
}

void test_release_shared(void)
{
    if (shared != NULL)
    {
        IOPCServer_Release(shared);
        shared = NULL;
    }
}

void *test_query(void *object, const IID *iid)
{
    void *found = NULL;
    assert_int_equal(IUnknown_QueryInterface((IUnknown *)object, iid, &found), S_OK);
    return found;
}

void test_open(struct session *session, IOPCServer *server, DWORD rate_ms, bool is_active)
{
    DWORD revised = 0;
    LONG bias = 0;
    FLOAT deadband = 0;
    IUnknown *group = NULL;
    memset(session, 0, sizeof(*session));
    session->server = server;
    HRESULT result =
        IOPCServer_AddGroup(server, L"", is_active, rate_ms, 77, &bias, &deadband, 0,
                            &session->group_handle, &revised, &IID_IOPCItemMgt, &group);
    assert_true(result == S_OK || result == OPC_S_UNSUPPORTEDRATE);
    session->items = (IOPCItemMgt *)group;
    session->group = test_query(group, &IID_IOPCGroupStateMgt);
    session->sync = test_query(group, &IID_IOPCSyncIO);
    session->async = test_query(group, &IID_IOPCAsyncIO2);
    session->sink = test_sink_create();
}

void test_close(struct session *session)
{
    if (session->point != NULL)
    {
        test_unadvise(session);
    }
    IOPCItemMgt_Release(session->items);
    IOPCGroupStateMgt_Release(session->group);
    IOPCSyncIO_Release(session->sync);
    IOPCAsyncIO2_Release(session->async);
    assert_int_equal(IOPCServer_RemoveGroup(session->server, session->group_handle, FALSE), S_OK);
    IOPCDataCallback_Release(&session->sink->IOPCDataCallback_iface);
}

DWORD test_add(struct session *session, const wchar_t *id, DWORD client_handle, VARTYPE type)
{
    wchar_t path[] = L"";
    wchar_t copy[128];
    OPCITEMRESULT *results = NULL;
    HRESULT *errors = NULL;
    wcscpy(copy, id);
    OPCITEMDEF definition = {.szAccessPath = path,
                             .szItemID = copy,
                             .bActive = TRUE,
                             .hClient = client_handle,
                             .vtRequestedDataType = type};
    assert_int_equal(IOPCItemMgt_AddItems(session->items, 1, &definition, &results, &errors), S_OK);
    DWORD handle = results[0].hServer;
    CoTaskMemFree(results);
    CoTaskMemFree(errors);
    return handle;
}

void test_advise(struct session *session)
{
    IConnectionPointContainer *container =
        test_query(session->group, &IID_IConnectionPointContainer);
    assert_int_equal(IConnectionPointContainer_FindConnectionPoint(container, &IID_IOPCDataCallback,
                                                                   &session->point),
                     S_OK);
    IConnectionPointContainer_Release(container);
    IUnknown *sink = (IUnknown *)&session->sink->IOPCDataCallback_iface;
    assert_int_equal(IConnectionPoint_Advise(session->point, sink, &session->cookie), S_OK);
}

void test_unadvise(struct session *session)
{
    assert_int_equal(IConnectionPoint_Unadvise(session->point, session->cookie), S_OK);
    IConnectionPoint_Release(session->point);
    session->point = NULL;
}

DWORD test_count(struct session *session, enum record_kind kind)
{
    DWORD count = 0;
    EnterCriticalSection(&session->sink->lock);
    for (DWORD i = 0; i < session->sink->record_count; i++)
    {
        count += session->sink->records[i].kind == kind;
    }
    LeaveCriticalSection(&session->sink->lock);
    return count;
}

DWORD test_wait(struct session *session, enum record_kind kind, DWORD count)
{
    DWORD start = GetTickCount();
    DWORD found = test_count(session, kind);
    while (found < count && GetTickCount() - start < WAIT_MS)
    {
        Sleep(5);
        found = test_count(session, kind);
    }
    assert_true(found >= count);
    return found;
}

struct record test_record(struct session *session, enum record_kind kind, DWORD number)
{
    struct record found = {.callback = 0};
    DWORD count = 0;
    EnterCriticalSection(&session->sink->lock);
    for (DWORD i = 0; i < session->sink->record_count && count <= number; i++)
    {
        if (session->sink->records[i].kind == kind && count++ == number)
        {
            found = session->sink->records[i];
        }
    }
    LeaveCriticalSection(&session->sink->lock);
    assert_true(count > number);
    return found;
}

void test_forget(struct session *session)
{
    EnterCriticalSection(&session->sink->lock);
    session->sink->record_count = 0;
    LeaveCriticalSection(&session->sink->lock);
}

HRESULT test_read(struct session *session, OPCDATASOURCE source, DWORD handle, OPCITEMSTATE *state)
{
    OPCITEMSTATE *states = NULL;
    HRESULT *errors = NULL;
    HRESULT result = IOPCSyncIO_Read(session->sync, source, 1, &handle, &states, &errors);
    assert_true(result == S_OK || result == S_FALSE);
    HRESULT error = errors[0];
    assert_int_equal(result, error == S_OK ? S_OK : S_FALSE);
    *state = states[0];
    CoTaskMemFree(states);
    CoTaskMemFree(errors);
    return error;
}

HRESULT test_write(struct session *session, DWORD handle, VARIANT value)
{
    HRESULT *errors = NULL;
    HRESULT result = IOPCSyncIO_Write(session->sync, 1, &handle, &value, &errors);
    assert_true(result == S_OK || result == S_FALSE);
    HRESULT error = errors[0];
    CoTaskMemFree(errors);
    VariantClear(&value);
    return error;
}

VARIANT test_i4(LONG value)
{
    VARIANT variant;
    V_VT(&variant) = VT_I4;
    V_I4(&variant) = value;
    return variant;
}

VARIANT test_r8(double value)
{
    VARIANT variant;
    V_VT(&variant) = VT_R8;
    V_R8(&variant) = value;
    return variant;
}

DWORD test_rmsim(const wchar_t *arguments)
{
    wchar_t line[1024];
    wchar_t folder[MAX_PATH];
    STARTUPINFOW startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process;
    DWORD status = 99;
    GetModuleFileNameW(NULL, folder, MAX_PATH);
    *wcsrchr(folder, L'\\') = L'\0';
    _snwprintf(line, 1024, L"\"%ls\\rmsim.exe\" %ls", folder, arguments);
    if (!CreateProcessW(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process))
    {
        fail_msg("%ls can't be started: error %lu", line, GetLastError());
    }
    assert_int_equal(WaitForSingleObject(process.hProcess, 20000), WAIT_OBJECT_0);
    GetExitCodeProcess(process.hProcess, &status);
    CloseHandle(process.hProcess);
    CloseHandle(process.hThread);
    return status;
}
