/* enumerator/com_object.h: the IUnknown of our small objects with one interface: enumerators and
 * connection points.
 *
 * Units: none.
 * Ownership: COM reference counting; starts at one. destroy frees the struct around it.
 * Threads: any; the object aggregates the free-threaded marshaler.
 * Errors: HRESULTs.
 * Source: design.md 3.8.
 */
#ifndef RM_COM_OBJECT_H
#define RM_COM_OBJECT_H

#include <windows.h>
#include <objbase.h>

#include "server/client_security.h"

struct rm_com_object
{
    IUnknown *identity;  /* the one interface, which is also the object's IUnknown */
    const IID *iid;      /* its identifier */
    IUnknown *marshaler; /* free-threaded, aggregated */
    LONG refs;
    struct rm_client_security security;
    void (*destroy)(struct rm_com_object *object);
};

/* On failure nothing is held and destroy is not called. */
HRESULT rm_com_object_init(struct rm_com_object *object, void *identity, const IID *iid,
                           void (*destroy)(struct rm_com_object *object));

HRESULT rm_com_object_query(struct rm_com_object *object, REFIID iid, void **out);
ULONG rm_com_object_add_ref(struct rm_com_object *object);
ULONG rm_com_object_release(struct rm_com_object *object);

#endif
