#include "apartment.h"

#include <objbase.h>

#define WORK_MESSAGE WM_APP

struct job
{
    void (*work)(void *context);
    void *context;
    HANDLE done;
};

static DWORD thread_id; /* of the single-threaded apartment; 0: there is none */
static HWND window;

static LRESULT CALLBACK take_message(HWND target, UINT message, WPARAM word, LPARAM parameter)
{
    if (message != WORK_MESSAGE)
    {
        return DefWindowProcW(target, message, word, parameter);
    }
    struct job *job = (struct job *)parameter;
    job->work(job->context);
    SetEvent(job->done);
    return 0;
}

static bool open_window(void)
{
    WNDCLASSW window_class = {.lpfnWndProc = take_message,
                              .hInstance = GetModuleHandleW(NULL),
                              .lpszClassName = L"RMSim apartment"};
    RegisterClassW(&window_class);
    window = CreateWindowExW(0, window_class.lpszClassName, L"", 0, 0, 0, 0, 0, HWND_MESSAGE, NULL,
                             window_class.hInstance, NULL);
    return window != NULL;
}

HRESULT sim_apartment_open(bool is_sta)
{
    HRESULT result = CoInitializeEx(NULL, is_sta ? COINIT_APARTMENTTHREADED : COINIT_MULTITHREADED);
    if (SUCCEEDED(result) && is_sta)
    {
        thread_id = GetCurrentThreadId();
        result = open_window() ? S_OK : HRESULT_FROM_WIN32(GetLastError());
    }
    return result;
}

bool sim_apartment_is_inside(void)
{
    return thread_id != 0 && GetCurrentThreadId() == thread_id;
}

void sim_apartment_run(void (*work)(void *context), void *context)
{
    struct job job = {.work = work, .context = context};
    if (thread_id != 0 && !sim_apartment_is_inside())
    {
        job.done = CreateEventW(NULL, TRUE, FALSE, NULL);
    }
    if (job.done != NULL && PostMessageW(window, WORK_MESSAGE, 0, (LPARAM)&job))
    {
        WaitForSingleObject(job.done, INFINITE);
    }
    else
    {
        work(context);
    }
    if (job.done != NULL)
    {
        CloseHandle(job.done);
    }
}

DWORD sim_apartment_wait(HANDLE event, DWORD time_ms)
{
    MSG message;
    if (thread_id == 0)
    {
        return WaitForSingleObject(event, time_ms);
    }
    DWORD result =
        MsgWaitForMultipleObjectsEx(1, &event, time_ms, QS_ALLINPUT, MWMO_INPUTAVAILABLE);
    while (PeekMessageW(&message, NULL, 0, 0, PM_REMOVE))
    {
        DispatchMessageW(&message);
    }
    return result;
}
