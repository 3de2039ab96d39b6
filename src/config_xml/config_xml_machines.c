#include <stdlib.h>

#include "../config/config_internal.h"
#include "config_xml_walk.h"

static const char *const machine_attributes[] = {"host", "progid", "clsid", "service", NULL};
static const char *const no_attributes[] = {NULL};

static enum rm_status add_machine(struct rm_server_config *server, xmlNodePtr node,
                                  struct rm_config_error *error)
{
    char *host = NULL;
    char *progid = NULL;
    char *clsid = NULL;
    char *service = NULL;
    enum rm_status status = rm_xml_attribute(node, "host", &host, error);
    if (status == RM_OK)
    {
        status = rm_xml_attribute(node, "progid", &progid, error);
    }
    if (status == RM_OK)
    {
        status = rm_xml_attribute(node, "clsid", &clsid, error);
    }
    if (status == RM_OK)
    {
        status = rm_xml_attribute(node, "service", &service, error);
    }
    if (status == RM_OK && host == NULL)
    {
        status = rm_config_refuse(error, RM_E_INVALID, 0,
                                  "<machine> has no attribute host: write "
                                  "<machine host=\"name or address\"/>.");
    }
    if (status == RM_OK)
    {
        status = rm_server_add_machine(server, host, progid, clsid, error);
    }
    if (status == RM_OK && service != NULL)
    {
        status = rm_server_set_service(server, (unsigned)server->machine_count, service, error);
    }
    free(host);
    free(progid);
    free(clsid);
    free(service);
    return rm_xml_at_line(status, node, error);
}

static enum rm_status read_machine(struct rm_server_config *server, struct rm_xml_walk *walk,
                                   xmlNodePtr node)
{
    enum rm_status status = add_machine(server, node, walk->error);
    if (status != RM_OK)
    {
        return status;
    }
    struct rm_unknown_xml *unknown = &server->machines[server->machine_count - 1].unknown;
    status = rm_xml_take_kept(walk, &unknown->before);
    if (status == RM_OK)
    {
        status =
            rm_xml_keep_attributes(node, machine_attributes, &unknown->attributes, walk->error);
    }
    if (status == RM_OK)
    {
        status = rm_xml_keep_inside(node, INDENT_DEEPEST, &unknown->inside, walk->error);
    }
    return status;
}

static enum rm_status read_machine_element(void *context, struct rm_xml_walk *walk, xmlNodePtr node)
{
    return rm_xml_is_ours(node, "machine") ? read_machine(context, walk, node)
                                           : rm_xml_keep(walk, node);
}

enum rm_status rm_xml_read_machines(struct rm_server_config *server, xmlNodePtr node,
                                    struct rm_config_error *error)
{
    struct rm_unknown_xml *unknown = &server->machines_unknown;
    enum rm_status status =
        rm_xml_keep_attributes(node, no_attributes, &unknown->attributes, error);
    return status == RM_OK ? rm_xml_read_children(node, INDENT_MACHINE, read_machine_element,
                                                  server, &unknown->inside, error)
                           : status;
}
