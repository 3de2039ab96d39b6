#include <stdlib.h>

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

enum rm_status rm_config_load(struct rm_config *config, const char *path,
                              struct rm_config_error *error)
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
    struct rm_config_error fault = {.status = RM_OK};
    status = rm_xml_parse(config, text, size, &fault);
    free(text);
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
