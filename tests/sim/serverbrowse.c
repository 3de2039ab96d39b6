#include "difficulty.h"
#include "enumerators.h"
#include "gate.h"
#include "like.h"
#include "server.h"
#include "text.h"

#include <opc/opcerror.h>

#include <stdlib.h>

/* What a browse looks for, and what it has found. */
struct browse
{
    const wchar_t *filter;
    VARTYPE type; /* VT_EMPTY: any */
    DWORD rights; /* 0: any */
    const wchar_t **found;
    ULONG count;
    ULONG capacity;
};

static struct sim_server *
impl_from_IOPCBrowseServerAddressSpace(IOPCBrowseServerAddressSpace *iface)
{
    return CONTAINING_RECORD(iface, struct sim_server, IOPCBrowseServerAddressSpace_iface);
}

static HRESULT STDMETHODCALLTYPE server_browse_QueryInterface(IOPCBrowseServerAddressSpace *iface,
                                                              REFIID iid, void **object)
{
    return sim_server_query(impl_from_IOPCBrowseServerAddressSpace(iface), iid, object);
}

static ULONG STDMETHODCALLTYPE server_browse_AddRef(IOPCBrowseServerAddressSpace *iface)
{
    return sim_server_add_ref(impl_from_IOPCBrowseServerAddressSpace(iface));
}

static ULONG STDMETHODCALLTYPE server_browse_Release(IOPCBrowseServerAddressSpace *iface)
{
    return sim_server_release(impl_from_IOPCBrowseServerAddressSpace(iface));
}

static HRESULT STDMETHODCALLTYPE
server_browse_QueryOrganization(IOPCBrowseServerAddressSpace *iface, OPCNAMESPACETYPE *type)
{
    (void)iface;
    if (type == NULL)
    {
        return E_POINTER;
    }
    *type = OPC_NS_HIERARCHIAL;
    SIM_ENTER(IOPCBrowseServerAddressSpace_QueryOrganization);
    return S_OK;
}

static const struct sim_node *get_position(struct sim_server *server)
{
    AcquireSRWLockShared(&server->lock);
    const struct sim_node *position = server->position;
    ReleaseSRWLockShared(&server->lock);
    return position;
}

static const struct sim_node *as_branch(const struct sim_node *node)
{
    return node != NULL && node->first_child != NULL ? node : NULL;
}

static HRESULT STDMETHODCALLTYPE server_browse_ChangeBrowsePosition(
    IOPCBrowseServerAddressSpace *iface, OPCBROWSEDIRECTION direction, LPCWSTR name)
{
    struct sim_server *server = impl_from_IOPCBrowseServerAddressSpace(iface);
    SIM_ENTER(IOPCBrowseServerAddressSpace_ChangeBrowsePosition);
    if (name == NULL)
    {
        return E_INVALIDARG;
    }
    const struct sim_node *position = get_position(server);
    const struct sim_node *target = NULL;
    HRESULT result = E_INVALIDARG;
    switch (direction)
    {
    case OPC_BROWSE_UP:
        target = position->parent;
        result = E_FAIL;
        break;
    case OPC_BROWSE_DOWN: target = as_branch(sim_device_find_child(position, name)); break;
    case OPC_BROWSE_TO:
        target = name[0] == L'\0' ? sim_device_root() : as_branch(sim_device_find(name));
        break;
    }
    if (target == NULL)
    {
        return result;
    }
    AcquireSRWLockExclusive(&server->lock);
    server->position = target;
    ReleaseSRWLockExclusive(&server->lock);
    return S_OK;
}

static HRESULT add_found(struct browse *browse, const wchar_t *name)
{
    if (!sim_like_matches(browse->filter, name))
    {
        return S_OK;
    }
    if (browse->count == browse->capacity)
    {
        ULONG capacity = browse->capacity * 2 + 256;
        void *grown = realloc(browse->found, capacity * sizeof(*browse->found));
        if (grown == NULL)
        {
            return E_OUTOFMEMORY;
        }
        browse->found = grown;
        browse->capacity = capacity;
    }
    browse->found[browse->count++] = name;
    return S_OK;
}

static bool is_wanted_item(const struct browse *browse, const struct sim_item *item)
{
    return item != NULL && (browse->type == VT_EMPTY || browse->type == item->type) &&
           (browse->rights == 0 || (browse->rights & item->rights) != 0);
}

static HRESULT browse_children(struct browse *browse, OPCBROWSETYPE type,
                               const struct sim_node *parent)
{
    HRESULT result = S_OK;
    for (const struct sim_node *node = parent->first_child; node != NULL && SUCCEEDED(result);
         node = node->next)
    {
        bool is_wanted =
            type == OPC_BRANCH ? node->first_child != NULL : is_wanted_item(browse, node->item);
        if (is_wanted)
        {
            result = add_found(browse, node->name);
        }
    }
    return result;
}

/* Everything below `top`, by fully qualified item IDs. */
static HRESULT browse_flat(struct browse *browse, const struct sim_node *top)
{
    HRESULT result = S_OK;
    const struct sim_node *node = top->first_child;
    while (node != NULL && SUCCEEDED(result))
    {
        if (is_wanted_item(browse, node->item))
        {
            result = add_found(browse, node->id);
        }
        if (node->first_child != NULL)
        {
            node = node->first_child;
            continue;
        }
        while (node != top && node->next == NULL)
        {
            node = node->parent;
        }
        node = node != top ? node->next : NULL;
    }
    return result;
}

static HRESULT STDMETHODCALLTYPE server_browse_BrowseOPCItemIDs(IOPCBrowseServerAddressSpace *iface,
                                                                OPCBROWSETYPE kind, LPCWSTR filter,
                                                                VARTYPE type, DWORD rights,
                                                                LPENUMSTRING *names)
{
    struct sim_server *server = impl_from_IOPCBrowseServerAddressSpace(iface);
    if (names == NULL)
    {
        return E_POINTER;
    }
    *names = NULL;
    SIM_ENTER(IOPCBrowseServerAddressSpace_BrowseOPCItemIDs);
    if (filter == NULL || kind < OPC_BRANCH || kind > OPC_FLAT)
    {
        return E_INVALIDARG;
    }
    if (!sim_like_is_valid(filter))
    {
        return OPC_E_INVALIDFILTER;
    }
    struct browse browse = {.filter = filter, .type = type, .rights = rights};
    const struct sim_node *position = get_position(server);
    HRESULT result = kind == OPC_FLAT ? browse_flat(&browse, position)
                                      : browse_children(&browse, kind, position);
    if (SUCCEEDED(result) && !(browse.count == 0 && sim_difficulty_is_other_dialect()))
    {
        result = sim_enumerator_create_strings(browse.found, browse.count, (IUnknown **)names);
    }
    free(browse.found);
    return FAILED(result) ? result : browse.count == 0 ? S_FALSE : S_OK;
}

static HRESULT STDMETHODCALLTYPE server_browse_GetItemID(IOPCBrowseServerAddressSpace *iface,
                                                         LPWSTR name, LPWSTR *id)
{
    struct sim_server *server = impl_from_IOPCBrowseServerAddressSpace(iface);
    if (id == NULL)
    {
        return E_POINTER;
    }
    *id = NULL;
    SIM_ENTER(IOPCBrowseServerAddressSpace_GetItemID);
    if (name == NULL)
    {
        return E_INVALIDARG;
    }
    const struct sim_node *position = get_position(server);
    const struct sim_node *node =
        name[0] == L'\0' ? position : sim_device_find_child(position, name);
    if (node == NULL)
    {
        node = sim_device_find(name); /* names of a flat browse are fully qualified already */
    }
    if (node == NULL)
    {
        return E_INVALIDARG;
    }
    *id = sim_text_task_copy(node->id);
    return *id != NULL ? S_OK : E_OUTOFMEMORY;
}

static HRESULT STDMETHODCALLTYPE server_browse_BrowseAccessPaths(
    IOPCBrowseServerAddressSpace *iface, LPCWSTR id, LPENUMSTRING *paths)
{
    (void)iface;
    if (paths == NULL)
    {
        return E_POINTER;
    }
    *paths = NULL;
    SIM_ENTER(IOPCBrowseServerAddressSpace_BrowseAccessPaths);
    const struct sim_node *node = id != NULL ? sim_device_find(id) : NULL;
    if (node == NULL || node->item == NULL)
    {
        return E_INVALIDARG;
    }
    ULONG count = 0;
    while (sim_device_access_paths[count] != NULL)
    {
        count++;
    }
    return sim_enumerator_create_strings(sim_device_access_paths, count, (IUnknown **)paths);
}

const IOPCBrowseServerAddressSpaceVtbl sim_server_browse_vtable = {
    server_browse_QueryInterface,
    server_browse_AddRef,
    server_browse_Release,
    server_browse_QueryOrganization,
    server_browse_ChangeBrowsePosition,
    server_browse_BrowseOPCItemIDs,
    server_browse_GetItemID,
    server_browse_BrowseAccessPaths,
};
