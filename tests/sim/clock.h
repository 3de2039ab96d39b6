/* clock.h: the simulator's time: wall-clock milliseconds, ticks and OPC time stamps.
 *
 * Everything that a simulated machine shows is a function of the computer's UTC clock, so two
 * machines deliver the same sequence. Milliseconds are counted from SIM_EPOCH_MS so that a tick
 * number of the usual periods fits VT_I4 for years; it is taken modulo 2^31 all the same.
 *
 * Units: milliseconds since 2026-01-01 00:00 UTC (negative before), skew included only in
 * FILETIMEs. Ownership: none.  Threads: any; the skew is set once at start.  Errors: none.
 */
#ifndef SIM_CLOCK_H
#define SIM_CLOCK_H

#include <windows.h>
#include <stdint.h>

void sim_clock_set_skew(int64_t skew_ms);

int64_t sim_clock_now(void);

/* The number of whole steps from `phase_ms` to `now_ms`; rounds down, also before the phase. */
int64_t sim_clock_step(int64_t now_ms, int64_t step_ms, int64_t phase_ms);

/* What the machine's own clock shows at that time: with the skew. */
FILETIME sim_clock_filetime(int64_t time_ms);

#endif
