/* opc_service: a Windows service as OPC servers come with, for start.sh. What it does is in the
 * command line that it is registered with:
 *
 *   opc_service slow MS [PROGRAM ARGUMENTS...]   runs once that program has ended, and MS later
 *   opc_service fail CODE                        ends at once with that Windows error
 */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#define PROGRAM_MS 20000

static SERVICE_STATUS_HANDLE status_handle;
static HANDLE stop;
static int argument_count;
static wchar_t **arguments;

static void report(DWORD state, DWORD code)
{
    SERVICE_STATUS status = {.dwServiceType = SERVICE_WIN32_OWN_PROCESS,
                             .dwCurrentState = state,
                             .dwControlsAccepted =
                                 state == SERVICE_RUNNING ? SERVICE_ACCEPT_STOP : 0,
                             .dwWin32ExitCode = code,
                             .dwWaitHint = 30000};

    SetServiceStatus(status_handle, &status);
}

static DWORD WINAPI control(DWORD code, DWORD type, void *data, void *context)
{
    (void)type;
    (void)data;
    (void)context;
    if (code != SERVICE_CONTROL_STOP)
        return code == SERVICE_CONTROL_INTERROGATE ? NO_ERROR : ERROR_CALL_NOT_IMPLEMENTED;
    SetEvent(stop);
    return NO_ERROR;
}

/* The rest of the command line, words that have blanks in quotes. */
static DWORD run_program(void)
{
    wchar_t line[4096] = L"";
    STARTUPINFOW startup = {.cb = sizeof startup};
    PROCESS_INFORMATION process;
    DWORD code = 1;

    for (int i = 3; i < argument_count; i++)
    {
        size_t used = wcslen(line);

        if (used + wcslen(arguments[i]) + 4 > sizeof line / sizeof *line)
            return ERROR_BUFFER_OVERFLOW;
        _snwprintf(line + used, sizeof line / sizeof *line - used, L"\"%ls\" ", arguments[i]);
    }
    /* Wine (8.0) gives services another folder than programs. */
    SetEnvironmentVariableW(L"ProgramData", L"C:\\ProgramData");
    if (!CreateProcessW(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process))
        return GetLastError();
    if (WaitForSingleObject(process.hProcess, PROGRAM_MS) == WAIT_OBJECT_0)
        GetExitCodeProcess(process.hProcess, &code);
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
    return code;
}

static void WINAPI service_main(DWORD count, wchar_t **words)
{
    DWORD number = argument_count > 2 ? wcstoul(arguments[2], NULL, 10) : 0;
    DWORD code = 0;

    (void)count;
    (void)words;
    status_handle = RegisterServiceCtrlHandlerExW(L"", control, NULL);
    report(SERVICE_START_PENDING, 0);
    if (argument_count > 1 && wcscmp(arguments[1], L"fail") == 0)
        code = number;
    else
    {
        if (argument_count > 3)
            code = run_program();
        Sleep(number);
    }
    if (!code)
    {
        report(SERVICE_RUNNING, 0);
        WaitForSingleObject(stop, INFINITE);
    }
    report(SERVICE_STOPPED, code);
}

int wmain(int count, wchar_t **words);

int wmain(int count, wchar_t **words)
{
    SERVICE_TABLE_ENTRYW table[] = {
        {(wchar_t[]){L""}, service_main},
        {NULL,             NULL        }
    };

    argument_count = count;
    arguments = words;
    stop = CreateEventW(NULL, TRUE, FALSE, NULL);
    return stop && StartServiceCtrlDispatcherW(table) ? 0 : 1;
}
