/* What follows a change of the settings. */
#include <string.h>

#include "ctl.h"

enum ctl_exit ctl_apply(struct ctl *ctl, const struct rm_server_config *server, bool *was_enabled)
{
    struct rm_hooks hooks = ctl_hooks(ctl);
    struct rm_config_error error = {RM_OK, 0, ""};
    if (rm_hooks_update(&hooks, server, was_enabled, &error) != RM_OK)
    {
        return ctl_fail(ctl,
                        "The file is changed, but clients still work with the settings from"
                        " before: run 'rmctl enable %s'. %s",
                        server->progid, error.message);
    }
    if (*was_enabled)
    {
        ctl_note(ctl, "'%s' is enabled: running clients have these settings within a second.",
                 server->progid);
    }
    return CTL_FINE;
}

void ctl_warn_same_host(struct ctl *ctl, const struct rm_server_config *server)
{
    for (unsigned second = 2; second <= server->machine_count; second++)
    {
        for (unsigned first = 1; first < second; first++)
        {
            const char *host = server->machines[first - 1].host;
            if (_stricmp(host, server->machines[second - 1].host) == 0)
            {
                ctl_note(ctl,
                         "Note: machines %u and %u are both '%s'; if that computer fails, both"
                         " are lost.",
                         first, second, host);
                return;
            }
        }
    }
}
