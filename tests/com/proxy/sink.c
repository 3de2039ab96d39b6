#include "stage.h"

#include <stdlib.h>

static struct sink *impl_from_IOPCDataCallback(IOPCDataCallback *iface)
{
    return CONTAINING_RECORD(iface, struct sink, IOPCDataCallback_iface);
}

static HRESULT STDMETHODCALLTYPE sink_QueryInterface(IOPCDataCallback *iface, REFIID iid,
                                                     void **out)
{
    *out = NULL;
    if (!IsEqualIID(iid, &IID_IUnknown) && !IsEqualIID(iid, &IID_IOPCDataCallback))
        return E_NOINTERFACE;
    *out = iface;
    IOPCDataCallback_AddRef(iface);
    return S_OK;
}

static ULONG STDMETHODCALLTYPE sink_AddRef(IOPCDataCallback *iface)
{
    return (ULONG)InterlockedIncrement(&impl_from_IOPCDataCallback(iface)->refs);
}

static ULONG STDMETHODCALLTYPE sink_Release(IOPCDataCallback *iface)
{
    return (ULONG)InterlockedDecrement(&impl_from_IOPCDataCallback(iface)->refs);
}

/* A single-threaded client is called in its own thread. */
static void note_thread(struct sink *sink)
{
    if (sink->thread && sink->thread != GetCurrentThreadId())
        InterlockedIncrement(&sink->elsewhere);
}

static void keep(struct sink *sink, DWORD id, DWORD count, const OPCHANDLE *clients,
                 const WORD *qualities, const HRESULT *errors)
{
    note_thread(sink);
    sink->id = id;
    sink->count = count;
    for (DWORD i = 0; i < count && qualities; i++)
    {
        if ((qualities[i] & OPC_QUALITY_MASK) == OPC_QUALITY_BAD)
            sink->last_bad = clients[i];
        if (!sink->lowest || clients[i] < sink->lowest)
            sink->lowest = clients[i];
    }
    for (DWORD i = 0; i < count && i < ARRAYSIZE(sink->clients); i++)
    {
        sink->clients[i] = clients[i];
        sink->errors[i] = errors[i];
        sink->qualities[i] = qualities ? qualities[i] : 0;
    }
}

static void ask_objects(struct sink *sink, DWORD count, const VARIANT *values)
{
    for (DWORD i = 0; i < count; i++)
    {
        UINT answer = 0;

        if (V_VT(&values[i]) == VT_DISPATCH &&
            SUCCEEDED(IDispatch_GetTypeInfoCount(V_DISPATCH(&values[i]), &answer)))
            sink->object_answers = (LONG)answer;
    }
}

static void keep_samples(struct sink *sink, DWORD count, const OPCHANDLE *clients,
                         const VARIANT *values)
{
    LONG before = sink->sample_count;

    for (DWORD i = 0; i < count; i++)
    {
        if (clients[i] == 1 && V_VT(&values[i]) == VT_I4 &&
            sink->sample_count < (LONG)ARRAYSIZE(sink->samples))
        {
            sink->samples[sink->sample_count] = V_I4(&values[i]);
            InterlockedIncrement(&sink->sample_count);
        }
    }
    if (sink->sample_count - before > sink->largest_change)
        sink->largest_change = sink->sample_count - before;
}

static HRESULT STDMETHODCALLTYPE sink_OnDataChange(IOPCDataCallback *iface, DWORD id,
                                                   OPCHANDLE group, HRESULT quality, HRESULT error,
                                                   DWORD count, OPCHANDLE *clients, VARIANT *values,
                                                   WORD *qualities, FILETIME *times,
                                                   HRESULT *errors)
{
    struct sink *sink = impl_from_IOPCDataCallback(iface);

    (void)group, (void)quality;
    keep(sink, id, count, clients, qualities, errors);
    keep_samples(sink, count, clients, values);
    if (count && errors[0] == OPC_S_DATAQUEUEOVERFLOW)
    {
        sink->overflow_master = error;
        InterlockedIncrement(&sink->overflows);
    }
    ask_objects(sink, count, values);
    if (!count && !id && clients && values && qualities && times && errors)
        InterlockedIncrement(&sink->keep_alives);
    if (id)
        InterlockedIncrement(&sink->refreshes);
    InterlockedIncrement(&sink->changes);
    SetEvent(sink->event);
    if (sink->on_change)
        sink->on_change();
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE sink_OnReadComplete(IOPCDataCallback *iface, DWORD id,
                                                     OPCHANDLE group, HRESULT quality,
                                                     HRESULT error, DWORD count, OPCHANDLE *clients,
                                                     VARIANT *values, WORD *qualities,
                                                     FILETIME *times, HRESULT *errors)
{
    struct sink *sink = impl_from_IOPCDataCallback(iface);

    (void)group, (void)quality, (void)error, (void)values, (void)times;
    keep(sink, id, count, clients, qualities, errors);
    InterlockedIncrement(&sink->reads);
    SetEvent(sink->event);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE sink_OnWriteComplete(IOPCDataCallback *iface, DWORD id,
                                                      OPCHANDLE group, HRESULT error, DWORD count,
                                                      OPCHANDLE *clients, HRESULT *errors)
{
    struct sink *sink = impl_from_IOPCDataCallback(iface);

    (void)group, (void)error;
    keep(sink, id, count, clients, NULL, errors);
    InterlockedIncrement(&sink->writes);
    SetEvent(sink->event);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE sink_OnCancelComplete(IOPCDataCallback *iface, DWORD id,
                                                       OPCHANDLE group)
{
    struct sink *sink = impl_from_IOPCDataCallback(iface);

    (void)group;
    note_thread(sink);
    sink->id = id;
    if (sink->cancels < (LONG)ARRAYSIZE(sink->cancelled))
        sink->cancelled[sink->cancels] = id;
    InterlockedIncrement(&sink->cancels);
    SetEvent(sink->event);
    return S_OK;
}

static const IOPCDataCallbackVtbl sink_vtbl = {
    sink_QueryInterface, sink_AddRef,          sink_Release,          sink_OnDataChange,
    sink_OnReadComplete, sink_OnWriteComplete, sink_OnCancelComplete,
};

struct sink *sink_new(void)
{
    struct sink *sink = calloc(1, sizeof(*sink));
    APTTYPEQUALIFIER qualifier;
    APTTYPE type;

    assert_non_null(sink);
    assert_hr(CoGetApartmentType(&type, &qualifier), S_OK);
    if (type == APTTYPE_STA || type == APTTYPE_MAINSTA)
        sink->thread = GetCurrentThreadId();
    sink->IOPCDataCallback_iface.lpVtbl = &sink_vtbl;
    sink->refs = 1;
    sink->event = CreateEventW(NULL, FALSE, FALSE, NULL);
    return sink;
}

void sink_release(struct sink *sink)
{
    ULONGLONG until = GetTickCount64() + WAIT_MS;

    /* The last references of a proxy go when its thread gets round to it. */
    while (sink->refs > 1 && GetTickCount64() < until)
        stage_pump(sink->event, 50);
    assert_int_equal(sink->refs, 1);
    assert_int_equal(sink->elsewhere, 0);
    CloseHandle(sink->event);
    free(sink);
}

bool sink_wait(struct sink *sink, const volatile LONG *counter, LONG wanted)
{
    ULONGLONG until = GetTickCount64() + WAIT_MS;

    while (*counter < wanted && GetTickCount64() < until)
        stage_pump(sink->event, 50);
    return *counter >= wanted;
}
