#include "sampling.h"
#include "change.h"
#include "clock.h"
#include "itemfault.h"
#include "module.h"

#include <opc/opcerror.h>

#include <stdlib.h>

struct sim_sampling *sim_sampling_create(void)
{
    return calloc(1, sizeof(struct sim_sampling));
}

static struct sim_sample *sample_at(struct sim_sampling *sampling, DWORD i)
{
    return &sampling->samples[(sampling->first + i) % SIM_SAMPLES_MAX];
}

static void drop_oldest(struct sim_sampling *sampling)
{
    VariantClear(&sample_at(sampling, 0)->vqt.value);
    sampling->first = (sampling->first + 1) % SIM_SAMPLES_MAX;
    sampling->count--;
}

void sim_sampling_clear(struct sim_sampling *sampling)
{
    while (sampling->count > 0)
    {
        drop_oldest(sampling);
    }
    sampling->is_overflown = false;
}

void sim_sampling_free(struct sim_sampling *sampling)
{
    if (sampling != NULL)
    {
        sim_sampling_clear(sampling);
        free(sampling);
    }
}

static int64_t next_on_grid(const struct sim_sampling *sampling, int64_t now_ms)
{
    int64_t rate = sampling->rate_ms;
    int64_t phase = sim_module_options()->phase_ms;
    return (sim_clock_step(now_ms, rate, phase) + 1) * rate + phase;
}

void sim_sampling_set_rate(struct sim_sampling *sampling, DWORD rate_ms, int64_t now_ms)
{
    sampling->rate_ms = rate_ms;
    sampling->next_ms = next_on_grid(sampling, now_ms);
}

static void push(struct sim_group_item *item, const struct sim_vqt *vqt, HRESULT error)
{
    struct sim_sampling *sampling = item->sampling;
    DWORD capacity = item->is_buffered ? SIM_SAMPLES_MAX : 1;
    while (sampling->count >= capacity)
    {
        drop_oldest(sampling);
        sampling->is_overflown = item->is_buffered;
    }
    *sample_at(sampling, sampling->count) = (struct sim_sample){*vqt, error};
    sampling->count++;
}

static void take_one(const struct sim_group *group, struct sim_group_item *item, int64_t due_ms)
{
    int64_t version = sim_device_version(item->item, due_ms);
    int64_t serial = sim_item_faults_serial(due_ms);
    bool is_shaken = serial != item->sampling->fault_serial; /* the quality may be another one */
    if (version == item->version && !is_shaken && !item->is_pending)
    {
        return;
    }
    struct sim_vqt vqt;
    HRESULT error = sim_group_sample(group, item, version, due_ms, &vqt);
    bool is_due = item->is_pending || sim_change_is_due(group, item, version, &vqt, error);
    item->version = version;
    item->sampling->fault_serial = serial;
    if (!is_due)
    {
        VariantClear(&vqt.value);
        return;
    }
    sim_change_remember(item, &vqt, error);
    push(item, &vqt, error);
}

int64_t sim_sampling_take(struct sim_group *group, bool is_sending, int64_t now_ms)
{
    int64_t due_ms = INT64_MAX;
    for (DWORD i = 0; i < group->item_places && group->sampled_count > 0; i++)
    {
        struct sim_group_item *item = &group->items[i];
        if (item->item == NULL || item->sampling == NULL)
        {
            continue;
        }
        struct sim_sampling *sampling = item->sampling;
        int64_t oldest = now_ms - (int64_t)sampling->rate_ms * SIM_SAMPLES_MAX;
        bool is_wanted = is_sending && item->is_active;
        if (!is_wanted || sampling->next_ms < oldest)
        {
            sampling->next_ms = next_on_grid(sampling, is_wanted ? oldest : now_ms);
        }
        for (; is_wanted && sampling->next_ms <= now_ms; sampling->next_ms += sampling->rate_ms)
        {
            take_one(group, item, sampling->next_ms);
        }
        due_ms = is_wanted && sampling->next_ms < due_ms ? sampling->next_ms : due_ms;
    }
    return due_ms;
}

void sim_sampling_send(const struct sim_group *group, struct sim_group_item *item,
                       struct sim_delivery *delivery, int64_t now_ms)
{
    struct sim_sampling *sampling = item->sampling;
    if (sampling->count == 0 && item->is_pending)
    {
        take_one(group, item, now_ms);
    }
    for (; sampling->count > 0; sampling->count--)
    {
        struct sim_sample *sample = sample_at(sampling, 0);
        HRESULT error = sampling->is_overflown && sample->error == S_OK ? OPC_S_DATAQUEUEOVERFLOW
                                                                        : sample->error;
        sim_delivery_add(delivery, item->server_handle, item->client_handle, &sample->vqt, error);
        sampling->is_overflown = false;
        sampling->first = (sampling->first + 1) % SIM_SAMPLES_MAX;
    }
    item->is_pending = false;
}
