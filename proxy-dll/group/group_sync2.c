#include "call/hresult_class.h"
#include "group/group_methods.h"
#include "group/item_call.h"
#include "link/link.h"
#include "module/memory.h"

#define AGE_OF_CACHE 0xFFFFFFFFu /* as old as it may be: the cache's value will do */

struct max_age_call
{
    struct rm_item_call items;
    DWORD *max_ages;
    struct rm_max_age_results results; /* but for the errors, which are items.errors */
};

static HRESULT run_read(struct rm_call *call, struct rm_link *link)
{
    struct max_age_call *read = RM_FORWARD_OF(call, struct max_age_call);
    struct rm_handle_set *set = &read->items.set;
    struct rm_max_age_results *results = &read->results;
    struct rm_result_array arrays[RM_RESULT_ARRAYS_MAX] = {
        {NULL, sizeof(*results->values)   },
        {NULL, sizeof(*results->qualities)},
        {NULL, sizeof(*results->times)    }
    };
    void *temporary;
    DWORD *max_ages = rm_handle_set_gather(set, read->max_ages, sizeof(*max_ages), &temporary);
    HRESULT hr = max_ages ? S_OK : E_OUTOFMEMORY;

    (void)link;
    if (max_ages && !rm_handle_set_is_all_early(set))
        hr = IOPCSyncIO2_ReadMaxAge((IOPCSyncIO2 *)read->items.forward.real, set->sent_count,
                                    set->real, max_ages, &results->values, &results->qualities,
                                    &results->times, &read->items.errors);
    rm_free(temporary);
    rm_forward_drop(&read->items.forward);
    arrays[0].block = results->values;
    arrays[1].block = results->qualities;
    arrays[2].block = results->times;
    hr = rm_handle_set_expand_all(set, hr, arrays, RM_RESULT_ARRAYS_MAX, &read->items.errors);
    results->values = arrays[0].block;
    results->qualities = arrays[1].block;
    results->times = arrays[2].block;
    rm_forward_bring(&read->items.forward, results->values, rm_handle_set_result_count(set),
                     sizeof(*results->values));
    return hr;
}

static void destroy_read(struct rm_call *call)
{
    struct max_age_call *read = RM_FORWARD_OF(call, struct max_age_call);

    rm_free_variants(read->results.values, rm_handle_set_result_count(&read->items.set));
    CoTaskMemFree(read->results.qualities);
    CoTaskMemFree(read->results.times);
    rm_item_call_destroy(call);
}

static const struct rm_call_class cache_read_class = {
    .name = "IOPCSyncIO2::ReadMaxAge",
    .kind = RM_CALL_IDEMPOTENT,
    .prepare = rm_item_call_prepare,
    .run = run_read,
    .destroy = destroy_read,
};

static const struct rm_call_class device_read_class = {
    .name = "IOPCSyncIO2::ReadMaxAge",
    .kind = RM_CALL_IDEMPOTENT,
    .is_long = true,
    .prepare = rm_item_call_prepare,
    .run = run_read,
    .destroy = destroy_read,
};

static bool is_cache_read(DWORD count, const DWORD *max_ages)
{
    for (DWORD i = 0; i < count; i++)
    {
        if (max_ages[i] != AGE_OF_CACHE)
            return false;
    }
    return true;
}

static HRESULT read_once(struct rm_group *group, DWORD count, const OPCHANDLE *handles,
                         const DWORD *max_ages, struct rm_max_age_results *results)
{
    struct max_age_call *read = rm_item_call_new(
        sizeof(*read), is_cache_read(count, max_ages) ? &cache_read_class : &device_read_class,
        group, RM_GROUP_SYNC_IO2, count, handles);
    HRESULT hr;

    if (!read)
        return E_OUTOFMEMORY;
    read->items.may_repeat = true;
    read->max_ages =
        rm_forward_array(&read->items.forward, max_ages, count, sizeof(*read->max_ages));
    hr = rm_item_call_execute(&read->items, &read->results.errors);
    if (rm_forward_has_results(&read->items.forward, hr))
    {
        *results = read->results;
        memset(&read->results, 0, sizeof(read->results));
    }
    rm_call_release(&read->items.forward.call);
    return hr;
}

/* What IOPCSyncIO::Read would answer, in the arrays of this method. */
static HRESULT read_last(struct rm_group *group, DWORD count, const OPCHANDLE *handles,
                         struct rm_max_age_results *results)
{
    OPCITEMSTATE *states = NULL;
    HRESULT hr = rm_group_read_last(group, count, handles, &states, &results->errors);

    if (FAILED(hr))
        return hr;
    results->values = CoTaskMemAlloc(count * sizeof(*results->values));
    results->qualities = CoTaskMemAlloc(count * sizeof(*results->qualities));
    results->times = CoTaskMemAlloc(count * sizeof(*results->times));
    if (!results->values || !results->qualities || !results->times)
    {
        rm_group_free_states(states, count);
        CoTaskMemFree(results->values);
        CoTaskMemFree(results->qualities);
        CoTaskMemFree(results->times);
        CoTaskMemFree(results->errors);
        memset(results, 0, sizeof(*results));
        return E_OUTOFMEMORY;
    }
    for (DWORD i = 0; i < count; i++)
    {
        results->values[i] = states[i].vDataValue;
        results->qualities[i] = states[i].wQuality;
        results->times[i] = states[i].ftTimeStamp;
    }
    CoTaskMemFree(states); /* what the values hold has moved */
    return hr;
}

HRESULT rm_group_read_max_age(struct rm_group *group, DWORD count, const OPCHANDLE *handles,
                              const DWORD *max_ages, struct rm_max_age_results *results)
{
    HRESULT hr;

    if (count > RM_ELEMENTS_MAX)
        return E_OUTOFMEMORY;
    do
        hr = read_once(group, count, handles, max_ages, results);
    while (hr == RM_CALL_REPEAT);
    if (hr == RM_HRESULT_UNAVAILABLE && is_cache_read(count, max_ages))
        return read_last(group, count, handles, results);
    return hr;
}

struct write_call
{
    struct rm_item_call items;
    OPCITEMVQT *values;
};

static HRESULT run_write(struct rm_call *call, struct rm_link *link)
{
    struct write_call *write = RM_FORWARD_OF(call, struct write_call);
    struct rm_handle_set *set = &write->items.set;
    void *temporary;
    OPCITEMVQT *values = rm_handle_set_gather(set, write->values, sizeof(*values), &temporary);
    HRESULT hr = values ? S_OK : E_OUTOFMEMORY;

    (void)link;
    if (values && !rm_handle_set_is_all_early(set))
        hr = IOPCSyncIO2_WriteVQT((IOPCSyncIO2 *)write->items.forward.real, set->sent_count,
                                  set->real, values, &write->items.errors);
    rm_free(temporary);
    rm_forward_drop(&write->items.forward);
    return rm_handle_set_expand(set, hr, NULL, 0, &write->items.errors);
}

static const struct rm_call_class write_class = {
    .name = "IOPCSyncIO2::WriteVQT",
    .kind = RM_CALL_WRITE,
    .is_long = true,
    .prepare = rm_item_call_prepare,
    .run = run_write,
    .name_items = rm_item_call_name_items,
    .destroy = rm_item_call_destroy,
};

HRESULT rm_group_write_vqt_once(struct rm_group *group, DWORD count, const OPCHANDLE *handles,
                                const OPCITEMVQT *values, HRESULT **errors)
{
    struct write_call *write =
        rm_item_call_new(sizeof(*write), &write_class, group, RM_GROUP_SYNC_IO2, count, handles);
    HRESULT hr;

    if (!write)
        return E_OUTOFMEMORY;
    write->values = rm_forward_vqts(&write->items.forward, values, count);
    hr = rm_item_call_execute(&write->items, errors);
    rm_call_release(&write->items.forward.call);
    return hr;
}
