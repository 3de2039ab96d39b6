#include "clock.h"
#include "difficulty.h"
#include "group.h"
#include "module.h"
#include "sampling.h"

#include <opc/opcconst.h>

/* The cache is what the device showed when the item was last due. */
static int64_t cache_time(const struct sim_group *group, const struct sim_group_item *item,
                          int64_t now_ms)
{
    int64_t rate = item->sampling != NULL ? item->sampling->rate_ms : group->rate_ms;
    int64_t phase = sim_module_options()->phase_ms;
    return sim_clock_step(now_ms, rate, phase) * rate + phase;
}

/* No cache is kept up for an inactive item: what is there is older than anybody asks for, but for
 * those who want the cache whatever its age. */
OPCDATASOURCE sim_group_source(const struct sim_group *group, const struct sim_group_item *item,
                               DWORD max_age_ms, int64_t now_ms)
{
    if (max_age_ms == MAXDWORD)
    {
        return OPC_DS_CACHE;
    }
    bool is_cached = group->is_active && item->is_active;
    int64_t age_ms = now_ms - cache_time(group, item, now_ms);
    return max_age_ms > 0 && is_cached && age_ms <= (int64_t)max_age_ms ? OPC_DS_CACHE
                                                                        : OPC_DS_DEVICE;
}

HRESULT sim_group_read(const struct sim_group *group, const struct sim_group_item *item,
                       OPCDATASOURCE source, int64_t now_ms, struct sim_vqt *vqt)
{
    int64_t time_ms = source == OPC_DS_DEVICE ? now_ms : cache_time(group, item, now_ms);
    int64_t version = sim_device_version(item->item, time_ms);
    HRESULT result = sim_group_sample(group, item, version, now_ms, vqt);
    bool is_cached = SUCCEEDED(result) && source == OPC_DS_CACHE;
    if (is_cached && !(group->is_active && item->is_active))
    {
        vqt->quality = OPC_QUALITY_OUT_OF_SERVICE;
    }
    else if (is_cached && sim_difficulty_is_other_dialect() &&
             now_ms < item->added_ms + (int64_t)group->rate_ms)
    {
        vqt->quality = sim_module_options()->da == SIM_DA_2 ? OPC_QUALITY_BAD
                                                            : OPC_QUALITY_WAITING_FOR_INITIAL_DATA;
    }
    return result;
}
