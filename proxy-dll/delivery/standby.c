#include "delivery/standby.h"

#include <string.h>
#include <oleauto.h>

#include "delivery/callback.h"
#include "delivery/last_forwarded.h"
#include "delivery/variant.h"
#include "link/link.h"
#include "module/filetime.h"
#include "module/memory.h"
#include "module/module.h"
#include "session/session.h"

#define WINDOW_MARGIN_MS 1000 /* beyond the longest detection */

static bool keep_value(void *to, const void *from)
{
    return rm_value_keep(to, from);
}

static void clear_value(void *value)
{
    VariantClear(value);
}

static bool is_equal_value(const void *one, const void *other)
{
    return rm_variant_equal(one, other);
}

static size_t bytes_beyond(const void *value)
{
    return rm_variant_bytes_beyond(value);
}

static const struct rm_value_kind variant_kind = {.size = sizeof(VARIANT),
                                                  .copy = keep_value,
                                                  .clear = clear_value,
                                                  .is_equal = is_equal_value,
                                                  .bytes_beyond = bytes_beyond};

/* How long a machine may have delivered nothing without that being known: by its pings, or by the
 * check of its callbacks (rm/liveness.h), which waits for a slow item. */
static DWORD window_ms(const struct rm_server_config *config, DWORD period_ms)
{
    ULONGLONG detection_ms =
        (ULONGLONG)config->fall * (config->ping_interval_ms + config->ping_timeout_ms) +
        config->busy_grace_ms + config->callback_check_ms + 2 * (ULONGLONG)period_ms;

    return detection_ms < MAXLONG ? (DWORD)detection_ms + WINDOW_MARGIN_MS : MAXLONG;
}

static struct rm_standby_terms terms_of(struct rm_link *link, DWORD period_ms)
{
    struct rm_standby_terms terms = {.kind = &variant_kind,
                                     .budget = &link->buffer,
                                     .skew = link->skew,
                                     .period_100ns = (int64_t)period_ms * RM_FILETIME_PER_MS,
                                     .window_ms = window_ms(link->session->config, period_ms)};

    return terms;
}

struct rm_standby_terms rm_standby_bare_terms(struct rm_link *link)
{
    struct rm_standby_terms terms = {.kind = &variant_kind, .budget = &link->buffer};

    return terms;
}

/* Also says that the machine has the item, as the shadow knows it. */
static struct rm_standby_ring *ring_of(struct rm_link *link, struct rm_group *group,
                                       const struct rm_item *item, bool is_made)
{
    struct rm_link_group *link_group = rm_link_group_of(link, group);

    if (!link_group || !rm_link_item_of(link_group, group, item))
        return NULL;
    if (!link_group->rings && is_made)
    {
        link_group->rings = rm_alloc_zero(link_group->item_slots, sizeof(*link_group->rings));
        link->buffer.overflowed += !link_group->rings;
    }
    return link_group->rings ? &link_group->rings[rm_item_slot(group, item)] : NULL;
}

static struct rm_update update_of(const struct rm_group *group, const struct rm_callback *data,
                                  DWORD i)
{
    struct rm_update update = {.value = &data->values[i],
                               .time_100ns = rm_filetime_number(&data->times[i]),
                               .arrived_ms = (DWORD)group->delivery.now_ms,
                               .error = data->errors[i],
                               .quality = data->qualities[i]};

    return update;
}

/* An empty one where nothing was ever kept. */
static const struct rm_standby_ring *ring_as_is(struct rm_link *link, struct rm_group *group,
                                                const struct rm_item *item)
{
    static const struct rm_standby_ring nothing_learnt;
    const struct rm_standby_ring *ring = ring_of(link, group, item, false);

    return ring ? ring : &nothing_learnt;
}

enum rm_handover rm_standby_judge_item(struct rm_group *group, struct rm_link *link,
                                       const struct rm_item *item, const struct rm_callback *data,
                                       DWORD i, bool *is_behind)
{
    struct rm_standby_terms terms = terms_of(link, rm_item_period_ms(group, item));
    struct rm_update update = update_of(group, data, i);
    struct rm_forwarded forwarded;

    rm_last_forwarded_view(&item->last, &forwarded);
    return rm_standby_judge(ring_as_is(link, group, item), &terms, &forwarded, &update, is_behind);
}

bool rm_standby_is_news_of(struct rm_group *group, struct rm_link *link, const struct rm_item *item,
                           const struct rm_callback *data, DWORD i)
{
    struct rm_standby_terms terms = rm_standby_bare_terms(link);
    struct rm_update update = update_of(group, data, i);
    struct rm_forwarded forwarded;

    rm_last_forwarded_view(&item->last, &forwarded);
    return rm_standby_is_news(ring_as_is(link, group, item), &terms, &forwarded, &update);
}

static void note_quality(struct rm_link *link, struct rm_group *group, const struct rm_item *item,
                         const struct rm_callback *data, DWORD i)
{
    struct rm_link_group *link_group = rm_link_group_of(link, group);
    struct rm_link_item *link_item = link_group ? rm_link_item_of(link_group, group, item) : NULL;

    if (link_item)
        rm_readiness_note_quality(link, link_item, data->errors[i], data->qualities[i],
                                  group->delivery.now_ms);
}

void rm_standby_keep(struct rm_group *group, struct rm_link *link, const struct rm_item *item,
                     const struct rm_callback *data, DWORD i)
{
    struct rm_update update = update_of(group, data, i);
    DWORD period_ms = rm_item_period_ms(group, item);
    struct rm_standby_terms terms = terms_of(link, period_ms);
    struct rm_forwarded forwarded;
    struct rm_standby_ring *ring;

    note_quality(link, group, item, data, i);
    if (!rm_value_may_be_kept(&data->values[i]))
        return;
    ring = ring_of(link, group, item, true);
    if (!ring)
        return;
    rm_last_forwarded_view(&item->last, &forwarded);
    rm_standby_sent(ring, &terms, &forwarded, &update);
    if (ring->first && group->session->delivering_link)
        rm_standby_expect_match(group, link, period_ms);
}

void rm_standby_data(struct rm_group *group, struct rm_link *link, const struct rm_callback *data,
                     bool is_own_refresh)
{
    DWORD next = 0, i;

    group->delivery.now_ms = rm_module_now_ms();
    for (i = 0; i < data->count; i++)
    {
        struct rm_item *item = rm_group_item_in_turn(group, data->clients[i], &next);

        if (item && !rm_group_has_twins(group, item) &&
            (!is_own_refresh || rm_standby_is_news_of(group, link, item, data, i)))
            rm_standby_keep(group, link, item, data, i);
    }
}

bool rm_standby_keeps(const struct rm_session *session, const struct rm_link *but)
{
    for (unsigned i = 0; i < session->config->machine_count; i++)
    {
        if (session->links[i] && session->links[i] != but && session->links[i]->buffer.buffered)
            return true;
    }
    return false;
}

void rm_standby_item_forwarded(struct rm_group *group, const struct rm_item *item)
{
    struct rm_session *session = group->session;
    unsigned i;

    for (i = 0; i < session->config->machine_count; i++)
    {
        struct rm_link *link = session->links[i];
        struct rm_standby_ring *ring;
        uint64_t before;

        if (!link || !link->buffer.buffered || link->number == item->last.link)
            continue;
        ring = ring_of(link, group, item, false);
        if (ring && ring->first)
        {
            struct rm_standby_terms terms = terms_of(link, rm_item_period_ms(group, item));
            struct rm_forwarded forwarded;
            struct rm_update oldest;

            rm_standby_first(ring, &terms, &oldest);
            rm_last_forwarded_view(&item->last, &forwarded);
            before = link->buffer.buffered;
            rm_standby_forwarded(ring, &terms, &forwarded);
            if (link->buffer.buffered < before)
                rm_standby_note_lag(rm_link_group_of(link, group),
                                    item->last.arrived_ms - oldest.arrived_ms);
        }
    }
}

bool rm_standby_reserve(struct rm_link_group *link_group, DWORD slots)
{
    struct rm_standby_ring *rings;

    if (!link_group->rings)
        return true;
    rings = rm_realloc(link_group->rings, slots, sizeof(*rings));
    if (!rings)
        return false;
    memset(rings + link_group->item_slots, 0, (slots - link_group->item_slots) * sizeof(*rings));
    link_group->rings = rings;
    return true;
}

void rm_standby_forget_item(struct rm_link *link, struct rm_link_group *link_group, DWORD slot)
{
    struct rm_standby_terms terms = rm_standby_bare_terms(link);

    if (link_group->rings)
        rm_standby_clear(&link_group->rings[slot], &terms);
}

void rm_standby_free_item(struct rm_link *link, struct rm_link_group *link_group, DWORD slot)
{
    rm_standby_forget_item(link, link_group, slot);
    if (link_group->rings)
        memset(&link_group->rings[slot], 0, sizeof(link_group->rings[slot]));
}

void rm_standby_forget_group(struct rm_link *link, struct rm_link_group *link_group)
{
    DWORD slot;

    for (slot = 0; link_group->rings && slot < link_group->item_slots; slot++)
        rm_standby_forget_item(link, link_group, slot);
    rm_free(link_group->rings);
    link_group->rings = NULL;
}

void rm_standby_forget(struct rm_link *link)
{
    DWORD slot;

    for (slot = 0; slot < link->group_slots; slot++)
        rm_standby_forget_group(link, &link->groups[slot]);
}

/* Locked. Told when it begins; that it has ended is certain when there is room and nothing was
 * dropped since the last look. */
static bool is_overflow_news(struct rm_link *link)
{
    const struct rm_standby_budget *buffer = &link->buffer;
    bool is_dropping = buffer->overflowed != link->overflow_seen;
    bool is_news = is_dropping && !link->is_overflow_told;

    link->overflow_seen = buffer->overflowed;
    if (is_dropping)
        link->is_overflow_told = true;
    else if (buffer->bytes <= buffer->bytes_max / 4 * 3)
        link->is_overflow_told = false;
    return is_news;
}

void rm_standby_tell_overflow(struct rm_session *session)
{
    unsigned i;

    for (i = 0; i < session->config->machine_count; i++)
    {
        struct rm_link *link;
        uint64_t dropped = 0;

        rm_session_lock(session);
        link = session->links[i];
        if (link && is_overflow_news(link))
            dropped = link->buffer.overflowed;
        rm_session_unlock(session);
        if (dropped)
            rm_session_event(session, RM_EVENT_BUFFER_OVERFLOW, i + 1,
                             dropped < MAXDWORD ? (DWORD)dropped : MAXDWORD, NULL);
    }
}
