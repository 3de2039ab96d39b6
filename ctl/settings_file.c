/* The settings file and the lock around its changes. */
#include <windows.h>
#include <stdio.h>
#include <string.h>

#include <rm/config_xml.h>

#include <hooks/change_lock.h>

#include "ctl.h"

#define LOCK_WAIT_MS 10000

static HANDLE lock;

enum ctl_exit ctl_refused(struct ctl *ctl, const struct rm_config_error *error)
{
    return ctl_fail(ctl, "%s", error->message);
}

static bool has_good_version(const struct ctl *ctl)
{
    struct rm_config good;
    bool is_there = rm_config_load_good(&good, ctl->config_path, NULL) == RM_OK;
    rm_config_clear(&good);
    return is_there;
}

/* An empty configuration, unless the file was there once: then it is not to be lost by a change. */
static enum ctl_exit begin_without_file(struct ctl *ctl)
{
    if (!has_good_version(ctl))
    {
        return CTL_FINE;
    }
    if (ctl->command->is_change)
    {
        return ctl_fail(ctl,
                        "%s is not there any more, but its last good version is. Nothing was"
                        " changed. Copy '%s" RM_CONFIG_GOOD_ENDING
                        "' to that name, or delete it too, to begin anew.",
                        ctl->config_path, ctl->config_path);
    }
    ctl_note(ctl,
             "Note: %s is not there any more. Its last good version is '%s" RM_CONFIG_GOOD_ENDING
             "'.",
             ctl->config_path, ctl->config_path);
    return CTL_FINE;
}

enum ctl_exit ctl_load(struct ctl *ctl, struct rm_config *config)
{
    struct rm_config_error error = {RM_OK, 0, ""};
    rm_config_init(config);
    enum rm_status status = rm_config_load(config, ctl->config_path, &error);
    for (size_t i = 0; i < config->notice_count; i++)
    {
        ctl_note(ctl, "Note: %s", config->notices[i]);
    }
    if (status == RM_OK)
    {
        return CTL_FINE;
    }
    rm_config_clear(config);
    rm_config_init(config);
    if (status == RM_E_NOT_FOUND)
    {
        return begin_without_file(ctl);
    }
    if (has_good_version(ctl))
    {
        return ctl_fail(ctl,
                        "%s Nothing was changed. Correct the file, or copy its last good version"
                        " over it: '%s" RM_CONFIG_GOOD_ENDING "'.",
                        error.message, ctl->config_path);
    }
    return ctl_fail(ctl, "%s Nothing was changed. Correct the file.", error.message);
}

enum ctl_exit ctl_save(struct ctl *ctl, const struct rm_config *config)
{
    struct rm_config_error error = {RM_OK, 0, ""}, kept = {RM_OK, 0, ""};
    struct rm_config saved;
    if (rm_config_save(config, ctl->config_path, &error) != RM_OK ||
        rm_config_load_and_keep(&saved, ctl->config_path, &error, &kept) != RM_OK)
    {
        return ctl_refused(ctl, &error);
    }
    rm_config_clear(&saved);
    if (kept.status != RM_OK)
    {
        ctl_note(ctl, "Note: %s", kept.message);
    }
    return CTL_FINE;
}

struct rm_server_config *ctl_find(struct ctl *ctl, const struct rm_config *config,
                                  const char *progid)
{
    struct rm_server_config *server = rm_config_find(config, progid);
    if (server == NULL && config->server_count == 0)
    {
        ctl_fail(ctl,
                 "There is no redundant server in '%s'. Add one: rmctl add %s --machine HOST1"
                 " --machine HOST2",
                 ctl->config_path, progid);
    }
    else if (server == NULL)
    {
        ctl_fail(ctl,
                 "There is no redundant server '%s' in '%s'. 'rmctl list' shows those that"
                 " are there.",
                 progid, ctl->config_path);
    }
    return server;
}

enum ctl_exit ctl_add_machine(struct ctl *ctl, struct rm_server_config *server, const char *text)
{
    char host[RM_HOST_MAX * 4 + 1];
    const char *slash = strchr(text, '/');
    size_t length = slash != NULL ? (size_t)(slash - text) : strlen(text);
    const char *name = slash != NULL ? slash + 1 : "";
    if (length == 0 || length >= sizeof host || (slash != NULL && *name == '\0'))
    {
        return ctl_misuse(ctl, "'%s' is no machine. Give HOST, HOST/PROGID or HOST/{CLSID}.", text);
    }
    memcpy(host, text, length);
    host[length] = '\0';
    bool is_class = *name == '{';
    struct rm_config_error error = {RM_OK, 0, ""};
    return rm_server_add_machine(server, host, is_class ? "" : name, is_class ? name : "",
                                 &error) == RM_OK
               ? CTL_FINE
               : ctl_refused(ctl, &error);
}

static void tell(void *context, const char *text)
{
    ctl_note(context, "%s", text);
}

struct rm_hooks ctl_hooks(struct ctl *ctl)
{
    return (struct rm_hooks){ctl->directory, tell, ctl};
}

enum ctl_exit ctl_lock(struct ctl *ctl)
{
    DWORD error = rm_change_lock(LOCK_WAIT_MS, &lock);
    if (error == WAIT_TIMEOUT)
    {
        return ctl_fail(ctl, "Another program is changing the settings. Try again when it has"
                             " finished; nothing was changed.");
    }
    if (error != ERROR_SUCCESS)
    {
        return ctl_fail(ctl,
                        "The lock on the settings could not be opened (Windows error %lu)."
                        " Nothing was changed.",
                        error);
    }
    return CTL_FINE;
}

void ctl_unlock(void)
{
    rm_change_unlock(lock);
    lock = NULL;
}
