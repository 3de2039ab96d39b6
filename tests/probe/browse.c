#include "browse.h"

#include <stdlib.h>

#include "pattern.h"
#include "text.h"

#define DEPTH_MAX 64 /* a server with a circle in its branches must not hang the probe */
#define BATCH     100

struct walk
{
    struct rm_probe *probe;
    IOPCBrowseServerAddressSpace *space;
    const char *filter;
    size_t most;
    struct rm_itemlist *found;
};

static bool is_full(const struct walk *walk)
{
    return walk->found->count >= walk->most;
}

/* Copies one enumerator's names; releases it. */
static HRESULT drain(struct walk *walk, IEnumString *names, struct rm_itemlist *list)
{
    HRESULT hr;

    do
    {
        LPOLESTR batch[BATCH];
        ULONG fetched = 0;
        struct rm_call call = rm_probe_begin(walk->probe, "IEnumString::Next");
        hr = rm_probe_end(walk->probe, call, IEnumString_Next(names, BATCH, batch, &fetched));
        for (ULONG i = 0; SUCCEEDED(hr) && i < fetched; i++)
        {
            char *name = rm_text_to_utf8(batch[i]);
            if (!name || !rm_itemlist_add(list, name))
                hr = E_OUTOFMEMORY;
            free(name);
            CoTaskMemFree(batch[i]);
        }
    } while (hr == S_OK);
    IEnumString_Release(names);
    return hr;
}

static HRESULT list_names(struct walk *walk, OPCBROWSETYPE type, struct rm_itemlist *list)
{
    IEnumString *names = NULL;

    struct rm_call call =
        rm_probe_begin(walk->probe, "IOPCBrowseServerAddressSpace::BrowseOPCItemIDs");
    HRESULT hr = rm_probe_end(
        walk->probe, call,
        IOPCBrowseServerAddressSpace_BrowseOPCItemIDs(walk->space, type, L"", VT_EMPTY, 0, &names));
    if (FAILED(hr) || !names)
        return hr;
    return drain(walk, names, list);
}

static HRESULT move_to(struct walk *walk, OPCBROWSEDIRECTION direction, const char *name)
{
    WCHAR *wide = rm_text_to_wide(name);

    if (!wide)
        return E_OUTOFMEMORY;
    struct rm_call call =
        rm_probe_begin(walk->probe, "IOPCBrowseServerAddressSpace::ChangeBrowsePosition");
    HRESULT hr = rm_probe_end(
        walk->probe, call,
        IOPCBrowseServerAddressSpace_ChangeBrowsePosition(walk->space, direction, wide));
    free(wide);
    return hr;
}

/* A name that can't be turned into an item ID is a hint for people: left out. */
static HRESULT take_leaf(struct walk *walk, const char *name)
{
    WCHAR *wide = rm_text_to_wide(name);
    WCHAR *wide_id = NULL;

    if (!wide)
        return E_OUTOFMEMORY;
    struct rm_call call = rm_probe_begin(walk->probe, "IOPCBrowseServerAddressSpace::GetItemID");
    HRESULT hr = rm_probe_end(walk->probe, call,
                              IOPCBrowseServerAddressSpace_GetItemID(walk->space, wide, &wide_id));
    free(wide);
    if (FAILED(hr) || !wide_id)
        return hr == E_INVALIDARG ? S_OK : hr;
    char *id = rm_text_to_utf8(wide_id);
    CoTaskMemFree(wide_id);
    hr = S_OK;
    if (!id || ((!walk->filter || rm_pattern_matches(walk->filter, id)) &&
                !rm_itemlist_add(walk->found, id)))
        hr = E_OUTOFMEMORY;
    free(id);
    return hr;
}

static HRESULT take_leaves(struct walk *walk, OPCBROWSETYPE type)
{
    struct rm_itemlist names = {0};
    HRESULT hr = list_names(walk, type, &names);

    for (size_t i = 0; SUCCEEDED(hr) && i < names.count && !is_full(walk); i++)
        hr = take_leaf(walk, names.ids[i]);
    rm_itemlist_free(&names);
    return hr;
}

static HRESULT walk_branch(struct walk *walk, int depth)
{
    struct rm_itemlist branches = {0};
    HRESULT hr = take_leaves(walk, OPC_LEAF);

    if (SUCCEEDED(hr) && !is_full(walk) && depth < DEPTH_MAX)
        hr = list_names(walk, OPC_BRANCH, &branches);
    for (size_t i = 0; SUCCEEDED(hr) && i < branches.count && !is_full(walk); i++)
    {
        hr = move_to(walk, OPC_BROWSE_DOWN, branches.ids[i]);
        if (SUCCEEDED(hr))
            hr = walk_branch(walk, depth + 1);
        if (SUCCEEDED(hr))
            hr = move_to(walk, OPC_BROWSE_UP, "");
    }
    rm_itemlist_free(&branches);
    return hr;
}

static HRESULT find_space(struct walk *walk, struct rm_server *server)
{
    struct rm_call call = rm_probe_begin(server->probe, "IOPCServer::QueryInterface");

    return rm_probe_end(server->probe, call,
                        IOPCServer_QueryInterface(server->server, &IID_IOPCBrowseServerAddressSpace,
                                                  (void **)&walk->space));
}

HRESULT rm_browse_to_root(struct rm_server *server)
{
    struct walk walk = {.probe = server->probe};
    HRESULT hr = find_space(&walk, server);

    if (FAILED(hr))
        return hr;
    hr = move_to(&walk, OPC_BROWSE_TO, "");
    IOPCBrowseServerAddressSpace_Release(walk.space);
    return hr;
}

HRESULT rm_browse(struct rm_server *server, const char *filter, size_t most,
                  struct rm_itemlist *found)
{
    struct walk walk = {server->probe, NULL, filter, most, found};
    OPCNAMESPACETYPE organization;

    HRESULT hr = find_space(&walk, server);
    if (FAILED(hr))
        return hr;
    struct rm_call call =
        rm_probe_begin(server->probe, "IOPCBrowseServerAddressSpace::QueryOrganization");
    hr = rm_probe_end(server->probe, call,
                      IOPCBrowseServerAddressSpace_QueryOrganization(walk.space, &organization));
    if (SUCCEEDED(hr) && organization == OPC_NS_FLAT)
        hr = take_leaves(&walk, OPC_FLAT);
    else if (SUCCEEDED(hr))
        hr = walk_branch(&walk, 0);
    IOPCBrowseServerAddressSpace_Release(walk.space);
    return hr;
}
