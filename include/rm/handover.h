/* rm/handover.h: whether the client has already got an update, when a new machine takes over.
 *
 * The first data that a new active machine sends for an item is compared with what was last
 * forwarded for it. Real servers sample out of phase and their clocks differ, so times are compared
 * after correction by the measured skew, and what is in doubt is delivered. Many servers pass on
 * the time that the device has given: the very same time stamp means the same update, whatever the
 * clocks say. An item that can't be read has an error in place of a value, and no time of its own.
 *
 *   value, quality      time of the update, corrected           verdict
 *   equal               the very same, uncorrected              SUPPRESS: it is the same update
 *   equal               older than the last forwarded one       SUPPRESS: the client has it, newer
 *   equal               within half an update period of it      SUPPRESS: the same update again
 *   equal               newer than that                         DELIVER: it changed and came back
 *   different           older than the last forwarded one       HOLD: comes before what was sent
 *   different           not older, or not comparable            DELIVER
 *
 * HOLD means: the new machine is behind; what it sends next will catch up. Where nothing follows,
 * the held update is the item's true value on that machine and is delivered after all.
 *
 * Units: 100 ns, as FILETIME counts.
 * Ownership: none.  Threads: any; pure.  Errors: none.
 * Source: design.md 3.6; C-21.
 */
#ifndef RM_HANDOVER_H
#define RM_HANDOVER_H

#include <stdbool.h>
#include <stdint.h>

enum rm_handover
{
    RM_HANDOVER_DELIVER,
    RM_HANDOVER_SUPPRESS,
    RM_HANDOVER_HOLD
};

struct rm_handover_case
{
    bool is_equal;        /* value, quality and error are those of the last forwarded update */
    bool is_same_time;    /* the time stamps are, as the two servers have given them */
    bool is_comparable;   /* the skew of both machines' clocks is known, and neither is a failure */
    int64_t age_100ns;    /* corrected time of the update minus that of the last forwarded one */
    int64_t error_100ns;  /* by which age may be wrong, >= 0 */
    int64_t period_100ns; /* update period of the group */
};

enum rm_handover rm_handover_judge(const struct rm_handover_case *update);

#endif
