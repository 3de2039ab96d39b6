#include "delivery/data_sink.h"

#include <objbase.h>
#include <opc/opcda.h>

#include "delivery/callback.h"
#include "delivery/delivery.h"
#include "delivery/global_table.h"
#include "module/memory.h"
#include "session/chores.h"
#include "session/session.h"

/* In place of the group, in a cancel of our own refresh, which we never send: a call that only has
 * to come through. */
#define THROUGH 0x524D5448u

struct rm_data_sink
{
    IOPCDataCallback IOPCDataCallback_iface;
    LONG refs;
    struct rm_group *group; /* holds it */
    DWORD link;             /* number */
    DWORD thread;           /* of its single-threaded apartment; 0 = multithreaded */
    DWORD global_cookie;    /* in the global interface table; 0 = not in it */
};

static struct rm_data_sink *impl_from_IOPCDataCallback(IOPCDataCallback *iface)
{
    return CONTAINING_RECORD(iface, struct rm_data_sink, IOPCDataCallback_iface);
}

static HRESULT WINAPI data_sink_QueryInterface(IOPCDataCallback *iface, REFIID iid, void **out)
{
    if (!out)
        return E_POINTER;
    *out = NULL;
    if (!IsEqualIID(iid, &IID_IUnknown) && !IsEqualIID(iid, &IID_IOPCDataCallback))
        return E_NOINTERFACE;
    *out = iface;
    IOPCDataCallback_AddRef(iface);
    return S_OK;
}

static ULONG WINAPI data_sink_AddRef(IOPCDataCallback *iface)
{
    return (ULONG)InterlockedIncrement(&impl_from_IOPCDataCallback(iface)->refs);
}

static ULONG WINAPI data_sink_Release(IOPCDataCallback *iface)
{
    struct rm_data_sink *sink = impl_from_IOPCDataCallback(iface);
    LONG refs = InterlockedDecrement(&sink->refs);

    if (refs == 0)
    {
        rm_group_unhold(sink->group);
        rm_free(sink);
    }
    return (ULONG)refs;
}

static HRESULT WINAPI data_sink_OnDataChange(IOPCDataCallback *iface, DWORD transaction,
                                             OPCHANDLE group, HRESULT master_quality,
                                             HRESULT master_error, DWORD count, OPCHANDLE *clients,
                                             VARIANT *values, WORD *qualities, FILETIME *times,
                                             HRESULT *errors)
{
    struct rm_data_sink *sink = impl_from_IOPCDataCallback(iface);
    struct rm_callback data = {.kind = RM_CALLBACK_DATA_CHANGE,
                               .transaction = transaction,
                               .group = group,
                               .master_quality = master_quality,
                               .master_error = master_error,
                               .count = count,
                               .clients = clients,
                               .values = values,
                               .qualities = qualities,
                               .times = times,
                               .errors = errors};

    HRESULT hr;

    rm_data_sink_add_ref(sink); /* it may be cut off while the client is called */
    hr = rm_delivery_data_change(sink->group, sink->link, &data);
    rm_data_sink_release(sink);
    return hr;
}

static HRESULT WINAPI data_sink_OnReadComplete(IOPCDataCallback *iface, DWORD transaction,
                                               OPCHANDLE group, HRESULT master_quality,
                                               HRESULT master_error, DWORD count,
                                               OPCHANDLE *clients, VARIANT *values, WORD *qualities,
                                               FILETIME *times, HRESULT *errors)
{
    struct rm_data_sink *sink = impl_from_IOPCDataCallback(iface);
    struct rm_callback completion = {.kind = RM_CALLBACK_READ_COMPLETE,
                                     .transaction = transaction,
                                     .group = group,
                                     .master_quality = master_quality,
                                     .master_error = master_error,
                                     .count = count,
                                     .clients = clients,
                                     .values = values,
                                     .qualities = qualities,
                                     .times = times,
                                     .errors = errors};

    HRESULT hr;

    rm_data_sink_add_ref(sink); /* it may be cut off while the client is called */
    hr = rm_delivery_completion(sink->group, sink->link, &completion);
    rm_data_sink_release(sink);
    return hr;
}

static HRESULT WINAPI data_sink_OnWriteComplete(IOPCDataCallback *iface, DWORD transaction,
                                                OPCHANDLE group, HRESULT master_error, DWORD count,
                                                OPCHANDLE *clients, HRESULT *errors)
{
    struct rm_data_sink *sink = impl_from_IOPCDataCallback(iface);
    struct rm_callback completion = {.kind = RM_CALLBACK_WRITE_COMPLETE,
                                     .transaction = transaction,
                                     .group = group,
                                     .master_error = master_error,
                                     .count = count,
                                     .clients = clients,
                                     .errors = errors};

    HRESULT hr;

    rm_data_sink_add_ref(sink); /* it may be cut off while the client is called */
    hr = rm_delivery_completion(sink->group, sink->link, &completion);
    rm_data_sink_release(sink);
    return hr;
}

static HRESULT WINAPI data_sink_OnCancelComplete(IOPCDataCallback *iface, DWORD transaction,
                                                 OPCHANDLE group)
{
    struct rm_data_sink *sink = impl_from_IOPCDataCallback(iface);
    struct rm_callback completion = {
        .kind = RM_CALLBACK_CANCEL_COMPLETE, .transaction = transaction, .group = group};

    HRESULT hr;

    if (transaction == RM_OWN_REFRESH && group == THROUGH)
        return S_OK;
    rm_data_sink_add_ref(sink); /* it may be cut off while the client is called */
    hr = rm_delivery_completion(sink->group, sink->link, &completion);
    rm_data_sink_release(sink);
    return hr;
}

static const IOPCDataCallbackVtbl data_sink_vtbl = {
    data_sink_QueryInterface,   data_sink_AddRef,         data_sink_Release,
    data_sink_OnDataChange,     data_sink_OnReadComplete, data_sink_OnWriteComplete,
    data_sink_OnCancelComplete,
};

struct rm_data_sink *rm_data_sink_new(struct rm_group *group, DWORD link)
{
    struct rm_data_sink *sink = rm_alloc_zero(1, sizeof(*sink));

    if (!sink)
        return NULL;
    sink->IOPCDataCallback_iface.lpVtbl = &data_sink_vtbl;
    sink->refs = 1;
    sink->group = group;
    rm_group_hold(group);
    sink->link = link;
    return sink;
}

struct rm_data_sink *rm_data_sink_new_here(struct rm_group *group)
{
    struct rm_data_sink *sink = rm_data_sink_new(group, 0);
    IGlobalInterfaceTable *table = sink ? rm_global_table() : NULL;

    if (table)
    {
        sink->thread = GetCurrentThreadId();
        if (FAILED(IGlobalInterfaceTable_RegisterInterfaceInGlobal(
                table, (IUnknown *)&sink->IOPCDataCallback_iface, &IID_IOPCDataCallback,
                &sink->global_cookie)))
            sink->global_cookie = 0;
        IGlobalInterfaceTable_Release(table);
    }
    if (sink && !sink->global_cookie)
    {
        rm_data_sink_release(sink);
        return NULL;
    }
    return sink;
}

void rm_data_sink_set_link(struct rm_data_sink *sink, DWORD link)
{
    sink->link = link;
}

HRESULT rm_data_sink_take_unknown(struct rm_data_sink *sink, IUnknown **unknown_out)
{
    IGlobalInterfaceTable *table;
    HRESULT hr;

    *unknown_out = NULL;
    if (!sink->thread)
    {
        *unknown_out = (IUnknown *)&sink->IOPCDataCallback_iface;
        IUnknown_AddRef(*unknown_out);
        return S_OK;
    }
    table = rm_global_table();
    if (!table)
        return E_OUTOFMEMORY;
    hr = IGlobalInterfaceTable_GetInterfaceFromGlobal(table, sink->global_cookie,
                                                      &IID_IOPCDataCallback, (void **)unknown_out);
    IGlobalInterfaceTable_Release(table);
    return hr;
}

DWORD rm_data_sink_thread(const struct rm_data_sink *sink)
{
    return sink->thread;
}

HRESULT rm_data_sink_call_through(struct rm_data_sink *sink)
{
    IOPCDataCallback *callback;
    IUnknown *unknown;
    HRESULT hr = rm_data_sink_take_unknown(sink, &unknown);

    if (FAILED(hr))
        return hr;
    hr = IUnknown_QueryInterface(unknown, &IID_IOPCDataCallback, (void **)&callback);
    IUnknown_Release(unknown);
    if (FAILED(hr))
        return hr;
    hr = IOPCDataCallback_OnCancelComplete(callback, RM_OWN_REFRESH, THROUGH);
    IOPCDataCallback_Release(callback);
    return hr;
}

void rm_data_sink_add_ref(struct rm_data_sink *sink)
{
    IOPCDataCallback_AddRef(&sink->IOPCDataCallback_iface);
}

void rm_data_sink_release(struct rm_data_sink *sink)
{
    IOPCDataCallback_Release(&sink->IOPCDataCallback_iface);
}

void rm_data_sink_leave_table(struct rm_data_sink *sink)
{
    IGlobalInterfaceTable *table;

    if (sink->global_cookie && (table = rm_global_table()) != NULL)
    {
        IGlobalInterfaceTable_RevokeInterfaceFromGlobal(table, sink->global_cookie);
        IGlobalInterfaceTable_Release(table);
        sink->global_cookie = 0;
    }
}

void rm_data_sink_cut_off(struct rm_data_sink *sink)
{
    rm_data_sink_leave_table(sink);
    CoDisconnectObject((IUnknown *)&sink->IOPCDataCallback_iface, 0);
}

void rm_data_sink_dispose(struct rm_data_sink *sink)
{
    if (sink->thread && sink->thread != GetCurrentThreadId())
    {
        rm_session_add_chore(sink->group->session, sink, sink->thread);
        return;
    }
    rm_data_sink_cut_off(sink);
    rm_data_sink_release(sink);
}
