#include "group/item_setting.h"

#include "link/link.h"
#include "module/memory.h"
#include "session/session.h"

struct setting_call
{
    struct rm_item_call items;
    const struct rm_item_setting *setting;
    BYTE *inputs;
    void *results;
};

/* Items that only the shadow has: what is asked for is what they will get. */
static void answer_unsent(struct setting_call *call)
{
    const struct rm_handle_set *set = &call->items.set;
    size_t size = call->setting->result_size;
    DWORD sent = 0;

    for (DWORD i = 0; i < set->count; i++)
    {
        if (sent < set->sent_count && set->positions[sent] == i)
            sent++;
        else if (SUCCEEDED(set->early[i]))
            memcpy((BYTE *)call->results + i * size, call->inputs + i * size, size);
    }
}

HRESULT rm_item_setting_run(struct rm_call *call, struct rm_link *link)
{
    struct setting_call *own = RM_FORWARD_OF(call, struct setting_call);
    const struct rm_item_setting *setting = own->setting;
    struct rm_handle_set *set = &own->items.set;
    void *temporary = NULL;
    void *inputs = NULL;
    HRESULT hr = S_OK;

    (void)link;
    if (setting->input_size)
    {
        inputs = rm_handle_set_gather(set, own->inputs, setting->input_size, &temporary);
        hr = inputs ? S_OK : E_OUTOFMEMORY;
    }
    if (SUCCEEDED(hr) && !rm_handle_set_is_all_early(set))
        hr = setting->send(own->items.forward.real, set->sent_count, set->real, inputs,
                           &own->results, &own->items.errors);
    rm_free(temporary);
    rm_forward_drop(&own->items.forward);
    hr = rm_handle_set_expand(set, hr, setting->result_size ? &own->results : NULL,
                              setting->result_size, &own->items.errors);
    if (SUCCEEDED(hr) && set->is_expanded && setting->input_size && setting->result_size)
        answer_unsent(own);
    return hr;
}

void rm_item_setting_record(struct rm_call *call, struct rm_link *link, HRESULT hr)
{
    struct setting_call *own = RM_FORWARD_OF(call, struct setting_call);
    const struct rm_item_setting *setting = own->setting;
    struct rm_group *group = own->items.forward.group;
    struct rm_link_group *link_group = rm_link_group_of(link, group);
    const struct rm_handle_set *set = &own->items.set;

    if (FAILED(hr) || !set->count)
        return;
    for (DWORD i = 0; i < set->count; i++)
    {
        struct rm_item *item = rm_group_find_item(group, set->ours[i]);
        struct rm_link_item *link_item =
            item && link_group ? rm_link_item_of(link_group, group, item) : NULL;
        const void *input = own->inputs + i * setting->input_size;
        const void *result = (const BYTE *)own->results + i * setting->result_size;

        if (!item)
            continue;
        setting->apply(&item->settings, item, input, result, own->items.errors[i]);
        if (link_item && link_item->state == RM_LINK_ITEM_ADDED)
            setting->apply(&link_item->settings, NULL, input, result, own->items.errors[i]);
    }
    rm_session_changed(group->session);
}

void rm_item_setting_destroy(struct rm_call *call)
{
    CoTaskMemFree(RM_FORWARD_OF(call, struct setting_call)->results);
    rm_item_call_destroy(call);
}

static HRESULT call_once(struct rm_group *group, const struct rm_item_setting *setting, DWORD count,
                         const OPCHANDLE *handles, const void *inputs, void **results,
                         HRESULT **errors)
{
    struct setting_call *call = rm_item_call_new(sizeof(*call), &setting->call_class, group,
                                                 setting->which, count, handles);
    HRESULT hr;

    if (!call)
        return E_OUTOFMEMORY;
    call->setting = setting;
    if (setting->input_size)
        call->inputs = rm_forward_array(&call->items.forward, inputs, count, setting->input_size);
    hr = rm_item_call_execute(&call->items, errors);
    if (setting->result_size && rm_forward_has_results(&call->items.forward, hr))
    {
        *results = call->results;
        call->results = NULL;
    }
    rm_call_release(&call->items.forward.call);
    return hr;
}

HRESULT rm_item_setting_call(struct rm_group *group, const struct rm_item_setting *setting,
                             DWORD count, const OPCHANDLE *handles, const void *inputs,
                             void **results, HRESULT **errors)
{
    HRESULT hr;

    if (setting->result_size && results)
        *results = NULL;
    if (errors)
        *errors = NULL;
    if (!handles || !errors || (setting->input_size && !inputs) ||
        (setting->result_size && !results))
        return RM_HRESULT_NULL_REF;
    do
        hr = call_once(group, setting, count, handles, inputs, results, errors);
    while (hr == RM_CALL_REPEAT);
    return hr;
}
