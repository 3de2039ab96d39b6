/* browse.h: the item IDs of a server's address space, by IOPCBrowseServerAddressSpace.
 *
 * Walks the branches from the root, leaves of a branch before its branches; a flat address space in
 * the order in which the server lists it.
 *
 * Ownership: found IDs are copied into the list.
 * Threads: those of the server object. Errors: the HRESULT of the call that failed.
 * Source: opc-da-reference 3.3, 7.11.
 */
#ifndef PROBE_BROWSE_H
#define PROBE_BROWSE_H

#include "itemlist.h"
#include "server.h"

/* After a walk that failed, so that the next one begins at the root again. */
HRESULT rm_browse_to_root(struct rm_server *server);

/* filter NULL: every item. Stops after `most` items that match. */
HRESULT rm_browse(struct rm_server *server, const char *filter, size_t most,
                  struct rm_itemlist *found);

#endif
