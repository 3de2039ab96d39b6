/* config_xml_internal.h: names of redundancymaster.xml, and its way from text to a tree.
 *
 * Units: none.  Threads: under the lock of port.h.
 * Ownership: the tree is freed with xmlFreeDoc.
 * Errors: as in rm/config_xml.h, the path is not in the message yet.
 * Source: docs/redundancymaster.xsd.
 */
#ifndef RM_CONFIG_XML_INTERNAL_H
#define RM_CONFIG_XML_INTERNAL_H

#include <libxml/tree.h>

#include <rm/config_xml.h>

#define XML_NAMESPACE "urn:redundancymaster:configuration"
#define XML_ROOT      "redundancymaster"

/* The depth of elements that a file may have; our own go four deep. */
#define XML_DEPTH_MAX 64

/* How our elements are indented, in blanks. */
#define INDENT_ROOT    0
#define INDENT_SERVER  2
#define INDENT_SETTING 4
#define INDENT_MACHINE 6
#define INDENT_DEEPEST 8

enum rm_status rm_xml_tree(xmlDocPtr *tree_out, const char *text, size_t size_bytes,
                           struct rm_config_error *error);

/* As rm_config_parse, with messages that don't name the line yet. */
enum rm_status rm_xml_parse(struct rm_config *config, const char *text, size_t size_bytes,
                            struct rm_config_error *error);

/* Who is to hear of each fault; the reading goes on behind it. */
struct rm_xml_listener
{
    void (*tell)(void *context, const struct rm_config_error *fault);
    void *context;
    unsigned count;
};

/* The same; with a listener that is not NULL the status is RM_OK though there were faults. */
enum rm_status rm_xml_parse_on(struct rm_config *config, const char *text, size_t size_bytes,
                               struct rm_xml_listener *listener, struct rm_config_error *error);

#endif
