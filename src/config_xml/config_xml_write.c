#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <rm/monitor_config.h>

#include "../config/config_internal.h"
#include "config_xml_internal.h"

struct writer
{
    char *text;
    size_t size;
    size_t room;
    bool has_failed; /* no memory: what follows is not written */
};

static void put_bytes(struct writer *writer, const char *bytes, size_t size)
{
    if (writer->has_failed)
    {
        return;
    }
    if (size > writer->room - writer->size)
    {
        size_t room = (writer->size + size) * 2;
        char *grown = realloc(writer->text, room);
        if (grown == NULL)
        {
            writer->has_failed = true;
            return;
        }
        writer->text = grown;
        writer->room = room;
    }
    memcpy(writer->text + writer->size, bytes, size);
    writer->size += size;
}

static void put(struct writer *writer, const char *text)
{
    if (text != NULL)
    {
        put_bytes(writer, text, strlen(text));
    }
}

static void put_indent(struct writer *writer, unsigned indent)
{
    for (unsigned i = 0; i < indent; i++)
    {
        put_bytes(writer, " ", 1);
    }
}

static void put_escaped(struct writer *writer, const char *text)
{
    for (; *text != '\0'; text++)
    {
        switch (*text)
        {
        case '&': put(writer, "&amp;"); break;
        case '<': put(writer, "&lt;"); break;
        case '>': put(writer, "&gt;"); break;
        case '"': put(writer, "&quot;"); break;
        default: put_bytes(writer, text, 1); break;
        }
    }
}

static void put_attribute(struct writer *writer, const char *name, const char *value)
{
    put(writer, " ");
    put(writer, name);
    put(writer, "=\"");
    put_escaped(writer, value);
    put(writer, "\"");
}

static void put_optional_attribute(struct writer *writer, const char *name, const char *value)
{
    if (*value != '\0')
    {
        put_attribute(writer, name, value);
    }
}

/* What stands in front of the element, then "<name"; its attributes and '>' are to follow. */
static void put_start(struct writer *writer, unsigned indent, const char *name,
                      const struct rm_unknown_xml *unknown)
{
    put(writer, unknown->before);
    put_indent(writer, indent);
    put(writer, "<");
    put(writer, name);
}

static void put_end(struct writer *writer, unsigned indent, const char *name,
                    const struct rm_unknown_xml *unknown)
{
    put(writer, unknown->inside);
    put_indent(writer, indent);
    put(writer, "</");
    put(writer, name);
    put(writer, ">\n");
}

static void put_setting(struct writer *writer, const struct rm_setting *setting,
                        const struct rm_server_config *server)
{
    const struct rm_unknown_xml *unknown = &server->setting_unknown[setting - rm_setting_table];
    char value[32];
    rm_setting_format(setting, server, value, sizeof value);
    put_start(writer, INDENT_SETTING, setting->name, unknown);
    put(writer, unknown->attributes);
    put(writer, ">");
    put_escaped(writer, value);
    if (unknown->inside != NULL)
    {
        put(writer, "\n");
        put_end(writer, INDENT_SETTING, setting->name, unknown);
    }
    else
    {
        put_end(writer, 0, setting->name, unknown);
    }
}

static void put_machine(struct writer *writer, const struct rm_machine_config *machine)
{
    put_start(writer, INDENT_MACHINE, "machine", &machine->unknown);
    put_attribute(writer, "host", machine->host);
    put_optional_attribute(writer, "progid", machine->progid);
    put_optional_attribute(writer, "clsid", machine->clsid);
    put_optional_attribute(writer, "service", machine->service);
    put(writer, machine->unknown.attributes);
    if (machine->unknown.inside == NULL)
    {
        put(writer, "/>\n");
        return;
    }
    put(writer, ">\n");
    put_end(writer, INDENT_MACHINE, "machine", &machine->unknown);
}

/* What has its default is left out, but itemId. */
static void put_fields(struct writer *writer, const struct rm_monitor_field *fields, size_t count,
                       const void *object)
{
    for (size_t i = 0; i < count; i++)
    {
        char buffer[32];
        uint32_t value;
        memcpy(&value, (const char *)object + fields[i].offset, sizeof value);
        const char *text = rm_monitor_field_text(&fields[i], object, buffer);
        if (fields[i].kind == RM_MONITOR_TEXT)
        {
            put_optional_attribute(writer, fields[i].name, text);
        }
        else if (value != fields[i].preset)
        {
            put_attribute(writer, fields[i].name, text);
        }
    }
}

static void put_item(struct writer *writer, const struct rm_monitor_item *item,
                     const struct rm_unknown_xml *unknown)
{
    put_start(writer, INDENT_MACHINE, "monitorItem", unknown);
    put_fields(writer, rm_item_fields, rm_item_field_count, item);
    put(writer, unknown->attributes);
    if (unknown->inside == NULL)
    {
        put(writer, "/>\n");
        return;
    }
    put(writer, ">\n");
    put_end(writer, INDENT_MACHINE, "monitorItem", unknown);
}

static bool has_default(const struct rm_monitor_config *monitor)
{
    for (size_t i = 0; i < rm_monitor_field_count; i++)
    {
        uint32_t value;
        memcpy(&value, (const char *)monitor + rm_monitor_fields[i].offset, sizeof value);
        if (value != rm_monitor_fields[i].preset)
        {
            return false;
        }
    }
    return monitor->item_count == 0 && monitor->unknown.before == NULL &&
           monitor->unknown.attributes == NULL && monitor->unknown.inside == NULL;
}

/* Left out where nobody has said anything of it: most have none. */
static void put_monitor(struct writer *writer, const struct rm_monitor_config *monitor)
{
    if (has_default(monitor))
    {
        return;
    }
    put_start(writer, INDENT_SETTING, "monitorItems", &monitor->unknown);
    put_fields(writer, rm_monitor_fields, rm_monitor_field_count, monitor);
    put(writer, monitor->unknown.attributes);
    put(writer, ">\n");
    for (size_t i = 0; i < monitor->item_count; i++)
    {
        put_item(writer, &monitor->items[i], &monitor->item_unknown[i]);
    }
    put_end(writer, INDENT_SETTING, "monitorItems", &monitor->unknown);
}

static void put_server(struct writer *writer, const struct rm_server_config *server)
{
    put_start(writer, INDENT_SERVER, "server", &server->unknown);
    put_attribute(writer, "progid", server->progid);
    put_optional_attribute(writer, "clsid", server->clsid);
    put(writer, server->unknown.attributes);
    put(writer, ">\n");
    for (size_t i = 0; i < rm_setting_count; i++)
    {
        put_setting(writer, &rm_setting_table[i], server);
    }
    put_start(writer, INDENT_SETTING, "machines", &server->machines_unknown);
    put(writer, server->machines_unknown.attributes);
    put(writer, ">\n");
    for (size_t i = 0; i < server->machine_count; i++)
    {
        put_machine(writer, &server->machines[i]);
    }
    put_end(writer, INDENT_SETTING, "machines", &server->machines_unknown);
    put_monitor(writer, &server->monitor);
    put_end(writer, INDENT_SERVER, "server", &server->unknown);
}

static void put_config(struct writer *writer, const struct rm_config *config)
{
    _Static_assert(RM_CONFIG_SCHEMA_VERSION == 1, "written as text");
    put(writer, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    put_start(writer, INDENT_ROOT, XML_ROOT, &config->unknown);
    put_attribute(writer, "version", "1");
    put_attribute(writer, "xmlns", XML_NAMESPACE);
    put(writer, config->unknown.attributes);
    put(writer, ">\n");
    for (size_t i = 0; i < config->server_count; i++)
    {
        put_server(writer, config->servers[i]);
    }
    put_end(writer, INDENT_ROOT, XML_ROOT, &config->unknown);
    put(writer, config->unknown_after);
}

enum rm_status rm_config_format(const struct rm_config *config, char **text_out, size_t *size_out,
                                struct rm_config_error *error)
{
    *text_out = NULL;
    *size_out = 0;
    enum rm_status status = rm_config_check(config, error);
    if (status != RM_OK)
    {
        return status;
    }
    struct writer writer = {NULL, 0, 0, false};
    put_config(&writer, config);
    put_bytes(&writer, "", 1);
    if (writer.has_failed)
    {
        free(writer.text);
        return rm_config_no_memory(error);
    }
    if (writer.size - 1 > RM_CONFIG_FILE_SIZE_MAX)
    {
        free(writer.text);
        return rm_config_refuse(error, RM_E_TOO_LARGE, 0,
                                "The configuration would be larger than %u MB: take out what was "
                                "added to it by hand.",
                                RM_CONFIG_FILE_SIZE_MAX / 1024 / 1024);
    }
    *text_out = writer.text;
    *size_out = writer.size - 1;
    return RM_OK;
}
