#include <stdlib.h>
#include <string.h>

#include "config_internal.h"

void rm_unknown_xml_clear(struct rm_unknown_xml *unknown)
{
    free(unknown->before);
    free(unknown->attributes);
    free(unknown->inside);
    memset(unknown, 0, sizeof *unknown);
}

static bool copy_optional(char **target, const char *source)
{
    *target = source != NULL ? rm_text_copy(source) : NULL;
    return source == NULL || *target != NULL;
}

bool rm_unknown_xml_copy(struct rm_unknown_xml *target, const struct rm_unknown_xml *source)
{
    memset(target, 0, sizeof *target);
    return copy_optional(&target->before, source->before) &&
           copy_optional(&target->attributes, source->attributes) &&
           copy_optional(&target->inside, source->inside);
}

void rm_config_init(struct rm_config *config)
{
    memset(config, 0, sizeof *config);
}

void rm_config_clear(struct rm_config *config)
{
    for (size_t i = 0; i < config->server_count; i++)
    {
        rm_server_config_free(config->servers[i]);
    }
    for (size_t i = 0; i < config->notice_count; i++)
    {
        free(config->notices[i]);
    }
    free(config->servers);
    free(config->unknown_after);
    rm_unknown_xml_clear(&config->unknown);
    rm_config_init(config);
}

static bool find_index(const struct rm_config *config, const char *progid, size_t *index)
{
    for (size_t i = 0; i < config->server_count; i++)
    {
        if (rm_text_same(config->servers[i]->progid, progid))
        {
            *index = i;
            return true;
        }
    }
    return false;
}

enum rm_status rm_config_add(struct rm_config *config, const char *progid,
                             struct rm_server_config **server_out, struct rm_config_error *error)
{
    size_t index;
    *server_out = NULL;
    const char *fault = rm_progid_fault(progid);
    if (fault != NULL)
    {
        return rm_config_refuse(error, RM_E_INVALID, 0,
                                "The ProgID '%.100s' of the redundant server %s.", progid, fault);
    }
    if (find_index(config, progid, &index))
    {
        return rm_config_refuse(error, RM_E_EXISTS, 0,
                                "There is a redundant server '%s' already: change that one, or "
                                "give this one an alias as its ProgID.",
                                config->servers[index]->progid);
    }
    if (config->server_count >= RM_SERVERS_MAX)
    {
        return rm_config_refuse(error, RM_E_TOO_LARGE, 0,
                                "There are %u redundant servers already, more are not possible: "
                                "remove one that is no longer used.",
                                RM_SERVERS_MAX);
    }
    struct rm_server_config **grown =
        realloc(config->servers, (config->server_count + 1) * sizeof *grown);
    if (grown == NULL)
    {
        return rm_config_no_memory(error);
    }
    config->servers = grown;
    struct rm_server_config *server = rm_server_config_new(progid);
    if (server == NULL)
    {
        return rm_config_no_memory(error);
    }
    config->servers[config->server_count++] = server;
    *server_out = server;
    return RM_OK;
}

struct rm_server_config *rm_config_find(const struct rm_config *config, const char *progid)
{
    size_t index;
    return find_index(config, progid, &index) ? config->servers[index] : NULL;
}

enum rm_status rm_config_remove(struct rm_config *config, const char *progid)
{
    size_t index;
    if (!find_index(config, progid, &index))
    {
        return RM_E_NOT_FOUND;
    }
    rm_server_config_free(config->servers[index]);
    config->server_count--;
    memmove(&config->servers[index], &config->servers[index + 1],
            (config->server_count - index) * sizeof *config->servers);
    return RM_OK;
}
