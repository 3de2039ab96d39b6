#include "link/readiness.h"

#include <string.h>
#include <opc/opcconst.h>
#include <opc/opcda.h>

#include <rm/difference.h>
#include <rm/text.h>

#include "link/link.h"
#include "module/memory.h"
#include "module/module.h"
#include "session/driver.h"
#include "session/session.h"

#define BAD_GRACE_MS    2000 /* a server may still be asking its devices for the first time */
#define MEASURE_MS      250  /* items that are added one by one are not counted each time */
#define CHUNK_ITEMS     10000
#define DETAIL_SIZE     256
#define UTF8_PER_WCHAR  3
#define LIST_MAX(of)    (RM_STATUS_DIFFERENCES / (DWORD)rm_server_listed((of)->config))
#define QUALITY_WAITING 0x20 /* for initial data: not yet a value */
#define QUALITY_STATUS  0xFC

struct measurement
{
    struct rm_link *link;
    struct rm_readiness result;
    DWORD now_ms;
    DWORD slot, item; /* of the next group, and in it */
    struct rm_status_difference news[RM_TOLD_MAX];
    DWORD named, counted; /* of what is new */
};

/* As much of the name as there is room for. */
static void fit_name(char name[RM_STATUS_ITEM], const WCHAR *wide)
{
    char utf8[RM_STATUS_ITEM * UTF8_PER_WCHAR + 1];
    size_t length = wcsnlen(wide, RM_STATUS_ITEM);
    int bytes =
        WideCharToMultiByte(CP_UTF8, 0, wide, (int)length, utf8, (int)sizeof(utf8) - 1, NULL, NULL);

    utf8[bytes > 0 ? bytes : 0] = 0;
    rm_text_fit(name, RM_STATUS_ITEM, utf8);
}

static struct rm_status_difference make(const struct measurement *at, enum rm_difference_kind kind,
                                        DWORD here, DWORD there, const WCHAR *name)
{
    struct rm_status_difference difference = {
        .machine = at->link->machine, .kind = (uint32_t)kind, .here = here, .there = there};

    fit_name(difference.name, name);
    return difference;
}

static void list(struct measurement *at, enum rm_difference_kind kind, DWORD here, DWORD there,
                 const WCHAR *name)
{
    DWORD most = LIST_MAX(at->link->session);

    at->result.differences++;
    if (at->result.listed == most)
        return;
    if (!at->result.list)
        at->result.list = rm_alloc_zero(most, sizeof(*at->result.list));
    if (at->result.list)
        at->result.list[at->result.listed++] = make(at, kind, here, there, name);
}

/* Whether the item differs so; told once, until it doesn't any more. */
static bool check(struct measurement *at, struct rm_link_item *link_item, bool differs,
                  enum rm_difference_kind kind, DWORD here, DWORD there, const WCHAR *name)
{
    BYTE bit = (BYTE)(1u << kind);

    if (!differs)
    {
        link_item->told &= (BYTE)~bit;
        return false;
    }
    list(at, kind, here, there, name);
    if (!(link_item->told & bit) && at->named < RM_TOLD_MAX)
        at->news[at->named++] = make(at, kind, here, there, name);
    else if (!(link_item->told & bit))
        at->counted++;
    link_item->told |= bit;
    return true;
}

static bool is_good(const struct rm_last_forwarded *last)
{
    return last->is_valid && SUCCEEDED(last->error) &&
           (last->quality & OPC_QUALITY_MASK) == OPC_QUALITY_GOOD;
}

static bool is_bad_there(const struct measurement *at, const struct rm_link_item *link_item,
                         const struct rm_item *item)
{
    return link_item->start == RM_LINK_ITEM_BEGAN_BAD &&
           at->now_ms - link_item->bad_since_ms >= BAD_GRACE_MS && is_good(&item->last);
}

static void measure_item(struct measurement *at, struct rm_link_group *link_group,
                         struct rm_link_group *active_group, const struct rm_group *group,
                         const struct rm_item *item)
{
    struct rm_link_item *link_item = link_group ? rm_link_item_of(link_group, group, item) : NULL;
    const struct rm_link_item *active_item =
        active_group ? rm_link_item_of(active_group, group, item) : NULL;
    bool differs;

    at->result.items++;
    if (!link_item || link_item->state != RM_LINK_ITEM_ADDED)
    {
        at->result.refused++;
        if (link_item && link_item->state == RM_LINK_ITEM_REFUSED)
            list(at, RM_DIFFERENCE_REFUSED, 0, (DWORD)link_item->status, item->item_id);
        return;
    }
    if (!active_item || active_item->state != RM_LINK_ITEM_ADDED)
        return;
    differs = check(
        at, link_item, rm_data_types_differ(active_item->canonical_type, link_item->canonical_type),
        RM_DIFFERENCE_TYPE, active_item->canonical_type, link_item->canonical_type, item->item_id);
    differs |= check(at, link_item,
                     rm_access_rights_differ(active_item->access_rights, link_item->access_rights),
                     RM_DIFFERENCE_RIGHTS, active_item->access_rights, link_item->access_rights,
                     item->item_id);
    at->result.differing += differs;
    at->result.bad += check(at, link_item, is_bad_there(at, link_item, item), RM_DIFFERENCE_QUALITY,
                            OPC_QUALITY_GOOD, link_item->first_quality, item->item_id);
}

/* Some items at a time: the lock isn't held for all of them. What changes in between is measured
 * again, in the round that the change brings. false: there are no more. */
static bool measure_some(struct measurement *at)
{
    struct rm_session *session = at->link->session;
    struct rm_link *active;
    struct rm_link_group *link_group, *active_group;
    const struct rm_group *group;
    bool is_there;
    DWORD first = at->item, i;

    rm_session_lock(session);
    is_there = !at->link->is_dead && at->slot < session->group_slots;
    group = is_there ? session->groups[at->slot] : NULL;
    at->slot++;
    at->item = 0;
    if (group && !group->is_removed)
    {
        active = session->active != at->link ? session->active : NULL;
        link_group = rm_link_group_of(at->link, group);
        active_group = active ? rm_link_group_of(active, group) : NULL;
        if (!first && link_group && FAILED(link_group->status))
            list(at, RM_DIFFERENCE_GROUP, 0, (DWORD)link_group->status, group->name);
        for (i = first; i < group->item_slots && i - first < CHUNK_ITEMS; i++)
        {
            if (group->items[i].is_used)
                measure_item(at, link_group, active_group, group, &group->items[i]);
        }
        if (i < group->item_slots)
        {
            at->slot--;
            at->item = i;
        }
    }
    rm_session_unlock(session);
    return is_there;
}

/* Locked. What was measured counts from now on; the old list goes to `result`. */
static void publish(struct rm_link *link, struct rm_readiness *result)
{
    struct rm_readiness old = link->readiness;
    struct rm_failover_event event = {
        .kind = RM_FAILOVER_ITEMS, .machine = link->machine, .link = link->number};

    if (link->is_dead)
        return;
    result->is_measured = true;
    result->percent =
        result->items
            ? (unsigned)((ULONGLONG)(result->items - result->refused) * 100 / result->items)
            : 100;
    event.percent = result->percent;
    if (result->percent != old.percent)
        rm_driver_post(link->session->driver, &event);
    link->readiness = *result;
    *result = old;
}

static void tell_one(struct rm_session *session, const struct rm_status_difference *entry)
{
    struct rm_difference difference = {.kind = (enum rm_difference_kind)entry->kind,
                                       .here = entry->here,
                                       .there = entry->there,
                                       .name = entry->name};
    enum rm_event_id id =
        difference.kind == RM_DIFFERENCE_QUALITY ? RM_EVENT_ITEM_BAD : RM_EVENT_ITEM_DIFFERS;
    char text[DETAIL_SIZE];
    WCHAR detail[DETAIL_SIZE];

    rm_difference_text(&difference, "the active machine", text, sizeof(text));
    if (!MultiByteToWideChar(CP_UTF8, 0, text, -1, detail, DETAIL_SIZE))
        detail[0] = 0;
    rm_session_event(session, id, entry->machine, 0, detail);
}

static void set_due(struct rm_link *link, ULONGLONG due_ms)
{
    if (!link->readiness_due_ms || link->readiness_due_ms > due_ms)
        link->readiness_due_ms = due_ms;
}

bool rm_readiness_is_wanted(struct rm_link *link)
{
    struct rm_session *session = link->session;
    ULONGLONG now_ms = rm_module_now_ms();
    bool is_wanted;

    rm_session_lock(session);
    is_wanted = !link->is_sync_again && (session->active != link || link->is_caught_up);
    if (is_wanted && link->measured_ms && now_ms - link->measured_ms < MEASURE_MS)
    {
        set_due(link, link->measured_ms + MEASURE_MS);
        is_wanted = false;
    }
    if (is_wanted)
        link->measured_ms = now_ms;
    rm_session_unlock(session);
    return is_wanted;
}

void rm_readiness_measure(struct rm_link *link)
{
    struct rm_session *session = link->session;
    struct measurement at = {.link = link, .now_ms = (DWORD)rm_module_now_ms()};
    DWORD i;

    while (measure_some(&at))
        ;
    rm_session_lock(session);
    publish(link, &at.result);
    rm_session_unlock(session);
    rm_readiness_clear(&at.result);
    for (i = 0; i < at.named; i++)
        tell_one(session, &at.news[i]);
    at.counted += link->refusals_untold;
    if (at.counted)
        rm_session_event(session, RM_EVENT_MORE_DIFFERENCES, link->machine, at.counted, NULL);
    link->refusals_told = link->refusals_untold = 0;
}

void rm_readiness_clear(struct rm_readiness *readiness)
{
    rm_free(readiness->list);
    memset(readiness, 0, sizeof(*readiness));
}

void rm_readiness_due_for_all(struct rm_session *session)
{
    unsigned i;

    for (i = 0; i < session->config->machine_count; i++)
    {
        if (session->links[i])
            set_due(session->links[i], rm_module_now_ms());
    }
}

void rm_readiness_watch(struct rm_link *link, ULONGLONG now_ms)
{
    if (!link->readiness_due_ms || link->readiness_due_ms > now_ms)
        return;
    link->readiness_due_ms = 0;
    rm_link_kick(link);
}

void rm_readiness_tell_refused(struct rm_link *link, HRESULT hr, const WCHAR *item_id)
{
    if (link->refusals_told == RM_TOLD_MAX)
    {
        link->refusals_untold++;
        return;
    }
    link->refusals_told++;
    rm_session_event(link->session, RM_EVENT_ITEM_REFUSED, link->machine, (DWORD)hr, item_id);
}

void rm_readiness_note_quality(struct rm_link *link, struct rm_link_item *link_item, HRESULT error,
                               WORD quality, ULONGLONG now_ms)
{
    bool is_bad = FAILED(error) || (quality & OPC_QUALITY_MASK) == OPC_QUALITY_BAD;

    if (link_item->start == RM_LINK_ITEM_BEGAN_WELL ||
        (is_bad && link_item->start == RM_LINK_ITEM_BEGAN_BAD) ||
        (SUCCEEDED(error) && (quality & QUALITY_STATUS) == QUALITY_WAITING))
        return;
    if (!is_bad)
    {
        if (link_item->start == RM_LINK_ITEM_BEGAN_BAD)
            set_due(link, now_ms);
        link_item->start = RM_LINK_ITEM_BEGAN_WELL;
        return;
    }
    link_item->start = RM_LINK_ITEM_BEGAN_BAD;
    link_item->first_quality = FAILED(error) ? OPC_QUALITY_BAD : quality;
    link_item->bad_since_ms = (DWORD)now_ms;
    set_due(link, now_ms + BAD_GRACE_MS);
}
