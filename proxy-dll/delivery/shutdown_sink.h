/* delivery/shutdown_sink.h: our IOPCShutdown in a real server.
 *
 * A server's wish to shut down makes the session switch; it isn't passed on to the client (F-09).
 *
 * Units: none.  Ownership: the link holds it until rm_shutdown_sink_dispose.
 * Threads: called by COM on any thread of the multithreaded apartment.
 * Errors: NULL: no memory.
 * Source: F-09; reference 3.21.
 */
#ifndef RM_SHUTDOWN_SINK_H
#define RM_SHUTDOWN_SINK_H

#include <windows.h>
#include <unknwn.h>

struct rm_session;
struct rm_shutdown_sink;

struct rm_shutdown_sink *rm_shutdown_sink_new(struct rm_session *session, unsigned machine,
                                              DWORD link);
IUnknown *rm_shutdown_sink_unknown(struct rm_shutdown_sink *sink);

/* On a worker: cuts off a server that may still hold it, and releases it. */
void rm_shutdown_sink_dispose(struct rm_shutdown_sink *sink);

#endif
