#include "delivery/transaction.h"

#include "link/link.h"
#include "module/memory.h"
#include "session/session.h"

void rm_transaction_free(struct rm_transaction *transaction)
{
    rm_free(transaction->handles);
    rm_free(transaction->clients);
    rm_free(transaction);
}

static void forget(struct rm_transaction *transaction)
{
    rm_list_remove(&transaction->node);
    rm_transaction_free(transaction);
}

static bool copy_items(struct rm_group *group, struct rm_transaction *transaction, DWORD count,
                       const OPCHANDLE *handles)
{
    DWORD i;

    transaction->handles = rm_memdup(handles, count, sizeof(*handles));
    transaction->clients = rm_alloc_zero(count, sizeof(*transaction->clients));
    if (!transaction->handles || !transaction->clients)
        return false;
    transaction->count = count;
    for (i = 0; i < count; i++)
    {
        const struct rm_item *item = rm_group_find_item(group, handles[i]);

        if (item)
            transaction->clients[i] = item->client;
    }
    return true;
}

DWORD rm_transaction_begin(struct rm_group *group, const struct rm_link *link,
                           enum rm_transaction_kind kind, DWORD id, OPCDATASOURCE source,
                           DWORD count, const OPCHANDLE *handles)
{
    struct rm_transaction *transaction = rm_alloc_zero(1, sizeof(*transaction));

    if (!transaction)
        return 0;
    if (count && !copy_items(group, transaction, count, handles))
    {
        rm_transaction_free(transaction);
        return 0;
    }
    transaction->kind = kind;
    transaction->id = id;
    transaction->link = link->number;
    transaction->source = source;
    if (++group->next_cancel_id == 0)
        group->next_cancel_id = 1;
    transaction->cancel_id = group->next_cancel_id;
    rm_list_append(&group->transactions, &transaction->node);
    return transaction->cancel_id;
}

struct rm_transaction *rm_transaction_find(struct rm_group *group, DWORD cancel_id)
{
    struct rm_list_node *node;

    for (node = group->transactions.next; node != &group->transactions; node = node->next)
    {
        struct rm_transaction *transaction = RM_LIST_ENTRY(node, struct rm_transaction, node);

        if (transaction->cancel_id == cancel_id)
            return transaction;
    }
    return NULL;
}

void rm_transaction_settle(struct rm_group *group, DWORD cancel_id, DWORD real_cancel_id,
                           bool is_accepted)
{
    struct rm_transaction *transaction = rm_transaction_find(group, cancel_id);

    if (!transaction)
        return; /* its callback was quicker than the call's return */
    if (!is_accepted)
    {
        forget(transaction);
        return;
    }
    transaction->real_cancel_id = real_cancel_id;
    transaction->is_sent = true;
}

static struct rm_transaction *find_out(struct rm_group *group, DWORD link, DWORD id)
{
    struct rm_list_node *node;

    for (node = group->transactions.next; node != &group->transactions; node = node->next)
    {
        struct rm_transaction *transaction = RM_LIST_ENTRY(node, struct rm_transaction, node);

        if (transaction->link == link && transaction->id == id)
            return transaction;
    }
    return NULL;
}

bool rm_transaction_complete(struct rm_group *group, DWORD link, enum rm_transaction_kind kind,
                             DWORD id)
{
    struct rm_list_node *node;

    for (node = group->transactions.next; node != &group->transactions; node = node->next)
    {
        struct rm_transaction *transaction = RM_LIST_ENTRY(node, struct rm_transaction, node);

        if (transaction->link == link && transaction->id == id && transaction->kind == kind)
        {
            forget(transaction);
            return true;
        }
    }
    return false;
}

bool rm_transaction_complete_cancel(struct rm_group *group, DWORD link, DWORD id)
{
    struct rm_transaction *transaction = find_out(group, link, id);

    if (!transaction)
        return false;
    forget(transaction);
    return true;
}

void rm_transaction_forget_all(struct rm_group *group)
{
    while (!rm_list_is_empty(&group->transactions))
        forget(RM_LIST_ENTRY(group->transactions.next, struct rm_transaction, node));
}

bool rm_transactions_owed(struct rm_session *session, DWORD link)
{
    struct rm_list_node *node;
    DWORD slot;

    for (slot = 0; slot < session->group_slots; slot++)
    {
        struct rm_group *group = session->groups[slot];

        if (!group)
            continue;
        for (node = group->transactions.next; node != &group->transactions; node = node->next)
        {
            if (RM_LIST_ENTRY(node, struct rm_transaction, node)->link == link)
                return true;
        }
    }
    return false;
}
