/* server/blanket_call.h: IClientSecurity's calls, passed on to the proxies of the active machine.
 *
 * Units: none.
 * Ownership: an answer's principal is the caller's, by the COM allocator.
 * Threads: the client's; not locked.
 * Errors: what COM says of that proxy; RM_CALL_REPEAT.
 * Source: design.md 7.
 */
#ifndef RM_BLANKET_CALL_H
#define RM_BLANKET_CALL_H

#include "server/client_security.h"

struct rm_group;
struct rm_session;

/* group NULL: interfaces of the server object. */
HRESULT rm_blanket_set_once(struct rm_session *session, struct rm_group *group, unsigned mask,
                            struct rm_blanket *blanket);
HRESULT rm_blanket_query_once(struct rm_session *session, struct rm_group *group, unsigned mask,
                              struct rm_blanket_answer *answer);

#endif
