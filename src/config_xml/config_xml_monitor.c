#include <stdlib.h>
#include <string.h>

#include <rm/monitor_config.h>

#include "../config/config_internal.h"
#include "config_xml_walk.h"

#define FIELDS_MAX 16

/* Reads the attributes that the fields name; all others go to *kept. */
static enum rm_status read_fields(const struct rm_monitor_field *fields, size_t count, void *object,
                                  xmlNodePtr node, char **kept, struct rm_config_error *error)
{
    const char *known[FIELDS_MAX + 1] = {NULL};
    enum rm_status status = RM_OK;
    for (size_t i = 0; i < count && i < FIELDS_MAX; i++)
    {
        known[i] = fields[i].name;
    }
    for (size_t i = 0; i < count && status == RM_OK; i++)
    {
        char *text = NULL;
        status = rm_xml_attribute(node, fields[i].name, &text, error);
        if (status == RM_OK && text != NULL)
        {
            status = rm_xml_at_line(rm_monitor_field_parse(&fields[i], object, text, error), node,
                                    error);
        }
        free(text);
    }
    return status == RM_OK ? rm_xml_keep_attributes(node, known, kept, error) : status;
}

static enum rm_status read_item(struct rm_server_config *server, struct rm_xml_walk *walk,
                                xmlNodePtr node)
{
    struct rm_monitor_item item;
    struct rm_unknown_xml unknown = {NULL, NULL, NULL};
    enum rm_status status = rm_monitor_item_init(&item) ? rm_xml_take_kept(walk, &unknown.before)
                                                        : rm_config_no_memory(walk->error);
    if (status == RM_OK)
    {
        status = read_fields(rm_item_fields, rm_item_field_count, &item, node, &unknown.attributes,
                             walk->error);
    }
    if (status == RM_OK)
    {
        status = rm_xml_keep_inside(node, INDENT_DEEPEST, &unknown.inside, walk->error);
    }
    if (status == RM_OK)
    {
        status = rm_xml_at_line(rm_server_add_item(server, &item, walk->error), node, walk->error);
    }
    if (status == RM_OK)
    {
        server->monitor.item_unknown[server->monitor.item_count - 1] = unknown;
    }
    else
    {
        rm_unknown_xml_clear(&unknown);
    }
    rm_monitor_item_clear(&item);
    return status;
}

static enum rm_status read_monitor_element(void *context, struct rm_xml_walk *walk, xmlNodePtr node)
{
    return rm_xml_is_ours(node, "monitorItem") ? read_item(context, walk, node)
                                               : rm_xml_keep(walk, node);
}

enum rm_status rm_xml_read_monitor(struct rm_server_config *server, xmlNodePtr node,
                                   struct rm_config_error *error)
{
    struct rm_unknown_xml *unknown = &server->monitor.unknown;
    enum rm_status status = read_fields(rm_monitor_fields, rm_monitor_field_count, &server->monitor,
                                        node, &unknown->attributes, error);
    return status == RM_OK ? rm_xml_read_children(node, INDENT_MACHINE, read_monitor_element,
                                                  server, &unknown->inside, error)
                           : status;
}

/* A notice for which there is no memory is lost; the value is right all the same. */
static void add_notice(void *context, const char *sentence)
{
    struct rm_config *config = context;
    char *copy = config->notice_count < RM_NOTICES_MAX ? rm_text_copy(sentence) : NULL;
    if (copy != NULL)
    {
        config->notices[config->notice_count++] = copy;
    }
}

void rm_xml_put_right(struct rm_config *config, struct rm_server_config *server)
{
    rm_monitor_put_right(server, add_notice, config);
}
