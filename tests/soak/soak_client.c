/* soak_client PROGID: an ordinary OPC DA client that stays connected and says, when asked,
 * what it holds. A thread of it reads and asks for the status all the time, so that each switch
 * meets calls that are out. Orders come as lines on standard input, each is answered by one line:
 *
 *   wait
 *     when each group has had new data since: "data"
 *   rest
 *     makes no calls, and asks for no data: "resting", when the threads that this leaves without
 *     work have ended
 *   work
 *     the end of that: "working"
 *   meter
 *     what is in meter.h, then the client's own: "meter handles=N connections=N ... failed=N"
 *   sizes
 *     the blocks in use by size, then "end"
 *   crowd
 *     has many calls out and callbacks of all groups in at once: "crowded". What is kept from then
 *     on for so many (connections, threads that serve them) does not grow by chance later
 *   renew
 *     closes its server object and makes a new one: "renewed"
 *   quit
 *     ends in good order: "bye"; so does the end of the input
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
#define REST_MS      6000 /* threads of Wine's pools and of ours end when idle for 5 s */
#define REST_MAX_MS  30000
#define CROWD        8 /* calls at once; without a crowd the session has up to 6 out */
#define CROWD_ROUNDS 10
#define HOLD_UP_MS   50

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

static DWORD WINAPI join_crowd(void *argument)
{
    static volatile LONG transaction = 1000;
    struct subscription *subscription = argument;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    for (unsigned round = 0; round < CROWD_ROUNDS; round++)
    {
        ask_status();
        count_call(subscription_refresh(subscription, (DWORD)InterlockedIncrement(&transaction)));
    }
    CoUninitialize();
    return 0;
}

static void crowd(void)
{
    HANDLE threads[CROWD];

    subscription_hold_up(HOLD_UP_MS);
    for (unsigned i = 0; i < CROWD; i++)
        threads[i] = CreateThread(NULL, 0, join_crowd, &subscriptions[i % GROUPS], 0, NULL);
    WaitForMultipleObjects(CROWD, threads, TRUE, INFINITE);
    for (unsigned i = 0; i < CROWD; i++)
        CloseHandle(threads[i]);
    subscription_hold_up(0);
    printf("crowded\n");
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

/* The kinds of handles are counted together. */
static void keep_least(struct meter *least, const struct meter *now)
{
    struct meter handles = now->handles < least->handles ? *now : *least;

    handles.threads = now->threads < least->threads ? now->threads : least->threads;
    handles.blocks = now->blocks < least->blocks ? now->blocks : least->blocks;
    handles.bytes = now->bytes < least->bytes ? now->bytes : least->bytes;
    *least = handles;
}

/* Callbacks and workers come and go; what is always there is the least that was seen. */
static void print_meter(void)
{
    struct meter least = {
        .handles = (size_t)-1, .threads = (size_t)-1, .blocks = (size_t)-1, .bytes = (size_t)-1};
    LONG updates = 0;

    EnterCriticalSection(&calls_lock);
    for (unsigned try = 0; try < METER_TRIES; try++)
    {
        struct meter now;
        Sleep(METER_GAP_MS);
        meter_read(&now);
        keep_least(&least, &now);
    }
    LeaveCriticalSection(&calls_lock);
    for (unsigned i = 0; i < GROUPS; i++)
        updates += subscriptions[i].updates;
    printf("meter handles=%zu connections=%zu callers=%zu events=%zu others=%zu threads=%zu "
           "blocks=%zu bytes=%zu updates=%ld calls=%ld failed=%ld\n",
           least.handles, least.connections, least.callers, least.events, least.others,
           least.threads, least.blocks, least.bytes, updates, calls, failed_calls);
}

static void set_active(BOOL is_active)
{
    for (unsigned i = 0; i < GROUPS; i++)
        count_call(subscription_set_active(&subscriptions[i], is_active));
}

/* Until for some time no thread has ended. */
static void rest(void)
{
    ULONGLONG began = GetTickCount64(), changed = began, now = began;
    size_t least = (size_t)-1;

    EnterCriticalSection(&calls_lock);
    set_active(FALSE);
    while (now - changed < REST_MS && now - began < REST_MAX_MS)
    {
        struct meter meter;
        meter_read(&meter);
        if (meter.threads < least)
        {
            least = meter.threads;
            changed = now;
        }
        Sleep(METER_GAP_MS);
        now = GetTickCount64();
    }
    printf("resting\n");
}

static void work(void)
{
    set_active(TRUE);
    LeaveCriticalSection(&calls_lock);
    printf("working\n");
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

static void print_sizes(void)
{
    meter_print_sizes();
    printf("end\n");
}

static void obey(void)
{
    static const struct
    {
        const char *word;
        void (*carry_out)(void);
    } orders[] = {
        {"wait",  wait_for_data},
        {"crowd", crowd        },
        {"rest",  rest         },
        {"meter", print_meter  },
        {"work",  work         },
        {"renew", renew        },
        {"sizes", print_sizes  },
    };
    char order[32];

    while (fgets(order, sizeof(order), stdin))
    {
        size_t i = 0;

        order[strcspn(order, "\r\n")] = '\0';
        if (strcmp(order, "quit") == 0)
            return;
        while (i < ARRAYSIZE(orders) && strcmp(order, orders[i].word) != 0)
            i++;
        if (i < ARRAYSIZE(orders))
            orders[i].carry_out();
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
