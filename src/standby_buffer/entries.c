#include "entries.h"

#include <stdlib.h>

static size_t bytes_of(const struct rm_value_kind *kind, const void *value)
{
    return sizeof(struct rm_standby_entry) + kind->size +
           (kind->bytes_beyond ? kind->bytes_beyond(value) : 0);
}

struct rm_update rm_standby_entry_update(const struct rm_standby_entry *entry)
{
    return (struct rm_update){.value = entry->value,
                              .time_100ns = entry->time_100ns,
                              .arrived_ms = entry->arrived_ms,
                              .error = entry->error,
                              .quality = entry->quality};
}

static struct rm_standby_entry *new_entry(const struct rm_value_kind *kind,
                                          const struct rm_update *update)
{
    struct rm_standby_entry *entry = malloc(sizeof(*entry) + kind->size);

    if (!entry)
        return NULL;
    *entry = (struct rm_standby_entry){.time_100ns = update->time_100ns,
                                       .arrived_ms = update->arrived_ms,
                                       .error = update->error,
                                       .quality = update->quality};
    if (kind->copy(entry->value, update->value))
        return entry;
    free(entry);
    return NULL;
}

static bool is_full(const struct rm_standby_budget *budget, size_t bytes)
{
    return budget->bytes > budget->bytes_max || bytes > budget->bytes_max - budget->bytes;
}

void rm_standby_append(struct rm_standby_ring *ring, const struct rm_standby_terms *terms,
                       const struct rm_update *update)
{
    struct rm_standby_budget *budget = terms->budget;
    struct rm_standby_entry *entry = new_entry(terms->kind, update);
    size_t bytes;

    if (!entry)
    {
        budget->overflowed++;
        return;
    }
    bytes = bytes_of(terms->kind, entry->value);
    while (ring->first && is_full(budget, bytes))
    {
        rm_standby_drop_first(ring, terms);
        budget->overflowed++;
    }
    if (ring->last)
        ring->last->next = entry;
    else
        ring->first = entry;
    ring->last = entry;
    budget->bytes += bytes;
    budget->buffered++;
}

bool rm_standby_first(const struct rm_standby_ring *ring, const struct rm_standby_terms *terms,
                      struct rm_update *update)
{
    (void)terms;
    if (!ring->first)
        return false;
    *update = rm_standby_entry_update(ring->first);
    return true;
}

void rm_standby_drop_first(struct rm_standby_ring *ring, const struct rm_standby_terms *terms)
{
    struct rm_standby_entry *entry = ring->first;

    if (!entry)
        return;
    ring->first = entry->next;
    if (!ring->first)
        ring->last = NULL;
    terms->budget->bytes -= bytes_of(terms->kind, entry->value);
    terms->budget->buffered--;
    terms->kind->clear(entry->value);
    free(entry);
}

void rm_standby_clear(struct rm_standby_ring *ring, const struct rm_standby_terms *terms)
{
    while (ring->first)
        rm_standby_drop_first(ring, terms);
    ring->sent_100ns = 0;
}
