/* server/carried.h: interface pointers among a client's values on their way to a worker.
 *
 * A pointer of a single-threaded apartment may not be used on a worker: it is marshaled on the
 * client's thread, and what stands in the copied value afterwards is the worker's own proxy.
 * Pointers of the multithreaded apartment are the worker's already.
 *
 * Units: none.
 * Ownership: a list belongs to its call. The places are in values of the same call, NULL until the
 *   worker has unpacked; what is not unpacked is released with the list.
 * Threads: pack: the client's; unpack: the worker; free: any.
 * Errors: HRESULTs of the marshaling.
 * Source: reference 6, 7.15.
 */
#ifndef RM_CARRIED_H
#define RM_CARRIED_H

#include <windows.h>
#include <objbase.h>

struct rm_carried;

/* Takes over the reference that is in *place, which becomes NULL where it has to be carried. */
HRESULT rm_carried_pack(struct rm_carried **list, IUnknown **place, REFIID iid);

/* A pointer that can't be had any more stays NULL. */
void rm_carried_unpack(struct rm_carried *list);

/* Gives the worker's proxies back, on the worker. */
void rm_carried_release(struct rm_carried *list);
void rm_carried_free(struct rm_carried *list); /* NULL is fine */

#endif
