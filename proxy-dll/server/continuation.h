/* server/continuation.h: the continuation points of IOPCBrowse that a client holds.
 *
 * A server's point means something to that server object only. So the client gets a text of ours
 * that has the server's within it, with the number of the link that it came from in front and a
 * check sum over both that only this session can make: whatever else a client brings is found out
 * without a table of all points that were ever given, which a client never says it is done with.
 *
 * Units: none.
 * Ownership: texts that are made are by the COM allocator and the caller's.
 * Threads: any, any lock; reads what never changes in a session.
 * Errors: NULL: no memory, or not a point of that link.
 * Source: design.md 3.2; reference 3.5, 7.11.5.
 */
#ifndef RM_CONTINUATION_H
#define RM_CONTINUATION_H

#include <windows.h>

struct rm_link;

/* The client's text for a server's point. */
WCHAR *rm_continuation_wrap(const struct rm_link *link, const WCHAR *real);

/* The server's point, within the client's text. NULL: it isn't one of this link's. */
const WCHAR *rm_continuation_unwrap(const struct rm_link *link, const WCHAR *point);

#endif
