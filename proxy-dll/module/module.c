#include "module/module.h"

#include <objbase.h>

#include <rm/status_section_map.h>

#include "call/call.h"
#include "module/filetime.h"
#include "module/memory.h"
#include "service_link/service_link.h"

static HINSTANCE instance;
static volatile LONG references;

struct thread_start
{
    void (*main)(void *argument);
    void *argument;
    HMODULE module;
};

void rm_module_add_reference(void)
{
    InterlockedIncrement(&references);
}

void rm_module_release_reference(void)
{
    InterlockedDecrement(&references);
}

bool rm_module_is_unused(void)
{
    return InterlockedCompareExchange(&references, 0, 0) == 0;
}

HINSTANCE rm_module_instance(void)
{
    return instance;
}

static DWORD WINAPI run_thread(void *parameter)
{
    struct thread_start start = *(struct thread_start *)parameter;
    HRESULT hr;

    rm_free(parameter);
    hr = CoInitializeEx(NULL, COINIT_MULTITHREADED);
    start.main(start.argument);
    if (SUCCEEDED(hr))
        CoUninitialize();
    rm_module_release_reference();
    FreeLibraryAndExitThread(start.module, 0);
}

bool rm_module_start_thread(void (*main)(void *argument), void *argument, size_t stack_bytes)
{
    struct thread_start *start = rm_alloc_zero(1, sizeof(*start));
    HANDLE thread;

    if (!start)
        return false;
    start->main = main;
    start->argument = argument;
    if (!GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                            (const WCHAR *)(void *)&instance, &start->module))
    {
        rm_free(start);
        return false;
    }
    rm_module_add_reference();
    thread =
        CreateThread(NULL, stack_bytes, run_thread, start, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
    if (!thread)
    {
        rm_module_release_reference();
        FreeLibrary(start->module);
        rm_free(start);
        return false;
    }
    CloseHandle(thread);
    return true;
}

ULONGLONG rm_module_now_us(void)
{
    static LARGE_INTEGER frequency;
    LARGE_INTEGER now;

    if (!frequency.QuadPart)
        QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&now);
    return (ULONGLONG)(now.QuadPart / frequency.QuadPart * 1000000 +
                       now.QuadPart % frequency.QuadPart * 1000000 / frequency.QuadPart);
}

ULONGLONG rm_module_now_ms(void)
{
    return rm_module_now_us() / 1000;
}

DWORD rm_module_process_tenths(void)
{
    uint64_t started = rm_status_process_started(), now = rm_status_now();

    return now > started ? (DWORD)((now - started) / RM_FILETIME_PER_TENTH) : 0;
}

BOOL WINAPI DllMain(HINSTANCE dll, DWORD reason, void *reserved);

/* Nothing of COM, no wait and no lock here: the loader's lock is held. */
BOOL WINAPI DllMain(HINSTANCE dll, DWORD reason, void *reserved)
{
    /* The process goes on without us. */
    if (reason == DLL_PROCESS_DETACH && !reserved)
    {
        rm_call_unload();
        rm_service_link_unload();
    }
    if (reason == DLL_PROCESS_ATTACH)
    {
        instance = dll;
        DisableThreadLibraryCalls(dll);
    }
    return TRUE;
}
