#include "delivery/standby.h"

#include "delivery/last_forwarded.h"
#include "link/link.h"
#include "session/driver.h"
#include "session/session.h"

#define MATCH_MARGIN_MS  20   /* beyond what is usual */
#define LAG_SHARE        8    /* of the way to a shorter lag, with each match */
#define SUSPECT_AGAIN_MS 1000 /* because of the same update */
#define SUSPECT_OTHER_MS 100  /* because of another one */
#define UNMATCHED_MS     5000 /* then the machines differ, and asking for the status is in vain */

/* When the active machine should have sent what that machine has: it samples at the same rate, and
 * how much later it does is known from the updates before. */
static ULONGLONG due_ms(const struct rm_link_group *link_group, DWORD period_ms,
                        ULONGLONG arrived_ms)
{
    DWORD lag_ms = link_group->match_lag_ms;

    return arrived_ms + (lag_ms < period_ms ? lag_ms : period_ms) + MATCH_MARGIN_MS;
}

void rm_standby_expect_match(struct rm_group *group, struct rm_link *link, DWORD period_ms)
{
    struct rm_session *session = group->session;
    struct rm_link_group *link_group = rm_link_group_of(link, group);
    ULONGLONG match_ms = due_ms(link_group, period_ms, group->delivery.now_ms);

    if (!link_group->match_due_ms || match_ms < link_group->match_due_ms)
        link_group->match_due_ms = match_ms;
    if (session->match_due_ms && session->match_due_ms <= match_ms)
        return; /* the driver looks then, and need not be told of each */
    session->match_due_ms = match_ms;
    rm_driver_wake(session->driver);
}

void rm_standby_note_lag(struct rm_link_group *link_group, DWORD lag_ms)
{
    if ((LONG)lag_ms < 0)
        lag_ms = 0; /* what a machine that took over owed came before it was told */
    if (lag_ms >= link_group->match_lag_ms)
        link_group->match_lag_ms = lag_ms;
    else
        link_group->match_lag_ms -= (link_group->match_lag_ms - lag_ms + LAG_SHARE - 1) / LAG_SHARE;
}

/* The earliest time by which the active machine should have matched what a standby has sent of this
 * group; 0: nothing is waiting. */
static ULONGLONG first_due_ms(struct rm_link *link, struct rm_group *group,
                              const struct rm_link_group *link_group, ULONGLONG now_ms)
{
    struct rm_standby_terms terms = rm_standby_bare_terms(link);
    ULONGLONG suspected_ms = link->session->suspected_ms, first_ms = 0;
    DWORD slot;

    for (slot = 0; link_group->rings && slot < link_group->item_slots; slot++)
    {
        ULONGLONG arrived_ms, item_ms;
        struct rm_update update;
        DWORD pause_ms;

        if (slot >= group->item_slots || !group->items[slot].is_active ||
            !rm_standby_first(&link_group->rings[slot], &terms, &update))
            continue;
        arrived_ms = now_ms - ((DWORD)now_ms - update.arrived_ms);
        item_ms = due_ms(link_group, rm_item_period_ms(group, &group->items[slot]), arrived_ms);
        if (item_ms + UNMATCHED_MS < now_ms)
            continue;
        pause_ms = arrived_ms <= suspected_ms ? SUSPECT_AGAIN_MS : SUSPECT_OTHER_MS;
        if (suspected_ms && item_ms < suspected_ms + pause_ms)
            item_ms = suspected_ms + pause_ms;
        if (!first_ms || item_ms < first_ms)
            first_ms = item_ms;
    }
    return first_ms;
}

/* With a hundred groups one of them is due at almost any time: only that one's items are looked at.
 */
static ULONGLONG group_due_ms(struct rm_link *link, struct rm_group *group, ULONGLONG now_ms)
{
    struct rm_link_group *link_group = rm_link_group_of(link, group);

    if (!link_group || !group->is_active)
        return 0;
    if (link_group->match_due_ms && link_group->match_due_ms <= now_ms)
        link_group->match_due_ms = first_due_ms(link, group, link_group, now_ms);
    return link_group->match_due_ms;
}

bool rm_standby_is_unmatched(struct rm_session *session, ULONGLONG now_ms, ULONGLONG *next_ms)
{
    ULONGLONG first_ms = 0;
    unsigned i;
    DWORD slot;

    for (i = 0; i < session->config->machine_count; i++)
    {
        struct rm_link *link = session->links[i];

        if (!link || !link->buffer.buffered || link->number == session->delivering_link)
            continue;
        for (slot = 0; slot < session->group_slots; slot++)
        {
            struct rm_group *group = session->groups[slot];
            ULONGLONG group_ms = group ? group_due_ms(link, group, now_ms) : 0;

            if (group_ms && (!first_ms || group_ms < first_ms))
                first_ms = group_ms;
        }
    }
    *next_ms = first_ms;
    return first_ms && first_ms <= now_ms;
}
