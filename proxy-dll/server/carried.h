/* server/carried.h: interface pointers among values on their way to a worker, or back from it.
 *
 * A pointer of a single-threaded apartment may not be used on a worker: it is marshaled on the
 * client's thread, and what stands in the copied value afterwards is the worker's own proxy. What a
 * server answers the worker is the worker's in the same way. Between threads of the multithreaded
 * apartment nothing has to be carried.
 *
 * Units: none.
 * Ownership: a list belongs to its call. The places are in values of the same call, NULL until they
 *   are unpacked; what is not unpacked is released with the list.
 * Threads: pack: where the values come from; unpack: where they go; free: any.
 * Errors: HRESULTs of the marshaling.
 * Source: reference 6, 7.15.
 */
#ifndef RM_CARRIED_H
#define RM_CARRIED_H

#include <windows.h>
#include <oleauto.h>

struct rm_carried;

/* The value's object, or those in its array: takes over their references and leaves NULL. */
HRESULT rm_carried_pack(struct rm_carried **list, VARIANT *value);

/* A pointer that can't be had any more stays NULL. */
void rm_carried_unpack(struct rm_carried *list);

/* Gives the pointers back that were unpacked here. */
void rm_carried_release(struct rm_carried *list);
void rm_carried_free(struct rm_carried *list); /* NULL is fine */

#endif
