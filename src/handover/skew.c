#include <rm/skew.h>

#define AGEING_SHARE 16  /* of the error, with each ping */
#define AGEING_100NS 500 /* and in any case */

void rm_skew_measure(struct rm_skew *skew, const struct rm_skew_ping *ping)
{
    int64_t took_100ns = ping->after_100ns - ping->before_100ns;
    struct rm_skew measured = {
        .is_known = true,
        .offset_100ns = ping->theirs_100ns - ping->before_100ns - took_100ns / 2,
        .error_100ns = took_100ns / 2 + took_100ns % 2,
    };
    int64_t aged_100ns, apart_100ns;

    if (took_100ns < 0)
        return;
    aged_100ns = skew->error_100ns + skew->error_100ns / AGEING_SHARE + AGEING_100NS;
    apart_100ns = measured.offset_100ns - skew->offset_100ns;
    if (apart_100ns < 0)
        apart_100ns = -apart_100ns;
    if (skew->is_known && measured.error_100ns > aged_100ns &&
        apart_100ns <= measured.error_100ns + aged_100ns)
        skew->error_100ns = aged_100ns;
    else
        *skew = measured;
}
