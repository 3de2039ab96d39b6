/* watch_thread.c: what the thread of one machine does: it connects, tests, and connects again. */
#include <windows.h>
#include <objbase.h>
#include <stdlib.h>

#include <link/activation.h>

#include "watch/watch_group.h"
#include "watch/watched.h"

#define ROUND_MAX_MS 1000u

struct client
{
    struct rm_watched *watched; /* a reference */
    uint32_t attempt;
    IUnknown *interfaces[RM_SERVER_INTERFACE_COUNT];
    struct rm_watch_group *groups;
    size_t group_count;
    ULONGLONG status_ms; /* when the server is asked for its status next */
};

static IOPCServer *server_of(const struct client *client)
{
    return (IOPCServer *)client->interfaces[RM_SERVER_OPCSERVER];
}

static HRESULT activate(struct client *client)
{
    const struct rm_server_config *config = client->watched->config;
    struct rm_activation activation = {
        .api = &rm_activation_system,
        .machine = &config->machines[client->watched->number - 1],
        .progid = rm_server_machine_progid(config, client->watched->number)};
    HRESULT hr;

    if (!rm_watched_call(client->watched, client->attempt, config->connect_timeout_ms))
        return E_ABORT;
    hr = rm_activate(&activation, client->interfaces);
    return rm_watched_back(client->watched, client->attempt) ? hr : E_ABORT;
}

static bool has_group(const struct client *client, DWORD rate_ms)
{
    for (size_t k = 0; k < client->group_count; k++)
    {
        if (client->groups[k].rate_ms == rate_ms)
            return true;
    }
    return false;
}

/* One group for each update rate. */
static HRESULT add_groups(struct client *client)
{
    const struct rm_monitor_config *monitor = &client->watched->config->monitor;
    HRESULT hr = S_OK;

    client->groups = calloc(monitor->item_count, sizeof *client->groups);
    if (!client->groups)
        return E_OUTOFMEMORY;
    for (size_t i = 0; i < monitor->item_count && SUCCEEDED(hr); i++)
    {
        struct rm_watch_group *group = &client->groups[client->group_count];

        if (has_group(client, monitor->items[i].rate_ms))
            continue;
        group->watched = client->watched;
        group->attempt = client->attempt;
        group->server = server_of(client);
        group->rate_ms = monitor->items[i].rate_ms;
        client->group_count++;
        hr = rm_watch_group_enter(group);
    }
    return hr;
}

static HRESULT connect(struct client *client)
{
    HRESULT hr = activate(client);

    if (SUCCEEDED(hr) && !rm_watched_begin(client->watched, client->attempt))
        hr = E_ABORT;
    if (SUCCEEDED(hr))
        hr = add_groups(client);
    client->status_ms = GetTickCount64() + client->watched->config->ping_interval_ms;
    return hr;
}

/* A server that says no answers: it is there. */
static bool is_gone(HRESULT hr)
{
    return FAILED(hr) && (HRESULT_FACILITY(hr) == FACILITY_RPC ||
                          HRESULT_FACILITY(hr) == FACILITY_WIN32 || hr == CO_E_OBJNOTCONNECTED);
}

/* It is asked for no more than whether it is there: it answers or not. */
static HRESULT ask_status(struct client *client)
{
    OPCSERVERSTATUS *status = NULL;
    HRESULT hr;

    if (!rm_watched_call(client->watched, client->attempt, rm_watched_limit_ms(client->watched)))
        return E_ABORT;
    hr = IOPCServer_GetStatus(server_of(client), &status);
    if (SUCCEEDED(hr) && status)
        CoTaskMemFree(status->szVendorInfo);
    CoTaskMemFree(status);
    client->status_ms = GetTickCount64() + client->watched->config->ping_interval_ms;
    if (!rm_watched_back(client->watched, client->attempt))
        return E_ABORT;
    return is_gone(hr) ? hr : S_OK;
}

static void wait_due(struct client *client)
{
    ULONGLONG now_ms = GetTickCount64();
    ULONGLONG due_ms = now_ms + ROUND_MAX_MS;
    DWORD wait_ms;

    if (client->status_ms < due_ms)
        due_ms = client->status_ms;
    for (size_t k = 0; k < client->group_count; k++)
    {
        ULONGLONG group_ms = rm_watch_group_due(&client->groups[k]);

        due_ms = group_ms < due_ms ? group_ms : due_ms;
    }
    wait_ms = due_ms > now_ms ? (DWORD)(due_ms - now_ms) : 0;
    WaitForSingleObject(client->watched->look,
                        rm_watched_tick(client->watched, client->attempt, wait_ms));
}

/* Until the machine is lost, or nobody wants to know any more. */
static HRESULT test(struct client *client)
{
    HRESULT hr = S_OK;

    while (SUCCEEDED(hr))
    {
        wait_due(client);
        rm_watched_tick(client->watched, client->attempt, 0);
        if (!rm_watched_back(client->watched, client->attempt))
            return E_ABORT;
        if (GetTickCount64() >= client->status_ms)
            hr = ask_status(client);
        for (size_t k = 0; k < client->group_count && SUCCEEDED(hr); k++)
            hr = rm_watch_group_round(&client->groups[k]);
    }
    return hr;
}

static void disconnect(struct client *client)
{
    rm_watched_call(client->watched, client->attempt, rm_watched_limit_ms(client->watched));
    for (size_t k = 0; k < client->group_count; k++)
        rm_watch_group_leave(&client->groups[k]);
    free(client->groups);
    client->groups = NULL;
    client->group_count = 0;
    for (int i = 0; i < RM_SERVER_INTERFACE_COUNT; i++)
    {
        if (client->interfaces[i])
            IUnknown_Release(client->interfaces[i]);
        client->interfaces[i] = NULL;
    }
    rm_watched_back(client->watched, client->attempt);
}

static void serve(struct client *client)
{
    do
    {
        HRESULT hr = connect(client);

        if (SUCCEEDED(hr))
            hr = test(client);
        rm_watched_lose(client->watched, client->attempt, hr);
        disconnect(client);
        if (!rm_watched_back(client->watched, client->attempt))
            break;
        WaitForSingleObject(client->watched->look, rm_watched_retry_ms(client->watched));
    } while (rm_watched_back(client->watched, client->attempt));
}

static DWORD WINAPI thread_main(void *argument)
{
    struct client *client = argument;

    if (SUCCEEDED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
    {
        serve(client);
        CoUninitialize();
    }
    rm_watched_leave(client->watched, client->attempt);
    rm_watched_release(client->watched);
    free(client);
    return 0;
}

HANDLE rm_watched_start(struct rm_watched *watched, uint32_t attempt)
{
    struct client *client = calloc(1, sizeof *client);
    HANDLE thread = NULL;

    if (!client)
        return NULL;
    rm_watched_add_ref(watched);
    client->watched = watched;
    client->attempt = attempt;
    thread = CreateThread(NULL, 0, thread_main, client, 0, NULL);
    if (!thread)
    {
        rm_watched_release(watched);
        free(client);
    }
    return thread;
}
