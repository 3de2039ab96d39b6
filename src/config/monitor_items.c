/* monitor_items.c: the list of a redundant server's monitor items. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rm/monitor_config.h>

#include "config_internal.h"

#define SENTENCE_SIZE 512

bool rm_monitor_item_init(struct rm_monitor_item *item)
{
    memset(item, 0, sizeof *item);
    for (size_t i = 0; i < rm_item_field_count; i++)
    {
        const struct rm_monitor_field *field = &rm_item_fields[i];

        if (field->kind != RM_MONITOR_TEXT)
        {
            memcpy((char *)item + field->offset, &field->preset, sizeof field->preset);
        }
    }
    item->item_id = rm_text_copy("");
    item->access_path = rm_text_copy("");
    item->text = rm_text_copy("");
    return item->item_id != NULL && item->access_path != NULL && item->text != NULL;
}

void rm_monitor_item_clear(struct rm_monitor_item *item)
{
    free(item->item_id);
    free(item->access_path);
    free(item->text);
    memset(item, 0, sizeof *item);
}

bool rm_monitor_item_copy(struct rm_monitor_item *target, const struct rm_monitor_item *source)
{
    *target = *source;
    target->item_id = rm_text_copy(source->item_id);
    target->access_path = rm_text_copy(source->access_path);
    target->text = rm_text_copy(source->text);
    if (target->item_id != NULL && target->access_path != NULL && target->text != NULL)
    {
        return true;
    }
    rm_monitor_item_clear(target);
    return false;
}

void rm_monitor_config_init(struct rm_monitor_config *monitor)
{
    memset(monitor, 0, sizeof *monitor);
    for (size_t i = 0; i < rm_monitor_field_count; i++)
    {
        memcpy((char *)monitor + rm_monitor_fields[i].offset, &rm_monitor_fields[i].preset,
               sizeof rm_monitor_fields[i].preset);
    }
}

void rm_monitor_config_clear(struct rm_monitor_config *monitor)
{
    for (size_t i = 0; i < monitor->item_count; i++)
    {
        rm_monitor_item_clear(&monitor->items[i]);
        rm_unknown_xml_clear(&monitor->item_unknown[i]);
    }
    free(monitor->items);
    free(monitor->item_unknown);
    rm_unknown_xml_clear(&monitor->unknown);
    memset(monitor, 0, sizeof *monitor);
}

/* A place for one more. */
static bool grow(struct rm_monitor_config *monitor)
{
    size_t count = monitor->item_count + 1;
    struct rm_monitor_item *items = realloc(monitor->items, count * sizeof *items);
    struct rm_unknown_xml *unknown;

    if (items == NULL)
    {
        return false;
    }
    monitor->items = items;
    unknown = realloc(monitor->item_unknown, count * sizeof *unknown);
    if (unknown == NULL)
    {
        return false;
    }
    monitor->item_unknown = unknown;
    memset(&unknown[count - 1], 0, sizeof *unknown);
    return true;
}

/* The item may be one of the list. */
static bool append(struct rm_monitor_config *monitor, const struct rm_monitor_item *item)
{
    struct rm_monitor_item copy;

    if (!rm_monitor_item_copy(&copy, item))
    {
        return false;
    }
    if (!grow(monitor))
    {
        rm_monitor_item_clear(&copy);
        return false;
    }
    monitor->items[monitor->item_count++] = copy;
    return true;
}

bool rm_monitor_config_copy(struct rm_monitor_config *target,
                            const struct rm_monitor_config *source)
{
    for (size_t i = 0; i < rm_monitor_field_count; i++)
    {
        size_t offset = rm_monitor_fields[i].offset;

        memcpy((char *)target + offset, (const char *)source + offset, sizeof(uint32_t));
    }
    for (size_t i = 0; i < source->item_count; i++)
    {
        if (!append(target, &source->items[i]) ||
            !rm_unknown_xml_copy(&target->item_unknown[i], &source->item_unknown[i]))
        {
            return false;
        }
    }
    return rm_unknown_xml_copy(&target->unknown, &source->unknown);
}

static enum rm_status check_item(const struct rm_monitor_item *item, struct rm_config_error *error)
{
    const char *complaint = item->trigger == RM_TRIGGER_VALUE
                                ? rm_comparison_complaint(item->comparison, item->text)
                                : NULL;

    if (*item->item_id == '\0')
    {
        return rm_config_refuse(error, RM_E_INVALID, 0,
                                "A monitor item has no itemId: give the name of an item of the "
                                "OPC server.");
    }
    if (complaint != NULL)
    {
        return rm_config_refuse(error, RM_E_INVALID, 0,
                                "The value '%.100s' of the monitor item '%.100s' %s.", item->text,
                                item->item_id, complaint);
    }
    return RM_OK;
}

enum rm_status rm_server_add_item(struct rm_server_config *server,
                                  const struct rm_monitor_item *item, struct rm_config_error *error)
{
    enum rm_status status = check_item(item, error);

    if (status != RM_OK)
    {
        return status;
    }
    if (server->monitor.item_count >= RM_MONITOR_ITEMS_MAX)
    {
        return rm_config_refuse(error, RM_E_TOO_LARGE, 0,
                                "Redundant server '%.100s' has %u monitor items already, more are "
                                "not possible: remove one first.",
                                server->progid, RM_MONITOR_ITEMS_MAX);
    }
    return append(&server->monitor, item) ? RM_OK : rm_config_no_memory(error);
}

enum rm_status rm_server_change_item(struct rm_server_config *server, unsigned number,
                                     const struct rm_monitor_item *item,
                                     struct rm_config_error *error)
{
    struct rm_monitor_item copy;
    enum rm_status status = check_item(item, error);

    if (number < 1 || number > server->monitor.item_count)
    {
        return rm_config_refuse(error, RM_E_NOT_FOUND, 0,
                                "Redundant server '%.100s' has no monitor item %u.", server->progid,
                                number);
    }
    if (status != RM_OK)
    {
        return status;
    }
    if (!rm_monitor_item_copy(&copy, item))
    {
        return rm_config_no_memory(error);
    }
    rm_monitor_item_clear(&server->monitor.items[number - 1]);
    server->monitor.items[number - 1] = copy;
    return RM_OK;
}

enum rm_status rm_server_remove_item(struct rm_server_config *server, unsigned number)
{
    struct rm_monitor_config *monitor = &server->monitor;
    size_t behind;

    if (number < 1 || number > monitor->item_count)
    {
        return RM_E_NOT_FOUND;
    }
    rm_monitor_item_clear(&monitor->items[number - 1]);
    rm_unknown_xml_clear(&monitor->item_unknown[number - 1]);
    behind = monitor->item_count-- - number;
    memmove(&monitor->items[number - 1], &monitor->items[number], behind * sizeof *monitor->items);
    memmove(&monitor->item_unknown[number - 1], &monitor->item_unknown[number],
            behind * sizeof *monitor->item_unknown);
    return RM_OK;
}

struct teller
{
    void (*tell)(void *context, const char *sentence);
    void *context;
};

static void put_right(const struct teller *teller, uint32_t *value, uint32_t right,
                      const char *what)
{
    char sentence[SENTENCE_SIZE];

    snprintf(sentence, sizeof sentence, "%s: %u was changed to %u.", what, (unsigned)*value,
             (unsigned)right);
    *value = right;
    if (teller->tell != NULL)
    {
        teller->tell(teller->context, sentence);
    }
}

static void put_time_right(const struct teller *teller, const struct rm_server_config *server,
                           struct rm_monitor_item *item)
{
    char what[SENTENCE_SIZE - 64];

    if (item->trigger == RM_TRIGGER_NO_CHANGE && item->time_ms / 2 < item->rate_ms)
    {
        snprintf(what, sizeof what,
                 "Redundant server '%.100s', monitor item '%.100s': a time without data changes "
                 "must be at least twice the update rate",
                 server->progid, item->item_id);
        put_right(teller, &item->time_ms, item->rate_ms * 2, what);
    }
}

void rm_monitor_put_right(struct rm_server_config *server,
                          void (*tell)(void *context, const char *sentence), void *context)
{
    const struct teller teller = {tell, context};
    struct rm_monitor_config *monitor = &server->monitor;
    uint32_t weights = 0;
    char what[SENTENCE_SIZE - 64];

    for (size_t i = 0; i < monitor->item_count; i++)
    {
        weights += monitor->items[i].weight;
        put_time_right(&teller, server, &monitor->items[i]);
    }
    snprintf(what, sizeof what,
             "Redundant server '%.100s': the failure count must be from 1 to the number of "
             "monitor items, by their weights",
             server->progid);
    if (monitor->failure_count == 0)
    {
        put_right(&teller, &monitor->failure_count, 1, what);
    }
    if (weights > 0 && monitor->failure_count > weights)
    {
        put_right(&teller, &monitor->failure_count, weights, what);
    }
}

enum rm_status rm_monitor_check(const struct rm_server_config *server,
                                struct rm_config_error *error)
{
    for (size_t i = 0; i < server->monitor.item_count; i++)
    {
        enum rm_status status = check_item(&server->monitor.items[i], error);

        if (status != RM_OK)
        {
            return status;
        }
    }
    return RM_OK;
}
