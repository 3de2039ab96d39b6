#include "group/clone_settings.h"

#include "module/memory.h"

void rm_clone_settings_want(struct rm_clone_settings *settings, const struct rm_group *original)
{
    settings->wants_keep_alive = original->keep_alive_ms != 0;
    settings->wants_deadbands = settings->wants_sampling = false;
    for (DWORD slot = 0; slot < original->item_slots; slot++)
    {
        const struct rm_item_settings *item = &original->items[slot].settings;

        if (!original->items[slot].is_used)
            continue;
        settings->wants_deadbands = settings->wants_deadbands || item->has_deadband;
        settings->wants_sampling = settings->wants_sampling || item->has_rate || item->is_buffered;
    }
}

static void read_items(struct rm_clone_settings *settings, IOPCItemDeadbandMgt *deadband,
                       IOPCItemSamplingMgt *sampling, OPCHANDLE *handles)
{
    DWORD count = settings->count;

    if (deadband && settings->wants_deadbands)
        IOPCItemDeadbandMgt_GetItemDeadband(deadband, count, handles, &settings->deadbands,
                                            &settings->deadband_errors);
    if (!sampling || !settings->wants_sampling)
        return;
    IOPCItemSamplingMgt_GetItemSamplingRate(sampling, count, handles, &settings->rates_ms,
                                            &settings->rate_errors);
    IOPCItemSamplingMgt_GetItemBufferEnable(sampling, count, handles, &settings->are_buffered,
                                            &settings->buffer_errors);
}

void rm_clone_settings_read(struct rm_clone_settings *settings,
                            IUnknown *const interfaces[RM_GROUP_INTERFACE_COUNT],
                            const struct rm_item_attributes *attributes)
{
    IOPCGroupStateMgt2 *state = (IOPCGroupStateMgt2 *)interfaces[RM_GROUP_STATE_MGT2];
    OPCHANDLE *handles;

    if (state && settings->wants_keep_alive)
        IOPCGroupStateMgt2_GetKeepAlive(state, &settings->keep_alive_ms);
    if (!attributes || !attributes->count ||
        (!settings->wants_deadbands && !settings->wants_sampling))
        return;
    handles = rm_alloc_zero(attributes->count, sizeof(*handles));
    if (!handles)
        return;
    for (DWORD i = 0; i < attributes->count; i++)
        handles[i] = attributes->elements[i].hServer;
    settings->count = attributes->count;
    read_items(settings, (IOPCItemDeadbandMgt *)interfaces[RM_GROUP_DEADBAND_MGT],
               (IOPCItemSamplingMgt *)interfaces[RM_GROUP_SAMPLING_MGT], handles);
    rm_free(handles);
}

void rm_clone_settings_apply(const struct rm_clone_settings *settings, DWORD index,
                             struct rm_item *item, struct rm_link_item *link_item)
{
    struct rm_item_settings *own = &item->settings;

    if (index >= settings->count)
        return;
    if (settings->deadbands && settings->deadband_errors &&
        SUCCEEDED(settings->deadband_errors[index]))
    {
        own->has_deadband = true;
        own->deadband = settings->deadbands[index];
    }
    if (settings->rates_ms && settings->rate_errors && SUCCEEDED(settings->rate_errors[index]))
    {
        own->has_rate = true;
        own->rate_ms = item->revised_sampling_ms = settings->rates_ms[index];
    }
    if (settings->are_buffered && settings->buffer_errors &&
        SUCCEEDED(settings->buffer_errors[index]))
        own->is_buffered = settings->are_buffered[index];
    if (link_item)
        link_item->settings = *own;
}

void rm_clone_settings_clear(struct rm_clone_settings *settings)
{
    CoTaskMemFree(settings->deadbands);
    CoTaskMemFree(settings->deadband_errors);
    CoTaskMemFree(settings->rates_ms);
    CoTaskMemFree(settings->rate_errors);
    CoTaskMemFree(settings->are_buffered);
    CoTaskMemFree(settings->buffer_errors);
    memset(settings, 0, sizeof(*settings));
}
