/* transaction.h: asynchronous reads, writes and refreshes that wait for their callback.
 *
 * Units: milliseconds of clock.h.
 * Ownership: a queued transaction belongs to its group.
 * Threads: any may queue and cancel; the group's updater completes them, in the order in which they
 * came. The queue is protected by the group's lock.
 * Errors: HRESULTs of OPC.
 * Source: OPC DA 2.05a, IOPCAsyncIO2.
 */
#ifndef SIM_TRANSACTION_H
#define SIM_TRANSACTION_H

#include "delivery.h"

enum sim_transaction_kind
{
    SIM_TRANSACTION_READ,
    SIM_TRANSACTION_WRITE,
    SIM_TRANSACTION_REFRESH
};

struct sim_transaction_item
{
    DWORD server_handle;
    DWORD client_handle;
    OPCDATASOURCE source; /* of a read */
    OPCITEMVQT vqt;       /* to be written */
};

struct sim_transaction
{
    struct sim_transaction *next;
    enum sim_transaction_kind kind;
    DWORD id; /* the client's */
    DWORD cancel_id;
    bool is_cancelled;
    bool is_of_all; /* a refresh: inactive items as well */
    int64_t due_ms;
    HANDLE done; /* set at the end, and closed; NULL: nobody waits */
    DWORD count;
    struct sim_transaction_item items[];
};

struct sim_transaction *sim_transaction_create(enum sim_transaction_kind kind, DWORD id,
                                               DWORD capacity);
void sim_transaction_free(struct sim_transaction *transaction);

/* Queues it, and takes it over; with --early-callbacks, returns when its callback was made;
 * CONNECT_E_ADVISELIMIT when too many wait. */
HRESULT sim_transaction_queue(struct sim_group *group, struct sim_transaction *transaction,
                              DWORD *cancel_id);

/* E_FAIL if it isn't waiting any more. */
HRESULT sim_transaction_cancel(struct sim_group *group, DWORD cancel_id);

/* Takes the first one whose time has come out of the queue. The group's lock is held. */
struct sim_transaction *sim_transaction_take_due(struct sim_group *group, int64_t now_ms);

/* Carries it out, calls the client, and frees it. */
void sim_transaction_complete(struct sim_group *group, struct sim_transaction *transaction,
                              struct sim_delivery *delivery);

/* Frees what is queued. */
void sim_transaction_clear(struct sim_group *group);

#endif
