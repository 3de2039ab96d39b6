/* settings.c: what of a redundant server's configuration the state machine needs. */
#include "internal.h"

#include <assert.h>
#include <string.h>

/* "localhost" and its addresses. A computer's own name isn't known here: it counts as another one,
 * and then all that comes of it is a text that names the network. */
static bool is_this_computer(const char *host)
{
    static const char *const names[] = {"localhost", "LOCALHOST", "Localhost", "::1", "."};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    {
        if (strcmp(host, names[i]) == 0)
        {
            return true;
        }
    }
    return strncmp(host, "127.", strlen("127.")) == 0;
}

static bool are_all_remote(const struct rm_server_config *server)
{
    for (size_t i = 0; i < server->machine_count; i++)
    {
        assert(server->machines[i].host != NULL);
        if (server->machines[i].rank != 0 && is_this_computer(server->machines[i].host))
        {
            return false;
        }
    }
    return true;
}

void rm_failover_settings_from(struct rm_failover_settings *settings,
                               const struct rm_server_config *server)
{
    *settings = (struct rm_failover_settings){
        .machine_count = (unsigned)server->machine_count,
        .mode = server->mode,
        .return_policy = server->return_policy,
        .ping_interval_ms = server->ping_interval_ms,
        .ping_timeout_ms = server->ping_timeout_ms,
        .fall = server->fall,
        .rise = server->rise,
        .return_delay_ms = server->return_delay_ms,
        .busy_grace_ms = server->busy_grace_ms,
        .connect_timeout_ms = server->connect_timeout_ms,
        .reconnect_interval_ms = server->reconnect_interval_ms,
        .start_policy = server->start_policy,
        .preferred = server->preferred_machine,
        .ready_percent = server->ready_percent,
        .flap_limit = server->flap_limit,
        .flap_window_ms = server->flap_window_ms,
        .acknowledge = server->acknowledge,
        .is_linked = true,
        .is_all_remote = are_all_remote(server),
    };
}
