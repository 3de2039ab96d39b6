#include "probe.h"

#include <inttypes.h>
#include <stdarg.h>

bool rm_probe_init(struct rm_probe *probe, const struct rm_options *options)
{
    memset(probe, 0, sizeof(*probe));
    probe->options = options;
    probe->begin_us = rm_probe_now_us();
    InitializeCriticalSection(&probe->lock);
    probe->stop = CreateEventW(NULL, TRUE, FALSE, NULL);
    probe->done = CreateEventW(NULL, TRUE, FALSE, NULL);
    probe->answered = CreateEventW(NULL, FALSE, FALSE, NULL);
    if (probe->stop && probe->done && probe->answered)
        return true;
    fputs("rmprobe: the system has no more events\n", stderr);
    return false;
}

uint64_t rm_probe_now_us(void)
{
    LARGE_INTEGER frequency;
    LARGE_INTEGER count;

    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&count);
    uint64_t ticks = (uint64_t)count.QuadPart;
    uint64_t per_second = (uint64_t)frequency.QuadPart;
    return ticks / per_second * 1000000 + ticks % per_second * 1000000 / per_second;
}

struct rm_call rm_probe_begin(struct rm_probe *probe, const char *method)
{
    EnterCriticalSection(&probe->lock);
    struct rm_call call = rm_calls_begin(&probe->calls, method, rm_probe_now_us());
    LeaveCriticalSection(&probe->lock);
    return call;
}

HRESULT rm_probe_end(struct rm_probe *probe, struct rm_call call, HRESULT hr)
{
    EnterCriticalSection(&probe->lock);
    uint64_t took_us = rm_calls_end(&probe->calls, call, (uint32_t)hr, rm_probe_now_us());
    if (FAILED(hr))
    {
        probe->last_error = (uint32_t)hr;
        probe->last_error_method = call.method;
    }
    LeaveCriticalSection(&probe->lock);
    if (FAILED(hr))
        rm_probe_event(probe, "failed call=%s hr=0x%08lX took_ms=%" PRIu64, call.method,
                       (unsigned long)hr, rm_report_ms(took_us));
    return hr;
}

bool rm_probe_subscribe(struct rm_probe *probe)
{
    bool is_ok;

    EnterCriticalSection(&probe->lock);
    probe->subscribed_us = rm_probe_now_us();
    is_ok = rm_proof_init(&probe->proof, probe->item_count, probe->options->period_ms * 1000,
                          probe->subscribed_us);
    probe->is_subscribed = is_ok;
    LeaveCriticalSection(&probe->lock);
    return is_ok;
}

void rm_probe_close(struct rm_probe *probe)
{
    EnterCriticalSection(&probe->lock);
    if (probe->is_subscribed)
        rm_proof_end(&probe->proof, rm_probe_now_us());
    LeaveCriticalSection(&probe->lock);
    rm_record_stop(probe->record);
}

void rm_probe_protocol_error(struct rm_probe *probe, const char *what)
{
    EnterCriticalSection(&probe->lock);
    if (!probe->tally.protocol_errors++)
        probe->tally.first_protocol_error = what;
    LeaveCriticalSection(&probe->lock);
    rm_probe_event(probe, "protocol error=\"%s\"", what);
}

void rm_probe_event(const struct rm_probe *probe, const char *format, ...)
{
    char text[512];
    SYSTEMTIME time;
    va_list arguments;

    if (!probe->options->events)
        return;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    GetLocalTime(&time);
    printf("EVENT ms=%" PRIu64 " time=%02u:%02u:%02u.%03u %s\n",
           (rm_probe_now_us() - probe->begin_us) / 1000, time.wHour, time.wMinute, time.wSecond,
           time.wMilliseconds, text);
    fflush(stdout);
}

static struct rm_outcome make_outcome(const struct rm_probe *probe, bool gave_up)
{
    struct rm_outcome outcome = {.options = probe->options,
                                 .proof = &probe->proof,
                                 .calls = &probe->calls,
                                 .transactions = &probe->transactions,
                                 .tally = &probe->tally,
                                 .item_ids = probe->item_ids,
                                 .now_us = rm_probe_now_us(),
                                 .gave_up = gave_up};
    return outcome;
}

static void write_json(const struct rm_outcome *outcome)
{
    const char *path = outcome->options->json_path;
    WCHAR wide[MAX_PATH];
    FILE *file = NULL;

    if (!path)
        return;
    if (MultiByteToWideChar(CP_UTF8, 0, path, -1, wide, MAX_PATH))
        file = _wfopen(wide, L"wb");
    if (!file)
    {
        fprintf(stderr, "rmprobe: can't write %s\n", path);
        return;
    }
    rm_report_print_json(outcome, file);
    fclose(file);
}

bool rm_probe_report(struct rm_probe *probe, bool gave_up)
{
    char reason[RM_REPORT_REASON_BYTES];

    rm_record_close(probe->record);
    EnterCriticalSection(&probe->lock);
    struct rm_outcome outcome = make_outcome(probe, gave_up);
    bool passed = rm_report_judge(&outcome, reason);
    write_json(&outcome);
    rm_report_print(&outcome, stdout);
    LeaveCriticalSection(&probe->lock);
    fflush(stdout);
    return passed;
}
