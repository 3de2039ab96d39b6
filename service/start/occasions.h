/* start/occasions.h: when the Windows service of a machine's server is to be started (CX-16).
 *
 *   occasion                                     machines
 *   -------------------------------------------  ----------------------------------------------
 *   the redundant server is wanted: its first    warm, hot: all; cold: the active one, or the
 *   session, watchAlways, or a new setting       one that will be
 *   a session can't connect a machine, or is     that one
 *   refused there
 *   cold mode: a session has lost a machine      the one that comes next
 *
 * Never one in maintenance: somebody works there.
 *
 * Units: none.  Ownership: nothing is kept.  Threads: the starter's.  Errors: none.
 * Source: feature CX-16; docs/decisions/0014-windows-services.md.
 */
#ifndef RM_START_OCCASIONS_H
#define RM_START_OCCASIONS_H

#include "start/starter.h"

bool rm_start_has_services(const struct rm_server_config *server);

/* active: machine; 0 = not known. */
void rm_start_on_wanted(struct rm_starter *starter, const struct rm_server_config *server,
                        unsigned active);

/* Of a session; most events are no occasion. */
void rm_start_on_event(struct rm_starter *starter, const struct rm_server_config *server,
                       enum rm_event_id event, unsigned machine);

#endif
