#include "sink.h"

#define PATIENCE_MS 20000

static struct bench_sink *impl_from_IOPCDataCallback(IOPCDataCallback *iface)
{
    return CONTAINING_RECORD(iface, struct bench_sink, IOPCDataCallback_iface);
}

static HRESULT STDMETHODCALLTYPE sink_QueryInterface(IOPCDataCallback *iface, REFIID riid,
                                                     void **object)
{
    *object = NULL;
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_IOPCDataCallback))
        return E_NOINTERFACE;
    *object = iface;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE sink_AddRef(IOPCDataCallback *iface)
{
    (void)iface;
    return 2;
}

static ULONG STDMETHODCALLTYPE sink_Release(IOPCDataCallback *iface)
{
    (void)iface;
    return 1;
}

static HRESULT STDMETHODCALLTYPE sink_OnDataChange(IOPCDataCallback *iface, DWORD transaction,
                                                   OPCHANDLE client_group, HRESULT master_quality,
                                                   HRESULT master_error, DWORD count,
                                                   OPCHANDLE *handles, VARIANT *values,
                                                   WORD *qualities, FILETIME *stamps,
                                                   HRESULT *errors)
{
    struct bench_sink *sink = impl_from_IOPCDataCallback(iface);
    LONG place;

    (void)transaction;
    (void)client_group;
    (void)master_quality;
    (void)master_error;
    (void)handles;
    (void)values;
    (void)qualities;
    (void)stamps;
    (void)errors;
    InterlockedExchangeAdd(&sink->updates, (LONG)count);
    if (count < sink->items)
        return S_OK;
    place = InterlockedIncrement(&sink->count);
    if (place <= sink->wanted)
        sink->times[place - 1] = bench_now();
    if (place == sink->wanted)
        SetEvent(sink->done);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE sink_OnReadComplete(IOPCDataCallback *iface, DWORD transaction,
                                                     OPCHANDLE client_group, HRESULT master_quality,
                                                     HRESULT master_error, DWORD count,
                                                     OPCHANDLE *handles, VARIANT *values,
                                                     WORD *qualities, FILETIME *stamps,
                                                     HRESULT *errors)
{
    (void)iface;
    (void)transaction;
    (void)client_group;
    (void)master_quality;
    (void)master_error;
    (void)count;
    (void)handles;
    (void)values;
    (void)qualities;
    (void)stamps;
    (void)errors;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE sink_OnWriteComplete(IOPCDataCallback *iface, DWORD transaction,
                                                      OPCHANDLE client_group, HRESULT master_error,
                                                      DWORD count, OPCHANDLE *handles,
                                                      HRESULT *errors)
{
    (void)iface;
    (void)transaction;
    (void)client_group;
    (void)master_error;
    (void)count;
    (void)handles;
    (void)errors;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE sink_OnCancelComplete(IOPCDataCallback *iface, DWORD transaction,
                                                       OPCHANDLE client_group)
{
    (void)iface;
    (void)transaction;
    (void)client_group;
    return S_OK;
}

static const IOPCDataCallbackVtbl sink_vtbl = {
    sink_QueryInterface, sink_AddRef,          sink_Release,         sink_OnDataChange,
    sink_OnReadComplete, sink_OnWriteComplete, sink_OnCancelComplete};

void bench_sink_init(struct bench_sink *sink)
{
    *sink = (struct bench_sink){.IOPCDataCallback_iface = {.lpVtbl = &sink_vtbl}};
    sink->done = CreateEventW(NULL, TRUE, FALSE, NULL);
}

void bench_sink_expect(struct bench_sink *sink, DWORD items, LONG wanted)
{
    ResetEvent(sink->done);
    sink->items = items;
    sink->wanted = wanted;
    InterlockedExchange(&sink->count, 0);
}

static void dispatch_messages(void)
{
    MSG message;

    while (PeekMessageW(&message, NULL, 0, 0, PM_REMOVE))
        DispatchMessageW(&message);
}

bool bench_sink_wait(struct bench_sink *sink, bool is_single)
{
    if (!is_single)
        return WaitForSingleObject(sink->done, PATIENCE_MS) == WAIT_OBJECT_0;
    for (;;)
    {
        switch (MsgWaitForMultipleObjectsEx(1, &sink->done, PATIENCE_MS, QS_ALLINPUT,
                                            MWMO_INPUTAVAILABLE))
        {
        case WAIT_OBJECT_0: return true;
        case WAIT_OBJECT_0 + 1: dispatch_messages(); break;
        default: return false;
        }
    }
}

void bench_idle(DWORD ms, bool is_single)
{
    ULONGLONG began = GetTickCount64(), gone;

    if (!is_single)
    {
        Sleep(ms);
        return;
    }
    while ((gone = GetTickCount64() - began) < ms)
    {
        MsgWaitForMultipleObjectsEx(0, NULL, (DWORD)(ms - gone), QS_ALLINPUT, MWMO_INPUTAVAILABLE);
        dispatch_messages();
    }
}
