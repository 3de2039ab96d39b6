/* How ready a machine is to take over, in words. */
#include <stdio.h>

#include <rm/failover.h>

#include "status_readiness.h"
#include "status_report.h"

static const struct rm_status_machine *machine_of(const struct rm_status_slot *slot,
                                                  unsigned machine)
{
    return slot->machine_count >= machine ? &slot->machines[machine - 1] : NULL;
}

static const struct rm_status_machine *connected(const struct rm_status_slot *slot,
                                                 unsigned machine)
{
    const struct rm_status_machine *at = machine_of(slot, machine);
    return at != NULL && at->connection == RM_CONNECTION_UP ? at : NULL;
}

bool status_is_imperfect(const struct rm_status_machine *machine)
{
    return machine->ready_percent < 100 || machine->refused_items > 0 ||
           machine->differing_items > 0 || machine->bad_items > 0 || machine->difference_count > 0;
}

static bool is_less_ready(const struct rm_status_machine *one,
                          const struct rm_status_machine *other)
{
    if (one->ready_percent != other->ready_percent)
    {
        return one->ready_percent < other->ready_percent;
    }
    if (one->refused_items != other->refused_items)
    {
        return one->refused_items > other->refused_items;
    }
    return one->difference_count > other->difference_count;
}

const struct rm_status_machine *status_least_ready(const struct status_server *server,
                                                   unsigned machine)
{
    const struct rm_status_machine *least = NULL;
    for (size_t i = 0; i < server->count; i++)
    {
        const struct rm_status_machine *at = connected(&server->sessions[i], machine);
        least = at != NULL && (least == NULL || is_less_ready(at, least)) ? at : least;
    }
    return least;
}

void status_readiness_words(const struct rm_status_machine *machine, char *text, size_t size)
{
    char refused[48] = "", differ[48] = "", bad[48] = "";
    if (machine->refused_items > 0)
    {
        snprintf(refused, sizeof refused, "%u of %u items refused",
                 (unsigned)machine->refused_items, (unsigned)machine->items);
    }
    if (machine->differing_items > 0)
    {
        snprintf(differ, sizeof differ, "%s%u differ%s", refused[0] != '\0' ? ", " : "",
                 (unsigned)machine->differing_items, machine->differing_items == 1 ? "s" : "");
    }
    if (machine->bad_items > 0)
    {
        snprintf(bad, sizeof bad, "%s%u ha%s bad quality",
                 refused[0] != '\0' || differ[0] != '\0' ? ", " : "", (unsigned)machine->bad_items,
                 machine->bad_items == 1 ? "s" : "ve");
    }
    bool has_words = refused[0] != '\0' || differ[0] != '\0' || bad[0] != '\0';
    snprintf(text, size, "%u %%%s%s%s%s%s", (unsigned)machine->ready_percent, has_words ? " (" : "",
             refused, differ, bad, has_words ? ")" : "");
}

bool status_buffer_of(const struct status_server *server, unsigned machine,
                      struct status_buffer *buffer)
{
    bool is_standby = false;
    *buffer = (struct status_buffer){.percent = 0};
    for (size_t i = 0; i < server->count; i++)
    {
        const struct rm_status_slot *slot = &server->sessions[i];
        const struct rm_status_machine *at = connected(slot, machine);
        if (at == NULL || slot->mode != RM_MODE_HOT || slot->active == machine)
        {
            continue;
        }
        double percent =
            at->buffer_bytes_max > 0 ? 100.0 * at->buffer_bytes / at->buffer_bytes_max : 0.0;
        is_standby = true;
        buffer->updates += at->buffer_updates;
        buffer->dropped += at->buffer_dropped;
        buffer->percent = percent > buffer->percent ? percent : buffer->percent;
    }
    return is_standby;
}

void status_buffer_words(const struct status_buffer *buffer, char *text, size_t size)
{
    snprintf(text, size, "buffer %llu update%s, %.1f %% full, %llu dropped",
             (unsigned long long)buffer->updates, buffer->updates == 1 ? "" : "s", buffer->percent,
             (unsigned long long)buffer->dropped);
}

bool status_skew_to_active(const struct rm_status_slot *slot, unsigned machine, int64_t *skew_us)
{
    const struct rm_status_machine *at = connected(slot, machine);
    const struct rm_status_machine *active =
        slot->active != 0 ? connected(slot, slot->active) : NULL;
    if (at == NULL || active == NULL || at == active || at->is_skew_known == 0 ||
        active->is_skew_known == 0)
    {
        return false;
    }
    /* What another process wrote may be anything. */
    *skew_us = (int64_t)((uint64_t)at->skew_us - (uint64_t)active->skew_us);
    return true;
}

bool status_skew_of(const struct status_server *server, unsigned machine, int64_t *skew_us)
{
    for (size_t i = 0; i < server->count; i++)
    {
        if (status_skew_to_active(&server->sessions[i], machine, skew_us))
        {
            return true;
        }
    }
    return false;
}
