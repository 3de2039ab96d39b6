#include "ps_sink.h"

#include "ps_test.h"
#include "samples.h"

struct sink_call sink_last;

void sink_forget(void)
{
    memset(&sink_last, 0, sizeof(sink_last));
}

static HRESULT STDMETHODCALLTYPE sink_QueryInterface(IOPCDataCallback *iface, REFIID riid,
                                                     void **ppv)
{
    BOOL known = IsEqualIID(riid, &IID_IUnknown) || IsEqualIID(riid, &IID_IOPCDataCallback);

    *ppv = known ? iface : NULL;
    return known ? S_OK : E_NOINTERFACE;
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

static HRESULT note_data(const char *method, DWORD transaction, OPCHANDLE group, HRESULT quality,
                         HRESULT error, DWORD count, OPCHANDLE *items, VARIANT *values,
                         WORD *qualities, FILETIME *times, HRESULT *errors)
{
    struct sink_call call = {method, transaction, group, quality, error, count, 0};

    for (DWORD i = 0; i < count; i++)
    {
        FILETIME time = number_to_time(i);

        if (!sample_is(items[i], &values[i]) || qualities[i] != (WORD)(0xFF00 + i) ||
            CompareFileTime(&times[i], &time) || errors[i] != (HRESULT)i)
            call.wrong++;
    }
    sink_last = call;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE sink_OnDataChange(IOPCDataCallback *iface, DWORD transaction,
                                                   OPCHANDLE group, HRESULT quality, HRESULT error,
                                                   DWORD count, OPCHANDLE *items, VARIANT *values,
                                                   WORD *qualities, FILETIME *times,
                                                   HRESULT *errors)
{
    (void)iface;
    return note_data("OnDataChange", transaction, group, quality, error, count, items, values,
                     qualities, times, errors);
}

static HRESULT STDMETHODCALLTYPE sink_OnReadComplete(IOPCDataCallback *iface, DWORD transaction,
                                                     OPCHANDLE group, HRESULT quality,
                                                     HRESULT error, DWORD count, OPCHANDLE *items,
                                                     VARIANT *values, WORD *qualities,
                                                     FILETIME *times, HRESULT *errors)
{
    (void)iface;
    return note_data("OnReadComplete", transaction, group, quality, error, count, items, values,
                     qualities, times, errors);
}

static HRESULT STDMETHODCALLTYPE sink_OnWriteComplete(IOPCDataCallback *iface, DWORD transaction,
                                                      OPCHANDLE group, HRESULT error, DWORD count,
                                                      OPCHANDLE *items, HRESULT *errors)
{
    struct sink_call call = {"OnWriteComplete", transaction, group, S_OK, error, count, 0};

    (void)iface;
    for (DWORD i = 0; i < count; i++)
        call.wrong += items[i] != i || errors[i] != S_OK;
    sink_last = call;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE sink_OnCancelComplete(IOPCDataCallback *iface, DWORD transaction,
                                                       OPCHANDLE group)
{
    struct sink_call call = {"OnCancelComplete", transaction, group, S_OK, S_OK, 0, 0};

    (void)iface;
    sink_last = call;
    return S_OK;
}

static const IOPCDataCallbackVtbl sink_vtbl = {
    sink_QueryInterface, sink_AddRef,          sink_Release,          sink_OnDataChange,
    sink_OnReadComplete, sink_OnWriteComplete, sink_OnCancelComplete,
};

IOPCDataCallback sink = {&sink_vtbl};

IConnectionPoint *sink_connect(IUnknown *group, DWORD *cookie)
{
    IConnectionPointContainer *container;
    IConnectionPoint *point;

    assert_hr(IUnknown_QueryInterface(group, &IID_IConnectionPointContainer, (void **)&container),
              S_OK);
    assert_hr(
        IConnectionPointContainer_FindConnectionPoint(container, &IID_IOPCDataCallback, &point),
        S_OK);
    IConnectionPointContainer_Release(container);
    assert_hr(IConnectionPoint_Advise(point, (IUnknown *)&sink, cookie), S_OK);
    return point;
}

void sink_disconnect(IConnectionPoint *point, DWORD cookie)
{
    assert_hr(IConnectionPoint_Unadvise(point, cookie), S_OK);
    IConnectionPoint_Release(point);
}
