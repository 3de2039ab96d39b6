#include "clock.h"
#include "difficulty.h"
#include "gate.h"
#include "group.h"
#include "group3.h"
#include "journal.h"
#include "module.h"
#include "text.h"
#include "updater.h"

#include <opc/opcerror.h>

static struct sim_group *impl_from_IOPCGroupStateMgt2(IOPCGroupStateMgt2 *iface)
{
    return CONTAINING_RECORD(iface, struct sim_group, IOPCGroupStateMgt2_iface);
}

static HRESULT STDMETHODCALLTYPE group_state_QueryInterface(IOPCGroupStateMgt2 *iface, REFIID iid,
                                                            void **object)
{
    return sim_group_query(impl_from_IOPCGroupStateMgt2(iface), iid, object);
}

static ULONG STDMETHODCALLTYPE group_state_AddRef(IOPCGroupStateMgt2 *iface)
{
    return sim_group_add_ref(impl_from_IOPCGroupStateMgt2(iface));
}

static ULONG STDMETHODCALLTYPE group_state_Release(IOPCGroupStateMgt2 *iface)
{
    return sim_group_release(impl_from_IOPCGroupStateMgt2(iface));
}

static HRESULT STDMETHODCALLTYPE group_state_GetState(IOPCGroupStateMgt2 *iface, DWORD *rate_ms,
                                                      BOOL *is_active, LPWSTR *name,
                                                      LONG *time_bias, FLOAT *deadband,
                                                      DWORD *locale, OPCHANDLE *client_handle,
                                                      OPCHANDLE *server_handle)
{
    struct sim_group *group = impl_from_IOPCGroupStateMgt2(iface);
    if (rate_ms == NULL || is_active == NULL || name == NULL || time_bias == NULL ||
        deadband == NULL || locale == NULL || client_handle == NULL || server_handle == NULL)
    {
        return E_POINTER;
    }
    *name = NULL;
    SIM_ENTER_GROUP(group, IOPCGroupStateMgt_GetState);
    AcquireSRWLockShared(&group->server->lock);
    *name = sim_text_task_copy(group->name);
    ReleaseSRWLockShared(&group->server->lock);
    AcquireSRWLockShared(&group->lock);
    *rate_ms = group->rate_ms;
    *is_active = group->is_active;
    *time_bias = group->time_bias;
    *deadband = group->deadband;
    *locale = group->locale;
    *client_handle = group->client_handle;
    *server_handle = group->handle;
    ReleaseSRWLockShared(&group->lock);
    return *name != NULL ? S_OK : E_OUTOFMEMORY;
}

/* --forgetful; the group's lock is held. */
static void forget_items(struct sim_group *group)
{
    for (DWORD i = 0; i < group->item_places; i++)
    {
        if (group->items[i].item != NULL)
        {
            sim_group_free_item(group, &group->items[i]);
        }
    }
}

static HRESULT STDMETHODCALLTYPE group_state_SetState(IOPCGroupStateMgt2 *iface,
                                                      DWORD *requested_ms, DWORD *revised_ms,
                                                      BOOL *is_active, LONG *time_bias,
                                                      FLOAT *deadband, DWORD *locale,
                                                      OPCHANDLE *client_handle)
{
    struct sim_group *group = impl_from_IOPCGroupStateMgt2(iface);
    if (revised_ms == NULL)
    {
        return E_POINTER;
    }
    *revised_ms = 0;
    SIM_ENTER_GROUP(group, IOPCGroupStateMgt_SetState);
    HRESULT result = sim_difficulty_check_deadband(deadband);
    if (SUCCEEDED(result) && is_active != NULL)
    {
        result = sim_difficulty_check_activity(*is_active != FALSE);
    }
    if (FAILED(result))
    {
        return result;
    }
    bool has_vendor_codes = sim_module_options()->has_vendor_codes;
    if (has_vendor_codes && deadband != NULL && *deadband == 99.0f)
    {
        return SIM_VENDOR_E_STATE;
    }
    AcquireSRWLockExclusive(&group->lock);
    bool was_active = group->is_active;
    if (requested_ms != NULL)
    {
        group->rate_ms = sim_group_revise_rate(*requested_ms);
        group->next_update_ms = sim_clock_now() + group->rate_ms;
    }
    group->is_active = is_active != NULL ? *is_active != FALSE : group->is_active;
    group->time_bias = time_bias != NULL ? *time_bias : group->time_bias;
    group->deadband = deadband != NULL ? *deadband : group->deadband;
    group->locale = locale != NULL ? *locale : group->locale;
    group->client_handle = client_handle != NULL ? *client_handle : group->client_handle;
    *revised_ms = group->rate_ms;
    bool is_activated = group->is_active && !was_active;
    if (is_activated && sim_module_options()->is_forgetful)
    {
        forget_items(group);
    }
    ReleaseSRWLockExclusive(&group->lock);
    if (is_activated)
    {
        sim_updater_send_all(group);
    }
    sim_updater_wake(group);
    bool is_revised = requested_ms != NULL && *requested_ms != *revised_ms;
    return is_revised ? OPC_S_UNSUPPORTEDRATE : has_vendor_codes ? SIM_VENDOR_S_STATE : S_OK;
}

static HRESULT STDMETHODCALLTYPE group_state_SetName(IOPCGroupStateMgt2 *iface, LPCWSTR name)
{
    struct sim_group *group = impl_from_IOPCGroupStateMgt2(iface);
    SIM_ENTER_GROUP(group, IOPCGroupStateMgt_SetName);
    if (sim_group_is_public(group))
    {
        return OPC_E_PUBLIC;
    }
    if (name == NULL || name[0] == L'\0')
    {
        return E_INVALIDARG;
    }
    return sim_server_rename_group(group->server, group, name);
}

static HRESULT copy_items(struct sim_group *copy, const struct sim_group *group)
{
    for (DWORD i = 0; i < group->item_places; i++)
    {
        const struct sim_group_item *source = &group->items[i];
        if (source->item == NULL)
        {
            continue;
        }
        struct sim_group_item *item = sim_group_new_item(copy);
        if (item == NULL)
        {
            return E_OUTOFMEMORY;
        }
        item->item = source->item;
        item->client_handle = source->client_handle;
        item->requested = source->requested;
        item->is_active = source->is_active;
        item->is_pending = true;
        item->access_path = source->access_path != NULL ? sim_text_copy(source->access_path) : NULL;
        sim_journal_item(copy->handle, item->server_handle, item->client_handle,
                         item->item->node->id);
    }
    return S_OK;
}

static HRESULT copy_group(struct sim_group *copy, struct sim_group *group)
{
    AcquireSRWLockShared(&group->lock);
    copy->rate_ms = group->rate_ms;
    copy->time_bias = group->time_bias;
    copy->deadband = group->deadband;
    copy->locale = group->locale;
    copy->client_handle = group->client_handle;
    HRESULT result = copy_items(copy, group);
    ReleaseSRWLockShared(&group->lock);
    return result;
}

static HRESULT STDMETHODCALLTYPE group_state_CloneGroup(IOPCGroupStateMgt2 *iface, LPCWSTR name,
                                                        REFIID iid, LPUNKNOWN *object)
{
    struct sim_group *group = impl_from_IOPCGroupStateMgt2(iface);
    if (object == NULL)
    {
        return E_POINTER;
    }
    *object = NULL;
    SIM_ENTER_GROUP(group, IOPCGroupStateMgt_CloneGroup);
    if (name == NULL)
    {
        return E_INVALIDARG;
    }
    struct sim_group *copy = NULL;
    HRESULT result = sim_group_create(group->server, &copy);
    if (FAILED(result))
    {
        return result;
    }
    result = copy_group(copy, group);
    if (SUCCEEDED(result))
    {
        result = sim_group_query(copy, iid, (void **)object);
    }
    if (SUCCEEDED(result))
    {
        sim_group_hold(copy);
        result = sim_server_insert_group(group->server, copy, name);
        if (FAILED(result))
        {
            sim_group_unhold(copy);
            IUnknown_Release(*object);
            *object = NULL;
        }
    }
    sim_group_unhold(copy);
    return result;
}

const IOPCGroupStateMgt2Vtbl sim_group_state_vtable = {
    group_state_QueryInterface,    group_state_AddRef,
    group_state_Release,           group_state_GetState,
    group_state_SetState,          group_state_SetName,
    group_state_CloneGroup,        sim_group_state2_SetKeepAlive,
    sim_group_state2_GetKeepAlive,
};
