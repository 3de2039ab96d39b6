/* enumerators.h: the standard COM enumerators over snapshots: IEnumString, IEnumUnknown,
 * IEnumConnectionPoints and IEnumConnections.
 *
 * Ownership: a new enumerator has one reference, the caller's; it copies strings and holds a
 * reference on each object. Snapshots never change; clones share them.
 * Threads: any; each enumerator has a lock around its position.
 * Errors: E_OUTOFMEMORY, the output is NULL then.
 */
#ifndef SIM_ENUMERATORS_H
#define SIM_ENUMERATORS_H

#include <windows.h>
#include <objidl.h>
#include <ocidl.h>

HRESULT sim_enumerator_create_strings(const wchar_t *const *strings, ULONG count,
                                      IUnknown **enumerator);

/* `iid`: IID_IEnumUnknown or IID_IEnumConnectionPoints. */
HRESULT sim_enumerator_create_objects(const IID *iid, IUnknown *const *objects, ULONG count,
                                      IUnknown **enumerator);

/* Over the one connection; none if its pUnk is NULL. */
HRESULT sim_enumerator_create_connections(const CONNECTDATA *connection, IUnknown **enumerator);

#endif
