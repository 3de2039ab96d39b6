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
    struct rm_watch_plan plan;
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
    const struct rm_server_config *config = client->plan.config;
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

static HRESULT add_group(struct client *client, DWORD rate_ms)
{
    struct rm_watch_group *groups =
        realloc(client->groups, (client->group_count + 1) * sizeof *groups);

    if (!groups)
        return E_OUTOFMEMORY;
    client->groups = groups;
    groups[client->group_count] = (struct rm_watch_group){.watched = client->watched,
                                                          .attempt = client->attempt,
                                                          .plan = &client->plan,
                                                          .server = server_of(client),
                                                          .rate_ms = rate_ms};
    return rm_watch_group_enter(&groups[client->group_count++]);
}

/* One group for each update rate. */
static HRESULT add_groups(struct client *client)
{
    const struct rm_monitor_config *monitor = &client->plan.config->monitor;
    HRESULT hr = S_OK;

    for (size_t i = 0; i < monitor->item_count && SUCCEEDED(hr); i++)
    {
        if (!has_group(client, monitor->items[i].rate_ms))
            hr = add_group(client, monitor->items[i].rate_ms);
    }
    return hr;
}

static void leave_group(struct client *client, size_t k)
{
    rm_watched_call(client->watched, client->attempt, rm_watch_limit_ms(client->plan.config));
    rm_watch_group_leave(&client->groups[k]);
    rm_watched_back(client->watched, client->attempt);
    client->groups[k] = client->groups[--client->group_count];
}

/* Settings that have changed: what is alike goes on. */
static HRESULT follow_plan(struct client *client)
{
    HRESULT hr = rm_watched_plan(client->watched, &client->plan);

    if (hr != S_OK)
        return hr;
    for (size_t k = client->group_count; k-- > 0 && SUCCEEDED(hr);)
    {
        hr = rm_watch_group_follow(&client->groups[k]);
        if (SUCCEEDED(hr) && client->groups[k].count == 0)
            leave_group(client, k);
    }
    return SUCCEEDED(hr) ? add_groups(client) : hr;
}

static HRESULT connect(struct client *client)
{
    HRESULT hr = rm_watched_plan(client->watched, &client->plan);

    if (SUCCEEDED(hr))
        hr = activate(client);
    if (SUCCEEDED(hr) && !rm_watched_begin(client->watched, client->attempt))
        hr = E_ABORT;
    if (SUCCEEDED(hr))
        hr = add_groups(client);
    client->status_ms = GetTickCount64() + client->plan.config->ping_interval_ms;
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

    if (!rm_watched_call(client->watched, client->attempt, rm_watch_limit_ms(client->plan.config)))
        return E_ABORT;
    hr = IOPCServer_GetStatus(server_of(client), &status);
    if (SUCCEEDED(hr) && status)
        CoTaskMemFree(status->szVendorInfo);
    CoTaskMemFree(status);
    client->status_ms = GetTickCount64() + client->plan.config->ping_interval_ms;
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
        hr = follow_plan(client);
        if (SUCCEEDED(hr) && GetTickCount64() >= client->status_ms)
            hr = ask_status(client);
        for (size_t k = 0; k < client->group_count && SUCCEEDED(hr); k++)
            hr = rm_watch_group_round(&client->groups[k]);
    }
    return hr;
}

static void disconnect(struct client *client)
{
    while (client->group_count)
        leave_group(client, client->group_count - 1);
    free(client->groups);
    client->groups = NULL;
    rm_watched_call(client->watched, client->attempt, rm_watch_limit_ms(client->plan.config));
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
    if (FAILED(rm_watched_plan(client->watched, &client->plan)))
        return;
    do
    {
        HRESULT hr = connect(client);

        if (SUCCEEDED(hr))
            hr = test(client);
        rm_watched_lose(client->watched, client->attempt, hr);
        disconnect(client);
        if (!rm_watched_back(client->watched, client->attempt))
            break;
        WaitForSingleObject(client->watched->look, rm_watch_retry_ms(client->plan.config));
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
    rm_watch_plan_clear(&client->plan);
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
