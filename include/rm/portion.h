/* rm/portion.h: how many items one AddItems of ours is to have on a machine.
 *
 * A client's items are added on another machine in bulk, but not all servers like that: one takes
 * milliseconds for each item, and has a single thread, so that it answers no ping for minutes;
 * another one refuses a call with more than so many items as a whole. Both are found out by the
 * calls themselves: the first call is small, the next ones are as large as fits into
 * RM_PORTION_MS, and a call that is refused as a whole is made again with half of its items. What
 * was too much once is not tried again on that link.
 *
 * Units: milliseconds.
 * Ownership: plain data; zero is "nothing known yet".
 * Threads: one at a time.
 * Errors: none.
 * Source: features D2-16, C-02; reference 7.15.
 */
#ifndef RM_PORTION_H
#define RM_PORTION_H

#include <stdbool.h>
#include <stdint.h>

#define RM_PORTION_FIRST 100 /* items of the first call */
#define RM_PORTION_MS    250 /* that a call should take */

struct rm_portion
{
    uint32_t next;    /* items of the next call; 0: RM_PORTION_FIRST */
    uint32_t limit;   /* a call with more was refused; 0: none was */
    uint32_t slow_us; /* per item, of the slowest call so far */
};

/* The items of the next call when `left` are to be added, of which a setting allows `most` in one
 * call; 0: any number. At least 1 where any are left. */
uint32_t rm_portion_next(const struct rm_portion *portion, uint32_t left, uint32_t most);

/* A call with `count` items was answered after that time. */
void rm_portion_took(struct rm_portion *portion, uint32_t count, uint32_t took_ms);

/* A call with `count` items was refused as a whole. false: it had one, so less is not to be had. */
bool rm_portion_refused(struct rm_portion *portion, uint32_t count);

#endif
