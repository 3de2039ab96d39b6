/* objects.h: what a client can put into a VARIANT that is more than data: an object of its own and
 * a record.
 *
 * There is one object; whoever calls it, it answers. Neither is ever gone: a server may hold a
 * reference for longer than the run.
 *
 * Ownership: a reference for the caller.  Threads: any.  Errors: none.
 */
#ifndef CONFORMANCE_OBJECTS_H
#define CONFORMANCE_OBJECTS_H

#include <windows.h>
#include <oaidl.h>

/* Its IDispatch, which is its IUnknown. */
IDispatch *objects_dispatch(void);

/* VT_RECORD: a record of one LONG, and the object that describes it. */
void objects_make_record(VARIANT *value);

#endif
