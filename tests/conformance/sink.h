/* sink.h: the client's sink: IOPCDataCallback and IOPCShutdown, each callback kept as it came.
 *
 * A statement can be put in front of the next callback of a kind: it is carried out inside of it.
 *
 * Ownership: COM references; the run outlives its sinks (run_free waits for them).
 * Threads: any; a lock around the list, never held while a statement runs.
 * Errors: none.
 */
#ifndef CONFORMANCE_SINK_H
#define CONFORMANCE_SINK_H

#include "run.h"

enum sink_kind
{
    SINK_CHANGE,
    SINK_READ,
    SINK_WRITE,
    SINK_CANCEL,
    SINK_SHUTDOWN,
    SINK_KIND_COUNT
};

/* One reference. */
IUnknown *sink_create(struct run *run);

/* SINK_KIND_COUNT if there is none of that name. */
enum sink_kind sink_kind_of(const char *name);

/* How many callbacks of that kind came since the last sink_show. */
int sink_count(IUnknown *sink, enum sink_kind kind);

/* Shows all of them as fields of that call, and forgets them. */
void sink_show(IUnknown *sink, struct lines *lines, int call);

/* `text` is carried out in the next callback of that kind, as the line of that number. */
void sink_set_action(IUnknown *sink, enum sink_kind kind, int call, const char *text);

#endif
