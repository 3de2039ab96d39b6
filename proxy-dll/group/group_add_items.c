#include "group/group_methods.h"
#include "group/shadow_item.h"
#include "server/forward.h"
#include "session/session.h"

struct add_items_call
{
    struct rm_forward forward;
    DWORD count;
    OPCITEMDEF *items;
    BOOL is_blob_update; /* ValidateItems */
    OPCITEMRESULT *results;
    HRESULT *errors;
    bool is_cut; /* memory ran out after the server had answered */
};

static void free_results(struct add_items_call *add)
{
    for (DWORD i = 0; add->results && i < add->count; i++)
        CoTaskMemFree(add->results[i].pBlob);
    CoTaskMemFree(add->results);
    CoTaskMemFree(add->errors);
}

static void destroy_add_items(struct rm_call *call)
{
    free_results(RM_FORWARD_OF(call, struct add_items_call));
    rm_forward_destroy(call);
}

/* The arrays are part of a success. */
static HRESULT check_results(const struct add_items_call *add, HRESULT hr)
{
    return SUCCEEDED(hr) && (!add->results || !add->errors) ? E_FAIL : hr;
}

static HRESULT prepare_add_items(struct rm_call *call, struct rm_link *link)
{
    HRESULT hr = rm_forward_prepare(call, link);

    if (hr == S_OK)
        RM_FORWARD_OF(call, struct add_items_call)->forward.group->adds_out++;
    return hr;
}

static HRESULT lost_add_items(struct rm_call *call, struct rm_link *link)
{
    (void)link;
    RM_FORWARD_OF(call, struct add_items_call)->forward.group->adds_out--;
    return RM_CALL_REPEAT;
}

static HRESULT run_add_items(struct rm_call *call, struct rm_link *link)
{
    struct add_items_call *add = RM_FORWARD_OF(call, struct add_items_call);
    HRESULT hr = IOPCItemMgt_AddItems((IOPCItemMgt *)add->forward.real, add->count, add->items,
                                      &add->results, &add->errors);

    (void)link;
    rm_forward_drop(&add->forward);
    return check_results(add, hr);
}

/* The real handles are replaced by ours; what there was no memory for has failed. */
static void record_add_items(struct rm_call *call, struct rm_link *link, HRESULT hr)
{
    struct add_items_call *add = RM_FORWARD_OF(call, struct add_items_call);
    struct rm_group *group = add->forward.group;
    struct rm_link_group *link_group = rm_link_group_of(link, group);

    group->adds_out--;
    if (FAILED(hr))
        return;
    rm_group_reserve_items(group, add->count); /* each asks for itself where there isn't as much */
    for (DWORD i = 0; i < add->count; i++)
    {
        const OPCITEMDEF *definition = &add->items[i];
        OPCITEMRESULT *result = &add->results[i];
        const struct rm_new_item new_item = {
            .item_id = definition->szItemID,
            .access_path = definition->szAccessPath,
            .blob = definition->pBlob,
            .blob_size = definition->dwBlobSize,
            .is_active = definition->bActive,
            .client = definition->hClient,
            .requested_type = definition->vtRequestedDataType,
            .canonical_type = result->vtCanonicalDataType,
            .access_rights = result->dwAccessRights,
        };
        const struct rm_item *item = NULL;

        if (SUCCEEDED(add->errors[i]))
        {
            item = rm_shadow_item_add(group, link_group, &new_item, result->hServer);
            if (!item)
            {
                add->errors[i] = E_OUTOFMEMORY;
                add->is_cut = true;
            }
        }
        result->hServer = item ? item->handle : 0;
    }
    rm_session_changed(group->session);
}

static const struct rm_call_class add_items_class = {
    .name = "IOPCItemMgt::AddItems",
    .kind = RM_CALL_SHADOW,
    .is_long = true,
    .prepare = prepare_add_items,
    .run = run_add_items,
    .record = record_add_items,
    .lost = lost_add_items,
    .destroy = destroy_add_items,
};

static HRESULT run_validate_items(struct rm_call *call, struct rm_link *link)
{
    struct add_items_call *validate = RM_FORWARD_OF(call, struct add_items_call);
    HRESULT hr = IOPCItemMgt_ValidateItems((IOPCItemMgt *)validate->forward.real, validate->count,
                                           validate->items, validate->is_blob_update,
                                           &validate->results, &validate->errors);

    (void)link;
    rm_forward_drop(&validate->forward);
    return check_results(validate, hr);
}

static void record_validate_items(struct rm_call *call, struct rm_link *link, HRESULT hr)
{
    struct add_items_call *validate = RM_FORWARD_OF(call, struct add_items_call);

    (void)link;
    for (DWORD i = 0; SUCCEEDED(hr) && i < validate->count; i++)
        validate->results[i].hServer = 0; /* means nothing, and a real one is not for clients */
}

static const struct rm_call_class validate_items_class = {
    .name = "IOPCItemMgt::ValidateItems",
    .kind = RM_CALL_IDEMPOTENT,
    .is_long = true,
    .prepare = rm_forward_prepare,
    .run = run_validate_items,
    .record = record_validate_items,
    .destroy = destroy_add_items,
};

static OPCITEMDEF *copy_items(struct rm_forward *forward, DWORD count, const OPCITEMDEF *items)
{
    OPCITEMDEF *copies = rm_forward_array(forward, items, count, sizeof(*items));

    for (DWORD i = 0; copies && i < count; i++)
    {
        OPCITEMDEF *copy = &copies[i];

        copy->szAccessPath = rm_forward_text(forward, copy->szAccessPath);
        copy->szItemID = rm_forward_text(forward, copy->szItemID);
        if (!copy->pBlob)
            copy->dwBlobSize = 0;
        else
            copy->pBlob = rm_forward_array(forward, copy->pBlob, copy->dwBlobSize, 1);
        if (FAILED(forward->status))
            return NULL;
    }
    return copies;
}

static HRESULT execute(struct add_items_call *add, DWORD count, const OPCITEMDEF *items,
                       OPCITEMRESULT **results, HRESULT **errors)
{
    HRESULT hr;

    add->count = count;
    add->items = copy_items(&add->forward, count, items);
    hr = rm_forward_execute(&add->forward);
    if (rm_forward_has_results(&add->forward, hr))
    {
        if (add->is_cut)
            hr = S_FALSE;
        *results = add->results;
        *errors = add->errors;
        add->results = NULL;
        add->errors = NULL;
    }
    rm_call_release(&add->forward.call);
    return hr;
}

HRESULT rm_group_add_items_once(struct rm_group *group, DWORD count, const OPCITEMDEF *items,
                                OPCITEMRESULT **results, HRESULT **errors)
{
    struct add_items_call *add =
        rm_forward_new(sizeof(*add), &add_items_class, group->session, group, RM_GROUP_ITEM_MGT);

    return add ? execute(add, count, items, results, errors) : E_OUTOFMEMORY;
}

HRESULT rm_group_validate_items_once(struct rm_group *group, DWORD count, const OPCITEMDEF *items,
                                     BOOL is_blob_update, OPCITEMRESULT **results, HRESULT **errors)
{
    struct add_items_call *validate = rm_forward_new(sizeof(*validate), &validate_items_class,
                                                     group->session, group, RM_GROUP_ITEM_MGT);

    if (!validate)
        return E_OUTOFMEMORY;
    validate->is_blob_update = is_blob_update;
    return execute(validate, count, items, results, errors);
}
