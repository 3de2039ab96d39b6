#include "watch/watch_group_internal.h"

#include <olectl.h>
#include <stdlib.h>
#include <string.h>

#include <link/activation.h>
#include <rm/quality.h>

#include "watch/watch_sink.h"

#define PATIENCE_MS      5000u
#define PATIENCE_PERIODS 3u

static HRESULT add_group(struct rm_watch_group *group)
{
    WCHAR name[] = L"";
    DWORD revised_ms = 0;
    IUnknown *unknown = NULL;
    HRESULT hr;

    if (!rm_watch_group_call(group))
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
    return rm_watch_group_back(group, hr);
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
    if (!group->sink || !rm_watch_group_call(group))
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
    rm_watch_group_back(group, hr);
    group->patience_ms = GetTickCount64() + PATIENCE_MS + group->rate_ms * PATIENCE_PERIODS;
}

HRESULT rm_watch_group_enter(struct rm_watch_group *group)
{
    HRESULT hr = add_group(group);

    if (SUCCEEDED(hr))
        hr = rm_watch_group_follow(group);
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
        rm_watched_changed(group->watched, group->attempt, item->id, quality, &state->vDataValue);
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
    OPCHANDLE *handles = calloc(group->count ? group->count : 1, sizeof *handles);
    struct rm_watch_group_item **asked = calloc(group->count ? group->count : 1, sizeof *asked);
    OPCITEMSTATE *states = NULL;
    HRESULT *errors = NULL;
    HRESULT hr = handles && asked ? S_OK : E_OUTOFMEMORY;
    DWORD count = SUCCEEDED(hr) ? rm_watch_group_pick(group, true, asked) : 0;

    for (DWORD k = 0; k < count; k++)
        handles[k] = asked[k]->handle;
    if (count)
    {
        hr = rm_watch_group_call(group)
                 ? IOPCSyncIO_Read(group->sync, OPC_DS_CACHE, count, handles, &states, &errors)
                 : HRESULT_GIVEN_UP;
        hr = rm_watch_group_back(group, hr);
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
        hr = rm_watch_group_add_items(group);
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
