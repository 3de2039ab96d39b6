#include <string.h>

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include "../config/config_internal.h"
#include "config_xml_internal.h"

struct parse
{
    struct rm_config_error *error;
    enum rm_status status; /* of the first thing that was wrong */
};

static unsigned line_of(const xmlParserCtxt *context)
{
    return context->input != NULL && context->input->line > 0 ? (unsigned)context->input->line : 0;
}

static void refuse_encoding(struct parse *parse, unsigned line)
{
    parse->status = rm_config_refuse(parse->error, RM_E_INVALID, line,
                                     "This encoding is not supported: save the file as UTF-8, "
                                     "UTF-16 or ISO-8859-1 and name that in its first line.");
}

/* Keeps the first error; what the parser says after it is mostly its consequence. */
static void on_error(void *data, xmlErrorPtr fault)
{
    xmlParserCtxtPtr context = data;
    struct parse *parse = context->_private;
    unsigned line = fault->line > 0 ? (unsigned)fault->line : 0;
    if (parse->status != RM_OK || fault->level < XML_ERR_ERROR)
    {
        return;
    }
    switch (fault->code)
    {
    case XML_ERR_NO_MEMORY: parse->status = rm_config_no_memory(parse->error); return;
    case XML_ERR_UNSUPPORTED_ENCODING:
    case XML_ERR_UNKNOWN_ENCODING: refuse_encoding(parse, line); return;
    default: break;
    }
    int length = fault->message != NULL ? (int)strcspn(fault->message, "\n") : 0;
    parse->status = rm_config_refuse(parse->error, RM_E_INVALID, line,
                                     "This is no well-formed XML (%.*s): correct it there, or go "
                                     "back to the last good file, which ends in .bak.",
                                     length, fault->message != NULL ? fault->message : "");
}

/* Entities can make a small file huge or read other files; we have no use for them. */
static void on_doctype(void *data, const xmlChar *name, const xmlChar *external_id,
                       const xmlChar *system_id)
{
    xmlParserCtxtPtr context = data;
    struct parse *parse = context->_private;
    (void)name;
    (void)external_id;
    (void)system_id;
    if (parse->status == RM_OK)
    {
        parse->status = rm_config_refuse(parse->error, RM_E_INVALID, line_of(context),
                                         "A document type definition (<!DOCTYPE) is not allowed: "
                                         "take it out.");
    }
    xmlStopParser(context);
}

static void on_start(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int namespace_count, const xmlChar **namespaces, int attribute_count,
                     int defaulted_count, const xmlChar **attributes)
{
    xmlParserCtxtPtr context = data;
    struct parse *parse = context->_private;
    if (context->nodeNr >= XML_DEPTH_MAX)
    {
        if (parse->status == RM_OK)
        {
            parse->status = rm_config_refuse(parse->error, RM_E_TOO_LARGE, line_of(context),
                                             "Elements are nested deeper than %d: take the deepest "
                                             "ones out.",
                                             XML_DEPTH_MAX);
        }
        xmlStopParser(context);
        return;
    }
    xmlSAX2StartElementNs(data, name, prefix, uri, namespace_count, namespaces, attribute_count,
                          defaulted_count, attributes);
}

/* Another libxml2 may know more encodings than the one we ship: what is accepted shall not depend
 * on it. The names are those that the parser gives the document. */
static bool is_encoding_ours(const xmlChar *encoding)
{
    static const char *const names[] = {"UTF-8",    "UTF-16",     "UTF-16LE",
                                        "UTF-16BE", "ISO-8859-1", "US-ASCII"};
    if (encoding == NULL)
    {
        return true;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    {
        if (xmlStrcasecmp(encoding, BAD_CAST names[i]) == 0)
        {
            return true;
        }
    }
    return false;
}

/* Serializing follows the encoding of the tree: what we keep is UTF-8. */
static bool set_encoding_utf8(xmlDocPtr tree)
{
    xmlChar *name = xmlStrdup(BAD_CAST "UTF-8");
    if (name == NULL)
    {
        return false;
    }
    if (tree->encoding != NULL)
    {
        xmlFree((void *)(uintptr_t)tree->encoding);
    }
    tree->encoding = name;
    return true;
}

static enum rm_status parse_text(xmlParserCtxtPtr context, xmlDocPtr *tree_out, const char *text,
                                 int size, struct rm_config_error *error)
{
    struct parse parse = {error, RM_OK};
    context->_private = &parse;
    context->sax->serror = on_error;
    context->sax->internalSubset = on_doctype;
    context->sax->startElementNs = on_start;
    xmlDocPtr tree = xmlCtxtReadMemory(context, text, size, NULL, NULL,
                                       XML_PARSE_NONET | XML_PARSE_BIG_LINES | XML_PARSE_NOERROR |
                                           XML_PARSE_NOWARNING);
    if (parse.status == RM_OK && tree != NULL && !is_encoding_ours(tree->encoding))
    {
        refuse_encoding(&parse, 1);
    }
    if (parse.status == RM_OK && (tree == NULL || !set_encoding_utf8(tree)))
    {
        parse.status = rm_config_no_memory(error);
    }
    if (parse.status != RM_OK)
    {
        xmlFreeDoc(tree);
        tree = NULL;
    }
    *tree_out = tree;
    return parse.status;
}

enum rm_status rm_xml_tree(xmlDocPtr *tree_out, const char *text, size_t size_bytes,
                           struct rm_config_error *error)
{
    *tree_out = NULL;
    if (size_bytes == 0)
    {
        return rm_config_refuse(error, RM_E_INVALID, 0,
                                "The file is empty: begin with redundancymaster.xml.sample, or go "
                                "back to the last good file, which ends in .bak.");
    }
    if (size_bytes > RM_CONFIG_FILE_SIZE_MAX)
    {
        return rm_config_refuse(error, RM_E_TOO_LARGE, 0,
                                "The file is larger than %u MB: this can't be a configuration.",
                                RM_CONFIG_FILE_SIZE_MAX / 1024 / 1024);
    }
    xmlParserCtxtPtr context = xmlNewParserCtxt();
    if (context == NULL)
    {
        return rm_config_no_memory(error);
    }
    enum rm_status status = parse_text(context, tree_out, text, (int)size_bytes, error);
    xmlFreeParserCtxt(context);
    return status;
}
