/* rmctl monitor PROGID list */
#include <rm/monitor_config.h>

#include "monitor.h"
#include "output.h"

static void put_json_fields(struct rm_json *json, const struct rm_monitor_field *fields,
                            size_t count, const void *object)
{
    for (size_t i = 0; i < count; i++)
    {
        char buffer[32];
        rm_json_text(json, fields[i].name, rm_monitor_field_text(&fields[i], object, buffer));
    }
}

static void list_json(const struct rm_server_config *server)
{
    struct rm_json json = {.put = ctl_put_json};
    rm_json_begin_object(&json, NULL);
    rm_json_text(&json, "progid", server->progid);
    put_json_fields(&json, rm_monitor_fields, rm_monitor_field_count, &server->monitor);
    rm_json_begin_array(&json, "items");
    for (size_t i = 0; i < server->monitor.item_count; i++)
    {
        rm_json_begin_object(&json, NULL);
        put_json_fields(&json, rm_item_fields, rm_item_field_count, &server->monitor.items[i]);
        rm_json_end_object(&json);
    }
    rm_json_end_array(&json);
    rm_json_end_object(&json);
}

/* Whether a field says anything for the item's trigger. */
static bool is_of_trigger(const struct rm_monitor_field *field, const struct rm_monitor_item *item)
{
    switch (field->offset)
    {
    case offsetof(struct rm_monitor_item, comparison):
    case offsetof(struct rm_monitor_item, text): return item->trigger == RM_TRIGGER_VALUE;
    case offsetof(struct rm_monitor_item, time_ms): return item->trigger == RM_TRIGGER_NO_CHANGE;
    default: return true;
    }
}

static void list_text(const struct rm_server_config *server)
{
    char buffer[32];
    output_print("%s:", server->progid);
    for (size_t i = 0; i < rm_monitor_field_count; i++)
    {
        output_print(" %s=%s", rm_monitor_fields[i].name,
                     rm_monitor_field_text(&rm_monitor_fields[i], &server->monitor, buffer));
    }
    output_print("\n");
    for (size_t i = 0; i < server->monitor.item_count; i++)
    {
        const struct rm_monitor_item *item = &server->monitor.items[i];
        output_print("%4u  %s ", (unsigned)i + 1, item->item_id);
        for (size_t k = 1; k < rm_item_field_count; k++)
        {
            const char *text = rm_monitor_field_text(&rm_item_fields[k], item, buffer);
            if (is_of_trigger(&rm_item_fields[k], item) && text[0] != '\0')
            {
                output_print(" %s=%s", rm_item_fields[k].name, text);
            }
        }
        output_print("\n");
    }
    if (server->monitor.item_count == 0)
    {
        output_print("There are no monitor items. Add one: rmctl monitor %s add ITEMID\n",
                     server->progid);
    }
}

void monitor_list(const struct ctl *ctl, const struct rm_server_config *server)
{
    if (ctl->is_json)
    {
        list_json(server);
    }
    else
    {
        list_text(server);
    }
}
