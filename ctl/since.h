/* ctl/since.h: a moment in the past, as a user names it.
 *
 *   30m, 2h, 7d                              so many minutes, hours, days ago
 *   2026-11-21[ 03:11[:22]]                  local time
 *   2026-11-21T03:11:22[.123]Z               UTC, as rmctl's JSON has it
 *
 * Units: FILETIMEs as numbers.
 * Ownership: none.
 * Threads: any; no state.
 * Errors: false: it is none of these.
 */
#ifndef RM_CTL_SINCE_H
#define RM_CTL_SINCE_H

#include <stdbool.h>
#include <stdint.h>

bool since_parse(const char *text, uint64_t now, uint64_t *since);

#endif
