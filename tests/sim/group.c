#include "difficulty.h"
#include "group.h"
#include "group3.h"
#include "log.h"
#include "module.h"
#include "publicgroup.h"
#include "transaction.h"
#include "updater.h"

#include <stdlib.h>

#define RATE_STEP_MS 10
#define RATE_MAX_MS  86400000
#define HIGH_BITS    0xC0000000u /* --high-handles */

/* Unique in the process, as OPC wants them unique in the server. */
static volatile LONG last_handle;

HRESULT sim_group_query(struct sim_group *group, REFIID iid, void **object)
{
    if (object == NULL)
    {
        return E_POINTER;
    }
    *object = NULL;
    SIM_ENTER(IUnknown_QueryInterface);
    if (IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_IOPCGroupStateMgt))
    {
        *object = &group->IOPCGroupStateMgt2_iface;
    }
    else if (IsEqualIID(iid, &IID_IOPCItemMgt))
    {
        *object = &group->IOPCItemMgt_iface;
    }
    else if (IsEqualIID(iid, &IID_IOPCSyncIO))
    {
        *object = &group->IOPCSyncIO2_iface;
    }
    else if (IsEqualIID(iid, &IID_IOPCAsyncIO2))
    {
        *object = &group->IOPCAsyncIO3_iface;
    }
    else if (IsEqualIID(iid, &IID_IConnectionPointContainer))
    {
        *object = &group->connection.IConnectionPointContainer_iface;
    }
    else
    {
        *object = sim_group3_find(group, iid);
    }
    if (*object == NULL)
    {
        return E_NOINTERFACE;
    }
    sim_group_add_ref(group);
    return S_OK;
}

static void destroy(struct sim_group *group)
{
    sim_connection_drop(&group->connection, NULL);
    sim_transaction_clear(group);
    for (DWORD i = 0; i < group->item_places; i++)
    {
        if (group->items[i].item != NULL)
        {
            sim_group_free_item(group, &group->items[i]);
        }
    }
    if (group->public_group != NULL)
    {
        sim_public_group_release(group->public_group);
    }
    free(group->items);
    free(group->name);
    CloseHandle(group->wake);
    sim_server_unhold(group->server);
    free(group);
    sim_module_remove_object();
}

static ULONG drop_ref(struct sim_group *group)
{
    ULONG refs = (ULONG)InterlockedDecrement(&group->refs);
    if (refs == 0)
    {
        destroy(group);
    }
    return refs;
}

ULONG sim_group_add_ref(struct sim_group *group)
{
    return (ULONG)InterlockedIncrement(&group->refs);
}

ULONG sim_group_release(struct sim_group *group)
{
    sim_gate_enter(SIM_IUnknown_Release);
    if (!sim_group_is_public(group))
    {
        return drop_ref(group);
    }
    sim_group_hold(group);
    ULONG refs = (ULONG)InterlockedDecrement(&group->refs); /* not the last one */
    sim_public_group_leave(group);
    sim_group_unhold(group);
    return refs - 1;
}

void sim_group_hold(struct sim_group *group)
{
    InterlockedIncrement(&group->internal_refs);
    InterlockedIncrement(&group->refs);
}

void sim_group_unhold(struct sim_group *group)
{
    InterlockedDecrement(&group->internal_refs);
    drop_ref(group);
}

bool sim_group_is_in_use(const struct sim_group *group)
{
    return group->refs > group->internal_refs;
}

void sim_group_remove(struct sim_group *group)
{
    AcquireSRWLockExclusive(&group->lock);
    group->is_removed = true;
    group->is_active = false;
    ReleaseSRWLockExclusive(&group->lock);
    sim_connection_drop(&group->connection, NULL);
    SetEvent(group->wake);
}

bool sim_group_is_gone(struct sim_group *group)
{
    AcquireSRWLockShared(&group->lock);
    bool is_gone = group->is_removed || (group->public_group != NULL &&
                                         sim_public_group_is_removed(group->public_group));
    ReleaseSRWLockShared(&group->lock);
    return is_gone;
}

bool sim_group_is_public(struct sim_group *group)
{
    AcquireSRWLockShared(&group->lock);
    bool is_public = group->public_group != NULL;
    ReleaseSRWLockShared(&group->lock);
    return is_public;
}

DWORD sim_group_revise_rate(DWORD requested_ms)
{
    if (sim_module_options()->has_odd_rates)
    {
        return sim_difficulty_revise_rate(requested_ms);
    }
    if (requested_ms <= RATE_STEP_MS)
    {
        return RATE_STEP_MS;
    }
    DWORD bounded = requested_ms < RATE_MAX_MS ? requested_ms : RATE_MAX_MS;
    return (bounded + RATE_STEP_MS - 1) / RATE_STEP_MS * RATE_STEP_MS;
}

static void subscribe(IUnknown *owner)
{
    struct sim_group *group =
        CONTAINING_RECORD((IOPCGroupStateMgt2 *)owner, struct sim_group, IOPCGroupStateMgt2_iface);
    AcquireSRWLockExclusive(&group->lock);
    group->is_enabled = true;
    ReleaseSRWLockExclusive(&group->lock);
    sim_updater_send_all(group);
}

HRESULT sim_group_create(struct sim_server *server, struct sim_group **created)
{
    *created = NULL;
    struct sim_group *group = calloc(1, sizeof(*group));
    HANDLE wake = CreateEventW(NULL, FALSE, FALSE, NULL);
    if (group == NULL || wake == NULL)
    {
        free(group);
        return E_OUTOFMEMORY;
    }
    group->IOPCGroupStateMgt2_iface.lpVtbl = &sim_group_state_vtable;
    group->IOPCItemMgt_iface.lpVtbl = &sim_group_items_vtable;
    group->IOPCSyncIO2_iface.lpVtbl = &sim_group_sync_vtable;
    group->IOPCAsyncIO3_iface.lpVtbl = &sim_group_async_vtable;
    sim_group3_init(group);
    sim_connection_init(&group->connection, (IUnknown *)&group->IOPCGroupStateMgt2_iface,
                        &IID_IOPCDataCallback, subscribe);
    group->refs = 1;
    group->internal_refs = 1;
    group->server = server;
    sim_server_hold(server);
    group->handle = (DWORD)InterlockedIncrement(&last_handle);
    if (sim_module_options()->has_high_handles)
    {
        group->handle |= HIGH_BITS;
    }
    InitializeSRWLock(&group->lock);
    group->is_enabled = true;
    group->wake = wake;
    group->next_tick = SIM_NO_TICK;
    sim_module_add_object();
    *created = group;
    return S_OK;
}
