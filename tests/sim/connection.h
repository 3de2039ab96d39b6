/* connection.h: a connectable object's one connection point, and the container that leads to it.
 *
 * Embedded in a server object (IOPCShutdown) and in a group (IOPCDataCallback). The container is an
 * interface of its owner; the point is an object of its own to its clients, but lives and dies with
 * the owner: references on it are references on the owner.
 *
 * Ownership: the connection holds one reference on the sink while it is advised.
 * Threads: any; `lock` is held for moments only, never while somebody is called.
 * Errors: HRESULTs of COM; a second Advise gets CONNECT_E_ADVISELIMIT.
 * Source: OPC DA 2.05a, IConnectionPointContainer.
 */
#ifndef SIM_CONNECTION_H
#define SIM_CONNECTION_H

#include <windows.h>
#include <objbase.h>
#include <ocidl.h>
#include <stdbool.h>

struct sim_connection
{
    IConnectionPointContainer IConnectionPointContainer_iface;
    IConnectionPoint IConnectionPoint_iface;
    IUnknown *owner; /* not counted */
    const IID *callback_iid;
    void (*on_advise)(IUnknown *owner); /* may be NULL; called without the lock */

    SRWLOCK lock;   /* protects the sink and the cookie */
    IUnknown *sink; /* really of the callback interface */
    DWORD cookie;
};

void sim_connection_init(struct sim_connection *connection, IUnknown *owner,
                         const IID *callback_iid, void (*on_advise)(IUnknown *owner));

/* The sink with a reference for the caller, NULL if nobody has advised. */
IUnknown *sim_connection_get_sink(struct sim_connection *connection);

/* Lets the sink go; if `only` isn't NULL, only if it is still that one. */
void sim_connection_drop(struct sim_connection *connection, const IUnknown *only);

bool sim_connection_is_advised(struct sim_connection *connection);

#endif
