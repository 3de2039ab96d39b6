/* runner.h: jobs that are done again and again until the run is over.
 *
 * As ordinary clients do it: in the multithreaded apartment each job has a thread; in a
 * single-threaded one there is only the one thread, which handles messages (callbacks come as
 * messages) and does a job when it is due and no other call is out. A job that took longer than its
 * period is not done twice in a row to catch up.
 *
 * Ownership: jobs belong to the caller. Threads: the one that entered the apartment.
 * Errors: false without a thread.
 */
#ifndef PROBE_RUNNER_H
#define PROBE_RUNNER_H

#include <windows.h>

#include "options.h"

struct rm_job
{
    uint64_t period_ms;
    void (*run)(void *context);
    void *context;
    HANDLE stop;     /* set by the runner */
    uint64_t due_us; /* set by the runner */
};

#define RM_RUNNER_JOBS 8

/* Returns when `stop` is set and every job has come back. */
bool rm_runner_run(enum rm_apartment apartment, struct rm_job *jobs, size_t count, HANDLE stop);

/* Waits as the apartment wants it; returns whether the event was set. */
bool rm_runner_wait(enum rm_apartment apartment, HANDLE event, DWORD timeout_ms);

#endif
