/* delivery/transaction.h: asynchronous calls that are out, so that each is answered exactly once.
 *
 * A transaction is entered before its call is sent, for its callback may come before the call
 * returns. After a switch reads and refreshes are issued again on the new machine under the same
 * transaction id, writes of unknown outcome complete with an error for each item, cancels complete
 * as cancelled (design.md 3.4). Cancel ids that clients hold are ours.
 *
 * Writes do so with unknownWrites=repeat as well. That setting is for calls that are out, whose
 * caller waits; here the client may have written something newer since, even on the new machine.
 *
 * Units: none.  Ownership: the group's list owns its transactions.
 * Threads: session locked, except where said.
 * Errors: cancel id 0: no memory.
 * Source: design.md 3.4; reference 7.6.
 */
#ifndef RM_TRANSACTION_H
#define RM_TRANSACTION_H

#include <stdbool.h>
#include <opc/opcda.h>

#include "session/list.h"

struct rm_callback;
struct rm_group;
struct rm_link;
struct rm_session;

enum rm_transaction_kind
{
    RM_TRANSACTION_READ,
    RM_TRANSACTION_WRITE,
    RM_TRANSACTION_REFRESH,
    RM_TRANSACTION_KIND_COUNT
};

struct rm_transaction
{
    struct rm_list_node node;
    enum rm_transaction_kind kind;
    DWORD id;         /* the client's transaction id, unchanged */
    DWORD cancel_id;  /* ours, never 0 */
    DWORD link;       /* number of the link that it is out on */
    unsigned machine; /* and its machine, for that link may be gone when it matters */
    DWORD real_cancel_id;
    bool is_sent;         /* the call has returned: real_cancel_id is good */
    bool is_completed;    /* its callback was quicker than the call's return */
    bool is_cancelling;   /* Cancel2 succeeded: OnCancelComplete is owed */
    OPCDATASOURCE source; /* REFRESH */
    bool has_max_age;     /* REFRESH: asked for by max_age_ms, not by source */
    DWORD max_age_ms;
    DWORD count;        /* READ, WRITE: the items */
    OPCHANDLE *handles; /* ours */
    OPCHANDLE *clients; /* their client handles, for a completion of our own */
    DWORD *max_ages;    /* READ: of ReadMaxAge; else NULL */
    BYTE *is_answered;  /* is_completed: the items that the callback has brought */
};

/* What a client asks for. */
struct rm_transaction_order
{
    enum rm_transaction_kind kind;
    DWORD id;
    OPCDATASOURCE source;
    bool has_max_age;
    DWORD max_age_ms;
    DWORD count;
    const OPCHANDLE *handles; /* ours */
    const DWORD *max_ages;
};

/* Enters a transaction that is about to be sent on link; the arrays are copied. Returns our cancel
 * id. */
DWORD rm_transaction_begin(struct rm_group *group, const struct rm_link *link,
                           const struct rm_transaction_order *order);

/* The call has returned. Not accepted (FAILED, or no item accepted), or completed already:
 * forgotten. */
void rm_transaction_settle(struct rm_group *group, DWORD cancel_id, DWORD real_cancel_id,
                           bool is_accepted);

/* NULL: unknown, or completed already; one whose call has not returned yet is found nevertheless.
 */
struct rm_transaction *rm_transaction_find(struct rm_group *group, DWORD cancel_id);

/* A completion has come from link: forgets the transaction, unless its call has not returned yet:
 * then it is kept as completed until it does, or is lost. false: there is none, so the completion
 * is late and must not reach the client. */
bool rm_transaction_complete(struct rm_group *group, DWORD link, enum rm_transaction_kind kind,
                             const struct rm_callback *completion);
bool rm_transaction_complete_cancel(struct rm_group *group, DWORD link, DWORD id);

/* Whether any group still waits for an answer of that link. */
bool rm_transactions_owed(struct rm_session *session, DWORD link);

/* Of a transaction that is in no list any more. */
void rm_transaction_free(struct rm_transaction *transaction);

/* Frees all; for a group that goes away. */
void rm_transaction_forget_all(struct rm_group *group);

/* On a worker, not locked: what is owed to the client for transactions of links other than the
 * active one is settled: issued again on link, or completed with an error. */
void rm_transaction_resume(struct rm_group *group, struct rm_link *link);

#endif
