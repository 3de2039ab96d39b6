/* tour.h: one round of what clients ask for besides data: a group from AddGroup to RemoveGroup with
 * its callback, state and list of items; the server's groups; an item's properties; what there is
 * to browse by IOPCBrowse, where the server has that.
 *
 * Ownership: `tour` belongs to the client and lives as long as the process (sink.h).
 * Threads: one at a time.
 * Errors: what fails is counted and told as of each call; the round goes on.
 */
#ifndef PROBE_TOUR_H
#define PROBE_TOUR_H

#include "group.h"
#include "server.h"

struct rm_tour
{
    struct rm_group group;
    OPCHANDLE rounds; /* tells one round's group from the next one's */
};

/* With up to `count` of the probe's items, one at least. */
void rm_tour_make(struct rm_tour *tour, struct rm_server *server, size_t count);

#endif
