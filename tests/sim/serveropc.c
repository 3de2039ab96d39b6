#include "difficulty.h"
#include "clock.h"
#include "enumerators.h"
#include "errortext.h"
#include "gate.h"
#include "group.h"
#include "itemfault.h"
#include "log.h"
#include "module.h"
#include "publicgroup.h"
#include "server.h"
#include "text.h"

#include <opc/opcerror.h>

#include <stdlib.h>

#define VENDOR_INFO L"rmsim - simulated OPC DA server"

static struct sim_server *impl_from_IOPCServer(IOPCServer *iface)
{
    return CONTAINING_RECORD(iface, struct sim_server, IOPCServer_iface);
}

static HRESULT STDMETHODCALLTYPE server_server_QueryInterface(IOPCServer *iface, REFIID iid,
                                                              void **object)
{
    return sim_server_query(impl_from_IOPCServer(iface), iid, object);
}

static ULONG STDMETHODCALLTYPE server_server_AddRef(IOPCServer *iface)
{
    return sim_server_add_ref(impl_from_IOPCServer(iface));
}

static ULONG STDMETHODCALLTYPE server_server_Release(IOPCServer *iface)
{
    return sim_server_release(impl_from_IOPCServer(iface));
}

/* The time bias of the computer that the server runs on. */
static LONG local_bias(void)
{
    TIME_ZONE_INFORMATION zone = {.Bias = 0};
    GetTimeZoneInformation(&zone);
    return zone.Bias;
}

static HRESULT STDMETHODCALLTYPE server_server_AddGroup(IOPCServer *iface, LPCWSTR name,
                                                        BOOL is_active, DWORD rate_ms,
                                                        OPCHANDLE client_handle, LONG *time_bias,
                                                        FLOAT *deadband, DWORD locale,
                                                        OPCHANDLE *server_handle, DWORD *revised_ms,
                                                        REFIID iid, LPUNKNOWN *object)
{
    struct sim_server *server = impl_from_IOPCServer(iface);
    if (server_handle == NULL || revised_ms == NULL || object == NULL)
    {
        return E_POINTER;
    }
    *server_handle = 0;
    *revised_ms = 0;
    *object = NULL;
    SIM_ENTER(IOPCServer_AddGroup);
    struct sim_group *group = NULL;
    HRESULT result = name != NULL ? sim_difficulty_check_deadband(deadband) : E_INVALIDARG;
    if (SUCCEEDED(result))
    {
        result = sim_difficulty_check_activity(is_active != FALSE);
    }
    if (SUCCEEDED(result))
    {
        result = sim_group_create(server, &group);
    }
    if (FAILED(result))
    {
        return result;
    }
    group->is_active = is_active != FALSE;
    group->rate_ms = sim_group_revise_rate(rate_ms);
    group->client_handle = client_handle;
    group->time_bias = time_bias != NULL ? *time_bias : local_bias();
    group->deadband = deadband != NULL ? *deadband : 0;
    group->locale = locale;
    /* The client's reference comes first: a group that can't give it is never in the list. */
    result = sim_group_query(group, iid, (void **)object);
    if (SUCCEEDED(result))
    {
        sim_group_hold(group);
        result = sim_server_insert_group(server, group, name);
        if (FAILED(result))
        {
            sim_group_unhold(group);
            IUnknown_Release(*object);
            *object = NULL;
        }
    }
    if (SUCCEEDED(result))
    {
        *server_handle = group->handle;
        *revised_ms = group->rate_ms;
        result = group->rate_ms == rate_ms ? S_OK : OPC_S_UNSUPPORTEDRATE;
    }
    else
    {
        *server_handle = *revised_ms = sim_difficulty_remains();
    }
    sim_group_unhold(group);
    return result;
}

static HRESULT STDMETHODCALLTYPE server_server_GetErrorString(IOPCServer *iface, HRESULT error,
                                                              LCID locale, LPWSTR *text)
{
    (void)iface;
    (void)locale;
    if (text == NULL)
    {
        return E_POINTER;
    }
    *text = NULL;
    SIM_ENTER(IOPCServer_GetErrorString);
    return sim_error_text(error, text);
}

/* With an internal reference for the caller; `name` NULL: by handle. */
static struct sim_group *find_group(struct sim_server *server, const wchar_t *name, DWORD handle)
{
    AcquireSRWLockShared(&server->lock);
    struct sim_group *group = server->groups;
    while (group != NULL &&
           (name != NULL ? wcscmp(group->name, name) != 0 : group->handle != handle))
    {
        group = group->next;
    }
    if (group != NULL)
    {
        sim_group_hold(group);
    }
    ReleaseSRWLockShared(&server->lock);
    return group;
}

static HRESULT STDMETHODCALLTYPE server_server_GetGroupByName(IOPCServer *iface, LPCWSTR name,
                                                              REFIID iid, LPUNKNOWN *object)
{
    if (object == NULL)
    {
        return E_POINTER;
    }
    *object = NULL;
    SIM_ENTER(IOPCServer_GetGroupByName);
    struct sim_group *group =
        name != NULL ? find_group(impl_from_IOPCServer(iface), name, 0) : NULL;
    if (group == NULL)
    {
        return E_INVALIDARG;
    }
    HRESULT result = sim_group_query(group, iid, (void **)object);
    sim_group_unhold(group);
    return result;
}

static HRESULT STDMETHODCALLTYPE server_server_GetStatus(IOPCServer *iface,
                                                         OPCSERVERSTATUS **status)
{
    struct sim_server *server = impl_from_IOPCServer(iface);
    if (status == NULL)
    {
        return E_POINTER;
    }
    *status = NULL;
    SIM_ENTER(IOPCServer_GetStatus);
    OPCSERVERSTATUS *block = CoTaskMemAlloc(sizeof(*block));
    wchar_t *vendor = sim_text_task_copy(VENDOR_INFO);
    if (block == NULL || vendor == NULL)
    {
        CoTaskMemFree(block);
        CoTaskMemFree(vendor);
        return E_OUTOFMEMORY;
    }
    *block = (OPCSERVERSTATUS){.ftStartTime = sim_clock_filetime(sim_module_start_ms()),
                               .ftCurrentTime = sim_clock_filetime(sim_clock_now()),
                               .dwServerState = sim_item_faults_is_ready(sim_clock_now())
                                                    ? OPC_STATUS_RUNNING
                                                    : OPC_STATUS_NOCONFIG,
                               .dwBandWidth = 0xFFFFFFFF,
                               .wMajorVersion = 2,
                               .wMinorVersion = 5,
                               .wBuildNumber = 1,
                               .szVendorInfo = vendor};
    AcquireSRWLockShared(&server->lock);
    block->ftLastUpdateTime = server->last_update;
    block->dwGroupCount = server->group_count;
    ReleaseSRWLockShared(&server->lock);
    *status = block;
    return S_OK;
}

bool sim_server_take_group(struct sim_server *server, struct sim_group *group)
{
    AcquireSRWLockExclusive(&server->lock);
    struct sim_group **link = &server->groups;
    while (*link != NULL && *link != group)
    {
        link = &(*link)->next;
    }
    bool is_found = *link != NULL;
    if (is_found)
    {
        *link = group->next;
        server->group_count--;
    }
    ReleaseSRWLockExclusive(&server->lock);
    return is_found;
}

/* With an internal reference more, the caller's. */
static HRESULT take_by_handle(struct sim_server *server, DWORD handle, bool is_public,
                              struct sim_group **found)
{
    struct sim_group *group = find_group(server, NULL, handle);
    *found = group;
    if (group == NULL)
    {
        return E_INVALIDARG;
    }
    HRESULT result = S_OK;
    if (sim_group_is_public(group) != is_public)
    {
        result = is_public ? E_INVALIDARG : E_FAIL;
    }
    else if (!sim_server_take_group(server, group))
    {
        result = E_INVALIDARG; /* somebody else was quicker */
    }
    if (FAILED(result))
    {
        sim_group_unhold(group);
    }
    return result;
}

HRESULT sim_server_remove_group(struct sim_server *server, DWORD handle, bool is_public,
                                bool is_forced)
{
    struct sim_group *group = NULL;
    HRESULT result = take_by_handle(server, handle, is_public, &group);
    if (FAILED(result))
    {
        return result;
    }
    if (is_public)
    {
        sim_public_group_remove(group->public_group);
    }
    bool is_in_use = sim_group_is_in_use(group);
    sim_group_remove(group);
    if (is_in_use && is_forced)
    {
        CoDisconnectObject((IUnknown *)&group->IOPCGroupStateMgt2_iface, 0);
        is_in_use = false;
    }
    sim_group_unhold(group);
    sim_group_unhold(group);
    return is_in_use ? OPC_S_INUSE : S_OK;
}

static HRESULT STDMETHODCALLTYPE server_server_RemoveGroup(IOPCServer *iface, OPCHANDLE handle,
                                                           BOOL is_forced)
{
    SIM_ENTER(IOPCServer_RemoveGroup);
    return sim_server_remove_group(impl_from_IOPCServer(iface), handle, false, is_forced != FALSE);
}

static HRESULT enumerate_names(struct sim_group *const *groups, DWORD count, IUnknown **object)
{
    const wchar_t **names = malloc((count + 1) * sizeof(*names));
    if (names == NULL)
    {
        return E_OUTOFMEMORY;
    }
    for (DWORD i = 0; i < count; i++)
    {
        names[i] = groups[i]->name;
    }
    HRESULT result = sim_enumerator_create_strings(names, count, object);
    free(names);
    return result;
}

static HRESULT enumerate_groups(struct sim_group *const *groups, DWORD count, IUnknown **object)
{
    IUnknown **objects = malloc((count + 1) * sizeof(*objects));
    if (objects == NULL)
    {
        return E_OUTOFMEMORY;
    }
    for (DWORD i = 0; i < count; i++)
    {
        objects[i] = (IUnknown *)&groups[i]->IOPCGroupStateMgt2_iface;
    }
    HRESULT result = sim_enumerator_create_objects(&IID_IEnumUnknown, objects, count, object);
    free(objects);
    return result;
}

static HRESULT STDMETHODCALLTYPE server_server_CreateGroupEnumerator(IOPCServer *iface,
                                                                     OPCENUMSCOPE scope, REFIID iid,
                                                                     LPUNKNOWN *object)
{
    struct sim_server *server = impl_from_IOPCServer(iface);
    if (object == NULL)
    {
        return E_POINTER;
    }
    *object = NULL;
    SIM_ENTER(IOPCServer_CreateGroupEnumerator);
    bool is_of_names = IsEqualIID(iid, &IID_IEnumString);
    if (scope < OPC_ENUM_PRIVATE_CONNECTIONS || scope > OPC_ENUM_ALL)
    {
        return E_INVALIDARG;
    }
    if (!is_of_names && !IsEqualIID(iid, &IID_IEnumUnknown))
    {
        return E_NOINTERFACE;
    }
    bool has_public = scope != OPC_ENUM_PRIVATE_CONNECTIONS && scope != OPC_ENUM_PRIVATE;
    bool has_private = scope != OPC_ENUM_PUBLIC_CONNECTIONS && scope != OPC_ENUM_PUBLIC;
    DWORD count = 0;
    HRESULT result = E_OUTOFMEMORY;
    AcquireSRWLockShared(&server->lock);
    struct sim_group **groups = malloc((server->group_count + 1) * sizeof(*groups));
    if (groups != NULL)
    {
        for (struct sim_group *group = server->groups; group != NULL; group = group->next)
        {
            groups[count] = group;
            count += sim_group_is_public(group) ? has_public : has_private;
        }
        result = is_of_names ? enumerate_names(groups, count, object)
                             : enumerate_groups(groups, count, object);
    }
    ReleaseSRWLockShared(&server->lock);
    free(groups);
    if (SUCCEEDED(result) && count == 0 && sim_difficulty_is_other_dialect())
    {
        IUnknown_Release(*object);
        *object = NULL;
    }
    return FAILED(result) ? result : count == 0 ? S_FALSE : S_OK;
}

const IOPCServerVtbl sim_server_server_vtable = {
    server_server_QueryInterface, server_server_AddRef,         server_server_Release,
    server_server_AddGroup,       server_server_GetErrorString, server_server_GetGroupByName,
    server_server_GetStatus,      server_server_RemoveGroup,    server_server_CreateGroupEnumerator,
};
