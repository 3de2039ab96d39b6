/* async.h: what the asynchronous reads and writes of IOPCAsyncIO2 and IOPCAsyncIO3 have in common.
 *
 * Ownership: a request points to what the client gave; it is copied.
 * Threads: any.
 * Errors: HRESULTs of OPC; CONNECT_E_NOCONNECTION without a connection.
 * Source: OPC DA 2.05a and 3.0.
 */
#ifndef SIM_ASYNC_H
#define SIM_ASYNC_H

#include "group.h"

/* One of `values` and `vqts` for a write, none for a read; `max_ages` NULL: from the device. */
struct sim_async_request
{
    DWORD count;
    const OPCHANDLE *handles;
    const VARIANT *values;
    const OPCITEMVQT *vqts;
    const DWORD *max_ages;
    DWORD id;
};

/* Queues what is right in it; without anything right there will be no callback. */
HRESULT sim_async_start(struct sim_group *group, const struct sim_async_request *request,
                        DWORD *cancel_id, HRESULT **errors);

/* Queues a refresh of all active items, or of all items; E_FAIL if there is none. */
HRESULT sim_async_refresh(struct sim_group *group, bool is_of_all, DWORD id, DWORD *cancel_id);

#endif
