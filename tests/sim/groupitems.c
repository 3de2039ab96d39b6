#include "clock.h"
#include "difficulty.h"
#include "enumattributes.h"
#include "gate.h"
#include "group.h"
#include "itemid.h"
#include "journal.h"
#include "text.h"
#include "updater.h"

#include <opc/opcerror.h>

#include <stdlib.h>
#include <string.h>

static struct sim_group *impl_from_IOPCItemMgt(IOPCItemMgt *iface)
{
    return CONTAINING_RECORD(iface, struct sim_group, IOPCItemMgt_iface);
}

static HRESULT STDMETHODCALLTYPE group_items_QueryInterface(IOPCItemMgt *iface, REFIID iid,
                                                            void **object)
{
    return sim_group_query(impl_from_IOPCItemMgt(iface), iid, object);
}

static ULONG STDMETHODCALLTYPE group_items_AddRef(IOPCItemMgt *iface)
{
    return sim_group_add_ref(impl_from_IOPCItemMgt(iface));
}

static ULONG STDMETHODCALLTYPE group_items_Release(IOPCItemMgt *iface)
{
    return sim_group_release(impl_from_IOPCItemMgt(iface));
}

static HRESULT find_item(const OPCITEMDEF *definition, const struct sim_item **item)
{
    bool is_strict = sim_difficulty_is_other_dialect();
    if (is_strict && definition->szItemID == NULL)
    {
        return E_INVALIDARG;
    }
    HRESULT result = sim_item_id_find(definition->szItemID, item);
    if (FAILED(result))
    {
        return result;
    }
    if (FAILED((*item)->add_code))
    {
        return (*item)->add_code;
    }
    const wchar_t *path = definition->szAccessPath != NULL ? definition->szAccessPath : L"";
    if ((is_strict && definition->szAccessPath == NULL) ||
        (path[0] != L'\0' && !sim_device_is_access_path(path)))
    {
        return OPC_E_UNKNOWNPATH;
    }
    return sim_value_check_type((*item)->type, definition->vtRequestedDataType);
}

static HRESULT add_item(struct sim_group *group, const OPCITEMDEF *definition,
                        const struct sim_item *item, OPCITEMRESULT *result)
{
    const wchar_t *path = definition->szAccessPath != NULL ? definition->szAccessPath : L"";
    struct sim_group_item *added = sim_group_new_item(group);
    if (added == NULL)
    {
        return E_OUTOFMEMORY;
    }
    added->item = item;
    added->client_handle = definition->hClient;
    added->requested = definition->vtRequestedDataType;
    added->is_active = definition->bActive != FALSE;
    added->is_pending = true;
    added->added_ms = sim_clock_now();
    added->access_path = path[0] != L'\0' ? sim_text_copy(path) : NULL;
    result->hServer = added->server_handle;
    sim_journal_item(group->handle, added->server_handle, added->client_handle, item->node->id);
    return S_OK;
}

/* AddItems and ValidateItems differ in whether the items get into the group. */
static HRESULT check_items(struct sim_group *group, bool is_adding, DWORD count,
                           const OPCITEMDEF *definitions, OPCITEMRESULT **results, HRESULT **errors)
{
    HRESULT overall = S_OK;
    OPCITEMRESULT *result = CoTaskMemAlloc(count * sizeof(*result));
    HRESULT *error = CoTaskMemAlloc(count * sizeof(*error));
    if (result == NULL || error == NULL)
    {
        CoTaskMemFree(result);
        CoTaskMemFree(error);
        return E_OUTOFMEMORY;
    }
    memset(result, 0, count * sizeof(*result));
    AcquireSRWLockExclusive(&group->lock);
    for (DWORD i = 0; i < count; i++)
    {
        const struct sim_item *item = NULL;
        error[i] = find_item(&definitions[i], &item);
        if (SUCCEEDED(error[i]) && is_adding)
        {
            error[i] = add_item(group, &definitions[i], item, &result[i]);
        }
        if (SUCCEEDED(error[i]))
        {
            result[i].vtCanonicalDataType = item->type;
            result[i].dwAccessRights = item->rights;
            error[i] = item->add_code;
        }
        overall = error[i] == S_OK ? overall : S_FALSE;
    }
    ReleaseSRWLockExclusive(&group->lock);
    *results = result;
    *errors = error;
    return overall;
}

static HRESULT STDMETHODCALLTYPE group_items_AddItems(IOPCItemMgt *iface, DWORD count,
                                                      OPCITEMDEF *definitions,
                                                      OPCITEMRESULT **results, HRESULT **errors)
{
    struct sim_group *group = impl_from_IOPCItemMgt(iface);
    if (results == NULL || errors == NULL)
    {
        return E_POINTER;
    }
    *results = NULL;
    *errors = NULL;
    SIM_ENTER_GROUP(group, IOPCItemMgt_AddItems);
    if (sim_group_is_public(group))
    {
        return OPC_E_PUBLIC;
    }
    if (count == 0 || definitions == NULL || sim_difficulty_is_too_much(count))
    {
        return E_INVALIDARG;
    }
    sim_difficulty_slow_add(count);
    return check_items(group, true, count, definitions, results, errors);
}

static HRESULT STDMETHODCALLTYPE group_items_ValidateItems(IOPCItemMgt *iface, DWORD count,
                                                           OPCITEMDEF *definitions, BOOL with_blobs,
                                                           OPCITEMRESULT **results,
                                                           HRESULT **errors)
{
    struct sim_group *group = impl_from_IOPCItemMgt(iface);
    (void)with_blobs; /* this server has no blobs */
    if (results == NULL || errors == NULL)
    {
        return E_POINTER;
    }
    *results = NULL;
    *errors = NULL;
    SIM_ENTER_GROUP(group, IOPCItemMgt_ValidateItems);
    if (count == 0 || definitions == NULL)
    {
        return E_INVALIDARG;
    }
    return check_items(group, false, count, definitions, results, errors);
}

HRESULT sim_group_change_items(struct sim_group *group, DWORD count, const OPCHANDLE *handles,
                               HRESULT **errors, sim_change_item change, const void *context)
{
    HRESULT overall = S_OK;
    HRESULT *error = CoTaskMemAlloc(count * sizeof(*error));
    if (error == NULL)
    {
        return E_OUTOFMEMORY;
    }
    AcquireSRWLockExclusive(&group->lock);
    for (DWORD i = 0; i < count; i++)
    {
        struct sim_group_item *item = sim_group_find_item(group, handles[i]);
        error[i] = item != NULL ? change(group, item, i, context) : OPC_E_INVALIDHANDLE;
        overall = error[i] == S_OK ? overall : S_FALSE;
    }
    ReleaseSRWLockExclusive(&group->lock);
    sim_updater_wake(group);
    *errors = error;
    return overall;
}

static HRESULT remove_item(struct sim_group *group, struct sim_group_item *item, DWORD i,
                           const void *context)
{
    (void)i;
    (void)context;
    sim_group_free_item(group, item);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE group_items_RemoveItems(IOPCItemMgt *iface, DWORD count,
                                                         OPCHANDLE *handles, HRESULT **errors)
{
    struct sim_group *group = impl_from_IOPCItemMgt(iface);
    if (errors == NULL)
    {
        return E_POINTER;
    }
    *errors = NULL;
    SIM_ENTER_GROUP(group, IOPCItemMgt_RemoveItems);
    if (sim_group_is_public(group))
    {
        return OPC_E_PUBLIC;
    }
    if (count == 0 || handles == NULL)
    {
        return E_INVALIDARG;
    }
    return sim_group_change_items(group, count, handles, errors, remove_item, NULL);
}

static HRESULT set_active(struct sim_group *group, struct sim_group_item *item, DWORD i,
                          const void *context)
{
    (void)group;
    (void)i;
    bool is_active = *(const BOOL *)context != FALSE;
    item->is_pending = item->is_pending || (is_active && !item->is_active);
    item->is_active = is_active;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE group_items_SetActiveState(IOPCItemMgt *iface, DWORD count,
                                                            OPCHANDLE *handles, BOOL is_active,
                                                            HRESULT **errors)
{
    struct sim_group *group = impl_from_IOPCItemMgt(iface);
    if (errors == NULL)
    {
        return E_POINTER;
    }
    *errors = NULL;
    SIM_ENTER_GROUP(group, IOPCItemMgt_SetActiveState);
    if (count == 0 || handles == NULL)
    {
        return E_INVALIDARG;
    }
    return sim_group_change_items(group, count, handles, errors, set_active, &is_active);
}

static HRESULT set_client_handle(struct sim_group *group, struct sim_group_item *item, DWORD i,
                                 const void *context)
{
    item->client_handle = ((const OPCHANDLE *)context)[i];
    sim_journal_item(group->handle, item->server_handle, item->client_handle, item->item->node->id);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE group_items_SetClientHandles(IOPCItemMgt *iface, DWORD count,
                                                              OPCHANDLE *handles,
                                                              OPCHANDLE *client_handles,
                                                              HRESULT **errors)
{
    struct sim_group *group = impl_from_IOPCItemMgt(iface);
    if (errors == NULL)
    {
        return E_POINTER;
    }
    *errors = NULL;
    SIM_ENTER_GROUP(group, IOPCItemMgt_SetClientHandles);
    if (count == 0 || handles == NULL || client_handles == NULL)
    {
        return E_INVALIDARG;
    }
    return sim_group_change_items(group, count, handles, errors, set_client_handle, client_handles);
}

static HRESULT set_type(struct sim_group *group, struct sim_group_item *item, DWORD i,
                        const void *context)
{
    (void)group;
    VARTYPE type = ((const VARTYPE *)context)[i];
    HRESULT result = sim_value_check_type(item->item->type, type);
    if (SUCCEEDED(result) && item->requested != type)
    {
        item->requested = type;
        item->is_pending = true;
    }
    return result;
}

static HRESULT STDMETHODCALLTYPE group_items_SetDatatypes(IOPCItemMgt *iface, DWORD count,
                                                          OPCHANDLE *handles, VARTYPE *types,
                                                          HRESULT **errors)
{
    struct sim_group *group = impl_from_IOPCItemMgt(iface);
    if (errors == NULL)
    {
        return E_POINTER;
    }
    *errors = NULL;
    SIM_ENTER_GROUP(group, IOPCItemMgt_SetDatatypes);
    if (count == 0 || handles == NULL || types == NULL)
    {
        return E_INVALIDARG;
    }
    return sim_group_change_items(group, count, handles, errors, set_type, types);
}

static HRESULT STDMETHODCALLTYPE group_items_CreateEnumerator(IOPCItemMgt *iface, REFIID iid,
                                                              LPUNKNOWN *object)
{
    struct sim_group *group = impl_from_IOPCItemMgt(iface);
    if (object == NULL)
    {
        return E_POINTER;
    }
    *object = NULL;
    SIM_ENTER_GROUP(group, IOPCItemMgt_CreateEnumerator);
    if (!IsEqualIID(iid, &IID_IEnumOPCItemAttributes))
    {
        return E_INVALIDARG;
    }
    return sim_enum_attributes_create(group, object);
}

const IOPCItemMgtVtbl sim_group_items_vtable = {
    group_items_QueryInterface,   group_items_AddRef,           group_items_Release,
    group_items_AddItems,         group_items_ValidateItems,    group_items_RemoveItems,
    group_items_SetActiveState,   group_items_SetClientHandles, group_items_SetDatatypes,
    group_items_CreateEnumerator,
};
