/* sink.h: the client's IOPCDataCallback, one object per group.
 *
 * Counts what arrives into the probe's proof: client handles are the proof's item numbers, so an
 * update costs the same whatever the number of items. What no correct server sends (another
 * group's handle, an item that is not in the group, data for a group that is not active) is a
 * protocol error.
 *
 * Ownership: a COM object; the constructor returns one reference. `probe` outlives it.
 * Threads: called in any thread of the multithreaded apartment, or in the one that advised.
 * Errors: methods always return S_OK, as the specification wants it.
 * Source: opc-da-reference 3.19, 7.5, 7.6.
 */
#ifndef PROBE_SINK_H
#define PROBE_SINK_H

#include <opc/opcda.h>

#include "probe.h"

struct rm_group;

struct rm_sink
{
    IOPCDataCallback IOPCDataCallback_iface;
    LONG refs;
    struct rm_probe *probe;
    struct rm_group *group;
};

/* NULL without memory. */
struct rm_sink *rm_sink_create(struct rm_probe *probe, struct rm_group *group);

#endif
