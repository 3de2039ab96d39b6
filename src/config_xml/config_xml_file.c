#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../config/config_internal.h"
#include "../port/port.h"
#include "config_xml_internal.h"

static enum rm_status refuse_file(struct rm_config_error *error, enum rm_status status,
                                  const char *path, const struct rm_port_reason *reason)
{
    switch (status)
    {
    case RM_E_NO_MEMORY: return rm_config_no_memory(error);
    case RM_E_NOT_FOUND:
        return rm_config_refuse(error, status, 0,
                                "%.300s is not there (%s): add a redundant server first, or give "
                                "the right path.",
                                path, reason->text);
    case RM_E_TOO_LARGE:
        return rm_config_refuse(error, status, 0,
                                "%.300s is larger than %u MB: this can't be a configuration.", path,
                                RM_CONFIG_FILE_SIZE_MAX / 1024 / 1024);
    default:
        return rm_config_refuse(error, RM_E_IO, 0,
                                "%.300s can't be read (%s): check the path and your rights.", path,
                                reason->text);
    }
}

/* NULL: no memory. */
static char *good_path(const char *path)
{
    size_t size = strlen(path) + sizeof RM_CONFIG_GOOD_ENDING;
    char *good = malloc(size);
    if (good != NULL)
    {
        snprintf(good, size, "%s%s", path, RM_CONFIG_GOOD_ENDING);
    }
    return good;
}

static bool has_bytes(const char *path, const char *bytes, size_t size)
{
    char *found = NULL;
    size_t found_size = 0;
    struct rm_port_reason unused;
    bool is_same =
        rm_port_file_read(path, RM_CONFIG_FILE_SIZE_MAX, &found, &found_size, &unused) == RM_OK &&
        found_size == size && memcmp(found, bytes, size) == 0;
    free(found);
    return is_same;
}

static enum rm_status keep_good(const char *path, const char *text, size_t size,
                                struct rm_config_error *error)
{
    struct rm_port_reason reason = {""};
    char *good = good_path(path);
    enum rm_status status = RM_E_NO_MEMORY;
    if (good != NULL)
    {
        status =
            has_bytes(good, text, size) ? RM_OK : rm_port_file_rewrite(good, text, size, &reason);
    }
    if (status == RM_E_NO_MEMORY)
    {
        rm_config_no_memory(error);
    }
    else if (status != RM_OK)
    {
        status = rm_config_refuse(error, RM_E_IO, 0,
                                  "The last good version of the settings can't be kept as %.300s "
                                  "(%s): check the right to write to that folder.",
                                  good, reason.text);
    }
    free(good);
    return status;
}

static enum rm_status parse_file(struct rm_config *config, const char *path, const char *text,
                                 size_t size, struct rm_config_error *error)
{
    struct rm_config_error fault = {.status = RM_OK};
    enum rm_status status = rm_xml_parse(config, text, size, &fault);
    if (status != RM_OK && fault.line > 0)
    {
        rm_config_refuse(error, status, fault.line, "%.200s, line %u: %s", path, fault.line,
                         fault.message);
    }
    else if (status != RM_OK)
    {
        rm_config_refuse(error, status, 0, "%.200s: %s", path, fault.message);
    }
    return status;
}

/* kept NULL: it is only read. */
static enum rm_status load(struct rm_config *config, const char *path,
                           struct rm_config_error *error, struct rm_config_error *kept)
{
    char *text = NULL;
    size_t size = 0;
    struct rm_port_reason reason = {""};
    rm_config_init(config);
    enum rm_status status = rm_port_file_read(path, RM_CONFIG_FILE_SIZE_MAX, &text, &size, &reason);
    if (status != RM_OK)
    {
        return refuse_file(error, status, path, &reason);
    }
    status = parse_file(config, path, text, size, error);
    if (status == RM_OK && kept != NULL)
    {
        kept->status = RM_OK;
        keep_good(path, text, size, kept);
    }
    free(text);
    return status;
}

enum rm_status rm_config_load(struct rm_config *config, const char *path,
                              struct rm_config_error *error)
{
    return load(config, path, error, NULL);
}

enum rm_status rm_config_load_and_keep(struct rm_config *config, const char *path,
                                       struct rm_config_error *error, struct rm_config_error *kept)
{
    return load(config, path, error, kept);
}

enum rm_status rm_config_load_good(struct rm_config *config, const char *path,
                                   struct rm_config_error *error)
{
    char *good = good_path(path);
    if (good == NULL)
    {
        rm_config_init(config);
        return rm_config_no_memory(error);
    }
    enum rm_status status = load(config, good, error, NULL);
    free(good);
    return status;
}

unsigned rm_config_examine(struct rm_config *config, const char *path,
                           void (*tell)(void *context, const struct rm_config_error *fault),
                           void *context)
{
    struct rm_xml_listener listener = {tell, context, 0};
    struct rm_config_error error = {.status = RM_OK};
    struct rm_port_reason reason = {""};
    char *text = NULL;
    size_t size = 0;
    rm_config_init(config);
    enum rm_status status = rm_port_file_read(path, RM_CONFIG_FILE_SIZE_MAX, &text, &size, &reason);
    if (status != RM_OK)
    {
        refuse_file(&error, status, path, &reason);
    }
    else
    {
        status = rm_xml_parse_on(config, text, size, &listener, &error);
    }
    free(text);
    if (status != RM_OK)
    {
        tell(context, &error);
        listener.count++;
    }
    if (listener.count > 0)
    {
        rm_config_clear(config);
    }
    return listener.count;
}

enum rm_status rm_config_save(const struct rm_config *config, const char *path,
                              struct rm_config_error *error)
{
    char *text = NULL;
    size_t size = 0;
    struct rm_port_reason reason = {""};
    enum rm_status status = rm_config_format(config, &text, &size, error);
    if (status != RM_OK)
    {
        return status;
    }
    status = rm_port_file_replace(path, text, size, &reason);
    free(text);
    if (status == RM_E_NO_MEMORY)
    {
        return rm_config_no_memory(error);
    }
    if (status != RM_OK)
    {
        return rm_config_refuse(error, RM_E_IO, 0,
                                "%.300s can't be written (%s): nothing was changed. Check that "
                                "the folder is there, that you have the right to write to it and "
                                "that no other program has the file open.",
                                path, reason.text);
    }
    return RM_OK;
}
