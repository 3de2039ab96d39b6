#include "delivery/transaction.h"

#include "call/hresult_class.h"
#include "delivery/callback.h"
#include "delivery/delivery.h"
#include "link/link.h"
#include "link/link_work.h"
#include "module/memory.h"
#include "session/item_names.h"
#include "session/session.h"

/* Locked. A machine that has only been demoted still answers what it was asked to write. */
static bool is_settled_elsewhere(struct rm_session *session,
                                 const struct rm_transaction *transaction)
{
    unsigned i;

    if (transaction->kind != RM_TRANSACTION_WRITE)
        return false;
    for (i = 0; i < RM_MACHINE_NUMBERS; i++)
    {
        if (session->links[i] && session->links[i]->number == transaction->link)
            return true;
    }
    return false;
}

/* The next transaction that an old link has left behind, taken out of the list. A call that has not
 * returned yet is repeated by the client's own thread. Locked. */
static struct rm_transaction *take_left_behind(struct rm_group *group, DWORD link)
{
    struct rm_list_node *node;

    for (node = group->transactions.next; node != &group->transactions; node = node->next)
    {
        struct rm_transaction *transaction = RM_LIST_ENTRY(node, struct rm_transaction, node);

        if (transaction->link == link || !transaction->is_sent ||
            is_settled_elsewhere(group->session, transaction))
            continue;
        rm_list_remove(&transaction->node);
        return transaction;
    }
    return NULL;
}

/* Tells the client what became of a transaction that no machine will answer. */
static void complete(struct rm_group *group, const struct rm_transaction *transaction,
                     HRESULT error)
{
    static const enum rm_callback_kind kinds[RM_TRANSACTION_KIND_COUNT] = {
        RM_CALLBACK_READ_COMPLETE, RM_CALLBACK_WRITE_COMPLETE, RM_CALLBACK_DATA_CHANGE};
    struct rm_callback *callback = rm_callback_new(
        transaction->is_cancelling ? RM_CALLBACK_CANCEL_COMPLETE : kinds[transaction->kind],
        transaction->count);
    DWORD i;

    if (!callback)
        return;
    callback->transaction = transaction->id;
    callback->group = group->client_handle;
    for (i = 0; i < transaction->count; i++)
    {
        callback->clients[i] = transaction->clients[i];
        callback->errors[i] = error;
    }
    rm_callback_set_masters(callback);
    rm_session_lock(group->session);
    rm_delivery_own(group, callback);
    rm_session_unlock(group->session);
    rm_callback_free(callback);
}

/* What is asked for again: copies, for the transaction itself may be completed and freed at any
 * time once it is back in the list. */
struct reissue
{
    struct rm_transaction_order order; /* without handles */
    DWORD count;
    OPCHANDLE *real; /* of those items that the new machine has */
    DWORD *max_ages; /* of the same; NULL: none were asked for */
    IOPCAsyncIO2 *async;
    IOPCAsyncIO3 *async3; /* where a greatest age was asked for, and the machine has it */
};

/* Locked. false: no memory. */
static bool prepare_reissue(struct rm_group *group, struct rm_link *link,
                            const struct rm_transaction *transaction, struct reissue *reissue)
{
    struct rm_link_group *link_group = rm_link_group_of(link, group);
    DWORD i;

    memset(reissue, 0, sizeof(*reissue));
    reissue->order.kind = transaction->kind;
    reissue->order.id = transaction->id;
    reissue->order.source = transaction->source;
    reissue->order.max_age_ms = transaction->max_age_ms;
    reissue->real = rm_alloc_zero(transaction->count, sizeof(*reissue->real));
    if (transaction->max_ages)
        reissue->max_ages = rm_alloc_zero(transaction->count, sizeof(*reissue->max_ages));
    if (!reissue->real || (transaction->max_ages && !reissue->max_ages))
        return false;
    for (i = 0; link_group && i < transaction->count; i++)
    {
        const struct rm_added_item *added =
            rm_link_added_item(link_group, group, transaction->handles[i]);

        if (!added)
            continue;
        if (reissue->max_ages)
            reissue->max_ages[reissue->count] = transaction->max_ages[i];
        reissue->real[reissue->count++] = added->real;
    }
    if (link->is_dead)
        return true;
    reissue->async = rm_link_take_group(link, group, RM_GROUP_ASYNC_IO2);
    if (transaction->max_ages || transaction->has_max_age)
        reissue->async3 = rm_link_take_group(link, group, RM_GROUP_ASYNC_IO3);
    /* A machine that knows no ages is asked for the device's values: they are young enough. */
    if (transaction->has_max_age && !reissue->async3)
        reissue->order.source = OPC_DS_DEVICE;
    return true;
}

static void clear_reissue(struct reissue *reissue)
{
    if (reissue->async)
        IOPCAsyncIO2_Release(reissue->async);
    if (reissue->async3)
        IOPCAsyncIO3_Release(reissue->async3);
    rm_free(reissue->real);
    rm_free(reissue->max_ages);
}

static HRESULT issue_refresh(const struct reissue *reissue, DWORD *cancel_id)
{
    const struct rm_transaction_order *order = &reissue->order;

    if (reissue->async3)
        return IOPCAsyncIO3_RefreshMaxAge(reissue->async3, order->max_age_ms, order->id, cancel_id);
    if (reissue->async)
        return IOPCAsyncIO2_Refresh2(reissue->async, order->source, order->id, cancel_id);
    return E_FAIL;
}

static HRESULT issue_read(const struct reissue *reissue, DWORD *cancel_id)
{
    HRESULT *errors = NULL;
    bool is_accepted = false;
    HRESULT hr = E_FAIL;
    DWORD i;

    if (!reissue->count)
        return hr;
    if (reissue->async3)
        hr = IOPCAsyncIO3_ReadMaxAge(reissue->async3, reissue->count, reissue->real,
                                     reissue->max_ages, reissue->order.id, cancel_id, &errors);
    else if (reissue->async)
        hr = IOPCAsyncIO2_Read(reissue->async, reissue->count, reissue->real, reissue->order.id,
                               cancel_id, &errors);
    for (i = 0; hr == S_FALSE && errors && i < reissue->count; i++)
        is_accepted = is_accepted || SUCCEEDED(errors[i]);
    if (hr == S_FALSE && !is_accepted)
        hr = E_FAIL;
    CoTaskMemFree(errors);
    return hr;
}

static HRESULT issue(const struct reissue *reissue, DWORD *cancel_id)
{
    return reissue->order.kind == RM_TRANSACTION_REFRESH ? issue_refresh(reissue, cancel_id)
                                                         : issue_read(reissue, cancel_id);
}

/* Of the machine that was asked, not of the one that settles the accounts: that is where the
 * operator has to look. */
static void tell_unknown(struct rm_group *group, const struct rm_transaction *transaction)
{
    WCHAR items[RM_ITEM_NAMES_ROOM];

    rm_session_lock(group->session);
    rm_item_names(group, transaction->count, transaction->handles, items, RM_ITEM_NAMES_ROOM);
    rm_session_unlock(group->session);
    rm_session_event(group->session, RM_EVENT_WRITE_UNKNOWN, transaction->machine, 0, items);
}

/* Reads and refreshes are asked for again; what can't be is completed with an error. */
static void settle(struct rm_group *group, struct rm_link *link, struct rm_transaction *transaction)
{
    struct rm_session *session = group->session;
    DWORD cancel_id = transaction->cancel_id, real_cancel_id = 0;
    struct rm_link_work work;
    struct reissue reissue;
    bool has_memory;
    HRESULT hr;

    if (transaction->is_cancelling || transaction->kind == RM_TRANSACTION_WRITE)
    {
        if (!transaction->is_cancelling)
            tell_unknown(group, transaction);
        complete(group, transaction, RM_HRESULT_CALL_FAILED);
        rm_transaction_free(transaction);
        return;
    }
    rm_session_lock(session);
    has_memory = prepare_reissue(group, link, transaction, &reissue);
    /* It counts as sent: should this link be lost too, the next one takes it over. */
    transaction->link = link->number;
    transaction->machine = link->machine;
    rm_list_append(&group->transactions, &transaction->node);
    rm_link_work_begin(link, &work);
    rm_session_unlock(session);

    hr = has_memory ? issue(&reissue, &real_cancel_id) : E_OUTOFMEMORY;
    clear_reissue(&reissue);

    rm_session_lock(session);
    rm_link_work_end(&work);
    /* Its callback may have come already, and then it is gone; or another link has it by now. */
    transaction = rm_transaction_find(group, cancel_id);
    if (transaction && transaction->link != link->number)
        transaction = NULL;
    if (transaction && FAILED(hr) && !link->is_dead && rm_hresult_classify(hr) == RM_HRESULT_ANSWER)
        rm_list_remove(&transaction->node);
    else if (transaction)
    {
        transaction->real_cancel_id = real_cancel_id;
        transaction = NULL;
    }
    rm_session_unlock(session);
    if (!transaction)
        return;
    complete(group, transaction, hr);
    rm_transaction_free(transaction);
}

void rm_transaction_resume(struct rm_group *group, struct rm_link *link)
{
    struct rm_session *session = group->session;
    struct rm_transaction *transaction;

    for (;;)
    {
        rm_session_lock(session);
        transaction = link->is_dead ? NULL : take_left_behind(group, link->number);
        rm_session_unlock(session);
        if (!transaction)
            break;
        settle(group, link, transaction);
    }
}
