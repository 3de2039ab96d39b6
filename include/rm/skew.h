/* rm/skew.h: how far a machine's clock is from ours, measured with its answers to status pings.
 *
 * The machine reads its clock while our call is out: between our clock's times before and after the
 * call. So each ping says the skew to within half of the time that it took, however that time was
 * spent. The quickest ping says it best and is kept; what it says grows less certain with each
 * later ping, so that drift is noticed. A ping that can't be true beside what is kept tells that a
 * clock was set: it replaces it.
 *
 * Units: 100 ns, as FILETIME counts.
 * Ownership: plain data.  Threads: the caller's lock; pure.  Errors: none.
 * Source: design.md 3.6.
 */
#ifndef RM_SKEW_H
#define RM_SKEW_H

#include <stdbool.h>
#include <stdint.h>

struct rm_skew
{
    bool is_known;
    int64_t offset_100ns; /* the machine's clock minus ours */
    int64_t error_100ns;  /* by which that may be wrong, either way, >= 0 */
};

struct rm_skew_ping
{
    int64_t before_100ns, after_100ns; /* our clock, around the call */
    int64_t theirs_100ns;              /* what the machine answered */
};

/* A ping during which our own clock was put back says nothing. */
void rm_skew_measure(struct rm_skew *skew, const struct rm_skew_ping *ping);

#endif
