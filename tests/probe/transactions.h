/* transactions.h: every asynchronous call that the server took must be answered exactly once.
 *
 * Ids count up from 1, so they are an index into a ring of the newest ones; an answer to an id that
 * has left the ring, or was never given, is `unknown`. An answer may arrive before the call that
 * asked for it has returned, and a call that was refused must not be answered at all.
 *
 * Ownership, threads: a plain struct, one thread at a time. Errors: none.
 * Source: opc-da-reference 7.6.
 */
#ifndef PROBE_TRANSACTIONS_H
#define PROBE_TRANSACTIONS_H

#include <stddef.h>
#include <stdint.h>

#define RM_TRANSACTIONS_RING 1024

struct rm_transactions
{
    uint32_t last_id;
    uint64_t sent;
    uint64_t refused;  /* by the call's own HRESULT: no answer is due */
    uint64_t answered; /* at least once */
    uint64_t doubled;  /* further answers to the same id */
    uint64_t unknown;  /* answers to an id that was never given, or to a refused one */
    uint8_t states[RM_TRANSACTIONS_RING];
};

/* The id for a new call. */
uint32_t rm_transactions_begin(struct rm_transactions *transactions);

void rm_transactions_refuse(struct rm_transactions *transactions, uint32_t id);

void rm_transactions_answer(struct rm_transactions *transactions, uint32_t id);

/* Calls that were taken and are not answered yet. */
uint64_t rm_transactions_open(const struct rm_transactions *transactions);

#endif
