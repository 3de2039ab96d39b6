#include "watch.h"

#include <inttypes.h>
#include <stdlib.h>

#include "text.h"

#define TICK_MS      100
#define LIVE_US      500000
#define CONNECT_S    60 /* a connection that takes longer has failed */
#define EXIT_FAIL    1
#define EXIT_CONNECT 3

static HANDLE stop_event; /* a console handler has no context */

static BOOL WINAPI on_console_event(DWORD event)
{
    (void)event;
    SetEvent(stop_event);
    return TRUE;
}

static DWORD WINAPI stdin_thread(void *parameter)
{
    struct rm_probe *probe = parameter;
    HANDLE input = GetStdHandle(STD_INPUT_HANDLE);
    const char *word = "stop";
    size_t matched = 0;
    char byte;
    DWORD got;

    while (ReadFile(input, &byte, 1, &got, NULL) && got == 1)
    {
        bool is_line_end = byte == '\r' || byte == '\n';
        if (!word[matched] && is_line_end)
            break;
        if (word[matched] && byte == word[matched])
            matched++;
        else
            matched = byte == word[0] ? 1 : 0;
    }
    if (!word[matched])
        SetEvent(probe->stop);
    return 0;
}

static void print_live(struct rm_probe *probe, uint64_t received_before, uint64_t interval_us)
{
    EnterCriticalSection(&probe->lock);
    uint64_t now_us = rm_probe_now_us();
    const struct rm_proof_totals totals = probe->proof.totals;
    uint64_t silent_us = totals.items_seen ? now_us - probe->proof.last_us : 0;
    uint64_t gap_us = silent_us > totals.longest_gap_us ? silent_us : totals.longest_gap_us;
    uint64_t begin_us = probe->subscribed_us;
    uint64_t failed = probe->calls.failed;
    uint32_t error = probe->last_error;
    const char *error_method = probe->last_error_method;
    struct rm_call out = rm_calls_oldest_out(&probe->calls);
    LeaveCriticalSection(&probe->lock);
    SYSTEMTIME time;

    GetLocalTime(&time);
    printf("LIVE %02u:%02u:%02u.%03u %7.1f s %9" PRIu64 " updates %7.0f/s, longest gap %" PRIu64
           " ms, now %" PRIu64 " ms, %" PRIu64 " bad, %" PRIu64 " quality changes, %" PRIu64
           " failed calls",
           time.wHour, time.wMinute, time.wSecond, time.wMilliseconds,
           (double)(now_us - begin_us) / 1e6, totals.received,
           (double)(totals.received - received_before) * 1e6 / (double)interval_us,
           rm_report_ms(gap_us), silent_us / 1000, totals.bad, totals.quality_changes, failed);
    if (error_method)
        printf(", last 0x%08" PRIX32 " %s", error, error_method);
    if (out.method && now_us - out.begin_us > LIVE_US / 2)
        printf(", %s out for %" PRIu64 " ms", out.method, (now_us - out.begin_us) / 1000);
    putchar('\n');
    fflush(stdout);
}

static bool is_stop_file_there(const WCHAR *stop_file)
{
    return stop_file && GetFileAttributesW(stop_file) != INVALID_FILE_ATTRIBUTES;
}

static bool is_time_over(struct rm_probe *probe, bool *is_subscribed)
{
    EnterCriticalSection(&probe->lock);
    *is_subscribed = probe->is_subscribed;
    uint64_t subscribed_us = probe->subscribed_us;
    LeaveCriticalSection(&probe->lock);
    return *is_subscribed && probe->options->seconds &&
           rm_probe_now_us() - subscribed_us >= probe->options->seconds * 1000000;
}

/* TerminateProcess: with a call out that never returns, an orderly exit could hang as well. */
static void give_up_connecting(struct rm_probe *probe)
{
    struct rm_call out;

    EnterCriticalSection(&probe->lock);
    out = rm_calls_oldest_out(&probe->calls);
    LeaveCriticalSection(&probe->lock);
    fprintf(stderr, "rmprobe: not connected after %d s (%s)\n", CONNECT_S,
            out.method ? out.method : "activation");
    fflush(stderr);
    TerminateProcess(GetCurrentProcess(), EXIT_CONNECT);
}

/* Until the run is over; false if the probe was done before. */
static bool watch_run(struct rm_probe *probe, const WCHAR *stop_file)
{
    HANDLE ends[] = {probe->done, probe->stop};
    uint64_t live_us = rm_probe_now_us();
    uint64_t received = 0;
    bool is_subscribed = false;

    for (;;)
    {
        DWORD end = WaitForMultipleObjects(2, ends, FALSE, TICK_MS);
        if (end != WAIT_TIMEOUT)
            return end != WAIT_OBJECT_0;
        if (is_time_over(probe, &is_subscribed) || is_stop_file_there(stop_file))
            SetEvent(probe->stop);
        uint64_t now_us = rm_probe_now_us();
        if (!is_subscribed && now_us - probe->begin_us > CONNECT_S * 1000000u)
            give_up_connecting(probe);
        if (!is_subscribed)
            live_us = now_us;
        if (probe->options->live && now_us - live_us >= LIVE_US)
        {
            print_live(probe, received, now_us - live_us);
            EnterCriticalSection(&probe->lock);
            received = probe->proof.totals.received;
            LeaveCriticalSection(&probe->lock);
            live_us = now_us;
        }
    }
}

static DWORD WINAPI watch_thread(void *parameter)
{
    struct rm_probe *probe = parameter;
    const char *path = probe->options->stop_file;
    WCHAR *stop_file = path ? rm_text_to_wide(path) : NULL;

    bool is_over = watch_run(probe, stop_file);
    free(stop_file);
    if (!is_over)
        return 0;
    rm_probe_close(probe);
    if (WaitForSingleObject(probe->done, (DWORD)probe->options->grace_ms) == WAIT_OBJECT_0)
        return 0;
    rm_probe_report(probe, true);
    TerminateProcess(GetCurrentProcess(), EXIT_FAIL);
    return 0;
}

HANDLE rm_watch_start(struct rm_probe *probe)
{
    stop_event = probe->stop;
    SetConsoleCtrlHandler(on_console_event, TRUE);
    if (GetFileType(GetStdHandle(STD_INPUT_HANDLE)) == FILE_TYPE_PIPE)
    {
        HANDLE reader = CreateThread(NULL, 0, stdin_thread, probe, 0, NULL);
        if (!reader)
            return NULL;
        CloseHandle(reader);
    }
    return CreateThread(NULL, 0, watch_thread, probe, 0, NULL);
}
