/* rm/text.h: copying texts of unknown length into fields of a fixed size.
 *
 * Units: bytes.  Ownership: the caller's.  Threads: any.
 * Errors: none: what doesn't fit is cut.
 */
#ifndef RM_TEXT_H
#define RM_TEXT_H

#include <stddef.h>

/* Copies at most size - 1 bytes of a UTF-8 text, cut at a character boundary; the rest is zero. */
void rm_text_fit(char *target, size_t size, const char *text);

#endif
