#include "client.h"

#include <stdlib.h>

#include "browse.h"
#include "pattern.h"

#define FIRST_CLIENT_GROUP 1
#define ADDED_ITEMS        50
#define BROWSED_ITEMS      20

static HRESULT complain(const char *what, HRESULT hr)
{
    fprintf(stderr, "rmprobe: %s: 0x%08lX\n", what, (unsigned long)hr);
    return hr;
}

HRESULT rm_client_connect(struct rm_client *client, struct rm_probe *probe)
{
    memset(client, 0, sizeof(*client));
    client->probe = probe;
    return rm_server_connect(&client->server, probe);
}

HRESULT rm_client_browse(struct rm_client *client, FILE *out)
{
    const struct rm_options *options = client->probe->options;
    HRESULT hr =
        rm_browse(&client->server, options->filter, (size_t)options->items, &client->items);

    if (FAILED(hr))
        return complain("can't browse", hr);
    for (size_t i = 0; i < client->items.count; i++)
        fprintf(out, "%s\n", client->items.ids[i]);
    return S_OK;
}

static HRESULT choose_items(struct rm_client *client)
{
    const struct rm_options *options = client->probe->options;
    char id[512];
    bool is_ok = true;

    if (options->browse)
    {
        HRESULT hr =
            rm_browse(&client->server, options->filter, (size_t)options->items, &client->items);
        if (FAILED(hr))
            return complain("can't browse", hr);
    }
    else if (options->item_id_count)
    {
        for (size_t i = 0; is_ok && i < options->item_id_count; i++)
            is_ok = rm_itemlist_add(&client->items, options->item_ids[i]);
    }
    else
    {
        for (unsigned i = 1; is_ok && i <= options->items; i++)
            is_ok = rm_pattern_expand(options->pattern, i, id, sizeof(id)) &&
                    rm_itemlist_add(&client->items, id);
    }
    if (!is_ok)
        return complain("no memory for the items", E_OUTOFMEMORY);
    if (!client->items.count)
        return complain("nothing to subscribe", E_INVALIDARG);
    client->probe->item_ids = (const char *const *)client->items.ids;
    client->probe->item_count = client->items.count;
    return S_OK;
}

static HRESULT open_groups(struct rm_client *client)
{
    size_t item_count = client->items.count;
    size_t wanted = (size_t)client->probe->options->groups;
    size_t group_count = wanted < item_count ? wanted : item_count;
    HRESULT hr = S_OK;

    client->groups = calloc(group_count, sizeof(*client->groups));
    if (!client->groups)
        return E_OUTOFMEMORY;
    for (size_t i = 0; SUCCEEDED(hr) && i < group_count; i++)
    {
        struct rm_group *group = &client->groups[client->group_count++];
        group->probe = client->probe;
        group->client_handle = (OPCHANDLE)(FIRST_CLIENT_GROUP + i);
        group->is_subscription = true;
        group->first = item_count * i / group_count;
        group->count = item_count * (i + 1) / group_count - group->first;
        hr = rm_group_open(group, client->server.server, client->probe->item_ids + group->first);
    }
    return hr;
}

static HRESULT open_write_group(struct rm_client *client)
{
    const struct rm_options *options = client->probe->options;
    struct rm_group *group = &client->write_group;

    if (!options->write_loop_ms)
        return S_OK;
    client->has_write_group = true;
    group->probe = client->probe;
    group->client_handle = (OPCHANDLE)(FIRST_CLIENT_GROUP + client->group_count);
    group->first = client->items.count;
    group->count = 1;
    HRESULT hr = rm_group_open(group, client->server.server, &options->write_item);
    if (SUCCEEDED(hr) && options->async)
        hr = rm_group_advise(group);
    return hr;
}

static size_t count_added(const struct rm_client *client)
{
    size_t most = ADDED_ITEMS;

    return client->items.count < most ? client->items.count : most;
}

HRESULT rm_client_add_and_remove(struct rm_client *client)
{
    struct rm_group *group = &client->added_group;

    memset(group, 0, sizeof(*group));
    group->probe = client->probe;
    group->client_handle = ++client->next_group;
    group->count = count_added(client);
    HRESULT hr = rm_group_open(group, client->server.server, client->probe->item_ids);
    if (SUCCEEDED(hr))
        hr = rm_group_remove_items(group);
    rm_group_close(group, client->server.server);
    return hr;
}

void rm_client_tour(struct rm_client *client)
{
    rm_tour_make(&client->tour, &client->server, count_added(client));
}

HRESULT rm_client_browse_again(struct rm_client *client, bool *is_same)
{
    const struct rm_options *options = client->probe->options;
    struct rm_itemlist found = {0};
    HRESULT hr = client->is_astray ? rm_browse_to_root(&client->server) : S_OK;

    if (SUCCEEDED(hr))
        hr = rm_browse(&client->server, options->filter, BROWSED_ITEMS, &found);
    client->is_astray = FAILED(hr);
    if (SUCCEEDED(hr) && !client->browsed)
        client->browsed = found.count;
    *is_same = FAILED(hr) || (found.count && found.count == client->browsed);
    rm_itemlist_free(&found);
    return hr;
}

/* Starts the clock of the proof, with what AddItems has told. */
static HRESULT begin_proof(struct rm_client *client)
{
    struct rm_probe *probe = client->probe;

    if (!rm_probe_subscribe(probe))
        return E_OUTOFMEMORY;
    EnterCriticalSection(&probe->lock);
    for (size_t i = 0; i < client->group_count; i++)
    {
        const struct rm_group *group = &client->groups[i];
        rm_proof_set_interval(&probe->proof, (uint64_t)group->revised_rate_ms * 1000);
        for (size_t item = 0; item < group->count; item++)
            if (group->refused[item])
                rm_proof_exclude(&probe->proof, group->first + item);
    }
    LeaveCriticalSection(&probe->lock);
    return S_OK;
}

HRESULT rm_client_subscribe(struct rm_client *client)
{
    HRESULT hr = choose_items(client);

    if (FAILED(hr))
        return hr;
    hr = open_groups(client);
    if (SUCCEEDED(hr))
        hr = open_write_group(client);
    client->next_group = (OPCHANDLE)(FIRST_CLIENT_GROUP + client->group_count);
    if (SUCCEEDED(hr))
        hr = begin_proof(client);
    for (size_t i = 0; SUCCEEDED(hr) && i < client->group_count; i++)
        hr = rm_group_advise(&client->groups[i]);
    if (FAILED(hr))
        complain("can't subscribe", hr);
    return hr;
}

void rm_client_disconnect(struct rm_client *client)
{
    rm_server_unadvise(&client->server);
    for (size_t i = 0; i < client->group_count; i++)
        rm_group_unadvise(&client->groups[i]);
    if (client->has_write_group)
        rm_group_unadvise(&client->write_group);
    for (size_t i = 0; i < client->group_count; i++)
        rm_group_close(&client->groups[i], client->server.server);
    if (client->has_write_group)
        rm_group_close(&client->write_group, client->server.server);
    rm_server_disconnect(&client->server);
}
