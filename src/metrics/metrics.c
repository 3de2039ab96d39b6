#include <stdlib.h>
#include <string.h>

#include <rm/text.h>

#include "internal.h"

struct rm_metrics *rm_metrics_new(uint64_t since)
{
    struct rm_metrics *metrics = calloc(1, sizeof *metrics);
    if (metrics != NULL)
    {
        metrics->since = since;
    }
    return metrics;
}

void rm_metrics_free(struct rm_metrics *metrics)
{
    while (metrics != NULL && metrics->servers != NULL)
    {
        struct rm_metrics_server *server = metrics->servers;
        metrics->servers = server->next;
        free(server);
    }
    while (metrics != NULL && metrics->seen != NULL)
    {
        struct rm_metrics_seen *seen = metrics->seen;
        metrics->seen = seen->next;
        free(seen);
    }
    free(metrics);
}

/* Without regard to case, as COM compares ProgIDs. */
static int compare_names(const char *one, const char *other)
{
    int difference = 0;
    for (; difference == 0 && (*one != '\0' || *other != '\0'); one++, other++)
    {
        int here = *one >= 'a' && *one <= 'z' ? *one - 'a' + 'A' : *one;
        int there = *other >= 'a' && *other <= 'z' ? *other - 'a' + 'A' : *other;
        difference = here - there;
        if (*one == '\0' || *other == '\0')
        {
            break;
        }
    }
    return difference;
}

static struct rm_metrics_server *find_server(struct rm_metrics *metrics, const char *progid)
{
    struct rm_metrics_server **place = &metrics->servers;
    while (*place != NULL && compare_names((*place)->progid, progid) < 0)
    {
        place = &(*place)->next;
    }
    if (*place == NULL || compare_names((*place)->progid, progid) != 0)
    {
        struct rm_metrics_server *server = calloc(1, sizeof *server);
        if (server == NULL)
        {
            return NULL;
        }
        rm_text_fit(server->progid, sizeof server->progid, progid);
        server->next = *place;
        *place = server;
    }
    return *place;
}

/* What a session of before has by now is nobody's gain. */
static void skip_past(struct rm_metrics_seen *seen, const struct rm_status_slot *slot)
{
    seen->updates_forwarded = slot->updates_forwarded;
    seen->updates_suppressed = slot->updates_suppressed;
    for (unsigned cause = 0; cause < RM_CAUSE_COUNT; cause++)
    {
        seen->switches[cause] = slot->switches[cause];
    }
    for (uint32_t i = 0; i < slot->machine_count; i++)
    {
        seen->buffer_dropped[i] = slot->machines[i].buffer_dropped;
    }
}

static struct rm_metrics_seen *find_seen(struct rm_metrics *metrics,
                                         const struct rm_status_slot *slot)
{
    struct rm_metrics_seen *seen = metrics->seen;
    while (seen != NULL && (seen->process_started != slot->process_started ||
                            seen->session != slot->session || seen->started_at != slot->started_at))
    {
        seen = seen->next;
    }
    if (seen != NULL)
    {
        return seen;
    }
    struct rm_metrics_server *server = find_server(metrics, slot->server);
    seen = server != NULL ? calloc(1, sizeof *seen) : NULL;
    if (seen == NULL)
    {
        return NULL;
    }
    seen->server = server;
    seen->process_started = slot->process_started;
    seen->session = slot->session;
    seen->started_at = slot->started_at;
    if (slot->started_at < metrics->since)
    {
        skip_past(seen, slot);
    }
    seen->next = metrics->seen;
    metrics->seen = seen;
    return seen;
}

/* A number that begins anew was another connection's before. */
static uint64_t gain(uint64_t *seen, uint64_t now)
{
    uint64_t gained = now >= *seen ? now - *seen : now;
    *seen = now;
    return gained;
}

static void count(struct rm_metrics_seen *seen, const struct rm_status_slot *slot)
{
    struct rm_metrics_server *server = seen->server;
    server->updates_forwarded += gain(&seen->updates_forwarded, slot->updates_forwarded);
    server->updates_suppressed += gain(&seen->updates_suppressed, slot->updates_suppressed);
    for (unsigned cause = 0; cause < RM_CAUSE_COUNT; cause++)
    {
        server->switches[cause] += gain(&seen->switches[cause], slot->switches[cause]);
    }
    if (slot->machine_count > server->machine_count)
    {
        server->machine_count = slot->machine_count;
    }
    for (uint32_t i = 0; i < slot->machine_count; i++)
    {
        rm_text_fit(server->machines[i].host, sizeof server->machines[i].host,
                    slot->machines[i].host);
        server->machines[i].buffer_dropped +=
            gain(&seen->buffer_dropped[i], slot->machines[i].buffer_dropped);
    }
}

static void sum_machine(struct rm_metrics_machine *sum, const struct rm_status_machine *machine)
{
    if (machine->connection < RM_CONNECTION_COUNT)
    {
        sum->sessions[machine->connection]++;
    }
    if (machine->connection != RM_CONNECTION_UP)
    {
        return;
    }
    sum->ready_percent = sum->connected == 0 || machine->ready_percent < sum->ready_percent
                             ? machine->ready_percent
                             : sum->ready_percent;
    sum->connected++;
    sum->latency_us = machine->latency_us > sum->latency_us ? machine->latency_us : sum->latency_us;
    sum->buffer_updates += machine->buffer_updates;
    sum->buffer_bytes += machine->buffer_bytes;
}

static void sum_up(struct rm_metrics_server *server, const struct rm_status_slot *slot)
{
    server->sessions++;
    server->lost += slot->active == 0;
    server->calls_out += slot->calls_out;
    server->workers_abandoned += slot->workers_abandoned;
    server->writes_held += slot->are_writes_held != 0;
    server->items += slot->item_count;
    for (uint32_t i = 0; i < slot->machine_count; i++)
    {
        sum_machine(&server->machines[i], &slot->machines[i]);
        server->machines[i].active += slot->active == i + 1;
    }
}

void rm_metrics_begin(struct rm_metrics *metrics)
{
    for (struct rm_metrics_seen *seen = metrics->seen; seen != NULL; seen = seen->next)
    {
        seen->is_there = false;
    }
    for (struct rm_metrics_server *server = metrics->servers; server != NULL; server = server->next)
    {
        server->sessions = server->lost = server->calls_out = 0;
        server->workers_abandoned = server->writes_held = 0;
        server->items = 0;
        for (uint32_t i = 0; i < RM_MACHINES_MAX; i++)
        {
            struct rm_metrics_machine *machine = &server->machines[i];
            memset(machine->sessions, 0, sizeof machine->sessions);
            machine->active = machine->connected = machine->latency_us = machine->ready_percent = 0;
            machine->buffer_updates = machine->buffer_bytes = 0;
        }
    }
}

bool rm_metrics_take(struct rm_metrics *metrics, const struct rm_status_slot *slot, bool is_alive)
{
    struct rm_metrics_seen *seen = find_seen(metrics, slot);
    if (seen == NULL)
    {
        return false;
    }
    seen->is_there = true;
    count(seen, slot);
    if (is_alive)
    {
        sum_up(seen->server, slot);
    }
    return true;
}

void rm_metrics_end(struct rm_metrics *metrics)
{
    struct rm_metrics_seen **place = &metrics->seen;
    while (*place != NULL)
    {
        struct rm_metrics_seen *seen = *place;
        if (seen->is_there)
        {
            place = &seen->next;
            continue;
        }
        *place = seen->next;
        free(seen);
    }
}
