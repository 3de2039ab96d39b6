#include "group/group_methods.h"
#include "group/group_object.h"
#include "group/item_call.h"
#include "link/link.h"
#include "module/memory.h"
#include "session/session.h"

static struct rm_group *impl_from_IOPCItemMgt(IOPCItemMgt *iface)
{
    return CONTAINING_RECORD(iface, struct rm_group, IOPCItemMgt_iface);
}

static HRESULT STDMETHODCALLTYPE group_items_QueryInterface(IOPCItemMgt *iface, REFIID iid,
                                                            void **out)
{
    return rm_group_object_query(impl_from_IOPCItemMgt(iface), iid, out);
}

static ULONG STDMETHODCALLTYPE group_items_AddRef(IOPCItemMgt *iface)
{
    return rm_group_object_add_ref(impl_from_IOPCItemMgt(iface));
}

static ULONG STDMETHODCALLTYPE group_items_Release(IOPCItemMgt *iface)
{
    return rm_group_object_release(impl_from_IOPCItemMgt(iface));
}

static HRESULT STDMETHODCALLTYPE group_items_AddItems(IOPCItemMgt *iface, DWORD count,
                                                      OPCITEMDEF *items, OPCITEMRESULT **results,
                                                      HRESULT **errors)
{
    HRESULT hr;

    if (results)
        *results = NULL;
    if (errors)
        *errors = NULL;
    if (!items || !results || !errors)
        return RM_HRESULT_NULL_REF;
    do
        hr = rm_group_add_items_once(impl_from_IOPCItemMgt(iface), count, items, results, errors);
    while (hr == RM_CALL_REPEAT);
    return hr;
}

static HRESULT STDMETHODCALLTYPE group_items_ValidateItems(IOPCItemMgt *iface, DWORD count,
                                                           OPCITEMDEF *items, BOOL is_blob_update,
                                                           OPCITEMRESULT **results,
                                                           HRESULT **errors)
{
    HRESULT hr;

    if (results)
        *results = NULL;
    if (errors)
        *errors = NULL;
    if (!items || !results || !errors)
        return RM_HRESULT_NULL_REF;
    do
        hr = rm_group_validate_items_once(impl_from_IOPCItemMgt(iface), count, items,
                                          is_blob_update, results, errors);
    while (hr == RM_CALL_REPEAT);
    return hr;
}

/* RemoveItems, SetActiveState, SetClientHandles and SetDatatypes: all name items by our handles,
 * and differ in what goes with them. */
struct change_call
{
    struct rm_item_call items;
    BOOL is_active;
    OPCHANDLE *clients;
    VARTYPE *types;
};

/* An item that the server has accepted the change for, or that it hasn't got. */
typedef void apply_function(struct change_call *change, DWORD index, struct rm_item *item,
                            struct rm_link_group *link_group);

static void record_change(struct rm_call *call, struct rm_link *link, HRESULT hr,
                          apply_function *apply)
{
    struct change_call *change = RM_FORWARD_OF(call, struct change_call);
    struct rm_group *group = change->items.forward.group;
    struct rm_link_group *link_group = rm_link_group_of(link, group);

    if (FAILED(hr) || !change->items.set.count)
        return;
    for (DWORD i = 0; i < change->items.set.count; i++)
    {
        struct rm_item *item = rm_group_find_item(group, change->items.set.ours[i]);

        if (item && SUCCEEDED(change->items.errors[i]))
            apply(change, i, item, link_group);
    }
    rm_session_changed(group->session);
}

static HRESULT execute_change(struct change_call *change, HRESULT **errors)
{
    HRESULT hr = rm_item_call_execute(&change->items, errors);

    rm_call_release(&change->items.forward.call);
    return hr;
}

static HRESULT run_remove(struct rm_call *call, struct rm_link *link)
{
    struct change_call *change = RM_FORWARD_OF(call, struct change_call);
    struct rm_handle_set *set = &change->items.set;
    HRESULT hr = S_OK;

    (void)link;
    if (!rm_handle_set_is_all_early(set))
        hr = IOPCItemMgt_RemoveItems((IOPCItemMgt *)change->items.forward.real, set->sent_count,
                                     set->real, &change->items.errors);
    rm_forward_drop(&change->items.forward);
    return rm_handle_set_expand(set, hr, NULL, 0, &change->items.errors);
}

static void apply_remove(struct change_call *change, DWORD index, struct rm_item *item,
                         struct rm_link_group *link_group)
{
    struct rm_group *group = change->items.forward.group;
    struct rm_link_item *link_item = link_group ? rm_link_item_of(link_group, group, item) : NULL;

    (void)index;
    if (link_item)
        memset(link_item, 0, sizeof(*link_item)); /* gone there too: nothing to be caught up */
    rm_group_remove_item(group, item);
}

static void record_remove(struct rm_call *call, struct rm_link *link, HRESULT hr)
{
    record_change(call, link, hr, apply_remove);
}

static const struct rm_call_class remove_class = {
    .name = "IOPCItemMgt::RemoveItems",
    .kind = RM_CALL_SHADOW,
    .prepare = rm_item_call_prepare_change,
    .run = run_remove,
    .record = record_remove,
    .destroy = rm_item_call_destroy,
};

static struct change_call *new_change(IOPCItemMgt *iface, const struct rm_call_class *call_class,
                                      DWORD count, const OPCHANDLE *handles)
{
    return rm_item_call_new(sizeof(struct change_call), call_class, impl_from_IOPCItemMgt(iface),
                            RM_GROUP_ITEM_MGT, count, handles);
}

static HRESULT STDMETHODCALLTYPE group_items_RemoveItems(IOPCItemMgt *iface, DWORD count,
                                                         OPCHANDLE *handles, HRESULT **errors)
{
    HRESULT hr;

    if (errors)
        *errors = NULL;
    if (!handles || !errors)
        return RM_HRESULT_NULL_REF;
    do
    {
        struct change_call *change = new_change(iface, &remove_class, count, handles);

        hr = change ? execute_change(change, errors) : E_OUTOFMEMORY;
    } while (hr == RM_CALL_REPEAT);
    return hr;
}

static HRESULT run_set_active(struct rm_call *call, struct rm_link *link)
{
    struct change_call *change = RM_FORWARD_OF(call, struct change_call);
    struct rm_handle_set *set = &change->items.set;
    HRESULT hr = S_OK;

    (void)link;
    if (!rm_handle_set_is_all_early(set))
        hr = IOPCItemMgt_SetActiveState((IOPCItemMgt *)change->items.forward.real, set->sent_count,
                                        set->real, change->is_active, &change->items.errors);
    rm_forward_drop(&change->items.forward);
    return rm_handle_set_expand(set, hr, NULL, 0, &change->items.errors);
}

static void apply_set_active(struct change_call *change, DWORD index, struct rm_item *item,
                             struct rm_link_group *link_group)
{
    struct rm_link_item *link_item =
        link_group ? rm_link_item_of(link_group, change->items.forward.group, item) : NULL;

    (void)index;
    item->is_active = change->is_active;
    if (link_item)
        link_item->is_active = change->is_active != FALSE;
}

static void record_set_active(struct rm_call *call, struct rm_link *link, HRESULT hr)
{
    record_change(call, link, hr, apply_set_active);
}

static const struct rm_call_class set_active_class = {
    .name = "IOPCItemMgt::SetActiveState",
    .kind = RM_CALL_SHADOW,
    .prepare = rm_item_call_prepare_change,
    .run = run_set_active,
    .record = record_set_active,
    .destroy = rm_item_call_destroy,
};

static HRESULT STDMETHODCALLTYPE group_items_SetActiveState(IOPCItemMgt *iface, DWORD count,
                                                            OPCHANDLE *handles, BOOL is_active,
                                                            HRESULT **errors)
{
    HRESULT hr;

    if (errors)
        *errors = NULL;
    if (!handles || !errors)
        return RM_HRESULT_NULL_REF;
    do
    {
        struct change_call *change = new_change(iface, &set_active_class, count, handles);

        if (change)
            change->is_active = is_active;
        hr = change ? execute_change(change, errors) : E_OUTOFMEMORY;
    } while (hr == RM_CALL_REPEAT);
    return hr;
}

static HRESULT run_set_clients(struct rm_call *call, struct rm_link *link)
{
    struct change_call *change = RM_FORWARD_OF(call, struct change_call);
    struct rm_handle_set *set = &change->items.set;
    void *temporary;
    OPCHANDLE *clients = rm_handle_set_gather(set, change->clients, sizeof(*clients), &temporary);
    HRESULT hr = clients ? S_OK : E_OUTOFMEMORY;

    (void)link;
    if (clients && !rm_handle_set_is_all_early(set))
        hr =
            IOPCItemMgt_SetClientHandles((IOPCItemMgt *)change->items.forward.real, set->sent_count,
                                         set->real, clients, &change->items.errors);
    rm_free(temporary);
    rm_forward_drop(&change->items.forward);
    return rm_handle_set_expand(set, hr, NULL, 0, &change->items.errors);
}

/* From now on callbacks may have the one handle or the other. */
static HRESULT prepare_set_clients(struct rm_call *call, struct rm_link *link)
{
    struct change_call *change = RM_FORWARD_OF(call, struct change_call);
    struct rm_group *group = change->items.forward.group;

    for (DWORD i = 0; i < change->items.set.count; i++)
    {
        struct rm_item *item = rm_group_find_item(group, change->items.set.ours[i]);

        if (item)
            rm_group_expect_client_handle(group, item, change->clients[i]);
    }
    return rm_item_call_prepare_change(call, link);
}

static void apply_set_client(struct change_call *change, DWORD index, struct rm_item *item,
                             struct rm_link_group *link_group)
{
    struct rm_group *group = change->items.forward.group;
    struct rm_link_item *link_item = link_group ? rm_link_item_of(link_group, group, item) : NULL;

    rm_group_set_client_handle(group, item, change->clients[index]);
    if (link_item)
        link_item->client = change->clients[index];
}

static void record_set_clients(struct rm_call *call, struct rm_link *link, HRESULT hr)
{
    record_change(call, link, hr, apply_set_client);
}

static const struct rm_call_class set_clients_class = {
    .name = "IOPCItemMgt::SetClientHandles",
    .kind = RM_CALL_SHADOW,
    .prepare = prepare_set_clients,
    .run = run_set_clients,
    .record = record_set_clients,
    .destroy = rm_item_call_destroy,
};

static HRESULT STDMETHODCALLTYPE group_items_SetClientHandles(IOPCItemMgt *iface, DWORD count,
                                                              OPCHANDLE *handles,
                                                              OPCHANDLE *clients, HRESULT **errors)
{
    HRESULT hr;

    if (errors)
        *errors = NULL;
    if (!handles || !clients || !errors)
        return RM_HRESULT_NULL_REF;
    do
    {
        struct change_call *change = new_change(iface, &set_clients_class, count, handles);

        if (change)
            change->clients =
                rm_forward_array(&change->items.forward, clients, count, sizeof(*clients));
        hr = change ? execute_change(change, errors) : E_OUTOFMEMORY;
    } while (hr == RM_CALL_REPEAT);
    return hr;
}

static HRESULT run_set_types(struct rm_call *call, struct rm_link *link)
{
    struct change_call *change = RM_FORWARD_OF(call, struct change_call);
    struct rm_handle_set *set = &change->items.set;
    void *temporary;
    VARTYPE *types = rm_handle_set_gather(set, change->types, sizeof(*types), &temporary);
    HRESULT hr = types ? S_OK : E_OUTOFMEMORY;

    (void)link;
    if (types && !rm_handle_set_is_all_early(set))
        hr = IOPCItemMgt_SetDatatypes((IOPCItemMgt *)change->items.forward.real, set->sent_count,
                                      set->real, types, &change->items.errors);
    rm_free(temporary);
    rm_forward_drop(&change->items.forward);
    return rm_handle_set_expand(set, hr, NULL, 0, &change->items.errors);
}

static void apply_set_type(struct change_call *change, DWORD index, struct rm_item *item,
                           struct rm_link_group *link_group)
{
    struct rm_link_item *link_item =
        link_group ? rm_link_item_of(link_group, change->items.forward.group, item) : NULL;

    item->requested_type = change->types[index];
    if (link_item)
        link_item->requested_type = change->types[index];
}

static void record_set_types(struct rm_call *call, struct rm_link *link, HRESULT hr)
{
    record_change(call, link, hr, apply_set_type);
}

static const struct rm_call_class set_types_class = {
    .name = "IOPCItemMgt::SetDatatypes",
    .kind = RM_CALL_SHADOW,
    .prepare = rm_item_call_prepare_change,
    .run = run_set_types,
    .record = record_set_types,
    .destroy = rm_item_call_destroy,
};

static HRESULT STDMETHODCALLTYPE group_items_SetDatatypes(IOPCItemMgt *iface, DWORD count,
                                                          OPCHANDLE *handles, VARTYPE *types,
                                                          HRESULT **errors)
{
    HRESULT hr;

    if (errors)
        *errors = NULL;
    if (!handles || !types || !errors)
        return RM_HRESULT_NULL_REF;
    do
    {
        struct change_call *change = new_change(iface, &set_types_class, count, handles);

        if (change)
            change->types = rm_forward_array(&change->items.forward, types, count, sizeof(*types));
        hr = change ? execute_change(change, errors) : E_OUTOFMEMORY;
    } while (hr == RM_CALL_REPEAT);
    return hr;
}

static HRESULT STDMETHODCALLTYPE group_items_CreateEnumerator(IOPCItemMgt *iface, REFIID iid,
                                                              LPUNKNOWN *enumerator)
{
    HRESULT hr;

    if (enumerator)
        *enumerator = NULL;
    if (!iid || !enumerator)
        return RM_HRESULT_NULL_REF;
    if (!IsEqualIID(iid, &IID_IEnumOPCItemAttributes))
        return E_INVALIDARG;
    do
        hr = rm_group_enumerate_once(impl_from_IOPCItemMgt(iface), enumerator);
    while (hr == RM_CALL_REPEAT);
    return hr;
}

const IOPCItemMgtVtbl rm_group_items_vtbl = {
    group_items_QueryInterface,   group_items_AddRef,           group_items_Release,
    group_items_AddItems,         group_items_ValidateItems,    group_items_RemoveItems,
    group_items_SetActiveState,   group_items_SetClientHandles, group_items_SetDatatypes,
    group_items_CreateEnumerator,
};
