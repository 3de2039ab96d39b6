/* enumerator/browse_string.h: an IEnumString over a real enumerator that lives on a link.
 *
 * Large address spaces are made while they are read, so strings are fetched when the client asks
 * for them. When the link dies the enumerator is made again on the machine that is active now, from
 * the recipe that was kept, and skipped forward: what was delivered comes only once.
 *
 * Units: none.
 * Ownership: the enumerator holds its session, its link and the real enumerator, which is released
 *   by a worker.
 * Threads: any; one at a time is served in order, as with every enumerator.
 * Errors: HRESULTs of the server; a machine without a branch on the way gives its error.
 * Source: design.md 3.2; reference 3.3, 7.11.
 */
#ifndef RM_BROWSE_STRING_H
#define RM_BROWSE_STRING_H

#include <opc/opcda.h>

struct rm_session;

/* The methods of IOPCBrowseServerAddressSpace that give enumerators. */
HRESULT rm_browse_item_ids(struct rm_session *session, OPCBROWSETYPE type, const WCHAR *filter,
                           VARTYPE data_type, DWORD access_rights, IEnumString **enumerator_out);
HRESULT rm_browse_access_paths(struct rm_session *session, const WCHAR *item_id,
                               IEnumString **enumerator_out);

#endif
