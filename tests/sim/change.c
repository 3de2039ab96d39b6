#include "change.h"

#include <math.h>

static bool is_beyond_deadband(const struct sim_group *group, const struct sim_group_item *item,
                               double number)
{
    FLOAT deadband = item->has_deadband ? item->deadband : group->deadband;
    if (item->item->eu != SIM_EU_ANALOG || !(deadband > 0))
    {
        return true;
    }
    double range = item->item->high - item->item->low;
    return fabs(number - item->number) > (double)deadband / 100 * range;
}

bool sim_change_is_due(const struct sim_group *group, const struct sim_group_item *item,
                       int64_t version, const struct sim_vqt *vqt, HRESULT error)
{
    double number = 0;
    if (vqt->quality != item->quality || error != item->error)
    {
        return true;
    }
    if (item->item->kind == SIM_ITEM_COUNTER)
    {
        return version != item->version;
    }
    bool is_number = item->item->eu == SIM_EU_ANALOG && sim_value_number(&vqt->value, &number);
    return !sim_value_is_equal(&vqt->value, &item->value) &&
           (!is_number || is_beyond_deadband(group, item, number));
}

void sim_change_remember(struct sim_group_item *item, const struct sim_vqt *vqt, HRESULT error)
{
    double number = 0;
    bool is_number = item->item->eu == SIM_EU_ANALOG && sim_value_number(&vqt->value, &number);
    item->is_pending = false;
    item->quality = vqt->quality;
    item->error = error;
    item->number = is_number ? number : 0;
    VariantClear(&item->value);
    if (item->item->kind != SIM_ITEM_COUNTER) /* a new one each time: nothing to compare */
    {
        VARIANT value = vqt->value;
        VariantCopy(&item->value, &value);
    }
}
