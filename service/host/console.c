#include <windows.h>

#include "console.h"
#include "serve.h"
#include "terminal.h"

/* Windows ends the process some five seconds after its terminal, whatever it does. */
#define CLOSE_LIMIT_MS 4500

static HANDLE stop, ended;

static BOOL WINAPI handle_control(DWORD control)
{
    SetEvent(stop);
    if (control != CTRL_C_EVENT && control != CTRL_BREAK_EVENT)
    {
        /* The process is ended as soon as this returns. */
        WaitForSingleObject(ended, CLOSE_LIMIT_MS);
    }
    return TRUE;
}

static void print(const wchar_t *instance, const wchar_t *text)
{
    wchar_t name[RM_INSTANCE_NAME_SIZE];
    rm_instance_service_name(instance, name);
    terminal_print(L"%ls %ls\n", name, text);
}

static void print_ready(void *context)
{
    const struct host_options *options = context;
    print(options->instance, L"is ready. Ctrl+C stops it.");
}

bool host_run_on_console(const struct host_options *options)
{
    struct host_options own = *options; /* contexts are not const */
    stop = CreateEventW(NULL, TRUE, FALSE, NULL);
    ended = CreateEventW(NULL, TRUE, FALSE, NULL);
    DWORD error = stop == NULL || ended == NULL || !SetConsoleCtrlHandler(handle_control, TRUE)
                      ? GetLastError()
                      : host_serve(&own, stop, print_ready, &own);
    if (error == ERROR_SUCCESS)
    {
        print(options->instance, L"has stopped.");
    }
    else
    {
        wchar_t text[HOST_TEXT_SIZE];
        host_describe(options, error, text);
        terminal_error(L"%ls", text);
    }
    if (ended != NULL)
    {
        SetEvent(ended);
    }
    return error == ERROR_SUCCESS;
}
