#include "transaction.h"
#include "apartment.h"
#include "clock.h"
#include "delivery.h"
#include "module.h"
#include "updater.h"

#include <opc/opcconst.h>
#include <opc/opcerror.h>

#include <olectl.h>
#include <stdlib.h>

#define TRANSACTIONS_MAX 100
#define EARLY_WAIT_MS    3000 /* a client may take the callback only after the call's return */
#define EARLY_LOOK_MS    50

struct sim_transaction *sim_transaction_create(enum sim_transaction_kind kind, DWORD id,
                                               DWORD capacity)
{
    struct sim_transaction *transaction =
        calloc(1, sizeof(*transaction) + capacity * sizeof(transaction->items[0]));
    if (transaction != NULL)
    {
        transaction->kind = kind;
        transaction->id = id;
    }
    return transaction;
}

void sim_transaction_free(struct sim_transaction *transaction)
{
    for (DWORD i = 0; i < transaction->count; i++)
    {
        VariantClear(&transaction->items[i].vqt.vDataValue);
    }
    if (transaction->done != NULL)
    {
        SetEvent(transaction->done);
        CloseHandle(transaction->done);
    }
    free(transaction);
}

/* The caller's own handle of an event that tells that the transaction is complete. */
static HANDLE make_done(struct sim_transaction *transaction)
{
    HANDLE own = NULL;
    transaction->done = CreateEventW(NULL, TRUE, FALSE, NULL);
    DuplicateHandle(GetCurrentProcess(), transaction->done, GetCurrentProcess(), &own, 0, FALSE,
                    DUPLICATE_SAME_ACCESS);
    return own;
}

static void await_callback(HANDLE done)
{
    int64_t end_ms = sim_clock_now() + sim_module_options()->async_delay_ms + EARLY_WAIT_MS;
    while (!sim_gate_is_mute() && sim_clock_now() < end_ms &&
           WaitForSingleObject(done, EARLY_LOOK_MS) == WAIT_TIMEOUT)
    {
    }
}

/* On the thread of a single-threaded apartment the callback is made right here, as the updater
 * would have to wait for that thread. */
static HRESULT complete_here(struct sim_group *group, struct sim_transaction *transaction,
                             DWORD *cancel_id)
{
    struct sim_delivery delivery = {.count = 0};
    Sleep((DWORD)sim_module_options()->async_delay_ms);
    AcquireSRWLockExclusive(&group->lock);
    *cancel_id = ++group->last_cancel_id;
    ReleaseSRWLockExclusive(&group->lock);
    sim_transaction_complete(group, transaction, &delivery);
    sim_delivery_free(&delivery);
    return S_OK;
}

HRESULT sim_transaction_queue(struct sim_group *group, struct sim_transaction *transaction,
                              DWORD *cancel_id)
{
    bool is_early = sim_module_options()->is_early;
    if (is_early && sim_apartment_is_inside() && !sim_gate_is_mute())
    {
        return complete_here(group, transaction, cancel_id);
    }
    HANDLE done = is_early && !sim_apartment_is_inside() ? make_done(transaction) : NULL;
    AcquireSRWLockExclusive(&group->lock);
    bool is_full = group->transaction_count == TRANSACTIONS_MAX;
    if (!is_full)
    {
        struct sim_transaction **link = &group->transactions;
        while (*link != NULL)
        {
            link = &(*link)->next;
        }
        *link = transaction;
        group->transaction_count++;
        transaction->due_ms = sim_clock_now() + sim_module_options()->async_delay_ms;
        transaction->cancel_id = ++group->last_cancel_id;
        *cancel_id = transaction->cancel_id;
        sim_updater_start(group);
    }
    ReleaseSRWLockExclusive(&group->lock);
    if (is_full)
    {
        sim_transaction_free(transaction);
        if (done != NULL)
        {
            CloseHandle(done);
        }
        return CONNECT_E_ADVISELIMIT;
    }
    sim_updater_wake(group);
    if (done != NULL)
    {
        await_callback(done);
        CloseHandle(done);
    }
    return S_OK;
}

HRESULT sim_transaction_cancel(struct sim_group *group, DWORD cancel_id)
{
    AcquireSRWLockExclusive(&group->lock);
    struct sim_transaction *transaction = group->transactions;
    while (transaction != NULL && transaction->cancel_id != cancel_id)
    {
        transaction = transaction->next;
    }
    bool is_waiting = transaction != NULL && !transaction->is_cancelled;
    if (is_waiting)
    {
        transaction->is_cancelled = true;
        transaction->due_ms = INT64_MIN;
    }
    ReleaseSRWLockExclusive(&group->lock);
    sim_updater_wake(group);
    return is_waiting ? S_OK : E_FAIL;
}

void sim_transaction_clear(struct sim_group *group)
{
    while (group->transactions != NULL)
    {
        struct sim_transaction *next = group->transactions->next;
        sim_transaction_free(group->transactions);
        group->transactions = next;
    }
}

struct sim_transaction *sim_transaction_take_due(struct sim_group *group, int64_t now_ms)
{
    struct sim_transaction **link = &group->transactions;
    while (*link != NULL && !(*link)->is_cancelled && (*link)->due_ms > now_ms)
    {
        link = &(*link)->next;
    }
    struct sim_transaction *transaction = *link;
    if (transaction != NULL)
    {
        *link = transaction->next;
        group->transaction_count--;
    }
    return transaction;
}

static void collect_read(struct sim_group *group, const struct sim_transaction *transaction,
                         struct sim_delivery *delivery)
{
    int64_t now_ms = sim_clock_now();
    for (DWORD i = 0; i < transaction->count; i++)
    {
        const struct sim_transaction_item *wanted = &transaction->items[i];
        struct sim_group_item *item = sim_group_find_item(group, wanted->server_handle);
        struct sim_vqt vqt = {.quality = OPC_QUALITY_BAD, .stamp = sim_clock_filetime(now_ms)};
        HRESULT error = OPC_E_INVALIDHANDLE;
        if (item != NULL)
        {
            error = sim_group_read(group, item, wanted->source, now_ms, &vqt);
        }
        sim_delivery_add(delivery, wanted->server_handle, wanted->client_handle, &vqt, error);
    }
}

static void collect_write(struct sim_group *group, const struct sim_transaction *transaction,
                          struct sim_delivery *delivery)
{
    for (DWORD i = 0; i < transaction->count; i++)
    {
        const struct sim_transaction_item *wanted = &transaction->items[i];
        struct sim_group_item *item = sim_group_find_item(group, wanted->server_handle);
        HRESULT error = OPC_E_INVALIDHANDLE;
        if (item != NULL)
        {
            error = sim_device_write_vqt(item->item, &wanted->vqt, group->locale);
            sim_journal_write(group->handle, transaction->id, error, item->item->node->id,
                              &wanted->vqt.vDataValue);
        }
        struct sim_vqt nothing = {.quality = OPC_QUALITY_GOOD};
        sim_delivery_add(delivery, wanted->server_handle, wanted->client_handle, &nothing, error);
    }
}

void sim_transaction_complete(struct sim_group *group, struct sim_transaction *transaction,
                              struct sim_delivery *delivery)
{
    static const enum sim_callback callbacks[] = {SIM_CALLBACK_READ, SIM_CALLBACK_WRITE,
                                                  SIM_CALLBACK_REFRESH};
    sim_gate_wait();
    AcquireSRWLockExclusive(&group->lock);
    enum sim_callback callback =
        transaction->is_cancelled ? SIM_CALLBACK_CANCEL : callbacks[transaction->kind];
    sim_delivery_begin(delivery, group, callback, transaction->id);
    if (!group->is_removed && !transaction->is_cancelled)
    {
        switch (transaction->kind)
        {
        case SIM_TRANSACTION_READ: collect_read(group, transaction, delivery); break;
        case SIM_TRANSACTION_WRITE: collect_write(group, transaction, delivery); break;
        case SIM_TRANSACTION_REFRESH:
            sim_updater_collect_refresh(group, delivery, transaction->is_of_all);
            break;
        }
    }
    ReleaseSRWLockExclusive(&group->lock);
    sim_delivery_send(delivery, group);
    sim_transaction_free(transaction);
}
