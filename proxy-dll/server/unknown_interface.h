/* server/unknown_interface.h: says once that a client asked for an interface that we don't pass on.
 *
 * Interfaces of the system describe the proxy, not the server, and OPC's own are no surprise; what
 * is left is a vendor's, and its absence may be why a client doesn't do what it does without us.
 *
 * Units: none.  Ownership: none.  Threads: any, any lock.  Errors: none.
 * Source: design.md 3.1; reference 9.5, 9.6.
 */
#ifndef RM_UNKNOWN_INTERFACE_H
#define RM_UNKNOWN_INTERFACE_H

#include <windows.h>

struct rm_session;

void rm_unknown_interface_tell(struct rm_session *session, REFIID iid);

#endif
