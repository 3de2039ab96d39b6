#include "enumerator/browse_string.h"
#include "link/link.h"
#include "server/browse_walk.h"
#include "server/forward.h"
#include "server/server_object.h"
#include "session/session.h"

static struct rm_server_object *
impl_from_IOPCBrowseServerAddressSpace(IOPCBrowseServerAddressSpace *iface)
{
    return CONTAINING_RECORD(iface, struct rm_server_object, IOPCBrowseServerAddressSpace_iface);
}

/* QueryOrganization, ChangeBrowsePosition and GetItemID; what gives enumerators is in
 * enumerator/browse_string.c. */
struct browse_call
{
    struct rm_forward forward;
    OPCBROWSEDIRECTION direction;
    WCHAR *name;
    struct rm_browse_walk walk;
    struct rm_browse_turn turn;
    OPCNAMESPACETYPE organization;
    WCHAR *item_id;
};

static void destroy_browse(struct rm_call *call)
{
    struct browse_call *browse = RM_FORWARD_OF(call, struct browse_call);

    rm_browse_walk_clear(&browse->walk);
    CoTaskMemFree(browse->item_id);
    rm_forward_destroy(call);
}

static struct browse_call *new_call(IOPCBrowseServerAddressSpace *iface,
                                    const struct rm_call_class *call_class, const WCHAR *name)
{
    struct browse_call *browse = rm_forward_new(
        sizeof(*browse), call_class, impl_from_IOPCBrowseServerAddressSpace(iface)->session, NULL,
        RM_SERVER_BROWSE_ADDRESS_SPACE);

    if (browse)
        browse->name = rm_forward_text(&browse->forward, name);
    return browse;
}

static HRESULT prepare_at_position(struct rm_call *call, struct rm_link *link)
{
    struct browse_call *browse = RM_FORWARD_OF(call, struct browse_call);
    HRESULT hr = rm_browse_walk_plan(&browse->walk, link->session, link);

    if (SUCCEEDED(hr))
        hr = rm_browse_turn_take(&browse->turn, link, browse->walk.is_needed);
    if (hr != S_OK)
        return hr;
    hr = rm_forward_prepare(call, link);
    if (FAILED(hr))
        rm_browse_turn_end(&browse->turn, link->session);
    return hr;
}

static void end_turn(struct rm_call *call, struct rm_link *link)
{
    rm_browse_turn_end(&RM_FORWARD_OF(call, struct browse_call)->turn, link->session);
}

static HRESULT lose_turn(struct rm_call *call, struct rm_link *link)
{
    end_turn(call, link);
    return RM_CALL_REPEAT;
}

static void record_position(struct rm_call *call, struct rm_link *link, HRESULT hr)
{
    (void)hr;
    rm_browse_walk_record(&RM_FORWARD_OF(call, struct browse_call)->walk, link);
    end_turn(call, link);
}

static HRESULT STDMETHODCALLTYPE server_browse_QueryInterface(IOPCBrowseServerAddressSpace *iface,
                                                              REFIID iid, void **out)
{
    return rm_server_object_query(impl_from_IOPCBrowseServerAddressSpace(iface), iid, out);
}

static ULONG STDMETHODCALLTYPE server_browse_AddRef(IOPCBrowseServerAddressSpace *iface)
{
    return rm_server_object_add_ref(impl_from_IOPCBrowseServerAddressSpace(iface));
}

static ULONG STDMETHODCALLTYPE server_browse_Release(IOPCBrowseServerAddressSpace *iface)
{
    return rm_server_object_release(impl_from_IOPCBrowseServerAddressSpace(iface));
}

static HRESULT run_organization(struct rm_call *call, struct rm_link *link)
{
    struct browse_call *query = RM_FORWARD_OF(call, struct browse_call);
    HRESULT hr = IOPCBrowseServerAddressSpace_QueryOrganization(
        (IOPCBrowseServerAddressSpace *)query->forward.real, &query->organization);

    (void)link;
    rm_forward_drop(&query->forward);
    return hr;
}

static const struct rm_call_class organization_class = {
    .name = "IOPCBrowseServerAddressSpace::QueryOrganization",
    .kind = RM_CALL_IDEMPOTENT,
    .is_long = true,
    .prepare = rm_forward_prepare,
    .run = run_organization,
    .destroy = destroy_browse,
};

static HRESULT query_organization_once(IOPCBrowseServerAddressSpace *iface,
                                       OPCNAMESPACETYPE *organization)
{
    struct browse_call *query = new_call(iface, &organization_class, NULL);
    HRESULT hr;

    if (!query)
        return E_OUTOFMEMORY;
    hr = rm_forward_execute(&query->forward);
    if (rm_forward_has_results(&query->forward, hr))
        *organization = query->organization;
    rm_call_release(&query->forward.call);
    return hr;
}

static HRESULT STDMETHODCALLTYPE
server_browse_QueryOrganization(IOPCBrowseServerAddressSpace *iface, OPCNAMESPACETYPE *organization)
{
    HRESULT hr;

    if (!organization)
        return RM_HRESULT_NULL_REF;
    *organization = (OPCNAMESPACETYPE)0;
    do
        hr = query_organization_once(iface, organization);
    while (hr == RM_CALL_REPEAT);
    return hr;
}

static HRESULT run_change(struct rm_call *call, struct rm_link *link)
{
    struct browse_call *change = RM_FORWARD_OF(call, struct browse_call);
    IOPCBrowseServerAddressSpace *real = change->forward.real;
    HRESULT hr = S_OK;

    (void)link;
    /* A jump doesn't care where it starts. */
    if (change->walk.is_needed && change->direction != OPC_BROWSE_TO)
        hr = rm_browse_walk_run(&change->walk, real);
    if (SUCCEEDED(hr))
        hr = IOPCBrowseServerAddressSpace_ChangeBrowsePosition(real, change->direction,
                                                               change->name);
    rm_forward_drop(&change->forward);
    return hr;
}

static void record_change(struct rm_call *call, struct rm_link *link, HRESULT hr)
{
    struct browse_call *change = RM_FORWARD_OF(call, struct browse_call);

    rm_browse_walk_record(&change->walk, link);
    if (SUCCEEDED(hr))
        rm_browse_position_move(change->forward.session, link, change->direction, change->name);
    end_turn(call, link);
}

static const struct rm_call_class change_class = {
    .name = "IOPCBrowseServerAddressSpace::ChangeBrowsePosition",
    .kind = RM_CALL_SHADOW,
    .is_long = true,
    .prepare = prepare_at_position,
    .run = run_change,
    .record = record_change,
    .lost = lose_turn,
    .destroy = destroy_browse,
};

static HRESULT change_position_once(IOPCBrowseServerAddressSpace *iface,
                                    OPCBROWSEDIRECTION direction, const WCHAR *name)
{
    struct browse_call *change = new_call(iface, &change_class, name);
    HRESULT hr;

    if (!change)
        return E_OUTOFMEMORY;
    change->direction = direction;
    hr = rm_forward_execute(&change->forward);
    rm_call_release(&change->forward.call);
    return hr;
}

static HRESULT STDMETHODCALLTYPE server_browse_ChangeBrowsePosition(
    IOPCBrowseServerAddressSpace *iface, OPCBROWSEDIRECTION direction, LPCWSTR name)
{
    HRESULT hr;

    if (!name)
        return RM_HRESULT_NULL_REF;
    if (!rm_is_enum((int)direction))
        return RM_HRESULT_ENUM_RANGE;
    do
        hr = change_position_once(iface, direction, name);
    while (hr == RM_CALL_REPEAT);
    return hr;
}

static HRESULT STDMETHODCALLTYPE server_browse_BrowseOPCItemIDs(IOPCBrowseServerAddressSpace *iface,
                                                                OPCBROWSETYPE type, LPCWSTR filter,
                                                                VARTYPE data_type,
                                                                DWORD access_rights,
                                                                LPENUMSTRING *enumerator)
{
    if (enumerator)
        *enumerator = NULL;
    if (!filter || !enumerator)
        return RM_HRESULT_NULL_REF;
    if (!rm_is_enum((int)type))
        return RM_HRESULT_ENUM_RANGE;
    return rm_browse_item_ids(impl_from_IOPCBrowseServerAddressSpace(iface)->session, type, filter,
                              data_type, access_rights, enumerator);
}

static HRESULT run_item_id(struct rm_call *call, struct rm_link *link)
{
    struct browse_call *get = RM_FORWARD_OF(call, struct browse_call);
    IOPCBrowseServerAddressSpace *real = get->forward.real;
    HRESULT hr = S_OK;

    (void)link;
    if (get->walk.is_needed)
        hr = rm_browse_walk_run(&get->walk, real);
    if (SUCCEEDED(hr))
        hr = IOPCBrowseServerAddressSpace_GetItemID(real, get->name, &get->item_id);
    rm_forward_drop(&get->forward);
    return hr;
}

static const struct rm_call_class item_id_class = {
    .name = "IOPCBrowseServerAddressSpace::GetItemID",
    .kind = RM_CALL_IDEMPOTENT,
    .is_long = true,
    .prepare = prepare_at_position,
    .run = run_item_id,
    .record = record_position,
    .lost = lose_turn,
    .destroy = destroy_browse,
};

static HRESULT get_item_id_once(IOPCBrowseServerAddressSpace *iface, const WCHAR *name,
                                WCHAR **item_id)
{
    struct browse_call *get = new_call(iface, &item_id_class, name);
    HRESULT hr;

    if (!get)
        return E_OUTOFMEMORY;
    hr = rm_forward_execute(&get->forward);
    if (rm_forward_has_results(&get->forward, hr))
    {
        *item_id = get->item_id;
        get->item_id = NULL;
    }
    rm_call_release(&get->forward.call);
    return hr;
}

static HRESULT STDMETHODCALLTYPE server_browse_GetItemID(IOPCBrowseServerAddressSpace *iface,
                                                         LPWSTR name, LPWSTR *item_id)
{
    HRESULT hr;

    if (item_id)
        *item_id = NULL;
    if (!name || !item_id)
        return RM_HRESULT_NULL_REF;
    do
        hr = get_item_id_once(iface, name, item_id);
    while (hr == RM_CALL_REPEAT);
    return hr;
}

static HRESULT STDMETHODCALLTYPE server_browse_BrowseAccessPaths(
    IOPCBrowseServerAddressSpace *iface, LPCWSTR item_id, LPENUMSTRING *enumerator)
{
    if (enumerator)
        *enumerator = NULL;
    if (!item_id || !enumerator)
        return RM_HRESULT_NULL_REF;
    return rm_browse_access_paths(impl_from_IOPCBrowseServerAddressSpace(iface)->session, item_id,
                                  enumerator);
}

const IOPCBrowseServerAddressSpaceVtbl rm_server_browse_vtbl = {
    server_browse_QueryInterface,
    server_browse_AddRef,
    server_browse_Release,
    server_browse_QueryOrganization,
    server_browse_ChangeBrowsePosition,
    server_browse_BrowseOPCItemIDs,
    server_browse_GetItemID,
    server_browse_BrowseAccessPaths,
};
