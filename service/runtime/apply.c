#include "runtime/apply.h"

#include <stdio.h>

#include <hooks/change_lock.h>
#include <hooks/hooks.h>

#define NOTE_SIZE 1024

static void tell(void *context, const char *text)
{
    const struct rm_settings *settings = context;

    settings->note(settings->note_context, RM_SEVERITY_INFORMATIONAL, text);
}

/* Locked. */
static bool apply(struct rm_settings *settings, const struct rm_server_config *server)
{
    const struct rm_hooks hooks = {.dll_directory = "", .tell = tell, .context = settings};
    struct rm_config_error error = {.status = RM_OK};
    char text[NOTE_SIZE];
    bool is_enabled;

    if (rm_hooks_update(&hooks, server, &is_enabled, &error) == RM_OK)
    {
        snprintf(text, sizeof text, "The clients of '%s' have the settings of %s now.",
                 server->progid, settings->path);
        tell(settings, text);
        return true;
    }
    if (!settings->is_apply_told)
        settings->note(settings->note_context, RM_SEVERITY_WARNING, error.message);
    settings->is_apply_told = true;
    return false;
}

bool rm_apply_settings(struct rm_settings *settings)
{
    const struct rm_config *config = &settings->config;
    bool is_done = true;
    HANDLE lock;

    if (rm_change_lock(0, &lock) != ERROR_SUCCESS)
        return false;
    /* What rmctl has stored in between is newer than what we have read. */
    if (rm_settings_is_current(settings))
    {
        for (size_t i = 0; i < config->server_count; i++)
        {
            if (rm_hooks_is_outdated(config->servers[i]))
                is_done = apply(settings, config->servers[i]) && is_done;
        }
        if (is_done)
            settings->is_apply_told = false;
    }
    rm_change_unlock(lock);
    return is_done;
}
