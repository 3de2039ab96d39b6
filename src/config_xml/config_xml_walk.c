#include <stdlib.h>
#include <string.h>

#include "../config/config_internal.h"
#include "config_xml_walk.h"

unsigned rm_xml_line(xmlNodePtr node)
{
    long line = xmlGetLineNo(node);
    return line > 0 ? (unsigned)line : 0;
}

enum rm_status rm_xml_at_line(enum rm_status status, xmlNodePtr node, struct rm_config_error *error)
{
    if (status != RM_OK && error != NULL)
    {
        error->line = rm_xml_line(node);
    }
    return status;
}

bool rm_xml_is_ours(xmlNodePtr node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && node->ns != NULL &&
           xmlStrEqual(node->ns->href, BAD_CAST XML_NAMESPACE) &&
           xmlStrEqual(node->name, BAD_CAST name);
}

static struct rm_xml_listener *listener; /* under the lock of port.h */

void rm_xml_listen(struct rm_xml_listener *who)
{
    listener = who;
}

unsigned rm_xml_faults(void)
{
    return listener != NULL ? listener->count : 0;
}

enum rm_status rm_xml_pass(enum rm_status status, const struct rm_config_error *error)
{
    if (status == RM_OK || status == RM_E_NO_MEMORY || listener == NULL ||
        listener->count >= RM_CONFIG_FAULTS_MAX)
    {
        return status;
    }
    listener->count++;
    listener->tell(listener->context, error);
    return RM_OK;
}

bool rm_xml_walk_begin(struct rm_xml_walk *walk, xmlNodePtr parent, unsigned indent,
                       struct rm_config_error *error)
{
    walk->parent = parent;
    walk->child = NULL;
    walk->indent = indent;
    walk->error = error;
    walk->pending = xmlBufferCreate();
    if (walk->pending != NULL)
    {
        xmlBufferSetAllocationScheme(walk->pending, XML_BUFFER_ALLOC_DOUBLEIT);
    }
    return walk->pending != NULL;
}

void rm_xml_walk_end(struct rm_xml_walk *walk)
{
    xmlBufferFree(walk->pending);
}

enum rm_status rm_xml_keep(struct rm_xml_walk *walk, xmlNodePtr node)
{
    for (unsigned i = 0; i < walk->indent; i++)
    {
        if (xmlBufferCCat(walk->pending, " ") != 0)
        {
            return rm_config_no_memory(walk->error);
        }
    }
    if (xmlNodeDump(walk->pending, node->doc, node, 0, 0) <= 0 ||
        xmlBufferCCat(walk->pending, "\n") != 0)
    {
        return rm_config_no_memory(walk->error);
    }
    return RM_OK;
}

enum rm_status rm_xml_next(struct rm_xml_walk *walk, xmlNodePtr *node_out)
{
    *node_out = NULL;
    walk->child = walk->child == NULL ? walk->parent->children : walk->child->next;
    for (; walk->child != NULL; walk->child = walk->child->next)
    {
        xmlNodePtr child = walk->child;
        enum rm_status status = RM_OK;
        if (child->type == XML_ELEMENT_NODE)
        {
            *node_out = child;
            return RM_OK;
        }
        if (child->type == XML_COMMENT_NODE || child->type == XML_PI_NODE)
        {
            status = rm_xml_keep(walk, child);
        }
        else if (!xmlIsBlankNode(child))
        {
            status = rm_config_refuse(walk->error, RM_E_INVALID, rm_xml_line(child),
                                      "There is text between the elements in <%s>: make it a "
                                      "comment or take it out.",
                                      (const char *)walk->parent->name);
            status = rm_xml_pass(status, walk->error);
        }
        if (status != RM_OK)
        {
            return status;
        }
    }
    return RM_OK;
}

/* *text is set to what is in the buffer, NULL for nothing; the buffer is emptied. */
static bool take_text(xmlBufferPtr buffer, char **text)
{
    *text = NULL;
    if (xmlBufferLength(buffer) > 0)
    {
        *text = rm_text_copy((const char *)xmlBufferContent(buffer));
        xmlBufferEmpty(buffer);
        return *text != NULL;
    }
    return true;
}

enum rm_status rm_xml_take_kept(struct rm_xml_walk *walk, char **text)
{
    return take_text(walk->pending, text) ? RM_OK : rm_config_no_memory(walk->error);
}

enum rm_status rm_xml_read_children(xmlNodePtr parent, unsigned indent,
                                    enum rm_status (*read)(void *context, struct rm_xml_walk *walk,
                                                           xmlNodePtr child),
                                    void *context, char **inside, struct rm_config_error *error)
{
    struct rm_xml_walk walk;
    xmlNodePtr child = NULL;
    enum rm_status status = rm_xml_walk_begin(&walk, parent, indent, error)
                                ? rm_xml_next(&walk, &child)
                                : rm_config_no_memory(error);
    while (status == RM_OK && child != NULL)
    {
        status = rm_xml_pass(read(context, &walk, child), error);
        if (status == RM_OK)
        {
            status = rm_xml_next(&walk, &child);
        }
    }
    if (status == RM_OK)
    {
        status = rm_xml_take_kept(&walk, inside);
    }
    rm_xml_walk_end(&walk);
    return status;
}

static enum rm_status keep_child(void *context, struct rm_xml_walk *walk, xmlNodePtr child)
{
    (void)context;
    return rm_xml_keep(walk, child);
}

enum rm_status rm_xml_keep_inside(xmlNodePtr parent, unsigned indent, char **text,
                                  struct rm_config_error *error)
{
    return rm_xml_read_children(parent, indent, keep_child, NULL, text, error);
}

static bool is_known(xmlAttrPtr attribute, const char *const *known)
{
    for (size_t i = 0; attribute->ns == NULL && known[i] != NULL; i++)
    {
        if (xmlStrEqual(attribute->name, BAD_CAST known[i]))
        {
            return true;
        }
    }
    return false;
}

/* Namespace declarations and attributes are written by xmlNodeDump as elements are, each with a
 * blank in front; libxml2's three structs begin alike for that. */
static bool dump_attributes(xmlBufferPtr buffer, xmlNodePtr node, const char *const *known)
{
    for (xmlNsPtr space = node->nsDef; space != NULL; space = space->next)
    {
        if (space->prefix != NULL &&
            xmlNodeDump(buffer, node->doc, (xmlNodePtr)(void *)space, 0, 0) <= 0)
        {
            return false;
        }
    }
    for (xmlAttrPtr attribute = node->properties; attribute != NULL; attribute = attribute->next)
    {
        if (!is_known(attribute, known) &&
            xmlNodeDump(buffer, node->doc, (xmlNodePtr)(void *)attribute, 0, 0) <= 0)
        {
            return false;
        }
    }
    return true;
}

enum rm_status rm_xml_keep_attributes(xmlNodePtr node, const char *const *known, char **text,
                                      struct rm_config_error *error)
{
    *text = NULL;
    for (xmlNsPtr space = node->nsDef; space != NULL; space = space->next)
    {
        if (space->prefix == NULL && !xmlStrEqual(space->href, BAD_CAST XML_NAMESPACE))
        {
            return rm_config_refuse(error, RM_E_INVALID, rm_xml_line(node),
                                    "<%s> has another default namespace than the file: write "
                                    "xmlns=\"%s\", or leave it out.",
                                    (const char *)node->name, XML_NAMESPACE);
        }
    }
    xmlBufferPtr buffer = xmlBufferCreate();
    bool is_done =
        buffer != NULL && dump_attributes(buffer, node, known) && take_text(buffer, text);
    xmlBufferFree(buffer);
    return is_done ? RM_OK : rm_config_no_memory(error);
}

enum rm_status rm_xml_attribute(xmlNodePtr node, const char *name, char **text,
                                struct rm_config_error *error)
{
    *text = NULL;
    if (xmlHasNsProp(node, BAD_CAST name, NULL) == NULL)
    {
        return RM_OK;
    }
    xmlChar *value = xmlGetNoNsProp(node, BAD_CAST name);
    *text = value != NULL ? rm_text_copy((const char *)value) : NULL;
    xmlFree(value);
    return *text != NULL ? RM_OK : rm_config_no_memory(error);
}
