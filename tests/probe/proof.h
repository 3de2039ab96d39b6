/* proof.h: what a client can prove about the counters that it subscribed to.
 *
 * A counter is an item whose value grows by exactly 1 per period. Each update that arrives is held
 * against what the same item has delivered so far; so the proof costs O(1) per update, no history
 * is kept but a window of 64 values below the highest one.
 *
 *   an update's value                                   counted as
 *   ------------------------------------------------    -----------------------------------------
 *   quality bad, or the item's error is a failure       bad; it is no counter value
 *   first one of the item                               received
 *   highest + n, n > 0                                  received, and n - 1 lost
 *   equal to highest, same quality and time stamp,
 *     and no update of another quality in between       doubled
 *   equal to highest, otherwise                         again
 *   equal to highest, answer to a refresh               refreshed (the client asked for it)
 *   lower, not seen before (within the window)          reordered, and no longer lost
 *   lower, seen before                                  reordered and again
 *
 * With period 0 the items are no counters: values may go where they like, and only an update that
 * equals the one before in value, quality and time stamp is counted, as doubled.
 *
 * Gaps are times without a new value, up to the end of the proof; what is bad, doubled or again
 * does not end a gap. `expected` is what the clock says: one update per period from an item's
 * first value (or the start, if it never had one) to the end, so an item that falls silent is
 * missed even though no later value shows it.
 *
 * Units: microseconds (_us) of one monotonic clock; time stamps are opaque numbers.
 * Ownership: rm_proof_init allocates one block, rm_proof_free returns it.
 * Threads: none of its own; one thread at a time per object.
 * Errors: rm_proof_init returns false without memory; the rest can't fail.
 */
#ifndef PROBE_PROOF_H
#define PROBE_PROOF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RM_PROOF_EXAMPLES 5

enum rm_proof_fault
{
    RM_PROOF_LOST,
    RM_PROOF_DOUBLED,
    RM_PROOF_AGAIN,
    RM_PROOF_REORDERED,
    RM_PROOF_FAULT_COUNT
};

/* What one update showed; bits of rm_proof_update's result. The low bits are 1u << a fault. */
#define RM_PROOF_SHOWED(fault)   (1u << (fault))
#define RM_PROOF_QUALITY_CHANGED 0x10u
#define RM_PROOF_NEW_VALUE       0x20u

enum rm_proof_kind
{
    RM_PROOF_NUMBER, /* a usable value that is a number */
    RM_PROOF_OTHER,  /* a usable value that can't be compared (text, array) */
    RM_PROOF_FAILED  /* the item's error code is a failure: no value */
};

struct rm_proof_update
{
    enum rm_proof_kind kind;
    int64_t value;
    unsigned bits; /* width in which the counter wraps: 8, 16, 32 or 64 */
    uint16_t quality;
    uint64_t time_stamp;
    bool is_refresh; /* answer to a refresh of the client */
};

struct rm_proof_example
{
    size_t item;
    int64_t before;
    int64_t now;
    uint64_t at_us; /* since the start */
};

struct rm_proof_item
{
    uint64_t first_us;
    uint64_t last_us;
    uint64_t longest_gap_us;
    int64_t highest;
    uint64_t highest_time_stamp;
    uint16_t highest_quality;
    uint16_t quality; /* of the newest update */
    uint64_t window;  /* bit n: highest - n was received */
    uint64_t lost;
    uint32_t received;
    bool is_excluded;
    bool has_quality;
    bool has_value;  /* had a usable value */
    bool has_number; /* `highest` and `window` mean something */
};

/* Sums over all items, right after every update; `expected` and the open gaps after the end. */
struct rm_proof_totals
{
    uint64_t expected;
    uint64_t received;
    uint64_t faults[RM_PROOF_FAULT_COUNT];
    uint64_t refreshed;
    uint64_t good;
    uint64_t uncertain;
    uint64_t bad; /* quality bad or failed */
    uint64_t failed;
    uint64_t quality_changes;
    size_t items_seen;            /* items that had a usable value */
    uint64_t longest_gap_us;      /* without a new value of any item */
    uint64_t longest_gap_at_us;   /* when it began, since the start */
    uint64_t longest_item_gap_us; /* without a new value of one item */
    size_t longest_item_gap_item;
};

struct rm_proof
{
    struct rm_proof_item *items;
    size_t item_count;
    size_t excluded_count;
    bool is_counter;
    bool is_ended;
    uint64_t period_us;
    uint64_t start_us;
    uint64_t last_us; /* newest value of any item, once one was seen */
    struct rm_proof_totals totals;
    struct rm_proof_example examples[RM_PROOF_FAULT_COUNT][RM_PROOF_EXAMPLES];
    size_t example_counts[RM_PROOF_FAULT_COUNT];
};

/* counter_period_us 0: the items are no counters. */
bool rm_proof_init(struct rm_proof *proof, size_t item_count, uint64_t counter_period_us,
                   uint64_t start_us);

/* One update may be expected per interval; to be called when the server delivers more slowly than
 * the counters count. */
void rm_proof_set_interval(struct rm_proof *proof, uint64_t interval_us);

/* The server refused this item: nothing is expected of it, its updates are ignored. */
void rm_proof_exclude(struct rm_proof *proof, size_t item);

/* Every item that is not excluded has had a usable value. */
bool rm_proof_is_complete(const struct rm_proof *proof);

/* Returns RM_PROOF_ bits. Ignored (0) for an item that is out of range or excluded, and
 * after the end. */
unsigned rm_proof_update(struct rm_proof *proof, size_t item, const struct rm_proof_update *update,
                         uint64_t now_us);

/* Closes the gaps that are open and fixes `expected`. */
void rm_proof_end(struct rm_proof *proof, uint64_t now_us);

void rm_proof_free(struct rm_proof *proof);

#endif
