#include "transactions.h"

enum
{
    STATE_OPEN,
    STATE_ANSWERED,
    STATE_REFUSED
};

uint32_t rm_transactions_begin(struct rm_transactions *transactions)
{
    transactions->last_id++;
    transactions->sent++;
    transactions->states[transactions->last_id % RM_TRANSACTIONS_RING] = STATE_OPEN;
    return transactions->last_id;
}

static uint8_t *find_state(struct rm_transactions *transactions, uint32_t id)
{
    if (id == 0 || id > transactions->last_id || transactions->last_id - id >= RM_TRANSACTIONS_RING)
        return NULL;
    return &transactions->states[id % RM_TRANSACTIONS_RING];
}

void rm_transactions_refuse(struct rm_transactions *transactions, uint32_t id)
{
    uint8_t *state = find_state(transactions, id);

    transactions->refused++;
    if (!state)
        return;
    if (*state == STATE_ANSWERED)
    {
        transactions->answered--;
        transactions->unknown++;
    }
    *state = STATE_REFUSED;
}

void rm_transactions_answer(struct rm_transactions *transactions, uint32_t id)
{
    uint8_t *state = find_state(transactions, id);

    if (!state || *state == STATE_REFUSED)
        transactions->unknown++;
    else if (*state == STATE_ANSWERED)
        transactions->doubled++;
    else
    {
        *state = STATE_ANSWERED;
        transactions->answered++;
    }
}

uint64_t rm_transactions_open(const struct rm_transactions *transactions)
{
    return transactions->sent - transactions->refused - transactions->answered;
}
