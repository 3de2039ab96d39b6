/* watch/watch_status.h: one machine that is tested, for those who ask for the status.
 *
 * Units: none.
 * Ownership: the caller's row.
 * Threads: any; takes the machine's lock.
 * Errors: none.
 */
#ifndef RM_WATCH_STATUS_H
#define RM_WATCH_STATUS_H

#include <rm/wire.h>

#include "watch/watched.h"

/* All but the verdict, into a row of zeros. */
void rm_watched_describe(struct rm_watched *watched, struct rm_wire_machine_row *row);

#endif
