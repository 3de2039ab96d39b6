#include "subscription.h"

#include <stdio.h>
#include <wchar.h>

#define UPDATE_RATE_MS 100
#define ID_SIZE        32

static volatile LONG hold_up_ms;

static struct subscription *impl_from_IOPCDataCallback(IOPCDataCallback *iface)
{
    return CONTAINING_RECORD(iface, struct subscription, IOPCDataCallback_iface);
}

static HRESULT STDMETHODCALLTYPE sink_datacallback_QueryInterface(IOPCDataCallback *iface,
                                                                  REFIID riid, void **object)
{
    *object = NULL;
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_IOPCDataCallback))
        return E_NOINTERFACE;
    *object = iface;
    return S_OK;
}

/* Not counted: a subscription lives as long as the process. */
static ULONG STDMETHODCALLTYPE sink_datacallback_AddRef(IOPCDataCallback *iface)
{
    (void)iface;
    return 2;
}

static ULONG STDMETHODCALLTYPE sink_datacallback_Release(IOPCDataCallback *iface)
{
    (void)iface;
    return 1;
}

static HRESULT STDMETHODCALLTYPE sink_datacallback_OnDataChange(
    IOPCDataCallback *iface, DWORD transaction, OPCHANDLE client_group, HRESULT master_quality,
    HRESULT master_error, DWORD count, OPCHANDLE *handles, VARIANT *values, WORD *qualities,
    FILETIME *stamps, HRESULT *errors)
{
    (void)transaction;
    (void)client_group;
    (void)master_quality;
    (void)master_error;
    (void)handles;
    (void)values;
    (void)qualities;
    (void)stamps;
    (void)errors;
    InterlockedExchangeAdd(&impl_from_IOPCDataCallback(iface)->updates, (LONG)count);
    if (hold_up_ms)
        Sleep((DWORD)hold_up_ms);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE sink_datacallback_OnReadComplete(
    IOPCDataCallback *iface, DWORD transaction, OPCHANDLE client_group, HRESULT master_quality,
    HRESULT master_error, DWORD count, OPCHANDLE *handles, VARIANT *values, WORD *qualities,
    FILETIME *stamps, HRESULT *errors)
{
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
    InterlockedIncrement(&impl_from_IOPCDataCallback(iface)->answers);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE sink_datacallback_OnWriteComplete(
    IOPCDataCallback *iface, DWORD transaction, OPCHANDLE client_group, HRESULT master_error,
    DWORD count, OPCHANDLE *handles, HRESULT *errors)
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

static HRESULT STDMETHODCALLTYPE sink_datacallback_OnCancelComplete(IOPCDataCallback *iface,
                                                                    DWORD transaction,
                                                                    OPCHANDLE client_group)
{
    (void)iface;
    (void)transaction;
    (void)client_group;
    return S_OK;
}

static const IOPCDataCallbackVtbl sink_datacallback_vtbl = {
    sink_datacallback_QueryInterface,  sink_datacallback_AddRef,
    sink_datacallback_Release,         sink_datacallback_OnDataChange,
    sink_datacallback_OnReadComplete,  sink_datacallback_OnWriteComplete,
    sink_datacallback_OnCancelComplete};

/* Two items whose values have memory of their own; the others count. */
static void name_item(WCHAR id[ID_SIZE], unsigned number)
{
    if (number == 0)
        wcscpy(id, L"Memory.String");
    else if (number == 1)
        wcscpy(id, L"Memory.Array.String");
    else
        _snwprintf(id, ID_SIZE, L"Counters.C%04u", number);
}

static HRESULT add_items(struct subscription *subscription)
{
    static WCHAR no_access_path[] = L"";
    WCHAR ids[SUBSCRIPTION_ITEMS][ID_SIZE];
    OPCITEMDEF definitions[SUBSCRIPTION_ITEMS] = {{0}};
    OPCITEMRESULT *results = NULL;
    HRESULT *errors = NULL;
    HRESULT hr;

    for (unsigned i = 0; i < SUBSCRIPTION_ITEMS; i++)
    {
        name_item(ids[i], i);
        definitions[i].szAccessPath = no_access_path;
        definitions[i].szItemID = ids[i];
        definitions[i].bActive = TRUE;
        definitions[i].hClient = i;
    }
    hr = IOPCItemMgt_AddItems(subscription->items, SUBSCRIPTION_ITEMS, definitions, &results,
                              &errors);
    for (unsigned i = 0; SUCCEEDED(hr) && i < SUBSCRIPTION_ITEMS; i++)
    {
        subscription->handles[i] = results[i].hServer;
        CoTaskMemFree(results[i].pBlob);
    }
    if (hr == S_FALSE)
        hr = E_FAIL; /* an item that every machine has was refused */
    CoTaskMemFree(results);
    CoTaskMemFree(errors);
    return hr;
}

static HRESULT advise(struct subscription *subscription)
{
    IConnectionPointContainer *container = NULL;
    HRESULT hr = IOPCItemMgt_QueryInterface(subscription->items, &IID_IConnectionPointContainer,
                                            (void **)&container);

    if (FAILED(hr))
        return hr;
    hr = IConnectionPointContainer_FindConnectionPoint(container, &IID_IOPCDataCallback,
                                                       &subscription->point);
    IConnectionPointContainer_Release(container);
    if (FAILED(hr))
        return hr;
    return IConnectionPoint_Advise(subscription->point,
                                   (IUnknown *)&subscription->IOPCDataCallback_iface,
                                   &subscription->cookie);
}

HRESULT subscription_open(struct subscription *subscription, IOPCServer *server, unsigned number)
{
    WCHAR name[16];
    IUnknown *unknown = NULL;
    DWORD rate_ms;
    HRESULT hr;

    subscription->IOPCDataCallback_iface.lpVtbl = &sink_datacallback_vtbl;
    _snwprintf(name, ARRAYSIZE(name), L"soak %u", number);
    hr = IOPCServer_AddGroup(server, name, TRUE, UPDATE_RATE_MS, number, NULL, NULL, 0,
                             &subscription->group, &rate_ms, &IID_IOPCItemMgt, &unknown);
    if (FAILED(hr))
        return hr;
    subscription->items = (IOPCItemMgt *)unknown;
    hr = IUnknown_QueryInterface(unknown, &IID_IOPCSyncIO, (void **)&subscription->sync);
    if (SUCCEEDED(hr))
        hr = IUnknown_QueryInterface(unknown, &IID_IOPCAsyncIO2, (void **)&subscription->async);
    if (SUCCEEDED(hr))
        hr = add_items(subscription);
    return SUCCEEDED(hr) ? advise(subscription) : hr;
}

HRESULT subscription_use(struct subscription *subscription)
{
    OPCITEMSTATE *states = NULL;
    HRESULT *errors = NULL;
    DWORD cancel_id;
    HRESULT hr = IOPCSyncIO_Read(subscription->sync, OPC_DS_CACHE, SUBSCRIPTION_ITEMS,
                                 subscription->handles, &states, &errors);

    for (unsigned i = 0; SUCCEEDED(hr) && i < SUBSCRIPTION_ITEMS; i++)
        VariantClear(&states[i].vDataValue);
    CoTaskMemFree(states);
    CoTaskMemFree(errors);
    if (FAILED(hr))
        return hr;
    errors = NULL;
    hr = IOPCAsyncIO2_Read(subscription->async, SUBSCRIPTION_ITEMS, subscription->handles, 1,
                           &cancel_id, &errors);
    CoTaskMemFree(errors);
    return hr;
}

HRESULT subscription_refresh(struct subscription *subscription, DWORD transaction)
{
    DWORD cancel_id;

    return IOPCAsyncIO2_Refresh2(subscription->async, OPC_DS_CACHE, transaction, &cancel_id);
}

HRESULT subscription_set_active(struct subscription *subscription, BOOL is_active)
{
    IOPCGroupStateMgt *state = NULL;
    DWORD rate_ms;
    HRESULT hr =
        IOPCItemMgt_QueryInterface(subscription->items, &IID_IOPCGroupStateMgt, (void **)&state);

    if (FAILED(hr))
        return hr;
    hr = IOPCGroupStateMgt_SetState(state, NULL, &rate_ms, &is_active, NULL, NULL, NULL, NULL);
    IOPCGroupStateMgt_Release(state);
    return hr;
}

void subscription_hold_up(LONG time_ms)
{
    InterlockedExchange(&hold_up_ms, time_ms);
}

void subscription_close(struct subscription *subscription, IOPCServer *server)
{
    if (subscription->point)
    {
        IConnectionPoint_Unadvise(subscription->point, subscription->cookie);
        IConnectionPoint_Release(subscription->point);
    }
    if (subscription->async)
        IOPCAsyncIO2_Release(subscription->async);
    if (subscription->sync)
        IOPCSyncIO_Release(subscription->sync);
    if (subscription->items)
        IOPCItemMgt_Release(subscription->items);
    IOPCServer_RemoveGroup(server, subscription->group, FALSE);
    subscription->point = NULL;
    subscription->async = NULL;
    subscription->sync = NULL;
    subscription->items = NULL;
}
