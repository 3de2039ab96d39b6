/* config_xml_walk.h: going through the children of an element, keeping what we don't know.
 *
 * Comments, processing instructions and unknown elements are collected until an element of ours
 * takes them as the lines in front of it, or the end takes them.
 *
 * Units: indents in blanks.  Threads: under the lock of port.h.
 * Ownership: texts are freed with free(); NULL is "nothing there".
 * Errors: as in rm/config_xml.h, the path is not in the message yet.
 * Source: F-13.
 */
#ifndef RM_CONFIG_XML_WALK_H
#define RM_CONFIG_XML_WALK_H

#include "config_xml_internal.h"

struct rm_xml_walk
{
    xmlNodePtr parent;
    xmlNodePtr child; /* the one that is looked at */
    unsigned indent;  /* of the children */
    xmlBufferPtr pending;
    struct rm_config_error *error;
};

unsigned rm_xml_line(xmlNodePtr node);
/* What the model refuses is wrong in the element that brought it: puts its line into the error. */
enum rm_status rm_xml_at_line(enum rm_status status, xmlNodePtr node,
                              struct rm_config_error *error);

bool rm_xml_is_ours(xmlNodePtr node, const char *name);

/* For the reading that begins; NULL: the first fault ends it. */
void rm_xml_listen(struct rm_xml_listener *listener);
/* RM_OK if the fault was told to a listener. Out of memory is no fault of the file's. */
enum rm_status rm_xml_pass(enum rm_status status, const struct rm_config_error *error);
/* How many were told. */
unsigned rm_xml_faults(void);

/* false: no memory. Each walk is to be ended, also where it could not begin. */
bool rm_xml_walk_begin(struct rm_xml_walk *walk, xmlNodePtr parent, unsigned indent,
                       struct rm_config_error *error);
void rm_xml_walk_end(struct rm_xml_walk *walk);

/* Goes to the next element; NULL at the end. */
enum rm_status rm_xml_next(struct rm_xml_walk *walk, xmlNodePtr *node_out);
enum rm_status rm_xml_keep(struct rm_xml_walk *walk, xmlNodePtr node);
enum rm_status rm_xml_take_kept(struct rm_xml_walk *walk, char **text);

/* Reads each child element by `read`, which keeps what it doesn't know; what is kept behind the
 * last one of ours goes to *inside. */
enum rm_status rm_xml_read_children(xmlNodePtr parent, unsigned indent,
                                    enum rm_status (*read)(void *context, struct rm_xml_walk *walk,
                                                           xmlNodePtr child),
                                    void *context, char **inside, struct rm_config_error *error);

/* All attributes and namespaces except the known ones (a list ended by NULL). */
enum rm_status rm_xml_keep_attributes(xmlNodePtr node, const char *const *known, char **text,
                                      struct rm_config_error *error);
/* One attribute's value. */
enum rm_status rm_xml_attribute(xmlNodePtr node, const char *name, char **text,
                                struct rm_config_error *error);

/* All that is inside goes to *text; no element of ours may be there. */
enum rm_status rm_xml_keep_inside(xmlNodePtr parent, unsigned indent, char **text,
                                  struct rm_config_error *error);

/* <server>, <machines> and <monitorItems>. walk is the one that found the element. */
enum rm_status rm_xml_read_server(struct rm_config *config, struct rm_xml_walk *walk,
                                  xmlNodePtr node);
enum rm_status rm_xml_read_machines(struct rm_server_config *server, xmlNodePtr node,
                                    struct rm_config_error *error);
enum rm_status rm_xml_read_monitor(struct rm_server_config *server, xmlNodePtr node,
                                   struct rm_config_error *error);

/* Once the redundant server is read: what is put right becomes a notice. */
void rm_xml_put_right(struct rm_config *config, struct rm_server_config *server);

#endif
