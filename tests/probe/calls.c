#include "calls.h"

#include <string.h>

static struct rm_calls_method *find_method(struct rm_calls *calls, const char *name)
{
    size_t i = 0;

    while (i < calls->method_count && strcmp(calls->methods[i].name, name) != 0)
        i++;
    if (i == RM_CALLS_METHODS)
        return &calls->methods[RM_CALLS_METHODS - 1];
    if (i == calls->method_count)
    {
        calls->methods[i].name = name;
        calls->method_count++;
    }
    return &calls->methods[i];
}

static void note_code(struct rm_calls *calls, const char *method, uint32_t code)
{
    size_t i = 0;

    while (i < calls->code_count && calls->codes[i].code != code)
        i++;
    if (i == RM_CALLS_CODES)
        i--;
    else if (i == calls->code_count)
    {
        calls->codes[i].code = code;
        calls->codes[i].first_method = method;
        calls->code_count++;
    }
    calls->codes[i].count++;
}

struct rm_call rm_calls_begin(struct rm_calls *calls, const char *method, uint64_t now_us)
{
    struct rm_call call = {method, now_us};

    for (size_t i = 0; i < RM_CALLS_OUT; i++)
    {
        if (!calls->out[i].method)
        {
            calls->out[i] = call;
            break;
        }
    }
    return call;
}

uint64_t rm_calls_end(struct rm_calls *calls, struct rm_call call, uint32_t code, uint64_t now_us)
{
    struct rm_calls_method *method = find_method(calls, call.method);
    uint64_t took_us = now_us - call.begin_us;

    for (size_t i = 0; i < RM_CALLS_OUT; i++)
    {
        if (calls->out[i].method == call.method && calls->out[i].begin_us == call.begin_us)
        {
            calls->out[i].method = NULL;
            break;
        }
    }
    calls->count++;
    method->count++;
    method->total_us += took_us;
    if (took_us > method->slowest_us)
        method->slowest_us = took_us;
    if (!calls->slowest_method || took_us > calls->slowest_us)
    {
        calls->slowest_method = call.method;
        calls->slowest_us = took_us;
    }
    if (code & 0x80000000u)
    {
        calls->failed++;
        method->failed++;
        note_code(calls, call.method, code);
    }
    return took_us;
}

struct rm_call rm_calls_oldest_out(const struct rm_calls *calls)
{
    struct rm_call oldest = {NULL, 0};

    for (size_t i = 0; i < RM_CALLS_OUT; i++)
    {
        const struct rm_call *out = &calls->out[i];
        if (out->method && (!oldest.method || out->begin_us < oldest.begin_us))
            oldest = *out;
    }
    return oldest;
}

const char *rm_calls_slowest(const struct rm_calls *calls, uint64_t now_us, uint64_t *slowest_us)
{
    struct rm_call oldest = rm_calls_oldest_out(calls);

    if (oldest.method && now_us - oldest.begin_us > calls->slowest_us)
    {
        *slowest_us = now_us - oldest.begin_us;
        return oldest.method;
    }
    *slowest_us = calls->slowest_us;
    return calls->slowest_method;
}
