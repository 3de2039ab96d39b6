/* rm/monitor.h: the test that the monitor items of a redundant server make of one of its machines.
 *
 * An item is in error when what its trigger waits for is there, and while it can't be added. The
 * weights of the items in error make the machine's score; one that reaches the limit, and stays
 * there for the hold time, is the verdict BAD. Below it the verdict is GOOD at once, but the first
 * one waits until each item has said something.
 *
 *   trigger    in error                      not any more      else
 *   ---------  ----------------------------  ----------------  --------------------
 *   BAD        quality bad                   quality good      uncertain: as before
 *   NOT_GOOD   quality bad or uncertain      quality good
 *   VALUE      the value compares so         any other value   no value: as before
 *   NO_CHANGE  no data change for time_ms    a data change
 *
 * "As before" of an item of which nothing is known yet is no error (F-03). An array can't be
 * compared (RM-173): the item is told once and in no error, for it would be so on each machine.
 *
 * Settings may change meanwhile (rm_monitor_take): of an item that is tested as before nothing is
 * forgotten. A verdict stands until each new item has said something, unless the others already say
 * that it is BAD.
 *
 * What the place that tests can't see of a machine is no verdict: rm_monitor_end makes it UNKNOWN
 * without a word, and the next rm_monitor_begin starts from nothing.
 *
 * Units: milliseconds of a clock that never steps back.
 * Ownership: borrows the items; rm_monitor_clear frees what rm_monitor_init has made.
 * Threads: the caller's lock; pure.
 * Errors: RM_E_NO_MEMORY.
 * Source: features RM-160 .. RM-180, F-03 .. F-07, C-23; design.md 5 (Health).
 */
#ifndef RM_MONITOR_H
#define RM_MONITOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rm/failover.h>
#include <rm/monitor_item.h>
#include <rm/reading.h>
#include <rm/status.h>

struct rm_monitor_terms
{
    const struct rm_monitor_item *items; /* array of item_count */
    size_t item_count;
    uint32_t limit;   /* the failure count, 1 .. (RM-163); of weights, where they are not 1 */
    uint32_t hold_ms; /* how long the score must have reached it */
};

enum rm_monitor_item_state
{
    RM_MONITOR_ITEM_UNKNOWN, /* nothing has come from it */
    RM_MONITOR_ITEM_WELL,
    RM_MONITOR_ITEM_ERROR,
    RM_MONITOR_ITEM_REFUSED /* it can't be added, which is an error as well (RM-177) */
};

/* What a function has to tell, together. */
enum rm_monitor_news
{
    RM_MONITOR_NOTHING = 0,
    RM_MONITOR_VERDICT = 1, /* the verdict is another one; RM-253 .. RM-256 */
    RM_MONITOR_REFUSED = 2, /* RM-241/242: the item is refused, and was not so before */
    RM_MONITOR_ARRAY = 4    /* RM-246/247: likewise an array */
};

struct rm_monitor_watch
{
    uint64_t due_ms; /* NO_CHANGE: in error from then on; UINT64_MAX: never */
    enum rm_monitor_item_state state;
    bool is_array_told, is_refused_told; /* outlive the connection */
};

struct rm_monitor
{
    struct rm_monitor_terms terms;
    struct rm_monitor_watch *watches; /* array of terms.item_count */
    bool is_on;
    bool is_changed; /* some item has not said anything since the settings changed */
    enum rm_verdict verdict;
    uint32_t score;    /* weights of the items in error */
    uint64_t since_ms; /* since when the score has reached the limit; UINT64_MAX: it has not */
};

enum rm_status rm_monitor_init(struct rm_monitor *monitor, const struct rm_monitor_terms *terms);
void rm_monitor_clear(struct rm_monitor *monitor);

/* Other settings; the items of before must still be there. from: array of terms->item_count, gets
 * each item's number of before, or RM_MONITOR_NEW. RM_E_NO_MEMORY: nothing has changed. */
#define RM_MONITOR_NEW SIZE_MAX
enum rm_status rm_monitor_take(struct rm_monitor *monitor, const struct rm_monitor_terms *terms,
                               uint64_t now_ms, size_t *from);

/* The connection that tests the machine is there, or not any more. */
void rm_monitor_begin(struct rm_monitor *monitor);
void rm_monitor_end(struct rm_monitor *monitor);

/* Of item number i, from 0: how AddItems ended for it; a data change. quality: as OPC has it. Each
 * returns enum rm_monitor_news, together. */
unsigned rm_monitor_added(struct rm_monitor *monitor, size_t i, bool is_added, uint64_t now_ms);
unsigned rm_monitor_changed(struct rm_monitor *monitor, size_t i, uint16_t quality,
                            const struct rm_reading *reading, uint64_t now_ms);

/* Time has passed: at the latest at rm_monitor_due (UINT64_MAX: nothing is awaited). */
unsigned rm_monitor_tick(struct rm_monitor *monitor, uint64_t now_ms);
uint64_t rm_monitor_due(const struct rm_monitor *monitor);

#endif
