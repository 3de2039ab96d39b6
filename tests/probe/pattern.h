/* pattern.h: item IDs made from a number, and item IDs matched against a filter.
 *
 * A pattern has one place for the number, written as in printf: %u, %4u or %04u; %% is a percent
 * sign. A filter knows * (any text) and ? (any one byte).
 *
 * Units: strings are UTF-8. Ownership: nothing is kept. Threads: any. Errors: false.
 */
#ifndef PROBE_PATTERN_H
#define PROBE_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

/* False if the pattern has not exactly one number, or the text does not fit. */
bool rm_pattern_expand(const char *pattern, unsigned number, char *text, size_t size_bytes);

bool rm_pattern_matches(const char *filter, const char *text);

#endif
