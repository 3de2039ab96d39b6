#include "delivery/transaction.h"

#include "delivery/callback.h"
#include "link/link.h"
#include "module/memory.h"
#include "session/session.h"

void rm_transaction_free(struct rm_transaction *transaction)
{
    rm_free(transaction->handles);
    rm_free(transaction->clients);
    rm_free(transaction->max_ages);
    rm_free(transaction->is_answered);
    rm_free(transaction);
}

static void forget(struct rm_transaction *transaction)
{
    rm_list_remove(&transaction->node);
    rm_transaction_free(transaction);
}

static bool copy_items(struct rm_group *group, struct rm_transaction *transaction,
                       const struct rm_transaction_order *order)
{
    DWORD count = order->count;
    DWORD i;

    transaction->handles = rm_memdup(order->handles, count, sizeof(*order->handles));
    transaction->clients = rm_alloc_zero(count, sizeof(*transaction->clients));
    transaction->is_answered = rm_alloc_zero(count, sizeof(*transaction->is_answered));
    transaction->max_ages = rm_memdup(order->max_ages, count, sizeof(*order->max_ages));
    if (!transaction->handles || !transaction->clients || !transaction->is_answered ||
        (order->max_ages && !transaction->max_ages))
        return false;
    transaction->count = count;
    for (i = 0; i < count; i++)
    {
        const struct rm_item *item = rm_group_find_item(group, order->handles[i]);

        if (item)
            transaction->clients[i] = item->client;
    }
    return true;
}

DWORD rm_transaction_begin(struct rm_group *group, const struct rm_link *link,
                           const struct rm_transaction_order *order)
{
    struct rm_transaction *transaction = rm_alloc_zero(1, sizeof(*transaction));

    if (!transaction)
        return 0;
    if (order->count && !copy_items(group, transaction, order))
    {
        rm_transaction_free(transaction);
        return 0;
    }
    transaction->kind = order->kind;
    transaction->id = order->id;
    transaction->link = link->number;
    transaction->machine = link->machine;
    transaction->source = order->source;
    transaction->has_max_age = order->has_max_age;
    transaction->max_age_ms = order->max_age_ms;
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
        return;
    if (!is_accepted || transaction->is_completed)
    {
        forget(transaction);
        return;
    }
    transaction->real_cancel_id = real_cancel_id;
    transaction->is_sent = true;
}

/* The transaction that a completion is about. Ids are the client's: several may bear the same one,
 * of one kind or of different kinds, and then those that are being cancelled are the last to be
 * answered by a callback of their own kind, and the first by OnCancelComplete.
 * Kind RM_TRANSACTION_KIND_COUNT: any. */
static struct rm_transaction *find_out(struct rm_group *group, DWORD link,
                                       enum rm_transaction_kind kind, DWORD id, bool is_cancel)
{
    struct rm_transaction *other = NULL;
    struct rm_list_node *node;

    for (node = group->transactions.next; node != &group->transactions; node = node->next)
    {
        struct rm_transaction *transaction = RM_LIST_ENTRY(node, struct rm_transaction, node);

        if (transaction->link != link || transaction->id != id || transaction->is_completed ||
            (kind != RM_TRANSACTION_KIND_COUNT && transaction->kind != kind))
            continue;
        if (transaction->is_cancelling == is_cancel)
            return transaction;
        if (!other)
            other = transaction;
    }
    return other;
}

/* Marks the items that the callback brings. Client handles may be doubled, and mostly come in the
 * order in which they were asked for: the search goes on where the last one ended. */
static void mark_answered(struct rm_transaction *transaction, const struct rm_callback *completion)
{
    DWORD from = 0, i, tried;

    for (i = 0; i < completion->count; i++)
    {
        for (tried = 0; tried < transaction->count; tried++)
        {
            DWORD index = (from + tried) % transaction->count;

            if (transaction->is_answered[index] ||
                transaction->clients[index] != completion->clients[i])
                continue;
            transaction->is_answered[index] = 1;
            from = index + 1;
            break;
        }
    }
}

bool rm_transaction_complete(struct rm_group *group, DWORD link, enum rm_transaction_kind kind,
                             const struct rm_callback *completion)
{
    struct rm_transaction *transaction =
        find_out(group, link, kind, completion->transaction, false);

    if (!transaction)
        return false;
    if (transaction->is_sent)
        forget(transaction);
    else
    {
        transaction->is_completed = true;
        if (transaction->count)
            mark_answered(transaction, completion);
    }
    return true;
}

bool rm_transaction_complete_cancel(struct rm_group *group, DWORD link, DWORD id)
{
    struct rm_transaction *transaction = find_out(group, link, RM_TRANSACTION_KIND_COUNT, id, true);

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
            const struct rm_transaction *transaction =
                RM_LIST_ENTRY(node, struct rm_transaction, node);

            if (transaction->link == link && !transaction->is_completed)
                return true;
        }
    }
    return false;
}
