/* points/connection_point.h: the connection points that our server object and groups have.
 *
 * Each container has one point, so the enumerator is over one. The point is an object of its own
 * that leads back to its container; what a connection is, its class knows.
 *
 * Units: none.
 * Ownership: COM reference counting; a point holds a reference to its owner.
 * Threads: any.
 * Errors: CONNECT_E_*; unknown IIDs CONNECT_E_NOCONNECTION; EnumConnections E_NOTIMPL.
 * Source: reference 7.1.4, 7.5.
 */
#ifndef RM_CONNECTION_POINT_H
#define RM_CONNECTION_POINT_H

#include <ocidl.h>

struct rm_point_class
{
    const IID *iid;                                       /* of the client's sink */
    IConnectionPointContainer *(*container)(void *owner); /* no reference */
    HRESULT (*advise)(void *owner, IUnknown *sink, DWORD *cookie);
    HRESULT (*unadvise)(void *owner, DWORD cookie);
};

HRESULT rm_connection_point_new(const struct rm_point_class *point_class, void *owner,
                                IConnectionPoint **point_out);

/* The two methods of a container with one point. */
HRESULT rm_points_find(const struct rm_point_class *point_class, void *owner, REFIID iid,
                       IConnectionPoint **point_out);
HRESULT rm_points_enum(const struct rm_point_class *point_class, void *owner,
                       IEnumConnectionPoints **enumerator_out);

/* Over the one point, of which a reference is taken. */
HRESULT rm_enum_connection_points_new(IConnectionPoint *point, ULONG position,
                                      IEnumConnectionPoints **enumerator_out);

#endif
