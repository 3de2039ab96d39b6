/* shutdown_sink.h: the client's IOPCShutdown. A request is counted and told; the client stays
 * connected, since a run ends when it was told to and not when the server likes.
 *
 * Ownership: a COM object; the constructor returns one reference. `probe` outlives it.
 * Threads: any. Errors: S_OK always.
 */
#ifndef PROBE_SHUTDOWN_SINK_H
#define PROBE_SHUTDOWN_SINK_H

#include <opc/opccomn.h>

#include "probe.h"

struct rm_shutdown_sink
{
    IOPCShutdown IOPCShutdown_iface;
    LONG refs;
    struct rm_probe *probe;
};

/* NULL without memory. */
struct rm_shutdown_sink *rm_shutdown_sink_create(struct rm_probe *probe);

#endif
