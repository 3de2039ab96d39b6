/* compare.h: how a standby's update stands to what the client has got last.
 *
 * rm_handover_judge gives the verdict; here is what it is asked: which times are compared, and by
 * how much they may be wrong.
 *
 *   times that are compared      when                                             error
 *   time stamps as they are      device time, and both updates of good quality    0
 *   arrival                      a clock is unknown, an update has no time,       an update period
 *                                device time, but one of them is not good
 *   corrected time stamps        else                                             of both clocks
 *
 * Units: those of rm/standby_buffer.h.  Ownership: none.  Threads: the caller's lock; pure.
 * Errors: none.
 */
#ifndef RM_STANDBY_BUFFER_COMPARE_H
#define RM_STANDBY_BUFFER_COMPARE_H

#include <rm/standby_buffer.h>

struct rm_standing
{
    enum rm_handover verdict;
    bool is_doubtful; /* SUPPRESS, but it may also have changed and come back */
    bool is_behind;   /* surely older */
};

bool rm_standby_is_equal(const struct rm_value_kind *kind, const struct rm_update *one,
                         const struct rm_update *other);

/* The very same update, sent again. */
bool rm_standby_is_same(const struct rm_value_kind *kind, const struct rm_update *one,
                        const struct rm_update *other);

/* From one arrival to a later one; it is negative where they are by up to an hour the other way. */
int64_t rm_standby_since_ms(uint32_t from_ms, uint32_t to_ms);

/* later_ms: by how much later than the forwarded one the update has arrived. */
struct rm_standing rm_standby_compare(const struct rm_standby_ring *ring,
                                      const struct rm_standby_terms *terms,
                                      const struct rm_forwarded *forwarded,
                                      const struct rm_update *update, int64_t later_ms);

/* What an update that was compared tells about the time stamps of the two machines. */
void rm_standby_learn(struct rm_standby_ring *ring, const struct rm_standby_terms *terms,
                      const struct rm_forwarded *forwarded, const struct rm_update *update);

/* The same from what the standby had sent before: it is what the client has got since. */
void rm_standby_learn_last(struct rm_standby_ring *ring, const struct rm_forwarded *forwarded);

#endif
