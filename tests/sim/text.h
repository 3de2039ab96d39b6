/* text.h: strings at the simulator's edges: UTF-16 inside COM and the file system, UTF-8 in logs,
 * journals and on the console.
 *
 * Ownership: functions that return a pointer say who frees it.  Threads: any.
 * Errors: NULL where there is no memory; what doesn't fit a buffer is cut, never overrun.
 */
#ifndef SIM_TEXT_H
#define SIM_TEXT_H

#include <windows.h>
#include <stddef.h>

/* UTF-8 in `buffer`, always terminated; returns `buffer`. */
const char *sim_text_utf8(const wchar_t *text, char *buffer, size_t size);

/* UTF-16 in `buffer`, always terminated; returns `buffer`. */
const wchar_t *sim_text_wide(const char *text, wchar_t *buffer, size_t count);

/* A copy by the COM task allocator; an empty string for NULL. */
wchar_t *sim_text_task_copy(const wchar_t *text);

/* A copy by malloc; an empty string for NULL. */
wchar_t *sim_text_copy(const wchar_t *text);

/* Prints UTF-8 to standard output or standard error. */
void sim_text_out(const char *format, ...) __attribute__((format(gnu_printf, 1, 2)));
void sim_text_error(const char *format, ...) __attribute__((format(gnu_printf, 1, 2)));

#endif
