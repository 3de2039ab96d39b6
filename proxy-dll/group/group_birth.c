#include "group/group_birth.h"

#include "enumerator/item_attributes.h"
#include "group/group_object.h"
#include "group/shadow_item.h"
#include "module/memory.h"
#include "server/forward.h"
#include "session/session.h"

/* Which interfaces a group has is asked once, and holds for its life. */
HRESULT rm_group_birth_read(struct rm_group_birth *birth, struct rm_link *link, IUnknown *real)
{
    HRESULT hr = rm_link_query_group(link, real, birth->interfaces);

    for (int i = 0; i < RM_GROUP_INTERFACE_COUNT; i++)
        rm_forward_secure(link, birth->interfaces[i]);
    return hr;
}

HRESULT rm_group_birth_read_state(struct rm_group_birth *birth)
{
    IOPCGroupStateMgt *state = (IOPCGroupStateMgt *)birth->interfaces[RM_GROUP_STATE_MGT];
    HRESULT hr;

    if (!state)
        return E_FAIL;
    hr = IOPCGroupStateMgt_GetState(state, &birth->rate_ms, &birth->is_active, &birth->name,
                                    &birth->time_bias, &birth->deadband, &birth->lcid,
                                    &birth->client, &birth->real);
    return SUCCEEDED(hr) && !birth->name ? E_FAIL : hr;
}

/* The handles of its items are new, and only the group can tell them. */
HRESULT rm_group_birth_learn(struct rm_group_birth *birth, struct rm_link *link, IUnknown *real)
{
    IOPCItemMgt *items;
    HRESULT hr;

    hr = rm_group_birth_read(birth, link, real);
    if (SUCCEEDED(hr))
        hr = rm_group_birth_read_state(birth);
    items = (IOPCItemMgt *)birth->interfaces[RM_GROUP_ITEM_MGT];
    if (SUCCEEDED(hr) && items)
        hr = rm_item_attributes_fetch(link, items, &birth->attributes);
    return hr;
}

struct rm_group *rm_group_birth_adopt(struct rm_group_birth *birth, struct rm_session *session,
                                      struct rm_link *link, const WCHAR *name)
{
    struct rm_group *group = rm_group_create(session, name);

    if (group)
    {
        for (int i = 0; i < RM_GROUP_INTERFACE_COUNT; i++)
            group->offers[i] = birth->interfaces[i] != NULL;
        birth->group = group;
        if (rm_link_adopt_group(link, group, birth->real, birth->interfaces))
            return group;
        rm_group_forget(group);
    }
    birth->failed = link;
    rm_link_add_ref(link);
    return NULL;
}

void rm_group_birth_add_items(struct rm_group_birth *birth, struct rm_link *link,
                              rm_group_birth_added *added, void *context)
{
    struct rm_link_group *link_group = rm_link_group_of(link, birth->group);

    for (DWORD i = 0; birth->attributes && i < birth->attributes->count; i++)
    {
        const OPCITEMATTRIBUTES *element = &birth->attributes->elements[i];
        const struct rm_new_item new_item = {
            .item_id = element->szItemID,
            .access_path = element->szAccessPath,
            .blob = element->pBlob,
            .blob_size = element->dwBlobSize,
            .is_active = element->bActive,
            .client = element->hClient,
            .requested_type = element->vtRequestedDataType,
            .canonical_type = element->vtCanonicalDataType,
            .access_rights = element->dwAccessRights,
        };

        struct rm_item *item =
            rm_shadow_item_add(birth->group, link_group, &new_item, element->hServer);

        if (item && added)
            added(context, i, item,
                  link_group ? rm_link_item_of(link_group, birth->group, item) : NULL);
    }
}

void rm_group_birth_settle(struct rm_group_birth *birth, struct rm_link *link)
{
    struct rm_group *group = birth->group;
    struct rm_link_group *link_group = rm_link_group_of(link, group);

    group->is_enabled = TRUE; /* what a server starts with */
    rm_session_changed(group->session);
    if (!link_group)
        return; /* the link has died meanwhile */
    link_group->is_active = group->is_active;
    link_group->is_enabled = TRUE;
    link_group->rate_ms = group->requested_rate_ms;
    link_group->lcid = group->lcid;
    link_group->time_bias = group->time_bias;
    link_group->has_time_bias = group->has_time_bias;
    link_group->deadband = group->deadband;
    link_group->client_handle = group->client_handle;
    link_group->keep_alive_ms = group->keep_alive_ms;
    link_group->revised_keep_alive_ms = group->revised_keep_alive_ms;
    link_group->name = rm_wcsdup(group->name);
}

struct undo_call
{
    struct rm_forward forward;
    IUnknown *interfaces[RM_GROUP_INTERFACE_COUNT];
    OPCHANDLE real;
};

static void release_interfaces(IUnknown *interfaces[RM_GROUP_INTERFACE_COUNT])
{
    for (int i = 0; i < RM_GROUP_INTERFACE_COUNT; i++)
    {
        if (interfaces[i])
            IUnknown_Release(interfaces[i]);
        interfaces[i] = NULL;
    }
}

static HRESULT run_undo(struct rm_call *call, struct rm_link *link)
{
    struct undo_call *undo = RM_FORWARD_OF(call, struct undo_call);
    HRESULT hr;

    (void)link;
    release_interfaces(undo->interfaces);
    hr = undo->real ? IOPCServer_RemoveGroup((IOPCServer *)undo->forward.real, undo->real, FALSE)
                    : S_OK; /* a public group, of which the references were all that we had */
    rm_forward_drop(&undo->forward);
    return hr;
}

static void destroy_undo(struct rm_call *call)
{
    release_interfaces(RM_FORWARD_OF(call, struct undo_call)->interfaces);
    rm_forward_destroy(call);
}

static const struct rm_call_class undo_class = {
    .name = "IOPCServer::RemoveGroup",
    .kind = RM_CALL_IDEMPOTENT,
    .prepare = rm_forward_prepare,
    .run = run_undo,
    .destroy = destroy_undo,
};

void rm_group_birth_undo(struct rm_group_birth *birth)
{
    struct rm_link *link = birth->failed;
    struct undo_call *undo =
        rm_forward_new(sizeof(*undo), &undo_class, link->session, NULL, RM_SERVER_OPCSERVER);

    /* Without memory for this the group stays on the server until the session ends. */
    if (undo)
    {
        memcpy(undo->interfaces, birth->interfaces, sizeof(undo->interfaces));
        memset(birth->interfaces, 0, sizeof(birth->interfaces));
        undo->real = birth->real;
        rm_call_execute_on(link->session, link, &undo->forward.call);
        rm_call_release(&undo->forward.call);
    }
    birth->failed = NULL;
    rm_link_release(link);
}

void rm_group_birth_clear(struct rm_group_birth *birth)
{
    release_interfaces(birth->interfaces);
    rm_item_attributes_release(birth->attributes);
    birth->attributes = NULL;
    CoTaskMemFree(birth->name);
    birth->name = NULL;
    if (birth->group)
        rm_group_object_release(birth->group);
    birth->group = NULL;
    if (birth->failed)
        rm_link_release(birth->failed);
    birth->failed = NULL;
}

HRESULT rm_group_birth_hand_out(struct rm_group_birth *birth, REFIID iid, IUnknown **group_out,
                                OPCHANDLE *handle)
{
    struct rm_group *group = birth->group;
    HRESULT hr;

    if (birth->failed)
    {
        rm_group_birth_undo(birth);
        return E_OUTOFMEMORY;
    }
    birth->group = NULL;
    hr = rm_group_object_query(group, iid, (void **)group_out);
    if (SUCCEEDED(hr))
        *handle = group->handle;
    rm_group_object_release(group);
    return hr;
}
