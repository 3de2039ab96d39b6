#include "testclient.h"

#include <stdlib.h>

static struct sink *impl_from_IOPCDataCallback(IOPCDataCallback *iface)
{
    return CONTAINING_RECORD(iface, struct sink, IOPCDataCallback_iface);
}

static HRESULT STDMETHODCALLTYPE sink_data_QueryInterface(IOPCDataCallback *iface, REFIID iid,
                                                          void **object)
{
    struct sink *sink = impl_from_IOPCDataCallback(iface);
    *object = NULL;
    if (IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_IOPCDataCallback))
    {
        *object = iface;
    }
    else if (IsEqualIID(iid, &IID_IOPCShutdown))
    {
        *object = &sink->IOPCShutdown_iface;
    }
    else
    {
        return E_NOINTERFACE;
    }
    InterlockedIncrement(&sink->refs);
    return S_OK;
}

static ULONG STDMETHODCALLTYPE sink_data_AddRef(IOPCDataCallback *iface)
{
    return (ULONG)InterlockedIncrement(&impl_from_IOPCDataCallback(iface)->refs);
}

static ULONG STDMETHODCALLTYPE sink_data_Release(IOPCDataCallback *iface)
{
    struct sink *sink = impl_from_IOPCDataCallback(iface);
    ULONG refs = (ULONG)InterlockedDecrement(&sink->refs);
    if (refs == 0)
    {
        DeleteCriticalSection(&sink->lock);
        free(sink->records);
        free(sink);
    }
    return refs;
}

/* The lock is held. */
static void append(struct sink *sink, struct record record)
{
    if (sink->record_count < RECORDS_MAX)
    {
        record.callback = sink->callback_count;
        sink->records[sink->record_count++] = record;
    }
}

static double number_of(const VARIANT *value)
{
    VARIANT source = *value;
    VARIANT number;
    VariantInit(&number);
    if (V_ISARRAY(value) || FAILED(VariantChangeType(&number, &source, 0, VT_R8)))
    {
        return 0;
    }
    return V_R8(&number);
}

static void record_items(struct sink *sink, struct record head, DWORD count,
                         const OPCHANDLE *handles, const VARIANT *values, const WORD *qualities,
                         const FILETIME *stamps, const HRESULT *errors)
{
    EnterCriticalSection(&sink->lock);
    sink->callback_count++;
    for (DWORD i = 0; i < count; i++)
    {
        struct record record = head;
        record.client_handle = handles[i];
        record.error = errors[i];
        if (values != NULL)
        {
            record.type = V_VT(&values[i]);
            record.number = number_of(&values[i]);
            record.quality = qualities[i];
            record.stamp = ((uint64_t)stamps[i].dwHighDateTime << 32) | stamps[i].dwLowDateTime;
        }
        append(sink, record);
    }
    LeaveCriticalSection(&sink->lock);
}

static HRESULT STDMETHODCALLTYPE sink_data_OnDataChange(IOPCDataCallback *iface, DWORD transaction,
                                                        OPCHANDLE group, HRESULT master_quality,
                                                        HRESULT master_error, DWORD count,
                                                        OPCHANDLE *handles, VARIANT *values,
                                                        WORD *qualities, FILETIME *stamps,
                                                        HRESULT *errors)
{
    struct record head = {.kind = RECORD_CHANGE,
                          .transaction = transaction,
                          .client_group = group,
                          .master_quality = master_quality,
                          .master_error = master_error};
    record_items(impl_from_IOPCDataCallback(iface), head, count, handles, values, qualities, stamps,
                 errors);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE sink_data_OnReadComplete(
    IOPCDataCallback *iface, DWORD transaction, OPCHANDLE group, HRESULT master_quality,
    HRESULT master_error, DWORD count, OPCHANDLE *handles, VARIANT *values, WORD *qualities,
    FILETIME *stamps, HRESULT *errors)
{
    struct record head = {.kind = RECORD_READ,
                          .transaction = transaction,
                          .client_group = group,
                          .master_quality = master_quality,
                          .master_error = master_error};
    record_items(impl_from_IOPCDataCallback(iface), head, count, handles, values, qualities, stamps,
                 errors);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE sink_data_OnWriteComplete(IOPCDataCallback *iface,
                                                           DWORD transaction, OPCHANDLE group,
                                                           HRESULT master_error, DWORD count,
                                                           OPCHANDLE *handles, HRESULT *errors)
{
    struct record head = {.kind = RECORD_WRITE,
                          .transaction = transaction,
                          .client_group = group,
                          .master_error = master_error};
    record_items(impl_from_IOPCDataCallback(iface), head, count, handles, NULL, NULL, NULL, errors);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE sink_data_OnCancelComplete(IOPCDataCallback *iface,
                                                            DWORD transaction, OPCHANDLE group)
{
    struct sink *sink = impl_from_IOPCDataCallback(iface);
    EnterCriticalSection(&sink->lock);
    sink->callback_count++;
    append(sink, (struct record){
                     .kind = RECORD_CANCEL, .transaction = transaction, .client_group = group});
    LeaveCriticalSection(&sink->lock);
    return S_OK;
}

static const IOPCDataCallbackVtbl data_vtable = {
    sink_data_QueryInterface,   sink_data_AddRef,         sink_data_Release,
    sink_data_OnDataChange,     sink_data_OnReadComplete, sink_data_OnWriteComplete,
    sink_data_OnCancelComplete,
};

static struct sink *impl_from_IOPCShutdown(IOPCShutdown *iface)
{
    return CONTAINING_RECORD(iface, struct sink, IOPCShutdown_iface);
}

static HRESULT STDMETHODCALLTYPE sink_shutdown_QueryInterface(IOPCShutdown *iface, REFIID iid,
                                                              void **object)
{
    return sink_data_QueryInterface(&impl_from_IOPCShutdown(iface)->IOPCDataCallback_iface, iid,
                                    object);
}

static ULONG STDMETHODCALLTYPE sink_shutdown_AddRef(IOPCShutdown *iface)
{
    return sink_data_AddRef(&impl_from_IOPCShutdown(iface)->IOPCDataCallback_iface);
}

static ULONG STDMETHODCALLTYPE sink_shutdown_Release(IOPCShutdown *iface)
{
    return sink_data_Release(&impl_from_IOPCShutdown(iface)->IOPCDataCallback_iface);
}

static HRESULT STDMETHODCALLTYPE sink_shutdown_ShutdownRequest(IOPCShutdown *iface, LPCWSTR reason)
{
    struct sink *sink = impl_from_IOPCShutdown(iface);
    EnterCriticalSection(&sink->lock);
    sink->shutdown_count += reason != NULL;
    LeaveCriticalSection(&sink->lock);
    return S_OK;
}

static const IOPCShutdownVtbl shutdown_vtable = {
    sink_shutdown_QueryInterface,
    sink_shutdown_AddRef,
    sink_shutdown_Release,
    sink_shutdown_ShutdownRequest,
};

struct sink *test_sink_create(void)
{
    struct sink *sink = calloc(1, sizeof(*sink));
    assert_non_null(sink);
    sink->records = calloc(RECORDS_MAX, sizeof(*sink->records));
    assert_non_null(sink->records);
    sink->IOPCDataCallback_iface.lpVtbl = &data_vtable;
    sink->IOPCShutdown_iface.lpVtbl = &shutdown_vtable;
    sink->refs = 1;
    InitializeCriticalSection(&sink->lock);
    return sink;
}
