#include <stdlib.h>
#include <string.h>

#include "../config/config_internal.h"
#include "config_xml_walk.h"

static const char *const server_attributes[] = {"progid", "clsid", NULL};
static const char *const no_attributes[] = {NULL};

static void trim(char *text)
{
    static const char blanks[] = " \t\r\n";
    size_t front = strspn(text, blanks);
    size_t length = strlen(text + front);
    while (length > 0 && strchr(blanks, text[front + length - 1]) != NULL)
    {
        length--;
    }
    memmove(text, text + front, length);
    text[length] = '\0';
}

/* The element's text; comments in it are kept in walk. */
static enum rm_status read_value(struct rm_xml_walk *walk, xmlBufferPtr value)
{
    for (xmlNodePtr child = walk->parent->children; child != NULL; child = child->next)
    {
        enum rm_status status = RM_OK;
        if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE)
        {
            bool is_done = child->content == NULL || xmlBufferCat(value, child->content) == 0;
            status = is_done ? RM_OK : rm_config_no_memory(walk->error);
        }
        else if (child->type == XML_ELEMENT_NODE)
        {
            status = rm_config_refuse(walk->error, RM_E_INVALID, rm_xml_line(child),
                                      "<%s> holds the element <%s>, but only a value may be there.",
                                      (const char *)walk->parent->name, (const char *)child->name);
        }
        else
        {
            status = rm_xml_keep(walk, child);
        }
        if (status != RM_OK)
        {
            return status;
        }
    }
    return RM_OK;
}

static enum rm_status read_setting(struct rm_server_config *server,
                                   const struct rm_setting *setting, xmlNodePtr node,
                                   struct rm_config_error *error)
{
    struct rm_unknown_xml *unknown = &server->setting_unknown[setting - rm_setting_table];
    struct rm_xml_walk walk;
    xmlBufferPtr value = xmlBufferCreate();
    char *text = NULL;
    enum rm_status status = RM_E_NO_MEMORY;
    if (!rm_xml_walk_begin(&walk, node, INDENT_MACHINE, error) || value == NULL)
    {
        rm_config_no_memory(error);
        goto out;
    }
    status = rm_xml_keep_attributes(node, no_attributes, &unknown->attributes, error);
    if (status == RM_OK)
    {
        status = read_value(&walk, value);
    }
    if (status == RM_OK)
    {
        status = rm_xml_take_kept(&walk, &unknown->inside);
    }
    if (status == RM_OK)
    {
        text = rm_text_copy((const char *)xmlBufferContent(value));
        if (text == NULL)
        {
            status = rm_config_no_memory(error);
            goto out;
        }
        trim(text);
        status = rm_xml_at_line(rm_setting_parse(setting, server, text, error), node, error);
    }
out:
    free(text);
    xmlBufferFree(value);
    rm_xml_walk_end(&walk);
    return status;
}

static const struct rm_setting *find_setting(xmlNodePtr node)
{
    const struct rm_setting *setting = rm_setting_find((const char *)node->name);
    return setting != NULL && rm_xml_is_ours(node, setting->name) ? setting : NULL;
}

#define PLACE_MACHINES RM_SETTINGS
#define PLACE_MONITOR  (RM_SETTINGS + 1)
#define PLACES         (RM_SETTINGS + 2)

_Static_assert(PLACES <= 32, "bits of *seen");

/* Which of our elements this is; PLACES: none. */
static size_t place_of(xmlNodePtr node)
{
    const struct rm_setting *setting = find_setting(node);
    if (setting != NULL)
    {
        return (size_t)(setting - rm_setting_table);
    }
    if (rm_xml_is_ours(node, "machines"))
    {
        return PLACE_MACHINES;
    }
    return rm_xml_is_ours(node, "monitorItems") ? PLACE_MONITOR : PLACES;
}

static struct rm_unknown_xml *unknown_of(struct rm_server_config *server, size_t place)
{
    switch (place)
    {
    case PLACE_MACHINES: return &server->machines_unknown;
    case PLACE_MONITOR: return &server->monitor.unknown;
    default: return &server->setting_unknown[place];
    }
}

struct server_reader
{
    struct rm_server_config *server;
    uint32_t seen; /* has a bit for each place */
};

static enum rm_status read_server_element(void *context, struct rm_xml_walk *walk, xmlNodePtr node)
{
    struct server_reader *reader = context;
    struct rm_server_config *server = reader->server;
    size_t place = place_of(node);
    if (place == PLACES)
    {
        return rm_xml_keep(walk, node);
    }
    if (reader->seen & (1u << place))
    {
        return rm_config_refuse(walk->error, RM_E_INVALID, rm_xml_line(node),
                                "<%s> is there twice in redundant server '%.100s': take one out.",
                                (const char *)node->name, server->progid);
    }
    reader->seen |= 1u << place;
    enum rm_status status = rm_xml_take_kept(walk, &unknown_of(server, place)->before);
    if (status != RM_OK)
    {
        return status;
    }
    switch (place)
    {
    case PLACE_MACHINES: return rm_xml_read_machines(server, node, walk->error);
    case PLACE_MONITOR: return rm_xml_read_monitor(server, node, walk->error);
    default: return read_setting(server, &rm_setting_table[place], node, walk->error);
    }
}

static enum rm_status read_server_elements(struct rm_server_config *server, xmlNodePtr node,
                                           struct rm_config_error *error)
{
    struct server_reader reader = {server, 0};
    return rm_xml_read_children(node, INDENT_SETTING, read_server_element, &reader,
                                &server->unknown.inside, error);
}

static enum rm_status read_clsid(struct rm_server_config *server, xmlNodePtr node,
                                 struct rm_config_error *error)
{
    char *clsid = NULL;
    enum rm_status status = rm_xml_attribute(node, "clsid", &clsid, error);
    if (clsid != NULL)
    {
        free(server->clsid);
        server->clsid = clsid;
    }
    return status;
}

enum rm_status rm_xml_read_server(struct rm_config *config, struct rm_xml_walk *walk,
                                  xmlNodePtr node)
{
    struct rm_config_error *error = walk->error;
    struct rm_server_config *server = NULL;
    char *progid = NULL;
    enum rm_status status = rm_xml_attribute(node, "progid", &progid, error);
    if (status == RM_OK && progid == NULL)
    {
        status = rm_config_refuse(error, RM_E_INVALID, 0,
                                  "<server> has no attribute progid: write <server progid=\"the "
                                  "ProgID that clients ask for\">.");
    }
    if (status == RM_OK)
    {
        status = rm_config_add(config, progid, &server, error);
    }
    free(progid);
    if (status != RM_OK)
    {
        return rm_xml_at_line(status, node, error);
    }
    status = rm_xml_take_kept(walk, &server->unknown.before);
    if (status == RM_OK)
    {
        status =
            rm_xml_keep_attributes(node, server_attributes, &server->unknown.attributes, error);
    }
    if (status == RM_OK)
    {
        status = read_clsid(server, node, error);
    }
    unsigned faults = rm_xml_faults();
    if (status == RM_OK)
    {
        status = read_server_elements(server, node, error);
        rm_xml_put_right(config, server);
    }
    if (rm_xml_faults() != faults)
    {
        return status; /* what was not read would count as missing */
    }
    return status == RM_OK ? rm_xml_at_line(rm_server_check(server, error), node, error) : status;
}
