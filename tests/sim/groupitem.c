#include "group.h"
#include "module.h"
#include "sampling.h"

#include <opc/opcconst.h>

#include <stdlib.h>
#include <string.h>

/* A server handle is the item's place and how often the place was used. */
#define PLACE_BITS 20
#define PLACE_MASK ((1u << PLACE_BITS) - 1)
#define USES_MASK  0x7FFu
#define HIGH_BIT   0x80000000u /* --high-handles */

struct sim_group_item *sim_group_find_item(struct sim_group *group, DWORD server_handle)
{
    DWORD place = server_handle & PLACE_MASK;
    if (place >= group->item_places)
    {
        return NULL;
    }
    struct sim_group_item *item = &group->items[place];
    return item->item != NULL && item->server_handle == server_handle ? item : NULL;
}

static bool grow(struct sim_group *group)
{
    DWORD capacity = group->item_capacity * 2 + 64;
    struct sim_group_item *items = realloc(group->items, capacity * sizeof(*items));
    if (items == NULL)
    {
        return false;
    }
    group->items = items;
    group->item_capacity = capacity;
    return true;
}

static DWORD find_place(struct sim_group *group)
{
    DWORD place = group->free_place;
    while (place < group->item_places && group->items[place].item != NULL)
    {
        place++;
    }
    return place;
}

struct sim_group_item *sim_group_new_item(struct sim_group *group)
{
    DWORD place = find_place(group);
    DWORD uses = 1;
    if (place > PLACE_MASK || (place == group->item_capacity && !grow(group)))
    {
        return NULL;
    }
    if (place == group->item_places)
    {
        group->item_places++;
    }
    else
    {
        uses = (group->items[place].server_handle >> PLACE_BITS & USES_MASK) + 1;
    }
    group->free_place = place + 1;
    group->item_count++;
    struct sim_group_item *item = &group->items[place];
    memset(item, 0, sizeof(*item));
    item->server_handle = ((uses & USES_MASK) << PLACE_BITS) | place;
    if (sim_module_options()->has_high_handles)
    {
        item->server_handle |= HIGH_BIT;
    }
    return item;
}

void sim_group_free_item(struct sim_group *group, struct sim_group_item *item)
{
    DWORD place = item->server_handle & PLACE_MASK;
    VariantClear(&item->value);
    free(item->access_path);
    group->sampled_count -= item->sampling != NULL;
    sim_sampling_free(item->sampling);
    item->sampling = NULL;
    item->access_path = NULL;
    item->item = NULL;
    group->item_count--;
    group->free_place = place < group->free_place ? place : group->free_place;
}

HRESULT sim_group_sample(const struct sim_group *group, const struct sim_group_item *item,
                         int64_t version, int64_t now_ms, struct sim_vqt *vqt)
{
    HRESULT code = sim_device_read(item->item, version, now_ms, vqt);
    if (FAILED(code) || item->requested == VT_EMPTY || item->requested == V_VT(&vqt->value))
    {
        return code;
    }
    VARIANT canonical = vqt->value;
    HRESULT result = sim_value_convert(&vqt->value, &canonical, item->requested, group->locale);
    VariantClear(&canonical);
    if (FAILED(result))
    {
        vqt->quality = OPC_QUALITY_BAD;
    }
    return SUCCEEDED(result) ? code : result;
}
