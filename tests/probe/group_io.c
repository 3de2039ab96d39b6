#include "group.h"

#include <opc/opcconst.h>

/* The transport was lost while the call was out: nobody knows whether it was carried out. */
static bool is_outcome_unknown(HRESULT hr)
{
    return hr == HRESULT_FROM_WIN32(RPC_S_CALL_FAILED) || hr == RPC_E_DISCONNECTED ||
           hr == RPC_E_SERVERFAULT || hr == RPC_E_CONNECTION_TERMINATED ||
           hr == HRESULT_FROM_WIN32(RPC_S_CALL_CANCELLED) ||
           hr == HRESULT_FROM_WIN32(ERROR_TIMEOUT);
}

void rm_group_note_read_value(struct rm_group *group, WORD quality, HRESULT error)
{
    EnterCriticalSection(&group->probe->lock);
    if (FAILED(error))
        group->probe->tally.read_values_failed++;
    else if ((quality & OPC_QUALITY_MASK) == OPC_QUALITY_BAD)
        group->probe->tally.read_values_bad++;
    LeaveCriticalSection(&group->probe->lock);
}

void rm_group_note_written(struct rm_group *group, LONG number, HRESULT error)
{
    if (SUCCEEDED(error))
        return;
    EnterCriticalSection(&group->probe->lock);
    if (is_outcome_unknown(error))
        group->probe->tally.writes_unknown++;
    else
        group->probe->tally.writes_failed++;
    LeaveCriticalSection(&group->probe->lock);
    rm_probe_event(group->probe, "write number=%ld hr=0x%08lX", number, (unsigned long)error);
}

void rm_group_note_answered(struct rm_group *group, DWORD transaction, HRESULT error)
{
    EnterCriticalSection(&group->probe->lock);
    LONG number = group->numbers[transaction % RM_TRANSACTIONS_RING];
    LeaveCriticalSection(&group->probe->lock);
    rm_group_note_written(group, number, error);
}

static void count(struct rm_group *group, uint64_t *counter)
{
    EnterCriticalSection(&group->probe->lock);
    (*counter)++;
    LeaveCriticalSection(&group->probe->lock);
}

static HRESULT read_items(struct rm_group *group, IOPCSyncIO *sync, OPCDATASOURCE source,
                          DWORD item_count, OPCHANDLE *handles)
{
    OPCITEMSTATE *states = NULL;
    HRESULT *errors = NULL;
    const char *method =
        source == OPC_DS_CACHE ? "IOPCSyncIO::Read.cache" : "IOPCSyncIO::Read.device";

    struct rm_call call = rm_probe_begin(group->probe, method);
    HRESULT hr = rm_probe_end(group->probe, call,
                              IOPCSyncIO_Read(sync, source, item_count, handles, &states, &errors));
    count(group, &group->probe->tally.reads);
    for (DWORD i = 0; SUCCEEDED(hr) && states && errors && i < item_count; i++)
    {
        rm_group_note_read_value(group, states[i].wQuality, errors[i]);
        VariantClear(&states[i].vDataValue);
    }
    CoTaskMemFree(states);
    CoTaskMemFree(errors);
    return hr;
}

static DWORD read_count(const struct rm_group *group)
{
    return group->taken_count < RM_GROUP_READ_ITEMS ? group->taken_count : RM_GROUP_READ_ITEMS;
}

HRESULT rm_group_read(struct rm_group *group, OPCDATASOURCE source)
{
    if (!group->taken_count)
        return S_FALSE;
    return read_items(group, group->sync, source, read_count(group), group->handles);
}

void rm_group_read_one(struct rm_group *group)
{
    IOPCSyncIO *sync = NULL;
    OPCHANDLE handle = 0;

    EnterCriticalSection(&group->probe->lock);
    if (group->is_open && group->taken_count)
    {
        handle = group->handles[0];
        sync = group->sync;
        IOPCSyncIO_AddRef(sync);
    }
    LeaveCriticalSection(&group->probe->lock);
    if (!sync)
        return;
    read_items(group, sync, OPC_DS_CACHE, 1, &handle);
    IOPCSyncIO_Release(sync);
}

static DWORD begin_transaction(struct rm_group *group)
{
    EnterCriticalSection(&group->probe->lock);
    DWORD id = rm_transactions_begin(&group->probe->transactions);
    LeaveCriticalSection(&group->probe->lock);
    return id;
}

/* No answer is due if the call failed, or if it refused every single item. */
static void settle_transaction(struct rm_group *group, DWORD id, HRESULT hr, DWORD item_count,
                               const HRESULT *errors)
{
    bool is_due = SUCCEEDED(hr) && !errors;

    for (DWORD i = 0; SUCCEEDED(hr) && errors && i < item_count; i++)
        is_due = is_due || SUCCEEDED(errors[i]);
    if (is_due)
        return;
    EnterCriticalSection(&group->probe->lock);
    rm_transactions_refuse(&group->probe->transactions, id);
    LeaveCriticalSection(&group->probe->lock);
    SetEvent(group->probe->answered);
}

HRESULT rm_group_read_async(struct rm_group *group)
{
    DWORD item_count = read_count(group);
    DWORD cancel_id;
    HRESULT *errors = NULL;

    if (!item_count)
        return S_FALSE;
    DWORD id = begin_transaction(group);
    struct rm_call call = rm_probe_begin(group->probe, "IOPCAsyncIO2::Read");
    HRESULT hr = rm_probe_end(
        group->probe, call,
        IOPCAsyncIO2_Read(group->async, item_count, group->handles, id, &cancel_id, &errors));
    count(group, &group->probe->tally.reads);
    settle_transaction(group, id, hr, item_count, errors);
    CoTaskMemFree(errors);
    return hr;
}

HRESULT rm_group_refresh(struct rm_group *group, OPCDATASOURCE source)
{
    DWORD cancel_id;
    DWORD id = begin_transaction(group);

    struct rm_call call = rm_probe_begin(group->probe, "IOPCAsyncIO2::Refresh2");
    HRESULT hr = rm_probe_end(group->probe, call,
                              IOPCAsyncIO2_Refresh2(group->async, source, id, &cancel_id));
    settle_transaction(group, id, hr, 0, NULL);
    return hr;
}

HRESULT rm_group_write(struct rm_group *group, LONG number)
{
    VARIANT value;
    HRESULT *errors = NULL;

    if (!group->taken_count)
        return S_FALSE;
    VariantInit(&value);
    V_VT(&value) = VT_I4;
    V_I4(&value) = number;
    struct rm_call call = rm_probe_begin(group->probe, "IOPCSyncIO::Write");
    HRESULT hr = rm_probe_end(group->probe, call,
                              IOPCSyncIO_Write(group->sync, 1, group->handles, &value, &errors));
    count(group, &group->probe->tally.writes);
    rm_group_note_written(group, number, FAILED(hr) || !errors ? hr : errors[0]);
    CoTaskMemFree(errors);
    return hr;
}

HRESULT rm_group_write_async(struct rm_group *group, LONG number)
{
    VARIANT value;
    DWORD cancel_id;
    HRESULT *errors = NULL;

    if (!group->taken_count)
        return S_FALSE;
    VariantInit(&value);
    V_VT(&value) = VT_I4;
    V_I4(&value) = number;
    DWORD id = begin_transaction(group);
    EnterCriticalSection(&group->probe->lock);
    group->numbers[id % RM_TRANSACTIONS_RING] = number;
    LeaveCriticalSection(&group->probe->lock);
    struct rm_call call = rm_probe_begin(group->probe, "IOPCAsyncIO2::Write");
    HRESULT hr = rm_probe_end(
        group->probe, call,
        IOPCAsyncIO2_Write(group->async, 1, group->handles, &value, id, &cancel_id, &errors));
    count(group, &group->probe->tally.writes);
    settle_transaction(group, id, hr, 1, errors);
    rm_group_note_written(group, number, FAILED(hr) || !errors ? hr : errors[0]);
    CoTaskMemFree(errors);
    return hr;
}
