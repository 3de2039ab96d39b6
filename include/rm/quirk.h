/* rm/quirk.h: habits of servers that are found out while they are used, and worked around.
 *
 * How many items a call may have, and how long each takes, is in rm/portion.h.
 *
 * Units: none.  Ownership: none.  Threads: any.  Errors: none.
 * Source: features D2-16; design.md 3.3.
 */
#ifndef RM_QUIRK_H
#define RM_QUIRK_H

/* Bits, as several may be found of one machine. */
enum rm_quirk
{
    RM_QUIRK_FORGETS_ITEMS = 1, /* does not know items any more that it has added */
    RM_QUIRK_STAYS_ACTIVE = 2,  /* refuses groups that are inactive */
    RM_QUIRK_NO_KEEP_ALIVE = 4  /* silence is found out by asking for a refresh */
};

#endif
