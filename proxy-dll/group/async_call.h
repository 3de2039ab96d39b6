/* group/async_call.h: a call that is answered by a callback: reads, writes and refreshes of
 * IOPCAsyncIO2 and IOPCAsyncIO3.
 *
 * Its transaction (delivery/transaction.h) is entered before the call is sent, for its callback may
 * be quicker than the call's return. Should the link be lost in between, the callback was the
 * answer: the call is neither repeated nor of unknown outcome.
 *
 * Units: milliseconds.
 * Ownership: as struct rm_item_call.
 * Threads: as struct rm_call.
 * Errors: CONNECT_E_NOCONNECTION where the client has not advised; else as struct rm_item_call.
 * Source: design.md 3.4; reference 3.15, 3.16, 7.6.
 */
#ifndef RM_ASYNC_CALL_H
#define RM_ASYNC_CALL_H

#include "delivery/transaction.h"
#include "group/item_call.h"

struct rm_async_call
{
    struct rm_item_call items;
    struct rm_transaction_order order; /* handles are filled in by prepare */
    union
    {
        VARIANT *values;
        OPCITEMVQT *vqts;
    };
    DWORD *max_ages; /* by the client's order; NULL: not asked for */
    DWORD cancel_id; /* ours */
    DWORD real_cancel_id;
    bool is_started; /* else there is no transaction, of which 0 is the cancel id */
    HRESULT *early;  /* the errors of a call whose answer was the callback alone */
};

/* Zeroed but for the order's kind and id; NULL: no memory. which is that of the interface. */
struct rm_async_call *rm_async_call_new(struct rm_group *group,
                                        const struct rm_call_class *call_class, int which,
                                        enum rm_transaction_kind kind, DWORD id, DWORD count,
                                        const OPCHANDLE *handles);

/* For struct rm_call_class. */
HRESULT rm_async_call_prepare(struct rm_call *call, struct rm_link *link);
void rm_async_call_record(struct rm_call *call, struct rm_link *link, HRESULT hr);
HRESULT rm_async_call_lost(struct rm_call *call, struct rm_link *link);
void rm_async_call_destroy(struct rm_call *call);

/* Executes, moves the results out and releases the call. errors NULL: a refresh has none. */
HRESULT rm_async_call_execute(struct rm_async_call *async, DWORD *cancel_id, HRESULT **errors);

#endif
