#include "link/link_sync.h"

#include <string.h>
#include <opc/opcerror.h>

#include "module/memory.h"
#include "session/session.h"

/* What Data Access 3.0 lets a client set beyond the state of a group, but for its keep-alive time:
 * for each item deadband, sampling rate and buffering. What is asked for counts as applied: a
 * machine that refuses it isn't asked again and again. */

enum setting_kind
{
    SETTING_DEADBAND,
    SETTING_NO_DEADBAND,
    SETTING_RATE,
    SETTING_NO_RATE,
    SETTING_BUFFER,
    SETTING_KIND_COUNT
};

union setting_value
{
    FLOAT deadband;
    DWORD rate_ms;
    BOOL is_buffered;
};

/* Items whose setting on the machine differs from the shadow's. */
struct setting_batch
{
    DWORD count;
    OPCHANDLE *real;
    union setting_value *values;
};

static enum rm_group_interface interface_of(enum setting_kind kind)
{
    return kind == SETTING_DEADBAND || kind == SETTING_NO_DEADBAND ? RM_GROUP_DEADBAND_MGT
                                                                   : RM_GROUP_SAMPLING_MGT;
}

static bool differs(const struct rm_item_settings *wanted, const struct rm_item_settings *there,
                    enum setting_kind kind)
{
    switch (kind)
    {
    case SETTING_DEADBAND:
        return wanted->has_deadband &&
               (!there->has_deadband ||
                memcmp(&wanted->deadband, &there->deadband, sizeof(FLOAT)) != 0);
    case SETTING_NO_DEADBAND: return !wanted->has_deadband && there->has_deadband;
    case SETTING_RATE:
        return wanted->has_rate && (!there->has_rate || wanted->rate_ms != there->rate_ms);
    case SETTING_NO_RATE: return !wanted->has_rate && there->has_rate;
    case SETTING_BUFFER: return !wanted->is_buffered != !there->is_buffered;
    case SETTING_KIND_COUNT: break;
    }
    return false;
}

static void apply(const struct rm_item_settings *wanted, struct rm_item_settings *there,
                  enum setting_kind kind, union setting_value *value)
{
    switch (kind)
    {
    case SETTING_DEADBAND:
    case SETTING_NO_DEADBAND:
        there->has_deadband = wanted->has_deadband;
        there->deadband = value->deadband = wanted->deadband;
        break;
    case SETTING_RATE:
    case SETTING_NO_RATE:
        there->has_rate = wanted->has_rate;
        there->rate_ms = value->rate_ms = wanted->rate_ms;
        break;
    case SETTING_BUFFER:
        there->is_buffered = wanted->is_buffered;
        value->is_buffered = wanted->is_buffered;
        break;
    case SETTING_KIND_COUNT: break;
    }
}

/* Locked. false: no memory. */
static bool collect(struct rm_link_group *link_group, struct rm_group *group,
                    enum setting_kind kind, struct setting_batch *batch)
{
    DWORD slot;

    for (slot = 0; slot < link_group->item_slots && slot < group->item_slots; slot++)
    {
        struct rm_item *item = &group->items[slot];
        struct rm_link_item *link_item = &link_group->items[slot];

        if (!item->is_used || link_item->state != RM_LINK_ITEM_ADDED ||
            link_item->handle != item->handle ||
            !differs(&item->settings, &link_item->settings, kind))
            continue;
        if (!batch->real)
        {
            batch->real = rm_alloc_zero(group->item_count, sizeof(*batch->real));
            batch->values = rm_alloc_zero(group->item_count, sizeof(*batch->values));
        }
        if (!batch->real || !batch->values)
            return false;
        batch->real[batch->count] = link_group->added[slot].real;
        apply(&item->settings, &link_item->settings, kind, &batch->values[batch->count]);
        batch->count++;
    }
    return true;
}

static HRESULT send(void *real, enum setting_kind kind, struct setting_batch *batch,
                    HRESULT **errors)
{
    IOPCItemDeadbandMgt *deadbands = real;
    IOPCItemSamplingMgt *sampling = real;
    DWORD *revised = NULL;
    HRESULT hr = E_UNEXPECTED;

    switch (kind)
    {
    case SETTING_DEADBAND:
        return IOPCItemDeadbandMgt_SetItemDeadband(deadbands, batch->count, batch->real,
                                                   &batch->values->deadband, errors);
    case SETTING_NO_DEADBAND:
        return IOPCItemDeadbandMgt_ClearItemDeadband(deadbands, batch->count, batch->real, errors);
    case SETTING_RATE:
        hr = IOPCItemSamplingMgt_SetItemSamplingRate(sampling, batch->count, batch->real,
                                                     &batch->values->rate_ms, &revised, errors);
        CoTaskMemFree(revised);
        return hr;
    case SETTING_NO_RATE:
        return IOPCItemSamplingMgt_ClearItemSamplingRate(sampling, batch->count, batch->real,
                                                         errors);
    case SETTING_BUFFER:
        return IOPCItemSamplingMgt_SetItemBufferEnable(sampling, batch->count, batch->real,
                                                       &batch->values->is_buffered, errors);
    case SETTING_KIND_COUNT: break;
    }
    return hr;
}

/* The first refusal, S_OK if there is none. That there was nothing to be cleared is none. */
static HRESULT find_refusal(HRESULT hr, const HRESULT *errors, DWORD count)
{
    DWORD i;

    for (i = 0; SUCCEEDED(hr) && errors && i < count; i++)
    {
        if (FAILED(errors[i]) && errors[i] != OPC_E_DEADBANDNOTSET && errors[i] != OPC_E_RATENOTSET)
            return errors[i];
    }
    return FAILED(hr) ? hr : S_OK;
}

static bool sync_setting(struct rm_link *link, struct rm_group *group, enum setting_kind kind)
{
    struct rm_session *session = link->session;
    struct setting_batch batch = {0};
    struct rm_link_group *link_group;
    HRESULT *errors = NULL;
    IUnknown *real = NULL;
    bool is_alive = true;

    rm_session_lock(session);
    link_group = link->is_dead ? NULL : rm_link_group_of(link, group);
    if (link_group && !collect(link_group, group, kind, &batch))
        rm_sync_short_of_memory(link);
    if (batch.count)
        real = rm_link_take_group(link, group, interface_of(kind));
    rm_session_unlock(session);
    if (batch.count && !real)
        rm_link_tell_missing(link, true, (int)interface_of(kind));
    if (real)
    {
        HRESULT hr = send(real, kind, &batch, &errors);
        HRESULT refusal = find_refusal(hr, errors, batch.count);

        IUnknown_Release(real);
        CoTaskMemFree(errors);
        if (FAILED(refusal))
            rm_sync_tell_refusal(link, group, refusal);
        is_alive = rm_sync_is_alive(link, hr);
    }
    rm_free(batch.real);
    rm_free(batch.values);
    return is_alive && !link->is_dead;
}

bool rm_sync_items_settings(struct rm_link *link, struct rm_group *group)
{
    int kind;

    for (kind = 0; kind < SETTING_KIND_COUNT; kind++)
    {
        if (!sync_setting(link, group, (enum setting_kind)kind))
            return false;
    }
    return true;
}

static void note_moved(struct rm_link *link, const struct rm_group *group)
{
    struct rm_link_group *link_group;

    rm_session_lock(link->session);
    link_group = rm_link_group_of(link, group);
    if (link_group)
        link_group->is_moved = true;
    rm_session_unlock(link->session);
}

bool rm_sync_group_public(struct rm_link *link, struct rm_group *group)
{
    struct rm_session *session = link->session;
    IOPCPublicGroupStateMgt *state = NULL;
    struct rm_link_group *link_group;
    bool is_due = false;
    HRESULT hr;

    rm_session_lock(session);
    link_group = link->is_dead ? NULL : rm_link_group_of(link, group);
    if (link_group && link_group->interfaces[RM_GROUP_STATE_MGT] && group->is_public &&
        !link_group->is_public)
    {
        is_due = true;
        link_group->is_public = true;
        state = rm_link_take_group(link, group, RM_GROUP_PUBLIC_STATE_MGT);
    }
    rm_session_unlock(session);
    if (is_due && !state)
        rm_link_tell_missing(link, true, RM_GROUP_PUBLIC_STATE_MGT);
    if (!state)
        return !link->is_dead;
    hr = IOPCPublicGroupStateMgt_MoveToPublic(state);
    IOPCPublicGroupStateMgt_Release(state);
    if (FAILED(hr))
        rm_sync_tell_refusal(link, group, hr);
    else
        note_moved(link, group);
    return rm_sync_is_alive(link, hr);
}
