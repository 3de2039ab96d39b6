#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#define ID_SIZE 40

IOPCServer *bench_connect(const WCHAR *progid, DWORD context)
{
    IOPCServer *server = NULL;
    CLSID clsid;

    bench_must(CLSIDFromProgID(progid, &clsid), "CLSIDFromProgID");
    bench_must(CoCreateInstance(&clsid, NULL, context, &IID_IOPCServer, (void **)&server),
               context == CLSCTX_INPROC_SERVER ? "our object" : "the server's own object");
    return server;
}

static void name_item(WCHAR *id, enum bench_kind kind, DWORD number)
{
    switch (kind)
    {
    case BENCH_COUNTERS: _snwprintf(id, ID_SIZE, L"CountersR8.C%04u", number % 1000 + 1); break;
    case BENCH_CELLS: _snwprintf(id, ID_SIZE, L"Memory.Bulk.M%03u", number % 100 + 1); break;
    case BENCH_TAGS:
        _snwprintf(id, ID_SIZE, L"Generated.Area%02u.Unit%02u.Tag%04u", number / 1000 % 10 + 1,
                   number / 100 % 10 + 1, number % 100 + 1);
        break;
    }
}

void bench_items_make(struct bench_items *items, enum bench_kind kind, DWORD count)
{
    static WCHAR no_access_path[] = L"";
    WCHAR *ids = bench_alloc(count, ID_SIZE * sizeof(*ids));

    *items = (struct bench_items){.count = count,
                                  .definitions = bench_alloc(count, sizeof(*items->definitions))};
    for (DWORD i = 0; i < count; i++)
    {
        WCHAR *id = ids + (size_t)i * ID_SIZE;
        name_item(id, kind, i);
        items->id_bytes += (wcslen(id) + 1) * sizeof(*id);
        items->definitions[i] = (OPCITEMDEF){
            .szAccessPath = no_access_path, .szItemID = id, .bActive = TRUE, .hClient = i};
    }
}

void bench_items_free(struct bench_items *items)
{
    if (items->count)
        free(items->definitions[0].szItemID);
    free(items->definitions);
}

static void query(struct bench_group *group, const IID *iid, void **interface_out)
{
    bench_must(IOPCItemMgt_QueryInterface(group->items, iid, interface_out), "QueryInterface");
}

void bench_group_open(struct bench_group *group, IOPCServer *server, const WCHAR *name,
                      DWORD rate_ms)
{
    IUnknown *unknown = NULL;
    DWORD revised_ms;

    *group = (struct bench_group){.server = server};
    bench_must(IOPCServer_AddGroup(server, name, FALSE, rate_ms, 1, NULL, NULL, 0,
                                   &group->server_group, &revised_ms, &IID_IOPCItemMgt, &unknown),
               "AddGroup");
    group->items = (IOPCItemMgt *)unknown;
    query(group, &IID_IOPCGroupStateMgt, (void **)&group->state);
    query(group, &IID_IOPCSyncIO, (void **)&group->sync);
}

LONGLONG bench_group_add(struct bench_group *group, const struct bench_items *items)
{
    OPCITEMRESULT *results = NULL;
    HRESULT *errors = NULL;
    LONGLONG began = bench_now(), ticks;
    HRESULT hr =
        IOPCItemMgt_AddItems(group->items, items->count, items->definitions, &results, &errors);

    ticks = bench_now() - began;
    bench_must(hr == S_FALSE ? E_FAIL : hr, "AddItems");
    group->handles = bench_alloc(items->count, sizeof(*group->handles));
    for (DWORD i = 0; i < items->count; i++)
    {
        group->handles[i] = results[i].hServer;
        CoTaskMemFree(results[i].pBlob);
    }
    group->count = items->count;
    CoTaskMemFree(results);
    CoTaskMemFree(errors);
    return ticks;
}

void bench_group_empty(struct bench_group *group)
{
    HRESULT *errors = NULL;

    bench_must(IOPCItemMgt_RemoveItems(group->items, group->count, group->handles, &errors),
               "RemoveItems");
    CoTaskMemFree(errors);
    free(group->handles);
    group->handles = NULL;
    group->count = 0;
}

void bench_group_advise(struct bench_group *group, IOPCDataCallback *sink)
{
    IConnectionPointContainer *container = NULL;

    query(group, &IID_IConnectionPointContainer, (void **)&container);
    bench_must(IConnectionPointContainer_FindConnectionPoint(container, &IID_IOPCDataCallback,
                                                             &group->point),
               "FindConnectionPoint");
    IConnectionPointContainer_Release(container);
    bench_must(IConnectionPoint_Advise(group->point, (IUnknown *)sink, &group->cookie), "Advise");
}

void bench_group_activate(struct bench_group *group, bool is_active)
{
    BOOL active = is_active;
    DWORD revised_ms;

    bench_must(IOPCGroupStateMgt_SetState(group->state, NULL, &revised_ms, &active, NULL, NULL,
                                          NULL, NULL),
               "SetState");
}

void bench_group_close(struct bench_group *group)
{
    if (group->point)
    {
        bench_must(IConnectionPoint_Unadvise(group->point, group->cookie), "Unadvise");
        IConnectionPoint_Release(group->point);
    }
    IOPCSyncIO_Release(group->sync);
    IOPCGroupStateMgt_Release(group->state);
    IOPCItemMgt_Release(group->items);
    bench_must(IOPCServer_RemoveGroup(group->server, group->server_group, FALSE), "RemoveGroup");
    free(group->handles);
}
