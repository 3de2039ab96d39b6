/* blackbox.c: the rings, and when a report is due. */
#include <rm/blackbox.h>

#include <stdlib.h>
#include <string.h>

#include <rm/text.h>

#include "internal.h"

#define FILETIME_PER_MS   10000
#define CLOCK_SET_MS      1000 /* less is the two clocks running apart */
#define CALLS_GATHERED_MS 1000

void rm_blackbox_init(struct rm_blackbox *box, unsigned machine_count)
{
    memset(box, 0, sizeof *box);
    box->machine_count = machine_count;
    box->due_ms = RM_NEVER;
}

uint64_t rm_blackbox_filetime(const struct rm_blackbox *box, uint64_t at_ms)
{
    int64_t since_ms = (int64_t)(at_ms - box->clock_ms);

    return box->clock_100ns + (uint64_t)(since_ms * FILETIME_PER_MS);
}

static bool is_same(const struct rm_blackbox_record *one, const struct rm_blackbox_record *other)
{
    return one->kind == other->kind && one->fact == other->fact && one->cause == other->cause &&
           one->machine == other->machine && one->code == other->code &&
           one->value == other->value && one->shift_ms == other->shift_ms;
}

static bool is_in_window(const struct rm_blackbox *box, uint64_t at_ms)
{
    return at_ms + RM_BLACKBOX_WINDOW_MS >= box->now_ms;
}

void rm_blackbox_record(struct rm_blackbox *box, const struct rm_blackbox_record *record,
                        const char *detail)
{
    struct rm_blackbox_seen *seen = &box->seen[record->machine];
    struct rm_blackbox_record *last = NULL;
    struct rm_blackbox_record *target;

    if (seen->last_record && box->record_count - seen->last_record < RM_BLACKBOX_RECORDS)
    {
        last = &box->records[(seen->last_record - 1) % RM_BLACKBOX_RECORDS];
    }
    if (last && is_same(last, record) && is_in_window(box, last->until_ms))
    {
        last->count++;
        last->until_ms = box->now_ms;
        last->link = record->link;
        return;
    }
    target = &box->records[box->record_count % RM_BLACKBOX_RECORDS];
    if (target->count && is_in_window(box, target->until_ms))
    {
        box->records_dropped++;
    }
    *target = *record;
    target->at_ms = target->until_ms = box->now_ms;
    target->count = 1;
    rm_text_fit(target->detail, sizeof target->detail, detail ? detail : "");
    seen->last_record = ++box->record_count;
}

void rm_blackbox_event(struct rm_blackbox *box, uint64_t now_ms, enum rm_event_id id,
                       unsigned machine, uint32_t code, const char *detail)
{
    struct rm_blackbox_record record = {.kind = RM_BLACKBOX_EVENT,
                                        .machine = machine <= box->machine_count ? machine : 0,
                                        .code = code,
                                        .value = (uint32_t)id};

    box->now_ms = now_ms;
    rm_blackbox_record(box, &record, detail);
}

void rm_blackbox_clock(struct rm_blackbox *box, uint64_t now_ms, uint64_t now_100ns)
{
    int64_t shift_ms = (int64_t)(now_100ns - rm_blackbox_filetime(box, now_ms)) / FILETIME_PER_MS;

    box->now_ms = now_ms;
    if (box->clock_100ns && llabs(shift_ms) >= CLOCK_SET_MS)
    {
        struct rm_blackbox_record record = {.kind = RM_BLACKBOX_CLOCK, .shift_ms = shift_ms};

        rm_blackbox_record(box, &record, NULL);
    }
    if (!box->clock_100ns)
    {
        box->present.from_ms = now_ms;
    }
    box->clock_ms = now_ms;
    box->clock_100ns = now_100ns;
}

void rm_blackbox_call_failed(struct rm_blackbox *box, uint64_t now_ms,
                             const struct rm_blackbox_call *call)
{
    struct rm_blackbox_call *target;

    box->now_ms = now_ms;
    for (unsigned i = 0; i < RM_BLACKBOX_CALLS; i++)
    {
        target = &box->calls[i];
        if (target->count && target->name == call->name && target->machine == call->machine &&
            target->outcome == call->outcome && target->code == call->code &&
            target->at_ms + CALLS_GATHERED_MS > now_ms)
        {
            target->count++;
            target->until_ms = now_ms;
            if (target->slowest_ms < call->slowest_ms)
            {
                target->slowest_ms = call->slowest_ms;
            }
            return;
        }
    }
    target = &box->calls[box->call_count++ % RM_BLACKBOX_CALLS];
    if (target->count && is_in_window(box, target->until_ms))
    {
        box->calls_dropped += target->count;
    }
    *target = *call;
    target->at_ms = target->until_ms = now_ms;
    target->count = 1;
}

void rm_blackbox_second(struct rm_blackbox *box, uint64_t now_ms,
                        const struct rm_blackbox_second *counted)
{
    struct rm_blackbox_second *present = &box->present;

    present->calls = counted->calls;
    present->calls_failed = counted->calls_failed;
    present->calls_out = counted->calls_out;
    present->slowest_call_ms = counted->slowest_call_ms;
    present->slowest_call = counted->slowest_call;
    for (unsigned i = 0; i < box->machine_count; i++)
    {
        present->machines[i].callbacks = counted->machines[i].callbacks;
        present->machines[i].updates = counted->machines[i].updates;
    }
    box->now_ms = now_ms;
    present->to_ms = now_ms;
    box->seconds[box->second_count++ % RM_BLACKBOX_SECONDS] = *present;
    memset(present, 0, sizeof *present);
    present->from_ms = now_ms;
}

/* It is told up to a second later, when the next switch may have been made. */
void rm_blackbox_data(struct rm_blackbox *box, unsigned machine, uint64_t at_ms)
{
    for (uint32_t back = 1; back <= RM_BLACKBOX_PROMOTIONS && back <= box->promotion_count; back++)
    {
        struct rm_blackbox_promotion *promotion =
            &box->promotions[(box->promotion_count - back) % RM_BLACKBOX_PROMOTIONS];

        if (promotion->to == machine && at_ms >= promotion->at_ms)
        {
            if (!promotion->data_ms)
            {
                promotion->data_ms = at_ms;
            }
            return;
        }
    }
}

void rm_blackbox_want_report(struct rm_blackbox *box)
{
    uint64_t due_ms = box->now_ms + RM_BLACKBOX_SETTLE_MS;
    uint64_t oldest_ms = box->written_ms[box->reports % RM_BLACKBOX_REPORTS];

    if (box->due_ms != RM_NEVER)
    {
        return; /* that one tells of this, too */
    }
    if (oldest_ms && oldest_ms + RM_BLACKBOX_WINDOW_MS > due_ms)
    {
        due_ms = oldest_ms + RM_BLACKBOX_WINDOW_MS;
    }
    box->due_ms = due_ms;
}

bool rm_blackbox_is_due(const struct rm_blackbox *box, uint64_t now_ms, bool is_end)
{
    return box->due_ms != RM_NEVER && (is_end || now_ms >= box->due_ms);
}

void rm_blackbox_note_report(struct rm_blackbox *box, uint64_t now_ms)
{
    box->due_ms = RM_NEVER;
    box->written_ms[box->reports++ % RM_BLACKBOX_REPORTS] = now_ms;
    box->promotions_reported = box->promotion_count;
}
