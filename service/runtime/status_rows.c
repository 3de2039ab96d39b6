#include "runtime/status_rows.h"

#include <string.h>

#include <rm/text.h>

struct answer
{
    const struct rm_status_rows *rows;
    struct rm_pipe_peer *peer;
    uint32_t sequence;
    const char *wanted; /* "": all */
};

static unsigned count_sessions(const struct answer *answer, const char *server)
{
    const struct rm_registered *entry;
    unsigned count = 0;

    for (entry = answer->rows->sessions->first; entry; entry = entry->next)
        count += _stricmp(entry->session.server, server) == 0;
    return count;
}

static void send_machine(void *context, const struct rm_wire_machine_row *row)
{
    const struct answer *answer = context;
    struct rm_wire_message message = {.type = RM_WIRE_MACHINE_ROW, .sequence = answer->sequence};

    message.body.machine_row = *row;
    rm_pipe_peer_send(answer->peer, &message);
}

/* `config` NULL: it is not in the settings. */
static void send_server(struct answer *answer, const char *server,
                        const struct rm_server_config *config)
{
    const struct rm_switch *last = rm_switches_find(answer->rows->switches, server);
    struct rm_wire_message message = {.type = RM_WIRE_SERVER_ROW, .sequence = answer->sequence};
    struct rm_wire_server_row *row = &message.body.server_row;

    if (*answer->wanted && _stricmp(answer->wanted, server) != 0)
        return;
    if (last)
        *row = last->row;
    rm_text_fit(row->server, sizeof row->server, server);
    row->is_configured = config != NULL;
    row->is_watch_always = config && config->monitor.watch_always;
    row->monitor_items = config ? (uint32_t)config->monitor.item_count : 0;
    row->sessions = count_sessions(answer, server);
    rm_pipe_peer_send(answer->peer, &message);
    rm_monitoring_describe(answer->rows->monitoring, server, send_machine, answer);
}

static bool is_first_session(const struct answer *answer, const struct rm_registered *entry)
{
    const struct rm_registered *other = answer->rows->sessions->first;

    while (_stricmp(other->session.server, entry->session.server) != 0)
        other = other->next;
    return other == entry;
}

void rm_status_rows_send(const struct rm_status_rows *rows, struct rm_pipe_peer *peer,
                         const struct rm_wire_message *request)
{
    const struct rm_config *config = rm_monitoring_config(rows->monitoring);
    struct answer answer = {rows, peer, request->sequence, request->body.list.server};

    for (size_t i = 0; i < config->server_count; i++)
        send_server(&answer, config->servers[i]->progid, config->servers[i]);
    for (const struct rm_registered *entry = rows->sessions->first; entry; entry = entry->next)
    {
        if (!rm_config_find(config, entry->session.server) && is_first_session(&answer, entry))
            send_server(&answer, entry->session.server, NULL);
    }
    for (const struct rm_switch *last = rows->switches->first; last; last = last->next)
    {
        if (!rm_config_find(config, last->row.server) && !count_sessions(&answer, last->row.server))
            send_server(&answer, last->row.server, NULL);
    }
    rm_pipe_peer_send_done(peer, request->sequence);
}
