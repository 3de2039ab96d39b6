/* run.h: one run of a script on one side: straight to the server, or through RedundancyMaster.
 *
 * Ownership: run_end gives back all objects, run_free the transcript and the run (allocated).
 * Threads: the client's own; statements that a sink was told to carry out run in the callback's.
 * Errors: what is wrong with a script is in `error`; the run ends there.
 */
#ifndef CONFORMANCE_RUN_H
#define CONFORMANCE_RUN_H

#include "lines.h"
#include "names.h"
#include "statement.h"
#include "variants.h"

struct run
{
    CLSID clsid;
    DWORD context; /* CLSCTX */
    bool is_sta;
    DWORD patience_ms; /* how long a server that can't be had is asked for again */
    bool has_threads;  /* what servers choose may come in another order */
    struct names names;
    struct lines lines;
    struct variants_view view;
    volatile LONG calls;   /* made so far */
    volatile LONG objects; /* sinks that live */
    volatile LONG asked;   /* asynchronous reads and writes that are not answered */
    char error[256];
};

/* Opens the run's first client as `srv`. */
bool run_begin(struct run *run);

/* Carries out one line, as number `call`; false: the script is wrong. */
bool run_line(struct run *run, int call, const char *text);

bool run_fail(struct run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Releases all objects; which sinks somebody still holds is the transcript's last line. */
void run_end(struct run *run, int call);

void run_free(struct run *run);

/* Until all asynchronous writes are answered: when the machine goes, the outcome of one that is out
 * is unknown, and what the client is told of it a matter of the moment. Others are asked again. */
void run_wait_for_answers(const struct run *run);

/* Whether the line makes no call, but lets time pass for callbacks. */
bool run_is_waiting(const char *text);

/* A call that leaves no trace. Who only waits for callbacks is told by the next ping that the
 * machine is gone, seconds later; who makes a call, at once. */
void run_touch(struct run *run);

/* Waits, handing out messages in a single-threaded apartment. */
void run_pause(const struct run *run, DWORD time_ms);

#endif
