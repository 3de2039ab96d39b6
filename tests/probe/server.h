/* server.h: one server object of the client, found by its ProgID.
 *
 * Ownership: rm_server_disconnect releases what rm_server_connect got, also after a failure.
 * Threads: the thread that connected in a single-threaded apartment, else any.
 * Errors: HRESULTs as they came; an optional interface that is missing is an event, no failure.
 * Source: opc-da-reference 3.1, 3.20, 3.21, 8.2.
 */
#ifndef PROBE_SERVER_H
#define PROBE_SERVER_H

#include <opc/opccomn.h>
#include <opc/opcda.h>

#include "probe.h"

struct rm_server
{
    struct rm_probe *probe;
    IOPCServer *server;
    IOPCCommon *common;
    IConnectionPoint *shutdown_point;
    DWORD shutdown_cookie;
    struct rm_shutdown_sink *shutdown_sink;
    OPCSERVERSTATE state; /* as the last status said; 0 before the first */
};

/* Says on stderr what went wrong. */
HRESULT rm_server_connect(struct rm_server *server, struct rm_probe *probe);

/* Tells a change of the server's state as an event. */
HRESULT rm_server_get_status(struct rm_server *server);

/* No more shutdown requests. */
void rm_server_unadvise(struct rm_server *server);

void rm_server_disconnect(struct rm_server *server);

#endif
