#include "clock.h"

/* 2026-01-01 as milliseconds since 1601-01-01, the origin of FILETIME. */
#define SIM_EPOCH_MS INT64_C(13411699200000)

static int64_t skew_ms_of_machine;

void sim_clock_set_skew(int64_t skew_ms)
{
    skew_ms_of_machine = skew_ms;
}

int64_t sim_clock_now(void)
{
    FILETIME now;
    GetSystemTimeAsFileTime(&now);
    uint64_t ticks = ((uint64_t)now.dwHighDateTime << 32) | now.dwLowDateTime;
    return (int64_t)(ticks / 10000) - SIM_EPOCH_MS;
}

int64_t sim_clock_step(int64_t now_ms, int64_t step_ms, int64_t phase_ms)
{
    int64_t passed = now_ms - phase_ms;
    int64_t step = passed / step_ms;
    return passed % step_ms < 0 ? step - 1 : step;
}

FILETIME sim_clock_filetime(int64_t time_ms)
{
    uint64_t ticks = (uint64_t)(time_ms + SIM_EPOCH_MS + skew_ms_of_machine) * 10000;
    FILETIME stamp = {(DWORD)ticks, (DWORD)(ticks >> 32)};
    return stamp;
}
