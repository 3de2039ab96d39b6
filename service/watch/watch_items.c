/* watch_items.c: the items of a group in the server: those of the plan, as a difference. */
#include "watch/watch_group_internal.h"

#include <stdlib.h>

#include <hooks/wide.h>

#define WIDE_MAX     2049 /* of an item's name */
#define ADD_AGAIN_MS 5000u

bool rm_watch_group_call(const struct rm_watch_group *group)
{
    return rm_watched_call(group->watched, group->attempt, rm_watch_limit_ms(group->plan->config));
}

HRESULT rm_watch_group_back(const struct rm_watch_group *group, HRESULT hr)
{
    return rm_watched_back(group->watched, group->attempt) ? hr : HRESULT_GIVEN_UP;
}

DWORD rm_watch_group_pick(const struct rm_watch_group *group, bool is_added,
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
static bool describe_item(const struct rm_watch_group *group,
                          const struct rm_watch_group_item *asked, OPCITEMDEF *definition)
{
    const struct rm_monitor_item *item = &group->plan->config->monitor.items[asked->number];
    WCHAR *texts = calloc(2, WIDE_MAX * sizeof *texts);

    if (!texts)
        return false;
    *definition = (OPCITEMDEF){.szItemID = texts,
                               .szAccessPath = texts + WIDE_MAX,
                               .bActive = TRUE,
                               .hClient = asked->id,
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
        rm_watched_added(group->watched, group->attempt, asked[k]->id, errors[k]);
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
        hr = describe_item(group, asked[k], &definitions[k]) ? S_OK : E_OUTOFMEMORY;
    if (SUCCEEDED(hr))
    {
        hr = rm_watch_group_call(group)
                 ? IOPCItemMgt_AddItems(group->items, count, definitions, &results, &errors)
                 : HRESULT_GIVEN_UP;
        hr = rm_watch_group_back(group, hr);
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

HRESULT rm_watch_group_add_items(struct rm_watch_group *group)
{
    struct rm_watch_group_item **asked = calloc(group->count ? group->count : 1, sizeof *asked);
    DWORD count = asked ? rm_watch_group_pick(group, false, asked) : 0;
    HRESULT hr = asked ? S_OK : E_OUTOFMEMORY;

    if (count)
        hr = add_these(group, asked, count);
    group->add_again_ms = GetTickCount64() + ADD_AGAIN_MS;
    free(asked);
    return hr;
}

/* ---- the plan ------------------------------------------------------------------------------ */

/* Its number in the plan, or that of items there: it is there no more. */
static size_t find_id(const struct rm_watch_plan *plan, uint32_t id)
{
    size_t i = 0;

    while (i < plan->config->monitor.item_count && plan->ids[i] != id)
        i++;
    return i;
}

static bool has_id(const struct rm_watch_group *group, uint32_t id)
{
    for (size_t k = 0; k < group->count; k++)
    {
        if (group->list[k].id == id)
            return true;
    }
    return false;
}

/* What the server says of single items doesn't matter any more. */
static HRESULT remove_from_server(struct rm_watch_group *group, DWORD count, OPCHANDLE *handles)
{
    HRESULT *errors = NULL;
    HRESULT hr = rm_watch_group_call(group)
                     ? IOPCItemMgt_RemoveItems(group->items, count, handles, &errors)
                     : HRESULT_GIVEN_UP;

    CoTaskMemFree(errors);
    return rm_watch_group_back(group, hr);
}

/* Those that are not wanted any more. */
static HRESULT drop_items(struct rm_watch_group *group)
{
    size_t most = group->plan->config->monitor.item_count, kept = 0;
    OPCHANDLE *handles = calloc(group->count ? group->count : 1, sizeof *handles);
    DWORD count = 0;
    HRESULT hr = S_OK;

    if (!handles)
        return E_OUTOFMEMORY;
    for (size_t k = 0; k < group->count; k++)
    {
        struct rm_watch_group_item item = group->list[k];

        item.number = find_id(group->plan, item.id);
        if (item.number < most)
            group->list[kept++] = item;
        else
        {
            if (item.is_added)
                handles[count++] = item.handle;
            VariantClear(&item.last);
        }
    }
    group->count = kept;
    if (count)
        hr = remove_from_server(group, count, handles);
    free(handles);
    return hr;
}

static bool list_new_items(struct rm_watch_group *group)
{
    const struct rm_monitor_config *monitor = &group->plan->config->monitor;
    struct rm_watch_group_item *list =
        realloc(group->list, (monitor->item_count ? monitor->item_count : 1) * sizeof *list);

    if (!list)
        return false;
    group->list = list;
    for (size_t i = 0; i < monitor->item_count; i++)
    {
        if (monitor->items[i].rate_ms == group->rate_ms && !has_id(group, group->plan->ids[i]))
            list[group->count++] =
                (struct rm_watch_group_item){.id = group->plan->ids[i], .number = i};
    }
    return true;
}

HRESULT rm_watch_group_follow(struct rm_watch_group *group)
{
    HRESULT hr = drop_items(group);

    if (FAILED(hr))
        return hr;
    return list_new_items(group) ? rm_watch_group_add_items(group) : E_OUTOFMEMORY;
}
