/* session/recorder_internal.h: what the files of the recorder share: recorder.c keeps the black
 * box, recorder_report.c writes it.
 *
 * Units: milliseconds; times of the computer's clock in 100 ns.
 * Ownership: see session/recorder.h.
 * Threads: the functions below by the driver's thread, not locked.
 * Errors: none.
 * Source: issue 5, black-box report.
 */
#ifndef RM_RECORDER_INTERNAL_H
#define RM_RECORDER_INTERNAL_H

#include <rm/blackbox.h>

#include "session/recorder.h"

struct rm_machine_counts
{
    uint32_t callbacks, updates;
    bool is_awaited;   /* its first data since it was promoted */
    ULONGLONG data_ms; /* when that came; 0 = not, or told */
};

struct rm_recorder
{
    struct rm_session *session;

    /* protected by the session's lock */
    struct rm_blackbox_second counts; /* of calls, since the last sample */
    struct rm_machine_counts machines[RM_MACHINE_NUMBERS];

    SRWLOCK lock; /* protects the box; a leaf: nothing is called under it */
    struct rm_blackbox box;

    volatile LONG is_writing; /* a worker is at a report */
    volatile LONG is_told;    /* that a report could not be written */

    /* the driver's own */
    ULONGLONG sample_ms; /* when the next is due */
    uint32_t reports;
};

LONGLONG rm_recorder_now_100ns(void);

/* Takes a copy and has it written; without memory or a thread it is tried again. */
void rm_recorder_start_report(struct rm_recorder *recorder, const struct rm_failover *failover);

#endif
