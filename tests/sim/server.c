#include "server.h"
#include "client.h"
#include "clock.h"
#include "difficulty.h"
#include "fault.h"
#include "gate.h"
#include "group.h"
#include "log.h"
#include "module.h"
#include "server3.h"
#include "text.h"

#include <opc/opcerror.h>

#include <stdio.h>
#include <stdlib.h>

/* All server objects of the process. */
static SRWLOCK list_lock = SRWLOCK_INIT;
static struct sim_server *servers;

static void enlist(struct sim_server *server)
{
    AcquireSRWLockExclusive(&list_lock);
    server->next = servers;
    servers = server;
    ReleaseSRWLockExclusive(&list_lock);
}

static void delist(struct sim_server *server)
{
    AcquireSRWLockExclusive(&list_lock);
    struct sim_server **link = &servers;
    while (*link != server)
    {
        link = &(*link)->next;
    }
    *link = server->next;
    ReleaseSRWLockExclusive(&list_lock);
}

HRESULT sim_server_query(struct sim_server *server, REFIID iid, void **object)
{
    if (object == NULL)
    {
        return E_POINTER;
    }
    *object = NULL;
    SIM_ENTER(IUnknown_QueryInterface);
    if (IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_IOPCServer))
    {
        *object = &server->IOPCServer_iface;
    }
    else if (IsEqualIID(iid, &IID_IOPCCommon))
    {
        *object = &server->IOPCCommon_iface;
    }
    else if (IsEqualIID(iid, &IID_IOPCBrowseServerAddressSpace))
    {
        *object = &server->IOPCBrowseServerAddressSpace_iface;
    }
    else if (IsEqualIID(iid, &IID_IOPCItemProperties))
    {
        *object = &server->IOPCItemProperties_iface;
    }
    else if (IsEqualIID(iid, &IID_IConnectionPointContainer))
    {
        *object = &server->connection.IConnectionPointContainer_iface;
    }
    else
    {
        *object = sim_server3_find(server, iid);
    }
    if (*object == NULL || sim_server3_is_left_out(iid))
    {
        *object = NULL;
        return E_NOINTERFACE;
    }
    sim_server_add_ref(server);
    return S_OK;
}

ULONG sim_server_add_ref(struct sim_server *server)
{
    return (ULONG)InterlockedIncrement(&server->refs);
}

/* The client is gone: what it has left behind goes, too. */
static void end_session(struct sim_server *server)
{
    delist(server);
    sim_connection_drop(&server->connection, NULL);
    AcquireSRWLockExclusive(&server->lock);
    struct sim_group *group = server->groups;
    server->groups = NULL;
    server->group_count = 0;
    ReleaseSRWLockExclusive(&server->lock);
    while (group != NULL)
    {
        struct sim_group *next = group->next;
        sim_group_remove(group);
        sim_group_unhold(group);
        group = next;
    }
    SetEvent(server->ended);
    sim_fault_count_client(-1);
    sim_server_unhold(server);
    sim_module_remove_object();
}

ULONG sim_server_release(struct sim_server *server)
{
    sim_gate_enter(SIM_IUnknown_Release);
    ULONG refs = (ULONG)InterlockedDecrement(&server->refs);
    if (refs == 0)
    {
        end_session(server);
    }
    return refs;
}

void sim_server_hold(struct sim_server *server)
{
    InterlockedIncrement(&server->holds);
}

void sim_server_unhold(struct sim_server *server)
{
    if (InterlockedDecrement(&server->holds) == 0)
    {
        CloseHandle(server->ended);
        free(server->client_name);
        free(server->saved_name);
        free(server->file);
        free(server);
    }
}

void sim_server_note_update(struct sim_server *server)
{
    FILETIME now = sim_clock_filetime(sim_clock_now());
    AcquireSRWLockExclusive(&server->lock);
    server->last_update = now;
    ReleaseSRWLockExclusive(&server->lock);
}

static bool is_own_name(const struct sim_server *server, const wchar_t *name)
{
    const struct sim_group *group = server->groups;
    while (group != NULL && wcscmp(group->name, name) != 0)
    {
        group = group->next;
    }
    return group != NULL;
}

static bool is_name_used(const struct sim_server *server, const wchar_t *name)
{
    return is_own_name(server, name) || sim_difficulty_is_name_taken(name);
}

static bool is_full(const struct sim_server *server)
{
    int64_t limit = sim_module_options()->max_groups;
    return limit > 0 && server->group_count >= limit;
}

HRESULT sim_server_insert_group(struct sim_server *server, struct sim_group *group,
                                const wchar_t *name)
{
    wchar_t made_up[32] = L"";
    HRESULT result = S_OK;
    AcquireSRWLockExclusive(&server->lock);
    for (DWORD i = group->handle; name[0] == L'\0' && made_up[0] == L'\0'; i++)
    {
        _snwprintf(made_up, 32, L"Group%lu", i);
        made_up[0] = is_own_name(server, made_up) ? L'\0' : made_up[0];
    }
    bool is_taken = name[0] != L'\0' && is_name_used(server, name);
    wchar_t *copy = is_taken ? NULL : sim_text_copy(name[0] == L'\0' ? made_up : name);
    if (server->refs == 0)
    {
        result = E_FAIL;
    }
    else if (is_full(server))
    {
        result = sim_difficulty_group_limit();
    }
    else if (copy == NULL)
    {
        result = is_taken ? OPC_E_DUPLICATENAME : E_OUTOFMEMORY;
    }
    else
    {
        group->name = copy;
        copy = NULL;
        group->next = server->groups;
        server->groups = group;
        server->group_count++;
    }
    ReleaseSRWLockExclusive(&server->lock);
    free(copy);
    return result;
}

HRESULT sim_server_rename_group(struct sim_server *server, struct sim_group *group,
                                const wchar_t *name)
{
    HRESULT result = S_OK;
    AcquireSRWLockExclusive(&server->lock);
    if (wcscmp(group->name, name) != 0)
    {
        wchar_t *copy = is_name_used(server, name) ? NULL : sim_text_copy(name);
        if (copy == NULL)
        {
            result = is_name_used(server, name) ? OPC_E_DUPLICATENAME : E_OUTOFMEMORY;
        }
        else
        {
            free(group->name);
            group->name = copy;
        }
    }
    ReleaseSRWLockExclusive(&server->lock);
    return result;
}

HRESULT sim_server_create(REFIID iid, void **object)
{
    *object = NULL;
    struct sim_server *server = calloc(1, sizeof(*server));
    HANDLE ended = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (server == NULL || ended == NULL)
    {
        free(server);
        return E_OUTOFMEMORY;
    }
    server->ended = ended;
    server->IOPCServer_iface.lpVtbl = &sim_server_server_vtable;
    server->IOPCCommon_iface.lpVtbl = &sim_server_common_vtable;
    server->IOPCBrowseServerAddressSpace_iface.lpVtbl = &sim_server_browse_vtable;
    server->IOPCItemProperties_iface.lpVtbl = &sim_server_properties_vtable;
    sim_server3_init(server);
    sim_connection_init(&server->connection, (IUnknown *)&server->IOPCServer_iface,
                        &IID_IOPCShutdown, NULL);
    server->refs = 1;
    server->holds = 1;
    InitializeSRWLock(&server->lock);
    server->locale = LOCALE_SYSTEM_DEFAULT;
    server->position = sim_device_root();
    sim_module_add_object();
    sim_fault_count_client(1);
    enlist(server);
    sim_log("session: a client has connected");
    sim_client_watch(server);
    HRESULT result = sim_server_query(server, iid, object);
    sim_server_release(server);
    return result;
}

static void shut_down(struct sim_server *server, const wchar_t *reason)
{
    IUnknown *sink = sim_connection_get_sink(&server->connection);
    if (sink == NULL)
    {
        return;
    }
    HRESULT result = sim_gate_enter(SIM_IOPCShutdown_ShutdownRequest);
    if (SUCCEEDED(result))
    {
        result = IOPCShutdown_ShutdownRequest((IOPCShutdown *)sink, reason);
    }
    sim_log("session: asked to shut down, answer 0x%08lx", (unsigned long)result);
    IUnknown_Release(sink);
}

int sim_server_hold_all(struct sim_server **all, int capacity)
{
    int count = 0;
    AcquireSRWLockExclusive(&list_lock);
    for (struct sim_server *server = servers; server != NULL && count < capacity;
         server = server->next)
    {
        sim_server_hold(server);
        all[count++] = server;
    }
    ReleaseSRWLockExclusive(&list_lock);
    return count;
}

void sim_server_shut_down_all(const wchar_t *reason)
{
    struct sim_server *all[256];
    int count = sim_server_hold_all(all, 256);
    for (int i = 0; i < count; i++)
    {
        shut_down(all[i], reason);
        sim_server_unhold(all[i]);
    }
}
