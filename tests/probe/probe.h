/* probe.h: what all parts of the running probe share.
 *
 * One struct rm_probe per process. Callbacks, loops and the watch all count into it; whatever is
 * printed is printed after the lock was left, so a reader that does not read delays nobody else.
 *
 * Units: microseconds of the performance counter.
 * Ownership: main.c owns it; it lives as long as the process, because a server that was killed
 * never gives back its references to our sinks.
 * Threads: any; fields below `lock` only under it. No COM call is made with the lock held.
 * Errors: none.
 */
#ifndef PROBE_PROBE_H
#define PROBE_PROBE_H

#include <windows.h>

#include "record.h"
#include "report.h"

struct rm_probe
{
    const struct rm_options *options;
    uint64_t begin_us; /* of the process: events are dated from here */
    HANDLE stop;       /* manual reset: the run is over */
    HANDLE done;       /* manual reset: everything is released */
    HANDLE answered;   /* an asynchronous call was answered */
    const char *const *item_ids;
    size_t item_count;
    struct rm_record *record; /* NULL: none is wanted */

    CRITICAL_SECTION lock; /* protects all that follows */
    bool is_subscribed;
    bool is_ready;
    uint64_t subscribed_us;
    struct rm_proof proof;
    struct rm_calls calls;
    struct rm_transactions transactions;
    struct rm_tally tally;
    uint32_t last_error;
    const char *last_error_method;
};

/* False (with a line on stderr) if the system has no more events to give. */
bool rm_probe_init(struct rm_probe *probe, const struct rm_options *options);

uint64_t rm_probe_now_us(void);

/* Around every COM call:
 *     struct rm_call call = rm_probe_begin(probe, "IOPCServer::GetStatus");
 *     hr = rm_probe_end(probe, call, IOPCServer_GetStatus(server, &status));
 */
struct rm_call rm_probe_begin(struct rm_probe *probe, const char *method);
HRESULT rm_probe_end(struct rm_probe *probe, struct rm_call call, HRESULT hr);

/* The subscription begins: from now on the clock of the proof runs. */
bool rm_probe_subscribe(struct rm_probe *probe);

/* The run is over: what arrives later is not counted. */
void rm_probe_close(struct rm_probe *probe);

/* A callback that no correct server sends; `what` is a literal. */
void rm_probe_protocol_error(struct rm_probe *probe, const char *what);

/* One EVENT line, if --events. */
void rm_probe_event(const struct rm_probe *probe, const char *format, ...)
    __attribute__((format(__MINGW_PRINTF_FORMAT, 2, 3)));

/* The report to stdout, and to the JSON file; returns whether the run passed. gave_up: a call is
 * still out and is waited for no longer. */
bool rm_probe_report(struct rm_probe *probe, bool gave_up);

#endif
