/* points/connection_point.h: the connection points that our server object and groups have.
 *
 * Each container has one point, so the enumerator is over one. The point is an object of its own
 * that leads back to its container, and always the same one; what a connection is, its class knows.
 *
 * Units: none.
 * Ownership: the container keeps its point from the first time that it is asked for to its own end;
 *   while clients hold the point, it holds a reference to the container.
 * Threads: any.
 * Errors: CONNECT_E_*; unknown IIDs CONNECT_E_NOCONNECTION; EnumConnections what the server says.
 * Source: reference 7.1.4, 7.5.
 */
#ifndef RM_CONNECTION_POINT_H
#define RM_CONNECTION_POINT_H

#include <ocidl.h>

struct rm_connection_point; /* of one container */
struct rm_group;
struct rm_session;

struct rm_point_class
{
    const IID *iid;                                       /* of the client's sink */
    IConnectionPointContainer *(*container)(void *owner); /* no reference */
    struct rm_connection_point *volatile *(*kept)(
        void *owner); /* where the owner keeps its point */
    HRESULT (*advise)(void *owner, IUnknown *sink, DWORD *cookie);
    HRESULT (*unadvise)(void *owner, DWORD cookie);
    struct rm_group *(*group)(void *owner); /* of whose server's point it is; NULL: of none */
    struct rm_session *(*session)(void *owner);
    /* The client's sink, as it was given, with a reference, and its cookie; left as it is if there
     * is none. */
    void (*connection)(void *owner, CONNECTDATA *connection);
};

/* For the owner's end. NULL is fine. */
void rm_connection_point_free(struct rm_connection_point *point);

/* The two methods of a container with one point. */
HRESULT rm_points_find(const struct rm_point_class *point_class, void *owner, REFIID iid,
                       IConnectionPoint **point_out);
HRESULT rm_points_enum(const struct rm_point_class *point_class, void *owner,
                       IEnumConnectionPoints **enumerator_out);

/* Over the client's connection, where the server has enumerators for them. */
HRESULT rm_points_connections(const struct rm_point_class *point_class, void *owner,
                              IEnumConnections **enumerator_out);

/* Over the one point, or the one connection (pUnk NULL: none); a reference is taken. */
HRESULT rm_enum_connection_points_new(IConnectionPoint *point,
                                      IEnumConnectionPoints **enumerator_out);
HRESULT rm_enum_connections_new(const CONNECTDATA *connection, IEnumConnections **enumerator_out);

#endif
