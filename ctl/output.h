/* ctl/output.h: what rmctl prints: UTF-8, to a terminal as well as to a file or pipe.
 *
 * A terminal gets Unicode characters whatever its code page is; a file or pipe gets UTF-8 with
 * lines ended by \n. Nothing is held back: each call has been written when it returns.
 *
 * Units: none.
 * Ownership: texts are borrowed.
 * Threads: one.
 * Errors: once standard output is gone (a closed pipe), output_is_broken answers true.
 */
#ifndef RM_CTL_OUTPUT_H
#define RM_CTL_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>

/* A text of any length, at most 8 KB at a time. */
__attribute__((format(printf, 1, 2))) void output_print(const char *format, ...);

/* "rmctl: ", the text, an end of line, to standard error. */
__attribute__((format(printf, 1, 2))) void output_error(const char *format, ...);

/* Whether standard output is a terminal rather than a file or pipe. */
bool output_is_console(void);

bool output_is_broken(void);

/* `time` is a FILETIME in UTC. Local time "2026-11-21 03:11:22.123", or with is_iso UTC
 * "2026-11-21T03:11:22.123Z"; "never" or "" for 0. */
#define OUTPUT_TIME_SIZE 32
void output_time(uint64_t time, bool is_iso, char buffer[OUTPUT_TIME_SIZE]);

#endif
