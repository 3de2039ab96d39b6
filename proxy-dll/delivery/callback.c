#include "delivery/callback.h"

#include <string.h>
#include <opc/opcconst.h>

#include "module/memory.h"

struct rm_callback *rm_callback_new(enum rm_callback_kind kind, DWORD count)
{
    struct rm_callback *callback = rm_alloc_zero(1, sizeof(*callback));
    bool has_data = kind == RM_CALLBACK_DATA_CHANGE || kind == RM_CALLBACK_READ_COMPLETE;

    if (!callback)
        return NULL;
    callback->kind = kind;
    callback->count = count;
    callback->clients = rm_alloc_zero(count, sizeof(*callback->clients));
    callback->errors = rm_alloc_zero(count, sizeof(*callback->errors));
    if (has_data)
    {
        callback->values = rm_alloc_zero(count, sizeof(*callback->values));
        callback->qualities = rm_alloc_zero(count, sizeof(*callback->qualities));
        callback->times = rm_alloc_zero(count, sizeof(*callback->times));
    }
    if (!callback->clients || !callback->errors ||
        (has_data && (!callback->values || !callback->qualities || !callback->times)))
    {
        rm_callback_free(callback);
        return NULL;
    }
    return callback;
}

void rm_callback_free(struct rm_callback *callback)
{
    DWORD i;

    if (!callback)
        return;
    if (callback->values)
    {
        for (i = 0; i < callback->count; i++)
            VariantClear(&callback->values[i]);
    }
    rm_free(callback->clients);
    rm_free(callback->values);
    rm_free(callback->qualities);
    rm_free(callback->times);
    rm_free(callback->errors);
    rm_free(callback);
}

struct rm_callback *rm_callback_copy(const struct rm_callback *callback)
{
    struct rm_callback *copy = rm_callback_new(callback->kind, callback->count);
    DWORD count = callback->count;
    DWORD i;

    if (!copy)
        return NULL;
    copy->transaction = callback->transaction;
    copy->group = callback->group;
    copy->master_quality = callback->master_quality;
    copy->master_error = callback->master_error;
    if (count == 0)
        return copy;
    memcpy(copy->clients, callback->clients, count * sizeof(*copy->clients));
    memcpy(copy->errors, callback->errors, count * sizeof(*copy->errors));
    if (copy->values)
    {
        memcpy(copy->qualities, callback->qualities, count * sizeof(*copy->qualities));
        memcpy(copy->times, callback->times, count * sizeof(*copy->times));
        for (i = 0; i < count; i++)
        {
            if (FAILED(VariantCopy(&copy->values[i], &callback->values[i])))
            {
                rm_callback_free(copy);
                return NULL;
            }
        }
    }
    return copy;
}

void rm_callback_set_masters(struct rm_callback *callback)
{
    DWORD i;

    callback->master_quality = S_OK;
    callback->master_error = S_OK;
    for (i = 0; i < callback->count; i++)
    {
        if (callback->qualities && (callback->qualities[i] & OPC_QUALITY_MASK) != OPC_QUALITY_GOOD)
            callback->master_quality = S_FALSE;
        if (callback->errors[i] != S_OK)
            callback->master_error = S_FALSE;
    }
}

HRESULT rm_callback_call(const struct rm_callback *callback, IOPCDataCallback *client)
{
    switch (callback->kind)
    {
    case RM_CALLBACK_DATA_CHANGE:
        return IOPCDataCallback_OnDataChange(
            client, callback->transaction, callback->group, callback->master_quality,
            callback->master_error, callback->count, callback->clients, callback->values,
            callback->qualities, callback->times, callback->errors);
    case RM_CALLBACK_READ_COMPLETE:
        return IOPCDataCallback_OnReadComplete(
            client, callback->transaction, callback->group, callback->master_quality,
            callback->master_error, callback->count, callback->clients, callback->values,
            callback->qualities, callback->times, callback->errors);
    case RM_CALLBACK_WRITE_COMPLETE:
        return IOPCDataCallback_OnWriteComplete(client, callback->transaction, callback->group,
                                                callback->master_error, callback->count,
                                                callback->clients, callback->errors);
    case RM_CALLBACK_CANCEL_COMPLETE:
        return IOPCDataCallback_OnCancelComplete(client, callback->transaction, callback->group);
    }
    return E_UNEXPECTED;
}
