/*
 * The group object: IOPCAsyncIO of Data Access 1, IOPCAsyncIO3 with its inherited methods.
 *
 * Calls that have an answer give it at once, from within: the callback returns before they do.
 */
#include "echo.h"

#include "samples.h"

FORWARD_UNKNOWN(IOPCAsyncIO, echo_group, async1, IOPCGroupStateMgt2)
FORWARD_UNKNOWN(IOPCAsyncIO3, echo_group, async, IOPCGroupStateMgt2)

static HRESULT STDMETHODCALLTYPE async1_Read(IOPCAsyncIO *iface, DWORD connection,
                                             OPCDATASOURCE source, DWORD count, OPCHANDLE *handles,
                                             DWORD *transaction, HRESULT **errors)
{
    (void)iface;
    trace(L"AsyncIO::Read connection=%lx source=%d", connection, source);
    trace_numbers(L"items", count, handles);
    *transaction = 0xAA000001;
    *errors = task_errors(count);
    return S_FALSE;
}

static HRESULT STDMETHODCALLTYPE async1_Write(IOPCAsyncIO *iface, DWORD connection, DWORD count,
                                              OPCHANDLE *handles, VARIANT *values,
                                              DWORD *transaction, HRESULT **errors)
{
    (void)iface;
    trace(L"AsyncIO::Write connection=%lx", connection);
    *transaction = 0xAA000002;
    *errors = check_samples(count, handles, values);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE async1_Refresh(IOPCAsyncIO *iface, DWORD connection,
                                                OPCDATASOURCE source, DWORD *transaction)
{
    (void)iface;
    trace(L"AsyncIO::Refresh connection=%lx source=%d", connection, source);
    *transaction = 0xAA000003;
    return CONNECT_E_NOCONNECTION;
}

static HRESULT STDMETHODCALLTYPE async1_Cancel(IOPCAsyncIO *iface, DWORD transaction)
{
    (void)iface;
    trace(L"AsyncIO::Cancel %lx", transaction);
    return S_OK;
}

static const IOPCAsyncIOVtbl async1_vtbl = {
    async1_QueryInterface, async1_AddRef,  async1_Release, async1_Read,
    async1_Write,          async1_Refresh, async1_Cancel,
};

static IOPCDataCallback *sink_of(IOPCAsyncIO3 *iface)
{
    return CONTAINING_RECORD(iface, struct echo_group, IOPCAsyncIO3_iface)->sink;
}

/*
 * A callback with data: value i is the sample handles[i]. With count 0 it is a keep-alive: the
 * arrays are references all the same, so each has one element that does not travel.
 */
static HRESULT call_back(IOPCDataCallback *sink, BOOL is_read, DWORD transaction, DWORD count,
                         OPCHANDLE *handles)
{
    DWORD allocated = count ? count : 1;
    VARIANT *values = task_alloc(allocated * sizeof(*values));
    WORD *qualities = task_alloc(allocated * sizeof(*qualities));
    FILETIME *times = task_alloc(allocated * sizeof(*times));
    HRESULT *errors = task_errors(allocated);
    HRESULT hr;

    for (DWORD i = 0; i < count; i++)
    {
        sample_make(handles[i], &values[i]);
        qualities[i] = (WORD)(0xFF00 + i);
        times[i] = number_to_time(i);
    }
    if (is_read)
        hr = IOPCDataCallback_OnReadComplete(sink, transaction, 0xC2000000, S_FALSE,
                                             OPC_S_DATAQUEUEOVERFLOW, count, handles, values,
                                             qualities, times, errors);
    else
        hr = IOPCDataCallback_OnDataChange(sink, transaction, 0xC2000000, S_FALSE,
                                           OPC_S_DATAQUEUEOVERFLOW, count, handles, values,
                                           qualities, times, errors);
    for (DWORD i = 0; i < count; i++)
        VariantClear(&values[i]);
    CoTaskMemFree(values);
    CoTaskMemFree(qualities);
    CoTaskMemFree(times);
    CoTaskMemFree(errors);
    return hr;
}

static HRESULT STDMETHODCALLTYPE async_Read(IOPCAsyncIO3 *iface, DWORD count, OPCHANDLE *handles,
                                            DWORD transaction, DWORD *cancel, HRESULT **errors)
{
    trace(L"AsyncIO2::Read transaction=%lx", transaction);
    *cancel = 0xCC000001;
    *errors = task_errors(count);
    return call_back(sink_of(iface), TRUE, transaction, count, handles);
}

static HRESULT STDMETHODCALLTYPE async_Write(IOPCAsyncIO3 *iface, DWORD count, OPCHANDLE *handles,
                                             VARIANT *values, DWORD transaction, DWORD *cancel,
                                             HRESULT **errors)
{
    trace(L"AsyncIO2::Write transaction=%lx", transaction);
    *cancel = 0xCC000002;
    *errors = check_samples(count, handles, values);
    return IOPCDataCallback_OnWriteComplete(sink_of(iface), transaction, 0xC2000001, S_FALSE, count,
                                            handles, *errors);
}

/* Changes everything: all samples in one callback. */
static HRESULT STDMETHODCALLTYPE async_Refresh2(IOPCAsyncIO3 *iface, OPCDATASOURCE source,
                                                DWORD transaction, DWORD *cancel)
{
    OPCHANDLE handles[SAMPLE_COUNT];

    trace(L"AsyncIO2::Refresh2 %d transaction=%lx", source, transaction);
    for (DWORD i = 0; i < SAMPLE_COUNT; i++)
        handles[i] = i;
    *cancel = 0xCC000003;
    return call_back(sink_of(iface), FALSE, transaction, SAMPLE_COUNT, handles);
}

static HRESULT STDMETHODCALLTYPE async_Cancel2(IOPCAsyncIO3 *iface, DWORD cancel)
{
    trace(L"AsyncIO2::Cancel2 %lx", cancel);
    return IOPCDataCallback_OnCancelComplete(sink_of(iface), cancel + 1, 0xC2000002);
}

static HRESULT STDMETHODCALLTYPE async_SetEnable(IOPCAsyncIO3 *iface, BOOL enable)
{
    (void)iface;
    trace(L"AsyncIO2::SetEnable %ld", enable);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE async_GetEnable(IOPCAsyncIO3 *iface, BOOL *enable)
{
    (void)iface;
    trace(L"AsyncIO2::GetEnable");
    *enable = TRUE;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE async_ReadMaxAge(IOPCAsyncIO3 *iface, DWORD count,
                                                  OPCHANDLE *handles, DWORD *ages,
                                                  DWORD transaction, DWORD *cancel,
                                                  HRESULT **errors)
{
    (void)iface;
    trace(L"AsyncIO3::ReadMaxAge transaction=%lx", transaction);
    trace_numbers(L"items", count, handles);
    trace_numbers(L"ages", count, ages);
    *cancel = 0xCC000004;
    *errors = task_errors(count);
    return S_FALSE;
}

static HRESULT STDMETHODCALLTYPE async_WriteVQT(IOPCAsyncIO3 *iface, DWORD count,
                                                OPCHANDLE *handles, OPCITEMVQT *vqts,
                                                DWORD transaction, DWORD *cancel, HRESULT **errors)
{
    (void)iface;
    trace(L"AsyncIO3::WriteVQT first=%lx transaction=%lx", handles[0], transaction);
    *cancel = 0xCC000005;
    *errors = check_vqts(count, vqts);
    return S_OK;
}

/* The age is the number of doubles that one callback brings: 0 makes it a keep-alive. */
static HRESULT STDMETHODCALLTYPE async_RefreshMaxAge(IOPCAsyncIO3 *iface, DWORD age,
                                                     DWORD transaction, DWORD *cancel)
{
    OPCHANDLE handles[100];

    trace(L"AsyncIO3::RefreshMaxAge %lu transaction=%lx", age, transaction);
    if (age > ARRAYSIZE(handles))
        return E_INVALIDARG;
    for (DWORD i = 0; i < ARRAYSIZE(handles); i++)
        handles[i] = 13;
    *cancel = 0xCC000006;
    return call_back(sink_of(iface), FALSE, transaction, age, handles);
}

static const IOPCAsyncIO3Vtbl async_vtbl = {
    async_QueryInterface, async_AddRef,     async_Release,  async_Read,
    async_Write,          async_Refresh2,   async_Cancel2,  async_SetEnable,
    async_GetEnable,      async_ReadMaxAge, async_WriteVQT, async_RefreshMaxAge,
};

void echo_async_init(struct echo_group *group)
{
    group->IOPCAsyncIO_iface.lpVtbl = &async1_vtbl;
    group->IOPCAsyncIO3_iface.lpVtbl = &async_vtbl;
}
