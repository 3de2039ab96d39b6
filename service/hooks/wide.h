/* hooks/wide.h: UTF-8 inside, UTF-16 at the edge to Windows: the two conversions.
 *
 * Units: capacities in elements, the final zero included.
 * Ownership: the caller's buffers.
 * Threads: any; no state.
 * Errors: false if the text is malformed or does not fit; the buffer then holds "".
 */
#ifndef RM_HOOKS_WIDE_H
#define RM_HOOKS_WIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

bool rm_wide_from_utf8(const char *text, wchar_t *wide, size_t capacity);
bool rm_utf8_from_wide(const wchar_t *wide, char *text, size_t capacity);

/* Equal without regard to case, as file names, ProgIDs and class ids are. */
bool rm_wide_equal(const wchar_t *a, const wchar_t *b);

#endif
