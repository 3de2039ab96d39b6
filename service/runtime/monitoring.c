#include "runtime/monitoring.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rm/failover.h>
#include <rm/status_section_map.h>
#include <rm/text.h>

#include <start/occasions.h>
#include <watch/watch.h>

#include "runtime/apply.h"
#include "runtime/settings.h"

struct known
{
    struct known *next;
    unsigned active;     /* machine; 0 = none has been heard of */
    uint32_t seen, lost; /* by the service itself: bit n - 1 for machine n */
    bool is_wanted;
    char server[RM_PROGID_MAX + 1];
};

struct rm_monitoring
{
    struct rm_monitoring_terms terms;
    struct rm_settings settings;
    bool is_apply_due; /* clients may have other settings */
    struct rm_watch *watch;
    struct rm_starter *starter;
    struct known *first;
};

/* ---- who is active ------------------------------------------------------------------------- */

static unsigned last_promoted(struct rm_monitoring *monitoring, const char *server)
{
    struct rm_server_log *log;
    struct rm_event_record record;
    struct rm_event_log_facts facts;

    if (rm_event_logs_find(monitoring->terms.logs, server, &log) != RM_OK)
        return 0;
    facts = rm_event_log_facts(log->log);
    for (uint64_t place = facts.end; place > facts.first; place--)
    {
        if (rm_event_log_get(log->log, place - 1, &record) && record.id == RM_EVENT_PROMOTED)
            return record.machine;
    }
    return 0;
}

static struct known *find_known(const struct rm_monitoring *monitoring, const char *server)
{
    struct known *known = monitoring->first;

    while (known && _stricmp(known->server, server) != 0)
        known = known->next;
    return known;
}

/* NULL: no memory. */
static struct known *find_or_add_known(struct rm_monitoring *monitoring, const char *server)
{
    struct known *known = find_known(monitoring, server);

    if (known)
        return known;
    known = calloc(1, sizeof *known);
    if (!known)
        return NULL;
    rm_text_fit(known->server, sizeof known->server, server);
    known->active = last_promoted(monitoring, server);
    known->next = monitoring->first;
    monitoring->first = known;
    return known;
}

/* Who may send events may send any ProgID. */
void rm_monitoring_heard(struct rm_monitoring *monitoring, const char *server_name,
                         enum rm_event_id event, unsigned machine)
{
    const struct rm_server_config *server =
        rm_config_find(&monitoring->settings.config, server_name);
    struct known *known = server ? find_or_add_known(monitoring, server->progid) : NULL;

    if (!known)
        return;
    if (event == RM_EVENT_PROMOTED)
        known->active = machine;
    rm_start_on_event(monitoring->starter, server, event, machine);
}

/* ---- what was found ------------------------------------------------------------------------ */

static void send_verdict(void *context, const struct rm_wire_verdict *verdict)
{
    struct rm_wire_message message = {.type = RM_WIRE_VERDICT};

    message.body.verdict = *verdict;
    rm_pipe_peer_send(context, &message);
}

/* Once to each process, whatever number of sessions it has. */
static bool is_first_of_peer(const struct rm_registered_list *sessions,
                             const struct rm_registered *entry)
{
    const struct rm_registered *other = sessions->first;

    while (other != entry && (other->peer != entry->peer ||
                              _stricmp(other->session.server, entry->session.server) != 0))
        other = other->next;
    return other == entry;
}

static void note_lost(struct rm_monitoring *monitoring, const struct rm_wire_verdict *verdict)
{
    struct known *known = find_or_add_known(monitoring, verdict->server);
    uint32_t bit = 1u << (verdict->machine - 1);

    if (!known)
        return;
    if (verdict->is_observable && verdict->verdict != RM_VERDICT_UNKNOWN)
        known->seen |= bit;
    if (verdict->is_observable ? verdict->verdict == RM_VERDICT_BAD : (known->seen & bit) != 0)
        known->lost |= bit;
    else
        known->lost &= ~bit;
}

static void tell_verdict(void *context, const struct rm_wire_verdict *verdict)
{
    struct rm_monitoring *monitoring = context;
    const struct rm_registered_list *sessions = monitoring->terms.sessions;

    note_lost(monitoring, verdict);
    for (const struct rm_registered *entry = sessions->first; entry; entry = entry->next)
    {
        if (_stricmp(entry->session.server, verdict->server) == 0 &&
            is_first_of_peer(sessions, entry))
            send_verdict(entry->peer, verdict);
    }
}

static void store_event(void *context, const struct rm_event *event)
{
    const struct rm_monitoring *monitoring = context;

    rm_event_logs_add_own(monitoring->terms.logs, event, rm_status_now());
}

uint32_t rm_monitoring_lost(const struct rm_monitoring *monitoring, const char *server)
{
    const struct known *known = find_known(monitoring, server);

    return known ? known->lost : 0;
}

static void tell_usable(void *context, const char *server, const char *fault)
{
    struct rm_event event = {.id = fault ? RM_EVENT_SETTINGS_BROKEN : RM_EVENT_SETTINGS_MENDED,
                             .server = server,
                             .host = "",
                             .detail = fault ? fault : ""};

    store_event(context, &event);
}

/* ---- its life ------------------------------------------------------------------------------ */

static bool has_sessions(const struct rm_monitoring *monitoring, const char *server)
{
    const struct rm_registered *entry = monitoring->terms.sessions->first;

    while (entry && _stricmp(entry->session.server, server) != 0)
        entry = entry->next;
    return entry != NULL;
}

static void note_wanted(struct rm_monitoring *monitoring, const struct rm_server_config *server,
                        struct known *known, unsigned active, bool is_wanted)
{
    bool is_new = rm_starter_has_new(monitoring->starter, server->progid);

    if (is_wanted && (is_new || !known->is_wanted))
        rm_start_on_wanted(monitoring->starter, server, active);
    if (!is_wanted && known->is_wanted)
        rm_starter_drop(monitoring->starter, server->progid);
    known->is_wanted = is_wanted;
}

static void say_what_is_wanted(struct rm_monitoring *monitoring)
{
    const struct rm_config *config = &monitoring->settings.config;

    for (size_t i = 0; i < config->server_count; i++)
    {
        const struct rm_server_config *server = config->servers[i];
        const struct rm_monitor_config *items = &server->monitor;
        bool has = has_sessions(monitoring, server->progid);
        struct known *known = items->item_count || rm_start_has_services(server)
                                  ? find_or_add_known(monitoring, server->progid)
                                  : NULL;

        unsigned active = monitoring->terms.where(monitoring->terms.where_context, server->progid);

        if (!active && known)
            active = known->active;
        if (known)
            note_wanted(monitoring, server, known, active,
                        has || (items->item_count && items->watch_always));
        rm_watch_want(monitoring->watch, server->progid, has, active);
    }
}

uint32_t rm_monitoring_event_limit(const struct rm_monitoring *monitoring, const char *server)
{
    const struct rm_server_config *config = rm_config_find(&monitoring->settings.config, server);

    return config ? config->max_events : RM_EVENT_LOG_LIMIT_DEFAULT;
}

void rm_monitoring_round(struct rm_monitoring *monitoring)
{
    if (rm_settings_look(&monitoring->settings, GetTickCount64()))
    {
        rm_watch_settings(monitoring->watch, &monitoring->settings.config);
        rm_starter_settings(monitoring->starter, &monitoring->settings.config);
        rm_event_logs_set_limits(monitoring->terms.logs);
        monitoring->is_apply_due = true;
    }
    if (monitoring->is_apply_due)
        monitoring->is_apply_due = !rm_apply_settings(&monitoring->settings);
    say_what_is_wanted(monitoring);
    rm_starter_look(monitoring->starter);
    rm_watch_look(monitoring->watch);
}

void rm_monitoring_welcome(struct rm_monitoring *monitoring, struct rm_pipe_peer *peer,
                           const char *server)
{
    rm_watch_each(monitoring->watch, server, send_verdict, peer);
}

const struct rm_config *rm_monitoring_config(const struct rm_monitoring *monitoring)
{
    return &monitoring->settings.config;
}

void rm_monitoring_describe(struct rm_monitoring *monitoring, const char *server,
                            void (*tell)(void *context, const struct rm_wire_machine_row *row),
                            void *context)
{
    rm_watch_describe(monitoring->watch, server, tell, context);
}

struct rm_monitoring *rm_monitoring_new(const struct rm_monitoring_terms *terms)
{
    struct rm_monitoring *monitoring = calloc(1, sizeof *monitoring);
    struct rm_watch_handler handler = {.context = monitoring,
                                       .wake = terms->wake,
                                       .wake_context = terms->wake_context,
                                       .verdict = tell_verdict,
                                       .event = store_event};
    struct rm_starter_handler starter = {.context = monitoring, .event = store_event};

    if (!monitoring)
        return NULL;
    monitoring->terms = *terms;
    monitoring->settings.path = terms->config_path;
    monitoring->settings.note = terms->note;
    monitoring->settings.note_context = terms->note_context;
    monitoring->settings.usable = tell_usable;
    monitoring->settings.usable_context = monitoring;
    rm_config_init(&monitoring->settings.config);
    monitoring->watch = rm_watch_new(&handler);
    monitoring->starter = rm_starter_new(&starter);
    if (monitoring->watch && monitoring->starter)
        return monitoring;
    rm_monitoring_free(monitoring);
    return NULL;
}

void rm_monitoring_free(struct rm_monitoring *monitoring)
{
    if (!monitoring)
        return;
    rm_watch_free(monitoring->watch);
    rm_starter_free(monitoring->starter);
    rm_settings_clear(&monitoring->settings);
    while (monitoring->first)
    {
        struct known *known = monitoring->first;

        monitoring->first = known->next;
        free(known);
    }
    free(monitoring);
}
