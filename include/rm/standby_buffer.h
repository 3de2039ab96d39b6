/* rm/standby_buffer.h: what a standby has sent for one item that the client has not got yet.
 *
 * In hot mode every machine delivers. What the active one sends goes to the client; what a standby
 * sends is put into the ring of its item, unless the client has got the same or something newer. So
 * a ring holds, in the standby's order, exactly what the client would be owed if that standby took
 * over now; mostly that is nothing, or the one update by which the standby is ahead.
 *
 * An update and the last one that was forwarded for its item are compared by rm_handover_judge:
 *
 *   verdict    an update comes             the active machine's update was forwarded
 *   DELIVER    kept                        stays
 *   SUPPRESS   the client has it: so it has all that came before, the ring up to there is emptied
 *   HOLD       it is older than what the client has: likewise
 *
 * An equal value that is not surely the same update (nearly the same time, or no time at all) may
 * also have changed and come back. It has, where something else is in the ring before it; then it
 * is owed. Else it is no news. The very same update as the last one in the ring is not kept twice.
 *
 * The first update of a standby says what it has, not that something has changed: where it equals
 * what the client has got it is no news, whatever its time.
 *
 * Servers that pass on the device's own time give the same time stamps whatever their clocks say.
 * Once the very same update has come with the very same time stamp, the ring takes the time stamps
 * as they are, for updates of good quality: what a server says for want of the device bears the
 * server's own time. Equal values with nearly the same time stamps end that, unless the clocks are
 * far apart: servers that round their time stamps agree by chance.
 *
 * Where no times can be compared (clocks unknown, a failure, no time stamp, want of a device) the
 * times of arrival decide what is older: the standby must be behind by more than an update period.
 *
 * Bounds: what is older (by arrival) than the window is dropped, for a machine that has delivered
 * nothing for so long is found out by then; when the budget is used up, the oldest
 * update of the same item goes, but the newest one is always kept. Both are counted.
 *
 * Units: 100 ns as FILETIME counts, milliseconds of a clock that never steps back and may wrap.
 * Ownership: a ring owns its updates and copies of their values; rm_standby_clear gives them back.
 *   The budget must outlive its rings.
 * Threads: the caller's lock; pure.
 * Errors: no memory: the update is counted as dropped.
 * Source: design.md 3.6; CX-20, C-06, C-21.
 */
#ifndef RM_STANDBY_BUFFER_H
#define RM_STANDBY_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rm/handover.h>
#include <rm/skew.h>

/* How values are kept: the buffer itself knows nothing of them. */
struct rm_value_kind
{
    size_t size;                              /* aligned as int64_t at most */
    bool (*copy)(void *to, const void *from); /* false: no memory; to is raw storage */
    void (*clear)(void *value);
    bool (*is_equal)(const void *one, const void *other);
    size_t (*bytes_beyond)(const void *value); /* what it holds elsewhere; NULL: nothing */
};

/* One update of one item, as a machine has sent it. */
struct rm_update
{
    const void *value;  /* borrowed */
    int64_t time_100ns; /* the machine's time stamp; <= 0: it has given none */
    uint32_t arrived_ms;
    int32_t error; /* the item's own code; a failure (< 0) has no time of its own */
    uint16_t quality;
};

/* What the client has got last, and how far the clock of the machine that sent it was off then. */
struct rm_forwarded
{
    bool is_valid; /* else the client has got nothing yet: everything is owed */
    struct rm_update update;
    struct rm_skew skew;
};

/* Of one connection to a standby. */
struct rm_standby_budget
{
    size_t bytes, bytes_max;
    uint64_t buffered;   /* updates, now */
    uint64_t overflowed; /* updates dropped because of bytes_max or for want of memory */
    uint64_t expired;    /* updates dropped because they were older than the window */
};

/* The same for each call about a ring. */
struct rm_standby_terms
{
    const struct rm_value_kind *kind;
    struct rm_standby_budget *budget;
    struct rm_skew skew;  /* of the standby's clock */
    int64_t period_100ns; /* update period of the item */
    uint32_t window_ms;
};

struct rm_standby_entry;

/* All zero is empty. */
struct rm_standby_ring
{
    struct rm_standby_entry *first, *last;
    int64_t sent_100ns; /* time stamp of what the standby has sent last, kept or not; 0: none */
    bool has_device_time;
    bool has_begun; /* the standby has sent something */
};

/* The standby has sent an update. */
void rm_standby_sent(struct rm_standby_ring *ring, const struct rm_standby_terms *terms,
                     const struct rm_forwarded *forwarded, const struct rm_update *update);

/* The client has got one from the active machine: what it makes void is dropped. An empty ring
 * needs no call. */
void rm_standby_forwarded(struct rm_standby_ring *ring, const struct rm_standby_terms *terms,
                          const struct rm_forwarded *forwarded);

/* Of an answer to a refresh of ours, which brings all items: false where it only says again what
 * the machine has sent last, or, where the client has got that, what the client has. A time stamp
 * alone is no news. What is none need not be kept or sent. */
bool rm_standby_is_news(const struct rm_standby_ring *ring, const struct rm_standby_terms *terms,
                        const struct rm_forwarded *forwarded, const struct rm_update *update);

/* The oldest update that the client has not got; false: none. Its value is borrowed until
 * rm_standby_drop_first, which takes it out of the ring. */
bool rm_standby_first(const struct rm_standby_ring *ring, const struct rm_standby_terms *terms,
                      struct rm_update *update);
void rm_standby_drop_first(struct rm_standby_ring *ring, const struct rm_standby_terms *terms);

/* What the ring has learnt about time stamps stays: for another item, begin with all zero. */
void rm_standby_clear(struct rm_standby_ring *ring, const struct rm_standby_terms *terms);

/* The verdict alone, with what the ring has learnt: for what comes after a promotion, when the ring
 * has been drained. is_behind: it is surely older than what the client has got, so the next one has
 * to be judged, too; after one that is not, the machine has caught up. */
enum rm_handover rm_standby_judge(const struct rm_standby_ring *ring,
                                  const struct rm_standby_terms *terms,
                                  const struct rm_forwarded *forwarded,
                                  const struct rm_update *update, bool *is_behind);

#endif
