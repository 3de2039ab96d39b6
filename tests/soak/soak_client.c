/* soak_client PROGID: an ordinary OPC DA client that stays connected and says, when asked,
 * what it holds. A thread of it reads and asks for the status all the time, so that each switch
 * meets calls that are out. Orders come as lines on standard input, each is answered by one line:
 *
 *   wait    when each group has had new data since: "data"
 *   meter   "meter handles=N threads=N blocks=N bytes=N updates=N calls=N failed=N"
 *   sizes   the blocks in use by size, then "end"
 *   renew   closes its server object and makes a new one: "renewed"
 *   quit    ends in good order: "bye"; so does the end of the input
 *
 * The first line is "ready", or "failed 0x........"; exit status 0 or 1.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "meter.h"
#include "subscription.h"

#define GROUPS       4
#define ROUND_MS     20
#define DATA_WAIT_MS 20000
#define METER_TRIES  10
#define METER_GAP_MS 60

static CLSID clsid;
static IOPCServer *server;
static struct subscription subscriptions[GROUPS];
static CRITICAL_SECTION calls_lock; /* no call of the thread is out, and none begins */
static volatile LONG calls, failed_calls, is_over;

static HRESULT connect(void)
{
    HRESULT hr = CoCreateInstance(&clsid, NULL, CLSCTX_ALL, &IID_IOPCServer, (void **)&server);

    for (unsigned i = 0; SUCCEEDED(hr) && i < GROUPS; i++)
        hr = subscription_open(&subscriptions[i], server, i + 1);
    return hr;
}

static void disconnect(void)
{
    for (unsigned i = 0; server && i < GROUPS; i++)
        subscription_close(&subscriptions[i], server);
    if (server)
        IOPCServer_Release(server);
    server = NULL;
}

static void count_call(HRESULT hr)
{
    InterlockedIncrement(&calls);
    if (FAILED(hr))
        InterlockedIncrement(&failed_calls);
}

static void ask_status(void)
{
    OPCSERVERSTATUS *status = NULL;
    HRESULT hr = IOPCServer_GetStatus(server, &status);

    count_call(hr);
    if (SUCCEEDED(hr) && status)
        CoTaskMemFree(status->szVendorInfo);
    CoTaskMemFree(status);
}

static DWORD WINAPI call_often(void *argument)
{
    (void)argument;
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    for (unsigned round = 0; !is_over; round++)
    {
        EnterCriticalSection(&calls_lock);
        if (server)
        {
            ask_status();
            count_call(subscription_use(&subscriptions[round % GROUPS]));
        }
        LeaveCriticalSection(&calls_lock);
        Sleep(ROUND_MS);
    }
    CoUninitialize();
    return 0;
}

static void wait_for_data(void)
{
    LONG before[GROUPS];
    ULONGLONG began = GetTickCount64();
    unsigned fresh = 0;

    for (unsigned i = 0; i < GROUPS; i++)
        before[i] = subscriptions[i].updates;
    while (fresh < GROUPS && GetTickCount64() - began < DATA_WAIT_MS)
    {
        Sleep(5);
        for (fresh = 0; fresh < GROUPS && subscriptions[fresh].updates != before[fresh];)
            fresh++;
    }
    printf(fresh == GROUPS ? "data\n" : "silence in group %u\n", fresh + 1);
}

/* Callbacks and workers come and go; what is always there is the least that was seen. */
static void print_meter(void)
{
    struct meter least = {(size_t)-1, (size_t)-1, (size_t)-1, (size_t)-1};
    LONG updates = 0;

    EnterCriticalSection(&calls_lock);
    for (unsigned try = 0; try < METER_TRIES; try++)
    {
        struct meter now;
        Sleep(METER_GAP_MS);
        meter_read(&now);
        least.handles = now.handles < least.handles ? now.handles : least.handles;
        least.threads = now.threads < least.threads ? now.threads : least.threads;
        least.blocks = now.blocks < least.blocks ? now.blocks : least.blocks;
        least.bytes = now.bytes < least.bytes ? now.bytes : least.bytes;
    }
    LeaveCriticalSection(&calls_lock);
    for (unsigned i = 0; i < GROUPS; i++)
        updates += subscriptions[i].updates;
    printf("meter handles=%zu threads=%zu blocks=%zu bytes=%zu updates=%ld calls=%ld failed=%ld\n",
           least.handles, least.threads, least.blocks, least.bytes, updates, calls, failed_calls);
}

static void renew(void)
{
    HRESULT hr;

    EnterCriticalSection(&calls_lock);
    disconnect();
    hr = connect();
    LeaveCriticalSection(&calls_lock);
    if (SUCCEEDED(hr))
        printf("renewed\n");
    else
        printf("failed 0x%08lX\n", (unsigned long)hr);
}

static void obey(void)
{
    char order[32];

    while (fgets(order, sizeof(order), stdin))
    {
        order[strcspn(order, "\r\n")] = '\0';
        if (strcmp(order, "quit") == 0)
            return;
        if (strcmp(order, "wait") == 0)
            wait_for_data();
        else if (strcmp(order, "meter") == 0)
            print_meter();
        else if (strcmp(order, "renew") == 0)
            renew();
        else if (strcmp(order, "sizes") == 0)
        {
            meter_print_sizes();
            printf("end\n");
        }
        else
            printf("unknown order\n");
        fflush(stdout);
    }
}

static HRESULT begin(const char *progid)
{
    WCHAR wide[256] = L"";
    HRESULT hr = CoInitializeEx(NULL, COINIT_MULTITHREADED);

    MultiByteToWideChar(CP_UTF8, 0, progid, -1, wide, ARRAYSIZE(wide) - 1);
    if (SUCCEEDED(hr))
        hr = CLSIDFromProgID(wide, &clsid);
    return SUCCEEDED(hr) ? connect() : hr;
}

int main(int count, char **words)
{
    HANDLE thread;
    HRESULT hr;

    if (count < 2)
        return 1;
    InitializeCriticalSection(&calls_lock);
    hr = begin(words[1]);
    if (FAILED(hr))
    {
        printf("failed 0x%08lX\n", (unsigned long)hr);
        return 1;
    }
    printf("ready\n");
    fflush(stdout);
    thread = CreateThread(NULL, 0, call_often, NULL, 0, NULL);
    obey();
    InterlockedExchange(&is_over, 1);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    disconnect();
    CoUninitialize();
    printf("bye\n");
    return 0;
}
