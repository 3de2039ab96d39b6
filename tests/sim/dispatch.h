/* dispatch.h: an object to be put into a VARIANT, for servers and clients of the tests.
 *
 * It has no type information and no members. Whoever calls it, it answers; it is never gone, since
 * a reference to it may be held for longer than anybody looks.
 *
 * Ownership: a reference for the caller.  Threads: any.  Errors: none.
 */
#ifndef SIM_DISPATCH_H
#define SIM_DISPATCH_H

#include <windows.h>
#include <oaidl.h>

struct sim_dispatch
{
    IDispatch IDispatch_iface; /* which is its IUnknown */
    UINT type_info_count;      /* what GetTypeInfoCount answers */
};

extern const IDispatchVtbl sim_dispatch_vtbl;

#endif
