/* like.h: filters of the browse interfaces: the LIKE pattern of Visual Basic.
 *
 * `*` any characters, `?` one character, `#` one digit, `[a-z]` one of a list, `[!a-z]` none of it;
 * upper and lower case are different. An empty filter lets everything pass.
 *
 * Ownership: none.  Threads: any.  Errors: see the functions.
 * Source: OPC DA 2.05a, BrowseOPCItemIDs.
 */
#ifndef SIM_LIKE_H
#define SIM_LIKE_H

#include <stdbool.h>
#include <wchar.h>

/* False for a list that is not closed: OPC_E_INVALIDFILTER. */
bool sim_like_is_valid(const wchar_t *pattern);

bool sim_like_matches(const wchar_t *pattern, const wchar_t *text);

#endif
