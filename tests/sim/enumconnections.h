/* enumconnections.h: IEnumConnections over the one connection that a point has.
 *
 * Ownership: a new enumerator has one reference, the caller's, and holds one on the sink.
 * Threads: any.
 * Errors: E_OUTOFMEMORY, the output is NULL then.
 */
#ifndef SIM_ENUMCONNECTIONS_H
#define SIM_ENUMCONNECTIONS_H

#include <windows.h>
#include <ocidl.h>

/* `connection`: pUnk NULL if nobody has advised. */
HRESULT sim_enumconnections_create(const CONNECTDATA *connection, LONG position,
                                   IEnumConnections **enumerator);

#endif
