/* rm/text.h: what UTF-8 is, and copying texts of unknown length into fields of a fixed size.
 *
 * Units: bytes.  Ownership: the caller's.  Threads: any.
 * Errors: none: what doesn't fit is cut.
 */
#ifndef RM_TEXT_H
#define RM_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Copies at most size - 1 bytes of a UTF-8 text, cut at a character boundary; the rest is zero. */
void rm_text_fit(char *target, size_t size, const char *text);

/* The length in bytes of the UTF-8 character at text, which has `size` bytes; 0 where there is
 * none: broken, longer than need be, or a number that stands for no character. A zero is one. */
size_t rm_text_utf8(const char *text, size_t size);

/* Puts a question mark in the place of each byte of a control character: what somebody else wrote
 * is shown on a terminal, which obeys these. */
void rm_text_clean(char *text);

/* Whether all of it is UTF-8 that XML may hold, too: without a zero, U+FFFE and U+FFFF. */
bool rm_text_is_utf8(const char *text, size_t size);

#endif
