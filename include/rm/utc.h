/* rm/utc.h: times of Windows (FILETIME) as text and back, and the calendar behind them.
 *
 * A text has seven digits of a second, so that two times which differ have texts that do, and texts
 * sort as times do. What is beyond the year 9999 is shown as that year's end.
 *
 * Units: numbers of 100 ns since 1601-01-01, UTC; days since 1970-01-01.
 * Ownership: the caller's.
 * Threads: any; no state.
 * Errors: false: no such time; *time_100ns is 0 then.
 */
#ifndef RM_UTC_H
#define RM_UTC_H

#include <stdbool.h>
#include <stdint.h>

#define RM_UTC_TEXT_SIZE 29

/* "2026-11-21T03:11:22.1234567Z" */
void rm_utc_format(uint64_t time_100ns, char text[RM_UTC_TEXT_SIZE]);

/* Only what rm_utc_format writes. */
bool rm_utc_parse(const char *text, uint64_t *time_100ns);

/* Years from 1 to 9999. */
bool rm_utc_is_date(int year, int month, int day);
long rm_utc_days(int year, int month, int day);

#endif
