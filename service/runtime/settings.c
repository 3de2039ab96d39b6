#include "runtime/settings.h"

#include <string.h>

#include <hooks/wide.h>
#include <rm/config_xml.h>

#define PATH_SIZE 1024

static bool is_changed(struct rm_settings *settings)
{
    WIN32_FILE_ATTRIBUTE_DATA now;
    wchar_t path[PATH_SIZE];
    bool is_other;

    memset(&now, 0, sizeof now);
    if (!rm_wide_from_utf8(settings->path, path, PATH_SIZE) ||
        !GetFileAttributesExW(path, GetFileExInfoStandard, &now))
        memset(&now, 0, sizeof now);
    is_other = CompareFileTime(&now.ftLastWriteTime, &settings->seen.ftLastWriteTime) != 0 ||
               now.nFileSizeLow != settings->seen.nFileSizeLow;
    settings->seen = now;
    return is_other;
}

bool rm_settings_look(struct rm_settings *settings)
{
    struct rm_config config;
    struct rm_config_error error = {.status = RM_OK};
    enum rm_status status;

    if (!is_changed(settings))
        return false;
    status = rm_config_load(&config, settings->path, &error);
    if (status != RM_OK && status != RM_E_NOT_FOUND)
    {
        settings->note(settings->note_context, RM_SEVERITY_ERROR, error.message);
        rm_config_clear(&config);
        return false;
    }
    for (size_t i = 0; i < config.notice_count; i++)
        settings->note(settings->note_context, RM_SEVERITY_WARNING, config.notices[i]);
    rm_config_clear(&settings->config);
    settings->config = config;
    return true;
}

void rm_settings_clear(struct rm_settings *settings)
{
    rm_config_clear(&settings->config);
}
