#include "watch.h"

#include <windows.h>
#include <stdbool.h>
#include <stdio.h>

#define HUNG_MS 60000

static const char *volatile current_script = "";
static const char *volatile current_side = "";
static volatile int current_call;
static volatile DWORD current_since;
static volatile bool is_watched;

static void (*tell_more)(void);

static DWORD WINAPI watch(void *unused)
{
    (void)unused;
    while (true)
    {
        Sleep(500);
        DWORD since = current_since;
        if (is_watched && GetTickCount() - since > HUNG_MS)
        {
            printf("HUNG %s %d %s\n", current_script, current_call, current_side);
            tell_more();
            fflush(stdout); /* a file's buffer would be lost */
            TerminateProcess(GetCurrentProcess(), 3);
        }
    }
    return 0;
}

static LONG WINAPI tell_crash(EXCEPTION_POINTERS *pointers)
{
    printf("CRASHED %s %d %s: exception 0x%08lx at %p\n", current_script, current_call,
           current_side, pointers->ExceptionRecord->ExceptionCode,
           pointers->ExceptionRecord->ExceptionAddress);
    tell_more();
    fflush(stdout);
    TerminateProcess(GetCurrentProcess(), 4);
    return EXCEPTION_EXECUTE_HANDLER;
}

void watch_open(void (*tell)(void))
{
    tell_more = tell;
    SetUnhandledExceptionFilter(tell_crash);
    CloseHandle(CreateThread(NULL, 0, watch, NULL, 0, NULL));
}

void watch_begin(const char *script, const char *side)
{
    current_script = script;
    current_side = side;
    watch_call(0);
    is_watched = true;
}

void watch_call(int call)
{
    current_call = call;
    current_since = GetTickCount();
}

int watch_last_call(void)
{
    return current_call;
}

void watch_end(void)
{
    is_watched = false;
}
