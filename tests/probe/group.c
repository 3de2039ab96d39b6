#include "group.h"

#include <stdlib.h>

#include "sink.h"
#include "text.h"

static HRESULT query(struct rm_group *group, REFIID iid, void **object)
{
    struct rm_call call = rm_probe_begin(group->probe, "group::QueryInterface");

    *object = NULL;
    return rm_probe_end(group->probe, call, IOPCItemMgt_QueryInterface(group->items, iid, object));
}

static HRESULT add_group(struct rm_group *group, IOPCServer *server)
{
    WCHAR name[] = L"rmprobe 00000";
    DWORD number = group->client_handle % 100000;
    IUnknown *unknown = NULL;

    for (int place = 12; number; number /= 10, place--)
        name[place] = (WCHAR)(L'0' + number % 10);
    struct rm_call call = rm_probe_begin(group->probe, "IOPCServer::AddGroup");
    HRESULT hr = rm_probe_end(
        group->probe, call,
        IOPCServer_AddGroup(server, name, group->is_subscription,
                            (DWORD)group->probe->options->rate_ms, group->client_handle, NULL, NULL,
                            LOCALE_SYSTEM_DEFAULT, &group->server_handle, &group->revised_rate_ms,
                            &IID_IOPCItemMgt, &unknown));
    group->items = (IOPCItemMgt *)unknown;
    if (SUCCEEDED(hr) && !unknown)
        return E_POINTER;
    return hr;
}

/* Keeps the handles of the items that were taken. */
static void note_results(struct rm_group *group, OPCITEMRESULT *results, const HRESULT *errors,
                         const char *const *ids)
{
    for (size_t i = 0; i < group->count; i++)
    {
        if (SUCCEEDED(errors[i]))
            group->handles[group->taken_count++] = results[i].hServer;
        else
        {
            group->refused[i] = true;
            rm_probe_event(group->probe, "refused item=%s hr=0x%08lX", ids[i],
                           (unsigned long)errors[i]);
            EnterCriticalSection(&group->probe->lock);
            group->probe->tally.refused_items++;
            LeaveCriticalSection(&group->probe->lock);
        }
        CoTaskMemFree(results[i].pBlob);
    }
}

static HRESULT add_items(struct rm_group *group, const char *const *ids)
{
    static WCHAR no_access_path[] = L"";
    OPCITEMDEF *definitions = calloc(group->count, sizeof(*definitions));
    OPCITEMRESULT *results = NULL;
    HRESULT *errors = NULL;
    HRESULT hr = definitions ? S_OK : E_OUTOFMEMORY;

    for (size_t i = 0; SUCCEEDED(hr) && i < group->count; i++)
    {
        definitions[i].szAccessPath = no_access_path;
        definitions[i].szItemID = rm_text_to_wide(ids[i]);
        definitions[i].bActive = TRUE;
        definitions[i].hClient = (OPCHANDLE)(group->first + i);
        if (!definitions[i].szItemID)
            hr = E_OUTOFMEMORY;
    }
    if (SUCCEEDED(hr))
    {
        struct rm_call call = rm_probe_begin(group->probe, "IOPCItemMgt::AddItems");
        hr = rm_probe_end(group->probe, call,
                          IOPCItemMgt_AddItems(group->items, (DWORD)group->count, definitions,
                                               &results, &errors));
    }
    if (SUCCEEDED(hr) && results && errors)
        note_results(group, results, errors, ids);
    for (size_t i = 0; definitions && i < group->count; i++)
        free(definitions[i].szItemID);
    free(definitions);
    CoTaskMemFree(results);
    CoTaskMemFree(errors);
    return hr;
}

HRESULT rm_group_open(struct rm_group *group, IOPCServer *server, const char *const *ids)
{
    group->refused = calloc(group->count, sizeof(*group->refused));
    group->handles = calloc(group->count, sizeof(*group->handles));
    if (!group->refused || !group->handles)
        return E_OUTOFMEMORY;
    HRESULT hr = add_group(group, server);
    if (SUCCEEDED(hr))
        hr = query(group, &IID_IOPCSyncIO, (void **)&group->sync);
    if (SUCCEEDED(hr) && group->probe->options->async)
        hr = query(group, &IID_IOPCAsyncIO2, (void **)&group->async);
    if (SUCCEEDED(hr))
        hr = add_items(group, ids);
    EnterCriticalSection(&group->probe->lock);
    group->is_open = SUCCEEDED(hr);
    LeaveCriticalSection(&group->probe->lock);
    return hr;
}

HRESULT rm_group_advise(struct rm_group *group)
{
    IConnectionPointContainer *container = NULL;
    HRESULT hr = query(group, &IID_IConnectionPointContainer, (void **)&container);

    if (FAILED(hr))
        return hr;
    struct rm_call call = rm_probe_begin(group->probe, "group::FindConnectionPoint");
    hr = rm_probe_end(group->probe, call,
                      IConnectionPointContainer_FindConnectionPoint(
                          container, &IID_IOPCDataCallback, &group->point));
    IConnectionPointContainer_Release(container);
    if (FAILED(hr))
        return hr;
    group->sink = rm_sink_create(group->probe, group);
    if (!group->sink)
        return E_OUTOFMEMORY;
    call = rm_probe_begin(group->probe, "group::Advise");
    return rm_probe_end(group->probe, call,
                        IConnectionPoint_Advise(group->point,
                                                (IUnknown *)&group->sink->IOPCDataCallback_iface,
                                                &group->cookie));
}

HRESULT rm_group_remove_items(struct rm_group *group)
{
    HRESULT *errors = NULL;

    if (!group->taken_count)
        return S_FALSE;
    struct rm_call call = rm_probe_begin(group->probe, "IOPCItemMgt::RemoveItems");
    HRESULT hr = rm_probe_end(
        group->probe, call,
        IOPCItemMgt_RemoveItems(group->items, group->taken_count, group->handles, &errors));
    CoTaskMemFree(errors);
    return hr;
}

void rm_group_unadvise(struct rm_group *group)
{
    if (group->cookie)
    {
        struct rm_call call = rm_probe_begin(group->probe, "group::Unadvise");
        rm_probe_end(group->probe, call, IConnectionPoint_Unadvise(group->point, group->cookie));
        group->cookie = 0;
    }
    if (group->point)
        IConnectionPoint_Release(group->point);
    group->point = NULL;
    if (!group->sink)
        return;
    /* A server that died while it held the sink never gives its reference back. */
    CoDisconnectObject((IUnknown *)&group->sink->IOPCDataCallback_iface, 0);
    IOPCDataCallback_Release(&group->sink->IOPCDataCallback_iface);
    group->sink = NULL;
}

void rm_group_close(struct rm_group *group, IOPCServer *server)
{
    EnterCriticalSection(&group->probe->lock);
    group->is_open = false;
    LeaveCriticalSection(&group->probe->lock);
    if (group->async)
        IOPCAsyncIO2_Release(group->async);
    if (group->sync)
        IOPCSyncIO_Release(group->sync);
    group->async = NULL;
    group->sync = NULL;
    if (group->items)
    {
        struct rm_call call = rm_probe_begin(group->probe, "group::Release");
        IOPCItemMgt_Release(group->items);
        rm_probe_end(group->probe, call, S_OK);
        group->items = NULL;
        call = rm_probe_begin(group->probe, "IOPCServer::RemoveGroup");
        rm_probe_end(group->probe, call,
                     IOPCServer_RemoveGroup(server, group->server_handle, FALSE));
    }
    free(group->handles);
    free(group->refused);
    group->handles = NULL;
    group->refused = NULL;
    group->taken_count = 0;
}
