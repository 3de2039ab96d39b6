/* client.h: watches the process that a session belongs to, and ends the session when it dies.
 *
 * COM ends the sessions of dead clients by itself on Windows (after six minutes), but never under
 * Wine 8; without this each crashed client would leave a server process behind.
 *
 * Ownership: the watch holds the server's memory, and ends with the session.
 * Threads: one per session.
 * Errors: a client that can't be told, or is on another computer, isn't watched.
 */
#ifndef SIM_CLIENT_H
#define SIM_CLIENT_H

#include "server.h"

/* On the thread of the call that created the session. */
void sim_client_watch(struct sim_server *server);

#endif
