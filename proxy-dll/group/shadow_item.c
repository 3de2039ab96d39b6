#include "group/shadow_item.h"

#include "module/memory.h"

static bool fill_item(struct rm_item *item, const struct rm_new_item *new_item)
{
    bool has_path = new_item->access_path && new_item->access_path[0];

    item->item_id = rm_wcsdup(new_item->item_id ? new_item->item_id : L"");
    if (has_path)
        item->access_path = rm_wcsdup(new_item->access_path);
    item->is_active = new_item->is_active;
    item->requested_type = new_item->requested_type;
    item->canonical_type = new_item->canonical_type;
    item->access_rights = new_item->access_rights;
    if (!item->item_id || (!item->access_path && new_item->access_path && new_item->access_path[0]))
        return false;
    if (!new_item->blob || !new_item->blob_size)
        return true;
    item->blob = rm_memdup(new_item->blob, 1, new_item->blob_size);
    item->blob_size = item->blob ? new_item->blob_size : 0;
    return item->blob != NULL;
}

static void enter_link(struct rm_link_group *link_group, const struct rm_group *group,
                       const struct rm_item *item, OPCHANDLE real)
{
    struct rm_link_item *link_item = &link_group->items[rm_item_slot(group, item)];

    rm_link_item_forget(link_group, rm_item_slot(group, item));
    rm_link_item_added(link_group, group, item, real);
    link_item->is_active = item->is_active != FALSE;
    link_item->requested_type = item->requested_type;
    link_item->client = item->client;
    link_item->canonical_type = item->canonical_type;
    link_item->access_rights = (BYTE)item->access_rights;
}

struct rm_item *rm_shadow_item_add(struct rm_group *group, struct rm_link_group *link_group,
                                   const struct rm_new_item *new_item, OPCHANDLE real)
{
    struct rm_item *item = rm_group_add_item(group, new_item->client);

    if (item && fill_item(item, new_item) &&
        (!link_group || rm_link_group_reserve(link_group, group)))
    {
        if (link_group)
            enter_link(link_group, group, item, real);
        return item;
    }
    if (item)
        rm_group_remove_item(group, item);
    if (link_group)
        rm_link_group_add_orphan(link_group, real);
    return NULL;
}
