/* host/terminal.h: what rmservice prints: Unicode to a terminal, UTF-8 to a file or pipe.
 *
 * Units: none.
 * Ownership: texts are borrowed.
 * Threads: one.
 * Errors: none are told; without a terminal nobody reads it. A line is cut at 1,500 characters.
 */
#ifndef RM_HOST_TERMINAL_H
#define RM_HOST_TERMINAL_H

#include <wchar.h>

/* To standard output. */
void terminal_print(const wchar_t *format, ...);

/* "rmservice: ", the text, an end of line, to standard error. */
void terminal_error(const wchar_t *format, ...);

#endif
