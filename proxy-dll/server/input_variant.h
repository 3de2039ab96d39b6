/* server/input_variant.h: copies of the values that a client writes.
 *
 * A server is to see what it would see without us, be that a value of a type that there isn't: it
 * refuses the one item, and the others of the call are written. So what OLE Automation won't copy
 * is passed on bit by bit, for nobody knows of anything behind it, and the marshaling says what it
 * says to any client.
 *
 * Units: none.
 * Ownership: a copy owns what is behind it, until rm_input_variants_clear.
 * Threads: any; interface pointers are carried to the worker (server/carried.h).
 * Errors: E_OUTOFMEMORY, or why what is behind the value can't be copied; the copy is VT_EMPTY.
 * Source: reference 6.
 */
#ifndef RM_INPUT_VARIANT_H
#define RM_INPUT_VARIANT_H

#include <windows.h>
#include <oleauto.h>

#include "server/carried.h"

/* copy is VT_EMPTY before, and stays where it is until it is cleared, for the carried pointers have
 * their places in it. On the client's thread. */
HRESULT rm_input_variant_copy(VARIANT *copy, VARIANT *value, struct rm_carried **carried);

void rm_input_variants_clear(VARIANT *values, DWORD count);

#endif
