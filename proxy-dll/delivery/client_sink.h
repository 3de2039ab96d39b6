/* delivery/client_sink.h: the client's IOPCDataCallback, callable from any of our threads.
 *
 * Made on the client's own thread. For a client in a single-threaded apartment the pointer goes
 * into the global interface table; our threads call through one cached proxy.
 *
 * Units: none.  Ownership: reference counted; holds the client's pointer.
 * Threads: creation on the client's thread; all else any thread.
 * Errors: CONNECT_E_CANNOTCONNECT when the client's object has no IOPCDataCallback.
 * Source: design.md 3.5; reference 7.5.
 */
#ifndef RM_CLIENT_SINK_H
#define RM_CLIENT_SINK_H

#include <stdbool.h>
#include <opc/opcda.h>

struct rm_client_sink;
struct rm_group;

HRESULT rm_client_sink_new(IUnknown *client, struct rm_client_sink **sink_out);
void rm_client_sink_add_ref(struct rm_client_sink *sink);
void rm_client_sink_release(struct rm_client_sink *sink);

/* A pointer that may be called on this thread, with a reference; NULL when the client is gone. */
IOPCDataCallback *rm_client_sink_take(struct rm_client_sink *sink);

bool rm_client_sink_is_single_threaded(const struct rm_client_sink *sink);

/* The client's Advise and Unadvise on a group. On the client's thread, not locked. One connection
 * for each group, as the real servers have it: a second one gives CONNECT_E_ADVISELIMIT. Unknown
 * cookies give CONNECT_E_NOCONNECTION. Returns what the real server said. */
HRESULT rm_group_advise(struct rm_group *group, IUnknown *client, DWORD *cookie);
HRESULT rm_group_unadvise(struct rm_group *group, DWORD cookie);

#endif
