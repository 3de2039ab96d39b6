#include "proof.h"

#include <stdlib.h>
#include <string.h>

#define QUALITY_MASK 0xC0u
#define QUALITY_GOOD 0xC0u
#define WINDOW_BITS  64

bool rm_proof_init(struct rm_proof *proof, size_t item_count, uint64_t counter_period_us,
                   uint64_t start_us)
{
    memset(proof, 0, sizeof(*proof));
    proof->items = calloc(item_count ? item_count : 1, sizeof(*proof->items));
    if (!proof->items)
        return false;
    proof->item_count = item_count;
    proof->is_counter = counter_period_us != 0;
    proof->period_us = counter_period_us;
    proof->start_us = start_us;
    return true;
}

void rm_proof_set_interval(struct rm_proof *proof, uint64_t interval_us)
{
    if (proof->is_counter && interval_us > proof->period_us)
        proof->period_us = interval_us;
}

void rm_proof_exclude(struct rm_proof *proof, size_t index)
{
    if (index >= proof->item_count || proof->items[index].is_excluded)
        return;
    proof->items[index].is_excluded = true;
    proof->excluded_count++;
}

bool rm_proof_is_complete(const struct rm_proof *proof)
{
    return proof->totals.items_seen + proof->excluded_count == proof->item_count;
}

/* Signed distance in the counter's own width, so that a wrap is a step like any other. */
static int64_t distance(int64_t now, int64_t before, unsigned bits)
{
    unsigned shift = bits >= 1 && bits < 64 ? 64 - bits : 0;
    uint64_t raw = ((uint64_t)now - (uint64_t)before) << shift;

    return (int64_t)raw >> shift;
}

static unsigned note_fault(struct rm_proof *proof, enum rm_proof_fault fault, size_t item,
                           int64_t value, uint64_t now_us)
{
    if (proof->example_counts[fault] < RM_PROOF_EXAMPLES)
    {
        struct rm_proof_example *example = &proof->examples[fault][proof->example_counts[fault]++];
        example->item = item;
        example->before = proof->items[item].highest;
        example->now = value;
        example->at_us = now_us - proof->start_us;
    }
    proof->totals.faults[fault]++;
    return RM_PROOF_SHOWED(fault);
}

static void close_gap_of_all(struct rm_proof *proof, uint64_t now_us)
{
    uint64_t gap_us = proof->totals.items_seen ? now_us - proof->last_us : 0;

    if (gap_us > proof->totals.longest_gap_us)
    {
        proof->totals.longest_gap_us = gap_us;
        proof->totals.longest_gap_at_us = proof->last_us - proof->start_us;
    }
}

static void close_gap_of_item(struct rm_proof *proof, size_t index, uint64_t now_us)
{
    struct rm_proof_item *item = &proof->items[index];
    uint64_t gap_us = item->has_value ? now_us - item->last_us : 0;

    if (gap_us > item->longest_gap_us)
        item->longest_gap_us = gap_us;
    if (gap_us > proof->totals.longest_item_gap_us)
    {
        proof->totals.longest_item_gap_us = gap_us;
        proof->totals.longest_item_gap_item = index;
    }
}

static unsigned note_new_value(struct rm_proof *proof, size_t index, uint64_t now_us)
{
    struct rm_proof_item *item = &proof->items[index];

    close_gap_of_all(proof, now_us);
    proof->last_us = now_us;
    if (item->has_value)
        close_gap_of_item(proof, index, now_us);
    else
    {
        item->has_value = true;
        item->first_us = now_us;
        proof->totals.items_seen++;
    }
    item->last_us = now_us;
    item->received++;
    proof->totals.received++;
    return RM_PROOF_NEW_VALUE;
}

static unsigned note_lower(struct rm_proof *proof, size_t index, int64_t value, int64_t step,
                           uint64_t now_us)
{
    struct rm_proof_item *item = &proof->items[index];
    unsigned showed = note_fault(proof, RM_PROOF_REORDERED, index, value, now_us);

    if (step <= -WINDOW_BITS)
        return showed;
    uint64_t bit = (uint64_t)1 << -step;
    if (item->window & bit)
        return showed | note_fault(proof, RM_PROOF_AGAIN, index, value, now_us);
    item->window |= bit;
    /* A value from before the item's first one was never counted as lost. */
    if (item->lost)
    {
        item->lost--;
        proof->totals.faults[RM_PROOF_LOST]--;
    }
    return showed | note_new_value(proof, index, now_us);
}

static unsigned note_higher(struct rm_proof *proof, size_t index, int64_t value, int64_t step,
                            uint64_t now_us)
{
    struct rm_proof_item *item = &proof->items[index];
    unsigned showed = 0;

    if (step > 1)
    {
        showed = note_fault(proof, RM_PROOF_LOST, index, value, now_us);
        proof->totals.faults[RM_PROOF_LOST] += (uint64_t)step - 2;
        item->lost += (uint64_t)step - 1;
    }
    item->window = step < WINDOW_BITS ? item->window << step : 0;
    item->window |= 1;
    return showed | note_new_value(proof, index, now_us);
}

static void set_highest(struct rm_proof_item *item, const struct rm_proof_update *update)
{
    item->highest = update->value;
    item->highest_quality = update->quality;
    item->highest_time_stamp = update->time_stamp;
}

/* The highest value has come once more. */
static unsigned note_equal(struct rm_proof *proof, size_t index,
                           const struct rm_proof_update *update, uint64_t now_us)
{
    struct rm_proof_item *item = &proof->items[index];
    unsigned showed = 0;

    if (update->is_refresh)
        proof->totals.refreshed++;
    else if (update->quality == item->quality && update->quality == item->highest_quality &&
             update->time_stamp == item->highest_time_stamp)
        showed = note_fault(proof, RM_PROOF_DOUBLED, index, update->value, now_us);
    else if (proof->is_counter)
        showed = note_fault(proof, RM_PROOF_AGAIN, index, update->value, now_us);
    else
        showed = note_new_value(proof, index, now_us);
    set_highest(item, update);
    return showed;
}

static unsigned note_number(struct rm_proof *proof, size_t index,
                            const struct rm_proof_update *update, uint64_t now_us)
{
    struct rm_proof_item *item = &proof->items[index];
    bool is_first = !item->has_number;
    int64_t step = is_first ? 1 : distance(update->value, item->highest, update->bits);
    unsigned showed;

    if (step == 0)
        return note_equal(proof, index, update, now_us);
    if (step < 0 && proof->is_counter)
        return note_lower(proof, index, update->value, step, now_us);
    item->has_number = true;
    showed = proof->is_counter ? note_higher(proof, index, update->value, step, now_us)
                               : note_new_value(proof, index, now_us);
    set_highest(item, update);
    return showed;
}

static void count_quality(struct rm_proof_totals *totals, const struct rm_proof_update *update)
{
    unsigned major = update->quality & QUALITY_MASK;

    if (update->kind == RM_PROOF_FAILED)
        totals->failed++;
    if (update->kind == RM_PROOF_FAILED || major == 0)
        totals->bad++;
    else if (major == QUALITY_GOOD)
        totals->good++;
    else
        totals->uncertain++;
}

unsigned rm_proof_update(struct rm_proof *proof, size_t index, const struct rm_proof_update *update,
                         uint64_t now_us)
{
    if (index >= proof->item_count || proof->items[index].is_excluded || proof->is_ended)
        return 0;

    struct rm_proof_item *item = &proof->items[index];
    bool is_usable = update->kind != RM_PROOF_FAILED && ((update->quality & QUALITY_MASK) != 0);
    unsigned showed = 0;

    count_quality(&proof->totals, update);
    if (item->has_quality && item->quality != update->quality)
    {
        proof->totals.quality_changes++;
        showed = RM_PROOF_QUALITY_CHANGED;
    }
    if (is_usable && update->kind == RM_PROOF_NUMBER)
        showed |= note_number(proof, index, update, now_us);
    else if (is_usable)
        showed |= note_new_value(proof, index, now_us);
    item->has_quality = true;
    item->quality = update->quality;
    return showed;
}

void rm_proof_end(struct rm_proof *proof, uint64_t now_us)
{
    if (proof->is_ended)
        return;
    proof->is_ended = true;
    close_gap_of_all(proof, now_us);
    for (size_t i = 0; i < proof->item_count; i++)
    {
        const struct rm_proof_item *item = &proof->items[i];
        close_gap_of_item(proof, i, now_us);
        if (!proof->is_counter || item->is_excluded)
            continue;
        if (item->has_value)
            proof->totals.expected += (now_us - item->first_us) / proof->period_us + 1;
        else
            proof->totals.expected += (now_us - proof->start_us) / proof->period_us;
    }
}

void rm_proof_free(struct rm_proof *proof)
{
    free(proof->items);
    proof->items = NULL;
    proof->item_count = 0;
}
