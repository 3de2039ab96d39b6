#include "enumerator/item_attributes.h"
#include "group/clone_settings.h"
#include "group/group_birth.h"
#include "group/group_methods.h"
#include "group/shadow_item.h"
#include "module/memory.h"
#include "server/forward.h"
#include "server/unknown_interface.h"
#include "session/session.h"

struct clone_call
{
    struct rm_forward forward;
    WCHAR *name;
    IID iid;
    struct rm_group_birth birth;
    struct rm_clone_settings settings;
};

static HRESULT prepare_clone(struct rm_call *call, struct rm_link *link)
{
    struct clone_call *clone = RM_FORWARD_OF(call, struct clone_call);

    rm_clone_settings_want(&clone->settings, clone->forward.group);
    return rm_forward_prepare(call, link);
}

/* The clone's handles are new, and only the clone can tell them. */
static HRESULT learn_clone(struct clone_call *clone, struct rm_link *link, IUnknown *real)
{
    HRESULT hr = rm_group_birth_learn(&clone->birth, link, real);

    if (SUCCEEDED(hr))
        rm_clone_settings_read(&clone->settings, clone->birth.interfaces, clone->birth.attributes);
    return hr;
}

/* The real clone must not stay behind when we couldn't make it ours. */
static void drop_clone(struct clone_call *clone, struct rm_link *link)
{
    OPCHANDLE real = clone->birth.real;
    IOPCServer *server;

    rm_group_birth_clear(&clone->birth);
    rm_session_lock(link->session);
    server = real ? rm_link_take(link, RM_SERVER_OPCSERVER) : NULL;
    rm_session_unlock(link->session);
    if (!server)
        return;
    IOPCServer_RemoveGroup(server, real, FALSE);
    IOPCServer_Release(server);
}

static HRESULT run_clone(struct rm_call *call, struct rm_link *link)
{
    struct clone_call *clone = RM_FORWARD_OF(call, struct clone_call);
    IUnknown *real = NULL;
    HRESULT hr = IOPCGroupStateMgt_CloneGroup((IOPCGroupStateMgt *)clone->forward.real, clone->name,
                                              &clone->iid, &real);

    if (SUCCEEDED(hr) && !real)
        hr = E_FAIL;
    if (SUCCEEDED(hr))
    {
        HRESULT learnt = learn_clone(clone, link, real);

        IUnknown_Release(real);
        if (FAILED(learnt))
        {
            drop_clone(clone, link);
            hr = learnt;
        }
    }
    rm_forward_drop(&clone->forward);
    return hr;
}

/* Locked: the settings of one of the clone's items. */
static void record_settings(void *context, DWORD index, struct rm_item *item,
                            struct rm_link_item *link_item)
{
    const struct clone_call *clone = context;

    rm_clone_settings_apply(&clone->settings, index, item, link_item);
}

/* Items that the client has added to the original but this machine has not got: the clone has them
 * as the original does, for other machines and for a time when this one takes them. */
static void record_missing(struct rm_group *group, struct rm_link *link, struct rm_group *original)
{
    struct rm_link_group *from = rm_link_group_of(link, original);
    struct rm_link_group *to = rm_link_group_of(link, group);

    for (DWORD slot = 0; from && slot < original->item_slots; slot++)
    {
        const struct rm_item *item = &original->items[slot];
        const struct rm_link_item *refused =
            item->is_used ? rm_link_item_of(from, original, item) : NULL;
        const struct rm_new_item new_item = {
            .item_id = item->item_id,
            .access_path = item->access_path,
            .blob = item->blob,
            .blob_size = item->blob_size,
            .is_active = item->is_active,
            .client = item->client,
            .requested_type = item->requested_type,
            .canonical_type = item->canonical_type,
            .access_rights = item->access_rights,
        };
        struct rm_item *copy;

        if (!item->is_used || (refused && refused->state == RM_LINK_ITEM_ADDED))
            continue;
        copy = rm_shadow_item_add(group, NULL, &new_item, 0);
        if (!copy)
            continue;
        copy->settings = item->settings;
        copy->revised_sampling_ms = item->revised_sampling_ms;
        if (!refused || !to || !rm_link_group_reserve(to, group))
            continue;
        to->items[rm_item_slot(group, copy)] = *refused;
        to->items[rm_item_slot(group, copy)].handle = copy->handle;
    }
}

static void record_clone(struct rm_call *call, struct rm_link *link, HRESULT hr)
{
    struct clone_call *clone = RM_FORWARD_OF(call, struct clone_call);
    struct rm_group *original = clone->forward.group;
    const struct rm_group_birth *birth = &clone->birth;
    struct rm_group *group;

    if (FAILED(hr))
        return;
    group = rm_group_birth_adopt(&clone->birth, clone->forward.session, link, birth->name);
    if (!group)
        return;
    group->offers[rm_group_interface_of(&clone->iid)] = true;
    group->client_handle = birth->client;
    group->requested_rate_ms = original->requested_rate_ms;
    group->revised_rate_ms = birth->rate_ms;
    group->is_active = birth->is_active;
    group->has_time_bias = original->has_time_bias;
    group->time_bias = birth->time_bias;
    group->has_deadband = original->has_deadband;
    group->deadband = birth->deadband;
    group->lcid = birth->lcid;
    group->keep_alive_ms = group->revised_keep_alive_ms = clone->settings.keep_alive_ms;
    rm_group_birth_add_items(&clone->birth, link, record_settings, clone);
    record_missing(group, link, original);
    rm_group_birth_settle(&clone->birth, link);
}

static void destroy_clone(struct rm_call *call)
{
    struct clone_call *clone = RM_FORWARD_OF(call, struct clone_call);

    rm_clone_settings_clear(&clone->settings);
    rm_group_birth_clear(&clone->birth);
    rm_forward_destroy(call);
}

static const struct rm_call_class clone_class = {
    .name = "IOPCGroupStateMgt::CloneGroup",
    .kind = RM_CALL_SHADOW,
    .is_long = true,
    .prepare = prepare_clone,
    .run = run_clone,
    .record = record_clone,
    .destroy = destroy_clone,
};

HRESULT rm_group_clone_once(struct rm_group *group, const WCHAR *name, REFIID iid,
                            IUnknown **clone_out)
{
    struct clone_call *clone;
    OPCHANDLE handle;
    HRESULT hr;

    if (rm_group_interface_of(iid) < 0)
    {
        rm_unknown_interface_tell(group->session, iid);
        return E_NOINTERFACE;
    }
    clone = rm_forward_new(sizeof(*clone), &clone_class, group->session, group, RM_GROUP_STATE_MGT);
    if (!clone)
        return E_OUTOFMEMORY;
    clone->name = rm_forward_text(&clone->forward, name);
    clone->iid = *iid;
    hr = rm_forward_execute(&clone->forward);
    if (rm_forward_has_results(&clone->forward, hr))
    {
        HRESULT handed_out = rm_group_birth_hand_out(&clone->birth, iid, clone_out, &handle);

        if (FAILED(handed_out))
            hr = handed_out;
    }
    rm_call_release(&clone->forward.call);
    return hr;
}
