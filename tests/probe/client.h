/* client.h: an ordinary OPC DA 2.05a client: connect, browse, subscribe, read and write in loops,
 * leave in order.
 *
 * Ownership: struct rm_client lives as long as the process (sink.h).
 * Threads: the one that entered the apartment. Errors: HRESULTs; what failed is told on stderr.
 */
#ifndef PROBE_CLIENT_H
#define PROBE_CLIENT_H

#include "group.h"
#include "itemlist.h"
#include "server.h"
#include "tour.h"

struct rm_client
{
    struct rm_probe *probe;
    struct rm_server server;
    struct rm_itemlist items;
    struct rm_group *groups;
    size_t group_count;
    struct rm_group write_group;
    bool has_write_group;
    uint64_t reads;              /* of the read loop, to take its turns */
    LONG written;                /* the last number written */
    struct rm_group added_group; /* of the add loop, while it is there */
    OPCHANDLE next_group;        /* the client handle of the next one */
    size_t browsed;              /* what the first browse of the loop found; 0 before it */
    bool is_astray;              /* the last browse did not get back to the root */
    struct rm_tour tour;
};

HRESULT rm_client_connect(struct rm_client *client, struct rm_probe *probe);

/* Lists the address space on `out`. */
HRESULT rm_client_browse(struct rm_client *client, FILE *out);

/* Groups, items, callbacks. */
HRESULT rm_client_subscribe(struct rm_client *client);

/* A group of its own with some of the items, and all of it removed again. */
HRESULT rm_client_add_and_remove(struct rm_client *client);

/* One round of tour.h with some of the items. */
void rm_client_tour(struct rm_client *client);

/* The first items; is_same: as many as the first time, or the call failed. */
HRESULT rm_client_browse_again(struct rm_client *client, bool *is_same);

/* Does the loops until the run is over, then waits for the asynchronous answers still due. */
bool rm_client_run(struct rm_client *client);

/* Unadvises, removes the groups, releases the server. */
void rm_client_disconnect(struct rm_client *client);

#endif
