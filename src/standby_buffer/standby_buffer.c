#include <rm/standby_buffer.h>

#include "compare.h"
#include "entries.h"

static void drop_until(struct rm_standby_ring *ring, const struct rm_standby_terms *terms,
                       const struct rm_standby_entry *end)
{
    while (ring->first != end)
        rm_standby_drop_first(ring, terms);
}

static void expire(struct rm_standby_ring *ring, const struct rm_standby_terms *terms,
                   uint32_t now_ms)
{
    while (ring->first &&
           rm_standby_since_ms(ring->first->arrived_ms, now_ms) > (int64_t)terms->window_ms)
    {
        rm_standby_drop_first(ring, terms);
        terms->budget->expired++;
    }
}

static bool is_last_again(const struct rm_standby_ring *ring, const struct rm_standby_terms *terms,
                          const struct rm_update *update)
{
    struct rm_update last;

    if (!ring->last)
        return false;
    last = rm_standby_entry_update(ring->last);
    return rm_standby_is_same(terms->kind, &last, update);
}

/* What the client has, it has with all that came before. */
static bool is_owed(struct rm_standby_ring *ring, const struct rm_standby_terms *terms,
                    const struct rm_forwarded *forwarded, const struct rm_update *update)
{
    struct rm_standing standing;

    if (!forwarded->is_valid)
        return true;
    rm_standby_learn_last(ring, forwarded);
    standing =
        rm_standby_compare(ring, terms, forwarded, update,
                           rm_standby_since_ms(forwarded->update.arrived_ms, update->arrived_ms));
    rm_standby_learn(ring, terms, forwarded, update);
    if (standing.verdict == RM_HANDOVER_DELIVER || (standing.is_doubtful && ring->first))
        return true;
    drop_until(ring, terms, NULL);
    return false;
}

void rm_standby_sent(struct rm_standby_ring *ring, const struct rm_standby_terms *terms,
                     const struct rm_forwarded *forwarded, const struct rm_update *update)
{
    bool is_kept = is_owed(ring, terms, forwarded, update);

    if (!ring->has_begun && forwarded->is_valid &&
        rm_standby_is_equal(terms->kind, update, &forwarded->update))
        is_kept = false; /* what it has when it begins is not a change */
    ring->has_begun = true;
    expire(ring, terms, update->arrived_ms);
    if (is_kept && !is_last_again(ring, terms, update))
        rm_standby_append(ring, terms, update);
    ring->sent_100ns = update->error >= 0 ? update->time_100ns : 0;
}

bool rm_standby_is_news(const struct rm_standby_ring *ring, const struct rm_standby_terms *terms,
                        const struct rm_forwarded *forwarded, const struct rm_update *update)
{
    struct rm_update last;

    if (!ring->last)
        return !forwarded->is_valid ||
               !rm_standby_is_equal(terms->kind, &forwarded->update, update);
    last = rm_standby_entry_update(ring->last);
    return !rm_standby_is_equal(terms->kind, &last, update);
}

void rm_standby_forwarded(struct rm_standby_ring *ring, const struct rm_standby_terms *terms,
                          const struct rm_forwarded *forwarded)
{
    struct rm_standby_entry *entry, *owed = ring->first;
    bool is_owed_between = false; /* something that is owed stands before the entry */

    if (!forwarded->is_valid)
        return;
    for (entry = ring->first; entry; entry = entry->next)
    {
        struct rm_update update = rm_standby_entry_update(entry);
        struct rm_standing standing = rm_standby_compare(
            ring, terms, forwarded, &update,
            -rm_standby_since_ms(update.arrived_ms, forwarded->update.arrived_ms));

        rm_standby_learn(ring, terms, forwarded, &update);
        if (standing.verdict == RM_HANDOVER_DELIVER)
            is_owed_between = true;
        else if (!standing.is_doubtful || !is_owed_between)
        {
            is_owed_between = false;
            owed = entry->next;
        }
    }
    drop_until(ring, terms, owed);
    expire(ring, terms, forwarded->update.arrived_ms);
}

enum rm_handover rm_standby_judge(const struct rm_standby_ring *ring,
                                  const struct rm_standby_terms *terms,
                                  const struct rm_forwarded *forwarded,
                                  const struct rm_update *update, bool *is_behind)
{
    struct rm_standing standing;

    *is_behind = false;
    if (!forwarded->is_valid)
        return RM_HANDOVER_DELIVER;
    standing =
        rm_standby_compare(ring, terms, forwarded, update,
                           rm_standby_since_ms(forwarded->update.arrived_ms, update->arrived_ms));
    *is_behind = standing.is_behind;
    return standing.verdict;
}
