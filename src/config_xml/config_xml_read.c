#include <stdlib.h>
#include <string.h>

#include "../config/config_internal.h"
#include "../port/port.h"
#include "config_xml_walk.h"

static const char *const root_attributes[] = {"version", NULL};

/* Older programs must not touch what they don't understand (F-13). */
static enum rm_status check_version(xmlNodePtr root, struct rm_config_error *error)
{
    char *version = NULL;
    enum rm_status status = rm_xml_attribute(root, "version", &version, error);
    if (status != RM_OK)
    {
        return status;
    }
    bool is_number = version != NULL && *version != '\0' &&
                     strspn(version, "0123456789") == strlen(version) && *version != '0';
    if (!is_number)
    {
        status = rm_config_refuse(error, RM_E_INVALID, rm_xml_line(root),
                                  "The version of <" XML_ROOT "> is missing or no whole number: "
                                  "write version=\"%d\".",
                                  RM_CONFIG_SCHEMA_VERSION);
    }
    else if (strcmp(version, "1") != 0)
    {
        _Static_assert(RM_CONFIG_SCHEMA_VERSION == 1, "compared as text");
        status = rm_config_refuse(error, RM_E_VERSION, rm_xml_line(root),
                                  "The file has version %.10s, this program knows %d only: it was "
                                  "written by a newer RedundancyMaster, install that one.",
                                  version, RM_CONFIG_SCHEMA_VERSION);
    }
    free(version);
    return status;
}

static enum rm_status check_root(xmlNodePtr root, struct rm_config_error *error)
{
    if (!rm_xml_is_ours(root, XML_ROOT))
    {
        return rm_config_refuse(error, RM_E_INVALID, rm_xml_line(root),
                                "The outermost element is <%.60s>, this is no configuration: it "
                                "must be <" XML_ROOT " version=\"%d\" xmlns=\"" XML_NAMESPACE
                                "\">.",
                                (const char *)root->name, RM_CONFIG_SCHEMA_VERSION);
    }
    return check_version(root, error);
}

static enum rm_status read_root_element(void *context, struct rm_xml_walk *walk, xmlNodePtr node)
{
    return rm_xml_is_ours(node, "server") ? rm_xml_read_server(context, walk, node)
                                          : rm_xml_keep(walk, node);
}

static enum rm_status read_root(struct rm_config *config, xmlNodePtr root,
                                struct rm_config_error *error)
{
    enum rm_status status =
        rm_xml_keep_attributes(root, root_attributes, &config->unknown.attributes, error);
    return status == RM_OK ? rm_xml_read_children(root, INDENT_SERVER, read_root_element, config,
                                                  &config->unknown.inside, error)
                           : status;
}

/* The document's own children: comments, the root, comments. */
static enum rm_status read_document(struct rm_config *config, xmlDocPtr tree,
                                    struct rm_config_error *error)
{
    struct rm_xml_walk walk;
    xmlNodePtr root = NULL;
    enum rm_status status = RM_OK;
    if (!rm_xml_walk_begin(&walk, (xmlNodePtr)(void *)tree, INDENT_ROOT, error))
    {
        status = rm_config_no_memory(error);
        goto out;
    }
    status = rm_xml_next(&walk, &root);
    if (status == RM_OK)
    {
        status = rm_xml_take_kept(&walk, &config->unknown.before);
    }
    if (status == RM_OK)
    {
        status = check_root(root, error);
    }
    if (status == RM_OK)
    {
        status = read_root(config, root, error);
    }
    if (status == RM_OK)
    {
        status = rm_xml_next(&walk, &root);
    }
    if (status == RM_OK)
    {
        status = rm_xml_take_kept(&walk, &config->unknown_after);
    }
out:
    rm_xml_walk_end(&walk);
    return status;
}

static enum rm_status parse_locked(struct rm_config *config, const char *text, size_t size_bytes,
                                   struct rm_config_error *error)
{
    xmlDocPtr tree = NULL;
    enum rm_status status = rm_xml_tree(&tree, text, size_bytes, error);
    if (status == RM_OK)
    {
        status = read_document(config, tree, error);
        xmlFreeDoc(tree);
    }
    if (status != RM_OK)
    {
        rm_config_clear(config);
    }
    return status;
}

enum rm_status rm_xml_parse_on(struct rm_config *config, const char *text, size_t size_bytes,
                               struct rm_xml_listener *listener, struct rm_config_error *error)
{
    rm_config_init(config);
    rm_port_lock_xml();
    rm_xml_listen(listener);
    enum rm_status status = parse_locked(config, text, size_bytes, error);
    rm_xml_listen(NULL);
    rm_port_unlock_xml();
    return status;
}

enum rm_status rm_xml_parse(struct rm_config *config, const char *text, size_t size_bytes,
                            struct rm_config_error *error)
{
    return rm_xml_parse_on(config, text, size_bytes, NULL, error);
}

enum rm_status rm_config_parse(struct rm_config *config, const char *text, size_t size_bytes,
                               struct rm_config_error *error)
{
    struct rm_config_error fault = {.status = RM_OK};
    enum rm_status status = rm_xml_parse(config, text, size_bytes, &fault);
    if (status != RM_OK && fault.line > 0)
    {
        rm_config_refuse(error, status, fault.line, "Line %u: %s", fault.line, fault.message);
    }
    else if (status != RM_OK)
    {
        rm_config_refuse(error, status, 0, "%s", fault.message);
    }
    return status;
}
