/* entries.h: the updates of a ring, oldest first, and what they take of the budget.
 *
 * Units: bytes.  Ownership: a ring owns its entries and their copies of values.
 * Threads: the caller's lock.  Errors: no memory: the update is counted as dropped.
 */
#ifndef RM_STANDBY_BUFFER_ENTRIES_H
#define RM_STANDBY_BUFFER_ENTRIES_H

#include <rm/standby_buffer.h>

/* 56 bytes with a VARIANT of 24. */
struct rm_standby_entry
{
    int64_t time_100ns;
    struct rm_standby_entry *next;
    uint32_t arrived_ms;
    int32_t error;
    uint16_t quality;
    union
    {
        int64_t number;
        double real;
        void *pointer;
    } value[]; /* size of the kind; the members say how it is aligned */
};

/* Its value is the entry's. */
struct rm_update rm_standby_entry_update(const struct rm_standby_entry *entry);

/* What is older goes as far as the budget wants; it stays where there is no memory. */
void rm_standby_append(struct rm_standby_ring *ring, const struct rm_standby_terms *terms,
                       const struct rm_update *update);

#endif
