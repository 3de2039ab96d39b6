#include "delivery.h"
#include "clock.h"
#include "difficulty.h"
#include "log.h"
#include "module.h"

#include <opc/opcconst.h>

#include <stdlib.h>

static void clear_values(struct sim_delivery *delivery)
{
    for (DWORD i = 0; i < delivery->count; i++)
    {
        VariantClear(&delivery->values[i]);
    }
    delivery->count = 0;
}

void sim_delivery_begin(struct sim_delivery *delivery, const struct sim_group *group,
                        enum sim_callback callback, DWORD transaction)
{
    clear_values(delivery);
    delivery->callback = callback;
    delivery->transaction = transaction;
    delivery->client_group = group->client_handle;
}

static bool grow_array(void *array, size_t capacity, size_t size)
{
    void **pointer = array;
    void *grown = realloc(*pointer, capacity * size);
    if (grown != NULL)
    {
        *pointer = grown;
    }
    return grown != NULL;
}

static bool grow(struct sim_delivery *delivery)
{
    DWORD capacity = delivery->capacity * 2 + 64;
    bool is_grown = grow_array(&delivery->server_handles, capacity, sizeof(DWORD)) &&
                    grow_array(&delivery->client_handles, capacity, sizeof(DWORD)) &&
                    grow_array(&delivery->values, capacity, sizeof(VARIANT)) &&
                    grow_array(&delivery->qualities, capacity, sizeof(WORD)) &&
                    grow_array(&delivery->stamps, capacity, sizeof(FILETIME)) &&
                    grow_array(&delivery->errors, capacity, sizeof(HRESULT));
    if (is_grown)
    {
        delivery->capacity = capacity;
    }
    return is_grown;
}

void sim_delivery_add(struct sim_delivery *delivery, DWORD server_handle, DWORD client_handle,
                      const struct sim_vqt *vqt, HRESULT error)
{
    DWORD i = delivery->count;
    if (i == delivery->capacity && !grow(delivery))
    {
        VARIANT lost = vqt->value;
        VariantClear(&lost);
        return;
    }
    delivery->server_handles[i] = server_handle;
    delivery->client_handles[i] = client_handle;
    delivery->values[i] = vqt->value;
    delivery->qualities[i] = vqt->quality;
    delivery->stamps[i] = vqt->stamp;
    delivery->errors[i] = error;
    delivery->count++;
}

static HRESULT master_quality(const struct sim_delivery *delivery)
{
    for (DWORD i = 0; i < delivery->count; i++)
    {
        if ((delivery->qualities[i] & OPC_QUALITY_MASK) != OPC_QUALITY_GOOD)
        {
            return S_FALSE;
        }
    }
    return S_OK;
}

static HRESULT master_error(const struct sim_delivery *delivery)
{
    for (DWORD i = 0; i < delivery->count; i++)
    {
        if (delivery->errors[i] != S_OK)
        {
            return S_FALSE;
        }
    }
    return S_OK;
}

static enum sim_method method_of(enum sim_callback callback)
{
    switch (callback)
    {
    case SIM_CALLBACK_READ: return SIM_IOPCDataCallback_OnReadComplete;
    case SIM_CALLBACK_WRITE: return SIM_IOPCDataCallback_OnWriteComplete;
    case SIM_CALLBACK_CANCEL: return SIM_IOPCDataCallback_OnCancelComplete;
    case SIM_CALLBACK_DATA_CHANGE:
    case SIM_CALLBACK_REFRESH:
    case SIM_CALLBACK_KEEP_ALIVE: break;
    }
    return SIM_IOPCDataCallback_OnDataChange;
}

/* Without items; the proxy wants arrays all the same. */
static HRESULT call_keep_alive(const struct sim_delivery *d, IOPCDataCallback *sink)
{
    OPCHANDLE handle = 0;
    VARIANT value;
    WORD quality = OPC_QUALITY_GOOD;
    FILETIME stamp = {0, 0};
    HRESULT error = S_OK;
    VariantInit(&value);
    return IOPCDataCallback_OnDataChange(sink, d->transaction, d->client_group, S_OK, S_OK, 0,
                                         &handle, &value, &quality, &stamp, &error);
}

static HRESULT call(const struct sim_delivery *d, IOPCDataCallback *sink)
{
    switch (d->callback)
    {
    case SIM_CALLBACK_READ:
        return IOPCDataCallback_OnReadComplete(
            sink, d->transaction, d->client_group, master_quality(d), master_error(d), d->count,
            d->client_handles, d->values, d->qualities, d->stamps, d->errors);
    case SIM_CALLBACK_WRITE:
        return IOPCDataCallback_OnWriteComplete(sink, d->transaction, d->client_group,
                                                master_error(d), d->count, d->client_handles,
                                                d->errors);
    case SIM_CALLBACK_CANCEL:
        return IOPCDataCallback_OnCancelComplete(sink, d->transaction, d->client_group);
    case SIM_CALLBACK_KEEP_ALIVE: return call_keep_alive(d, sink);
    case SIM_CALLBACK_DATA_CHANGE:
    case SIM_CALLBACK_REFRESH: break;
    }
    return IOPCDataCallback_OnDataChange(sink, d->transaction, d->client_group, master_quality(d),
                                         master_error(d), d->count, d->client_handles, d->values,
                                         d->qualities, d->stamps, d->errors);
}

/* Codes by which the client's process, or its sink, is no more. */
static bool is_lost(HRESULT result)
{
    return result == RPC_E_DISCONNECTED || result == CO_E_OBJNOTCONNECTED ||
           result == RPC_E_SERVER_DIED || result == RPC_E_SERVER_DIED_DNE ||
           result == HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE) ||
           result == HRESULT_FROM_WIN32(RPC_S_CALL_FAILED);
}

static void send_to(const struct sim_delivery *delivery, struct sim_group *group, IUnknown *sink)
{
    bool has_values = delivery->callback != SIM_CALLBACK_WRITE;
    struct sim_journal_items items = {
        .count = delivery->count,
        .server_handles = delivery->server_handles,
        .values = has_values ? delivery->values : NULL,
        .qualities = has_values ? delivery->qualities : NULL,
        .stamps = has_values ? delivery->stamps : NULL,
        .errors = delivery->errors,
    };
    AcquireSRWLockExclusive(&group->lock);
    group->last_callback_ms = sim_clock_now();
    ReleaseSRWLockExclusive(&group->lock);
    if (FAILED(sim_gate_enter(method_of(delivery->callback))))
    {
        return;
    }
    uint32_t sequence = sim_journal_delivery(delivery->callback, group->handle,
                                             delivery->client_group, delivery->transaction, &items);
    if (delivery->callback != SIM_CALLBACK_KEEP_ALIVE || sim_difficulty_is_other_dialect())
    {
        /* Before the call: in it, or right after it, the client may ask for the status. */
        sim_server_note_update(group->server);
    }
    HRESULT result = call(delivery, (IOPCDataCallback *)sink);
    sim_journal_result(sequence, result);
    if (is_lost(result))
    {
        sim_log("session: a client is lost, its callback answered 0x%08lx", (unsigned long)result);
        sim_connection_drop(&group->connection, sink);
    }
}

/* --batch: one callback after the other, each with so many of the items. */
static void send_in_batches(struct sim_delivery *delivery, struct sim_group *group, IUnknown *sink)
{
    int64_t batch = sim_module_options()->batch;
    DWORD size = batch > 0 && delivery->callback == SIM_CALLBACK_DATA_CHANGE ? (DWORD)batch
                                                                             : delivery->count;
    for (DWORD first = 0; first < delivery->count; first += size)
    {
        struct sim_delivery part = *delivery;
        part.count = delivery->count - first < size ? delivery->count - first : size;
        part.server_handles += first;
        part.client_handles += first;
        part.values += first;
        part.qualities += first;
        part.stamps += first;
        part.errors += first;
        send_to(&part, group, sink);
    }
    if (delivery->count == 0) /* a cancel */
    {
        send_to(delivery, group, sink);
    }
}

void sim_delivery_send(struct sim_delivery *delivery, struct sim_group *group)
{
    IUnknown *sink = NULL;
    if (delivery->count > 0 || delivery->callback == SIM_CALLBACK_CANCEL ||
        delivery->callback == SIM_CALLBACK_KEEP_ALIVE)
    {
        sink = sim_connection_get_sink(&group->connection);
    }
    if (sink != NULL)
    {
        send_in_batches(delivery, group, sink);
        IUnknown_Release(sink);
    }
    clear_values(delivery);
}

void sim_delivery_free(struct sim_delivery *delivery)
{
    clear_values(delivery);
    free(delivery->server_handles);
    free(delivery->client_handles);
    free(delivery->values);
    free(delivery->qualities);
    free(delivery->stamps);
    free(delivery->errors);
}
