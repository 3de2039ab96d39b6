#include "stage.h"

#include <stdio.h>
#include <string.h>
#include <wchar.h>

#define ENDING_MS   3000 /* within this a process that ends is gone */
#define STATUS_ROOM 65536

IOPCServer *stage_server;

IOPCServer *stage_connect(void)
{
    return stage_connect_to(PROGID, CLSCTX_INPROC_SERVER);
}

/* Under Wine 8 an activation gets now and then an object of a process that is just ending. It
 * passes; we have to cope with it ourselves, a direct client tries again until the process is gone.
 */
static bool is_of_the_dead(HRESULT hr)
{
    return hr == HRESULT_FROM_WIN32(RPC_S_CALL_FAILED_DNE) ||
           hr == HRESULT_FROM_WIN32(RPC_S_CALL_FAILED) ||
           hr == HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE);
}

IOPCServer *stage_connect_to(const WCHAR *progid, DWORD context)
{
    ULONGLONG until = GetTickCount64() + (context == CLSCTX_LOCAL_SERVER ? ENDING_MS : 0);
    IOPCServer *server = NULL;
    CLSID clsid;
    HRESULT hr;

    assert_hr(CLSIDFromProgID(progid, &clsid), S_OK);
    hr = CoCreateInstance(&clsid, NULL, context, &IID_IOPCServer, (void **)&server);
    while (is_of_the_dead(hr) && GetTickCount64() < until)
    {
        stage_pump(NULL, 20);
        hr = CoCreateInstance(&clsid, NULL, context, &IID_IOPCServer, (void **)&server);
    }
    assert_hr(hr, S_OK);
    assert_non_null(server);
    return server;
}

void *stage_query(void *object, const IID *iid)
{
    void *found = NULL;

    assert_hr(IUnknown_QueryInterface((IUnknown *)object, iid, &found), S_OK);
    assert_non_null(found);
    return found;
}

ULONG stage_release(void *object)
{
    return IUnknown_Release((IUnknown *)object);
}

void stage_group_open(struct stage_group *group, const WCHAR *name)
{
    IUnknown *unknown = NULL;
    DWORD rate_ms = 0;

    assert_hr(IOPCServer_AddGroup(stage_server, name, TRUE, 100, 77, NULL, NULL, 0, &group->handle,
                                  &rate_ms, &IID_IOPCItemMgt, &unknown),
              S_OK);
    assert_int_equal(rate_ms, 100);
    group->items = (IOPCItemMgt *)unknown;
    group->state = stage_query(unknown, &IID_IOPCGroupStateMgt);
    group->sync = stage_query(unknown, &IID_IOPCSyncIO);
    group->async = stage_query(unknown, &IID_IOPCAsyncIO2);
    group->points = stage_query(unknown, &IID_IConnectionPointContainer);
}

void stage_group_close(struct stage_group *group)
{
    stage_release(group->state);
    stage_release(group->sync);
    stage_release(group->async);
    stage_release(group->points);
    assert_int_equal(stage_release(group->items), 0);
    assert_hr(IOPCServer_RemoveGroup(stage_server, group->handle, FALSE), S_OK);
}

static void add_items(struct stage_group *group, DWORD count, OPCITEMDEF *definitions,
                      OPCHANDLE *handles)
{
    OPCITEMRESULT *results = NULL;
    HRESULT *errors = NULL;

    assert_hr(IOPCItemMgt_AddItems(group->items, count, definitions, &results, &errors), S_OK);
    for (DWORD i = 0; i < count; i++)
    {
        assert_hr(errors[i], S_OK);
        assert_int_not_equal(results[i].hServer, 0);
        handles[i] = results[i].hServer;
        CoTaskMemFree(results[i].pBlob);
    }
    CoTaskMemFree(results);
    CoTaskMemFree(errors);
}

OPCHANDLE stage_add(struct stage_group *group, const WCHAR *id, OPCHANDLE client)
{
    WCHAR item_id[128], none[] = L"";
    OPCITEMDEF definition = {
        .szAccessPath = none, .szItemID = item_id, .bActive = TRUE, .hClient = client};
    OPCHANDLE handle;

    wcscpy(item_id, id);
    add_items(group, 1, &definition, &handle);
    return handle;
}

void stage_add_three(struct stage_group *group, OPCHANDLE handles[3])
{
    static const WCHAR *const ids[3] = {L"Memory.I4", L"Memory.R8", L"Memory.String"};

    for (DWORD i = 0; i < 3; i++)
        handles[i] = stage_add(group, ids[i], i + 1);
}

void stage_pump(HANDLE event, DWORD timeout_ms)
{
    DWORD waited = MsgWaitForMultipleObjectsEx(event ? 1 : 0, &event, timeout_ms, QS_ALLINPUT,
                                               MWMO_INPUTAVAILABLE);
    MSG message;

    (void)waited;
    while (PeekMessageW(&message, NULL, 0, 0, PM_REMOVE))
        DispatchMessageW(&message);
}

void stage_quiet(DWORD time_ms)
{
    ULONGLONG until = GetTickCount64() + time_ms;

    while (GetTickCount64() < until)
        stage_pump(NULL, 20);
}

static WCHAR touched[256]; /* machines that faults have been put on, each with a blank behind it */

bool stage_has_touched(const WCHAR *machine)
{
    return wcsstr(touched, machine) != NULL;
}

void stage_forget_touched(void)
{
    touched[0] = 0;
}

static void remember_touched(const WCHAR *arguments)
{
    WCHAR machine[32];

    if (swscanf(arguments, L"/fault %31ls", machine) == 1 && !stage_has_touched(machine) &&
        wcslen(touched) + wcslen(machine) + 2 <= ARRAYSIZE(touched))
    {
        wcscat(touched, machine);
        wcscat(touched, L" ");
    }
}

void stage_rmsim(const WCHAR *arguments)
{
    STARTUPINFOW startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process;
    WCHAR command[256];
    DWORD status = 1;

    remember_touched(arguments);
    swprintf(command, ARRAYSIZE(command), L"rmsim.exe %ls", arguments);
    assert_true(
        CreateProcessW(NULL, command, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process));
    assert_int_equal(WaitForSingleObject(process.hProcess, WAIT_MS), WAIT_OBJECT_0);
    GetExitCodeProcess(process.hProcess, &status);
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
    assert_int_equal(status, 0);
}

bool stage_read(const WCHAR *command, char *text, DWORD room)
{
    SECURITY_ATTRIBUTES inherit = {.nLength = sizeof(inherit), .bInheritHandle = TRUE};
    STARTUPINFOW startup = {.cb = sizeof(startup), .dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION process;
    DWORD used = 0, got = 0, status = 1;
    HANDLE read_end, write_end;
    WCHAR line[MAX_PATH];
    BOOL is_started;

    text[0] = 0;
    if (!CreatePipe(&read_end, &write_end, &inherit, 0))
        return false;
    startup.hStdOutput = startup.hStdError = write_end;
    swprintf(line, ARRAYSIZE(line), L"%ls", command);
    is_started = CreateProcessW(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process);
    CloseHandle(write_end);
    while (is_started && used + 1 < room &&
           ReadFile(read_end, text + used, room - used - 1, &got, NULL) && got)
        used += got;
    text[used] = 0;
    CloseHandle(read_end);
    if (!is_started)
        return false;
    WaitForSingleObject(process.hProcess, WAIT_MS);
    GetExitCodeProcess(process.hProcess, &status);
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
    return status == 0;
}

OPCSERVERSTATE stage_server_state(void)
{
    OPCSERVERSTATUS *status = NULL;
    OPCSERVERSTATE state;

    assert_hr(IOPCServer_GetStatus(stage_server, &status), S_OK);
    assert_non_null(status);
    state = status->dwServerState;
    CoTaskMemFree(status->szVendorInfo);
    CoTaskMemFree(status);
    return state;
}

static bool are_both_ready(const WCHAR *progid)
{
    static char text[STATUS_ROOM];
    WCHAR command[64];
    unsigned count = 0;

    swprintf(command, ARRAYSIZE(command), L"rmctl.exe status %ls --json", progid);
    if (!stage_read(command, text, sizeof(text)))
        return false;
    for (const char *at = text; (at = strstr(at, "\"ready\": true")) != NULL; at++)
        count++;
    return count >= 2;
}

bool stage_wait_both(const WCHAR *progid)
{
    ULONGLONG until = GetTickCount64() + STAGE_READY_MS;
    bool is_ready;

    while (!(is_ready = are_both_ready(progid)) && GetTickCount64() < until)
        stage_pump(NULL, 50);
    return is_ready;
}

int stage_open_both(void **state)
{
    (void)state;
    stage_rmsim(L"/fault PA clear");
    stage_rmsim(L"/fault PB clear");
    stage_server = stage_connect();
    return stage_wait_both(PROGID) ? 0 : -1;
}

int stage_close_both(void **state)
{
    (void)state;
    IOPCServer_Release(stage_server);
    stage_server = NULL;
    stage_rmsim(L"/fault PA clear");
    stage_rmsim(L"/fault PB clear");
    return 0;
}
