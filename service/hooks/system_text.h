/* hooks/system_text.h: Windows' own words for one of its error codes.
 *
 * Units: capacity in elements, the final zero included.
 * Ownership: the caller's buffer.
 * Threads: any; no state.
 * Errors: false if the system has no words for it, or they don't fit; the buffer then holds "".
 */
#ifndef RM_HOOKS_SYSTEM_TEXT_H
#define RM_HOOKS_SYSTEM_TEXT_H

#include <windows.h>
#include <stdbool.h>

/* One sentence in the user's language, without its full stop and end of line. */
bool rm_system_text(DWORD code, wchar_t *text, size_t capacity);

#endif
