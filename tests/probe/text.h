/* text.h: wide strings only at the edges, UTF-8 inside.
 *
 * Ownership: what is returned belongs to the caller (free).
 * Threads: any. Errors: NULL without memory; what can't be converted becomes U+FFFD.
 */
#ifndef PROBE_TEXT_H
#define PROBE_TEXT_H

#include <windows.h>

WCHAR *rm_text_to_wide(const char *text);

char *rm_text_to_utf8(const WCHAR *wide);

#endif
