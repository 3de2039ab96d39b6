#include "server_stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define TEXT_ROOM     65536
#define OPEN_PAUSE_MS 500
#define POLL_TRIES    500 /* looks at a machine, each some 50 ms */

const WCHAR *server_journals;

/* A session starts on the second machine where the first one is too slow, as it may be when it has
 * just been killed. */
static bool is_first_active(void)
{
    char *text = malloc(TEXT_ROOM);
    bool is_first;

    assert_non_null(text);
    assert_true(stage_read(L"rmctl.exe status RMSim.QA.1 --json", text, TEXT_ROOM));
    is_first = strstr(text, "\"active\": 1") && !strstr(text, "\"active\": 0") &&
               !strstr(text, "\"active\": 2");
    free(text);
    return is_first;
}

IOPCServer *server_open_through(void)
{
    stage_rmsim(L"/fault QA clear");
    stage_rmsim(L"/fault QB clear");
    for (ULONGLONG until = GetTickCount64() + STAGE_READY_MS; GetTickCount64() < until;)
    {
        IOPCServer *server = stage_connect_to(DA3_PROGID, CLSCTX_INPROC_SERVER);

        if (is_first_active())
            return server;
        stage_release(server);
        Sleep(OPEN_PAUSE_MS);
    }
    fail_msg("no session on the first machine");
    return NULL;
}

IOPCServer *server_open_direct(void)
{
    stage_rmsim(L"/fault QA clear");
    return stage_connect_to(DA3_PROGID, CLSCTX_LOCAL_SERVER);
}

static void *take_interface(IOPCServer *server, const IID *iid)
{
    void *found = stage_query(server, iid);

    stage_release(server);
    return found;
}

void *server_interface_through(const IID *iid)
{
    return take_interface(server_open_through(), iid);
}

void *server_interface_direct(const IID *iid)
{
    return take_interface(server_open_direct(), iid);
}

void server_close(void *object)
{
    assert_int_equal(stage_release(object), 0);
}

/* The exit code is 1 when it has killed. */
static DWORD WINAPI run_killer(void *parameter)
{
    char *text = parameter;

    for (int i = 0; i < POLL_TRIES; i++)
    {
        if (stage_read(L"rmsim.exe /fault QA status", text, TEXT_ROOM) && strstr(text, "waiting=1"))
            return stage_read(L"rmsim.exe /fault QA kill --away", text, TEXT_ROOM);
    }
    return 0;
}

void killer_start(struct killer *killer, const WCHAR *method)
{
    static char text[TEXT_ROOM];
    WCHAR arguments[128];

    swprintf(arguments, ARRAYSIZE(arguments), L"/fault QA hang %ls", method);
    stage_rmsim(arguments);
    killer->thread = CreateThread(NULL, 0, run_killer, text, 0, NULL);
    assert_non_null(killer->thread);
}

void killer_join(struct killer *killer)
{
    DWORD has_killed = 0;

    assert_int_equal(WaitForSingleObject(killer->thread, POLL_TRIES * 100), WAIT_OBJECT_0);
    assert_true(GetExitCodeThread(killer->thread, &has_killed));
    CloseHandle(killer->thread);
    assert_int_equal(has_killed, 1);
}

HRESULT server_wait_back(IUnknown *object)
{
    IOPCServer *server = stage_query(object, &IID_IOPCServer);
    ULONGLONG until = GetTickCount64() + WAIT_MS;
    OPCSERVERSTATUS *status = NULL;
    OPCSERVERSTATE state;
    HRESULT hr;

    do
    {
        hr = IOPCServer_GetStatus(server, &status);
        state = SUCCEEDED(hr) && status ? status->dwServerState : OPC_STATUS_FAILED;
        if (status)
            CoTaskMemFree(status->szVendorInfo);
        CoTaskMemFree(status);
        if (state != OPC_STATUS_RUNNING)
            stage_pump(NULL, 50);
    } while (state != OPC_STATUS_RUNNING && GetTickCount64() < until);
    stage_release(server);
    return state == OPC_STATUS_RUNNING ? hr : E_FAIL;
}

/* "...\twrite\t...\tITEM\tVALUE\r\n" */
static unsigned count_lines(char *text, const char *item, const char *value)
{
    unsigned count = 0;

    for (char *line = strtok(text, "\r\n"); line; line = strtok(NULL, "\r\n"))
    {
        const char *last = strrchr(line, '\t');
        size_t length = strlen(item);

        count += strstr(line, "\twrite\t") && last && strcmp(last + 1, value) == 0 &&
                 last - line > (ptrdiff_t)length && last[-(ptrdiff_t)length - 1] == '\t' &&
                 memcmp(last - length, item, length) == 0;
    }
    return count;
}

unsigned server_count_writes(const WCHAR *machine, const char *item, const char *value)
{
    char *text = malloc(TEXT_ROOM);
    WIN32_FIND_DATAW found;
    unsigned count = 0;
    WCHAR path[MAX_PATH], command[MAX_PATH];
    HANDLE search;

    assert_non_null(text);
    swprintf(path, ARRAYSIZE(path), L"%ls\\%ls-*.journal", server_journals, machine);
    search = FindFirstFileW(path, &found);
    assert_true(search != INVALID_HANDLE_VALUE);
    do
    {
        swprintf(command, ARRAYSIZE(command), L"rmsim.exe /journal \"%ls\\%ls\"", server_journals,
                 found.cFileName);
        assert_true(stage_read(command, text, TEXT_ROOM));
        assert_true(strlen(text) + 1 < TEXT_ROOM);
        count += count_lines(text, item, value);
    } while (FindNextFileW(search, &found));
    FindClose(search);
    free(text);
    return count;
}

bool server_has_event(const char *wanted)
{
    char *text = malloc(TEXT_ROOM);
    bool is_there;

    assert_non_null(text);
    assert_true(stage_read(L"rmctl.exe status RMSim.QA.1 --json", text, TEXT_ROOM));
    is_there = strstr(text, wanted) != NULL;
    if (!is_there)
        print_message("%s\n", text);
    free(text);
    return is_there;
}

void assert_same_text(const WCHAR *left, const WCHAR *right)
{
    assert_int_equal(left == NULL, right == NULL);
    if (left && right)
        assert_int_equal(wcscmp(left, right), 0);
}

void assert_same_value(const VARIANT *left, const VARIANT *right)
{
    VARIANT texts[2], copies[2];

    assert_int_equal(V_VT(left), V_VT(right));
    if (V_VT(left) == VT_EMPTY || V_VT(left) & VT_ARRAY)
        return;
    copies[0] = *left;
    copies[1] = *right;
    for (int i = 0; i < 2; i++)
    {
        VariantInit(&texts[i]);
        assert_hr(VariantChangeTypeEx(&texts[i], &copies[i], LOCALE_INVARIANT, 0, VT_BSTR), S_OK);
    }
    assert_same_text(V_BSTR(&texts[0]), V_BSTR(&texts[1]));
    VariantClear(&texts[0]);
    VariantClear(&texts[1]);
}
