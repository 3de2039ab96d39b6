#include "watch/watch_group.h"

#include <olectl.h>
#include <stdlib.h>
#include <string.h>

#include <hooks/wide.h>
#include <link/activation.h>
#include <rm/quality.h>

#include "watch/watch_sink.h"

#define WIDE_MAX         2049 /* of an item's name */
#define PATIENCE_MS      5000u
#define PATIENCE_PERIODS 3u
#define ADD_AGAIN_MS     5000u
#define HRESULT_GIVEN_UP HRESULT_FROM_WIN32(RPC_S_CALL_CANCELLED)

static bool call(const struct rm_watch_group *group)
{
    return rm_watched_call(group->watched, group->attempt, rm_watched_limit_ms(group->watched));
}

/* Whatever the server has answered: nobody listens any more. */
static HRESULT back(const struct rm_watch_group *group, HRESULT hr)
{
    return rm_watched_back(group->watched, group->attempt) ? hr : HRESULT_GIVEN_UP;
}

static bool make_list(struct rm_watch_group *group)
{
    const struct rm_monitor_config *monitor = &group->watched->config->monitor;

    group->list = calloc(monitor->item_count, sizeof *group->list);
    if (!group->list)
        return false;
    for (size_t i = 0; i < monitor->item_count; i++)
    {
        if (monitor->items[i].rate_ms == group->rate_ms)
            group->list[group->count++].number = i;
    }
    return true;
}

static HRESULT add_group(struct rm_watch_group *group)
{
    WCHAR name[] = L"";
    DWORD revised_ms = 0;
    IUnknown *unknown = NULL;
    HRESULT hr;

    if (!call(group))
        return HRESULT_GIVEN_UP;
    hr = IOPCServer_AddGroup(group->server, name, TRUE, group->rate_ms, 0, NULL, NULL, 0,
                             &group->handle, &revised_ms, &IID_IOPCItemMgt, &unknown);
    if (SUCCEEDED(hr) && !unknown)
        hr = E_NOINTERFACE;
    if (SUCCEEDED(hr))
    {
        rm_secure_proxy(&rm_activation_system, unknown);
        group->items = (IOPCItemMgt *)unknown;
        if (SUCCEEDED(
                IOPCItemMgt_QueryInterface(group->items, &IID_IOPCSyncIO, (void **)&group->sync)))
            rm_secure_proxy(&rm_activation_system, (IUnknown *)group->sync);
    }
    return back(group, hr);
}

/* Those that the server has, or those that it hasn't; which has room for all. */
static DWORD pick(const struct rm_watch_group *group, bool is_added,
                  struct rm_watch_group_item **which)
{
    DWORD count = 0;

    for (size_t k = 0; k < group->count; k++)
    {
        if (group->list[k].is_added == is_added)
            which[count++] = &group->list[k];
    }
    return count;
}

/* The texts live as long as the call. */
static bool describe_item(const struct rm_watch_group *group, size_t number, OPCITEMDEF *definition)
{
    const struct rm_monitor_item *item = &group->watched->config->monitor.items[number];
    WCHAR *texts = calloc(2, WIDE_MAX * sizeof *texts);

    if (!texts)
        return false;
    *definition = (OPCITEMDEF){.szItemID = texts,
                               .szAccessPath = texts + WIDE_MAX,
                               .bActive = TRUE,
                               .hClient = (OPCHANDLE)number,
                               .vtRequestedDataType = (VARTYPE)item->data_type};
    return rm_wide_from_utf8(item->item_id, texts, WIDE_MAX) &&
           rm_wide_from_utf8(item->access_path, texts + WIDE_MAX, WIDE_MAX);
}

static void note_results(const struct rm_watch_group *group, struct rm_watch_group_item **asked,
                         DWORD count, OPCITEMRESULT *results, const HRESULT *errors)
{
    for (DWORD k = 0; k < count; k++)
    {
        asked[k]->is_added = SUCCEEDED(errors[k]);
        asked[k]->handle = results[k].hServer;
        CoTaskMemFree(results[k].pBlob);
        rm_watched_added(group->watched, group->attempt, asked[k]->number, errors[k]);
    }
}

static HRESULT add_these(struct rm_watch_group *group, struct rm_watch_group_item **asked,
                         DWORD count)
{
    OPCITEMDEF *definitions = calloc(count, sizeof *definitions);
    OPCITEMRESULT *results = NULL;
    HRESULT *errors = NULL;
    HRESULT hr = definitions ? S_OK : E_OUTOFMEMORY;

    for (DWORD k = 0; k < count && SUCCEEDED(hr); k++)
        hr = describe_item(group, asked[k]->number, &definitions[k]) ? S_OK : E_OUTOFMEMORY;
    if (SUCCEEDED(hr))
    {
        hr = call(group) ? IOPCItemMgt_AddItems(group->items, count, definitions, &results, &errors)
                         : HRESULT_GIVEN_UP;
        hr = back(group, hr);
    }
    if (SUCCEEDED(hr) && results && errors)
        note_results(group, asked, count, results, errors);
    CoTaskMemFree(results);
    CoTaskMemFree(errors);
    for (DWORD k = 0; definitions && k < count; k++)
        free(definitions[k].szItemID);
    free(definitions);
    return hr;
}

/* Those that are not there yet. */
static HRESULT add_items(struct rm_watch_group *group)
{
    struct rm_watch_group_item **asked = calloc(group->count, sizeof *asked);
    DWORD count = asked ? pick(group, false, asked) : 0;
    HRESULT hr = asked ? S_OK : E_OUTOFMEMORY;

    if (count)
        hr = add_these(group, asked, count);
    group->add_again_ms = GetTickCount64() + ADD_AGAIN_MS;
    free(asked);
    return hr;
}

static void drop_point(struct rm_watch_group *group)
{
    if (group->point)
        IConnectionPoint_Release(group->point);
    if (group->sink)
        rm_watch_sink_dispose(group->sink);
    group->point = NULL;
    group->sink = NULL;
}

/* A server that has no callbacks, or refuses them, is read. */
static void advise(struct rm_watch_group *group)
{
    IConnectionPointContainer *container = NULL;
    HRESULT hr;

    group->sink = rm_watch_sink_new(group->watched, group->attempt);
    if (!group->sink || !call(group))
        return;
    hr = IOPCItemMgt_QueryInterface(group->items, &IID_IConnectionPointContainer,
                                    (void **)&container);
    if (SUCCEEDED(hr))
    {
        rm_secure_proxy(&rm_activation_system, (IUnknown *)container);
        hr = IConnectionPointContainer_FindConnectionPoint(container, &IID_IOPCDataCallback,
                                                           &group->point);
        IConnectionPointContainer_Release(container);
    }
    if (SUCCEEDED(hr))
    {
        rm_secure_proxy(&rm_activation_system, (IUnknown *)group->point);
        hr = IConnectionPoint_Advise(group->point, rm_watch_sink_unknown(group->sink),
                                     &group->cookie);
    }
    if (FAILED(hr))
        drop_point(group);
    back(group, hr);
    group->patience_ms = GetTickCount64() + PATIENCE_MS + group->rate_ms * PATIENCE_PERIODS;
}

HRESULT rm_watch_group_enter(struct rm_watch_group *group)
{
    HRESULT hr = make_list(group) ? add_group(group) : E_OUTOFMEMORY;

    if (SUCCEEDED(hr))
        hr = add_items(group);
    if (SUCCEEDED(hr))
        advise(group);
    return hr;
}

/* An array is compared by its quality alone: its time stamp moves with each reading of some
 * servers. */
static bool is_same(VARIANT *one, VARIANT *other)
{
    if (V_VT(one) != V_VT(other))
        return false;
    if (V_VT(one) == VT_EMPTY || (V_VT(one) & VT_ARRAY))
        return true;
    return VarCmp(one, other, LOCALE_INVARIANT, 0) == (HRESULT)VARCMP_EQ;
}

static void take_state(const struct rm_watch_group *group, struct rm_watch_group_item *item,
                       OPCITEMSTATE *state, HRESULT error)
{
    WORD quality = FAILED(error) ? RM_QUALITY_BAD : state->wQuality;

    if (!item->has_last || item->last_quality != quality ||
        !is_same(&item->last, &state->vDataValue))
    {
        rm_watched_changed(group->watched, group->attempt, item->number, quality,
                           &state->vDataValue);
        VariantClear(&item->last);
        item->last = state->vDataValue;
        item->last_quality = quality;
        item->has_last = true;
        V_VT(&state->vDataValue) = VT_EMPTY;
    }
    VariantClear(&state->vDataValue);
}

static HRESULT read_cache(const struct rm_watch_group *group)
{
    OPCHANDLE *handles = calloc(group->count, sizeof *handles);
    struct rm_watch_group_item **asked = calloc(group->count, sizeof *asked);
    OPCITEMSTATE *states = NULL;
    HRESULT *errors = NULL;
    HRESULT hr = handles && asked ? S_OK : E_OUTOFMEMORY;
    DWORD count = SUCCEEDED(hr) ? pick(group, true, asked) : 0;

    for (DWORD k = 0; k < count; k++)
        handles[k] = asked[k]->handle;
    if (count)
    {
        hr = call(group)
                 ? IOPCSyncIO_Read(group->sync, OPC_DS_CACHE, count, handles, &states, &errors)
                 : HRESULT_GIVEN_UP;
        hr = back(group, hr);
    }
    for (DWORD k = 0; SUCCEEDED(hr) && states && errors && k < count; k++)
        take_state(group, asked[k], &states[k], errors[k]);
    CoTaskMemFree(states);
    CoTaskMemFree(errors);
    free(handles);
    free(asked);
    return hr;
}

static bool has_refused(const struct rm_watch_group *group)
{
    for (size_t k = 0; k < group->count; k++)
    {
        if (!group->list[k].is_added)
            return true;
    }
    return false;
}

static bool is_read(const struct rm_watch_group *group)
{
    return !group->point || !rm_watch_sink_was_called(group->sink);
}

HRESULT rm_watch_group_round(struct rm_watch_group *group)
{
    ULONGLONG now_ms = GetTickCount64();
    HRESULT hr = S_OK;

    if (now_ms >= group->add_again_ms && has_refused(group))
        hr = add_items(group);
    if (SUCCEEDED(hr) && group->sync && is_read(group) && now_ms >= group->read_ms &&
        (!group->point || now_ms >= group->patience_ms))
    {
        hr = read_cache(group);
        group->read_ms = now_ms + group->rate_ms;
    }
    return hr;
}

ULONGLONG rm_watch_group_due(const struct rm_watch_group *group)
{
    ULONGLONG due_ms = has_refused(group) ? group->add_again_ms : UINT64_MAX;
    ULONGLONG read_ms = group->read_ms;

    if (!group->sync || !is_read(group))
        return due_ms;
    if (group->point && read_ms < group->patience_ms)
        read_ms = group->patience_ms;
    return read_ms < due_ms ? read_ms : due_ms;
}

void rm_watch_group_leave(struct rm_watch_group *group)
{
    if (group->point)
        IConnectionPoint_Unadvise(group->point, group->cookie);
    drop_point(group);
    if (group->sync)
        IOPCSyncIO_Release(group->sync);
    if (group->items)
    {
        IOPCItemMgt_Release(group->items);
        IOPCServer_RemoveGroup(group->server, group->handle, FALSE);
    }
    for (size_t k = 0; k < group->count; k++)
        VariantClear(&group->list[k].last);
    free(group->list);
}
