/*
 * The client's IOPCDataCallback: notes the last call and checks its values.
 *
 * Ownership: one static object; a reference is nothing. Threads: called by the server while the
 * main thread waits for its own call to return, so what was noted can be read without a lock.
 */
#ifndef PS_SINK_H
#define PS_SINK_H

#include <opc/opcda.h>

struct sink_call
{
    const char *method; /* NULL: none since sink_forget */
    DWORD transaction;
    OPCHANDLE group;
    HRESULT master_quality;
    HRESULT master_error;
    DWORD count;
    DWORD wrong; /* how many values, qualities, times or errors were not as they must be */
};

extern IOPCDataCallback sink;
extern struct sink_call sink_last;

void sink_forget(void);

/* Connect the sink to a group through its connection point; and away again. */
IConnectionPoint *sink_connect(IUnknown *group, DWORD *cookie);
void sink_disconnect(IConnectionPoint *point, DWORD cookie);

#endif
