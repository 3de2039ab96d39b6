/* delivery/callback.h: the arguments of one IOPCDataCallback call.
 *
 * Units: none.
 * Ownership: a callback made on the stack borrows its arrays; rm_callback_copy owns copies, freed
 *   by rm_callback_free.
 * Threads: any.
 * Errors: NULL: no memory.
 * Source: reference 3.19, 6.
 */
#ifndef RM_CALLBACK_H
#define RM_CALLBACK_H

#include <opc/opcda.h>

#include "session/list.h"

enum rm_callback_kind
{
    RM_CALLBACK_DATA_CHANGE,
    RM_CALLBACK_READ_COMPLETE,
    RM_CALLBACK_WRITE_COMPLETE,
    RM_CALLBACK_CANCEL_COMPLETE
};

/* Arrays of count elements; values, qualities and times are NULL for WRITE and CANCEL. Where count
 * is 0 (keep-alive) the arrays still hold one dummy element each (reference 7.5). */
struct rm_callback
{
    struct rm_list_node node;
    enum rm_callback_kind kind;
    DWORD transaction;
    OPCHANDLE group;
    HRESULT master_quality, master_error;
    DWORD count;
    OPCHANDLE *clients;
    VARIANT *values;
    WORD *qualities;
    FILETIME *times;
    HRESULT *errors;
};

struct rm_callback *rm_callback_copy(const struct rm_callback *callback);

/* Room for count elements, all zero, owned. */
struct rm_callback *rm_callback_new(enum rm_callback_kind kind, DWORD count);
void rm_callback_free(struct rm_callback *callback);

/* Master codes as the reference wants them, from qualities and errors. */
void rm_callback_set_masters(struct rm_callback *callback);

HRESULT rm_callback_call(const struct rm_callback *callback, IOPCDataCallback *client);

#endif
